#pragma once

#include "lang/model/model.hpp"

namespace scn::model {

/// Stops the program if a resolved model is not what the engine relies on.
void check_invariants(Model const& model);

} // namespace scn::model
