#include "lang/source/decimal.hpp"

#include "tests/support/catch.hpp"

#include <cmath>
#include <cstring>
#include <random>

using namespace scn;

TEST_CASE("a literal is the double nearest to its exact decimal value") {
  CHECK(to_double("756") == 756.0);
  CHECK(to_double("1_000_000") == 1e6);
  CHECK(to_double("0.1") == 0.1);
  CHECK(to_double("1e9") == 1e9);
  CHECK(to_double("1e-400") == 0.0);
  CHECK(std::isinf(to_double("1e400")));
  SECTION("scaled by a power of ten without a second rounding") {
    CHECK(to_double("75.6", {1, 1, 8}) == 7560000000.0);
    CHECK(to_double("22", {1, 1, -2}) == 0.22);
    CHECK(to_double("0.3", {1, 1, 1}) == 3.0);
    CHECK(to_double("1.1", {1, 1, -2}) == 0.011);
  }
  SECTION("scaled by any ratio") {
    CHECK(to_double("7", {1, 12, 0}) == 7.0 / 12);
    CHECK(to_double("9007199254740993", {1, 3, 0}) == 3002399751580331.0);
    // 0.1 / 3: neither factor is exact, their exact quotient is rounded once.
    CHECK(to_double("0.1", {1, 3, 0}) == 0.033333333333333333);
  }
}

TEST_CASE("exact scaling agrees with one correctly rounded division") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t n = random() % 1'000'000'000'000;
    const std::uint64_t d = random() % 1'000'000 + 1;
    CHECK(to_double(std::to_string(n), {1, d, 0})
          == static_cast<double>(n) / static_cast<double>(d));
  }
}

TEST_CASE("short and long decimals are read alike, to the nearest double") {
  std::mt19937_64 random(4);
  for (int i = 0; i < 20000; ++i) {
    // Around every limit of a short cut: digits that just fit a double, powers up to 10^25.
    std::string digits(random() % 3, '0');
    for (auto n = random() % 22 + 1; n > 0; --n)
      digits += static_cast<char>('0' + random() % 10);
    if (random() % 2 == 0) digits.insert(random() % (digits.size() + 1), ".");
    if (digits.front() == '.') digits.insert(0, "0");
    if (digits.back() == '.') digits += '0';
    const int exponent = static_cast<int>(random() % 51) - 25;
    const std::string written = digits + 'e' + std::to_string(exponent);
    const Decimal read = read_decimal(written);
    INFO(written);
    REQUIRE(read.value == std::stod(written));
    const std::size_t point = digits.find('.');
    const int decimals =
        point == std::string::npos ? 0 : static_cast<int>(digits.size() - point) - 1;
    REQUIRE(read.half == std::stod("5e" + std::to_string(exponent - decimals - 1)));
    REQUIRE(to_double(digits, {1, 1, exponent}) == read.value);
  }
  CHECK(to_double("9007199254740993") == 9007199254740992.0); // one more digit than fits
  CHECK(to_double("0000000000000000000000001") == 1);
  CHECK(to_double("0.00000000000000000000000") == 0);
}

TEST_CASE("half a unit of the last written digit") {
  CHECK(half_last_digit("756") == 0.5);
  CHECK(half_last_digit("7.230") == 0.0005);
  CHECK(half_last_digit("1.8", {1, 1, 12}) == 0.05e12);
  CHECK(half_last_digit("1e9") == 0.5e9);
  CHECK(half_last_digit("22", {1, 1, -2}) == 0.005);
}

TEST_CASE("scales multiply exactly or not at all") {
  const auto fortnight = multiply({14, 1, 0}, {24, 1, 0});
  REQUIRE(fortnight);
  CHECK(fortnight->value() == 336.0);
  CHECK(multiply({1, 3, 0}, {3, 1, 0})->is_one());
  CHECK(inverse({24, 1, 0}).value() == 1.0 / 24);
  CHECK_FALSE(multiply({1'000'000'007, 1, 0}, {9'999'999'999'999'999'961u, 1, 0}));
  CHECK(power({1, 12, 0}, -2)->value() == 144.0);
  CHECK_FALSE(scale_of("0"));
}

TEST_CASE("the shortest decimal reads back to the same double") {
  CHECK(shortest(75600000000.0) == "75600000000");
  CHECK(shortest(0.22) == "0.22");
  CHECK(shortest(1e22) == "1e+22");
  CHECK(shortest(-0.0) == "0");
  std::mt19937_64 random(2);
  for (int i = 0; i < 2000; ++i) {
    double v = 0;
    const std::uint64_t bits = random();
    static_assert(sizeof v == sizeof bits);
    std::memcpy(&v, &bits, sizeof v);
    if (!std::isfinite(v)) continue;
    CHECK(std::stod(shortest(v)) == v);
  }
}

TEST_CASE("counted in a unit, a number moves its point and is not divided") {
  CHECK(shortest(243100000000.0, {1, 1, 8}) == "2431");
  CHECK(shortest(0.15, {1, 1, -2}) == "15");
  CHECK(shortest(123456.0, {1, 1, 8}) == "0.00123456");
  CHECK(shortest(48.0, {24, 1, 0}) == "2");
}

TEST_CASE("decimals are rounded half away from zero from the shortest form") {
  CHECK(fixed(0.125, 2) == "0.13");
  CHECK(fixed(2.675, 2) == "2.68"); // a spreadsheet shows this, printf does not
  CHECK(fixed(-2.5, 0) == "-3");
  CHECK(fixed(0.5, 0) == "1");
  CHECK(fixed(0.49, 0) == "0");
  CHECK(fixed(-0.04, 1) == "0.0"); // never a negative zero
  CHECK(fixed(999.96, 1) == "1000.0");
  CHECK(fixed(0, 1, false, {1, 1, -2}) == "0.0");
  CHECK(fixed(1234567.891, 1, true) == "1,234,567.9");
  CHECK(fixed(123, 1, true) == "123.0");
  CHECK(fixed(78500000000.0, 1, true, {1, 1, 8}) == "785.0");
  CHECK(fixed(1e-9, 2) == "0.00");
  CHECK(fixed(1e21, 0) == "1000000000000000000000");
}
