#include "lang/source/decimal.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

namespace scn {

namespace {

using boost::multiprecision::cpp_int;

/// A written number as an integer and a power of ten.
struct Digits {
  static constexpr int most = 18; ///< digits that surely fit into `number`

  std::uint64_t number = 0;
  int count = 0;             ///< significant digits
  std::string_view mantissa; ///< what stands before the exponent: all digits, however many
  std::int64_t power = 0;

  [[nodiscard]] bool zero() const { return count == 0; }
  [[nodiscard]] bool fits() const { return count <= most; }
  /// All digits, without leading zeros.
  [[nodiscard]] std::string text() const {
    std::string out;
    for (char c : mantissa)
      if (c != '_' && c != '.' && !(out.empty() && c == '0')) out += c;
    return out.empty() ? "0" : out;
  }
};

Digits split(std::string_view decimal) {
  Digits out;
  bool after_point = false;
  std::size_t i = 0;
  for (; i < decimal.size(); ++i) {
    const char c = decimal[i];
    if (c == '_') continue;
    if (c == '.') {
      after_point = true;
    } else if (c >= '0' && c <= '9') {
      if (out.count > 0 || c != '0') ++out.count;
      if (out.fits()) out.number = out.number * 10 + static_cast<std::uint64_t>(c - '0');
      out.power -= after_point ? 1 : 0;
    } else {
      break;
    }
  }
  out.mantissa = decimal.substr(0, i);
  if (i < decimal.size()) { // an exponent; one that does not fit is far outside the range anyway
    std::string_view exponent = decimal.substr(i + 1);
    if (!exponent.empty() && exponent.front() == '+') exponent.remove_prefix(1);
    std::int64_t e = 0;
    auto [end, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), e);
    if (error == std::errc::result_out_of_range) e = exponent.front() == '-' ? -100000 : 100000;
    out.power += e;
  }
  return out;
}

/// The double nearest to n / d, ties to even.
double nearest(cpp_int n, cpp_int const& d) {
  if (n == 0) return 0;
  const auto bits = [](cpp_int const& x) { return static_cast<int>(msb(x)) + 1; };
  // Scale so that the quotient has 66 bits or more, keep 64 of them and fold the rest into the
  // lowest one: the conversion to double then rounds exactly once.
  int shift = std::max(0, 66 - (bits(n) - bits(d)));
  n <<= shift;
  cpp_int quotient, rest;
  divide_qr(n, d, quotient, rest);
  bool sticky = rest != 0;
  if (const int extra = bits(quotient) - 64; extra > 0) {
    sticky = sticky || lsb(quotient) < static_cast<unsigned>(extra);
    quotient >>= extra;
    shift -= extra;
  }
  const auto top = quotient.convert_to<std::uint64_t>() | (sticky ? 1u : 0u);
  return std::ldexp(static_cast<double>(top), -shift);
}

cpp_int power_of_ten(std::int64_t exponent) {
  return boost::multiprecision::pow(cpp_int(10), static_cast<unsigned>(exponent));
}

double read(std::string const& text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    // from_chars does not say which way: a huge exponent overflows, a tiny one vanishes.
    return text.find("e-") == std::string::npos ? std::numeric_limits<double>::infinity() : 0.0;
  }
  return value;
}

double scaled(Digits const& d, Scale scale) {
  const std::int64_t power = d.power + scale.power;
  const bool decimal = scale.numerator == 1 && scale.denominator == 1;
  // Most figures are short: two doubles that are exact give a product or quotient that is rounded
  // once, which is the nearest one.
  constexpr std::array tens{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                            1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  constexpr std::uint64_t exact = std::uint64_t{1} << 53;
  if (decimal && d.fits() && d.number <= exact && std::abs(power) < std::ssize(tens)) {
    const double ten = tens[static_cast<std::size_t>(std::abs(power))];
    const auto number = static_cast<double>(d.number);
    return power < 0 ? number / ten : number * ten;
  }
  const std::string digits = d.text();
  if (decimal) return read(digits + 'e' + std::to_string(power));
  const auto magnitude = power + static_cast<std::int64_t>(digits.size());
  if (magnitude > 400) return d.zero() ? 0.0 : std::numeric_limits<double>::infinity();
  if (magnitude < -400) return 0.0;
  cpp_int n = cpp_int(digits) * scale.numerator;
  cpp_int m = scale.denominator;
  (power >= 0 ? n : m) *= power_of_ten(std::abs(power));
  return nearest(std::move(n), m);
}

Scale reduced(std::uint64_t n, std::uint64_t d, std::int32_t power) {
  const auto g = std::gcd(n, d);
  n /= g;
  d /= g;
  for (; n % 10 == 0; n /= 10)
    ++power;
  for (; d % 10 == 0; d /= 10)
    --power;
  return {n, d, power};
}

} // namespace

double Scale::value() const { return scaled({1, 1, "1", 0}, *this); }

std::optional<Scale> multiply(Scale a, Scale b) {
  const auto g = std::gcd(a.numerator, b.denominator);
  const auto h = std::gcd(b.numerator, a.denominator);
  std::uint64_t n = 0;
  std::uint64_t d = 0;
  if (__builtin_mul_overflow(a.numerator / g, b.numerator / h, &n)) return std::nullopt;
  if (__builtin_mul_overflow(a.denominator / h, b.denominator / g, &d)) return std::nullopt;
  if (std::abs(a.power + b.power) > 300) return std::nullopt;
  return reduced(n, d, a.power + b.power);
}

Scale inverse(Scale a) { return {a.denominator, a.numerator, -a.power}; }

std::optional<Scale> power(Scale a, int exponent) {
  Scale base = exponent < 0 ? inverse(a) : a;
  Scale out;
  for (int i = 0; i < std::abs(exponent); ++i) {
    auto next = multiply(out, base);
    if (!next) return std::nullopt;
    out = *next;
  }
  return out;
}

std::optional<Scale> scale_of(std::string_view decimal) {
  const Digits d = split(decimal);
  if (d.zero() || !d.fits() || std::abs(d.power) > 300) return std::nullopt;
  return reduced(d.number, 1, static_cast<std::int32_t>(d.power));
}

Decimal read_decimal(std::string_view decimal, Scale scale) {
  const Digits d = split(decimal);
  return {scaled(d, scale), scaled({5, 1, "5", d.power - 1}, scale)};
}

double to_double(std::string_view decimal, Scale scale) { return scaled(split(decimal), scale); }

double half_last_digit(std::string_view decimal, Scale scale) {
  return read_decimal(decimal, scale).half;
}

std::string shortest(double value) {
  if (value == 0) return "0"; // a negative zero is zero to a reader
  std::array<char, 32> buffer;
  // Plain digits up to 10^21: people read amounts in yuan and dollars here, not exponents.
  const double magnitude = std::fabs(value);
  const auto format = magnitude >= 1e-5 && magnitude < 1e21 ? std::chars_format::fixed
                                                            : std::chars_format::scientific;
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
  return {buffer.data(), end};
}

namespace {

/// The shortest decimal digits of a magnitude and where its point stands: 75.6 is `756` and 2.
struct Shortest {
  std::string digits;
  int point = 0;
};

Shortest digits_of(double value, Scale scale) {
  const bool power_of_ten = scale.numerator == 1 && scale.denominator == 1;
  const double shown = power_of_ten ? std::fabs(value) : std::fabs(value) / scale.value();
  std::array<char, 32> buffer;
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), shown,
                                    std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  Shortest out;
  for (char c : text.substr(0, e))
    if (c != '.') out.digits += c;
  int exponent = 0;
  const bool negative = text[e + 1] == '-';
  std::from_chars(text.data() + e + 2, text.data() + text.size(), exponent);
  out.point = (negative ? -exponent : exponent) + 1;
  if (power_of_ten && value != 0) out.point -= scale.power; // moved exactly, not divided
  return out;
}

} // namespace

std::string shortest(double value, Scale scale) {
  if (value == 0) return "0";
  if (scale.is_one()) return shortest(value);
  const Shortest s = digits_of(value, scale);
  std::string digits = s.digits;
  while (digits.size() > 1 && digits.back() == '0')
    digits.pop_back();
  const int n = static_cast<int>(digits.size());
  std::string out = value < 0 ? "-" : "";
  if (s.point > 21 || s.point < -5) {
    out += digits.substr(0, 1);
    if (n > 1) out += '.' + digits.substr(1);
    const int exponent = s.point - 1;
    out += exponent < 0 ? "e-" : "e+";
    if (std::abs(exponent) < 10) out += '0';
    return out + std::to_string(std::abs(exponent));
  }
  if (s.point <= 0)
    return out + "0." + std::string(static_cast<std::size_t>(-s.point), '0') + digits;
  if (s.point >= n) return out + digits + std::string(static_cast<std::size_t>(s.point - n), '0');
  const auto whole = static_cast<std::size_t>(s.point);
  return out + digits.substr(0, whole) + '.' + digits.substr(whole);
}

std::string fixed(double value, int decimals, bool grouped, Scale scale) {
  auto const [digits, point] = digits_of(value, scale);
  // Cut at the wanted digit and round half away from zero on what the shortest form shows.
  const int keep = point + decimals;
  bool carry = false;
  std::string kept;
  if (keep >= 0) {
    kept = digits.substr(0, std::min<std::size_t>(digits.size(), static_cast<std::size_t>(keep)));
    kept.append(static_cast<std::size_t>(keep) - kept.size(), '0');
    carry = static_cast<std::size_t>(keep) < digits.size()
            && digits[static_cast<std::size_t>(keep)] >= '5';
  }
  for (std::size_t i = kept.size(); carry && i-- > 0;) {
    carry = kept[i] == '9';
    kept[i] = carry ? '0' : static_cast<char>(kept[i] + 1);
  }
  if (carry) kept.insert(kept.begin(), '1');
  const auto fraction = static_cast<std::size_t>(decimals);
  if (kept.size() < fraction + 1) kept.insert(0, fraction + 1 - kept.size(), '0');
  std::string whole = kept.substr(0, kept.size() - fraction);
  if (grouped)
    for (std::size_t i = whole.size(); i > 3;)
      whole.insert(i -= 3, ",");
  std::string out = whole;
  if (decimals > 0) out += '.' + kept.substr(kept.size() - fraction);
  const bool zero = out.find_first_of("123456789") == std::string::npos;
  return value < 0 && !zero ? '-' + out : out;
}

} // namespace scn
