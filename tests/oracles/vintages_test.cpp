// Vintages against published figures: changes of estimate (IAS 8), and the percentages of MACRS as
// a recurrence by vintage.

#include "tests/oracles/oracle.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <set>

using scn_test::Approx;
using scn_test::Loaded;

namespace {

std::map<std::string, nlohmann::json> examples() {
  std::ifstream in(scn_test::oracle_folder() / "depreciation/ias8_examples.json");
  std::map<std::string, nlohmann::json> out;
  if (!in) return out;
  for (nlohmann::json const& e : nlohmann::json::parse(in))
    out[e.at("id").get<std::string>()] = e;
  return out;
}

bool missing(bool there) {
  if (!there) WARN("skipped: there are no expected values here");
  return !there;
}

} // namespace

TEST_CASE("a change of life is prospective, as in a published example") {
  const auto all = examples();
  if (missing(!all.empty())) return;
  auto const& given = all.at("ias8-1").at("given");
  auto const& expected = all.at("ias8-1").at("expected");
  const double cost = given.at("cost");
  // Bought on 1 July, changed three years later: half-years, and months for good measure.
  for (std::string const grain : {"half-yearly", "monthly"}) {
    const bool months = grain == "monthly";
    const std::string june = months ? "M06" : "H1";
    const std::string july = months ? "M07" : "H2";
    Loaded m(fmt::format("use std.vintages\ntimeline 2000..2006 {}\n"
                         "flow capex : USD\ncapex = 0\ncapex[2000{}] = {} USD\n"
                         "assume life : year = {} year\nlife[2003{}..] = {} year\n"
                         "flow charge : USD = straight_line_revised(capex, life)\n"
                         "stock left : USD = net_book_value_revised(capex, life)\n"
                         "stock charged : USD = cumulative(charge)\n",
                         grain, june, cost, given.at("life_years").get<int>(), july,
                         3 + given.at("new_remaining_years").get<int>()));
    INFO(m.messages());
    REQUIRE(m.good());
    const double per_year = months ? 12 : 2;
    CHECK(m.value("charge", {"2001" + june}) * per_year
          == Approx(expected.at("charge_before").get<double>()));
    CHECK(m.value("charged", {"2003" + june})
          == Approx(expected.at("accumulated_at_change").get<double>()));
    CHECK(m.value("left", {"2003" + june})
          == Approx(expected.at("carrying_at_change").get<double>()));
    CHECK(m.value("charge", {"2003" + july}) * per_year
          == Approx(expected.at("charge_after").get<double>()));
    CHECK(m.value("charged", {"2004" + june})
          == Approx(expected.at("accumulated_end_20X4").get<double>()));
  }
}

TEST_CASE("a change of life and residual value is prospective, as a recurrence by vintage") {
  const auto all = examples();
  if (missing(!all.empty())) return;
  auto const& given = all.at("ias8-2").at("given");
  auto const& expected = all.at("ias8-2").at("expected");
  const double cost = given.at("cost");
  const int life = given.at("total_life");
  const int before = life - given.at("remaining_years").get<int>();
  const double charged = given.at("accumulated_at_change");
  const double residual = cost - charged / before * life; // what was charged until then says so
  Loaded m(fmt::format("timeline 2020..2030 yearly\nflow capex : USD\ncapex = 0\n"
                       "capex[2020] = {} USD\nassume life : year = {} year\n"
                       "assume residual : USD = {} USD\nresidual[{}..] = {} USD\n"
                       "stock book : USD by vintage\n"
                       "book[first] = if vintage == first then capex else 0\n"
                       "book = if t == vintage then capex else book[t-1] - charge\n"
                       "flow charge : USD by vintage\ncharge[first] = 0\n"
                       "charge = if t > vintage and book[t-1] > 0\n"
                       "  then max(0, book[t-1] - residual) *\n"
                       "       min(1, period / max(life - (t - 1 - vintage), period)) else 0\n",
                       cost, life, residual, 2021 + before,
                       given.at("new_residual").get<double>()));
  INFO(m.messages());
  REQUIRE(m.good());
  const auto at = [](int year) { return std::vector<std::string>{"2020", std::to_string(year)}; };
  CHECK(m.value("book", at(2020 + before))
        == Approx(expected.at("carrying_at_change").get<double>()));
  CHECK(m.value("charge", at(2021 + before)) == Approx(expected.at("charge_after").get<double>()));
  CHECK(m.value("book", at(2020 + life)) == Approx(given.at("new_residual").get<double>()));
}

TEST_CASE("MACRS is a recurrence by vintage: the half-year tables, and again a year later") {
  const auto rows = scn_test::oracle_rows("depreciation/macrs_tables.csv");
  if (missing(!rows.empty())) return;
  std::set<std::pair<int, std::string>> classes;
  for (auto const& row : rows)
    if (row.at("convention") == "half-year")
      classes.emplace(std::stoi(row.at("class_years")), row.at("method"));
  std::size_t compared = 0;
  for (auto const& [years, method] : classes) {
    Loaded m(fmt::format(
        "timeline 2024..{} yearly\nlet life : year = {} year\n"
        "let factor : 1 = {}\n"
        "let cost : USD by vintage = 0\ncost[vintage = 2024..2025] = 100 USD\n"
        "stock book : USD by vintage\n"
        "book = if t < vintage then 0\n"
        "       else if t == vintage then cost - charge else book[t-1] - charge\n"
        "book[first] = if vintage == first then cost - charge else 0\n"
        "flow charge : USD by vintage\n"
        "charge[first] = if vintage == first then cost * part else 0\n"
        "charge = if t < vintage then 0 else if t == vintage then cost * part\n"
        "  else min(book[t-1], max(book[t-1] * factor * period / life,\n"
        "    book[t-1] * period / max(life - (t - vintage) + period / 2, period / 2)))\n"
        "let part : 1 = factor / (life / 1 year) / 2\n",
        2025 + years, years, method == "200DB" ? 2.0 : 1.5));
    INFO(m.messages());
    REQUIRE(m.good());
    for (auto const& row : rows) {
      if (row.at("convention") != "half-year" || row.at("method") != method
          || std::stoi(row.at("class_years")) != years)
        continue;
      const int year = std::stoi(row.at("recovery_year"));
      INFO(method << ' ' << years << " years, year " << year);
      for (int vintage : {2024, 2025})
        CHECK(m.value("charge", {std::to_string(vintage), std::to_string(vintage + year - 1)})
              == Approx(std::stod(row.at("formula_percent"))).margin(1e-6));
      ++compared;
    }
  }
  CHECK(compared > 50);
}
