#pragma once

#include "engine/eval/evaluate.hpp"

namespace scn::eval {

/// Stops the program if a stack's graph and plan, or values computed by it, are not what later
/// stages rely on.
void check_invariants(model::Model const& model, Stack const& stack);
void check_invariants(model::Model const& model, Stack const& stack, Values const& values);

} // namespace scn::eval
