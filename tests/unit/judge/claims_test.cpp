// Verdicts on claims by the language's rule, clause by clause, on the rule alone and on models.

#include "engine/judge/judge.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <limits>

using namespace scn;
using eval::Interval;
using judge::Verdict;
using model::Claim;
using scn_test::Loaded;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using Allows = Claim::Allows;

/// A claim that states 100, with half a unit of its last digit 0.5.
Claim stated(Allows allows, double s = 100, double half = 0.5) {
  Claim c;
  c.allows = allows;
  c.stated = model::Figure::exactly(s);
  c.stated.half = half;
  return c;
}
Claim range(double low, double high) {
  Claim c = stated(Allows::range, (low + high) / 2);
  c.stated.low = low;
  c.stated.high = high;
  return c;
}

std::string verdict(std::string const& text, std::string_view scenario = "base") {
  Loaded m(text);
  INFO(m.messages());
  REQUIRE(m.good());
  auto const* r = m.result(scenario);
  REQUIRE(r != nullptr);
  const auto all = judge::claims(m.model(), {r->scenario, &r->stack, &r->values});
  REQUIRE(all.size() == 1);
  return std::string(judge::name_of(all[0].verdict));
}

} // namespace

TEST_CASE("what is unknown or does not apply cannot be computed, whatever its bounds") {
  const Claim c = stated(Allows::rounding);
  CHECK(judge::judge(c, model::unknown_value(), {99, 101}, Interval::whole())
        == Verdict::cannot_be_computed);
  CHECK(judge::judge(c, model::inapplicable_value(), {100, 100}, {100, 100})
        == Verdict::cannot_be_computed);
}

TEST_CASE("one part in ten to the nine holds, before any words") {
  for (Allows a : {Allows::rounding, Allows::over, Allows::under, Allows::about, Allows::nearly}) {
    CHECK(judge::judge(stated(a), 100, {100, 100}, {100, 100}) == Verdict::holds);
    CHECK(judge::judge(stated(a), 100 + 0.9e-7, {0, 0}, {0, 0}) == Verdict::holds);
    CHECK(judge::judge(stated(a), 100 + 1.2e-7, {0, 0}, {0, 0}) != Verdict::holds);
  }
  CHECK(judge::judge(stated(Allows::rounding, -100), -100, {0, 0}, {0, 0}) == Verdict::holds);
  CHECK(judge::judge(stated(Allows::rounding, 0), 0, {0, 0}, {0, 0}) == Verdict::holds);
}

TEST_CASE("without words, bounds that meet the stated digits hold within rounding") {
  const Claim c = stated(Allows::rounding); // 99.5 … 100.5
  const Interval far{-infinity, infinity};
  CHECK(judge::judge(c, 100.4, {100.4, 100.4}, far) == Verdict::holds_within_rounding);
  CHECK(judge::judge(c, 100.5, {100.5, 100.6}, far) == Verdict::holds_within_rounding);
  CHECK(judge::judge(c, 102, {100.5, 103}, far) == Verdict::holds_within_rounding);
  CHECK(judge::judge(c, 98, {97, 99.5}, far) == Verdict::holds_within_rounding);
  // Only the words of the inputs reach it.
  CHECK(judge::judge(c, 102, {101.5, 102.5}, {100, 104}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(c, 102, {101.5, 102.5}, {101, 104}) == Verdict::fails);
  // With words, rounding alone is no clause.
  CHECK(judge::judge(stated(Allows::over), 99.9, {99.4, 99.99}, {99.4, 99.99}) == Verdict::fails);
}

TEST_CASE("over and under do not include what they state") {
  const Claim over = stated(Allows::over);
  CHECK(judge::judge(over, 101, {101, 101}, {101, 101}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(over, 99, {99, 99}, {98, 100}) == Verdict::fails);
  CHECK(judge::judge(over, 99, {99, 99}, {98, 100.1}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(over, 1e300, {1e300, 1e300}, {1e300, infinity})
        == Verdict::holds_by_qualifier);
  const Claim under = stated(Allows::under);
  CHECK(judge::judge(under, 99, {99, 99}, {99, 99}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(under, 101, {101, 101}, {100, 102}) == Verdict::fails);
  CHECK(judge::judge(under, 101, {101, 101}, {99.9, 102}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(under, -1e300, {0, 0}, {-infinity, -1e300}) == Verdict::holds_by_qualifier);
}

TEST_CASE("about is ten per cent to both sides, nearly to the lower, both ends included") {
  const Claim about = stated(Allows::about);
  CHECK(judge::judge(about, 110, {110, 110}, {110, 110}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(about, 90, {90, 90}, {90, 90}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(about, 110.1, {110, 111}, {110.1, 110.1}) == Verdict::fails);
  CHECK(judge::judge(about, 89.9, {89, 90}, {89.9, 89.9}) == Verdict::fails);
  const Claim nearly = stated(Allows::nearly);
  CHECK(judge::judge(nearly, 90, {90, 90}, {90, 90}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(nearly, 89.9, {0, 0}, {89.9, 89.9}) == Verdict::fails);
  CHECK(judge::judge(nearly, 100.1, {0, 0}, {100.1, 100.1}) == Verdict::fails);
  // A loss of nearly 100 is a little less of a loss.
  const Claim loss = stated(Allows::nearly, -100);
  CHECK(judge::judge(loss, -95, {0, 0}, {-95, -95}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(loss, -105, {0, 0}, {-105, -105}) == Verdict::fails);
  CHECK(judge::judge(stated(Allows::about, -100), -91, {0, 0}, {-91, -91})
        == Verdict::holds_by_qualifier);
}

TEST_CASE("a stated range and a tolerance include their ends") {
  CHECK(judge::judge(range(80, 120), 80, {80, 80}, {80, 80}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(range(80, 120), 121, {0, 0}, {121, 121}) == Verdict::fails);
  CHECK(judge::judge(range(80, 120), 121, {0, 0}, {119, 122}) == Verdict::holds_by_qualifier);
  Claim within = stated(Allows::tolerance);
  within.tolerance = 0.02;
  CHECK(judge::judge(within, 102, {102, 102}, {102, 102}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(within, 102.1, {0, 0}, {102.1, 102.1}) == Verdict::fails);
  within.relative = false;
  CHECK(judge::judge(within, 100.02, {0, 0}, {100.02, 100.02}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(within, 100.03, {0, 0}, {100.03, 100.03}) == Verdict::fails);
}

TEST_CASE("a condition holds, may hold, fails or is unknown") {
  Claim c;
  c.condition = true;
  CHECK(judge::judge(c, 1, {1, 1}, {1, 1}) == Verdict::holds);
  CHECK(judge::judge(c, 0, {0, 0}, {0, 1}) == Verdict::holds_by_qualifier);
  CHECK(judge::judge(c, 0, {0, 0}, {0, 0}) == Verdict::fails);
  CHECK(judge::judge(c, model::unknown_value(), {0, 1}, {0, 1}) == Verdict::cannot_be_computed);
}

TEST_CASE("claims about a model, clause by clause") {
  const std::string cited = R"(
    source s "S"
    let a : USD = 756 USD from s
    let b : USD = 777 USD from s
    let total : USD = a + b
    let guess : USD = about 750 USD from s
    let guided : USD = over 1000 USD from s
    let spread : USD = 600..650 USD from s
    let missing : USD = unknown
    let share : % = a / total
  )";
  CHECK(verdict(cited + "claim total = 1533 USD") == "holds");
  CHECK(verdict(cited + "claim total = 1.53 千 USD") == "holds within rounding");
  CHECK(verdict(cited + "claim total = 1534 USD") == "holds within rounding"); // 755.5 + 776.5 …
  CHECK(verdict(cited + "claim total = 1535 USD") == "fails");
  CHECK(verdict(cited + "claim missing = 5 USD") == "cannot be computed");
  CHECK(verdict(cited + "claim guided = over 1200 USD") == "holds by qualifier");
  CHECK(verdict(cited + "claim guided = 1500 USD") == "holds by qualifier");
  CHECK(verdict(cited + "claim guided = under 900 USD") == "fails");
  CHECK(verdict(cited + "claim spread = 649 USD") == "holds by qualifier");
  CHECK(verdict(cited + "claim spread = 660 USD") == "fails");
  CHECK(verdict(cited + "claim guess = 760 USD") == "fails"); // about carries no bounds
  CHECK(verdict(cited + "claim guess = about 800 USD") == "holds by qualifier");
  CHECK(verdict(cited + "claim share = 49%") == "holds within rounding");
  CHECK(verdict(cited + "claim share = 51%") == "fails");
  CHECK(verdict(cited + "claim a > b") == "fails");
  CHECK(verdict(cited + "claim guided > 1100 USD") == "holds by qualifier");
  CHECK(verdict(cited + "claim a < b") == "holds");
}

TEST_CASE("numbers of the claim's own left side are rounded, exact ones and uncited ones are not") {
  CHECK(verdict("claim 3.14 * 100 = 314.4") == "holds within rounding");
  CHECK(verdict("claim 3.14 * 100 = 314.4 exact") == "fails");
  CHECK(verdict("let a : 1 = 3.14\nclaim a = 3.142 exact") == "fails");
  CHECK(verdict("source s \"S\"\nlet a : 1 = 3.14 exact from s\nclaim a = 3.143") == "fails");
  CHECK(verdict("source s \"S\"\nlet a : 1 = 3.14 from s\nclaim a = 3.143")
        == "holds within rounding");
}

TEST_CASE("the range of a knob is no freedom of a claim") {
  CHECK(verdict("source s \"S\"\nassume a : 1 = 15 range 10..20 from s\nclaim a = 18") == "fails");
}

TEST_CASE("a claim at top level is judged in the base only, one in a scenario there only") {
  Loaded m(R"(
    let x : 1 = 1
    claim "base" x = 1
    scenario s { x = 2; claim "in s" x = 2 }
    scenario above extends s { x = 3 }
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  const auto labels = [&](std::string_view scenario) {
    auto const* r = m.result(scenario);
    std::string out;
    for (auto const& c : judge::claims(m.model(), {r->scenario, &r->stack, &r->values}))
      out += m.model().claims[c.claim].label + " " + std::string(judge::name_of(c.verdict));
    return out;
  };
  CHECK(labels("base") == "base holds");
  CHECK(labels("s") == "in s holds");
  CHECK(labels("above").empty());
}

TEST_CASE("p, R and B are given with the verdict, and a cause where there is no p") {
  Loaded m(R"(
    timeline 2024..2025 yearly
    source s "S"
    let x : 1
    x[2024] = 600..650 from s
    x[2025] = unknown "not guided"
    let grown : 1 = x / x[t-1]
    claim "p" x[2024] = 700
    claim "u" x[2025] = 700
    claim "n" grown[2024] = 1
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  auto const* r = m.result();
  const auto all = judge::claims(m.model(), {r->scenario, &r->stack, &r->values});
  REQUIRE(all.size() == 3);
  CHECK(all[0].computed == 625);
  CHECK(all[0].rounding.low == 624.5);
  CHECK(all[0].rounding.high == 625.5);
  CHECK(all[0].bounds.low == 599.5);
  CHECK(all[0].bounds.high == 650.5);
  CHECK(all[0].cause.empty());
  CHECK(all[1].cause == "x[2025]: not guided");
  CHECK(all[2].verdict == Verdict::cannot_be_computed);
  CHECK(all[2].cause == "it does not apply");
}
