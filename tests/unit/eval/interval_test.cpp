// Interval arithmetic: whatever point is taken inside the operands, the result lies inside the
// interval that comes out; for the points as the engine computes them, and for the exact ones.

#include "engine/eval/interval.hpp"

#include "engine/eval/kernels.hpp"
#include "tests/support/catch.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <cmath>
#include <limits>
#include <random>

using namespace scn;
using eval::Interval;
using model::Node;
using model::NodeKind;

namespace {

// Rounding to fifty digits keeps the order of numbers, so comparing with it proves nothing wrong.
using Exact = boost::multiprecision::cpp_bin_float_50;

constexpr double infinity = std::numeric_limits<double>::infinity();
const double unknown = model::unknown_value();
const double not_applying = model::inapplicable_value();

class Points {
 public:
  explicit Points(unsigned seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

  double number() {
    const double sign = below(2) == 0 ? 1 : -1;
    const double digits = 1 + std::uniform_real_distribution<double>(0, 9)(random_);
    switch (below(10)) {
    case 0: return 0;
    case 1: return sign * 1;
    case 2: return sign * digits * 1e150;
    case 3: return sign * digits * 1e-150;
    case 4: return sign * static_cast<double>(below(20));
    default: return sign * digits * std::pow(10.0, static_cast<double>(below(7)) - 3);
    }
  }
  /// Points, narrow and wide intervals, ends at zero, ends that are not bounded.
  Interval interval() {
    const double a = number();
    double b = below(4) == 0 ? a : number();
    if (below(6) == 0) b = a * (1 + 1e-15);
    Interval out{std::min(a, b), std::max(a, b)};
    if (below(8) == 0) out.low = -infinity;
    if (below(8) == 0) out.high = infinity;
    return out;
  }
  Interval condition() {
    constexpr Interval all[] = {{0, 0}, {1, 1}, {0, 1}};
    return all[below(3)];
  }
  /// A finite point inside; often an end, because faults are there.
  double inside(Interval i) {
    if (std::isfinite(i.low) && (i.is_point() || below(4) == 0)) return i.low;
    if (std::isfinite(i.high) && below(3) == 0) return i.high;
    if (i.low <= 0 && i.high >= 0 && below(6) == 0) return 0;
    const double share = std::uniform_real_distribution<double>(0, 1)(random_);
    double at = 0;
    if (std::isfinite(i.low) && std::isfinite(i.high)) {
      at = i.low + (i.high / 2 - i.low / 2) * share * 2;
    } else if (std::isfinite(i.low)) {
      at = i.low + std::fabs(number());
    } else if (std::isfinite(i.high)) {
      at = i.high - std::fabs(number());
    } else {
      at = number();
    }
    return std::min(std::max(at, i.low), i.high);
  }
  double truth(Interval c) { return c.is_point() ? c.low : below(2); }

 private:
  std::mt19937_64 random_;
};

Interval apply(NodeKind kind, Interval a, Interval b = {}, Interval c = {}, std::uint8_t aux = 0) {
  static const model::Model none;
  Node node;
  node.kind = kind;
  node.aux = aux;
  return eval::apply(none, node, a, b, c);
}

bool holds(Interval i, double v) { return i.low <= v && v <= i.high; }
bool holds(Interval i, Exact const& v) { return Exact(i.low) <= v && v <= Exact(i.high); }

std::string text(Interval i) {
  std::ostringstream out;
  out.precision(17);
  out << '[' << i.low << ", " << i.high << ']';
  return out.str();
}

constexpr int rounds = 60'000;

} // namespace

TEST_CASE("arithmetic on points inside stays inside, as the engine computes and exactly") {
  Points points(1);
  constexpr NodeKind kinds[] = {NodeKind::add, NodeKind::subtract, NodeKind::multiply,
                                NodeKind::divide};
  int decided = 0;
  for (int round = 0; round < rounds; ++round) {
    const NodeKind kind = kinds[round % 4];
    const Interval a = points.interval();
    const Interval b = points.interval();
    const Interval out = apply(kind, a, b);
    const double x = points.inside(a);
    const double y = points.inside(b);
    double point = 0;
    eval::binary(kind, &point, &x, &y, 1);
    INFO(static_cast<int>(kind) << ": " << x << " in " << text(a) << ", " << y << " in " << text(b)
                                << " give " << point << ", not in " << text(out));
    if (kind == NodeKind::divide && y == 0) {
      REQUIRE(model::is_unknown(point));
      continue;
    }
    REQUIRE_FALSE(out.is_empty());
    if (std::isfinite(point)) REQUIRE(holds(out, point));
    const Exact u = x;
    const Exact v = y;
    const Exact exact = kind == NodeKind::add        ? Exact(u + v)
                        : kind == NodeKind::subtract ? Exact(u - v)
                        : kind == NodeKind::multiply ? Exact(u * v)
                                                     : Exact(u / v);
    REQUIRE(holds(out, exact));
    decided += std::isfinite(out.low) && std::isfinite(out.high);
  }
  CHECK(decided > rounds / 3); // not merely because everything is unbounded
}

TEST_CASE("bounded operands away from zero give tight results") {
  // Never too narrow is easy with infinite ends; these say that the results are of use.
  const auto tight = [](Interval i, double low, double high) {
    return i.low <= low && i.high >= high && i.low >= low - std::fabs(low) * 1e-15 - 1e-300
           && i.high <= high + std::fabs(high) * 1e-15 + 1e-300;
  };
  CHECK(tight(apply(NodeKind::add, {600, 650}, {1, 2}), 601, 652));
  CHECK(tight(apply(NodeKind::subtract, {600, 650}, {1, 2}), 598, 649));
  CHECK(tight(apply(NodeKind::multiply, {-2, 3}, {-5, 7}), -15, 21));
  CHECK(tight(apply(NodeKind::divide, {1, 2}, {4, 8}), 0.125, 0.5));
  CHECK(tight(apply(NodeKind::divide, {1, 2}, {-8, -4}), -0.5, -0.125));
  CHECK(tight(apply(NodeKind::power, {2, 3}, {2, 2}), 4, 9));
  CHECK(tight(apply(NodeKind::power, {-3, 2}, {2, 2}), 0, 9));
  CHECK(tight(apply(NodeKind::power, {-3, 2}, {3, 3}), -27, 8));
  CHECK(tight(apply(NodeKind::power, {4, 9}, {0.5, 0.5}), 2, 3));
}

TEST_CASE("ends that are not bounded stay so, and zero times one is zero") {
  CHECK(apply(NodeKind::add, {1000, infinity}, {1, 1}).high == infinity);
  CHECK(apply(NodeKind::add, {1000, infinity}, {1, 1}).low > 1000);
  CHECK(apply(NodeKind::subtract, {0, 0}, {1000, infinity}).low == -infinity);
  const Interval nothing = apply(NodeKind::multiply, {0, 0}, {1000, infinity});
  CHECK(holds(nothing, 0.0));
  CHECK(nothing.high < 1e-300);
  const Interval share = apply(NodeKind::divide, {1, 2}, {1000, infinity});
  CHECK(share.low <= 0);
  CHECK(share.high < 0.0021);
}

TEST_CASE("a divisor that reaches zero leaves the ends that it must") {
  CHECK(apply(NodeKind::divide, {1, 2}, {0, 4}).low <= 0.25);
  CHECK(apply(NodeKind::divide, {1, 2}, {0, 4}).low > 0.24);
  CHECK(apply(NodeKind::divide, {1, 2}, {0, 4}).high == infinity);
  CHECK(apply(NodeKind::divide, {1, 2}, {-4, 0}).low == -infinity);
  CHECK(apply(NodeKind::divide, {-2, -1}, {-4, 0}).high == infinity);
  CHECK(apply(NodeKind::divide, {-2, -1}, {0, 4}).low == -infinity);
  CHECK(apply(NodeKind::divide, {1, 2}, {-1, 4}).low == -infinity);
  CHECK(apply(NodeKind::divide, {1, 2}, {-1, 4}).high == infinity);
  CHECK(model::is_unknown(apply(NodeKind::divide, {1, 2}, {0, 0}).low));
}

TEST_CASE("powers of points inside stay inside, as the engine computes") {
  Points points(2);
  int known = 0;
  for (int round = 0; round < rounds; ++round) {
    const Interval base = points.interval();
    Interval exponent = points.interval();
    if (round % 2 == 0) exponent = Interval::point(static_cast<double>(points.below(17)) - 8);
    const double x = points.inside(base);
    const double y = points.inside(exponent);
    const double point = eval::power_of(x, y);
    if (!std::isfinite(point)) continue;
    ++known;
    const Interval out = apply(NodeKind::power, base, exponent);
    INFO(x << " in " << text(base) << " to the power " << y << " in " << text(exponent) << " is "
           << point << ", not in " << text(out));
    REQUIRE(holds(out, point));
  }
  CHECK(known > rounds / 3);
}

TEST_CASE("powers of points inside stay inside exactly") {
  Points points(3);
  for (int round = 0; round < rounds / 4; ++round) {
    Interval base = points.interval();
    if (std::fabs(base.low) > 1e100 || std::fabs(base.high) > 1e100
        || (base.low != 0 && std::fabs(base.low) < 1e-100))
      continue; // far from where doubles end
    const bool whole = round % 2 == 0;
    if (!whole && base.low <= 0) base.low = 0.5;
    if (base.high < base.low) base.high = base.low;
    const double n = whole ? static_cast<double>(points.below(5)) : 0.25 * (1 + points.below(7));
    const double x = points.inside(base);
    const Interval out = apply(NodeKind::power, base, Interval::point(n));
    const Exact exact = whole ? Exact(pow(Exact(x), static_cast<int>(n)))
                              : Exact(boost::multiprecision::pow(Exact(x), Exact(n)));
    INFO(x << " in " << text(base) << " to the power " << n << ", not in " << text(out));
    REQUIRE(holds(out, exact));
  }
}

TEST_CASE("functions of points inside stay inside") {
  Points points(4);
  constexpr model::Native functions[] = {model::Native::exp,          model::Native::ln,
                                         model::Native::floor,        model::Native::ceil,
                                         model::Native::exp_less_one, model::Native::ln_one_plus,
                                         model::Native::month_of_day, model::Native::first_day};
  int known = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto function = functions[round % 8];
    const Interval a = points.interval();
    const double x = points.inside(a);
    double point = 0;
    eval::native(function, &point, &x, nullptr, nullptr, 1);
    if (!std::isfinite(point)) continue;
    ++known;
    const Interval out = apply(NodeKind::native, a, {}, {}, static_cast<std::uint8_t>(function));
    INFO(static_cast<int>(function)
         << " of " << x << " in " << text(a) << " is " << point << ", not in " << text(out));
    REQUIRE(holds(out, point));
    if (function == model::Native::ln) REQUIRE(holds(out, Exact(log(Exact(x)))));
    if (function == model::Native::ln_one_plus && std::fabs(x) > 1e-20)
      REQUIRE(holds(out, Exact(log(1 + Exact(x)))));
    if (function == model::Native::exp_less_one && std::fabs(x) < 600 && std::fabs(x) > 1e-20)
      REQUIRE(holds(out, Exact(exp(Exact(x)) - 1)));
    if (function == model::Native::exp && x > -600) REQUIRE(holds(out, Exact(exp(Exact(x)))));
  }
  CHECK(known > rounds / 2);
  CHECK(model::is_unknown(
      apply(NodeKind::native, {-2, -1}, {}, {}, static_cast<std::uint8_t>(model::Native::ln)).low));
}

TEST_CASE("comparisons and extremes of points inside stay inside") {
  Points points(5);
  constexpr NodeKind kinds[] = {NodeKind::minimum,   NodeKind::maximum,      NodeKind::equal,
                                NodeKind::not_equal, NodeKind::less,         NodeKind::less_equal,
                                NodeKind::greater,   NodeKind::greater_equal};
  int decided = 0;
  for (int round = 0; round < rounds; ++round) {
    const NodeKind kind = kinds[round % 8];
    const Interval a = points.interval();
    const Interval b = points.below(5) == 0 ? a : points.interval();
    const double x = points.inside(a);
    const double y = points.inside(b);
    double point = 0;
    eval::binary(kind, &point, &x, &y, 1);
    const Interval out = apply(kind, a, b);
    INFO(static_cast<int>(kind) << ": " << x << " in " << text(a) << ", " << y << " in " << text(b)
                                << " give " << point << ", not in " << text(out));
    REQUIRE(holds(out, point));
    decided += round % 8 > 1 && out.is_point();
  }
  CHECK(decided > rounds / 4);
}

TEST_CASE("a comparison is undecided exactly where points of both sides differ") {
  CHECK(apply(NodeKind::less, {1, 2}, {3, 4}).low == 1);
  CHECK(apply(NodeKind::less, {3, 4}, {1, 2}).high == 0);
  CHECK(apply(NodeKind::less, {1, 3}, {2, 4}).low == 0);
  CHECK(apply(NodeKind::less, {1, 3}, {2, 4}).high == 1);
  CHECK(apply(NodeKind::less, {1, 2}, {2, 3}).low == 0);       // 2 < 2 is false
  CHECK(apply(NodeKind::less_equal, {1, 2}, {2, 3}).low == 1); // 2 <= 2 is true
  CHECK(apply(NodeKind::greater, {2, 3}, {1, 2}).low == 0);
  CHECK(apply(NodeKind::greater_equal, {2, 3}, {1, 2}).low == 1);
  CHECK(apply(NodeKind::equal, {2, 2}, {2, 2}).low == 1);
  CHECK(apply(NodeKind::equal, {1, 2}, {2, 3}).high == 1);
  CHECK(apply(NodeKind::equal, {1, 2}, {2, 3}).low == 0);
  CHECK(apply(NodeKind::equal, {1, 2}, {3, 4}).high == 0);
  CHECK(apply(NodeKind::less, {1000, infinity}, {500, 500}).high == 0);
}

TEST_CASE("near on points inside stays inside") {
  Points points(6);
  for (int round = 0; round < rounds; ++round) {
    const bool absolute = points.below(2) == 0;
    const bool below = points.below(2) == 0;
    const Interval a = points.interval();
    Interval b = points.below(2) == 0 ? a : points.interval();
    const double d = std::fabs(points.number());
    const Interval tolerance =
        points.below(2) == 0 ? Interval::point(d) : Interval{d, d + std::fabs(points.number())};
    const double x = points.inside(a);
    const double y = points.inside(b);
    const double z = points.inside(tolerance);
    double point = 0;
    eval::near(&point, &x, &y, &z, absolute, below, 1);
    const Interval out =
        apply(below ? NodeKind::below_near : NodeKind::near, a, b, tolerance, absolute ? 1 : 0);
    INFO(x << " in " << text(a) << " near " << y << " in " << text(b) << ", " << z << " in "
           << text(tolerance) << ": " << point << ", not in " << text(out));
    REQUIRE(holds(out, point));
  }
}

TEST_CASE("conditions, and an `if` on one that is undecided, hold every outcome") {
  Points points(7);
  for (int round = 0; round < rounds / 4; ++round) {
    const Interval a = points.condition();
    const Interval b = points.condition();
    const double x = points.truth(a);
    const double y = points.truth(b);
    for (NodeKind kind : {NodeKind::logical_and, NodeKind::logical_or}) {
      double point = 0;
      eval::binary(kind, &point, &x, &y, 1);
      REQUIRE(holds(apply(kind, a, b), point));
    }
    REQUIRE(holds(apply(NodeKind::logical_not, a), 1 - x));
    const Interval then = points.interval();
    const Interval otherwise = points.interval();
    const double u = points.inside(then);
    const double v = points.inside(otherwise);
    const Interval out = apply(NodeKind::choose, a, then, otherwise);
    REQUIRE(holds(out, x == 1 ? u : v));
    if (a.is_point()) REQUIRE(out.low == (x == 1 ? then : otherwise).low);
    REQUIRE(holds(apply(NodeKind::negate, then), -u));
  }
}

TEST_CASE("empty operands spread as they do in points") {
  for (NodeKind kind : {NodeKind::add, NodeKind::multiply, NodeKind::less, NodeKind::minimum}) {
    CHECK(model::is_unknown(apply(kind, Interval::point(unknown), {1, 2}).low));
    CHECK(model::is_unknown(apply(kind, {1, 2}, Interval::point(unknown)).low));
    CHECK(model::is_inapplicable(
        apply(kind, Interval::point(unknown), Interval::point(not_applying)).low));
    CHECK(model::is_inapplicable(apply(kind, Interval::point(not_applying), {1, 2}).high));
  }
  CHECK(apply(NodeKind::otherwise, Interval::point(unknown), {1, 2}).high == 2);
  CHECK(apply(NodeKind::otherwise, {3, 4}, {1, 2}).low == 3);
  CHECK(apply(NodeKind::logical_and, Interval::point(unknown), {0, 0}).high == 0);
  CHECK(apply(NodeKind::logical_or, {1, 1}, Interval::point(unknown)).low == 1);
  // False, or else unknown: which one is undecided.
  const Interval maybe_false = apply(NodeKind::logical_and, Interval::point(unknown), {0, 1});
  CHECK(maybe_false.low == 0);
  CHECK(maybe_false.high == 0);
  CHECK(maybe_false.partial);
  CHECK(model::is_unknown(apply(NodeKind::choose, Interval::point(unknown), {1, 1}, {2, 2}).low));
  CHECK(apply(NodeKind::is_known, Interval::point(unknown)).high == 0);
  CHECK(apply(NodeKind::is_known, {1, 2}).low == 1);
  CHECK(model::is_inapplicable(apply(NodeKind::is_known, Interval::point(not_applying)).low));
}
