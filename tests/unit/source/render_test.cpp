#include "lang/source/render.hpp"

#include "lang/source/unicode.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace scn;

namespace {

/// One text and complaints about places in it, which are found by their words.
struct Page {
  SourceSet sources;
  SourceId id;
  Diagnostics diagnostics;

  explicit Page(std::string text) : id(sources.add("a.scn", std::move(text))) {}

  Span of(std::string_view word) const {
    const auto at = sources.text(id).find(word);
    REQUIRE(at != std::string_view::npos);
    const auto begin = sources.base(id) + static_cast<std::uint32_t>(at);
    return {begin, begin + static_cast<std::uint32_t>(word.size())};
  }
  Diagnostic& about(std::string_view word, std::string headline, std::string label = {}) {
    return diagnostics.report(Code::unknown_name, of(word), std::move(headline), std::move(label));
  }
};

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> out(1);
  for (char c : text) {
    if (c == '\n') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

/// A text without the sequences that set a terminal's colours.
std::string without_colors(std::string text) {
  for (std::size_t at; (at = text.find('\x1b')) != std::string::npos;)
    text.erase(at, text.find('m', at) + 1 - at);
  return text;
}

} // namespace

TEST_CASE("a complaint shows its code, its place, the line and what to do") {
  Page page("let a : 1 = 1\nlet b : 1 = capx * 2\n");
  Diagnostic& d =
      page.about("capx", "there is no `capx`", "unknown name").hint("did you mean `capex`?");
  d.hint("or declare it");
  CHECK(render(d, page.sources)
        == "error[E0301]: there is no `capx`\n"
           " --> a.scn:2:13\n"
           "  |\n"
           "2 | let b : 1 = capx * 2\n"
           "  |             ^^^^ unknown name\n"
           "  = hint: did you mean `capex`?\n"
           "  = hint: or declare it\n");
}

TEST_CASE("a warning is called one") {
  Page page("x = 1\n");
  Diagnostic& d =
      page.diagnostics.report(Code::dead_override, page.of("x"), "this changes nothing");
  CHECK(render(d, page.sources)
        == "warning[W0901]: this changes nothing\n"
           " --> a.scn:1:1\n"
           "  |\n"
           "1 | x = 1\n"
           "  | ^\n");
}

TEST_CASE("a complaint about no place is its headline and its hints") {
  Page page("x = 1\n");
  Diagnostic& d = page.diagnostics.report(Code::missing_file, {}, "there is no file `b.scn`");
  d.hint("look again");
  CHECK(render(d, page.sources)
        == "error[E1001]: there is no file `b.scn`\n"
           "  = hint: look again\n");
}

TEST_CASE("carets stand under their words however wide the characters before are") {
  Page page("资本支出 = 坏的 + 2 # 注\n");
  CHECK(render(page.about("坏的", "no `坏的`"), page.sources)
        == "error[E0301]: no `坏的`\n"
           " --> a.scn:1:16\n" // in bytes, as an editor counts
           "  |\n"
           "1 | 资本支出 = 坏的 + 2 # 注\n"
           "  |            ^^^^\n");
}

TEST_CASE("a tab is shown as one space so that carets do not slip") {
  Page page("\tx\t= bad\r\n");
  const auto lines = lines_of(render(page.about("bad", "no"), page.sources));
  REQUIRE(lines.size() == 6);
  CHECK(lines[3] == "1 |  x = bad"); // and no carriage return
  CHECK(lines[4] == "  |      ^^^");
}

TEST_CASE("the other half of the story stands below, with its own lines") {
  Page page("flow capex : USD\nx = 1\nlet capex : 1\n");
  auto const all = page.sources.text(page.id);
  const auto second = page.sources.base(page.id) + static_cast<std::uint32_t>(all.rfind("capex"));
  Diagnostic& d = page.diagnostics.report(Code::name_taken, {second, second + 5},
                                          "`capex` is taken", "again here");
  d.at(page.of("capex"), "first here");
  CHECK(render(d, page.sources)
        == "error[E0302]: `capex` is taken\n"
           " --> a.scn:3:5\n"
           "  |\n"
           "3 | let capex : 1\n"
           "  |     ^^^^^ again here\n"
           "  :\n"
           "1 | flow capex : USD\n"
           "  |      ----- first here\n");
}

TEST_CASE("two places on one line share it") {
  Page page("capex + card\n");
  Diagnostic& d = page.about("card", "units differ", "this is cards");
  d.at(page.of("capex"), "this is money");
  CHECK(render(d, page.sources)
        == "error[E0301]: units differ\n"
           " --> a.scn:1:9\n"
           "  |\n"
           "1 | capex + card\n"
           "  |         ^^^^ this is cards\n"
           "  | ----- this is money\n");
}

TEST_CASE("a place in another file is named with it") {
  Page page("x = 1\n");
  const SourceId other = page.sources.add("b.scn", "one\ntwo\n");
  const auto base = page.sources.base(other);
  Diagnostic& d = page.about("x", "twice", "here");
  d.at({base + 4, base + 7}, "and there").at({}, "a label without a place is left out");
  CHECK(render(d, page.sources)
        == "error[E0301]: twice\n"
           " --> a.scn:1:1\n"
           "  |\n"
           "1 | x = 1\n"
           "  | ^ here\n"
           " --> b.scn:2:1\n"
           "  |\n"
           "2 | two\n"
           "  | --- and there\n");
}

TEST_CASE("line numbers of different lengths are aligned") {
  std::string text;
  for (int i = 1; i < 100; ++i)
    text += "x\n";
  Page page(text + "last\n");
  Diagnostic& d = page.about("last", "no", "here");
  d.at(page.of("x"), "there");
  CHECK(render(d, page.sources)
        == "error[E0301]: no\n"
           "   --> a.scn:100:1\n"
           "    |\n"
           "100 | last\n"
           "    | ^^^^ here\n"
           "    :\n"
           "  1 | x\n"
           "    | - there\n");
}

TEST_CASE("a place over several lines is marked on its first") {
  Page page("x = (1\n  + 2)\n");
  const auto lines = lines_of(render(page.about("(1\n  + 2)", "no"), page.sources));
  REQUIRE(lines.size() == 6);
  CHECK(lines[3] == "1 | x = (1");
  CHECK(lines[4] == "  |     ^^");
}

TEST_CASE("a place of no length, as the end of a file, still gets one caret") {
  Page page("x = ");
  const auto end = page.sources.base(page.id) + 4;
  Diagnostic& d = page.diagnostics.report(Code::expected_token, {end, end}, "more is expected");
  const auto lines = lines_of(render(d, page.sources));
  REQUIRE(lines.size() == 6);
  CHECK(lines[1] == " --> a.scn:1:5");
  CHECK(lines[4] == "  |     ^");
}

TEST_CASE("a very long line is shown around its culprit only") {
  std::string text;
  while (text.size() < 5000)
    text += "a ";
  Page page(text + "culprit " + text);
  const auto lines = lines_of(render(page.about("culprit", "no"), page.sources));
  REQUIRE(lines.size() == 6);
  CHECK(display_width(lines[3]) < 200);
  CHECK_THAT(lines[3], scn_test::contains("…a "));
  CHECK_THAT(lines[3], scn_test::contains(" culprit a a"));
  CHECK(lines[3].substr(lines[3].size() - 3) == "…");
  // The carets stand under the word although the line begins somewhere else.
  const auto column = display_width(lines[3].substr(0, lines[3].find("culprit")));
  CHECK(lines[4] == "  |" + std::string(column - 3, ' ') + "^^^^^^^");
}

TEST_CASE("a long line is cut between characters and not inside one") {
  for (std::size_t before = 0; before < 6; ++before) {
    std::string text(before, 'a'); // so that a cut by bytes would fall on every part of a character
    for (int i = 0; i < 500; ++i)
      text += "资";
    Page page(text + "culprit" + text);
    const auto lines = lines_of(render(page.about("culprit", "no"), page.sources));
    REQUIRE(lines.size() == 6);
    CHECK(display_width(lines[3]) < 200);
    CHECK(find_malformed(lines[3]) == std::string::npos);
  }
}

TEST_CASE("colours change nothing but colours") {
  Page page("capex + card\n");
  Diagnostic& d = page.about("card", "units differ", "cards");
  d.at(page.of("capex"), "money").hint("convert one");
  const std::string colored = render(d, page.sources, true);
  CHECK_THAT(colored, scn_test::contains("\x1b["));
  CHECK(without_colors(colored) == render(d, page.sources));
}

TEST_CASE("the nearest name is proposed and only if it is near") {
  const std::vector<std::string_view> names = {"capex", "growth", "depreciation", "资本支出", "t1"};
  CHECK(nearest_name("capx", names) == "capex");   // a letter left out
  CHECK(nearest_name("cappex", names) == "capex"); // one too many
  CHECK(nearest_name("cpaex", names) == "capex");  // two changed places
  CHECK(nearest_name("Capex", names) == "capex");  // in another case
  CHECK(nearest_name("depreciaton", names) == "depreciation");
  CHECK(nearest_name("depriciattion", names) == "depreciation");
  CHECK(nearest_name("资本指出", names) == "资本支出"); // counted in characters, not in bytes
  CHECK(nearest_name("revenue", names).empty());
  CHECK(nearest_name("grab", names).empty());
  CHECK(nearest_name("x", {}).empty());
  SECTION("of equally near ones it is always the same, whatever their order") {
    CHECK(nearest_name("cap3", {"cap2", "cap1"}) == "cap1");
    CHECK(nearest_name("cap3", {"cap1", "cap2"}) == "cap1");
  }
  SECTION("the nearer one wins over the first") {
    CHECK(nearest_name("amazons", {"amazing", "amazon"}) == "amazon");
  }
  SECTION("a name is not proposed in place of itself") {
    CHECK(nearest_name("capex", {"capex"}).empty());
  }
}
