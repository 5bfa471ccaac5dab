// Statistics of given values.

#include "engine/eval/statistics.hpp"

#include "tests/support/catch.hpp"

#include <cmath>
#include <vector>

using namespace scn::eval;
using scn_test::Approx;

TEST_CASE("the variance of a sample and of a population") {
  const std::vector<double> v{2, 4, 4, 4, 5, 5, 7, 9};
  CHECK(variance(v, false) == 4);
  CHECK(variance(v, true) == Approx(32.0 / 7).epsilon(1e-15));
  CHECK(variance(std::vector<double>{7}, false) == 0);
  CHECK(std::isnan(variance(std::vector<double>{7}, true)));
  CHECK(std::isnan(variance(std::vector<double>{}, false)));
  // Equal values have none, however large: a mean that was rounded would give 3e28.
  CHECK(variance(std::vector<double>{1e30, 1e30, 1e30}, true) == 0);
  CHECK(variance(std::vector<double>{1e9 + 1, 1e9 + 2, 1e9 + 3}, true) == 1);
}

TEST_CASE("percentiles stand between values") {
  const std::vector<double> v{1, 2, 3, 4};
  CHECK(percentile(v, 0, false) == 1);
  CHECK(percentile(v, 0.5, false) == 2.5);
  CHECK(percentile(v, 0.3, false) == Approx(1.9));
  CHECK(percentile(v, 1, false) == 4);
  CHECK(percentile(v, 0.2, true) == 1);
  CHECK(percentile(v, 0.5, true) == 2.5);
  CHECK(percentile(v, 0.8, true) == 4);
  for (double outside : {0.1, 0.9})
    CHECK(std::isnan(percentile(v, outside, true)));
  for (double none : {-0.1, 1.1})
    CHECK(std::isnan(percentile(v, none, false)));
  CHECK(std::isnan(percentile({}, 0.5, false)));
  // 0.7 * 10 is 7.000000000000001 in doubles; the eighth of eleven it is.
  CHECK(percentile(std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0.7, false) == 7);
}

TEST_CASE("a line through points, and how well it fits") {
  const std::vector<std::pair<double, double>> points{{10, 0}, {14, 1}, {12, 2}, {16, 3}};
  CHECK(trend(points).slope == Approx(1.6));
  CHECK(trend(points).intercept == Approx(10.6));
  CHECK(correlation(points) == Approx(0.8));
  const std::vector<std::pair<double, double>> falling{{5, 1}, {3, 2}, {1, 3}};
  CHECK(trend(falling).slope == -2);
  CHECK(correlation(falling) == -1);
  const std::vector<std::pair<double, double>> level{{5, 1}, {5, 2}};
  CHECK(trend(level).slope == 0);
  CHECK(std::isnan(correlation(level)));
  const std::vector<std::pair<double, double>> upright{{5, 1}, {6, 1}};
  CHECK(std::isnan(trend(upright).slope));
  CHECK(std::isnan(correlation(upright)));
  CHECK(std::isnan(trend({}).intercept));
}
