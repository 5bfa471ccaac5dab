// The rules for unknown, not applying, overflow and division by zero, operation by operation, and
// that nothing but finite numbers and the two marked values ever comes out.

#include "engine/eval/kernels.hpp"

#include "lang/model/model.hpp"
#include "tests/support/catch.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace scn;
using model::NodeKind;

namespace {

const double unknown = model::unknown_value();
const double not_applying = model::inapplicable_value();
constexpr double largest = std::numeric_limits<double>::max();
constexpr double smallest = std::numeric_limits<double>::denorm_min();

/// Equal bit for bit, so that -0 is not 0 and the two empty values are told apart.
bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool is_value(double v) { return std::isfinite(v) || same(v, unknown) || same(v, not_applying); }

double binary(NodeKind kind, double a, double b) {
  double out = -77;
  eval::binary(kind, &out, &a, &b, 1);
  return out;
}
double unary(NodeKind kind, double a) {
  double out = -77;
  eval::unary(kind, &out, &a, 1);
  return out;
}
double native(model::Native function, double a) {
  double out = -77;
  eval::native(function, &out, &a, nullptr, nullptr, 1);
  return out;
}
double choose(double condition, double then, double otherwise) {
  double out = -77;
  eval::choose(&out, &condition, &then, &otherwise, 1);
  return out;
}
double near(double a, double b, double tolerance, bool absolute, bool below) {
  double out = -77;
  eval::near(&out, &a, &b, &tolerance, absolute, below, 1);
  return out;
}

const std::vector<double> numbers{0.0,     -0.0,     1,   -1,  2.5,      -3,     1e-300,
                                  largest, -largest, 0.1, 1e9, smallest, -1e200, 64};
std::vector<double> everything() {
  std::vector<double> out = numbers;
  out.push_back(unknown);
  out.push_back(not_applying);
  return out;
}

constexpr NodeKind spreading[] = {NodeKind::add,          NodeKind::shift,      NodeKind::subtract,
                                  NodeKind::multiply,     NodeKind::divide,     NodeKind::minimum,
                                  NodeKind::maximum,      NodeKind::equal,      NodeKind::not_equal,
                                  NodeKind::less,         NodeKind::less_equal, NodeKind::greater,
                                  NodeKind::greater_equal};
constexpr NodeKind all_binary[] = {
    NodeKind::add,      NodeKind::shift,         NodeKind::subtract,    NodeKind::multiply,
    NodeKind::divide,   NodeKind::power,         NodeKind::minimum,     NodeKind::maximum,
    NodeKind::equal,    NodeKind::not_equal,     NodeKind::less,        NodeKind::less_equal,
    NodeKind::greater,  NodeKind::greater_equal, NodeKind::logical_and, NodeKind::logical_or,
    NodeKind::otherwise};

} // namespace

TEST_CASE("an operand that does not apply goes before an unknown one, and both before any number") {
  for (NodeKind kind : spreading) {
    INFO("kind " << static_cast<int>(kind));
    CHECK(same(binary(kind, unknown, unknown), unknown));
    CHECK(same(binary(kind, not_applying, unknown), not_applying));
    CHECK(same(binary(kind, unknown, not_applying), not_applying));
    for (double x : numbers) {
      CHECK(same(binary(kind, x, unknown), unknown)); // 0 * unknown is unknown
      CHECK(same(binary(kind, unknown, x), unknown));
      CHECK(same(binary(kind, x, not_applying), not_applying));
      CHECK(same(binary(kind, not_applying, x), not_applying));
    }
  }
}

TEST_CASE("a power of or by something empty is empty") {
  // Bases other than 1 and exponents other than 0, which C's pow treats apart.
  for (double x : {0.0, 2.5, -3.0, 1e-300}) {
    CHECK(same(binary(NodeKind::power, x, unknown), unknown));
    CHECK(same(binary(NodeKind::power, x, not_applying), not_applying));
  }
  for (double x : {1.0, 2.5, -3.0, 64.0, 65.0}) {
    CHECK(same(binary(NodeKind::power, unknown, x), unknown));
    CHECK(same(binary(NodeKind::power, not_applying, x), not_applying));
  }
}

TEST_CASE("overflow and division by zero are unknown") {
  CHECK(same(binary(NodeKind::add, largest, largest), unknown));
  CHECK(same(binary(NodeKind::subtract, -largest, largest), unknown));
  CHECK(same(binary(NodeKind::multiply, 1e200, -1e200), unknown));
  CHECK(same(binary(NodeKind::divide, largest, 0.1), unknown));
  for (double zero : {0.0, -0.0})
    for (double x : {1.0, -1.0, 0.0, -0.0, largest, smallest})
      CHECK(same(binary(NodeKind::divide, x, zero), unknown));
  CHECK(same(binary(NodeKind::power, 10, 400), unknown));
  CHECK(same(binary(NodeKind::power, 0, -1), unknown));
  CHECK(same(binary(NodeKind::power, -2, 0.5), unknown));
  CHECK(same(native(model::Native::exp, 1000), unknown));
  CHECK(same(native(model::Native::ln, 0), unknown));
  CHECK(same(native(model::Native::ln, -1), unknown));
}

TEST_CASE("nothing comes out but finite numbers and the two marked values") {
  const auto values = everything();
  for (NodeKind kind : all_binary)
    for (double a : values)
      for (double b : values) {
        INFO("kind " << static_cast<int>(kind) << " of " << a << " and " << b);
        REQUIRE(is_value(binary(kind, a, b)));
      }
  for (double a : values) {
    for (NodeKind kind : {NodeKind::negate, NodeKind::logical_not, NodeKind::is_known})
      REQUIRE(is_value(unary(kind, a)));
    for (auto f :
         {model::Native::exp, model::Native::ln, model::Native::floor, model::Native::ceil})
      REQUIRE(is_value(native(f, a)));
    for (double b : values)
      for (double c : values) {
        for (bool absolute : {false, true})
          for (bool below : {false, true})
            REQUIRE(is_value(near(a, b, c, absolute, below)));
        for (double condition : {0.0, 1.0, unknown, not_applying})
          REQUIRE(is_value(choose(condition, b, c)));
      }
    for (double b : values) {
      double out = -77;
      eval::difference(&out, &a, &b, 12, 1);
      REQUIRE(is_value(out));
    }
  }
}

TEST_CASE("a column gives the same as its cells one by one") {
  // A column is computed in one go and looked at again only if something in it is not finite.
  const auto values = everything();
  std::mt19937 random(3);
  for (NodeKind kind : all_binary)
    for (std::size_t n : {1u, 2u, 7u, 64u, 257u})
      for (bool special : {false, true}) {
        std::vector<double> a(n);
        std::vector<double> b(n);
        std::vector<double> out(n, -77);
        for (std::size_t i = 0; i < n; ++i) {
          a[i] = special ? values[random() % values.size()] : 1 + static_cast<double>(i);
          b[i] = special ? values[random() % values.size()] : 0.5;
        }
        eval::binary(kind, out.data(), a.data(), b.data(), n);
        INFO("kind " << static_cast<int>(kind) << ", " << n << " cells");
        for (std::size_t i = 0; i < n; ++i)
          REQUIRE(same(out[i], binary(kind, a[i], b[i])));
      }
}

TEST_CASE("truth has three values, and what decides does so beside anything") {
  const double yes = 1;
  const double no = 0;
  for (double x : {yes, no, unknown, not_applying}) {
    CHECK(same(binary(NodeKind::logical_and, no, x), no));
    CHECK(same(binary(NodeKind::logical_and, x, no), no));
    CHECK(same(binary(NodeKind::logical_or, yes, x), yes));
    CHECK(same(binary(NodeKind::logical_or, x, yes), yes));
  }
  CHECK(same(binary(NodeKind::logical_and, yes, yes), yes));
  CHECK(same(binary(NodeKind::logical_or, no, no), no));
  for (double empty : {unknown, not_applying}) {
    CHECK(same(binary(NodeKind::logical_and, yes, empty), empty));
    CHECK(same(binary(NodeKind::logical_and, empty, yes), empty));
    CHECK(same(binary(NodeKind::logical_or, no, empty), empty));
    CHECK(same(binary(NodeKind::logical_or, empty, no), empty));
    CHECK(same(unary(NodeKind::logical_not, empty), empty));
  }
  CHECK(same(binary(NodeKind::logical_and, unknown, not_applying), not_applying));
  CHECK(same(binary(NodeKind::logical_or, not_applying, unknown), not_applying));
  CHECK(same(unary(NodeKind::logical_not, yes), no));
  CHECK(same(unary(NodeKind::logical_not, no), yes));
}

TEST_CASE("comparisons order numbers, and -0 equals 0") {
  CHECK(binary(NodeKind::less, 1, 2) == 1);
  CHECK(binary(NodeKind::less, 2, 2) == 0);
  CHECK(binary(NodeKind::less_equal, 2, 2) == 1);
  CHECK(binary(NodeKind::greater, 2, 1) == 1);
  CHECK(binary(NodeKind::greater_equal, 1, 2) == 0);
  CHECK(binary(NodeKind::equal, 0.0, -0.0) == 1);
  CHECK(binary(NodeKind::not_equal, 0.0, -0.0) == 0);
  CHECK(binary(NodeKind::less, -0.0, 0.0) == 0);
  CHECK(binary(NodeKind::not_equal, 1, 2) == 1);
}

TEST_CASE("of two equal numbers min and max take the first, whatever its sign") {
  CHECK(same(binary(NodeKind::minimum, 0.0, -0.0), 0.0));
  CHECK(same(binary(NodeKind::minimum, -0.0, 0.0), -0.0));
  CHECK(same(binary(NodeKind::maximum, 0.0, -0.0), 0.0));
  CHECK(same(binary(NodeKind::maximum, -0.0, 0.0), -0.0));
  CHECK(same(binary(NodeKind::minimum, 1, -3), -3));
  CHECK(same(binary(NodeKind::maximum, 1, -3), 1));
}

TEST_CASE("`else` takes the other side exactly where the first is empty") {
  for (double empty : {unknown, not_applying}) {
    CHECK(same(binary(NodeKind::otherwise, empty, 5), 5));
    CHECK(same(binary(NodeKind::otherwise, empty, unknown), unknown));
    CHECK(same(binary(NodeKind::otherwise, empty, not_applying), not_applying));
    CHECK(same(binary(NodeKind::otherwise, -0.0, empty), -0.0));
  }
  CHECK(same(binary(NodeKind::otherwise, 3, 5), 3));
}

TEST_CASE("`if` looks only at the branch it takes") {
  CHECK(same(choose(1, 5, unknown), 5));
  CHECK(same(choose(0, not_applying, 6), 6));
  CHECK(same(choose(unknown, 5, 6), unknown));
  CHECK(same(choose(not_applying, 5, 6), not_applying));
  CHECK(same(choose(1, unknown, 6), unknown));
  CHECK(same(choose(0, 5, not_applying), not_applying));
}

TEST_CASE("is_known is false of an unknown value and does not apply where its operand does not") {
  CHECK(same(unary(NodeKind::is_known, 0), 1));
  CHECK(same(unary(NodeKind::is_known, unknown), 0));
  CHECK(same(unary(NodeKind::is_known, not_applying), not_applying));
}

TEST_CASE("negation keeps empty values as they are, bit for bit") {
  CHECK(same(unary(NodeKind::negate, unknown), unknown));
  CHECK(same(unary(NodeKind::negate, not_applying), not_applying));
  CHECK(same(unary(NodeKind::negate, 0.0), -0.0));
  CHECK(same(unary(NodeKind::negate, -2.5), 2.5));
}

TEST_CASE("near compares to a tolerance, relative to the right side or absolute") {
  CHECK(near(100.4, 100, 0.005, false, false) == 1);
  CHECK(near(99.6, 100, 0.005, false, false) == 1);
  CHECK(near(101, 100, 0.005, false, false) == 0);
  CHECK(near(-100.4, -100, 0.005, false, false) == 1); // relative to its size
  CHECK(near(100.4, 100, 0.5, true, false) == 1);
  CHECK(near(100.6, 100, 0.5, true, false) == 0);
  CHECK(near(0, 0, 1e-9, false, false) == 1);
  CHECK(near(1e-12, 0, 1e-9, false, false) == 0); // there is no part of nothing
  SECTION("and `<=` with a tolerance only upwards") {
    CHECK(near(-500, 100, 0.005, false, true) == 1);
    CHECK(near(100.4, 100, 0.005, false, true) == 1);
    CHECK(near(100.6, 100, 0.005, false, true) == 0);
    CHECK(near(100.6, 100, 1, true, true) == 1);
  }
  SECTION("with an empty side it is empty") {
    for (bool below : {false, true}) {
      CHECK(same(near(unknown, 1, 0.1, false, below), unknown));
      CHECK(same(near(1, unknown, 0.1, false, below), unknown));
      CHECK(same(near(1, 1, unknown, false, below), unknown));
      CHECK(same(near(unknown, not_applying, 0.1, false, below), not_applying));
      CHECK(same(near(unknown, 1, not_applying, false, below), not_applying));
    }
  }
}

TEST_CASE("membership in a set, and of nobody") {
  const auto set = model::IndexSet::of({0, 2, 3});
  const std::vector<double> members{0, 1, 2, 3, 4, unknown, not_applying};
  std::vector<double> out(members.size(), -77);
  eval::in_set(out.data(), members.data(), set, members.size());
  const std::vector<double> expected{1, 0, 1, 1, 0, unknown, not_applying};
  for (std::size_t i = 0; i < out.size(); ++i)
    CHECK(same(out[i], expected[i]));
}

TEST_CASE("a period moves by whole steps only") {
  const auto moved = [](double step, double years, double per_year) {
    double out = -77;
    eval::shift_by_time(&out, &step, &years, per_year, 1);
    return out;
  };
  CHECK(moved(5, 1, 4) == 9);
  CHECK(moved(5, -0.5, 4) == 3);
  CHECK(moved(5, 1.0 / 12, 12) == 6); // a twelfth of a year is no exact double, and yet one month
  CHECK(moved(0, 7.0 / 12, 12) == 7);
  CHECK(same(moved(5, 0.1, 4), unknown));
  CHECK(same(moved(unknown, 1, 4), unknown));
  CHECK(same(moved(5, unknown, 4), unknown));
  CHECK(same(moved(not_applying, unknown, 4), not_applying));
}

TEST_CASE("the difference of two periods is a duration in years") {
  const auto apart = [](double a, double b, double per_year) {
    double out = -77;
    eval::difference(&out, &a, &b, per_year, 1);
    return out;
  };
  CHECK(apart(6, 4, 4) == 0.5);
  CHECK(apart(3, 4, 1) == -1);
  CHECK(apart(4, 3, 12) == 1.0 / 12);
  CHECK(same(apart(4, unknown, 1), unknown));
  CHECK(same(apart(unknown, not_applying, 1), not_applying));
}

TEST_CASE("whole powers are exact where their result is") {
  CHECK(eval::power_of(10, 15) == 1e15);
  CHECK(eval::power_of(10, 22) == 1e22);
  CHECK(eval::power_of(3, 33) == 5559060566555523.0);
  CHECK(eval::power_of(-3, 3) == -27);
  CHECK(eval::power_of(-2, 2) == 4);
  CHECK(eval::power_of(7, 0) == 1);
  CHECK(eval::power_of(0, 0) == 1);
  CHECK(eval::power_of(0, 5) == 0);
  CHECK(eval::power_of(4, -1) == 0.25);
  CHECK(eval::power_of(1e10, -31) == 1e-310); // though 1e10 ^ 31 is too large
  for (int n = -64; n <= 64; ++n)
    CHECK(eval::power_of(2, n) == std::ldexp(1.0, n));
  for (int n : {-1074, -1000, -100, 65, 100, 1000, 1023}) // above 64 by the library
    CHECK(eval::power_of(2, n) == std::ldexp(1.0, n));
}

TEST_CASE("other powers are the double nearest to the exact value") {
  CHECK(eval::power_of(2, 0.5) == 1.4142135623730951);
  CHECK(eval::power_of(9, 0.5) == 3);
  CHECK(eval::power_of(1.21, 0.5) == 1.1);
  CHECK(eval::power_of(1e300, 0.5) == 1e150);
  CHECK(eval::power_of(10, 0.3010299956639812) == 2);
  CHECK(std::isnan(eval::power_of(-2, 0.5)));
}

TEST_CASE("whole powers are within a few units of the last place of the exact ones") {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> base(0.5, 2);
  for (int i = 0; i < 5000; ++i) {
    const double x = (random() % 2 == 0 ? 1 : -1) * base(random);
    const int n = static_cast<int>(random() % 129) - 64;
    // Repeated multiplication in extended precision: 11 bits more, lost at most half a bit each.
    long double exact = 1;
    for (int k = 0; k < std::abs(n); ++k)
      exact *= static_cast<long double>(x);
    if (n < 0) exact = 1 / exact;
    const long double error = static_cast<long double>(eval::power_of(x, n)) - exact;
    INFO(x << " to the power " << n);
    REQUIRE(std::fabs(error) <= 70 * 1.2e-16L * std::fabs(exact));
  }
}

TEST_CASE("exponential, logarithm and rounding to whole numbers") {
  CHECK(native(model::Native::exp, 0) == 1);
  CHECK(native(model::Native::exp, 1) == 2.718281828459045);
  CHECK(native(model::Native::ln, 1) == 0);
  CHECK(native(model::Native::ln, 10) == 2.302585092994046);
  CHECK(native(model::Native::exp, -1e9) == 0);
  CHECK(native(model::Native::floor, -2.5) == -3);
  CHECK(native(model::Native::ceil, -2.5) == -2);
  CHECK(native(model::Native::floor, 3) == 3);
  for (auto f :
       {model::Native::exp, model::Native::ln, model::Native::floor, model::Native::ceil}) {
    CHECK(same(native(f, unknown), unknown));
    CHECK(same(native(f, not_applying), not_applying));
  }
}

TEST_CASE("functions of small numbers keep their digits") {
  CHECK(native(model::Native::exp_less_one, 1e-20) == 1e-20);
  CHECK(native(model::Native::ln_one_plus, 1e-20) == 1e-20);
  CHECK(native(model::Native::exp_less_one, 1) == 1.7182818284590453);
  CHECK(native(model::Native::ln_one_plus, 1) == 0.6931471805599453);
  CHECK(same(native(model::Native::ln_one_plus, -1), unknown));
  CHECK(same(native(model::Native::exp_less_one, 1000), unknown));
}

TEST_CASE("every day has its month, over the years with and without a leap day") {
  int year = -801;
  int month = 0;
  double day = native(model::Native::first_day, 12.0 * year);
  for (; year < 2500; month = (month + 1) % 12, year += month == 0) {
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const double number = 12.0 * year + month;
    INFO(year << '-' << month + 1);
    REQUIRE(native(model::Native::first_day, number) == day);
    REQUIRE(native(model::Native::month_of_day, day) == number);
    day += lengths[month];
    REQUIRE(native(model::Native::month_of_day, day - 1) == number);
  }
  CHECK(native(model::Native::first_day, 12 * 1970) == 0);
  CHECK(same(native(model::Native::month_of_day, 1e10), unknown));
  CHECK(same(native(model::Native::first_day, -1e10), unknown));
}
