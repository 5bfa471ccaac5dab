// What `scn check` prints: checks, claims with their verdicts, and a summary.

#include "engine/report/report.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <nlohmann/json.hpp>

using namespace scn;
using nlohmann::json;
using report::Format;
using scn_test::contains;
using scn_test::Loaded;

namespace {

/// The audit of the base and all scenarios.
std::string audited(Loaded& m, Format format = Format::table) {
  INFO(m.messages());
  REQUIRE(m.good());
  report::Audit audit;
  audit.file = "test.scn";
  std::vector<std::string> scenarios{"base"};
  for (model::Scenario const& s : m.model().scenarios)
    scenarios.push_back(s.name);
  for (std::string const& s : scenarios) {
    auto const* r = m.result(s);
    REQUIRE(r != nullptr);
    const judge::Case of{r->scenario, &r->stack, &r->values};
    for (auto& c : judge::check(m.model(), of))
      audit.checks.push_back(std::move(c));
    for (auto& c : judge::claims(m.model(), of))
      audit.claims.push_back(std::move(c));
  }
  return report::render(m.model(), audit, m.session().sources(), m.session().diagnostics(), format);
}

std::string audited(std::string const& text, Format format = Format::table) {
  Loaded m(text);
  return audited(m, format);
}

const std::string model_text = R"(model "Audited"
timeline 2024..2025 yearly
source s "S"
company a, b
flow x : USD by company
table x in 亿 USD from s "line 1" {
    | 2024 | 2025
  a | 1.23 | over 5
  b | 2    | unknown "no plan"
}
check "positive" x >= 0
check x < 3 亿 USD
claim "C1" x[a, 2024] = 1.23 亿 USD from s "line 1"
claim "C2" x[a, 2025] = over 6 亿 USD from s
claim "C3" x[b, 2025] = 6 亿 USD
claim x[a, 2024] > x[b, 2024]
)";

} // namespace

TEST_CASE("a model without checks and claims says so") {
  CHECK(audited("let x : 1 = 1") == "test.scn: no errors; no checks or claims\n");
}

TEST_CASE("the summary counts every verdict") {
  const std::string text = audited(model_text);
  CHECK_THAT(text, contains("test.scn: 2 checks: 0 hold, 1 fail, 1 open; 4 claims: 1 hold, 1 hold "
                            "by qualifier, 1 fail, 1 cannot be computed\n"));
  CHECK(audited("let x : 1 = 1\ncheck x == 1").find("1 check: 1 hold\n") != std::string::npos);
  CHECK(audited("let x : 1 = 1\nclaim x = 1").find("test.scn: 1 claim: 1 hold\n")
        != std::string::npos);
}

TEST_CASE("a check says in how many cells, and names the first") {
  const std::string text = audited(model_text);
  CHECK_THAT(text, contains("open in 1 of 4 cells, first [b, 2025]"));
  CHECK_THAT(text, contains("fails in 1 of 4 cells, first [a, 2025]"));
  CHECK_THAT(text, contains("positive"));
  CHECK_THAT(text, contains("x < 3 亿 USD"));
}

TEST_CASE("a claim shows p, R and B in the unit it is stated in, and its source") {
  const std::string text = audited(model_text);
  CHECK_THAT(text, contains("C1") && contains("1.23 亿 USD") && contains("[1.225, 1.235]")
                       && contains("s line 1"));
  CHECK_THAT(text,
             contains("holds by qualifier") && contains("[4.5, 5.5]") && contains("[4.5, ∞]"));
  CHECK_THAT(text, contains("C3 cannot be computed: x[b, 2025]: no plan\n"));
  CHECK_THAT(text, contains("x[a, 2024] > x[b, 2024]") && contains("false"));
}

TEST_CASE("words, shares and ranges are stated as they were written") {
  const std::string text = audited(R"(
    let g : % = 30%
    let x : 1 = 5
    claim "over" g = over 28%
    claim "about" g = about 30%
    claim "nearly" x = nearly 5
    claim "range" x = 4..6
    claim "under" x = under 7
  )");
  for (char const* part : {"over 28%", "about 30%", "nearly 5", "4..6", "under 7"})
    CHECK_THAT(text, contains(part));
}

TEST_CASE("a check with the same outcome in several scenarios is one row") {
  const std::string text = audited(R"(
    let x : 1 = 1
    check "small" x < 5
    check "one" x == 1
    scenario s { x = 2 }
    scenario big { x = 9 }
    scenario r { x = 3 }
  )");
  CHECK_THAT(text, contains("base, s, r"));
  CHECK_THAT(text, contains("fails    s, big, r"));
  const std::string all = audited("let x : 1 = 1\ncheck x > 0\nscenario s { x = 2 }");
  CHECK_THAT(all, contains("all 2"));
}

TEST_CASE("a claim of a scenario names it") {
  CHECK_THAT(audited("let x : 1 = 1\nscenario s { x = 2; claim \"c\" x = 2 }"), contains("s: x"));
}

TEST_CASE("as JSON an audit has checks, claims and diagnostics, in base units") {
  const auto j = json::parse(audited(model_text, Format::json));
  CHECK(j["format_version"] == 1);
  CHECK(j["model"] == "Audited");
  REQUIRE(j["checks"].size() == 2);
  CHECK(j["checks"][0]
        == json({{"text", "x >= 0"}, {"line", 11}, {"scenario", "base"}, {"verdict", "open"}}));
  REQUIRE(j["claims"].size() == 4);
  auto const& c = j["claims"][0];
  CHECK(c["id"] == "C1");
  CHECK(c["line"] == 13);
  CHECK(c["scenario"] == "base");
  CHECK(c["source"] == "s");
  CHECK(c["place"] == "line 1");
  CHECK(c["stated"] == 123000000.0);
  CHECK(c["computed"] == 123000000.0);
  CHECK(c["low"] == 122500000.0);
  CHECK(c["high"] == 123500000.0);
  CHECK(c["unit"] == "USD");
  CHECK(c["verdict"] == "holds");
  CHECK(j["claims"][1]["high"].is_null()); // an open end is no number
  CHECK(j["claims"][2]["computed"].is_null());
  CHECK(j["claims"][2]["verdict"] == "cannot be computed");
  CHECK(j["claims"][2]["source"].is_null());
  CHECK(j["claims"][3]["computed"] == false);
  CHECK(j["claims"][3]["unit"] == "truth");
  CHECK(j["diagnostics"].is_array());
}

TEST_CASE("as Markdown an audit has two tables and the summary") {
  const std::string text = audited(model_text, Format::markdown);
  CHECK_THAT(text, contains("| check | verdict | scenarios | condition |\n| --- |"));
  CHECK_THAT(text, contains("| claim | verdict | about | source | stated |"));
  CHECK_THAT(text, contains("| C1 | holds | x[a, 2024] | s line 1 | 1.23 亿 USD | 1.23 |"));
  CHECK_THAT(text, contains("test.scn: 2 checks"));
}
