#pragma once

#include <vector>

/// Equations of finance that have no closed solution. A solution is given only if it is the only
/// one; else there is none, and a reason. Everything is computed in extended precision, as the
/// other functions of the language are, so that the bits are the same everywhere.
namespace scn::eval {

struct Solution {
  double value = 0;          ///< NaN if there is none
  char const* why = nullptr; ///< there is none
};

struct Flow {
  double time = 0;
  double amount = 0;
};

/// The internal rate of return: the r > -1 at which the amounts, discounted by (1 + r)^-time, add
/// up to zero. Times are in any order and of any unit; the rate is per that unit. With one change
/// of sign there is exactly one rate (Descartes' rule of signs). With more the rates from -99.9% to
/// 99,900% are counted, by halving the line until it is certain of each part that it holds one or
/// none.
[[nodiscard]] Solution internal_rate(std::vector<Flow> flows);

/// The rate per period of an annuity: the r > -1 at which `present`, plus 1 at the end of each of
/// `periods`, plus `future` at the end of the last, is worth zero:
/// present + (1 - (1 + r)^-n) / r + future * (1 + r)^-n = 0. Periods need not be whole.
[[nodiscard]] Solution annuity_rate(double periods, double present, double future);

/// The number of whole periods after which a declining balance is written off evenly instead: the
/// first after which the even charge over the rest of the life is not below the declining one. The
/// balance begins with 1, each period takes factor / life of it, and `salvage` stays.
[[nodiscard]] Solution switch_to_even(double salvage, double life, double factor);

} // namespace scn::eval
