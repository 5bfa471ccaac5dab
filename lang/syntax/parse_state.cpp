#include "lang/syntax/parse_state.hpp"

#include "lang/source/unicode.hpp"

#include <fmt/format.h>

namespace scn::syntax {

ast::Name ParseState::name(Token const* token) {
  const std::string_view written = text(token);
  for (char c : written)
    if (static_cast<unsigned char>(c) >= 0x80)
      return {interner_.intern(normalized(written)), token->span};
  return {interner_.intern(written), token->span};
}

ast::Text ParseState::string(Token const* token) {
  std::string_view body = text(token).substr(1);
  if (!body.empty() && body.back() == '"') body.remove_suffix(1);
  if (body.find('\\') == std::string_view::npos) return {body, token->span};
  std::string plain;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '\\' && i + 1 < body.size()) ++i;
    plain += body[i];
  }
  return {arena_.copy(plain), token->span};
}

Span ParseState::doc_before(Token const* token) const {
  if (!token->documented) return {};
  const auto index = static_cast<std::uint32_t>(token - begin());
  auto const& comments = stream_.comments;
  auto after = std::upper_bound(comments.begin(), comments.end(), index,
                                [](std::uint32_t i, Comment const& c) { return i < c.before; });
  Span doc;
  while (after != comments.begin() && (after - 1)->before == index) {
    --after;
    if (after->doc) doc = cover(after->span, doc);
  }
  return doc;
}

std::string ParseState::expectation(Token const* at) const {
  std::vector<std::string> parts;
  if (at == furthest_) parts.assign(phrases_.begin(), phrases_.end());
  if (at == furthest_) {
    for (std::size_t i = 0; i < token_kind_count; ++i) {
      const auto kind = static_cast<TokenKind>(i);
      if (!expected_.test(i) || kind == TokenKind::error) continue;
      parts.emplace_back(describe(kind));
    }
  }
  if (parts.size() > 6) parts.resize(6); // a longer list helps nobody
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " or " : ", ";
    out += parts[i];
  }
  return out;
}

void ParseState::report_unexpected(Token const* at) {
  if (broken_) return;
  broken_ = true;
  // A list that ends in a comma is read up to before it; what is missing is missing behind it.
  if (at->kind == TokenKind::comma && furthest_ == at + 1) at = furthest_;
  // What is an error token was reported when the text was cut.
  if (at->kind == TokenKind::error) return;
  std::string expected = expectation(at);
  if (expected.empty()) expected = "something else";
  // A line that goes on by mistake, into the next statement, lacks something at its own end.
  const bool next_line = at->first_on_line && starts_statement(at->kind) && at > begin();
  const bool here =
      next_line || at->kind == TokenKind::end_of_statement || at->kind == TokenKind::end_of_file;
  const std::string found =
      here ? std::string(describe(next_line ? TokenKind::end_of_statement : at->kind))
      : is_keyword(at->kind) || at->kind < TokenKind::left_paren ? fmt::format("`{}`", text(at))
                                                                 : std::string(describe(at->kind));
  if (is_keyword(at->kind) && at == furthest_
      && expected_.test(static_cast<std::size_t>(TokenKind::name))) {
    diagnostics_
        .report(Code::reserved_name, at->span,
                fmt::format("`{}` is a word of the language and cannot be a name", text(at)),
                "a name is expected here")
        .hint(fmt::format("call it something else, such as `{}_`", text(at)));
    return;
  }
  Span span = at->span;
  if (next_line) span = {(at - 1)->span.end, (at - 1)->span.end};
  if (here && span.begin > base_) span = {span.begin - 1, span.begin}; // behind the last token
  auto& d = diagnostics_.report(Code::expected_token, span,
                                fmt::format("expected {}, found {}", expected, found),
                                here ? "the line ends too early here" : "");
  const bool declares = at->kind == TokenKind::colon || at->kind == TokenKind::kw_by;
  if (declares && at > begin() && (at - 1)->kind == TokenKind::name && (at - 1)->first_on_line)
    d.hint("a line is declared by a word before its name: `flow`, `stock`, `rate`, `assume` or "
           "`let`");
}

Diagnostic* ParseState::report(Code code, Span span, std::string headline, std::string label) {
  if (broken_) return nullptr;
  broken_ = true;
  return &diagnostics_.report(code, span, std::move(headline), std::move(label));
}

} // namespace scn::syntax
