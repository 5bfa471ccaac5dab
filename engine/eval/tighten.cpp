#include "engine/eval/tighten.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace scn::eval {

using model::Node;
using model::NodeKind;

namespace {

constexpr double rounding = std::numeric_limits<double>::epsilon();
constexpr std::size_t most_inputs = 16;

double magnitude(Interval i) { return std::max(std::fabs(i.low), std::fabs(i.high)); }
double least(Interval i) { return i.low > 0 ? i.low : i.high < 0 ? -i.high : 0; }

class Tightening {
 public:
  Tightening(model::Model const& model, model::Formula formula,
             std::vector<std::optional<Input>> const& inputs)
      : model_(model), formula_(formula), begin_(formula.begin.value), inputs_(inputs) {}

  std::optional<Interval> run() {
    if (!number()) return std::nullopt;
    std::vector<Interval> box;
    for (std::uint32_t i : input_nodes_)
      box.push_back(inputs_[i]->bounds);
    std::vector<Interval> values = evaluate(box);
    const Interval all = values.back();
    if (!usable(all)) return std::nullopt;
    const double slack = error(values);
    std::vector<Interval> low = box;
    std::vector<Interval> high = box;
    for (std::size_t k = 0; k < box.size(); ++k) {
      const Interval slope = derivative(values, k);
      if (!(slope.low >= 0 || slope.high <= 0)) continue;
      const bool rises = slope.low >= 0;
      low[k] = Interval::point(rises ? box[k].low : box[k].high);
      high[k] = Interval::point(rises ? box[k].high : box[k].low);
    }
    const Interval bottom = evaluate(low).back();
    const Interval top = evaluate(high).back();
    if (!usable(bottom) || !usable(top) || !std::isfinite(slack)) return all;
    return Interval{std::max(all.low, bottom.low - slack), std::min(all.high, top.high + slack),
                    false};
  }

 private:
  static bool usable(Interval i) {
    return !i.is_empty() && !i.partial && std::isfinite(i.low) && std::isfinite(i.high);
  }
  Node const& node(std::uint32_t i) const { return model_.formulas.nodes[begin_ + i]; }
  std::uint32_t size() const { return formula_.root.value - begin_ + 1; }
  std::uint32_t first(std::uint32_t i) const { return node(i).a - begin_; }
  std::uint32_t second(std::uint32_t i) const { return node(i).b - begin_; }
  bool same(std::uint32_t i) const { return numbers_[first(i)] == numbers_[second(i)]; }

  /// Gives each node the number of its value: what is computed alike has one. False if an input is
  /// unbounded, or each stands once.
  bool number() {
    std::map<std::tuple<int, std::uint64_t, std::uint64_t>, std::uint32_t> known;
    std::map<std::uint64_t, std::uint32_t> inputs;
    bool again = false;
    numbers_.resize(size());
    slots_.assign(size(), none);
    for (std::uint32_t i = 0; i < size(); ++i) {
      Node const& n = node(i);
      std::tuple<int, std::uint64_t, std::uint64_t> key{static_cast<int>(n.kind), i, ~0ull};
      if (inputs_[i]) {
        Input const& input = *inputs_[i];
        if (!usable(input.bounds)) return false;
        if (input.cell != 0) key = {-1, input.cell, 0};
        if (input.bounds.is_point() && input.cell == 0)
          key = {-2, std::bit_cast<std::uint64_t>(input.bounds.low), 0};
        if (!input.bounds.is_point()) {
          const std::uint64_t own = input.cell != 0 ? input.cell : ~std::uint64_t{i};
          auto [at, fresh] = inputs.emplace(own, static_cast<std::uint32_t>(input_nodes_.size()));
          again = again || !fresh;
          if (fresh) input_nodes_.push_back(i);
          slots_[i] = at->second;
        }
      } else {
        switch (n.kind) {
        case NodeKind::ascribe:
        case NodeKind::convert: numbers_[i] = numbers_[first(i)]; continue;
        case NodeKind::negate: key = {static_cast<int>(n.kind), numbers_[first(i)], 0}; break;
        default: key = {static_cast<int>(n.kind), numbers_[first(i)], numbers_[second(i)]}; break;
        }
      }
      numbers_[i] = known.emplace(key, i).first->second;
    }
    return again && input_nodes_.size() <= most_inputs;
  }

  std::vector<Interval> evaluate(std::vector<Interval> const& box) const {
    std::vector<Interval> v(size());
    for (std::uint32_t i = 0; i < size(); ++i) {
      Node const& n = node(i);
      if (inputs_[i]) {
        v[i] = slots_[i] != none ? box[slots_[i]] : inputs_[i]->bounds;
      } else if (n.kind == NodeKind::ascribe || n.kind == NodeKind::convert) {
        v[i] = v[first(i)];
      } else if (n.kind == NodeKind::negate) {
        v[i] = -v[first(i)];
      } else if (n.kind == NodeKind::subtract && same(i)) {
        v[i] = Interval::point(0);
      } else if (n.kind == NodeKind::divide && same(i) && least(v[first(i)]) > 0) {
        v[i] = Interval::point(1);
      } else {
        v[i] = apply(model_, n, v[first(i)], v[second(i)], {});
      }
    }
    return v;
  }

  /// How far what is computed in doubles may be from the exact value, anywhere in the box.
  double error(std::vector<Interval> const& v) const {
    std::vector<double> e(size(), 0);
    for (std::uint32_t i = 0; i < size(); ++i) {
      Node const& n = node(i);
      if (inputs_[i]) continue;
      const std::uint32_t a = first(i);
      if (n.kind == NodeKind::ascribe || n.kind == NodeKind::convert
          || n.kind == NodeKind::negate) {
        e[i] = e[a];
        continue;
      }
      const std::uint32_t b = second(i);
      if (same(i) && (n.kind == NodeKind::subtract || n.kind == NodeKind::divide)) continue;
      double carried = e[a] + e[b];
      if (n.kind == NodeKind::multiply)
        carried = magnitude(v[a]) * e[b] + magnitude(v[b]) * e[a] + e[a] * e[b];
      if (n.kind == NodeKind::divide)
        carried = (e[a] + magnitude(v[i]) * e[b]) / std::max(least(v[b]) - e[b], 0.0);
      e[i] = (carried + magnitude(v[i]) * rounding) * (1 + 4 * rounding)
             + std::numeric_limits<double>::denorm_min();
    }
    return e.back();
  }

  /// How the formula moves with one input, anywhere in the box.
  Interval derivative(std::vector<Interval> const& v, std::size_t input) const {
    std::vector<Interval> d(size(), Interval::point(0));
    for (std::uint32_t i = 0; i < size(); ++i) {
      Node const& n = node(i);
      if (inputs_[i]) {
        if (slots_[i] == input) d[i] = Interval::point(1);
        continue;
      }
      const std::uint32_t a = first(i);
      switch (n.kind) {
      case NodeKind::ascribe:
      case NodeKind::convert: d[i] = d[a]; continue;
      case NodeKind::negate: d[i] = -d[a]; continue;
      default: break;
      }
      const std::uint32_t b = second(i);
      const bool constant = d[a].is_point() && d[a].low == 0 && d[b].is_point() && d[b].low == 0;
      const bool equal = same(i) && (n.kind == NodeKind::subtract || n.kind == NodeKind::divide);
      if (constant || equal) continue;
      switch (n.kind) {
      case NodeKind::add: d[i] = d[a] + d[b]; break;
      case NodeKind::subtract: d[i] = d[a] - d[b]; break;
      case NodeKind::multiply: d[i] = d[a] * v[b] + v[a] * d[b]; break;
      default: d[i] = (d[a] - v[i] * d[b]) / v[b]; break;
      }
      if (d[i].is_empty() || d[i].partial) d[i] = Interval::whole();
    }
    return d.back();
  }

  static constexpr std::uint32_t none = Node::none;
  model::Model const& model_;
  model::Formula formula_;
  std::uint32_t begin_;
  std::vector<std::optional<Input>> const& inputs_;
  std::vector<std::uint64_t> numbers_;     ///< by node
  std::vector<std::uint32_t> slots_;       ///< by node: the input that it is, or none
  std::vector<std::uint32_t> input_nodes_; ///< by input: the first node that is it
};

} // namespace

bool may_tighten(model::Model const& model, model::Formula formula) {
  int reads = 0;
  for (auto n = formula.begin.value; n <= formula.root.value; ++n) {
    switch (model.formulas.nodes[n].kind) {
    case NodeKind::read: ++reads; break;
    case NodeKind::constant:
    case NodeKind::negate:
    case NodeKind::add:
    case NodeKind::subtract:
    case NodeKind::multiply:
    case NodeKind::divide:
    case NodeKind::ascribe:
    case NodeKind::convert: break;
    default: return false;
    }
  }
  return reads > 1;
}

std::optional<Interval> tightened(model::Model const& model, model::Formula formula,
                                  std::vector<std::optional<Input>> const& inputs) {
  return Tightening(model, formula, inputs).run();
}

} // namespace scn::eval
