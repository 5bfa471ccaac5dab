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

/// A line over several steps: a flow adds up, of a stock the last value counts, anything else must
/// be one value. What reaches beyond the timeline does not apply.
NodeId Lowering::merged(model::LineId line, Span span, Frame const& frame, Cursor const& cursor) {
  auto& formulas = context_.result.formulas;
  Cursor::Coarse const& coarse = *cursor.coarse;
  const auto kind = context_.result.line(line).kind;
  Cursor inner = cursor;
  inner.coarse.reset();
  if (kind != model::LineKind::flow) {
    inner.time = coarse.high;
    if (kind != model::LineKind::stock) merges_.push_back({line, span, user_span(span, frame)});
    return read(line, span, frame, inner);
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
  sum.body = read(line, span, frame, inner);
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

} // namespace scn::resolve
