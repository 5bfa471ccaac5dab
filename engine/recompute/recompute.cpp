#include "engine/recompute/recompute.hpp"

#include <fmt/format.h>

#include <cstring>
#include <iterator>
#include <map>

namespace scn::recompute {

using eval::Column;
using eval::Values;
using model::LineId;
using model::Model;

namespace {

bool same_bits(Column const& a, Column const& b) {
  return a.cells.size() == b.cells.size()
         && std::memcmp(a.cells.data(), b.cells.data(), a.cells.size() * sizeof(double)) == 0;
}

} // namespace

Values recompute(Model const& model, eval::Stack const& from, Values const& values,
                 eval::Stack const& to, Log* log) {
  Values out = values;
  eval::Evaluator evaluator(model, to);
  std::vector<bool> changed(model.lines.size());
  std::vector<bool> dirty(model.lines.size());
  std::vector<bool> settled(model.lines.size());
  std::vector<std::shared_ptr<Column>> fresh(model.lines.size());
  std::vector<Column*> targets(model.lines.size(), nullptr);
  Log own;
  const auto renew = [&](LineId line) {
    if (fresh[line.value] != nullptr) return;
    fresh[line.value] = std::make_shared<Column>(eval::initial_column(model, to, line));
    targets[line.value] = fresh[line.value].get();
    evaluator.attach(line, targets[line.value]);
  };
  // A line is settled, and its column compared with the old one, behind the last step that gives it
  // values: until then readers see whatever is there, and the plan's order says they do not read.
  std::vector<std::size_t> last_step(model.lines.size(), 0);
  for (std::size_t i = 0; i < to.plan.steps.size(); ++i)
    for (graph::VertexId v : to.plan.steps[i].vertices)
      last_step[to.graph.vertices[v.value].line.value] = i + 1;
  const auto settle = [&](LineId line) {
    settled[line.value] = true;
    const bool same = same_bits(*fresh[line.value], *values[line.value]);
    changed[line.value] = !same;
    own.entries.push_back({same                ? Log::What::cut_off
                           : dirty[line.value] ? Log::What::changed
                                               : Log::What::recomputed,
                           line});
    if (!same) {
      out[line.value] = fresh[line.value];
    } else {
      evaluator.attach(line, values[line.value].get());
    }
  };
  for (std::size_t i = 0; i < model.lines.size(); ++i) {
    const LineId line{i};
    evaluator.attach(line, values[i].get());
    dirty[i] = from.winners[i] != to.winners[i];
    if (!dirty[i]) continue;
    renew(line);
    if (last_step[i] == 0) settle(line); // figures only
  }
  for (std::size_t i = 0; i < to.plan.steps.size(); ++i) {
    plan::Step const& step = to.plan.steps[i];
    // It must run if a line of it was renewed, or one it reads has changed or is about to.
    bool needed = false;
    for (graph::VertexId v : step.vertices) {
      needed = needed || fresh[to.graph.vertices[v.value].line.value] != nullptr;
      for (graph::Edge const& e : to.graph.edges_of(v)) {
        const auto source = to.graph.vertices[e.source.value].line.value;
        needed = needed || changed[source] || (fresh[source] != nullptr && !settled[source]);
      }
    }
    if (!needed) continue;
    for (graph::VertexId v : step.vertices) {
      const LineId line = to.graph.vertices[v.value].line;
      if (fresh[line.value] != nullptr) continue;
      renew(line);
      // Other equations of the line, evaluated before, keep their values.
      fresh[line.value]->cells = values[line.value]->cells;
    }
    evaluator.run(step, targets);
    for (graph::VertexId v : step.vertices) {
      const LineId line = to.graph.vertices[v.value].line;
      if (last_step[line.value] == i + 1 && !settled[line.value]) settle(line);
    }
  }
  own.cells = evaluator.cells();
  own.shared = 0;
  for (std::size_t i = 0; i < out.size(); ++i)
    own.shared += out[i] == values[i] ? 1 : 0;
  if (log != nullptr) *log = std::move(own);
  return out;
}

std::string dump(Model const& model, Log const& log) {
  constexpr std::string_view words[] = {"changed", "recomputed", "cut off"};
  std::string out;
  for (Log::Entry const& e : log.entries)
    if (!model.line(e.line).hidden)
      fmt::format_to(std::back_inserter(out), "{} {}\n", words[static_cast<std::size_t>(e.what)],
                     model.line(e.line).name);
  return out;
}

} // namespace scn::recompute
