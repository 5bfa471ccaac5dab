#include "lang/syntax/tokenize.hpp"

#include "lang/syntax/parse.hpp"
#include "tests/support/catch.hpp"

#include <random>
#include <string>
#include <vector>

using namespace scn;

namespace {

struct Cut {
  SourceSet sources;
  Diagnostics diagnostics;
  TokenStream stream;

  explicit Cut(std::string text)
      : stream(tokenize(sources, sources.add("a.scn", std::move(text)), diagnostics)) {}

  std::string_view text(Token const& token) const { return sources.text(token.span); }
  /// All tokens by their spelling, with `/` where a statement ends: "x = 1 / y = 2 /".
  std::string words() const {
    std::string out;
    for (Token const& token : stream.tokens) {
      if (token.kind == TokenKind::end_of_file) break;
      if (!out.empty()) out += ' ';
      out += token.kind == TokenKind::end_of_statement ? "/" : text(token);
    }
    return out;
  }
  /// The codes of all complaints with the byte where each begins: "E0102@4".
  std::string complaints() const {
    std::string out;
    for (Diagnostic const& d : diagnostics.sorted())
      out += (out.empty() ? "" : " ") + std::string(number_of(d.code)) + '@'
             + std::to_string(d.primary.span.begin - sources.base(stream.source));
    return out;
  }
};

std::string words(std::string text) { return Cut(std::move(text)).words(); }
std::string complaints(std::string text) { return Cut(std::move(text)).complaints(); }

/// Tokens by kind: "number name".
std::string kinds(std::string text) {
  const Cut cut(std::move(text));
  std::string out;
  for (Token const& token : cut.stream.tokens) {
    if (token.kind == TokenKind::end_of_statement) break;
    out += (out.empty() ? "" : " ") + std::string(describe(token.kind));
  }
  return out;
}

} // namespace

TEST_CASE("a statement ends with its line, at a semicolon and before a closing brace") {
  CHECK(words("x = 1\ny = 2") == "x = 1 / y = 2 /");
  CHECK(words("x = 1; y = 2;") == "x = 1 / y = 2 /");
  CHECK(words("s { x = 1; y = 2 }") == "s { x = 1 / y = 2 / } /");
  CHECK(words("s {\n  x = 1\n}\n") == "s { x = 1 / } /");
  SECTION("empty lines and lone semicolons end nothing twice") {
    CHECK(words("\n\n;;x = 1\n;\n;\n\ny = 2\n\n") == "x = 1 / y = 2 /");
    CHECK(words("s { }") == "s { } /");
    CHECK(words("").empty());
    CHECK(words("# only a comment").empty());
  }
  SECTION("indentation means nothing") {
    CHECK(words("x = 1\n      y = 2\n\tz = 3") == "x = 1 / y = 2 / z = 3 /");
  }
}

TEST_CASE("a line goes on inside parentheses and brackets") {
  CHECK(words("x = f(\n  a,\n  b\n)\ny") == "x = f ( a , b ) / y /");
  CHECK(words("x[\n2024\n] = 1") == "x [ 2024 ] = 1 /");
  CHECK(words("x = (a[\n1\n]\n)\ny") == "x = ( a [ 1 ] ) / y /");
}

TEST_CASE("a line goes on after an operator that wants more") {
  for (std::string op : {"+", "-",  "*",  "/", "^",   "==", "!=",   "<",    "<=",   ">",    ">=",
                         "=", "*=", "+=", ",", "and", "or", "then", "else", "over", "where"}) {
    INFO(op);
    CHECK(words("a " + op + "\nb") == "a " + op + " b /");
    CHECK(words("a " + op + " # why\n\n  # more\nb") == "a " + op + " b /");
  }
}

TEST_CASE("a line goes on before a line that begins with an operator or a word of a tail") {
  for (std::string op : {"+",    "-",     "*",    "/",     "^",      "==",     "!=",   "<",
                         "<=",   ">",     ">=",   "~",     "and",    "or",     "then", "else",
                         "over", "where", "from", "range", "within", "extends"}) {
    INFO(op);
    CHECK(words("a\n" + op + " b") == "a " + op + " b /");
    CHECK(words("a\n\n  # why\n" + op + " b") == "a " + op + " b /");
  }
  CHECK(words("a\nweighted by b") == "a weighted by b /");
}

TEST_CASE("nothing else continues a line") {
  for (std::string word :
       {"in", "..", "|", "t", "not", "if", "actual", "exact", "known", "{", "["}) {
    INFO(word);
    CHECK(words("a\n" + word + " b").starts_with("a / " + word));
  }
  for (std::string word : {"in", "..", "|", "from", "range", "not", "if", ":", "~"}) {
    INFO(word);
    CHECK(words("a " + word + "\nb").starts_with("a " + word + " / b"));
  }
}

TEST_CASE("inside a table a line is a row, whatever it ends or begins with") {
  CHECK(words("table x {\n | 2024 |\n a | 1 +\n b | 2 }\ny =\n1")
        == "table x { | 2024 | / a | 1 + / b | 2 / } / y = 1 /");
  CHECK(words("table x {\n a | 1 ,\n - | 2\n}") == "table x { a | 1 , / - | 2 / } /");
  SECTION("and other braces are none of its own") {
    CHECK(words("scenario s {\n x = 1 +\n 2\n}") == "scenario s { x = 1 + 2 / } /");
    CHECK(words("x = table {\n a +\n b }") == "x = table { a + b / } /"); // no table begins there
  }
}

TEST_CASE("an unclosed bracket does not swallow the statements behind it") {
  // No name is a word of the language, so such a word at the start of a line begins a statement.
  CHECK(words("x = (1 + 2\nflow y : USD\nz = 3") == "x = ( 1 + 2 / flow y : USD / z = 3 /");
  CHECK(words("x = a[2024\nscenario s {\n y = 1\n}") == "x = a [ 2024 / scenario s { y = 1 / } /");
  CHECK(words("scenario s {\n x = (1\n}\ny = 2\nz = 3")
        == "scenario s { x = ( 1 / } / y = 2 / z = 3 /");
  CHECK(words("x = 1)\ny = 2\nz = 3") == "x = 1 ) / y = 2 / z = 3 /");
}

TEST_CASE("names are of any script, and a word of the language only as a whole") {
  CHECK(kinds("capex 资本支出 _x x_1 x2024 é") == "name name name name name name");
  CHECK(kinds("flow flows Flow overflow t t1 T in_") == "`flow` name name name `t` name name name");
  CHECK(kinds("yearly fiscal rows show periods for truth") == "name name name name name name name");
  for (std::size_t i = 0; i < token_kind_count; ++i) {
    const auto kind = static_cast<TokenKind>(i);
    if (!is_keyword(kind)) continue;
    std::string spelling(describe(kind));
    spelling = spelling.substr(1, spelling.size() - 2);
    INFO(spelling);
    const Cut cut(spelling);
    REQUIRE(cut.stream.tokens.size() == 3);
    CHECK(cut.stream.tokens[0].kind == kind);
    CHECK(cut.text(cut.stream.tokens[0]) == spelling);
  }
}

TEST_CASE("the grain with a hyphen is one word and a subtraction is not") {
  CHECK(words("timeline 2024..2026 half-yearly") == "timeline 2024 .. 2026 half-yearly /");
  CHECK(words("half - yearly") == "half - yearly /");
  CHECK(words("half-year") == "half - year /");
  CHECK(words("half-yearly_growth") == "half - yearly_growth /");
  CHECK(words("half-yearly增长") == "half - yearly增长 /");
}

TEST_CASE("numbers") {
  CHECK(kinds("756 75.6 1e9 1E-3 2e+3 1_000_000 1.5e3 0.5 007")
        == "number number number number number number number number number");
  CHECK(words("75.6 1_000.5 1E-3") == "75.6 1_000.5 1E-3 /");
  CHECK(words("2025..2028") == "2025 .. 2028 /");
  CHECK(words("1.5..2.5") == "1.5 .. 2.5 /");
  CHECK(words("5year 30m^2 22%") == "5 year 30 m ^ 2 22 % /");
  CHECK(kinds("1e") == "number name"); // no exponent follows: one of a unit `e`
  SECTION("have no comma and no point at either end") {
    CHECK(complaints("x = 1,000") == "E0105@4");
    CHECK(complaints("x = 12,345,678") == "E0105@4");
    CHECK(complaints("x = 5. + 1") == "E0105@4");
    CHECK(words("x = 12,345,678") == "x = 12,345,678 /");
    CHECK(kinds(".5") == "`.` number");
  }
  SECTION("while a list of numbers is one") {
    CHECK(complaints("f(1,000)").empty()); // inside a call commas separate
    CHECK(complaints("x = 1, 000").empty());
    CHECK(complaints("a 2024,2025").empty());
  }
}

TEST_CASE("a Chinese magnitude directly behind a digit is a word of its own") {
  CHECK(words("756亿美元") == "756 亿 美元 /");
  CHECK(words("1.8万亿美元 5千万 3百万人 2千瓦 9万")
        == "1.8 万亿 美元 5 千万 3 百万 人 2 千 瓦 9 万 /");
  CHECK(words("756 亿美元") == "756 亿美元 /"); // apart from the digit it is a name like 万科
  CHECK(words("万科 亿 千万里 x亿") == "万科 亿 千万里 x亿 /");
  CHECK(words("5kUSD 5bn") == "5 kUSD 5 bn /"); // Latin ones are never split
}

TEST_CASE("periods carry their part of the year in their spelling") {
  CHECK(kinds("2024H1 2024H2 2024Q1 2024Q4 2024M01 2024M12 FY2025 FY2025Q2 FY2025H1")
        == "period period period period period period period period period");
  CHECK(kinds("2024") == "number"); // which of the two it is shows only in its place
  SECTION("and what names no part of a year is a number with a unit") {
    for (std::string odd :
         {"2024H3", "2024Q0", "2024Q5", "2024M13", "2024M00", "2024M7", "2024Q3x"}) {
      INFO(odd);
      CHECK(kinds(odd) == "number name");
    }
    for (std::string odd : {"FY2025Q5", "FY2025H3", "FY25", "FY2025Q", "FY2025M01", "fy2025"}) {
      INFO(odd);
      CHECK(kinds(odd) == "name");
    }
  }
}

TEST_CASE("a date wins over subtraction if it is written without white space") {
  CHECK(kinds("2025-02-11") == "date");
  CHECK(words("2025 - 02 - 11") == "2025 - 02 - 11 /");
  CHECK(words("2025-2-11") == "2025 - 2 - 11 /");
  CHECK(words("x[2025-1]") == "x [ 2025 - 1 ] /");
  CHECK(words("2025-02-110") == "2025 - 02 - 110 /");
  CHECK(words("2025-02-11-1") == "2025-02-11 - 1 /");
  SECTION("there must be such a day") {
    for (std::string good : {"2024-02-29", "2000-02-29", "2025-12-31", "2025-01-01"})
      CHECK(complaints(good).empty());
    for (std::string bad : {"2025-02-29", "1900-02-29", "2025-13-01", "2025-00-10", "2025-04-31",
                            "2025-01-00", "2025-01-32"}) {
      INFO(bad);
      CHECK(complaints("x = " + bad) == "E0106@4");
      CHECK(kinds(bad) == "date"); // and nothing follows from it
    }
  }
}

TEST_CASE("operators are as long as they can be") {
  CHECK(words("a==b a<=b a>=b a!=b a*=b a+=b a..b")
        == "a == b a <= b a >= b a != b a *= b a += b a .. b /");
  CHECK(words("a = = b") == "a = = b /");
  CHECK(words("a<-b") == "a < - b /");
  CHECK(kinds("( ) [ ] , : . .. | ~ % + - * / ^ = < >")
        == "`(` `)` `[` `]` `,` `:` `.` `..` `|` `~` `%` `+` `-` `*` `/` `^` `=` `<` `>`");
  CHECK(kinds("– —") == "`–` `–`"); // both dashes are typed where a table says: does not apply
}

TEST_CASE("text in quotes ends on its line") {
  CHECK(words("model \"Big # four; { | \" # comment") == "model \"Big # four; { | \" /");
  CHECK(words(R"(model "a \" b \\" x)") == R"(model "a \" b \\" x /)");
  CHECK(complaints("model \"abc\ny = 1") == "E0104@6");
  CHECK(words("model \"abc\ny = 1") == "model \"abc / y = 1 /");
  CHECK(complaints("model \"abc\\\ny = 1")
        == "E0104@6"); // a backslash does not hide the line's end
  CHECK(complaints("model \"abc\\") == "E0104@6");
}

TEST_CASE("comments are kept and mean nothing") {
  const Cut cut("# plain\r\nx = 1 # behind\n## doc\ny = 2");
  CHECK(cut.words() == "x = 1 / y = 2 /");
  REQUIRE(cut.stream.comments.size() == 3);
  CHECK(cut.sources.text(cut.stream.comments[0].span) == "# plain"); // without the carriage return
  CHECK(cut.sources.text(cut.stream.comments[1].span) == "# behind");
  CHECK(cut.sources.text(cut.stream.comments[2].span) == "## doc");
  CHECK_FALSE(cut.stream.comments[1].doc);
  CHECK(cut.stream.comments[2].doc);
  for (Token const& token : cut.stream.tokens)
    CHECK(token.documented == (cut.text(token) == "y"));
}

TEST_CASE("a token knows whether white space or the start of a line is before it") {
  const Cut cut("a b(c)\n  d");
  auto const& tokens = cut.stream.tokens;
  REQUIRE(tokens.size() == 9);
  CHECK(tokens[0].first_on_line);
  CHECK_FALSE(tokens[0].after_space);
  CHECK(tokens[1].after_space);
  CHECK_FALSE(tokens[1].first_on_line);
  CHECK_FALSE(tokens[2].after_space);
  CHECK(tokens[6].first_on_line); // `d`, behind the end of the statement
}

TEST_CASE("a byte-order mark and Windows line ends are accepted") {
  CHECK(words("\xEF\xBB\xBFx = 1\r\ny = 2 +\r\n3\r\n") == "x = 1 / y = 2 + 3 /");
  CHECK(complaints("\xEF\xBB\xBFx = 1\r\n").empty());
  CHECK(complaints("x = 1\xEF\xBB\xBF") == "E0103@5"); // only at the very start
  CHECK(words("model \"a\"\r\nx") == "model \"a\" / x /");
}

TEST_CASE("malformed UTF-8 is an error that names the byte") {
  CHECK(complaints("x = \xFF 1") == "E0101@4");
  CHECK(complaints("名\xE5\x90 = 1") == "E0101@3"); // one: the whole text may be like that
  CHECK(complaints("model \"a\xFF\"") == "E0101@8");
  CHECK(complaints("x # a\xFF\ny") == "E0101@5");
  const Cut cut("\xEF\xBB\xBFx = \xFF");
  REQUIRE(cut.diagnostics.all().size() == 1);
  CHECK_THAT(cut.diagnostics.all()[0].headline, scn_test::contains("byte offset 7"));
  CHECK_THAT(cut.diagnostics.all()[0].primary.text, scn_test::contains("0xFF"));
}

TEST_CASE("a NUL byte is an error that names the byte") {
  const Cut cut(std::string("x = \0 1\ny = 2", 13));
  CHECK(cut.complaints() == "E0102@4");
  CHECK_THAT(cut.diagnostics.all()[0].headline, scn_test::contains("byte offset 4"));
  CHECK_THAT(cut.words(), scn_test::contains("/ y = 2 /"));
}

TEST_CASE("full-width punctuation is told with the form that is meant") {
  const Cut cut("x = f（1，２）");
  CHECK(cut.complaints() == "E0107@5 E0107@9 E0107@12 E0107@15");
  CHECK_THAT(cut.diagnostics.all()[0].hints.at(0), scn_test::contains("`(`"));
  CHECK_THAT(cut.diagnostics.all()[2].hints.at(0), scn_test::contains("`2`"));
  CHECK(complaints("x = 1；y = 2") == "E0107@5");
  CHECK(complaints("model \"（全角，没有问题）\" # ，也没有").empty());
  CHECK(complaints("x\u3000=\u30001").empty()); // an ideographic space separates as any other
  CHECK(words("x\u3000=\u30001") == "x = 1 /");
}

TEST_CASE("stray characters are reported one by one and nothing is lost") {
  CHECK(complaints("x = a $ b") == "E0103@6");
  CHECK(complaints("x = a & b ? c") == "E0103@6 E0103@10");
  CHECK(complaints("x = 🙂") == "E0103@4");
  CHECK_THAT(Cut("x = !a").diagnostics.all().at(0).hints.at(0), scn_test::contains("not x"));
}

TEST_CASE("whatever the text, the tokens are all of it in order") {
  const std::vector<std::string> parts = {
      "x",  "flow", "2024", "2024Q3", "亿",  "756亿", "\"a\"",  "\"",         "(",     ")",
      "[",  "]",    "{",    "}",      "\n",  ";",     " ",      "#c\n",       "##d\n", "table",
      "..", ".",    ",",    "=",      "+",   "|",     "–",      "，",         "\xFF",  "\r\n",
      "%",  "~",    "$",    "over",   "1.5", "1,000", "FY2025", "2025-02-11", "\u3000"};
  std::mt19937 random(4);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto n = random() % 30; n > 0; --n)
      text += parts[random() % parts.size()];
    const Cut cut(text);
    auto const& tokens = cut.stream.tokens;
    const auto base = cut.sources.base(cut.stream.source);
    INFO(text);
    REQUIRE(tokens.back().kind == TokenKind::end_of_file);
    std::string left = text; // what no token covers
    auto end = base;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      Token const& token = tokens[i];
      REQUIRE(token.span.begin >= end);
      REQUIRE(token.span.end >= token.span.begin);
      end = token.span.end;
      for (auto b = token.span.begin; b < token.span.end; ++b)
        left[b - base] = ' ';
      const bool ends = token.kind == TokenKind::end_of_statement;
      if (ends) {
        REQUIRE(token.span.size() == 0);
        REQUIRE(i > 0);
        REQUIRE(tokens[i - 1].kind != TokenKind::end_of_statement);
      }
    }
    for (Comment const& comment : cut.stream.comments)
      for (auto b = comment.span.begin; b < comment.span.end; ++b)
        left[b - base] = ' ';
    for (std::size_t at; (at = left.find("\u3000")) != std::string::npos;)
      left.replace(at, 3, "   ");
    REQUIRE(left.find_first_not_of(" \t\r\n;") == std::string::npos);
  }
}

TEST_CASE("a stream of tokens can be looked at") {
  const Cut cut("flow x = 1\n资 \"a\"");
  CHECK(dump(cut.sources, cut.stream)
        == "1:1 `flow`\n1:6 name x\n1:8 `=`\n1:10 number 1\n1:11 end of line\n"
           "2:1 name 资\n2:5 text in quotes \"a\"\n2:8 end of line\n2:8 end of file\n");
}

TEST_CASE("a NUL byte is found inside comments and texts, too") {
  CHECK(complaints(std::string("# a\0b", 5)) == "E0102@3");
  CHECK(complaints(std::string("model \"a\0b\"", 11)) == "E0102@8");
}

TEST_CASE("a number with commas is one mistake") {
  CHECK(complaints("x = 1,000,000.5") == "E0105@4");
}

TEST_CASE("underscores belong to a number") {
  CHECK(kinds("1__000") == "number");
  CHECK(kinds("1_000_ USD") == "number name");
}

TEST_CASE("in a table an open parenthesis ends with its row") {
  CHECK(words("table x {\n a | (1\n b | 2\n}") == "table x { a | ( 1 / b | 2 / } /");
}

TEST_CASE("a table without a brace makes no table of the next block") {
  CHECK(words("table x\nscenario s {\n a = 1\n + 2\n}")
        == "table x / scenario s { a = 1 + 2 / } /");
}
