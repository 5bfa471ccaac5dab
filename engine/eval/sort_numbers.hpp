#pragma once

#include <vector>

namespace scn::eval {

/// Sorts numbers, the smallest first; none of them may be NaN. Takes time in proportion to how many
/// there are. `spare` is memory to work in.
void sort_numbers(std::vector<double>& numbers, std::vector<double>& spare);

} // namespace scn::eval
