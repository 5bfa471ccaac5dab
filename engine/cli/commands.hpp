#pragma once

#include "engine/cli/arguments.hpp"

namespace scn::cli {

/// Does what the arguments ask for. Gives the exit code: 0 done, 1 the answer is no, 2 could not do
/// it.
[[nodiscard]] int run(Arguments const& arguments);

} // namespace scn::cli
