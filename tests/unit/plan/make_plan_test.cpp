// Which cycles are legal, in which order formulas run, and what is said of those that cannot.

#include "engine/plan/plan.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <algorithm>

using namespace scn;
using plan::Step;
using scn_test::contains;
using scn_test::Loaded;

namespace {

/// The complaints about a model's cycles, in the base or a scenario.
struct Planned {
  explicit Planned(std::string const& text, std::string_view scenario = "base") : loaded(text) {
    INFO(loaded.messages());
    REQUIRE(loaded.good());
    result = loaded.result(scenario);
    codes = loaded.codes();
  }
  std::string name(graph::VertexId v) const {
    return graph::name_of(loaded.model(), result->stack.winners, result->stack.graph, v);
  }
  Loaded loaded;
  Result const* result = nullptr;
  std::string codes;
};

const std::string years = "timeline 2023..2028 yearly\n";

} // namespace

TEST_CASE("what does not depend on itself runs at once, sources before readers") {
  const Planned p(years + "let c : 1 = b + 1\nlet b : 1 = a + 1\nlet a : 1 = 1\n");
  REQUIRE(p.result != nullptr);
  std::vector<std::string> names;
  for (Step const& s : p.result->stack.plan.steps) {
    CHECK(s.kind == Step::Kind::at_once);
    REQUIRE(s.vertices.size() == 1);
    names.push_back(p.name(s.vertices[0]));
  }
  const auto place = [&](std::string_view name) {
    return std::find(names.begin(), names.end(), name) - names.begin();
  };
  CHECK(place("b") < place("c"));
  CHECK(place("c") < static_cast<std::ptrdiff_t>(names.size()));
}

TEST_CASE("a recurrence is a sweep, forwards or backwards") {
  const Planned p(years
                  + "let x : 1 = x[t-1] * 2\nx[first] = 1\n"
                    "let y : 1 = y[t+1] / 2\ny[last] = 1\n");
  REQUIRE(p.result != nullptr);
  int forwards = 0;
  int backwards = 0;
  for (Step const& s : p.result->stack.plan.steps) {
    if (s.kind != Step::Kind::sweep) continue;
    (s.backwards ? backwards : forwards) += 1;
    CHECK(p.name(s.vertices[0]) == (s.backwards ? "y[..2027]" : "x[2024..]"));
    CHECK(s.waves >= 6);
  }
  CHECK(forwards == 1);
  CHECK(backwards == 1);
}

TEST_CASE("a cycle of lines is no cycle where their regions do not meet") {
  const Planned p(years + R"(
    assume g : 1 = 0.25
    let capex : 1
    capex[2024] = 100
    capex[2023] = capex[2024] / (1 + g)
    capex[2025..] = capex[t-1] * (1 + g)
  )");
  REQUIRE(p.result != nullptr);
  CHECK(p.codes.empty());
}

TEST_CASE("a cell that the formula reads but does not win is no cycle") {
  Planned p(years + "company a, b\nlet x : 1 by company = x[b, 2024] * 2\nx[b, 2024] = 7\n");
  REQUIRE(p.result != nullptr);
  CHECK(p.codes.empty());
  CHECK(p.loaded.value("x", {"a", "2024"}) == 14);
  CHECK(p.loaded.value("x", {"b", "2024"}) == 7);
}

TEST_CASE("mutual dependence with a lag somewhere on every way around is legal") {
  for (std::string text : {
           "let a : 1 = b[t-1]\nlet b : 1 = a + 1\na[first] = 1\n",
           "let a : 1 = b[t-2]\nlet b : 1 = a[t+1]\na[..2024] = 1\nb[last] = 0\n",
           "let a : 1 = sum(b[v] over v in t-3..t-1)\nlet b : 1 = a + 1\n",
           "let a : 1 = b[t+1]\nlet b : 1 = a\na[last] = 1\n",
       }) {
    INFO(text);
    const Planned p(years + text);
    CHECK(p.result != nullptr);
    CHECK(p.codes.empty());
  }
}

TEST_CASE("a way around that does not leave the period is an error that prints the loop") {
  const Planned p(years + R"(
    let interest : 1 = debt * 0.1
    let debt : 1 = cash + 1
    let cash : 1 = interest * 2
  )");
  CHECK(p.result == nullptr);
  CHECK(p.codes == "E0701");
  const std::string text = p.loaded.messages();
  CHECK_THAT(text, contains("interest -> debt -> cash -> interest")
                       || contains("debt -> cash -> interest -> debt")
                       || contains("cash -> interest -> debt -> cash"));
  for (char const* line : {"debt * 0.1", "cash + 1", "interest * 2"}) // an excerpt per step
    CHECK_THAT(text, contains(line));
}

TEST_CASE("cycles that are not legal") {
  for (std::string text : {
           "let x : 1 = x + 1\n",
           "let x : 1 = x[t-1] + x[t+1]\nx[first] = 1\nx[last] = 1\n",
           "let a : 1 = b[t-1]\nlet b : 1 = a[t+1]\na[first] = 1\nb[last] = 1\n",
           "let x : 1 = sum(x[v] over v in first..t)\n",
           "let x : 1 = sum(x[v] over v in t-1..t+1) / 3\n",
           "let s : 1 = sum(x over t)\nlet x : 1 = s / 6 + (t - 2023) / 1 year\n",
           "let once : 1 = x[2025]\nlet x : 1 = once + (t - 2023) / 1 year\n",
       }) {
    INFO(text);
    const Planned p(years + text);
    CHECK(p.result == nullptr);
    CHECK(p.codes == "E0701");
  }
}

TEST_CASE("inside a cycle a lag must be constant") {
  const Planned p(years + "let lag : 1 = 1\nlet x : 1 = x[t - lag]\nx[first] = 1\n");
  CHECK(p.result == nullptr);
  CHECK(p.codes == "E0703");
  // Outside one it may be a line.
  CHECK(
      Planned(years + "let lag : 1 = 1\nlet x : 1\nx[2023..] = 1\nlet y : 1 = x[t - lag]\n").result
      != nullptr);
}

TEST_CASE("`else` is no start of a recurrence") {
  for (std::string text : {
           "let x : 1 = (x[t-1] else 0) + 1\n",
           "let x : 1 = x[t-1] else 0\nx[first] = 1\n",
           "let x : 1 = abs((x[t-1] * 2) else 0)\nx[first] = 1\n",
           "let x : 1 = sum(x[v] over v in t-2..t-1) else 0\nx[first] = 1\n",
           "let a : 1 = b[t-1]\nlet b : 1 = a else 1\na[first] = 1\n",
       }) {
    INFO(text);
    const Planned p(years + text);
    CHECK(p.result == nullptr);
    CHECK(p.codes == "E0704");
  }
  for (std::string text : {
           "let y : 1\ny[2024] = 1\nlet x : 1 = x[t-1] + (y else 0)\nx[first] = 1\n",
           "let y : 1\ny[2024] = 1\nlet x : 1 = y else x[t-1]\nx[first] = 1\n",
       }) {
    INFO(text);
    const Planned p(years + text);
    CHECK(p.result != nullptr);
    CHECK(p.codes.empty());
  }
}

TEST_CASE("a recurrence needs a start") {
  for (std::string text : {
           "let x : 1 = x[t-1] * 2\n",
           "let x : 1 = x[t-2] * 2\nx[first] = 1\n",
           "let x : 1 = x[t+1] * 2\n",
           "let a : 1 = b[t-1]\nlet b : 1 = a\n",
           "company a, b\nlet owner : company by company = a\n"
           "let x : 1 by company = x[owner, t-1] + 1\n",
       }) {
    INFO(text);
    const Planned p(years + text);
    CHECK(p.result == nullptr);
    CHECK(p.codes == "E0702");
  }
  const Planned p(years + "let x : 1 = x[t-2] * 2\nx[first] = 1\n");
  CHECK_THAT(p.loaded.messages(), contains("in 2024") && contains("before the timeline"));
}

TEST_CASE("a scenario may close a cycle that the base does not have") {
  const std::string text = years + R"(
    let a : 1 = 1
    let b : 1 = a + 1
    scenario s { a = b * 2 }
    scenario t_ { a = 3 }
  )";
  CHECK(Planned(text).result != nullptr);
  CHECK(Planned(text, "t_").result != nullptr);
  const Planned s(text, "s");
  CHECK(s.result == nullptr);
  CHECK(s.codes == "E0701");
}

TEST_CASE("an effect on cells that depend on one another would compound") {
  const std::string base = years + R"(
    let x : 1 = x[t-1] * 2
    x[first] = 1
    let y : 1 = 5
    y[2024..] = 6
    let z : 1 = w[t-1] + 1
    z[first] = 1
    let w : 1 = z
  )";
  for (std::string effect : {"x[2024..] *= 0.9", "x *= 0.9", "x[2025..2026] += 1", "z *= 2"}) {
    INFO(effect);
    const Planned p(base + "scenario s { " + effect + " }", "s");
    CHECK(p.result == nullptr);
    CHECK(p.codes == "E0804");
  }
  // Of one cell nothing compounds, whatever the others read of it.
  for (std::string effect :
       {"x[first] *= 0.9", "x[last] *= 0.9", "x[2025] += 1", "y *= 0.9", "y[2024..] += 1"}) {
    INFO(effect);
    const Planned p(base + "scenario s { " + effect + " }", "s");
    CHECK(p.result != nullptr);
    CHECK(p.codes.empty());
  }
}

TEST_CASE("an illegal cycle is reported once, and the rest of the model all the same") {
  const Planned p(years + "let x : 1 = x + 1\nlet y : 1 = x + 1\nlet z : 1 = z * 2\n");
  CHECK(p.result == nullptr);
  CHECK(p.codes == "E0701 E0701");
}

TEST_CASE("the plan as text") {
  Planned p(years + "let a : 1 = 1\nlet x : 1 = x[t-1] * 2\nx[first] = a\n");
  REQUIRE(p.result != nullptr);
  const std::string text = plan::dump(p.loaded.model(), p.result->stack.winners,
                                      p.result->stack.graph, p.result->stack.plan);
  CHECK_THAT(text, contains("x[2023]\n"));
  CHECK_THAT(text, contains("sweep forwards, 6 waves\n     x[2024..]\n"));
}
