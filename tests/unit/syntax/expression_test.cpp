#include "lang/syntax/parse.hpp"
#include "lang/syntax/parse_state.hpp"
#include "lang/syntax/tokenize.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace scn;

namespace {

constexpr int many = 1'000'000;

std::string repeated(std::string_view text, int times) {
  std::string out;
  out.reserve(text.size() * static_cast<std::size_t>(times));
  for (int i = 0; i < times; ++i)
    out += text;
  return out;
}

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
  std::string codes() const {
    std::string out;
    for (Diagnostic const& d : diagnostics.sorted())
      out += (out.empty() ? "" : " ") + std::string(number_of(d.code));
    return out;
  }
};

/// The tree of an expression without errors: a check holds nothing but one.
std::string tree(std::string const& expression) {
  const Read read("check " + expression);
  const std::string out = dump(read.sources, read.interner, read.tree);
  if (!read.codes().empty()) return read.codes() + ' ' + out;
  REQUIRE(out.starts_with("check "));
  return out.substr(6, out.size() - 7); // without the newline
}

/// The complaints about an expression that stands before a good statement, which must be read.
std::string errors(std::string const& expression) {
  const Read read("check " + expression + "\nlet next : 1 = 2");
  REQUIRE_FALSE(read.tree.statements.empty());
  CHECK(std::holds_alternative<ast::Line const*>(read.tree.statements.back()->node));
  return read.codes();
}

} // namespace

TEST_CASE("a number takes one magnitude and one unit, and binds them tightest") {
  CHECK(tree("800 亿 USD * 2") == "(* 800 亿 USD 2)");
  CHECK(tree("756亿美元 + 1") == "(+ 756亿美元 1)");
  CHECK(tree("2 ^ 5 year") == "(^ 2 5 year)");
  CHECK(tree("30 m^2 / 2") == "(/ 30 m^2 2)");
  CHECK(tree("5 m^-1") == "5 m^-1");
  CHECK(tree("22%^2") == "(^ 22% 2)");
  CHECK(tree("-15%") == "(- 15%)");
  CHECK(tree("3 万 / 2 万科") == "(/ 3 万 2 万科)");
  SECTION("everything further is arithmetic") {
    CHECK(tree("9.40 USD/gpu/hour") == "(/ (/ 9.40 USD gpu) hour)");
    CHECK(tree("10 USD / 9.40 USD/hour") == "(/ (/ 10 USD 9.40 USD) hour)");
    CHECK(tree("10 USD / (9.40 USD/hour)") == "(/ 10 USD (/ 9.40 USD hour))");
    CHECK(tree("800 亿 * USD") == "(* 800 亿 USD)");
  }
  SECTION("a unit stands on the line of its number") {
    CHECK(tree("f(5\n)") == "(call f 5)");
    CHECK(errors("f(5\nyear)") == "E0201");
    CHECK(errors("5 year year") == "E0201");
    CHECK(errors("5 m^2.5") == "E0105");
    CHECK(errors("5 m^20") == "E0105");
    CHECK(errors("5 m^n") == "E0201");
  }
}

TEST_CASE("magnitudes are powers of ten") {
  using syntax::magnitude_power;
  CHECK(magnitude_power("k") == 3);
  CHECK(magnitude_power("mn") == 6);
  CHECK(magnitude_power("bn") == 9);
  CHECK(magnitude_power("tn") == 12);
  CHECK(magnitude_power("千") == 3);
  CHECK(magnitude_power("万") == 4);
  CHECK(magnitude_power("百万") == 6);
  CHECK(magnitude_power("千万") == 7);
  CHECK(magnitude_power("亿") == 8);
  CHECK(magnitude_power("万亿") == 12);
  for (std::string_view none : {"", "K", "m", "百", "万科", "USD"})
    CHECK(magnitude_power(none) == 0);
}

TEST_CASE("dates, periods, words and unknown are values") {
  CHECK(tree("2025-02-11") == "2025-02-11");
  CHECK(tree("2025 - 02 - 11") == "(- (- 2025 02) 11)");
  CHECK(tree("2024Q3 - 2024Q1") == "(- 2024Q3 2024Q1)");
  CHECK(tree("FY2025") == "FY2025");
  CHECK(tree("t == first or t == last") == "(or (== t first) (== t last))");
  CHECK(tree("amount / life * period") == "(* (/ amount life) period)");
  CHECK(tree("unknown") == "unknown");
  CHECK(tree("unknown \"not \\\"said\\\"\" + 1") == "(+ unknown \"not \"said\"\" 1)");
  CHECK(tree("true and not false") == "(and true (not false))");
}

TEST_CASE("powers bind tighter than signs and group to the right") {
  CHECK(tree("-2^2") == "(- (^ 2 2))");
  CHECK(tree("2^-1") == "(^ 2 (- 1))");
  CHECK(tree("2^-3^2") == "(^ 2 (- (^ 3 2)))");
  CHECK(tree("2^3^4") == "(^ 2 (^ 3 4))");
  CHECK(tree("(2^3)^4") == "(^ (^ 2 3) 4)");
  CHECK(tree("a * -b^2") == "(* a (- (^ b 2)))");
  CHECK(tree("--a") == "(- (- a))");
  CHECK(tree("+a - -b") == "(- (+ a) (- b))");
  CHECK(tree("x[1]^y[2]") == "(^ (index x [1]) (index y [2]))");
}

TEST_CASE("each operator binds tighter than those behind it in the list") {
  // Products, sums, `in`, comparison, not, and, or, else; all but `^` group to the left.
  CHECK(tree("a * b / c * d") == "(* (/ (* a b) c) d)");
  CHECK(tree("a - b + c") == "(+ (- a b) c)");
  CHECK(tree("a + b * c - d") == "(- (+ a (* b c)) d)");
  CHECK(tree("a + b in USD") == "(in (+ a b) USD)");
  CHECK(tree("a in USD < b in USD") == "(< (in a USD) (in b USD))");
  CHECK(tree("not a == b") == "(not (== a b))");
  CHECK(tree("not company in big_four") == "(not (in company big_four))");
  CHECK(tree("not not a and b") == "(and (not (not a)) b)");
  CHECK(tree("a or b and c or d") == "(or (or a (and b c)) d)");
  CHECK(tree("a and not b or c") == "(or (and a (not b)) c)");
  CHECK(tree("a or b else c") == "(else (or a b) c)");
  CHECK(tree("a else b else c") == "(else (else a b) c)");
  for (std::string op : {"==", "!=", "<", "<=", ">", ">="}) {
    INFO(op);
    CHECK(tree("a + 1 " + op + " b and c") == "(and (" + op + " (+ a 1) b) c)");
  }
}

TEST_CASE("comparisons do not chain") {
  CHECK(errors("a < b < c") == "E0203");
  CHECK(errors("a == b == c == d") == "E0203"); // said once
  CHECK(errors("a < b + 1 >= c and d") == "E0203");
  CHECK(tree("(a < b) == (c < d)") == "(== (< a b) (< c d))");
  CHECK(tree("a < b and b < c") == "(and (< a b) (< b c))");
}

TEST_CASE("a sum or product beside else needs parentheses") {
  CHECK(errors("a + b else c") == "E0211");
  CHECK(errors("a else b * c") == "E0211");
  CHECK(errors("a - b else c / d") == "E0211"); // said once
  CHECK(tree("(a + b) else (c * d)") == "(else (+ a b) (* c d))");
  CHECK(tree("(x[t-1] else 0) + y") == "(+ (else (index x [(- t 1)]) 0) y)");
  CHECK(tree("-a else f(b + c)") == "(else (- a) (call f (+ b c)))");
  CHECK(tree("a ^ 2 else b") == "(else (^ a 2) b)");
  CHECK(tree("a + b == c else d") == "(else (== (+ a b) c) d)"); // the operand is no sum
  SECTION("parentheses around another part do not count") {
    CHECK(errors("(a) + b else c") == "E0211");
    CHECK(errors("a + (b) else c") == "E0211");
    CHECK(errors("a else (b) + c") == "E0211");
  }
}

TEST_CASE("a condition takes the nearest else") {
  CHECK(tree("if a then b else c") == "(if a b c)");
  CHECK(tree("if a or b then 1 + 2 else 3 * 4") == "(if (or a b) (+ 1 2) (* 3 4))");
  CHECK(tree("if a then if b then 1 else 2 else 3") == "(if a (if b 1 2) 3)");
  CHECK(tree("if a then 1 else if b then 2 else 3") == "(if a 1 (if b 2 3))");
  CHECK(tree("if a then if b then 1 else if c then 2 else 3 else 4")
        == "(if a (if b 1 (if c 2 3)) 4)");
  SECTION("only behind the last else stands an else of the other kind") {
    CHECK(tree("if a then b else c else d") == "(if a b (else c d))");
    CHECK(tree("if a then 1 else if b then 2 else c else d") == "(if a 1 (if b 2 (else c d)))");
    CHECK(tree("if (a else b) then (c else d) else e") == "(if (else a b) (else c d) e)");
  }
  SECTION("over several lines") {
    CHECK(tree("if a\n  then b\n  else c") == "(if a b c)");
    CHECK(tree("if a then\n b else\n c") == "(if a b c)");
  }
  CHECK(errors("if a then b") == "E0201");
  CHECK(errors("if a else b") == "E0201");
  CHECK(errors("if then") == "E0201");
  CHECK(tree("(if a then b else c) + 1") == "(+ (if a b c) 1)");
}

TEST_CASE("an index stands behind any primary on the same line") {
  CHECK(tree("x[t-1]") == "(index x [(- t 1)])");
  CHECK(tree("x[amazon, 2024]") == "(index x [amazon, 2024])");
  CHECK(tree("x[company = amazon, vintage = 2024, 2026]")
        == "(index x [company = amazon, vintage = 2024, 2026])");
  CHECK(tree("growth(capex)[google, 2025]") == "(index (call growth capex) [google, 2025])");
  CHECK(tree("(a + b)[2024][x]") == "(index (index (+ a b) [2024]) [x])");
  CHECK(tree("region[owner] + x[first + 1]")
        == "(+ (index region [owner]) (index x [(+ first 1)]))");
  CHECK(tree("x [2024]") == "(index x [2024])");
  CHECK(tree("x[2025..2028] + x[2025..] + x[..2024]")
        == "(+ (+ (index x [2025..2028]) (index x [2025..])) (index x [..2024]))");
  CHECK(tree("x[2025.., a]") == "(index x [2025.., a])");
  CHECK(errors("x\n[2024]") == "E0201");   // a statement of its own, and no statement
  CHECK(errors("(x\n[2024])") == "E0201"); // the same line is meant inside parentheses too
  CHECK(errors("(f\n(3))") == "E0201");
  CHECK(errors("x[]") == "E0201");
}

TEST_CASE("a conversion reads a unit as far as it goes") {
  CHECK(tree("x in 亿 USD") == "(in x 亿 USD)");
  CHECK(tree("x in USD/card/hour > 3") == "(> (in x USD/card/hour) 3)");
  CHECK(tree("x in USD/(card*hour)") == "(in x USD/(card*hour))");
  CHECK(tree("x in %") == "(in x %)");
  CHECK(tree("x in m^2/s^-1") == "(in x m^2/s^-1)");
  CHECK(tree("x in 1/year") == "(in x 1/year)");
  CHECK(tree("x in 万") == "(in x 万)");
  CHECK(tree("x in USD / cards") == "(in x USD / cards)"); // parentheses would go on calculating
  CHECK(tree("(x in USD) / cards") == "(/ (in x USD) cards)");
  CHECK(errors("x in") == "E0201");
  CHECK(errors("x in USD/") == "E0201");
  CHECK(errors("x in m^") == "E0201");
}

TEST_CASE("membership is tested in a group or a range") {
  CHECK(tree("company in big_four") == "(in company big_four)");
  CHECK(tree("t in 2026..2027") == "(in t 2026..2027)");
  CHECK(tree("t in 2026") == "(in t 2026)");
  CHECK(tree("t in ..2027") == "(in t ..2027)");
  CHECK(tree("t in first..last and a") == "(and (in t first..last) a)");
  CHECK(tree("t in start..start + 3") == "(in t start..(+ start 3))");
  CHECK(tree("t in start + 1..end") == "(in t (+ start 1)..end)");
  CHECK(tree("t in 1..3") == "(in t 1..3)"); // a number, not the unit 1
  CHECK(tree("t in end[x]..last") == "(in t (index end [x])..last)");
}

TEST_CASE("aggregations bind one axis or several, then where, then the weights") {
  CHECK(tree("sum(x over company)") == "(call sum x over company)");
  CHECK(tree("sum(x over t in 2024..2026)") == "(call sum x over t in 2024..2026)");
  CHECK(tree("sum(capex[v] over v in t-4..t)")
        == "(call sum (index capex [v]) over v in (- t 4)..t)");
  CHECK(
      tree("avg(x over company in big_four, plan where c > 0 and d weighted by w + 1)")
      == "(call avg x over company in big_four over plan where (and (> c 0) d) weighted (+ w 1))");
  CHECK(tree("sum(x\n over company,\n plan\n where c\n weighted by w)")
        == "(call sum x over company over plan where c weighted w)");
  CHECK(tree("sum(capex[v] / useful_life[v] * period over v in first..t-1 where t - v <= "
             "useful_life[v])")
        == "(call sum (* (/ (index capex [v]) (index useful_life [v])) period) over v in first..(- "
           "t 1)"
           " where (<= (- t v) (index useful_life [v])))");
  CHECK(tree("sum(x over t in 2026.. where c)") == "(call sum x over t in 2026.. where c)");
  CHECK(tree("sum(x over t in 2026.. weighted by w)")
        == "(call sum x over t in 2026.. weighted w)");
  CHECK(tree("sum(x over t in ..2026, company)") == "(call sum x over t in ..2026 over company)");
  CHECK(tree("sum(known x over company)") == "(call sum known x over company)");
  CHECK(tree("min(a, b, -c)") == "(call min a b (- c))");
  CHECK(tree("sum(if a then b else c over t)") == "(call sum (if a b c) over t)");
  CHECK(tree("count(a else b over t)") == "(call count (else a b) over t)");
  CHECK(tree("slope(y, x over t)") == "(call slope y x over t)");
  CHECK(tree("f()") == "(call f)");
  CHECK(errors("sum(x over)") == "E0201");
  CHECK(errors("sum(x over 2024)") == "E0201");
  CHECK(errors("sum(x over t weighted w)") == "E0201");
  CHECK(errors("sum(x over t, y over u)") == "E0201");
  CHECK(errors("f(a b)") == "E0201");
}

TEST_CASE("what is missing is said once") {
  for (std::string bad :
       {"",     "1 +", "* 2", "a +* b",   "(",  "(1",     "((a)",  "f(",    "f(a",
        "f(a,", "x[",  "x[1", "a)",       "a]", "a or",   "not",   "-",     "2^",
        "a b",  "1 2", "a.b", "\"text\"", "if", "a else", "x[a =", "a ! b", "(a] + b"}) {
    INFO(bad);
    const std::string codes = errors(bad);
    CHECK(codes.size() == 5);
    CHECK(codes.front() == 'E');
  }
  CHECK(errors("1 – 2") == "E0201");
  CHECK(errors("1 + – 2") == "E0208"); // the dash of tables
  CHECK(errors("(1 + 2") == "E0205");
  CHECK(errors("f(1, 2") == "E0205");
}

TEST_CASE("nesting has a limit that is said once and costs no stack") {
  CHECK(tree(repeated("-", 200) + "a").size() == 3 * 200 + 201);
  CHECK(tree(repeated("(", 100) + "a" + repeated(")", 100)) == "a");
  CHECK(errors(repeated("(", 300) + "a" + repeated(")", 300)) == "E0204");
  constexpr int deep = 100'000;
  CHECK(errors(repeated("(", deep) + "a" + repeated(")", deep)) == "E0204");
  CHECK(errors(repeated("(", deep)) == "E0204");
  CHECK(errors(repeated("f(", deep) + "a" + repeated(")", deep)) == "E0204");
  CHECK(errors(repeated("x[", deep) + "a" + repeated("]", deep)) == "E0204");
  CHECK(errors(repeated("-", deep) + "a") == "E0204");
  CHECK(errors(repeated("not ", deep) + "a") == "E0204");
  CHECK(errors(repeated("2^", deep) + "2") == "E0204");
  CHECK(errors(repeated("if a then ", deep) + "b") == "E0204");
  CHECK(errors(repeated("if a then b else ", deep) + "c") == "E0204");
  CHECK(errors("a in " + repeated("USD/(", deep) + "a" + repeated(")", deep)) == "E0204");
  SECTION("a statement behind one that is too deep starts anew") {
    const Read read("check " + repeated("(", 300) + "\nlet a : 1 = " + repeated("-", 250) + "1\n");
    CHECK(read.codes() == "E0204");
  }
}

TEST_CASE("chains of a million operators are no nesting") {
  for (std::string op : {" + a", " * a", " - a", " and a", " or a", " else a"}) {
    INFO(op);
    const Read read("check a" + repeated(op, many));
    CHECK(read.codes().empty());
    const std::string out = dump(read.sources, read.interner, read.tree);
    CHECK(out.size() > 5u * many);
    CHECK(out.substr(out.size() - 7) == " a) a)\n");
  }
  CHECK(errors("a" + repeated(" < a", many)) == "E0203");
  CHECK(errors("f(a" + repeated(", a", many) + ")").empty());
  CHECK(errors("x[a" + repeated(", a", many) + "]").empty());
  CHECK(errors("a in USD" + repeated("/a", many)).empty());
}

TEST_CASE("one expression alone can be read") {
  const auto codes = [](std::string text) {
    SourceSet sources;
    Interner interner;
    Diagnostics diagnostics;
    const TokenStream stream = tokenize(sources, sources.add("expr", std::move(text)), diagnostics);
    const ExpressionTree read = parse_single_expression(sources, stream, interner, diagnostics);
    REQUIRE(read.expression != nullptr);
    std::string out;
    for (Diagnostic const& d : diagnostics.sorted())
      out += std::string(number_of(d.code)) + ' ';
    return out;
  };
  CHECK(codes("capex[amazon, 2024] + 1").empty());
  CHECK(codes("(1 +\n 2)").empty());
  CHECK(codes("") == "E0201 ");
  CHECK(codes("1 2") == "E0201 ");
  CHECK(codes("1\n2") == "E0201 ");
  CHECK(codes("flow x : USD") == "E0201 ");
  CHECK(codes("1 + $") == "E0103 ");
}

TEST_CASE("an open range ends where no operand follows") {
  CHECK(tree("t in 2026.. and a") == "(and (in t 2026..) a)");
  CHECK(tree("if t in 2026.. then 1 else 2") == "(if (in t 2026..) 1 2)");
}

TEST_CASE("what looks like a chain but nests is refused, however long it is") {
  CHECK(errors("a in b in c") == "E0203");
  CHECK(errors("a" + repeated(" in b", many)) == "E0203");
  CHECK(errors("a" + repeated("[1]", many)) == "E0204");
}

TEST_CASE("a level of parentheses is one level") {
  CHECK(tree(repeated("(", 250) + "a" + repeated(")", 250)) == "a");
}

TEST_CASE("an if beside an operator needs parentheses") {
  CHECK(errors("1 + if a then 2 else 3") == "E0211");
  CHECK(errors("if a then 1 + if b then 2 else 3 else 4") == "E0211");
  CHECK(tree("1 + (if a then 2 else 3)") == "(+ 1 (if a 2 3))");
}

TEST_CASE("a unit may stand in parentheses") {
  CHECK(tree("x in (USD)") == "(in x (USD))");
  CHECK(tree("x in (USD/card)^2") == "(in x (USD/card)^2)");
  CHECK(tree("t in (a + 1)..b") == "(in t (+ a 1)..b)");
}

TEST_CASE("what stands behind `in` ends where its sum ends") {
  // An open range is followed by no operand, so an operator that binds tighter than `in` has none.
  for (std::string op : {"*", "/", "^"}) {
    INFO(op);
    CHECK(errors("t in 2024.. " + op + " 5") == "E0201");
    CHECK(errors("not t in 2024.. " + op + " 5") == "E0201");
    CHECK(errors("a == t in 2024.. " + op + " 5") == "E0201");
  }
  CHECK(tree("(t in 2024..) == a") == "(== (in t 2024..) a)");
  CHECK(tree("t in 2024.. == a") == "(== (in t 2024..) a)");
}

TEST_CASE("a unit in parentheses may have the unit 1 in it") {
  CHECK(tree("x in (1/card)") == "(in x (1/card))");
  CHECK(tree("x in (%/1)") == "(in x (%/1))");
  CHECK(tree("t in (1)..b") == "(in t (1)..b)");
}

TEST_CASE("a range behind `in` may begin with the number 1") {
  CHECK(tree("life in 1 year..3 year") == "(in life 1 year..3 year)");
  CHECK(tree("share in 1%..5%") == "(in share 1%..5%)");
}
