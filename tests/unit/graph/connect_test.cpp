// The graph of formulas: who reads whom, at which lags, and only where regions meet.

#include "engine/graph/graph.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <algorithm>

using namespace scn;
using graph::Edge;
using scn_test::Loaded;

namespace {

struct Connected {
  explicit Connected(std::string const& text, std::string_view scenario = "base") : loaded(text) {
    INFO(loaded.messages());
    REQUIRE(loaded.good());
    auto const& m = loaded.model();
    const auto layers = m.layers_of(m.scenario_named(scenario));
    for (std::size_t i = 0; i < m.lines.size(); ++i)
      winners.push_back(model::paint(m, model::LineId{i}, layers));
    graph = graph::connect(m, winners);
  }

  std::string name(graph::VertexId v) const {
    return graph::name_of(loaded.model(), winners, graph, v);
  }
  /// The edges of the vertex with a name, as "source lag_min..lag_max", sorted.
  std::vector<Edge> edges(std::string_view reader) const {
    for (std::size_t v = 0; v < graph.vertices.size(); ++v)
      if (name(graph::VertexId{v}) == reader) {
        auto const of = graph.edges_of(graph::VertexId{v});
        return {of.begin(), of.end()};
      }
    FAIL("no vertex " << reader);
    return {};
  }
  std::vector<std::string> sources(std::string_view reader) const {
    std::vector<std::string> out;
    for (Edge const& e : edges(reader))
      out.push_back(name(e.source));
    std::sort(out.begin(), out.end());
    return out;
  }
  Edge edge(std::string_view reader, std::string_view source) const {
    for (Edge const& e : edges(reader))
      if (name(e.source) == source) return e;
    FAIL(reader << " does not read " << source);
    return {};
  }

  Loaded loaded;
  std::vector<model::Winners> winners;
  graph::Graph graph;
};

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("each equation is a vertex with the region it wins; figures of a layer are one") {
  const Connected c(R"(
    timeline 2024..2027 yearly
    company a, b
    flow x : 1 by company
    x[a, 2024] = 1
    x[b, 2024] = 2
    x[2025..] = x[t-1] + 1
    x[b, 2026] = x[a, 2025]
  )");
  Names names;
  for (std::size_t v = 0; v < c.graph.vertices.size(); ++v)
    if (c.loaded.model().line(c.graph.vertices[v].line).name == "x")
      names.push_back(c.name(graph::VertexId{v}));
  std::sort(names.begin(), names.end());
  CHECK(names == Names{"x[2024]", "x[2025..]", "x[b, 2026]"});
  CHECK(c.sources("x[b, 2026]") == Names{"x[2025..]"});
}

TEST_CASE("lags say how far back a read goes") {
  const Connected c(R"(
    timeline 2020..2029 yearly
    let x : 1
    x[2020..] = 1
    let same_ : 1 = x
    let back : 1 = x[t-2]
    let ahead : 1 = x[t+1]
    let window : 1 = sum(x[v] over v in t-4..t-1)
    let since : 1 = sum(x[v] over v in first..t)
    let fixed_ : 1 = x[2025] + x
  )");
  CHECK(c.edge("same_", "x").lag_min == 0);
  CHECK(c.edge("same_", "x").lag_max == 0);
  CHECK_FALSE(c.edge("same_", "x").window);
  CHECK(c.edge("back", "x").lag_min == 2);
  CHECK(c.edge("ahead", "x").lag_max == -1);
  const Edge window = c.edge("window", "x");
  CHECK(window.lag_min == 1);
  CHECK(window.lag_max == 4);
  CHECK(window.window);
  CHECK(c.edge("since", "x").lag_min == 0);
  CHECK(c.edge("since", "x").lag_max == 9);
  const auto both = c.edges("fixed_");
  REQUIRE(both.size() == 2);
  const Edge fixed = both[0].absolute ? both[0] : both[1];
  CHECK(fixed.absolute);
  CHECK(fixed.lag_min == -5); // in 2020 it lies five ahead
  CHECK(fixed.lag_max == 4);
}

TEST_CASE("a computed lag may be any, and so may a computed member") {
  const Connected c(R"(
    timeline 2020..2023 yearly
    company a, b
    let x : 1 by company
    x[2020..] = 1
    let lag : 1 = 1
    let y : 1 by company = x[t - lag]
    let best : company = argmax(x[2020] over company)
    let z : 1 = x[best]
  )");
  const Edge y = c.edge("y", "x");
  CHECK(y.map == Edge::Map::computed);
  CHECK(y.lag_min == -3);
  CHECK(y.lag_max == 3);
  CHECK(c.edge("z", "x").map == Edge::Map::computed);
  CHECK(c.edge("z", "x").lag_min == 0);
  CHECK(c.edge("z", "x").lag_max == 0);
  CHECK(c.edge("best", "x").map == Edge::Map::all);
}

TEST_CASE("members correspond, are fixed, or are aggregated") {
  const Connected c(R"(
    company a, b
    let x : 1 by company = 1
    let same_ : 1 by company = x
    let one : 1 = x[a]
    let total : 1 = sum(x over company)
  )");
  CHECK(c.edge("same_", "x").map == Edge::Map::same);
  CHECK(c.edge("one", "x").map == Edge::Map::fixed);
  CHECK(c.edge("total", "x").map == Edge::Map::all);
}

TEST_CASE("an edge exists only where the region read meets the one that the source wins") {
  const Connected c(R"(
    timeline 2020..2025 yearly
    company a, b, d
    group pair = a, b
    let x : 1 by company = 1
    x[d] = 2
    x[a, 2020] = 3
    let first_two : 1 = sum(x over company in pair)
    let other : 1 = x[d]
    let late : 1 = x[a, 2021]
    let x_before : 1 by company = x[t-1]
    x_before[2020] = 0
    x_before[d, 2025] = x[2023]
  )");
  CHECK(c.sources("first_two") == Names{"x[a, 2020]", "x[a, b]"});
  CHECK(c.sources("other") == Names{"x[d]"});
  CHECK(c.sources("late") == Names{"x[a, b]"});
  CHECK(c.sources("x_before[d, 2025]") == Names{"x[d]"});
}

TEST_CASE("the same read twice is one edge") {
  const Connected c(R"(
    timeline 2020..2025 yearly
    let x : 1
    x[2020..] = 1
    let y : 1 = x + x * x + x[t-1] + x[t-1]
  )");
  CHECK(c.edges("y").size() == 2);
}

TEST_CASE("a scenario's equations win in its graph, and an effect keeps what it reads below") {
  const std::string text = R"(
    let a : 1 = 1
    let b : 1 = 2
    let x : 1 = a + 1
    scenario s { x = b }
    scenario e { x *= b }
  )";
  CHECK(Connected(text).sources("x") == Names{"a"});
  CHECK(Connected(text, "s").sources("x") == Names{"b"});
  CHECK(Connected(text, "e").sources("x") == Names{"a", "b"});
}

TEST_CASE("components come sources first, and lines that need one another are one") {
  const Connected c(R"(
    timeline 2020..2025 yearly
    let top : 1 = debt + 1
    let debt : 1 = debt[t-1] + interest
    let interest : 1 = debt[t-1] * rate_
    debt[first] = 100
    interest[first] = 0
    let rate_ : 1 = 0.1
  )");
  const auto components = graph::components(c.graph);
  std::vector<std::size_t> place(c.graph.vertices.size());
  std::size_t vertices = 0;
  for (std::size_t i = 0; i < components.size(); ++i)
    for (graph::VertexId v : components[i]) {
      place[v.value] = i;
      ++vertices;
    }
  CHECK(vertices == c.graph.vertices.size());
  for (Edge const& e : c.graph.edges)
    CHECK(place[e.source.value] <= place[e.reader.value]);
  const auto largest =
      std::max_element(components.begin(), components.end(),
                       [](auto const& a, auto const& b) { return a.size() < b.size(); });
  Names names;
  for (graph::VertexId v : *largest)
    names.push_back(c.name(v));
  std::sort(names.begin(), names.end());
  CHECK(names == Names{"debt[2021..]", "interest[2021..]"});
}
