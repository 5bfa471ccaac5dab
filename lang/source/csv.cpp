#include "lang/source/csv.hpp"

#include "lang/source/unicode.hpp"

#include <fmt/format.h>

namespace scn {

CsvReader::CsvReader(SourceSet const& sources, SourceId source, Diagnostics& diagnostics)
    : diagnostics_(diagnostics), text_(sources.text(source)), base_(sources.base(source)) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  if (const std::size_t bad = find_malformed(text_); bad != std::string_view::npos) {
    failed_ = true;
    diagnostics_
        .report(Code::malformed_utf8, span(bad, bad + 1),
                fmt::format("this byte is not UTF-8 (byte offset {})", bad),
                fmt::format("byte 0x{:02X}", static_cast<unsigned char>(text_[bad])))
        .hint("save the file as `CSV UTF-8`");
  } else if (const std::size_t nul = text_.find('\0'); nul != std::string_view::npos) {
    failed_ = true;
    diagnostics_
        .report(Code::nul_byte, span(nul, nul + 1),
                fmt::format("the text holds a NUL byte (byte offset {})", nul))
        .hint("a NUL byte usually means that the file is no text, or is UTF-16: save it as UTF-8");
  }
}

Span CsvReader::span(std::size_t begin, std::size_t end) const {
  return {base_ + static_cast<std::uint32_t>(begin), base_ + static_cast<std::uint32_t>(end)};
}

Diagnostic& CsvReader::fail(std::size_t begin, std::size_t end, std::string headline,
                            std::string label) {
  failed_ = true;
  return diagnostics_.report(Code::bad_csv, span(begin, end), std::move(headline),
                             std::move(label));
}

bool CsvReader::at_line_end() const {
  return at_ >= text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
}

void CsvReader::skip_line_end() {
  if (at_ < text_.size()) at_ += text_[at_] == '\n' ? 1 : 2;
}

CsvReader::Record const* CsvReader::next() {
  while (!failed_ && at_ < text_.size() && at_line_end())
    skip_line_end();
  if (failed_ || at_ >= text_.size()) return nullptr;
  record_.fields.clear();
  unquoted_.clear();
  const std::size_t begin = at_;
  while (field()) {
    if (at_line_end()) {
      record_.span = span(begin, at_);
      skip_line_end();
      return &record_;
    }
    ++at_; // the comma
  }
  return nullptr;
}

/// Reads one field and stops at the comma or line end behind it.
bool CsvReader::field() {
  if (at_ < text_.size() && text_[at_] == '"') return quoted_field();
  const std::size_t begin = at_;
  while (!at_line_end() && text_[at_] != ',') {
    if (text_[at_] == '"') {
      fail(at_, at_ + 1, "a quote inside a field that has none around it", "this quote")
          .hint("put the whole field into quotes, and double each quote inside: \"6\"\" pipe\"");
      return false;
    }
    if (text_[at_] == '\r') {
      fail(at_, at_ + 1, "a carriage return that ends no line", "here")
          .hint("lines end in LF or CRLF: save the file anew");
      return false;
    }
    ++at_;
  }
  record_.fields.push_back({text_.substr(begin, at_ - begin), span(begin, at_)});
  return true;
}

bool CsvReader::quoted_field() {
  const std::size_t begin = at_++;
  std::string* copy = nullptr;
  std::size_t from = at_;
  while (true) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == std::string_view::npos) {
      fail(begin, begin + 1, "this quote is never closed", "opened here")
          .hint("a quote inside a quoted field is written twice");
      return false;
    }
    at_ = quote + 1;
    if (at_ >= text_.size() || text_[at_] != '"') break;
    if (copy == nullptr) copy = &unquoted_.emplace_back();
    copy->append(text_.substr(from, at_ - from));
    from = ++at_;
  }
  std::string_view text = text_.substr(from, at_ - 1 - from);
  if (copy != nullptr) {
    copy->append(text);
    text = *copy;
  }
  if (!at_line_end() && text_[at_] != ',') {
    fail(at_, at_ + 1, "something stands behind the closing quote of a field",
         "a comma or the end of the line is expected here")
        .hint("a quote inside a quoted field is written twice");
    return false;
  }
  record_.fields.push_back({text, span(begin, at_)});
  return true;
}

// ---------------------------------------------------------------------------------------- fields

std::string_view trimmed(std::string_view text) {
  // Besides those of ASCII: no-break space, narrow no-break space, ideographic space.
  constexpr std::string_view spaces[] = {" ",        "\t",           "\r",          "\n",
                                         "\xC2\xA0", "\xE2\x80\xAF", "\xE3\x80\x80"};
  bool again = true;
  while (again) {
    again = false;
    for (std::string_view space : spaces) {
      if (text.starts_with(space)) {
        text.remove_prefix(space.size());
        again = true;
      }
      if (text.ends_with(space)) {
        text.remove_suffix(space.size());
        again = true;
      }
    }
  }
  return text;
}

std::string narrowed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const Decoded d = decode(text);
    const std::size_t size = d.size == 0 ? 1 : d.size;
    const char narrow = d.size == 0 ? '\0' : narrow_form(d.character);
    // `、` and `。` divide sentences, not digits.
    if (narrow != 0 && d.character != 0x3001 && d.character != 0x3002) {
      out += narrow;
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out;
}

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t n = 0;
  while (at + n < text.size() && is_digit(text[at + n]))
    ++n;
  return n;
}

/// `1234`, `1,234`, `.5`, `1,234.5e-3`: the whole text, or nothing.
std::optional<std::string> plain_number(std::string_view text) {
  std::string out;
  std::size_t n = digits_at(text, 0);
  std::size_t at = n;
  out += text.substr(0, n);
  if (n >= 1 && n <= 3 && at < text.size() && text[at] == ',') {
    if (text[0] == '0') return std::nullopt; // `0,123` is no number of thousands
    while (at < text.size() && text[at] == ',') {
      if (digits_at(text, at + 1) != 3) return std::nullopt;
      out += text.substr(at + 1, 3);
      at += 4;
    }
  }
  if (n == 0) out = "0";
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_at(text, at + 1);
    if (fraction == 0) return std::nullopt;
    out += text.substr(at, fraction + 1);
    at += fraction + 1;
    n += fraction;
  }
  if (n == 0) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t digits = at + 1;
    if (digits < text.size() && (text[digits] == '+' || text[digits] == '-')) ++digits;
    const std::size_t exponent = digits_at(text, digits);
    if (exponent == 0) return std::nullopt;
    out += 'e';
    out += text.substr(at + 1, digits + exponent - at - 1);
    at = digits + exponent;
  }
  if (at != text.size()) return std::nullopt;
  return out;
}

} // namespace

std::optional<CsvNumber> csv_number(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && digits_at(text, 0) == text.size()) return CsvNumber{std::string(text)};
  const std::string narrow = narrowed(text);
  text = trimmed(narrow);
  CsvNumber out;
  const auto percent = [&] {
    if (!text.ends_with('%') || out.percent) return;
    out.percent = true;
    text = trimmed(text.substr(0, text.size() - 1));
  };
  percent();
  if (text.starts_with('(') && text.ends_with(')')) {
    out.negative = true;
    text = trimmed(text.substr(1, text.size() - 2));
    percent();
  } else if (text.starts_with('-') || text.starts_with('+')) {
    out.negative = text.front() == '-';
    text = trimmed(text.substr(1));
  }
  auto digits = plain_number(text);
  if (!digits) return std::nullopt;
  out.digits = std::move(*digits);
  return out;
}

} // namespace scn
