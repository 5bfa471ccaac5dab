#include "lang/source/interner.hpp"

#include "lang/source/arena.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

using namespace scn;

TEST_CASE("equal spellings have equal symbols and no others have") {
  Interner interner;
  const Symbol capex = interner.intern("capex");
  const Symbol spending = interner.intern("资本支出");
  CHECK(capex.valid());
  CHECK(interner.intern("capex") == capex);
  CHECK(interner.intern(std::string("cap") + "ex") == capex);
  CHECK(spending != capex);
  CHECK(interner.text(capex) == "capex");
  CHECK(interner.text(spending) == "资本支出");
  CHECK(interner.size() == 2);
  SECTION("upper and lower case are different names") {
    CHECK(interner.intern("Capex") != capex);
    CHECK(interner.size() == 3);
  }
  SECTION("a name is not cut at a NUL byte") {
    const std::string odd("capex\0x", 7);
    CHECK(interner.intern(odd) != capex);
    CHECK(interner.text(interner.intern(odd)) == odd);
  }
  SECTION("the empty spelling is one like any other") {
    const Symbol empty = interner.intern("");
    CHECK(empty.valid());
    CHECK(interner.text(empty).empty());
    CHECK(interner.intern("") == empty);
  }
}

TEST_CASE("looking a spelling up does not keep it") {
  Interner interner;
  CHECK_FALSE(interner.find("capex").valid());
  CHECK(interner.size() == 0);
  const Symbol capex = interner.intern("capex");
  CHECK(interner.find("capex") == capex);
  CHECK_FALSE(interner.find("cape").valid());
  CHECK_FALSE(interner.find("capexx").valid());
  CHECK(interner.size() == 1);
}

TEST_CASE("the interner owns its spellings") {
  Interner interner;
  Symbol symbol;
  {
    std::string spelling = "a name that is too long for any small string";
    symbol = interner.intern(spelling);
    spelling.assign(spelling.size(), 'x'); // must not show through
  }
  CHECK(interner.text(symbol) == "a name that is too long for any small string");
  CHECK(interner.find("a name that is too long for any small string") == symbol);
}

TEST_CASE("spellings stay where they are however many follow") {
  Interner interner;
  std::vector<std::string_view> texts;
  std::vector<char const*> places;
  // Short ones live inside their strings, so a moving string would take its text with it.
  for (int i = 0; i < 20000; ++i) {
    const Symbol s = interner.intern("n" + std::to_string(i));
    texts.push_back(interner.text(s));
    places.push_back(interner.text(s).data());
  }
  for (int i = 0; i < 20000; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::string spelling = "n" + std::to_string(i);
    REQUIRE(texts[at] == spelling);
    REQUIRE(interner.text(interner.find(spelling)).data() == places[at]);
  }
  CHECK(interner.size() == 20000);
}

TEST_CASE("the interner agrees with a map") {
  std::mt19937 random(3);
  Interner interner;
  std::unordered_map<std::string, Symbol> expected;
  for (int i = 0; i < 20000; ++i) {
    std::string spelling;
    for (auto n = random() % 4; n > 0; --n)
      spelling += static_cast<char>('a' + random() % 4);
    const auto known = expected.find(spelling);
    CHECK(interner.find(spelling) == (known == expected.end() ? Symbol{} : known->second));
    const Symbol symbol = interner.intern(spelling);
    const auto kept = expected.emplace(spelling, symbol).first;
    CHECK(symbol == kept->second);
    CHECK(interner.text(symbol) == spelling);
  }
  CHECK(interner.size() == expected.size());
}

TEST_CASE("an id that was never given is not valid") {
  CHECK_FALSE(Symbol{}.valid());
  CHECK(Symbol{0}.valid());
  CHECK(Symbol{0} < Symbol{1});
  CHECK(Symbol{} == Symbol{});
}

// Texts and lists of a tree live in an arena, which has no file of its own.

TEST_CASE("what an arena gives is aligned, apart from all else, and stays when the arena moves") {
  struct Wide {
    std::uint64_t value;
    char more[40];
  };
  Arena arena;
  std::vector<std::pair<char*, std::size_t>> blocks;
  std::vector<Wide*> wides;
  std::mt19937 random(5);
  for (int i = 0; i < 5000; ++i) {
    // Odd sizes between the wide ones: without care the next one would not be aligned.
    const std::size_t size = random() % 100 + 1;
    char* bytes = arena.array<char>(size);
    std::fill(bytes, bytes + size, static_cast<char>(i % 100));
    blocks.emplace_back(bytes, size);
    Wide* wide = arena.make<Wide>(static_cast<std::uint64_t>(i));
    REQUIRE(reinterpret_cast<std::uintptr_t>(wide) % alignof(Wide) == 0);
    wides.push_back(wide);
  }
  char* huge = arena.array<char>(1'000'000); // larger than any chunk
  std::fill(huge, huge + 1'000'000, 'h');
  const Arena moved = std::move(arena);
  for (std::size_t i = 0; i < wides.size(); ++i) {
    REQUIRE(wides[i]->value == i);
    const std::string expected(blocks[i].second, static_cast<char>(i % 100));
    REQUIRE(std::string_view(blocks[i].first, blocks[i].second) == expected);
  }
}

TEST_CASE("a list in an arena grows and its copies keep their length") {
  Arena arena;
  List<int> list;
  CHECK(list.empty());
  CHECK(list.begin() == list.end());
  for (int i = 0; i < 1000; ++i)
    list.push(arena, i);
  const List<int> copy = list;
  list.push(arena, 1000);
  CHECK(copy.size() == 1000);
  CHECK(list.size() == 1001);
  CHECK(list.back() == 1000);
  int expected = 0;
  for (int i : list)
    REQUIRE(i == expected++);
  CHECK(expected == 1001);
  CHECK(arena.copy("资本支出") == "资本支出");
  CHECK(arena.copy("").empty());
}
