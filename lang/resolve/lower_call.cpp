#include "lang/resolve/lowering.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scn::resolve {

using model::Index;
using model::Kind;
using model::Node;
using model::NodeId;
using model::NodeKind;
using model::ReduceOp;
using model::Type;

namespace {

constexpr int deepest_use = 64; ///< functions within functions

constexpr Type truth{Kind::truth, model::pure, {}};

/// Builtins of one value; all others run over an axis.
bool takes_value(Builtin builtin) {
  return builtin == Builtin::is_known || builtin == Builtin::annual
         || builtin == Builtin::calendarised;
}

} // namespace

NodeId Lowering::call(ast::Call const& call, ast::ExprPtr e, Frame const& frame,
                      Cursor const& cursor) {
  Entity const* entity = context_.find(call.callee.symbol, call.callee.span);
  if (entity == nullptr) {
    failed_ = true;
    context_.report_unknown(call.callee, {Entity::Kind::function, Entity::Kind::builtin},
                            "function");
    return broken(e->span, frame);
  }
  if (entity->kind == Entity::Kind::function) {
    const auto aggregates = context_.functions[entity->index].aggregate;
    if (aggregates && call.aggregates) return aggregate(call, *aggregates, e->span, frame, cursor);
    if (aggregates) {
      error(Code::bad_call, e->span, frame,
            fmt::format("`{}` needs what it runs over", context_.text(call.callee)))
          .hint(fmt::format("write `{}(x over t)`", context_.text(call.callee)));
      return broken(e->span, frame);
    }
    if (!call.aggregates) return function(call, entity->index, e->span, frame, cursor);
  }
  if (entity->kind != Entity::Kind::builtin) {
    error(Code::bad_call, call.callee.span, frame,
          call.aggregates ? fmt::format("`{}` is no aggregation, so it takes no `over`",
                                        context_.text(call.callee))
                          : fmt::format("`{}` is a {}, not a function", context_.text(call.callee),
                                        describe(entity->kind)))
        .hint(call.aggregates ? "aggregations are sum, avg, min, max, median, product, count, any, "
                                "all, argmax and rank"
                              : "an index stands in square brackets: `x[t-1]`");
    return broken(e->span, frame);
  }
  const auto builtin = static_cast<Builtin>(entity->index);
  if (call.aggregates && takes_value(builtin)) {
    error(Code::bad_call, call.callee.span, frame,
          fmt::format("`{}` takes one value, not a set of them", context_.text(call.callee)));
    return broken(e->span, frame);
  }
  if (call.aggregates)
    return aggregate(call, static_cast<ReduceOp>(builtin), e->span, frame, cursor);
  if (builtin == Builtin::is_known && call.arguments.size() == 1) {
    const NodeId a = expr(call.arguments[0], frame, cursor);
    return add({NodeKind::is_known, 0, a.value, Node::none, Node::none, e->span}, truth, frame);
  }
  if (builtin == Builtin::calendarised && call.arguments.size() == 1)
    return calendarised(call.arguments[0], e->span, frame, cursor);
  if (builtin == Builtin::annual && call.arguments.size() == 1)
    return annual(call.arguments[0], e->span, frame, cursor);
  if ((builtin == Builtin::min || builtin == Builtin::max) && call.arguments.size() >= 2)
    return extreme(call, builtin, e->span, frame, cursor);
  auto& d = error(Code::bad_call, e->span, frame,
                  takes_value(builtin)
                      ? fmt::format("`{}` takes one argument", context_.text(call.callee))
                      : fmt::format("`{}` needs what it runs over", context_.text(call.callee)));
  if (!takes_value(builtin))
    d.hint(fmt::format(
        "write `{}(x over company)`{}", context_.text(call.callee),
        builtin == Builtin::min || builtin == Builtin::max ? ", or give it two values" : ""));
  return broken(e->span, frame);
}

NodeId Lowering::extreme(ast::Call const& call, Builtin builtin, Span span, Frame const& frame,
                         Cursor const& cursor) {
  NodeId out = expr(call.arguments[0], frame, cursor);
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    const NodeId next = expr(call.arguments[i], frame, cursor);
    const Type t = type(out).kind != Kind::any ? type(out) : type(next);
    out = add({builtin == Builtin::min ? NodeKind::minimum : NodeKind::maximum, 0, out.value,
               next.value, Node::none, span},
              t, frame);
  }
  return out;
}

/// Writes a function out where it is used: its body, with every parameter standing for the argument
/// as an expression.
NodeId Lowering::function(ast::Call const& call, std::uint32_t index, Span span, Frame const& frame,
                          Cursor const& cursor) {
  FunctionEntry const& entry = context_.functions[index];
  ast::Function const& f = *entry.declaration;
  if (f.parameters.size() != call.arguments.size() || call.known) {
    auto& d = error(
        Code::bad_call, span, frame,
        call.known ? std::string("`known` belongs to aggregations")
                   : fmt::format("`{}` takes {} argument{}, and {} {} given", context_.text(f.name),
                                 f.parameters.size(), f.parameters.size() == 1 ? "" : "s",
                                 call.arguments.size(), call.arguments.size() == 1 ? "is" : "are"));
    if (!context_.sources.is_library(f.name.span)) d.at(f.name.span, "declared here");
    return broken(span, frame);
  }
  int depth = 0;
  for (Frame const* caller = &frame; caller != nullptr; caller = caller->caller, ++depth) {
    if (caller->function != index && depth <= deepest_use) continue;
    error(Code::function_recursion, call.callee.span, frame,
          depth > deepest_use
              ? fmt::format("functions use one another more than {} deep here", deepest_use)
              : fmt::format("`{}` calls itself", context_.text(f.name)))
        .hint("what depends on the period before is a line, not a function: `x = x[t-1] * 1.1`");
    too_large_ = true; // every other use would say the same
    return broken(span, frame);
  }
  if (entry.native) {
    std::uint32_t operands[3] = {Node::none, Node::none, Node::none};
    for (std::size_t i = 0; i < call.arguments.size() && i < 3; ++i)
      operands[i] = expr(call.arguments[i], frame, cursor).value;
    return add({NodeKind::native, static_cast<std::uint8_t>(*entry.native), operands[0],
                operands[1], operands[2], span},
               {Kind::number, model::pure, {}}, frame);
  }
  if (f.body == nullptr) return broken(span, frame); // reported where it is declared
  return write_out(index, {call.arguments.begin(), call.arguments.end()}, span, frame, cursor);
}

NodeId Lowering::write_out(std::uint32_t index, std::vector<ast::ExprPtr> const& arguments,
                           Span span, Frame const& frame, Cursor const& cursor) {
  ast::Function const& f = *context_.functions[index].declaration;
  auto& calls = context_.result.formulas.calls;
  calls.push_back({span, frame.call});
  Frame inner;
  inner.call = static_cast<std::uint32_t>(calls.size() - 1);
  inner.function = index;
  inner.caller = &frame;
  inner.depth = frame.depth + 1;
  // Only its parameters are seen inside; a number there is no figure of the equation.
  std::vector<Named> parameters(f.parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    parameters[i].name = f.parameters[i].name.symbol;
    parameters[i].argument = arguments[i];
    parameters[i].argument_frame = &frame;
    parameters[i].parameter = &f.parameters[i];
    parameters[i].outer = i == 0 ? nullptr : &parameters[i - 1];
  }
  inner.names = &parameters.back();
  return expr(f.body, inner, cursor);
}

// ----------------------------------------------------------------------------------- aggregations

struct Lowering::Binding {
  model::VariableId variable;
  Symbol name; ///< of a new variable; else it takes an axis away
  bool time = false;
  model::DimensionId dimension;
  Span span;
  bool used = false;
};

NodeId Lowering::period_bound(ast::ExprPtr e, bool low, Frame const& frame, Cursor const& cursor) {
  if (std::holds_alternative<ast::PeriodLiteral>(e->node) || is_bare_year(e)) {
    const auto steps = regions_.steps(e, true);
    if (!steps) return broken(e->span, frame);
    return step_constant(low ? steps->first : steps->last, e->span, frame);
  }
  const NodeId node = expr(e, frame, cursor);
  if (type(node).kind != Kind::period && !failed_) {
    error(Code::type_mismatch, e->span, frame,
          fmt::format("a period is wanted here, and this is {}", context_.name_of(type(node))));
  }
  return node;
}

bool Lowering::bind(ast::Bind const& written, Binding& out, Frame const& frame,
                    Cursor const& cursor) {
  auto& formulas = context_.result.formulas;
  out.span = written.span;
  model::Variable variable;
  model::IndexSet set;
  bool every_period = false; ///< `over v in vintage`
  const auto set_of = [&](ast::Range const& range) -> std::optional<model::DimensionId> {
    if (range.dots || range.low == nullptr) return std::nullopt;
    auto const* n = std::get_if<ast::NameRef>(&range.low->node);
    if (n == nullptr || lookup(n->symbol, frame) != nullptr) return std::nullopt;
    Entity const* e = context_.find(n->symbol, range.low->span);
    if (e == nullptr) return std::nullopt;
    if (e->kind == Entity::Kind::group) {
      set = context_.result.groups[e->index].members;
      return context_.result.groups[e->index].dimension;
    }
    if (e->kind == Entity::Kind::dimension) {
      const model::DimensionId d{e->index};
      set = {0, static_cast<std::uint32_t>(context_.result.dimension(d).members.size())};
      return d;
    }
    if (e->kind == Entity::Kind::member) {
      MemberEntry const& m = context_.members[e->index];
      set = {m.index, m.index + 1};
      return m.dimension;
    }
    return std::nullopt;
  };
  Entity const* entity = written.time ? nullptr : context_.find(written.name.symbol, written.span);
  if (entity != nullptr && entity->kind == Entity::Kind::dimension) {
    const model::DimensionId dimension{entity->index};
    // Vintages are periods: their variable is one of time, and its range one of periods.
    variable.time = context_.result.dimension(dimension).periods;
    if (!variable.time) variable.dimension = dimension;
    set = {0, static_cast<std::uint32_t>(context_.result.dimension(dimension).members.size())};
    if (written.in && !variable.time) {
      const auto of = set_of(*written.in);
      if (!of || *of != dimension) {
        error(Code::bad_call, written.in->span, frame,
              fmt::format("`{}` runs over members, and this is no group of them",
                          context_.text(written.name)));
        return false;
      }
    }
    out.dimension = dimension;
  } else if (!written.time) {
    if (!written.name.written()) {
      failed_ = true;
      return false;
    }
    if (entity != nullptr || lookup(written.name.symbol, frame) != nullptr) {
      auto& d = error(
          Code::name_taken, written.name.span, frame,
          entity != nullptr
              ? fmt::format("`{}` is a {}, and a variable needs a name of its own",
                            context_.text(written.name), describe(entity->kind))
              : fmt::format("`{}` is a variable around this already", context_.text(written.name)));
      if (entity != nullptr && entity->kind == Entity::Kind::group)
        d.hint(fmt::format("write `over company in {}`", context_.text(written.name)));
      return false;
    }
    if (!written.in) {
      failed_ = true;
      context_.report_unknown(written.name, {Entity::Kind::dimension}, "dimension");
      return false;
    }
    out.name = written.name.symbol;
    const auto of = set_of(*written.in);
    if (of && !context_.result.dimension(*of).periods) {
      variable.dimension = *of;
      out.dimension = *of;
    } else {
      variable.time = true;
      every_period = of.has_value();
    }
  } else {
    variable.time = true;
  }
  out.time = variable.time;
  if (variable.time) {
    if (!regions_.want_timeline(written.span)) {
      failed_ = true;
      return false;
    }
    variable.bounds_begin = NodeId{formulas.nodes.size()};
    const bool limited = written.in && !every_period;
    ast::Range const range = limited ? *written.in : ast::Range{};
    variable.low = range.low != nullptr ? period_bound(range.low, true, frame, cursor)
                                        : step_constant(0, written.span, frame);
    ast::ExprPtr high = limited && !range.dots ? range.low : range.high;
    variable.high = high != nullptr
                        ? period_bound(high, false, frame, cursor)
                        : step_constant(context_.result.calendar.count - 1, written.span, frame);
  } else {
    formulas.sets.push_back(set);
    variable.set = static_cast<std::uint32_t>(formulas.sets.size() - 1);
  }
  formulas.variables.push_back(variable);
  out.variable = model::VariableId{formulas.variables.size() - 1};
  return true;
}

/// The value that a rank is asked of: the body at the current member or period. It does not apply
/// where the set behind `in`, or `where`, leaves that out.
std::optional<NodeId> Lowering::own_rank(ast::Call const& call, Binding const& binding,
                                         Frame const& frame, Cursor const& cursor) {
  if (binding.name.valid()) {
    error(Code::bad_call, binding.span, frame,
          fmt::format("`rank` keeps its axis, so it runs over a dimension or `t`, not over `{}`",
                      context_.text(binding.name)))
        .hint("write `rank(x over company)`; `where` says who is ranked");
    return std::nullopt;
  }
  model::Variable const variable = context_.result.formulas.variables[binding.variable.value];
  const Span span = call.callee.span;
  NodeId ranked;
  const auto require = [&](NodeId condition) {
    ranked = ranked.valid()
                 ? add({NodeKind::logical_and, 0, ranked.value, condition.value, Node::none, span},
                       truth, frame)
                 : condition;
  };
  if (call.binds[0].in && binding.time) {
    const NodeId own = binding.dimension.valid() // a vintage
                           ? name(call.binds[0].name.symbol, span, frame, cursor)
                           : word(ast::Word::t, span, frame, cursor);
    require(add({NodeKind::greater_equal, 0, own.value, variable.low.value, Node::none, span},
                truth, frame));
    require(add({NodeKind::less_equal, 0, own.value, variable.high.value, Node::none, span}, truth,
                frame));
  } else if (call.binds[0].in) {
    const NodeId own = name(call.binds[0].name.symbol, span, frame, cursor);
    require(add({NodeKind::in_set, 0, own.value, variable.set, Node::none, span}, truth, frame));
  }
  if (call.where != nullptr) require(expr(call.where, frame, cursor));
  const NodeId value = expr(call.arguments[0], frame, cursor);
  if (failed_) return std::nullopt;
  if (!ranked.valid()) return value;
  const NodeId none =
      add({NodeKind::inapplicable, 0, Node::none, Node::none, Node::none, span}, Type{}, frame);
  return add({NodeKind::choose, 0, ranked.value, value.value, none.value, span}, type(value),
             frame);
}

NodeId Lowering::aggregate(ast::Call const& call, ReduceOp op, Span span, Frame const& frame,
                           Cursor const& cursor) {
  auto& formulas = context_.result.formulas;
  const model::Second second = model::second_of(op);
  const bool two =
      op != ReduceOp::rank && (second == model::Second::own || second == model::Second::pair);
  if (call.arguments.size() != (two ? 2 : 1)) {
    auto& d = error(
        Code::bad_call, span, frame,
        two ? fmt::format("`{}` takes two values before its `over`", context_.text(call.callee))
            : "an aggregation has one body before its `over`");
    if (two) d.hint(fmt::format("write `{}(a, b over …)`", context_.text(call.callee)));
    return broken(span, frame);
  }
  if (call.weight != nullptr && second != model::Second::weight) {
    error(Code::bad_call, call.weight->span, frame, "`weighted by` belongs to `avg`")
        .hint("a weighted sum is `sum(x * weight over …)`");
    return broken(span, frame);
  }
  if ((op == ReduceOp::argmax || op == ReduceOp::rank) && call.binds.size() != 1) {
    error(Code::bad_call, span, frame,
          fmt::format("`{}` runs over one axis", context_.text(call.callee)));
    return broken(span, frame);
  }
  std::vector<Binding> bindings(call.binds.size());
  std::vector<Named> names(call.binds.size());
  Cursor inner = cursor;
  Frame deeper = frame;
  ++deeper.depth;
  model::Reduction reduction;
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    Binding& b = bindings[i];
    if (!bind(call.binds[i], b, deeper, inner)) return broken(span, frame);
    if (i == 0) {
      // What belongs to the cell is computed once, before the loop begins.
      if (op == ReduceOp::rank) {
        const auto own = own_rank(call, b, frame, cursor);
        if (!own) return broken(span, frame);
        reduction.weight = *own;
      } else if (second == model::Second::own) {
        reduction.weight = expr(call.arguments[1], frame, cursor);
      }
      reduction.inner = NodeId{formulas.nodes.size()};
    }
    if (b.name.valid()) {
      names[i].name = b.name;
      names[i].variable = b.variable;
      names[i].used = &b.used;
      names[i].outer = deeper.names;
      deeper.names = &names[i];
    } else if (b.time && !b.dimension.valid()) {
      inner.coarse.reset();
      inner.fiscal.reset();
      inner.time = {Index::From::variable, b.variable.value, 0};
      inner.time_used = &b.used;
    } else {
      inner.moved.push_back({b.dimension, {Index::From::variable, b.variable.value, 0}, &b.used});
    }
  }
  reduction.op = op;
  reduction.known = call.known;
  reduction.body_begin = NodeId{formulas.nodes.size()};
  if (call.where != nullptr) reduction.where = expr(call.where, deeper, inner);
  if (call.weight != nullptr) reduction.weight = expr(call.weight, deeper, inner);
  if (second == model::Second::pair) reduction.weight = expr(call.arguments[1], deeper, inner);
  for (Binding& b : bindings)
    b.used = false; // the body itself must vary
  reduction.body = expr(call.arguments[0], deeper, inner);
  if (failed_) return broken(span, frame);
  for (Binding const& b : bindings) {
    if (b.used) continue;
    error(Code::unused_variable, call.arguments[0]->span, frame,
          b.name.valid()         ? fmt::format("this does not use `{}`", context_.text(b.name))
          : !b.dimension.valid() ? std::string("this does not vary over time")
                                 : fmt::format("this does not vary by `{}`",
                                               context_.result.dimension(b.dimension).name),
          "the same for each")
        .at(user_span(b.span, frame), "runs over this");
    return broken(span, frame);
  }
  reduction.variables = static_cast<std::uint32_t>(formulas.reduction_variables.size());
  reduction.variable_count = static_cast<std::uint32_t>(bindings.size());
  for (Binding const& b : bindings)
    formulas.reduction_variables.push_back(b.variable);
  formulas.reductions.push_back(reduction);
  Type result = type(reduction.body);
  switch (op) {
  case ReduceOp::count:
  case ReduceOp::rank: result = {Kind::number, model::pure, {}}; break;
  case ReduceOp::any:
  case ReduceOp::all: result = truth; break;
  case ReduceOp::argmax:
    result = bindings[0].time ? Type{Kind::period, model::pure, {}}
                              : Type{Kind::member, model::pure, bindings[0].dimension};
    break;
  default: break;
  }
  return add({NodeKind::reduce, 0, static_cast<std::uint32_t>(formulas.reductions.size() - 1),
              Node::none, Node::none, span},
             result, frame);
}

} // namespace scn::resolve
