#include "lang/source/source_set.hpp"

#include "tests/support/catch.hpp"

#include <random>
#include <string>
#include <vector>

using namespace scn;

namespace {

/// Line, column and the line's text at a byte of one text.
std::string place(SourceSet const& sources, SourceId id, std::size_t byte) {
  const Position p = sources.locate(sources.base(id) + static_cast<std::uint32_t>(byte));
  return sources.name(p.source) + ':' + std::to_string(p.line) + ':' + std::to_string(p.column)
         + ' ' + std::string(p.text);
}

} // namespace

TEST_CASE("lines and columns start at one and columns count bytes") {
  SourceSet sources;
  const SourceId id = sources.add("a.scn", "x = 1\n资本 = 2\n\nlast");
  CHECK(place(sources, id, 0) == "a.scn:1:1 x = 1");
  CHECK(place(sources, id, 4) == "a.scn:1:5 x = 1");
  CHECK(place(sources, id, 6) == "a.scn:2:1 资本 = 2");
  CHECK(place(sources, id, 13) == "a.scn:2:8 资本 = 2"); // two characters of three bytes before it
  CHECK(place(sources, id, 17) == "a.scn:3:1 ");
  CHECK(place(sources, id, 18) == "a.scn:4:1 last");
  CHECK(place(sources, id, 21) == "a.scn:4:4 last");
}

TEST_CASE("the end of a line belongs to that line, and the end of a text to that text") {
  SourceSet sources;
  const SourceId a = sources.add("a.scn", "one\ntwo");
  const SourceId b = sources.add("b.scn", "three");
  CHECK(place(sources, a, 3) == "a.scn:1:4 one");
  CHECK(place(sources, a, 7) == "a.scn:2:4 two"); // where something is missing at the end of a file
  CHECK(place(sources, b, 0) == "b.scn:1:1 three");
  CHECK(sources.source_of(sources.base(a) + 7) == a);
  CHECK(sources.source_of(sources.base(b)) == b);
  SECTION("behind a final newline stands one more line, which is empty") {
    const SourceId c = sources.add("c.scn", "x\n");
    CHECK(place(sources, c, 1) == "c.scn:1:2 x");
    CHECK(place(sources, c, 2) == "c.scn:2:1 ");
  }
}

TEST_CASE("the end of a line on Windows is no part of its text") {
  SourceSet sources;
  const SourceId id = sources.add("a.scn", "one\r\ntwo\r\n");
  CHECK(place(sources, id, 0) == "a.scn:1:1 one");
  CHECK(place(sources, id, 5) == "a.scn:2:1 two");
  CHECK(place(sources, id, 7) == "a.scn:2:3 two");
  SECTION("a carriage return elsewhere is one more byte of its line") {
    const SourceId odd = sources.add("b.scn", "a\rb\n");
    CHECK(place(sources, odd, 2) == "b.scn:1:3 a\rb");
  }
}

TEST_CASE("an empty text has a place too") {
  SourceSet sources;
  const SourceId a = sources.add("a.scn", "");
  const SourceId b = sources.add("b.scn", "");
  const SourceId c = sources.add("c.scn", "x");
  CHECK(place(sources, a, 0) == "a.scn:1:1 ");
  CHECK(place(sources, b, 0) == "b.scn:1:1 ");
  CHECK(place(sources, c, 0) == "c.scn:1:1 x");
  CHECK(sources.size() == 3);
}

TEST_CASE("no text begins at offset zero, which means no place") {
  SourceSet sources;
  const SourceId id = sources.add("a.scn", "x = 1");
  CHECK(sources.base(id) > 0);
  CHECK(sources.text(Span{}).empty());
  CHECK_FALSE(sources.is_library(Span{}));
}

TEST_CASE("a span gives its text back, in whichever text it is") {
  SourceSet sources;
  const SourceId a = sources.add("a.scn", "capex = 1");
  const SourceId b = sources.add("b.scn", "资本支出 = 2");
  const auto span = [&](SourceId id, std::uint32_t from, std::uint32_t to) {
    return Span{sources.base(id) + from, sources.base(id) + to};
  };
  CHECK(sources.text(span(a, 0, 5)) == "capex");
  CHECK(sources.text(span(a, 8, 9)) == "1");
  CHECK(sources.text(span(b, 0, 12)) == "资本支出");
  CHECK(sources.text(span(a, 9, 9)).empty());
  CHECK(sources.text(a) == "capex = 1");
  CHECK(sources.name(b) == "b.scn");
}

TEST_CASE("what ships with the program is told apart from what a person wrote") {
  SourceSet sources;
  const SourceId mine = sources.add("a.scn", "x");
  const SourceId shipped = sources.add("std.growth", "fn", SourceSet::Origin::library);
  const SourceId more = sources.add("b.scn", "y");
  const auto all_of = [&](SourceId id) {
    const auto base = sources.base(id);
    return Span{base, base + static_cast<std::uint32_t>(sources.text(id).size())};
  };
  CHECK_FALSE(sources.is_library(all_of(mine)));
  CHECK(sources.is_library(all_of(shipped)));
  CHECK_FALSE(sources.is_library(all_of(more)));
}

TEST_CASE("a text stays where it is when others are added") {
  SourceSet sources;
  const SourceId first = sources.add("a.scn", "short"); // held inside the string object itself
  const std::string_view text = sources.text(first);
  for (int i = 0; i < 1000; ++i)
    sources.add("more.scn", std::string(static_cast<std::size_t>(i % 40), 'x'));
  CHECK(text == "short");
  CHECK(text.data() == sources.text(first).data());
}

TEST_CASE("every offset of many random texts is found as by counting") {
  std::mt19937 random(11);
  SourceSet sources;
  std::vector<std::string> texts;
  for (int i = 0; i < 60; ++i) {
    std::string text;
    for (auto n = random() % 40; n > 0; --n)
      text += "ab\n\n\r "[random() % 6];
    sources.add(std::to_string(i), text);
    texts.push_back(text);
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    for (std::size_t at = 0; at <= texts[i].size(); ++at) {
      const auto offset = sources.base(SourceId{i}) + static_cast<std::uint32_t>(at);
      const Position p = sources.locate(offset);
      REQUIRE(p.source == SourceId{i});
      REQUIRE(p.line == line);
      REQUIRE(p.column == column);
      REQUIRE(p.text_begin + column - 1 == offset);
      REQUIRE(p.text.find('\n') == std::string_view::npos);
      ++column;
      if (at < texts[i].size() && texts[i][at] == '\n') {
        ++line;
        column = 1;
      }
    }
  }
}
