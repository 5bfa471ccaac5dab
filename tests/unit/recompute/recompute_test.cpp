// What is computed anew on the way from the base to a scenario: changed, recomputed, cut off,
// shared.

#include "engine/recompute/recompute.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <cstring>

using namespace scn;
using scn_test::Loaded;

namespace {

/// The log of a scenario, a line each; lines in the order in which they were settled.
std::string log_of(Loaded& m, std::string_view scenario) {
  INFO(m.messages());
  REQUIRE(m.good());
  auto const* r = m.result(scenario);
  INFO(m.messages());
  REQUIRE(r != nullptr);
  return recompute::dump(m.model(), r->log);
}

/// Does a scenario share the base's column of a line?
bool shares(Loaded& m, std::string_view scenario, std::string_view line) {
  const auto id = *m.model().line_named(line);
  return m.result(scenario)->values[id.value] == m.result()->values[id.value];
}

} // namespace

TEST_CASE("a changed input and what is behind it are computed, everything else is shared") {
  Loaded m(R"(
    let a : 1 = 1
    let b : 1 = 2
    let from_a : 1 = a * 10
    let from_b : 1 = b * 10
    let from_both : 1 = from_a + from_b
    scenario s { a = 5 }
  )");
  CHECK(log_of(m, "s") == "changed a\nrecomputed from_a\nrecomputed from_both\n");
  CHECK(shares(m, "s", "b"));
  CHECK(shares(m, "s", "from_b"));
  CHECK_FALSE(shares(m, "s", "a"));
  CHECK_FALSE(shares(m, "s", "from_both"));
  CHECK(m.value("from_both", {}, "s") == 70);
  CHECK(m.value("from_both") == 30);
  CHECK(m.result("s")->log.cells == 2); // a is a figure, and not computed
}

TEST_CASE("where a total stays the same bit for bit, its readers do not run") {
  Loaded m(R"(
    company a, b
    let x : 1 by company
    x[a] = 1
    x[b] = 2
    let total : 1 = sum(x over company)
    let behind : 1 = total * 2
    let further : 1 = behind + 1
    scenario swapped { x[a] = 2; x[b] = 1 }
    scenario grown { x[a] = 2 }
  )");
  CHECK(log_of(m, "swapped") == "changed x\ncut off total\n");
  CHECK(shares(m, "swapped", "total"));
  CHECK(shares(m, "swapped", "behind"));
  CHECK(m.result("swapped")->log.cells == 1);
  CHECK(log_of(m, "grown")
        == "changed x\nrecomputed total\nrecomputed behind\nrecomputed further\n");
}

TEST_CASE("an override by the same figure is cut off at once") {
  Loaded m(R"(
    let a : 1 = 1
    let b : 1 = a + 1
    scenario same_figure { a = 1 }
    scenario same_value { a = 3 - 2 }
  )");
  CHECK(log_of(m, "same_figure") == "cut off a\n");
  CHECK(log_of(m, "same_value") == "cut off a\n");
  for (char const* scenario : {"same_figure", "same_value"})
    CHECK(m.result(scenario)->log.shared == m.model().lines.size());
}

TEST_CASE("unknown stays unknown, and readers of it do not run") {
  Loaded m(R"(
    let a : 1 = unknown "first"
    let b : 1 = 1
    let c : 1 = a * b
    let d : 1 = c + 1
    scenario s { b = 2 }
  )");
  CHECK(log_of(m, "s") == "changed b\ncut off c\n");
}

TEST_CASE("one change along a capped line stops where the cap holds") {
  Loaded m(R"(
    timeline 2020..2024 yearly
    let demand : 1
    demand[2020..] = 100
    let sold : 1 = min(demand, 50)
    let stock_ : 1 = stock_[t-1] + 60 - sold
    stock_[first] = 0
    scenario s { demand[2022] = 80 }
    scenario deep { demand[2022] = 10 }
  )");
  CHECK(log_of(m, "s") == "changed demand\ncut off sold\n");
  CHECK(log_of(m, "deep") == "changed demand\nrecomputed sold\nrecomputed stock_\n");
  CHECK(m.value("stock_", {"2024"}, "deep") == 80);
}

TEST_CASE("a line whose equations lie in several steps is settled behind the last of them") {
  Loaded m(R"(
    timeline 2020..2023 yearly
    assume g : 1 = 1
    let early : 1 = 5
    let x : 1
    x[2020..2021] = early
    x[2022..] = x[t-1] * g
    let reads_early : 1 = x[2020] + 1
    let reads_late : 1 = x[2023] + 1
    scenario s { g = 2 }
    scenario e { early = 6 }
  )");
  const std::string s = log_of(m, "s");
  CHECK_THAT(s, scn_test::contains("changed g\n"));
  CHECK_THAT(s, scn_test::contains("recomputed x\n"));
  CHECK_THAT(s, scn_test::contains("recomputed reads_late\n"));
  CHECK(m.value("x", {"2020"}, "s") == 5);
  CHECK(m.value("x", {"2023"}, "s") == 20);
  CHECK(m.value("reads_early", {}, "s") == 6);
  CHECK(m.value("reads_late", {}, "s") == 21);
  CHECK(log_of(m, "e")
        == "changed early\nrecomputed x\nrecomputed reads_early\nrecomputed reads_late\n");
}

TEST_CASE("an equation that wins elsewhere changes its line, also where formulas stay") {
  Loaded m(R"(
    timeline 2020..2023 yearly
    let x : 1
    x[2020..] = 2
    let y : 1 = x + 1
    scenario formula { y[2023] = x * 5 }
    scenario effect { y[2023] *= 2 }
    scenario nothing { }
  )");
  CHECK(log_of(m, "formula") == "changed y\n");
  CHECK(shares(m, "formula", "x"));
  CHECK(m.value("y", {"2022"}, "formula") == 3);
  CHECK(m.value("y", {"2023"}, "formula") == 10);
  CHECK(log_of(m, "effect") == "changed y\n");
  CHECK(m.value("y", {"2023"}, "effect") == 6);
  CHECK(log_of(m, "nothing").empty());
  CHECK(m.result("nothing")->log.cells == 0);
  CHECK(m.result("nothing")->log.shared == m.model().lines.size());
}

TEST_CASE("checks and claims are not named in the log") {
  Loaded m(R"(
    let a : 1 = 1
    check a >= 0
    claim a = 1
    scenario s { a = 5 }
  )");
  CHECK(log_of(m, "s") == "changed a\n");
}

TEST_CASE("from one scenario to another it works as well") {
  Loaded m(R"(
    timeline 2020..2023 yearly
    company a, b
    let x : 1 by company
    x[a] = 1
    x[b] = 2
    let y : 1 by company = y[t-1] + x
    y[first] = x
    let z : 1 = sum(y over company)
    scenario one { x[a] = 10 }
    scenario two extends one { x[a] = 1; x[b] *= 3 }
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  Result const& one = *m.result("one");
  Result const& two = *m.result("two");
  recompute::Log log;
  const auto values = recompute::recompute(m.model(), one.stack, one.values, two.stack, &log);
  for (std::size_t i = 0; i < values.size(); ++i) {
    REQUIRE(values[i]->cells.size() == two.values[i]->cells.size());
    CHECK(std::memcmp(values[i]->cells.data(), two.values[i]->cells.data(),
                      values[i]->cells.size() * sizeof(double))
          == 0);
  }
  CHECK(recompute::dump(m.model(), log) == "changed x\nrecomputed y\nrecomputed z\n");
}

TEST_CASE("of many members only those are computed that an equation wins") {
  std::string text = "timeline 2020..2029 yearly\ndimension who\nwho ";
  for (int i = 0; i < 100; ++i)
    text += fmt::format("{}m{:02}", i == 0 ? "" : ", ", i);
  text += "\nassume g : 1 by who = 1\nlet x : 1 by who = x[t-1] * g\nx[first] = 1\n"
          "scenario s { x[m99, 2029] = 2 * g }\n";
  Loaded m(text);
  CHECK(log_of(m, "s") == "changed x\n");
  // The line's own recurrence runs again, the one cell by its own equation, g is shared.
  CHECK(shares(m, "s", "g"));
  CHECK(m.result("s")->log.cells <= 100 * 10);
  CHECK(m.value("x", {"m99", "2029"}, "s") == 2);
  CHECK(m.value("x", {"m99", "2028"}, "s") == 1);
}
