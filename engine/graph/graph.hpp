#pragma once

#include "lang/model/model.hpp"
#include "lang/model/winners.hpp"
#include "lang/source/diagnostic.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The dependency graph of formulas, in one stack of layers. Never a vertex per cell: a model of
/// ten thousand companies has a few dozen formulas.
namespace scn::graph {

using VertexId = Id<struct VertexTag>;

/// What gives a part of a line its values: an equation with the region in which it wins, or the
/// figures of a layer.
struct Vertex {
  model::LineId line;
  std::uint32_t winner = 0; ///< Winners::all of the line
  /// The cells it wins, as a product of sets: the exact ones where they form a product, otherwise
  /// the smallest product around them.
  model::Region region;
  bool formula = false; ///< has precedents; figures have none
  bool exact = true;    ///< it wins every cell of its region
};

/// Reader reads from source, at the source's step t - lag, for every lag of a range.
struct Edge {
  VertexId reader;
  VertexId source;
  int lag_min = 0;
  int lag_max = 0;
  /// How the members of the two correspond.
  enum class Map : std::uint8_t {
    same,     ///< the reader's own members
    fixed,    ///< members named in the formula
    all,      ///< an aggregation over members
    computed, ///< members or a period that the formula computes
  };
  Map map = Map::same;
  bool computed_time = false; ///< the lag may be any
  bool window = false;        ///< clipped to the timeline, as a range in `over` is
  bool absolute = false;      ///< a fixed period: the lag is not the same at each step
  bool replaced = false;      ///< left of an `else`
  Span span;                  ///< the read
};

struct Graph {
  std::vector<Vertex> vertices;
  std::vector<Edge> edges;
  /// Edges by reader: edges[first_edge[v]] … edges[first_edge[v + 1] - 1].
  std::vector<std::uint32_t> first_edge;
  /// By line: its first vertex. The vertices of a line lie behind one another.
  std::vector<std::uint32_t> first_vertex;

  [[nodiscard]] std::span<Edge const> edges_of(VertexId v) const {
    return std::span(edges).subspan(first_edge[v.value],
                                    first_edge[v.value + 1] - first_edge[v.value]);
  }
};

/// Builds the graph of a stack of layers, given who wins on each line. An edge exists only where
/// the region that is read meets the one that the source wins.
[[nodiscard]] Graph connect(model::Model const& model, std::vector<model::Winners> const& winners);

/// The strongly connected components, sources before their readers; within one, by vertex.
[[nodiscard]] std::vector<std::vector<VertexId>> components(Graph const& graph);

/// What an equation is called in messages and pictures: `capex[2026..]`.
[[nodiscard]] std::string name_of(model::Model const& model,
                                  std::vector<model::Winners> const& winners, Graph const& graph,
                                  VertexId vertex);
/// A region in the notation of the language: `[meta, 2025..2027]`, empty for all of a line.
[[nodiscard]] std::string region_text(model::Model const& model, model::LineId line,
                                      model::Region const& region);

enum class Format : std::uint8_t { dot, mermaid, json };
/// The graph as a picture's source, or for machines.
[[nodiscard]] std::string draw(model::Model const& model,
                               std::vector<model::Winners> const& winners, Graph const& graph,
                               Format format);

} // namespace scn::graph
