#pragma once

#include <algorithm>
#include <cstdint>

namespace scn {

/// A stretch of source text: byte offsets into the one address space that a SourceSet lays over all
/// its texts. Offset 0 belongs to no text, so a default span means "no place".
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] constexpr bool none() const { return end == 0; }
  [[nodiscard]] constexpr std::uint32_t size() const { return end - begin; }
  friend constexpr bool operator==(Span, Span) = default;
};

/// The smallest span that holds both; a span of no place adds nothing.
[[nodiscard]] constexpr Span cover(Span a, Span b) {
  if (a.none()) return b;
  if (b.none()) return a;
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

} // namespace scn
