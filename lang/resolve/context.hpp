#pragma once

#include "lang/model/model.hpp"
#include "lang/resolve/resolve.hpp"
#include "lang/source/diagnostic.hpp"

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// What the parts of the resolver share. Each part is a class of its own that reads the trees,
/// fills its share of the model, and knows the others through this context only.
namespace scn::resolve {

/// What a name stands for. There is one namespace and no shadowing.
struct Entity {
  enum class Kind : std::uint8_t { line, unit, dimension, member, group, function, builtin };
  Kind kind;
  std::uint32_t index; ///< in the store of its kind
  Span span;           ///< where it is declared; none for a builtin
  bool library;
};
[[nodiscard]] std::string_view describe(Entity::Kind kind); ///< "line", "unit"

enum class Builtin : std::uint8_t {
  sum,
  avg,
  min,
  max,
  median,
  product,
  count,
  any,
  all,
  argmax,
  rank,
  is_known, ///< this and the next take a value; the others are ReduceOps, of the same numbers
  annual,
  calendarised,
};

struct UnitEntry {
  ast::Unit const* declaration;
  Symbol name;
  Span span;
  bool library;
  enum class State : std::uint8_t { untouched, busy, done, failed } state = State::untouched;
  model::Measure measure;
};

struct MemberEntry {
  model::DimensionId dimension;
  std::uint32_t index; ///< in its dimension, once the dimension is complete
};

struct GroupEntry {
  ast::Group const* declaration;
  enum class State : std::uint8_t { untouched, busy, done } state = State::untouched;
};

struct FunctionEntry {
  ast::Function const* declaration;
  bool library;
  std::optional<model::Native> native;      ///< without a body: computed by a kernel,
  std::optional<model::ReduceOp> aggregate; ///< or an aggregation
};

struct LineEntry {
  ast::Line const* declaration;
  Span span;
  bool library;
  bool typed = false; ///< its type is written; else it is inferred
};

struct Context {
  Context(SourceSet const& sources, Interner& interner, Diagnostics& diagnostics,
          model::Model& result)
      : sources(sources), interner(interner), diagnostics(diagnostics), result(result) {}

  SourceSet const& sources;
  Interner& interner;
  Diagnostics& diagnostics;
  model::Model& result; ///< what is being built

  /// Names in order, builtins first. Whoever holds an entity may declare others.
  std::deque<std::pair<Symbol, Entity>> declared;
  std::vector<std::uint32_t> names;   ///< by symbol: one more than its place there
  std::set<std::uint32_t> torn_names; ///< symbols; see torn
  std::size_t compared = 0;           ///< names that mistyped ones were compared with
  std::vector<UnitEntry> units;
  std::vector<MemberEntry> members;
  std::vector<GroupEntry> groups;
  std::vector<FunctionEntry> functions;
  std::vector<LineEntry> lines;                               ///< parallel to Model::lines
  std::unordered_map<std::uint32_t, std::uint32_t> documents; ///< by symbol
  std::unordered_map<std::uint32_t, std::uint32_t> scenarios; ///< by symbol
  bool has_rates = false;                                     ///< the model declares exchange rates
  std::vector<Symbol> document_names;
  std::vector<Symbol> scenario_names;
  /// Types of the nodes of all formulas, parallel to Formulas::nodes.
  std::vector<model::Type> types;
  std::map<model::Style, std::uint32_t> style_ids;
  std::map<model::Citation, model::CitationId> citation_ids;
  std::map<model::Region, model::RegionId> region_ids;
  std::map<std::pair<model::UnitId, std::string>, model::MeasureId> measure_ids;
  // What was asked for last, because figures and equations come in runs that are written alike.
  std::uint32_t last_style = 0;
  model::MeasureId last_measure;
  model::RegionId last_region;

  [[nodiscard]] std::string_view text(Symbol symbol) const { return interner.text(symbol); }
  [[nodiscard]] std::string_view text(ast::Name const& name) const { return text(name.symbol); }
  [[nodiscard]] std::string_view text(Span span) const { return sources.text(span); }
  /// A statement's own words, on one line.
  [[nodiscard]] std::string words(Span span) const;

  [[nodiscard]] bool is_library(ast::Tree const& tree) const {
    const std::uint32_t at = sources.base(tree.source);
    return sources.is_library({at, at + 1});
  }

  Diagnostic& error(Code code, Span span, std::string headline, std::string label = {}) {
    return diagnostics.report(code, span, std::move(headline), std::move(label));
  }

  /// A function of the language itself.
  void declare_builtin(std::string_view name, Builtin builtin);
  /// Declares a name, or reports that it is taken. A reserved or foreign owner is named.
  bool declare(ast::Name const& name, Entity entity);
  /// Was a name declared again as something else? The report of that covers every use of it: which
  /// of the two is meant, nobody can tell.
  [[nodiscard]] bool torn(Symbol symbol, Span seen_from) const;
  /// What a name stands for, as seen from a place; nothing and no report where it is unknown.
  [[nodiscard]] Entity const* find(Symbol symbol, Span seen_from) const;
  /// The same, with a report that proposes near names of the wanted kinds.
  Entity const* want(ast::Name const& name, std::initializer_list<Entity::Kind> kinds,
                     std::string_view what);
  void report_unknown(ast::Name const& name, std::initializer_list<Entity::Kind> kinds,
                      std::string_view what);

  model::MeasureId measure(model::Measure const& measure);
  model::RegionId region(model::Region const& region);
  std::uint32_t style(model::Style const& style);
  /// The citation of a tail, if its source is known; an invalid id otherwise.
  model::CitationId citation(ast::Cite const& cite);
  [[nodiscard]] std::string name_of(model::Type const& type) const;
};

} // namespace scn::resolve
