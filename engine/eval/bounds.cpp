#include "engine/eval/bounds.hpp"

#include "engine/eval/gather.hpp"
#include "engine/eval/statistics.hpp"
#include "engine/eval/tighten.hpp"
#include "engine/eval/walk.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace scn::eval {

using model::LineId;
using model::ReduceOp;
using model::unknown_value;
using model::Winner;

struct Bounds::Domain {
  using Value = Interval;
  Bounds const& bounds;
  bool free = false; ///< something that was read may move

  Value constant(model::Figure const& f) { return noted(bounds.figure(f)); }
  Value exactly(double v) const { return Interval::point(v); }
  Value empty(double v, std::uint32_t = 0) const { return Interval::point(v); }
  Value through(Value, double v) const { return Interval::point(v); }
  Value read(LineId line, std::uint32_t lane, std::uint32_t step) {
    return noted(bounds.at(line, lane, step));
  }
  Value noted(Value v) {
    free = free || v.partial || !(v.is_point() || v.is_empty());
    return v;
  }
  Value node(model::Node const& n, Value a, Value b, Value c) const {
    return apply(bounds.model_, n, a, b, c);
  }
  double index_of(Value v) const { return v.is_point() || v.is_empty() ? v.low : unknown_value(); }

  /// An aggregation of intervals. A value of which it is undecided whether it counts may count.
  struct Gather {
    explicit Gather(model::Reduction const& r)
        : op(r.op), known(r.known), total(Interval::point(r.op == ReduceOp::product ? 1 : 0)) {}

    ReduceOp op;
    bool known;
    Interval total;
    Interval weights = Interval::point(0);
    double least_weight = 0; ///< of those that certainly count, together
    Interval range{std::numeric_limits<double>::infinity(),
                   -std::numeric_limits<double>::infinity(), false};
    Interval truth{0, 0, false};
    std::vector<double> lows, highs;
    std::vector<std::pair<Interval, double>> candidates;
    bool some = false, unknown = false, vague = false, negative = false, partial = false;
    std::optional<double> spoilt;
    /// What is ranked, or the percentile that is asked for.
    Interval own = Interval::point(op == ReduceOp::rank ? model::inapplicable_value() : 0);
    std::vector<std::pair<double, double>> pairs; ///< if all are points

    void spoil(double empty, Value const&) { spoilt = empty; }

    void add(Value v, Value const* where, Value const* weight, double variable) {
      bool certain = true;
      if (model::second_of(op) == model::Second::own) {
        own = *weight;
        weight = nullptr;
      }
      if (where != nullptr) {
        if (where->is_empty()) {
          if (!model::is_inapplicable(where->low) && !known)
            (where->partial ? partial : unknown) = true;
          return;
        }
        if (where->high == 0 && !where->partial) return;
        certain = where->low == 1 && !where->partial;
        partial = partial || (where->partial && !known);
      }
      const Interval w = weight != nullptr ? *weight : Interval::point(1);
      if ((v.is_empty() && model::is_inapplicable(v.low))
          || (w.is_empty() && model::is_inapplicable(w.low)))
        return;
      if (v.is_empty() || w.is_empty()) {
        // If it may be that it does not count, the result may be known all the same; then its
        // bounds are those of the others.
        const bool applies = certain && !v.partial && !w.partial;
        if (!known) (applies ? unknown : partial) = true;
        return;
      }
      // What may be empty may be passed over, or make the result unknown.
      if (v.partial || w.partial) {
        certain = false;
        partial = partial || !known;
      }
      some = some || certain;
      vague = vague || !certain;
      take({v.low, v.high, false}, {w.low, w.high, false}, certain, variable);
    }

    Value finish() {
      if (spoilt) return Interval::point(*spoilt);
      if (op == ReduceOp::any || op == ReduceOp::all) {
        const bool decided = truth.low == 1;
        if (unknown && !decided) {
          // Another value may decide it; if none does, it is unknown.
          if (truth.high == 0) return Interval::point(unknown_value());
          truth = {1, 1, true};
        }
        truth.partial = truth.partial || (partial && !decided);
        return op == ReduceOp::any ? truth : Interval{1 - truth.high, 1 - truth.low, truth.partial};
      }
      if (op == ReduceOp::rank && own.is_empty() && (known || model::is_inapplicable(own.low)))
        return Interval::point(model::inapplicable_value());
      if (unknown) return Interval::point(unknown_value());
      if (model::second_of(op) == model::Second::own && own.is_empty()) return own;
      Interval out = result();
      if (!out.is_empty()) out.partial = out.partial || partial;
      return out;
    }

   private:
    /// A value that is known, though it may be uncertain whether it counts.
    void take(Interval v, Interval w, bool certain, double variable) {
      constexpr double infinity = std::numeric_limits<double>::infinity();
      switch (op) {
      case ReduceOp::sum:
      case ReduceOp::count: carry(total + (certain ? v : hull(v, Interval::point(0)))); break;
      case ReduceOp::product: carry(total * (certain ? v : hull(v, Interval::point(1)))); break;
      case ReduceOp::avg:
        carry(total + v * w);
        weights = weights + w;
        vague = vague || !w.is_point();
        negative = negative || w.low < 0;
        if (certain) least_weight += w.low;
        break;
      case ReduceOp::any: truth = either(truth, certain ? v : Interval{0, v.high, false}); break;
      case ReduceOp::all: // false if any is false
        truth = either(truth, certain ? Interval{1 - v.high, 1 - v.low, false}
                                      : Interval{0, 1 - v.low, false});
        break;
      case ReduceOp::stdev_s:
      case ReduceOp::stdev_p:
      case ReduceOp::var_s:
      case ReduceOp::var_p:
      case ReduceOp::correlation:
      case ReduceOp::slope:
      case ReduceOp::intercept:
      case ReduceOp::internal_rate:
        vague = vague || !v.is_point() || !w.is_point();
        pairs.emplace_back(v.low, w.low);
        break;
      case ReduceOp::percentile_inc:
      case ReduceOp::percentile_exc:
      case ReduceOp::median:
        lows.push_back(v.low);
        highs.push_back(v.high);
        break;
      case ReduceOp::rank:
        total.low += certain && v.low > own.high ? 1 : 0;
        total.high += v.high > own.low ? 1 : 0;
        break;
      case ReduceOp::argmax: candidates.emplace_back(v, variable); break;
      case ReduceOp::min:
        if (!started) total = {infinity, infinity, false};
        total = {std::min(total.low, v.low), certain ? std::min(total.high, v.high) : total.high,
                 false};
        break;
      case ReduceOp::max:
        if (!started) total = {-infinity, -infinity, false};
        total = {certain ? std::max(total.low, v.low) : total.low, std::max(total.high, v.high),
                 false};
        break;
      }
      started = true;
      range = {std::min(range.low, v.low), std::max(range.high, v.high), false};
    }

    /// What may have grown too large on the way stays so, however the rest goes.
    void carry(Interval next) {
      next.partial = next.partial || total.partial;
      total = next;
    }

    Interval result() {
      switch (op) {
      case ReduceOp::sum:
      case ReduceOp::count:
      case ReduceOp::product: return total;
      case ReduceOp::rank: {
        // The cell's own value is among them, and is not larger than itself.
        const double itself = own.high > own.low ? 1 : 0;
        return {1 + total.low, std::max(1 + total.high - itself, 1.0), own.partial};
      }
      default: break;
      }
      if (!started) return Interval::point(unknown_value());
      // If nothing certainly counts there may be nothing to aggregate.
      partial = partial || !some;
      switch (op) {
      case ReduceOp::avg:
        if (!vague) return total / weights;
        // Weights that may add up to 0 may give no mean.
        partial = partial || negative || least_weight <= 0;
        return negative ? Interval::whole() : rounded(range);
      case ReduceOp::median:
        if (vague) return range;
        std::sort(lows.begin(), lows.end());
        std::sort(highs.begin(), highs.end());
        return {median(lows), median(highs), false};
      case ReduceOp::argmax: return best();
      case ReduceOp::percentile_inc:
      case ReduceOp::percentile_exc: return percentiles();
      case ReduceOp::var_s:
      case ReduceOp::var_p:
      case ReduceOp::stdev_s:
      case ReduceOp::stdev_p: return spread();
      case ReduceOp::correlation: {
        Interval r = of_points();
        return {std::max(r.low, -1.0), std::min(r.high, 1.0), r.partial};
      }
      case ReduceOp::slope:
      case ReduceOp::intercept:
      case ReduceOp::internal_rate: return of_points();
      case ReduceOp::min: return {total.low, some ? total.high : range.high, false};
      case ReduceOp::max: return {some ? total.low : range.low, total.high, false};
      default: return total;
      }
    }

    bool started = false;

    static Interval either(Interval a, Interval b) {
      return {std::max(a.low, b.low), std::max(a.high, b.high), false};
    }
    /// A mean of equal values may differ from them by its own rounding.
    static Interval rounded(Interval i) {
      const double slack = std::max(std::fabs(i.low), std::fabs(i.high)) * 1e-12;
      return {i.low - slack, i.high + slack, i.partial};
    }
    /// Where all are points it is what the kernel says; how it moves with them is not followed.
    Interval of_points() const {
      if (vague) return Interval::whole().maybe();
      Gatherer gatherer(op, known, 1);
      const unsigned char inside = 1;
      for (auto const& p : pairs)
        gatherer.add(&p.first, nullptr, &p.second, &inside, 0);
      double r = 0;
      gatherer.finish(&r);
      if (std::isnan(r)) return Interval::point(r);
      const double slack = std::fabs(r) * 1e-12 + 1e-300;
      return {r - slack, r + slack, false};
    }
    /// Each end of a percentile is that of the ends of the values.
    Interval percentiles() {
      if (!own.is_point()) return range.maybe();
      std::sort(lows.begin(), lows.end());
      std::sort(highs.begin(), highs.end());
      const bool exclusive = op == ReduceOp::percentile_exc;
      if (vague) return range.maybe();
      // Too few values have no such percentile, whatever they are.
      if (std::isnan(percentile(std::vector<double>(lows.size(), 0.0), own.low, exclusive)))
        return Interval::point(unknown_value());
      if (std::isinf(range.low) || std::isinf(range.high)) return range;
      const double low = percentile(lows, own.low, exclusive);
      const double high = percentile(highs, own.low, exclusive);
      const double slack = (std::fabs(low) + std::fabs(high)) * 1e-15;
      return {low - slack, high + slack, false};
    }
    /// Values within a range deviate by half of it at most, a sample of two by more.
    Interval spread() const {
      if (!vague) {
        Interval r = of_points();
        return r.is_empty() ? r : Interval{std::max(r.low, 0.0), r.high, r.partial};
      }
      const bool squared = op == ReduceOp::var_s || op == ReduceOp::var_p;
      const bool sample = op == ReduceOp::var_s || op == ReduceOp::stdev_s;
      const double half = (range.high - range.low) / 2 * (sample ? 1.4143 : 1);
      return {0,
              std::nextafter(squared ? half * half * (1 + 1e-15) : half,
                             std::numeric_limits<double>::infinity()),
              sample};
    }
    /// Certain only where one candidate is above all others, wherever they lie.
    Value best() const {
      if (vague) return Interval::point(unknown_value());
      for (auto const& candidate : candidates) {
        // clang 14 captures no structured bindings.
        const Interval mine = candidate.first;
        const double variable = candidate.second;
        const bool above =
            std::all_of(candidates.begin(), candidates.end(), [&](auto const& other) {
              return other.second == variable || mine.low > other.first.high
                     || (mine.is_point() && other.first.is_point() && mine.low == other.first.low
                         && variable < other.second);
            });
        if (above) return Interval::point(variable);
      }
      return Interval::point(unknown_value());
    }
  };
};

Interval Bounds::figure(model::Figure const& f) const {
  switch (freedom_) {
  case Freedom::words: return {f.low, f.high, false};
  case Freedom::rounding: return {f.value - f.half, f.value + f.half, false};
  case Freedom::both: return {f.low - f.half_low, f.high + f.half_high, false};
  }
  return Interval::point(f.value);
}

Interval Bounds::fact(model::Facts::Fact const& fact) const {
  if (std::isnan(fact.value)) return Interval::point(fact.value);
  if (fact.extra != model::Facts::Fact::none) return figure(model_.formulas.figures[fact.extra]);
  const double half = freedom_ == Freedom::words ? 0 : model_.styles[fact.style].half;
  return {fact.value - half, fact.value + half, false};
}

Interval Bounds::at(LineId line, std::uint32_t lane, std::uint32_t step) const {
  auto const& low = low_[line.value];
  if (!low) return Interval::whole();
  const std::size_t at = low->shape.at(lane, step);
  return {low->cells[at], high_[line.value]->cells[at], bool{partial_[line.value][at]}};
}

void Bounds::set(LineId line, std::uint32_t lane, std::uint32_t step, Interval value) {
  // Where the point is known but its bounds could not be followed, it may be anything.
  const double point = points_[line.value]->at(lane, step);
  if (value.is_empty() && !std::isnan(point)) value = Interval::whole().maybe();
  const std::size_t at = low_[line.value]->shape.at(lane, step);
  low_[line.value]->cells[at] = value.low;
  high_[line.value]->cells[at] = value.high;
  partial_[line.value][at] = value.partial;
}

void Bounds::fill_figures(LineId line) {
  low_[line.value] = high_[line.value] = *points_[line.value];
  partial_[line.value].assign(low_[line.value]->cells.size(), false);
  auto const& winners = stack_.winners[line.value];
  for (std::uint32_t w = 0; w < winners.all.size(); ++w) {
    if (winners.all[w].kind != Winner::Kind::facts || !winners.all[w].adjusted.empty()) continue;
    for (model::Facts::Fact const& f : model_.facts[winners.all[w].index].facts) {
      if (winners.at(f.cell) != w) continue;
      const std::uint32_t steps = model_.steps(line);
      set(line, f.cell / steps, f.cell % steps, fact(f));
    }
  }
}

void Bounds::evaluate(std::vector<LineId> const& lines) {
  // Everything that the lines depend on, formulas and figures alike.
  std::vector<bool> wanted(model_.lines.size());
  std::vector<LineId> stack = lines;
  while (!stack.empty()) {
    const LineId line = stack.back();
    stack.pop_back();
    if (wanted[line.value] || low_[line.value]) continue;
    wanted[line.value] = true;
    for (std::uint32_t v = stack_.graph.first_vertex[line.value];
         v < stack_.graph.first_vertex[line.value + 1]; ++v)
      for (graph::Edge const& e : stack_.graph.edges_of(graph::VertexId{v}))
        stack.push_back(stack_.graph.vertices[e.source.value].line);
  }
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i]) fill_figures(LineId{i});
  for (plan::Step const& step : stack_.plan.steps)
    if (wanted[stack_.graph.vertices[step.vertices[0].value].line.value]) run(step);
}

/// The value of a formula that was just evaluated, narrower if it reads a cell twice.
template <class Walk>
Interval Bounds::tighter(model::Formula formula, Walk& walker, Interval value) const {
  if (!may_tighten(model_, formula)) return value;
  auto const& nodes = model_.formulas.nodes;
  std::vector<std::optional<Input>> inputs(formula.root.value - formula.begin.value + 1);
  for (auto n = formula.begin.value; n <= formula.root.value; ++n) {
    std::optional<Input>& input = inputs[n - formula.begin.value];
    if (nodes[n].kind == model::NodeKind::constant)
      input = Input{figure(model_.formulas.figures[nodes[n].a]), 0};
    if (nodes[n].kind != model::NodeKind::read) continue;
    const auto cell = walker.cell_of(nodes[n]);
    if (!cell.exists) return value;
    const std::uint64_t within = cell.lane * std::uint64_t{model_.steps(cell.line)} + cell.step;
    input = Input{at(cell.line, cell.lane, cell.step),
                  (std::uint64_t{cell.line.value} + 1) << 32 | within};
  }
  const auto narrow = tightened(model_, formula, inputs);
  if (!narrow) return value;
  return {std::max(value.low, narrow->low), std::min(value.high, narrow->high), value.partial};
}

void Bounds::cell(graph::VertexId id, std::uint32_t lane, std::uint32_t step) {
  graph::Vertex const& v = stack_.graph.vertices[id.value];
  auto const& winners = stack_.winners[v.line.value];
  const std::uint32_t cell = lane * model_.steps(v.line) + step;
  if (winners.at(cell) != v.winner) return;
  Winner const& winner = winners.all[v.winner];
  Domain domain{*this};
  Walker<Domain> walker(model_, domain);
  Interval value = Interval::point(unknown_value());
  if (winner.kind == Winner::Kind::equation) {
    model::Equation const& e = model_.equations[winner.index];
    value = walker.run(e.formula, v.line, lane, step);
    if (!value.is_empty() && !value.is_point()) value = tighter(e.formula, walker, value);
    if (freedom_ != Freedom::rounding && !value.is_empty()) {
      if (e.words == model::Words::over) value.high = std::numeric_limits<double>::infinity();
      if (e.words == model::Words::under) value.low = -std::numeric_limits<double>::infinity();
    }
  } else if (winner.kind == Winner::Kind::facts) {
    if (auto const* f = model::fact_at(model_.facts[winner.index], cell)) value = fact(*f);
  }
  for (model::EquationId id_ : winner.adjusted) {
    model::Equation const& e = model_.equation(id_);
    model::Node node;
    node.kind =
        e.effect == model::Effect::multiply ? model::NodeKind::multiply : model::NodeKind::add;
    if (model_.line(v.line).type.kind == model::Kind::period)
      node.kind = model::NodeKind::shift_by_time;
    value = apply(model_, node, value, walker.run(e.formula, v.line, lane, step), {});
  }
  // Where nothing may move there is one value, the point; rounding outwards would only blur it.
  const bool words = winner.kind == Winner::Kind::equation
                     && (model_.equations[winner.index].words == model::Words::over
                         || model_.equations[winner.index].words == model::Words::under);
  const bool figure = winner.kind == Winner::Kind::facts;
  if (!domain.free && !words && !figure)
    value = Interval::point(points_[v.line.value]->at(lane, step));
  set(v.line, lane, step, value);
}

void Bounds::run(plan::Step const& step) {
  const auto lanes = [&](std::size_t i) {
    return model_.lanes(stack_.graph.vertices[step.vertices[i].value].line);
  };
  if (step.kind == plan::Step::Kind::at_once) {
    const std::uint32_t steps = model_.steps(stack_.graph.vertices[step.vertices[0].value].line);
    for (std::uint32_t lane = 0; lane < lanes(0); ++lane)
      for (std::uint32_t s = 0; s < steps; ++s)
        cell(step.vertices[0], lane, s);
    return;
  }
  const int count = model_.calendar.count;
  for (int wave = 0; wave < step.waves; ++wave)
    for (std::size_t i = 0; i < step.vertices.size(); ++i) {
      const int forward = wave - step.offsets[i];
      const int at = step.backwards ? count - 1 - forward : forward;
      if (at < 0 || at >= count) continue;
      for (std::uint32_t lane = 0; lane < lanes(i); ++lane)
        cell(step.vertices[i], lane, static_cast<std::uint32_t>(at));
    }
}

} // namespace scn::eval
