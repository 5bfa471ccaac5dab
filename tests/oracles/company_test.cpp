// Reported figures of companies: the quarters of a fiscal year against the year that was reported.

#include "oracle.hpp"

#include "tests/support/catch.hpp"

#include <cmath>
#include <map>
#include <set>

#include <algorithm>

using scn_test::Loaded;
using scn_test::oracle_rows;

namespace {

constexpr std::string_view months[] = {"January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December"};

int month_of(std::string const& date) { return std::stoi(date.substr(5, 2)); }

/// `FY2016Q2` of a quarter by its last day; a week that reaches into the next month counts back.
std::string fiscal_quarter(std::string const& end, int year_end) {
  int year = std::stoi(end.substr(0, 4));
  const int after = (month_of(end) - year_end + 12) % 12; // months since the year before ended
  if (month_of(end) > year_end) ++year;
  return fmt::format("FY{}Q{}", year, after == 0 ? 4 : after / 3);
}

/// Differences that the sources explain: which company, figure and year, and why.
const std::map<std::string, std::string> explained = {
    {"META capex 2022", "its quarters are given in tens of millions"},
    {"META capex 2023", "its quarters are given in tens of millions"},
    {"META capex 2024", "its quarters are given in tens of millions"},
    {"GOOGL capex 2016", "the quarters are as first filed, and the year was stated anew"},
};

} // namespace

TEST_CASE("the quarters of a fiscal year add up to what was reported for it") {
  const auto quarters = oracle_rows("company/quarterly.csv");
  const auto years = oracle_rows("company/annual.csv");
  if (quarters.empty() || years.empty()) {
    WARN("skipped: there are no reported figures beside this checkout");
    return;
  }
  std::map<std::string, int> year_ends;
  for (auto const& row : years)
    year_ends[row.at("company")] = month_of(row.at("period_end"));
  // By company and metric: the figure of each quarter, as it was reported last.
  std::map<std::string, std::map<std::string, std::string>> known;
  for (auto const& row : quarters) {
    if (!year_ends.contains(row.at("company"))) continue;
    const std::string line = row.at("company") + ' ' + row.at("metric");
    const std::string quarter =
        fiscal_quarter(row.at("period_end"), year_ends.at(row.at("company")));
    known[line][quarter] = row.at("value");
  }
  int compared = 0;
  int exact = 0;
  std::set<std::string> different;
  for (auto const& [line, figures] : known) {
    const std::string company = line.substr(0, line.find(' '));
    const std::string metric = line.substr(line.find(' ') + 1);
    std::string text =
        fmt::format("timeline 2000Q1..2027Q4 quarterly\ncompany c {{ fiscal_year_end = {} }}\n"
                    "flow x : USD by company fiscal\n",
                    months[year_ends.at(company) - 1]);
    for (auto const& [quarter, value] : figures)
      text += fmt::format("x[c, {}] = {} mn USD\n", quarter, value);
    std::vector<std::pair<std::string, std::map<std::string, std::string> const*>> wanted;
    for (auto const& row : years) {
      if (row.at("company") != company || row.at("metric") != metric) continue;
      const std::string year = row.at("period_end").substr(0, 4);
      text += fmt::format("let y{0} : USD = x[c, FY{0}]\n", year);
      wanted.emplace_back(year, &row);
    }
    Loaded m(text);
    INFO(m.messages());
    REQUIRE(m.good());
    for (auto const& [year, row] : wanted) {
      const double sum = m.value("y" + year) / 1e6;
      if (std::isnan(sum)) continue; // not all four quarters are known
      ++compared;
      const auto off = [&, row = row](char const* column) {
        return std::fabs(sum - std::stod(row->at(column)));
      };
      const double least = std::min(off("value_latest"), off("value_first_reported"));
      exact += least == 0 ? 1 : 0;
      // Four figures and their year, each rounded to a million.
      if (least > 2.5) different.insert(line + ' ' + year);
    }
  }
  CHECK(compared >= 89);
  CHECK(exact >= 70);
  for (std::string const& year : different) {
    INFO(year);
    CHECK(explained.contains(year));
  }
  for (auto const& [year, reason] : explained) {
    INFO(year << ": " << reason);
    CHECK(different.contains(year));
  }
  WARN(fmt::format(
      "{} fiscal years compared: {} to the last digit, {} within rounding, {} explained", compared,
      exact, compared - exact - static_cast<int>(different.size()), different.size()));
}
