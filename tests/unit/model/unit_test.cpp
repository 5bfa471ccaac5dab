#include "lang/model/unit.hpp"

#include "tests/support/catch.hpp"

#include <random>
#include <string>
#include <vector>

using namespace scn::model;

namespace {

/// A few units to calculate with.
struct Units {
  UnitTable table;
  BaseUnitId usd_base = table.add_base("USD", true);
  BaseUnitId cny_base = table.add_base("CNY", true);
  BaseUnitId card_base = table.add_base("card", false);
  BaseUnitId hour_base = table.add_base("hour", false);
  UnitId usd = table.of(usd_base);
  UnitId cny = table.of(cny_base);
  UnitId card = table.of(card_base);
  UnitId hour = table.of(hour_base);

  UnitId times(UnitId a, UnitId b) { return table.multiply(a, b); }
  UnitId per(UnitId a, UnitId b) { return table.divide(a, b); }
};

/// Any product of the base units with exponents from -3 to 3.
UnitId random_unit(Units& u, std::mt19937& random) {
  UnitId out = pure;
  for (UnitId base : {u.usd, u.cny, u.card, u.hour})
    out = u.times(out, u.table.power(base, static_cast<int>(random() % 7) - 3));
  return out;
}

} // namespace

TEST_CASE("every base unit is a dimension of its own") {
  Units u;
  CHECK(u.usd != u.cny); // money in different currencies never meets silently
  CHECK(u.usd != pure);
  CHECK(u.table.of(u.usd_base) == u.usd);
  CHECK(u.table.add_base("USD", true) != u.usd_base); // names are the business of the resolver
}

TEST_CASE("equal units have equal ids whatever way they were reached") {
  Units u;
  const UnitId price = u.per(u.per(u.usd, u.card), u.hour);
  CHECK(price == u.per(u.usd, u.times(u.card, u.hour)));
  CHECK(price == u.per(u.usd, u.times(u.hour, u.card)));
  CHECK(price == u.times(u.per(pure, u.hour), u.per(u.usd, u.card)));
  // `USD/card/hour * hour * card` is `USD`.
  CHECK(u.times(u.times(price, u.hour), u.card) == u.usd);
  CHECK(u.per(price, price) == pure);
  CHECK(u.per(u.usd, u.usd) == pure);
}

TEST_CASE("converting is plain algebra") {
  Units u;
  const UnitId cny_per_usd = u.per(u.cny, u.usd);
  CHECK(u.per(u.cny, cny_per_usd) == u.usd);
  CHECK(u.times(u.usd, cny_per_usd) == u.cny);
  CHECK(u.per(u.usd, cny_per_usd) != u.cny);
}

TEST_CASE("the laws of multiplication") {
  Units u;
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    const UnitId a = random_unit(u, random);
    const UnitId b = random_unit(u, random);
    const UnitId c = random_unit(u, random);
    REQUIRE(u.times(a, b) == u.times(b, a));
    REQUIRE(u.times(u.times(a, b), c) == u.times(a, u.times(b, c)));
    REQUIRE(u.times(a, pure) == a);
    REQUIRE(u.times(pure, a) == a);
    REQUIRE(u.per(a, pure) == a);
    REQUIRE(u.per(a, a) == pure);
    REQUIRE(u.times(u.per(a, b), b) == a);
    REQUIRE(u.per(u.times(a, b), b) == a);
    REQUIRE(u.per(a, b) == u.times(a, u.per(pure, b)));
    REQUIRE(u.per(a, u.per(b, c)) == u.per(u.times(a, c), b));
    REQUIRE((u.times(a, c) == u.times(b, c)) == (a == b)); // nothing is lost
  }
}

TEST_CASE("the laws of powers") {
  Units u;
  std::mt19937 random(2);
  for (int i = 0; i < 500; ++i) {
    const UnitId a = random_unit(u, random);
    const UnitId b = random_unit(u, random);
    const int n = static_cast<int>(random() % 9) - 4;
    const int m = static_cast<int>(random() % 9) - 4;
    REQUIRE(u.table.power(a, 0) == pure);
    REQUIRE(u.table.power(a, 1) == a);
    REQUIRE(u.table.power(a, -1) == u.per(pure, a));
    REQUIRE(u.table.power(a, 2) == u.times(a, a));
    REQUIRE(u.table.power(a, n + m) == u.times(u.table.power(a, n), u.table.power(a, m)));
    REQUIRE(u.table.power(u.table.power(a, n), m) == u.table.power(a, n * m));
    REQUIRE(u.table.power(u.times(a, b), n) == u.times(u.table.power(a, n), u.table.power(b, n)));
    REQUIRE(u.table.power(pure, n) == pure);
  }
}

TEST_CASE("a root exists where every exponent can be divided") {
  Units u;
  const UnitId square = u.table.power(u.usd, 2);
  CHECK(u.table.root(square, 2) == u.usd);
  CHECK(u.table.root(pure, 2) == pure);
  CHECK_FALSE(u.table.root(u.usd, 2));
  CHECK_FALSE(u.table.root(u.times(square, u.card), 2));
  CHECK(u.table.root(u.per(square, u.table.power(u.hour, 4)), 2)
        == u.per(u.usd, u.table.power(u.hour, 2)));
  std::mt19937 random(3);
  for (int i = 0; i < 500; ++i) {
    const UnitId a = random_unit(u, random);
    const int n = static_cast<int>(random() % 4) + 1;
    REQUIRE(u.table.root(u.table.power(a, n), n) == a);
    if (const auto root = u.table.root(a, n)) REQUIRE(u.table.power(*root, n) == a);
  }
}

TEST_CASE("a unit is written as people write it") {
  Units u;
  CHECK(u.table.name(pure) == "1");
  CHECK(u.table.name(u.usd) == "USD");
  CHECK(u.table.name(u.per(u.usd, u.card)) == "USD/card");
  CHECK(u.table.name(u.per(u.per(u.usd, u.card), u.hour)) == "USD/card/hour");
  CHECK(u.table.name(u.times(u.hour, u.card)) == "card*hour");
  CHECK(u.table.name(u.table.power(u.card, 2)) == "card^2");
  CHECK(u.table.name(u.per(u.usd, u.table.power(u.hour, 2))) == "USD/hour^2");
  CHECK(u.table.name(u.per(pure, u.hour)) == "1/hour");
}

TEST_CASE("different units have different names") {
  Units u;
  std::mt19937 random(4);
  std::map<std::string, UnitId> seen;
  for (int i = 0; i < 2000; ++i) {
    const UnitId a = random_unit(u, random);
    const auto known = seen.emplace(u.table.name(a), a).first;
    REQUIRE(known->second == a);
  }
  CHECK(seen.size() > 100);
}

TEST_CASE("the currencies in a unit are known") {
  Units u;
  CHECK(u.table.is_currency(u.usd_base));
  CHECK_FALSE(u.table.is_currency(u.card_base));
  CHECK(u.table.currencies(pure).empty());
  CHECK(u.table.currencies(u.card).empty());
  CHECK(u.table.currencies(u.per(u.usd, u.card)) == std::vector<BaseUnitId>{u.usd_base});
  CHECK(u.table.currencies(u.per(u.cny, u.usd)) == std::vector<BaseUnitId>{u.usd_base, u.cny_base});
  CHECK(u.table.base_name(u.cny_base) == "CNY");
}

TEST_CASE("factors are in the order of their bases and never have exponent zero") {
  Units u;
  std::mt19937 random(5);
  for (int i = 0; i < 500; ++i) {
    auto const& factors = u.table.factors(u.per(random_unit(u, random), random_unit(u, random)));
    for (std::size_t k = 0; k < factors.size(); ++k) {
      REQUIRE(factors[k].exponent != 0);
      if (k > 0) REQUIRE(factors[k - 1].base < factors[k].base);
    }
  }
}
