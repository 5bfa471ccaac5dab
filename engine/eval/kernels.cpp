#include "engine/eval/kernels.hpp"

#include "engine/eval/rate_of_return.hpp"
#include "engine/eval/vector_loops.hpp"
#include "lang/model/model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace scn::eval {

using model::inapplicable_value;
using model::is_inapplicable;
using model::Native;
using model::NodeKind;
using model::unknown_value;

namespace {

/// What an operation gives where one of its operands is empty, or its result is no number.
double empty_result(double a, double b) {
  return is_inapplicable(a) || is_inapplicable(b) ? inapplicable_value() : unknown_value();
}
double empty_result(double a) { return is_inapplicable(a) ? a : unknown_value(); }

constexpr double largest = std::numeric_limits<double>::max();

/// Numbers first, for the whole column, because nearly every cell is one; then, if any result calls
/// for it, those cells again with the rules for empty values.
void vectors(VectorOp op, double* out, Operand a, Operand b, std::size_t n) {
  if (!vector_loops().binary(op, out, a, b, n)) return;
  const bool arithmetic = op <= VectorOp::divide;
  // Empty cells come in runs, at the beginning of the timeline above all.
  constexpr std::size_t piece = 64;
  for (std::size_t begin = 0; begin < n; begin += piece) {
    const std::size_t size = std::min(piece, n - begin);
    if (arithmetic && vector_loops().all_numbers(out + begin, size)) continue;
    for (std::size_t i = begin; i < begin + size; ++i)
      if (arithmetic ? !(std::fabs(out[i]) <= largest) : std::isnan(a[i]) || std::isnan(b[i]))
        out[i] = empty_result(a[i], b[i]);
  }
}

/// The same, of operations that no processor has.
template <class Operation>
void one_by_one(double* out, Operand a, Operand b, std::size_t n, Operation operation) {
  for (std::size_t i = 0; i < n; ++i) {
    const double r = operation(a[i], b[i]);
    out[i] = std::fabs(r) <= largest ? r : empty_result(a[i], b[i]);
  }
}

/// `and` and `or`: the deciding value decides whatever the other one is.
void logical(VectorOp op, double* out, Operand a, Operand b, std::size_t n) {
  if (!vector_loops().binary(op, out, a, b, n)) return;
  const double deciding = op == VectorOp::logical_and ? 0 : 1;
  for (std::size_t i = 0; i < n; ++i) {
    if (a[i] == deciding || b[i] == deciding) {
      out[i] = deciding;
    } else if (std::isnan(a[i]) || std::isnan(b[i])) {
      out[i] = empty_result(a[i], b[i]);
    }
  }
}

} // namespace

double power_of(double x, double y) {
  // Whole powers by multiplication: exact where the result is, and free of the library.
  if (y == std::floor(y) && std::fabs(y) <= 64) {
    double base = x;
    double out = 1;
    for (auto k = static_cast<unsigned>(std::fabs(y)); k != 0; k >>= 1) {
      if ((k & 1) != 0) out *= base;
      base *= base;
    }
    // The reciprocal of what is too large may still be a number.
    if (y >= 0) return out;
    if (std::fabs(out) <= largest) return 1 / out;
  }
  // The C library's pow differs in the last bit between processors with and without fused
  // multiply-add; in extended precision there is one implementation, and rounding hides its error.
  return static_cast<double>(std::pow(static_cast<long double>(x), static_cast<long double>(y)));
}

void binary(NodeKind kind, double* out, Operand a, Operand b, std::size_t n) {
  switch (kind) {
  case NodeKind::add: return vectors(VectorOp::add, out, a, b, n);
  case NodeKind::subtract: return vectors(VectorOp::subtract, out, a, b, n);
  case NodeKind::multiply: return vectors(VectorOp::multiply, out, a, b, n);
  case NodeKind::divide: return vectors(VectorOp::divide, out, a, b, n);
  case NodeKind::minimum: return vectors(VectorOp::minimum, out, a, b, n);
  case NodeKind::maximum: return vectors(VectorOp::maximum, out, a, b, n);
  case NodeKind::equal: return vectors(VectorOp::equal, out, a, b, n);
  case NodeKind::not_equal: return vectors(VectorOp::not_equal, out, a, b, n);
  case NodeKind::less: return vectors(VectorOp::less, out, a, b, n);
  case NodeKind::less_equal: return vectors(VectorOp::less_equal, out, a, b, n);
  case NodeKind::greater: return vectors(VectorOp::greater, out, a, b, n);
  case NodeKind::greater_equal: return vectors(VectorOp::greater_equal, out, a, b, n);
  case NodeKind::logical_and: return logical(VectorOp::logical_and, out, a, b, n);
  case NodeKind::logical_or: return logical(VectorOp::logical_or, out, a, b, n);
  case NodeKind::shift: // by whole steps only
    return one_by_one(out, a, b, n, [](double x, double y) {
      return y == std::floor(y) ? x + y : unknown_value();
    });
  case NodeKind::power: // C's pow(1, NaN) and pow(NaN, 0) are 1
    return one_by_one(out, a, b, n, [](double x, double y) {
      return std::isnan(x) || std::isnan(y) ? unknown_value() : power_of(x, y);
    });
  case NodeKind::otherwise:
    if (a.single) {
      const bool empty = std::isnan(*a.at);
      for (std::size_t i = 0; i < n; ++i)
        out[i] = empty ? b[i] : *a.at;
      return;
    }
    return vector_loops().otherwise(out, a.at, b, n);
  default: return;
  }
}

void unary(NodeKind kind, double* out, Cells a, std::size_t n) {
  switch (kind) {
  case NodeKind::negate:
    // The sign of an empty value means nothing, but its bits are compared: keep them.
    for (std::size_t i = 0; i < n; ++i)
      out[i] = std::isnan(a[i]) ? a[i] : -a[i];
    return;
  case NodeKind::logical_not:
    for (std::size_t i = 0; i < n; ++i)
      out[i] = std::isnan(a[i]) ? a[i] : 1 - a[i];
    return;
  case NodeKind::is_known:
    for (std::size_t i = 0; i < n; ++i)
      out[i] = is_inapplicable(a[i]) ? a[i] : std::isnan(a[i]) ? 0 : 1;
    return;
  default: return;
  }
}

namespace {

/// Days from 1 January 1970 to the first of a month that is counted from January of year 0. Years
/// are taken to begin in March, so that a leap day is the last of one. Exact as far as doubles
/// count.
double first_day(double month) {
  if (std::fabs(month) > 2e8) return unknown_value();
  const double from_march = month - 2;
  const double year = std::floor(from_march / 12);
  const double months = from_march - 12 * year;
  return 365 * year + std::floor(year / 4) - std::floor(year / 100) + std::floor(year / 400)
         + std::floor((153 * months + 2) / 5) - 719'468;
}

/// The month that holds a day; more than ten million years away nothing is.
double month_of_day(double day) {
  if (std::fabs(day) > 4e9) return unknown_value();
  double month = std::floor((day + 719'528) / 30.436875); // off by one at most
  while (first_day(month) > day)
    --month;
  while (first_day(month + 1) <= day)
    ++month;
  return month;
}

/// Natives of several operands.
Solution solve(Native function, double a, double b, double c) {
  return function == Native::annuity_rate ? annuity_rate(a, b, c) : switch_to_even(a, b, c);
}

} // namespace

char const* why_unknown(Native function, double a, double b, double c) {
  if (model::operand_count(function) == 3)
    if (char const* why = solve(function, a, b, c).why; why != nullptr) return why;
  if (function == Native::ln && a <= 0) return "no logarithm of zero or less";
  if (function == Native::ln_one_plus && a <= -1) return "no logarithm of zero or less";
  return "the number is too large";
}

void native(Native function, double* out, Cells a, Cells b, Cells c, std::size_t n) {
  if (model::operand_count(function) == 3) {
    for (std::size_t i = 0; i < n; ++i) {
      if (std::isnan(a[i]) || std::isnan(b[i]) || std::isnan(c[i])) {
        out[i] = is_inapplicable(c[i]) ? c[i] : empty_result(a[i], b[i]);
        continue;
      }
      const double r = solve(function, a[i], b[i], c[i]).value;
      out[i] = std::fabs(r) <= largest ? r : unknown_value();
    }
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(a[i])) {
      out[i] = a[i];
      continue;
    }
    const auto x = static_cast<long double>(a[i]); // as in power_of: one implementation everywhere
    double r = 0;
    switch (function) {
    case Native::exp: r = static_cast<double>(std::exp(x)); break;
    case Native::ln: r = static_cast<double>(std::log(x)); break;
    case Native::exp_less_one: r = static_cast<double>(std::expm1(x)); break;
    case Native::ln_one_plus: r = static_cast<double>(std::log1p(x)); break;
    case Native::floor: r = std::floor(a[i]); break;
    case Native::ceil: r = std::ceil(a[i]); break;
    case Native::month_of_day: r = month_of_day(std::floor(a[i])); break;
    case Native::first_day: r = first_day(std::floor(a[i])); break;
    case Native::annuity_rate:
    case Native::switch_to_even: break;
    }
    out[i] = std::fabs(r) <= largest ? r : unknown_value();
  }
}

void choose(double* out, Cells condition, Operand then, Operand otherwise, std::size_t n) {
  if (!vector_loops().choose(out, condition, then, otherwise, n)) return;
  for (std::size_t i = 0; i < n; ++i)
    if (std::isnan(condition[i])) out[i] = empty_result(condition[i]);
}

void near(double* out, Cells a, Cells b, Cells tolerance, bool absolute, bool below,
          std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i]) || std::isnan(tolerance[i])) {
      out[i] = is_inapplicable(tolerance[i]) ? tolerance[i] : empty_result(a[i], b[i]);
      continue;
    }
    const double allowed = absolute ? tolerance[i] : tolerance[i] * std::fabs(b[i]);
    out[i] = (below ? a[i] - b[i] <= allowed : std::fabs(a[i] - b[i]) <= allowed) ? 1 : 0;
  }
}

void in_set(double* out, Cells a, model::IndexSet const& set, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(a[i])) {
      out[i] = a[i];
      continue;
    }
    out[i] = set.contains(static_cast<std::uint32_t>(a[i])) ? 1 : 0;
  }
}

void year_edge(double* out, Cells a, model::Calendar const& calendar, bool end, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(a[i])) {
      out[i] = a[i];
      continue;
    }
    const auto year = calendar.year_of(static_cast<int>(a[i]));
    out[i] = end ? year.last : year.first;
  }
}

void shift_by_time(double* out, Cells a, Cells years, double steps_per_year, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(a[i]) || std::isnan(years[i])) {
      out[i] = empty_result(a[i], years[i]);
      continue;
    }
    const double steps = years[i] * steps_per_year;
    // A duration that is no whole number of steps leads to no period; rounding errors of a
    // twelfth of a year are none.
    const double whole = std::round(steps);
    out[i] = std::fabs(steps - whole) <= 1e-9 ? a[i] + whole : unknown_value();
  }
}

void difference(double* out, Cells a, Cells b, double steps_per_year, std::size_t n) {
  one_by_one(out, a, b, n, [=](double x, double y) { return (x - y) / steps_per_year; });
}

} // namespace scn::eval
