// The timeline as a dimension: `by vintage`.

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

const std::string years =
    "timeline 2024..2027 yearly\n"
    "flow capex : USD = 100 USD * (t - 2023) / 1 year\n"
    "flow x : 1 by vintage = 10 * (vintage - 2023) / 1 year + (t - 2023) / 1 year\n"
    "let age : year by vintage = t - vintage\n";

/// An expression without axes, in the model above.
double value(std::string const& expression) { return scn_test::value_of(expression, years); }

std::string codes(std::string const& text, std::string const& timeline = "2024..2027 yearly") {
  Loaded m("timeline " + timeline + "\nflow x : USD by vintage\nx[last] = 0\n" + text);
  INFO(m.messages());
  return m.codes();
}

} // namespace

TEST_CASE("a vintage is a period, and the steps of the timeline are its members") {
  Loaded m("timeline 2024Q3..2025Q2 quarterly\n"
           "flow capex : USD\ncapex = 0\ncapex[2025Q1] = 7 USD\n"
           "let cost : USD by vintage = capex[vintage]\n"
           "let next : USD by vintage = capex[vintage + 1]\n"
           "let now : truth by vintage = vintage == 2025Q1\n"
           "let late : truth by vintage = vintage >= 2025 and vintage in 2025Q1..2025Q1\n"
           "let age : year by vintage = 2025Q2 - vintage\n"
           "let itself : vintage by vintage = vintage\n");
  INFO(m.messages());
  REQUIRE(m.good());
  auto const& dimension =
      m.model().dimension(m.model().line(*m.model().line_named("cost")).dimensions[0]);
  REQUIRE(dimension.members.size() == 4);
  CHECK(dimension.members[0].name == "2024Q3");
  CHECK(dimension.members[3].name == "2025Q2");
  CHECK_FALSE(m.model().line(*m.model().line_named("cost")).over_time);
  CHECK(m.value("cost", {"2025Q1"}) == 7);
  CHECK(m.value("cost", {"2024Q4"}) == 0);
  CHECK(m.value("next", {"2024Q4"}) == 7);
  CHECK(model::is_inapplicable(m.value("next", {"2025Q2"})));
  CHECK(m.value("now", {"2025Q1"}) == 1);
  CHECK(m.value("late", {"2025Q2"}) == 0);
  CHECK(m.value("age", {"2024Q3"}) == 0.75);
  CHECK(m.value("itself", {"2025Q1"}) == 2);
  CHECK(m.model().line(*m.model().line_named("itself")).type.kind == model::Kind::period);
  CHECK(m.model().cell_name(*m.model().line_named("cost"), 2, 0) == "cost[vintage = 2025Q1]");
}

TEST_CASE("an index names the vintage; a period without a name is the step") {
  CHECK(value("x[vintage = 2025, 2027]") == 24);
  CHECK(value("x[2027, vintage = 2025]") == 24);
  CHECK(value("x[vintage = first, last]") == 14);
  CHECK(value("x[vintage = 2025][2027]") == 24);
  CHECK(value("x[vintage = t - 1][2026]") == 23);
  CHECK(value("x[vintage = t - 1 year, t - 1][2027]") == 33);
  CHECK(model::is_inapplicable(value("x[vintage = t - 1][2024]")));
  CHECK(model::is_inapplicable(value("x[vintage = t + 1][2027]")));
  CHECK(value("sum(x[vintage = t] over t in 2024..2026)") == 11 + 22 + 33);
  CHECK(value("x[vintage = argmax(capex over t), 2024]") == 41);
}

TEST_CASE("the word vintage is a period, and beside a period the axis itself") {
  Loaded m(years
           + "let own : 1 by vintage = x[vintage]\n"
             "flow before : 1 by vintage = x[vintage, t-1]\n"
             "flow again : 1 by vintage = x[t-1, vintage]\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("own", {"2026"}) == 33);
  CHECK(m.value("before", {"2026", "2025"}) == 31);
  CHECK(m.value("again", {"2026", "2025"}) == 31);
  CHECK(model::is_inapplicable(m.value("before", {"2026", "2024"})));
}

TEST_CASE("aggregations run over vintages as over periods") {
  CHECK(value("sum(x[2024] over vintage)") == 11 + 21 + 31 + 41);
  CHECK(value("sum(x[2024] over vintage in 2025..2026)") == 21 + 31);
  CHECK(value("sum(x[2024] over vintage in 2026..)") == 31 + 41);
  CHECK(value("sum(x[2024] over vintage in 2026)") == 31);
  CHECK(value("sum(x over vintage in first..t-1)[2026]") == 13 + 23);
  CHECK(value("sum(x over vintage where t > vintage)[2026]") == 13 + 23);
  CHECK(value("sum(capex[vintage] over vintage where t - vintage <= 1 year)[2026]") == 900);
  CHECK(value("sum(x[vintage = v, 2024] over v in 2024..2025)") == 32);
  CHECK(value("sum(x[vintage = v - 1, 2024] over v in 2025..2026)") == 32);
  CHECK(value("sum(x[vintage = v, v] over v in vintage)") == 11 + 22 + 33 + 44);
  CHECK(value("count(vintage in 2025..2026 over vintage)") == 2);
  CHECK(value("max(vintage over vintage) - 2024") == 3);
  CHECK(value("argmax(x[2024] over vintage) - 2024") == 3);
  CHECK(value("sum(x over vintage, t)") == 4 * (10 + 20 + 30 + 40) + 4 * 10);
}

TEST_CASE("a rank over vintages keeps them") {
  Loaded m(years
           + "let place : 1 by vintage = rank(x[2024] over vintage)\n"
             "let early : 1 by vintage = rank(x[2024] over vintage in ..2025)\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("place", {"2027"}) == 1);
  CHECK(m.value("place", {"2024"}) == 4);
  CHECK(m.value("early", {"2024"}) == 2);
  CHECK(model::is_inapplicable(m.value("early", {"2026"})));
}

TEST_CASE("equations and tables name vintages") {
  Loaded m("timeline 2024..2026 yearly\ncompany a, b\n"
           "assume life : year by company, vintage = 5 year\n"
           "life[vintage = 2026] = 6 year\n"
           "life[a, vintage = ..2024] = 3 year\n"
           "flow x : USD by vintage\n"
           "x = 0\n"
           "x[vintage = 2025, 2025..] = 1 USD\n"
           "x[vintage = 2025, 2026] = 2 USD\n"
           "let cost : USD by vintage\n"
           "table cost in USD {\n|  |  |\n 2024 | 7 |\n 2026 | 9 |\n}\n"
           "flow y : USD by vintage\n"
           "table y in USD {\n | 2025 | 2026 |\n 2024 | 1 | 2 |\n 2025 | 3 | 4 |\n}\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("life", {"a", "2024"}) == 3);
  CHECK(m.value("life", {"b", "2024"}) == 5);
  CHECK(m.value("life", {"b", "2026"}) == 6);
  CHECK(m.value("x", {"2025", "2024"}) == 0);
  CHECK(m.value("x", {"2025", "2025"}) == 1);
  CHECK(m.value("x", {"2025", "2026"}) == 2);
  CHECK(m.value("cost", {"2026"}) == 9);
  CHECK(model::is_unknown(m.value("cost", {"2025"})));
  CHECK(m.value("y", {"2024", "2026"}) == 2);
  CHECK(m.value("y", {"2025", "2025"}) == 3);
}

TEST_CASE("a recurrence by vintage needs no vintage in its cycle") {
  Loaded m(
      "timeline 2024..2028 yearly\nflow capex : USD\ncapex = 0\ncapex[2024] = 100 USD\n"
      "capex[2026] = 30 USD + total[t-1] # what is charged is spent again\n"
      "stock book : USD by vintage\n"
      "book[first] = if vintage == first then capex else 0\n"
      "book = if t == vintage then capex else book[vintage, t-1] - charge\n"
      "flow charge : USD by vintage\ncharge[first] = 0\n"
      "charge = if t > vintage then min(book[vintage, t-1], book[vintage, vintage] / 4) else 0\n"
      "flow total : USD = sum(charge over vintage)\n");
  INFO(m.messages());
  REQUIRE(m.good());
  // `book[vintage, vintage]` reads a period that is computed, and that not inside a cycle.
  CHECK(m.result() == nullptr);
  CHECK(m.codes() == "E0703");
  Loaded good("timeline 2024..2028 yearly\nflow capex : USD\ncapex = 0\ncapex[2024] = 100 USD\n"
              "capex[2026] = 30 USD + total[t-1]\n"
              "stock book : USD by vintage\n"
              "book[first] = if vintage == first then capex else 0\n"
              "book = if t == vintage then capex else book[vintage, t-1] - charge\n"
              "flow charge : USD by vintage\ncharge[first] = 0\n"
              "charge = if t > vintage then book[t-1] / 2 else 0\n"
              "flow total : USD = sum(charge over vintage)\n");
  INFO(good.messages());
  REQUIRE(good.good());
  CHECK(good.value("total", {"2025"}) == 50);
  CHECK(good.value("capex", {"2026"}) == 80);
  CHECK(good.value("total", {"2027"}) == 12.5 + 40);
}

TEST_CASE("scenarios change single vintages") {
  Loaded m(years
           + "assume life : year by vintage = 5 year\n"
             "flow charge : USD = sum(capex[vintage] / life * period over vintage in first..t-1)\n"
             "scenario longer { life[vintage = 2025..] = 10 year }\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("charge", {"2026"}) == 60);
  CHECK(m.value("charge", {"2025"}, "longer") == 20);
  CHECK(m.value("charge", {"2026"}, "longer") == 40);
}

TEST_CASE("what is no vintage is refused") {
  CHECK(codes("x[vintage = 2024, 2026] = 1 USD\n").empty());
  CHECK(codes("x[2024, 2026] = 1 USD\n") == "E0507");
  CHECK(codes("x[vintage = 2030] = 1 USD\n") == "E0504");
  CHECK(codes("company a\nx[company = 2024] = 1 USD\n") == "E0507");
  CHECK(codes("company a\nx[vintage = a] = 1 USD\n") == "E0507");
  CHECK(codes("flow y : USD\ny[vintage = 2024] = 1 USD\n") == "E0507");
  CHECK(codes("flow y : USD = x[2024, 2026]\n") == "E0503");
  CHECK(codes("flow y : USD = x\n") == "E0501");
  CHECK(codes("flow y : USD = sum(x[vintage = 2030] over t)\n") == "E0504");
  CHECK(codes("company a\nflow y : USD = x[vintage = a]\n") == "E0503");
  CHECK(codes("company a\nflow y : USD = x[company = 2025]\n") == "E0503");
  CHECK(codes("let z : USD = sum(5 USD over vintage)\n") == "E0508");
  CHECK(codes("vintage old, new\n") == "E0312");
  CHECK(codes("dimension vintage\n") == "E0302");
  CHECK(codes("x[vintage = 2025] = 1 USD\n", "2024Q1..2025Q4 quarterly") == "E0506");
  const std::string quarters = "2024Q1..2025Q4 quarterly";
  CHECK(codes("flow y : USD = x[vintage = 2025, t]\n", quarters) == "E0503");
  CHECK(codes("flow y : USD = x[vintage = FY2025Q1, t]\n", quarters) == "E0503");
  CHECK(codes("flow y : USD = sum(x over vintage in 2025)\n", quarters).empty());
  Loaded m("let life : year by vintage = 5 year\n");
  CHECK(m.codes() == "E0310");
  CHECK_THAT(m.messages(), contains("vintages are the periods of the timeline"));
}
