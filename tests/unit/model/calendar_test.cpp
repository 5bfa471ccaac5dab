#include "lang/model/calendar.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace scn::model;

namespace {

constexpr Grain grains[] = {Grain::yearly, Grain::half_yearly, Grain::quarterly, Grain::monthly};

/// The calendar of `timeline first..last`.
Calendar calendar(std::string_view first, std::string_view last) {
  const auto a = period_of(first);
  const auto b = period_of(last);
  REQUIRE((a && b));
  return {a->grain, a->ordinal, b->ordinal - a->ordinal + 1};
}

/// The steps that a period covers, by their names: "2024Q1..2024Q4".
std::string covered(Calendar const& c, std::string_view period) {
  const auto steps = c.steps(*period_of(period));
  return steps ? c.name(steps->first) + ".." + c.name(steps->last) : "finer";
}

} // namespace

TEST_CASE("a grain has a name and a number of steps in a year") {
  for (Grain grain : grains) {
    CHECK(grain_named(name_of(grain)) == grain);
    CHECK(12 % steps_per_year(grain) == 0);
  }
  CHECK(grain_named("half-yearly") == Grain::half_yearly);
  CHECK_FALSE(grain_named("weekly"));
  CHECK_FALSE(grain_named("Yearly"));
  CHECK_FALSE(grain_named(""));
  CHECK(steps_per_year(Grain::yearly) == 1);
  CHECK(steps_per_year(Grain::half_yearly) == 2);
  CHECK(steps_per_year(Grain::quarterly) == 4);
  CHECK(steps_per_year(Grain::monthly) == 12);
}

TEST_CASE("a written period says its grain and which one it is") {
  const auto check = [](std::string_view text, Grain grain, int ordinal, bool fiscal) {
    const auto p = period_of(text);
    INFO(text);
    REQUIRE(p);
    CHECK(p->grain == grain);
    CHECK(p->ordinal == ordinal);
    CHECK(p->fiscal == fiscal);
  };
  check("2024", Grain::yearly, 2024, false);
  check("2024H1", Grain::half_yearly, 2024 * 2, false);
  check("2024H2", Grain::half_yearly, 2024 * 2 + 1, false);
  check("2024Q3", Grain::quarterly, 2024 * 4 + 2, false);
  check("2024M01", Grain::monthly, 2024 * 12, false);
  check("2024M12", Grain::monthly, 2024 * 12 + 11, false);
  check("FY2025", Grain::yearly, 2025, true);
  check("FY2025Q2", Grain::quarterly, 2025 * 4 + 1, true);
  SECTION("what is none gives none") {
    for (std::string_view odd :
         {"", "2", "202", "FY", "FY25", "abcd", "20a4", "2024X1", "2024-1", "-2024"}) {
      INFO(odd);
      CHECK_FALSE(period_of(odd));
    }
  }
}

TEST_CASE("steps are named as they are written") {
  const Calendar years = calendar("2023", "2030");
  CHECK(years.count == 8);
  CHECK(years.name(0) == "2023");
  CHECK(years.name(7) == "2030");
  CHECK(calendar("2024H1", "2025H2").name(3) == "2025H2");
  CHECK(calendar("2024Q3", "2025Q4").name(0) == "2024Q3");
  CHECK(calendar("2024Q3", "2025Q4").name(2) == "2025Q1");
  CHECK(calendar("2024M11", "2025M02").name(2) == "2025M01");
  SECTION("those outside the timeline too") {
    CHECK(years.name(-1) == "2022");
    CHECK(years.name(8) == "2031");
    CHECK(calendar("2024Q1", "2024Q4").name(-1) == "2023Q4");
    CHECK(calendar("2024M01", "2024M12").name(12) == "2025M01");
    CHECK(calendar("2024", "2030").name(-2000) == "0024");
  }
}

TEST_CASE("naming a step and reading the name give the step back") {
  for (std::string_view first : {"2023", "2023H2", "2023Q2", "2023M05"}) {
    Calendar c = calendar(first, first);
    c.count = 60;
    for (int step = -30; step < 90; ++step) {
      const auto steps = c.steps(*period_of(c.name(step)));
      REQUIRE(steps);
      CHECK(steps->first == step);
      CHECK(steps->last == step);
    }
  }
}

TEST_CASE("a coarser period means each step in it") {
  const Calendar months = calendar("2024M01", "2026M12");
  CHECK(covered(months, "2024") == "2024M01..2024M12");
  CHECK(covered(months, "2025H2") == "2025M07..2025M12");
  CHECK(covered(months, "2025Q3") == "2025M07..2025M09");
  CHECK(covered(months, "2025M03") == "2025M03..2025M03");
  const Calendar quarters = calendar("2024Q3", "2026Q2"); // does not begin with a year
  CHECK(covered(quarters, "2025") == "2025Q1..2025Q4");
  CHECK(covered(quarters, "2025H1") == "2025Q1..2025Q2");
  CHECK(covered(quarters, "2024") == "2024Q1..2024Q4"); // reaches out of the timeline
  CHECK(quarters.steps(*period_of("2024"))->first == -2);
  CHECK(covered(calendar("2024H1", "2025H2"), "2025") == "2025H1..2025H2");
}

TEST_CASE("a finer period is none of the calendar's; a fiscal one is a step of its own line") {
  CHECK(covered(calendar("2024", "2030"), "2024H1") == "finer");
  CHECK(covered(calendar("2024H1", "2030H2"), "2024Q1") == "finer");
  CHECK(covered(calendar("2024Q1", "2030Q4"), "2024M01") == "finer");
  CHECK(calendar("2024", "2030").steps(*period_of("FY2025"))->first == 1);
  CHECK(calendar("2024Q1", "2030Q4").steps(*period_of("FY2025Q1"))->first == 4);
  CHECK_FALSE(calendar("2024", "2030").steps(*period_of("FY2025Q1")));
}

TEST_CASE("the coarser periods of a year tile it in every calendar") {
  for (Grain fine : grains)
    for (Grain coarse : grains) {
      if (steps_per_year(coarse) > steps_per_year(fine)) continue;
      const Calendar c{fine, 2024 * steps_per_year(fine), 3 * steps_per_year(fine)};
      int next = 0;
      for (int part = 0; part < 3 * steps_per_year(coarse); ++part) {
        const auto steps = c.steps({coarse, 2024 * steps_per_year(coarse) + part, false});
        REQUIRE(steps);
        CHECK(steps->first == next);
        CHECK(steps->last >= steps->first);
        next = steps->last + 1;
      }
      CHECK(next == c.count);
    }
}

TEST_CASE("a step ends on the last day of its last month") {
  CHECK(calendar("2024", "2030").last_day(0) == Date{2024, 12, 31});
  CHECK(calendar("2024H1", "2025H2").last_day(0) == Date{2024, 6, 30});
  CHECK(calendar("2024H1", "2025H2").last_day(3) == Date{2025, 12, 31});
  const Calendar quarters = calendar("2024Q1", "2025Q4");
  CHECK(quarters.last_day(0) == Date{2024, 3, 31});
  CHECK(quarters.last_day(1) == Date{2024, 6, 30});
  CHECK(quarters.last_day(2) == Date{2024, 9, 30});
  CHECK(quarters.last_day(7) == Date{2025, 12, 31});
  SECTION("also in February") {
    CHECK(calendar("2024M02", "2024M02").last_day(0) == Date{2024, 2, 29});
    CHECK(calendar("2025M02", "2025M02").last_day(0) == Date{2025, 2, 28});
    CHECK(calendar("2000M02", "2000M02").last_day(0) == Date{2000, 2, 29});
    CHECK(calendar("2100M02", "2100M02").last_day(0) == Date{2100, 2, 28});
    CHECK(calendar("2024M04", "2024M04").last_day(0) == Date{2024, 4, 30});
  }
}

TEST_CASE("dates are in the order of the calendar") {
  CHECK(date_of("2025-02-11") == Date{2025, 2, 11});
  CHECK(date_of("0999-12-01") == Date{999, 12, 1});
  CHECK(date_of("2024-12-31") < date_of("2025-01-01"));
  CHECK(date_of("2025-01-31") < date_of("2025-02-01"));
  CHECK(date_of("2025-02-10") < date_of("2025-02-11"));
  // A figure is actual if its period was over when its source was published.
  CHECK(calendar("2024", "2030").last_day(0) < date_of("2025-02-11"));
  CHECK_FALSE(calendar("2025", "2030").last_day(0) < date_of("2025-02-11"));
}
