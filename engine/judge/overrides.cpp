#include "engine/judge/judge.hpp"

#include "engine/eval/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace scn::judge {

namespace {

/// An override that changes nothing in some case.
struct Dead {
  Span span;
  bool forced; ///< it decides a cell, though not its value
};

/// Finds the overrides of one layer that change nothing in one case.
class Overrides {
 public:
  Overrides(model::Model const& model, Case const& of) : model_(model), case_(of) {}

  std::vector<Dead> dead(model::LayerId wanted) {
    dead_.clear();
    wanted_ = wanted;
    for (std::size_t i = 0; i < model_.lines.size(); ++i) {
      const model::LineId line{i};
      for (model::LayerEquations const& layer : model_.layers[i]) {
        if (layer.layer != wanted) continue;
        for (model::EquationId id : layer.equations)
          equation(line, id);
        if (layer.facts == model::Node::none) continue;
        for (model::Facts::Fact const& fact : model_.facts[layer.facts].facts)
          figure(line, layer.facts, fact);
      }
    }
    return dead_;
  }

 private:
  void equation(model::LineId line, model::EquationId id) {
    model::Equation const& e = model_.equation(id);
    model::Without without;
    without.equation = id;
    judge(line, without, model_.region(e.region), e.span);
  }

  void figure(model::LineId line, std::uint32_t facts, model::Facts::Fact const& fact) {
    model::Without without;
    without.facts = facts;
    without.cell = fact.cell;
    const model::Winners below = model::paint(model_, line, case_.stack->layers, nullptr, without);
    bool alive = in_force(line, fact.cell, without);
    alive = (alive && differs(line, fact.cell, below)) || covered(line, fact.cell);
    if (!alive) dead_.push_back({fact.span, in_force(line, fact.cell, without)});
  }

  void judge(model::LineId line, model::Without without, model::Region const& region, Span span) {
    const model::Winners below = model::paint(model_, line, case_.stack->layers, nullptr, without);
    bool forced = false;
    bool alive = false;
    model::for_each_cell(model_, line, region, [&](std::uint32_t cell) {
      if (alive || !in_force(line, cell, without)) {
        alive = alive || covered(line, cell);
        return;
      }
      forced = true;
      alive = differs(line, cell, below);
    });
    if (!alive) dead_.push_back({span, forced});
  }

  /// Does the override decide this cell in the finished scenario, alone or with others?
  bool in_force(model::LineId line, std::uint32_t cell, model::Without const& without) const {
    model::Winner const& w = case_.stack->winners[line.value].winner(cell);
    if (!without.equation.valid())
      return w.kind == model::Winner::Kind::facts && w.index == without.facts;
    if (w.kind == model::Winner::Kind::equation && w.index == without.equation.value) return true;
    return std::find(w.adjusted.begin(), w.adjusted.end(), without.equation) != w.adjusted.end();
  }

  /// Does something from the command line lie on top of a scenario here? That is on purpose, and no
  /// fault of the scenario.
  bool covered(model::LineId line, std::uint32_t cell) const {
    if (std::find(model_.overlays.begin(), model_.overlays.end(), wanted_) != model_.overlays.end())
      return false;
    model::Winner const& w = case_.stack->winners[line.value].winner(cell);
    const model::LayerId layer = w.kind == model::Winner::Kind::facts ? model_.facts[w.index].layer
                                 : w.kind == model::Winner::Kind::equation
                                     ? model_.equations[w.index].layer
                                     : model::base_layer;
    return std::find(model_.overlays.begin(), model_.overlays.end(), layer)
           != model_.overlays.end();
  }

  /// Would the cell have other bits without it, in its point or in what its words allow? It is
  /// enough to ask what lies below, with all other cells as they are: if every cell of the region
  /// agrees, then so do all that depend on them.
  bool differs(model::LineId line, std::uint32_t cell, model::Winners const& below) const {
    const std::uint32_t steps = model_.steps(line);
    model::Winner const& mine = case_.stack->winners[line.value].winner(cell);
    model::Winner const& other = below.winner(cell);
    const double now = (*case_.values)[line.value]->at(cell / steps, cell % steps);
    const double before =
        eval::trace(model_, other, *case_.values, line, cell / steps, cell % steps).value;
    if (std::bit_cast<std::uint64_t>(now) != std::bit_cast<std::uint64_t>(before)) return true;
    return !std::isnan(now) && words_of(mine, cell, now) != words_of(other, cell, now);
  }

  /// What the words of a figure allow; for a formula that is its point.
  std::pair<double, double> words_of(model::Winner const& w, std::uint32_t cell,
                                     double point) const {
    if (w.adjusted.empty() && w.kind == model::Winner::Kind::facts) {
      auto const* fact = model::fact_at(model_.facts[w.index], cell);
      if (fact != nullptr && fact->extra != model::Node::none) {
        model::Figure const& f = model_.formulas.figures[fact->extra];
        return {f.low, f.high};
      }
    }
    if (w.adjusted.empty() && w.kind == model::Winner::Kind::equation) {
      model::Formula const& formula = model_.equations[w.index].formula;
      model::Node const& root = model_.formulas[formula.root];
      if (formula.begin == formula.root && root.kind == model::NodeKind::constant)
        return {model_.formulas.figures[root.a].low, model_.formulas.figures[root.a].high};
    }
    return {point, point};
  }

  model::Model const& model_;
  Case const& case_;
  model::LayerId wanted_;
  std::vector<Dead> dead_;
};

void report(Dead const& dead, std::string const& where, Diagnostics& diagnostics) {
  diagnostics
      .report(Code::dead_override, dead.span, "this changes nothing in " + where,
              dead.forced ? "every cell of it has the same value without it"
                          : "other equations lie on top of all of it")
      .hint("leave it out, or check the region and the value");
}

std::string where(model::Model const& model, Case const& of) {
  if (!of.scenario) return "the base";
  return fmt::format("scenario `{}`", model.scenarios[of.scenario->value].name);
}

/// What the command line sets is one thing for all cases: it is dead if it is so in each of them.
void warn_sets(model::Model const& model, std::span<Case const> cases, Diagnostics& diagnostics) {
  for (model::LayerId layer : model.overlays) {
    std::vector<Dead> everywhere = Overrides(model, cases[0]).dead(layer);
    for (Case const& of : cases.subspan(1)) {
      const std::vector<Dead> here = Overrides(model, of).dead(layer);
      std::erase_if(everywhere, [&](Dead const& d) {
        return std::none_of(here.begin(), here.end(), [&](Dead const& other) {
          return other.span.begin == d.span.begin && other.span.end == d.span.end;
        });
      });
    }
    for (Dead const& d : everywhere)
      report(d,
             cases.size() == 1 ? where(model, cases[0])
                               : fmt::format("any of {} scenarios", cases.size()),
             diagnostics);
  }
}

void warn_ranges(model::Model const& model, Case const& of, Diagnostics& diagnostics) {
  for (model::KnobRange const& knob : model.knob_ranges) {
    bool warned = false;
    model::for_each_cell(model, knob.line, knob.region, [&](std::uint32_t cell) {
      const std::uint32_t steps = model.steps(knob.line);
      const double v = (*of.values)[knob.line.value]->at(cell / steps, cell % steps);
      if (warned || std::isnan(v) || (v >= knob.low && v <= knob.high)) return;
      warned = true;
      auto const& measure = model.measure(model.line(knob.line).measure);
      const auto text = [&](double value) {
        return shortest(value, measure.scale)
               + (measure.text == "%" || measure.text.empty() ? "" : " ") + measure.text;
      };
      diagnostics.report(Code::outside_range, knob.span,
                         fmt::format("{} is {}{}, outside its range",
                                     model.cell_name(knob.line, cell / steps, cell % steps),
                                     text(v),
                                     of.scenario ? " in " + where(model, of) : std::string()),
                         fmt::format("from {} to {}", text(knob.low), text(knob.high)));
    });
  }
}

} // namespace

void warn(model::Model const& model, std::span<Case const> cases, Diagnostics& diagnostics) {
  for (Case const& of : cases) {
    if (of.scenario)
      for (Dead const& d : Overrides(model, of).dead(model::layer_of(*of.scenario)))
        report(d, where(model, of), diagnostics);
    warn_ranges(model, of, diagnostics);
  }
  if (!cases.empty()) warn_sets(model, cases, diagnostics);
}

} // namespace scn::judge
