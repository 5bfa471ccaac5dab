// Models with as many lines as others have cells. Every stage must get through them without a stack
// that grows with the model, and without comparing each line with each other one.

#include "engine/session/session.hpp"
#include "tests/bench/sheet.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <string>

using namespace scn;
using scn_bench::Sheet;

namespace {

/// Every value of a sheet is the one computed by hand, bit for bit.
void check_sheet(Sheet const& sheet, LoadOptions const& options = {}) {
  MemoryFiles files;
  files.files["sheet.scn"] = sheet.text;
  Session session(files);
  REQUIRE(session.load("sheet.scn", options));
  Result const* result = session.evaluate();
  REQUIRE(result != nullptr);
  std::size_t wrong = 0;
  std::size_t lines = 0;
  for (std::size_t i = 0; i < session.model().lines.size(); ++i) {
    model::Line const& line = session.model().lines[i];
    if (line.hidden || line.prelude) continue;
    const double expected = sheet.values[std::stoul(line.name.substr(1))];
    wrong += result->values[i]->at(0, 0) == expected ? 0 : 1;
    ++lines;
  }
  CHECK(wrong == 0);
  CHECK(lines == sheet.values.size());
}

} // namespace

TEST_CASE("a chain of two hundred thousand lines is loaded and evaluated") {
  check_sheet(Sheet::make(Sheet::Shape::chain, 200'000));
}

TEST_CASE("a chain that is written backwards gets its units all the same") {
  check_sheet(Sheet::make(Sheet::Shape::backward, 200'000));
}

TEST_CASE("a sheet of formulas that read one another gives what plain code gives") {
  check_sheet(Sheet::make(Sheet::Shape::mixed, 50'000));
}

TEST_CASE("a chain that closes to a circle is reported, not followed without end") {
  Sheet sheet = Sheet::make(Sheet::Shape::chain, 50'000);
  sheet.text.replace(sheet.text.find("a0 = 1"), 6, "a0 : 1 = a49999");
  MemoryFiles files;
  files.files["sheet.scn"] = sheet.text;
  Session session(files);
  REQUIRE(session.load("sheet.scn"));
  CHECK(session.evaluate() == nullptr);
  REQUIRE(session.diagnostics().all().size() == 1);
  Diagnostic const& d = session.diagnostics().all()[0];
  CHECK(d.code == Code::cycle);
  CHECK_THAT(d.headline, scn_test::contains("a0 -> a49999 -> a49998"));
  CHECK_THAT(d.headline, scn_test::contains("49990 more -> a0"));
  CHECK(d.others.size() == 9); // nobody reads fifty thousand excerpts
}

TEST_CASE("a chain that closes over time is swept, however it is written") {
  constexpr int n = 20'000;
  for (const bool backward : {false, true}) {
    std::string text = "timeline 2020..2022 yearly\n";
    text += "let a0 : 1 = a" + std::to_string(n - 1) + "[t-1] * 2\na0[first] = 1\n";
    for (int i = 1; i < n; ++i) {
      const int line = backward ? n - i : i;
      text += "let a" + std::to_string(line) + " = a" + std::to_string(line - 1) + " + 1\n";
    }
    MemoryFiles files;
    files.files["chain.scn"] = text;
    Session session(files);
    REQUIRE(session.load("chain.scn"));
    Result const* result = session.evaluate();
    REQUIRE(result != nullptr);
    // x -> 2 (x + n - 1), from 1
    const auto line = *session.model().line_named("a0");
    CHECK(result->at(line, 0, 1) == 2.0 * n);
    CHECK(result->at(line, 0, 2) == 2.0 * (3.0 * n - 1));
  }
}

TEST_CASE("every fault of a long file has its place") {
  // The unit of the first line runs through the chain, so that each line adds 1 to an amount.
  Sheet sheet = Sheet::make(Sheet::Shape::chain, 20'000);
  sheet.text.replace(sheet.text.find("a0 = 1"), 6, "a0 : USD = 1 USD");
  MemoryFiles files;
  files.files["sheet.scn"] = sheet.text;
  Session session(files);
  CHECK_FALSE(session.load("sheet.scn"));
  const auto all = session.diagnostics().sorted();
  REQUIRE(all.size() == sheet.values.size() - 1);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    wrong += session.sources().locate(all[i].primary.span.begin).line == i + 3 ? 0 : 1;
  CHECK(wrong == 0);
}
