#pragma once

#include "engine/eval/operand.hpp"

#include <cstddef>
#include <cstdint>

/// The loops in which nearly all time is spent, compiled once for each instruction set and chosen
/// when the program starts. They know numbers only: where an operand is empty or a result is no
/// finite number, they say so, and who called them looks again. All of them give the same bits.
namespace scn::eval {

enum class VectorOp : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  minimum,
  maximum,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or,
};

struct VectorLoops {
  char const* name;
  /// out = a op b for n cells, of which not both are single. True if a cell needs a second look: a
  /// result of arithmetic that is not finite, an operand of a comparison that is empty.
  bool (*binary)(VectorOp op, double* out, Operand a, Operand b, std::size_t n);
  /// out = then where the condition is 1, otherwise where it is 0. True if a condition is empty.
  bool (*choose)(double* out, Cells condition, Operand then, Operand otherwise, std::size_t n);
  /// out = a, or b where a is empty.
  void (*otherwise)(double* out, Cells a, Operand b, std::size_t n);
  /// Are all of n cells numbers?
  bool (*all_numbers)(Cells cells, std::size_t n);
  /// total += value
  void (*accumulate)(double* total, Operand value, std::size_t n);
  /// The sum of a row of at most 64 cells: eight running sums, one for each remainder of eight,
  /// added up in pairs. What is left out of a sum is a zero in its place.
  double (*sum_of_row)(Cells cells, std::size_t n);
  /// The same of products.
  double (*sum_of_products)(Cells a, Cells b, std::size_t n);
};

/// The fastest ones that this processor runs.
[[nodiscard]] VectorLoops const& vector_loops();

/// Those that every processor runs.
[[nodiscard]] VectorLoops const& baseline_loops();

} // namespace scn::eval
