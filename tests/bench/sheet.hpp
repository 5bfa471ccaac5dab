#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace scn_bench {

/// A spreadsheet turned into text: a line without axes for each cell, which reads others. What a
/// model of a few dozen lines over many companies never asks of the stages before evaluation.
struct Sheet {
  enum class Shape : std::uint8_t {
    chain,    ///< each cell is the one before it plus one: as deep as it is long
    backward, ///< the same, the last cell first: every name is used before it is declared
    mixed,    ///< constants and formulas of one or two cells anywhere before
  };
  static Sheet make(Shape shape, std::uint32_t cells);

  std::string text;
  std::vector<double> values; ///< of `a0`, `a1`, …, computed as a person would write it
};

} // namespace scn_bench
