#include "lang/syntax/parse.hpp"
#include "lang/syntax/tokenize.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace scn;

namespace {

struct Read {
  SourceSet sources;
  Interner interner;
  Diagnostics diagnostics;
  ast::Tree tree;

  explicit Read(std::string text) {
    const TokenStream stream =
        tokenize(sources, sources.add("a.scn", std::move(text)), diagnostics);
    tree = parse(sources, stream, interner, diagnostics);
  }
  std::string dumped() const { return dump(sources, interner, tree); }
  /// The codes of all complaints with the line where each stands: "E0201@1 E0205@4".
  std::string codes() const {
    std::string out;
    for (Diagnostic const& d : diagnostics.sorted())
      out += (out.empty() ? "" : " ") + std::string(number_of(d.code)) + '@'
             + std::to_string(sources.locate(d.primary.span.begin).line);
    return out;
  }
  /// The only statement as a table.
  ast::Table const& table() const {
    REQUIRE_FALSE(tree.statements.empty());
    auto const* const* t = std::get_if<ast::Table const*>(&tree.statements[0]->node);
    REQUIRE(t != nullptr);
    return **t;
  }
};

/// The tree of a text without errors.
std::string tree(std::string text) {
  const Read read(std::move(text));
  return read.codes() + read.dumped();
}
std::string errors(std::string text) { return Read(std::move(text)).codes(); }

} // namespace

TEST_CASE("a table has a head and one row a line") {
  CHECK(tree("table capex in 亿 USD from caijing \"line 44\" {\n"
             "            | 2024 | 2025                              |\n"
             "  microsoft | 756  | unknown \"no 2025 guidance given\"  |\n"
             "  amazon    | 777  | over 1000 guidance                |\n"
             "  meta      | 373  | 600..650 guidance                 |\n"
             "}")
        == "table capex in 亿 USD from caijing \"line 44\" | 2024 | 2025\n"
           "  row microsoft | 756 | unknown \"no 2025 guidance given\"\n"
           "  row amazon | 777 | over 1000 guidance\n"
           "  row meta | 373 | 600..650 guidance\n");
}

TEST_CASE("what stands in the head of a table") {
  CHECK(tree("table x { | 2024\n a | 1 }") == "table x | 2024\n  row a | 1\n");
  CHECK(tree("table x[amazon, 2024..] { | b\n a | 1 }")
        == "table x [amazon, 2024..] | b\n  row a | 1\n");
  CHECK(tree("table x[plan = p] in USD/card { | b\n a | 1 }")
        == "table x [plan = p] in USD/card | b\n  row a | 1\n");
  CHECK(tree("table x in % from s { | b\n a | 1 }") == "table x in % from s | b\n  row a | 1\n");
  CHECK(tree("table x in 万\n  from s \"p. 3\" { | b\n a | 1 }")
        == "table x in 万 from s \"p. 3\" | b\n  row a | 1\n");
  SECTION("the source may stand behind the braces as well") {
    CHECK(tree("table x { | b\n a | 1\n} from s \"p\"")
          == "table x from s \"p\" | b\n  row a | 1\n");
  }
}

TEST_CASE("the bar at the end of a row is free") {
  const std::string expected = "table x | 2024 | 2025\n  row a | 1 | 2\n  row b | 3 | 4\n";
  CHECK(tree("table x {\n | 2024 | 2025\n a | 1 | 2\n b | 3 | 4\n}") == expected);
  CHECK(tree("table x {\n | 2024 | 2025 |\n a | 1 | 2 |\n b | 3 | 4 |\n}") == expected);
  CHECK(tree("table x {\n | 2024 | 2025 |\n a | 1 | 2\n b | 3 | 4 |\n}") == expected);
  CHECK(tree("table x {|2024|2025;a|1|2;b|3|4}") == expected);
}

TEST_CASE("rows and head name members and periods, several at once too") {
  CHECK(tree("table x {\n | 2024H1, a | FY2025Q2, b | c, 2026\n d, e | 1 | 2 | 3\n 2027 | 4 | 5 | "
             "6\n}")
        == "table x | 2024H1 a | FY2025Q2 b | c 2026\n  row d e | 1 | 2 | 3\n  row 2027 | 4 | 5 | "
           "6\n");
  SECTION("and a row needs no label where the head and the brackets say all") {
    CHECK(tree("table x {\n | 2024 | 2025\n | 1 | 2\n}")
          == "table x | 2024 | 2025\n  row | 1 | 2\n");
  }
}

TEST_CASE("a field is empty, a dash, unknown or a figure") {
  const Read read("table x {\n | 2024 | 2025 | 2026 | 2027\n a | | – | 5 | 5 year\n b | 1 | | |\n "
                  "c | | | | 7 |\n d || — || 8\n}");
  CHECK(read.codes().empty());
  using Kind = ast::Field::Kind;
  std::vector<std::vector<Kind>> kinds;
  for (ast::Row const& row : read.table().rows) {
    kinds.emplace_back();
    for (ast::Field const& field : row.fields)
      kinds.back().push_back(field.kind);
  }
  CHECK(kinds
        == std::vector<std::vector<Kind>>{
            {Kind::empty, Kind::not_applying, Kind::number, Kind::figure},
            {Kind::number, Kind::empty, Kind::empty, Kind::empty},
            {Kind::empty, Kind::empty, Kind::empty, Kind::number},
            {Kind::empty, Kind::not_applying, Kind::empty, Kind::number}});
  SECTION("only what is empty has no tree, and a bare number needs none") {
    auto const& first = read.table().rows[0].fields;
    CHECK(first[3].right != nullptr);
    CHECK(first[2].right == nullptr);
    CHECK(read.sources.text(first[2].span) == "5");
    CHECK(read.sources.text(first[3].span) == "5 year");
  }
}

TEST_CASE("each field has its own words, tags and source") {
  CHECK(tree("table x {\n | 2024 | 2025 | 2026\n"
             " a | about 5 亿 USD estimate | 600..650 at 620 guidance from d \"p. 2\" | 22% exact\n"
             " b | unknown from d | -3 | (1 + 2) * 3 actual from e\n"
             " c | 5 range 1..9 | 6 ~ normal(6, 1) | over 7 within 10%\n}")
        == "table x | 2024 | 2025 | 2026\n"
           "  row a | about 5 亿 USD estimate | 600..650 at 620 guidance from d \"p. 2\" | 22% "
           "exact\n"
           "  row b | unknown from d | (- 3) | (* (+ 1 2) 3) actual from e\n"
           "  row c | 5 range 1..9 | 6 ~ (call normal 6 1) | over 7 within 10%\n");
}

TEST_CASE("empty lines and comments are no rows") {
  CHECK(tree("table x {   # what it is\n\n # a comment\n\n | 2024 # the year\n\n a | 1 # | 2\n # b "
             "| 3\n\n}\ny = 1")
        == "table x | 2024\n  row a | 1\nequation y = 1\n");
  CHECK(tree("table x {\r\n | 2024 |\r\n a | 1 |\r\n}\r\n") == "table x | 2024\n  row a | 1\n");
}

TEST_CASE("a row with too few or too many fields is reported beside the head") {
  const Read read(
      "table x {\n | 2024 | 2025\n a | 1\n b | 1 | 2 | 3\n c | 4 | 5\n d | 6 | 7 | |\n e |\n}");
  CHECK(read.codes() == "E0210@3 E0210@4 E0210@6 E0210@7");
  CHECK(read.dumped() == "table x | 2024 | 2025\n  row c | 4 | 5\n");
  Diagnostic const d = read.diagnostics.sorted()[0];
  CHECK_THAT(d.headline, scn_test::contains("1 field,"));
  CHECK_THAT(d.headline, scn_test::contains("2 columns"));
  REQUIRE(d.others.size() == 1);
  CHECK(read.sources.text(d.others[0].span) == "2024 | 2025");
}

TEST_CASE("what is wrong in one row hides nothing of the others") {
  const Read read("table x {\n"
                  " | 2024 | 2025\n"
                  " a | 1 | * 2\n"         // no expression
                  " b | 1 | 2\n"           //
                  " c d | 3 | 4\n"         // two names
                  " e | 5 | 6 7\n"         // two numbers
                  " first | 8 | 9\n"       // a word of the language
                  " f | 10 | 1,000\n"      // read as meant, and reported
                  " g | 2025-02-30 | 10\n" // no such day
                  " h | 11 | 12\n"         //
                  " i\n"                   // no field
                  " j | 13 | 14 = 15\n"    //
                  " k | 16 | 17 actual guidance\n"
                  " l | 18 | 19\n"
                  "}\n"
                  "y = 1");
  CHECK(read.codes()
        == "E0201@3 E0201@5 E0201@6 E0207@7 E0105@8 E0106@9 E0201@11 E0201@12 E0209@13");
  for (std::string good : {"  row b | 1 | 2\n", "  row l | 18 | 19\n", "equation y = 1\n"}) {
    INFO(good);
    CHECK_THAT(read.dumped(), scn_test::contains(good));
  }
  CHECK(read.tree.statements.at(0)->broken);
  CHECK_FALSE(read.tree.statements.at(1)->broken);
}

TEST_CASE("a table without a head is told so and its rows are not misread") {
  const Read read("table x {\n a | 1\n b | 2\n}\ny = 1");
  CHECK(read.codes() == "E0201@2");
  CHECK_THAT(read.diagnostics.sorted()[0].headline, scn_test::contains("head"));
  CHECK_THAT(read.dumped(), scn_test::contains("equation y = 1\n"));
  CHECK(errors("table x { }") == "E0201@1");
}

TEST_CASE("a table that is never closed is reported where it opens") {
  CHECK(errors("table x {\n | 2024\n a | 1\n") == "E0205@1");
  CHECK(errors("table x\n{\n | 2024\n a | 1\n}\ny = 1") == "E0206@2");
  CHECK_THAT(Read("table x\n{\n | 2024\n a | 1\n}\ny = 1").dumped(),
             scn_test::contains("  row a | 1\nequation y = 1\n"));
  CHECK(errors("table x in USD\ny = 1") == "E0201@1");
}

TEST_CASE("a table from a file says which column holds what") {
  CHECK(tree("table capex in 亿 USD from \"capex.csv\" { company = \"firm\"; value = \"amount\" }")
        == "table capex in 亿 USD from \"capex.csv\" company=\"firm\" value=\"amount\"\n");
  CHECK(tree("table x from \"x.csv\" {\n  company = \"firm\"\n\n  value = \"amount\"\n}")
        == "table x from \"x.csv\" company=\"firm\" value=\"amount\"\n");
  const Read read(
      "table x from \"x.csv\" {\n  company = firm\n  value = \"amount\"\n  = 3\n}\ny = 1");
  CHECK(read.codes() == "E0201@2");
  CHECK_THAT(read.dumped(), scn_test::contains("value=\"amount\""));
  CHECK_THAT(read.dumped(), scn_test::contains("equation y = 1\n"));
}

TEST_CASE("a large table is read without a tree for its numbers") {
  std::string text = "table x {\n | 2024 | 2025\n";
  for (int i = 0; i < 100'000; ++i)
    text += "m" + std::to_string(i) + " | " + std::to_string(i) + " | |\n";
  const Read read(text + "}\ny = 1");
  CHECK(read.codes().empty());
  REQUIRE(read.table().rows.size() == 100'000);
  ast::Row const& last = read.table().rows.back();
  CHECK(read.sources.text(last.span) == "m99999 | 99999 | |");
  CHECK(last.fields[0].right == nullptr);
  CHECK(last.fields[1].kind == ast::Field::Kind::empty);
  CHECK(read.tree.statements.size() == 2);
}

TEST_CASE("a table from a file names its source behind the braces") {
  CHECK(tree("table x from \"f\" { period = \"y\" } from s")
        == "table x from \"f\" s period=\"y\"\n");
  CHECK(Read("table x from s { | 2024 |\n a | 1 } from s").codes() == "E0209@2");
}

TEST_CASE("a table that is never closed hides nothing of what follows") {
  CHECK(Read("table x {\n | 2024\n a | 1\nflow y : USD").codes() == "E0205@1");
  CHECK(Read("table x {").codes() == "E0205@1");
}

TEST_CASE("what names a row or a column is a name or a period, no formula") {
  CHECK(errors("table x {\n | 2024 + 1\n a | 1\n}") == "E0201@2");
  CHECK(errors("table x {\n | 2024 yearly\n a | 1\n}") == "E0201@2");
  CHECK(errors("table x {\n | a\n 2024[b] | 1\n}") == "E0201@3");
}

TEST_CASE("a head of one bar has one column without a name") {
  CHECK(tree("table x {\n |\n a | 1\n b | 2 |\n}") == "table x |\n  row a | 1\n  row b | 2\n");
  CHECK(errors("table x {\n |\n a | 1 | 2\n}") == "E0210@3");
}

TEST_CASE("each column of a file is a line, or ends in a semicolon") {
  CHECK(errors("table x from \"f\" {\n company = \"c\" value = \"v\"\n}\ny = 1") == "E0201@2");
  CHECK(errors("table x from \"f\" {\n company = \"c\" |\n value = \"v\"\n}\ny = 1") == "E0201@2");
}
