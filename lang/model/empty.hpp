#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace scn::model {

/// The two empty values. Both are quiet NaNs and told apart by their payload; arithmetic never has
/// to look at them, only at a result that is not finite. Hardware keeps or replaces payloads as it
/// likes, so kernels write these by hand.
inline constexpr std::uint64_t unknown_bits = 0x7FF8'0000'0000'0001;
inline constexpr std::uint64_t inapplicable_bits = 0x7FF8'0000'0000'0002;

[[nodiscard]] inline double unknown_value() { return std::bit_cast<double>(unknown_bits); }
[[nodiscard]] inline double inapplicable_value() {
  return std::bit_cast<double>(inapplicable_bits);
}
/// False for unknown and for every number.
[[nodiscard]] inline bool is_inapplicable(double value) {
  return std::bit_cast<std::uint64_t>(value) == inapplicable_bits;
}
/// Every NaN that is not inapplicable.
[[nodiscard]] inline bool is_unknown(double value) {
  return std::isnan(value) && !is_inapplicable(value);
}

} // namespace scn::model
