#include "lang/source/diagnostic.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace scn;

TEST_CASE("every complaint has a number of its own, and the number says how grave it is") {
  std::set<std::string_view> numbers;
  for (Code code : all_codes()) {
    const std::string_view number = number_of(code);
    INFO(number);
    // People search for the number: a letter and four digits, never used twice.
    REQUIRE(number.size() == 5);
    CHECK(
        std::all_of(number.begin() + 1, number.end(), [](char c) { return c >= '0' && c <= '9'; }));
    CHECK(number[0] == (severity_of(code) == Severity::error ? 'E' : 'W'));
    CHECK(numbers.insert(number).second);
  }
  CHECK(numbers.size() == all_codes().size());
  CHECK(number_of(Code::malformed_utf8) == "E0101");
  CHECK(number_of(Code::unknown_name) == "E0301");
  CHECK(number_of(Code::outside_range) == "W0902");
}

TEST_CASE("the list of codes is in the order of the codes themselves") {
  // number_of() looks an entry up by the value of the code, so the two must not drift apart.
  const std::vector<Code> codes = all_codes();
  REQUIRE_FALSE(codes.empty());
  for (std::size_t i = 0; i < codes.size(); ++i)
    CHECK(static_cast<std::size_t>(codes[i]) == i);
}

TEST_CASE("a complaint keeps its place, its other places and its hints in the order given") {
  Diagnostics diagnostics;
  diagnostics.report(Code::name_taken, {10, 15}, "`capex` is taken", "the second")
      .at({3, 8}, "the first")
      .at({20, 21}, "and a third")
      .hint("choose another name")
      .hint("or remove one");
  REQUIRE(diagnostics.all().size() == 1);
  Diagnostic const& d = diagnostics.all()[0];
  CHECK(d.code == Code::name_taken);
  CHECK(d.severity() == Severity::error);
  CHECK(d.headline == "`capex` is taken");
  CHECK(d.primary.span == Span{10, 15});
  CHECK(d.primary.text == "the second");
  REQUIRE(d.others.size() == 2);
  CHECK(d.others[0].span == Span{3, 8});
  CHECK(d.others[0].text == "the first");
  CHECK(d.others[1].text == "and a third");
  CHECK(d.hints == std::vector<std::string>{"choose another name", "or remove one"});
}

TEST_CASE("only errors count as errors") {
  Diagnostics diagnostics;
  CHECK_FALSE(diagnostics.has_errors());
  diagnostics.report(Code::dead_override, {1, 2}, "changes nothing");
  CHECK_FALSE(diagnostics.has_errors());
  CHECK(diagnostics.error_count() == 0);
  diagnostics.report(Code::unknown_name, {1, 2}, "there is no `x`");
  diagnostics.report(Code::unknown_name, {5, 6}, "there is no `y`");
  CHECK(diagnostics.has_errors());
  CHECK(diagnostics.error_count() == 2);
  CHECK(diagnostics.all().size() == 3);
}

TEST_CASE("complaints come sorted by their places whatever order the stages made them in") {
  Diagnostics diagnostics;
  diagnostics.report(Code::unit_mismatch, {30, 35}, "third");
  diagnostics.report(Code::unknown_name, {10, 12}, "first");
  diagnostics.report(Code::unknown_name, {10, 20}, "second: it begins at the same place");
  diagnostics.report(Code::bad_source, {}, "no place at all");
  std::vector<std::string> order;
  for (Diagnostic const& d : diagnostics.sorted())
    order.push_back(d.headline);
  CHECK(order
        == std::vector<std::string>{"no place at all", "first",
                                    "second: it begins at the same place", "third"});
  // Sorting makes a copy; what was reported stays in the order of reporting.
  CHECK(diagnostics.all()[0].headline == "third");
}

TEST_CASE("the same complaint about the same place is made once") {
  Diagnostics diagnostics;
  diagnostics.report(Code::unknown_name, {4, 6}, "there is no `x`").hint("the first is kept");
  diagnostics.report(Code::unknown_name, {8, 9}, "there is no `x`");
  diagnostics.report(Code::unknown_name, {4, 6}, "there is no `x`").hint("this one is dropped");
  diagnostics.report(Code::wrong_kind, {4, 6}, "there is no `x`");
  diagnostics.report(Code::unknown_name, {4, 6}, "there is no `y`");
  const auto sorted = diagnostics.sorted();
  REQUIRE(sorted.size() == 4); // another place, another code and another text are no repetition
  CHECK(sorted[0].headline == "there is no `x`");
  CHECK(sorted[0].hints == std::vector<std::string>{"the first is kept"});
  CHECK(sorted.back().primary.span == Span{8, 9});
}

TEST_CASE("sorting depends on what was reported, not on when") {
  std::mt19937 random(7);
  const std::vector<Code> codes = all_codes();
  using Report = std::tuple<Code, Span, std::string>;
  std::vector<Report> reports;
  for (int i = 0; i < 200; ++i) {
    const auto begin = static_cast<std::uint32_t>(random() % 20);
    reports.emplace_back(codes[random() % codes.size()],
                         Span{begin, begin + static_cast<std::uint32_t>(random() % 4)},
                         "text " + std::to_string(random() % 3));
  }
  const auto in_order = [](std::vector<Report> const& list) {
    Diagnostics diagnostics;
    for (auto const& [code, span, text] : list)
      diagnostics.report(code, span, text);
    std::vector<std::string> out;
    for (Diagnostic const& d : diagnostics.sorted())
      out.push_back(std::string(number_of(d.code)) + ' ' + std::to_string(d.primary.span.begin)
                    + '-' + std::to_string(d.primary.span.end) + ' ' + d.headline);
    return out;
  };
  const auto expected = in_order(reports);
  CHECK(std::set<std::string>(expected.begin(), expected.end()).size() == expected.size());
  for (int i = 0; i < 20; ++i) {
    std::shuffle(reports.begin(), reports.end(), random);
    CHECK(in_order(reports) == expected);
  }
}

TEST_CASE("covering spans of no place adds nothing") {
  CHECK(Span{}.none());
  CHECK_FALSE(Span{1, 1}.none());
  CHECK(cover({3, 5}, {8, 9}) == Span{3, 9});
  CHECK(cover({8, 9}, {3, 5}) == Span{3, 9});
  CHECK(cover({3, 9}, {4, 5}) == Span{3, 9});
  CHECK(cover({}, {4, 5}) == Span{4, 5});
  CHECK(cover({4, 5}, {}) == Span{4, 5});
  CHECK(cover({}, {}).none());
  CHECK(Span{3, 9}.size() == 6);
}
