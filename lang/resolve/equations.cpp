#include "lang/resolve/equations.hpp"

#include "lang/model/winners.hpp"
#include "lang/resolve/by_line.hpp"

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
    const bool library = context_.is_library(*tree);
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
    line_equation(**line, s.span, layer);
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

void Equations::line_equation(ast::Line const& line, Span span, LayerId layer) {
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
  p.layer = layer;
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

bool Equations::has_reads(model::Formula formula) const {
  auto const& nodes = context_.result.formulas.nodes;
  return std::any_of(nodes.begin() + formula.begin.value, nodes.begin() + formula.root.value + 1,
                     [](Node const& n) { return n.kind == NodeKind::read; });
}

/// `start[x] += 1 year`, or by a number of steps: a period moves, it is not added to.
bool Equations::moves_period(Stated const& p) const {
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
  if (p.region && p.region->time) context_.result.lines[p.line.value].over_time = true;
  bool failed = false;
  p.figure = figure(right, nullptr, context_.result.line(p.line).type.kind, failed);
  if (failed) return;
  if (!check_effect(p, right)) return;
  if (p.figure) {
    note_measure(*p.figure);
    if (p.effect != model::Effect::multiply && !moves_period(p))
      note_type(p.line, *p.figure, right.value->span);
    keep(std::move(p));
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
  keep(std::move(p));
}

void Equations::keep(Pending p) {
  Kept kept{Stated(p)};
  if (p.region) {
    kept.region = static_cast<std::uint32_t>(kept_regions_.size());
    kept_regions_.push_back(std::move(*p.region));
  }
  if (p.figure) {
    kept.figure = static_cast<std::uint32_t>(kept_figures_.size());
    kept_figures_.push_back(std::move(*p.figure));
  }
  kept_.push_back(kept);
}

void Equations::note_type(LineId line, ReadFigure const& figure, Span span) {
  if (figure.any_unit || figure.kind != ReadFigure::Kind::number) return;
  if (last_figure_type_ < figure_types_.size() && figure_types_[last_figure_type_].line == line
      && figure_types_[last_figure_type_].type == figure.type)
    return;
  auto [at, added] = figure_type_ids_.try_emplace({line, figure.type.kind, figure.type.unit},
                                                  figure_types_.size());
  if (added) figure_types_.push_back({line, figure.type, span});
  last_figure_type_ = at->second;
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
  for (Kept const& p : kept_)
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
  p.formula = formula;
  p.style.tag = model::Tag::derived;
  p.span = span;
  p.head = span;
  keep(std::move(p));
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
  ByLine readers(lines.size());
  std::vector<std::uint32_t> changed;
  for (Kept const& p : kept_) {
    if (!p.formula || lines[p.line.value].over_time) continue;
    for (auto n = p.formula->begin.value; n <= p.formula->root.value; ++n) {
      Node const& node = formulas.nodes[n];
      if (node.kind != NodeKind::read) continue;
      model::Read const& read = formulas.reads[node.a];
      if (read.time.from == model::Index::From::own) readers.add(read.line, p.line.value);
    }
  }
  readers.finish();
  for (std::uint32_t i = 0; i < lines.size(); ++i)
    if (lines[i].over_time) changed.push_back(i);
  while (!changed.empty()) {
    const std::uint32_t line = changed.back();
    changed.pop_back();
    for (std::uint32_t reader : readers[LineId{line}]) {
      if (lines[reader].over_time) continue;
      lines[reader].over_time = true;
      changed.push_back(reader);
    }
  }
}

void Equations::mark_fiscal(std::vector<model::NodeId> const& formulas) {
  for (Kept const& p : kept_)
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

} // namespace scn::resolve
