// Depreciation against published tables: the percentages of MACRS.

#include "tests/oracles/oracle.hpp"
#include "tests/support/catch.hpp"

#include <cmath>

TEST_CASE("MACRS gives the percentages of the tables, before and after their rounding") {
  const auto rows = scn_test::oracle_rows("depreciation/macrs_tables.csv");
  if (rows.empty()) {
    WARN("skipped: there are no expected values here");
    return;
  }
  const std::map<std::string, double> first_part{{"half-year", 0.5},
                                                 {"mid-quarter Q1", 0.875},
                                                 {"mid-quarter Q2", 0.625},
                                                 {"mid-quarter Q3", 0.375},
                                                 {"mid-quarter Q4", 0.125}};
  std::string text = "use std.depreciation\n";
  for (std::size_t i = 0; i < rows.size(); ++i)
    text += fmt::format("let r{} : 1 = macrs_share({}, {}, {}, {})\n", i, rows[i].at("class_years"),
                        rows[i].at("method") == "200DB" ? 2.0 : 1.5,
                        first_part.at(rows[i].at("convention")), rows[i].at("recovery_year"));
  scn_test::Loaded m(text);
  INFO(m.messages());
  REQUIRE(m.good());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const& row = rows[i];
    INFO(row.at("convention") << ' ' << row.at("method") << ' ' << row.at("class_years")
                              << " years, year " << row.at("recovery_year"));
    const double percent = m.value("r" + std::to_string(i)) * 100;
    CHECK(std::fabs(percent - std::stod(row.at("formula_percent"))) < 1e-6);
    // The printed figure is rounded, some by hand so that a column adds up to 100.
    CHECK(std::fabs(percent - std::stod(row.at("percent"))) < 0.0101);
  }
  CHECK(rows.size() > 200);
}
