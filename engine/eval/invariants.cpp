#include "engine/eval/invariants.hpp"

#include "lang/source/invariant.hpp"

#include <bit>
#include <cmath>

namespace scn::eval {

void check_invariants(model::Model const& model, Stack const& stack) {
  auto const& graph = stack.graph;
  std::vector<int> planned(graph.vertices.size(), 0);
  std::vector<std::size_t> position(graph.vertices.size(), 0);
  for (std::size_t i = 0; i < stack.plan.steps.size(); ++i)
    for (graph::VertexId v : stack.plan.steps[i].vertices) {
      ++planned[v.value];
      position[v.value] = i + 1;
    }
  for (std::uint32_t v = 0; v < graph.vertices.size(); ++v) {
    graph::Vertex const& vertex = graph.vertices[v];
    invariant(planned[v] == (vertex.formula ? 1 : 0), "every formula is planned once");
    invariant(model.whole(vertex.line).contains(vertex.region), "a vertex lies inside its line");
    for (graph::Edge const& e : graph.edges_of(graph::VertexId{v})) {
      invariant(e.reader.value == v, "edges are stored by reader");
      invariant(position[e.source.value] <= position[v], "a source is planned before its readers");
      invariant(e.lag_min <= e.lag_max, "lags are a range");
    }
  }
}

void check_invariants(model::Model const& model, Stack const& stack, Values const& values) {
  for (std::size_t i = 0; i < model.lines.size(); ++i) {
    Column const& column = *values[i];
    auto const& winners = stack.winners[i];
    invariant(column.shape.lanes == model.lanes(model::LineId{i}), "a column has its line's lanes");
    for (std::uint32_t lane = 0; lane < column.shape.lanes; ++lane)
      for (std::uint32_t step = 0; step < column.shape.steps; ++step) {
        const double v = column.at(lane, step);
        invariant(!std::isinf(v), "no value is infinite");
        const auto bits = std::bit_cast<std::uint64_t>(v);
        invariant(!std::isnan(v) || bits == std::bit_cast<std::uint64_t>(model::unknown_value())
                      || bits == std::bit_cast<std::uint64_t>(model::inapplicable_value()),
                  "an empty value is one of the two marked ones");
        const auto kind = winners.winner(lane * column.shape.steps + step).kind;
        invariant(kind != model::Winner::Kind::inapplicable || model::is_inapplicable(v),
                  "what a line is not declared for does not apply");
      }
  }
}

} // namespace scn::eval
