#include "lang/syntax/tokenize.hpp"

#include "lang/source/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace scn {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_ascii_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// By byte: may it stand inside a name? Asked of nearly every byte of a text.
constexpr auto ascii_name_parts = [] {
  std::array<bool, 256> parts{};
  for (std::size_t c = 0; c < 128; ++c)
    parts[c] = is_ascii_name_start(static_cast<char>(c)) || is_digit(static_cast<char>(c));
  return parts;
}();
constexpr bool is_ascii_name_part(char c) {
  return ascii_name_parts[static_cast<unsigned char>(c)];
}

struct Keyword {
  std::string_view text;
  TokenKind kind;
};

/// Keywords by length and first letter would be enough; sorted by spelling is easier to trust.
constexpr auto keywords = [] {
  std::array all = {
#define SCN_TOKEN(name, text)
#define SCN_KEYWORD(name, text) Keyword{text, TokenKind::name},
#include "lang/syntax/token_kinds.def"
#undef SCN_TOKEN
#undef SCN_KEYWORD
  };
  std::sort(all.begin(), all.end(), [](Keyword a, Keyword b) { return a.text < b.text; });
  return all;
}();

/// Where in `keywords` each first letter starts, so that most names are told apart at once.
constexpr auto keyword_starts = [] {
  std::array<std::uint8_t, 128> starts{};
  for (std::size_t c = 0; c < starts.size(); ++c) {
    std::size_t i = 0;
    while (i < keywords.size() && static_cast<std::size_t>(keywords[i].text[0]) < c)
      ++i;
    starts[c] = static_cast<std::uint8_t>(i);
  }
  return starts;
}();

TokenKind kind_of_word(std::string_view word) {
  const auto c = static_cast<unsigned char>(word[0]);
  if (c >= 127) return TokenKind::name;
  for (std::size_t i = keyword_starts[c]; i < keyword_starts[c + 1u]; ++i)
    if (keywords[i].text == word) return keywords[i].kind;
  return TokenKind::name;
}

/// Does a line go on after a token of this kind?
bool continues_after(TokenKind kind) {
  switch (kind) {
  case TokenKind::plus:
  case TokenKind::minus:
  case TokenKind::star:
  case TokenKind::slash:
  case TokenKind::caret:
  case TokenKind::equal:
  case TokenKind::not_equal:
  case TokenKind::less:
  case TokenKind::less_equal:
  case TokenKind::greater:
  case TokenKind::greater_equal:
  case TokenKind::assign:
  case TokenKind::star_assign:
  case TokenKind::plus_assign:
  case TokenKind::comma:
  case TokenKind::kw_and:
  case TokenKind::kw_or:
  case TokenKind::kw_then:
  case TokenKind::kw_else:
  case TokenKind::kw_over:
  case TokenKind::kw_where: return true;
  default: return false;
  }
}

/// Does a line that starts with a token of this kind go on the one before?
bool continues_before(TokenKind kind) {
  switch (kind) {
  case TokenKind::plus:
  case TokenKind::minus:
  case TokenKind::star:
  case TokenKind::slash:
  case TokenKind::caret:
  case TokenKind::equal:
  case TokenKind::not_equal:
  case TokenKind::less:
  case TokenKind::less_equal:
  case TokenKind::greater:
  case TokenKind::greater_equal:
  case TokenKind::tilde:
  case TokenKind::kw_and:
  case TokenKind::kw_or:
  case TokenKind::kw_then:
  case TokenKind::kw_else:
  case TokenKind::kw_over:
  case TokenKind::kw_where:
  case TokenKind::kw_weighted:
  case TokenKind::kw_by:
  case TokenKind::kw_from:
  case TokenKind::kw_range:
  case TokenKind::kw_within:
  case TokenKind::kw_extends: return true;
  default: return false;
  }
}

class Tokenizer {
 public:
  Tokenizer(SourceSet const& sources, SourceId source, Diagnostics& diagnostics)
      : text_(sources.text(source)), base_(sources.base(source)), diagnostics_(diagnostics) {
    out_.source = source;
    out_.tokens.reserve(text_.size() / 4 + 16);
  }

  TokenStream run() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3; // a byte-order mark says nothing here
    while (true) {
      skip_blank();
      if (at_ >= text_.size()) break;
      next();
    }
    at_ = text_.size();
    newline_ = false; // whatever is open, the file is over
    end_statement();
    push(TokenKind::end_of_file, at_, at_);
    return std::move(out_);
  }

 private:
  Span span(std::size_t begin, std::size_t end) const {
    return {base_ + static_cast<std::uint32_t>(begin), base_ + static_cast<std::uint32_t>(end)};
  }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool in_table() const { return table_depth_ > 0; }

  void skip_blank() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        newline_ = true;
        ++at_;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else if (c == '#') {
        comment();
      } else {
        return;
      }
      space_ = true;
    }
  }

  void comment() {
    const std::size_t begin = at_;
    const bool doc = peek(1) == '#';
    std::size_t end = text_.find('\n', at_);
    if (end == std::string_view::npos) end = text_.size();
    std::string_view body = text_.substr(begin, end - begin);
    if (const std::size_t bad = find_malformed(body); bad != std::string_view::npos)
      report_malformed(begin + bad);
    report_nul(begin, body);
    if (!body.empty() && body.back() == '\r') body.remove_suffix(1);
    out_.comments.push_back(
        {span(begin, begin + body.size()), doc, static_cast<std::uint32_t>(out_.tokens.size())});
    doc_ = doc_ || doc;
    at_ = end;
  }

  /// Once a text: one in another encoding would be nothing but such bytes.
  void report_malformed(std::size_t at) {
    if (std::exchange(malformed_, true)) return;
    diagnostics_
        .report(Code::malformed_utf8, span(at, at + 1),
                fmt::format("this byte is not UTF-8 (byte offset {})", at),
                fmt::format("byte 0x{:02X}", static_cast<unsigned char>(text_[at])))
        .hint("save the file as UTF-8");
  }

  /// A NUL byte inside a comment or a text in quotes.
  void report_nul(std::size_t begin, std::string_view body) {
    const std::size_t nul = body.find('\0');
    if (nul == std::string_view::npos) return;
    diagnostics_
        .report(Code::nul_byte, span(begin + nul, begin + nul + 1),
                fmt::format("the text holds a NUL byte (byte offset {})", begin + nul))
        .hint("a NUL byte usually means that the file is not text, or is UTF-16: save it as UTF-8");
  }

  /// Ends the statement so far, unless there is none to end.
  void end_statement() {
    if (out_.tokens.empty()) return;
    const TokenKind last = out_.tokens.back().kind;
    if (last == TokenKind::end_of_statement || last == TokenKind::left_brace) return;
    // The place of an end is right behind what it ends: that is where something is missing.
    const auto end = out_.tokens.back().span.end;
    out_.tokens.push_back({TokenKind::end_of_statement, false, false, false, {end, end}});
  }

  void push(TokenKind kind, std::size_t begin, std::size_t end) {
    bool first = out_.tokens.empty();
    if (newline_) {
      first = true;
      // No name is a reserved word: one that begins a statement shows that a bracket was not
      // closed.
      if (starts_statement(kind)) {
        nesting_ = 0;
        table_depth_ = 0; // nor is it a row's
      }
      const bool inside = nesting_ > 0 && !in_table();
      const bool goes_on =
          inside
          || (!in_table()
              && (continues_before(kind)
                  || (!out_.tokens.empty() && continues_after(out_.tokens.back().kind))));
      if (!goes_on) end_statement();
      newline_ = false;
    }
    if (kind == TokenKind::right_brace) end_statement();
    track(kind);
    // The end of a statement may have come between a comment and the token that it stands before.
    for (; attached_ < out_.comments.size(); ++attached_)
      out_.comments[attached_].before = static_cast<std::uint32_t>(out_.tokens.size());
    out_.tokens.push_back({kind, space_, first, doc_, span(begin, end)});
    space_ = false;
    doc_ = false;
  }

  /// Follows brackets, and whether a brace opens a table.
  void track(TokenKind kind) {
    switch (kind) {
    case TokenKind::left_paren:
    case TokenKind::left_bracket: ++nesting_; break;
    case TokenKind::right_paren:
    case TokenKind::right_bracket:
      if (nesting_ > 0) --nesting_;
      break;
    case TokenKind::left_brace:
      nesting_ = 0;
      if (table_head_) table_depth_ = 1;
      table_head_ = false;
      break;
    case TokenKind::right_brace:
      nesting_ = 0; // an unclosed bracket must not swallow the rest of the file
      table_depth_ = 0;
      break;
    default:
      if (at_statement_start()) table_head_ = kind == TokenKind::kw_table;
      break;
    }
  }

  bool at_statement_start() const {
    return out_.tokens.empty() || out_.tokens.back().kind == TokenKind::end_of_statement
           || out_.tokens.back().kind == TokenKind::left_brace;
  }

  void next() {
    const std::size_t begin = at_;
    const char c = text_[at_];
    if (is_digit(c)) return number();
    if (is_ascii_name_start(c) || static_cast<unsigned char>(c) >= 0x80) return word();
    if (c == '"') return string();
    if (const auto [kind, size] = punctuation(); size > 0) {
      at_ += size;
      push(kind, begin, at_);
      return;
    }
    if (c == ';') {
      ++at_;
      nesting_ = 0; // whatever is open, a `;` ends the statement
      end_statement();
      newline_ = false;
      return;
    }
    ++at_;
    if (c == '\0') {
      diagnostics_
          .report(Code::nul_byte, span(begin, at_),
                  fmt::format("the text holds a NUL byte (byte offset {})", begin))
          .hint(
              "a NUL byte usually means that the file is not text, or is UTF-16: save it as UTF-8");
    } else {
      report_stray(begin, at_);
    }
    push(TokenKind::error, begin, at_);
  }

  void report_stray(std::size_t begin, std::size_t end) {
    auto& d = diagnostics_.report(
        Code::stray_character, span(begin, end),
        fmt::format("`{}` has no meaning here", text_.substr(begin, end - begin)));
    switch (text_[begin]) {
    case '!': d.hint("`not x` negates a condition; `!=` compares"); break;
    case '&': d.hint("write `and`"); break;
    case '\'': d.hint("text stands between double quotes"); break;
    case '$': d.hint("write the currency as a unit: `100 USD`"); break;
    default: break;
    }
  }

  std::pair<TokenKind, std::size_t> punctuation() const {
    const char n = peek(1);
    switch (text_[at_]) {
    case '(': return {TokenKind::left_paren, 1};
    case ')': return {TokenKind::right_paren, 1};
    case '[': return {TokenKind::left_bracket, 1};
    case ']': return {TokenKind::right_bracket, 1};
    case '{': return {TokenKind::left_brace, 1};
    case '}': return {TokenKind::right_brace, 1};
    case ',': return {TokenKind::comma, 1};
    case ':': return {TokenKind::colon, 1};
    case '|': return {TokenKind::bar, 1};
    case '~': return {TokenKind::tilde, 1};
    case '%': return {TokenKind::percent, 1};
    case '^': return {TokenKind::caret, 1};
    case '-': return {TokenKind::minus, 1};
    case '/': return {TokenKind::slash, 1};
    case '.':
      return n == '.' ? std::pair{TokenKind::dots, std::size_t{2}}
                      : std::pair{TokenKind::dot, std::size_t{1}};
    case '+':
      return n == '=' ? std::pair{TokenKind::plus_assign, std::size_t{2}}
                      : std::pair{TokenKind::plus, std::size_t{1}};
    case '*':
      return n == '=' ? std::pair{TokenKind::star_assign, std::size_t{2}}
                      : std::pair{TokenKind::star, std::size_t{1}};
    case '=':
      return n == '=' ? std::pair{TokenKind::equal, std::size_t{2}}
                      : std::pair{TokenKind::assign, std::size_t{1}};
    case '<':
      return n == '=' ? std::pair{TokenKind::less_equal, std::size_t{2}}
                      : std::pair{TokenKind::less, std::size_t{1}};
    case '>':
      return n == '=' ? std::pair{TokenKind::greater_equal, std::size_t{2}}
                      : std::pair{TokenKind::greater, std::size_t{1}};
    case '!':
      if (n == '=') return {TokenKind::not_equal, 2};
      return {TokenKind::error, 0};
    default: return {TokenKind::error, 0};
    }
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_ascii_name_part(c)) {
        ++at_;
        continue;
      }
      if (static_cast<unsigned char>(c) < 0x80) break;
      const Decoded d = decode(text_.substr(at_));
      if (d.size == 0 || !(at_ == begin ? is_name_start(d.character) : is_name_part(d.character)))
        break;
      at_ += d.size;
    }
    if (at_ == begin) return odd_character();
    const std::string_view text = text_.substr(begin, at_ - begin);
    // `half-yearly` is one word where the timeline wants it; there is no line of that name.
    if (text == "half" && text_.substr(at_).starts_with("-yearly") && !name_goes_on(at_ + 7))
      at_ += 7;
    const bool fiscal = is_fiscal_period(text);
    push(fiscal ? TokenKind::period_literal : kind_of_word(text), begin, at_);
  }

  bool name_goes_on(std::size_t at) const {
    return at < text_.size() && is_name_part(decode(text_.substr(at)).character);
  }

  static bool is_fiscal_period(std::string_view text) {
    if (!text.starts_with("FY") || (text.size() != 6 && text.size() != 8)) return false;
    if (!std::all_of(text.begin() + 2, text.begin() + 6, is_digit)) return false;
    if (text.size() == 6) return true;
    const char kind = text[6];
    const char n = text[7];
    return (kind == 'Q' && n >= '1' && n <= '4') || (kind == 'H' && n >= '1' && n <= '2');
  }

  /// A character beyond ASCII that starts no name: full-width punctuation, or something stray.
  void odd_character() {
    const std::size_t begin = at_;
    const Decoded d = decode(text_.substr(at_));
    if (d.size == 0) {
      report_malformed(at_);
      ++at_;
      return push(TokenKind::error, begin, at_);
    }
    const char narrow = narrow_form(d.character);
    at_ += d.size;
    if (narrow == ' ') { // an ideographic space separates as any other
      space_ = true;
      return;
    }
    if (d.character == 0x2013 || d.character == 0x2014) return push(TokenKind::en_dash, begin, at_);
    const auto written = text_.substr(begin, d.size);
    if (narrow != 0) {
      diagnostics_
          .report(Code::full_width, span(begin, at_),
                  fmt::format("full-width `{}` instead of `{}`", written, narrow))
          .hint(fmt::format("write `{}`", narrow));
    } else {
      report_stray(begin, at_);
    }
    push(TokenKind::error, begin, at_);
  }

  bool digits(std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i)
      if (!is_digit(peek(i))) return false;
    return true;
  }

  /// 2025-02-11, without white space. Wins over subtraction.
  bool date() {
    if (peek(4) != '-' || !digits(4)) return false;
    const auto two = [&](std::size_t i) { return is_digit(peek(i)) && is_digit(peek(i + 1)); };
    if (!two(5) || peek(7) != '-' || !two(8) || is_digit(peek(10))) return false;
    const std::size_t begin = at_;
    const auto number = [&](std::size_t i) { return (peek(i) - '0') * 10 + (peek(i + 1) - '0'); };
    const int year = number(0) * 100 + number(2);
    const int month = number(5);
    const int day = number(8);
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const bool good = month >= 1 && month <= 12 && day >= 1
                      && day <= lengths[month - 1] + (month == 2 && leap ? 1 : 0);
    at_ += 10;
    if (!good)
      diagnostics_
          .report(Code::bad_date, span(begin, at_),
                  fmt::format("there is no day {}", text_.substr(begin, 10)))
          .hint("a date is year-month-day, as in 2025-02-11; put spaces around `-` to subtract");
    push(TokenKind::date, begin, at_);
    return true;
  }

  /// 2024H1, 2024Q3, 2024M07.
  bool dated_period() {
    const char kind = peek(4);
    if ((kind != 'H' && kind != 'Q' && kind != 'M') || !digits(4)) return false;
    const char n = peek(5);
    std::size_t size = 0;
    if (kind == 'H' && n >= '1' && n <= '2') size = 6;
    if (kind == 'Q' && n >= '1' && n <= '4') size = 6;
    if (kind == 'M' && is_digit(n) && is_digit(peek(6))) {
      const int month = (n - '0') * 10 + (peek(6) - '0');
      if (month >= 1 && month <= 12) size = 7;
    }
    if (size == 0 || is_ascii_name_part(peek(size))) return false;
    const std::size_t begin = at_;
    at_ += size;
    push(TokenKind::period_literal, begin, at_);
    return true;
  }

  void number() {
    if (date() || dated_period()) return;
    const std::size_t begin = at_;
    const auto run = [&] {
      while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '_'))
        ++at_;
    };
    run();
    if (peek() == '.' && is_digit(peek(1))) {
      ++at_;
      run();
    }
    if (peek() == 'e' || peek() == 'E') {
      const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
      if (is_digit(peek(1 + sign))) {
        at_ += 1 + sign;
        while (is_digit(peek()))
          ++at_;
      }
    }
    if (peek() == '.' && peek(1) != '.') {
      ++at_;
      diagnostics_.report(Code::bad_number, span(begin, at_), "a number does not end in a point")
          .hint("write the digits after the point, or leave it out");
    } else if (peek() == ',' && digits_at(1, 3) && !digits_at(1, 4) && nesting_ == 0
               && at_ - begin <= 3) {
      const std::size_t comma = at_;
      while (peek() == ',' && digits_at(1, 3) && !digits_at(1, 4))
        at_ += 4;
      if (peek() == '.' && is_digit(peek(1))) {
        ++at_;
        run();
      }
      diagnostics_
          .report(Code::bad_number, span(begin, at_), "a number has no comma between thousands",
                  "written with a comma")
          .at(span(comma, comma + 1), "here")
          .hint("write `1_000_000` or `1000000`");
    }
    push(TokenKind::number, begin, at_);
    split_magnitude();
  }

  bool digits_at(std::size_t ahead, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i)
      if (!is_digit(peek(ahead + i))) return false;
    return true;
  }

  /// Directly behind a digit a Chinese magnitude is a word of its own: 756亿美元.
  void split_magnitude() {
    if (static_cast<unsigned char>(peek()) < 0x80) return;
    for (std::string_view magnitude : {"万亿", "百万", "千万", "千", "万", "亿"}) {
      if (!text_.substr(at_).starts_with(magnitude)) continue;
      const std::size_t begin = at_;
      at_ += magnitude.size();
      push(TokenKind::name, begin, at_);
      return;
    }
  }

  void string() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
      ++at_;
    }
    const bool closed = at_ < text_.size() && text_[at_] == '"';
    if (closed) ++at_;
    const std::string_view body = text_.substr(begin, at_ - begin);
    if (const std::size_t bad = find_malformed(body); bad != std::string_view::npos)
      report_malformed(begin + bad);
    report_nul(begin, body);
    if (!closed)
      diagnostics_
          .report(Code::unterminated_string, span(begin, at_), "the text in quotes has no end",
                  "starts here")
          .hint("close it with `\"` on the same line");
    push(TokenKind::string, begin, at_);
  }

  std::string_view text_;
  std::uint32_t base_;
  Diagnostics& diagnostics_;
  TokenStream out_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0; ///< open parentheses and brackets
  std::size_t table_depth_ = 0;
  std::size_t attached_ = 0; ///< comments whose token is known
  bool table_head_ = false;
  bool malformed_ = false; ///< reported already
  bool newline_ = false;
  bool space_ = false;
  bool doc_ = false;
};

} // namespace

TokenStream tokenize(SourceSet const& sources, SourceId source, Diagnostics& diagnostics) {
  return Tokenizer(sources, source, diagnostics).run();
}

} // namespace scn
