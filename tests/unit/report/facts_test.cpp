// `scn facts`: every cited figure, and what became of it.

#include "engine/report/report.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <nlohmann/json.hpp>

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

const std::string text = R"(
  model "Facts, \"cited\""
  timeline 2024..2025 yearly
  company a, b
  source early "E" { published 2025-01-10 }
  source late "L" { published 2025-02-20 }
  source repost "R" { copy_of early }
  flow x : USD by company
  table x in 亿 USD from early "line 1, left" {
      | 2024 | 2025     |
    a | 1    | over 3   |
    b | 5    | 6..7     |
  }
  x[a, 2024] = 2 亿 USD from late "line 2"
  x[a, 2024] = 1 亿 USD from repost
  let k : % = 15% from late
  let uncited : 1 = 3
  let doubled = k * 2 from late "line 9"
  scenario s { prefer early; x[b, 2024] = 9 亿 USD from late }
)";

std::string shown(report::Format format, std::vector<std::string_view> scenarios = {"base"}) {
  Loaded m(text);
  INFO(m.messages());
  REQUIRE(m.good());
  std::vector<Result const*> results;
  for (std::string_view s : scenarios)
    results.push_back(m.result(s));
  return report::render_facts(m.model(), results, report::shown_lines(m.model(), {}),
                              m.session().sources(), format);
}

} // namespace

TEST_CASE("facts as CSV: base units, one row a figure, nothing uncited") {
  CHECK(shown(report::Format::csv, {"base", "s"})
        == R"(scenario,line,figure,value,low,high,unit,kind,source,place,published,standing,decided
base,x,"x[a, 2024]",200000000,,,USD,actual,late,line 2,2025-02-20,in force,published last
base,x,"x[a, 2024]",100000000,,,USD,actual,early,"line 1, left",2025-01-10,not taken,published last
base,x,"x[a, 2024]",100000000,,,USD,estimate,repost,,,copy,of early
base,x,"x[a, 2025]",300000000,300000000,,USD,estimate,early,"line 1, left",2025-01-10,in force,
base,x,"x[b, 2024]",500000000,,,USD,actual,early,"line 1, left",2025-01-10,in force,
base,x,"x[b, 2025]",650000000,600000000,700000000,USD,estimate,early,"line 1, left",2025-01-10,in force,
base,k,k,0.15,,,1,estimate,late,,2025-02-20,in force,
base,doubled,doubled,,,,1,derived,late,line 9,2025-02-20,in force,
s,x,"x[a, 2024]",200000000,,,USD,actual,late,line 2,2025-02-20,not taken,preferred in s
s,x,"x[a, 2024]",100000000,,,USD,actual,early,"line 1, left",2025-01-10,in force,preferred in s
s,x,"x[a, 2024]",100000000,,,USD,estimate,repost,,,copy,of early
s,x,"x[a, 2025]",300000000,300000000,,USD,estimate,early,"line 1, left",2025-01-10,in force,
s,x,"x[b, 2024]",500000000,,,USD,actual,early,"line 1, left",2025-01-10,overridden,
s,x,"x[b, 2025]",650000000,600000000,700000000,USD,estimate,early,"line 1, left",2025-01-10,in force,
s,x,"x[b, 2024]",900000000,,,USD,actual,late,,2025-02-20,in force,
s,k,k,0.15,,,1,estimate,late,,2025-02-20,in force,
s,doubled,doubled,,,,1,derived,late,line 9,2025-02-20,in force,
)");
}

TEST_CASE("facts as JSON parse, with nothing where there is nothing") {
  const auto json = nlohmann::json::parse(shown(report::Format::json));
  CHECK(json["format_version"] == 1);
  CHECK(json["model"] == "Facts, \"cited\"");
  REQUIRE(json["facts"].size() == 8);
  CHECK(json["facts"][0]["value"] == 2e8);
  CHECK(json["facts"][0]["decided"] == "published last");
  CHECK(json["facts"][3]["high"].is_null()); // over: no upper end
  CHECK(json["facts"][3]["low"] == 3e8);
  CHECK(json["facts"][7]["value"].is_null()); // a formula
}

TEST_CASE("facts for people: as written, in the line's unit") {
  const std::string table = shown(report::Format::table);
  CHECK_THAT(table, contains("over 3 亿 USD"));
  CHECK_THAT(table, contains("6..7 亿 USD"));
  CHECK_THAT(table, contains("15%"));
  CHECK_THAT(table, contains("a formula"));
  CHECK_THAT(table, contains("8 cited figures; 1 competition"));
  CHECK_THAT(shown(report::Format::markdown), contains("| x[a, 2024]"));
}

TEST_CASE("a model without sources has no facts") {
  Loaded m("let x : 1 = 2");
  CHECK(report::render_facts(m.model(), {m.result()}, report::shown_lines(m.model(), {}),
                             m.session().sources(), report::Format::table)
        == "no figure of this model has a source\n");
}
