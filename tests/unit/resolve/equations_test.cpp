#include "lang/model/winners.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <limits>

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;
using scn_test::value_of;

namespace {

std::string codes_of(std::string const& text) { return Loaded(text).codes(); }

/// What kind of figure stands in a cell of a line without dimensions: `actual`, `derived`.
std::string_view kind_at(Loaded const& loaded, std::string_view name, std::uint32_t step = 0,
                         std::string_view scenario = "base") {
  auto const& m = loaded.model();
  const auto line = *m.line_named(name);
  const auto layers = m.layers_of(m.scenario_named(scenario));
  model::Winner const winner = paint(m, line, layers).winner(step);
  if (winner.kind == model::Winner::Kind::facts) {
    auto const* fact = fact_at(m.facts[winner.index], step);
    return name_of(m.tag_of(m.styles[fact->style], line, step));
  }
  if (winner.kind != model::Winner::Kind::equation) return "nothing";
  auto const& e = m.equation(model::EquationId{winner.index});
  return name_of(m.tag_of(m.styles[e.style], line, step));
}

/// The figure of the one cell of a line, with all that its words allow.
model::Figure figure_of(std::string const& right) {
  Loaded loaded("source doc\nunit card\nlet x = " + right);
  if (!loaded.good()) throw std::runtime_error(loaded.messages());
  auto const& m = loaded.model();
  const auto line = *m.line_named("x");
  for (model::Facts const& facts : m.facts) {
    if (facts.line != line) continue;
    model::Facts::Fact const& f = facts.facts.at(0);
    if (f.extra != model::Facts::Fact::none) return m.formulas.figures[f.extra];
    const double half = m.styles[f.style].half;
    return {f.value, half, f.value, f.value, half, half};
  }
  throw std::runtime_error("no figure");
}

bool varies(std::string const& text, std::string_view line) {
  Loaded loaded("timeline 2024..2026 yearly\n" + text);
  if (!loaded.good()) throw std::runtime_error(loaded.messages());
  return loaded.model().line(*loaded.model().line_named(line)).over_time;
}

constexpr double infinity = std::numeric_limits<double>::infinity();

} // namespace

// ---------------------------------------------------------------------------------------- figures

TEST_CASE("a figure has a point and what its words allow") {
  const auto check = [](std::string const& right, double point, double low, double high) {
    INFO(right);
    const model::Figure f = figure_of(right);
    CHECK(f.value == point);
    CHECK(f.low == low);
    CHECK(f.high == high);
  };
  check("756 USD", 756, 756, 756);
  check("over 1000 USD", 1000, 1000, infinity);
  check("under 1000 USD", 1000, -infinity, 1000);
  check("about 750 USD", 750, 750, 750);
  check("nearly 750 USD", 750, 750, 750);
  check("600..650 USD", 625, 600, 650);
  check("600..650 亿 USD", 625e8, 600e8, 650e8);
  check("600..650 at 620", 620, 600, 650);
  check("600..650 USD at 620", 620, 600, 650);
  check("6..9 month", 0.625, 0.5, 0.75); // the lower end takes the unit of the upper
  check("-20%..60%", 0.2, -0.2, 0.6);
  check("25..75%", 0.5, 0.25, 0.75);
  check("-5 USD", -5, -5, -5);
  check("over -5 USD", -5, -5, infinity);
}

TEST_CASE("only a cited figure that is not exact may move by half its last digit") {
  CHECK(figure_of("756 USD from doc").half == 0.5);
  CHECK(figure_of("75.60 亿 USD from doc").half == 0.005e8);
  CHECK(figure_of("7.230 USD from doc \"line 5\"").half == 0.0005);
  CHECK(figure_of("756 USD").half == 0.0);
  CHECK(figure_of("5 year exact from doc").half == 0.0);
  CHECK(figure_of("600..650 USD from doc").half_high == 0.5);
}

TEST_CASE("a figure that says too much or nothing is an error") {
  for (std::string right : {"over 600..650", "650..600", "600 USD..650 CNY", "600..650 at 700",
                            "over unknown", "unknown..5", "x..5", "5..x", "600..650 at x"}) {
    INFO(right);
    CHECK(codes_of("let x : 1 = 5\nlet y : USD = " + right) == "E0407");
  }
  CHECK(codes_of("let y : USD = 5 USD within 3%") == "E0407");
  CHECK(codes_of("let y : USD = 5 USD range 1 USD..9 USD") == "E0312"); // no assumption
  CHECK(codes_of("let y : USD = 5 USD\ny range 1 USD..9 USD") == "E0312");
  CHECK(codes_of("assume y : USD = 5 USD range 9 USD..1 USD") == "E0407");
  CHECK(codes_of("assume y : USD = 5 USD range 9 USD") == "E0407");
  CHECK(codes_of("assume y : USD = 5 USD range 1 CNY..9 CNY") == "E0409");
  CHECK(codes_of("assume y : % = 5% ~ nonsense(1, 2)") == "E0407");
  CHECK(codes_of("assume y : % = 5% range 0%..9% ~ normal(5%, 1%)").empty());
}

TEST_CASE("a figure is cited from a source that is declared") {
  Loaded loaded("source caijing \"Title\" { file \"a.txt\"; author \"A\"; published 2025-02-11 }\n"
                "let x : 1 = 5 from caijing \"line 44\"\n");
  REQUIRE(loaded.codes().empty());
  model::Document const& d = loaded.model().documents.at(0);
  CHECK(d.name == "caijing");
  CHECK(d.title == "Title");
  CHECK(d.file == "a.txt");
  CHECK(d.author == "A");
  CHECK((d.published == model::Date{2025, 2, 11}));
  CHECK(loaded.model().citations.at(0).place == "line 44");
  Loaded near("source caijing\nlet x : 1 = 5 from caijng");
  CHECK(near.codes() == "E0306");
  CHECK_THAT(near.messages(), contains("did you mean `caijing`?"));
  CHECK(codes_of("source s { published 2025 }") == "E0307");
  CHECK(codes_of("source s { colour \"red\" }") == "E0307");
}

TEST_CASE("what kind of figure a cell holds") {
  Loaded loaded("timeline 2024..2026 yearly\n"
                "source doc { published 2025-06-30 }\n"
                "source undated\n"
                "flow x : USD\n"
                "x[2024] = 5 USD from doc\n"
                "x[2025] = 5 USD from doc\n"
                "x[2026] = 5 USD\n"
                "flow y : USD = 3 USD from doc\n"
                "let h : USD = 3 USD from doc\n"
                "flow z : USD = x * 2\n"
                "let a : 1 = 5 from doc guidance\n"
                "let b : 1 = 5 estimate\n"
                "let c : 1 = 5 assumed from doc\n"
                "let d : 1 = 5 actual\n"
                "flow e : USD = x * 2 guidance from doc\n"
                "flow f : USD = 5 USD from undated\n"
                "flow g : USD = 6 USD / 2 from doc\n"
                "scenario s { x[2024] = 7 USD; y = x }\n");
  REQUIRE(loaded.codes().empty());
  CHECK(kind_at(loaded, "x", 0) == "actual");
  CHECK(kind_at(loaded, "x", 1) == "estimate"); // 2025 was not over in June
  CHECK(kind_at(loaded, "x", 2) == "assumed");
  CHECK(kind_at(loaded, "y", 0) == "actual"); // a scenario makes it vary over time
  CHECK(kind_at(loaded, "y", 1) == "estimate");
  CHECK(kind_at(loaded, "h") == "estimate"); // of no period in particular
  CHECK(kind_at(loaded, "z") == "derived");
  CHECK(kind_at(loaded, "a") == "guidance");
  CHECK(kind_at(loaded, "b") == "estimate");
  CHECK(kind_at(loaded, "c") == "assumed");
  CHECK(kind_at(loaded, "d") == "actual");
  CHECK(kind_at(loaded, "e", 0) == "guidance");
  CHECK(kind_at(loaded, "f") == "estimate");
  CHECK(kind_at(loaded, "g") == "estimate"); // computed from numbers only, and cited
  CHECK(kind_at(loaded, "x", 0, "s") == "assumed");
  CHECK(kind_at(loaded, "y", 0, "s") == "derived");
}

// ----------------------------------------------------------------------------- shapes of the lines

TEST_CASE("a line varies over time if any equation of it does, in whatever layer") {
  const std::string base = "let moving : 1\nmoving[2024] = 5\nlet fixed : 1 = 5\n";
  CHECK(varies(base, "moving"));
  CHECK_FALSE(varies(base, "fixed"));
  CHECK(varies(base + "let x : 1 = moving * 2", "x"));
  CHECK_FALSE(varies(base + "let x : 1 = fixed * 2", "x"));
  CHECK_FALSE(varies(base + "let x : 1 = moving[2024] + moving[first]", "x"));
  CHECK(varies(base + "let x : 1 = fixed[t]", "x"));
  CHECK(varies(base + "let x : 1 = if t == 2024 then 1 else 2", "x"));
  CHECK_FALSE(varies(base + "let x : 1 = sum(moving over t)", "x"));
  CHECK_FALSE(varies(base + "let x : 1 = sum(moving[v] over v in first..last)", "x"));
  CHECK(varies(base + "let x : 1 = sum(moving[v] over v in first..t)", "x"));
  CHECK(varies(base + "let x : 1 = 5\nscenario s { x[2025..] = 6 }", "x"));
  CHECK(varies(base + "let x : 1 = 5\nscenario s { x = moving }", "x"));
  CHECK(varies(base + "let x : 1 = 5\nscenario s { x *= moving }", "x"));
  // Through other lines, in whatever order they stand.
  CHECK(varies("let x : 1 = y\nlet y : 1 = z\nlet z : 1\nz[2024] = 5\n", "x"));
  CHECK(varies("let x : 1 = 5\nscenario s { x = y }\nlet y : 1 = z\nlet z : 1\nz[2024] = 2", "x"));
}

TEST_CASE("a line that does not vary may be indexed by a period") {
  const std::string model = "timeline 2024..2026 yearly\nlet x : 1 = 5\n";
  CHECK(value_of("x[2025]", model) == 5.0);
  CHECK(value_of("x[first] + x[last]", model) == 10.0);
}

// --------------------------------------------------------------------------------------- scenarios

TEST_CASE("the layers of a scenario are the base, ancestors before descendants, and its own") {
  Loaded loaded("scenario d extends b, c { }\n"
                "scenario b extends a { }\n"
                "scenario c extends a, m { }\n"
                "scenario a { }\n"
                "scenario m { }\n");
  REQUIRE(loaded.codes().empty());
  auto const& m = loaded.model();
  const auto layers = [&](std::string_view name) {
    std::string out;
    for (model::LayerId layer : m.layers_of(m.scenario_named(name)))
      out += m.layer_name(layer) + ' ';
    return out;
  };
  CHECK(layers("base") == "library base ");
  CHECK(layers("a") == "library base a ");
  CHECK(layers("b") == "library base a b ");
  CHECK(layers("c") == "library base a m c ");
  CHECK(layers("d") == "library base a b m c d "); // depth first, each once
}

TEST_CASE("scenarios whose order contradicts itself are errors") {
  CHECK(codes_of("scenario a extends b { }\nscenario b { }\nscenario s extends a, b { }")
        == "E0802");
  CHECK(codes_of("scenario a extends b { }\nscenario b { }\nscenario s extends b, a { }").empty());
  CHECK(codes_of("scenario a extends a { }") == "E0801");
  CHECK(codes_of("scenario a extends b { }\nscenario b extends c { }\nscenario c extends a { }")
        == "E0801");
  CHECK(codes_of("scenario a extends nosuch { }") == "E0301");
  CHECK(codes_of("scenario a extends base { }") == "E0301");
}

TEST_CASE("a higher layer wins whatever the regions") {
  Loaded loaded("timeline 2024..2026 yearly\n"
                "let x : 1 = 1\nx[2025] = 2\n"
                "scenario low { x[2024] = 3 }\n"
                "scenario all_of_it extends low { x = 4 }\n"
                "scenario mixed extends all_of_it, side { x[2026] = 6 }\n"
                "scenario side { x[2025..] = 5 }\n");
  REQUIRE(loaded.codes().empty());
  const auto values = [&](std::string_view scenario) {
    return std::vector{loaded.value("x", {"2024"}, scenario), loaded.value("x", {"2025"}, scenario),
                       loaded.value("x", {"2026"}, scenario)};
  };
  CHECK(values("base") == std::vector{1.0, 2.0, 1.0});
  CHECK(values("low") == std::vector{3.0, 2.0, 1.0});
  CHECK(values("all_of_it") == std::vector{4.0, 4.0, 4.0});
  CHECK(values("mixed") == std::vector{4.0, 5.0, 6.0});
}

TEST_CASE("an override may change data, formulas and what other lines read") {
  Loaded loaded("timeline 2024..2026 yearly\n"
                "assume g : % = 10%\nflow x : USD = x[t-1] * (1 + g)\nx[first] = 100 USD\n"
                "scenario flat { x[2025..] = x[t-1] }\n"
                "scenario fast { g = 50% }\n");
  CHECK(loaded.value("x", {"2026"}, "flat") == 100.0);
  CHECK(loaded.value("x", {"2026"}, "fast") == 225.0);
}

TEST_CASE("an adjustment changes what lies below, cell by cell, in the finished scenario") {
  Loaded loaded("timeline 2024..2026 yearly\n"
                "let base_x : 1 = 10\nlet x : 1 = base_x\nx[2025] = 7\nlet k : 1 = 2\n"
                "scenario up { x *= k; k = 3 }\n"
                "scenario more extends up { x[2025] += 1 }\n"
                "scenario moved extends more { base_x = 100 }\n");
  REQUIRE(loaded.codes().empty());
  CHECK(loaded.value("x", {"2024"}, "up") == 30.0);
  CHECK(loaded.value("x", {"2025"}, "up") == 21.0);
  CHECK(loaded.value("x", {"2025"}, "more") == 22.0);
  CHECK(loaded.value("x", {"2024"}, "moved") == 300.0);
  CHECK(loaded.value("x", {"2025"}, "moved") == 22.0);
}

TEST_CASE("adjustments stand in scenarios only, and scenarios declare nothing") {
  const std::string base = "let x : USD = 5 USD\n";
  CHECK(codes_of(base + "x *= 2") == "E0803");
  CHECK(codes_of(base + "x += 2 USD") == "E0803");
  CHECK(codes_of(base + "scenario s { x += 2 USD }").empty());
  CHECK(codes_of(base + "scenario s { x += 2 }") == "E0409");
  CHECK(codes_of(base + "scenario s { x = 2 CNY }") == "E0409");
  CHECK(codes_of(base + "scenario s { y = 2 }") == "E0301");
  CHECK(codes_of(base + "scenario s { let y : 1 = 2 }") == "E0208");
  CHECK(codes_of(base + "scenario s { x = 6 USD; x = 7 USD }") == "E0601");
  CHECK(codes_of(base + "scenario s { x *= 2; x *= 3 }") == "E0601");
}

TEST_CASE("what is set on the command line lies on top of every scenario") {
  Loaded loaded("let x : 1 = 1\nscenario s { x = 2 }", {{"x = 3"}, {}});
  CHECK(loaded.value("x") == 3.0);
  CHECK(loaded.value("x", {}, "s") == 3.0);
  Loaded adjusted("let x : 1 = 1\nscenario s { x = 2 }", {{"x *= 10", "x += 1"}, {}});
  CHECK(adjusted.value("x") == 11.0);
  CHECK(adjusted.value("x", {}, "s") == 21.0);
  CHECK(Loaded("let x : 1 = 1", {{"let y : 1 = 2"}, {}}).codes() == "E0208");
  CHECK(Loaded("let x : 1 = 1", {{"z = 2"}, {}}).codes() == "E0301");
}
