#pragma once

#include "lang/source/source_set.hpp"
#include "lang/source/span.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace scn {

enum class TokenKind : std::uint8_t {
#define SCN_TOKEN(name, text) name,
#define SCN_KEYWORD(name, text) name,
#include "lang/syntax/token_kinds.def"
#undef SCN_TOKEN
#undef SCN_KEYWORD
};

inline constexpr std::size_t token_kind_count = 0
#define SCN_TOKEN(name, text) +1
#define SCN_KEYWORD(name, text) +1
#include "lang/syntax/token_kinds.def"
#undef SCN_TOKEN
#undef SCN_KEYWORD
    ;

/// How a message calls a kind of token: "`]`", "`from`", "name".
[[nodiscard]] std::string_view describe(TokenKind kind);
[[nodiscard]] bool is_keyword(TokenKind kind);
/// Does a token of this kind begin a statement of its own?
[[nodiscard]] bool starts_statement(TokenKind kind);

/// The smallest piece of text with a meaning. A name or number is read from the text through its
/// span; a token holds no copy of it.
struct Token {
  TokenKind kind = TokenKind::end_of_file;
  bool after_space = false; ///< white space or a comment stands before it
  bool first_on_line = false;
  bool documented = false; ///< a doc comment stands right before it
  Span span;
};

/// A comment, kept so that the layout of a file can be given back. `##` starts a doc comment.
struct Comment {
  Span span; ///< from its first `#` to the end of the line
  bool doc = false;
  std::uint32_t before = 0; ///< the index of the token that follows
};

/// One text as tokens. The last one is always `end_of_file`, and where a statement ends stands an
/// `end_of_statement`, so that a parser needs to know nothing of lines.
struct TokenStream {
  SourceId source;
  std::vector<Token> tokens;
  std::vector<Comment> comments;
};

} // namespace scn
