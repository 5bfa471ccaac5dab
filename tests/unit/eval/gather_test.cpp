// Aggregations, one value of their variables at a time, over a tile of cells.

#include "engine/eval/gather.hpp"

#include "tests/support/catch.hpp"

#include <bit>
#include <cmath>
#include <limits>

using namespace scn;
using model::ReduceOp;

namespace {

const double unknown = model::unknown_value();
const double not_applying = model::inapplicable_value();
constexpr double largest = std::numeric_limits<double>::max();

constexpr ReduceOp all_operations[] = {
    ReduceOp::sum,     ReduceOp::avg,     ReduceOp::min,   ReduceOp::max,
    ReduceOp::median,  ReduceOp::product, ReduceOp::count, ReduceOp::any,
    ReduceOp::all,     ReduceOp::argmax,  ReduceOp::rank,  ReduceOp::stdev_s,
    ReduceOp::stdev_p, ReduceOp::var_s,   ReduceOp::var_p, ReduceOp::percentile_inc};

bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// One cell, given the values that go in; with conditions and weights if there are any.
double gather(ReduceOp op, std::vector<double> const& values, bool known = false,
              std::vector<double> const& where = {}, std::vector<double> const& weights = {}) {
  eval::Gatherer g(op, known, 1);
  const unsigned char inside = 1;
  const double own = 0.5; // of what is always asked of a value of the cell
  double const* second = model::second_of(op) == model::Second::own ? &own : nullptr;
  for (std::size_t i = 0; i < values.size(); ++i)
    g.add(&values[i], where.empty() ? nullptr : &where[i], weights.empty() ? second : &weights[i],
          &inside, static_cast<double>(i));
  double out = -77;
  g.finish(&out);
  return out;
}

} // namespace

TEST_CASE("over nothing there are a sum, a count, a product and the truths, and nothing else") {
  CHECK(same(gather(ReduceOp::sum, {}), 0));
  CHECK(same(gather(ReduceOp::count, {}), 0));
  CHECK(same(gather(ReduceOp::product, {}), 1));
  CHECK(same(gather(ReduceOp::any, {}), 0));
  CHECK(same(gather(ReduceOp::all, {}), 1));
  for (ReduceOp op :
       {ReduceOp::avg, ReduceOp::min, ReduceOp::max, ReduceOp::median, ReduceOp::argmax})
    CHECK(same(gather(op, {}), unknown));
}

TEST_CASE("what does not apply is passed over") {
  CHECK(gather(ReduceOp::sum, {1, not_applying, 2}) == 3);
  CHECK(gather(ReduceOp::avg, {1, not_applying, 2}) == 1.5);
  CHECK(gather(ReduceOp::min, {not_applying, 3, 2}) == 2);
  CHECK(gather(ReduceOp::median, {not_applying, 3}) == 3);
  CHECK(gather(ReduceOp::argmax, {not_applying, 3, 2}) == 1);
  CHECK(gather(ReduceOp::any, {not_applying, 0}) == 0);
  CHECK(gather(ReduceOp::all, {not_applying, 1}) == 1);
  // Nothing but such cells is nothing.
  CHECK(same(gather(ReduceOp::max, {not_applying, not_applying}), unknown));
  CHECK(same(gather(ReduceOp::sum, {not_applying}), 0));
}

TEST_CASE("one unknown member makes the result unknown, unless `known` asks to skip it") {
  for (ReduceOp op : all_operations) {
    if (op == ReduceOp::any || op == ReduceOp::all) continue;
    INFO("operation " << static_cast<int>(op));
    CHECK(same(gather(op, {1, unknown, 1}), unknown));
    CHECK(same(gather(op, {unknown, 1}), unknown));
    CHECK_FALSE(std::isnan(gather(op, {1, unknown, 1}, true)));
  }
  CHECK(gather(ReduceOp::sum, {5, unknown, 7}, true) == 12);
  CHECK(gather(ReduceOp::min, {unknown, 5, 7}, true) == 5);
  CHECK(gather(ReduceOp::avg, {unknown, 5, 7}, true) == 6);
  CHECK(same(gather(ReduceOp::avg, {unknown}, true), unknown));
  CHECK(same(gather(ReduceOp::sum, {unknown}, true), 0));
}

TEST_CASE("any and all are decided by one value whatever else is unknown") {
  CHECK(gather(ReduceOp::any, {unknown, 1, 0}) == 1);
  CHECK(gather(ReduceOp::any, {1, unknown}) == 1);
  CHECK(gather(ReduceOp::all, {unknown, 0, 1}) == 0);
  CHECK(gather(ReduceOp::all, {0, unknown}) == 0);
  CHECK(same(gather(ReduceOp::any, {unknown, 0}), unknown));
  CHECK(same(gather(ReduceOp::all, {1, unknown}), unknown));
}

TEST_CASE("a condition decides which values count") {
  CHECK(gather(ReduceOp::sum, {1, 2, 4}, false, {1, 0, 1}) == 5);
  CHECK(gather(ReduceOp::sum, {1, unknown, 4}, false, {1, 0, 1}) == 5);
  CHECK(gather(ReduceOp::sum, {1, 2, 4}, false, {1, not_applying, 1}) == 5);
  // If it is unknown whether a value counts, so is the result.
  CHECK(same(gather(ReduceOp::sum, {1, 2, 4}, false, {1, unknown, 1}), unknown));
  CHECK(gather(ReduceOp::sum, {1, 2, 4}, true, {1, unknown, 1}) == 5);
  CHECK(gather(ReduceOp::any, {1, 0}, false, {1, unknown}) == 1);
}

TEST_CASE("a weighted average divides by the weights that took part") {
  CHECK(gather(ReduceOp::avg, {10, 20}, false, {}, {3, 1}) == 12.5);
  CHECK(gather(ReduceOp::avg, {10, 20, 99}, false, {}, {3, 1, not_applying}) == 12.5);
  CHECK(gather(ReduceOp::avg, {10, not_applying, 20}, false, {}, {3, 9, 1}) == 12.5);
  CHECK(same(gather(ReduceOp::avg, {10, 20}, false, {}, {3, unknown}), unknown));
  CHECK(gather(ReduceOp::avg, {10, 20}, true, {}, {3, unknown}) == 10);
  CHECK(same(gather(ReduceOp::avg, {10, 20}, false, {}, {1, -1}), unknown)); // divides by zero
}

TEST_CASE("extremes, also of negative numbers and of equal ones") {
  CHECK(gather(ReduceOp::min, {-1, -3, -2}) == -3);
  CHECK(gather(ReduceOp::max, {-3, -1, -2}) == -1);
  CHECK(gather(ReduceOp::max, {-3}) == -3); // not 0, which nobody gave
  CHECK(gather(ReduceOp::min, {3}) == 3);
  CHECK(gather(ReduceOp::argmax, {-5, -1, -3}) == 1);
  CHECK(gather(ReduceOp::argmax, {2, 7, 7}) == 1); // the first of equals
  CHECK(gather(ReduceOp::argmax, {0, 0}) == 0);
}

TEST_CASE("the median of an even number of values lies half way between the middle two") {
  CHECK(gather(ReduceOp::median, {9, 1, 5}) == 5);
  CHECK(gather(ReduceOp::median, {9, 1, 5, 2}) == 3.5);
  CHECK(gather(ReduceOp::median, {4}) == 4);
  CHECK(gather(ReduceOp::median, {largest, largest}) == largest); // no overflow on the way
}

TEST_CASE("overflow on the way is unknown, never infinite") {
  CHECK(same(gather(ReduceOp::sum, {largest, largest}), unknown));
  CHECK(same(gather(ReduceOp::sum, {largest, largest, -largest, -largest}), unknown));
  CHECK(same(gather(ReduceOp::product, {1e200, 1e200}), unknown));
  CHECK(same(gather(ReduceOp::product, {1e200, 1e200, 0}), unknown));
  CHECK(same(gather(ReduceOp::avg, {largest, largest}), unknown));
}

TEST_CASE("a sum adds up in the order given, starting from zero") {
  CHECK(same(gather(ReduceOp::sum, {-0.0}), 0.0));
  CHECK(gather(ReduceOp::sum, {1e16, 1, -1e16}) == 0);
  CHECK(gather(ReduceOp::sum, {1e16, -1e16, 1}) == 1);
}

TEST_CASE("cells of a tile are independent, and those outside their bounds take no part") {
  eval::Gatherer g(ReduceOp::sum, false, 4);
  const double first[] = {1, unknown, 3, 4};
  const double second[] = {10, 20, 30, 40};
  const unsigned char everywhere[] = {1, 1, 1, 1};
  const unsigned char some[] = {1, 0, 0, 1};
  g.add(first, nullptr, nullptr, everywhere, 0);
  g.add(second, nullptr, nullptr, some, 1);
  double out[4];
  g.finish(out);
  CHECK(out[0] == 11);
  CHECK(same(out[1], unknown));
  CHECK(out[2] == 3);
  CHECK(out[3] == 44);
}

TEST_CASE("a cell whose bounds are empty is that, whatever is gathered") {
  for (ReduceOp op : all_operations)
    for (double empty : {unknown, not_applying}) {
      eval::Gatherer g(op, true, 1);
      const double one = 1;
      const unsigned char inside = 1;
      g.add(&one, nullptr, &one, &inside, 0);
      g.spoil(0, empty);
      g.add(&one, nullptr, &one, &inside, 1);
      double out = -77;
      g.finish(&out);
      CHECK(same(out, empty));
    }
}

TEST_CASE("a rank is one more than are larger, for who is ranked") {
  const auto rank = [](double own, std::vector<double> const& values, bool known = false,
                       std::vector<double> const& where = {}) {
    return gather(ReduceOp::rank, values, known, where, std::vector<double>(values.size(), own));
  };
  CHECK(rank(7, {3, 7, 5}) == 1);
  CHECK(rank(3, {3, 7, 5}) == 3);
  CHECK(rank(5, {5, 7, 5, 3}) == 2); // ties share
  CHECK(rank(3, {5, 7, 5, 3}) == 4); // and use up the ranks behind them
  CHECK(rank(3, {3, not_applying, 5}) == 2);
  CHECK(same(rank(not_applying, {3, 7}), not_applying));
  CHECK(same(rank(3, {3, unknown}), unknown));
  CHECK(same(rank(unknown, {3, unknown}), unknown));
  CHECK(rank(3, {3, unknown, 5}, true) == 2);
  CHECK(same(rank(unknown, {3, unknown}, true), not_applying));
  CHECK(same(rank(not_applying, {3, unknown}), not_applying));
  CHECK(rank(3, {3, 7, 5}, false, {1, 0, 1}) == 2);
  CHECK(same(rank(3, {3, 7, 5}, false, {1, unknown, 1}), unknown));
}
