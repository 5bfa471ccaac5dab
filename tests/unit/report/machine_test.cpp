// CSV and JSON: columns, keys, quoting, full precision, and what an expression gives.

#include "engine/report/report.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace scn;
using nlohmann::json;
using report::Format;
using scn_test::contains;
using scn_test::Loaded;

namespace {

std::string rendered(Loaded& m, Format format, std::vector<std::string> const& scenarios = {"base"},
                     std::vector<std::string> const& lines = {}) {
  INFO(m.messages());
  REQUIRE(m.good());
  std::vector<Result const*> results;
  for (std::string const& s : scenarios)
    results.push_back(m.result(s));
  std::vector<model::LineId> asked;
  for (std::string const& l : lines)
    asked.push_back(*m.model().line_named(l));
  return report::render(m.model(), results, report::shown_lines(m.model(), asked), format);
}

std::vector<std::string> rows(std::string const& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string row; std::getline(in, row);)
    out.push_back(row);
  return out;
}

std::string expression(std::string const& text, std::string const& e, Format format,
                       std::vector<std::string> const& scenarios = {"base"}) {
  Loaded m(text, {{}, e});
  INFO(m.messages());
  REQUIRE(m.good());
  std::vector<Result const*> results;
  for (std::string const& s : scenarios)
    results.push_back(m.result(s));
  return report::render_expression(m.model(), results, e, format);
}

const std::string capex = R"(
  model "Big Four"
  timeline 2024..2026 yearly
  source caijing "S" { published 2025-02-11 }
  company amazon, meta
  flow capex : USD by company
  table capex in 亿 USD from caijing "line 44" {
           | 2024 | 2025
    amazon | 777  | over 1000 guidance
    meta   | 373  | unknown "nothing, \"yet\""
  }
  capex[2026] = capex[t-1] * 1.1
  rate grown : % by company = capex / capex[t-1] - 1
  assume life : year = 5 year
)";

} // namespace

TEST_CASE("CSV is long: one row a cell, in base units and full precision") {
  Loaded m(capex);
  const auto csv = rows(rendered(m, Format::csv));
  REQUIRE(csv.size() == 1 + 6 + 4 + 1);
  CHECK(csv[0] == "scenario,line,company,period,value,low,high,unit,kind,note");
  CHECK(csv[1] == "base,capex,amazon,2024,77700000000,,,USD,actual,");
  CHECK(csv[2] == "base,capex,amazon,2025,100000000000,,,USD,guidance,");
  CHECK(csv[3] == "base,capex,amazon,2026,110000000000.00002,,,USD,derived,");
  // An unknown value is empty and says why; its note is quoted, quotes in it are doubled.
  CHECK(csv[5]
        == "base,capex,meta,2025,,,,USD,estimate,\"capex[meta, 2025]: nothing, \"\"yet\"\"\"");
  // Growth in 2024 does not apply, and has no row.
  CHECK(csv[7] == "base,grown,amazon,2025,0.287001287001287,,,1,derived,");
  CHECK(csv[11] == "base,life,,,5,,,year,assumed,");
}

TEST_CASE("numbers read back to the same double, and zero has no sign") {
  Loaded m("let a : 1 = 0.1 + 0.2\nlet z : 1 = 0 * -1\nlet big : 1 = 1e22\nlet third : 1 = -1 / 3");
  const auto csv = rows(rendered(m, Format::csv));
  REQUIRE(csv.size() == 5);
  CHECK_THAT(csv[1], contains(",0.30000000000000004,"));
  CHECK_THAT(csv[2], contains(",0,"));
  CHECK_THAT(csv[2], !contains("-"));
  CHECK_THAT(csv[3], contains(",1e+22,"));
  CHECK_THAT(csv[4], contains(",-0.3333333333333333,"));
  const auto j = json::parse(rendered(m, Format::json));
  CHECK(j["cells"][0]["value"].get<double>() == 0.1 + 0.2);
  CHECK_THAT(j["cells"][1]["value"].dump(), !contains("-"));
  CHECK(j["cells"][3]["value"].get<double>() == -1.0 / 3);
}

TEST_CASE("truths, periods and members by name, and periods of every grain") {
  Loaded m(R"(
    timeline 2024Q3..2024Q4 quarterly
    company amazon, meta
    let yes : truth = true
    let start : period = 2024Q4
    let owner : company = meta
    let x : 1 by company
    x[2024Q4] = 1
  )");
  const auto csv = rows(rendered(m, Format::csv));
  REQUIRE(csv.size() == 1 + 3 + 4);
  CHECK(csv[1] == "base,yes,,,true,,,truth,assumed,");
  CHECK(csv[2] == "base,start,,,2024Q4,,,period,assumed,");
  CHECK_THAT(csv[3], contains("base,owner,,,meta,,,company,"));
  CHECK(csv[4] == "base,x,amazon,2024Q3,,,,1,derived,\"no equation gives x[amazon, 2024Q3]\"");
  CHECK(csv[7] == "base,x,meta,2024Q4,1,,,1,assumed,");
  const auto j = json::parse(rendered(m, Format::json));
  CHECK(j["cells"][0]["value"] == true);
  CHECK(j["cells"][1]["value"] == "2024Q4");
  CHECK(j["cells"][2]["value"] == "meta");
}

TEST_CASE("JSON carries the columns as keys, null where there is nothing") {
  Loaded m(capex);
  const auto j = json::parse(rendered(m, Format::json));
  CHECK(j["format_version"] == 1);
  CHECK(j["model"] == "Big Four");
  CHECK(j["scenario"] == "base");
  REQUIRE(j["cells"].size() == 11);
  auto const& known = j["cells"][0];
  for (char const* key :
       {"scenario", "line", "company", "period", "value", "low", "high", "unit", "kind", "note"})
    CHECK(known.contains(key));
  CHECK(known["company"] == "amazon");
  CHECK(known["period"] == "2024");
  CHECK(known["value"] == 77700000000.0);
  CHECK(known["unit"] == "USD");
  CHECK(known["kind"] == "actual");
  CHECK(known["note"].is_null());
  auto const& unknown = j["cells"][4];
  CHECK(unknown["value"].is_null());
  CHECK(unknown["note"] == "capex[meta, 2025]: nothing, \"yet\"");
  auto const& life = j["cells"][10];
  CHECK(life["company"].is_null());
  CHECK(life["period"].is_null());
}

TEST_CASE("several scenarios follow one another, with their names") {
  Loaded m(capex + "scenario s { capex[meta, 2025] = 1 USD }");
  const auto csv = rows(rendered(m, Format::csv, {"base", "s"}, {"capex"}));
  REQUIRE(csv.size() == 13);
  CHECK_THAT(csv[6], scn_test::contains("base,capex,meta,2026"));
  CHECK_THAT(csv[7], scn_test::contains("s,capex,amazon,2024"));
  CHECK(csv[11] == "s,capex,meta,2025,1,,,USD,assumed,");
  const auto j = json::parse(rendered(m, Format::json, {"base", "s"}, {"capex"}));
  CHECK(j["scenario"] == json::array({"base", "s"}));
  CHECK(j["cells"].size() == 12);
}

TEST_CASE("the kind of a cell is that of what wins there, and an effect makes it derived") {
  Loaded m(R"(
    let a : 1 = 1
    let g : 1 = 2 guidance
    scenario s { a *= 2; g = 3 estimate }
  )");
  const auto csv = rows(rendered(m, Format::csv, {"base", "s"}));
  REQUIRE(csv.size() == 5);
  CHECK_THAT(csv[1], contains(",assumed,"));
  CHECK_THAT(csv[2], contains(",guidance,"));
  CHECK_THAT(csv[3], contains(",derived,"));
  CHECK_THAT(csv[4], contains(",estimate,"));
}

TEST_CASE("lines of the library and hidden ones are not shown unless asked for") {
  Loaded m("let a : 1 = 1\ncheck a > 0\nclaim a = 1\n");
  const auto csv = rows(rendered(m, Format::csv));
  REQUIRE(csv.size() == 2);
  CHECK_THAT(csv[1], contains("base,a,"));
}

TEST_CASE("an expression prints its value with its unit, one row a cell") {
  CHECK(expression(capex, "capex[amazon, 2025] in 亿 USD", Format::table) == "1000 亿 USD\n");
  CHECK(expression(capex, "life", Format::table) == "5 year\n");
  CHECK(expression(capex, "1 + 1", Format::table) == "2\n");
  CHECK(expression(capex, "1 < 2", Format::table) == "true\n");
  CHECK(expression(capex, "argmax(capex[2024] over company)", Format::table) == "amazon\n");
  CHECK(expression(capex, "capex[2024] in 亿 USD", Format::table)
        == "amazon  777 亿 USD\nmeta    373 亿 USD\n");
  CHECK(expression(capex, "capex[meta, 2025]", Format::table)
        == "unknown (capex[meta, 2025]: nothing, \"yet\")\n");
  CHECK(expression(capex, "grown[amazon, 2024]", Format::table) == "–\n");
  CHECK(expression(capex + "scenario s { life = 6 year }", "life", Format::table, {"base", "s"})
        == "base  5 year\ns     6 year\n");
}

TEST_CASE("an expression as JSON has its own keys") {
  const auto j = json::parse(expression(capex, "capex[2025]", Format::json));
  CHECK(j["format_version"] == 1);
  CHECK(j["expr"] == "capex[2025]");
  CHECK(j["unit"] == "USD");
  REQUIRE(j["cells"].size() == 2);
  auto const& cell = j["cells"][0];
  for (char const* key : {"company", "period", "value", "low", "high", "note"})
    CHECK(cell.contains(key));
  for (char const* key : {"line", "unit", "kind", "scenario"})
    CHECK_FALSE(cell.contains(key));
  CHECK(cell["value"] == 1e11);
  CHECK(j["cells"][1]["value"].is_null());
  CHECK(j["cells"][1]["note"] == "capex[meta, 2025]: nothing, \"yet\"");
}

TEST_CASE("diagnostics for machines have code, severity, place, others and hints") {
  Loaded m("timeline 2024..2025 yearly\nlet total : 1 = 1\nlet x : 1 = totl\n");
  CHECK_FALSE(m.good());
  const auto j = json::parse(report::to_json(m.session().diagnostics(), m.session().sources()));
  REQUIRE(j.size() == 1);
  CHECK(j[0]["code"] == "E0301");
  CHECK(j[0]["severity"] == "error");
  CHECK(j[0]["place"]["file"] == "test.scn");
  CHECK(j[0]["place"]["line"] == 3);
  CHECK(j[0]["place"]["column"] == 13);
  CHECK(j[0]["place"]["end_column"] == 17);
  CHECK(j[0]["others"].is_array());
  CHECK(j[0]["hints"].is_array());
  Loaded fine("let x : 1 = 1");
  CHECK(json::parse(report::to_json(fine.session().diagnostics(), fine.session().sources()))
        == json::array());
}
