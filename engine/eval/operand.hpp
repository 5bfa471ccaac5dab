#pragma once

#include <cstddef>

namespace scn::eval {

using Cells = double const*;

/// What an operation works on: a value for each cell, or a single one for all of them.
struct Operand {
  Cells at = nullptr;
  bool single = false;

  Operand() = default;
  Operand(Cells cells) : at(cells) {} // a column is an operand as it stands
  static Operand one(double const* value) {
    Operand out(value);
    out.single = true;
    return out;
  }
  [[nodiscard]] double operator[](std::size_t i) const { return at[single ? 0 : i]; }
};

} // namespace scn::eval
