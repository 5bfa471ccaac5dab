// Views as tables and for machines.

#include "engine/report/table.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

const std::string four = R"(model "Big Four"
use std.growth
timeline 2024..2028 yearly
source caijing "S" { published 2025-02-11 }
company microsoft "微软", amazon "亚马逊", meta "Meta", other
group big = microsoft, amazon, meta
flow capex "资本支出" : USD by company
table capex in 亿 USD from caijing "line 44" {
            | 2024 | 2025                     |
  microsoft | 756  | unknown "no guidance"    |
  amazon    | 777  | over 1000 guidance       |
  meta      | 373  | 600..650 guidance        |
}
assume g : % by company = 15%
capex[2026..] = capex[t-1] * (1 + g)
flow total : USD = sum(known capex over company in big)
scenario flat "Flat" { g = 0 }
)";

std::string shown(Loaded& m, report::Format format = report::Format::table,
                  std::string_view scenario = "base", bool bounds = false) {
  INFO(m.messages());
  REQUIRE(m.good());
  std::vector<std::size_t> views;
  for (std::size_t v = 0; v < m.model().views.size(); ++v)
    views.push_back(v);
  auto const* r = bounds ? m.session().evaluate_bounds(m.model().scenario_named(scenario),
                                                       report::lines_of(m.model(), views))
                         : m.result(scenario);
  REQUIRE(r != nullptr);
  return report::render_views(m.model(), {r}, views, format);
}

} // namespace

TEST_CASE("members are headings, what is shown stands below, lines of their own follow") {
  Loaded m(four + R"(view overview "四巨头" {
  rows company in big, total "合计"
  show capex, growth(capex) "growth"
  periods 2024..2026
  in 亿 USD
})");
  CHECK(shown(m) == R"(四巨头 · base · 单位 亿 USD
                    2024A  │    2025E    2026E
微软 microsoft
  资本支出 capex    756.0  │  unknown  unknown
  growth                –  │  unknown  unknown
亚马逊 amazon
  资本支出 capex    777.0  │  1,000.0  1,150.0
  growth                –  │    28.7%    15.0%
Meta
  资本支出 capex    373.0  │    625.0    718.8
  growth                –  │    67.6%    15.0%

合计              1,906.0  │  1,625.0  1,868.8
unknown: capex[microsoft, 2025]: no guidance (4 cells)
passed over: 1 unknown value in total[2025] (2 cells)
)");
}

TEST_CASE("where one thing is shown each member is a row, and a scenario is named") {
  Loaded m(four
           + "view v \"四巨头\" { rows company in big, total; show capex; periods 2025..2026 }\n");
  CHECK(shown(m, report::Format::table, "flat") == R"(四巨头 · 资本支出 capex · Flat · 单位 亿 USD
                  2025E    2026E
微软 microsoft  unknown  unknown
亚马逊 amazon   1,000.0  1,000.0
Meta              625.0    625.0
total           1,625.0  1,625.0
unknown: capex[microsoft, 2025]: no guidance (2 cells)
passed over: 1 unknown value in total[2025] (2 cells)
)");
}

TEST_CASE("the unit of a view is that of every line that has it") {
  Loaded m(four
           + "view v { rows company in big; show capex in bn USD, capex / total; in mn USD }\n");
  const std::string text = shown(m);
  CHECK_THAT(text, contains("单位 mn USD") && contains("77,700.0"));
}

TEST_CASE("a row of which nothing applies is left out") {
  Loaded m("timeline 2024..2025 yearly\ncompany a, b, c\ngroup ab = a, b\n"
           "flow x : USD by company in ab = 1 USD * (t - 2023) / 1 year\n"
           "view v { rows company; show x }\n");
  CHECK(shown(m) == "v · x · base · unit USD\n   2024E  2025E\na   1.00   2.00\nb   1.00   2.00\n");
}

TEST_CASE("two dimensions nest, the first one outermost, whatever the line's own order is") {
  Loaded m("company a, b\ndimension region\nregion north, south\n"
           "let x : 1 by region, company = (if company == a then 1 else 2)\n"
           "  + (if region == north then 10 else 20)\n"
           "view v { rows company, region; show x }\n");
  CHECK(shown(m)
        == "v · x · base\n           constant\na · north        11\na · south        21\n"
           "b · north        12\nb · south        22\n");
}

TEST_CASE("machines get the cells of the view, in the order of its rows, by its labels") {
  Loaded m(
      four
      + "view v { rows total, company in big; show growth(capex) \"growth\"; periods 2026 }\n");
  CHECK(shown(m, report::Format::csv)
        == "scenario,line,company,period,value,low,high,unit,kind,note\n"
           "base,total,,2026,186875000000,,,USD,derived,\n"
           "base,growth,microsoft,2026,,,,1,derived,"
           "\"capex[microsoft, 2025]: no guidance\"\n"
           "base,growth,amazon,2026,0.1499999999999999,,,1,derived,\n"
           "base,growth,meta,2026,0.1499999999999999,,,1,derived,\n");
  CHECK_THAT(shown(m, report::Format::json), contains("\"views\": [\n    \"v\"\n  ]"));
  CHECK_THAT(shown(m, report::Format::markdown), contains("| 微软 microsoft | unknown |"));
}

TEST_CASE("bounds stand below what has some, in the columns low and high for machines") {
  Loaded m(four + "view v { rows company in big; show capex; periods 2024..2025 }\n");
  CHECK(shown(m, report::Format::table, "base", true)
        == R"(Big Four · 资本支出 capex · base · 单位 亿 USD
                2024A  │         2025E
微软 microsoft  756.0  │       unknown
亚马逊 amazon   777.0  │       1,000.0
    bounds             │    1,000.0..∞
Meta            373.0  │         625.0
    bounds             │  600.0..650.0
unknown: capex[microsoft, 2025]: no guidance (1 cell)
)");
  const std::string csv = shown(m, report::Format::csv, "base", true);
  CHECK_THAT(csv, contains("amazon,2024,77700000000,77700000000,77700000000,USD"));
  CHECK_THAT(csv, contains("amazon,2025,100000000000,100000000000,,USD"));
  CHECK_THAT(csv, contains("meta,2025,62500000000,60000000000,65000000000,USD"));
  CHECK_THAT(csv, contains("microsoft,2025,,,,USD"));
}
