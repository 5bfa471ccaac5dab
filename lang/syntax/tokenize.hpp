#pragma once

#include "lang/source/diagnostic.hpp"
#include "lang/syntax/token.hpp"

namespace scn {

/// Cuts a text into tokens. Never fails as a whole: what is no token is reported and becomes an
/// `error` token. Statement ends follow the language's rules for lines: a line goes on inside
/// parentheses and brackets, after and before the operators and words listed there, and a line of
/// a table is always a row.
[[nodiscard]] TokenStream tokenize(SourceSet const& sources, SourceId source,
                                   Diagnostics& diagnostics);

} // namespace scn
