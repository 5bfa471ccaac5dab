// Checks: over all cells of their expression, with three outcomes.

#include "engine/judge/judge.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::Loaded;
using Verdict = judge::CheckResult::Verdict;

namespace {

std::vector<judge::CheckResult> checks(Loaded& m, std::string_view scenario = "base") {
  INFO(m.messages());
  REQUIRE(m.good());
  auto const* r = m.result(scenario);
  REQUIRE(r != nullptr);
  return judge::check(m.model(), {r->scenario, &r->stack, &r->values});
}

judge::CheckResult only(std::string const& text) {
  Loaded m(text);
  const auto all = checks(m);
  REQUIRE(all.size() == 1);
  return all[0];
}

const std::string grid = R"(
  timeline 2024..2026 yearly
  company a, b
  let x : 1 by company
  table x in 1 {
      | 2024 | 2025 | 2026
    a | 1    | 2    | 3
    b | 4    | 5    | 6
  }
)";

} // namespace

TEST_CASE("a check covers every cell, and one that fails fails it") {
  const auto holds = only(grid + "check x > 0");
  CHECK(holds.verdict == Verdict::holds);
  CHECK(holds.cells == 6);
  CHECK(holds.failed == 0);
  CHECK(holds.first.empty());

  const auto fails = only(grid + "check x < 5");
  CHECK(fails.verdict == Verdict::fails);
  CHECK(fails.failed == 2);
  CHECK(fails.first == "[b, 2025]");
}

TEST_CASE("an unknown cell leaves a check open, a false one fails it all the same") {
  const auto open = only(grid + "check (if company == b and t == 2025 then unknown else x) > 0");
  CHECK(open.verdict == Verdict::open);
  CHECK(open.unknown == 1);
  CHECK(open.first == "[b, 2025]");

  const auto fails = only(grid + "check (if t == 2024 then unknown else x) < 6");
  CHECK(fails.verdict == Verdict::fails);
  CHECK(fails.unknown == 2);
  CHECK(fails.failed == 1);
  CHECK(fails.first == "[b, 2026]");
}

TEST_CASE("cells that do not apply are not spoken of") {
  const auto growth = only(grid + "check x / x[t-1] > 1");
  CHECK(growth.verdict == Verdict::holds);
  CHECK(growth.cells == 4);
  const auto none = only(grid + "check x[t-5] > 1");
  CHECK(none.verdict == Verdict::holds);
  CHECK(none.cells == 0);
}

TEST_CASE("a check of one cell names none") {
  const auto one = only("let x : 1 = 2\ncheck \"label\" x == 3");
  CHECK(one.verdict == Verdict::fails);
  CHECK(one.cells == 1);
  CHECK(one.first.empty());
}

TEST_CASE("`==` of a check allows one part in ten to the nine, and `within` what it says") {
  const auto verdict = [](std::string const& check) {
    return only("let x : USD = 1000 USD\ncheck " + check).verdict;
  };
  CHECK(verdict("x == 1000.0000005 USD") == Verdict::holds);
  CHECK(verdict("x == 1000.000002 USD") == Verdict::fails);
  CHECK(verdict("x == 1004 USD within 0.5%") == Verdict::holds);
  CHECK(verdict("x == 1006 USD within 0.5%") == Verdict::fails);
  CHECK(verdict("x == 1006 USD within 7 USD") == Verdict::holds);
  CHECK(verdict("x == 1006 USD within 5 USD") == Verdict::fails);
  CHECK(verdict("x <= 996 USD within 0.5%") == Verdict::holds);
  CHECK(verdict("x <= 996 USD") == Verdict::fails);
  CHECK(verdict("x >= 1004 USD within 0.5%") == Verdict::holds);
  CHECK(verdict("x >= 1006 USD within 0.5%") == Verdict::fails);
}

TEST_CASE("a check holds in its layer and in all above") {
  Loaded m(R"(
    let x : 1 = 1
    check "base" x < 5
    scenario s { x = 10; check "s" x == 10 }
    scenario above extends s { x = 11 }
    scenario other { x = 2 }
  )");
  const auto labels = [&](std::string_view scenario) {
    std::string out;
    for (auto const& c : checks(m, scenario))
      out += m.model().checks[c.check].label + " " + std::string(judge::name_of(c.verdict)) + "; ";
    return out;
  };
  CHECK(labels("base") == "base holds; ");
  CHECK(labels("s") == "base fails; s holds; ");
  CHECK(labels("above") == "base fails; s fails; ");
  CHECK(labels("other") == "base holds; ");
}

TEST_CASE("any and all in a check are decided beside unknowns") {
  const std::string text = R"(
    company a, b
    let x : 1 by company
    x[a] = 1
    x[b] = unknown
  )";
  CHECK(only(text + "check any(x == 1 over company)").verdict == Verdict::holds);
  CHECK(only(text + "check all(x == 2 over company)").verdict == Verdict::fails);
  CHECK(only(text + "check all(x == 1 over company)").verdict == Verdict::open);
}

TEST_CASE("with bounds a check is of all that they allow") {
  Loaded m("company a, b, c\nlet x : 1 by company\nx[a] = 600..650\nx[b] = 500\n"
           "x[c] = over 1000\nlet sum_x : 1 = sum(x over company)\nlet gone : 1\n"
           "check x > 400\ncheck x < 640\ncheck x[a] < 640\ncheck x[c] >= 1000\ncheck x[b] == 500\n"
           "check x - x == 0\ncheck gone > 0\ncheck sum_x > 2000\n");
  INFO(m.messages());
  REQUIRE(m.good());
  auto const* r = m.result();
  const judge::Case base{std::nullopt, &r->stack, &r->values};
  std::string points;
  std::string bounds;
  for (auto const& c : judge::check(m.model(), base))
    points += std::string(judge::name_of(c.verdict)) + ' ';
  for (auto const& c : judge::check(m.model(), base, true))
    bounds += std::string(judge::name_of(c.verdict)) + ' ';
  CHECK(points == "holds fails holds holds holds holds open holds ");
  CHECK(bounds == "holds fails undecided holds holds undecided open holds ");
  CHECK(judge::check(m.model(), base, true)[1].undecided == 1);
}
