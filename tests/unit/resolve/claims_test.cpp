#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

const std::string some = "timeline 2024..2026 yearly\n"
                         "company a, b\n"
                         "source doc { published 2025-06-30 }\n"
                         "flow x : USD by company = 5 USD\n"
                         "x[2025] = 7 亿 USD\n"
                         "let share : % = 15%\n"
                         "let who : company = a\n";

std::string codes_of(std::string const& text) { return Loaded(some + text).codes(); }

/// The one claim of a text.
model::Claim claim_of(std::string const& text) {
  Loaded loaded(some + text);
  if (!loaded.good()) throw std::runtime_error(loaded.messages());
  return loaded.model().claims.at(0);
}

/// The lines of a model whose values may be judged, of which the first check or claim is one.
model::Line const& hidden_line(Loaded const& loaded, model::LineId id) {
  REQUIRE(loaded.model().line(id).hidden);
  return loaded.model().line(id);
}

} // namespace

// ----------------------------------------------------------------------------------------- claims

TEST_CASE("a claim keeps what the document says, and where") {
  Loaded loaded(some + "claim \"D1\" x[a, 2025] = 7.0 亿 USD from doc \"line 4\"");
  REQUIRE(loaded.codes().empty());
  auto const& m = loaded.model();
  REQUIRE(m.claims.size() == 1);
  model::Claim const& c = m.claims[0];
  CHECK(c.label == "D1");
  CHECK(c.text == "x[a, 2025] = 7.0 亿 USD");
  CHECK_FALSE(c.condition);
  CHECK(c.layer == model::base_layer);
  CHECK(c.stated.value == 7e8);
  CHECK(c.stated.half == 0.05e8); // half of the last written digit, magnitude included
  CHECK(m.measure(c.measure).text == "亿 USD");
  REQUIRE(c.citation.valid());
  CHECK(m.citations[c.citation.value].place == "line 4");
  // Its left side is a line of its own, for one cell, printed as the document counts.
  model::Line const& line = hidden_line(loaded, c.line);
  CHECK(line.dimensions.empty());
  CHECK_FALSE(line.over_time);
  CHECK(m.measure(line.measure).text == "亿 USD");
  CHECK(loaded.result()->at(c.line, 0, 0) == 7e8);
}

TEST_CASE("what the stated side of a claim allows") {
  using Allows = model::Claim::Allows;
  CHECK(claim_of("claim x[a, 2024] = 5 USD").allows == Allows::rounding);
  CHECK(claim_of("claim x[a, 2024] = over 4 USD").allows == Allows::over);
  CHECK(claim_of("claim x[a, 2024] = under 6 USD").allows == Allows::under);
  CHECK(claim_of("claim x[a, 2024] = about 5 USD").allows == Allows::about);
  CHECK(claim_of("claim x[a, 2024] = nearly 5 USD").allows == Allows::nearly);
  const model::Claim range = claim_of("claim x[a, 2024] = 4..6 USD");
  CHECK(range.allows == Allows::range);
  CHECK(range.stated.low == 4.0);
  CHECK(range.stated.high == 6.0);
  CHECK(claim_of("claim x[a, 2024] = 5 USD exact").stated.half == 0.0);
}

TEST_CASE("a tolerance is a share of an amount, and absolute for a pure number or with a unit") {
  const model::Claim share = claim_of("claim x[a, 2024] = 5 USD within 2%");
  CHECK(share.allows == model::Claim::Allows::tolerance);
  CHECK(share.tolerance == 0.02);
  CHECK(share.relative);
  const model::Claim amount = claim_of("claim x[a, 2024] = 5 USD within 0.5 USD");
  CHECK(amount.tolerance == 0.5);
  CHECK_FALSE(amount.relative);
  CHECK_FALSE(claim_of("claim share = 15% within 1 pp").relative);
  CHECK(codes_of("claim x[a, 2024] = over 5 USD within 2%") == "E0407"); // one or the other
  CHECK(codes_of("claim x[a, 2024] = 4..6 USD within 2%") == "E0407");
  CHECK(codes_of("claim x[a, 2024] = 5 USD within x[b, 2024]") == "E0407");
}

TEST_CASE("a claim speaks of one cell") {
  CHECK(codes_of("claim sum(x over company, t) = 5 USD").empty());
  CHECK(codes_of("claim x[argmax(x[2024] over company), 2025] = 7 亿 USD").empty());
  Loaded loaded(some + "claim x[2024] = 5 USD");
  CHECK(loaded.codes() == "E0502");
  CHECK_THAT(loaded.messages(), contains("a claim speaks of one cell"));
  CHECK_THAT(loaded.messages(), contains("one for each `company`"));
  CHECK(codes_of("claim x[a, t] = 5 USD") == "E0502");
  CHECK(codes_of("claim x[a, t - 1] = 5 USD") == "E0502");
  CHECK(codes_of("claim who == company") == "E0502");
}

TEST_CASE("a claim states a number in the unit of what it speaks of") {
  CHECK(codes_of("claim x[a, 2024] = 5 USD").empty());
  CHECK(codes_of("claim x[a, 2024] = 0").empty()); // 0 fits every unit
  CHECK(codes_of("claim share = 15").empty());     // wrong by far, but a pure number
  CHECK(codes_of("claim x[a, 2024] = 5") == "E0409");
  CHECK(codes_of("claim x[a, 2024] = 5 CNY") == "E0409");
  CHECK(codes_of("claim share = 15 USD") == "E0409");
  CHECK(codes_of("claim x[a, 2024] > 4 USD = 5 USD") == "E0402");
  CHECK(codes_of("claim who = 5") == "E0402");
  for (std::string stated : {"x[b, 2024]", "unknown", "a", "2 USD + 3 USD", "6..4 USD"}) {
    INFO(stated);
    CHECK(codes_of("claim x[a, 2024] = " + stated) == "E0407");
  }
  CHECK(codes_of("claim x[a, 2024] = 5 USD from nobody") == "E0306");
}

TEST_CASE("a condition may be claimed, too") {
  const model::Claim c = claim_of("claim \"more\" x[a, 2025] > x[a, 2024] from doc");
  CHECK(c.condition);
  CHECK(c.text == "x[a, 2025] > x[a, 2024]");
  CHECK(claim_of("claim who == a").condition);
  Loaded loaded(some + "claim x[a, 2025] from doc");
  CHECK(loaded.codes() == "E0402");
  CHECK_THAT(loaded.messages(), contains("a condition is wanted here, and this is `USD`"));
}

TEST_CASE("a claim or check belongs to the layer that it stands in") {
  Loaded loaded(some
                + "claim \"base\" x[a, 2024] = 5 USD\n"
                  "scenario s {\n  x[a, 2024] = 6 USD\n  claim \"in s\" x[a, 2024] = 6 USD\n"
                  "  check \"in s\" x > 0\n}\n"
                  "check \"base\" x > 0\n");
  REQUIRE(loaded.codes().empty());
  auto const& m = loaded.model();
  REQUIRE(m.claims.size() == 2);
  CHECK(m.layer_name(m.claims[0].layer) == "base");
  CHECK(m.claims[1].label == "in s");
  CHECK(m.layer_name(m.claims[1].layer) == "s");
  REQUIRE(m.checks.size() == 2);
  CHECK(m.layer_name(m.checks[0].layer) == "s");
  CHECK(m.layer_name(m.checks[1].layer) == "base");
}

// ----------------------------------------------------------------------------------------- checks

TEST_CASE("a check covers every cell of its expression") {
  Loaded loaded(some + "check \"some label\" x >= 0 and company != b\ncheck share > 10%\n");
  REQUIRE(loaded.codes().empty());
  auto const& m = loaded.model();
  REQUIRE(m.checks.size() == 2);
  CHECK(m.checks[0].label == "some label");
  CHECK(m.checks[0].text == "x >= 0 and company != b");
  model::Line const& wide = hidden_line(loaded, m.checks[0].line);
  REQUIRE(wide.dimensions.size() == 1);
  CHECK(m.dimension(wide.dimensions[0]).name == "company");
  CHECK(wide.over_time);
  model::Line const& single = hidden_line(loaded, m.checks[1].line);
  CHECK(single.dimensions.empty());
  CHECK_FALSE(single.over_time);
  // Lane 0 is company a, for which it holds; b fails in every period.
  CHECK(loaded.result()->at(m.checks[0].line, 0, 1) == 1.0);
  CHECK(loaded.result()->at(m.checks[0].line, 1, 1) == 0.0);
}

TEST_CASE("a check is a condition") {
  CHECK(codes_of("check true").empty());
  CHECK(codes_of("check who == a and not (x < 0)").empty());
  CHECK(codes_of("check all(x > 0 over company, t)").empty());
  Loaded loaded(some + "check x");
  CHECK(loaded.codes() == "E0402");
  CHECK_THAT(loaded.messages(), contains("a condition is wanted here, and this is `USD`"));
  CHECK(codes_of("check share") == "E0402");
  CHECK(codes_of("check who") == "E0402");
  CHECK(codes_of("check x == 5") == "E0401");
  CHECK(codes_of("check nosuch > 0") == "E0301");
}

TEST_CASE("equality is near, and within says how near") {
  const auto holds = [](std::string const& check) {
    Loaded loaded("let third : USD = 1 USD / 3\nlet hundred : USD = 100 USD\nlet n : 1 = 10\n"
                  "let yes : truth = true\ncheck "
                  + check);
    if (!loaded.good()) throw std::runtime_error(loaded.messages());
    return loaded.result()->at(loaded.model().checks.at(0).line, 0, 0) == 1;
  };
  CHECK(holds("third * 3 == 1 USD"));
  CHECK(holds("hundred == 100.00000001 USD")); // one part in 10^9
  CHECK_FALSE(holds("hundred == 100.000001 USD"));
  CHECK(holds("hundred == 100.5 USD within 0.5%"));
  CHECK_FALSE(holds("hundred == 100.6 USD within 0.5%"));
  CHECK(holds("hundred == 104 USD within 4 USD"));
  CHECK_FALSE(holds("hundred == 104.1 USD within 4 USD"));
  CHECK(holds("hundred <= 99 USD within 2%"));
  CHECK_FALSE(holds("hundred <= 99 USD within 0.5%"));
  CHECK(holds("hundred >= 101 USD within 2%"));
  CHECK_FALSE(holds("hundred >= 101 USD within 0.5%"));
  // Conditions are equal or not.
  CHECK(holds("yes == true"));
  CHECK_FALSE(holds("yes == false"));
}

TEST_CASE("within loosens a comparison by ==, <= or >= and has its unit") {
  CHECK(codes_of("check x > 3 USD within 1%") == "E0406");
  CHECK(codes_of("check x > 0 and x == 5 USD within 1%") == "E0406");
  CHECK(codes_of("check share within 1%") == "E0406");
  CHECK(codes_of("check x[a] == x[b] within 1 CNY") == "E0401");
  CHECK(codes_of("check x[a] == x[b] within 1 USD").empty());
  CHECK(codes_of("check x[a] == x[b] within share").empty());
}

// ------------------------------------------------------------------------------------- what is
// asked

TEST_CASE("an expression that is asked for may have axes, in the order of their declaration") {
  Loaded loaded(some + "dimension region\nregion north\nlet y : 1 by region = 2\n",
                {{}, "y * x in 亿 USD"});
  REQUIRE(loaded.codes().empty());
  auto const& m = loaded.model();
  REQUIRE(m.asked);
  model::Line const& line = hidden_line(loaded, *m.asked);
  REQUIRE(line.dimensions.size() == 2);
  CHECK(m.dimension(line.dimensions[0]).name == "company");
  CHECK(m.dimension(line.dimensions[1]).name == "region");
  CHECK(line.over_time);
  CHECK(m.measure(line.measure).text == "亿 USD"); // printed as it was asked for
  CHECK(loaded.result()->at(*m.asked, 0, 1) == 14e8);
  CHECK(Loaded(some, {{}, "nosuch + 1"}).codes() == "E0301");
  CHECK(Loaded(some, {{}, "x + 1"}).codes() == "E0401");
}
