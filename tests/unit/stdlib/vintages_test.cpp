// std.vintages: lives that change, against recurrences that say the same step by step.

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <random>

using scn_test::Approx;
using scn_test::Loaded;

namespace {

/// A model of random purchases and a random life that changes once, and the period of the change.
struct Case {
  std::string text;
  int change = 0;
  int count = 0;
};

Case random_case(std::mt19937& random, std::string const& grain, int per_year) {
  const auto pick = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  Case out;
  const int years = 8;
  out.count = years * per_year;
  out.text =
      fmt::format("timeline 2024..{} {}\nflow capex : USD\ncapex = 0\n", 2023 + years, grain);
  for (int i = 0; i < 3; ++i)
    out.text += fmt::format("capex[first+{}] = {} USD\n", i, pick(1, 1000));
  out.change = pick(3, out.count - 3 * per_year);
  out.text += fmt::format("assume life : year = {} year\n", pick(2, 12) / 2.0);
  return out;
}

std::string period(Loaded& m, int step) { return m.model().calendar.name(step); }

constexpr auto recurrence =
    "stock book : USD by vintage\n"
    "book[first] = if vintage == first then capex else 0\n"
    "book = if t == vintage then capex else book[t-1] - charge\n"
    "flow charge : USD by vintage\n"
    "charge[first] = 0\n"
    "charge = if t > vintage\n"
    "  then book[t-1] * min(1, period / max(life - (t - 1 - vintage), period)) else 0\n"
    "flow total : USD = sum(charge over vintage)\n"
    "stock left : USD = sum(book over vintage)\n"
    "flow revised : USD = straight_line_revised(capex, life)\n"
    "stock revised_left : USD = net_book_value_revised(capex, life)\n"
    "flow bought : USD = straight_line(capex, life)\n";

constexpr std::pair<char const*, int> grains[] = {{"yearly", 1}, {"quarterly", 4}};

} // namespace

TEST_CASE("a revised life is the recurrence by vintage, and charges add up to the cost") {
  std::mt19937 random(7);
  for (auto const& [grain, per_year] : grains) {
    for (int round = 0; round < 10; ++round) {
      const Case c = random_case(random, grain, per_year);
      const int life = std::uniform_int_distribution<int>(2, 8)(random);
      const std::string text = "use std.vintages\n" + c.text + recurrence;
      Loaded before(text);
      Loaded m(text + fmt::format("life[first+{}..] = {} year\n", c.change, life / 2.0));
      INFO(text << "changed at " << c.change << " to " << life / 2.0 << m.messages());
      REQUIRE(m.good());
      REQUIRE(before.good());
      double charged = 0;
      double cost = 0;
      for (int step = 0; step < c.count; ++step) {
        const std::string at = period(m, step);
        CHECK(m.value("revised", {at}) == Approx(m.value("total", {at})).margin(1e-9));
        CHECK(m.value("revised_left", {at}) == Approx(m.value("left", {at})).margin(1e-9));
        // Neither way of changing a life changes what was charged before.
        if (step < c.change) {
          CHECK(m.value("revised", {at}) == before.value("revised", {at}));
          CHECK(m.value("bought", {at}) == before.value("bought", {at}));
        }
        charged += m.value("revised", {at});
        cost += m.value("capex", {at});
        CHECK(m.value("revised_left", {at}) == Approx(cost - charged).margin(1e-9));
      }
      CHECK(charged == Approx(cost)); // every life ends inside the timeline
    }
  }
}

TEST_CASE("without a change both ways are the straight line") {
  std::mt19937 random(8);
  for (int round = 0; round < 10; ++round) {
    const Case c = random_case(random, "yearly", 1);
    Loaded m("use std.vintages\n" + c.text + recurrence);
    INFO(c.text << m.messages());
    REQUIRE(m.good());
    for (int step = 0; step < c.count; ++step) {
      const std::string at = period(m, step);
      CHECK(m.value("revised", {at}) == Approx(m.value("bought", {at})).margin(1e-9));
    }
  }
}

TEST_CASE("a new life for new purchases leaves the old ones alone") {
  Loaded m("use std.vintages\ntimeline 2024..2034 yearly\nflow capex : USD\ncapex = 0\n"
           "capex[2024] = 100 USD\ncapex[2026] = 100 USD\n"
           "assume life : year = 5 year\nlife[2026..] = 2 year\n"
           "flow bought : USD = straight_line(capex, life)\n"
           "flow revised : USD = straight_line_revised(capex, life)\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("bought", {"2027"}) == Approx(20 + 50));
  CHECK(m.value("bought", {"2029"}) == Approx(20));
  // Of the first purchase 80 were left at the end of 2025, and one year of the new life.
  CHECK(m.value("revised", {"2025"}) == Approx(20));
  CHECK(m.value("revised", {"2026"}) == Approx(80));
  CHECK(m.value("revised", {"2027"}) == Approx(50));
}

TEST_CASE("classes of assets add up to their parts") {
  Loaded m("use std.vintages\ntimeline 2024..2040 yearly\nflow capex : USD\n"
           "capex = 100 USD + 10 USD * (t - first) / 1 year\n"
           "asset_class servers, buildings, network\n"
           "let part : 1 by asset_class\n"
           "part[servers] = 50%\npart[buildings] = 30%\npart[network] = 20%\n"
           "assume life : year by asset_class\n"
           "life[servers] = 5 year\nlife[buildings] = 12 year\nlife[network] = 3 year\n"
           "life[servers, 2030..] = 6 year\n"
           "flow whole : USD = straight_line_of_classes(capex, part, life)\n"
           "flow one : USD by asset_class = straight_line(capex * part, life)\n"
           "flow three : USD = one[servers] + one[buildings] + one[network]\n");
  INFO(m.messages());
  REQUIRE(m.good());
  for (int year = 2024; year <= 2040; ++year)
    CHECK(m.value("whole", {std::to_string(year)})
          == Approx(m.value("three", {std::to_string(year)})));
  CHECK(m.value("whole", {"2025"}) == Approx(10 + 2.5 + 100 * 0.2 / 3));
}
