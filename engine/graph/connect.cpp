#include "engine/graph/graph.hpp"

#include "lang/model/operands.hpp"

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>

#include <algorithm>
#include <optional>

namespace scn::graph {

using model::Index;
using model::IndexSet;
using model::LineId;
using model::Model;
using model::Node;
using model::NodeKind;
using model::Region;
using model::Winner;
using model::Winners;

namespace {

/// The cells that a winner has, as the smallest product of sets around them.
struct Won {
  Region region;
  bool exact = true; ///< there is no other cell in the product
};

std::vector<Won> winning_regions(Model const& model, LineId id, Winners const& winners) {
  const Region whole = model.whole(id);
  if (winners.of_cell.empty()) return {{whole, true}};
  auto const& dimensions = model.line(id).dimensions;
  const std::uint32_t steps = model.steps(id);
  const std::uint32_t lanes = model.lanes(id);
  std::vector<std::uint32_t> sizes;
  for (model::DimensionId d : dimensions)
    sizes.push_back(static_cast<std::uint32_t>(model.dimension(d).members.size()));
  // Which lanes and steps occur, then which members those lanes are made of.
  const std::size_t n = winners.all.size();
  std::vector<std::vector<bool>> has_step(n);
  std::vector<std::vector<std::uint32_t>> lanes_of(n);
  std::vector<std::uint64_t> cells(n, 0);
  for (std::uint32_t lane = 0; lane < lanes; ++lane)
    for (std::uint32_t step = 0; step < steps; ++step) {
      const std::uint32_t w = winners.of_cell[lane * steps + step];
      if (has_step[w].empty()) has_step[w].resize(steps);
      has_step[w][step] = true;
      ++cells[w];
      if (lanes_of[w].empty() || lanes_of[w].back() != lane) lanes_of[w].push_back(lane);
    }
  std::vector<Won> out(n);
  for (std::size_t w = 0; w < n; ++w) {
    std::vector<std::vector<std::uint32_t>> members(sizes.size());
    for (std::uint32_t lane : lanes_of[w]) {
      std::uint32_t rest = lane;
      for (std::size_t d = sizes.size(); d-- > 0;) {
        members[d].push_back(rest % sizes[d]);
        rest /= sizes[d];
      }
    }
    for (auto& indices : members)
      out[w].region.axes.push_back(IndexSet::of(std::move(indices)));
    if (model.line(id).over_time) {
      std::vector<std::uint32_t> indices;
      for (std::uint32_t s = 0; s < has_step[w].size(); ++s)
        if (has_step[w][s]) indices.push_back(s);
      out[w].region.axes.push_back(IndexSet::of(std::move(indices)));
    }
  }
  for (std::size_t w = 0; w < n; ++w)
    out[w].exact = out[w].region.size() == cells[w];
  return out;
}

class Connector {
 public:
  Connector(Model const& model, std::vector<Winners> const& winners)
      : model_(model), winners_(winners), steps_(std::max(1, model.calendar.count)) {}

  Graph run() {
    for (std::size_t i = 0; i < model_.lines.size(); ++i)
      add_vertices(LineId{i});
    graph_.first_vertex.push_back(static_cast<std::uint32_t>(graph_.vertices.size()));
    for (std::size_t v = 0; v < graph_.vertices.size(); ++v) {
      graph_.first_edge.push_back(static_cast<std::uint32_t>(graph_.edges.size()));
      if (graph_.vertices[v].formula) add_edges(VertexId{v});
    }
    graph_.first_edge.push_back(static_cast<std::uint32_t>(graph_.edges.size()));
    return std::move(graph_);
  }

 private:
  void add_vertices(LineId id) {
    graph_.first_vertex.push_back(static_cast<std::uint32_t>(graph_.vertices.size()));
    Winners const& winners = winners_[id.value];
    std::vector<Won> won = winning_regions(model_, id, winners);
    for (std::uint32_t w = 0; w < winners.all.size(); ++w) {
      Winner const& winner = winners.all[w];
      const bool gives = winner.kind == Winner::Kind::facts || winner.kind == Winner::Kind::equation
                         || !winner.adjusted.empty();
      if (!gives || won[w].region.empty()) continue;
      const bool formula = winner.kind == Winner::Kind::equation || !winner.adjusted.empty();
      graph_.vertices.push_back({id, w, std::move(won[w].region), formula, won[w].exact});
    }
  }

  void add_edges(VertexId v) {
    Vertex const& vertex = graph_.vertices[v.value];
    Winner const& winner = winners_[vertex.line.value].all[vertex.winner];
    const std::size_t first = graph_.edges.size();
    if (winner.kind == Winner::Kind::equation)
      formula_edges(v, model_.equations[winner.index].formula);
    for (model::EquationId id : winner.adjusted)
      formula_edges(v, model_.equation(id).formula);
    // The same source read at the same lags is one edge, however often it stands in the formula.
    if (graph_.edges.size() - first < 2) return;
    const auto begin = graph_.edges.begin() + static_cast<std::ptrdiff_t>(first);
    const auto key = [](Edge const& e) {
      return std::tuple(e.source, e.lag_min, e.lag_max, e.map, e.window, e.absolute, e.replaced);
    };
    std::stable_sort(begin, graph_.edges.end(),
                     [&](Edge const& a, Edge const& b) { return key(a) < key(b); });
    graph_.edges.erase(std::unique(begin, graph_.edges.end(),
                                   [&](Edge const& a, Edge const& b) { return key(a) == key(b); }),
                       graph_.edges.end());
  }

  void formula_edges(VertexId v, model::Formula formula) {
    auto const& nodes = model_.formulas.nodes;
    const bool any =
        std::any_of(nodes.begin() + formula.begin.value, nodes.begin() + formula.root.value + 1,
                    [](Node const& n) { return n.kind == NodeKind::otherwise; });
    const std::vector<bool> replaced = any ? left_of_else(formula) : std::vector<bool>();
    for (auto n = formula.begin.value; n <= formula.root.value; ++n)
      if (nodes[n].kind == NodeKind::read)
        read_edges(v, nodes[n], any && replaced[n - formula.begin.value]);
  }

  /// Which nodes of a formula have a value that an `else` may replace.
  std::vector<bool> left_of_else(model::Formula formula) const {
    auto const& f = model_.formulas;
    std::vector<bool> out(formula.root.value - formula.begin.value + 1);
    const auto mark = [&](model::NodeId id) { out[id.value - formula.begin.value] = true; };
    // One pass from the root reaches all that a marked node is made of.
    for (auto n = formula.root.value + 1; n-- > formula.begin.value;) {
      Node const& node = f.nodes[n];
      if (node.kind == NodeKind::otherwise) mark(node.first());
      if (out[n - formula.begin.value]) model::for_each_operand(model_, node, mark);
    }
    return out;
  }

  /// An end of a window: relative to the reader's step, or a fixed one.
  struct Reach {
    std::optional<int> relative; ///< reader's step plus this
    int fixed = 0;               ///< else this step
    bool known = true;
  };
  Reach bound(model::NodeId id) const {
    // The year of a period reaches a year less a step away from it, whichever step it is.
    if (const NodeKind kind = model_.formulas[id].kind;
        kind == NodeKind::year_begin || kind == NodeKind::year_end) {
      Reach inner = bound(model_.formulas[id].first());
      const int most = model_.calendar.per_year() - 1;
      (inner.relative ? *inner.relative : inner.fixed) += kind == NodeKind::year_end ? most : -most;
      return inner;
    }
    auto const& f = model_.formulas;
    Node const& node = f[id];
    if (node.kind == NodeKind::constant)
      return {std::nullopt, static_cast<int>(f.figures[node.a].value)};
    if (node.kind == NodeKind::step) {
      Index const& index = f.indices[node.a];
      if (index.from == Index::From::own) return {index.shift};
      if (index.from == Index::From::node) {
        Reach inner = bound(index.node());
        (inner.relative ? *inner.relative : inner.fixed) += index.shift;
        return inner;
      }
      if (index.from == Index::From::fixed)
        return {std::nullopt, static_cast<int>(index.value) + index.shift};
    }
    if (node.kind == NodeKind::shift) { // `t - 4`, before and after its shift was folded
      Reach inner = bound(node.first());
      Node const& by = f[node.second()];
      std::optional<double> amount;
      if (by.kind == NodeKind::constant) amount = f.figures[by.a].value;
      if (by.kind == NodeKind::negate && f[by.first()].kind == NodeKind::constant)
        amount = -f.figures[f[by.first()].a].value;
      if (inner.known && amount && *amount == static_cast<int>(*amount)) {
        if (inner.relative) {
          *inner.relative += static_cast<int>(*amount);
        } else {
          inner.fixed += static_cast<int>(*amount);
        }
        return inner;
      }
    }
    return {std::nullopt, 0, false};
  }

  struct Times {
    IndexSet steps;
    int lag_min = 0, lag_max = 0;
    bool window = false, absolute = false, computed = false;
  };
  Times times_of(Index const& index, IndexSet const& readers) const {
    Times out;
    const auto n = static_cast<std::uint32_t>(steps_);
    const int first = readers.empty() ? 0 : static_cast<int>(readers.first());
    const int last = readers.empty() ? 0 : static_cast<int>(readers.last());
    switch (index.from) {
    case Index::From::own:
      out.steps = readers.shifted(index.shift, n);
      out.lag_min = out.lag_max = -index.shift;
      return out;
    case Index::From::fixed: {
      const int step = static_cast<int>(index.value) + index.shift;
      if (step >= 0 && step < steps_)
        out.steps =
            IndexSet(static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step) + 1);
      out.lag_min = first - step;
      out.lag_max = last - step;
      out.absolute = true;
      return out;
    }
    case Index::From::variable: {
      model::Variable const& v = model_.formulas.variables[index.value];
      const Reach low = bound(v.low);
      const Reach high = bound(v.high);
      int from = 0;
      int to = steps_ - 1;
      out.window = true;
      out.lag_max = last;
      out.lag_min = first - (steps_ - 1);
      if (low.known) {
        from = low.relative ? first + *low.relative : low.fixed;
        out.lag_max = low.relative ? -*low.relative : last - low.fixed;
      }
      if (high.known) {
        to = high.relative ? last + *high.relative : high.fixed;
        out.lag_min = high.relative ? -*high.relative : first - high.fixed;
      }
      out.lag_min -= index.shift;
      out.lag_max -= index.shift;
      from = std::clamp(from + index.shift, 0, steps_);
      to = std::clamp(to + index.shift + 1, 0, steps_);
      out.steps = IndexSet(static_cast<std::uint32_t>(from),
                           static_cast<std::uint32_t>(std::max(from, to)));
      return out;
    }
    case Index::From::node: break;
    }
    out.steps = IndexSet(0, n);
    out.lag_min = first - (steps_ - 1);
    out.lag_max = last;
    out.computed = true;
    return out;
  }

  /// Does a vertex win a cell of a region? Its own region may be larger than what it wins.
  bool wins_any(Vertex const& v, Region const& region) const {
    if (!v.region.meets(region)) return false;
    if (v.exact) return true;
    bool any = false;
    model::for_each_cell(model_, v.line, intersect(v.region, region), [&](std::uint32_t cell) {
      any = any || winners_[v.line.value].of_cell[cell] == v.winner;
    });
    return any;
  }

  void read_edges(VertexId v, Node const& node, bool replaced) {
    Vertex const& reader = graph_.vertices[v.value];
    model::Read const& read = model_.formulas.reads[node.a];
    model::Line const& source = model_.line(read.line);
    model::Line const& own = model_.line(reader.line);
    Edge edge;
    edge.reader = v;
    edge.span = node.span;
    edge.replaced = replaced;
    Region region;
    for (std::size_t d = 0; d < source.dimensions.size(); ++d) {
      Index const& index = model_.formulas.indices[read.members + d];
      const auto n =
          static_cast<std::uint32_t>(model_.dimension(source.dimensions[d]).members.size());
      switch (index.from) {
      case Index::From::own: {
        const auto axis =
            std::find(own.dimensions.begin(), own.dimensions.end(), index.dimension());
        region.axes.push_back(
            reader.region.axes[static_cast<std::size_t>(axis - own.dimensions.begin())]);
        break;
      }
      case Index::From::fixed:
        region.axes.emplace_back(index.value, index.value + 1);
        edge.map = std::max(edge.map, Edge::Map::fixed);
        break;
      case Index::From::variable: {
        model::Variable const& variable = model_.formulas.variables[index.value];
        const IndexSet readers = own.over_time ? reader.region.axes.back() : IndexSet(0, 1);
        region.axes.push_back(variable.time ? times_of(index, readers).steps // a vintage
                                            : model_.formulas.sets[variable.set]);
        edge.map = std::max(edge.map, Edge::Map::all);
        break;
      }
      case Index::From::node:
        region.axes.emplace_back(0u, n);
        edge.map = Edge::Map::computed;
        break;
      }
    }
    if (source.over_time) {
      const IndexSet readers = own.over_time ? reader.region.axes.back() : IndexSet(0, 1);
      Times times = times_of(read.time, readers);
      // What does not vary has no step to be before or after: a cycle through it is never legal.
      if (own.over_time) {
        edge.lag_min = times.lag_min;
        edge.lag_max = times.lag_max;
      }
      edge.window = times.window;
      edge.absolute = times.absolute;
      edge.computed_time = times.computed;
      if (times.computed) edge.map = Edge::Map::computed;
      region.axes.push_back(std::move(times.steps));
    }
    for (std::uint32_t s = graph_.first_vertex[read.line.value];
         s < graph_.first_vertex[read.line.value + 1]; ++s) {
      if (!wins_any(graph_.vertices[s], region)) continue;
      edge.source = VertexId{s};
      graph_.edges.push_back(edge);
    }
  }

  Model const& model_;
  std::vector<Winners> const& winners_;
  int steps_;
  Graph graph_;
};

} // namespace

Graph connect(Model const& model, std::vector<Winners> const& winners) {
  return Connector(model, winners).run();
}

std::vector<std::vector<VertexId>> components(Graph const& graph) {
  using Csr =
      boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                         boost::no_property, std::uint32_t, std::uint32_t>;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  pairs.reserve(graph.edges.size());
  for (Edge const& e : graph.edges)
    pairs.emplace_back(e.reader.value, e.source.value);
  const auto n = static_cast<std::uint32_t>(graph.vertices.size());
  const Csr csr(boost::edges_are_sorted, pairs.begin(), pairs.end(), n);
  std::vector<std::uint32_t> component(n);
  const auto count = boost::strong_components(
      csr,
      boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, csr)));
  // With edges from reader to source, components are numbered sources first.
  std::vector<std::vector<VertexId>> out(count);
  for (std::uint32_t v = 0; v < n; ++v)
    out[component[v]].emplace_back(v);
  return out;
}

} // namespace scn::graph
