#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scn {

/// An exact positive factor `numerator / denominator * 10^power`, in lowest terms: how many base
/// units one of a unit or magnitude is (亿 is 10^8, a month 1/12 of a year, a day 24 hours).
struct Scale {
  std::uint64_t numerator = 1;
  std::uint64_t denominator = 1;
  std::int32_t power = 0;

  [[nodiscard]] double value() const;
  [[nodiscard]] bool is_one() const { return numerator == 1 && denominator == 1 && power == 0; }
  friend bool operator==(Scale, Scale) = default;
};

/// Empty where the exact result no longer fits.
[[nodiscard]] std::optional<Scale> multiply(Scale a, Scale b);
[[nodiscard]] Scale inverse(Scale a);
[[nodiscard]] std::optional<Scale> power(Scale a, int exponent);
/// The scale of a plain decimal such as `0.4536`; empty if it is zero or has more than 18 digits.
[[nodiscard]] std::optional<Scale> scale_of(std::string_view decimal);

/// A decimal as written (`1_000.50`, `1e9`), times a scale, as the double nearest to the exact
/// value; infinite where it is too large.
[[nodiscard]] double to_double(std::string_view decimal, Scale scale = {});

/// Half a unit of the last written digit of `decimal`, times a scale: what a rounded figure hides.
[[nodiscard]] double half_last_digit(std::string_view decimal, Scale scale = {});

/// Both at once, as a figure wants them.
struct Decimal {
  double value = 0;
  double half = 0; ///< half a unit of the last written digit
};
[[nodiscard]] Decimal read_decimal(std::string_view decimal, Scale scale = {});

/// The shortest decimal that reads back to the same double (`75600000000`, `0.22`, `1e+22`).
[[nodiscard]] std::string shortest(double value);
/// `value` counted in units of `scale`: 75600000000 is `756` in units of 10^8. Exact where the
/// scale is a power of ten.
[[nodiscard]] std::string shortest(double value, Scale scale);

/// `value`, counted in units of `scale`, with `decimals` digits after the point: rounded half away
/// from zero from the shortest decimal form, as a spreadsheet shows it (0.125 is `0.13`); never
/// `-0`. `grouped` puts a comma between thousands.
[[nodiscard]] std::string fixed(double value, int decimals, bool grouped = false, Scale scale = {});

} // namespace scn
