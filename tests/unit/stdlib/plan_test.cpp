// std.plan: phasing, re-spreading, service and depreciation, on every timeline.

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <random>

using namespace scn;
using scn_test::Approx;
using scn_test::contains;
using scn_test::Loaded;

namespace {

constexpr std::pair<char const*, int> grains[] = {
    {"yearly", 1}, {"half-yearly", 2}, {"quarterly", 4}, {"monthly", 12}};

std::string plans_in(std::string const& timeline, std::string const& plans) {
  return "use std.plan\ntimeline " + timeline + "\ncurrency USD\n" + plans;
}

/// A line of a plan added up over the steps of a year.
double of_year(Loaded& m, std::string const& line, std::string const& plan, int year,
               std::string const& scenario = "base") {
  auto const& calendar = m.model().calendar;
  double sum = 0;
  for (int step = 0; step < calendar.count; ++step)
    if (calendar.name(step).starts_with(std::to_string(year)))
      sum += m.value(line, {plan, calendar.name(step)}, scenario);
  return sum;
}

} // namespace

TEST_CASE("a plan of fixed size with growing spending, on every timeline") {
  for (auto const& [grain, per_year] : grains) {
    Loaded m(
        plans_in(fmt::format("2024..2030 {}", grain),
                 "plan ai { amount = 3800 USD; start = 2025; duration = 3 year; life = 5 year\n"
                 "  plan_weight = 1.2 ^ ((t - start) / 1 year) }\n"
                 "plan stargate { amount = 5000 USD; start = 2025; duration = 4 year }\n"));
    INFO(grain << '\n' << m.messages());
    REQUIRE(m.good());
    CHECK(of_year(m, "plan_spend", "ai", 2024) == 0);
    CHECK(of_year(m, "plan_spend", "ai", 2025) == Approx(1043.956).epsilon(1e-6));
    CHECK(of_year(m, "plan_spend", "ai", 2026) == Approx(1252.747).epsilon(1e-6));
    CHECK(of_year(m, "plan_spend", "ai", 2027) == Approx(1503.297).epsilon(1e-6));
    CHECK(of_year(m, "plan_spend", "ai", 2028) == 0);
    for (int year = 2025; year <= 2028; ++year)
      CHECK(of_year(m, "plan_spend", "stargate", year) == Approx(1250));
    const std::string last = m.model().calendar.name(m.model().calendar.count - 1);
    CHECK(m.value("plan_left", {"ai", last}) == Approx(0).margin(1e-9));
    CHECK(m.value("plan_wip", {"ai", last}) == 0);
    CHECK(m.value("plan_in_service", {"ai", last}) == Approx(3800));
  }
}

TEST_CASE("actual spending re-spreads the rest over the periods that are open") {
  Loaded m(plans_in("2025..2028 yearly",
                    "plan ai { amount = 3800 USD; start = 2025; duration = 3 year\n"
                    "  plan_actual[2025] = 1200 USD }\n"
                    "plan late { amount = 90 USD; start = 2025; duration = 3 year\n"
                    "  plan_actual[2025] = 0 USD; plan_actual[2028] = 10 USD }\n"
                    "plan beyond { amount = 90 USD; start = 2025; duration = 3 year\n"
                    "  plan_actual[2025] = 100 USD }\n"));
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("plan_spend", {"ai", "2025"}) == 1200);
  CHECK(m.value("plan_spend", {"ai", "2026"}) == Approx(1300));
  CHECK(m.value("plan_spend", {"ai", "2027"}) == Approx(1300));
  CHECK(m.value("plan_left", {"ai", "2026"}) == Approx(1300));
  // What is spent outside of the plan's time belongs to the amount, too.
  CHECK(m.value("plan_spend", {"late", "2026"}) == Approx(40));
  CHECK(m.value("plan_spend", {"late", "2028"}) == 10);
  CHECK(m.value("plan_left", {"late", "2028"}) == Approx(0).margin(1e-9));
  CHECK(m.value("plan_spend", {"beyond", "2026"}) == 0);
  CHECK(m.value("plan_left", {"beyond", "2027"}) == Approx(-10));
}

TEST_CASE("quarters arrive, and a quarter without spending is not an open one") {
  Loaded m(plans_in("2025Q1..2027Q4 quarterly",
                    "plan ai { amount = 3800 USD; start = 2025; duration = 3 year\n"
                    "  plan_actual[2025Q1] = 240 USD; plan_actual[2025Q2] = 0 USD }\n"));
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("plan_spend", {"ai", "2025Q2"}) == 0);
  CHECK(m.value("plan_spend", {"ai", "2025Q3"}) == Approx(356));
  CHECK(m.value("plan_left", {"ai", "2027Q4"}) == Approx(0).margin(1e-9));
}

TEST_CASE("a plan spends its share inside the timeline, and the rest is left") {
  Loaded m(plans_in("2025..2026 yearly",
                    "plan before  { amount = 80 USD; start = 2023; duration = 4 year }\n"
                    "plan after   { amount = 80 USD; start = 2026; duration = 4 year }\n"
                    "plan both    { amount = 80 USD; start = 2024; duration = 4 year }\n"
                    "plan past    { amount = 80 USD; start = 2010; duration = 4 year }\n"
                    "plan future  { amount = 80 USD; start = 2040; duration = 4 year }\n"
                    "plan broken  { amount = 80 USD; start = 2025; duration = 1.5 year }\n"
                    "plan growing { amount = 80 USD; start = 2026; duration = 2 year\n"
                    "  plan_weight = 3 ^ ((t - start) / 1 year) }\n"
                    "plan said    { amount = 80 USD; start = 2026; duration = 2 year\n"
                    "  plan_weight = 3 ^ ((t - start) / 1 year); plan_weight_outside = 3 }\n"));
  INFO(m.messages());
  REQUIRE(m.good());
  const auto left = [&](std::string const& plan) { return m.value("plan_left", {plan, "2026"}); };
  CHECK(left("before") == Approx(40));
  CHECK(left("after") == Approx(60));
  CHECK(left("both") == Approx(40));
  CHECK(left("past") == 80);
  CHECK(left("future") == 80);
  CHECK(m.value("plan_spend", {"broken", "2025"}) == Approx(80 / 1.5));
  CHECK(left("broken") == Approx(0).margin(1e-9));
  // Its weights are not known outside the timeline, so neither is its share.
  CHECK(model::is_unknown(m.value("plan_spend", {"growing", "2026"})));
  CHECK(m.value("plan_spend", {"growing", "2025"}) == 0);
  CHECK(m.value("plan_spend", {"said", "2026"}) == Approx(20));
}

TEST_CASE("a plan slips, shrinks and stops by plain equations") {
  Loaded m(
      plans_in("2024..2030 yearly",
               "fx cny_per_usd : CNY/USD = 8 CNY/USD\ncompany alibaba, softbank\n"
               "source yicai \"x\" { published 2025-03-04 }\n"
               "plan alibaba_ai { owner = alibaba; start = 2025; duration = 3 year; life = 5 year\n"
               "  amount = over 3840 亿 CNY / cny_per_usd[2024] guidance from yicai \"line 2\" }\n"
               "plan stargate { owner = softbank; start = 2025; duration = 4 year; life = 5 year\n"
               "  amount = 5000 亿 USD }\n"
               "scenario slipped { start[alibaba_ai] += 1 year; amount[alibaba_ai] *= 0.5 }\n"
               "scenario a_step { start[alibaba_ai] += 1 }\n"
               "scenario stopped { plan_spend[stargate, 2027..] = 0 }\n"
               "flow by_company : USD by company = by_owner(plan_spend)\n"));
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("plan_spend", {"alibaba_ai", "2025"}) == Approx(160e8));
  CHECK(m.value("by_company", {"alibaba", "2025"}) == Approx(160e8));
  CHECK(m.value("plan_spend", {"alibaba_ai", "2025"}, "slipped") == 0);
  CHECK(m.value("plan_spend", {"alibaba_ai", "2028"}, "slipped") == Approx(80e8));
  CHECK(m.value("plan_spend", {"alibaba_ai", "2028"}, "a_step") == Approx(160e8));
  CHECK(m.value("plan_spend", {"stargate", "2026"}, "stopped") == Approx(1250e8));
  CHECK(m.value("plan_spend", {"stargate", "2027"}, "stopped") == 0);
  CHECK(m.value("plan_left", {"stargate", "2030"}, "stopped") == Approx(2500e8));
  CHECK(m.value("plan_depreciation", {"stargate", "2030"}, "stopped") == Approx(500e8));
  CHECK(m.codes().empty());
}

TEST_CASE("on a finer timeline a period moves by steps or by time") {
  Loaded m(plans_in("2025Q1..2028Q4 quarterly",
                    "plan ai { amount = 120 USD; start = 2025; duration = 1 year }\n"
                    "scenario step { start[ai] += 1 }\nscenario year { start[ai] += 1 year }\n"));
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("plan_spend", {"ai", "2026Q1"}, "step") == Approx(30));
  CHECK(m.value("plan_spend", {"ai", "2026Q2"}, "step") == 0);
  CHECK(m.value("plan_spend", {"ai", "2026Q4"}, "year") == Approx(30));
}

TEST_CASE("a period is not multiplied, and moves by what is written only") {
  for (std::string const change : {"start[ai] *= 2", "start[ai] += 2 USD", "start[ai] += duration",
                                   "start[ai] += 1..2 year"}) {
    Loaded m(plans_in("2025..2028 yearly",
                      "plan ai { amount = 1 USD; start = 2025; duration = 1 year }\n"
                      "scenario s { "
                          + change + " }\n"));
    INFO(change << '\n' << m.messages());
    CHECK(m.codes() == "E0402");
  }
}

TEST_CASE("what is not known stays unknown") {
  Loaded m(
      plans_in("2025..2028 yearly",
               "plan ai { amount = unknown \"not disclosed\"; start = 2025; duration = 2 year }\n"
               "plan when { amount = 1 USD; duration = 2 year }\n"
               "plan old { amount = 4 USD; start = 2025; duration = 2 year }\n"));
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(model::is_unknown(m.value("plan_spend", {"ai", "2026"})));
  CHECK(m.value("plan_spend", {"ai", "2027"}) == 0);
  CHECK(model::is_unknown(m.value("plan_left", {"ai", "2028"})));
  CHECK(model::is_unknown(m.value("plan_spend", {"when", "2026"})));
  CHECK(m.value("plan_in_service", {"old", "2028"}) == 4);
  CHECK(model::is_unknown(m.value("plan_depreciation", {"old", "2026"}))); // no life is given
}

TEST_CASE("amounts are in the model's currency") {
  const std::string plan = "plan ai { amount = 1 CNY; start = 2025; duration = 1 year }\n";
  Loaded wrong(plans_in("2025..2026 yearly", plan));
  CHECK(wrong.codes() == "E0409");
  CHECK_THAT(wrong.messages(), contains("`amount` is `USD`, and this figure is `CNY`"));
  Loaded other("use std.plan\ntimeline 2025..2026 yearly\ncurrency CNY\n" + plan);
  INFO(other.messages());
  REQUIRE(other.good());
  CHECK(other.value("plan_spend", {"ai", "2025"}) == 1);
  Loaded none("use std.plan\ntimeline 2025..2026 yearly\n" + plan);
  CHECK(none.codes() == "E0414");
}

TEST_CASE("a model's equation goes before the library's, even for the same cells") {
  Loaded m("timeline 2024..2025 yearly\ncompany only { fiscal_year_end = June }\n"
           "let same : truth = fiscal_year_end[only] == June\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("same") == 1);
}

TEST_CASE("what a plan spends, has under way and has in service adds up") {
  std::mt19937 random(11);
  const auto pick = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  for (auto const& [grain, per_year] : grains) {
    for (int round = 0; round < 6; ++round) {
      // Inside the timeline, long enough ahead of its end for every life to end.
      std::string text =
          fmt::format("plan p {{ amount = {} USD; start = {}; duration = {} year; life = {} year\n"
                      "  plan_weight = {}.5 + (t - start) / 1 year; plan_delay = {} year",
                      pick(10, 1000), pick(2024, 2026), pick(3, 6) / 2.0, pick(1, 4) / 2.0,
                      pick(3, 9), pick(0, 4) / 4.0);
      if (round % 2 == 1) text += fmt::format("; plan_actual[first] = {} USD", pick(0, 3));
      Loaded m(plans_in(fmt::format("2024..2033 {}", grain), text + " }\n"));
      INFO(grain << '\n' << text << '\n' << m.messages());
      REQUIRE(m.good());
      double spent = 0;
      double charged = 0;
      auto const& calendar = m.model().calendar;
      for (int step = 0; step < calendar.count; ++step) {
        const auto value = [&](char const* line) {
          return m.value(line, {"p", calendar.name(step)});
        };
        spent += value("plan_spend");
        charged += value("plan_depreciation");
        CHECK(value("plan_spend") >= 0);
        CHECK(value("plan_wip") + value("plan_in_service") == Approx(spent).margin(1e-9));
        CHECK(value("plan_left") == Approx(m.value("amount", {"p"}) - spent).margin(1e-9));
        CHECK(charged <= value("plan_in_service") + 1e-9);
      }
      CHECK(spent == Approx(m.value("amount", {"p"})));
      CHECK(charged == Approx(spent));
    }
  }
}
