#pragma once

#include "engine/eval/evaluate.hpp"

#include <optional>

namespace scn::eval {

/// The value of one cell, computed anew from the finished values of all others, and, if it is
/// unknown, where that comes from.
struct Traced {
  double value = 0;
  /// What an unknown value comes from: another cell, or something that happened in this one.
  struct Origin {
    bool elsewhere = false;
    model::LineId line;
    std::uint32_t lane = 0, step = 0;
    char const* arose = nullptr;
    std::uint32_t reason = model::Node::none; ///< the words of an `unknown "why"`
  };
  Origin origin;
  /// How many unknown values were passed over because an aggregation asked for what is `known`.
  std::uint32_t skipped = 0;
};

/// Does anything in a formula pass over what is unknown?
[[nodiscard]] bool asks_for_known(model::Model const& model, model::Winner const& winner);

/// What a winner gives a cell.
[[nodiscard]] Traced trace(model::Model const& model, model::Winner const& winner,
                           Values const& values, model::LineId line, std::uint32_t lane,
                           std::uint32_t step);

/// Does a formula say of its own value in a cell that it is an estimate?
[[nodiscard]] bool is_estimated(model::Model const& model, model::Winner const& winner,
                                Values const& values, model::LineId line, std::uint32_t cell);

} // namespace scn::eval
