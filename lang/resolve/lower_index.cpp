#include "lang/resolve/lowering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace scn::resolve {

using model::Index;
using model::Kind;
using model::NodeId;

Index Lowering::member_index(model::DimensionId dimension, Span span, Cursor const& cursor) {
  for (auto m = cursor.moved.rbegin(); m != cursor.moved.rend(); ++m) {
    if (m->dimension != dimension) continue;
    if (m->used != nullptr) *m->used = true;
    return m->index;
  }
  if (target_->dimensions) {
    auto const& own = *target_->dimensions;
    if (std::find(own.begin(), own.end(), dimension) == own.end()) {
      failed_ = true;
      if (missing_axes_.insert(dimension.value).second) {
        auto const& name = context_.result.dimension(dimension).name;
        auto& d = context_.error(
            Code::extra_axis, span,
            fmt::format("this varies by `{}`, and `{}` does not", name, target_->line),
            fmt::format("one value for each `{}`", name));
        if (!target_->line_span.none()) d.at(target_->line_span, "declared without that dimension");
        d.hint(fmt::format("declare it `by {}`, add up with `sum(… over {})`, or name a member",
                           name, name));
      }
    }
  }
  auto& used = target_->used;
  if (std::find(used.begin(), used.end(), dimension) == used.end()) used.push_back(dimension);
  return {Index::From::own, dimension.value, 0};
}

Index Lowering::time_index(Cursor const& cursor) {
  if (cursor.time_used != nullptr) *cursor.time_used = true;
  return cursor.time;
}

bool Lowering::is_vintage(ast::ExprPtr e, Frame const& frame) const {
  auto const* n = std::get_if<ast::NameRef>(&e->node);
  if (n == nullptr || lookup(n->symbol, frame) != nullptr) return false;
  Entity const* entity = context_.find(n->symbol, e->span);
  return entity != nullptr && entity->kind == Entity::Kind::dimension
         && context_.result.dimension(model::DimensionId{entity->index}).periods;
}

/// The period that a vintage is: its index along the dimension is the step of the timeline.
NodeId Lowering::vintage(Index index, Span span, Frame const& frame) {
  const model::Type period{Kind::period, model::pure, {}};
  switch (index.from) {
  case Index::From::fixed: return step_constant(index.value, span, frame);
  case Index::From::own: return axis_value(model::NodeKind::member, index, period, span, frame);
  default: return axis_value(model::NodeKind::step, index, period, span, frame);
  }
}

/// `x[vintage]`: x at the period that the vintage is.
Lowering::Place Lowering::vintage_place(model::DimensionId dimension, Span span, Frame const& frame,
                                        Cursor const& cursor) {
  const Index index = member_index(dimension, span, cursor);
  if (index.from != Index::From::own) return {true, {}, index};
  return {true, {}, {Index::From::node, vintage(index, span, frame).value, 0}};
}

/// `x[vintage = p]`: the place of a period along the dimension. Outside the timeline is no vintage,
/// and what is read there does not apply.
Index Lowering::vintage_index(Place const& at, Span span, Frame const& frame) {
  using model::Node;
  using model::NodeKind;
  const int count = context_.result.calendar.count;
  const Index index = at.index;
  if (index.from == Index::From::variable && index.shift == 0) return index;
  if (index.from == Index::From::fixed) {
    const auto step = static_cast<std::int64_t>(index.value) + index.shift;
    if (step >= 0 && step < count) return {Index::From::fixed, static_cast<std::uint32_t>(step), 0};
  }
  const model::Type period{Kind::period, model::pure, {}};
  const model::Type truth{Kind::truth, model::pure, {}};
  const NodeId step = index.from == Index::From::node && index.shift == 0
                          ? index.node()
                          : axis_value(NodeKind::step, index, period, span, frame);
  if (index.from == Index::From::own && index.shift == 0) return {Index::From::node, step.value, 0};
  const auto compare = [&](NodeKind kind, int bound) {
    const NodeId limit = step_constant(bound, span, frame);
    return add({kind, 0, step.value, limit.value, Node::none, span}, truth, frame);
  };
  const NodeId after = compare(NodeKind::greater_equal, 0);
  const NodeId before = compare(NodeKind::less_equal, count - 1);
  const NodeId inside =
      add({NodeKind::logical_and, 0, after.value, before.value, Node::none, span}, truth, frame);
  const NodeId nothing =
      add({NodeKind::inapplicable, 0, Node::none, Node::none, Node::none, span}, {}, frame);
  const NodeId chosen =
      add({NodeKind::choose, 0, inside.value, step.value, nothing.value, span}, period, frame);
  return {Index::From::node, chosen.value, 0};
}

/// A whole number of steps written as a number (`1`) or as a duration (`1 year`).
std::optional<Lowering::Steps> Lowering::constant_steps(ast::ExprPtr e, Frame const& frame) {
  auto const* l = std::get_if<ast::Literal>(&e->node);
  if (l == nullptr || l->percent) return std::nullopt;
  if (!l->unit.written() && l->magnitude.power == 0) {
    const std::string_view digits = context_.text(l->digits);
    int steps = 0;
    auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), steps);
    if (failure != std::errc{} || end != digits.data() + digits.size() || steps > 1'000'000)
      return std::nullopt;
    return Steps{steps, true};
  }
  Entity const* unit = context_.find(l->unit.symbol, l->unit.span);
  if (unit == nullptr || unit->kind != Entity::Kind::unit) return std::nullopt;
  const auto quantity = units_.literal(*l);
  const auto year = units_.named({context_.interner.intern("year"), e->span});
  if (!quantity || !year || quantity->measure.unit != year->unit) return std::nullopt;
  const double steps = quantity->value * context_.result.calendar.per_year();
  if (steps != std::floor(steps) || std::fabs(steps) > 1e6) {
    error(Code::bad_shift, e->span, frame,
          fmt::format("{} is no whole number of steps of a {} timeline", context_.text(e->span),
                      model::name_of(context_.result.calendar.grain)));
    return std::nullopt;
  }
  return Steps{static_cast<int>(steps), false};
}

bool Lowering::reads_as_period(ast::ExprPtr e) const {
  if (auto const* w = std::get_if<ast::WordRef>(&e->node)) return w->word != ast::Word::period;
  if (auto const* b = std::get_if<ast::Binary>(&e->node))
    return (b->op == ast::BinaryOp::add || b->op == ast::BinaryOp::subtract)
           && reads_as_period(b->left);
  return regions_.is_period(e);
}

/// A place that needs no computation: a member, a variable, a period moved by a constant.
std::optional<Lowering::Place> Lowering::simple_place(ast::ExprPtr e, Frame const& frame,
                                                      Cursor const& cursor) {
  if (auto const* w = std::get_if<ast::WordRef>(&e->node)) {
    if (w->word == ast::Word::period || !regions_.want_timeline(e->span)) return std::nullopt;
    if (w->word == ast::Word::t && cursor.coarse)
      return Place{true, {}, cursor.coarse->low, false, cursor.coarse, cursor.fiscal};
    if (w->word == ast::Word::t) {
      const Index index = time_index(cursor);
      if (index.from == Index::From::own) target_->uses_time = true; // `x[t-1]` reads `t`
      return Place{true, {}, index, false, std::nullopt, cursor.fiscal};
    }
    const int step = w->word == ast::Word::first ? 0 : context_.result.calendar.count - 1;
    return Place{true, {}, {Index::From::fixed, static_cast<std::uint32_t>(step), 0}, true};
  }
  if (is_bare_year(e) || std::holds_alternative<ast::PeriodLiteral>(e->node)) {
    const auto steps = regions_.steps(e, true); // what it is moved by comes first
    if (!steps) {
      failed_ = true;
      return std::nullopt;
    }
    const Index low{Index::From::fixed, 0, steps->first};
    const Index high{Index::From::fixed, 0, steps->last};
    const auto fiscal = regions_.is_fiscal(e);
    if (steps->first == steps->last) return Place{true, {}, low, true, std::nullopt, fiscal};
    const Cursor::Coarse coarse{low, high, steps->last - steps->first + 1};
    return Place{true, {}, low, true, coarse, fiscal};
  }
  if (auto const* n = std::get_if<ast::NameRef>(&e->node)) {
    if (Named const* named = lookup(n->symbol, frame)) {
      if (named->parameter != nullptr) {
        Frame inner = *named->argument_frame;
        inner.depth = frame.depth + 1;
        return simple_place(named->argument, inner, cursor);
      }
      if (named->used != nullptr) *named->used = true;
      model::Variable const& v = context_.result.formulas.variables[named->variable.value];
      return Place{v.time, v.dimension, {Index::From::variable, named->variable.value, 0}};
    }
    Entity const* entity = context_.find(n->symbol, e->span);
    if (entity == nullptr) return std::nullopt;
    if (entity->kind == Entity::Kind::member) {
      MemberEntry const& m = context_.members[entity->index];
      return Place{false, m.dimension, {Index::From::fixed, m.index, 0}};
    }
    if (entity->kind == Entity::Kind::dimension) {
      const model::DimensionId dimension{entity->index};
      if (context_.result.dimension(dimension).periods) {
        if (!regions_.want_timeline(e->span)) return std::nullopt;
        return vintage_place(dimension, e->span, frame, cursor);
      }
      return Place{false, dimension, member_index(dimension, e->span, cursor)};
    }
    return std::nullopt;
  }
  if (auto const* b = std::get_if<ast::Binary>(&e->node)) {
    if (b->op != ast::BinaryOp::add && b->op != ast::BinaryOp::subtract) return std::nullopt;
    // Only what is certainly a period on the left is tried, so that nothing is reported twice.
    if (auto const* left = std::get_if<ast::NameRef>(&b->left->node)) {
      Named const* named = lookup(left->symbol, frame);
      if (named == nullptr ? !is_vintage(b->left, frame)
                           : named->parameter == nullptr
                                 && !context_.result.formulas.variables[named->variable.value].time)
        return std::nullopt;
    } else if (!reads_as_period(b->left)) {
      return std::nullopt;
    }
    const auto by = constant_steps(b->right, frame);
    if (!by) return std::nullopt;
    auto out = simple_place(b->left, frame, cursor);
    if (!out || !out->time) return std::nullopt;
    if (out->index.from == Index::From::node && !out->coarse) return std::nullopt;
    int steps = b->op == ast::BinaryOp::add ? by->count : -by->count;
    // A year moved by one is the year before or after.
    if (out->coarse && by->periods) steps *= out->coarse->steps;
    out->index.shift += steps;
    if (out->coarse) {
      out->coarse->low.shift += steps;
      out->coarse->high.shift += steps;
    }
    return out;
  }
  return std::nullopt;
}

std::optional<Lowering::Place> Lowering::place(ast::ExprPtr e, Frame const& frame,
                                               Cursor const& cursor) {
  const bool failed_before = failed_;
  failed_ = false;
  auto simple = simple_place(e, frame, cursor);
  const bool refused = failed_;
  failed_ = failed_ || failed_before;
  if (simple) {
    // An absolute read outside the timeline can never be right; a relative one does not apply.
    const auto step = static_cast<std::int64_t>(simple->index.value) + simple->index.shift;
    const auto last = step + (simple->coarse ? simple->coarse->steps - 1 : 0);
    if (simple->absolute && (step < 0 || last >= context_.result.calendar.count)) {
      error(Code::outside_timeline, e->span, frame,
            fmt::format("{} lies outside the timeline {}..{}", context_.text(e->span),
                        context_.result.calendar.name(0),
                        context_.result.calendar.name(context_.result.calendar.count - 1)))
          .hint("extend the timeline, or name a period inside it");
      return std::nullopt;
    }
    return simple;
  }
  if (refused) return std::nullopt;
  if (auto const* n = std::get_if<ast::NameRef>(&e->node)) {
    Entity const* entity = context_.find(n->symbol, e->span);
    if (entity != nullptr && entity->kind == Entity::Kind::group) {
      error(Code::bad_index, e->span, frame,
            fmt::format("`{}` is a group, and an index names one member", context_.text(n->symbol)))
          .hint(fmt::format(
              "add it up: `sum(… over {} in {})`",
              context_.result.groups[entity->index].dimension.valid()
                  ? context_.result.dimension(context_.result.groups[entity->index].dimension).name
                  : "dimension",
              context_.text(n->symbol)));
      return std::nullopt;
    }
  }
  const NodeId node = expr(e, frame, cursor);
  if (failed_ && !failed_before) return std::nullopt;
  switch (type(node).kind) {
  case Kind::period: return Place{true, {}, {Index::From::node, node.value, 0}};
  case Kind::member: return Place{false, type(node).dimension, {Index::From::node, node.value, 0}};
  default: break;
  }
  error(
      Code::bad_index, e->span, frame,
      fmt::format("an index is a member or a period, and this is {}", context_.name_of(type(node))))
      .hint("as in `x[amazon, 2025]` or `x[t-1]`");
  return std::nullopt;
}

NodeId Lowering::index(ast::Index const& index, Frame const& frame, Cursor const& cursor) {
  Cursor inner = cursor;
  struct Use {
    model::DimensionId dimension;
    Span span;
    bool used = false;
  };
  std::vector<Use> uses;
  uses.reserve(index.places.size()); // the cursor points into it
  bool time_moved = false;
  // The word `vintage` alone is a period like any other; beside a period it names its axis.
  std::vector<ast::Place const*> places;
  const auto bare_vintage = [&](ast::Place const* p) {
    return !p->axis.written() && !p->range.dots && p->range.low != nullptr
           && is_vintage(p->range.low, frame);
  };
  for (ast::Place const& written : index.places)
    places.push_back(&written);
  std::stable_partition(places.begin(), places.end(),
                        [&](ast::Place const* p) { return !bare_vintage(p); });
  for (ast::Place const* place : places) {
    ast::Place const& written = *place;
    ast::Range const& range = written.range;
    if (range.dots) {
      error(Code::bad_index, range.span, frame, "an index names one period, not a range")
          .hint("add up a range: `sum(x over t in 2024..2026)`");
      continue;
    }
    if (range.low == nullptr || std::holds_alternative<ast::Broken>(range.low->node)) {
      failed_ = true;
      continue;
    }
    if (time_moved && bare_vintage(&written)) {
      auto const& name = std::get<ast::NameRef>(range.low->node);
      const model::DimensionId dimension{context_.find(name.symbol, range.low->span)->index};
      uses.push_back({dimension, range.span});
      inner.moved.push_back(
          {dimension, member_index(dimension, range.span, cursor), &uses.back().used});
      continue;
    }
    auto at = this->place(range.low, frame, cursor);
    if (!at) {
      failed_ = true;
      continue;
    }
    if (written.axis.written()) {
      Entity const* axis = context_.want(written.axis, {Entity::Kind::dimension}, "dimension");
      if (axis == nullptr) {
        failed_ = true;
        continue;
      }
      const model::DimensionId dimension{axis->index};
      const bool periods = context_.result.dimension(dimension).periods;
      if (at->time ? !periods : at->dimension != dimension) {
        error(Code::bad_index, range.span, frame,
              fmt::format("this is no `{}`", context_.text(written.axis)));
        continue;
      }
      if (periods && (at->coarse || at->fiscal.value_or(false))) {
        error(Code::bad_index, range.span, frame,
              at->coarse ? fmt::format("`{}` is {} vintages, and an index names one",
                                       context_.text(range.span), at->coarse->steps)
                         : std::string("a vintage is a period of the calendar"))
            .hint("add up vintages: `sum(x over vintage in 2025)`");
        continue;
      }
      if (periods) at = Place{false, dimension, vintage_index(*at, range.span, frame)};
    }
    if (at->time) {
      if (time_moved)
        error(Code::bad_index, range.span, frame, "an index names one period, and this is a second")
            .hint("along the dimension `vintage` it is named: `x[vintage = 2024, 2026]`");
      time_moved = true;
      inner.time = at->index;
      inner.coarse = at->coarse;
      inner.fiscal = at->fiscal;
      inner.time_used = nullptr;
    } else {
      for (Use const& u : uses)
        if (u.dimension == at->dimension)
          error(Code::bad_index, range.span, frame, "an index names one member of a dimension",
                "a second one");
      uses.push_back({at->dimension, range.span});
      inner.moved.push_back({at->dimension, at->index, &uses.back().used});
    }
  }
  if (failed_) return broken(index.span, frame); // its axes are not known, so nothing more is said
  Frame deeper = frame;
  ++deeper.depth;
  const NodeId node = expr(index.operand, deeper, inner);
  for (Use const& u : uses) {
    if (u.used || failed_) continue;
    error(Code::bad_index, u.span, frame,
          fmt::format("this has no dimension `{}`", context_.result.dimension(u.dimension).name),
          "indexed here")
        .at(user_span(index.operand->span, frame), "does not vary by it");
  }
  return node;
}

} // namespace scn::resolve
