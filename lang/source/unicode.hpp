#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace scn {

/// One decoded character; `size` is 0 where the bytes are not UTF-8.
struct Decoded {
  char32_t character = 0;
  std::uint32_t size = 0;
};

/// Decodes the character at the start of `text` (which is not empty), strictly: no overlong form,
/// no surrogate, nothing above U+10FFFF.
[[nodiscard]] Decoded decode(std::string_view text);

/// The first byte that does not belong to well-formed UTF-8, or npos.
[[nodiscard]] std::size_t find_malformed(std::string_view text);

[[nodiscard]] bool is_name_start(char32_t c); ///< a letter of any script, or `_`
[[nodiscard]] bool is_name_part(char32_t c);  ///< the same, a digit, or a combining mark

/// The spelling under which names are compared: Unicode's canonical composition (NFC).
[[nodiscard]] std::string normalized(std::string_view name);

/// Columns that a text takes in a terminal: a Chinese character counts two, a combining mark none.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// How a person would write a full-width character (`，`, `３`, `（`) in ASCII; 0 if there is none.
[[nodiscard]] char narrow_form(char32_t c);

} // namespace scn
