#include "engine/eval/trace.hpp"

#include "engine/eval/gather.hpp"
#include "engine/eval/kernels.hpp"
#include "engine/eval/walk.hpp"

#include <algorithm>
#include <cmath>

namespace scn::eval {

using model::LineId;
using model::Node;
using model::NodeKind;
using model::Winner;

namespace {

bool is_unknown(Traced const& t) { return model::is_unknown(t.value); }

struct PointDomain {
  using Value = Traced;
  model::Model const& model;
  Values const& values;

  Value constant(model::Figure const& f) const { return {f.value, {}}; }
  Value exactly(double v) const { return {v, {}}; }
  Value empty(double v, std::uint32_t reason = Node::none) const {
    return {v, {false, {}, 0, 0, nullptr, reason}};
  }
  Value through(Value index, double v) const { return {v, index.origin}; }
  Value read(LineId line, std::uint32_t lane, std::uint32_t step) const {
    return {values[line.value]->at(lane, step), {true, line, lane, step, nullptr, Node::none}};
  }
  double index_of(Value const& v) const { return v.value; }

  Value node(Node const& n, Value const& a, Value const& b, Value const& c) const {
    Value out;
    const double x = a.value;
    const double y = b.value;
    const double z = c.value;
    switch (n.kind) {
    case NodeKind::negate:
    case NodeKind::logical_not:
    case NodeKind::is_known: unary(n.kind, &out.value, &x, 1); break;
    case NodeKind::native:
      native(static_cast<model::Native>(n.aux), &out.value, &x, &y, &z, 1);
      break;
    case NodeKind::choose: choose(&out.value, &x, &y, &z, 1); break;
    case NodeKind::near:
    case NodeKind::below_near:
      near(&out.value, &x, &y, &z, n.aux == 1, n.kind == NodeKind::below_near, 1);
      break;
    case NodeKind::in_set: in_set(&out.value, &x, model.formulas.sets[n.b], 1); break;
    case NodeKind::year_begin:
    case NodeKind::year_end:
      year_edge(&out.value, &x, model.calendar, n.kind == NodeKind::year_end, 1);
      break;
    case NodeKind::shift_by_time:
      shift_by_time(&out.value, &x, &y, model.calendar.per_year(), 1);
      break;
    case NodeKind::difference: difference(&out.value, &x, &y, model.calendar.per_year(), 1); break;
    default: binary(n.kind, &out.value, &x, &y, 1); break;
    }
    out.skipped = a.skipped + b.skipped + c.skipped;
    if (n.kind == NodeKind::choose) out.skipped = a.skipped + (x == 1 ? b.skipped : c.skipped);
    if (!model::is_unknown(out.value)) return out;
    // Leftmost first; an `if` follows the branch it takes, `else` what stands behind it.
    if (n.kind == NodeKind::choose) {
      out.origin = is_unknown(a) ? a.origin : x == 1 ? b.origin : c.origin;
    } else if (n.kind == NodeKind::otherwise) {
      out.origin = b.origin;
    } else if (is_unknown(a)) {
      out.origin = a.origin;
    } else if (model::operand_count(n.kind) > 1 && is_unknown(b)) {
      out.origin = b.origin;
    } else if (model::operand_count(n.kind) > 2 && is_unknown(c)) {
      out.origin = c.origin;
    } else {
      out.origin.arose = n.kind == NodeKind::divide && y == 0 ? "division by zero"
                         : n.kind == NodeKind::power && (x == 0 || (x < 0 && y != std::floor(y)))
                             ? "no real number is this power"
                         : n.kind == NodeKind::shift_by_time || n.kind == NodeKind::shift
                             ? "the duration is no whole number of periods"
                         : n.kind == NodeKind::native
                             ? why_unknown(static_cast<model::Native>(n.aux), x, y, z)
                             : "the number is too large";
    }
    return out;
  }

  /// Wraps the kernels' aggregation, and keeps the first unknown that went in.
  struct Gather {
    explicit Gather(model::Reduction const& r)
        : gatherer(r.op, r.known, 1), op(r.op), known(r.known) {}

    Gatherer gatherer;
    model::ReduceOp op;
    bool known;
    std::uint32_t skipped = 0;
    std::optional<Traced::Origin> first;
    bool any = false; ///< anything to aggregate, or to weigh

    void spoil(double empty, Value const& bound) {
      gatherer.spoil(0, empty);
      if (!first) first = bound.origin;
    }
    void add(Value const& v, Value const* where, Value const* weight, double variable) {
      const unsigned char inside = 1;
      gatherer.add(&v.value, where != nullptr ? &where->value : nullptr,
                   weight != nullptr ? &weight->value : nullptr, &inside, variable);
      any = any
            || ((where == nullptr || where->value == 1) && !model::is_inapplicable(v.value)
                && (weight == nullptr || !model::is_inapplicable(weight->value)));
      const bool counts = where == nullptr || where->value == 1;
      if (counts) skipped += v.skipped;
      if (known && ((where != nullptr && is_unknown(*where)) || (counts && is_unknown(v))))
        ++skipped;
      if (first) return;
      if (where != nullptr && is_unknown(*where)) {
        first = where->origin;
      } else if (where == nullptr || where->value == 1) {
        if (is_unknown(v)) {
          first = v.origin;
        } else if (weight != nullptr && is_unknown(*weight)) {
          first = weight->origin;
        }
      }
    }
    Value finish() {
      Value out;
      gatherer.finish(&out.value);
      out.skipped = skipped;
      if (!model::is_unknown(out.value)) return out;
      if (first) {
        out.origin = *first;
      } else if (gatherer.why() != nullptr) {
        out.origin.arose = gatherer.why();
      } else {
        out.origin.arose = op == model::ReduceOp::sum || op == model::ReduceOp::product
                               ? "the number is too large"
                           : any && op == model::ReduceOp::avg ? "the weights add up to zero"
                                                               : "nothing to aggregate";
      }
      return out;
    }
  };
};

} // namespace

bool is_estimated(model::Model const& model, Winner const& winner, Values const& values,
                  LineId line, std::uint32_t cell) {
  if (winner.kind != Winner::Kind::equation) return false;
  const model::Formula formula = model.equations[winner.index].formula;
  auto const& conditions = model.formulas.estimated_if;
  auto at = std::lower_bound(conditions.begin(), conditions.end(), formula.begin);
  if (at == conditions.end() || *at > formula.root) return false;
  PointDomain domain{model, values};
  Walker<PointDomain> walker(model, domain);
  const std::uint32_t steps = model.steps(line);
  (void)walker.run(formula, line, cell / steps, cell % steps);
  for (; at != conditions.end() && *at <= formula.root; ++at)
    if (walker.value(*at).value == 1) return true;
  return false;
}

bool asks_for_known(model::Model const& model, Winner const& winner) {
  if (winner.kind != Winner::Kind::equation) return false;
  model::Formula const& f = model.equations[winner.index].formula;
  for (std::uint32_t n = f.begin.value; n <= f.root.value; ++n) {
    Node const& node = model.formulas.nodes[n];
    if (node.kind == NodeKind::reduce && model.formulas.reductions[node.a].known) return true;
  }
  return false;
}

Traced trace(model::Model const& model, Winner const& winner, Values const& values, LineId line,
             std::uint32_t lane, std::uint32_t step) {
  PointDomain domain{model, values};
  Walker<PointDomain> walker(model, domain);
  Traced out;
  switch (winner.kind) {
  case Winner::Kind::nothing:
    out = domain.empty(model::unknown_value());
    out.origin.arose = "no equation";
    break;
  case Winner::Kind::inapplicable: return domain.empty(model::inapplicable_value());
  case Winner::Kind::facts: {
    auto const* fact = model::fact_at(model.facts[winner.index], lane * model.steps(line) + step);
    out = domain.empty(model::unknown_value());
    if (fact == nullptr) break;
    out.value = fact->value;
    if (model::is_unknown(fact->value)) out.origin.reason = fact->extra;
    break;
  }
  case Winner::Kind::equation:
    out = walker.run(model.equations[winner.index].formula, line, lane, step);
    break;
  }
  for (model::EquationId id : winner.adjusted) {
    model::Equation const& e = model.equation(id);
    Node node;
    node.kind = e.effect == model::Effect::multiply ? NodeKind::multiply : NodeKind::add;
    if (model.line(line).type.kind == model::Kind::period) node.kind = NodeKind::shift_by_time;
    const Traced by = walker.run(e.formula, line, lane, step);
    out = domain.node(node, out, by, {});
  }
  return out;
}

} // namespace scn::eval
