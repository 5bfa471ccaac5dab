#pragma once

#include "lang/source/diagnostic.hpp"
#include "lang/source/source_set.hpp"

#include <string>

namespace scn {

/// A diagnostic as text for people: headline with its code, the source lines with carets under the
/// culprits (aligned by display width), hints below. `color` adds terminal colours.
[[nodiscard]] std::string render(Diagnostic const& diagnostic, SourceSet const& sources,
                                 bool color = false);

/// The nearest of `candidates` to a mistyped `word`, or empty if none is near enough to propose.
[[nodiscard]] std::string_view nearest_name(std::string_view word,
                                            std::vector<std::string_view> const& candidates);

} // namespace scn
