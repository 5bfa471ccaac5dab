// Exchange rates: which ones a conversion takes, and what it refuses.

#include "lang/resolve/rates.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <random>

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

const std::string years = "timeline 2024..2026 yearly\ncurrency USD\n";

double converted(std::string const& rates, std::string const& expression) {
  Loaded m(years + rates + "let x = " + expression + "\n");
  INFO(m.messages());
  REQUIRE(m.good());
  return m.value("x");
}

} // namespace

TEST_CASE("a rate of the pair, its inverse, or two through the pivot") {
  const std::string rates = "fx cny_per_usd : CNY/USD = 8 CNY/USD\n"
                            "fx usd_per_eur : USD/EUR = 1.25 USD/EUR\n";
  CHECK(converted(rates, "16 USD in CNY") == 128);
  CHECK(converted(rates, "16 CNY in USD") == 2);
  CHECK(converted(rates, "8 EUR in CNY") == 80);
  CHECK(converted(rates, "80 CNY in EUR") == 8);
  CHECK(converted(rates, "16 CNY in 亿 USD") == 2);
  CHECK(converted(rates + "unit card\n", "(16 CNY/card) in USD/card") == 2);
  CHECK(converted(rates + "unit card\n", "(16 card/CNY) in card/USD") == 128);
}

TEST_CASE("a rate of the pair itself goes before a cross rate") {
  CHECK(converted("fx a : CNY/USD = 8 CNY/USD\nfx b : USD/EUR = 2 USD/EUR\n"
                  "fx c : CNY/EUR = 10 CNY/EUR\n",
                  "1 EUR in CNY")
        == 10);
}

TEST_CASE("without the model's currency there are no cross rates") {
  Loaded m("fx a : CNY/USD = 8 CNY/USD\nfx b : USD/EUR = 2 USD/EUR\nlet x = 1 EUR in CNY\n");
  CHECK(m.codes() == "E0410");
}

TEST_CASE("a stock takes the closing rate, everything else the average") {
  const std::string text = years
                           + "fx average_rate : CNY/USD average = 8 CNY/USD\n"
                             "fx closing_rate : CNY/USD closing = 4 CNY/USD\n"
                             "company a, b\n"
                             "flow f : CNY by company = 16 CNY\n"
                             "stock s : CNY by company = 16 CNY\n"
                             "let l : CNY = 16 CNY\n";
  const auto value = [&](std::string const& expression) {
    Loaded m(text + "let x : USD = " + expression + " in USD\n");
    INFO(expression << "\n" << m.messages());
    REQUIRE(m.good());
    return m.value("x");
  };
  CHECK(value("f[a]") == 2);
  CHECK(value("l") == 2);
  CHECK(value("s[a]") == 4);
  CHECK(value("(s[a] + s[b])") == 8);
  CHECK(value("(s[a] - s[b] / 2)") == 2);
  CHECK(value("(0 + s[a])") == 4);
  CHECK(value("sum(s over company)") == 8);
  CHECK(value("(s[a] + f[a])") == 4);
  CHECK(value("(s[a] * 50%)") == 2);
  CHECK(value("(if l > 0 then s[a] else 0)") == 4);
}

TEST_CASE("one rate of a pair serves both, but a closing rate only stocks") {
  CHECK(converted("fx r : CNY/USD average = 8 CNY/USD\nstock s : CNY = 16 CNY\n", "s in USD") == 2);
  CHECK(converted("fx r : CNY/USD closing = 8 CNY/USD\nstock s : CNY = 16 CNY\n", "s in USD") == 2);
}

TEST_CASE("each period has its rate, wherever the amount is from") {
  const std::string text = years
                           + "fx r : CNY/USD\nr[2024] = 2 CNY/USD\nr[2025..] = 4 CNY/USD\n"
                             "flow f : CNY\nf[2024..] = 16 CNY\n"
                             "let here : USD = f in USD\n"
                             "let before : USD = (f in USD)[t-1]\n"
                             "let mixed : USD = f[t-1] in USD\n"
                             "let whole : USD = sum(f in USD over t)\n"
                             "let window : USD = sum((f in USD)[v] over v in t-1..t)\n";
  Loaded m(text);
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("here", {"2024"}) == 8);
  CHECK(m.value("here", {"2025"}) == 4);
  CHECK(m.value("before", {"2025"}) == 8);
  CHECK(m.value("mixed", {"2025"}) == 4);
  CHECK(m.value("whole") == 16);
  CHECK(m.value("window", {"2025"}) == 12);
}

TEST_CASE("a conversion brings the axis of time with its rate") {
  Loaded m(years
           + "fx r : CNY/USD\nr[2024..] = 2 CNY/USD\nflow f : CNY\nf[2025] = 4 CNY\n"
             "let x : USD = f in USD\n");
  REQUIRE(m.good());
  CHECK(m.model().line(*m.model().line_named("x")).over_time);
}

TEST_CASE("there and back is the same amount, and two ways around agree, to rounding") {
  std::mt19937_64 random(20240211);
  std::uniform_real_distribution<double> rate(0.01, 200);
  for (int i = 0; i < 50; ++i) {
    const double a = rate(random);
    const double b = rate(random);
    const std::string rates =
        fmt::format("fx a : CNY/USD = {} CNY/USD\nfx b : JPY/USD = {} JPY/USD\n", a, b);
    CHECK(converted(rates, "(7 CNY in USD) in CNY") == Approx(7).epsilon(1e-15));
    CHECK(converted(rates, "(7 CNY in JPY) in CNY") == Approx(7).epsilon(1e-15));
    CHECK(converted(rates, "7 CNY in JPY")
          == Approx(converted(rates, "(7 CNY in USD) in JPY")).epsilon(1e-15));
    CHECK(converted(rates, "7 CNY in JPY") == Approx(7 / a * b).epsilon(1e-15));
  }
}

TEST_CASE("a changed rate touches only what is converted with it") {
  Loaded m(years
           + "fx r : CNY/USD = 2 CNY/USD\nflow f : CNY\nf[2024..] = 4 CNY\nflow g : USD\n"
             "g[2024..] = 4 USD\nflow h : USD = f in USD\nlet k : USD = g * 2\n"
             "scenario s { r = 4 CNY/USD }\n");
  REQUIRE(m.good());
  auto const* r = m.result("s");
  REQUIRE(r != nullptr);
  CHECK(m.value("h", {"2025"}, "s") == 1);
  CHECK(m.value("k", {"2025"}, "s") == 8);
  CHECK(r->log.cells == 4); // the rate, and three years of what it converts
}

TEST_CASE("no rate for a period is an error only where there is something to convert") {
  const auto codes = [](std::string const& amounts) {
    Loaded m(years + "fx r : CNY/USD\nr[..2025] = 2 CNY/USD\nflow f : CNY\n" + amounts
             + "flow x : USD = f in USD\n");
    INFO(m.messages());
    REQUIRE(m.good());
    auto const* result = m.result();
    const judge::Case of{result->scenario, &result->stack, &result->values};
    judge::missing_rates(m.model(), {&of, 1}, m.session().diagnostics());
    return m.codes();
  };
  CHECK(codes("f[..2025] = 1 CNY\nf[2026] = unknown \"not planned\"\n").empty());
  CHECK(codes("f[2024..] = 1 CNY\n") == "E0411");
}
