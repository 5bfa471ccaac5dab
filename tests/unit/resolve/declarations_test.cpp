#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <algorithm>
#include <bit>
#include <random>

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;
using scn_test::value_of;

namespace {

std::string codes_of(std::string const& text) { return Loaded(text).codes(); }

/// The names of a group's members, by rank.
std::string members_of(Loaded const& loaded, std::string_view group) {
  std::string out;
  for (model::Group const& g : loaded.model().groups)
    if (g.name == group)
      for (std::uint32_t i : g.members.indices())
        out += (out.empty() ? "" : " ") + loaded.model().dimension(g.dimension).members[i].name;
  return out;
}

model::Line const& line_of(Loaded const& loaded, std::string_view name) {
  return loaded.model().line(*loaded.model().line_named(name));
}

/// Every value of every line that has a name, in the base and all scenarios, as bits.
std::map<std::string, std::uint64_t> all_values(Loaded& loaded) {
  auto const& m = loaded.model();
  std::map<std::string, std::uint64_t> out;
  std::vector<std::string> scenarios{"base"};
  for (model::Scenario const& s : m.scenarios)
    scenarios.push_back(s.name);
  for (std::string const& scenario : scenarios) {
    auto const* r = loaded.result(scenario);
    REQUIRE(r != nullptr);
    for (std::size_t i = 0; i < m.lines.size(); ++i) {
      const model::LineId id{i};
      if (m.line(id).hidden) continue;
      for (std::uint32_t lane = 0; lane < m.lanes(id); ++lane)
        for (std::uint32_t step = 0; step < m.steps(id); ++step)
          out[scenario + ' ' + m.cell_name(id, lane, step)] =
              std::bit_cast<std::uint64_t>(r->at(id, lane, step));
    }
  }
  return out;
}

} // namespace

TEST_CASE("statements may stand in any order without changing a bit of any value") {
  // Amounts are chosen so that adding them up in another order rounds differently.
  std::vector<std::string> statements{
      "timeline 2024..2027 yearly",
      "unit 美元 = USD",
      "unit wan = 10000 美元",
      "dimension region",
      "company zeta, alpha",
      "company mid",
      "region north, south",
      "group some = pair, mid",
      "group pair = zeta, alpha",
      "source paper { published 2025-06-30 }",
      "flow spend : USD by company",
      "table spend in 美元 from paper {\n | 2024 | 2025 |\n zeta | 1e16 | 3.3 |\n alpha | 1 | "
      "-1e16 |\n"
      " mid | 0.1 | 0.7 |\n}",
      "spend[2026..] = spend[t-1] * (1 + growth_rate)",
      "spend[some, 2027] = spend[t-1] / 3",
      "spend[zeta, 2027] = 3 wan",
      "assume growth_rate : % by company = 10%",
      "growth_rate[mid] = step * 3",
      "let step : % = 7%",
      "flow total = sum(spend over company)",
      "flow of_pair = sum(spend over company in pair)",
      "let weight : 1 by region, company = 1 / 3",
      "weight[south] = 1 / 7",
      "let split by company, region = weight * spend",
      "fn share(part, whole) = part / whole",
      "rate part = share(of_pair, total)",
      "scenario low { growth_rate *= 0.3; spend[mid, 2025] = 0.2 USD }",
      "scenario lower extends low, other { growth_rate[zeta] += 1.1% }",
      "scenario other { step = 0.9% }",
  };
  const auto text = [&] {
    std::string out;
    for (std::string const& s : statements)
      out += s + '\n';
    return out;
  };
  Loaded written(text());
  REQUIRE(written.codes().empty());
  const auto expected = all_values(written);
  REQUIRE(expected.size() > 100);
  std::mt19937 random(1);
  for (int i = 0; i < 25; ++i) {
    std::shuffle(statements.begin(), statements.end(), random);
    Loaded shuffled(text());
    INFO(text());
    REQUIRE(shuffled.codes().empty());
    CHECK(all_values(shuffled) == expected);
  }
}

TEST_CASE("lines, units, dimensions, members, groups and functions share one namespace") {
  const std::vector<std::string> kinds{"company taken",     "unit taken",      "group taken = a",
                                       "let taken : 1 = 5", "fn taken(x) = x", "dimension taken"};
  for (std::string const& first : kinds)
    for (std::string const& second : kinds) {
      INFO(first << " / " << second);
      Loaded loaded("company a\n" + first + '\n' + second + '\n');
      CHECK(loaded.codes() == "E0302");
      CHECK_THAT(loaded.messages(), contains("`taken` is already the name of a"));
      CHECK_THAT(loaded.messages(), contains("first declared here"));
    }
}

TEST_CASE("names of the language and its library are taken") {
  for (std::string name :
       {"sum", "is_known", "abs", "USD", "month", "January", "company", "plan"}) {
    INFO(name);
    Loaded loaded("let " + name + " : 1 = 5");
    CHECK(loaded.codes() == "E0302");
    CHECK_THAT(loaded.messages(), contains("`my_" + name + '`'));
  }
  // A module that is not used takes no names.
  CHECK(codes_of("let growth : 1 = 5").empty());
  CHECK(codes_of("use std.growth\nlet growth : 1 = 5") == "E0302");
}

TEST_CASE("sources and scenarios have namespaces of their own") {
  CHECK(codes_of("let x : 1 = 5 from x\nsource x \"X\"\nscenario x { x = 6 }").empty());
  CHECK(codes_of("source x\nsource x") == "E0302");
  CHECK(codes_of("scenario x { }\nscenario x { }") == "E0302");
  CHECK(codes_of("scenario base { }") == "E0302");
}

TEST_CASE("the library does not see the names of the model that uses it") {
  // `v`, `x` and `life` are names of the library's own functions.
  const std::string model = "use std.depreciation\n"
                            "timeline 2024..2026 yearly\n"
                            "company v\n"
                            "unit x\n"
                            "assume life : year = 2 year\n"
                            "flow cost : USD = 10 USD\n"
                            "flow charge = straight_line(cost, life)\n";
  CHECK(value_of("charge[2026]", model) == 10.0);
}

TEST_CASE("an unknown name is an error with the nearest known one") {
  Loaded line("let capex : 1 = 5\nlet y : 1 = cappex");
  CHECK(line.codes() == "E0301");
  CHECK_THAT(line.messages(), contains("did you mean `capex`?"));
  Loaded statement("compnay a");
  CHECK_THAT(statement.messages(), contains("did you mean `company`?"));
  Loaded scenario("scenario guided { }\nscenario s extends guidde { }");
  CHECK(scenario.codes() == "E0301");
  CHECK_THAT(scenario.messages(), contains("did you mean `guided`?"));
  Loaded equation("let capex : 1 = 5\ncapx[2024] = 6");
  CHECK_THAT(equation.messages(), contains("did you mean `capex`?"));
}

TEST_CASE("a dimension is the keyword that declares its members") {
  Loaded loaded("chip h20 \"H20\", a100, h100 \"H100\"\n"
                "## Made for one market.\n## Slower.\n"
                "chip b30 \"B30\"\n"
                "dimension chip \"Chips\"\n"
                "let power : 1 by chip = 5\n");
  REQUIRE(loaded.codes().empty());
  auto const& d = loaded.model().dimension(line_of(loaded, "power").dimensions[0]);
  CHECK(d.label == "Chips");
  REQUIRE(d.members.size() == 4);
  // Members rank by name, and are shown as they were written.
  CHECK(d.members[0].name == "a100");
  CHECK(d.members[1].name == "b30");
  CHECK(d.members[1].label == "B30");
  CHECK(d.members[1].doc == "Made for one market.\nSlower.");
  CHECK(d.members[0].doc.empty());
  CHECK(d.members[3].name == "h20");
  CHECK(d.members[3].label == "H20");
  CHECK(d.shown == std::vector<std::uint32_t>{3, 0, 2, 1});
}

TEST_CASE("labels and doc comments belong to the declaration they stand before") {
  Loaded loaded(
      "# a comment\n## Cash spent.\n##   Not leases.\nflow capex \"资本支出\" : USD = 5 USD\n"
      "let other : 1 = 5\n## Of the third line.\n\nlet third : 1 = 6\n");
  REQUIRE(loaded.codes().empty());
  CHECK(line_of(loaded, "third").doc == "Of the third line.");
  CHECK(line_of(loaded, "capex").label == "资本支出");
  CHECK(line_of(loaded, "capex").doc == "Cash spent.\n  Not leases.");
  CHECK(line_of(loaded, "capex").kind == model::LineKind::flow);
  CHECK(line_of(loaded, "other").doc.empty());
  CHECK(line_of(loaded, "other").label.empty());
}

TEST_CASE("a member's block gives values to all members that the statement names") {
  const std::string model = "timeline 2024..2025 yearly\n"
                            "dimension chip\n"
                            "chip h20, h100 { power = 400 USD; price[2025] = price[t-1] * 2 }\n"
                            "chip a100 { power = 300 USD }\n"
                            "let power : USD by chip\n"
                            "let price : 1 by chip\n"
                            "price[2024] = 3\n";
  CHECK(value_of("power[h20]", model) == 400.0);
  CHECK(value_of("power[h100]", model) == 400.0);
  CHECK(value_of("power[a100]", model) == 300.0);
  CHECK(value_of("price[h100, 2025]", model) == 6.0);
  CHECK(model::is_unknown(value_of("price[a100, 2025]", model)));
  SECTION("of lines that have the dimension") {
    Loaded loaded("dimension chip\nchip a100, h20 { power = 5 }\nlet power : 1 = 5");
    CHECK(loaded.codes() == "E0507"); // once, not for each member
    CHECK_THAT(loaded.messages(), contains("`power` has no dimension `chip`"));
  }
  SECTION("and does not adjust, because nothing lies below") {
    CHECK(codes_of("company a { x *= 2 }\nlet x : 1 by company = 5") == "E0803");
  }
}

TEST_CASE("groups may contain groups, and a member counts once") {
  Loaded loaded("group all_of_them = left, d, right\n"
                "group left = a, b\n"
                "group right = left, c\n"
                "company d, c, b, a\n");
  REQUIRE(loaded.codes().empty());
  CHECK(members_of(loaded, "left") == "a b");
  CHECK(members_of(loaded, "right") == "a b c");
  CHECK(members_of(loaded, "all_of_them") == "a b c d");
}

TEST_CASE("a group that contains itself is an error") {
  CHECK(codes_of("group g = g") == "E0304");
  Loaded loaded("company a\ngroup g = h, a\ngroup h = k\ngroup k = g\n");
  CHECK(loaded.codes() == "E0304"); // the loop once, not once for every group in it
  CHECK_THAT(loaded.messages(), contains("contains itself"));
}

TEST_CASE("a group holds members of one dimension") {
  Loaded loaded("company a\ndimension chip\nchip h20\ngroup g = a, h20\ngroup h = g, h20");
  CHECK(loaded.codes() == "E0305 E0305");
  CHECK_THAT(loaded.messages(), contains("`h20` is a `chip`"));
  CHECK(codes_of("company a\ngroup g = a, nobody") == "E0301");
  CHECK(codes_of("let x : 1 = 5\ngroup g = x") == "E0303");
}
