#pragma once

#include "lang/model/model.hpp"
#include "lang/source/diagnostic.hpp"
#include "lang/source/interner.hpp"
#include "lang/source/source_set.hpp"
#include "lang/syntax/ast.hpp"

#include <unordered_map>
#include <vector>

namespace scn {

/// What a model is made of: files, and what the command line adds to them.
struct ResolveInput {
  /// The user's file first, then what it uses, the standard library included. A library file is
  /// known by the origin of its text.
  std::vector<ast::Tree const*> files;
  /// One layer on top of every scenario, in this order: the statements of `--set`.
  std::vector<ast::Tree const*> overlays;
  /// An expression to evaluate in the model.
  ast::ExprPtr expression = nullptr;
  /// Leaves out what sources published later than this say; a source without a date stays.
  std::optional<model::Date> as_of = std::nullopt;
  /// The text of the file that a table is read from. A table whose file could not be read, which
  /// was reported, has none. Looked up, never iterated.
  std::unordered_map<ast::Table const*, SourceId> data;
};

/// Gives every name its meaning and every formula its axes and units. Reports what is wrong and
/// goes on as far as it can; the model may be evaluated only if no error was reported.
[[nodiscard]] model::Model resolve_model(ResolveInput const& input, SourceSet const& sources,
                                         Interner& interner, Diagnostics& diagnostics);

} // namespace scn
