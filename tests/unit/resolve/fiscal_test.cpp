// Fiscal lines: their periods, and the calendar.

#include "lang/resolve/lowering.hpp"

#include "engine/eval/trace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

const std::string companies = R"(
  company msft { fiscal_year_end = June }
  company amzn
  company nvda { fiscal_year_end = January }
)";
const std::string yearly = "timeline 2023..2026 yearly" + companies + R"(
  flow capex : 1 by company fiscal
  stock debt : 1 by company fiscal
  table capex in 1 {
         | FY2023 | FY2024 | FY2025 | FY2026
    msft | 100    | 200    | 400    | 800
    amzn | 10     | 20     | 30     | 40
    nvda | 12     | 24     | 36     | 48
  }
  debt = capex
)";

double value(std::string const& text, std::string const& expression, std::vector<std::string> at) {
  Loaded m(text + "let x by company = " + expression + "\n");
  INFO(expression << "\n" << m.messages());
  REQUIRE(m.good());
  return m.value("x", std::move(at));
}

} // namespace

TEST_CASE("a flow on the calendar has each fiscal year's share of months") {
  CHECK(value(yearly, "calendarised(capex)", {"msft", "2024"}) == 100 + 200);
  CHECK(value(yearly, "calendarised(capex)", {"amzn", "2024"}) == 20);
  CHECK(value(yearly, "calendarised(capex)", {"nvda", "2024"})
        == Approx(24 / 12.0 + 36 * 11 / 12.0).epsilon(1e-15));
  CHECK(value(yearly, "calendarised(capex)[2025]", {"msft"}) == 200 + 400);
}

TEST_CASE("a stock on the calendar lies between the ends of two fiscal years") {
  CHECK(value(yearly, "calendarised(debt)", {"msft", "2024"}) == 300);
  CHECK(value(yearly, "calendarised(debt)", {"amzn", "2024"}) == 20);
  CHECK(value(yearly, "calendarised(debt)", {"nvda", "2024"})
        == Approx(24 + 12 * 11 / 12.0).epsilon(1e-15));
}

TEST_CASE("a calendar year whose fiscal years are not all on the timeline is unknown") {
  CHECK(model::is_unknown(value(yearly, "calendarised(capex)", {"msft", "2026"})));
  CHECK(model::is_unknown(value(yearly, "calendarised(debt)", {"nvda", "2026"})));
  CHECK(value(yearly, "calendarised(capex)", {"amzn", "2026"}) == 40);
}

TEST_CASE("quarters that end with those of the calendar move, and are exact") {
  const std::string quarters = "timeline 2024Q1..2025Q4 quarterly" + companies + R"(
    flow capex : 1 by company fiscal
    capex[msft, FY2024Q1..] = (t - first) / 1 year * 4 + 1
    capex[amzn, FY2024Q1..] = 7
    capex[nvda, FY2024Q1..] = (t - first) / 1 year * 12
  )";
  // FY2024Q3 is the first quarter of 2024; figures count 1, 2, … from FY2024Q1.
  CHECK(value(quarters, "calendarised(capex)", {"msft", "2024Q1"}) == 3);
  CHECK(value(quarters, "calendarised(capex)[2024]", {"msft"}) == 3 + 4 + 5 + 6);
  CHECK(value(quarters, "annual(calendarised(capex))", {"msft", "2024Q4"}) == 18);
  // FY2024Q4 ends in January, and two of the three months of FY2025Q1 lie in 2024Q1.
  CHECK(value(quarters, "calendarised(capex)", {"nvda", "2024Q1"})
        == Approx(9 / 3.0 + 12 * 2 / 3.0));
  Loaded m(quarters + "flow cal : 1 by company = calendarised(capex)\n");
  INFO(m.messages());
  REQUIRE(m.good());
  const auto line = *m.model().line_named("cal");
  const auto* r = m.result();
  const auto estimated = [&](std::string_view company) {
    auto const& members = m.model().dimension(*m.model().company).members;
    std::uint32_t lane = 0;
    while (members[lane].name != company)
      ++lane;
    const std::uint32_t cell = lane * m.model().steps(line) + 1;
    return eval::is_estimated(m.model(), r->stack.winners[line.value].winner(cell), r->values, line,
                              cell);
  };
  CHECK_FALSE(estimated("msft"));
  CHECK_FALSE(estimated("amzn"));
  CHECK(estimated("nvda"));
}

TEST_CASE("a fiscal year adds its quarters up") {
  const std::string quarters = "timeline 2024Q1..2025Q4 quarterly" + companies
                               + "flow capex : 1 by company fiscal\n"
                                 "capex[FY2024Q1..] = (t - first) / 1 year * 4 + 1\n";
  CHECK(value(quarters, "capex[FY2025]", {"msft"}) == 5 + 6 + 7 + 8);
  CHECK(value(quarters, "(capex / capex[t-1])[FY2025]", {"msft"}) == 26.0 / 10);
}

TEST_CASE("a year end that changes makes one fiscal year shorter or longer") {
  const std::string text = R"(
    timeline 2023..2027 yearly
    company acme { fiscal_year_end = June }
    fiscal_year_end[acme, FY2025..] = December
    flow sales : 1 by company fiscal
    sales[acme, FY2023..FY2024] = 12
    sales[acme, FY2025] = 18    # July 2024 to December 2025
    sales[acme, FY2026..] = 24
  )";
  CHECK(value(text, "calendarised(sales)", {"acme", "2023"}) == 12);
  CHECK(value(text, "calendarised(sales)", {"acme", "2024"}) == 6 + 6);
  CHECK(value(text, "calendarised(sales)", {"acme", "2025"}) == 12);
  CHECK(value(text, "calendarised(sales)", {"acme", "2026"}) == 24);
  CHECK(value(text, "calendarised(sales)", {"acme", "2027"}) == 24);
}

TEST_CASE("whatever the year end, a sum over all years is kept") {
  for (std::string month : {"January", "March", "May", "August", "November"}) {
    const std::string text = "timeline 2020..2030 yearly\ncompany acme { fiscal_year_end = " + month
                             + " }\nflow f : 1 by company fiscal\nf = 0\nf[acme, FY2024] = 12\n"
                               "f[acme, FY2025] = 24\n";
    CHECK(value(text, "sum(calendarised(f) over t in 2022..2028)", {"acme"})
          == Approx(36).epsilon(1e-15));
  }
}

TEST_CASE("formulas among fiscal lines need nothing") {
  Loaded m(yearly
           + "rate growth_of : 1 by company fiscal = capex / capex[t-1]\n"
             "let both : 1 = capex[msft, FY2025] + debt[amzn, FY2024]\n"
             "check capex >= 0\ncheck (capex in 1)[FY2024] > 0\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("growth_of", {"msft", "2025"}) == 2);
  CHECK(m.value("both") == 420);
  CHECK(m.model().cell_name(*m.model().line_named("capex"), 0, 2) == "capex[amzn, FY2025]");
}

TEST_CASE("fiscal periods and those of the calendar do not mix") {
  for (std::string line : {
           "flow x : 1 by company = capex\n",
           "flow y : 1\ny[2023..] = 1\nflow x : 1 by company fiscal = capex + y\n",
           "let x : 1 = capex[msft, 2024]\n",
           "flow y : 1\ny[2023..] = 1\nlet x : 1 = y[FY2024]\n",
           "flow y : 1\ny[FY2024] = 1\n",
           "scenario s { capex[msft, 2024] = 1 }\n",
           "flow y : 1\ny[2023..] = 1\ncheck capex > y\n",
       }) {
    INFO(line);
    CHECK(Loaded(yearly + line).codes() == "E0511");
  }
}

TEST_CASE("a figure of a fiscal year that was over when it was published is actual") {
  Loaded m("timeline 2024..2026 yearly" + companies
           + "source s \"x\" { published 2025-02-01 }\nflow f : 1 by company fiscal\n"
             "table f in 1 from s \"p\" {\n | FY2024 | FY2025\nmsft | 1 | 1\nnvda | 1 | 1\n}\n");
  INFO(m.messages());
  REQUIRE(m.good());
  std::string tags;
  for (model::Facts const& facts : m.model().facts)
    if (m.model().line(facts.line).name == "f")
      for (auto const& f : facts.facts)
        tags += std::string(
                    model::name_of(m.model().tag_of(m.model().styles[f.style], facts.line, f.cell)))
                + " ";
  CHECK(tags == "actual estimate actual actual ");
}
