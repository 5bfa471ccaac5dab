#pragma once

#include "lang/source/diagnostic.hpp"
#include "lang/source/interner.hpp"
#include "lang/syntax/ast.hpp"
#include "lang/syntax/token.hpp"

#include <string>

namespace scn {

/// Reads a file's statements. Never fails as a whole: a statement that cannot be read is reported
/// once and stands in the tree, marked as broken, as far as it could be read; one of which nothing
/// could be read is left out. Reading goes on at the next line.
[[nodiscard]] ast::Tree parse(SourceSet const& sources, TokenStream const& stream,
                              Interner& interner, Diagnostics& diagnostics);

/// The same for a text that holds one expression (`scn eval --expr`).
struct ExpressionTree {
  ast::ExprPtr expression = nullptr;
  Arena arena;
};
[[nodiscard]] ExpressionTree parse_single_expression(SourceSet const& sources,
                                                     TokenStream const& stream, Interner& interner,
                                                     Diagnostics& diagnostics);

/// One line per token and per tree node, for `scn show`.
[[nodiscard]] std::string dump(SourceSet const& sources, TokenStream const& stream);
[[nodiscard]] std::string dump(SourceSet const& sources, Interner const& interner,
                               ast::Tree const& tree);

} // namespace scn
