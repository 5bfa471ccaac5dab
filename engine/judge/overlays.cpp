// What layers do to one another: scenarios that change the past, and parents that disagree.

#include "engine/eval/trace.hpp"
#include "engine/judge/judge.hpp"
#include "lang/model/contest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace scn::judge {

using model::LayerId;
using model::LineId;
using model::Model;
using model::Winner;
using model::Winners;

namespace {

/// The statement that has the last word on a cell.
struct Word {
  LayerId layer;
  Span span;
  model::EquationId equation; ///< invalid if it is a figure
  std::uint32_t style = 0;    ///< Model::styles
};

std::optional<Word> last_word(Model const& model, Winner const& winner, std::uint32_t cell) {
  model::EquationId id;
  if (!winner.adjusted.empty()) {
    id = winner.adjusted.back();
  } else if (winner.kind == Winner::Kind::equation) {
    id = model::EquationId{winner.index};
  } else if (winner.kind == Winner::Kind::facts) {
    model::Facts const& table = model.facts[winner.index];
    auto const* fact = model::fact_at(table, cell);
    return Word{table.layer, fact->span, {}, fact->style};
  } else {
    return std::nullopt;
  }
  model::Equation const& e = model.equation(id);
  return Word{e.layer, e.span, id, e.style};
}

bool has(std::vector<LayerId> const& layers, LayerId layer) {
  return std::find(layers.begin(), layers.end(), layer) != layers.end();
}

/// Is what a layer says here another account of what happened, and not a wish?
bool restates(model::Style const& style) {
  return style.citation.valid() || style.tag == model::Tag::actual;
}

/// Two parents that prefer different sources of one figure.
void warn_preferences(Model const& model, Case const& of, model::Scenario const& first,
                      model::Scenario const& later, Span extends, Diagnostics& diagnostics) {
  using By = model::Decision::By;
  for (model::Contest const& c : model.contests) {
    const auto one = model::decide(model, c, first.layers);
    const auto other = model::decide(model, c, later.layers);
    if (one.by != By::preference || other.by != By::preference || one.rival == other.rival)
      continue;
    model::Preference const& mine = model.preferences[one.preference];
    model::Preference const& theirs = model.preferences[other.preference];
    if (has(later.layers, mine.layer) || has(first.layers, theirs.layer)) continue;
    if (model::decide(model, c, of.stack->layers).preference != other.preference) continue;
    diagnostics
        .report(
            Code::parents_differ, extends,
            fmt::format("two parents prefer different sources of `{}`", model.line(c.line).name),
            fmt::format("the later one wins, `{}`", later.name))
        .at(mine.span, fmt::format("in `{}`", first.name))
        .at(theirs.span, fmt::format("in `{}`", later.name))
        .hint("say in the scenario itself what it prefers, or turn the parents round");
    return;
  }
}

} // namespace

void warn_actuals(Model const& model, Case const& of, LayerId layer, std::vector<Span>& told,
                  Diagnostics& diagnostics) {
  auto const& stack = of.stack->layers;
  const auto top = std::find(stack.begin(), stack.end(), layer);
  const std::vector<LayerId> below(stack.begin(), top);
  for (std::size_t i = 0; i < model.lines.size(); ++i) {
    const LineId line{i};
    // What was actual has a period: a line that does not vary has none.
    if (!model.line(line).over_time) continue;
    const bool speaks =
        std::any_of(model.layers[i].begin(), model.layers[i].end(),
                    [&](model::LayerEquations const& l) { return l.layer == layer; });
    if (!speaks) continue;
    const LayerId own[] = {layer};
    const Winners mine = model::paint(model, line, own);
    const Winners under = model::paint(model, line, below);
    const std::uint32_t steps = model.steps(line);
    for (std::uint32_t cell = 0; cell < model.lanes(line) * steps; ++cell) {
      const auto word = last_word(model, mine.winner(cell), cell);
      if (!word || restates(model.styles[word->style])) continue;
      const auto before = last_word(model, under.winner(cell), cell);
      if (!before || model.tag_of(model.styles[before->style], line, cell) != model::Tag::actual)
        continue;
      if (std::find(told.begin(), told.end(), word->span) != told.end()) continue;
      told.push_back(word->span);
      diagnostics
          .report(Code::actual_overridden, word->span,
                  fmt::format("this changes what has happened: `{}` is an actual figure",
                              model.cell_name(line, cell / steps, cell % steps)),
                  "an assumption lies on top of it")
          .at(before->span, "the actual figure")
          .hint("name later periods only; a figure that was restated has a source of its own, or "
                "the tag `actual`");
    }
  }
}

void warn_parents(Model const& model, Case const& of, Diagnostics& diagnostics) {
  model::Scenario const& scenario = model.scenarios[of.scenario->value];
  for (std::size_t a = 0; a < scenario.parents.size(); ++a)
    for (std::size_t b = a + 1; b < scenario.parents.size(); ++b) {
      auto const& first = model.scenarios[scenario.parents[a].value];
      auto const& later = model.scenarios[scenario.parents[b].value];
      // One that extends the other is on top of it on purpose.
      if (has(later.layers, model::layer_of(scenario.parents[a]))) continue;
      warn_preferences(model, of, first, later, scenario.parent_spans[b], diagnostics);
      for (std::size_t i = 0; i < model.lines.size(); ++i) {
        const LineId line{i};
        const auto speaks = [&](model::Scenario const& one, model::Scenario const& other) {
          return std::any_of(model.layers[i].begin(), model.layers[i].end(),
                             [&](model::LayerEquations const& l) {
                               return has(one.layers, l.layer) && !has(other.layers, l.layer);
                             });
        };
        if (!speaks(first, later) || !speaks(later, first)) continue;
        const Winners ours = model::paint(model, line, first.layers);
        const Winners theirs = model::paint(model, line, later.layers);
        const Winners& final = of.stack->winners[i];
        const std::uint32_t steps = model.steps(line);
        const auto value = [&](Winner const& w, std::uint32_t cell) {
          return eval::trace(model, w, *of.values, line, cell / steps, cell % steps).value;
        };
        for (std::uint32_t cell = 0; cell < model.lanes(line) * steps; ++cell) {
          const auto one = last_word(model, ours.winner(cell), cell);
          const auto other = last_word(model, theirs.winner(cell), cell);
          if (!one || !other || has(later.layers, one->layer) || has(first.layers, other->layer))
            continue;
          // What the later one changes by `*=` keeps the earlier one's word, and what lies on top
          // of both decides for itself.
          Winner const& w = final.winner(cell);
          const auto takes_part = [&](Word const& word) {
            if (!word.equation.valid())
              return w.kind == Winner::Kind::facts && model.facts[w.index].layer == word.layer;
            return (w.kind == Winner::Kind::equation && w.index == word.equation.value)
                   || std::find(w.adjusted.begin(), w.adjusted.end(), word.equation)
                          != w.adjusted.end();
          };
          if (takes_part(*one) || !takes_part(*other)) continue;
          const double x = value(ours.winner(cell), cell);
          const double y = value(theirs.winner(cell), cell);
          if (std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y)) continue;
          diagnostics
              .report(Code::parents_differ, scenario.parent_spans[b],
                      fmt::format("two parents of scenario `{}` give `{}` different values",
                                  scenario.name, model.cell_name(line, cell / steps, cell % steps)),
                      fmt::format("the later one wins, `{}`", later.name))
              .at(one->span, fmt::format("{} in `{}`", model.value_text(line, x), first.name))
              .at(other->span, fmt::format("{} in `{}`", model.value_text(line, y), later.name))
              .hint(fmt::format("say in `{}` what holds there, or turn the parents round",
                                scenario.name));
          break;
        }
      }
    }
}

} // namespace scn::judge
