// Aggregations: loops over members and steps, and sums over all members of a dimension at once.

#include "engine/eval/gather.hpp"
#include "engine/eval/run.hpp"
#include "engine/eval/sort_numbers.hpp"
#include "engine/eval/vector_loops.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace scn::eval {

void Runner::loop(LoopInstruction const& loop, Register out) {
  if (open_ == gatherers_.size())
    gatherers_.push_back(std::make_unique<Gatherer>(loop.op, loop.known, n_));
  Gatherer& gatherer = *gatherers_[open_++];
  const bool plain = loop.op == model::ReduceOp::sum && !loop.has_where && !loop.has_weight;
  gatherer.reset(loop.op, loop.known, n_, plain);
  // Cells are counted from where this loop begins; those of the loops around it do not matter.
  std::vector<unsigned char> outer = std::move(inside_);
  inside_.clear();
  const std::size_t base = std::exchange(base_, from_);
  double* values = storage(out) + from_;
  iterate(loop, 0, gatherer);
  if (!gatherer.finish(values)) {
    gatherer.reset(loop.op, loop.known, n_);
    inside_.clear();
    iterate(loop, 0, gatherer);
    static_cast<void>(gatherer.finish(values));
  }
  base_ = base;
  inside_ = std::move(outer);
  --open_;
  put(out, values, false);
}

void Runner::iterate(LoopInstruction const& loop, std::size_t variable, Gatherer& gatherer) {
  if (variable == loop.variables.size()) {
    range(loop.body, loop.end);
    gatherer.add(operand(loop.value), loop.has_where ? operand(loop.where) : Operand(),
                 loop.has_weight ? operand(loop.weight) : Operand(),
                 inside_.empty() ? nullptr : inside_.data(),
                 variables_[loop.variables[0].id.value].value, from_ - base_, n_);
    return;
  }
  LoopInstruction::Variable const& v = loop.variables[variable];
  if (!v.time) {
    for (std::uint32_t m : v.members)
      once(loop, variable, {static_cast<double>(m), false}, gatherer);
    return;
  }
  if (v.moves()) return iterate_relative(loop, variable, gatherer);
  iterate_computed(loop, variable, gatherer);
}

/// One value of a variable.
void Runner::once(LoopInstruction const& loop, std::size_t variable, Variable value,
                  Gatherer& gatherer) {
  LoopInstruction::Variable const& v = loop.variables[variable];
  const std::uint32_t inside_end =
      variable + 1 < loop.variables.size() ? loop.variables[variable + 1].begin : loop.body;
  variables_[v.id.value] = value;
  range(v.begin, inside_end);
  iterate(loop, variable + 1, gatherer);
}

/// A window whose ends are known beforehand. The variable takes each distance from the cell's own
/// step, and all steps at which it lies in the window go together.
void Runner::iterate_relative(LoopInstruction const& loop, std::size_t variable,
                              Gatherer& gatherer) {
  LoopInstruction::Variable const& v = loop.variables[variable];
  const auto begin = static_cast<int>(tile_.step + first_);
  const int end = begin + static_cast<int>(steps_); // of the steps at hand
  const int count = model_.calendar.count;
  const auto distance = [&](Edge e, int step) {
    return e.kind == Edge::Kind::own ? e.value : e.value - step;
  };
  const int nearest = std::min(distance(v.low_edge, end - 1), distance(v.low_edge, begin));
  const int farthest = std::max(distance(v.high_edge, begin), distance(v.high_edge, end - 1));
  const std::uint32_t first = first_;
  const std::uint32_t steps = steps_;
  const std::size_t from = from_;
  const std::size_t n = n_;
  for (int d = std::max(nearest, -(end - 1)); d <= std::min(farthest, count - 1 - begin); ++d) {
    // The steps s for which s + d lies in the timeline and in the window.
    int low = std::max(begin, -d);
    int high = std::min(end - 1, count - 1 - d);
    if (v.low_edge.kind == Edge::Kind::fixed) low = std::max(low, v.low_edge.value - d);
    if (v.low_edge.kind == Edge::Kind::own && d < v.low_edge.value) continue;
    if (v.high_edge.kind == Edge::Kind::fixed) high = std::min(high, v.high_edge.value - d);
    if (v.high_edge.kind == Edge::Kind::own && d > v.high_edge.value) continue;
    if (low > high) continue;
    first_ = first + static_cast<std::uint32_t>(low - begin);
    steps_ = static_cast<std::uint32_t>(high - low + 1);
    from_ = std::size_t{first_} * width_;
    n_ = std::size_t{steps_} * width_;
    once(loop, variable, {static_cast<double>(d), true}, gatherer);
    first_ = first;
    steps_ = steps;
    from_ = from;
    n_ = n;
  }
}

/// The bounds may differ from cell to cell: the loop runs over all of them, and a cell takes part
/// where it is inside its own.
void Runner::iterate_computed(LoopInstruction const& loop, std::size_t variable,
                              Gatherer& gatherer) {
  LoopInstruction::Variable const& v = loop.variables[variable];
  // The body may use the memory that these are in: registers it does not, spare memory it does.
  const Operand low = operand(v.low);
  const Operand high = operand(v.high);
  const std::size_t offset = from_ - base_;
  const std::vector<unsigned char> outer = inside_;
  double from = model_.calendar.count;
  double to = -1;
  for (std::size_t k = 0; k < n_; ++k) {
    if (!outer.empty() && outer[offset + k] == 0) continue; // its bounds do not matter here
    if (std::isnan(low[k]) || std::isnan(high[k])) {
      gatherer.spoil(offset + k, model::is_inapplicable(low[k]) || model::is_inapplicable(high[k])
                                     ? model::inapplicable_value()
                                     : model::unknown_value());
      continue;
    }
    from = std::min(from, low[k]);
    to = std::max(to, high[k]);
  }
  from = std::max(from, 0.0);
  to = std::min(to, static_cast<double>(model_.calendar.count) - 1);
  const bool same = low.single && high.single && outer.empty();
  for (double step = from; step <= to; ++step) {
    if (!same) {
      inside_.resize(std::max(inside_.size(), offset + n_));
      for (std::size_t k = 0; k < n_; ++k)
        inside_[offset + k] =
            (outer.empty() || outer[offset + k] != 0) && low[k] <= step && step <= high[k];
    }
    once(loop, variable, {step, false}, gatherer);
  }
  inside_ = outer;
}

namespace {

/// A row of an aggregation with what does not count as zero; unknown if it cannot be known.
class Row {
 public:
  Row(Across const& a) : a_(a) {}

  /// The sum of values (times weights), and of weights, over one block.
  struct Sums {
    double values, weights;
  };
  Sums add(Operand value, Operand where, Operand weight, std::size_t first, std::uint32_t lanes,
           unsigned char const* among) {
    VectorLoops const& loops = vector_loops();
    bool unknown = false;
    for (std::uint32_t l = 0; l < lanes; ++l) {
      const double v = value[first + l];
      const double w = weight.at != nullptr ? weight[first + l] : 1;
      const double c = where.at != nullptr ? where[first + l] : 1;
      bool counts = among == nullptr || among[l] != 0;
      const bool certain = c == 1;
      unknown |= counts && !certain && std::isnan(c) && !model::is_inapplicable(c);
      counts = counts && certain && !model::is_inapplicable(v) && !model::is_inapplicable(w);
      const bool empty = std::isnan(v) || std::isnan(w);
      unknown |= counts && empty;
      counts = counts && !empty;
      values_[l] = counts ? v * w : 0;
      weights_[l] = counts ? w : 0;
    }
    if (unknown && !a_.known) return {model::unknown_value(), model::unknown_value()};
    return {loops.sum_of_row(values_, lanes), loops.sum_of_row(weights_, lanes)};
  }

 private:
  Across const& a_;
  alignas(64) double values_[Shape::widest];
  alignas(64) double weights_[Shape::widest];
};

} // namespace

void Runner::across(std::uint32_t number, double* out) {
  Across const& a = program_->across[number];
  if (inner_ == nullptr) inner_ = std::make_unique<Runner>(model_, columns_);
  Shape const& shape = a.body.shape;
  const bool mean = a.op == model::ReduceOp::avg;
  // Sums that are kept hold all steps; others those at hand.
  Kept own;
  Kept& sums = keep_.sums ? (*keep_.kept)[number] : own;
  const std::uint32_t at = keep_.sums ? tile_.step + first_ : 0;
  std::uint32_t begin = 0;
  std::uint32_t end = shape.blocks;
  if (sums.filled.empty()) {
    const std::uint32_t steps = keep_.sums ? shape.steps : steps_;
    sums.values = SumTree(shape.blocks, steps);
    if (mean) sums.weights = SumTree(shape.blocks, steps);
    sums.filled.assign(steps, 0);
  }
  const auto filled = sums.filled.begin() + at;
  if (std::find(filled, filled + steps_, 0) == filled + steps_) {
    begin = std::min(keep_.lane_begin / shape.width, shape.blocks - 1);
    end = std::min(keep_.lane_end, shape.lanes);
    end = std::min((end + shape.width - 1) / shape.width, shape.blocks);
  }
  std::fill_n(filled, steps_, 1);
  for (std::uint32_t block = begin; block < end; ++block)
    add_block(a, sums, at, block);
  for (std::uint32_t s = 0; s < steps_; ++s) {
    sums.values.update(at + s, begin, end);
    if (mean) sums.weights.update(at + s, begin, end);
    const double total = sums.values.total(at + s);
    const double r = mean ? total / sums.weights.total(at + s) : total;
    // Of nothing there is a sum, but no mean: 0 / 0 is none.
    out[s] = std::fabs(r) <= std::numeric_limits<double>::max() ? r : model::unknown_value();
  }
}

/// Adds up the lanes of a block, at each of the steps at hand.
void Runner::add_block(Across const& a, Kept& sums, std::uint32_t at, std::uint32_t block) {
  VectorLoops const& loops = vector_loops();
  Shape const& shape = a.body.shape;
  const bool mean = a.op == model::ReduceOp::avg;
  const bool plain = !a.has_where && a.among.empty();
  const std::uint32_t lanes = shape.lanes_in(block);
  unsigned char const* among =
      a.among.empty() ? nullptr : a.among.data() + std::size_t{block} * shape.width;
  if (among != nullptr && std::find(among, among + lanes, 1) == among + lanes) return;
  Row row(a);
  const std::uint32_t rows = std::max(1u, tile_size / shape.width);
  for (std::uint32_t done = 0; done < steps_; done += rows) {
    const std::uint32_t n = std::min(rows, steps_ - done);
    const Operand value = inner_->run(a.body, {block, tile_.step + first_ + done, n});
    const Operand where = a.has_where ? inner_->other(0) : Operand();
    const Operand weight = a.has_weight ? inner_->other(a.has_where ? 1 : 0) : Operand();
    for (std::uint32_t s = 0; s < n; ++s) {
      const std::size_t first = std::size_t{s} * shape.width;
      if (plain && !weight.single) {
        // A sum that is a number is one of numbers.
        Cells v = value.at + first;
        Cells w = weight.at + first;
        const double sum =
            weight.at != nullptr ? loops.sum_of_products(v, w, lanes) : loops.sum_of_row(v, lanes);
        const double weighed = weight.at != nullptr ? loops.sum_of_row(w, lanes) : lanes;
        if (sum - sum + (weighed - weighed) == 0) {
          sums.values.leaf(at + done + s, block) = sum;
          if (mean) sums.weights.leaf(at + done + s, block) = weighed;
          continue;
        }
      }
      const auto both = row.add(value, where, weight, first, lanes, among);
      sums.values.leaf(at + done + s, block) = both.values;
      if (mean) sums.weights.leaf(at + done + s, block) = both.weights;
    }
  }
}

/// Ranks: one more than there are larger values among all members.
void Runner::rank(std::uint32_t number, Operand own, double* out) {
  Across const& a = program_->across[number];
  if (inner_ == nullptr) inner_ = std::make_unique<Runner>(model_, columns_);
  Kept here;
  Kept& kept = keep_.kept != nullptr ? (*keep_.kept)[number] : here;
  kept.ranked.resize(a.body.shape.steps);
  for (std::uint32_t s = 0; s < steps_; ++s) {
    const std::uint32_t step = tile_.step + first_ + s;
    Kept::Ranked& ranked = kept.ranked[step];
    if (!ranked.sorted) sort_ranked(a, kept, step);
    for (std::uint32_t l = 0; l < width_; ++l) {
      const std::size_t k = std::size_t{s} * width_ + l;
      const double value = own[k];
      // Who is not ranked has no rank, and one unknown value leaves all ranks open.
      if (model::is_inapplicable(value) || (std::isnan(value) && a.known)) {
        out[k] = model::inapplicable_value();
      } else if (std::isnan(value) || ranked.unknown) {
        out[k] = model::unknown_value();
      } else {
        const auto larger = std::upper_bound(ranked.values.begin(), ranked.values.end(), value);
        out[k] = static_cast<double>(ranked.values.end() - larger) + 1;
      }
    }
  }
}

void Runner::sort_ranked(Across const& a, Kept& kept, std::uint32_t step) {
  Kept::Ranked& ranked = kept.ranked[step];
  Shape const& shape = a.body.shape;
  ranked.sorted = true;
  ranked.unknown = false;
  ranked.values.clear();
  for (std::uint32_t block = 0; block < shape.blocks; ++block) {
    const Operand value = inner_->run(a.body, {block, step, 1});
    const Operand where = a.has_where ? inner_->other(0) : Operand();
    for (std::uint32_t l = 0; l < shape.lanes_in(block); ++l) {
      if (!a.among.empty() && a.among[std::size_t{block} * shape.width + l] == 0) continue;
      const double counts = where.at != nullptr ? where[l] : 1;
      const bool open = counts != 1 ? std::isnan(counts) && !model::is_inapplicable(counts)
                                    : model::is_unknown(value[l]);
      ranked.unknown = ranked.unknown || (open && !a.known);
      if (counts == 1 && !std::isnan(value[l])) ranked.values.push_back(value[l]);
    }
  }
  sort_numbers(ranked.values, sorting_);
}

} // namespace scn::eval
