#include "engine/plan/schedule.hpp"

#include <algorithm>
#include <numeric>

namespace scn::plan {

std::optional<Schedule> make_schedule(std::uint32_t n, std::vector<Dependence> const& dependences,
                                      std::vector<std::uint32_t>* cycle) {
  const std::int64_t scale = static_cast<std::int64_t>(n) + 1;
  // From n down, so that a chain without lags stays within one wave.
  std::vector<std::int64_t> potential(n, n);
  constexpr auto none = ~std::uint32_t{0};
  std::vector<std::uint32_t> by(n, none); // the dependence that lowered it last
  std::uint32_t lowered = none;
  // Bellman-Ford; boost's says only that there is a negative cycle, a message needs to know which.
  for (std::uint32_t round = 0; round <= n; ++round) {
    lowered = none;
    for (std::uint32_t d = 0; d < dependences.size(); ++d) {
      Dependence const& e = dependences[d];
      const std::int64_t limit = potential[e.u] + e.lag * scale - 1;
      if (potential[e.v] <= limit) continue;
      potential[e.v] = limit;
      by[e.v] = d;
      lowered = e.v;
    }
    if (lowered == none) break;
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
