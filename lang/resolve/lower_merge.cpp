// Reading a period of several steps: a year of a quarterly timeline. What a line is then follows
// from its kind; what an expression is follows from its lines, so that a ratio is computed anew.

#include "lang/resolve/lowering.hpp"

#include <fmt/format.h>

namespace scn::resolve {

using model::Index;
using model::Kind;
using model::Node;
using model::NodeId;
using model::NodeKind;
using model::Type;

namespace {

constexpr Type period{Kind::period, model::pure, {}};
constexpr Type truth{Kind::truth, model::pure, {}};

} // namespace

/// `annual(x)`: x over the year that the current period lies in.
NodeId Lowering::annual(ast::ExprPtr operand, Span span, Frame const& frame, Cursor const& cursor) {
  if (!regions_.want_timeline(user_span(span, frame))) return broken(span, frame);
  const int steps = context_.result.calendar.per_year();
  Frame deeper = frame;
  ++deeper.depth;
  const bool whole = steps == 1 || (cursor.coarse && cursor.coarse->steps == steps);
  if (whole) return expr(operand, deeper, cursor);
  const Index now = cursor.coarse ? cursor.coarse->low : time_index(cursor);
  if (now.from == Index::From::own) target_->uses_time = true;
  const NodeId at = now.from == Index::From::fixed
                        ? step_constant(static_cast<double>(now.value) + now.shift, span, frame)
                        : axis_value(NodeKind::step, now, period, span, frame);
  const auto edge = [&](NodeKind kind) {
    const NodeId node = add({kind, 0, at.value, Node::none, Node::none, span}, period, frame);
    return Index{Index::From::node, node.value, 0};
  };
  Cursor inner = cursor;
  inner.coarse = Cursor::Coarse{edge(NodeKind::year_begin), edge(NodeKind::year_end), steps};
  inner.time_used = nullptr;
  return expr(operand, deeper, inner);
}

/// Something over several steps: a flow adds up, of a stock the last value counts, and anything
/// else is taken to be one value. What reaches beyond the timeline does not apply.
template <class Body>
NodeId Lowering::merge(model::LineKind kind, Span span, Frame const& frame, Cursor const& cursor,
                       Body body) {
  auto& formulas = context_.result.formulas;
  Cursor::Coarse const& coarse = *cursor.coarse;
  Cursor inner = cursor;
  inner.coarse.reset();
  if (kind != model::LineKind::flow) {
    inner.time = coarse.high;
    return body(inner);
  }
  const auto bound = [&](Index const& index) {
    if (index.from == Index::From::fixed)
      return step_constant(static_cast<double>(index.value) + index.shift, span, frame);
    return axis_value(NodeKind::step, index, period, span, frame);
  };
  const auto compare = [&](NodeKind op, NodeId step, double limit) {
    const NodeId edge = step_constant(limit, span, frame);
    return add({op, 0, step.value, edge.value, Node::none, span}, truth, frame);
  };
  model::Variable variable;
  variable.time = true;
  const NodeId first = bound(coarse.low);
  const NodeId last = bound(coarse.high);
  const NodeId begun = compare(NodeKind::greater_equal, first, 0);
  const NodeId ended = compare(NodeKind::less_equal, last, context_.result.calendar.count - 1);
  const NodeId inside =
      add({NodeKind::logical_and, 0, begun.value, ended.value, Node::none, span}, truth, frame);
  variable.bounds_begin = NodeId{formulas.nodes.size()};
  variable.low = bound(coarse.low);
  variable.high = bound(coarse.high);
  formulas.variables.push_back(variable);
  const model::VariableId id{formulas.variables.size() - 1};
  model::Reduction sum;
  sum.op = model::ReduceOp::sum;
  sum.inner = sum.body_begin = NodeId{formulas.nodes.size()};
  inner.time = {Index::From::variable, id.value, 0};
  sum.body = body(inner);
  sum.variables = static_cast<std::uint32_t>(formulas.reduction_variables.size());
  sum.variable_count = 1;
  formulas.reduction_variables.push_back(id);
  formulas.reductions.push_back(sum);
  const Type type_of = type(sum.body);
  const NodeId total =
      add({NodeKind::reduce, 0, static_cast<std::uint32_t>(formulas.reductions.size() - 1),
           Node::none, Node::none, span},
          type_of, frame);
  const NodeId outside =
      add({NodeKind::inapplicable, 0, Node::none, Node::none, Node::none, span}, {}, frame);
  return add({NodeKind::choose, 0, inside.value, total.value, outside.value, span}, type_of, frame);
}

NodeId Lowering::merged(model::LineId line, Span span, Frame const& frame, Cursor const& cursor) {
  const auto kind = context_.result.line(line).kind;
  if (kind != model::LineKind::flow && kind != model::LineKind::stock)
    merges_.push_back({line, span, user_span(span, frame)});
  return merge(kind, span, frame, cursor,
               [&](Cursor const& inner) { return read(line, span, frame, inner); });
}

void Lowering::check_merges() {
  for (Merge const& m : merges_) {
    model::Line const& line = context_.result.line(m.line);
    if (!line.over_time) continue;
    const bool rate = line.kind == model::LineKind::rate || line.kind == model::LineKind::fx;
    auto& d = context_.error(
        Code::no_merge, m.use,
        rate ? fmt::format("`{}` is a rate, and rates of several periods do not add up", line.name)
             : fmt::format("`{}` has no kind, so nothing says what several periods of it are",
                           line.name),
        "read over several steps of the timeline");
    d.at(line.span, "declared here");
    d.hint(rate
               ? fmt::format("compute it anew from flows and stocks, as `(a / b)[2025]`, or take a "
                             "mean: `avg({} over t in 2025 weighted by …)`",
                             line.name)
               : "declare it `flow` if it adds up, `stock` if its last value counts");
  }
}

/// The line that an expression names, perhaps through a parameter.
std::optional<model::LineId> Lowering::line_behind(ast::ExprPtr e, Frame const& frame) const {
  auto const* name = std::get_if<ast::NameRef>(&e->node);
  if (name == nullptr) return std::nullopt;
  if (Named const* named = lookup(name->symbol, frame))
    return named->parameter != nullptr ? line_behind(named->argument, *named->argument_frame)
                                       : std::nullopt;
  Entity const* entity = context_.find(name->symbol, e->span);
  if (entity == nullptr || entity->kind != Entity::Kind::line) return std::nullopt;
  return model::LineId{entity->index};
}

/// `calendarised(x)`: a fiscal line on the calendar, as the prelude says how. A value that shares a
/// fiscal period out by its months is an estimate.
NodeId Lowering::calendarised(ast::ExprPtr operand, Span span, Frame const& frame,
                              Cursor const& cursor) {
  const auto line = line_behind(operand, frame);
  const bool fiscal = line && context_.result.line(*line).fiscal;
  const auto kind = line ? context_.result.line(*line).kind : model::LineKind::let;
  const bool flow = kind == model::LineKind::flow;
  if (!fiscal || (!flow && kind != model::LineKind::stock)) {
    error(Code::bad_call, operand->span, frame,
          !line ? std::string("`calendarised` takes the name of a fiscal line")
          : fiscal
              ? fmt::format("`{}` is neither a flow nor a stock, so nothing says how it is "
                            "shared out",
                            context_.result.line(*line).name)
              : fmt::format("`{}` is on the calendar already", context_.result.line(*line).name))
        .hint(!line ? "declare it by `flow x : USD by company fiscal`; an index stands behind the "
                      "call: `calendarised(x)[acme, 2025]`"
              : fiscal ? "compute it anew from calendarised flows and stocks"
                       : "leave `calendarised` out");
    return broken(span, frame);
  }
  if (cursor.coarse)
    return merge(kind, span, frame, cursor,
                 [&](Cursor const& inner) { return calendarised(operand, span, frame, inner); });
  Cursor inner = cursor;
  inner.fiscal.reset(); // the period is one of the calendar; inside are those of x
  const auto use = [&](std::string_view name) {
    Entity const* function = context_.find(context_.interner.intern(name), span);
    return write_out(function->index, {operand}, span, frame, inner);
  };
  const NodeId estimated = use(flow ? "_estimated_flow" : "_estimated_stock");
  context_.result.formulas.estimated_if.push_back(estimated);
  return use(flow ? "_calendarised_flow" : "_calendarised_stock");
}

std::vector<NodeId> Lowering::check_axes() {
  std::vector<NodeId> out;
  NodeId formula;
  std::optional<bool> axis;
  AxisRead const* decided = nullptr;
  for (AxisRead const& r : axis_reads_) {
    model::Line const& line = context_.result.line(r.line);
    if (!line.over_time) continue;
    if (formula != r.formula) {
      formula = r.formula;
      axis.reset();
      decided = nullptr;
    }
    std::optional<bool> wanted = r.fiscal;
    if (!wanted) {
      if (!axis) {
        axis = line.fiscal;
        decided = &r;
        if (line.fiscal) out.push_back(r.formula);
      }
      wanted = axis;
    }
    if (*wanted == line.fiscal) continue;
    auto& d = context_.error(
        Code::fiscal_mix, r.span,
        line.fiscal
            ? fmt::format("`{}` has fiscal periods, which are no periods of the calendar",
                          line.name)
            : fmt::format("`{}` has periods of the calendar, which are no fiscal ones", line.name),
        r.named ? (line.fiscal ? "indexed by the calendar" : "indexed by fiscal periods") : "");
    d.at(line.span, "declared here");
    if (decided != nullptr)
      d.at(decided->span, line.fiscal ? "this is on the calendar" : "this is fiscal");
    if (!line.fiscal) {
      d.hint("bring the fiscal line onto the calendar: `calendarised(x)`");
    } else if (r.named) {
      d.hint("name a fiscal period, as `FY2025`, or take it from the calendar: "
             "`calendarised(x)[2025]`");
    } else {
      d.hint(fmt::format("write `calendarised({})`, or declare the line that this belongs to "
                         "`fiscal`",
                         line.name));
    }
  }
  return out;
}

} // namespace scn::resolve
