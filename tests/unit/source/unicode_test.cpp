#include "lang/source/unicode.hpp"

#include "tests/support/catch.hpp"

#include <random>
#include <string>
#include <vector>

using namespace scn;

namespace {

/// UTF-8 of any number up to 21 bits, the forbidden ones too: how a test writes what must be
/// refused.
std::string encoded(char32_t c) {
  std::string out;
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
  return out;
}

bool well_formed(std::string_view text) { return find_malformed(text) == std::string_view::npos; }

} // namespace

TEST_CASE("every character of Unicode is decoded and everything else is refused") {
  // The numbers near every border of the encoding, and some between them.
  std::mt19937 random(1);
  std::vector<char32_t> numbers;
  for (char32_t border : {0x0u, 0x80u, 0x800u, 0xD800u, 0xE000u, 0x10000u, 0x110000u})
    for (char32_t d = 0; d < 4; ++d) {
      numbers.push_back(border + d);
      if (border > d) numbers.push_back(border - d - 1);
    }
  for (int i = 0; i < 5000; ++i)
    numbers.push_back(static_cast<char32_t>(random() % 0x120000));
  for (char32_t c : numbers) {
    const bool surrogate = c >= 0xD800 && c < 0xE000;
    const std::string text = encoded(c);
    const Decoded d = decode(text + "x");
    INFO(static_cast<std::uint32_t>(c));
    if (surrogate || c > 0x10FFFF) {
      CHECK(d.size == 0);
      CHECK(find_malformed(text) == 0);
    } else {
      CHECK(d.character == c);
      CHECK(d.size == text.size());
      CHECK(well_formed(text));
    }
  }
}

TEST_CASE("what is not UTF-8 is found at its first byte") {
  CHECK(well_formed(""));
  CHECK(well_formed("capex = 756亿美元 é 🙂"));
  CHECK(find_malformed("abc\xFF") == 3);
  CHECK(find_malformed("\x80") == 0);       // a tail without its head
  CHECK(find_malformed("亿\xE4\xBA") == 3); // cut off in the middle of a character
  CHECK(find_malformed("a\xC0\xAFz") == 1); // an overlong slash
  CHECK(find_malformed("a\xE0\x80\xAFz") == 1);
  CHECK(find_malformed("\xF8\x88\x80\x80\x80") == 0); // five bytes, as UTF-8 once was
  CHECK(find_malformed("ok\xE4zz") == 2);             // a head without its tail
  CHECK(find_malformed("\xD6\xD0\xCE\xC4") == 0);     // 中文 in GBK
}

TEST_CASE("names are letters of any script, digits and an underscore") {
  for (char32_t c : {U'a', U'Z', U'_', U'é', U'资', U'あ', U'가', U'я', U'λ', U'ß', U'𠮷', U'Ⅻ'}) {
    INFO(encoded(c));
    CHECK(is_name_start(c));
    CHECK(is_name_part(c));
  }
  SECTION("a digit or a mark goes on a name and starts none") {
    for (char32_t c : {U'0', U'9', U'٣', U'\u0301', U'\u093F'}) {
      INFO(encoded(c));
      CHECK_FALSE(is_name_start(c));
      CHECK(is_name_part(c));
    }
  }
  SECTION("punctuation, symbols and spaces are no part of one") {
    for (char32_t c : {U'-', U'.', U' ', U'$', U'%', U'，', U'（', U'“', U'–', U'€', U'🙂',
                       U'\u3000', U'\u00A0', U'\u200B', U'\uFEFF', U'\0', U'\x7F'}) {
      INFO(static_cast<std::uint32_t>(c));
      CHECK_FALSE(is_name_start(c));
      CHECK_FALSE(is_name_part(c));
    }
  }
  SECTION("a full-width digit is a mistyped digit and not part of a name") {
    CHECK_FALSE(is_name_part(U'３'));
    CHECK_FALSE(is_name_start(U'３'));
  }
}

TEST_CASE("the same name typed on two keyboards is one name") {
  CHECK(normalized("e\u0301") == "é"); // e and an accent, as macOS writes file names
  CHECK(normalized("é") == "é");
  CHECK(normalized("\u1112\u1161\u11AB") == "한"); // jamo
  CHECK(normalized("capex_2024") == "capex_2024");
  CHECK(normalized("资本支出") == "资本支出");
  CHECK(normalized("").empty());
  SECTION("characters that only look alike stay different") {
    CHECK(normalized("ﬁ") == "ﬁ");
    CHECK(normalized("Ａ") != "A");
    CHECK(normalized("а") != "a"); // the first is Cyrillic
  }
}

TEST_CASE("a Chinese character is two columns wide and a combining mark none") {
  CHECK(display_width("") == 0);
  CHECK(display_width("capex") == 5);
  CHECK(display_width("资本支出") == 8);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("é") == 1);
  CHECK(display_width("（") == 2);
  CHECK(display_width("한") == 2);
  CHECK(display_width("a资b") == 4);
  SECTION("a stray byte is shown as one replacement character") {
    CHECK(display_width("a\xFF"
                        "b")
          == 3);
    CHECK(display_width("\xE4\xBA") == 2);
  }
}

TEST_CASE("widths add up along a text") {
  std::mt19937 random(2);
  const std::vector<std::string> parts = {"a", " ", "资", "é", "，", "\xFF", "7", "한"};
  for (int i = 0; i < 200; ++i) {
    std::string text;
    std::size_t width = 0;
    for (auto n = random() % 12; n > 0; --n) {
      std::string const& part = parts[random() % parts.size()];
      text += part;
      width += display_width(part);
    }
    CHECK(display_width(text) == width);
  }
}

TEST_CASE("full-width characters have the form a person meant") {
  CHECK(narrow_form(U'，') == ',');
  CHECK(narrow_form(U'（') == '(');
  CHECK(narrow_form(U'）') == ')');
  CHECK(narrow_form(U'；') == ';');
  CHECK(narrow_form(U'：') == ':');
  CHECK(narrow_form(U'＝') == '=');
  CHECK(narrow_form(U'３') == '3');
  CHECK(narrow_form(U'％') == '%');
  CHECK(narrow_form(U'｛') == '{');
  CHECK(narrow_form(U'。') == '.');
  CHECK(narrow_form(U'、') == ',');
  CHECK(narrow_form(U'“') == '"');
  CHECK(narrow_form(U'”') == '"');
  CHECK(narrow_form(U'−') == '-');
  CHECK(narrow_form(U'×') == '*');
  CHECK(narrow_form(U'÷') == '/');
  CHECK(narrow_form(U'\u3000') == ' ');
  SECTION("what has none gives nothing") {
    CHECK(narrow_form(U'a') == 0);
    CHECK(narrow_form(U'资') == 0);
    CHECK(narrow_form(U'–') == 0); // it has a meaning of its own in tables
    CHECK(narrow_form(U'￥') == 0);
  }
}
