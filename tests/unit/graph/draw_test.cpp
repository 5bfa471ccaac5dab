// Names of regions, and pictures of the graph.

#include "engine/graph/graph.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <nlohmann/json.hpp>

using namespace scn;
using model::IndexSet;
using model::Region;
using scn_test::contains;
using scn_test::Loaded;

namespace {

std::string drawn(Loaded& m, graph::Format format) {
  auto const* r = m.result();
  REQUIRE(r != nullptr);
  return graph::draw(m.model(), r->stack.winners, r->stack.graph, format);
}

const std::string two_lines = R"(
  model "Pictures"
  timeline 2024..2026 yearly
  company a, b
  flow capex : USD by company
  table capex in USD { | 2024
                     a | 1
                     b | 2 }
  capex[2025..] = capex[t-1] * 1.1
  flow total "sum \"of all\"" : USD = sum(capex over company)
  check total >= 0
)";

} // namespace

TEST_CASE("a region is written as the language writes it") {
  Loaded m(R"(
    timeline 2024..2028 yearly
    dimension d
    d a, b, c, e, f, g
    let x : 1 by d = 1
    x[first] = 2
    let n : 1 = 3
  )");
  REQUIRE(m.good());
  const auto x = *m.model().line_named("x");
  const auto n = *m.model().line_named("n");
  const auto text = [&](IndexSet members, IndexSet steps) {
    return graph::region_text(m.model(), x, {{std::move(members), std::move(steps)}});
  };
  const IndexSet all(0, 6);
  const IndexSet always(0, 5);
  CHECK(text(all, always) == "");
  CHECK(text({1, 2}, always) == "[b]");
  CHECK(text(all, {2, 3}) == "[2026]");
  CHECK(text(all, {2, 5}) == "[2026..]");
  CHECK(text(all, {0, 2}) == "[..2025]");
  CHECK(text({0, 2}, {1, 3}) == "[a, b, 2025..2026]");
  CHECK(text(all, IndexSet::of({0, 2, 3})) == "[2024, 2026..2027]");
  CHECK(text({0, 5}, always) == "[5 of 6 `d`]");
  CHECK(graph::region_text(m.model(), n, Region{}) == "");
}

TEST_CASE("dot names every equation and the lags between them") {
  Loaded m(two_lines);
  INFO(m.messages());
  REQUIRE(m.good());
  const std::string dot = drawn(m, graph::Format::dot);
  CHECK_THAT(dot, contains("digraph"));
  CHECK_THAT(dot, contains("[label=\"capex[2024]\", shape=note]"));
  CHECK_THAT(dot, contains("[label=\"capex[2025..]\", shape=box]"));
  CHECK_THAT(dot, contains("t-1"));
  CHECK_THAT(dot, contains("over members"));
}

TEST_CASE("mermaid draws figures rounded and formulas square") {
  Loaded m(two_lines);
  REQUIRE(m.good());
  const std::string text = drawn(m, graph::Format::mermaid);
  CHECK_THAT(text, contains("flowchart LR\n"));
  CHECK_THAT(text, contains("([\"capex[2024]\"])"));
  CHECK_THAT(text, contains("[\"capex[2025..]\"]"));
  CHECK_THAT(text, contains("-->|t-1|"));
}

TEST_CASE("json holds vertices and edges, and nothing of hidden lines") {
  Loaded m(two_lines);
  REQUIRE(m.good());
  const auto json = nlohmann::json::parse(drawn(m, graph::Format::json));
  CHECK(json["format_version"] == 1);
  CHECK(json["model"] == "Pictures");
  std::map<int, std::string> names;
  for (auto const& v : json["vertices"]) {
    names[v["id"].get<int>()] = v["name"].get<std::string>();
    CHECK(v["name"] != "total >= 0"); // the check's own line
  }
  bool recurrence = false;
  for (auto const& e : json["edges"]) {
    REQUIRE(names.count(e["source"].get<int>()) == 1);
    REQUIRE(names.count(e["reader"].get<int>()) == 1);
    if (names[e["source"].get<int>()] != "capex[2025..]"
        || names[e["reader"].get<int>()] != "capex[2025..]")
      continue;
    recurrence = true;
    CHECK(e["lag_min"] == 1);
    CHECK(e["lag_max"] == 1);
    CHECK(e["members"] == "same");
    CHECK(e["fixed_period"] == false);
  }
  CHECK(recurrence);
}

TEST_CASE("the same model is drawn the same whatever the order of its statements") {
  const std::string a = "let x : 1 = 1\n";
  const std::string b = "let y : 1 = x + 1\n";
  Loaded one(a + b);
  Loaded other(b + a);
  REQUIRE(one.good());
  REQUIRE(other.good());
  // Vertices are numbered in the order of the text; their names and edges agree.
  CHECK_THAT(drawn(one, graph::Format::mermaid), contains("[\"y\"]"));
  CHECK_THAT(drawn(other, graph::Format::mermaid), contains("[\"y\"]"));
  const auto first = nlohmann::json::parse(drawn(one, graph::Format::json));
  const auto second = nlohmann::json::parse(drawn(other, graph::Format::json));
  CHECK(first["edges"].size() == 1);
  CHECK(second["edges"].size() == 1);
}
