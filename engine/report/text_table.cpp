#include "engine/report/text_table.hpp"

#include "lang/source/unicode.hpp"

#include <algorithm>

namespace scn::report {

std::string TextTable::text() const {
  std::vector<std::size_t> widths;
  for (Row const& row : rows_) {
    if (row.kind != Row::Kind::cells) continue;
    widths.resize(std::max(widths.size(), row.cells.size()));
    for (std::size_t c = 0; c < row.cells.size(); ++c)
      widths[c] = std::max(widths[c], display_width(row.cells[c]));
  }
  std::string out;
  for (Row const& row : rows_) {
    if (row.kind == Row::Kind::heading) out += row.cells[0];
    if (row.kind == Row::Kind::cells) {
      for (std::size_t c = 0; c < row.cells.size(); ++c) {
        const std::size_t pad = widths[c] - display_width(row.cells[c]);
        if (c > 0) out += "  ";
        if (rule_before_ > 0 && c == labels_ + rule_before_) out += "│  ";
        if (c >= labels_) out.append(pad, ' ');
        out += row.cells[c];
        if (c < labels_) out.append(pad, ' ');
      }
      while (!out.empty() && out.back() == ' ')
        out.pop_back();
    }
    out += '\n';
  }
  return out;
}

std::string TextTable::markdown() const {
  std::size_t columns = 0;
  for (Row const& row : rows_)
    if (row.kind == Row::Kind::cells) columns = std::max(columns, row.cells.size());
  std::string out;
  bool head = true;
  const auto escaped = [](std::string const& text) {
    std::string cell;
    const std::size_t begin = text.find_first_not_of(' ');
    for (char c : begin == std::string::npos ? std::string() : text.substr(begin)) {
      if (c == '|') cell += '\\';
      cell += c;
    }
    while (!cell.empty() && cell.back() == ' ')
      cell.pop_back();
    return cell;
  };
  for (Row const& row : rows_) {
    if (row.kind == Row::Kind::blank) continue;
    out += '|';
    for (std::size_t c = 0; c < columns; ++c) {
      if (row.kind == Row::Kind::heading) {
        out += c == 0 ? " **" + escaped(row.cells[0]) + "** |" : "  |";
      } else {
        out += ' ' + (c < row.cells.size() ? escaped(row.cells[c]) : std::string()) + " |";
      }
    }
    out += '\n';
    if (!head) continue;
    head = false;
    out += '|';
    for (std::size_t c = 0; c < columns; ++c)
      out += c < labels_ ? " --- |" : " ---: |";
    out += '\n';
  }
  return out;
}

} // namespace scn::report
