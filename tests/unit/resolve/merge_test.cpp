// Periods of several steps: what a line, or an expression of lines, is over them.

#include "lang/resolve/lowering.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

/// Flow f is 1, 2, … from 2024Q3 on, stock s is 1, 2, 4, …
const std::string base = R"(
  timeline 2024Q3..2026Q2 quarterly
  company a, b
  flow f : 1
  f[first] = 1
  f = f[t-1] + 1
  stock s : 1
  s[first] = 1
  s = s[t-1] * 2
  let k : 1 = 3
  flow even : 1 = 5
  flow by_firm : 1 by company
  by_firm[a, 2024Q3..] = f
  by_firm[b, 2024Q3..] = 10
)";

double value(std::string const& expression, std::string const& at = {}) {
  Loaded m(base + "let x = " + expression + "\n");
  INFO(expression << "\n" << m.messages());
  REQUIRE(m.good());
  if (at.empty()) return m.value("x");
  return m.value("x", {at});
}

std::string codes(std::string const& more) { return Loaded(base + more).codes(); }

} // namespace

TEST_CASE("a flow adds up over a coarser period, of a stock the last value counts") {
  CHECK(value("f[2025]") == 3 + 4 + 5 + 6);
  CHECK(value("f[2025H1]") == 3 + 4);
  CHECK(value("f[2024H2]") == 1 + 2);
  CHECK(value("s[2025]") == 32);
  CHECK(value("s[2025H1]") == 8);
  CHECK(value("by_firm[a, 2025]") == 18);
  CHECK(value("sum(by_firm over company)[2025]") == 18 + 40);
}

TEST_CASE("a flow that is the same in every step adds up, too") {
  CHECK(value("even[2025]") == 20);
}

TEST_CASE("an expression is computed anew from what its lines are") {
  CHECK(value("(f / s)[2025]") == 18.0 / 32);
  CHECK(value("(f * k)[2025]") == 18 * 3);
  CHECK(value("(s - f)[2025H1]") == 8 - 7);
  CHECK(value("(f / period)[2025] * 1 year") == 18);
}

TEST_CASE("inside a coarser period a step is such a period, and a duration is itself") {
  const std::string longer = "(f / f[t-1])[2025H2]";
  CHECK(value(longer) == 11.0 / 7);
  CHECK(value("(f[t - 1 year])[2025H2]") == 1 + 2);
  CHECK(value("(f[t + 1])[2025H1]") == 11);
}

TEST_CASE("annual is the year of each period; a year that is not whole does not apply to a flow") {
  for (std::string quarter : {"2025Q1", "2025Q2", "2025Q3", "2025Q4"}) {
    CHECK(value("annual(f)", quarter) == 18);
    CHECK(value("annual(s)", quarter) == 32);
    CHECK(value("annual(f / s)", quarter) == 18.0 / 32);
  }
  CHECK(model::is_inapplicable(value("annual(f)", "2024Q3")));
  CHECK(model::is_inapplicable(value("annual(f)", "2026Q1")));
  CHECK(value("annual(s)", "2024Q3") == 2);
  CHECK(model::is_inapplicable(value("annual(s)", "2026Q1")));
  CHECK(value("annual(f[t-1])", "2026Q2") == 18);
  CHECK(value("annual(f)[2025Q2]") == 18);
  CHECK(value("annual(f)[2025]") == 18);
  CHECK(value("sum(annual(f) over t in 2025Q1..2025Q2)") == 36);
}

TEST_CASE("on a yearly timeline a year is a step") {
  Loaded m("timeline 2024..2026 yearly\nrate r : 1\nr[2024..] = 2\nlet x = annual(r)\n");
  REQUIRE(m.good());
  CHECK(m.value("x", {"2025"}) == 2);
}

TEST_CASE("an unknown step makes its year unknown, with the step as the cause") {
  Loaded m(base + "scenario gap { f[2025Q2] = unknown \"not reported\" }\nlet x = f[2025]\n");
  REQUIRE(m.good());
  CHECK(model::is_unknown(m.value("x", {}, "gap")));
}

TEST_CASE("a rate or a line without a kind is refused if it varies") {
  CHECK(codes("rate g : 1 = f / s\nlet x = g[2025]\n") == "E0510");
  CHECK(codes("rate g : 1 = f / s\nlet x = annual(g)\n") == "E0510");
  CHECK(codes("let g = f / s\nlet x = g[2025]\n") == "E0510");
  CHECK(codes("assume g : 1 = 2\nlet x = g[2025]\n").empty());
  CHECK(codes("let x = (f * t)[2025]\n") == "E0503");
}

TEST_CASE("a coarser period that reaches beyond the timeline is an error where it is named") {
  CHECK(codes("let x = f[2024]\n") == "E0504");
  CHECK(codes("let x = s[2026]\n") == "E0504");
}

TEST_CASE("a recurrence may read the year before") {
  Loaded m("timeline 2024Q1..2025Q4 quarterly\nflow f : 1\nf[..2024Q4] = 1\n"
           "f[2025Q1..] = annual(f[t - 1 year]) / 4 * 2\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.result() != nullptr);
  INFO(m.messages());
  CHECK(m.value("f", {"2025Q3"}) == 2);
}
