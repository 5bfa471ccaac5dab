#include "engine/eval/cause.hpp"
#include "engine/judge/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace scn::judge {

namespace {

using model::Node;
using model::NodeKind;
using model::Winner;

/// The conversions of a formula that read a rate, or, if `line` is given, that one.
model::Conversion const* conversion_in(model::Model const& model, model::Formula formula,
                                       std::optional<model::LineId> line) {
  auto const& f = model.formulas;
  auto at = std::lower_bound(
      f.conversions.begin(), f.conversions.end(), formula.begin.value,
      [](model::Conversion const& c, std::uint32_t begin) { return c.operand.value < begin; });
  for (; at != f.conversions.end() && at->operand.value <= formula.root.value; ++at)
    for (model::Conversion::Leg const& leg : at->legs) {
      Node const& rate = f[leg.rate];
      if (rate.kind == NodeKind::read && (!line || f.reads[rate.a].line == *line)) return &*at;
    }
  return nullptr;
}

} // namespace

void missing_rates(model::Model const& model, std::span<Case const> cases,
                   Diagnostics& diagnostics) {
  if (model.formulas.conversions.empty()) return;
  std::set<std::pair<model::LineId, std::uint32_t>> reported;
  for (Case const& of : cases) {
    eval::Causes causes(model, *of.stack, *of.values);
    for (std::size_t i = 0; i < model.lines.size(); ++i) {
      const model::LineId line{i};
      model::Winners const& winners = of.stack->winners[i];
      std::vector<bool> converts;
      for (Winner const& w : winners.all)
        converts.push_back(w.kind == Winner::Kind::equation
                           && conversion_in(model, model.equations[w.index].formula, std::nullopt)
                                  != nullptr);
      if (std::find(converts.begin(), converts.end(), true) == converts.end()) continue;
      const std::uint32_t steps = model.steps(line);
      for (std::uint32_t cell = 0; cell < model.lanes(line) * steps; ++cell) {
        if (!converts[winners.at(cell)]) continue;
        if (!model::is_unknown((*of.values)[i]->at(cell / steps, cell % steps))) continue;
        eval::Cause const& cause = causes.of(line, cell / steps, cell % steps);
        // A rate that is said to be unknown is one; here nothing is said at all.
        if (model.line(cause.line).kind != model::LineKind::fx) continue;
        auto const& rate = of.stack->winners[cause.line.value].winner(
            cause.lane * model.steps(cause.line) + cause.step);
        if (rate.kind != Winner::Kind::nothing) continue;
        model::Conversion const* c =
            conversion_in(model, model.equations[winners.winner(cell).index].formula, cause.line);
        if (c == nullptr || !reported.emplace(cause.line, cause.step).second) continue;
        const std::string missing = model.cell_name(cause.line, cause.lane, cause.step);
        diagnostics
            .report(Code::missing_rate, c->span,
                    fmt::format("there is no {} rate{}: no equation gives {}",
                                model.units.name(model.line(cause.line).type.unit),
                                model.line(cause.line).over_time
                                    ? " for " + model.calendar.name(static_cast<int>(cause.step))
                                    : std::string(),
                                missing),
                    fmt::format("needed for {}",
                                model.line(line).hidden
                                    ? "this"
                                    : model.cell_name(line, cell / steps, cell % steps)))
            .at(model.line(cause.line).span, "the rate")
            .hint(
                fmt::format("give it, as in `{} = …`, or say that it is unknown and why", missing));
      }
    }
  }
}

} // namespace scn::judge
