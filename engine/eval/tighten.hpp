#pragma once

#include "engine/eval/interval.hpp"

#include <optional>
#include <vector>

namespace scn::eval {

/// What a node of a formula reads in some cell: a figure, or a cell, that has bounds.
struct Input {
  Interval bounds;
  std::uint64_t cell = 0; ///< the same number is the same cell; 0: a figure of its own
};

/// Can a formula be tightened at all: is it arithmetic, with more than one read?
[[nodiscard]] bool may_tighten(model::Model const& model, model::Formula formula);

/// Bounds of arithmetic in which the same input stands more than once. Interval arithmetic takes
/// each use for a number of its own, so `a - a * b` comes out too wide. Here a difference or
/// quotient of the same thing is 0 or 1, and an input in which the whole formula rises or falls
/// throughout is set to its two ends (R. E. Moore, Methods and Applications of Interval Analysis,
/// 1979, on monotone functions).
///
/// `inputs` has an entry for each node that is one. None if nothing is gained, as where each input
/// stands once.
[[nodiscard]] std::optional<Interval> tightened(model::Model const& model, model::Formula formula,
                                                std::vector<std::optional<Input>> const& inputs);

} // namespace scn::eval
