#include "engine/eval/cause.hpp"

#include "engine/eval/trace.hpp"

#include <fmt/format.h>

namespace scn::eval {

using model::LineId;
using model::Node;

Cause const& Causes::of(LineId line, std::uint32_t lane, std::uint32_t step) {
  std::vector<std::uint64_t> passed;
  Cause const* found = nullptr;
  // One cell leads to the next; a chain may be long, so it is followed, not recursed into.
  while (found == nullptr) {
    const std::uint32_t cell = lane * model_.steps(line) + step;
    const std::uint64_t key = std::uint64_t{line.value} << 32 | cell;
    if (auto at = known_.find(key); at != known_.end()) {
      found = at->second;
      break;
    }
    passed.push_back(key);
    model::Winner const& winner = stack_.winners[line.value].winner(cell);
    const Traced t = trace(model_, winner, values_, line, lane, step);
    if (t.origin.elsewhere) {
      line = t.origin.line;
      lane = t.origin.lane;
      step = t.origin.step;
      continue;
    }
    Cause cause{line, lane, step, {}};
    if (winner.kind == model::Winner::Kind::nothing) {
      cause.reason = "no equation gives " + model_.cell_name(line, lane, step);
    } else if (t.origin.reason != Node::none) {
      cause.reason = model_.formulas.reasons[t.origin.reason];
    } else {
      cause.reason = t.origin.arose != nullptr ? t.origin.arose : "unknown";
    }
    causes_.push_back(std::move(cause));
    found = &causes_.back();
  }
  for (std::uint64_t key : passed)
    known_.emplace(key, found);
  return *found;
}

std::string describe(model::Model const& model, Cause const& cause) {
  const std::string name = model.cell_name(cause.line, cause.lane, cause.step);
  return cause.reason.ends_with(name) ? cause.reason : fmt::format("{}: {}", name, cause.reason);
}

} // namespace scn::eval
