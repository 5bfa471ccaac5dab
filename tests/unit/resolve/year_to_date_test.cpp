// Tables of sums since the beginning of the year.

#include "lang/resolve/equations.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::Approx;
using scn_test::contains;
using scn_test::Loaded;

namespace {

std::string table(std::string const& rows, std::string const& kind = "flow",
                  std::string const& timeline = "2024Q1..2025Q4 quarterly") {
  return "timeline " + timeline + "\nsource s \"S\"\n" + kind
         + " x : 1\ntable x ytd from s \"p\" {\n" + rows + "\n}\n";
}

} // namespace

TEST_CASE("a period's figure is its year to date less that of the period before") {
  Loaded m(table("| 2024Q1 | 2024H1 | 2024Q3 | 2024 | 2025Q1\n| 1.5 | 4 | 9 | 10 | 7"));
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("x", {"2024Q1"}) == 1.5);
  CHECK(m.value("x", {"2024Q2"}) == 2.5);
  CHECK(m.value("x", {"2024Q3"}) == 5);
  CHECK(m.value("x", {"2024Q4"}) == 1);
  CHECK(m.value("x", {"2025Q1"}) == 7);
}

TEST_CASE("columns may stand in any order, and rows are companies of their own") {
  Loaded m("timeline 2024Q1..2024Q4 quarterly\ncompany a, b\nflow x : 1 by company\n"
           "table x ytd {\n  | 2024Q2 | 2024Q1\na | 5 | 2\nb | 50 | 20\n}\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("x", {"a", "2024Q2"}) == 3);
  CHECK(m.value("x", {"b", "2024Q2"}) == 30);
}

TEST_CASE("a fiscal year runs up by its own quarters") {
  Loaded m("timeline 2024Q1..2024Q4 quarterly\ncompany a { fiscal_year_end = June }\n"
           "flow x : 1 by company fiscal\n"
           "table x ytd {\n  | FY2024Q1 | FY2024H1 | FY2024Q3 | FY2024\na | 1 | 3 | 6 | 10\n}\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("x", {"a", "2024Q4"}) == 4);
}

TEST_CASE("without the year to date before it a figure is unknown, and says so") {
  Loaded m(table("| 2024Q1 | 2024Q3\n| 1 | 9") + "let y = x[2024Q3]\n");
  REQUIRE(m.good());
  CHECK(model::is_unknown(m.value("x", {"2024Q3"})));
  Loaded said(table("| 2024Q1 | 2024H1\n| unknown \"not filed\" | 9"));
  REQUIRE(said.good());
  CHECK(model::is_unknown(said.value("x", {"2024Q2"})));
}

TEST_CASE("a difference moves within the last digits of both figures, and within their ranges") {
  Loaded m(table("| 2024Q1 | 2024H1\n| 1.0 | 3..4"));
  REQUIRE(m.good());
  auto const& facts = m.model().facts.back();
  REQUIRE(facts.facts.size() == 2);
  auto const& second = facts.facts[1];
  CHECK(second.value == 2.5);
  REQUIRE(second.extra != model::Facts::Fact::none);
  model::Figure const& f = m.model().formulas.figures[second.extra];
  CHECK(f.low == 2);
  CHECK(f.high == 3);
  CHECK(f.half == Approx(0.55));
}

TEST_CASE("only flows run up, and only within a year") {
  CHECK(Loaded(table("| 2024Q1\n| 1", "stock")).codes() == "E0312");
  CHECK(Loaded(table("| 2024\n| 1", "flow", "2024..2025 yearly")).codes() == "E0312");
  CHECK(Loaded(table("| 2024Q1 | 2024H1\n| 1 | 2 * x[2024Q1]")).codes() == "E0407");
}
