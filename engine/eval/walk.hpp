#pragma once

#include "engine/eval/loops.hpp"
#include "lang/model/model.hpp"
#include "lang/model/winners.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace scn::eval {

/// Evaluates formulas for one cell at a time, node by node. Slow, and meant for questions that are
/// asked of few cells: within what bounds does a figure lie, why is it unknown. What a value is and
/// how it is computed with is up to the Domain:
///
///     using Value = …;
///     Value constant(Figure const&);         Value exactly(double);
///     Value empty(double, reason = none);    // unknown, perhaps with its words, or inapplicable
///     Value through(Value index, double);    // a read whose computed index is empty
///     Value read(LineId, lane, step);        // of another cell
///     Value node(Node const&, Value a, Value b, Value c);
///     double index_of(Value);                // a member or step; NaN if that is not certain
///     using Gather = …;                      // Gather(Reduction const&)
///       void add(Value v, Value const* where, Value const* weight, double variable);
///       Value finish();
template <class Domain>
class Walker {
 public:
  using Value = typename Domain::Value;

  Walker(model::Model const& model, Domain& domain)
      : model_(model), domain_(domain), variables_(model.formulas.variables.size(), 0) {}

  /// The value of a formula of `line` in one cell.
  Value run(model::Formula formula, model::LineId line, std::uint32_t lane, std::uint32_t step) {
    line_ = line;
    members_ = model_.members_at(line, lane);
    step_ = step;
    begin_ = formula.begin.value;
    values_.assign(formula.root.value - begin_ + 1, domain_.exactly(0));
    loops_ = Loops(model_.formulas, formula);
    range(begin_, formula.root.value);
    return value(formula.root);
  }

  /// The value of a node that was evaluated already.
  Value const& value(model::NodeId node) const { return values_[node.value - begin_]; }

  /// The cell that a read node reads, if it is inside the line and the timeline; else `empty` says
  /// what the read gives.
  struct Cell {
    model::LineId line;
    std::uint32_t lane = 0, step = 0;
    bool exists = false;
    double empty = 0;
    model::NodeId because; ///< the computed index that is empty, if that is why
  };
  Cell cell_of(model::Node const& node) {
    model::Read const& r = model_.formulas.reads[node.a];
    model::Line const& source = model_.line(r.line);
    Cell out{r.line};
    for (std::size_t d = 0; d < source.dimensions.size(); ++d) {
      model::Index const& i = model_.formulas.indices[r.members + d];
      const double m = index(i, false);
      if (std::isnan(m) && i.from == model::Index::From::node) out.because = i.node();
      const auto n = model_.dimension(source.dimensions[d]).members.size();
      if (!(m >= 0 && m < static_cast<double>(n))) {
        out.empty = model::is_inapplicable(m) ? m : model::unknown_value();
        return out;
      }
      out.lane = out.lane * static_cast<std::uint32_t>(n) + static_cast<std::uint32_t>(m);
    }
    if (source.over_time) {
      const double s = index(r.time, true);
      if (std::isnan(s) && r.time.from == model::Index::From::node) out.because = r.time.node();
      if (!(s >= 0 && s < model_.calendar.count)) {
        out.empty = std::isnan(s) && !model::is_inapplicable(s) ? model::unknown_value()
                                                                : model::inapplicable_value();
        return out;
      }
      out.step = static_cast<std::uint32_t>(s);
    }
    out.exists = true;
    return out;
  }

 private:
  model::Reduction const& reduction(std::uint32_t n) const {
    return model_.formulas.reductions[model_.formulas.nodes[n].a];
  }

  double index(model::Index const& i, bool time) {
    switch (i.from) {
    case model::Index::From::fixed: return static_cast<double>(i.value) + i.shift;
    case model::Index::From::variable: return variables_[i.value] + i.shift;
    case model::Index::From::node: {
      const double at = domain_.index_of(value(i.node()));
      return std::isnan(at) ? at : at + i.shift;
    }
    case model::Index::From::own: break;
    }
    if (time) return static_cast<double>(step_) + i.shift;
    auto const& own = model_.line(line_).dimensions;
    const auto axis = std::find(own.begin(), own.end(), i.dimension()) - own.begin();
    return members_[static_cast<std::size_t>(axis)];
  }

  void range(std::uint32_t first, std::uint32_t last) {
    for (std::uint32_t n = first; n <= last; ++n) {
      if (const std::uint32_t reduce = loops_.beginning_at(n, last); reduce != model::Node::none) {
        typename Domain::Gather gather(reduction(reduce));
        iterate(reduce, 0, gather);
        values_[reduce - begin_] = gather.finish();
        n = reduce;
        continue;
      }
      values_[n - begin_] = node(model_.formulas.nodes[n]);
    }
  }

  void iterate(std::uint32_t n, std::size_t level, typename Domain::Gather& gather) {
    model::Reduction const& r = reduction(n);
    const auto variables = model_.formulas.variables_of(r);
    if (level == variables.size()) {
      range(r.body_begin.value, n - 1);
      gather.add(value(r.body), r.where.valid() ? &value(r.where) : nullptr,
                 r.weight.valid() ? &value(r.weight) : nullptr, variables_[variables[0].value]);
      return;
    }
    model::Variable const& v = model_.formulas.variables[variables[level].value];
    if (!v.time) {
      for (std::uint32_t m : model_.formulas.sets[v.set].indices()) {
        variables_[variables[level].value] = m;
        iterate(n, level + 1, gather);
      }
      return;
    }
    if (level > 0) range(v.bounds_begin.value, std::max(v.low.value, v.high.value));
    const double low = domain_.index_of(value(v.low));
    const double high = domain_.index_of(value(v.high));
    if (std::isnan(low) || std::isnan(high)) {
      gather.spoil(model::is_inapplicable(low) || model::is_inapplicable(high)
                       ? model::inapplicable_value()
                       : model::unknown_value(),
                   std::isnan(low) ? value(v.low) : value(v.high));
      return;
    }
    const double last = std::min(high, static_cast<double>(model_.calendar.count) - 1);
    for (double s = std::max(low, 0.0); s <= last; ++s) {
      variables_[variables[level].value] = s;
      iterate(n, level + 1, gather);
    }
  }

  Value node(model::Node const& n) {
    using model::NodeKind;
    switch (n.kind) {
    case NodeKind::constant: return domain_.constant(model_.formulas.figures[n.a]);
    case NodeKind::unknown: return domain_.empty(model::unknown_value(), n.a);
    case NodeKind::inapplicable: return domain_.empty(model::inapplicable_value());
    case NodeKind::read: {
      const Cell cell = cell_of(n);
      if (cell.exists) return domain_.read(cell.line, cell.lane, cell.step);
      return cell.because.valid() ? domain_.through(value(cell.because), cell.empty)
                                  : domain_.empty(cell.empty);
    }
    case NodeKind::member:
    case NodeKind::step:
      return domain_.exactly(index(model_.formulas.indices[n.a], n.kind == NodeKind::step));
    case NodeKind::ascribe:
    case NodeKind::convert: return value(n.first());
    default: break;
    }
    const int operands = model::operand_count(n.kind);
    const Value zero = domain_.exactly(0);
    const auto operand = [&](int i, std::uint32_t id) {
      return operands > i && id != model::Node::none ? value(model::NodeId{id}) : zero;
    };
    return domain_.node(n, operand(0, n.a), operand(1, n.b), operand(2, n.c));
  }

  model::Model const& model_;
  Domain& domain_;
  model::LineId line_;
  std::vector<std::uint32_t> members_;
  std::uint32_t step_ = 0;
  std::uint32_t begin_ = 0;
  std::vector<Value> values_;
  std::vector<double> variables_;
  Loops loops_;
};

} // namespace scn::eval
