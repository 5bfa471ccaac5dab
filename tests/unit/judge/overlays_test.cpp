// What layers do to one another: the past changed, parents that disagree, preferences without
// effect.

#include "engine/judge/judge.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

struct Warned {
  explicit Warned(std::string const& text, std::vector<std::string_view> scenarios = {"s"},
                  std::vector<std::string> sets = {})
      : m(text, {std::move(sets), {}}) {
    INFO(m.messages());
    REQUIRE(m.good());
    std::vector<judge::Case> cases;
    for (std::string_view name : scenarios) {
      auto const* r = m.result(name);
      INFO(m.messages());
      REQUIRE(r != nullptr);
      cases.push_back({r->scenario, &r->stack, &r->values});
    }
    judge::warn(m.model(), cases, m.session().diagnostics());
    codes = m.codes();
    text_ = m.messages();
  }
  Loaded m;
  std::string codes, text_;
};

std::string warned(std::string const& text, std::vector<std::string_view> scenarios = {"s"},
                   std::vector<std::string> sets = {}) {
  return Warned(text, std::move(scenarios), std::move(sets)).codes;
}

const std::string facts = R"(
  timeline 2023..2026 yearly
  company a, b
  source early "E" { published 2025-01-10 }
  source late "L" { published 2025-02-20 }
  flow x : USD by company
  table x in USD from early {
      | 2023 | 2024 | 2025 | 2026 |
    a | 1    | 2    | 3    | 4    |
    b | 5    | 6    | 7    | 8    |
  }
  flow y : USD by company = x * 2
)";

} // namespace

TEST_CASE("a scenario that replaces an actual figure is told so, once for each override") {
  CHECK(warned(facts + "scenario s { x[a, 2024] = 9 USD }") == "W0906");
  CHECK(warned(facts + "scenario s { x *= 2 }") == "W0906");
  CHECK(warned(facts + "scenario s { x[a] = 9 USD; x[b] = 10 USD }") == "W0906 W0906");
  CHECK(warned(facts + "scenario s { x[a, 2023] += 1 USD }") == "W0906");
  const Warned w(facts + "scenario s { x *= 2 }");
  CHECK_THAT(w.text_, contains("`x[a, 2023]` is an actual figure"));
}

TEST_CASE("what comes later, what is derived, and what was restated may be changed") {
  CHECK(warned(facts + "scenario s { x[2025..] *= 2 }").empty());
  CHECK(warned(facts + "scenario s { y[2024] = 1 USD }").empty());
  CHECK(warned(facts + "scenario s { x[a, 2024] = 9 USD from late }").empty());
  CHECK(warned(facts + "scenario s { x[a, 2024] = 9 USD actual }").empty());
  // An assumption of a past period is none.
  CHECK(warned("timeline 2023..2024 yearly\nflow x : USD = 2 USD * (t - 2022) / 1 year\n"
               "x[2023] = 5 USD\nscenario s { x = 3 USD }")
            .empty());
}

TEST_CASE("an override on top of a scenario's own figure changes no actual") {
  const std::string text =
      facts + "scenario s { x[a, 2024] = 9 USD }\nscenario v extends s { x[a, 2024] = 10 USD }";
  CHECK(warned(text, {"v"}).empty());
  CHECK(warned(text, {"s", "v"}) == "W0906");
}

TEST_CASE("what is set from outside changes an actual once, in however many scenarios") {
  const std::string text = facts + "scenario s { x[2025..] *= 2 }";
  CHECK(warned(text, {"base", "s"}, {"x[a, 2024] = 9 USD"}) == "W0906");
  CHECK(warned(text, {"base"}, {"x[a, 2025] = 9 USD"}).empty());
}

TEST_CASE("parents that give one cell different values are told at `extends`") {
  const std::string text = facts + R"(
    scenario p { x[a, 2025] = 10 USD }
    scenario q { x[2025] = 20 USD }
    scenario s extends p, q { y[2026] = 1 USD }
  )";
  const Warned w(text);
  CHECK(w.codes == "W0905");
  CHECK_THAT(w.text_, contains("`x[a, 2025]` different values"));
  CHECK_THAT(w.text_, contains("10 USD in `p`"));
  CHECK_THAT(w.text_, contains("20 USD in `q`"));
  CHECK(w.m.model().scenarios[2].name == "s");
}

TEST_CASE("parents that agree, that do not meet, or of which one is above are no conflict") {
  const auto with = [](std::string const& p, std::string const& q, std::string const& s = "",
                       std::string const& more = "") {
    return warned(facts + "scenario p { " + p + " }\nscenario q" + more + " { " + q
                  + " }\nscenario s extends p, q { y[2026] = 1 USD; " + s + " }");
  };
  CHECK(with("x[a, 2025] = 10 USD", "x[b, 2025] = 20 USD").empty());
  CHECK(with("x[a, 2025] = 10 USD", "x[a, 2025] = 10 USD").empty());
  CHECK(with("x[a, 2025] = 10 USD", "x[a, 2025] = 20 USD", "x[a, 2025] = 30 USD").empty());
  CHECK(with("x[a, 2025] = 10 USD", "x[a, 2025] = 20 USD", "", " extends p").empty());
  CHECK(with("x[a, 2025] = 10 USD", "y[a, 2025] = 20 USD").empty());
  // Changes on top of one another all count: that is what mixing in is for.
  CHECK(with("x[a, 2025] *= 2", "x[a, 2025] *= 3").empty());
  CHECK(with("x[a, 2025] = 10 USD", "x[a, 2025] *= 3").empty());
  CHECK(with("x[a, 2025] *= 3", "x[a, 2025] = 10 USD") == "W0905");
}

TEST_CASE("a conflict is told where two parents meet, and not again above") {
  const std::string text = facts + R"(
    scenario p { x[a, 2025] = 10 USD }
    scenario q { x[a, 2025] = 20 USD }
    scenario r extends p, q { y[2026] = 1 USD }
    scenario s extends r { y[2025] = 1 USD }
  )";
  CHECK(warned(text, {"s"}).empty());
  CHECK(warned(text, {"base", "p", "q", "r", "s"}) == "W0905");
}

TEST_CASE("an equation that is the same in both parents is no conflict, whatever it reads") {
  CHECK(warned(facts + R"(
    scenario p { x[a, 2025] = 10 USD }
    scenario q { x[b, 2025] = 20 USD }
    flow z : USD = sum(x over company)
    scenario s extends p, q { y[2026] = 1 USD }
  )")
            .empty());
}

TEST_CASE("a change of what nothing gives is stale") {
  const std::string text = R"(
    timeline 2023..2026 yearly
    company a, b
    flow x : USD by company
    x[a] = 3 USD
    x[a, 2026] = unknown "not said"
  )";
  const Warned w(text + "scenario s { x[b] *= 2 }");
  CHECK(w.codes == "W0907");
  CHECK_THAT(w.text_, contains("no equation gives `x[b, 2023]`"));
  CHECK(warned(text + "scenario s { x[b, 2025] += 1 USD }") == "W0907");
  CHECK(warned(text + "scenario s { x *= 2 }").empty()); // some of it is given
  CHECK(warned(text + "scenario s { x[b] = 2 USD }").empty());
  CHECK(warned(text + "scenario s { x[a, 2026] *= 2 }") == "W0901"); // given, as unknown
  CHECK(warned(text + "scenario p { x[b] = 1 USD }\nscenario s extends p { x[b] *= 2 }").empty());
}

TEST_CASE("a preference that changes nothing is dead") {
  const std::string rivals = facts + "x[a, 2024] = 9 USD from late; x[b, 2024] = 6 USD from late\n";
  CHECK(warned(rivals + "scenario s { prefer early }").empty());
  CHECK(warned(rivals + "scenario s { prefer late }") == "W0901");
  CHECK(warned(rivals + "scenario s { prefer early for x[b, 2024] }") == "W0901"); // the same value
  CHECK(warned(rivals + "scenario s { prefer early for x[b, 2025] }") == "W0901");
  CHECK(warned(rivals + "scenario s { prefer early; x[a, 2024] = 1 USD actual }") == "W0901");
  CHECK(
      warned(rivals + "scenario p { prefer early }\nscenario s extends p { prefer late }").empty());
  CHECK(warned(rivals, {"base"}, {"prefer early"}).empty());
  CHECK(warned(rivals, {"base"}, {"prefer late"}) == "W0901");
  const Warned w(rivals + "scenario s { prefer late }");
  CHECK_THAT(w.text_, contains("no sources compete"));
}

TEST_CASE("figures of several sources in a scenario are dead or alive together") {
  const std::string pair = "x[a, 2025] = 3 USD from early; x[a, 2025] = ";
  CHECK(warned(facts + "scenario s { " + pair + "4 USD from late }").empty());
  CHECK(warned(facts + "scenario s { " + pair + "3 USD from late }") == "W0901");
}

TEST_CASE("parents that prefer different sources disagree, too") {
  const std::string text = facts + R"(
    source third "T" { published 2024-12-01 }
    x[a, 2024] = 9 USD from late; x[a, 2024] = 8 USD from third
    scenario p { prefer early }
    scenario q { prefer third }
  )";
  CHECK(warned(text + "scenario s extends p, q { y[2026] = 1 USD }") == "W0905");
  CHECK(warned(text + "scenario s extends p, q { prefer late for x[a, 2024] }").empty());
}
