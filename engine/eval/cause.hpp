#pragma once

#include "engine/eval/evaluate.hpp"

#include <deque>
#include <string>
#include <unordered_map>

namespace scn::eval {

/// Why a cell is unknown: the leftmost first cause, and the cell where it arises.
struct Cause {
  model::LineId line;
  std::uint32_t lane = 0, step = 0;
  std::string reason;
};

/// Looks causes up, by following unknown operands down to where they arise. Values carry no cause,
/// because hardly any is ever asked for; what was asked once is remembered, so that a whole table
/// of unknowns costs a look at each cell.
class Causes {
 public:
  Causes(model::Model const& model, Stack const& stack, Values const& values)
      : model_(model), stack_(stack), values_(values) {}

  /// The cause of an unknown cell; good as long as this object is.
  Cause const& of(model::LineId line, std::uint32_t lane, std::uint32_t step);

 private:
  model::Model const& model_;
  Stack const& stack_;
  Values const& values_;
  std::deque<Cause> causes_;
  std::unordered_map<std::uint64_t, Cause const*> known_; ///< by line and cell; never iterated
};

/// `capex[microsoft, 2025]: no 2025 guidance given`
[[nodiscard]] std::string describe(model::Model const& model, Cause const& cause);

} // namespace scn::eval
