#include "lang/model/index_set.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <vector>

using namespace scn::model;

namespace {

using Plain = std::set<std::uint32_t>;

std::vector<std::uint32_t> listed(Plain const& set) { return {set.begin(), set.end()}; }

IndexSet made(Plain const& set) { return IndexSet::of(listed(set)); }

/// A set of numbers below `limit`, often one or two runs as in a model, sometimes scattered.
Plain random_set(std::mt19937& random, std::uint32_t limit) {
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  Plain out;
  for (auto runs = below(4); runs > 0; --runs) {
    const auto begin = below(limit);
    const auto end = std::min(limit, begin + below(limit / 2 + 1));
    for (auto i = begin; i < end; ++i)
      out.insert(i);
  }
  if (below(3) == 0)
    for (auto n = below(6); n > 0; --n)
      out.insert(below(limit));
  return out;
}

/// What the class promises of its runs: sorted, not empty, and apart from each other.
bool well_kept(IndexSet const& set) {
  auto const& runs = set.runs();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].begin >= runs[i].end) return false;
    if (i > 0 && runs[i - 1].end >= runs[i].begin) return false;
  }
  return true;
}

} // namespace

TEST_CASE("indices are kept as runs, named in any order and however often") {
  const IndexSet set = IndexSet::of({7, 3, 4, 3, 9, 8, 4});
  CHECK(set.runs() == std::vector<Run>{{3, 5}, {7, 10}});
  CHECK(set.indices() == std::vector<std::uint32_t>{3, 4, 7, 8, 9});
  CHECK(set.size() == 5);
  CHECK(set.first() == 3);
  CHECK(set.last() == 9);
  CHECK(IndexSet(2, 5) == IndexSet::of({4, 2, 3}));
  SECTION("the empty set is one and the same") {
    CHECK(IndexSet(3, 3) == IndexSet());
    CHECK(IndexSet(4, 3).empty());
    CHECK(IndexSet::of({}).empty());
    CHECK(IndexSet().size() == 0);
    CHECK(IndexSet().indices().empty());
  }
}

TEST_CASE("neighbouring runs melt into one") {
  CHECK(unite(IndexSet(0, 3), IndexSet(3, 5)) == IndexSet(0, 5));
  CHECK(unite(IndexSet(4, 6), IndexSet(0, 4)).runs().size() == 1);
  CHECK(unite(IndexSet(0, 2), IndexSet(3, 5)).runs().size() == 2);
  CHECK(unite(unite(IndexSet(0, 2), IndexSet(3, 5)), IndexSet(2, 3)) == IndexSet(0, 5));
  CHECK_FALSE(IndexSet(0, 3).meets(IndexSet(3, 5)));
  CHECK(intersect(IndexSet(0, 3), IndexSet(3, 5)).empty());
}

TEST_CASE("sets of indices are sets") {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    const std::uint32_t limit = round % 3 == 0 ? 6 : 40; // small ones meet every border
    const Plain a = random_set(random, limit);
    const Plain b = random_set(random, limit);
    const IndexSet x = made(a);
    const IndexSet y = made(b);
    REQUIRE(well_kept(x));
    REQUIRE(x.indices() == listed(a));
    REQUIRE(x.size() == a.size());
    REQUIRE(x.empty() == a.empty());
    REQUIRE((x == y) == (a == b));
    for (std::uint32_t i = 0; i < limit + 2; ++i)
      REQUIRE(x.contains(i) == (a.count(i) > 0));

    Plain both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
    Plain either = a;
    either.insert(b.begin(), b.end());
    REQUIRE(well_kept(unite(x, y)));
    REQUIRE(well_kept(intersect(x, y)));
    REQUIRE(unite(x, y) == made(either));
    REQUIRE(intersect(x, y) == made(both));
    REQUIRE(x.meets(y) == !both.empty());
    REQUIRE(x.contains(y) == std::includes(a.begin(), a.end(), b.begin(), b.end()));
  }
}

TEST_CASE("the laws of sets") {
  std::mt19937 random(2);
  for (int round = 0; round < 1000; ++round) {
    const IndexSet a = made(random_set(random, 20));
    const IndexSet b = made(random_set(random, 20));
    const IndexSet c = made(random_set(random, 20));
    REQUIRE(unite(a, b) == unite(b, a));
    REQUIRE(intersect(a, b) == intersect(b, a));
    REQUIRE(unite(a, unite(b, c)) == unite(unite(a, b), c));
    REQUIRE(intersect(a, unite(b, c)) == unite(intersect(a, b), intersect(a, c)));
    REQUIRE(unite(a, a) == a);
    REQUIRE(intersect(a, unite(a, b)) == a);
    REQUIRE(unite(a, b).contains(a));
    REQUIRE(a.contains(intersect(a, b)));
    REQUIRE(a.contains(IndexSet()));
    REQUIRE(a.meets(b) == b.meets(a));
    REQUIRE((a.contains(b) && b.contains(a)) == (a == b));
    REQUIRE(unite(a, b).size() + intersect(a, b).size() == a.size() + b.size());
  }
}

TEST_CASE("a shift moves every index and drops what leaves the axis") {
  CHECK(IndexSet(0, 5).shifted(-1, 5) == IndexSet(0, 4));
  CHECK(IndexSet(0, 5).shifted(2, 5) == IndexSet(2, 5));
  CHECK(IndexSet(0, 5).shifted(5, 5).empty());
  CHECK(IndexSet(0, 5).shifted(-5, 5).empty());
  CHECK(IndexSet(3, 4).shifted(-10'000'000'000, 5).empty());
  CHECK(IndexSet(3, 4).shifted(10'000'000'000, 5).empty());
  std::mt19937 random(3);
  for (int round = 0; round < 1000; ++round) {
    const Plain a = random_set(random, 20);
    const auto by = static_cast<std::int64_t>(random() % 60) - 30;
    const auto limit = static_cast<std::uint32_t>(random() % 25);
    Plain moved;
    for (std::uint32_t i : a)
      if (i + by >= 0 && i + by < limit) moved.insert(static_cast<std::uint32_t>(i + by));
    REQUIRE(well_kept(made(a).shifted(by, limit)));
    REQUIRE(made(a).shifted(by, limit) == made(moved));
  }
}

TEST_CASE("a region is the product of its sets") {
  const Region region{{IndexSet::of({0, 2}), IndexSet(3, 6)}};
  CHECK(region.size() == 6);
  CHECK_FALSE(region.empty());
  CHECK(Region{{IndexSet(), IndexSet(0, 3)}}.empty());
  CHECK(Region{{IndexSet(), IndexSet(0, 3)}}.size() == 0);
  SECTION("a line without axes has one cell") {
    CHECK(Region{}.size() == 1);
    CHECK_FALSE(Region{}.empty());
    CHECK(Region{}.contains(Region{}));
    CHECK(Region{}.meets(Region{}));
  }
  SECTION("sizes are counted beyond 32 bits") {
    const IndexSet wide(0, 1'000'000);
    CHECK(Region{{wide, wide}}.size() == 1'000'000'000'000);
  }
}

TEST_CASE("regions meet and contain each other cell by cell") {
  std::mt19937 random(4);
  constexpr std::uint32_t limit = 5;
  for (int round = 0; round < 2000; ++round) {
    const auto region = [&] {
      Region out;
      while (out.axes.size() < 2) {
        IndexSet set = made(random_set(random, limit));
        if (!set.empty()) out.axes.push_back(set); // the language knows no empty region
      }
      return out;
    };
    const auto cells = [](Region const& r) {
      Plain out;
      for (std::uint32_t i : r.axes[0].indices())
        for (std::uint32_t j : r.axes[1].indices())
          out.insert(i * limit + j);
      return out;
    };
    const Region a = region();
    const Region b = region();
    const Plain x = cells(a);
    const Plain y = cells(b);
    Plain both;
    std::set_intersection(x.begin(), x.end(), y.begin(), y.end(), std::inserter(both, both.end()));
    REQUIRE(a.size() == x.size());
    REQUIRE(a.meets(b) == !both.empty());
    REQUIRE(a.contains(b) == std::includes(x.begin(), x.end(), y.begin(), y.end()));
    REQUIRE((a == b) == (x == y));
    const Region shared = intersect(a, b);
    REQUIRE(shared.empty() == both.empty());
    REQUIRE(cells(shared) == both);
  }
}
