#include "lang/resolve/equations.hpp"

#include "lang/model/winners.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace scn::resolve {

using model::Kind;
using model::LayerId;
using model::LineId;
using model::Node;
using model::NodeKind;

// ---------------------------------------------------------------------------------------- reading

void Equations::collect(ResolveInput const& input) {
  as_of_ = input.as_of;
  input_ = &input;
  for (ast::Tree const* tree : input.files) {
    // Without a timeline a module's lines mean nothing, and its `use` was reported.
    std::string const& name = context_.sources.name(tree->source);
    const std::uint32_t at = context_.sources.base(tree->source);
    const bool library = context_.sources.is_library({at, at + 1});
    if (library && name != "std.prelude" && context_.result.calendar.count == 0) continue;
    for (ast::Statement const* s : tree->statements)
      statement(*s, library ? model::library_layer : model::base_layer);
  }
  LayerId layer{context_.result.scenarios.size() + 1};
  for (ast::Tree const* tree : input.overlays) {
    for (ast::Statement const* s : tree->statements) {
      if (std::holds_alternative<ast::Equation const*>(s->node)) {
        statement(*s, layer);
      } else if (!s->broken && !std::holds_alternative<ast::Prefer const*>(s->node)) {
        context_.error(Code::not_here, s->span, "only an equation can be set")
            .hint("as in `--set 'capex_growth[meta, 2026..] = 20%'`");
      }
    }
    context_.result.overlays.push_back(layer);
    layer = LayerId{std::size_t{layer.value} + 1};
  }
}

void Equations::statement(ast::Statement const& s, LayerId layer) {
  // Of a scenario each item is good or broken for itself; anything else is reported as it is.
  if (s.broken && !std::holds_alternative<ast::Scenario const*>(s.node)) return;
  if (auto const* line = std::get_if<ast::Line const*>(&s.node)) {
    line_equation(**line, s.span);
  } else if (auto const* e = std::get_if<ast::Equation const*>(&s.node)) {
    equation(**e, s.span, layer);
  } else if (auto const* m = std::get_if<ast::Member const*>(&s.node)) {
    member_equations(**m, s.span, layer);
  } else if (auto const* k = std::get_if<ast::Knob const*>(&s.node)) {
    knob((*k)->name, (*k)->places, (*k)->range ? &*(*k)->range : nullptr, (*k)->distribution);
  } else if (auto const* t = std::get_if<ast::Table const*>(&s.node)) {
    table(**t, s.span);
  } else if (auto const* sc = std::get_if<ast::Scenario const*>(&s.node)) {
    auto found = context_.scenarios.find((*sc)->name.symbol.value);
    if (found == context_.scenarios.end()) return;
    for (ast::Statement const* item : (*sc)->items)
      statement(*item, model::layer_of(model::ScenarioId{found->second}));
  }
}

void Equations::line_equation(ast::Line const& line, Span span) {
  if (!line.name.written()) return;
  Entity const* entity = context_.find(line.name.symbol, line.name.span);
  // A second declaration of a name was reported; its equation belongs to no line.
  if (entity == nullptr || entity->span != line.name.span) return;
  const LineId id{entity->index};
  if (line.tail != nullptr && line.tail->range) knob(line.name, {}, &*line.tail->range, nullptr);
  if (line.tail != nullptr && line.tail->distribution != nullptr)
    knob(line.name, {}, nullptr, line.tail->distribution);
  if (!line.right) return;
  Pending p;
  p.line = id;
  p.layer = context_.sources.is_library(span) ? model::library_layer : model::base_layer;
  p.region = regions_.all_of(id);
  p.span = span;
  p.head = line.name.span;
  value(std::move(p), *line.right, line.tail);
}

void Equations::equation(ast::Equation const& e, Span span, LayerId layer) {
  Entity const* entity = context_.want(e.name, {Entity::Kind::line}, "line");
  if (entity == nullptr) return;
  const LineId line{entity->index};
  if (e.op != ast::AssignOp::set && (layer == model::base_layer || layer == model::library_layer)) {
    context_
        .error(Code::bad_effect, e.op_span,
               fmt::format("`{}` stands in scenarios only", context_.text(e.op_span)),
               "here nothing lies below")
        .hint("write `=`, or move it into a scenario");
    return;
  }
  auto region = regions_.read(line, e.places);
  if (!region) return;
  Pending p;
  p.line = line;
  p.layer = layer;
  p.region = std::move(*region);
  p.effect = e.op == ast::AssignOp::set        ? model::Effect::replace
             : e.op == ast::AssignOp::multiply ? model::Effect::multiply
                                               : model::Effect::add;
  p.span = span;
  p.head =
      e.places.empty() ? e.name.span : Span{e.name.span.begin, e.places.back().range.span.end + 1};
  value(std::move(p), e.right, e.tail);
}

/// Inside a member's block `x[2024] = …` means `x[member, 2024] = …`.
void Equations::member_equations(ast::Member const& member, Span span, LayerId layer) {
  for (ast::Equation const& e : member.equations) {
    Entity const* entity = context_.want(e.name, {Entity::Kind::line}, "line");
    if (entity == nullptr) continue;
    const LineId line{entity->index};
    if (e.op != ast::AssignOp::set) {
      context_.error(Code::bad_effect, e.op_span,
                     fmt::format("`{}` stands in scenarios only", context_.text(e.op_span)));
      continue;
    }
    for (ast::MemberName const& name : member.names) {
      Entity const* m = context_.find(name.name.symbol, name.name.span);
      if (m == nullptr || m->kind != Entity::Kind::member) continue;
      MemberEntry const& entry = context_.members[m->index];
      auto const& dimensions = context_.result.line(line).dimensions;
      const auto axis = std::find(dimensions.begin(), dimensions.end(), entry.dimension);
      if (axis == dimensions.end()) {
        auto const& dimension = context_.result.dimension(entry.dimension).name;
        context_
            .error(Code::bad_region, e.name.span,
                   fmt::format("`{}` has no dimension `{}`", context_.text(e.name), dimension),
                   fmt::format("stands in the block of a `{}`", dimension))
            .at(context_.result.line(line).span, "declared here");
        break;
      }
      auto region = regions_.read(line, e.places);
      if (!region) break;
      region->members[static_cast<std::size_t>(axis - dimensions.begin())] =
          model::IndexSet(entry.index, entry.index + 1);
      Pending p;
      p.line = line;
      p.layer = layer;
      p.region = std::move(*region);
      p.span = cover(e.name.span, e.right.value != nullptr ? e.right.value->span : span);
      p.head = e.name.span;
      value(std::move(p), e.right, e.tail);
    }
  }
}

void Equations::knob(ast::Name const& name, List<ast::Place> const& places, ast::Right const* range,
                     ast::ExprPtr distribution) {
  Entity const* entity = context_.want(name, {Entity::Kind::line}, "line");
  if (entity == nullptr) return;
  const LineId line{entity->index};
  if (context_.result.line(line).kind != model::LineKind::assume) {
    context_
        .error(Code::bad_declaration, range != nullptr ? range->value->span : distribution->span,
               fmt::format("`{}` is no assumption, and only those have a range or distribution",
                           context_.text(name)))
        .at(context_.result.line(line).span, "declared here")
        .hint("declare it with `assume`");
    return;
  }
  auto region = regions_.read(line, places);
  if (!region) return;
  if (distribution != nullptr) {
    auto const* call = std::get_if<ast::Call const*>(&distribution->node);
    const std::string_view callee = call != nullptr ? context_.text((*call)->callee) : "";
    if (callee != "normal" && callee != "triangular" && callee != "lognormal" && callee != "uniform"
        && callee != "between")
      context_.error(Code::bad_figure, distribution->span, "this is no distribution")
          .hint("as in `~ normal(15%, 3%)`; also triangular, lognormal, uniform, between");
    return;
  }
  bool failed = false;
  auto figure = this->figure(*range, nullptr, Kind::number, failed);
  if (failed) return;
  if (!figure || !figure->range) {
    context_.error(Code::bad_figure, range->value->span, "a range has two ends, both numbers")
        .hint("as in `range 3 year..8 year`");
    return;
  }
  note_type(line, *figure, range->value->span);
  ranges_.push_back(
      {line, std::move(*region), figure->figure, cover(range->value->span, range->high->span)});
}

bool Equations::is_literal(ast::ExprPtr e) const {
  if (auto const* u = std::get_if<ast::Unary>(&e->node))
    return u->op != ast::UnaryOp::logical_not && is_literal(u->operand);
  return std::holds_alternative<ast::Literal>(e->node);
}

/// A literal with its sign.
std::optional<Units::Quantity> Equations::number(ast::ExprPtr e, model::Measure const* fallback) {
  bool negative = false;
  while (auto const* u = std::get_if<ast::Unary>(&e->node)) {
    negative = negative != (u->op == ast::UnaryOp::minus);
    e = u->operand;
  }
  auto out = units_.literal(std::get<ast::Literal>(e->node), fallback);
  if (out && negative) out->value = -out->value;
  return out;
}

std::optional<ReadFigure> Equations::figure(ast::Right const& right, model::Measure const* fallback,
                                            Kind kind, bool& failed) {
  failed = false;
  ReadFigure out;
  if (right.value == nullptr) return std::nullopt;
  const auto fail = [&](Span span, std::string headline) -> std::optional<ReadFigure> {
    context_.error(Code::bad_figure, span, std::move(headline))
        .hint("a figure is written with its numbers, as `600..650` or `over 1000`");
    failed = true;
    return std::nullopt;
  };
  if (auto const* u = std::get_if<ast::UnknownLiteral>(&right.value->node)) {
    if (right.qualifier != ast::Qualifier::none || right.high != nullptr)
      return fail(right.value->span, "what is unknown has neither words nor a range");
    out.kind = ReadFigure::Kind::unknown;
    out.any_unit = true;
    out.reason = u->reason.value;
    return out;
  }
  const bool literal = is_literal(right.value);
  if (right.high == nullptr && !literal) return std::nullopt;
  if (!literal) return fail(right.value->span, "the ends of a range are numbers");
  if (right.high != nullptr && !is_literal(right.high))
    return fail(right.high->span, "the ends of a range are numbers");
  if (kind == Kind::period && right.high == nullptr && right.qualifier == ast::Qualifier::none
      && regions_.is_period(right.value)) {
    const auto steps = regions_.steps(right.value, true);
    if (!steps) {
      failed = true;
      return std::nullopt;
    }
    out.figure = model::Figure::exactly(steps->first);
    out.type = {Kind::period, model::pure, {}};
    return out;
  }
  std::optional<Units::Quantity> high;
  if (right.high != nullptr) {
    high = number(right.high, fallback);
    if (!high) {
      failed = true;
      return std::nullopt;
    }
  }
  // A bare lower end of a range takes the unit of the upper: `6..8 year`.
  auto low = number(right.value, high && fallback == nullptr ? &high->measure : fallback);
  if (!low) {
    failed = true;
    return std::nullopt;
  }
  if (high && low->measure.unit != high->measure.unit)
    return fail(right.high->span,
                fmt::format("the ends of a range have one unit, and these are {} "
                            "and {}",
                            context_.name_of({Kind::number, low->measure.unit, {}}),
                            context_.name_of({Kind::number, high->measure.unit, {}})));
  out.measure = high ? high->measure : low->measure;
  out.type = {Kind::number, out.measure.unit, {}};
  out.any_unit = low->plain_zero && !high;
  model::Figure& f = out.figure;
  f = {low->value, low->half, low->value, low->value, low->half, low->half};
  constexpr double infinity = std::numeric_limits<double>::infinity();
  out.words = static_cast<model::Words>(right.qualifier);
  if (high) {
    if (out.words != model::Words::none)
      return fail(right.value->span, "a figure has words or a range, not both");
    if (low->value > high->value)
      return fail(cover(right.value->span, right.high->span),
                  "this range ends below its beginning");
    out.range = true;
    f.high = high->value;
    f.half_high = high->half;
    f.value = low->value + (high->value - low->value) / 2;
    f.half = std::max(low->half, high->half);
    if (right.at != nullptr) {
      auto at = is_literal(right.at) ? number(right.at, &out.measure) : std::nullopt;
      if (!at) return fail(right.at->span, "the point of a range is a number");
      if (at->value < f.low || at->value > f.high || at->measure.unit != out.measure.unit)
        return fail(right.at->span, "the point of a range lies inside it");
      f.value = at->value;
      f.half = at->half;
    }
  } else if (out.words == model::Words::over) {
    f.high = infinity;
    f.half_high = 0;
  } else if (out.words == model::Words::under) {
    f.low = -infinity;
    f.half_low = 0;
  }
  return out;
}

model::Style Equations::style_of(ast::Tail const* tail, ast::Cite const& fallback) {
  model::Style style;
  ast::Cite const& cite = tail != nullptr && tail->cite.source.written() ? tail->cite : fallback;
  style.citation = context_.citation(cite);
  style.tag = style.citation.valid() ? model::Tag::cited : model::Tag::assumed;
  if (tail == nullptr) return style;
  style.exact = tail->exact;
  switch (tail->tag) {
  case ast::Tag::none: break;
  case ast::Tag::actual: style.tag = model::Tag::actual; break;
  case ast::Tag::guidance: style.tag = model::Tag::guidance; break;
  case ast::Tag::estimate: style.tag = model::Tag::estimate; break;
  case ast::Tag::assumed: style.tag = model::Tag::assumed; break;
  }
  return style;
}

bool Equations::has_reads(model::Formula formula) const {
  auto const& nodes = context_.result.formulas.nodes;
  return std::any_of(nodes.begin() + formula.begin.value, nodes.begin() + formula.root.value + 1,
                     [](Node const& n) { return n.kind == NodeKind::read; });
}

/// `start[x] += 1 year`, or by a number of steps: a period moves, it is not added to.
bool Equations::moves_period(Pending const& p) const {
  return p.effect == model::Effect::add && context_.result.line(p.line).type.kind == Kind::period;
}

/// What may change a period: a written duration or number of steps, kept as a duration.
bool Equations::check_effect(Pending& p, ast::Right const& right) {
  model::Line const& line = context_.result.line(p.line);
  if (line.type.kind != Kind::period || p.effect == model::Effect::replace) return true;
  const auto year = units_.named({context_.interner.intern("year"), right.value->span});
  const bool number = p.figure && p.figure->kind == ReadFigure::Kind::number && year
                      && p.figure->type.kind == Kind::number && !p.figure->wide();
  if (moves_period(p) && number && p.figure->type.unit == year->unit) return true;
  if (moves_period(p) && number && p.figure->type.unit == model::pure
      && p.figure->measure.scale.is_one()) {
    p.figure->figure =
        model::Figure::exactly(p.figure->figure.value / context_.result.calendar.per_year());
    return true;
  }
  context_
      .error(Code::type_mismatch, right.value->span,
             fmt::format("`{}` is a period, and {}", line.name,
                         moves_period(p) ? "moves by a duration or a number of steps only"
                                         : "cannot be multiplied"))
      .hint(fmt::format("as in `{} += 1 year`; or give it anew with `=`", line.name));
  return false;
}

/// Reads the right side of an equation and keeps it until the shape of its line is known.
void Equations::value(Pending p, ast::Right const& right, ast::Tail const* tail) {
  p.style = style_of(tail, {});
  if (tail != nullptr && tail->within != nullptr)
    context_.error(Code::bad_figure, tail->within->span,
                   "`within` belongs to checks and claims, not to equations");
  if (tail != nullptr && (tail->range || tail->distribution != nullptr)
      && context_.result.line(p.line).kind != model::LineKind::assume)
    context_
        .error(Code::bad_declaration,
               tail->range ? tail->range->value->span : tail->distribution->span,
               fmt::format("`{}` is no assumption, and only those have a range or distribution",
                           context_.result.line(p.line).name))
        .hint("declare it with `assume`");
  if (p.region.time) context_.result.lines[p.line.value].over_time = true;
  bool failed = false;
  p.figure = figure(right, nullptr, context_.result.line(p.line).type.kind, failed);
  if (failed) return;
  if (!check_effect(p, right)) return;
  if (p.figure) {
    note_measure(*p.figure);
    if (p.effect != model::Effect::multiply && !moves_period(p))
      note_type(p.line, *p.figure, right.value->span);
    pending_.push_back(std::move(p));
    return;
  }
  p.words = static_cast<model::Words>(right.qualifier);
  model::Line const& line = context_.result.line(p.line);
  LoweringTarget target;
  target.dimensions = line.dimensions;
  target.line = line.name;
  target.line_span = line.span;
  target.fiscal = line.fiscal;
  target.rounding = p.style.citation.valid() && !p.style.exact;
  p.formula = lowering_.lower(right.value, target);
  if (!p.formula) {
    // Its unit is in what could not be read; that it is not known is no second error.
    context_.lines[p.line.value].typed = true;
    return;
  }
  if (target.uses_time) context_.result.lines[p.line.value].over_time = true;
  const bool untagged = tail == nullptr || tail->tag == ast::Tag::none;
  if (untagged && has_reads(*p.formula)) p.style.tag = model::Tag::derived;
  pending_.push_back(std::move(p));
}

void Equations::note_type(LineId line, ReadFigure const& figure, Span span) {
  if (figure.any_unit || figure.kind != ReadFigure::Kind::number) return;
  auto [at, added] = figure_type_ids_.try_emplace({line, figure.type.kind, figure.type.unit},
                                                  figure_types_.size());
  if (added) figure_types_.push_back({line, figure.type, span});
}

/// How money is written where no table says so.
void Equations::note_measure(ReadFigure const& figure) {
  if (figure.kind == ReadFigure::Kind::number && !figure.measure.scale.is_one()
      && is_money(figure.measure.unit))
    ++figure_uses_[figure.measure.unit][context_.measure(figure.measure)];
}

std::vector<Types::Job> Equations::jobs() const {
  std::vector<Types::Job> out;
  // What is multiplied is measured against the line by its effect, not as its value. A figure's
  // type was noted when it was read.
  for (Pending const& p : pending_)
    if (p.formula && p.effect != model::Effect::multiply)
      out.push_back({p.line, *p.formula, p.span});
  return out;
}

std::vector<std::pair<LineId, model::Type>> Equations::figure_types() const {
  std::vector<std::pair<LineId, model::Type>> out;
  for (FigureType const& f : figure_types_)
    out.emplace_back(f.line, f.type);
  return out;
}

// ----------------------------------------------------------------------------------------- shapes

LineId Equations::add_hidden(std::string name, LoweringTarget const& target, model::Formula formula,
                             LayerId layer, Span span) {
  const LineId id{context_.result.lines.size()};
  model::Line line;
  line.name = std::move(name);
  line.hidden = true;
  line.dimensions = target.used;
  std::sort(line.dimensions.begin(), line.dimensions.end());
  line.over_time = target.uses_time;
  line.span = span;
  context_.result.lines.push_back(std::move(line));
  context_.lines.push_back({nullptr, span, false, false});
  Pending p;
  p.line = id;
  p.layer = layer;
  p.region = regions_.all_of(id);
  p.formula = formula;
  p.style.tag = model::Tag::derived;
  p.span = span;
  p.head = span;
  pending_.push_back(std::move(p));
  return id;
}

/// A line varies over time if a region of it names periods, or a formula of it takes the current
/// period or reads, at the current period, a line that varies.
void Equations::settle_time() {
  auto& lines = context_.result.lines;
  auto const& formulas = context_.result.formulas;
  if (context_.result.calendar.count == 0) {
    for (model::Line& line : lines)
      line.over_time = false;
    return;
  }
  std::vector<std::vector<std::uint32_t>> readers(lines.size());
  std::vector<std::uint32_t> changed;
  for (Pending const& p : pending_) {
    if (!p.formula || lines[p.line.value].over_time) continue;
    for (auto n = p.formula->begin.value; n <= p.formula->root.value; ++n) {
      Node const& node = formulas.nodes[n];
      if (node.kind != NodeKind::read) continue;
      model::Read const& read = formulas.reads[node.a];
      if (read.time.from == model::Index::From::own)
        readers[read.line.value].push_back(p.line.value);
    }
  }
  for (std::uint32_t i = 0; i < lines.size(); ++i)
    if (lines[i].over_time) changed.push_back(i);
  while (!changed.empty()) {
    const std::uint32_t line = changed.back();
    changed.pop_back();
    for (std::uint32_t reader : readers[line]) {
      if (lines[reader].over_time) continue;
      lines[reader].over_time = true;
      changed.push_back(reader);
    }
  }
}

void Equations::mark_fiscal(std::vector<model::NodeId> const& formulas) {
  for (Pending const& p : pending_)
    if (p.formula && std::binary_search(formulas.begin(), formulas.end(), p.formula->begin))
      context_.result.lines[p.line.value].fiscal = true;
}

/// When a figure of a fiscal year was over depends on when that ends; the base says so.
void Equations::read_year_ends() {
  auto& result = context_.result;
  if (!result.company) return;
  result.fiscal_year_ends.assign(result.dimension(*result.company).members.size(), 12);
  const auto line = result.line_named("fiscal_year_end");
  if (!line || result.line(*line).type.kind != Kind::member) return;
  constexpr std::string_view months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  auto const& names = result.dimension(result.line(*line).type.dimension).members;
  const LayerId base[] = {model::library_layer, model::base_layer};
  const model::Winners winners = model::paint(result, *line, base);
  const std::uint32_t steps = result.steps(*line);
  for (std::uint32_t company = 0; company < result.fiscal_year_ends.size(); ++company) {
    model::Winner const& w = winners.winner(company * steps + steps - 1);
    double month = model::unknown_value();
    if (w.kind == model::Winner::Kind::facts) {
      if (auto const* fact = model::fact_at(result.facts[w.index], company * steps + steps - 1))
        month = fact->value;
    } else if (w.kind == model::Winner::Kind::equation) {
      Node const& root = result.formulas[result.equations[w.index].formula.root];
      if (root.kind == NodeKind::constant) month = result.formulas.figures[root.a].value;
    }
    if (std::isnan(month)) continue;
    const auto name = std::find(std::begin(months), std::end(months),
                                names[static_cast<std::size_t>(month)].name);
    if (name != std::end(months))
      result.fiscal_year_ends[company] = static_cast<int>(name - std::begin(months)) + 1;
  }
}

model::Region Equations::full_region(LineId line, Regions::Partial const& partial) const {
  model::Region out;
  out.axes = partial.members;
  if (context_.result.line(line).over_time) {
    const auto all = model::IndexSet(0, static_cast<std::uint32_t>(context_.result.calendar.count));
    out.axes.push_back(partial.time ? *partial.time : all);
  }
  return out;
}

// --------------------------------------------------------------------------------------- building

model::LayerEquations& Equations::layer_of(LineId line, LayerId layer) {
  auto& layers = context_.result.layers[line.value];
  for (model::LayerEquations& l : layers)
    if (l.layer == layer) return l;
  layers.push_back({layer, {}, Node::none});
  return layers.back();
}

model::Facts& Equations::facts_of(LineId line, LayerId layer) {
  auto [at, added] = facts_ids_.try_emplace(
      {line, layer}, static_cast<std::uint32_t>(context_.result.facts.size()));
  if (added) context_.result.facts.push_back({line, layer, {}});
  return context_.result.facts[at->second];
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

void Equations::build_one(Pending const& p) {
  // What was not known yet still says what its line looks like, as in every other view of the
  // model.
  if (too_late(p.style)) return;
  const model::Region region = full_region(p.line, p.region);
  if (region.empty()) return; // a dimension without members
  if (p.figure && p.effect == model::Effect::replace && region.size() == 1) {
    std::uint32_t cell = 0;
    model::for_each_cell(context_.result, p.line, region, [&](std::uint32_t c) { cell = c; });
    add_fact(p.line, p.layer, cell, *p.figure, p.style, p.span);
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
    model::Type type = p.figure->any_unit ? model::Type{} : p.figure->type;
    switch (p.figure->kind) {
    case ReadFigure::Kind::number: {
      model::Figure f = p.figure->figure;
      if (!p.style.citation.valid() || p.style.exact) f.half = f.half_low = f.half_high = 0;
      node.a = static_cast<std::uint32_t>(formulas.figures.size());
      formulas.figures.push_back(f);
      style.measure = context_.measure(p.figure->measure);
      style.half = f.half;
      break;
    }
    case ReadFigure::Kind::unknown:
      node.kind = NodeKind::unknown;
      if (!p.figure->reason.empty()) {
        node.a = static_cast<std::uint32_t>(formulas.reasons.size());
        formulas.reasons.emplace_back(p.figure->reason);
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
  for (Pending const& p : pending_)
    build_one(p);
  for (Pending const& p : timeless_) {
    if (!result.line(p.line).over_time) {
      build_one(p);
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

bool Equations::is_money(model::UnitId unit) const {
  auto const& factors = context_.result.units.factors(unit);
  return factors.size() == 1 && factors[0].exponent == 1
         && context_.result.units.is_currency(factors[0].base);
}

/// The magnitude that most amounts of money are written with, in whatever currency, so that what is
/// converted to another one is printed alike. Its text is the magnitude's alone.
std::optional<model::Measure> Equations::usual_money() const {
  auto const& result = context_.result;
  std::map<std::string, std::pair<std::uint32_t, Scale>> uses;
  for (auto const& [unit, measures] : measure_uses_) {
    if (!is_money(unit)) continue;
    const std::string name = ' ' + result.units.name(unit);
    for (auto const& [id, count] : measures)
      if (std::string const& text = result.measure(id).text; text.ends_with(name)) {
        auto& entry = uses[text.substr(0, text.size() - name.size())];
        entry.first += count;
        entry.second = result.measure(id).scale;
      }
  }
  const auto most = std::max_element(uses.begin(), uses.end(), [](auto const& a, auto const& b) {
    return a.second.first < b.second.first;
  });
  if (most == uses.end()) return std::nullopt;
  return model::Measure{model::pure, most->second.second, most->first};
}

/// Values are printed in the unit that was written; where that has no magnitude, as the tables of
/// the model write amounts of that unit, so that a report has one scale.
void Equations::choose_measures() {
  auto& result = context_.result;
  for (auto const& [unit, uses] : figure_uses_)
    measure_uses_.try_emplace(unit, uses);
  // `flow x : USD = y in 亿 USD` says how it is to be printed.
  for (model::Equation const& e : result.equations) {
    model::Line& line = result.lines[e.line.value];
    Node const& root = result.formulas[e.formula.root];
    if (root.kind != NodeKind::convert || root.b == Node::none || line.type.kind != Kind::number)
      continue;
    const model::MeasureId asked{root.b};
    if (result.measure(asked).unit == line.type.unit
        && (!line.measure.valid() || result.measure(line.measure).scale.is_one()))
      line.measure = asked;
  }
  std::map<model::UnitId, model::MeasureId> usual;
  for (auto const& [unit, uses] : measure_uses_) {
    std::uint32_t most = 0;
    for (auto const& [measure, count] : uses)
      if (count > most) {
        most = count;
        usual[unit] = measure;
      }
  }
  const std::optional<model::Measure> money = usual_money();
  for (std::size_t i = 0; i < result.lines.size(); ++i) {
    model::Line& line = result.lines[i];
    if (line.type.kind != Kind::number) {
      if (!line.measure.valid()) line.measure = context_.measure({});
      continue;
    }
    const bool plain = !line.measure.valid() || result.measure(line.measure).scale.is_one();
    if (!plain || (line.type.unit == model::pure && line.measure.valid())) continue;
    if (auto own = table_measures_.find(LineId{i});
        own != table_measures_.end() && result.measure(own->second).unit == line.type.unit) {
      line.measure = own->second;
    } else if (auto at = usual.find(line.type.unit);
               at != usual.end() && line.type.unit != model::pure) {
      line.measure = at->second;
    } else if (money && is_money(line.type.unit)) {
      line.measure = context_.measure(
          {line.type.unit, money->scale, money->text + ' ' + result.units.name(line.type.unit)});
    } else if (!line.measure.valid()) {
      const bool pure = line.type.unit == model::pure;
      line.measure = context_.measure(
          {line.type.unit, {}, pure ? std::string() : result.units.name(line.type.unit)});
    }
  }
}

} // namespace scn::resolve
