#pragma once

#include "tests/unit/syntax/grammar/notation.hpp"

#include <set>

namespace scn_test::grammar {

/// docs/reference/grammar.md, taken apart.
class Page {
 public:
  Page();

  Grammar grammar; ///< of all its fences

  /// The words in backticks in one column of the table behind a text of the page.
  [[nodiscard]] std::set<std::string> words(std::string_view behind, std::size_t column = 0) const;
  /// The rows of that table, a string for each field.
  [[nodiscard]] std::vector<std::vector<std::string>> table(std::string_view behind) const;
  /// The rules that have a remark under the heading of what the notation cannot say.
  [[nodiscard]] std::set<std::string> remarks() const;

 private:
  [[nodiscard]] std::string_view behind(std::string_view text) const;

  std::string text_;
};

[[nodiscard]] std::set<std::string> words_in_backticks(std::string_view text);

/// A text of the project, with a name to find it by.
struct Text {
  std::string name;
  std::string text;
};
/// Everything of the language in the project: library and its examples, scenarios, models of tests,
/// the fences of the README and of docs/.
[[nodiscard]] std::vector<Text> texts_of_the_project();
/// The programs of tests/errors/.
[[nodiscard]] std::vector<Text> gallery();

} // namespace scn_test::grammar
