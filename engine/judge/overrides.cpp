#include "engine/judge/judge.hpp"

#include "engine/eval/trace.hpp"
#include "lang/model/contest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace scn::judge {

namespace {

/// An override that changes nothing in some case.
struct Dead {
  enum class Why : std::uint8_t {
    same,    ///< it decides a cell, though not its value
    covered, ///< it decides no cell
    stale,   ///< it would change what lies below, and nothing does
    unasked, ///< a preference, and no sources compete that it would rank otherwise
  };
  Span span;
  Why why;
  std::string cell; ///< of what is stale
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
          if (!contested(layer, id)) equation(line, id);
        for (std::uint32_t c : layer.contests)
          contest(c);
        if (layer.facts == model::Node::none) continue;
        for (model::Facts::Fact const& fact : model_.facts[layer.facts].facts)
          figure(line, layer.facts, fact);
      }
    }
    for (std::uint32_t p = 0; p < model_.preferences.size(); ++p)
      if (model_.preferences[p].layer == wanted) preference(p);
    return dead_;
  }

 private:
  /// Is an equation one of several sources'? Then they are judged together.
  bool contested(model::LayerEquations const& layer, model::EquationId id) const {
    return std::any_of(layer.contests.begin(), layer.contests.end(), [&](std::uint32_t c) {
      auto const& rivals = model_.contests[c].rivals;
      return std::any_of(rivals.begin(), rivals.end(),
                         [&](model::Rival const& r) { return r.equation == id; });
    });
  }

  /// What several sources say is dead if the one that counts changes nothing.
  void contest(std::uint32_t index) {
    model::Contest const& c = model_.contests[index];
    model::Without without;
    without.contest = index;
    const auto rival = model::decide(model_, c, case_.stack->layers).rival;
    judge(c.line, without, c.region, c.rivals[rival].span);
  }

  /// A preference is alive if some cell would have another value without it.
  void preference(std::uint32_t index) {
    auto const& layers = case_.stack->layers;
    model::Without without;
    without.preference = index;
    std::optional<model::LineId> line;
    model::Winners below;
    bool forced = false;
    bool alive = false;
    for (model::Contest const& c : model_.contests) {
      if (alive) break;
      if (std::find(layers.begin(), layers.end(), c.layer) == layers.end()) continue;
      if (model::decide(model_, c, layers).rival == model::decide(model_, c, layers, index).rival)
        continue;
      if (line != c.line) below = model::paint(model_, c.line, layers, nullptr, without);
      line = c.line;
      auto const& winners = case_.stack->winners[c.line.value];
      model::for_each_cell(model_, c.line, c.region, [&](std::uint32_t cell) {
        alive = alive || covered(c.line, cell);
        if (alive || winners.winner(cell) == below.winner(cell)) return;
        forced = true;
        alive = differs(c.line, cell, below);
      });
    }
    if (!alive)
      dead_.push_back(
          {model_.preferences[index].span, forced ? Dead::Why::same : Dead::Why::unasked, {}});
  }

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
    if (!alive)
      dead_.push_back({fact.span,
                       in_force(line, fact.cell, without) ? Dead::Why::same : Dead::Why::covered,
                       {}});
  }

  void judge(model::LineId line, model::Without without, model::Region const& region, Span span) {
    const model::Winners below = model::paint(model_, line, case_.stack->layers, nullptr, without);
    bool forced = false;
    bool alive = false;
    // `*=` and `+=` need something below them.
    bool stale = without.equation.valid()
                 && model_.equation(without.equation).effect != model::Effect::replace;
    std::optional<std::uint32_t> first;
    model::for_each_cell(model_, line, region, [&](std::uint32_t cell) {
      if (alive || !in_force(line, cell, without)) {
        alive = alive || covered(line, cell);
        return;
      }
      forced = true;
      stale = stale && below.winner(cell).kind == model::Winner::Kind::nothing;
      if (!first) first = cell;
      alive = differs(line, cell, below);
    });
    if (alive) return;
    if (!forced) {
      dead_.push_back({span, Dead::Why::covered, {}});
    } else if (stale) {
      const std::uint32_t steps = model_.steps(line);
      dead_.push_back(
          {span, Dead::Why::stale, model_.cell_name(line, *first / steps, *first % steps)});
    } else {
      dead_.push_back({span, Dead::Why::same, {}});
    }
  }

  /// Does the override decide this cell in the finished scenario, alone or with others?
  bool in_force(model::LineId line, std::uint32_t cell, model::Without const& without) const {
    model::Winner const& w = case_.stack->winners[line.value].winner(cell);
    if (without.contest != model::Node::none) {
      auto const& rivals = model_.contests[without.contest].rivals;
      return std::any_of(rivals.begin(), rivals.end(), [&](model::Rival const& r) {
        return r.equation.valid()
                   ? w.kind == model::Winner::Kind::equation && w.index == r.equation.value
                   : w.kind == model::Winner::Kind::facts && w.index == r.facts;
      });
    }
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
  if (dead.why == Dead::Why::stale) {
    diagnostics
        .report(Code::stale_target, dead.span, "there is nothing to change in " + where,
                fmt::format("no equation gives `{}` below it", dead.cell))
        .hint("write `=` to give it a value, or name what is given");
    return;
  }
  constexpr std::string_view reasons[] = {
      "every cell of it has the same value without it", "other equations lie on top of all of it",
      "", "no sources compete that would be ranked otherwise without it"};
  diagnostics
      .report(Code::dead_override, dead.span, "this changes nothing in " + where,
              std::string(reasons[static_cast<std::size_t>(dead.why)]))
      .hint(dead.why == Dead::Why::unasked
                ? "leave it out; `scn facts` lists what competes, and which source was taken"
                : "leave it out, or check the region and the value");
}

bool among(std::vector<Dead> const& dead, Span span) {
  return std::any_of(dead.begin(), dead.end(), [&](Dead const& d) { return d.span == span; });
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
      std::erase_if(everywhere, [&](Dead const& d) { return !among(here, d.span); });
    }
    for (Dead const& d : everywhere)
      report(d,
             cases.size() == 1 ? where(model, cases[0])
                               : fmt::format("any of {} scenarios", cases.size()),
             diagnostics);
    // One override of an actual is told once, whatever scenario it shows in.
    std::vector<Span> told;
    for (Dead const& d : everywhere)
      told.push_back(d.span);
    for (Case const& of : cases)
      warn_actuals(model, of, layer, told, diagnostics);
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
      const auto text = [&](double value) { return model.value_text(knob.line, value); };
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
    if (of.scenario) {
      const model::LayerId layer = model::layer_of(*of.scenario);
      std::vector<Span> told;
      for (Dead const& d : Overrides(model, of).dead(layer)) {
        report(d, where(model, of), diagnostics);
        told.push_back(d.span);
      }
      warn_actuals(model, of, layer, told, diagnostics);
      warn_parents(model, of, diagnostics);
    }
    warn_ranges(model, of, diagnostics);
  }
  if (!cases.empty()) warn_sets(model, cases, diagnostics);
}

} // namespace scn::judge
