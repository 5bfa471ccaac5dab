#pragma once

#include <cstddef>
#include <span>
#include <utility>

/// Statistics of values in an order that the model gives, in extended precision. NaN where there is
/// no result.
namespace scn::eval {

/// The mean square of the distances from the mean; of a `sample`, divided by one less than their
/// number. Distances are taken from the first value, so that large equal values have none.
[[nodiscard]] double variance(std::span<double const> values, bool sample);

/// The middle one of sorted values, or the mean of the two in the middle.
[[nodiscard]] double median(std::span<double const> sorted);

/// The value below which the share `at` of sorted values lies, interpolated. Of n values the k-th,
/// from 1, stands at (k - 1) / (n - 1), or, `exclusive`, at k / (n + 1); outside of what they span
/// there is none.
[[nodiscard]] double percentile(std::span<double const> sorted, double at, bool exclusive);

/// Pairs are (y, x): a value, and what it goes with.
using Pairs = std::span<std::pair<double, double> const>;

/// The line through the points by least squares: y = intercept + slope x.
struct Trend {
  double slope = 0;
  double intercept = 0;
};
[[nodiscard]] Trend trend(Pairs pairs);
/// The product-moment coefficient of correlation.
[[nodiscard]] double correlation(Pairs pairs);

} // namespace scn::eval
