#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace scn::plan {

/// u at step t needs v at step t - lag.
struct Dependence {
  std::uint32_t u;
  std::uint32_t v;
  int lag;
};

/// When each of n mutually dependent formulas is evaluated: formula f at step t in wave
/// t + offset[f], and within a wave in the order of `order`.
struct Schedule {
  std::vector<int> offset;
  std::vector<std::uint32_t> order;
};

/// A schedule in which everything is evaluated after what it needs, if every way around goes back
/// in time. Otherwise `cycle` holds the dependences (indices) of one that does not, in order.
///
/// Potentials p with p(v) <= p(u) + lag * (n + 1) - 1 exist exactly if every cycle has a positive
/// total lag; formula f at step t then comes at position t * (n + 1) + p(f).
[[nodiscard]] std::optional<Schedule> make_schedule(std::uint32_t n,
                                                    std::vector<Dependence> const& dependences,
                                                    std::vector<std::uint32_t>* cycle = nullptr);

} // namespace scn::plan
