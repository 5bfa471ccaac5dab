#include "engine/recompute/recompute.hpp"

#include "engine/recompute/calculation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace scn::recompute {

using eval::Values;
using model::LineId;
using model::Model;

Values recompute(Model const& model, eval::Stack const& from, Values const& values,
                 eval::Stack const& to, Log* log) {
  Calculation calculation(model, to, from, values);
  if (log == nullptr) return calculation.values();
  // Lines are named in the order in which nothing more gave them values: figures first, then as the
  // plan has it.
  std::vector<std::size_t> last_step(model.lines.size(), 0);
  for (std::size_t i = 0; i < to.plan.steps.size(); ++i)
    for (graph::VertexId v : to.plan.steps[i].vertices)
      last_step[to.graph.vertices[v.value].line.value] = i + 1;
  std::vector<LineId> lines;
  for (std::size_t i = 0; i < model.lines.size(); ++i)
    if (calculation.computed(LineId{i})) lines.emplace_back(i);
  std::stable_sort(lines.begin(), lines.end(),
                   [&](LineId a, LineId b) { return last_step[a.value] < last_step[b.value]; });
  *log = {};
  for (LineId line : lines)
    log->entries.push_back({!calculation.changed(line) ? Log::What::cut_off
                            : from.winners[line.value] != to.winners[line.value]
                                ? Log::What::changed
                                : Log::What::recomputed,
                            line});
  log->cells = calculation.take_work().computed;
  for (std::size_t i = 0; i < values.size(); ++i)
    log->shared += calculation.changed(LineId{i}) ? 0 : 1;
  return calculation.values();
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
