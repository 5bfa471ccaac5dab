// Rates that solve an equation: the one solution where there is exactly one, else none and why.

#include "engine/eval/rate_of_return.hpp"

#include "tests/support/catch.hpp"

#include <cmath>
#include <random>
#include <string>

using namespace scn;
using eval::annuity_rate;
using eval::Flow;
using eval::internal_rate;
using eval::Solution;
using scn_test::Approx;

namespace {

std::vector<Flow> yearly(std::vector<double> const& amounts) {
  std::vector<Flow> out;
  for (std::size_t i = 0; i < amounts.size(); ++i)
    out.push_back({static_cast<double>(i), amounts[i]});
  return out;
}

std::string why(Solution const& s) {
  CHECK(std::isnan(s.value));
  REQUIRE(s.why != nullptr);
  return s.why;
}

} // namespace

TEST_CASE("cash flows of one change of sign have one rate of return") {
  CHECK(internal_rate(yearly({-100, 110})).value == Approx(0.1).epsilon(1e-15));
  CHECK(internal_rate(yearly({100, -110})).value == Approx(0.1).epsilon(1e-15));
  CHECK(internal_rate(yearly({-100, 0, 0, 0, 100})).value == Approx(0).margin(1e-18));
  CHECK(internal_rate(yearly({-100, 50})).value == Approx(-0.5).epsilon(1e-15));
  CHECK(internal_rate(yearly({-1, 1e9})).value == Approx(1e9 - 1).epsilon(1e-15));
  // The order in which they stand does not matter, their times do.
  CHECK(internal_rate({{2, 121}, {0, -100}}).value == Approx(0.1).epsilon(1e-15));
  CHECK(internal_rate({{0.5, 50}, {0, -100}, {0.5, 60}}).value == Approx(0.21).epsilon(1e-15));
  CHECK(internal_rate({{-1000.5, -100}, {-1000, 110}}).value == Approx(0.21).epsilon(1e-15));
}

TEST_CASE("rates at which well-known programs go wrong") {
  // Another program stops at 2.98e-9, where it began to look; published: -0.592046674219.
  const std::vector<Flow> drawn{{0, 4 * 5290.5},        {221 / 365.0, 6273.2},
                                {306 / 365.0, 5417.2},  {348 / 365.0, 5492.05},
                                {406 / 365.0, 5486.15}, {517 / 365.0, -20004}};
  CHECK(internal_rate(drawn).value == Approx(-0.59204667409258).epsilon(1e-12));
  // Another gives -1.145, a solution of the polynomial that is no rate.
  CHECK(internal_rate(yearly({-10000, 3500, 7600, 1000})).value
        == Approx(0.113321028236).epsilon(1e-11));
}

TEST_CASE("no rate, several rates and what cannot be told are said") {
  CHECK(why(internal_rate({})) == "there is no cash flow");
  CHECK(why(internal_rate(yearly({0, 0}))) == "there is no cash flow");
  CHECK(why(internal_rate(yearly({1, 2, 3}))) == "cash flows of one sign have no rate of return");
  CHECK(why(internal_rate({{1, -5}, {1, 6}})) == "cash flows of one sign have no rate of return");
  // 1 - 2.5 v + 1.6 v^2 has no real solution; 1000 - 2300 v + 1320 v^2 has 10% and 20%.
  CHECK(why(internal_rate(yearly({1, -2.5, 1.6}))) == "no rate makes these cash flows worth zero");
  CHECK(why(internal_rate(yearly({1000, -2300, 1320})))
        == "more than one rate makes these cash flows worth zero");
  CHECK(why(internal_rate(yearly({1, -2, 1})))
        == "it cannot be told how many rates make these cash flows worth zero");
  CHECK(why(internal_rate({{0, -1}, {1e-3, 1e300}})) == "the number is too large");
  // Two changes of sign, and yet one solution, since the other is an absurd one.
  CHECK(internal_rate(yearly({-100, 120, -0.001})).value == Approx(0.2).epsilon(1e-4));
}

TEST_CASE("a rate of return that is given is one, and the only one") {
  std::mt19937 random(5);
  std::size_t given = 0;
  std::size_t several = 0;
  for (int i = 0; i < 2000; ++i) {
    std::vector<Flow> flows;
    const int n = 2 + static_cast<int>(random() % 8);
    for (int k = 0; k < n; ++k)
      flows.push_back({static_cast<double>(random() % 40) / 4,
                       static_cast<double>(static_cast<int>(random() % 401) - 200)});
    const Solution s = internal_rate(flows);
    // Look for changes of sign from -99.8% to 99,000%.
    int changes = 0;
    double before = 0;
    for (int k = -6200; k <= 6900; ++k) {
      double worth = 0;
      for (Flow const& f : flows)
        worth += f.amount * std::exp(-f.time * k / 1000.0);
      changes += worth * before < 0;
      before = worth;
    }
    INFO(i);
    if (!std::isnan(s.value)) {
      ++given;
      CHECK(changes <= 1);
      double worth = 0;
      double size = 0;
      for (Flow const& f : flows) {
        worth += f.amount * std::pow(1 + s.value, -f.time);
        size += std::fabs(f.amount * std::pow(1 + s.value, -f.time));
      }
      CHECK(std::fabs(worth) <= 1e-9 * size);
    } else if (changes > 1) {
      ++several;
    }
  }
  CHECK(given > 200);
  CHECK(several > 20);
}

TEST_CASE("the rate of an annuity") {
  CHECK(annuity_rate(2, -(1 / 1.1 + 1 / 1.21), 0).value == Approx(0.1).epsilon(1e-14));
  CHECK(annuity_rate(10, -10, 0).value == 0);
  CHECK(annuity_rate(10, -20, 0).value < 0);
  CHECK(annuity_rate(10, 0, -20).value == Approx(0.1469).epsilon(1e-3));
  CHECK(annuity_rate(0.5, -0.4, 0).value > 0);
  CHECK(annuity_rate(360, -100, 0).value == Approx(0.0097).epsilon(1e-1));
  CHECK(why(annuity_rate(10, 5, 0)) == "no rate makes these cash flows worth zero");
  CHECK(why(annuity_rate(0, 5, 0)) == "an annuity has a number of periods above zero");
  CHECK(why(annuity_rate(-3, 5, 0)) == "an annuity has a number of periods above zero");
  // Paid before and after, received between: 10% and 20%.
  CHECK(why(annuity_rate(2, -1000 / 2300.0, -1320 / 2300.0 - 1))
        == "more than one rate makes these cash flows worth zero");
}

TEST_CASE("a declining balance changes to even charges when they are as large") {
  CHECK(eval::switch_to_even(0, 10, 2).value == 5);
  CHECK(eval::switch_to_even(0, 4, 2).value == 2);
  CHECK(eval::switch_to_even(0, 5, 1).value == 0);
  CHECK(eval::switch_to_even(0.5, 10, 2).value == 4); // nothing is left to write off
  CHECK(eval::switch_to_even(0, 1, 2).value == 0);
  CHECK(why(eval::switch_to_even(0, 0, 2)) == "a life and a factor are above zero");
  CHECK(why(eval::switch_to_even(0, 1e9, 2)) == "the number is too large");
}
