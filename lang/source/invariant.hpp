#pragma once

#include <cstdio>
#include <cstdlib>

/// What must be true of our own data, whatever the user wrote. Checked in debug builds, where tests
/// run; a violation is a bug of ours, so it stops the program where it is noticed.
namespace scn {

#ifdef SCN_INVARIANTS
inline constexpr bool invariants_on = true;
#else
inline constexpr bool invariants_on = false;
#endif

inline void invariant(bool holds, char const* what) {
  if (holds) return;
  std::fprintf(stderr, "scn: broken invariant: %s\n", what);
  std::abort();
}

} // namespace scn
