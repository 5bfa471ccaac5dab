#pragma once

#include "engine/report/report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace scn::report {

/// What a table shows: its rows in order, and which periods. How each cell is printed, and what is
/// said of all of them, follows from that.
struct Sheet {
  struct Row {
    enum class Kind : std::uint8_t { cells, heading, blank };
    Kind kind = Kind::cells;
    std::string label;
    model::LineId line; ///< of cells: one line, for one combination of members
    std::uint32_t lane = 0;
  };
  std::string title;
  std::vector<Row> rows;
  std::vector<model::LineId> lines; ///< all that occur in the rows, each once
  std::uint32_t first = 0;          ///< the first step
  std::uint32_t count = 0;
  std::optional<model::MeasureId> measure; ///< for all lines of its unit
};

/// All of some lines.
[[nodiscard]] Sheet sheet_of(model::Model const& model, Result const& result,
                             std::vector<model::LineId> const& lines);
/// A view of the model.
[[nodiscard]] Sheet sheet_of(model::Model const& model, Result const& result,
                             model::View const& view);
/// As text or Markdown, for people.
[[nodiscard]] std::string draw(model::Model const& model, Result const& result, Sheet const& sheet,
                               bool markdown);

/// One scenario as a table for people, in text or Markdown.
[[nodiscard]] std::string table(model::Model const& model, Result const& result,
                                std::vector<model::LineId> const& lines, bool markdown);

/// Does any cell of a line at a lane apply, in some periods?
[[nodiscard]] bool applies(model::Model const& model, Result const& result, model::LineId line,
                           std::uint32_t lane, std::uint32_t first, std::uint32_t count);

/// The lane of a line at some members, given in the order of `along`, whatever the line's own is.
[[nodiscard]] std::uint32_t lane_of(model::Model const& model, model::LineId line,
                                    std::vector<model::View::Along> const& along,
                                    std::vector<std::uint32_t> const& members);

/// `微软 Microsoft`: a label, with the name behind it unless the label says it already.
[[nodiscard]] std::string label_of(std::string const& name, std::string const& label);
/// A cell's value for people, in a measure and with so many decimals.
[[nodiscard]] std::string cell_text(model::Model const& model, model::LineId line,
                                    model::Measure const& measure, double value, int decimals);

/// A number counted in a measure with six significant digits, `∞` included: enough to see how far
/// apart two figures are.
[[nodiscard]] std::string in_measure(double value, model::Measure const& measure);

/// Calls `visit(members, name)` for every combination of members, the first dimension outermost;
/// `name` is their labels.
template <class Visit>
void for_each_combination(model::Model const& model, std::vector<model::View::Along> const& along,
                          Visit visit) {
  for (model::View::Along const& a : along)
    if (a.members.empty()) return;
  std::vector<std::size_t> at(along.size(), 0);
  std::vector<std::uint32_t> members(along.size());
  while (true) {
    std::string name;
    for (std::size_t d = 0; d < along.size(); ++d) {
      members[d] = along[d].members[at[d]];
      model::Member const& m = model.dimension(along[d].dimension).members[members[d]];
      name += (name.empty() ? "" : " · ") + label_of(m.name, m.label);
    }
    visit(members, name);
    std::size_t d = along.size();
    while (d > 0 && ++at[d - 1] == along[d - 1].members.size())
      at[--d] = 0;
    if (d == 0) return;
  }
}

} // namespace scn::report
