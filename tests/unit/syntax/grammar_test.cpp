#include "lang/syntax/parse.hpp"
#include "lang/syntax/tokenize.hpp"

#include "tests/support/catch.hpp"

#include <random>
#include <string>
#include <vector>

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
};

/// The tree of a text without errors.
std::string tree(std::string text) {
  const Read read(std::move(text));
  return read.codes() + read.dumped();
}
std::string errors(std::string text) { return Read(std::move(text)).codes(); }

} // namespace

TEST_CASE("the frame of a model") {
  CHECK(tree("model \"Big Four AI capex\"") == "model \"Big Four AI capex\"\n");
  CHECK(tree("use std.depreciation # straight_line(...)") == "use std depreciation\n");
  CHECK(tree("use \"companies.scn\"") == "use \"companies.scn\"\n");
  CHECK(tree("timeline 2024..2030 yearly") == "timeline 2024..2030 yearly\n");
  CHECK(tree("timeline 2024H1..2030H2 half-yearly") == "timeline 2024H1..2030H2 half-yearly\n");
  CHECK(tree("timeline 2024Q1 .. 2025Q4 quarterly") == "timeline 2024Q1..2025Q4 quarterly\n");
  CHECK(tree("timeline 2024M01..2024M12 monthly") == "timeline 2024M01..2024M12 monthly\n");
  CHECK(tree("currency USD") == "currency USD\n");
  CHECK(tree("").empty());
}

TEST_CASE("sources") {
  CHECK(
      tree("source caijing \"DeepSeek?\" {\n  file \"001.txt\"\n  author \"吴俊宇\"\n  published "
           "2025-02-11\n}")
      == "source caijing \"DeepSeek?\" file=\"001.txt\" author=\"吴俊宇\" published=2025-02-11\n");
  CHECK(tree("source a { copy_of caijing; note \"n\"; url = \"u\" }")
        == "source a copy_of=caijing note=\"n\" url=\"u\"\n");
  CHECK(tree("source a") == "source a\n");
  CHECK(tree("source a \"title\" { }") == "source a \"title\"\n");
}

TEST_CASE("dimensions, members and groups") {
  CHECK(tree("dimension chip \"Chips\"") == "dimension chip \"Chips\"\n");
  CHECK(tree("company microsoft \"微软\" { fiscal_year_end = June }")
        == "member company microsoft \"微软\"\n  equation fiscal_year_end = June\n");
  CHECK(tree("company amazon \"亚马逊\", google, meta")
        == "member company amazon \"亚马逊\" google meta\n");
  CHECK(tree("chip a, b {\n  x[2024] = 1/3\n  y = 2 actual; z = 3\n}")
        == "member chip a b\n  equation x [2024] = (/ 1 3)\n  equation y = 2 actual\n  equation z "
           "= 3\n");
  CHECK(tree("group big_four \"Four\" = microsoft, amazon,\n  google, meta")
        == "group big_four \"Four\" = microsoft amazon google meta\n");
}

TEST_CASE("units") {
  CHECK(tree("unit card") == "unit card\n");
  CHECK(tree("unit fortnight = 14 day") == "unit fortnight = 14 day\n");
  CHECK(tree("unit 美元 = USD") == "unit 美元 = USD\n");
  CHECK(tree("unit knot = 1.852 km / hour") == "unit knot = (/ 1.852 km hour)\n");
}

TEST_CASE("lines of every kind, with type, axes and all that stands behind a right side") {
  CHECK(tree("flow capex : USD by company") == "flow capex : USD by company\n");
  CHECK(tree("stock n") == "stock n\n");
  CHECK(tree("rate burden \"Burden\" : % by company = depreciation / net_profit[2024]")
        == "rate burden \"Burden\" : % by company = (/ depreciation (index net_profit [2024]))\n");
  CHECK(tree("let h100_equivalent : 1 by chip") == "let h100_equivalent : 1 by chip\n");
  CHECK(tree("let owner : company by plan") == "let owner : company by plan\n");
  CHECK(tree("let start : period by plan in mine, chip")
        == "let start : period by plan in mine by chip\n");
  CHECK(tree("let late : truth = t > 2026") == "let late : truth = (> t 2026)\n");
  CHECK(tree("let price : USD/(card*hour)") == "let price : USD/(card*hour)\n");
  CHECK(tree("assume days : day/year = 365 day/year")
        == "assume days : day/year = (/ 365 day year)\n");
  CHECK(tree("assume g : % by company = 15% range -20%..40%")
        == "assume g : % by company = 15% range (- 20%)..40%\n");
  CHECK(tree("assume life : year by company = 5 year exact range 3 year..8 year from caijing "
             "\"line 72\"")
        == "assume life : year by company = 5 year exact range 3 year..8 year from caijing \"line "
           "72\"\n");
  CHECK(tree("assume g = 15% ~ normal(15%, 3%)") == "assume g = 15% ~ (call normal 15% 3%)\n");
  CHECK(tree("fx cny_per_usd : CNY/USD average = 7.230 CNY/USD from caijing2")
        == "fx cny_per_usd : CNY/USD average = (/ 7.230 CNY USD) from caijing2\n");
  CHECK(tree("fx end_rate : CNY/USD closing") == "fx end_rate : CNY/USD closing\n");
  CHECK(tree("flow reported : USD by company fiscal") == "flow reported : USD by company fiscal\n");
  SECTION("what stands behind is in any order and over several lines") {
    CHECK(tree("let x = 5\n  from a \"p. 3\"\n  ~ uniform(4, 6)\n  range 1..9\n  within 2%")
          == "let x = 5 range 1..9 ~ (call uniform 4 6) within 2% from a \"p. 3\"\n");
    CHECK(tree("let x = 5 from a estimate range 1..9 exact")
          == "let x = 5 estimate exact range 1..9 from a\n");
  }
}

TEST_CASE("equations and figures") {
  CHECK(tree("capex[2026..] = capex[t-1] * (1 + g)")
        == "equation capex [2026..] = (* (index capex [(- t 1)]) (+ 1 g))\n");
  CHECK(tree("x = 600..650 at 620 guidance") == "equation x = 600..650 at 620 guidance\n");
  CHECK(tree("x = over 1000 guidance") == "equation x = over 1000 guidance\n");
  CHECK(tree("x = under 5 year actual") == "equation x = under 5 year actual\n");
  CHECK(tree("x = about 6..8 year") == "equation x = about 6..8 year\n");
  CHECK(tree("x = nearly 1.8 万亿 USD assumed") == "equation x = nearly 1.8 万亿 USD assumed\n");
  CHECK(tree("x = unknown \"no guidance\" from caijing")
        == "equation x = unknown \"no guidance\" from caijing\n");
  CHECK(tree("x[meta, 2025] *= 0.9; y += 1 year")
        == "equation x [meta, 2025] *= 0.9\nequation y += 1 year\n");
  CHECK(tree("x[company = meta, ..2025] = 1") == "equation x [company = meta, ..2025] = 1\n");
  CHECK(tree("amount = over 3800 亿 CNY / cny_per_usd[2024] guidance from yicai \"line 2\"")
        == "equation amount = over (/ 3800 亿 CNY (index cny_per_usd [2024])) guidance from yicai "
           "\"line 2\"\n");
}

TEST_CASE("a knob's range or distribution alone on a line") {
  CHECK(tree("g range 1%..2%") == "knob g range 1%..2%\n");
  CHECK(tree("g[meta] range 3..8 year from a \"p\"")
        == "knob g [meta] range 3..8 year from a \"p\"\n");
  CHECK(tree("g ~ between(8%, 14%)") == "knob g ~ (call between 8% 14%)\n");
}

TEST_CASE("claims, checks and rankings of sources") {
  CHECK(tree("claim \"D1\" total[2024] = 2431 亿 USD from caijing \"line 44\"")
        == "claim \"D1\" (index total [2024]) = 2431 亿 USD from caijing \"line 44\"\n");
  CHECK(tree("claim total[2025] = over 3200 亿 USD within 5%")
        == "claim (index total [2025]) = over 3200 亿 USD within 5%\n");
  CHECK(tree("claim plan_amount > past_ten_years from yicai \"line 2\"")
        == "claim (> plan_amount past_ten_years) from yicai \"line 2\"\n");
  CHECK(tree("check net_ppe >= 0") == "check (>= net_ppe 0)\n");
  CHECK(tree("check \"sums\" a == b + c within 0.5%")
        == "check \"sums\" (== a (+ b c)) within 0.5%\n");
  CHECK(tree("prefer cnbc, caijing") == "prefer cnbc caijing\n");
  CHECK(tree("prefer cnbc for capex[amazon, 2024]") == "prefer cnbc for capex [amazon, 2024]\n");
}

TEST_CASE("scenarios") {
  CHECK(
      tree(
          "scenario a \"A\" extends b, c { capex[meta, 2025] = 600 亿 USD; g *= 0.5; prefer cnbc }")
      == "scenario a \"A\" extends b c\n  equation capex [meta, 2025] = 600 亿 USD\n  equation g "
         "*= 0.5\n  prefer cnbc\n");
  CHECK(tree("scenario a {\n  check x > 1\n  claim y = 2 from s\n\n  g range 1..2\n}")
        == "scenario a\n  check (> x 1)\n  claim y = 2 from s\n  knob g range 1..2\n");
  CHECK(tree("scenario a extends b") == "scenario a extends b\n");
  CHECK(tree("scenario a\n  extends b {\n}") == "scenario a extends b\n");
}

TEST_CASE("views") {
  CHECK(tree("view o \"四巨头\" {\n  rows company in big_four, total\n  show capex, growth(capex) "
             "\"growth\"\n  periods 2024..2028\n  in 亿 USD\n}")
        == "view o \"四巨头\" rows (in company big_four) rows total show capex show (call growth "
           "capex) \"growth\""
           " periods 2024..2028 in 亿 USD\n");
  CHECK(tree("view o { rows company; show rows; periods 2026.. }")
        == "view o rows company show rows periods 2026..\n");
  CHECK(tree("view o { show t in 2026.. \"later\", a }")
        == "view o show (in t 2026..) \"later\" show a\n");
}

TEST_CASE("functions") {
  CHECK(tree("fn cagr(x, start : period, end : period) = (x[end] / x[start]) ^ (1 year / (end - "
             "start)) - 1")
        == "fn cagr(x, start : period, end : period) = (- (^ (/ (index x [end]) (index x [start]))"
           " (/ 1 year (- end start))) 1)\n");
  CHECK(tree("fn ln(x : 1)") == "fn ln(x : 1)\n"); // native, declared without a body
  CHECK(tree("fn f(\n  a : USD/card,\n  b : truth\n) = if b then a else 0")
        == "fn f(a : USD/card, b : truth) = (if b a 0)\n");
}

TEST_CASE("a name is compared in its composed form") {
  const Read read("let caf\u00E9 : 1 = 1\ncheck cafe\u0301 == 1");
  CHECK(read.dumped() == "let café : 1 = 1\ncheck (== café 1)\n");
}

TEST_CASE("a doc comment belongs to the next declaration") {
  const Read read(
      "## Cash spent on property.\n##\n## Without leases.\nflow capex : USD # not doc\n");
  REQUIRE(read.tree.statements.size() == 1);
  CHECK(read.sources.text(read.tree.statements[0]->doc)
        == "## Cash spent on property.\n##\n## Without leases.");
  SECTION("and a plain comment to none") {
    const Read plain("# Cash.\nflow capex : USD");
    CHECK(plain.tree.statements.at(0)->doc.none());
  }
}

TEST_CASE("reserved words are no names") {
  for (std::string head :
       {"flow ", "let ", "unit ", "dimension ", "group ", "source ", "scenario ", "view ", "fn ",
        "currency ", "table ", "let x by ", "scenario s extends ", "let x = 1 from ", "prefer "})
    for (std::string word :
         {"t", "first", "period", "over", "in", "known", "actual", "flow", "exact", "at"}) {
      INFO(head + word);
      CHECK(errors(head + word) == "E0207@1");
    }
  CHECK(errors("first = 3") == "E0207@1");
  CHECK(errors("check [t] = 3") == "E0201@1");
  SECTION("words that are only read in their place are") {
    CHECK(tree("let yearly : 1 = 1\nlet rows = 2\nlet file = 3\nlet fiscal fiscal = 4").find("E0")
          == std::string::npos);
  }
}

TEST_CASE("an opening brace stands on the line of its head") {
  for (std::string head : {"scenario s", "source s", "view v", "company a", "table x"}) {
    INFO(head);
    CHECK(errors(head + "\n{\n}\nlet y : 1 = 1").starts_with("E0206@2"));
  }
  const Read read("scenario s\n{\n  a = 1\n  b = 2\n}\nc = 3");
  CHECK(read.codes() == "E0206@2"); // what is inside is read all the same
  CHECK(read.dumped() == "scenario s\n  equation a = 1\n  equation b = 2\nequation c = 3\n");
}

TEST_CASE("braces that do not match are reported at the brace") {
  CHECK(errors("scenario s {\n  a = 1\n") == "E0205@1");
  CHECK(errors("source s {\n file \"a\"\n") == "E0205@1");
  CHECK(errors("a = 1\n}\nb = 2") == "E0205@2");
  CHECK(Read("a = 1\n}\nb = 2").dumped() == "equation a = 1\nequation b = 2\n");
}

TEST_CASE("what does not belong into braces is reported there and hides nothing else") {
  const Read read("scenario s {\n  flow x : USD\n  a = 1\n  group g = a, b\n  b = 2\n}\nc = 3");
  CHECK(read.codes() == "E0208@2 E0208@4");
  CHECK(read.dumped() == "scenario s\n  equation a = 1\n  equation b = 2\nequation c = 3\n");
  CHECK(errors("chip a {\n  x range 1..2\n  y = 3\n}") == "E0208@2");
  CHECK(errors("chip a { table x { | 2024 } }\nb = 1") == "E0208@1");
}

TEST_CASE("a part that may be given once is") {
  CHECK(errors("x = 1 range 1..2 range 1..3") == "E0209@1");
  CHECK(errors("x = 1 from a from b") == "E0209@1");
  CHECK(errors("x = 1 actual estimate") == "E0209@1");
  CHECK(errors("x = 1 ~ uniform(1, 2) ~ uniform(2, 3)") == "E0209@1");
  CHECK(errors("check a == b within 1% within 2%") == "E0209@1");
}

TEST_CASE("every broken statement is reported once and the others are read") {
  const Read read("flow x : : USD\n"            // a colon too many
                  "flow a : USD\n"              //
                  "group g\n"                   // no members
                  "x = = 3\n"                   //
                  "x = 1 2 3 4 $ 5\n"           // wrong from here on in several ways
                  "scenario s {\n"              //
                  "  y = (1 + \n"               // the brace ends it
                  "}\n"                         //
                  "what is this\n"              //
                  "let b : 1 = 5\n"             //
                  "timeline 2024 2030 yearly\n" // no dots
                  "view v {\n"                  //
                  "  shows b\n"                 // no such word
                  "  show b\n"                  //
                  "}\n"                         //
                  "= 4\n"                       //
                  "let c : 1 = 6\n");
  CHECK(read.codes()
        == "E0201@1 E0201@3 E0201@4 E0201@5 E0103@5 E0201@7 E0201@9 E0201@11 E0201@13 E0201@16");
  for (std::string good :
       {"flow a : USD\n", "let b : 1 = 5\n", "view v show b\n", "let c : 1 = 6\n"}) {
    INFO(good);
    CHECK(read.dumped().find(good) != std::string::npos);
  }
}

TEST_CASE("a line that went on by mistake does not take the next declaration with it") {
  for (std::string cut : {"x = ", "x *=", "check a >", "x = 1 +", "check a and", "let x : 1 by a,",
                          "check f(a, ", "x[2024"}) {
    INFO(cut);
    const Read read(cut + "\nlet y : 1 = 1\nz = 2");
    CHECK(read.diagnostics.all().size() == 1);
    CHECK(read.dumped().ends_with("let y : 1 = 1\nequation z = 2\n"));
  }
}

TEST_CASE("a statement knows whether it could be read") {
  const Read read("let a : 1 = 1\nlet b : = 2\nlet c : 1 = 3 3\nscenario s {\n x = 1\n y = * "
                  "2\n}\nlet d : 1 = 4");
  REQUIRE(read.tree.statements.size() == 5);
  std::vector<bool> broken;
  for (ast::Statement const* s : read.tree.statements)
    broken.push_back(s->broken);
  CHECK(broken == std::vector<bool>{false, true, true, true, false});
}

TEST_CASE("a name that is missing is shown as missing") {
  CHECK(Read("flow : USD").dumped() == "flow <missing> : USD\n");
  CHECK(Read("scenario {\n}").dumped() == "scenario <missing>\n");
}

TEST_CASE("a doc comment belongs to the declaration behind it, whatever stands before") {
  const Read docs("let a : 1 = 1\n## Two.\nlet b : 1 = 2");
  REQUIRE(docs.tree.statements.size() == 2);
  CHECK(docs.tree.statements[0]->doc.none());
  CHECK(docs.sources.text(docs.tree.statements[1]->doc) == "## Two.");
}

TEST_CASE("exact is said once") { CHECK(errors("x = 1 exact exact") == "E0209@1"); }

TEST_CASE("a statement that runs into the next line is reported where it stops") {
  CHECK(errors("group g = a, b,\nflow y : USD") == "E0207@2");
  CHECK(errors("x = 1 +\nlet y : 1 = 2") == "E0201@1");
  CHECK(errors("x = (1; y = 2\nz = 3") == "E0205@1");
}

TEST_CASE("a block that is never closed is reported once") {
  CHECK(errors("scenario s {\n y = 2\nflow x : USD\nflow z : USD") == "E0205@1");
  CHECK(errors("scenario s {\n flow x : USD\n}\nflow z : USD") == "E0208@2");
}
