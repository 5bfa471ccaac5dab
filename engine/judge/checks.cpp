#include "engine/judge/judge.hpp"

#include <algorithm>
#include <cmath>

namespace scn::judge {

std::string_view name_of(CheckResult::Verdict verdict) {
  switch (verdict) {
  case CheckResult::Verdict::holds: return "holds";
  case CheckResult::Verdict::fails: return "fails";
  case CheckResult::Verdict::undecided: return "undecided";
  case CheckResult::Verdict::open: return "open";
  }
  return {};
}

namespace {

/// What a check says of one cell.
enum class Says : std::uint8_t { yes, no, both, nothing };

Says of_point(double v) { return std::isnan(v) ? Says::nothing : v == 1 ? Says::yes : Says::no; }

/// The point is one of the values that the bounds allow, known or not.
Says of_bounds(eval::Interval b, double point) {
  if (std::isnan(point) || b.is_empty()) return Says::nothing;
  if (b.low != b.high || b.partial) return Says::both;
  return of_point(b.low);
}

} // namespace

std::vector<CheckResult> check(model::Model const& model, Case const& of, bool bounds) {
  std::vector<CheckResult> out;
  auto const& layers = of.stack->layers;
  std::vector<model::LineId> lines;
  for (model::Check const& c : model.checks)
    lines.push_back(c.line);
  eval::Bounds all(model, *of.stack, *of.values, eval::Freedom::words);
  if (bounds) all.evaluate(lines);
  for (std::size_t i = 0; i < model.checks.size(); ++i) {
    model::Check const& c = model.checks[i];
    if (std::find(layers.begin(), layers.end(), c.layer) == layers.end()) continue;
    eval::Column const& column = *(*of.values)[c.line.value];
    CheckResult result;
    result.check = i;
    result.scenario = of.scenario;
    std::string undecided;
    std::string unknown;
    for (std::uint32_t lane = 0; lane < column.shape.lanes; ++lane)
      for (std::uint32_t step = 0; step < column.shape.steps; ++step) {
        const double v = column.at(lane, step);
        if (model::is_inapplicable(v)) continue;
        ++result.cells;
        const Says says = bounds ? of_bounds(all.at(c.line, lane, step), v) : of_point(v);
        if (says == Says::yes) continue;
        std::string cell = model.cell_name(c.line, lane, step);
        cell = cell.size() > model.line(c.line).name.size()
                   ? cell.substr(model.line(c.line).name.size())
                   : std::string();
        if (says == Says::no && result.failed++ == 0) result.first = cell;
        if (says == Says::both && result.undecided++ == 0) undecided = cell;
        if (says == Says::nothing && result.unknown++ == 0) unknown = cell;
      }
    if (result.failed > 0) {
      result.verdict = CheckResult::Verdict::fails;
    } else if (result.undecided > 0) {
      result.verdict = CheckResult::Verdict::undecided;
      result.first = undecided;
    } else if (result.unknown > 0) {
      result.verdict = CheckResult::Verdict::open;
      result.first = unknown;
    }
    out.push_back(std::move(result));
  }
  return out;
}

} // namespace scn::judge
