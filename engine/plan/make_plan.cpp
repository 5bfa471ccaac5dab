#include "engine/plan/plan.hpp"

#include "engine/plan/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace scn::plan {

using graph::Edge;
using graph::Graph;
using graph::VertexId;
using model::IndexSet;
using model::Model;
using model::Winners;

namespace {

class Planner {
 public:
  Planner(Model const& model, std::vector<Winners> const& winners, Graph const& graph,
          Diagnostics& diagnostics)
      : model_(model), winners_(winners), graph_(graph), diagnostics_(diagnostics),
        position_(graph.vertices.size(), 0) {}

  Plan run() {
    Plan plan;
    for (auto const& component : graph::components(graph_)) {
      if (component.size() == 1 && !reads_itself(component[0])) {
        if (graph_.vertices[component[0].value].formula)
          plan.steps.push_back({Step::Kind::at_once, component, {}, false, 0});
        continue;
      }
      sweep(plan, component);
    }
    check_adjustments();
    return plan;
  }

 private:
  bool reads_itself(VertexId v) const {
    auto const edges = graph_.edges_of(v);
    return std::any_of(edges.begin(), edges.end(), [&](Edge const& e) { return e.source == v; });
  }

  bool varies(VertexId v) const { return model_.line(graph_.vertices[v.value].line).over_time; }

  model::EquationId equation_of(VertexId v) const {
    auto const& vertex = graph_.vertices[v.value];
    model::Winner const& w = winners_[vertex.line.value].all[vertex.winner];
    if (!w.adjusted.empty()) return w.adjusted.back();
    return model::EquationId{w.index};
  }

  std::string name(VertexId v) const { return graph::name_of(model_, winners_, graph_, v); }

  void sweep(Plan& plan, std::vector<VertexId> const& component) {
    for (std::uint32_t i = 0; i < component.size(); ++i)
      position_[component[i].value] = i + 1;
    std::vector<Edge const*> inside;
    for (VertexId v : component)
      for (Edge const& e : graph_.edges_of(v))
        if (position_[e.source.value] != 0) inside.push_back(&e);
    const auto n = static_cast<std::uint32_t>(component.size());
    // Forwards an edge must be satisfied at its smallest lag, backwards at its largest.
    const auto dependences = [&](bool backwards) {
      std::vector<Dependence> out;
      for (Edge const* e : inside) {
        // What does not vary has no period before: a way around through it is never legal.
        const bool fixed = !varies(e->reader) || !varies(e->source);
        const int lag = fixed       ? -model_.calendar.count * static_cast<int>(n)
                        : backwards ? -e->lag_max
                                    : e->lag_min;
        out.push_back({position_[e->reader.value] - 1, position_[e->source.value] - 1, lag});
      }
      return out;
    };
    std::vector<std::uint32_t> cycle;
    bool backwards = false;
    auto schedule = make_schedule(n, dependences(false), &cycle);
    if (!schedule) {
      schedule = make_schedule(n, dependences(true));
      backwards = true;
    }
    if (!schedule) {
      report_cycle(inside, cycle);
    } else if (!replaces(inside) && starts(inside, backwards)) {
      Step step;
      step.kind = Step::Kind::sweep;
      step.backwards = backwards;
      for (std::uint32_t f : schedule->order) {
        step.vertices.push_back(component[f]);
        step.offsets.push_back(schedule->offset[f]);
      }
      step.waves =
          model_.calendar.count + *std::max_element(step.offsets.begin(), step.offsets.end());
      plan.steps.push_back(std::move(step));
    }
    for (VertexId v : component)
      position_[v.value] = 0;
  }

  /// The loop, one excerpt per equation on it; of a very long one its beginning.
  void report_cycle(std::vector<Edge const*> const& inside,
                    std::vector<std::uint32_t> const& cycle) {
    constexpr std::size_t most = 20;
    const std::size_t shown = cycle.size() > most ? most / 2 : cycle.size();
    std::string loop;
    int lag = 0;
    const bool computed = std::any_of(cycle.begin(), cycle.end(),
                                      [&](std::uint32_t d) { return inside[d]->computed_time; });
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      if (i < shown) loop += name(inside[cycle[i]]->reader) + " -> ";
      lag += inside[cycle[i]]->lag_min;
    }
    if (shown < cycle.size()) loop += fmt::format("{} more -> ", cycle.size() - shown);
    loop += name(inside[cycle.front()]->reader);
    Edge const& first = *inside[cycle.front()];
    auto& d = diagnostics_.report(
        computed ? Code::computed_cycle : Code::cycle, user_span(first),
        computed ? std::string("inside a cycle a period must be named by a constant lag")
        : cycle.size() == 1 && lag == 0 ? fmt::format("`{}` depends on itself", name(first.reader))
        : lag < 0                       ? fmt::format(
                                    "these depend on one another both forwards and backwards in time: {}", loop)
                  : fmt::format("these depend on one another at the same time: {}", loop),
        fmt::format("`{}` needs this", name(first.reader)));
    for (std::size_t i = 1; i < shown; ++i) {
      Edge const& e = *inside[cycle[i]];
      d.at(user_span(e), fmt::format("`{}` needs this", name(e.reader)));
    }
    d.hint("a cycle is legal if every way around it goes back in time, as `x[t-1]` does");
  }

  /// A read inside a library function is shown where the formula stands.
  Span user_span(Edge const& e) const {
    model::Equation const& equation = model_.equation(equation_of(e.reader));
    const bool inside = e.span.begin >= equation.span.begin && e.span.end <= equation.span.end;
    return inside ? e.span : equation.span;
  }

  /// An `else` around a cycle's own earlier values would be taken for its start.
  bool replaces(std::vector<Edge const*> const& inside) {
    const auto found =
        std::find_if(inside.begin(), inside.end(), [](Edge const* e) { return e->replaced; });
    if (found == inside.end()) return false;
    Edge const& e = **found;
    auto const& line = model_.line(graph_.vertices[e.reader.value].line).name;
    diagnostics_
        .report(Code::else_in_cycle, user_span(e),
                fmt::format("`else` is no start of `{}`: it would also replace an unknown", line),
                fmt::format("`{}` depends on itself through this", line))
        .hint(fmt::format("give its first period an equation of its own, `{}[first] = …`, and "
                          "leave out the `else`",
                          line));
    return true;
  }

  /// A recurrence must not read, in its first period, its own cycle outside the timeline.
  bool starts(std::vector<Edge const*> const& inside, bool backwards) {
    const int last = model_.calendar.count - 1;
    for (Edge const* e : inside) {
      if (e->window || e->absolute || e->computed_time) continue;
      auto const& reader = graph_.vertices[e->reader.value];
      auto const& steps = reader.region.axes.back();
      const int extreme = backwards ? static_cast<int>(steps.last()) - e->lag_min
                                    : static_cast<int>(steps.first()) - e->lag_max;
      if (backwards ? extreme <= last : extreme >= 0) continue;
      const int at = static_cast<int>(backwards ? steps.last() : steps.first());
      auto const& line = model_.line(reader.line).name;
      const std::string source = model_.line(graph_.vertices[e->source.value].line).name;
      diagnostics_
          .report(Code::no_start, user_span(*e),
                  fmt::format("`{}` has no start: in {} it needs `{}` {}", line,
                              model_.calendar.name(at), source,
                              backwards ? "after the timeline" : "before the timeline"),
                  "outside the timeline there")
          .hint(fmt::format("give its {} period an equation of its own: `{}[{}] = …`",
                            backwards ? "last" : "first", line, backwards ? "last" : "first"));
      return false;
    }
    return true;
  }

  /// `*=` over cells that depend on one another would compound.
  void check_adjustments() {
    for (std::uint32_t v = 0; v < graph_.vertices.size(); ++v) {
      auto const& vertex = graph_.vertices[v];
      for (model::EquationId id : winners_[vertex.line.value].all[vertex.winner].adjusted)
        check_adjustment(VertexId{v}, id);
    }
  }

  /// Follows reads from the cells of an effect: does any lead to another of its cells?
  void check_adjustment(VertexId start, model::EquationId id) {
    auto const& line = graph_.vertices[start.value].line;
    std::vector<IndexSet> seen(graph_.vertices.size());
    std::vector<std::pair<VertexId, IndexSet>> stack{{start, steps_of(start)}};
    while (!stack.empty()) {
      auto const [v, steps] = std::move(stack.back());
      stack.pop_back();
      for (Edge const& e : graph_.edges_of(v)) {
        IndexSet read = intersect(steps_read(e, steps), steps_of(e.source));
        if (seen[e.source.value].contains(read)) continue;
        auto const& source = graph_.vertices[e.source.value];
        if (source.line == line) {
          auto const& adjusted = winners_[line.value].all[source.winner].adjusted;
          if (std::find(adjusted.begin(), adjusted.end(), id) != adjusted.end()) {
            report_compounding(id);
            return;
          }
        }
        seen[e.source.value] = unite(seen[e.source.value], read);
        stack.emplace_back(e.source, std::move(read));
      }
    }
  }

  IndexSet steps_of(VertexId v) const {
    return varies(v) ? graph_.vertices[v.value].region.axes.back() : IndexSet(0, 1);
  }
  /// Which steps of its source an edge reads, from some steps of its reader.
  IndexSet steps_read(Edge const& e, IndexSet const& steps) const {
    const auto count = static_cast<std::uint32_t>(model_.calendar.count);
    if (!varies(e.source)) return {0, 1};
    if (!varies(e.reader) || e.absolute) return {0, count};
    IndexSet out;
    for (int lag = e.lag_min; lag <= e.lag_max; ++lag)
      out = unite(out, steps.shifted(-lag, count));
    return out;
  }

  void report_compounding(model::EquationId id) {
    if (std::find(compounding_.begin(), compounding_.end(), id) != compounding_.end()) return;
    compounding_.push_back(id);
    model::Equation const& e = model_.equation(id);
    const bool multiplies = e.effect == model::Effect::multiply;
    diagnostics_
        .report(
            Code::compounds, e.span,
            fmt::format("this would compound: some cells of `{}` in this region depend on others "
                        "of it",
                        model_.line(e.line).name),
            multiplies ? "each period would be multiplied again" : "each period would add up again")
        .hint("name one period, or change what drives the line");
  }

  Model const& model_;
  std::vector<Winners> const& winners_;
  Graph const& graph_;
  Diagnostics& diagnostics_;
  std::vector<std::uint32_t> position_; ///< in the component at hand, plus one
  std::vector<model::EquationId> compounding_;
};

} // namespace

Plan make_plan(Model const& model, std::vector<Winners> const& winners, Graph const& graph,
               Diagnostics& diagnostics) {
  return Planner(model, winners, graph, diagnostics).run();
}

std::string dump(Model const& model, std::vector<Winners> const& winners, Graph const& graph,
                 Plan const& plan) {
  std::string out;
  std::size_t number = 0;
  for (Step const& step : plan.steps) {
    fmt::format_to(std::back_inserter(out), "{}. ", ++number);
    if (step.kind == Step::Kind::at_once) {
      fmt::format_to(std::back_inserter(out), "{}\n",
                     graph::name_of(model, winners, graph, step.vertices[0]));
      continue;
    }
    fmt::format_to(std::back_inserter(out), "sweep {}, {} waves\n",
                   step.backwards ? "backwards" : "forwards", step.waves);
    for (std::size_t i = 0; i < step.vertices.size(); ++i)
      fmt::format_to(std::back_inserter(out), "     {}{}\n",
                     graph::name_of(model, winners, graph, step.vertices[i]),
                     step.offsets[i] == 0 ? "" : fmt::format(", {} waves later", step.offsets[i]));
  }
  return out;
}

} // namespace scn::plan
