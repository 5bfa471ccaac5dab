#pragma once

#include "lang/source/diagnostic.hpp"
#include "lang/syntax/ast.hpp"
#include "lang/syntax/token.hpp"

#include <algorithm>
#include <bitset>
#include <span>
#include <string>
#include <vector>

namespace scn::syntax {

/// What the parts of the parser share while they read one token stream: where nodes go, what was
/// expected at the furthest place that was reached, and whether the statement at hand is already
/// known to be broken (it is reported once, however much of it is).
class ParseState {
 public:
  ParseState(SourceSet const& sources, TokenStream const& stream, Interner& interner, Arena& arena,
             Diagnostics& diagnostics)
      : stream_(stream), interner_(interner), arena_(arena), diagnostics_(diagnostics),
        text_(sources.text(stream.source)), base_(sources.base(stream.source)) {}

  [[nodiscard]] Arena& arena() { return arena_; }
  [[nodiscard]] Diagnostics& diagnostics() { return diagnostics_; }
  [[nodiscard]] std::string_view text(Span span) const {
    return text_.substr(span.begin - base_, span.size());
  }
  [[nodiscard]] std::string_view text(Token const* token) const { return text(token->span); }
  [[nodiscard]] Token const* begin() const { return stream_.tokens.data(); }
  [[nodiscard]] Token const* end() const { return begin() + stream_.tokens.size(); }

  ast::Name name(Token const* token);
  ast::Text string(Token const* token);
  /// The doc comments right before a token, as one span.
  [[nodiscard]] Span doc_before(Token const* token) const;

  /// Notes that a token of this kind would have been accepted at `at`.
  void expect(TokenKind kind, Token const* at) {
    if (at > furthest_) {
      furthest_ = at;
      expected_.reset();
      phrases_.clear();
    }
    if (at == furthest_) expected_.set(static_cast<std::size_t>(kind));
  }
  /// The same for something that a message calls by a phrase of its own.
  void expect_phrase(std::string_view phrase, Token const* at) {
    expect(TokenKind::error, at); // moves the furthest place
    if (at == furthest_ && std::find(phrases_.begin(), phrases_.end(), phrase) == phrases_.end())
      phrases_.push_back(phrase);
  }

  /// Reports what was expected instead of the token at `at`, once a statement.
  void report_unexpected(Token const* at);
  /// Reports something of its own; gives nothing if the statement is known to be broken.
  Diagnostic* report(Code code, Span span, std::string headline, std::string label = {});

  [[nodiscard]] bool broken() const { return broken_; }
  void set_broken() { broken_ = true; }
  void start_statement() { broken_ = false; }

  /// Nesting of expressions and blocks; a user's text must not decide how deep our stack gets.
  static constexpr int deepest = 256;
  int depth = 0;

 private:
  [[nodiscard]] std::string expectation(Token const* at) const;

  TokenStream const& stream_;
  Interner& interner_;
  Arena& arena_;
  Diagnostics& diagnostics_;
  std::string_view text_;
  std::uint32_t base_;
  Token const* furthest_ = nullptr;
  std::bitset<token_kind_count> expected_;
  std::vector<std::string_view> phrases_;
  bool broken_ = false;
};

/// Reads an expression and leaves `at` behind it. Never fails: where nothing can be read it
/// reports and gives a `Broken`.
[[nodiscard]] ast::ExprPtr parse_expression(ParseState& state, Token const*& at);

/// Reads `sum [ .. [sum] ] | .. sum`: a place of an index, the set of a bind, periods of a view.
[[nodiscard]] ast::Range parse_range(ParseState& state, Token const*& at);

/// Reads a bare period where only one can stand, so that `2030 yearly` is not a number with a unit.
[[nodiscard]] ast::ExprPtr parse_period(ParseState& state, Token const*& at);

/// Reads a unit where one is asked for.
[[nodiscard]] ast::UnitExpr const* parse_unit(ParseState& state, Token const*& at);

/// Reads what stands between the braces of a table, and the braces.
void parse_table_body(ParseState& state, Token const*& at, ast::Table& table);

/// Reads a right side and what stands behind it: a field of a table that is more than a number.
struct Figure {
  ast::Right right;
  ast::Tail const* tail = nullptr;
};
[[nodiscard]] Figure parse_figure(ParseState& state, Token const*& at);

/// The words that scale a number: `bn` is 10^9.
struct Magnitude {
  std::string_view word;
  int power;
};
[[nodiscard]] std::span<Magnitude const> magnitudes();

/// The power of ten of a magnitude (`bn`, `亿`), 0 if the word is none.
[[nodiscard]] int magnitude_power(std::string_view word);

} // namespace scn::syntax
