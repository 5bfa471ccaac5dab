#include "engine/eval/interval.hpp"

#include "engine/eval/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace scn::eval {

using model::inapplicable_value;
using model::is_inapplicable;
using model::Native;
using model::Node;
using model::NodeKind;
using model::unknown_value;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double down(double x) { return std::nextafter(x, -infinity); }
double up(double x) { return std::nextafter(x, infinity); }

/// From results that were rounded to nearest, an interval that surely holds the exact ones.
Interval outwards(double low, double high) {
  if (std::isnan(low) || std::isnan(high)) return Interval::whole();
  return {down(low), up(high)};
}

/// 0 times an end that is not bounded is 0: the end stands for numbers, however large.
double times(double x, double y) { return x == 0 || y == 0 ? 0 : x * y; }

Interval empty_of(Interval a, Interval b) {
  const bool inapplicable =
      (a.is_empty() && is_inapplicable(a.low)) || (b.is_empty() && is_inapplicable(b.low));
  return Interval::point(inapplicable ? inapplicable_value() : unknown_value());
}

constexpr Interval undecided{0, 1};
constexpr Interval yes{1, 1};
constexpr Interval no{0, 0};

} // namespace

Interval Interval::whole() { return {-infinity, infinity}; }

Interval hull(Interval a, Interval b) {
  if (a.is_empty() || b.is_empty()) return empty_of(a, b);
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

Interval operator+(Interval a, Interval b) { return outwards(a.low + b.low, a.high + b.high); }
Interval operator-(Interval a, Interval b) { return outwards(a.low - b.high, a.high - b.low); }
Interval operator-(Interval a) { return {-a.high, -a.low}; }

Interval operator*(Interval a, Interval b) {
  const double products[] = {times(a.low, b.low), times(a.low, b.high), times(a.high, b.low),
                             times(a.high, b.high)};
  return outwards(*std::min_element(products, products + 4),
                  *std::max_element(products, products + 4));
}

Interval operator/(Interval a, Interval b) {
  if (b.low <= 0 && b.high >= 0) {
    if (b.is_point()) return Interval::point(unknown_value()); // division by zero
    // A divisor that reaches 0 from one side leaves one end bounded.
    if (b.low == 0 && a.low >= 0) return {down(a.low / b.high), infinity};
    if (b.low == 0 && a.high <= 0) return {-infinity, up(a.high / b.high)};
    if (b.high == 0 && a.low >= 0) return {-infinity, up(a.low / b.low)};
    if (b.high == 0 && a.high <= 0) return {down(a.high / b.low), infinity};
    return Interval::whole();
  }
  const auto over = [](double x, double y) { return x == 0 || std::isinf(y) ? 0 : x / y; };
  double quotients[] = {over(a.low, b.low), over(a.low, b.high), over(a.high, b.low),
                        over(a.high, b.high)};
  // An unbounded dividend over an unbounded divisor may be anything of its sign.
  if ((std::isinf(a.low) || std::isinf(a.high)) && (std::isinf(b.low) || std::isinf(b.high)))
    return Interval::whole();
  return outwards(*std::min_element(quotients, quotients + 4),
                  *std::max_element(quotients, quotients + 4));
}

Interval power(Interval base, Interval exponent) {
  const auto wide = [](double x, double y) {
    // The library's power is good to a few units of the last place; so many are allowed for.
    const double p = power_of(x, y);
    return Interval{p - std::fabs(p) * 4e-16, p + std::fabs(p) * 4e-16};
  };
  if (exponent.is_point() && exponent.low == std::floor(exponent.low)) {
    const double n = exponent.low;
    if (n < 0) return Interval::point(1) / power(base, Interval::point(-n));
    const bool even = std::fmod(n, 2) == 0;
    const Interval a = wide(base.low, n);
    const Interval b = wide(base.high, n);
    if (!even || base.low >= 0) return {down(a.low), up(b.high)};
    if (base.high <= 0) return {down(b.low), up(a.high)};
    return {0, up(std::max(a.high, b.high))};
  }
  if (base.low < 0) return Interval::whole();
  if (base.low == 0 && exponent.low < 0) return {0, infinity};
  Interval out = wide(base.low, exponent.low);
  for (double x : {base.low, base.high})
    for (double y : {exponent.low, exponent.high})
      out = hull(out, wide(x, y));
  // Between bases below and above 1 the result passes 1 whatever the exponent does.
  if (base.low <= 1 && base.high >= 1) out = hull(out, Interval::point(1));
  return out.is_empty() ? Interval::whole() : out;
}

Interval less(Interval a, Interval b, bool or_equal) {
  if (or_equal ? a.high <= b.low : a.high < b.low) return yes;
  if (or_equal ? a.low > b.high : a.low >= b.high) return no;
  return undecided;
}

Interval equal(Interval a, Interval b) {
  if (a.is_point() && b.is_point() && a.low == b.low) return yes;
  return a.high < b.low || b.high < a.low ? no : undecided;
}

namespace {

/// `and`, `or`: what decides, decides beside anything.
Interval logical(Interval a, Interval b, double deciding) {
  for (Interval x : {a, b})
    if (x.is_point() && x.low == deciding) return x;
  if (a.is_empty() || b.is_empty()) return empty_of(a, b);
  return deciding == 0 ? Interval{std::min(a.low, b.low), std::min(a.high, b.high)}
                       : Interval{std::max(a.low, b.low), std::max(a.high, b.high)};
}

Interval choose(Interval condition, Interval then, Interval otherwise) {
  if (condition.is_empty()) return condition;
  if (condition.low == 1) return then;
  if (condition.high == 0) return otherwise;
  return hull(then, otherwise);
}

Interval near(Node const& node, Interval a, Interval b, Interval tolerance) {
  if (a.is_empty() || b.is_empty() || tolerance.is_empty())
    return empty_of(a, b.is_empty() ? b : tolerance);
  const Interval size{b.low > 0    ? b.low
                      : b.high < 0 ? -b.high
                                   : 0,
                      std::max(std::fabs(b.low), std::fabs(b.high))};
  const Interval allowed = node.aux == 1 ? tolerance : tolerance * size;
  const Interval apart = a - b;
  if (node.kind == NodeKind::below_near) return less(apart, allowed, true);
  const Interval distance{apart.low > 0    ? apart.low
                          : apart.high < 0 ? -apart.high
                                           : 0,
                          std::max(std::fabs(apart.low), std::fabs(apart.high))};
  return less(distance, allowed, true);
}

Interval native(Native function, Interval a) {
  if (a.is_empty()) return a;
  double ends[] = {a.low, a.high};
  double out[2];
  eval::native(function, out, ends, 2);
  switch (function) {
  case Native::exp:
    if (std::isinf(a.low)) out[0] = 0;
    if (std::isnan(out[1])) out[1] = infinity;
    return {std::max(0.0, out[0] - std::fabs(out[0]) * 4e-16), out[1] + std::fabs(out[1]) * 4e-16};
  case Native::ln:
    if (a.high <= 0) return Interval::point(unknown_value());
    return {a.low <= 0 ? -infinity : out[0] - std::fabs(out[0]) * 4e-16,
            std::isinf(a.high) ? infinity : out[1] + std::fabs(out[1]) * 4e-16};
  case Native::floor:
  case Native::ceil:
    return {std::isinf(a.low) ? a.low : out[0], std::isinf(a.high) ? a.high : out[1]};
  }
  return a;
}

} // namespace

Interval apply(model::Model const& model, Node const& node, Interval a, Interval b, Interval c) {
  switch (node.kind) {
  case NodeKind::logical_and: return logical(a, b, 0);
  case NodeKind::logical_or: return logical(a, b, 1);
  case NodeKind::otherwise: return a.is_empty() ? b : a;
  case NodeKind::choose: return choose(a, b, c);
  case NodeKind::near:
  case NodeKind::below_near: return near(node, a, b, c);
  case NodeKind::is_known:
    return a.is_empty() && is_inapplicable(a.low) ? a : Interval::point(a.is_empty() ? 0 : 1);
  case NodeKind::native: return native(static_cast<Native>(node.aux), a);
  default: break;
  }
  const bool two = model::operand_count(node.kind) >= 2;
  if (a.is_empty() || (two && b.is_empty())) return two ? empty_of(a, b) : a;
  switch (node.kind) {
  case NodeKind::negate: return -a;
  case NodeKind::logical_not: return {1 - a.high, 1 - a.low};
  case NodeKind::add: return a + b;
  case NodeKind::subtract: return a - b;
  case NodeKind::multiply: return a * b;
  case NodeKind::divide: return a / b;
  case NodeKind::power: return power(a, b);
  case NodeKind::minimum: return {std::min(a.low, b.low), std::min(a.high, b.high)};
  case NodeKind::maximum: return {std::max(a.low, b.low), std::max(a.high, b.high)};
  case NodeKind::equal: return equal(a, b);
  case NodeKind::not_equal: {
    const Interval e = equal(a, b);
    return {1 - e.high, 1 - e.low};
  }
  case NodeKind::less: return less(a, b, false);
  case NodeKind::less_equal: return less(a, b, true);
  case NodeKind::greater: return less(b, a, false);
  case NodeKind::greater_equal: return less(b, a, true);
  case NodeKind::in_set:
    return a.is_point() ? Interval::point(
               model.formulas.sets[node.b].contains(static_cast<std::uint32_t>(a.low)) ? 1 : 0)
                        : undecided;
  case NodeKind::shift: return {a.low + b.low, a.high + b.high};
  case NodeKind::shift_by_time: {
    const double per_year = model.calendar.per_year();
    return {a.low + std::round(b.low * per_year), a.high + std::round(b.high * per_year)};
  }
  case NodeKind::difference: {
    const double per_year = model.calendar.per_year();
    return {(a.low - b.high) / per_year, (a.high - b.low) / per_year};
  }
  default: return a;
  }
}

} // namespace scn::eval
