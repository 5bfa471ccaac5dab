// Bounds of a model's cells: what ranges and qualifiers allow, how far cited numbers may move
// within their last digit, and both, carried through formulas.

#include "engine/eval/bounds.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <cmath>
#include <limits>

using namespace scn;
using eval::Freedom;
using eval::Interval;
using scn_test::Approx;
using scn_test::Loaded;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Interval bounds(Loaded& m, std::string_view line, Freedom freedom = Freedom::words,
                std::uint32_t lane = 0, std::uint32_t step = 0,
                std::string_view scenario = "base") {
  INFO(m.messages());
  REQUIRE(m.good());
  auto const* r = m.result(scenario);
  REQUIRE(r != nullptr);
  const auto id = m.model().line_named(line);
  REQUIRE(id);
  eval::Bounds b(m.model(), r->stack, r->values, freedom);
  b.evaluate({*id});
  return b.at(*id, lane, step);
}

Interval bounds(std::string const& text, std::string_view line, Freedom freedom = Freedom::words) {
  Loaded m(text);
  return bounds(m, line, freedom);
}

bool about(Interval i, double low, double high) {
  return i.low == Approx(low).epsilon(1e-12) && i.high == Approx(high).epsilon(1e-12);
}

const std::string cited = "source s \"S\"\n";

} // namespace

TEST_CASE("a plain number is its own bounds, a range has two, a qualifier an open end") {
  const Interval plain = bounds("let x : 1 = 5", "x");
  CHECK(plain.low == 5);
  CHECK(plain.high == 5);
  const Interval range = bounds("let x : 1 = 600..650", "x");
  CHECK(range.low == 600);
  CHECK(range.high == 650);
  CHECK(bounds("let x : 1 = 600..650 at 610", "x").high == 650);
  const Interval over = bounds("let x : 1 = over 1000", "x");
  CHECK(over.low == 1000);
  CHECK(over.high == infinity);
  const Interval under = bounds("let x : 1 = under 30", "x");
  CHECK(under.low == -infinity);
  CHECK(under.high == 30);
  for (std::string word : {"about", "nearly"}) {
    const Interval none = bounds("let x : 1 = " + word + " 750", "x");
    CHECK(none.low == 750);
    CHECK(none.high == 750);
  }
}

TEST_CASE("figures for several cells, and formulas under a qualifier, have bounds, too") {
  Loaded m(R"(
    timeline 2024..2026 yearly
    let k : 1 = 2
    let x : 1
    x[2024..2025] = 10..20
    x[2026] = over k * 100
    let y : 1 = x + 1
  )");
  CHECK(about(bounds(m, "x", Freedom::words, 0, 1), 10, 20));
  CHECK(bounds(m, "x", Freedom::words, 0, 2).low == Approx(200));
  CHECK(bounds(m, "x", Freedom::words, 0, 2).high == infinity);
  CHECK(bounds(m, "x", Freedom::rounding, 0, 2).high == Approx(200)); // words say nothing of digits
  CHECK(about(bounds(m, "y", Freedom::words, 0, 0), 11, 21));
}

TEST_CASE("a cited number may move by half a unit of its last written digit") {
  CHECK(about(bounds(cited + "let x : 1 = 756 from s", "x", Freedom::rounding), 755.5, 756.5));
  CHECK(about(bounds(cited + "let x : 1 = 7.230 from s", "x", Freedom::rounding), 7.2295, 7.2305));
  CHECK(about(bounds(cited + "let x : USD = 1.8 万亿 USD from s", "x", Freedom::rounding), 1.75e12,
              1.85e12));
  CHECK(about(bounds(cited + "let x : % = 22% from s", "x", Freedom::rounding), 0.215, 0.225));
  SECTION("unless it is exact, uncited, or an exponent") {
    for (std::string text : {"let x : 1 = 756", "let x : 1 = 756 exact from s",
                             "let e : 1 = 3\nlet x : 1 = e ^ 2 + 747"}) {
      const Interval i = bounds(cited + text, "x", Freedom::rounding);
      INFO(text);
      CHECK(i.low == Approx(756).epsilon(1e-14));
      CHECK(i.high == Approx(756).epsilon(1e-14));
    }
    // The base is cited and moves, the exponent does not.
    CHECK(
        about(bounds(cited + "let x : 1 = 10 ^ 2 from s", "x", Freedom::rounding), 90.25, 110.25));
  }
  SECTION("also inside a cited formula, but not inside one that cites nothing") {
    CHECK(about(bounds(cited + "let k : 1 = 2\nlet x : 1 = k * 100 from s", "x", Freedom::rounding),
                199, 201));
    CHECK(about(bounds(cited + "let k : 1 = 2\nlet x : 1 = k * 100", "x", Freedom::rounding), 200,
                200));
  }
}

TEST_CASE("both freedoms together: the ends of a cited range move, an open end stays open") {
  CHECK(about(bounds(cited + "let x : 1 = 600..650 from s", "x", Freedom::both), 599.5, 650.5));
  CHECK(about(bounds(cited + "let x : 1 = 600..650 from s", "x", Freedom::words), 600, 650));
  const Interval over = bounds(cited + "let x : 1 = over 1000 from s", "x", Freedom::both);
  CHECK(over.low == 999.5);
  CHECK(over.high == infinity);
  CHECK(about(bounds("let x : 1 = 600..650", "x", Freedom::both), 600, 650));
}

TEST_CASE("a knob's range is no freedom") {
  CHECK(about(bounds("assume x : 1 = 15 range 10..20", "x", Freedom::both), 15, 15));
}

TEST_CASE("bounds pass through sums, recurrences and windows") {
  Loaded m(R"(
    timeline 2024..2027 yearly
    company a, b
    let x : 1 by company
    x[a, 2024] = 1..2
    x[b, 2024] = over 10
    x[2025..] = x[t-1] * 2
    let total : 1 = sum(x over company)
    let alone : 1 = sum(x[a][v] over v in t-1..t)
    let back : 1 = back[t+1] - 1
    back[last] = 5..6
  )");
  CHECK(about(bounds(m, "x", Freedom::words, 0, 3), 8, 16));
  CHECK(bounds(m, "total", Freedom::words, 0, 1).low == Approx(22));
  CHECK(bounds(m, "total", Freedom::words, 0, 1).high == infinity);
  CHECK(about(bounds(m, "alone", Freedom::words, 0, 2), 6, 12));
  CHECK(about(bounds(m, "back", Freedom::words, 0, 0), 2, 3));
}

TEST_CASE("an undecided comparison is both, and an `if` on it the hull of its branches") {
  const std::string x = "let x : 1 = 1..3\n";
  const Interval c = bounds(x + "let c : truth = x > 2.5", "c");
  CHECK(c.low == 0);
  CHECK(c.high == 1);
  CHECK(bounds(x + "let c : truth = x > 0", "c").low == 1);
  CHECK(bounds(x + "let c : truth = x > 3", "c").high == 0);
  CHECK(about(bounds(x + "let y : 1 = if x > 2.5 then 10 else 20", "y"), 10, 20));
  CHECK(about(bounds(x + "let y : 1 = if x > 0 then 10 else 20", "y"), 10, 10));
}

TEST_CASE("a member of which it is undecided whether it counts may count") {
  const std::string text = R"(
    company a, b, c
    let x : 1 by company
    x[a] = 1..3
    x[b] = 5
    x[c] = -4
  )";
  const auto of = [&](std::string const& expression) {
    return bounds(text + "let y : 1 = " + expression, "y");
  };
  CHECK(about(of("sum(x over company where x > 2)"), 5, 8)); // the point of a is 2
  CHECK(about(of("count(x > 2 over company)"), 1, 2));
  CHECK(about(of("max(x over company where x > 2)"), 5, 5));
  CHECK(about(of("min(x over company where x > 2)"), 1, 5));
  CHECK(about(of("avg(x over company)"), 2.0 / 3, 4.0 / 3));
  CHECK(about(of("median(x over company)"), 1, 3));
  CHECK(about(of("product(x over company)"), -60, -20));
  CHECK(bounds(text + "let y : truth = any(x > 2 over company)", "y").low == 1);
  CHECK(bounds(text + "let y : truth = all(x < 6 over company)", "y").low == 1);
  CHECK(bounds(text + "let y : truth = all(x > 2 over company where company != c)", "y").high == 1);
  CHECK(bounds(text + "let y : truth = all(x > 2 over company where company != c)", "y").low == 0);
  CHECK(of("x[argmax(x over company)]").low == 5);
}

TEST_CASE("weights below zero leave an average no bounds to lie between") {
  const std::string members = R"(
    company a, b
    let x : 1 by company
    x[a] = 0..10
    x[b] = 20
    let w : 1 by company
    w[a] = 3
    w[b] = -1..-0.5
    let mean : 1 = avg(x over company weighted by w)
  )";
  const Interval mean = bounds(members, "mean");
  // x[a] = 0, w[b] = -1 gives -10; x[a] = 10, w[b] = -0.5 gives 8.
  CHECK(mean.low <= -10);
  CHECK(mean.high >= 8);
}

TEST_CASE("what may be unknown may be replaced, and its bounds say so") {
  const std::string q = "let q : 1 = 0..10\n";
  const Interval either = bounds(q + "let x : 1 = (1 / q) else -100", "x");
  CHECK(either.low == -100); // at q = 0
  CHECK(either.high == infinity);
  const Interval known = bounds(q + "let x : truth = is_known(1 / q)", "x");
  CHECK(known.low == 0);
  CHECK(known.high == 1);
  const Interval sure = bounds("let q : 1 = 1..10\nlet x : 1 = (1 / q) else -100", "x");
  CHECK(about(sure, 0.1, 1));
}

TEST_CASE("where the best member is undecided, what is read of it may be anything") {
  const Interval i = bounds(R"(
    company a, b
    let x : 1 by company
    x[a] = 1..4
    x[b] = 3
    let y : 1 = x[argmax(x over company)]
  )",
                            "y");
  CHECK(i.low == -infinity);
  CHECK(i.high == infinity);
}

TEST_CASE("an effect applies to bounds as it does to points") {
  Loaded m(R"(
    let x : 1 = 10..20
    let y : 1 = x + 1
    scenario s { x *= 2 }
    scenario more extends s { x += 1..2 }
  )");
  CHECK(about(bounds(m, "x", Freedom::words, 0, 0, "s"), 20, 40));
  CHECK(about(bounds(m, "y", Freedom::words, 0, 0, "s"), 21, 41));
  CHECK(about(bounds(m, "x", Freedom::words, 0, 0, "more"), 21, 42));
}

TEST_CASE("an unknown cell has no bounds, one that was not asked for any") {
  Loaded m("let u : 1 = unknown\nlet x : 1 = u + 1\nlet z : 1 = 3");
  CHECK(model::is_unknown(bounds(m, "x").low));
  auto const* r = m.result();
  eval::Bounds b(m.model(), r->stack, r->values, Freedom::words);
  b.evaluate({*m.model().line_named("x")});
  CHECK(b.at(*m.model().line_named("z"), 0, 0).high == infinity);
  b.evaluate({*m.model().line_named("z")}); // a second question adds to the first
  CHECK(b.at(*m.model().line_named("z"), 0, 0).high == 3);
  CHECK(model::is_unknown(b.at(*m.model().line_named("x"), 0, 0).low));
}

TEST_CASE("a rank is certain where ranges do not overlap") {
  Loaded m(R"(
    company a, b, c
    let x : 1 by company
    x[a] = 1..5; x[b] = 4..8; x[c] = 10
    let r : 1 by company = rank(x over company)
  )");
  const Interval a = bounds(m, "r", Freedom::words, 0);
  CHECK(a.low == 2);
  CHECK(a.high == 3);
  const Interval b = bounds(m, "r", Freedom::words, 1);
  CHECK(b.low == 2);
  CHECK(b.high == 3);
  const Interval c = bounds(m, "r", Freedom::words, 2);
  CHECK(c.low == 1);
  CHECK(c.high == 1);
}

TEST_CASE("statistics of ranges are bounded, and rates of return of ranges are not") {
  const std::string text = R"(
    use std.finance
    use std.statistics
    company a, b, c
    let x : 1 by company
    x[a] = 1..2; x[b] = 3; x[c] = 5..7
  )";
  const Interval middle = bounds(text + "let p : 1 = percentile_inc(x, 50% over company)", "p");
  CHECK(about(middle, 3, 3));
  const Interval quarter = bounds(text + "let p : 1 = percentile_inc(x, 25% over company)", "p");
  CHECK(about(quarter, 2, 2.5));
  const Interval spread = bounds(text + "let s : 1 = stdev_p(x over company)", "s");
  CHECK(spread.low == 0);
  CHECK(spread.high == Approx(3));
  const Interval rate = bounds(text + "let i : 1 = internal_rate(4 - x, x over company)", "i");
  CHECK(rate.low == -infinity);
  CHECK(rate.high == infinity);
  const Interval exact = bounds("use std.statistics\ncompany a, b\nlet x : 1 by company\n"
                                "x[a] = 1; x[b] = 3\nlet s : 1 = stdev_p(x over company)",
                                "s");
  CHECK(about(exact, 1, 1));
  CHECK(exact.low <= 1);
  CHECK(exact.high >= 1);
}

TEST_CASE("a mean of equal values is one of them to rounding, and its bounds allow that") {
  const std::string text = R"(
    company a, b, c
    let x : 1 by company = 7.85
    let w : 1 by company
    w[a] = 13..17 from doc "page 1"
    w[b] = 0.3
    w[c] = 0.1
    source doc "A document"
    let mean : 1 = avg(x over company weighted by w)
  )";
  const Interval mean = bounds(text, "mean");
  const double point = Loaded(text).value("mean");
  CHECK(mean.low < std::min(point, 7.85));
  CHECK(mean.high > std::max(point, 7.85));
}

TEST_CASE("a mean may be missing where the weights that certainly count may add up to 0") {
  const std::string text = R"(
    company a, b
    let x : 1 by company = 2
    let w : 1 by company
    w[a] = -1..3
    w[b] = 1
    let mean : 1 = avg(x over company weighted by w)
    let v : 1 by company
    v[a] = 1..3
    v[b] = 1
    let safe : 1 = avg(x over company weighted by v)
  )";
  CHECK(bounds(text, "mean").partial);
  CHECK_FALSE(bounds(text, "safe").partial);
}

TEST_CASE("a percentile of unbounded values is unbounded, and known") {
  const std::string text = R"(
    use std.statistics
    company a, b
    let x : 1 by company
    x[a] = under 1
    x[b] = 5
    let p : 1 = percentile_inc(x, 0.25 over company)
    let y : 1 = p else 0
  )";
  const Interval y = bounds(text, "y");
  CHECK(y.low == -infinity);
  CHECK(y.high >= 2);
}

TEST_CASE("what may be unknown or not apply is passed over, or makes a count unknown") {
  const std::string text = R"(
    timeline 2024..2025 yearly
    company a, b
    let limit : 1 = 0..2
    let x : 1 by company
    x[2024] = 1
    x[2025] = (if limit > 1 then x[t - 5] else x[t - 1]) + unknown "not said"
    let n : 1 = count(x[2025] > 0 over company)
    let m : 1 = n else 7
  )";
  const Interval m = bounds(text, "m");
  CHECK(m.low <= 0); // both passed over
  CHECK(m.high >= 7);
}
