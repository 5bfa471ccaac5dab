// Several sources for one figure: which one counts, and what is refused.

#include "lang/model/contest.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <algorithm>

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

const std::string head = R"(
  timeline 2023..2026 yearly
  company a, b
  source early "E" { published 2025-01-10 }
  source late "L" { published 2025-02-20 }
  source later "M" { published 2025-02-20 }
  source undated "U"
  flow x : USD by company
)";

/// The value of x[a, 2024], or the codes of what is wrong.
std::string a2024(std::string const& text, std::string_view scenario = "base",
                  LoadOptions const& options = {}) {
  Loaded m(head + text, options);
  if (!m.good()) return m.codes();
  return shortest(m.value("x", {"a", "2024"}, scenario));
}

const std::string two = "x[a, 2024] = 1 USD from early; x[a, 2024] = 2 USD from late\n";
const std::string tied = "x[a, 2024] = 2 USD from late; x[a, 2024] = 3 USD from later\n";

} // namespace

TEST_CASE("of two sources the one published last counts, in whatever order they stand") {
  CHECK(a2024(two) == "2");
  CHECK(a2024("x[a, 2024] = 2 USD from late; x[a, 2024] = 1 USD from early\n") == "2");
  CHECK(a2024(two + "x[a] = 9 USD") == "2"); // what lies around them is wider
}

TEST_CASE("`prefer` ranks sources whatever their dates") {
  CHECK(a2024(two + "prefer early") == "1");
  CHECK(a2024(two + "prefer early, late") == "1");
  CHECK(a2024(two + "prefer late, early") == "2");
  CHECK(a2024(two + "prefer undated") == "2"); // it ranks none of them
  CHECK(a2024(tied + "prefer later") == "3");
}

TEST_CASE("a preference for one figure goes before one for all, and the inner one before that") {
  CHECK(a2024(two + "prefer late; prefer early for x[a, 2024]") == "1");
  CHECK(a2024(two + "prefer late; prefer early for x[b]") == "2");
  CHECK(a2024(two + "prefer late for x[a]; prefer early for x[a, 2024]") == "1");
  CHECK(a2024(two + "prefer early for x[a, 2024]; prefer late for x") == "1");
  CHECK(a2024(two + "prefer early for x[a, 2025]") == "2");
}

TEST_CASE("the highest layer that ranks them decides") {
  const std::string text = two + R"(
    prefer early for x[a, 2024]
    scenario s { prefer late }
    scenario v extends s { prefer undated }
    scenario u extends v { prefer early }
  )";
  CHECK(a2024(text) == "1");
  CHECK(a2024(text, "s") == "2"); // a higher layer, however wide
  CHECK(a2024(text, "v") == "2"); // says nothing of these two
  CHECK(a2024(text, "u") == "1");
  CHECK(a2024(text, "v", {{"prefer early"}, {}}) == "1");
}

TEST_CASE("an equation of a higher layer beats every competitor, and changes the one that counts") {
  const std::string text = two + "scenario s { x[a, 2024] = 7 USD }\nscenario m { x[a] *= 10 }";
  CHECK(a2024(text, "s") == "7");
  CHECK(a2024(text, "m") == "20");
  CHECK(a2024(text + "\nprefer early", "m") == "10");
}

TEST_CASE("sources compete inside a scenario as they do in the base") {
  const std::string text = "x[a, 2024] = 9 USD\nscenario s { " + two + " }";
  CHECK(a2024(text) == "9");
  CHECK(a2024(text, "s") == "2");
  CHECK(a2024(text + "\nprefer early", "s") == "1");
}

TEST_CASE("tables, single equations and formulas compete with one another") {
  const std::string table = R"(
    let k : 1 = 3
    table x in USD from early {
        | 2024 | 2025 |
      a | 1    | 5    |
    }
  )";
  CHECK(a2024(table + "x[a, 2024] = 2 USD from late") == "2");
  CHECK(a2024(table + "x[a, 2024] = 2 USD * k from late") == "6");
  CHECK(a2024(table + "x[a, 2024] = 2 USD * k from late\nprefer early") == "1");
  CHECK(a2024(table + "table x in USD from late { |2024|\n a|4|\n }") == "4");
}

TEST_CASE("equations of one wider region compete as a whole") {
  const std::string text = "x[a] = 1 USD from early; x[a] = 2 USD from late; x[b] = x[a] * 2\n";
  Loaded m(head + text + "scenario s { prefer early }");
  INFO(m.messages());
  REQUIRE(m.good());
  for (std::string period : {"2023", "2024", "2026"}) {
    CHECK(m.value("x", {"b", period}) == 4);
    CHECK(m.value("x", {"b", period}, "s") == 2);
  }
  // A preference for a part of the region does not tear them apart.
  CHECK(a2024(text + "x[b, 2025] = 1 USD\nprefer early for x[a, 2024]") == "2");
}

TEST_CASE("a tie is an error, told once, that shows both and proposes a preference") {
  CHECK(a2024(tied) == "E0604");
  CHECK(a2024("x[a, 2024] = 2 USD from late; x[a, 2024] = 3 USD from undated") == "E0604");
  CHECK(a2024(tied + "scenario s { prefer late }\nscenario v { prefer late }") == "E0604");
  CHECK(a2024(tied + "prefer late\nscenario s {}\nscenario v {}") == "2");
  // In a scenario it is one only where the scenario leaves it open.
  CHECK(a2024("scenario s { " + tied + " }\nscenario v extends s {}") == "E0604");
  CHECK(a2024("x[a, 2024] = 5 USD\nscenario s { " + tied + " prefer late }", "s") == "2");
  Loaded m(head + tied);
  CHECK_THAT(m.messages(), contains("`x[a, 2024]`"));
  CHECK_THAT(m.messages(), contains("`late`, published 2025-02-20"));
  CHECK_THAT(m.messages(), contains("prefer late"));
}

TEST_CASE("of three sources the one in front decides whether there is a tie") {
  CHECK(a2024(tied + "x[a, 2024] = 1 USD from early") == "E0604");
  CHECK(a2024(two + "x[a, 2024] = 9 USD from undated") == "E0604"); // it may be the last one
  CHECK(a2024(two + "x[a, 2024] = 9 USD from undated\nprefer undated") == "9");
}

TEST_CASE("sources that agree leave nothing to decide") {
  CHECK(a2024("x[a, 2024] = 2 USD from late; x[a, 2024] = 2 USD from later") == "2");
  CHECK(a2024("x[a, 2024] = over 2 USD from late; x[a, 2024] = 2 USD from later") == "E0604");
  CHECK(a2024("x[a, 2024] = 1..3 USD from late; x[a, 2024] = 2 USD from later") == "E0604");
  CHECK(a2024("x[a, 2024] = unknown from late; x[a, 2024] = unknown from later") == "nan");
}

TEST_CASE("without another source for each a cell is given twice") {
  CHECK(a2024("x[a, 2024] = 1 USD from early; x[a, 2024] = 2 USD") == "E0601");
  CHECK(a2024("x[a, 2024] = 1 USD from early \"p. 1\"; x[a, 2024] = 2 USD from early \"p. 2\"")
        == "E0601");
  CHECK(a2024("x[a] = 1 USD from early; x[a] = 2 USD") == "E0601");
  CHECK(a2024(two + "x[a, 2024] = 3 USD from late") == "E0601");
  // Regions that only overlap are no competition, whatever their sources.
  CHECK(a2024("x[a] = 1 USD from early; x[2024] = 2 USD from late") == "E0601");
}

TEST_CASE("a copy does not compete with its original") {
  const std::string copies = R"(
    source repost "R" { copy_of early; published 2025-06-01 }
    source again "A" { copy_of repost }
  )";
  CHECK(a2024(copies + "x[a, 2024] = 1 USD from early; x[a, 2024] = 1 USD from repost") == "1");
  // Where it says something else the original stands, and a warning tells.
  Loaded m(head + copies + "x[a, 2024] = 1 USD from early; x[a, 2024] = 7 USD from again");
  CHECK(m.good());
  CHECK(m.codes() == "W0904");
  CHECK(m.value("x", {"a", "2024"}) == 1);
  // A copy alone speaks for its original, with the original's date.
  CHECK(a2024(copies + "x[a, 2024] = 1 USD from repost; x[a, 2024] = 2 USD from late") == "2");
  CHECK(a2024(copies
              + "x[a, 2024] = 1 USD from repost; x[a, 2024] = 2 USD from late\n"
                "prefer repost")
        == "1");
  // Of copies without their original the one published first speaks.
  CHECK(a2024(copies + "x[a, 2024] = 1 USD from repost; x[a, 2024] = 1 USD from again") == "1");
}

TEST_CASE("sources copy in no circle, and only what exists") {
  Loaded circle("source a \"A\" { copy_of b }\nsource b \"B\" { copy_of a }");
  CHECK(circle.codes() == "E0307");
  Loaded self("source a \"A\" { copy_of a }");
  CHECK(self.codes() == "E0307");
  Loaded missing("source a \"A\" { copy_of b }");
  CHECK(missing.codes() == "E0306");
}

TEST_CASE("preferences of one layer do not contradict one another") {
  CHECK(a2024(two + "prefer early; prefer late") == "E0605");
  CHECK(a2024(two + "prefer early for x[a]; prefer late for x[2024]") == "E0605");
  CHECK(a2024(two + "prefer early for x[a]; prefer late for x[b]") == "1");
  CHECK(a2024(two + "prefer early, late, early") == "E0605");
  CHECK(a2024(two + "prefer nobody") == "E0306");
  CHECK(a2024(two + "prefer early for y") == "E0301");
  CHECK(a2024(two + "let z : 1 = 2\nprefer early for z[2024]") == "E0507");
}

TEST_CASE("as of a day, what was published later is not known") {
  const auto as_of = [](std::string_view day) { return LoadOptions{{}, {}, model::day_of(day)}; };
  CHECK(a2024(two, "base", as_of("2025-03-01")) == "2");
  CHECK(a2024(two, "base", as_of("2025-02-20")) == "2"); // on the day itself it is
  CHECK(a2024(two, "base", as_of("2025-02-19")) == "1");
  CHECK(a2024(two, "base", as_of("2024-12-31")) == "nan");
  CHECK(a2024("x[a, 2024] = 9 USD from undated", "base", as_of("2000-01-01")) == "9");
  CHECK(a2024(tied, "base", as_of("2025-02-01")) == "nan"); // and no tie is left
  // Formulas and tables of a source go with it, and what lies below comes to light.
  CHECK(a2024("x = 4 USD\nx[a] = 5 USD * 2 from late\ntable x in USD from late {|2024|\na|6|\n}",
              "base", as_of("2025-01-01"))
        == "4");
}

TEST_CASE("what is not known yet still says that a line varies over time, and its unit") {
  Loaded m(head + "flow y by company = x * 2\nlet z = 3 USD from late\nlet w = z * 2",
           {{}, {}, model::day_of("2025-01-01")});
  INFO(m.messages());
  CHECK(m.good());
  CHECK(model::is_unknown(m.value("w")));
}

TEST_CASE("competition survives any order of statements, bit for bit") {
  std::vector<std::string> statements{
      "x[a, 2024] = 1 USD from early", "x[a, 2024] = 2 USD from late",
      "x[a, 2024] = 3 USD from later", "x[a, 2024] = 4 USD from undated",
      "x[b] = 5 USD from early",       "x[b] = x[a] * 2 from late"};
  std::sort(statements.begin(), statements.end());
  int tried = 0;
  do {
    std::string text;
    for (std::string const& s : statements)
      text += s + "\n";
    Loaded m(head + text
             + "prefer later\nscenario s { prefer early }\nscenario u { prefer undated }");
    INFO(m.messages());
    REQUIRE(m.good());
    CHECK(m.value("x", {"a", "2024"}) == 3);
    CHECK(m.value("x", {"b", "2024"}) == 6);
    CHECK(m.value("x", {"b", "2024"}, "s") == 5);
    CHECK(m.value("x", {"a", "2024"}, "u") == 4);
    CHECK(m.value("x", {"b", "2024"}, "u") == 8);
    ++tried;
  } while (tried < 60 && std::next_permutation(statements.begin(), statements.end()));
}

TEST_CASE("a scenario that only prefers computes what depends on it, and nothing else") {
  Loaded m(head + two
           + "flow y : USD by company = x * 2\nflow other : USD = 3 USD * (t - 2020) / "
             "1 year\nscenario s { prefer early }");
  INFO(m.messages());
  REQUIRE(m.good());
  auto const* r = m.result("s");
  REQUIRE(r != nullptr);
  CHECK(m.value("y", {"a", "2024"}, "s") == 2);
  auto const* base = m.result();
  const auto other = *m.model().line_named("other");
  CHECK(r->values[other.value] == base->values[other.value]);
  const eval::Values anew = eval::evaluate(m.model(), r->stack);
  for (std::size_t i = 0; i < anew.size(); ++i)
    for (std::size_t k = 0; k < anew[i]->cells.size(); ++k)
      CHECK(std::memcmp(&anew[i]->cells[k], &r->values[i]->cells[k], sizeof(double)) == 0);
}

TEST_CASE("a contest says why it was decided") {
  Loaded m(head + two + "scenario s { prefer early }");
  REQUIRE(m.good());
  REQUIRE(m.model().contests.size() == 1);
  auto const& c = m.model().contests[0];
  auto d = model::decide(m.model(), c, m.model().layers_of(std::nullopt));
  CHECK(d.by == model::Decision::By::published);
  CHECK(m.model().documents[c.rivals[d.rival].document].name == "late");
  const auto layers = m.model().layers_of(model::ScenarioId{0});
  d = model::decide(m.model(), c, layers);
  CHECK(d.by == model::Decision::By::preference);
  CHECK(d.preference == 0);
  d = model::decide(m.model(), c, layers, 0);
  CHECK(d.by == model::Decision::By::published);
}
