#include "lang/resolve/lowering.hpp"

#include "lang/source/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace scn::resolve {

using model::Kind;
using model::Node;
using model::NodeId;
using model::NodeKind;
using model::Type;

namespace {

constexpr std::size_t largest_formula = 1'000'000; ///< nodes

Type number(model::UnitId unit) { return {Kind::number, unit, {}}; }
constexpr Type truth{Kind::truth, model::pure, {}};
constexpr Type period{Kind::period, model::pure, {}};
constexpr Type anything{};

} // namespace

std::optional<model::Formula> Lowering::lower(ast::ExprPtr expression, LoweringTarget& target) {
  target_ = &target;
  missing_axes_.clear();
  failed_ = too_large_ = false;
  exponent_ = 0;
  first_node_ = context_.result.formulas.nodes.size();
  Frame frame;
  frame.rounding = target.rounding;
  const NodeId root = expr(expression, frame, {});
  if (failed_) return std::nullopt;
  return model::Formula{NodeId{first_node_}, root};
}

std::optional<model::Formula> Lowering::lower_check(ast::ExprPtr condition, ast::ExprPtr within,
                                                    LoweringTarget& target) {
  auto const* b = std::get_if<ast::Binary>(&condition->node);
  const bool equality = b != nullptr && b->op == ast::BinaryOp::equal;
  const bool order =
      b != nullptr && (b->op == ast::BinaryOp::less_equal || b->op == ast::BinaryOp::greater_equal);
  if (within != nullptr && !equality && !order) {
    context_.error(Code::bad_call, within->span,
                   "`within` loosens a comparison by `==`, `<=` or `>=`, and this is none");
    return std::nullopt;
  }
  if (!equality && within == nullptr) return lower(condition, target);
  target_ = &target;
  missing_axes_.clear();
  failed_ = too_large_ = false;
  exponent_ = 0;
  first_node_ = context_.result.formulas.nodes.size();
  Frame frame;
  frame.rounding = target.rounding;
  const Cursor cursor;
  NodeId left = expr(b->left, frame, cursor);
  NodeId right = expr(b->right, frame, cursor);
  // Members, periods and conditions are equal or not; only numbers are near.
  const auto exact = [&](NodeId n) {
    return type(n).kind != Kind::number && type(n).kind != Kind::any;
  };
  if (equality && (exact(left) || exact(right))) {
    context_.result.formulas.nodes.resize(first_node_);
    context_.types.resize(first_node_);
    return lower(condition, target);
  }
  NodeId tolerance = within != nullptr ? expr(within, frame, cursor)
                                       : constant(model::Figure::exactly(1e-9), number(model::pure),
                                                  b->op_span, frame);
  if (b->op == ast::BinaryOp::greater_equal) std::swap(left, right);
  const NodeId root = add({equality ? NodeKind::near : NodeKind::below_near, 0, left.value,
                           right.value, tolerance.value, condition->span},
                          truth, frame);
  if (failed_) return std::nullopt;
  return model::Formula{NodeId{first_node_}, root};
}

// ------------------------------------------------------------------------------------------ nodes

NodeId Lowering::add(Node node, Type type, Frame const& frame) {
  auto& nodes = context_.result.formulas.nodes;
  if (nodes.size() - first_node_ >= largest_formula) {
    if (!too_large_)
      error(Code::too_deep, node.span, frame,
            fmt::format("this formula is written out to more than {} operations", largest_formula))
          .hint("give a part of it a line of its own");
    too_large_ = true;
    return NodeId{nodes.size() - 1};
  }
  node.call = frame.call;
  nodes.push_back(node);
  context_.types.push_back(type);
  return NodeId{nodes.size() - 1};
}

NodeId Lowering::constant(model::Figure figure, Type type, Span span, Frame const& frame) {
  auto& figures = context_.result.formulas.figures;
  figures.push_back(figure);
  return add({NodeKind::constant, 0, static_cast<std::uint32_t>(figures.size() - 1), Node::none,
              Node::none, span},
             type, frame);
}

NodeId Lowering::step_constant(double step, Span span, Frame const& frame) {
  return constant(model::Figure::exactly(step), period, span, frame);
}

NodeId Lowering::broken(Span span, Frame const& frame) {
  failed_ = true;
  return add({NodeKind::unknown, 0, Node::none, Node::none, Node::none, span}, anything, frame);
}

NodeId Lowering::axis_value(NodeKind kind, model::Index index, Type type, Span span,
                            Frame const& frame) {
  auto& indices = context_.result.formulas.indices;
  indices.push_back(index);
  return add(
      {kind, 0, static_cast<std::uint32_t>(indices.size() - 1), Node::none, Node::none, span}, type,
      frame);
}

/// A place inside a library function means nothing to its user: the use is what he wrote.
Span Lowering::user_span(Span span, Frame const& frame) const {
  auto const& calls = context_.result.formulas.calls;
  for (std::uint32_t c = frame.call; c != Node::none && context_.sources.is_library(span);
       c = calls[c].outer)
    span = calls[c].span;
  return span;
}

Diagnostic& Lowering::error(Code code, Span span, Frame const& frame, std::string headline,
                            std::string label) {
  failed_ = true;
  const Span shown = user_span(span, frame);
  auto& d = context_.error(code, shown, std::move(headline), std::move(label));
  if (shown != span) d.at(span, "in the function used here");
  return d;
}

Lowering::Named const* Lowering::lookup(Symbol symbol, Frame const& frame) const {
  for (Named const* n = frame.names; n != nullptr; n = n->outer)
    if (n->name == symbol) return n;
  return nullptr;
}

bool Lowering::is_bare_year(ast::ExprPtr e) const {
  auto const* l = std::get_if<ast::Literal>(&e->node);
  return l != nullptr && !l->percent && l->magnitude.power == 0 && !l->unit.written()
         && regions_.is_period(e);
}

// ------------------------------------------------------------------------------------ expressions

NodeId Lowering::expr(ast::ExprPtr e, Frame const& frame, Cursor const& cursor) {
  if (too_large_) return broken(e->span, frame); // functions of functions grow without end
  if (frame.depth > 2000) {
    error(Code::too_deep, e->span, frame, "functions and indexes are nested too deep here");
    return broken(e->span, frame);
  }
  if (auto const* l = std::get_if<ast::Literal>(&e->node)) return literal(*l, e, frame);
  if (std::holds_alternative<ast::PeriodLiteral>(e->node)) {
    const auto steps = regions_.steps(e, true);
    if (!steps) return broken(e->span, frame);
    if (steps->first != steps->last) {
      error(Code::bad_index, e->span, frame,
            fmt::format("`{}` is {} steps of the timeline, and one period is wanted",
                        context_.text(e->span), steps->last - steps->first + 1))
          .hint("name one step, or compare: `t in 2025`");
      return broken(e->span, frame);
    }
    return step_constant(steps->first, e->span, frame);
  }
  if (std::holds_alternative<ast::DateLiteral>(e->node)) {
    error(Code::type_mismatch, e->span, frame, "a date is no value of an expression")
        .hint("periods of the timeline are: `2025`, `2025Q3`");
    return broken(e->span, frame);
  }
  if (auto const* u = std::get_if<ast::UnknownLiteral>(&e->node)) {
    std::uint32_t reason = Node::none;
    if (u->reason.written()) {
      auto& reasons = context_.result.formulas.reasons;
      reason = static_cast<std::uint32_t>(reasons.size());
      reasons.emplace_back(u->reason.value);
    }
    return add({NodeKind::unknown, 0, reason, Node::none, Node::none, e->span}, anything, frame);
  }
  if (auto const* t = std::get_if<ast::TruthLiteral>(&e->node))
    return constant(model::Figure::exactly(t->value ? 1 : 0), truth, e->span, frame);
  if (auto const* w = std::get_if<ast::WordRef>(&e->node))
    return word(w->word, e->span, frame, cursor);
  if (auto const* n = std::get_if<ast::NameRef>(&e->node))
    return name(n->symbol, e->span, frame, cursor);
  if (auto const* u = std::get_if<ast::Unary>(&e->node)) return unary(*u, e, frame, cursor);
  if (std::holds_alternative<ast::Binary>(e->node)) return binary(e, frame, cursor);
  if (auto const* i = std::get_if<ast::If>(&e->node)) {
    const NodeId c = expr(i->condition, frame, cursor);
    const NodeId a = expr(i->then, frame, cursor);
    const NodeId b = expr(i->otherwise, frame, cursor);
    const Type t = type(a).kind != Kind::any ? type(a) : type(b);
    return add({NodeKind::choose, 0, c.value, a.value, b.value, e->span}, t, frame);
  }
  if (auto const* i = std::get_if<ast::Index const*>(&e->node)) return index(**i, frame, cursor);
  if (auto const* c = std::get_if<ast::Call const*>(&e->node)) return call(**c, e, frame, cursor);
  if (auto const* i = std::get_if<ast::In const*>(&e->node))
    return inclusion(**i, e->span, frame, cursor);
  return broken(e->span, frame); // what could not be read was reported
}

NodeId Lowering::literal(ast::Literal const& l, ast::ExprPtr e, Frame const& frame) {
  const auto quantity = units_.literal(l);
  if (!quantity) return broken(e->span, frame);
  model::Figure figure = model::Figure::exactly(quantity->value);
  if (frame.rounding && exponent_ == 0)
    figure.half = figure.half_low = figure.half_high = quantity->half;
  // The literal 0 fits every unit.
  const Type t = quantity->plain_zero ? anything : number(quantity->measure.unit);
  return constant(figure, t, e->span, frame);
}

NodeId Lowering::word(ast::Word word, Span span, Frame const& frame, Cursor const& cursor) {
  if (!regions_.want_timeline(user_span(span, frame))) return broken(span, frame);
  model::Calendar const& calendar = context_.result.calendar;
  switch (word) {
  case ast::Word::first: return step_constant(0, span, frame);
  case ast::Word::last: return step_constant(calendar.count - 1, span, frame);
  case ast::Word::period: {
    const auto year = units_.named({context_.interner.intern("year"), span});
    if (!year) return broken(span, frame);
    const int steps = cursor.coarse ? cursor.coarse->steps : 1;
    return constant(model::Figure::exactly(static_cast<double>(steps) / calendar.per_year()),
                    number(year->unit), span, frame);
  }
  case ast::Word::t: break;
  }
  if (cursor.coarse) {
    error(Code::bad_index, span, frame,
          fmt::format("`t` is {} steps of the timeline here, and one period is wanted",
                      cursor.coarse->steps));
    return broken(span, frame);
  }
  const model::Index index = time_index(cursor);
  if (index.from == model::Index::From::fixed)
    return step_constant(static_cast<double>(index.value) + index.shift, span, frame);
  if (index.from == model::Index::From::own) target_->uses_time = true;
  return axis_value(NodeKind::step, index, period, span, frame);
}

/// What a line's values are, before units are known.
Kind Lowering::kind_of(model::LineId line) const {
  const Kind kind = context_.result.line(line).type.kind;
  return kind == Kind::any ? Kind::number : kind;
}

NodeId Lowering::name(Symbol symbol, Span span, Frame const& frame, Cursor const& cursor) {
  if (Named const* named = lookup(symbol, frame)) {
    if (named->parameter != nullptr) return parameter(*named, span, frame, cursor);
    if (named->used != nullptr) *named->used = true;
    model::Variable const& v = context_.result.formulas.variables[named->variable.value];
    const model::Index index{model::Index::From::variable, named->variable.value, 0};
    if (v.time) return axis_value(NodeKind::step, index, period, span, frame);
    return axis_value(NodeKind::member, index, {Kind::member, model::pure, v.dimension}, span,
                      frame);
  }
  Entity const* entity = context_.find(symbol, span);
  if (entity == nullptr) {
    failed_ = true;
    context_.report_unknown({symbol, span},
                            {Entity::Kind::line, Entity::Kind::unit, Entity::Kind::member,
                             Entity::Kind::dimension, Entity::Kind::function},
                            "line, unit or member");
    return broken(span, frame);
  }
  if (context_.torn(symbol, span)) {
    failed_ = true;
    return broken(span, frame);
  }
  switch (entity->kind) {
  case Entity::Kind::line: return read(model::LineId{entity->index}, span, frame, cursor);
  case Entity::Kind::unit: {
    const auto measure = units_.named({symbol, span});
    if (!measure) return broken(span, frame);
    return constant(model::Figure::exactly(measure->scale.value()), number(measure->unit), span,
                    frame);
  }
  case Entity::Kind::dimension: {
    const model::DimensionId dimension{entity->index};
    const model::Index index = member_index(dimension, span, cursor);
    if (context_.result.dimension(dimension).periods) {
      if (!regions_.want_timeline(user_span(span, frame))) return broken(span, frame);
      return vintage(index, span, frame);
    }
    const Type t{Kind::member, model::pure, dimension};
    if (index.from == model::Index::From::fixed)
      return constant(model::Figure::exactly(index.value), t, span, frame);
    return axis_value(NodeKind::member, index, t, span, frame);
  }
  case Entity::Kind::member: {
    MemberEntry const& m = context_.members[entity->index];
    return constant(model::Figure::exactly(m.index), {Kind::member, model::pure, m.dimension}, span,
                    frame);
  }
  case Entity::Kind::group:
    error(Code::wrong_kind, span, frame,
          fmt::format("`{}` is a group, and a value is wanted here", context_.text(symbol)))
        .hint(fmt::format(
            "add it up: `sum(x over {} in {})`",
            context_.result.groups[entity->index].dimension.valid()
                ? context_.result.dimension(context_.result.groups[entity->index].dimension).name
                : "dimension",
            context_.text(symbol)));
    break;
  case Entity::Kind::function:
  case Entity::Kind::builtin:
    error(Code::wrong_kind, span, frame,
          fmt::format("`{}` is a function, and needs its arguments", context_.text(symbol)))
        .hint(fmt::format("write `{}(…)`", context_.text(symbol)));
    break;
  }
  return broken(span, frame);
}

NodeId Lowering::read(model::LineId line, Span span, Frame const& frame, Cursor const& cursor) {
  if (cursor.coarse) return merged(line, span, frame, cursor);
  model::Line const& l = context_.result.line(line);
  if (cursor.fiscal) {
    axis_reads_.push_back(
        {NodeId{first_node_}, line, *cursor.fiscal, true, user_span(span, frame)});
  } else if (cursor.time.from == model::Index::From::own) {
    axis_reads_.push_back(
        {NodeId{first_node_}, line, target_->fiscal, false, user_span(span, frame)});
  }
  auto& formulas = context_.result.formulas;
  std::vector<model::Index> members;
  for (model::DimensionId d : l.dimensions)
    members.push_back(member_index(d, user_span(span, frame), cursor));
  model::Read read{line, static_cast<std::uint32_t>(formulas.indices.size()), time_index(cursor)};
  formulas.indices.insert(formulas.indices.end(), members.begin(), members.end());
  formulas.reads.push_back(read);
  // Its unit is filled in once that is known of every line.
  const Type t{kind_of(line), model::pure, l.type.dimension};
  return add({NodeKind::read, 0, static_cast<std::uint32_t>(formulas.reads.size() - 1), Node::none,
              Node::none, span},
             t, frame);
}

NodeId Lowering::unary(ast::Unary const& u, ast::ExprPtr e, Frame const& frame,
                       Cursor const& cursor) {
  const NodeId a = expr(u.operand, frame, cursor);
  switch (u.op) {
  case ast::UnaryOp::plus: return a;
  case ast::UnaryOp::minus:
    return add({NodeKind::negate, 0, a.value, Node::none, Node::none, e->span}, type(a), frame);
  case ast::UnaryOp::logical_not: break;
  }
  return add({NodeKind::logical_not, 0, a.value, Node::none, Node::none, e->span}, truth, frame);
}

/// A chain of operators is deep on its left only; it is walked, not recursed into.
NodeId Lowering::binary(ast::ExprPtr e, Frame const& frame, Cursor const& cursor) {
  std::vector<ast::ExprPtr> spine;
  ast::ExprPtr left = e;
  while (auto const* b = std::get_if<ast::Binary>(&left->node)) {
    const bool comparison = b->op >= ast::BinaryOp::equal && b->op <= ast::BinaryOp::greater_equal;
    if (comparison) break; // its sides decide together whether 2026 is a period
    spine.push_back(left);
    left = b->left;
  }
  NodeId node;
  if (auto const* b = std::get_if<ast::Binary>(&left->node)) {
    node = compare(*b, left->span, frame, cursor);
  } else {
    node = expr(left, frame, cursor);
  }
  for (auto at = spine.rbegin(); at != spine.rend(); ++at)
    node = combine(std::get<ast::Binary>((*at)->node), (*at)->span, node, frame, cursor);
  return node;
}

NodeId Lowering::combine(ast::Binary const& b, Span span, NodeId left, Frame const& frame,
                         Cursor const& cursor) {
  using Op = ast::BinaryOp;
  if (b.op == Op::power) ++exponent_;
  const NodeId right = expr(b.right, frame, cursor);
  if (b.op == Op::power) --exponent_;
  if (b.op == Op::add || b.op == Op::subtract) return arithmetic(b, span, left, right, frame);
  const auto two = [&](NodeKind kind, Type t) {
    return add({kind, 0, left.value, right.value, Node::none, span}, t, frame);
  };
  switch (b.op) {
  case Op::multiply: return two(NodeKind::multiply, number(model::pure));
  case Op::divide: return two(NodeKind::divide, number(model::pure));
  case Op::power: return two(NodeKind::power, number(model::pure));
  case Op::logical_and: return two(NodeKind::logical_and, truth);
  case Op::logical_or: return two(NodeKind::logical_or, truth);
  default: break;
  }
  return two(NodeKind::otherwise, type(left).kind != Kind::any ? type(left) : type(right));
}

/// `+` and `-`, which mean something else beside a period.
NodeId Lowering::arithmetic(ast::Binary const& b, Span span, NodeId left, NodeId right,
                            Frame const& frame) {
  const bool minus = b.op == ast::BinaryOp::subtract;
  // A bare year beside a period is a period: `t - 2024`.
  const auto as_period = [&](NodeId node, ast::ExprPtr e) {
    if (!is_bare_year(e)) return;
    const auto steps = regions_.steps(e, true);
    if (!steps) return;
    context_.result.formulas.figures[context_.result.formulas[node].a] =
        model::Figure::exactly(steps->first);
    context_.types[node.value] = period;
  };
  if (type(left).kind == Kind::period && minus) as_period(right, b.right);
  if (type(right).kind == Kind::period && minus) as_period(left, b.left);
  const bool left_period = type(left).kind == Kind::period;
  const bool right_period = type(right).kind == Kind::period;
  if (left_period && right_period) {
    if (minus)
      return add({NodeKind::difference, 0, left.value, right.value, Node::none, span},
                 number(model::pure), frame);
    error(Code::type_mismatch, span, frame, "two periods cannot be added")
        .hint("their difference is a duration; a period plus a number moves it");
    return broken(span, frame);
  }
  if (left_period || (right_period && !minus)) {
    NodeId by = left_period ? right : left;
    if (minus)
      by = add({NodeKind::negate, 0, by.value, Node::none, Node::none, b.right->span}, type(by),
               frame);
    return add({NodeKind::shift, 0, (left_period ? left : right).value, by.value, Node::none, span},
               period, frame);
  }
  const Type t = type(left).kind != Kind::any ? type(left) : type(right);
  return add(
      {minus ? NodeKind::subtract : NodeKind::add, 0, left.value, right.value, Node::none, span}, t,
      frame);
}

NodeId Lowering::compare(ast::Binary const& b, Span span, Frame const& frame,
                         Cursor const& cursor) {
  using Op = ast::BinaryOp;
  constexpr NodeKind kinds[] = {NodeKind::equal,      NodeKind::not_equal, NodeKind::less,
                                NodeKind::less_equal, NodeKind::greater,   NodeKind::greater_equal};
  const NodeKind kind = kinds[static_cast<int>(b.op) - static_cast<int>(Op::equal)];
  const auto constant_period = [&](ast::ExprPtr e) {
    return std::holds_alternative<ast::PeriodLiteral>(e->node) || is_bare_year(e);
  };
  const bool left_constant = constant_period(b.left);
  const bool right_constant = constant_period(b.right);
  if (left_constant == right_constant) {
    const NodeId left = expr(b.left, frame, cursor);
    const NodeId right = expr(b.right, frame, cursor);
    return add({kind, 0, left.value, right.value, Node::none, span}, truth, frame);
  }
  ast::ExprPtr written = right_constant ? b.right : b.left;
  const NodeId other = expr(right_constant ? b.left : b.right, frame, cursor);
  if (type(other).kind != Kind::period) {
    const NodeId year = expr(written, frame, cursor);
    const NodeId left = right_constant ? other : year;
    const NodeId right = right_constant ? year : other;
    return add({kind, 0, left.value, right.value, Node::none, span}, truth, frame);
  }
  const auto steps = regions_.steps(written, true);
  if (!steps) return broken(span, frame);
  // A period coarser than the timeline: `t >= 2026` from its first step, `t <= 2026` to its last.
  const auto against = [&](NodeKind k, int step) {
    const NodeId bound = step_constant(step, written->span, frame);
    return right_constant ? add({k, 0, other.value, bound.value, Node::none, span}, truth, frame)
                          : add({k, 0, bound.value, other.value, Node::none, span}, truth, frame);
  };
  const bool other_is_less = right_constant == (b.op == Op::less || b.op == Op::less_equal);
  switch (b.op) {
  case Op::equal:
  case Op::not_equal: {
    if (steps->first == steps->last) return against(kind, steps->first);
    const NodeId from = step_constant(steps->first, written->span, frame);
    const NodeId to = step_constant(steps->last, written->span, frame);
    const NodeId after =
        add({NodeKind::greater_equal, 0, other.value, from.value, Node::none, span}, truth, frame);
    const NodeId before =
        add({NodeKind::less_equal, 0, other.value, to.value, Node::none, span}, truth, frame);
    const NodeId inside =
        add({NodeKind::logical_and, 0, after.value, before.value, Node::none, span}, truth, frame);
    if (b.op == Op::equal) return inside;
    return add({NodeKind::logical_not, 0, inside.value, Node::none, Node::none, span}, truth,
               frame);
  }
  case Op::less:
  case Op::greater: return against(kind, other_is_less ? steps->first : steps->last);
  default: return against(kind, other_is_less ? steps->last : steps->first);
  }
}

/// `x in USD`. Money needs room for the rates that its currency may ask for.
NodeId Lowering::conversion(NodeId operand, NodeId begin, model::Measure const& measure, Span span,
                            Frame const& frame, Cursor const& cursor) {
  const auto pass = [&](NodeId on) {
    return add({NodeKind::convert, 0, on.value, Node::none, Node::none, span}, type(on), frame);
  };
  Node node{NodeKind::convert, 0, operand.value, context_.measure(measure).value, Node::none, span};
  if (context_.has_rates && !context_.result.units.currencies(measure.unit).empty()) {
    model::Conversion out{begin, operand, {}, cursor.time, span};
    NodeId last = operand;
    for (model::Conversion::Leg& leg : out.legs) {
      leg.rate = pass(operand);
      leg.product = pass(last);
      last = leg.product;
    }
    node.a = last.value;
    node.c = static_cast<std::uint32_t>(context_.result.formulas.conversions.size());
    context_.result.formulas.conversions.push_back(out);
  }
  return add(node, number(measure.unit), frame);
}

NodeId Lowering::inclusion(ast::In const& in, Span span, Frame const& frame, Cursor const& cursor) {
  const NodeId begin{context_.result.formulas.nodes.size()};
  const NodeId operand = expr(in.operand, frame, cursor);
  if (in.unit != nullptr) {
    auto const& atoms = in.unit->atoms;
    const bool single = atoms.size() == 1 && atoms[0].kind == ast::UnitAtom::Kind::name
                        && in.unit->magnitude.power == 0 && atoms[0].exponent == 1;
    if (single) {
      Entity const* e = context_.find(atoms[0].name.symbol, atoms[0].name.span);
      if (e != nullptr && (e->kind == Entity::Kind::group || e->kind == Entity::Kind::member)) {
        auto& sets = context_.result.formulas.sets;
        model::DimensionId dimension;
        if (e->kind == Entity::Kind::group) {
          dimension = context_.result.groups[e->index].dimension;
          sets.push_back(context_.result.groups[e->index].members);
        } else {
          MemberEntry const& m = context_.members[e->index];
          dimension = m.dimension;
          sets.emplace_back(m.index, m.index + 1);
        }
        if (type(operand).kind != Kind::member || type(operand).dimension != dimension) {
          error(Code::type_mismatch, in.operand->span, frame,
                fmt::format("`{}` is asked for members, and this is {}",
                            context_.text(atoms[0].name), context_.name_of(type(operand))));
          return broken(span, frame);
        }
        return add({NodeKind::in_set, 0, operand.value, static_cast<std::uint32_t>(sets.size() - 1),
                    Node::none, span},
                   truth, frame);
      }
    }
    const auto measure = units_.of(*in.unit);
    if (!measure) return broken(span, frame);
    return conversion(operand, begin, *measure, span, frame, cursor);
  }
  const bool time = type(operand).kind == Kind::period;
  ast::ExprPtr low = in.range.low;
  ast::ExprPtr high = in.range.dots ? in.range.high : in.range.low;
  const auto bound = [&](ast::ExprPtr e, bool is_low) {
    const NodeId limit = time ? period_bound(e, is_low, frame, cursor) : expr(e, frame, cursor);
    return add({is_low ? NodeKind::greater_equal : NodeKind::less_equal, 0, operand.value,
                limit.value, Node::none, span},
               truth, frame);
  };
  NodeId inside;
  if (low != nullptr) inside = bound(low, true);
  if (high != nullptr) {
    const NodeId below = bound(high, false);
    inside = inside.valid()
                 ? add({NodeKind::logical_and, 0, inside.value, below.value, Node::none, span},
                       truth, frame)
                 : below;
  }
  return inside;
}

NodeId Lowering::parameter(Named const& named, Span span, Frame const& frame,
                           Cursor const& cursor) {
  ast::Type const& declared = named.parameter->type;
  // An argument is an expression, read anew at each use: what moved the parameter moves it.
  Frame inner = *named.argument_frame;
  inner.depth = frame.depth + 1;
  NodeId value;
  if (declared.kind == ast::Type::Kind::period && is_bare_year(named.argument)) {
    const auto steps = regions_.steps(named.argument, true);
    if (!steps) return broken(span, frame);
    value = step_constant(steps->first, named.argument->span, inner);
  } else {
    value = expr(named.argument, inner, cursor);
  }
  Type wanted;
  switch (declared.kind) {
  case ast::Type::Kind::none: return value;
  case ast::Type::Kind::period: wanted = period; break;
  case ast::Type::Kind::truth: wanted = truth; break;
  case ast::Type::Kind::unit: {
    const auto measure = units_.of(*declared.unit);
    if (!measure) return broken(span, frame);
    wanted = number(measure->unit);
    break;
  }
  }
  return add({NodeKind::ascribe, 0, value.value, static_cast<std::uint32_t>(wanted.kind),
              wanted.unit.value, named.argument->span},
             wanted, inner);
}

} // namespace scn::resolve
