// A model from text to values: files that use files, the library, layers of the command line,
// expressions, and what is kept.

#include "engine/session/session.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <algorithm>

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;
using scn_test::value_of;

namespace {

using Others = std::map<std::string, std::string>;

/// What is complained about when `text` is loaded with other files beside it.
std::string complaints(std::string const& text, Others others = {}, std::string* whole = nullptr) {
  Loaded m(text, {}, std::move(others));
  if (whole != nullptr) *whole = m.messages();
  CHECK(m.good() == m.codes().empty());
  return m.codes();
}

/// Files in memory that remember what they were asked for.
class Watched : public MemoryFiles {
 public:
  std::vector<std::pair<std::string, std::string>> reads; ///< path and root
  Read read(std::string const& path, std::string const& root) override {
    reads.emplace_back(path, root);
    return MemoryFiles::read(path, root);
  }
};

} // namespace

TEST_CASE("the prelude is there without being asked for, other modules are used by name") {
  CHECK(value_of("abs(0 - 3)") == 3);
  CHECK(value_of("growth(x)[2025]", "use std.growth\ntimeline 2024..2025 yearly\nlet x : 1\n"
                                    "x[2024] = 100\nx[2025] = 125")
        == 0.25);
  CHECK(complaints("timeline 2024..2025 yearly\nlet x : 1\nx[2024..] = 1\nlet g : 1 = growth(x)")
        == "E0301");
  CHECK(complaints("use std.growth\nuse std.growth\nlet x : 1 = 1").empty());
}

TEST_CASE("a module that does not exist gets the nearest one") {
  std::string text;
  CHECK(complaints("use std.growht\nlet x : 1 = 1", {}, &text) == "E1004");
  CHECK_THAT(text, contains("std.growth"));
  CHECK(complaints("use std.nothing_like_it", {}, &text) == "E1004");
  CHECK_THAT(text, contains("std.depreciation"));
}

TEST_CASE("a used file declares as if its text stood here, in any order") {
  Loaded m("use \"companies.scn\"\nlet x : 1 by company = 2\nx[amazon] = 3\n", {},
           {{"companies.scn", "company amazon, google\nlet z : 1 = sum(x over company)\n"
                              "check z == 5\nscenario s { x = 1 }\n"}});
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("z") == 5);
  CHECK(m.value("z", {}, "s") == 2);
  CHECK(m.model().checks.size() == 1);
}

TEST_CASE("a file used twice, or by two ways, is read once") {
  Watched files;
  files.files = {{"test.scn", "use \"left.scn\"\nuse \"right.scn\"\nuse \"common.scn\"\n"
                              "let total : 1 = l + r + c\n"},
                 {"left.scn", "use \"common.scn\"\nlet l : 1 = c * 10\n"},
                 {"right.scn", "use \"common.scn\"\nlet r : 1 = c * 100\n"},
                 {"common.scn", "let c : 1 = 1\n"}};
  Session session(files);
  REQUIRE(session.load("test.scn"));
  CHECK(session.evaluate()->at(*session.model().line_named("total"), 0, 0) == 111);
  CHECK(std::count_if(files.reads.begin(), files.reads.end(),
                      [](auto const& r) { return r.first == "common.scn"; })
        == 1);
}

TEST_CASE("files that use one another are an error that prints the loop") {
  std::string text;
  CHECK(complaints("use \"a.scn\"\nlet x : 1 = 1",
                   {{"a.scn", "use \"b.scn\"\n"}, {"b.scn", "use \"a.scn\"\n"}}, &text)
        == "E1003");
  CHECK_THAT(text, contains("a.scn -> b.scn -> a.scn"));
  CHECK(complaints("use \"test.scn\"\nlet x : 1 = 1", {}, &text) == "E1003");
  CHECK_THAT(text, contains("test.scn -> test.scn"));
}

TEST_CASE("a path that leaves the folder of the model is refused unread") {
  for (std::string path : {"../up.scn", "/etc/passwd", "~/x.scn", "a/../../up.scn", "..", ""}) {
    Watched files;
    files.files = {{"folder/test.scn", "use \"" + path + "\"\nlet x : 1 = 1\n"},
                   {"up.scn", "let y : 1 = 1"},
                   {"/etc/passwd", "let y : 1 = 1"}};
    Session session(files);
    INFO(path);
    CHECK_FALSE(session.load("folder/test.scn"));
    REQUIRE(session.diagnostics().all().size() == 1);
    CHECK(session.diagnostics().all()[0].code == Code::file_outside);
    CHECK(files.reads.size() == 1);
  }
}

TEST_CASE("paths are taken from the file that uses, and may go up inside the folder") {
  Watched files;
  files.files = {{"folder/test.scn", "use \"sub/a.scn\"\nlet x : 1 = a + b\n"},
                 {"folder/sub/a.scn", "use \"../sub/./deep/../b.scn\"\nlet a : 1 = 1\n"},
                 {"folder/sub/b.scn", "let b : 1 = 2\n"}};
  Session session(files);
  REQUIRE(session.load("folder/test.scn"));
  CHECK(session.evaluate()->at(*session.model().line_named("x"), 0, 0) == 3);
  REQUIRE(files.reads.size() == 3);
  CHECK(files.reads[0] == std::pair<std::string, std::string>("folder/test.scn", ""));
  CHECK(files.reads[1] == std::pair<std::string, std::string>("folder/sub/a.scn", "folder/"));
  CHECK(files.reads[2] == std::pair<std::string, std::string>("folder/sub/b.scn", "folder/"));
  SECTION("but not above it, from wherever") {
    files.files["folder/sub/b.scn"] = "use \"../../up.scn\"\nlet b : 1 = 2\n";
    files.files["up.scn"] = "let u : 1 = 1";
    Session other(files);
    CHECK_FALSE(other.load("folder/test.scn"));
  }
}

TEST_CASE("a missing file is an error at its use, a missing model one without a place") {
  std::string text;
  CHECK(complaints("let x : 1 = 1\nuse \"gone.scn\"\n", {}, &text) == "E1001");
  CHECK_THAT(text, contains("gone.scn") && contains("test.scn:2:5"));
  MemoryFiles none;
  Session session(none);
  CHECK_FALSE(session.load("nowhere.scn"));
  REQUIRE(session.diagnostics().all().size() == 1);
  CHECK(session.diagnostics().all()[0].code == Code::missing_file);
}

TEST_CASE("faults of a used file are shown in it") {
  std::string text;
  CHECK(complaints("use \"a.scn\"\nlet x : 1 = y", {{"a.scn", "\n\nlet y : 1 = zz\n"}}, &text)
        == "E0301");
  CHECK_THAT(text, contains("a.scn:3:13"));
}

TEST_CASE("the timeline of the using file counts, else that of the used one") {
  const Others used{{"a.scn", "timeline 2024..2026 yearly\nlet x : 1\nx[2025] = 5\n"}};
  Loaded without("use \"a.scn\"\nlet y : 1 = x[2025]\n", {}, used);
  INFO(without.messages());
  REQUIRE(without.good());
  CHECK(without.model().calendar.count == 3);
  CHECK(without.value("y") == 5);
  Loaded with("use \"a.scn\"\ntimeline 2020..2029 yearly\nlet y : 1 = x[2025]\n", {}, used);
  INFO(with.messages());
  REQUIRE(with.good());
  CHECK(with.model().calendar.count == 10);
  CHECK(complaints(
            "use \"a.scn\"\nuse \"b.scn\"\nlet y : 1 = 1",
            {{"a.scn", "timeline 2024..2026 yearly\n"}, {"b.scn", "timeline 2024..2027 yearly\n"}})
        == "E0308");
}

TEST_CASE("the currency of the using file counts, and used files agree on theirs") {
  const Others used{{"a.scn", "currency USD\n"}, {"b.scn", "currency CNY\n"}};
  const std::string both = "use \"a.scn\"\nuse \"b.scn\"\nlet y : 1 = 1\n";
  std::string text;
  CHECK(complaints(both, used, &text) == "E0308");
  CHECK_THAT(text, contains("b.scn:1:10") && contains("a.scn"));
  Loaded settled(both + "currency EUR\n", {}, used);
  INFO(settled.messages());
  REQUIRE(settled.good());
  CHECK(settled.model().units.name(*settled.model().pivot) == "EUR");
  Loaded one("use \"a.scn\"\nlet y : 1 = 1\n", {}, used);
  REQUIRE(one.good());
  CHECK(one.model().units.name(*one.model().pivot) == "USD");
}

TEST_CASE("equations set on the command line lie on top of every scenario, later ones on top") {
  const std::string text = R"(
    timeline 2024..2026 yearly
    company amazon, meta
    let x : 1 by company
    x[2024..] = 1
    let total : 1 = sum(x over company)
    scenario s { x[meta] = 5 }
  )";
  Loaded m(text, {{"x[meta, 2025..] = 20%", "x[amazon] = 7; x[meta, 2026] *= 10"}, {}});
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("total", {"2024"}) == 8);
  CHECK(m.value("total", {"2025"}) == 7.2);
  CHECK(m.value("total", {"2026"}) == 9);
  CHECK(m.value("total", {"2024"}, "s") == 12);
  CHECK(m.value("total", {"2025"}, "s") == 7.2);
}

TEST_CASE("only equations can be set, and their faults are shown in them") {
  Loaded declared("let x : 1 = 1", {{"let y : 1 = 2"}, {}});
  CHECK_FALSE(declared.good());
  CHECK(declared.codes() == "E0208");
  Loaded typo("let growth_rate : 1 = 1", {{"growth_rat = 2"}, {}});
  CHECK(typo.codes() == "E0301");
  CHECK_THAT(typo.messages(), contains("--set 1:1:1") && contains("growth_rate"));
  Loaded unit("let x : USD = 1 USD", {{"x = 1 USD", "x = 2 CNY"}, {}});
  CHECK_FALSE(unit.good());
  CHECK_THAT(unit.messages(), contains("--set 2"));
}

TEST_CASE("an expression is evaluated in the model, and is no line of it") {
  const std::string text = "timeline 2024..2025 yearly\nlet x : 1\nx[2024..] = 4\n";
  Loaded m(text, {{"x[2025] = 6"}, "sum(x over t) * 2"});
  INFO(m.messages());
  REQUIRE(m.good());
  REQUIRE(m.model().asked);
  CHECK(m.model().line(*m.model().asked).hidden);
  CHECK(m.result()->at(*m.model().asked, 0, 0) == 20);
  Loaded wrong(text, {{}, "x +"});
  CHECK_FALSE(wrong.good());
  CHECK_THAT(wrong.messages(), contains("--expr"));
  Loaded trailing(text, {{}, "1 2"});
  CHECK_FALSE(trailing.good());
}

TEST_CASE("what was evaluated is kept") {
  Loaded m("let x : 1 = 1\nscenario s { x = 2 }");
  REQUIRE(m.good());
  CHECK(m.result() == m.result());
  CHECK(m.result("s") == m.result("s"));
  CHECK(m.result() != m.result("s"));
}

TEST_CASE("a scenario can be evaluated though the base has an illegal cycle") {
  Loaded m(R"(
    let a : 1 = b + 1
    let b : 1 = a + 1
    let c : 1 = a * 2
    scenario cut { b = 5 }
  )");
  REQUIRE(m.good());
  CHECK(m.result() == nullptr);
  CHECK(m.codes() == "E0701");
  CHECK(m.value("c", {}, "cut") == 12);
}

TEST_CASE("tokens and the tree of the user's own file are kept for whoever wants to look") {
  Loaded m("let x : 1 = 1\n");
  REQUIRE(m.good());
  CHECK(m.session().tree().statements.size() == 1);
  CHECK(m.session().sources().name(SourceId{0}) == "test.scn");
}
