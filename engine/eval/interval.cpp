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
  return {down(low), up(high), false};
}

/// The same, of finite operands: a result that is not finite is too large somewhere inside, and
/// what is too large is unknown.
Interval outwards(double low, double high, bool finite) {
  Interval out = outwards(low, high);
  out.partial = finite && (std::isinf(out.low) || std::isinf(out.high));
  return out;
}

bool finite(Interval a) { return std::isfinite(a.low) && std::isfinite(a.high); }

/// 0 times an end that is not bounded is 0: the end stands for numbers, however large.
double times(double x, double y) { return x == 0 || y == 0 ? 0 : x * y; }

/// The empty result of operands of which one is empty. What may be empty may also not apply, and
/// then neither does the result.
Interval empty_of(Interval a, Interval b) {
  const bool inapplicable =
      (a.is_empty() && is_inapplicable(a.low)) || (b.is_empty() && is_inapplicable(b.low));
  if (inapplicable) return Interval::point(inapplicable_value());
  return {unknown_value(), unknown_value(), a.partial || b.partial};
}

constexpr Interval undecided{0, 1, false};
constexpr Interval yes{1, 1, false};
constexpr Interval no{0, 0, false};

} // namespace

Interval Interval::whole() { return {-infinity, infinity, false}; }

Interval hull(Interval a, Interval b) {
  if (a.is_empty() || b.is_empty()) return empty_of(a, b);
  return {std::min(a.low, b.low), std::max(a.high, b.high), a.partial || b.partial};
}

Interval operator+(Interval a, Interval b) {
  return outwards(a.low + b.low, a.high + b.high, finite(a) && finite(b));
}
Interval operator-(Interval a, Interval b) {
  return outwards(a.low - b.high, a.high - b.low, finite(a) && finite(b));
}
Interval operator-(Interval a) { return {-a.high, -a.low, a.partial}; }

Interval operator*(Interval a, Interval b) {
  const double products[] = {times(a.low, b.low), times(a.low, b.high), times(a.high, b.low),
                             times(a.high, b.high)};
  return outwards(*std::min_element(products, products + 4),
                  *std::max_element(products, products + 4), finite(a) && finite(b));
}

Interval operator/(Interval a, Interval b) {
  if (b.low <= 0 && b.high >= 0) {
    if (b.is_point()) return Interval::point(unknown_value()); // division by zero
    // Where the divisor is 0 there is no quotient. If it reaches 0 from one side only, one end of
    // the others is bounded.
    if (b.low == 0 && a.low >= 0) return {down(a.low / b.high), infinity, true};
    if (b.low == 0 && a.high <= 0) return {-infinity, up(a.high / b.high), true};
    if (b.high == 0 && a.low >= 0) return {-infinity, up(a.low / b.low), true};
    if (b.high == 0 && a.high <= 0) return {down(a.high / b.low), infinity, true};
    return Interval::whole().maybe();
  }
  const auto over = [](double x, double y) { return x == 0 || std::isinf(y) ? 0 : x / y; };
  double quotients[] = {over(a.low, b.low), over(a.low, b.high), over(a.high, b.low),
                        over(a.high, b.high)};
  // An unbounded dividend over an unbounded divisor may be anything of its sign.
  if ((std::isinf(a.low) || std::isinf(a.high)) && (std::isinf(b.low) || std::isinf(b.high)))
    return Interval::whole();
  return outwards(*std::min_element(quotients, quotients + 4),
                  *std::max_element(quotients, quotients + 4), finite(a) && finite(b));
}

Interval power(Interval base, Interval exponent) {
  const auto wide = [](double x, double y) {
    // A whole power is multiplied out, and each multiplication rounds once more.
    const double p = power_of(x, y);
    const double slack = std::fabs(p) * (std::fabs(y) <= 64 ? (std::fabs(y) + 2) * 1.2e-16 : 4e-16);
    return Interval{down(p - slack), up(p + slack), false};
  };
  if (exponent.is_point() && exponent.low == std::floor(exponent.low)) {
    const double n = exponent.low;
    if (n < 0) return Interval::point(1) / power(base, Interval::point(-n));
    const bool even = std::fmod(n, 2) == 0;
    const Interval a = wide(base.low, n);
    const Interval b = wide(base.high, n);
    const bool tame = finite(base);
    if (!even || base.low >= 0) return outwards(a.low, b.high, tame);
    if (base.high <= 0) return outwards(b.low, a.high, tame);
    Interval out = outwards(0, std::max(a.high, b.high), tame);
    out.low = 0;
    return out;
  }
  // A negative number has no real root, and 0 no negative power.
  if (base.low < 0) return Interval::whole().maybe();
  if (base.low == 0 && exponent.low < 0) return {0, infinity, true};
  Interval out = wide(base.low, exponent.low);
  for (double x : {base.low, base.high})
    for (double y : {exponent.low, exponent.high})
      out = hull(out, wide(x, y));
  // Between bases below and above 1 the result passes 1 whatever the exponent does.
  if (base.low <= 1 && base.high >= 1) out = hull(out, Interval::point(1));
  if (out.is_empty()) return Interval::whole().maybe();
  out.partial = finite(base) && finite(exponent) && !finite(out);
  return out;
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
  if (a.is_empty() || b.is_empty()) {
    // The other one may decide; if it does not, the result is empty.
    const Interval other = a.is_empty() ? b : a;
    const bool may = !other.is_empty() && (deciding == 0 ? other.low == 0 : other.high == 1);
    return may ? Interval{deciding, deciding, true} : empty_of(a, b);
  }
  const bool partial = a.partial || b.partial;
  return deciding == 0 ? Interval{std::min(a.low, b.low), std::min(a.high, b.high), partial}
                       : Interval{std::max(a.low, b.low), std::max(a.high, b.high), partial};
}

Interval choose(Interval condition, Interval then, Interval otherwise) {
  if (condition.is_empty()) return condition;
  Interval out;
  if (condition.low == 1) {
    out = then;
  } else if (condition.high == 0) {
    out = otherwise;
  } else if (then.is_empty() != otherwise.is_empty()) {
    out = (then.is_empty() ? otherwise : then).maybe();
  } else if (then.is_empty() && is_inapplicable(then.low) != is_inapplicable(otherwise.low)) {
    out = {unknown_value(), unknown_value(), true};
  } else {
    out = hull(then, otherwise);
  }
  if (!condition.partial) return out;
  if (is_inapplicable(out.low)) out.low = out.high = unknown_value();
  return out.maybe();
}

/// `a else b`.
Interval instead(Interval a, Interval b) {
  if (a.is_empty()) return b;
  if (!a.partial) return a;
  if (b.is_empty()) return a;
  return {std::min(a.low, b.low), std::max(a.high, b.high), b.partial};
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
                          std::max(std::fabs(apart.low), std::fabs(apart.high)), false};
  return less(distance, allowed, true);
}

/// A result of extended precision, rounded to a double, and a little more.
Interval nearly(double low, double high) {
  return {down(low - std::fabs(low) * 4e-16), up(high + std::fabs(high) * 4e-16), false};
}

Interval native(Native function, Interval a, Interval b, Interval c) {
  if (model::operand_count(function) == 3) {
    // Known where the operands are; how it moves with them is not followed.
    double out = 0;
    if (!a.is_point() || !b.is_point() || !c.is_point()) return Interval::whole().maybe();
    eval::native(function, &out, &a.low, &b.low, &c.low, 1);
    if (std::isnan(out)) return Interval::point(out);
    return {out - std::fabs(out) * 1e-12 - 1e-15, out + std::fabs(out) * 1e-12 + 1e-15, false};
  }
  double ends[] = {a.low, a.high};
  double out[2];
  eval::native(function, out, ends, nullptr, nullptr, 2);
  switch (function) {
  case Native::exp:
    if (std::isinf(a.low)) out[0] = 0;
    return {std::max(0.0, out[0] - std::fabs(out[0]) * 4e-16),
            std::isnan(out[1]) ? infinity : up(out[1] + std::fabs(out[1]) * 4e-16),
            std::isnan(out[1]) && finite(a)};
  case Native::ln:
    if (a.high <= 0) return Interval::point(unknown_value());
    return {a.low <= 0 ? -infinity : out[0] - std::fabs(out[0]) * 4e-16,
            std::isinf(a.high) ? infinity : out[1] + std::fabs(out[1]) * 4e-16, a.low <= 0};
  case Native::exp_less_one: {
    Interval r = nearly(std::isinf(a.low) ? -1 : out[0], std::isnan(out[1]) ? 0 : out[1]);
    r.low = std::max(r.low, -1.0);
    if (std::isnan(out[1])) r.high = infinity;
    r.partial = std::isnan(out[1]) && finite(a);
    return r;
  }
  case Native::ln_one_plus: {
    if (a.high <= -1) return Interval::point(unknown_value());
    Interval r = nearly(a.low <= -1 ? 0 : out[0], std::isinf(a.high) ? 0 : out[1]);
    if (a.low <= -1) r.low = -infinity;
    if (std::isinf(a.high)) r.high = infinity;
    r.partial = a.low <= -1;
    return r;
  }
  case Native::annuity_rate:
  case Native::switch_to_even: break;
  case Native::month_of_day:
  case Native::first_day:
    if (std::isnan(out[0]) || std::isnan(out[1])) return Interval::whole().maybe();
    return {out[0], out[1], false};
  case Native::floor:
  case Native::ceil:
    return {std::isinf(a.low) ? a.low : out[0], std::isinf(a.high) ? a.high : out[1], false};
  }
  return a;
}

} // namespace

namespace {

Interval apply_to_numbers(model::Model const& model, Node const& node, Interval a, Interval b,
                          Interval c) {
  switch (node.kind) {
  case NodeKind::negate: return -a;
  case NodeKind::logical_not: return {1 - a.high, 1 - a.low, false};
  case NodeKind::native: return native(static_cast<Native>(node.aux), a, b, c);
  case NodeKind::add: return a + b;
  case NodeKind::subtract: return a - b;
  case NodeKind::multiply: return a * b;
  case NodeKind::divide: return a / b;
  case NodeKind::power: return power(a, b);
  case NodeKind::minimum: return {std::min(a.low, b.low), std::min(a.high, b.high), false};
  case NodeKind::maximum: return {std::max(a.low, b.low), std::max(a.high, b.high), false};
  case NodeKind::equal: return equal(a, b);
  case NodeKind::not_equal: {
    const Interval e = equal(a, b);
    return {1 - e.high, 1 - e.low, false};
  }
  case NodeKind::less: return less(a, b, false);
  case NodeKind::less_equal: return less(a, b, true);
  case NodeKind::greater: return less(b, a, false);
  case NodeKind::greater_equal: return less(b, a, true);
  case NodeKind::in_set:
    if (a.low != a.high) return undecided;
    return model.formulas.sets[node.b].contains(static_cast<std::uint32_t>(a.low)) ? yes : no;
  case NodeKind::shift: return {a.low + b.low, a.high + b.high, b.low != b.high};
  case NodeKind::year_begin:
    return {static_cast<double>(model.calendar.year_of(static_cast<int>(a.low)).first),
            static_cast<double>(model.calendar.year_of(static_cast<int>(a.high)).first), a.partial};
  case NodeKind::year_end:
    return {static_cast<double>(model.calendar.year_of(static_cast<int>(a.low)).last),
            static_cast<double>(model.calendar.year_of(static_cast<int>(a.high)).last), a.partial};
  case NodeKind::shift_by_time: {
    const double per_year = model.calendar.per_year();
    return {a.low + std::round(b.low * per_year), a.high + std::round(b.high * per_year),
            b.low != b.high};
  }
  case NodeKind::difference: {
    const double per_year = model.calendar.per_year();
    return {(a.low - b.high) / per_year, (a.high - b.low) / per_year, false};
  }
  default: return a;
  }
}

} // namespace

Interval apply(model::Model const& model, Node const& node, Interval a, Interval b, Interval c) {
  switch (node.kind) {
  case NodeKind::logical_and: return logical(a, b, 0);
  case NodeKind::logical_or: return logical(a, b, 1);
  case NodeKind::otherwise: return instead(a, b);
  case NodeKind::choose: return choose(a, b, c);
  case NodeKind::near:
  case NodeKind::below_near: {
    Interval out = near(node, a, b, c);
    if (!is_inapplicable(out.low)) out.partial = out.partial || a.partial || b.partial || c.partial;
    return out;
  }
  case NodeKind::is_known:
    if (a.is_empty()) return is_inapplicable(a.low) ? a : a.partial ? no.maybe() : no;
    return a.partial ? undecided.maybe() : yes; // it may be unknown, or not apply
  default: break;
  }
  const bool two = model::operand_count(node.kind) >= 2;
  if (node.kind == NodeKind::native && c.is_empty()) return empty_of(empty_of(a, b), c);
  if (a.is_empty() || (two && b.is_empty())) return two ? empty_of(a, b) : a;
  Interval out = apply_to_numbers(model, node, a, b, c);
  if (!is_inapplicable(out.low)) out.partial = out.partial || a.partial || (two && b.partial);
  return out;
}

} // namespace scn::eval
