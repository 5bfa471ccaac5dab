// Why a cell is unknown: the leftmost first cause, and the cell where it arises.

#include "engine/eval/cause.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::Loaded;

namespace {

/// The cause of `line` at its first lane and a step, as it is shown.
std::string cause(Loaded& m, std::string_view line, std::uint32_t lane = 0, std::uint32_t step = 0,
                  std::string_view scenario = "base") {
  auto const* r = m.result(scenario);
  REQUIRE(r != nullptr);
  const auto id = m.model().line_named(line);
  REQUIRE(id);
  REQUIRE(model::is_unknown(r->at(*id, lane, step)));
  eval::Causes causes(m.model(), r->stack, r->values);
  return eval::describe(m.model(), causes.of(*id, lane, step));
}

std::string cause_in(std::string const& text, std::string_view line, std::uint32_t lane = 0,
                     std::uint32_t step = 0) {
  Loaded m(text);
  INFO(m.messages());
  REQUIRE(m.good());
  return cause(m, line, lane, step);
}

} // namespace

TEST_CASE("a figure that is unknown says why, and its sum says whose fault it is") {
  Loaded m(R"(
    timeline 2024..2025 yearly
    company amazon, google, microsoft
    flow capex : USD by company
    table capex in USD {
                | 2024 | 2025                            |
      amazon    | 1    | 2                               |
      google    | 3    | 4                               |
      microsoft | 5    | unknown "no 2025 guidance given" |
    }
    flow total : USD = sum(capex over company)
    rate growth_ : 1 = total / total[t-1] - 1
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(cause(m, "capex", 2, 1) == "capex[microsoft, 2025]: no 2025 guidance given");
  CHECK(cause(m, "total", 0, 1) == "capex[microsoft, 2025]: no 2025 guidance given");
  CHECK(cause(m, "growth_", 0, 1) == "capex[microsoft, 2025]: no 2025 guidance given");
}

TEST_CASE("a cell that no equation covers is named, wherever it is missed") {
  const std::string text = R"(
    timeline 2023..2025 yearly
    company amazon
    flow capex : USD by company
    capex[amazon, 2024..] = 5 USD
    flow twice : USD by company = 2 * capex
  )";
  CHECK(cause_in(text, "capex") == "no equation gives capex[amazon, 2023]");
  CHECK(cause_in(text, "twice") == "no equation gives capex[amazon, 2023]");
}

TEST_CASE("of two unknown operands the left one is the cause") {
  const std::string both = R"(
    let a : 1 = unknown "a is secret"
    let b : 1 = unknown "b is secret"
  )";
  CHECK(cause_in(both + "let c : 1 = b * a", "c") == "b: b is secret");
  CHECK(cause_in(both + "let c : 1 = 1 - (a + b)", "c") == "a: a is secret");
  CHECK(cause_in(both + "let c : 1 = min(5, b)", "c") == "b: b is secret");
  CHECK(cause_in(both + "let c : truth = a < b", "c") == "a: a is secret");
}

TEST_CASE("`if` follows the branch it takes, `else` what stands behind it") {
  const std::string both = R"(
    let a : 1 = unknown "a is secret"
    let b : 1 = unknown "b is secret"
    let p : 1 = 1
  )";
  CHECK(cause_in(both + "let c : 1 = if p == 1 then b else a", "c") == "b: b is secret");
  CHECK(cause_in(both + "let c : 1 = if p == 2 then b else a", "c") == "a: a is secret");
  CHECK(cause_in(both + "let c : 1 = if a == 1 then p else b", "c") == "a: a is secret");
  CHECK(cause_in(both + "let c : 1 = a else b", "c") == "b: b is secret");
}

TEST_CASE("an index that is unknown is the cause of what is read by it") {
  const std::string text = R"(
    timeline 2024..2026 yearly
    company a, b
    let owner : company by company
    owner[a] = unknown "not disclosed"
    let size : 1 by company = 5
    let lag : 1 = unknown "no lag yet"
    let x : 1
    x[2024..2026] = 7
    let c : 1 by company = size[owner]
    let d : 1 = (x[t - lag])[2026]
    let e : 1 = sum(x[v] over v in first..(first + lag))
  )";
  CHECK(cause_in(text, "c") == "owner[a]: not disclosed");
  CHECK(cause_in(text, "d") == "lag: no lag yet");
  CHECK(cause_in(text, "e") == "lag: no lag yet");
}

TEST_CASE("what goes wrong in a cell arises there") {
  CHECK(cause_in("let z : 1 = 0\nlet c : 1 = 1 / z", "c") == "c: division by zero");
  CHECK(cause_in("let z : 1 = 0\nlet c : 1 = 1 / z\nlet d : 1 = c + 1", "d")
        == "c: division by zero");
  CHECK(cause_in("let z : 1 = 1e200\nlet c : 1 = z * z", "c") == "c: the number is too large");
  CHECK(cause_in("let z : 1 = -2\nlet c : 1 = z ^ 0.5", "c") == "c: no real number is this power");
  CHECK(cause_in("let z : 1 = unknown", "z") == "z: unknown");
}

TEST_CASE("an aggregation names the first unknown of what it took, in the order it adds up") {
  const std::string text = R"(
    company a, b, c
    let x : 1 by company
    x[a] = 1
    x[b] = unknown "b"
    x[c] = unknown "c"
  )";
  CHECK(cause_in(text + "let s : 1 = sum(x over company)", "s") == "x[b]: b");
  CHECK(cause_in(text + "let s : 1 = sum(x over company where company != b)", "s") == "x[c]: c");
  CHECK(cause_in(text
                     + "let w : 1 by company = 1\nw[a] = unknown \"weight\"\n"
                       "let s : 1 = avg(x over company weighted by w)",
                 "s")
        == "w[a]: weight");
  CHECK(cause_in(text + "let s : 1 = max(x over company where company != company)", "s")
        == "s: nothing to aggregate");
}

TEST_CASE("a long chain of unknowns is followed to its beginning") {
  Loaded m(R"(
    timeline 1000..3999 yearly
    let x : 1
    x[first] = unknown "nobody kept records"
    x[1001..] = x[t-1] * 1.01
  )");
  REQUIRE(m.good());
  CHECK(cause(m, "x", 0, 2999) == "x[1000]: nobody kept records");
  CHECK(cause(m, "x", 0, 1) == "x[1000]: nobody kept records");
}

TEST_CASE("the causes of a scenario are its own") {
  Loaded m(R"(
    let a : 1 = unknown "not said"
    let b : 1 = a + 1
    scenario s { a = unknown "withdrawn" }
    scenario k { a = 1; b = unknown "of its own" }
    scenario times { a *= 2 }
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(cause(m, "b") == "a: not said");
  CHECK(cause(m, "b", 0, 0, "s") == "a: withdrawn");
  CHECK(cause(m, "b", 0, 0, "k") == "b: of its own");
  CHECK(cause(m, "b", 0, 0, "times") == "a: not said");
}

TEST_CASE("an average says what it lacks") {
  const std::string text = "company a, b\nlet x : 1 by company = 2\n";
  CHECK(cause_in(text + "let w : 1 by company = 0\nlet c : 1 = avg(x over company weighted by w)",
                 "c")
        == "c: the weights add up to zero");
  CHECK(cause_in(text + "let c : 1 = avg(x over company where x > 3)", "c")
        == "c: nothing to aggregate");
}

TEST_CASE("what has no solution says why") {
  const std::string text = "use std.finance\nuse std.statistics\ntimeline 2024..2026 yearly\n"
                           "let cash : 1 = 100\n";
  CHECK(cause_in(text + "let c : 1 = irr(cash)", "c")
        == "c: cash flows of one sign have no rate of return");
  CHECK(cause_in(text + "let c : 1 = periodic_rate(2, 10, 10, 0, 0)", "c")
        == "c: no rate makes these cash flows worth zero");
  CHECK(cause_in(text + "cash[2025] = unknown \"later\"\nlet c : 1 = irr(cash)", "c")
        == "cash[2025]: later");
  CHECK(cause_in(text + "let c : 1 = slope(cash, cash over t)", "c")
        == "c: two values or more that differ are wanted");
  CHECK(cause_in(text + "let c : 1 = percentile_exc(cash, 10% over t)", "c")
        == "c: there is no such percentile of these values");
  CHECK(cause_in(text + "let c : 1 = stdev_s(cash over t in 2024)", "c")
        == "c: a sample has two values or more");
  CHECK(cause_in(text + "let c : 1 = ln_one_plus(-1)", "c") == "c: no logarithm of zero or less");
  CHECK(cause_in(text + "let c : 1 = ipmt(10%, 3, 2, 100, 0, 0)", "c")
        == "c: there is no such payment");
}

TEST_CASE("a rank is unknown because of the first unknown among the ranked") {
  const std::string text = R"(
    company a, b, c
    let x : 1 by company
    x[a] = 1
    x[b] = unknown "b"
    x[c] = unknown "c"
  )";
  CHECK(cause_in(text + "let r : 1 by company = rank(x over company)", "r") == "x[b]: b");
  CHECK(cause_in(text + "let r : 1 by company = rank(x over company where company != b)", "r")
        == "x[c]: c");
}

TEST_CASE("a condition that never comes true says so") {
  const std::string text = "timeline 2024..2026 yearly\nlet x : 1 = 1\n";
  CHECK(cause_in(text + "let c : period = first_when(x > 1)", "c") == "c: never true");
  CHECK(cause_in(text
                     + "x[2024] = unknown \"early\"\nx[2025] = 7\n"
                       "let c : period = first_when(x > 1)",
                 "c")
        == "x[2024]: early");
}
