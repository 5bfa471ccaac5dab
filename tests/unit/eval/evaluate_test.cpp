// Values of whole models: reads along time and members, recurrences, aggregations, many lanes and
// many steps, and layers over one another.

#include "engine/eval/evaluate.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <cmath>

using namespace scn;
using scn_test::Loaded;
using scn_test::value_of;

namespace {

bool is_unknown(double v) { return model::is_unknown(v); }
bool does_not_apply(double v) { return model::is_inapplicable(v); }

std::string member(int i) { return fmt::format("m{:03}", i); }

/// A dimension with so many members, more than a block of lanes holds if there are over 64.
std::string members(int n) {
  std::string out = "dimension who\nwho ";
  for (int i = 0; i < n; ++i)
    out += (i == 0 ? "" : ", ") + member(i);
  return out + '\n';
}

} // namespace

TEST_CASE("expressions without axes") {
  CHECK(value_of("-2^2") == -4);
  CHECK(value_of("2 ^ 3 ^ 2") == 512);
  CHECK(value_of("7 - 2 - 1") == 4);
  CHECK(value_of("22%") == 0.22);
  CHECK(value_of("if 1 < 2 then 10 else 20") == 10);
  CHECK(value_of("min(3, 1, 2)") == 1);
  CHECK(value_of("max(3, 1, 2)") == 3);
  CHECK(value_of("unknown else 5") == 5);
  CHECK(is_unknown(value_of("0 * unknown")));
  CHECK(is_unknown(value_of("1 / 0")));
  CHECK(value_of("if false and unknown then 1 else 2") == 2);
  CHECK(value_of("if true or unknown then 1 else 2") == 1);
  CHECK(is_unknown(value_of("if true and unknown then 1 else 2")));
  CHECK(value_of("if is_known(unknown) then 1 else 2") == 2);
}

TEST_CASE("a relative read outside the timeline does not apply, and makes arithmetic so") {
  Loaded m(R"(
    timeline 2024..2026 yearly
    let x : 1
    x[2024] = 1
    x[2025..] = unknown
    let before : 1 = x[t-1]
    let both : 1 = x[t-1] + x[t+2]
    let mended : 1 = x[t-1] else 7
    let ahead : 1 = x[t+1] * 2
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(does_not_apply(m.value("before", {"2024"})));
  CHECK(m.value("before", {"2025"}) == 1);
  CHECK(is_unknown(m.value("before", {"2026"})));
  CHECK(does_not_apply(m.value("both", {"2025"})));
  CHECK(does_not_apply(m.value("both", {"2026"}))); // also beside an unknown
  CHECK(m.value("mended", {"2024"}) == 7);
  CHECK(m.value("mended", {"2026"}) == 7);
  CHECK(is_unknown(m.value("ahead", {"2024"})));
  CHECK(does_not_apply(m.value("ahead", {"2026"})));
}

TEST_CASE("a recurrence runs forwards, another one backwards") {
  Loaded m(R"(
    timeline 2020..2024 yearly
    let up : 1 = 2 * up[t-1]
    up[first] = 3
    let down : 1 = down[t+1] / 2
    down[last] = 64
    let capex : 1
    capex[2022] = 100
    capex[2023..] = capex[t-1] + 1
    capex[2021] = capex[2022] / 2
    capex[2020] = capex[2021] / 2
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("up", {"2024"}) == 48);
  CHECK(m.value("down", {"2020"}) == 4);
  CHECK(m.value("capex", {"2020"}) == 25);
  CHECK(m.value("capex", {"2024"}) == 102);
}

TEST_CASE("lines that depend on one another are swept together, shifted where they must be") {
  Loaded m(R"(
    timeline 2020..2024 yearly
    let a : 1 = b[t-2] + 1
    a[..2021] = 10
    let b : 1 = a[t+1] * 2
    b[last] = 1
    let debt : 1 = debt[t-1] + interest - 5
    debt[first] = 100
    let interest : 1 = debt[t-1] / 10
    interest[first] = 0
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  // a[2020..2021] = 10; b[2020] = 2 a[2021] = 20; a[2022] = b[2020] + 1 = 21; …
  CHECK(m.value("b", {"2020"}) == 20);
  CHECK(m.value("a", {"2022"}) == 21);
  CHECK(m.value("b", {"2021"}) == 42);
  CHECK(m.value("a", {"2023"}) == 43);
  CHECK(m.value("b", {"2022"}) == 86);
  CHECK(m.value("a", {"2024"}) == 87);
  CHECK(m.value("debt", {"2021"}) == 105);
  CHECK(m.value("interest", {"2022"}) == 10.5);
}

TEST_CASE("windows are clipped to the timeline") {
  Loaded m(R"(
    timeline 2020..2024 yearly
    let x : 1
    x = 1
    x[2024] = 100
    let last_three : 1 = sum(x[v] over v in t-2..t)
    let so_far : 1 = sum(x[v] over v in first..t)
    let earlier : 1 = count(x[v] > 0 over v in first..t-1)
    let whole : 1 = sum(x over t)
    let some : 1 = sum(x over t in 2023..2024)
    let weighted_ : 1 = sum(x[v] * (t - v) / 1 year over v in t-1..t+1)
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("last_three", {"2020"}) == 1);
  CHECK(m.value("last_three", {"2023"}) == 3);
  CHECK(m.value("last_three", {"2024"}) == 102);
  CHECK(m.value("so_far", {"2022"}) == 3);
  CHECK(m.value("earlier", {"2020"}) == 0);
  CHECK(m.value("earlier", {"2024"}) == 4);
  CHECK(m.value("whole") == 104);
  CHECK(m.value("some") == 101);
  CHECK(m.value("weighted_", {"2020"}) == -1);
  CHECK(m.value("weighted_", {"2023"}) == -99);
}

TEST_CASE("axes are matched by name, and a member value looks another line up") {
  Loaded m(R"(
    dimension region
    dimension plan_
    region east, west
    plan_ p1, p2, p3
    let owner : region by plan_
    owner[p1] = west
    owner[p2] = east
    owner[p3] = west
    let spend : 1 by plan_
    spend[p1] = 1
    spend[p2] = 10
    spend[p3] = 100
    let price : 1 by region
    price[east] = 2
    price[west] = 3
    let by_region : 1 by region = sum(spend over plan_ where owner == region)
    let cost : 1 by plan_ = spend * price[owner]
    let table_ : 1 by region, plan_ = price * 1000 + spend
    let turned : 1 by plan_, region = table_
    let dearest : region = argmax(price over region)
    let at_dearest : 1 = price[dearest]
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("by_region", {"east"}) == 10);
  CHECK(m.value("by_region", {"west"}) == 101);
  CHECK(m.value("cost", {"p3"}) == 300);
  CHECK(m.value("table_", {"west", "p2"}) == 3010);
  CHECK(m.value("turned", {"p2", "west"}) == 3010);
  CHECK(m.value("at_dearest") == 3);
}

TEST_CASE("cells outside a restricted line do not apply, and aggregations pass them over") {
  Loaded m(R"(
    company a, b, c
    group sellers = a, c
    let x : 1 by company in sellers = 5
    let total : 1 = sum(x over company)
    let mean : 1 = avg(x over company)
    let plus : 1 by company = x + 1
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(does_not_apply(m.value("x", {"b"})));
  CHECK(m.value("total") == 10);
  CHECK(m.value("mean") == 5);
  CHECK(does_not_apply(m.value("plus", {"b"})));
}

TEST_CASE("more members than one block of lanes holds") {
  for (int n : {1, 63, 64, 65, 128, 130}) {
    INFO(n << " members");
    std::string text = "timeline 2020..2059 yearly\n" + members(n);
    text += "let x : 1 by who = x[t-1] + 1\n";
    for (int i = 0; i < n; ++i)
      text += fmt::format("x[{}, first] = {}\n", member(i), i * 1000);
    text += "let total : 1 = sum(x over who)\nlet other : 1 by who = x[t-2] * 2\n";
    Loaded m(text);
    INFO(m.messages());
    REQUIRE(m.good());
    CHECK(m.value("x", {member(n - 1), "2059"}) == (n - 1) * 1000 + 39);
    CHECK(m.value("x", {member(0), "2021"}) == 1);
    CHECK(m.value("other", {member(n - 1), "2059"}) == 2 * ((n - 1) * 1000 + 37));
    CHECK(does_not_apply(m.value("other", {member(n - 1), "2021"})));
    CHECK(m.value("total", {"2030"}) == 1000.0 * (n - 1) * n / 2 + n * 10);
  }
}

TEST_CASE("two dimensions of more lanes than a block, in both orders") {
  std::string text = members(30) + "dimension what\nwhat p, q, r\n";
  text += "let a : 1 by who\nlet b : 1 by what\n";
  for (int i = 0; i < 30; ++i)
    text += fmt::format("a[{}] = {}\n", member(i), i);
  text += "b[p] = 100\nb[q] = 200\nb[r] = 300\n";
  text += "let c : 1 by who, what = a + b\nlet d : 1 by what, who = c * 2\n"
          "let per_what : 1 by what = sum(c over who)\nlet row : 1 by who = c[q]\n";
  Loaded m(text);
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("c", {member(29), "r"}) == 329);
  CHECK(m.value("d", {"p", member(22)}) == 244);
  CHECK(m.value("per_what", {"r"}) == 30 * 300 + 435);
  CHECK(m.value("row", {member(7)}) == 207);
}

TEST_CASE("a computed lag reads each cell's own period") {
  Loaded m(R"(
    timeline 2020..2024 yearly
    company a, b
    let lag : 1 by company
    lag[a] = 1
    lag[b] = 3
    let x : 1 = (t - 2020) / 1 year
    let y : 1 by company = x[t - lag]
    let start : period by company
    start[a] = 2022
    start[b] = unknown "not announced"
    let at_start : 1 by company = x[start]
    let since : 1 by company = sum(x[v] over v in start..t)
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("y", {"a", "2024"}) == 3);
  CHECK(m.value("y", {"b", "2024"}) == 1);
  CHECK(does_not_apply(m.value("y", {"b", "2022"})));
  CHECK(m.value("at_start", {"a"}) == 2);
  CHECK(is_unknown(m.value("at_start", {"b"})));
  CHECK(m.value("since", {"a", "2021"}) == 0);
  CHECK(m.value("since", {"a", "2024"}) == 2 + 3 + 4);
  CHECK(is_unknown(m.value("since", {"b", "2024"})));
}

TEST_CASE("several variables of one aggregation, bounds of the inner reading the outer") {
  Loaded m(R"(
    timeline 2020..2023 yearly
    company a, b
    let x : 1 by company
    x[a] = 1
    x[b] = 10
    let both : 1 = sum(x * ((v - first) / 1 year) over company, v in first..t)
    let pairs : 1 = count(v <= w over v in first..t, w in v..t)
    let nested : 1 = sum(sum(x over company) * ((v - first) / 1 year) over v in first..t)
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("both", {"2023"}) == 11 * (0 + 1 + 2 + 3));
  CHECK(m.value("nested", {"2023"}) == 66);
  CHECK(m.value("pairs", {"2020"}) == 1);
  CHECK(m.value("pairs", {"2023"}) == 10);
}

TEST_CASE("scenarios lie over the base, the later parent over the earlier one") {
  Loaded m(R"(
    timeline 2024..2026 yearly
    company a, b
    let x : 1 by company
    table x in 1 { | 2024 | 2025 | 2026
                 a | 1 | 2 | 3
                 b | 10 | 20 | 30 }
    let total : 1 = sum(x over company)
    scenario one { x[a, 2025] = 100 }
    scenario two { x[a] = 7 }
    scenario both extends one, two
    scenario scaled extends one { x[a] *= 2; x[b, 2026] += 5 }
    scenario own extends scaled { x[a, 2025] = 0 }
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("total", {"2025"}) == 22);
  CHECK(m.value("total", {"2025"}, "one") == 120);
  CHECK(m.value("x", {"a", "2025"}, "both") == 7);
  CHECK(m.value("x", {"a", "2025"}, "scaled") == 200);
  CHECK(m.value("x", {"a", "2024"}, "scaled") == 2);
  CHECK(m.value("total", {"2026"}, "scaled") == 6 + 35);
  CHECK(m.value("x", {"a", "2025"}, "own") == 0); // nothing is multiplied on top of it
}

TEST_CASE("an effect reads the finished scenario") {
  Loaded m(R"(
    assume k : 1 = 2
    let x : 1 = 10
    scenario s { x *= k; k = 5 }
    scenario twice extends s { x *= k; k = 3 }
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("x") == 10);
  CHECK(m.value("x", {}, "s") == 50);
  CHECK(m.value("x", {}, "twice") == 90);
}

TEST_CASE("quarters: the length of a period, the year before, and a window of a year") {
  Loaded m(R"(
    timeline 2024Q1..2025Q4 quarterly
    flow x : USD
    x = 8 USD
    x[2024Q1] = 4 USD
    flow part : USD = 40 USD / 5 year * period
    flow year_before : USD = x[t - 1 year]
    flow four : USD = sum(x[v] over v in t-3..t)
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("part", {"2024Q3"}) == 2);
  CHECK(m.value("year_before", {"2025Q1"}) == 4);
  CHECK(does_not_apply(m.value("year_before", {"2024Q4"})));
  CHECK(m.value("four", {"2024Q4"}) == 28);
}

TEST_CASE("a rank keeps its axis") {
  Loaded m(R"(
    timeline 2024..2025 yearly
    company a, b, c, d
    group ab = a, b
    let x : 1 by company
    x[a] = 10; x[b] = 30; x[c] = 20; x[d] = 20
    x[a, 2025] = 40
    let all_ : 1 by company = rank(x over company)
    let two : 1 by company = rank(x over company in ab)
    let small : 1 by company = rank(x over company where x < 30)
    let years : 1 by company = rank(x over t)
    let later : 1 by company = rank(x over t in 2025..)
    let fixed : 1 by company = rank(x[2024] over company)
    let smallest_first : 1 by company = rank(-x over company)
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("all_", {"a", "2024"}) == 4);
  CHECK(m.value("all_", {"b", "2024"}) == 1);
  CHECK(m.value("all_", {"c", "2024"}) == 2);
  CHECK(m.value("all_", {"d", "2024"}) == 2);
  CHECK(m.value("all_", {"a", "2025"}) == 1);
  CHECK(m.value("two", {"a", "2024"}) == 2);
  CHECK(m.value("two", {"b", "2024"}) == 1);
  CHECK(model::is_inapplicable(m.value("two", {"c", "2024"})));
  CHECK(m.value("small", {"a", "2024"}) == 3);
  CHECK(model::is_inapplicable(m.value("small", {"b", "2024"})));
  CHECK(model::is_inapplicable(m.value("small", {"a", "2025"})));
  CHECK(m.value("years", {"a", "2024"}) == 2);
  CHECK(m.value("years", {"b", "2024"}) == 1);
  CHECK(m.value("years", {"b", "2025"}) == 1);
  CHECK(model::is_inapplicable(m.value("later", {"a", "2024"})));
  CHECK(m.value("later", {"a", "2025"}) == 1);
  CHECK(m.value("fixed", {"a"}) == 4);
  CHECK(m.value("smallest_first", {"a", "2024"}) == 1);
}

TEST_CASE("the first period in which a condition is true does not depend on later ones") {
  Loaded m(R"(
    timeline 2024..2027 yearly
    let x : 1
    x[2024] = 1; x[2025] = 5; x[2026] = unknown "later"; x[2027] = 9
    let early : period = first_when(x > 4)
    let late : period = first_when(x > 6)
    let never : period = first_when(x < 0)
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("early") == 1);
  CHECK(model::is_unknown(m.value("late")));
  CHECK(model::is_unknown(m.value("never")));
}

TEST_CASE("attributes lead from many to one and back") {
  Loaded m(R"(
    dimension region
    region north, south
    company a, b
    plan p, q, r
    let owner : company by plan
    owner[p] = a; owner[q] = b; owner[r] = a
    let spend : 1 by plan
    spend[p] = 1; spend[q] = 2; spend[r] = 4
    let home : region by company
    home[a] = south; home[b] = north
    let tax : 1 by region
    tax[north] = 10; tax[south] = 20
    let spent : 1 by company = sum(spend over plan where owner == company)
    let tax_of_plan : 1 by plan = tax[home[owner]]
    let by_region : 1 by region = sum(spent over company where home == region)
    let pairs : 1 = sum(spend * tax over plan, region where home[owner] == region)
    let largest : company = argmax(spent over company)
    let biggest : plan by company = argmax(spend over plan where owner == company)
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("spent", {"a"}) == 5);
  CHECK(m.value("spent", {"b"}) == 2);
  CHECK(m.value("tax_of_plan", {"q"}) == 10);
  CHECK(m.value("tax_of_plan", {"r"}) == 20);
  CHECK(m.value("by_region", {"south"}) == 5);
  CHECK(m.value("pairs") == 20 + 20 + 80);
  CHECK(m.value("largest") == 0);
  CHECK(m.value("biggest", {"a"}) == 2);
}
