#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;
using scn_test::value_of;

namespace {

std::string codes_of(std::string const& text) { return Loaded(text).codes(); }

/// The unit of an expression, as people write it.
std::string unit_of(std::string const& expression, std::string const& model = {}) {
  Loaded loaded(model, {{}, expression});
  if (!loaded.good()) throw std::runtime_error(loaded.messages());
  auto const& m = loaded.model();
  return m.units.name(m.line(*m.asked).type.unit);
}

/// How the values of a line are printed.
model::Measure const& measure_of(Loaded const& loaded, std::string_view line) {
  auto const& m = loaded.model();
  return m.measure(m.line(*m.line_named(line)).measure);
}

} // namespace

TEST_CASE("a literal is the double nearest to its exact value, unit and magnitude included") {
  CHECK(value_of("7 month") == 7.0 / 12);
  CHECK(value_of("0.1 month") == 1.0 / 120); // rounded once, not 0.1 first
  CHECK(value_of("75.6 亿 USD") == 7560000000.0);
  CHECK(value_of("756亿USD") == 75600000000.0);
  CHECK(value_of("1.1%") == 0.011);
  CHECK(value_of("0.3 pp") == 0.003);
  CHECK(value_of("25 bp") == 0.0025);
  CHECK(value_of("3 day") == 72.0);
  CHECK(value_of("0.7 week") == 117.6);
  CHECK(value_of("1.5 k USD") == 1500.0);
  CHECK(value_of("2 万亿 CNY") == 2e12);
}

TEST_CASE("a unit's name is a value, one of it") {
  const std::string model = "unit gpu\n";
  CHECK(value_of("9.40 USD/gpu/hour", model) == 9.4);
  CHECK(unit_of("9.40 USD/gpu/hour", model) == unit_of("USD / (gpu * hour)", model));
  CHECK(unit_of("9.40 USD/gpu/hour * gpu * hour", model) == "USD");
  CHECK(value_of("month") == 1.0 / 12);
  // What stands behind the literal is arithmetic: 12 USD by one gpu, times one hour.
  CHECK(unit_of("12 USD/gpu*hour", model) == unit_of("12 USD * hour / gpu", model));
}

TEST_CASE("units may be declared in any order and by one another") {
  const std::string model = "unit day_rate = 2 shift_rate / 3\n"
                            "unit shift_rate = 0.5 USD/shift\n"
                            "unit fortnight = 14 day\n"
                            "unit shift\n"
                            "unit 美元 = USD\n"
                            "unit area = (2 metre)^2\n"
                            "unit metre\n"
                            "unit dozen = 12\n";
  CHECK(value_of("1 fortnight", model) == 336.0);
  CHECK(unit_of("1 fortnight", model) == "hour");
  CHECK(unit_of("1 day_rate", model) == "USD/shift");
  CHECK(value_of("3 day_rate", model) == 1.0);
  CHECK(value_of("756亿美元", model) == 75600000000.0);
  CHECK(value_of("1 area", model) == 4.0);
  CHECK(unit_of("1 area", model) == "metre^2");
  CHECK(value_of("2 dozen", model) == 24.0);
  CHECK(unit_of("2 dozen", model) == "1");
}

TEST_CASE("a unit that is defined by itself is an error, once") {
  CHECK(codes_of("unit a = 2 a") == "E0408");
  CHECK(codes_of("unit a = 2 b\nunit b = 3 c\nunit c = 4 a\nlet x : b = 5 b") == "E0408");
}

TEST_CASE("a unit is defined by numbers and other units only") {
  for (std::string value : {"0", "-1 year", "1/0 year", "1 year + 1 year", "x", "5 x", "2 ^ 0.5",
                            "sum(x over t)", "unknown", "year ^ x"}) {
    INFO(value);
    const std::string codes = codes_of("let x : 1 = 5\nunit bad = " + value);
    CHECK((codes == "E0403" || codes == "E0303"));
  }
  CHECK(codes_of("unit bad = 14 dya") == "E0301");
}

TEST_CASE("a unit behind a colon is read as far as it goes") {
  Loaded loaded("unit card\n"
                "let price : USD/card/hour = 2 USD/card/hour\n"
                "let inverse : 1/card^2 = 4 / card^2\n"
                "let grouped : 亿 USD/(card*hour) = price\n"
                "let per_year : 亿 USD/year = 263 亿 USD/quarter\n"
                "let share : % = 5%\n");
  REQUIRE(loaded.codes().empty());
  CHECK(measure_of(loaded, "grouped").text == "亿 USD/(card*hour)");
  CHECK(measure_of(loaded, "grouped").scale.value() == 1e8);
  CHECK(measure_of(loaded, "share").scale.value() == 0.01);
  CHECK(loaded.value("per_year") == 1052e8); // four quarters are a year
  CHECK(loaded.model().units.name(measure_of(loaded, "inverse").unit) == "1/card^2");
}

TEST_CASE("what is no unit cannot stand behind a colon") {
  CHECK(codes_of("let x : nosuch = 5") == "E0301");
  Loaded line("let x : 1 = 5\nlet y : USD/x = 5 USD");
  CHECK(line.codes() == "E0303");
  CHECK_THAT(line.messages(), contains("`x` is a line, not a unit"));
  CHECK(codes_of("company a\nlet x : a = 5") == "E0303");
}

TEST_CASE("a conversion within a unit keeps the value and says how it is printed") {
  Loaded loaded("let x : USD = 243100000000 USD", {{}, "x in 亿 USD"});
  REQUIRE(loaded.codes().empty());
  auto const& m = loaded.model();
  CHECK(loaded.result()->at(*m.asked, 0, 0) == 243100000000.0);
  CHECK(m.measure(m.line(*m.asked).measure).text == "亿 USD");
  CHECK(value_of("(18 month in year)") == 1.5);
  CHECK(value_of("(1 day in hour) / hour") == 24.0);
}

TEST_CASE("a conversion between units that do not agree is an error") {
  Loaded money("let x : USD = 5 USD\nlet y : CNY = (x in CNY)");
  CHECK(money.codes() == "E0410");
  CHECK_THAT(money.messages(), contains("cannot turn `USD` into `CNY`"));
  CHECK_THAT(money.messages(), contains("no exchange rate"));
  CHECK(codes_of("let y : hour = (1 year in hour)") == "E0401");
  CHECK(codes_of("let y : truth = (true in USD)") == "E0402");
  CHECK(codes_of("let y : USD = (5 USD in nosuch)") == "E0301");
}

TEST_CASE("years and hours are two families that do not convert into each other") {
  CHECK(codes_of("let x : hour = 1 year") == "E0409");
  CHECK(codes_of("let x : day = 1 year / 365") == "E0409");
  // How many days a year has is a line of the model.
  const std::string model = "assume days : day/year = 365 day/year\n";
  CHECK(value_of("1 year * days", model) == 365.0 * 24);
  CHECK(unit_of("1 year * days", model) == "hour");
}

TEST_CASE("every currency is a unit of its own") {
  CHECK(codes_of("let x : USD = 5 CNY") == "E0409");
  Loaded added("let x : USD = 5 USD + 3 CNY");
  CHECK(added.codes() == "E0401");
  CHECK_THAT(added.messages(), contains("this is `USD`"));
  CHECK_THAT(added.messages(), contains("this is `CNY`"));
  CHECK_THAT(added.messages(), contains("different currencies never meet silently"));
  // A rate is plain algebra.
  CHECK(unit_of("100 USD * 7.23 CNY/USD") == "CNY");
  CHECK(unit_of("100 CNY / (7.23 CNY/USD)") == "USD");
}

TEST_CASE("the pivot of conversions is a currency") {
  Loaded loaded("currency USD");
  REQUIRE(loaded.codes().empty());
  REQUIRE(loaded.model().pivot);
  CHECK(loaded.model().units.name(*loaded.model().pivot) == "USD");
  CHECK(codes_of("currency year") == "E0303");
  CHECK(codes_of("currency USD_") == "E0301");
}

TEST_CASE("the algebra of units is exact") {
  const std::string model = "unit card\nunit EFLOPS\n";
  CHECK(unit_of("5 USD/card/hour * 3 hour * 2 card", model) == "USD");
  CHECK(unit_of("6 USD / 2 USD") == "1");
  CHECK(unit_of("(3 USD)^2") == "USD^2");
  CHECK(value_of("(3 USD)^2") == 9.0);
  CHECK(unit_of("(2 USD)^-1") == "1/USD");
  CHECK(unit_of("(2 USD)^2 / 2 USD^2") == "1");
  CHECK(codes_of(model + "let x = 1 EFLOPS + 1 card") == "E0401");
}

TEST_CASE("a number that is too large is an error where it stands") {
  CHECK(codes_of("let x : 1 = 1e400") == "E0105");
  CHECK(codes_of("let x : USD = 1e306 万 USD") == "E0105");
  CHECK(value_of("1e-400") == 0.0);
}

TEST_CASE("a unit without a magnitude is printed as the tables of the model write it") {
  Loaded loaded("timeline 2024..2025 yearly\n"
                "let big : USD\n"
                "let other : USD = 3 USD\n"
                "let written : mn USD = 3 USD\n"
                "table big in 亿 USD {\n | 2024 | 2025 |\n | 1 | 2 |\n}\n");
  REQUIRE(loaded.codes().empty());
  CHECK(measure_of(loaded, "big").text == "亿 USD");
  CHECK(measure_of(loaded, "other").text == "亿 USD");
  CHECK(measure_of(loaded, "written").text == "mn USD");
}
