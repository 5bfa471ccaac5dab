// What does not apply, on every path: restricted lines, the edge of the timeline, `–` in a table.

#include "engine/eval/cause.hpp"
#include "engine/judge/judge.hpp"
#include "engine/report/report.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

const std::string text = R"(
  timeline 2024..2026 yearly
  company a, b, c
  group sellers = a, b
  flow restricted : USD by company in sellers = 10 USD
  flow table_line : USD by company
  table table_line in USD {
      | 2024 | 2025 | 2026 |
    a | 1    | –    | 3    |
    b | —    | 5    | unknown "not said" |
    c | –    | –    | –    |
  }
  flow edge : USD by company = table_line[t-1]
)";

double value_of(std::string const& expression) { return scn_test::value_of(expression, text); }

} // namespace

TEST_CASE("the three ways of not applying") {
  Loaded m(text);
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("restricted", {"a", "2024"}) == 10);
  CHECK(model::is_inapplicable(m.value("restricted", {"c", "2024"})));
  CHECK(model::is_inapplicable(m.value("table_line", {"a", "2025"})));
  CHECK(model::is_inapplicable(m.value("table_line", {"b", "2024"}))); // an em dash, too
  CHECK(model::is_inapplicable(m.value("edge", {"a", "2024"})));
  CHECK(m.value("edge", {"a", "2025"}) == 1);
}

TEST_CASE("aggregations pass over what does not apply, and not over what is unknown") {
  CHECK(value_of("sum(restricted[2024] over company)") == 20);
  CHECK(value_of("sum(table_line[2024] over company)") == 1);
  CHECK(value_of("avg(table_line[2024] over company)") == 1);
  CHECK(value_of("min(table_line[2025] over company)") == 5);
  CHECK(value_of("max(table_line[2025] over company)") == 5);
  CHECK(value_of("median(table_line[2025] over company)") == 5);
  CHECK(value_of("product(table_line[2025] / 1 USD over company)") == 5);
  CHECK(value_of("count(table_line[2025] > 0 USD over company)") == 1);
  CHECK(value_of("if any(table_line[2025] > 4 USD over company) then 1 else 0") == 1);
  CHECK(value_of("if all(table_line[2025] > 4 USD over company) then 1 else 0") == 1);
  CHECK(value_of("sum(edge[a] over t)") == 1); // outside the timeline, 1, and the `–` of 2025
  CHECK(model::is_unknown(value_of("sum(table_line[2026] over company)")));
  CHECK(value_of("sum(known table_line[2026] over company)") == 3);
  // Over nothing that applies is over nothing.
  CHECK(value_of("sum(table_line[c] over t)") == 0);
  CHECK(model::is_unknown(value_of("avg(table_line[c] over t)")));
  CHECK(model::is_unknown(value_of("max(table_line[c] over t)")));
}

TEST_CASE("arithmetic with what does not apply does not apply, even beside an unknown") {
  for (std::string e : {"table_line[c, 2024] + 1 USD", "-table_line[c, 2024]",
                        "table_line[c, 2024] * table_line[b, 2026] / 1 USD",
                        "table_line[b, 2026] + table_line[c, 2024]", "0 * table_line[c, 2024]",
                        "min(table_line[c, 2024], 1 USD)", "restricted[c, 2024] / 0 USD"}) {
    INFO(e);
    CHECK(model::is_inapplicable(value_of(e)));
  }
  CHECK(model::is_unknown(value_of("table_line[b, 2026] * 2")));
}

TEST_CASE("`else` fills in, and whether it is known does not apply either") {
  CHECK(value_of("table_line[c, 2024] else 7 USD") == 7);
  CHECK(value_of("restricted[c, 2024] else 7 USD") == 7);
  CHECK(value_of("edge[a, 2024] else 7 USD") == 7);
  // So `all(is_known(x) over company)` asks about the members that have the line.
  CHECK(model::is_inapplicable(value_of("if is_known(table_line[c, 2024]) then 1 else 0")));
  CHECK(value_of("if all(is_known(restricted[2024]) over company) then 1 else 0") == 1);
  CHECK(value_of("if all(is_known(table_line[2026]) over company) then 1 else 0") == 0);
}

TEST_CASE("tables print a dash, CSV and JSON have no row") {
  Loaded m(text);
  auto const* r = m.result();
  REQUIRE(r != nullptr);
  const std::vector<model::LineId> lines{*m.model().line_named("table_line")};
  const std::string table = report::render(m.model(), {r}, lines, report::Format::table);
  CHECK_THAT(table, contains("–"));
  const std::string csv = report::render(m.model(), {r}, lines, report::Format::csv);
  CHECK_THAT(csv, contains("base,table_line,b,2026,,,,USD,assumed,"));
  CHECK(csv.find("table_line,c,") == std::string::npos);
  CHECK(csv.find("table_line,a,2025") == std::string::npos);
  CHECK(csv.find("–") == std::string::npos);
  const std::string json = report::render(m.model(), {r}, lines, report::Format::json);
  CHECK(json.find("\"c\"") == std::string::npos);
  Loaded asked(text, {{}, "table_line[c, 2024]"});
  REQUIRE(asked.good());
  CHECK(report::render_expression(asked.model(), {asked.result()}, "x", report::Format::table)
        == "–\n");
}

TEST_CASE("a check passes over what does not apply, and a claim cannot be computed from it") {
  Loaded m(text + R"(
    check restricted > 0 USD
    check table_line[c] > 100 USD
    claim "D1" table_line[c, 2024] = 5 USD
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  auto const* r = m.result();
  REQUIRE(r != nullptr);
  const judge::Case of{std::nullopt, &r->stack, &r->values};
  const auto checks = judge::check(m.model(), of);
  REQUIRE(checks.size() == 2);
  CHECK(checks[0].verdict == judge::CheckResult::Verdict::holds);
  CHECK(checks[0].cells == 2);
  CHECK(checks[1].verdict == judge::CheckResult::Verdict::holds);
  CHECK(checks[1].cells == 0);
  const auto claims = judge::claims(m.model(), of);
  REQUIRE(claims.size() == 1);
  CHECK(claims[0].verdict == judge::Verdict::cannot_be_computed);
  CHECK_THAT(claims[0].cause, contains("does not apply"));
}

TEST_CASE("an override may say that something does not apply, or that it does") {
  Loaded m(text + R"(
    scenario gone { table_line[a, 2024] = unknown "sold" }
    scenario back { table_line[c] = 4 USD }
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("table_line", {"c", "2025"}, "back") == 4);
  CHECK(m.value("edge", {"c", "2026"}, "back") == 4);
  CHECK(model::is_unknown(m.value("edge", {"a", "2025"}, "gone")));
}

TEST_CASE("a value for cells that cannot have one is refused") {
  const auto codes = [](std::string const& more) { return Loaded(text + more).codes(); };
  CHECK(codes("restricted[c] = 5 USD") == "E0507");
  CHECK(codes("restricted[c, 2024] = 5 USD") == "E0507");
  CHECK(codes("scenario s { restricted[c, 2024] *= 2 }") == "E0507");
  CHECK(codes("table restricted in USD { |2024|\n c| 5 |\n a| 6 |\n }") == "E0507");
  CHECK(codes("table restricted in USD { |2024|\n c| – |\n a| 6 |\n }").empty());
  CHECK(codes("restricted[2024] = 5 USD").empty()); // reaches beyond, and gives a and b theirs
}
