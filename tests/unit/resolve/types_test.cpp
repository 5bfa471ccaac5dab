#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;
using scn_test::value_of;

namespace {

std::string codes_of(std::string const& text) { return Loaded(text).codes(); }

/// What a line holds: its unit, or `truth`, `period`, or a dimension.
std::string type_of(Loaded const& loaded, std::string_view line) {
  auto const& m = loaded.model();
  model::Type const& t = m.line(*m.line_named(line)).type;
  switch (t.kind) {
  case model::Kind::any: return "anything";
  case model::Kind::number: return m.units.name(t.unit);
  case model::Kind::truth: return "truth";
  case model::Kind::period: return "period";
  case model::Kind::member: return m.dimension(t.dimension).name;
  }
  return {};
}

/// A model with amounts in two currencies, a pure number and a condition.
const std::string some = "let usd : USD = 6 USD\n"
                         "let cny : CNY = 5 CNY\n"
                         "let n : 1 = 2\n"
                         "let yes : truth = true\n"
                         "unit card\n"
                         "unit EFLOPS\n";

std::string codes_with(std::string const& statement) { return codes_of(some + statement); }

} // namespace

TEST_CASE("a unit that is not written is inferred, in whatever order lines stand") {
  Loaded loaded("let per_hour = total / hours\n" // all that it needs comes below
                "let total = price * cards * hours\n"
                "let price = 2 USD/card/hour\n"
                "let cards : card = 5 card\n"
                "let hours = 3 hour\n"
                "let ratio = total / (1 USD)\n"
                "let big = total > 5 USD\n"
                "let either = if big then total else price * cards * hour\n"
                "unit card\n");
  REQUIRE(loaded.codes().empty());
  CHECK(type_of(loaded, "total") == "USD");
  CHECK(type_of(loaded, "per_hour") == "USD/hour");
  CHECK(type_of(loaded, "ratio") == "1");
  CHECK(type_of(loaded, "big") == "truth");
  CHECK(type_of(loaded, "either") == "USD");
  CHECK(loaded.value("per_hour") == 10.0);
}

TEST_CASE("a recurrence takes its unit from its start") {
  Loaded loaded("timeline 2024..2026 yearly\n"
                "let x\nx = x[t-1] * 2\nx[first] = 3 USD\n"
                "let y\ny = y[t-1] + x\ny[first] = x / 2\n");
  REQUIRE(loaded.codes().empty());
  CHECK(type_of(loaded, "x") == "USD");
  CHECK(type_of(loaded, "y") == "USD");
  CHECK(loaded.value("x", {"2026"}) == 12.0);
}

TEST_CASE("where nothing decides a unit it must be written") {
  for (std::string line : {"let x = 0", "let x = unknown \"why\"", "let x\nlet y : 1 = x",
                           "let x = x", "let x = 0 * 5"}) {
    INFO(line);
    Loaded loaded(line);
    CHECK(loaded.codes() == "E0404");
    CHECK_THAT(loaded.messages(), contains("nothing says what `x` is measured in"));
  }
  CHECK(codes_of("let x : USD = 0").empty());
  CHECK(codes_of("let x : USD = unknown").empty());
}

TEST_CASE("a written unit is checked against what the formula gives") {
  CHECK(codes_with("let x : USD = usd * n").empty());
  CHECK(codes_with("let x : USD = usd * usd / usd").empty());
  CHECK(codes_with("let x : 亿 USD = usd").empty()); // a magnitude is no other unit
  CHECK(codes_with("let x : % = n").empty());        // nor is %
  Loaded loaded(some + "let x : USD = usd * usd");
  CHECK(loaded.codes() == "E0409");
  CHECK_THAT(loaded.messages(), contains("`x` is `USD`, and this gives `USD^2`"));
  CHECK_THAT(loaded.messages(), contains("declared as `USD`"));
  Loaded inferred("company a, b\nlet x by company\nx[a] = 5 USD\nx[b] = 5 CNY");
  CHECK(inferred.codes() == "E0409");
  CHECK_THAT(inferred.messages(), contains("elsewhere it is"));
}

TEST_CASE("amounts of different units are neither added nor compared nor chosen between") {
  for (std::string e :
       {"usd + cny", "usd - cny", "usd + 5", "5 - usd", "1 EFLOPS + 1 card", "max(usd, cny)",
        "min(usd, 5)", "if yes then usd else cny", "usd else cny", "usd + n", "usd + month"}) {
    INFO(e);
    CHECK(codes_with("let x = " + e) == "E0401");
  }
  for (std::string e : {"usd > cny", "usd == 5", "n < usd", "usd != cny"}) {
    INFO(e);
    CHECK(codes_with("let x : truth = " + e) == "E0401");
    CHECK(codes_with("check " + e) == "E0401");
  }
  Loaded loaded("let capex : USD = 5 USD\nlet y : USD = capex + 5");
  CHECK_THAT(loaded.messages(), contains("cannot add `USD` and a pure number"));
  CHECK_THAT(loaded.messages(), contains("`5 USD`"));
}

TEST_CASE("the literal 0 and unknown fit every unit") {
  for (std::string e : {"usd + 0", "0 - usd", "max(usd, 0)", "if yes then usd else 0", "usd else 0",
                        "usd + unknown", "if yes then unknown else usd", "usd * 1 + (0 + 0)"}) {
    INFO(e);
    CHECK(codes_with("let x : USD = " + e).empty());
  }
  CHECK(codes_with("let x : truth = usd > 0 and cny >= 0 and n != 0").empty());
  CHECK(codes_with("let x : USD = usd + 0.0").empty()); // it is 0, however it is written
  // 0 of something is no longer a bare 0.
  CHECK(codes_with("let x : USD = usd + 0 CNY") == "E0401");
  CHECK(codes_with("let x : USD = usd + 0%") == "E0401");
}

TEST_CASE("an exponent is a pure number, and with a unit below it whole and constant") {
  CHECK(value_of("2 ^ 0.5 * 2 ^ 0.5") == scn_test::Approx(2));
  CHECK(value_of("2^3^2") == 512.0);
  CHECK(value_of("-2^2") == -4.0);
  CHECK(codes_with("let x : USD^2 = usd ^ 2").empty());
  CHECK(codes_with("let x : 1/USD = usd ^ -1").empty());
  CHECK(codes_with("let x : 1 = usd ^ 0").empty());
  CHECK(codes_with("let x : 1 = n ^ n").empty());
  CHECK(codes_with("let x : USD = usd ^ 0.5") == "E0405");
  CHECK(codes_with("let x : USD = usd ^ n") == "E0405");
  CHECK(codes_with("let x : 1 = 2 ^ usd") == "E0401");
  CHECK(codes_with("let x : 1 = 2 ^ yes") == "E0401");
}

TEST_CASE("numbers, conditions, members and periods are told apart") {
  const std::string more = some
                           + "timeline 2024..2026 yearly\ncompany a, b\n"
                             "let who : company = a\nlet start : period = 2025\n";
  for (std::string e : {"usd + yes", "-yes", "usd * who", "if usd then 1 else 2", "not usd",
                        "usd and yes", "start * 2", "who + 1", "if yes then usd else who"}) {
    INFO(e);
    CHECK(codes_of(more + "let x : 1 = " + e) == "E0402");
  }
  for (std::string e : {"yes < true", "who < b", "who == start", "yes == 1", "usd == a"}) {
    INFO(e);
    CHECK(codes_of(more + "let x : truth = " + e) == "E0402");
  }
  CHECK(codes_of(more + "let x : truth = who == a and start < 2026 and yes == true").empty());
  CHECK(codes_of(more + "let x : truth = 1") == "E0402");
  CHECK(codes_of(more + "let x : 1 = true") == "E0402");
  CHECK(codes_of(more + "let x : company = start") == "E0402");
  CHECK(codes_of(more + "let x : period = who") == "E0402");
  CHECK(codes_of(more + "let x : company = January") == "E0402"); // of another dimension
}

TEST_CASE("a date is no value") {
  Loaded loaded("let x : 1 = 2025-02-11");
  CHECK(loaded.codes() == "E0402");
  CHECK_THAT(loaded.messages(), contains("a date is no value"));
}

TEST_CASE("a function's units are inferred at each use") {
  const std::string f = some + "fn plus(a, b) = a + b\nfn square(a) = a * a\nfn halve(a) = a / 2\n";
  Loaded loaded(f + "let x = square(usd)\nlet y = square(n)\nlet z = plus(halve(cny), 3 CNY)\n");
  REQUIRE(loaded.codes().empty());
  CHECK(type_of(loaded, "x") == "USD^2");
  CHECK(type_of(loaded, "y") == "1");
  CHECK(type_of(loaded, "z") == "CNY");
  CHECK(codes_of(f + "let x = plus(usd, cny)") == "E0401");
  CHECK(codes_of(f + "let x = plus(usd, 3)") == "E0401");
}

TEST_CASE("a parameter with a unit takes no other") {
  const std::string f = some
                        + "fn fee(x : USD, years : year) = x * years / 1 year\n"
                          "fn pick(c : truth) = if c then 1 else 2\n";
  CHECK(codes_of(f + "let x : USD = fee(usd, 18 month)").empty());
  CHECK(codes_of(f + "let x : USD = fee(0, unknown)").empty());
  CHECK(codes_of(f + "let x : USD = fee(cny, 1 year)") == "E0401");
  CHECK(codes_of(f + "let x : USD = fee(5, 1 year)") == "E0401");
  CHECK(codes_of(f + "let x : USD = fee(usd, 1 hour)") == "E0401");
  CHECK(codes_of(f + "let x : USD = fee(yes, 1 year)") == "E0402");
  CHECK(codes_of(f + "let x : 1 = pick(usd > 0)").empty());
  CHECK(codes_of(f + "let x : 1 = pick(n)") == "E0402");
}

TEST_CASE("a mistake inside a library function is shown where it is used") {
  Loaded loaded("let x : USD = sqrt(5 USD)");
  CHECK(loaded.codes() == "E0401");
  CHECK_THAT(loaded.messages(), contains("test.scn:1:20")); // the argument, not the library's text
}

TEST_CASE("aggregations want numbers, conditions or periods, each its own") {
  const std::string model =
      some
      + "timeline 2024..2026 yearly\ncompany a, b\nlet x : USD by company = 5 USD\n"
        "let late : truth by company = company == b\nlet begin : period by company = 2025\n";
  Loaded loaded(model
                + "let s = sum(x over company)\nlet c = count(late over company)\n"
                  "let l = any(late over company)\nlet m = max(begin over company)\n"
                  "let w = argmax(x over company)\nlet g = avg(x over company weighted by x)\n");
  REQUIRE(loaded.codes().empty());
  CHECK(type_of(loaded, "s") == "USD");
  CHECK(type_of(loaded, "c") == "1");
  CHECK(type_of(loaded, "l") == "truth");
  CHECK(type_of(loaded, "m") == "period");
  CHECK(type_of(loaded, "w") == "company");
  CHECK(type_of(loaded, "g") == "USD");
  for (std::string e :
       {"count(x over company)", "any(x over company)", "sum(late over company)",
        "sum(begin over company)", "sum(x over company where x)",
        "sum(x over company where company)", "avg(x over company weighted by late)"}) {
    INFO(e);
    CHECK(codes_of(model + "let y : 1 = " + e) == "E0402");
  }
  CHECK(codes_of(model + "let y : 1 = product(x over company)") == "E0401");
}
