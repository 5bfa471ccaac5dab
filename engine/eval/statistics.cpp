#include "engine/eval/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace scn::eval {

namespace {

using Real = long double;

constexpr double no_result = std::numeric_limits<double>::quiet_NaN();

/// Sums of squares and products of the distances from the means.
struct Moments {
  Real yy = 0, xx = 0, yx = 0;
  Real mean_y = 0, mean_x = 0;
};

Moments moments(Pairs pairs) {
  Moments m;
  if (pairs.empty()) return m;
  const auto n = static_cast<Real>(pairs.size());
  const Real y0 = pairs.front().first;
  const Real x0 = pairs.front().second;
  Real y = 0;
  Real x = 0;
  for (auto const& p : pairs) {
    y += p.first - y0;
    x += p.second - x0;
  }
  y /= n;
  x /= n;
  for (auto const& p : pairs) {
    const Real dy = p.first - y0 - y;
    const Real dx = p.second - x0 - x;
    m.yy += dy * dy;
    m.xx += dx * dx;
    m.yx += dy * dx;
  }
  m.mean_y = y0 + y;
  m.mean_x = x0 + x;
  return m;
}

} // namespace

double variance(std::span<double const> values, bool sample) {
  const auto n = static_cast<Real>(values.size());
  if (n < (sample ? 2 : 1)) return no_result;
  const Real origin = values.front();
  Real mean = 0;
  for (double v : values)
    mean += v - origin;
  mean /= n;
  Real sum = 0;
  for (double v : values)
    sum += (v - origin - mean) * (v - origin - mean);
  return static_cast<double>(sum / (sample ? n - 1 : n));
}

double median(std::span<double const> sorted) {
  if (sorted.empty()) return no_result;
  const std::size_t middle = sorted.size() / 2;
  // Halved first, so that two large values have one, too.
  return sorted.size() % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

double percentile(std::span<double const> sorted, double at, bool exclusive) {
  if (sorted.empty() || !(at >= 0 && at <= 1)) return no_result;
  const auto n = static_cast<Real>(sorted.size());
  Real place = exclusive ? at * (n + 1) - 1 : at * (n - 1); // from 0
  // 0.3 * 10 is no whole number in binary; a hair beside one is it.
  if (const Real whole = std::round(place); std::fabs(place - whole) < 1e-12L * n) place = whole;
  if (place < 0 || place > n - 1) return no_result;
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const Real share = place - std::floor(place);
  return static_cast<double>(sorted[below] * (1 - share) + sorted[above] * share);
}

Trend trend(Pairs pairs) {
  const Moments m = moments(pairs);
  if (pairs.size() < 2 || m.xx == 0) return {no_result, no_result};
  const Real slope = m.yx / m.xx;
  return {static_cast<double>(slope), static_cast<double>(m.mean_y - slope * m.mean_x)};
}

double correlation(Pairs pairs) {
  const Moments m = moments(pairs);
  if (pairs.size() < 2 || m.xx == 0 || m.yy == 0) return no_result;
  return static_cast<double>(
      std::clamp(m.yx / (std::sqrt(m.xx) * std::sqrt(m.yy)), Real{-1}, Real{1}));
}

} // namespace scn::eval
