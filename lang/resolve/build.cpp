// Equations and figures, once the shape of every line is known: cells, regions, overlaps.

#include "lang/resolve/equations.hpp"

#include "lang/model/winners.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scn::resolve {

using model::Kind;
using model::LayerId;
using model::LineId;
using model::Node;
using model::NodeKind;

model::LayerEquations& Equations::layer_of(LineId line, LayerId layer) {
  auto& layers = context_.result.layers[line.value];
  for (model::LayerEquations& l : layers)
    if (l.layer == layer) return l;
  layers.push_back({layer, {}, Node::none});
  return layers.back();
}

model::Facts& Equations::facts_of(LineId line, LayerId layer) {
  auto& facts = context_.result.facts;
  if (last_facts_ < facts.size() && facts[last_facts_].line == line
      && facts[last_facts_].layer == layer)
    return facts[last_facts_];
  auto [at, added] =
      facts_ids_.try_emplace({line, layer}, static_cast<std::uint32_t>(facts.size()));
  if (added) facts.push_back({line, layer, {}});
  return facts[last_facts_ = at->second];
}

/// Was the source of an equation published after the day as of which the model is seen?
bool Equations::too_late(model::Style const& style) const {
  if (!as_of_ || !style.citation.valid()) return false;
  auto const& result = context_.result;
  auto const& published =
      result.documents[result.citations[style.citation.value].document].published;
  return published && *published > *as_of_;
}

void Equations::add_fact(LineId line, LayerId layer, std::uint32_t cell, ReadFigure const& figure,
                         model::Style const& style, Span span) {
  if (too_late(style)) return;
  auto& formulas = context_.result.formulas;
  model::Facts::Fact fact;
  fact.cell = cell;
  fact.span = span;
  model::Style own = style;
  own.half = 0;
  switch (figure.kind) {
  case ReadFigure::Kind::number: {
    const bool rounded = style.citation.valid() && !style.exact;
    fact.value = figure.figure.value;
    own.half = rounded ? figure.figure.half : 0;
    own.measure = context_.measure(figure.measure);
    if (figure.wide()) {
      model::Figure f = figure.figure;
      if (!rounded) f.half = f.half_low = f.half_high = 0;
      fact.extra = static_cast<std::uint32_t>(formulas.figures.size());
      formulas.figures.push_back(f);
    }
    break;
  }
  case ReadFigure::Kind::unknown:
    fact.value = model::unknown_value();
    if (!figure.reason.empty()) {
      fact.extra = static_cast<std::uint32_t>(formulas.reasons.size());
      formulas.reasons.emplace_back(figure.reason);
    }
    break;
  case ReadFigure::Kind::inapplicable: fact.value = model::inapplicable_value(); break;
  }
  fact.style = context_.style(own);
  facts_of(line, layer).facts.push_back(fact);
}

void Equations::build_kept(Kept const& kept) {
  build_one(kept,
            kept.region != Kept::none ? kept_regions_[kept.region] : regions_.all_of(kept.line),
            kept.figure != Kept::none ? &kept_figures_[kept.figure] : nullptr);
}

void Equations::build_one(Stated const& p, Regions::Partial const& partial,
                          ReadFigure const* figure) {
  // What was not known yet still says what its line looks like, as in every other view of the
  // model.
  if (too_late(p.style)) return;
  const model::Region region = full_region(p.line, partial);
  if (region.empty()) return; // a dimension without members
  if (figure != nullptr && p.effect == model::Effect::replace && region.size() == 1) {
    std::uint32_t cell = 0;
    model::for_each_cell(context_.result, p.line, region, [&](std::uint32_t c) { cell = c; });
    add_fact(p.line, p.layer, cell, *figure, p.style, p.span);
    return;
  }
  model::Equation e;
  e.line = p.line;
  e.layer = p.layer;
  e.region = context_.region(region);
  e.effect = p.effect;
  e.words = p.words;
  e.span = p.span;
  e.head = p.head;
  model::Style style = p.style;
  if (p.formula) {
    e.formula = *p.formula;
  } else {
    // A figure that holds for several cells is a formula of one constant.
    auto& formulas = context_.result.formulas;
    Node node{NodeKind::constant, 0, Node::none, Node::none, Node::none, p.span};
    model::Type type = figure->any_unit ? model::Type{} : figure->type;
    switch (figure->kind) {
    case ReadFigure::Kind::number: {
      model::Figure f = figure->figure;
      if (!p.style.citation.valid() || p.style.exact) f.half = f.half_low = f.half_high = 0;
      node.a = static_cast<std::uint32_t>(formulas.figures.size());
      formulas.figures.push_back(f);
      style.measure = context_.measure(figure->measure);
      style.half = f.half;
      break;
    }
    case ReadFigure::Kind::unknown:
      node.kind = NodeKind::unknown;
      if (!figure->reason.empty()) {
        node.a = static_cast<std::uint32_t>(formulas.reasons.size());
        formulas.reasons.emplace_back(figure->reason);
      }
      break;
    case ReadFigure::Kind::inapplicable: node.kind = NodeKind::inapplicable; break;
    }
    e.formula = {model::NodeId{formulas.nodes.size()}, model::NodeId{formulas.nodes.size()}};
    formulas.nodes.push_back(node);
    context_.types.push_back(type);
  }
  e.style = context_.style(style);
  const model::EquationId id{context_.result.equations.size()};
  context_.result.equations.push_back(e);
  layer_of(p.line, p.layer).equations.push_back(id);
}

void Equations::build() {
  auto& result = context_.result;
  result.layers.resize(result.lines.size());
  std::uint64_t cells = 0;
  for (std::size_t i = 0; i < result.lines.size(); ++i) {
    model::Line& line = result.lines[i];
    std::uint64_t n = line.over_time ? static_cast<std::uint64_t>(result.calendar.count) : 1;
    for (model::DimensionId d : line.dimensions)
      n *= std::max<std::size_t>(1, result.dimension(d).members.size());
    cells += n;
    if (cells > 100'000'000) {
      context_
          .error(Code::too_large, line.span, "the model has more than 100 million cells up to here")
          .hint("shorten the timeline, or leave out a dimension");
      return;
    }
    if (line.applies && line.over_time)
      line.applies->axes.emplace_back(0u, static_cast<std::uint32_t>(result.calendar.count));
  }
  for (Kept const& kept : kept_)
    build_kept(kept);
  for (Pending const& p : timeless_) {
    if (!result.line(p.line).over_time) {
      build_one(p, *p.region, &*p.figure);
      continue;
    }
    context_
        .error(Code::missing_axis, p.span,
               fmt::format("`{}` varies over time, and this table names no period",
                           result.line(p.line).name))
        .hint(fmt::format("name it: `table {}[2024] …`, or put periods into the head",
                          result.line(p.line).name));
    break;
  }
  for (PendingRange const& r : ranges_)
    result.knob_ranges.push_back(
        {r.line, full_region(r.line, r.region), r.range.low, r.range.high, r.span});
  sort_facts();
  // Widest first: what lies inside another comes to lie on top of it.
  for (auto& layers : result.layers)
    for (model::LayerEquations& l : layers)
      std::stable_sort(l.equations.begin(), l.equations.end(),
                       [&](model::EquationId a, model::EquationId b) {
                         return result.region(result.equation(a).region).size()
                                > result.region(result.equation(b).region).size();
                       });
}

void Equations::sort_facts() {
  auto& result = context_.result;
  for (std::uint32_t i = 0; i < result.facts.size(); ++i) {
    model::Facts& table = result.facts[i];
    layer_of(table.line, table.layer).facts = i;
    const auto by_cell = [](model::Facts::Fact const& a, model::Facts::Fact const& b) {
      return a.cell != b.cell ? a.cell < b.cell : a.span.begin < b.span.begin;
    };
    if (!std::is_sorted(table.facts.begin(), table.facts.end(), by_cell))
      std::sort(table.facts.begin(), table.facts.end(), by_cell);
  }
}

void Equations::report_overlap(LineId line, Span first, Span second, bool same, std::string cell) {
  if (second.begin < first.begin) std::swap(first, second);
  auto& d = context_.error(
      Code::ambiguous_overlap, second,
      same ? fmt::format("`{}` is given twice", cell)
           : fmt::format("two equations of `{}` overlap, and neither lies inside the other",
                         context_.result.line(line).name),
      same ? "given again here" : fmt::format("both give `{}`", cell));
  d.at(first, same ? "first given here" : "the other one");
  d.hint(same
             ? "leave one out, put it into a scenario, or name another source for each"
             : "make one region lie inside the other, or name the shared cells in a third equation "
               "and cut both back");
}

void Equations::check_overlaps() {
  auto const& result = context_.result;
  for (std::size_t i = 0; i < result.lines.size(); ++i) {
    const LineId line{i};
    for (model::LayerEquations const& l : result.layers[i]) {
      if (l.equations.size() + (l.facts != Node::none ? 1 : 0) < 2) continue;
      std::vector<model::Conflict> conflicts;
      const LayerId layers[] = {l.layer};
      (void)model::paint(result, line, layers, &conflicts);
      for (model::Conflict const& c : conflicts) {
        const std::uint32_t steps = result.steps(line);
        std::string cell = result.cell_name(line, c.cell / steps, c.cell % steps);
        model::Equation const& first = result.equation(c.first);
        if (!c.second.valid()) {
          report_overlap(line, first.span, result.facts[c.facts].facts[c.fact].span, true, cell);
          continue;
        }
        model::Equation const& second = result.equation(c.second);
        const bool same = first.region == second.region;
        report_overlap(line, first.head, second.head, same,
                       same && result.region(first.region).size() > 1 ? result.line(line).name
                                                                      : std::move(cell));
      }
    }
  }
}

/// What is given to cells that cannot have it would be lost without a word. `–` says just that they
/// do not apply, and a wider region may well reach beyond the members of a line.
void Equations::check_applies() {
  auto const& result = context_.result;
  const auto report = [&](LineId line, Span span, std::string const& what) {
    context_
        .error(Code::bad_region, span, fmt::format("{} does not apply", what),
               "nothing is kept of this")
        .at(result.line(line).span,
            fmt::format("`{}` is declared for some members only", result.line(line).name))
        .hint("widen the declaration, or leave this out");
  };
  for (std::size_t i = 0; i < result.lines.size(); ++i) {
    const LineId line{i};
    auto const& applies = result.line(line).applies;
    if (!applies) continue;
    const std::uint32_t steps = result.steps(line);
    std::vector<bool> can(std::size_t{result.lanes(line)} * steps);
    model::for_each_cell(result, line, *applies, [&](std::uint32_t cell) { can[cell] = true; });
    for (model::LayerEquations const& l : result.layers[i])
      for (model::EquationId id : l.equations)
        if (!applies->meets(result.region(result.equation(id).region)))
          report(line, result.equation(id).head,
                 fmt::format("all of this region of `{}`", result.line(line).name));
    for (model::Facts const& table : result.facts) {
      if (table.line != line) continue;
      for (model::Facts::Fact const& f : table.facts)
        if (!can[f.cell] && !model::is_inapplicable(f.value))
          report(line, f.span,
                 fmt::format("`{}`", result.cell_name(line, f.cell / steps, f.cell % steps)));
    }
  }
}

void Equations::check_figures() {
  for (FigureType const& f : figure_types_) {
    model::Line const& line = context_.result.line(f.line);
    if (line.type.kind == Kind::any || line.type == f.type) continue;
    const bool units = line.type.kind == Kind::number && f.type.kind == Kind::number;
    auto& d = context_.error(units ? Code::declared_unit : Code::type_mismatch, f.span,
                             fmt::format("`{}` is {}, and this figure is {}", line.name,
                                         context_.name_of(line.type), context_.name_of(f.type)),
                             fmt::format("this is {}", context_.name_of(f.type)));
    d.at(line.span, context_.lines[f.line.value].typed
                        ? fmt::format("declared as {}", context_.name_of(line.type))
                        : fmt::format("elsewhere it is {}", context_.name_of(line.type)));
    if (units && f.type.unit == model::pure)
      d.hint(fmt::format("give the number its unit: `5 {}`",
                         context_.result.units.name(line.type.unit)));
  }
}

} // namespace scn::resolve
