#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <algorithm>

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;
using scn_test::value_of;

namespace {

std::string codes_of(std::string const& text) { return Loaded(text).codes(); }

/// `name[first]` … `name[last]` of the calendar that a timeline makes.
std::string calendar_of(std::string const& timeline) {
  Loaded loaded("timeline " + timeline);
  if (!loaded.good()) return loaded.codes();
  auto const& c = loaded.model().calendar;
  return c.name(0) + ' ' + c.name(c.count - 1) + ' ' + std::to_string(c.count);
}

const std::string yearly = "timeline 2024..2026 yearly\n"
                           "company a, b, c\n"
                           "group ab = a, b\n"
                           "dimension region\n"
                           "region north, south\n";
const std::string quarterly = "timeline 2024..2025 quarterly\n";

} // namespace

// -------------------------------------------------------------------------------------- timelines

TEST_CASE("a timeline has one grain and covers both of its ends") {
  CHECK(calendar_of("2024..2030 yearly") == "2024 2030 7");
  CHECK(calendar_of("2024..2024 yearly") == "2024 2024 1");
  CHECK(calendar_of("2024..2025 half-yearly") == "2024H1 2025H2 4");
  CHECK(calendar_of("2024H2..2025 quarterly") == "2024Q3 2025Q4 6");
  CHECK(calendar_of("2024Q4..2025M02 monthly") == "2024M10 2025M02 5");
  CHECK(calendar_of("2024..2025 monthly") == "2024M01 2025M12 24");
}

TEST_CASE("a timeline that cannot be is an error") {
  CHECK(calendar_of("2030..2024 yearly") == "E0309");
  CHECK(calendar_of("2024Q1..2025 yearly") == "E0309"); // finer than the grain
  CHECK(calendar_of("2024M01..2025 quarterly") == "E0309");
  CHECK(calendar_of("2024..2025 weekly") == "E0309");
  CHECK(calendar_of("24..25 yearly") == "E0309 E0309");
  Loaded backwards("timeline 2030..2024 yearly");
  CHECK_THAT(backwards.messages(), contains("`timeline 2024..2030 yearly`"));
}

TEST_CASE("a model has one timeline") {
  Loaded loaded("timeline 2024..2026 yearly\ntimeline 2024..2027 yearly");
  CHECK(loaded.codes() == "E0308");
  CHECK_THAT(loaded.messages(), contains("the first"));
  CHECK(codes_of("timeline 2024..2026 yearly\ntimeline 2024..2026 yearly").empty());
}

TEST_CASE("the timeline of the using file counts, and a used one stands in") {
  const std::map<std::string, std::string> used{{"used.scn", "timeline 2020..2030 yearly\n"},
                                                {"other.scn", "timeline 2021..2030 yearly\n"}};
  Loaded own("use \"used.scn\"\ntimeline 2024..2026 yearly\n", {}, used);
  REQUIRE(own.codes().empty());
  CHECK(own.model().calendar.count == 3);
  Loaded stands_in("use \"used.scn\"\n", {}, used);
  REQUIRE(stands_in.codes().empty());
  CHECK(stands_in.model().calendar.count == 11);
  CHECK(Loaded("use \"used.scn\"\nuse \"other.scn\"\n", {}, used).codes() == "E0308");
  CHECK(Loaded("timeline 2024..2026 yearly\nuse \"used.scn\"\nuse \"other.scn\"\n", {}, used)
            .codes()
            .empty());
}

TEST_CASE("what needs a timeline says so where there is none") {
  for (std::string statement :
       {"x[2024] = 6", "let y : 1 = sum(x over t)", "let y : truth = t in 2024",
        "let y : year = period", "let y : period = first", "let y : 1 = x[2024]"}) {
    INFO(statement);
    CHECK(codes_of("let x : 1 = 5\n" + statement) == "E0310");
  }
}

// ------------------------------------------------------------------------------ what a region
// names

TEST_CASE("what a region does not name is all") {
  const std::string model = yearly
                            + "let x : 1 by company, region\n"
                              "x = 1\nx[ab] = 2\nx[a, north] = 3\nx[a, north, 2025] = 4\n";
  CHECK(value_of("x[c, south, 2024]", model) == 1.0);
  CHECK(value_of("x[b, north, 2026]", model) == 2.0);
  CHECK(value_of("x[a, north, 2024]", model) == 3.0);
  CHECK(value_of("x[a, south, 2025]", model) == 2.0);
  CHECK(value_of("x[a, north, 2025]", model) == 4.0);
}

TEST_CASE("a region lists members, groups, periods and ranges in any order") {
  for (std::string region :
       {"a, b, 2024, 2025", "2025, ab, 2024", "ab, ..2025", "b, a, first..2025",
        "company = a, b, "
        "2024..last - 1",
        "a, ab, 2024..2024 + 1", "..2024, 2025..2025, company = ab"}) {
    INFO(region);
    const std::string model = yearly + "let x : 1 by company = 1\nx[" + region + "] = 2\n";
    CHECK(value_of("sum(x over company, t)", model) == 4 * 2.0 + 5 * 1.0);
    CHECK(value_of("x[b, 2025]", model) == 2.0);
    CHECK(value_of("x[b, 2026]", model) == 1.0);
    CHECK(value_of("x[c, 2024]", model) == 1.0);
  }
}

TEST_CASE("a region names constants that the line has") {
  const std::string model = yearly + "let x : 1 by company = 5\nlet k : period = 2025\n";
  const auto refused = [&](std::string const& region) {
    return codes_of(model + "x[" + region + "] = 6\n");
  };
  CHECK(refused("zz") == "E0301");
  CHECK(refused("north") == "E0507");
  CHECK(refused("region = a") == "E0507");
  CHECK(refused("t") == "E0507");
  CHECK(refused("t - 1") == "E0507");
  CHECK(refused("k") == "E0303");
  CHECK(refused("x") == "E0303");
  CHECK(refused("a..b") == "E0507");
  CHECK(refused("2026..2024") == "E0507");
  CHECK(refused("2023") == "E0504");
  CHECK(refused("2026..2027") == "E0504");
  CHECK(refused("last + 1") == "E0504");
  CHECK(refused("2024Q1") == "E0505");
  CHECK(refused("5") == "E0507");
  CHECK(refused("FY2025") == "E0511");
  Loaded loaded(model + "x[north] = 6\n");
  CHECK_THAT(loaded.messages(), contains("`x` has no dimension `region`"));
}

TEST_CASE("a coarser period in a region means each step in it") {
  const std::string model = quarterly
                            + "rate r : 1 = 1\nr[2025] = 2\nr[2024H2] = 3\n"
                              "flow f : 1 = 1\nf[2024..2024] = 2\nf[2025H2..] = 3\n";
  CHECK(value_of("sum(r over t)", model) == 2 * 1.0 + 2 * 3.0 + 4 * 2.0);
  CHECK(value_of("r[2024Q3]", model) == 3.0);
  CHECK(value_of("sum(f over t)", model) == 4 * 2.0 + 2 * 1.0 + 2 * 3.0);
}

TEST_CASE("one coarser period is no region of a flow") {
  Loaded loaded(quarterly + "flow f : 1\nf[2024] = 100");
  CHECK(loaded.codes() == "E0506");
  CHECK_THAT(loaded.messages(), contains("2024 is 4 steps"));
  CHECK_THAT(loaded.messages(), contains("`2024Q1..2024Q4`"));
  CHECK(codes_of(quarterly + "flow f : 1\nf[2024H1] = 100") == "E0506");
  CHECK(codes_of(quarterly + "stock f : 1\nf[2024] = 100").empty());
}

TEST_CASE("a line restricted to some members does not apply to the others") {
  const std::string model = yearly
                            + "group sellers = a, c\n"
                              "let x : 1 by company in sellers, region = 2\n"
                              "x[a, 2025] = 3\n"
                              "let y : 1 by company = x[north] + 1\n";
  CHECK(value_of("x[c, north, 2025]", model) == 2.0);
  CHECK(model::is_inapplicable(value_of("x[b, north, 2025]", model)));
  CHECK(model::is_inapplicable(value_of("y[b, 2025]", model))); // and spreads
  CHECK(value_of("sum(x[2025] over company, region)", model) == 2 * 3.0 + 2 * 2.0);
  CHECK(value_of("count(is_known(x[north, 2024]) over company)", model) == 2.0);
}

TEST_CASE("a line is restricted to a group of the dimension that it names") {
  CHECK(codes_of(yearly + "let x : 1 by region in ab = 2") == "E0303");
  CHECK(codes_of(yearly + "let x : 1 by company in a = 2") == "E0303");
  CHECK(codes_of(yearly + "let x : 1 by company in nobody = 2") == "E0301");
  CHECK(codes_of(yearly + "let x : 1 by a = 2") == "E0303");
  CHECK(codes_of(yearly + "let x : 1 by company, company = 2") == "E0312");
}

// ------------------------------------------------------------------------------------ specificity

TEST_CASE("of two equations of a cell the inner one wins, whatever their order") {
  const std::vector<std::string> equations{"x = 1\n", "x[ab] = 2\n", "x[ab, 2025..] = 3\n",
                                           "x[a, 2025] = 4\n"};
  std::vector<std::size_t> order{0, 1, 2, 3};
  do {
    std::string model = yearly + "let x : 1 by company\n";
    for (std::size_t i : order)
      model += equations[i];
    INFO(model);
    CHECK(value_of("x[c, 2025]", model) == 1.0);
    CHECK(value_of("x[b, 2024]", model) == 2.0);
    CHECK(value_of("x[b, 2025]", model) == 3.0);
    CHECK(value_of("x[a, 2025]", model) == 4.0);
    CHECK(value_of("x[a, 2026]", model) == 3.0);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("two equations that overlap, neither inside the other, are an error that shows both") {
  Loaded loaded(yearly + "let x : 1 by company = 1\nx[ab] = 2\nx[2024] = 3\n");
  CHECK(loaded.codes() == "E0601");
  CHECK_THAT(loaded.messages(), contains("neither lies inside the other"));
  CHECK_THAT(loaded.messages(), contains("x[ab] = 2"));
  CHECK_THAT(loaded.messages(), contains("x[2024] = 3"));
  CHECK_THAT(loaded.messages(), contains("both give `x[a, 2024]`"));
  // A third equation for the shared cells puts neither of the two inside the other.
  CHECK(codes_of(yearly + "let x : 1 by company = 1\nx[ab] = 2\nx[2024] = 3\nx[ab, 2024] = 4\n")
        == "E0601");
  CHECK(codes_of(yearly + "let x : 1 by company = 1\nx[ab] = 2\nx[b, c] = 3\n") == "E0601");
  // Apart, or one around the other, they are fine.
  CHECK(codes_of(yearly + "let x : 1 by company = 1\nx[a, 2024] = 2\nx[b, 2025..] = 3\n").empty());
}

TEST_CASE("the same region twice is an error, however it is written") {
  for (std::string pair :
       {"x = 1\nx = 2\n", "x[ab] = 1\nx[b, a] = 2\n", "x[2024..] = 1\nx[first..last] = y\n",
        "x[a, 2024] = 1\nx[2024, a] = 2\n", "x[a, 2024] = y\nx[2024, a] = 2\n",
        "x[a, 2024] = y\nx[a, first] = y\n"}) {
    INFO(pair);
    Loaded loaded(yearly + "let y : 1 = 5\nlet x : 1 by company\n" + pair);
    CHECK(loaded.codes() == "E0601");
    CHECK_THAT(loaded.messages(), contains("given twice"));
    CHECK_THAT(loaded.messages(), contains("first given here"));
  }
}
