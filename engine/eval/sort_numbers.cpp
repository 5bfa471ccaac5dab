#include "engine/eval/sort_numbers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

namespace scn::eval {

namespace {

/// Bits that are ordered as the numbers are: those of negative ones are all turned over, of others
/// the sign.
std::uint64_t key(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  return (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
}

constexpr int digit_bits = 11;
constexpr std::size_t digits = std::size_t{1} << digit_bits;
constexpr int passes = (64 + digit_bits - 1) / digit_bits;

std::size_t digit(double x, int pass) { return (key(x) >> (pass * digit_bits)) & (digits - 1); }

} // namespace

void sort_numbers(std::vector<double>& numbers, std::vector<double>& spare) {
  // Counting pays for many numbers only.
  if (numbers.size() < 512) {
    std::sort(numbers.begin(), numbers.end());
    return;
  }
  std::array<std::array<std::uint32_t, digits>, passes> counts{};
  for (double x : numbers)
    for (int p = 0; p < passes; ++p)
      ++counts[static_cast<std::size_t>(p)][digit(x, p)];
  spare.resize(numbers.size());
  for (int p = 0; p < passes; ++p) {
    auto& count = counts[static_cast<std::size_t>(p)];
    // Numbers of one size share their leading digits.
    if (count[digit(numbers[0], p)] == numbers.size()) continue;
    std::uint32_t before = 0;
    for (std::uint32_t& c : count)
      before += std::exchange(c, before);
    for (double x : numbers)
      spare[count[digit(x, p)]++] = x;
    numbers.swap(spare);
  }
}

} // namespace scn::eval
