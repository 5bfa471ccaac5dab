#pragma once

#include "lang/model/model.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace scn::eval {

/// How the cells of a line lie in memory: members in blocks of `width` lanes, each block holding
/// all its steps, `[block][step][lane]`. A lane is a combination of members of the line's
/// dimensions, row-major. So a block's values at the step before are the same bytes, `width` cells
/// earlier, and all steps of a block are near one another.
struct Shape {
  std::uint32_t lanes = 1;
  std::uint32_t steps = 1;
  std::uint32_t width = 1;
  std::uint32_t blocks = 1;

  static constexpr std::uint32_t widest = 64;

  static Shape of(model::Model const& model, model::LineId line) {
    return of(model.lanes(line), model.steps(line));
  }
  static Shape of(std::uint32_t lanes, std::uint32_t steps) {
    Shape s;
    s.lanes = lanes;
    s.steps = steps;
    s.width = std::clamp<std::uint32_t>(s.lanes, 1, widest);
    s.blocks = (s.lanes + s.width - 1) / s.width;
    return s;
  }
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(blocks) * steps * width;
  }
  [[nodiscard]] std::size_t block(std::uint32_t b) const {
    return static_cast<std::size_t>(b) * steps * width;
  }
  /// How many lanes of a block are those of members.
  [[nodiscard]] std::uint32_t lanes_in(std::uint32_t b) const {
    return std::min(width, lanes - b * width);
  }
  friend bool operator==(Shape const&, Shape const&) = default;
  /// The block of a lane. Several blocks are of the widest kind, and dividing by that is cheap.
  [[nodiscard]] std::uint32_t block_of(std::uint32_t lane) const {
    return blocks == 1 ? 0 : lane / widest;
  }
  [[nodiscard]] std::size_t at(std::uint32_t lane, std::uint32_t step) const {
    const std::uint32_t b = block_of(lane);
    return block(b) + static_cast<std::size_t>(step) * width + (lane - b * width);
  }
};

/// Some lanes of a line at some steps.
struct Box {
  std::uint32_t lane_begin = 0, lane_end = 0; ///< end is not included
  std::uint32_t step_begin = 0, step_end = 0;

  [[nodiscard]] bool empty() const { return lane_begin >= lane_end || step_begin >= step_end; }
  [[nodiscard]] bool contains(std::uint32_t lane, std::uint32_t step) const {
    return lane_begin <= lane && lane < lane_end && step_begin <= step && step < step_end;
  }
  /// The smallest box around both.
  void unite(Box const& other) {
    if (other.empty()) return;
    if (empty()) {
      *this = other;
      return;
    }
    lane_begin = std::min(lane_begin, other.lane_begin);
    lane_end = std::max(lane_end, other.lane_end);
    step_begin = std::min(step_begin, other.step_begin);
    step_end = std::max(step_end, other.step_end);
  }
};

/// Puts many cells where a vector of eight begins, so that no vector lies on two lines of the
/// cache.
template <class T>
struct CacheAligned {
  using value_type = T;
  CacheAligned() = default;
  template <class U>
  CacheAligned(CacheAligned<U> const&) {}
  T* allocate(std::size_t n) {
    // A few cells fit no vector, and aligned memory is dear where there are a million of them.
    constexpr std::size_t alignment = 64;
    const std::size_t bytes = n * sizeof(T);
    void* memory =
        bytes < alignment
            ? std::malloc(bytes)
            : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<T*>(memory);
  }
  void deallocate(T* p, std::size_t) { std::free(p); }
  friend bool operator==(CacheAligned const&, CacheAligned const&) { return true; }
};
using CellBuffer = std::vector<double, CacheAligned<double>>;

/// The values of one line. Lanes that only fill up the last block hold 0; what is computed of them
/// is not kept.
struct Column {
  Shape shape;
  CellBuffer cells;

  [[nodiscard]] double at(std::uint32_t lane, std::uint32_t step) const {
    return cells[shape.at(lane, step)];
  }
};

/// The values of every line in one scenario. Scenarios share the columns in which they agree.
using Values = std::vector<std::shared_ptr<Column const>>;

} // namespace scn::eval
