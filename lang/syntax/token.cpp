#include "lang/syntax/token.hpp"

namespace scn {

namespace {

constexpr std::string_view texts[] = {
#define SCN_TOKEN(name, text) text,
#define SCN_KEYWORD(name, text) "`" text "`",
#include "lang/syntax/token_kinds.def"
#undef SCN_TOKEN
#undef SCN_KEYWORD
};

} // namespace

std::string_view describe(TokenKind kind) { return texts[static_cast<std::size_t>(kind)]; }

bool is_keyword(TokenKind kind) { return kind >= TokenKind::kw_model; }

bool starts_statement(TokenKind kind) {
  return kind >= TokenKind::kw_model && kind <= TokenKind::kw_prefer;
}

} // namespace scn
