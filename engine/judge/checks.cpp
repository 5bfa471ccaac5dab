#include "engine/judge/judge.hpp"

#include <algorithm>
#include <cmath>

namespace scn::judge {

std::string_view name_of(CheckResult::Verdict verdict) {
  switch (verdict) {
  case CheckResult::Verdict::holds: return "holds";
  case CheckResult::Verdict::fails: return "fails";
  case CheckResult::Verdict::open: return "open";
  }
  return {};
}

std::vector<CheckResult> check(model::Model const& model, Case const& of) {
  std::vector<CheckResult> out;
  auto const& layers = of.stack->layers;
  for (std::size_t i = 0; i < model.checks.size(); ++i) {
    model::Check const& c = model.checks[i];
    if (std::find(layers.begin(), layers.end(), c.layer) == layers.end()) continue;
    eval::Column const& column = *(*of.values)[c.line.value];
    CheckResult result;
    result.check = i;
    result.scenario = of.scenario;
    std::string unknown;
    for (std::uint32_t lane = 0; lane < column.shape.lanes; ++lane)
      for (std::uint32_t step = 0; step < column.shape.steps; ++step) {
        const double v = column.at(lane, step);
        if (model::is_inapplicable(v)) continue;
        ++result.cells;
        if (v == 1) continue;
        std::string cell = model.cell_name(c.line, lane, step);
        cell = cell.size() > model.line(c.line).name.size()
                   ? cell.substr(model.line(c.line).name.size())
                   : std::string();
        if (std::isnan(v)) {
          if (result.unknown++ == 0) unknown = cell;
        } else if (result.failed++ == 0) {
          result.first = cell;
        }
      }
    if (result.failed > 0) {
      result.verdict = CheckResult::Verdict::fails;
    } else if (result.unknown > 0) {
      result.verdict = CheckResult::Verdict::open;
      result.first = unknown;
    }
    out.push_back(std::move(result));
  }
  return out;
}

} // namespace scn::judge
