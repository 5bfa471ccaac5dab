#pragma once

#include "lang/model/model.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
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
    Shape s;
    s.lanes = model.lanes(line);
    s.steps = model.steps(line);
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
  [[nodiscard]] std::size_t at(std::uint32_t lane, std::uint32_t step) const {
    return block(lane / width) + static_cast<std::size_t>(step) * width + lane % width;
  }
};

/// The values of one line. Lanes that only fill up the last block hold 0; what is computed of them
/// is not kept.
struct Column {
  Shape shape;
  std::vector<double> cells;

  [[nodiscard]] double at(std::uint32_t lane, std::uint32_t step) const {
    return cells[shape.at(lane, step)];
  }
};

/// The values of every line in one scenario. Scenarios share the columns in which they agree.
using Values = std::vector<std::shared_ptr<Column const>>;

} // namespace scn::eval
