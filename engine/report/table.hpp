#pragma once

#include "engine/report/report.hpp"

namespace scn::report {

/// One scenario as a table for people, in text or Markdown.
[[nodiscard]] std::string table(model::Model const& model, Result const& result,
                                std::vector<model::LineId> const& lines, bool markdown);

/// `微软 Microsoft`: a label, with the name behind it unless the label says it already.
[[nodiscard]] std::string label_of(std::string const& name, std::string const& label);
/// A cell's value for people, in a measure and with so many decimals.
[[nodiscard]] std::string cell_text(model::Model const& model, model::LineId line, double value,
                                    int decimals);

} // namespace scn::report
