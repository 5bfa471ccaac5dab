// Overrides that change nothing, and knobs outside their range.

#include "engine/judge/judge.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

/// The warnings about a scenario, as codes and as text.
struct Warned {
  explicit Warned(std::string const& text, std::string_view scenario = "s") : m(text) {
    INFO(m.messages());
    REQUIRE(m.good());
    auto const* r = m.result(scenario);
    INFO(m.messages());
    REQUIRE(r != nullptr);
    const judge::Case of{r->scenario, &r->stack, &r->values};
    judge::warn(m.model(), {&of, 1}, m.session().diagnostics());
    codes = m.codes();
    text_ = m.messages();
  }
  Loaded m;
  std::string codes;
  std::string text_;
};

std::string warned(std::string const& text, std::string_view scenario = "s") {
  return Warned(text, scenario).codes;
}

const std::string base = R"(
  timeline 2024..2026 yearly
  company a, b
  let k : 1 = 2
  flow x : 1 by company
  table x in 1 {
      | 2024 | 2025 | 2026
    a | 1    | 2    | 3
    b | 4    | 5    | unknown "not said"
  }
  let y : 1 by company = x * k
)";

} // namespace

TEST_CASE("an override that changes a value is alive") {
  for (std::string o : {"x[a, 2025] = 7", "x[b, 2026] = 1", "x[a, 2024] = unknown", "y = x * 3",
                        "x *= 2", "x[a, 2024] += 1", "k = 5"}) {
    INFO(o);
    CHECK(warned(base + "scenario s { " + o + " }").empty());
  }
}

TEST_CASE("an override is dead if every cell of it is bit for bit as it was") {
  for (std::string o :
       {"x[a, 2025] = 2", "x[b, 2026] = unknown \"still not\"", "y = k * x", "x *= 1", "x += 0",
        "k = 3 - 1", "y[a, 2024..] = x[a] * 2", "x[a, 2024] = 1"}) {
    INFO(o);
    CHECK(warned(base + "scenario s { " + o + " }") == "W0901");
  }
  const Warned w(base + "scenario s { x[a, 2025] = 2 }");
  CHECK_THAT(w.text_, contains("scenario `s`"));
  CHECK_THAT(w.text_, contains("the same value without it"));
}

TEST_CASE("one cell that differs keeps the whole override alive") {
  CHECK(warned(base + "scenario s { x[a] = 3 }").empty());
  CHECK(warned(base + "scenario s { x[b, 2026] *= 2 }") == "W0901"); // unknown either way
  CHECK(warned(base + "scenario s { x[b] *= 2 }").empty());
}

TEST_CASE("an override that is in force nowhere is dead") {
  const Warned w(base + R"(
    scenario s { x[a] = 3; x[a, 2024] = 7; x[a, 2025] = 8; x[a, 2026] = 9 }
  )");
  CHECK(w.codes == "W0901");
  CHECK_THAT(w.text_, contains("other equations lie on top of all of it"));
}

TEST_CASE("what a parent says already is dead in its child") {
  const std::string text = base + R"(
    scenario parent { x[a, 2025] = 7 }
    scenario s extends parent { x[a, 2025] = 7 }
  )";
  CHECK(warned(text, "parent").empty());
  CHECK(warned(text) == "W0901");
}

TEST_CASE("a parent's overrides are its own affair") {
  const std::string text = base + R"(
    scenario parent { x[a, 2025] = 2 }
    scenario s extends parent { x[a, 2024] = 5 }
  )";
  CHECK(warned(text, "parent") == "W0901");
  CHECK(warned(text).empty());
  CHECK(warned(text, "base").empty());
}

TEST_CASE("two effects that cancel are each alive") {
  CHECK(warned(base + R"(
    scenario half { x *= 0.5 }
    scenario s extends half { x *= 2 }
  )")
            .empty());
}

TEST_CASE("what words allow counts, too: the same point with other bounds is a change") {
  const std::string figure = "let x : 1 = 1000\nlet r : 1 = 600..650\n";
  CHECK(warned(figure + "scenario s { x = over 1000 }").empty());
  CHECK(warned(figure + "scenario s { r = 625 }").empty());
  CHECK(warned(figure + "scenario s { r = 600..650 }") == "W0901");
  CHECK(warned(figure + "scenario s { x = 1000 }") == "W0901");
}

TEST_CASE("an override of a recurrence's start is alive through its own cell") {
  const std::string text = R"(
    timeline 2024..2026 yearly
    let x : 1 = x[t-1] + 1
    x[first] = 0
  )";
  CHECK(warned(text + "scenario s { x[first] = 5 }").empty());
  CHECK(warned(text + "scenario s { x[first] = 0 }") == "W0901");
  // The same values by another way, though each cell reads the one before.
  CHECK(warned(text + "scenario s { x[2025..] = (t - 2024) / 1 year }") == "W0901");
  CHECK(warned(text + "scenario s { x[2025..] = x[t-1] + 2 }").empty());
}

TEST_CASE("what is set on the command line is dead if it changes nothing in any case asked for") {
  const auto warned_of = [](std::string const& set, std::vector<std::string_view> scenarios) {
    Loaded m(base + "scenario s { k = 3 }", {{set}, {}});
    INFO(m.messages());
    REQUIRE(m.good());
    std::vector<judge::Case> cases;
    for (std::string_view scenario : scenarios) {
      auto const* r = m.result(scenario);
      REQUIRE(r != nullptr);
      cases.push_back({r->scenario, &r->stack, &r->values});
    }
    judge::warn(m.model(), cases, m.session().diagnostics());
    return m.messages();
  };
  CHECK_THAT(warned_of("k = 2", {"base"}),
             contains("W0901") && contains("changes nothing in the base") && contains("--set 1"));
  CHECK(warned_of("k = 2", {"base", "s"}).empty());
  CHECK(warned_of("k = 2", {"s"}).empty());
  CHECK_THAT(warned_of("x *= 1", {"base", "s"}), contains("nothing in any of 2 scenarios"));
  CHECK(warned_of("k = 5", {"base"}).empty());
}

TEST_CASE("a knob outside its range is a warning, in the base and in scenarios") {
  const std::string text = R"(
    company a, b
    assume g : % by company = 15% range -20%..40%
    scenario s { g[b] = 50% }
    scenario edge { g = 40% }
    scenario low { g[a] = -21% }
  )";
  CHECK(warned(text, "base").empty());
  CHECK(warned(text, "edge").empty());
  CHECK(warned(text, "low") == "W0902");
  const Warned w(text);
  CHECK(w.codes == "W0902");
  CHECK_THAT(w.text_, contains("g[b] is 50% in scenario `s`, outside its range"));
  CHECK_THAT(w.text_, contains("from -20% to 40%"));
}

TEST_CASE("a range is warned of once, speaks in its own unit, and not of unknowns") {
  const Warned w(R"(
    timeline 2024..2026 yearly
    assume life : year range 3 year..8 year
    life[2024..] = 10 year
  )",
                 "base");
  CHECK(w.codes == "W0902");
  CHECK_THAT(w.text_, contains("life[2024] is 10 year"));
  CHECK_THAT(w.text_, contains("from 3 year to 8 year"));
  CHECK(warned("assume g : 1 = unknown range 0..1", "base").empty());
}

TEST_CASE("a range may be given for a part of a line only") {
  const std::string text = R"(
    company a, b
    assume g : 1 by company
    g[a] = 5
    g[b] = 50
    g[a] range 0..10
  )";
  CHECK(warned(text, "base").empty());
  CHECK(warned(text + "g[b] range 0..10", "base") == "W0902");
}
