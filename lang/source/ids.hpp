#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace scn {

/// A typed index into one store. Ids of different stores do not mix, and an id never owns anything.
template <class Tag>
struct Id {
  std::uint32_t value = std::numeric_limits<std::uint32_t>::max();

  constexpr Id() = default;
  constexpr explicit Id(std::size_t index) : value(static_cast<std::uint32_t>(index)) {}
  [[nodiscard]] constexpr bool valid() const {
    return value != std::numeric_limits<std::uint32_t>::max();
  }
  friend constexpr bool operator==(Id, Id) = default;
  friend constexpr auto operator<=>(Id, Id) = default;
};

} // namespace scn
