// Reads: which cells of another line a tile takes. The same lanes at a shifted step are the same
// bytes a few rows away, and are used where they lie.

#include "engine/eval/run.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace scn::eval {

using model::Index;

void Runner::read(Register r, ReadInstruction const& read, double* out) {
  Column const& source = *columns_[read.line.value];
  Shape const& shape = source.shape;
  // By far most reads, and those of one cell are worth as little work as possible.
  if (read.plain) {
    const int at = static_cast<int>(tile_.step + first_) + read.time.shift;
    if (at >= 0 && at + static_cast<int>(steps_) <= static_cast<int>(shape.steps)) {
      double const* from = source.cells.data() + shape.block(tile_.block)
                           + static_cast<std::size_t>(at) * shape.width + tile_.lane;
      if (width_ == shape.width || steps_ == 1) return put(r, from, false);
      if (width_ == 1) {
        for (std::uint32_t s = 0; s < steps_; ++s)
          out[s] = from[std::size_t{s} * shape.width];
        return put(r, out, false);
      }
    }
  }
  const bool over_time = read.over_time;
  const bool relative =
      read.time.from == Index::From::own
      || (read.time.from == Index::From::variable && variables_[read.time.value].relative);
  if (read.lanes.kind == LaneMap::Kind::same && (!over_time || read.time.from != Index::From::node)
      && (relative || !over_time || steps_ == 1)) {
    std::int64_t at = 0; // the step that the first one of the tile takes
    if (over_time) {
      at = read.time.shift;
      if (read.time.from == Index::From::fixed) at += read.time.value;
      if (read.time.from == Index::From::variable)
        at += static_cast<std::int64_t>(variables_[read.time.value].value);
      if (relative) at += tile_.step + first_;
    }
    double const* block = source.cells.data() + shape.block(tile_.block) + tile_.lane;
    // Steps outside the timeline do not apply; only those at either end of a tile can be.
    const std::int64_t rows = steps_;
    const std::int64_t begin = over_time ? std::clamp<std::int64_t>(-at, 0, rows) : 0;
    const std::int64_t end =
        over_time ? std::clamp<std::int64_t>(std::int64_t{shape.steps} - at, begin, rows) : rows;
    const bool dense = width_ == shape.width || rows == 1;
    if (begin == 0 && end == rows && dense && (over_time || rows == 1))
      return put(r, block + at * shape.width, false);
    std::fill_n(out, begin * width_, model::inapplicable_value());
    const std::int64_t row = over_time ? shape.width : 0; // of one without time all rows are one
    if (width_ == 1) {
      for (std::int64_t s = begin; s < end; ++s)
        out[s] = block[at * shape.width + s * row];
    } else {
      for (std::int64_t s = begin; s < end; ++s)
        std::memcpy(out + s * width_, block + at * shape.width + s * row, width_ * sizeof(double));
    }
    std::fill_n(out + end * width_, (rows - end) * width_, model::inapplicable_value());
    return put(r, out, false);
  }
  if (read.lanes.kind == LaneMap::Kind::uniform && !moves_lane(read.lanes)
      && (!over_time || read.time.from != Index::From::node)) {
    double empty = 0;
    const std::uint32_t lane = lane_of(read.lanes, 0, 0, 0, empty);
    const bool moves = over_time && relative && steps_ > 1;
    for (std::uint32_t s = 0; s < (moves ? steps_ : 1); ++s) {
      double step = read.time.shift;
      if (read.time.from == Index::From::fixed) step += read.time.value;
      if (read.time.from == Index::From::variable) step += variables_[read.time.value].value;
      if (relative) step += tile_.step + first_ + s;
      if (!over_time) step = 0;
      double value = empty;
      if (!std::isnan(empty))
        value = step < 0 || step >= shape.steps ? model::inapplicable_value()
                                                : source.at(lane, static_cast<std::uint32_t>(step));
      if (!moves) return fill(r, value);
      std::fill_n(out + std::size_t{s} * width_, width_, value);
    }
    return put(r, out, false);
  }
  read_rows(read, out);
  put(r, out, false);
}

/// Does a read take other lanes at each step, because a variable that moves with it names one?
bool Runner::moves_lane(LaneMap const& map) const {
  return std::any_of(map.terms.begin(), map.terms.end(), [&](LaneMap::Term const& term) {
    return term.index.from == Index::From::variable && variables_[term.index.value].relative;
  });
}

/// The lane to read; a member that does not exist gives an empty value instead.
std::uint32_t Runner::lane_of(LaneMap const& map, std::uint32_t lane, double step, std::size_t k,
                              double& empty) const {
  if (map.kind == LaneMap::Kind::same) return lane;
  std::uint32_t at = map.base.size() == 1
                         ? map.base[0]
                         : map.base[std::min<std::size_t>(lane, map.base.size() - 1)];
  for (LaneMap::Term const& term : map.terms) {
    double m = 0;
    if (term.index.from == Index::From::variable) {
      Variable const& v = variables_[term.index.value];
      m = v.value + (v.relative ? step : 0);
    } else {
      m = operand(term.index.value)[k];
    }
    if (!(m >= 0 && m < term.members)) {
      empty = model::is_inapplicable(m) ? m : model::unknown_value();
      continue;
    }
    at += static_cast<std::uint32_t>(m) * term.stride;
  }
  return at;
}

/// Cell by cell: lanes from a table or computed, steps computed.
void Runner::read_rows(ReadInstruction const& r, double* out) {
  Column const& source = *columns_[r.line.value];
  Shape const& shape = source.shape;
  const bool over_time = r.over_time;
  Operand computed;
  if (r.time.from == Index::From::node) computed = operand(r.time.value);
  const auto step_at = [&](double own, std::size_t k) -> double {
    if (!over_time) return 0;
    switch (r.time.from) {
    case Index::From::own: return own + r.time.shift;
    case Index::From::fixed: return static_cast<double>(r.time.value) + r.time.shift;
    case Index::From::variable: {
      Variable const& v = variables_[r.time.value];
      return v.value + r.time.shift + (v.relative ? own : 0);
    }
    case Index::From::node: return computed[k] + r.time.shift; // an empty period stays empty
    }
    return 0;
  };
  const auto value_at = [&](std::uint32_t lane, double step) {
    if (std::isnan(step)) return model::is_inapplicable(step) ? step : model::unknown_value();
    if (step < 0 || step >= shape.steps) return model::inapplicable_value();
    return source.at(lane, static_cast<std::uint32_t>(step));
  };
  const std::uint32_t begin = tile_.block * program_->shape.width + tile_.lane;
  for (std::uint32_t s = 0; s < steps_; ++s) {
    const double own = static_cast<double>(tile_.step + first_ + s);
    for (std::uint32_t l = 0; l < width_; ++l) {
      const std::size_t k = std::size_t{s} * width_ + l;
      double empty = 0;
      const std::uint32_t lane =
          lane_of(r.lanes, std::min(begin + l, program_->shape.lanes - 1), own, k, empty);
      out[k] = std::isnan(empty) ? empty : value_at(lane, step_at(own, k));
    }
  }
}

} // namespace scn::eval
