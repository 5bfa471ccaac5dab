#include "lang/model/winners.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;
using scn_test::value_of;

namespace {

std::string codes_of(std::string const& text) { return Loaded(text).codes(); }

const std::string some = "timeline 2024..2026 yearly\n"
                         "company a, b, c\n"
                         "group ab = a, b\n"
                         "dimension region\n"
                         "region north, south\n"
                         "source doc { published 2025-06-30 }\n"
                         "source other\n";

/// The figure that a table gives for a cell of a line, with everything that was written of it.
struct Found {
  double value = 0;
  model::Tag tag;
  bool exact;
  std::string document;
  std::string place;
  std::string unit; ///< as written
  double half = 0;
  std::string reason;
};
Found figure_of(Loaded& loaded, std::string_view name, std::uint32_t lane, std::uint32_t step) {
  auto const& m = loaded.model();
  const auto line = *m.line_named(name);
  for (model::Facts const& facts : m.facts) {
    if (facts.line != line) continue;
    auto const* f = fact_at(facts, lane * m.steps(line) + step);
    if (f == nullptr) continue;
    model::Style const& s = m.styles[f->style];
    Found out{f->value, m.tag_of(s, line, step), s.exact, {}, {}, {}, s.half, {}};
    if (s.citation.valid()) {
      out.document = m.documents[m.citations[s.citation.value].document].name;
      out.place = m.citations[s.citation.value].place;
    }
    if (s.measure.valid()) out.unit = m.measure(s.measure).text;
    if (f->extra != model::Facts::Fact::none && model::is_unknown(f->value))
      out.reason = m.formulas.reasons[f->extra];
    return out;
  }
  throw std::runtime_error("no figure");
}

} // namespace

TEST_CASE("a figure that no double can hold is refused where it stands") {
  const std::string head = some + "let x : USD by company\n";
  CHECK(codes_of(head + "table x in USD {\n | 2024 |\n a | 1e400 |\n}\n") == "E0105");
  CHECK(codes_of(head + "table x in mn USD {\n | 2024 |\n a | 1e303 |\n}\n") == "E0105");
  CHECK(codes_of(head + "table x in mn USD {\n | 2024 |\n a | 1e300 |\n}\n") == "");
}

TEST_CASE("a table may turn either way") {
  const std::string rows = some
                           + "let x : 1 by company\n"
                             "table x {\n | 2024 | 2026 |\n a | 1 | 2 |\n c | 3 | 4 |\n}\n";
  const std::string columns = some
                              + "let x : 1 by company\n"
                                "table x {\n | c | a |\n 2026 | 4 | 2 |\n 2024 | 3 | 1\n}\n";
  for (std::string const& model : {rows, columns}) {
    INFO(model);
    CHECK(value_of("x[a, 2024]", model) == 1.0);
    CHECK(value_of("x[a, 2026]", model) == 2.0);
    CHECK(value_of("x[c, 2024]", model) == 3.0);
    CHECK(value_of("x[c, 2026]", model) == 4.0);
    CHECK(model::is_unknown(value_of("x[a, 2025]", model)));
    CHECK(model::is_unknown(value_of("x[b, 2024]", model)));
  }
}

TEST_CASE("axes are named by the head, the row or the brackets, in any combination") {
  // Each gives x[a, south, 2025] = 7 and x[b, south, 2025] = 8.
  for (std::string table :
       {"x[south] {\n | 2025 |\n a | 7 |\n b | 8 |\n}",
        "x[2025] {\n | south |\n a | 7 |\n b | 8 |\n}",
        "x[2025, south] {\n | a | b |\n | 7 | 8 |\n}",
        "x[south, 2025] {\n | |\n a | 7 |\n b | 8 |\n}",
        "x {\n | a, south | south, b |\n 2025 | 7 | 8 |\n}",
        "x {\n | 2025 |\n a, south | 7 |\n south, b | 8 |\n}",
        "x {\n | south |\n a, 2025 | 7 |\n 2025, b | 8 |\n}",
        "x[company = a] {\n | south |\n 2025 | 7 |\n}\nx[b, south, 2025] = 8"}) {
    INFO(table);
    const std::string model = some + "let x : 1 by company, region\ntable " + table + "\n";
    CHECK(value_of("x[a, south, 2025]", model) == 7.0);
    CHECK(value_of("x[b, south, 2025]", model) == 8.0);
    CHECK(value_of("count(is_known(x) over company, region, t)", model) == 2.0);
  }
}

TEST_CASE("a line that does not vary over time takes a table without periods") {
  const std::string model = some
                            + "let x : 1 by company\ntable x {\n | a | b | c |\n | 1 | 2 | 3 |\n}\n"
                              "let y : 1 by company, region\n"
                              "table y {\n | north | south |\n a | 4 | 5 |\n}\n"
                              "let z : 1 = x[a] + y[a, south]\n";
  CHECK(value_of("z", model) == 6.0);
  Loaded loaded(model);
  CHECK_FALSE(loaded.model().line(*loaded.model().line_named("x")).over_time);
  // One period anywhere, and the line varies: then the table has to name one, too.
  Loaded varies(model + "x[a, 2025] = 5\n");
  CHECK(varies.codes() == "E0502");
  CHECK_THAT(varies.messages(), contains("names no period"));
  CHECK(codes_of(model + "scenario s { x[2025] = 5 }\n") == "E0502");
}

TEST_CASE("a field is empty, unknown, not applying, or a figure") {
  Loaded loaded(some
                + "let x : USD by company\n"
                  "table x in 亿 USD from doc \"t1\" {\n"
                  "  | 2024 | 2025 | 2026 |\n"
                  "a |      | unknown \"not said\" from other \"p2\" | – |\n"
                  "b | 75.6 | about 3 万 | -5 exact guidance |\n"
                  "c | 7 CNY * 2 USD/CNY | 600..650 at 620 | over 1000 USD |\n}\n");
  REQUIRE(loaded.codes().empty());
  CHECK_THROWS(figure_of(loaded, "x", 0, 0)); // no equation at all
  const Found unknown = figure_of(loaded, "x", 0, 1);
  CHECK(model::is_unknown(unknown.value));
  CHECK(unknown.reason == "not said");
  CHECK(unknown.document == "other");
  CHECK(unknown.place == "p2");
  CHECK(model::is_inapplicable(figure_of(loaded, "x", 0, 2).value));
  const Found plain = figure_of(loaded, "x", 1, 0);
  CHECK(plain.value == 75.6e8);
  CHECK(plain.half == 0.05e8);
  CHECK(plain.unit == "亿 USD");
  CHECK(plain.document == "doc");
  CHECK(plain.place == "t1");
  CHECK(plain.tag == model::Tag::actual);
  const Found own_magnitude = figure_of(loaded, "x", 1, 1);
  CHECK(own_magnitude.value == 3e4); // its own magnitude, the head's unit
  CHECK(own_magnitude.unit == "万 USD");
  CHECK(own_magnitude.tag == model::Tag::estimate);
  const Found tagged = figure_of(loaded, "x", 1, 2);
  CHECK(tagged.value == -5e8);
  CHECK(tagged.tag == model::Tag::guidance);
  CHECK(tagged.exact);
  CHECK(tagged.half == 0.0);
  CHECK(loaded.value("x", {"c", "2024"}) == 14.0); // a formula
  CHECK(figure_of(loaded, "x", 2, 1).value == 620e8);
  CHECK(figure_of(loaded, "x", 2, 2).value == 1000.0); // its own unit, and no magnitude
}

TEST_CASE("a field takes the head's unit only if it has none") {
  const std::string model = some
                            + "let x : % by company\n"
                              "table x in % {\n | a | b | c |\n | 83 | 25 bp | 1.5 pp |\n}\n";
  CHECK(value_of("x[a]", model) == 0.83);
  CHECK(value_of("x[b]", model) == 0.0025);
  CHECK(value_of("x[c]", model) == 0.015);
  // Without a unit in the head a bare number is a pure one.
  CHECK(codes_of(some + "let x : USD by company\ntable x {\n | a |\n | 5 |\n}\n") == "E0409");
  CHECK(codes_of(some + "let x : USD by company\ntable x {\n | a |\n | 0 |\n}\n").empty());
  CHECK(codes_of(some + "let x : USD by company\ntable x in CNY {\n | a | b |\n | 5 | 6 |\n}\n")
        == "E0409"); // once, not for each field
}

TEST_CASE("a table of members, periods or conditions") {
  const std::string model = some
                            + "dimension project\nproject p, q\n"
                              "let owner : company by project\n"
                              "let begin : period by project\n"
                              "let done : truth by project\n"
                              "table owner {\n | p | q |\n | b | c |\n}\n"
                              "table begin {\n | p | q |\n | 2025 | 2031 |\n}\n"
                              "table done {\n | p | q |\n | true | false |\n}\n";
  CHECK(value_of("count(owner == b over project)", model) == 1.0);
  CHECK(value_of("begin[q] - begin[p]", model) == 6.0); // it may lie outside the timeline
  CHECK(value_of("count(done over project)", model) == 1.0);
}

TEST_CASE("every axis is named, once") {
  const auto refused = [](std::string const& table) {
    return codes_of(some + "let x : 1 by company\ntable " + table + "\n");
  };
  CHECK(refused("x {\n | 2024 |\n | 5 |\n}") == "E0502");
  CHECK(refused("x {\n | a |\n b | 5 |\n}") == "E0507");
  CHECK(refused("x[a] {\n | 2024 |\n b | 5 |\n}") == "E0507");
  CHECK(refused("x[2024] {\n | 2025 |\n b | 5 |\n}") == "E0507");
  CHECK(refused("x {\n | 2024 |\n 2025, a | 5 |\n}") == "E0507");
  CHECK(refused("x {\n | 2024 |\n a, b | 5 |\n}") == "E0507");
  CHECK(refused("x {\n | 2024, 2025 |\n a | 5 |\n}") == "E0507");
  CHECK(refused("x {\n | 2024 |\n north | 5 |\n}") == "E0507");
  CHECK(refused("x {\n | north |\n a | 5 |\n}") == "E0507");
  CHECK(refused("x {\n | 2024 |\n ab | 5 |\n}") == "E0303"); // a row is one member
  CHECK(refused("x {\n | 2024 |\n nobody | 5 |\n}") == "E0301");
  CHECK(refused("x {\n | 2030 |\n a | 5 |\n}") == "E0504");
  CHECK(refused("x {\n | 2024Q1 |\n a | 5 |\n}") == "E0505");
  CHECK(refused("nosuch {\n | 2024 |\n a | 5 |\n}") == "E0301");
  Loaded loaded(some + "let x : 1 by company, region\ntable x[2024] {\n | a |\n | 5 |\n}\n");
  CHECK(loaded.codes() == "E0502");
  CHECK_THAT(loaded.messages(), contains("nothing says which `region` this figure is of"));
}

TEST_CASE("a mistake in one row hides nothing of the next") {
  CHECK(codes_of(some
                 + "let x : 1 by company\n"
                   "table x {\n | 2024 |\n nobody | 1 |\n a | 2 |\n noone | 3 |\n a | 4 |\n}\n")
        == "E0301 E0301 E0601");
}

TEST_CASE("a column is one step of the timeline") {
  const std::string model = "timeline 2024..2025 quarterly\ncompany a\nrate x : 1 by company\n";
  Loaded loaded(model + "table x {\n | 2024 |\n a | 5 |\n}\n");
  CHECK(loaded.codes() == "E0506");
  CHECK_THAT(loaded.messages(), contains("2024 is 4 steps"));
  CHECK(codes_of(model + "table x {\n | 2024Q1 | 2024Q2 |\n a | 5 | 6 |\n}\n").empty());
}

TEST_CASE("two figures for one cell are an error that shows both") {
  for (std::string second :
       {"table x {\n | 2024 |\n a | 2 |\n}\n", "x[a, 2024] = 2\n", "x[a, 2024] = x[a, 2025]\n"}) {
    INFO(second);
    Loaded loaded(some + "let x : 1 by company\ntable x {\n | 2024 |\n a | 1 |\n}\n" + second);
    CHECK(loaded.codes() == "E0601");
    CHECK_THAT(loaded.messages(), contains("`x[a, 2024]` is given twice"));
  }
  CHECK(codes_of(some + "let x : 1 by company\ntable x {\n | 2024 | 2024 |\n a | 1 | 2 |\n}\n")
        == "E0601");
  CHECK(codes_of(some + "let x : 1 by company\ntable x {\n | 2024 |\n a | 1 |\n a | 2 |\n}\n")
        == "E0601");
}

TEST_CASE("a figure lies inside every wider equation, and a scenario lies above it") {
  Loaded loaded(some
                + "let x : 1 by company = 1\nx[2025] = 2\n"
                  "table x {\n | 2024 | 2025 |\n a | 5 | 6 |\n}\n"
                  "scenario s { x[ab] = 9 }\n");
  REQUIRE(loaded.codes().empty());
  CHECK(loaded.value("x", {"a", "2024"}) == 5.0);
  CHECK(loaded.value("x", {"a", "2025"}) == 6.0);
  CHECK(loaded.value("x", {"b", "2025"}) == 2.0);
  CHECK(loaded.value("x", {"a", "2026"}) == 1.0);
  CHECK(loaded.value("x", {"a", "2024"}, "s") == 9.0);
}
