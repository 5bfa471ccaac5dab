#include "lang/model/winners.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace scn::model;
using scn_test::Loaded;

namespace {

/// A model whose line `x` is painted; winners are told by the text of their statements.
class Painted {
 public:
  explicit Painted(std::string const& text)
      : loaded_("timeline 2024..2027 yearly\n"
                "company a, b, c, d\n"
                "group front = a, b\n"
                "group middle = b, c\n"
                "let k : 1 = 1\n"
                + text),
        model_(loaded_.model()), line_(*model_.line_named("x")) {}

  /// "x = k", "x[front] = k; x *= 2", "nothing" or "does not apply".
  std::string at(std::uint32_t cell, std::string_view scenario = "base") {
    const Winners winners = paint(model_, line_, model_.layers_of(model_.scenario_named(scenario)));
    Winner const& winner = winners.winner(cell);
    std::string out;
    switch (winner.kind) {
    case Winner::Kind::nothing: out = "nothing"; break;
    case Winner::Kind::inapplicable: out = "does not apply"; break;
    case Winner::Kind::equation: out = text(model_.equations[winner.index].span); break;
    case Winner::Kind::facts: {
      auto const* fact = fact_at(model_.facts[winner.index], cell);
      REQUIRE(fact != nullptr);
      out = text(fact->span);
      break;
    }
    }
    for (EquationId id : winner.adjusted)
      out += "; " + text(model_.equation(id).span);
    return out;
  }
  /// The same for a member and a period, of a line by company that varies over time.
  std::string at(char member, int year, std::string_view scenario = "base") {
    REQUIRE(model_.lanes(line_) == 4);
    REQUIRE(model_.steps(line_) == 4);
    return at(static_cast<std::uint32_t>((member - 'a') * 4 + year - 2024), scenario);
  }
  /// How many conflicts the base has, and what the program says of them.
  std::size_t conflicts() {
    std::vector<Conflict> out;
    const Winners winners = paint(model_, line_, model_.layers_of(std::nullopt), &out);
    return out.size();
  }
  std::string codes() { return loaded_.codes(); }
  bool good() const { return loaded_.good(); }

 private:
  std::string text(scn::Span span) { return std::string(loaded_.session().sources().text(span)); }

  Loaded loaded_;
  Model const& model_;
  LineId line_;
};

} // namespace

TEST_CASE("in one layer the inner equation wins over the outer in whatever order they stand") {
  const std::vector<std::string> equations = {"x = k", "x[front] = k + 1",
                                              "x[front, 2026..] = k + 2", "x[a, 2027] = k + 3"};
  std::vector<std::size_t> order = {0, 1, 2, 3};
  do {
    std::string text = "flow x : 1 by company\n";
    for (std::size_t i : order)
      text += equations[i] + '\n';
    Painted p(text);
    REQUIRE(p.good());
    CHECK(p.at('c', 2024) == "x = k");
    CHECK(p.at('d', 2027) == "x = k");
    CHECK(p.at('a', 2025) == "x[front] = k + 1");
    CHECK(p.at('b', 2026) == "x[front, 2026..] = k + 2");
    CHECK(p.at('b', 2027) == "x[front, 2026..] = k + 2");
    CHECK(p.at('a', 2026) == "x[front, 2026..] = k + 2");
    CHECK(p.at('a', 2027) == "x[a, 2027] = k + 3");
    CHECK(p.conflicts() == 0);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("figures and formulas compete in the same way") {
  Painted p("flow x : 1 by company = 1\nx[front] = k\nx[a, 2025] = 7\nx[front, 2026..] = 3\n"
            "table x {\n | 2024 | 2027\n d | 9 |\n b | | 8\n}");
  REQUIRE(p.good());
  CHECK(p.at('a', 2024) == "x[front] = k");
  CHECK(p.at('a', 2025) == "x[a, 2025] = 7");
  CHECK(p.at('a', 2026) == "x[front, 2026..] = 3");
  CHECK(p.at('b', 2027) == "8");
  CHECK(p.at('d', 2024) == "9");
  CHECK(p.at('d', 2027) == "flow x : 1 by company = 1"); // an empty field is no equation
}

TEST_CASE("a cell that no equation covers has no winner") {
  Painted p("flow x : 1 by company\nx[front, 2025..] = k");
  REQUIRE(p.good());
  CHECK(p.at('a', 2024) == "nothing");
  CHECK(p.at('c', 2025) == "nothing");
  CHECK(p.at('a', 2025) == "x[front, 2025..] = k");
  CHECK(Painted("let x : 1").at(0) == "nothing");
  CHECK(Painted("let x : 1 = k").at(0) == "let x : 1 = k");
}

TEST_CASE("a line that is restricted to some members does not apply to the others") {
  Painted p("flow x : 1 by company in front\nx = k\nx[a, 2025] = 5\nscenario s { x = 2; x[b, 2026] "
            "= 3 }\n"
            "scenario r { x *= 2 }");
  REQUIRE(p.good());
  CHECK(p.at('a', 2024) == "x = k");
  CHECK(p.at('a', 2025) == "x[a, 2025] = 5");
  for (int year = 2024; year <= 2027; ++year)
    for (std::string_view scenario : {"base", "s", "r"}) {
      CHECK(p.at('c', year, scenario) == "does not apply");
      CHECK(p.at('d', year, scenario) == "does not apply");
    }
  CHECK(p.at('b', 2025, "s") == "x = 2");
  CHECK(p.at('b', 2025, "r") == "x = k; x *= 2");
  Painted bare("flow x : 1 by company in middle\nx[b, 2025] = 1");
  CHECK(bare.at('b', 2024) == "nothing"); // unknown, which is another thing
  CHECK(bare.at('a', 2025) == "does not apply");
}

TEST_CASE("a higher layer wins whatever the regions") {
  Painted p("flow x : 1 by company\nx = k\nx[a, 2025] = 5\n"
            "scenario low { x[front] = k + 1 }\n"
            "scenario high extends low { x = k + 2; x[c] = k + 3 }\n"
            "scenario beside { x[b, 2026] = 6 }\n"
            "scenario both extends beside, low { }\n");
  REQUIRE(p.good());
  CHECK(p.at('a', 2025) == "x[a, 2025] = 5");
  CHECK(p.at('a', 2025, "low") == "x[front] = k + 1"); // wider than what it hides
  CHECK(p.at('c', 2025, "low") == "x = k");
  CHECK(p.at('a', 2025, "high") == "x = k + 2");
  CHECK(p.at('c', 2025, "high") == "x[c] = k + 3");
  CHECK(p.at('b', 2026, "beside") == "x[b, 2026] = 6");
  CHECK(p.at('b', 2026, "both") == "x[front] = k + 1"); // the parent that is named later
}

TEST_CASE("an adjustment lies on what is below it, cell by cell") {
  Painted p("flow x : 1 by company\nx = k\nx[a, 2025] = 5\n"
            "scenario s { x[front] *= 2 }\n"
            "scenario r extends s { x *= 3; x[d, 2024] = 1 }\n"
            "scenario q extends r { x[a, 2025] = 6; x[b, 2025..] += 1 }\n"
            "scenario gap { x[c] *= 2 }");
  REQUIRE(p.good());
  CHECK(p.at('a', 2024, "s") == "x = k; x[front] *= 2");
  CHECK(p.at('a', 2025, "s") == "x[a, 2025] = 5; x[front] *= 2");
  CHECK(p.at('c', 2025, "s") == "x = k");
  CHECK(p.at('a', 2025, "r") == "x[a, 2025] = 5; x[front] *= 2; x *= 3"); // the lowest first
  CHECK(p.at('c', 2025, "r") == "x = k; x *= 3");
  CHECK(p.at('d', 2024, "r") == "x[d, 2024] = 1"); // inside the adjustment, so it wins
  CHECK(p.at('a', 2025, "q") == "x[a, 2025] = 6"); // an equation above hides the adjustments too
  CHECK(p.at('b', 2024, "q") == "x = k; x[front] *= 2; x *= 3");
  CHECK(p.at('b', 2025, "q") == "x = k; x[front] *= 2; x *= 3; x[b, 2025..] += 1");
  CHECK(p.at('a', 2025) == "x[a, 2025] = 5"); // the base knows nothing of it
}

TEST_CASE("equations that share a cell and do not lie in each other are in conflict") {
  const auto codes = [](std::string const& equations) {
    Painted p("flow x : 1 by company\n" + equations);
    return std::to_string(p.conflicts()) + ' ' + p.codes();
  };
  CHECK(codes("x[front] = k\nx[middle] = k\nx[d, 2025] = 1") == "1 E0601");
  CHECK(codes("x[front] = k\nx[2025] = k") == "1 E0601"); // a cross
  CHECK(codes("x[..2025] = k\nx[2025..] = k") == "1 E0601");
  CHECK(codes("x[front] = k\nx[front] = k + 1\nx[c, 2024] = 1") == "1 E0601"); // twice the same
  CHECK(codes("x[a, 2025] = k\nx[a, 2025] = 2") == "1 E0601"); // a formula and a figure
  CHECK(codes("x = k\nx[front] = k\nx[middle] = k\nx[b, 2024] = 1") == "1 E0601");
  SECTION("and these are not") {
    CHECK(codes("x[front] = k\nx[c, 2025..] = k\nx[d] = k") == "0 ");
    CHECK(codes("x[..2025] = k\nx[2026..] = k") == "0 ");
    CHECK(codes("x = k\nx[front] = k\nx[c, 2025] = k\nx[a, 2024] = 3") == "0 ");
    CHECK(codes("x[front] = k\nscenario s { x[middle, 2025] = k }\nscenario r { x[middle] = k }")
          == "0 ");
  }
}

namespace {

/// A line by two dimensions and time, with equations put together by hand.
struct Built {
  Model model;
  LineId line{0};
  Region whole;

  Built() {
    model.calendar = {Grain::yearly, 2024, 3};
    for (std::size_t members : {2u, 4u})
      model.dimensions.push_back({"d", {}, std::vector<Member>(members), {}, {}});
    Line x;
    x.dimensions = {DimensionId{0}, DimensionId{1}};
    x.over_time = true;
    model.lines.push_back(x);
    model.layers.resize(1);
    whole = model.whole(line);
  }
  EquationId add(LayerId layer, Region const& region, Effect effect) {
    Equation e;
    e.line = line;
    e.layer = layer;
    e.region = RegionId{model.regions.size()};
    e.effect = effect;
    model.regions.push_back(region);
    model.equations.push_back(e);
    const EquationId id{model.equations.size() - 1};
    auto& layers = model.layers[0];
    if (layers.empty() || layers.back().layer != layer) layers.push_back({layer, {}, Node::none});
    auto& list = layers.back().equations;
    list.push_back(id);
    // Painting asks for the widest first.
    std::stable_sort(list.begin(), list.end(), [&](EquationId a, EquationId b) {
      return region_of(a).size() > region_of(b).size();
    });
    return id;
  }
  Region const& region_of(EquationId id) const { return model.region(model.equation(id).region); }
  std::set<std::uint32_t> cells(Region const& region) const {
    std::set<std::uint32_t> out;
    for (std::uint32_t i : region.axes[0].indices())
      for (std::uint32_t j : region.axes[1].indices())
        for (std::uint32_t t : region.axes[2].indices())
          out.insert((i * 4 + j) * 3 + t);
    return out;
  }
  Region random_region(std::mt19937& random) const {
    Region out;
    for (IndexSet const& axis : whole.axes) {
      std::vector<std::uint32_t> some;
      for (std::uint32_t i : axis.indices())
        if (random() % 3 != 0) some.push_back(i);
      if (some.empty()) some.push_back(0);
      out.axes.push_back(random() % 3 == 0 ? axis : IndexSet::of(some));
    }
    return out;
  }
  /// Do two equations of one layer share a cell without one lying inside the other?
  bool clash(Region const& a, Region const& b) const {
    const auto x = cells(a);
    const auto y = cells(b);
    std::vector<std::uint32_t> both;
    std::set_intersection(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(both));
    return !both.empty() && (x == y || both.size() < std::min(x.size(), y.size()));
  }
};

constexpr std::uint32_t all_cells = 2 * 4 * 3;

} // namespace

TEST_CASE("every cell of a region is visited once") {
  std::mt19937 random(1);
  const Built built;
  for (int round = 0; round < 500; ++round) {
    const Region region = built.random_region(random);
    std::vector<std::uint32_t> visited;
    for_each_cell(built.model, built.line, region,
                  [&](std::uint32_t cell) { visited.push_back(cell); });
    const auto expected = built.cells(region);
    REQUIRE(visited == std::vector<std::uint32_t>(expected.begin(), expected.end()));
  }
}

TEST_CASE("painting agrees with asking each cell for the innermost equation of its highest layer") {
  std::mt19937 random(2);
  for (int round = 0; round < 1000; ++round) {
    Built built;
    if (round % 4 == 0) built.model.lines[0].applies = built.random_region(random);
    std::vector<Winner> expected(all_cells);
    if (auto const& applies = built.model.lines[0].applies)
      for (std::uint32_t cell = 0; cell < all_cells; ++cell)
        if (built.cells(*applies).count(cell) == 0)
          expected[cell].kind = Winner::Kind::inapplicable;
    std::vector<LayerId> layers;
    for (std::size_t l = 0; l < 4; ++l) {
      const LayerId layer{l};
      layers.push_back(layer);
      const bool adjusts = l > 0 && random() % 3 == 0;
      std::vector<EquationId> here;
      for (auto n = adjusts ? 1 : random() % 5; n > 0; --n) {
        const Region region = built.random_region(random);
        const bool fits = std::none_of(here.begin(), here.end(), [&](EquationId id) {
          return built.clash(region, built.region_of(id));
        });
        if (fits)
          here.push_back(built.add(layer, region, adjusts ? Effect::multiply : Effect::replace));
      }
      for (std::uint32_t cell = 0; cell < all_cells; ++cell) {
        std::optional<EquationId> inner;
        for (EquationId id : here)
          if (built.cells(built.region_of(id)).count(cell) > 0
              && (!inner || built.region_of(id).size() < built.region_of(*inner).size()))
            inner = id;
        if (!inner || expected[cell].kind == Winner::Kind::inapplicable) continue;
        if (adjusts) {
          expected[cell].adjusted.push_back(*inner);
        } else {
          expected[cell] = {Winner::Kind::equation, inner->value, {}};
        }
      }
    }
    std::vector<Conflict> conflicts;
    const Winners winners = paint(built.model, built.line, layers, &conflicts);
    REQUIRE(conflicts.empty());
    REQUIRE(paint(built.model, built.line, layers)
            == winners); // looking for conflicts changes nothing
    for (std::uint32_t cell = 0; cell < all_cells; ++cell)
      REQUIRE(winners.winner(cell) == expected[cell]);
  }
}

TEST_CASE("a conflict is found if and only if there is one") {
  std::mt19937 random(3);
  int found = 0;
  for (int round = 0; round < 1000; ++round) {
    Built built;
    std::vector<EquationId> all;
    for (auto n = random() % 4 + 1; n > 0; --n)
      all.push_back(built.add(base_layer, built.random_region(random), Effect::replace));
    bool clash = false;
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        clash = clash || built.clash(built.region_of(all[i]), built.region_of(all[j]));
    std::vector<Conflict> conflicts;
    const LayerId layers[] = {base_layer};
    const Winners winners = paint(built.model, built.line, layers, &conflicts);
    REQUIRE(conflicts.empty() == !clash);
    for (Conflict const& c : conflicts) {
      REQUIRE(c.second.valid());
      REQUIRE(built.clash(built.region_of(c.first), built.region_of(c.second)));
      REQUIRE(built.cells(built.region_of(c.first)).count(c.cell) == 1);
      REQUIRE(built.cells(built.region_of(c.second)).count(c.cell) == 1);
    }
    found += clash ? 1 : 0;
  }
  CHECK(found > 100); // both kinds were tried
  CHECK(found < 900);
}

TEST_CASE("painting without an equation is painting a model that has not got it") {
  Built built;
  const EquationId outer = built.add(base_layer, built.whole, Effect::replace);
  const Region part{{IndexSet(0, 1), IndexSet(1, 3), IndexSet(0, 3)}};
  const EquationId inner = built.add(base_layer, part, Effect::replace);
  const EquationId above = built.add(LayerId{1}, part, Effect::multiply);
  const LayerId layers[] = {base_layer, LayerId{1}};
  const auto without = [&](EquationId id) {
    return paint(built.model, built.line, layers, nullptr, {id, Node::none, 0});
  };
  const std::uint32_t cell = *built.cells(part).begin();
  using Kind = Winner::Kind;
  CHECK(paint(built.model, built.line, layers).winner(cell)
        == Winner{Kind::equation, inner.value, {above}});
  CHECK(without(inner).winner(cell) == Winner{Kind::equation, outer.value, {above}});
  CHECK(without(above).winner(cell) == Winner{Kind::equation, inner.value, {}});
  CHECK(without(outer).winner(all_cells - 1) == Winner{});
  CHECK(without(outer).winner(cell) == Winner{Kind::equation, inner.value, {above}});
}

TEST_CASE("one winner everywhere needs no map of the cells") {
  Built built;
  const EquationId outer = built.add(base_layer, built.whole, Effect::replace);
  built.add(base_layer, {{IndexSet(0, 1), IndexSet(0, 1), IndexSet(0, 1)}}, Effect::replace);
  const LayerId base[] = {base_layer};
  CHECK_FALSE(paint(built.model, built.line, base).of_cell.empty());
  const EquationId over = built.add(LayerId{1}, built.whole, Effect::replace);
  const LayerId layers[] = {base_layer, LayerId{1}};
  const Winners winners = paint(built.model, built.line, layers);
  CHECK(winners.of_cell.empty());
  REQUIRE(winners.all.size() == 1);
  CHECK(winners.all[0] == Winner{Winner::Kind::equation, over.value, {}});
  CHECK(over != outer);
}

TEST_CASE("of two adjustments in one scenario the inner one wins, as of any two equations") {
  Loaded loaded("timeline 2024..2026 yearly\ncompany a, b\nflow x : 1 by company = 10\n"
                "scenario s {\n  x *= 2\n  x[a, 2025..] += 1\n}\n"
                "scenario upper extends s { x[a] *= 3 }");
  REQUIRE(loaded.good());
  CHECK(loaded.value("x", {"a", "2025"}) == 10);
  CHECK(loaded.value("x", {"a", "2024"}, "s") == 20);
  CHECK(loaded.value("x", {"b", "2025"}, "s") == 20);
  CHECK(loaded.value("x", {"a", "2025"}, "s") == 11);
  // A higher layer changes what the finished lower one gives.
  CHECK(loaded.value("x", {"a", "2024"}, "upper") == 60);
  CHECK(loaded.value("x", {"a", "2025"}, "upper") == 33);
  CHECK(loaded.value("x", {"b", "2025"}, "upper") == 20);
}
