// The command line: what is asked for, what is refused, and what is said of it.

#include "engine/cli/arguments.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>

using namespace scn;
using namespace scn::cli;
using scn_test::contains;

namespace {

Parsed parse(std::vector<char const*> arguments) {
  arguments.insert(arguments.begin(), "scn");
  return parse_arguments(static_cast<int>(arguments.size()), arguments.data());
}

Arguments good(std::vector<char const*> arguments) {
  const Parsed p = parse(std::move(arguments));
  INFO(p.message);
  REQUIRE(p.arguments);
  return *p.arguments;
}

/// The message of a command line that is refused.
std::string refused(std::vector<char const*> arguments) {
  const Parsed p = parse(std::move(arguments));
  CHECK_FALSE(p.arguments);
  CHECK(p.code == 2);
  return p.message;
}

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("alone it shows what can be done, in ten lines") {
  const Parsed p = parse({});
  CHECK_FALSE(p.arguments);
  CHECK(p.code == 0);
  for (char const* part : {"scn eval", "scn check", "scn graph", "scn show", "--set", "--expr"})
    CHECK_THAT(p.message, contains(part));
  CHECK(std::count(p.message.begin(), p.message.end(), '\n') <= 12);
}

TEST_CASE("eval takes one file, scenarios, lines, equations and an expression") {
  const Arguments plain = good({"eval", "m.scn"});
  CHECK(plain.command == Command::eval);
  CHECK(plain.files == Texts{"m.scn"});
  CHECK(plain.format == report::Format::table);
  CHECK(plain.scenarios.empty());
  CHECK_FALSE(plain.all_scenarios);
  CHECK(plain.color == ColorChoice::automatic);

  const Arguments a =
      good({"eval", "m.scn", "-s", "base,guided", "-s", "slump", "--line", "capex,burden", "--set",
            "capex_growth[meta, 2026..] = 20%", "--set", "tax = 25%", "--stats"});
  CHECK(a.scenarios == Texts{"base", "guided", "slump"});
  CHECK(a.lines == Texts{"capex", "burden"});
  // An equation may hold commas and is not taken apart.
  CHECK(a.sets == Texts{"capex_growth[meta, 2026..] = 20%", "tax = 25%"});
  CHECK(a.stats);
  CHECK(good({"eval", "--all-scenarios", "m.scn"}).all_scenarios);
  CHECK(good({"eval", "m.scn", "--expr", "total[2025] in 亿 USD"}).expression
        == "total[2025] in 亿 USD");
  CHECK(good({"eval", "-"}).files == Texts{"-"});
}

TEST_CASE("an equation to set does not swallow what stands behind it") {
  const Arguments a = good({"eval", "--set", "x = 1", "m.scn"});
  CHECK(a.sets == Texts{"x = 1"});
  CHECK(a.files == Texts{"m.scn"});
}

TEST_CASE("check takes many files") {
  const Arguments a = good({"check", "a.scn", "b.scn", "--strict"});
  CHECK(a.command == Command::check);
  CHECK(a.files == Texts{"a.scn", "b.scn"});
  CHECK(a.strict);
  CHECK_FALSE(good({"check", "a.scn"}).strict);
}

TEST_CASE("graph and show have formats and stages of their own") {
  CHECK(good({"graph", "m.scn"}).graph_format == graph::Format::dot);
  CHECK(good({"graph", "m.scn", "--format", "mermaid"}).graph_format == graph::Format::mermaid);
  CHECK(good({"graph", "m.scn", "--format", "json"}).command == Command::graph);
  const Arguments s = good({"show", "plan", "m.scn"});
  CHECK(s.command == Command::show);
  CHECK(s.stage == Stage::plan);
  CHECK(s.files == Texts{"m.scn"});
}

TEST_CASE("the format is said, or picked by the ending of the output") {
  CHECK(good({"eval", "m.scn", "--format", "csv"}).format == report::Format::csv);
  CHECK(good({"eval", "m.scn", "--format", "md"}).format == report::Format::markdown);
  CHECK(good({"eval", "m.scn", "-o", "out.csv"}).format == report::Format::csv);
  CHECK(good({"eval", "m.scn", "-o", "out.json"}).format == report::Format::json);
  CHECK(good({"check", "m.scn", "-o", "dir.v2/out.md"}).format == report::Format::markdown);
  CHECK(good({"eval", "m.scn", "-o", "out.txt"}).format == report::Format::table);
  CHECK(good({"eval", "m.scn", "-o", "out"}).format == report::Format::table);
  // What is said goes before the ending.
  CHECK(good({"eval", "m.scn", "-o", "out.csv", "--format", "json"}).format
        == report::Format::json);
  CHECK(good({"eval", "m.scn", "-o", "out.csv"}).output == "out.csv");
}

TEST_CASE("colour and the form of messages") {
  CHECK(good({"eval", "m.scn", "--color", "always"}).color == ColorChoice::always);
  CHECK(good({"eval", "m.scn", "--color", "never"}).color == ColorChoice::never);
  CHECK(good({"eval", "m.scn", "--message-format", "json"}).json_messages);
  CHECK_FALSE(good({"eval", "m.scn"}).json_messages);
}

TEST_CASE("a mistyped command gets the nearest one") {
  CHECK_THAT(refused({"evla", "m.scn"}), contains("`evla`") && contains("did you mean `eval`?"));
  CHECK_THAT(refused({"chekc", "m.scn"}), contains("`check`"));
  CHECK_THAT(refused({"qqqqqqq"}), contains("no command `qqqqqqq`") && contains("lists them"));
  CHECK_THAT(refused({"model.scn"}), contains("scn eval model.scn"));
}

TEST_CASE("mistakes are refused with what is wrong") {
  CHECK_THAT(refused({"eval"}), contains("FILE"));
  CHECK_THAT(refused({"check"}), contains("FILE"));
  CHECK_THAT(refused({"show", "m.scn"}), contains("STAGE"));
  CHECK_THAT(refused({"show", "bytes", "m.scn"}), contains("bytes"));
  CHECK_THAT(refused({"eval", "m.scn", "--format", "xml"}), contains("xml"));
  CHECK_THAT(refused({"graph", "m.scn", "--format", "csv"}), contains("csv"));
  CHECK_THAT(refused({"eval", "m.scn", "--colour=never"}),
             contains("eval has no option `--colour`") && contains("did you mean `--color`?"));
  CHECK_THAT(refused({"eval", "m.scn", "--scenarios", "x"}),
             contains("did you mean `--scenario`?"));
  CHECK_THAT(refused({"check", "m.scn", "--qqqqqqq"}), contains("`scn check --help` lists them"));
  CHECK_THAT(refused({"eval", "m.scn", "--color", "sometimes"}), contains("sometimes"));
  CHECK_THAT(refused({"eval", "m.scn", "--set"}), contains("--set"));
  CHECK_THAT(refused({"check", "m.scn", "--expr", "x"}), contains("check has no option `--expr`"));
  CHECK_THAT(refused({"eval", "a.scn", "b.scn"}), contains("`b.scn` is one argument too many"));
  CHECK_FALSE(refused({"--nonsense"}).empty());
}

TEST_CASE("help is for everything or for one command, and goes to standard output") {
  const Parsed all = parse({"--help"});
  CHECK(all.code == 0);
  CHECK_FALSE(all.arguments);
  for (char const* command : {"eval", "check", "graph", "show"})
    CHECK_THAT(all.message, contains(command));
  const Parsed one = parse({"eval", "--help"});
  CHECK(one.code == 0);
  CHECK_THAT(one.message, contains("--scenario") && contains("--expr"));
  CHECK_THAT(one.message, !contains("--strict"));
  CHECK_THAT(parse({"check", "--help"}).message, contains("--strict"));
}

TEST_CASE("the version is one line") {
  const Parsed p = parse({"--version"});
  CHECK(p.code == 0);
  CHECK(p.message == "scn " SCN_VERSION "\n");
}
