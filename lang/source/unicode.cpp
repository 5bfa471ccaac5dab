#include "lang/source/unicode.hpp"

#include <cstdlib>
#include <utf8proc.h>

namespace scn {

Decoded decode(std::string_view text) {
  utf8proc_int32_t c = 0;
  const auto size = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &c);
  if (size <= 0) return {};
  return {static_cast<char32_t>(c), static_cast<std::uint32_t>(size)};
}

std::size_t find_malformed(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const Decoded d = decode(text.substr(at));
    if (d.size == 0) return at;
    at += d.size;
  }
  return std::string_view::npos;
}

namespace {

bool is_letter(utf8proc_category_t category) {
  switch (category) {
  case UTF8PROC_CATEGORY_LU:
  case UTF8PROC_CATEGORY_LL:
  case UTF8PROC_CATEGORY_LT:
  case UTF8PROC_CATEGORY_LM:
  case UTF8PROC_CATEGORY_LO:
  case UTF8PROC_CATEGORY_NL: return true;
  default: return false;
  }
}

} // namespace

bool is_name_start(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  return is_letter(utf8proc_category(static_cast<utf8proc_int32_t>(c)));
}

bool is_name_part(char32_t c) {
  if (c < 0x80) return is_name_start(c) || (c >= '0' && c <= '9');
  if (narrow_form(c) >= '0' && narrow_form(c) <= '9') return false; // a full-width digit is a digit
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return is_letter(category) || category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_MN
         || category == UTF8PROC_CATEGORY_MC;
}

std::string normalized(std::string_view name) {
  utf8proc_uint8_t* composed = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(name.data()),
                   static_cast<utf8proc_ssize_t>(name.size()), &composed,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (size < 0) return std::string(name);
  std::string out(reinterpret_cast<char const*>(composed), static_cast<std::size_t>(size));
  std::free(composed);
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    if (text[0] >= ' ' && text[0] <= '~') { // nearly everything that is shown
      ++width;
      text.remove_prefix(1);
      continue;
    }
    const Decoded d = decode(text);
    if (d.size == 0) { // a stray byte is shown as one replacement character
      width += 1;
      text.remove_prefix(1);
      continue;
    }
    width +=
        static_cast<std::size_t>(utf8proc_charwidth(static_cast<utf8proc_int32_t>(d.character)));
    text.remove_prefix(d.size);
  }
  return width;
}

char narrow_form(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return static_cast<char>(c - 0xFF01 + '!');
  switch (c) {
  case 0x3000: return ' '; // ideographic space
  case 0x3001: return ','; // 、
  case 0x3002: return '.'; // 。
  case 0x201C:
  case 0x201D: return '"'; // “ ”
  case 0x2212: return '-'; // −
  case 0x00D7: return '*'; // ×
  case 0x00F7: return '/'; // ÷
  default: return 0;
  }
}

} // namespace scn
