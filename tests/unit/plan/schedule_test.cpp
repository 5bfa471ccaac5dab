// The order of formulas that depend on one another, against brute force on small graphs: every
// simple cycle is enumerated, and every schedule is executed cell by cell.

#include "engine/plan/schedule.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <climits>
#include <random>

using namespace scn::plan;

namespace {

struct Graph {
  std::uint32_t n = 0;
  std::vector<Dependence> dependences;
};

/// The smallest total lag of any simple cycle through `start` that visits nothing below it.
int smallest_cycle(Graph const& g, std::uint32_t start, std::uint32_t at, int lag,
                   std::vector<bool>& visited) {
  int best = INT_MAX;
  for (Dependence const& d : g.dependences) {
    if (d.u != at || d.v < start) continue;
    if (d.v == start) {
      best = std::min(best, lag + d.lag);
    } else if (!visited[d.v]) {
      visited[d.v] = true;
      best = std::min(best, smallest_cycle(g, start, d.v, lag + d.lag, visited));
      visited[d.v] = false;
    }
  }
  return best;
}

/// The smallest total lag of all simple cycles; INT_MAX if there is none.
int smallest_cycle(Graph const& g) {
  int best = INT_MAX;
  for (std::uint32_t start = 0; start < g.n; ++start) {
    std::vector<bool> visited(g.n, false);
    best = std::min(best, smallest_cycle(g, start, start, 0, visited));
  }
  return best;
}

/// Executes a schedule as its description says. Gives the number of reads of cells that are not
/// computed yet, and of cells that are computed not exactly once.
int faults(Graph const& g, Schedule const& s, int steps) {
  int faults = 0;
  std::vector<int> computed(g.n * static_cast<std::size_t>(steps), 0);
  const auto cell = [&](std::uint32_t f, int t) -> int& {
    return computed[f * static_cast<std::size_t>(steps) + static_cast<std::size_t>(t)];
  };
  const int waves = steps + *std::max_element(s.offset.begin(), s.offset.end());
  for (int wave = 0; wave < waves; ++wave)
    for (std::uint32_t f : s.order) {
      const int t = wave - s.offset[f];
      if (t < 0 || t >= steps) continue;
      for (Dependence const& d : g.dependences) {
        const int source = t - d.lag;
        if (d.u == f && source >= 0 && source < steps && cell(d.v, source) == 0) ++faults;
      }
      ++cell(f, t);
    }
  for (int times : computed)
    faults += times != 1;
  return faults;
}

Graph random_graph(std::mt19937& random, int low, int high) {
  Graph g;
  g.n = 1 + random() % 5;
  const std::size_t edges = random() % (2 * g.n + 2);
  const auto span = static_cast<std::uint32_t>(high - low + 1);
  for (std::size_t i = 0; i < edges; ++i)
    g.dependences.push_back({static_cast<std::uint32_t>(random() % g.n),
                             static_cast<std::uint32_t>(random() % g.n),
                             low + static_cast<int>(random() % span)});
  return g;
}

} // namespace

TEST_CASE("a schedule exists exactly if every simple cycle goes back in time") {
  std::mt19937 random(20240207);
  int legal = 0;
  int legal_with_cycle = 0;
  int shifted = 0;
  int illegal = 0;
  for (int round = 0; round < 40'000; ++round) {
    // Lags of all signs, of mostly positive ones, and around zero.
    const Graph g = round % 3 == 0   ? random_graph(random, -2, 3)
                    : round % 3 == 1 ? random_graph(random, 0, 2)
                                     : random_graph(random, -1, 1);
    const int smallest = smallest_cycle(g);
    const auto schedule = make_schedule(g.n, g.dependences);
    INFO("round " << round);
    REQUIRE(schedule.has_value() == (smallest > 0));
    if (!schedule) {
      ++illegal;
      continue;
    }
    ++legal;
    legal_with_cycle += smallest != INT_MAX;
    REQUIRE(faults(g, *schedule, 7) == 0);
    REQUIRE(*std::min_element(schedule->offset.begin(), schedule->offset.end()) == 0);
    auto order = schedule->order;
    std::sort(order.begin(), order.end());
    for (std::uint32_t f = 0; f < g.n; ++f)
      REQUIRE(order[f] == f);
    shifted += *std::max_element(schedule->offset.begin(), schedule->offset.end()) > 0;
  }
  // The graphs are of all sorts, else the rounds above show little.
  CHECK(legal > 5000);
  CHECK(legal_with_cycle > 2000);
  CHECK(shifted > 2000);
  CHECK(illegal > 5000);
}

TEST_CASE("the reported cycle is one, in order, and does not go back in time") {
  std::mt19937 random(7);
  int reported = 0;
  for (int round = 0; round < 20'000; ++round) {
    const Graph g = random_graph(random, -2, 2);
    std::vector<std::uint32_t> cycle;
    if (make_schedule(g.n, g.dependences, &cycle)) {
      REQUIRE(cycle.empty());
      continue;
    }
    ++reported;
    INFO("round " << round);
    REQUIRE_FALSE(cycle.empty());
    int lag = 0;
    std::vector<bool> visited(g.n, false);
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      REQUIRE(cycle[i] < g.dependences.size());
      Dependence const& d = g.dependences[cycle[i]];
      Dependence const& next = g.dependences[cycle[(i + 1) % cycle.size()]];
      REQUIRE(d.v == next.u);
      REQUIRE_FALSE(visited[d.u]); // a simple one: no formula is named twice
      visited[d.u] = true;
      lag += d.lag;
    }
    REQUIRE(lag <= 0);
  }
  CHECK(reported > 5000);
}

TEST_CASE("a formula that reads its own period before needs no shift") {
  const auto s = make_schedule(1, {{0, 0, 1}});
  REQUIRE(s);
  CHECK(s->offset == std::vector<int>{0});
  CHECK(s->order == std::vector<std::uint32_t>{0});
}

TEST_CASE("within a period what is read comes before its reader") {
  // debt = debt[t-1] + interest; interest = debt[t-1] * rate
  const std::vector<Dependence> loan{{0, 0, 1}, {0, 1, 0}, {1, 0, 1}};
  const auto s = make_schedule(2, loan);
  REQUIRE(s);
  CHECK(faults({2, loan}, *s, 5) == 0);
  // The test itself notices the wrong order: with both in one wave, debt first reads too early.
  CHECK(faults({2, loan}, {{0, 0}, {0, 1}}, 5) == 5);
}

TEST_CASE("a reader of the next period runs waves later") {
  // a = b[t-2], b = a[t+1]: around the loop one period back, though b reads ahead.
  const auto s = make_schedule(2, {{0, 1, 2}, {1, 0, -1}});
  REQUIRE(s);
  CHECK(s->offset[1] >= s->offset[0] + 1);
  CHECK(faults({2, {{0, 1, 2}, {1, 0, -1}}}, *s, 12) == 0);
}

TEST_CASE("of two ways around, one of which does not go back, that one is reported") {
  std::vector<std::uint32_t> cycle;
  CHECK_FALSE(make_schedule(3, {{0, 1, 1}, {1, 0, 0}, {1, 2, 0}, {2, 1, 0}}, &cycle));
  std::sort(cycle.begin(), cycle.end());
  CHECK(cycle == std::vector<std::uint32_t>{2, 3});
}

TEST_CASE("a chain that closes over a thousand formulas is ordered") {
  std::vector<Dependence> chain;
  constexpr std::uint32_t n = 1000;
  for (std::uint32_t f = 0; f < n; ++f)
    chain.push_back({f, (f + 1) % n, f + 1 == n ? 1 : 0});
  const auto s = make_schedule(n, chain);
  REQUIRE(s);
  CHECK(faults({n, chain}, *s, 3) == 0);
  chain.back().lag = 0;
  std::vector<std::uint32_t> cycle;
  CHECK_FALSE(make_schedule(n, chain, &cycle));
  CHECK(cycle.size() == n);
}

TEST_CASE("a long chain is ordered at once, however it is written") {
  constexpr std::uint32_t n = 100'000;
  std::vector<Dependence> chain;
  for (std::uint32_t f = 0; f < n; ++f)
    chain.push_back({f, (f + 1) % n, f + 1 == n ? 1 : 0});
  std::mt19937 random(9);
  for (int way = 0; way < 3; ++way) {
    const auto s = make_schedule(n, chain);
    REQUIRE(s);
    CHECK(std::all_of(s->offset.begin(), s->offset.end(), [](int o) { return o == 0; }));
    CHECK(s->order.front() == n - 1);
    CHECK(s->order.back() == 0);
    way == 0 ? std::reverse(chain.begin(), chain.end())
             : std::shuffle(chain.begin(), chain.end(), random);
  }
}

TEST_CASE("a circle among many formulas is found long before the last round") {
  std::mt19937 random(11);
  for (int round = 0; round < 50; ++round) {
    constexpr std::uint32_t n = 2000;
    std::vector<Dependence> d;
    const auto any = [&](std::uint32_t below) {
      return static_cast<std::uint32_t>(random() % below);
    };
    // All go back in time, but for one circle whose lags cancel out.
    for (std::uint32_t i = 0; i < 3 * n; ++i)
      d.push_back({any(n), any(n), 1 + static_cast<int>(any(3))});
    const std::uint32_t length = 2 + any(100);
    const std::uint32_t first = any(n - length);
    for (std::uint32_t i = 0; i < length; ++i)
      d.push_back(
          {first + i, first + (i + 1) % length, i + 1 < length ? 1 : 1 - static_cast<int>(length)});
    std::shuffle(d.begin(), d.end(), random);
    std::vector<std::uint32_t> cycle;
    REQUIRE_FALSE(make_schedule(n, d, &cycle));
    int lag = 0;
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      REQUIRE(d[cycle[i]].v == d[cycle[(i + 1) % cycle.size()]].u);
      lag += d[cycle[i]].lag;
    }
    REQUIRE(lag <= 0);
  }
}
