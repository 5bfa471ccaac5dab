#pragma once

#include <string>
#include <vector>

namespace scn::report {

/// Rows of text in columns, aligned by the width that a terminal shows: a Chinese character counts
/// two. The first columns are labels on the left, the others figures on the right.
class TextTable {
 public:
  struct Row {
    enum class Kind { cells, heading, blank };
    Kind kind = Kind::cells;
    std::vector<std::string> cells; ///< a heading has one, over the whole width
  };

  /// `rule_before`: the figure column that a vertical rule stands before; 0 for none.
  TextTable(std::size_t labels, std::size_t rule_before = 0)
      : labels_(labels), rule_before_(rule_before) {}

  void add(std::vector<std::string> cells) {
    rows_.push_back({Row::Kind::cells, std::move(cells)});
  }
  void heading(std::string text) { rows_.push_back({Row::Kind::heading, {std::move(text)}}); }
  void blank() { rows_.push_back({Row::Kind::blank, {}}); }

  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string markdown() const;

 private:
  std::size_t labels_;
  std::size_t rule_before_;
  std::vector<Row> rows_;
};

} // namespace scn::report
