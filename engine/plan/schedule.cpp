#include "engine/plan/schedule.hpp"

#include <algorithm>
#include <numeric>

namespace scn::plan {

namespace {

constexpr auto none = ~std::uint32_t{0};

/// The dependences, those first whose reader needs to be placed first. Along a chain within one
/// period potentials then settle in one round, however long it is and however it is written. If
/// such reads go round in a circle, the rest follows as it came.
std::vector<std::uint32_t> readers_first(std::uint32_t n,
                                         std::vector<Dependence> const& dependences) {
  std::vector<std::uint32_t> first(n + 1, 0);
  std::vector<std::uint32_t> waits(n, 0); ///< readers in the same period that are not placed yet
  for (Dependence const& d : dependences) {
    ++first[d.u + 1];
    if (d.lag <= 0) ++waits[d.v];
  }
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> of(dependences.size());
  std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
  for (std::uint32_t d = 0; d < dependences.size(); ++d)
    of[next[dependences[d].u]++] = d;
  std::vector<std::uint32_t> ready;
  for (std::uint32_t f = 0; f < n; ++f)
    if (waits[f] == 0) ready.push_back(f);
  std::vector<std::uint32_t> order;
  std::vector<bool> placed(n, false);
  order.reserve(dependences.size());
  for (std::size_t i = 0; i < ready.size(); ++i) {
    placed[ready[i]] = true;
    for (std::uint32_t k = first[ready[i]]; k < first[ready[i] + 1]; ++k) {
      order.push_back(of[k]);
      Dependence const& d = dependences[of[k]];
      if (d.lag <= 0 && --waits[d.v] == 0) ready.push_back(d.v);
    }
  }
  for (std::uint32_t d = 0; d < dependences.size(); ++d)
    if (!placed[dependences[d].u]) order.push_back(d);
  return order;
}

/// Does a way from formula to formula, each time to the one that lowered it last, lead around?
/// Gives one on the way around.
std::uint32_t find_circle(std::vector<Dependence> const& dependences,
                          std::vector<std::uint32_t> const& by) {
  std::vector<std::uint32_t> seen(by.size(), none);
  for (std::uint32_t start = 0; start < by.size(); ++start) {
    std::uint32_t at = start;
    while (by[at] != none && seen[at] == none) {
      seen[at] = start;
      at = dependences[by[at]].u;
    }
    if (by[at] != none && seen[at] == start) return at;
  }
  return none;
}

} // namespace

std::optional<Schedule> make_schedule(std::uint32_t n, std::vector<Dependence> const& dependences,
                                      std::vector<std::uint32_t>* cycle) {
  const std::int64_t scale = static_cast<std::int64_t>(n) + 1;
  // From n down, so that a chain without lags stays within one wave.
  std::vector<std::int64_t> potential(n, n);
  std::vector<std::uint32_t> by(n, none); // the dependence that lowered it last
  std::uint32_t lowered = none;
  // Bellman-Ford; boost's says only that there is a negative cycle, a message needs to know which.
  // What lies on one shows long before the last round; looking for it now and then costs little.
  const std::vector<std::uint32_t> order = readers_first(n, dependences);
  std::uint32_t look = 64;
  for (std::uint32_t round = 0; round <= n; ++round) {
    lowered = none;
    for (std::uint32_t d : order) {
      Dependence const& e = dependences[d];
      const std::int64_t limit = potential[e.u] + e.lag * scale - 1;
      if (potential[e.v] <= limit) continue;
      potential[e.v] = limit;
      by[e.v] = d;
      lowered = e.v;
    }
    if (lowered == none) break;
    if (round < look) continue;
    look *= 2;
    if (const std::uint32_t at = find_circle(dependences, by); at != none) {
      lowered = at;
      break;
    }
  }
  if (lowered != none) {
    if (cycle != nullptr) {
      std::uint32_t at = lowered;
      for (std::uint32_t i = 0; i < n; ++i)
        at = dependences[by[at]].u; // surely on the cycle now
      const std::uint32_t start = at;
      do {
        cycle->push_back(by[at]);
        at = dependences[by[at]].u;
      } while (at != start);
      std::reverse(cycle->begin(), cycle->end());
    }
    return std::nullopt;
  }
  Schedule out;
  out.order.resize(n);
  std::iota(out.order.begin(), out.order.end(), 0u);
  std::vector<std::int64_t> within(n);
  for (std::uint32_t f = 0; f < n; ++f) {
    std::int64_t wave = potential[f] / scale;
    if (potential[f] % scale < 0) --wave; // towards minus infinity
    out.offset.push_back(static_cast<int>(wave));
    within[f] = potential[f] - wave * scale;
  }
  std::stable_sort(out.order.begin(), out.order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return within[a] < within[b]; });
  const int lowest = *std::min_element(out.offset.begin(), out.offset.end());
  for (int& offset : out.offset)
    offset -= lowest;
  return out;
}

} // namespace scn::plan
