// Tables for people: layout by display width, signs, empty cells with their reasons, decimals.

#include "engine/report/table.hpp"
#include "engine/report/text_table.hpp"

#include "lang/source/unicode.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <sstream>

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

std::string table(Loaded& m, std::vector<std::string> const& lines = {}, bool markdown = false,
                  std::string_view scenario = "base") {
  INFO(m.messages());
  REQUIRE(m.good());
  std::vector<model::LineId> asked;
  for (std::string const& l : lines)
    asked.push_back(*m.model().line_named(l));
  auto const* r = m.result(scenario);
  REQUIRE(r != nullptr);
  return report::table(m.model(), *r, report::shown_lines(m.model(), asked), markdown);
}

std::vector<std::string> rows(std::string const& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string row; std::getline(in, row);)
    out.push_back(row);
  return out;
}

/// The row that begins with a label, without the label and outer blanks.
std::string figures(std::string const& text, std::string const& label) {
  for (std::string const& row : rows(text)) {
    const std::size_t at = row.find_first_not_of(' ');
    if (at == std::string::npos || row.compare(at, label.size(), label) != 0) continue;
    const std::size_t begin = row.find_first_not_of(' ', at + label.size());
    return begin == std::string::npos ? "" : row.substr(begin);
  }
  FAIL("no row " << label << " in\n" << text);
  return {};
}

const std::string four = R"(
  model "Big Four"
  timeline 2024..2027 yearly
  source caijing "S" { published 2025-02-11 }
  company microsoft "微软 Microsoft"
  company amazon "亚马逊"
  flow capex : USD by company
  table capex in 亿 USD from caijing "line 44" {
              | 2024 | 2025
    microsoft | 756  | unknown "no 2025 plan"
    amazon    | 777  | over 1000 guidance
  }
  capex[2026..] = capex[t-1] * 1.15
  rate grown : % by company = capex / capex[t-1] - 1
)";

} // namespace

TEST_CASE("companies under headings, unit in the caption, periods that are over told apart") {
  Loaded m(four);
  CHECK(table(m) == R"(Big Four · base · 单位 亿 USD
         2024A  │    2025E    2026E    2027E
微软 Microsoft
  capex  756.0  │  unknown  unknown  unknown
  grown      –  │  unknown  unknown  unknown
亚马逊 amazon
  capex  777.0  │  1,000.0  1,150.0  1,322.5
  grown      –  │    28.7%    15.0%    15.0%
unknown: capex[microsoft, 2025]: no 2025 plan (6 cells)
)");
}

TEST_CASE("Chinese labels count double, and every row of figures ends in the same column") {
  Loaded m(R"(
    model "资本支出"
    timeline 2024..2026 yearly
    flow capex "四巨头资本支出" : 亿 USD
    capex[2024] = 756 亿 USD
    capex[2025..] = -capex[t-1] * 2
    flow total : 亿 USD = capex * 10
  )");
  const std::string text = table(m);
  CHECK_THAT(text, contains("资本支出 · base · 单位 亿 USD\n"));
  const auto lines = rows(text);
  REQUIRE(lines.size() == 4);
  CHECK(lines[2].find("756.0") != std::string::npos);
  // Digits stand below one another: the same column of the terminal, not the same byte.
  const auto column = [](std::string const& row, std::string const& part) {
    REQUIRE(row.find(part) != std::string::npos);
    return display_width(row.substr(0, row.find(part))) + part.size();
  };
  CHECK(column(lines[2], "756.0") == column(lines[3], "7,560.0"));
  CHECK(column(lines[2], "1,512.0") == column(lines[3], "15,120.0"));
  CHECK(column(lines[1], "2024E") == column(lines[2], "756.0"));
}

TEST_CASE("negatives stand in parentheses, and zero has no sign") {
  Loaded m(R"(
    timeline 2024..2027 yearly
    let x : % = 1 / 1
    x[2024] = -0.25
    x[2025] = -0.0001
    x[2026] = 0 * -1
  )");
  const std::string text = table(m);
  CHECK(figures(text, "x") == "(25.0%)   0.0%    0.0%   100.0%");
  CHECK_THAT(text, !contains("-"));
}

TEST_CASE("a row in which nothing applies is left out, a cell that does not apply is a dash") {
  Loaded m(R"(
    timeline 2024..2025 yearly
    company a, b
    group only = a
    let x : 1 by company in only
    x[2024..] = 5
    let g : 1 by company = x - x[t-1]
  )");
  const std::string text = table(m);
  CHECK(figures(text, "g") == "–      0");
  CHECK_THAT(text, !contains("b\n"));
}

TEST_CASE("reasons of unknown cells stand below, each once with the cells it takes") {
  Loaded m(R"(
    timeline 2024..2026 yearly
    let x : 1
    x[2024] = unknown "secret"
    x[2025] = unknown "secret"
    let y : 1 = x + 1
  )");
  const std::string text = table(m);
  CHECK(figures(text, "x") == "unknown  unknown  unknown");
  CHECK_THAT(text, contains("unknown: x[2024] and 1 more: secret (4 cells)\n"));
  CHECK_THAT(text, contains("unknown: x[2026]: no equation gives it (2 cells)\n"));
}

TEST_CASE("decimals: shares one, amounts by their size, whole counts none") {
  const auto shown = [](std::string const& value, std::string const& unit) {
    Loaded m("unit card\nlet x : " + unit + " = " + value);
    return figures(table(m), "x");
  };
  CHECK(shown("12.345%", "%") == "12.3%");
  CHECK(shown("1234.5678 USD", "USD") == "1,234.6");
  CHECK(shown("12.3456 USD", "USD") == "12.35");
  CHECK(shown("0.123456 USD", "USD") == "0.1235");
  CHECK(shown("12 USD", "USD") == "12.00"); // money keeps its decimals
  CHECK(shown("1500 card", "card") == "1,500");
  CHECK(shown("0.125", "1") == "0.1250");
  CHECK(shown("0 USD", "USD") == "0.0");
  // Half away from zero from the shortest decimal form, as a spreadsheet does.
  CHECK(shown("2.675 USD", "USD") == "2.68");
  CHECK(shown("2.5%", "%") == "2.5%");
  CHECK(shown("12.25%", "%") == "12.3%");
}

TEST_CASE("all lines of a unit have the decimals of its largest amount") {
  Loaded m("let a : USD = 5000 USD\nlet b : USD = 0.25 USD\nlet c : 1 = 0.5");
  const std::string text = table(m);
  CHECK(figures(text, "a") == "5,000.0");
  CHECK(figures(text, "b") == "0.3");
}

TEST_CASE("the most frequent unit is in the caption, others in a column of their own") {
  Loaded m(R"(
    unit card
    let a : USD = 1 USD
    let b : USD = 2 USD
    let c : card = 3 card
    let d : % = 50%
  )");
  const std::string text = table(m);
  CHECK_THAT(text, contains("scn · base · unit USD\n"));
  CHECK(figures(text, "a") == "1.00");
  CHECK(figures(text, "c ") == "card         3");
  CHECK(figures(text, "d") == "50.0%");
}

TEST_CASE("lines that do not vary stand in a column before the periods") {
  Loaded m(R"(
    timeline 2024..2025 yearly
    let life : 1 = 5
    let x : 1
    x[2024..] = 7
  )");
  CHECK(table(m) == R"(scn · base
      constant  2024E  2025E
life         5
x                   7      7
)");
}

TEST_CASE("truths, periods and members are words") {
  Loaded m(R"(
    timeline 2024..2025 yearly
    company amazon "亚马逊", google
    let big : truth = 2 > 1
    let small : truth = 2 < 1
    let start : period = 2025
    let owner : company = amazon
    let other : company = google
  )");
  const std::string text = table(m);
  CHECK(figures(text, "big") == "yes");
  CHECK(figures(text, "small") == "no");
  CHECK(figures(text, "start") == "2025");
  CHECK(figures(text, "owner") == "亚马逊");
  CHECK(figures(text, "other") == "google");
}

TEST_CASE("members stand in the order of the text, two dimensions with the first outermost") {
  Loaded m(R"(
    dimension d
    dimension e
    d zeta "Z", alpha
    e q, p
    let x : 1 by d, e = 1
  )");
  std::string headings;
  for (std::string const& row : rows(table(m)))
    if (row.find(" · ") != std::string::npos && row.find("scn") == std::string::npos)
      headings += row + "; ";
  CHECK(headings == "Z zeta · q; Z zeta · p; alpha · q; alpha · p; ");
}

TEST_CASE("a label keeps the name behind it unless it says it already") {
  CHECK(report::label_of("capex", "") == "capex");
  CHECK(report::label_of("capex", "资本支出") == "资本支出 capex");
  CHECK(report::label_of("microsoft", "微软 Microsoft") == "微软 Microsoft");
}

TEST_CASE("the scenario is named with its label") {
  Loaded m(four + "scenario guided \"Microsoft at 800\" { capex[microsoft, 2025] = 800 亿 USD }");
  const std::string text = table(m, {"capex"}, false, "guided");
  CHECK_THAT(text, contains("Big Four · Microsoft at 800 guided · 单位 亿 USD\n"));
  CHECK_THAT(text, !contains("unknown"));
  CHECK_THAT(text, !contains("grown"));
}

TEST_CASE("as Markdown the same figures, with bars in labels escaped") {
  Loaded m(four + "let ratio \"a|b\" : 1 = 0.5\n");
  const std::string text = table(m, {"capex", "ratio"}, true);
  CHECK_THAT(text, contains("**Big Four · base · 单位 亿 USD**\n\n"));
  CHECK_THAT(text, contains("| capex |  | 777.0 | 1,000.0 | 1,150.0 | 1,322.5 |\n"));
  CHECK_THAT(text, contains("| a\\|b ratio | 0.5000 |"));
  CHECK_THAT(text, contains("| --- | ---: |"));
  CHECK_THAT(text, contains("| **亚马逊 amazon** |"));
}

TEST_CASE("a text table aligns labels left, figures right, and ends no line in blanks") {
  report::TextTable t(1, 1); // a rule before the second figure
  t.add({"", "a", "b"});
  t.add({"中文", "1", "22"});
  t.heading("over the whole width");
  t.add({"x", "333"});
  t.blank();
  CHECK(t.text() == "        a  │   b\n中文    1  │  22\nover the whole width\nx     333\n\n");
}

TEST_CASE("what is passed over on purpose is counted below the table") {
  Loaded m(R"(
    timeline 2024..2025 yearly
    company a, b, c
    let x : 1 by company = 1
    x[a, 2024] = unknown "not said"
    x[b, 2024] = unknown "lost"
    let total : 1 = sum(known x over company)
    let plain : 1 = sum(x[2025] over company)
  )");
  const std::string text = table(m, {"total"});
  CHECK_THAT(text, contains("passed over: 2 unknown values in total[2024] (1 cell)\n"));
  CHECK_THAT(table(m, {"plain"}), !contains("passed over"));
}
