#pragma once

#include "engine/eval/evaluate.hpp"

#include <string>
#include <vector>

namespace scn::recompute {

/// What was done to get from one set of values to another, line by line.
struct Log {
  enum class What : std::uint8_t {
    changed,    ///< other equations win, or figures differ
    recomputed, ///< something it reads changed
    cut_off,    ///< computed again, and came out bit for bit as it was: nothing behind it runs
  };
  struct Entry {
    What what;
    model::LineId line;
  };
  std::vector<Entry> entries;
  std::uint64_t cells = 0;  ///< computed
  std::uint32_t shared = 0; ///< lines taken over as they are
};

/// The values of a stack, given those of another one of the same model. Only cells whose equations
/// or figures differ are computed, and cells behind them as long as values keep changing; lines in
/// which nothing changes are shared. The result is bit for bit that of a full evaluation.
[[nodiscard]] eval::Values recompute(model::Model const& model, eval::Stack const& from,
                                     eval::Values const& values, eval::Stack const& to,
                                     Log* log = nullptr);

/// The log as text, a line each.
[[nodiscard]] std::string dump(model::Model const& model, Log const& log);

} // namespace scn::recompute
