// A view of the model, laid out: what the model asks to see, in the order it asks for.

#include "engine/report/table.hpp"

#include <algorithm>
#include <utility>

namespace scn::report {

using model::LineId;
using model::Model;
using model::View;

std::uint32_t lane_of(Model const& model, LineId line, std::vector<View::Along> const& along,
                      std::vector<std::uint32_t> const& members) {
  std::uint32_t lane = 0;
  for (model::DimensionId d : model.line(line).dimensions) {
    const auto at = std::find_if(along.begin(), along.end(),
                                 [&](View::Along const& a) { return a.dimension == d; });
    lane = lane * static_cast<std::uint32_t>(model.dimension(d).members.size())
           + members[static_cast<std::size_t>(at - along.begin())];
  }
  return lane;
}

namespace {

/// A label of the view's own, else the line's.
std::string shown_label(Model const& model, View::Shown const& shown) {
  model::Line const& line = model.line(shown.line);
  return shown.label.empty() ? label_of(line.name, line.label) : shown.label;
}

} // namespace

/// Members are headings with what is shown of them below. Where only one thing is shown it goes
/// into the title, and each member is a row.
Sheet sheet_of(Model const& model, Result const& result, View const& view) {
  Sheet out;
  out.title = !view.label.empty() ? view.label : !model.title.empty() ? model.title : view.name;
  out.first = view.first;
  out.count = view.count;
  out.measure = view.measure;
  const bool single = view.shown.size() == 1;
  if (single) out.title += " · " + shown_label(model, view.shown[0]);
  const auto keep = [&](LineId line) {
    if (std::find(out.lines.begin(), out.lines.end(), line) == out.lines.end())
      out.lines.push_back(line);
  };
  const auto add = [&](LineId line, std::uint32_t lane, std::string label) {
    keep(line);
    out.rows.push_back({Sheet::Row::Kind::cells, std::move(label), line, lane});
  };
  bool headings = false; // the block before has some
  for (View::Block const& block : view.blocks) {
    if (block.along.empty()) {
      if (std::exchange(headings, false)) out.rows.push_back({Sheet::Row::Kind::blank, {}, {}, 0});
      if (applies(model, result, block.own.line, 0, view.first, view.count))
        add(block.own.line, 0, shown_label(model, block.own));
      continue;
    }
    headings = !single;
    for_each_combination(
        model, block.along,
        [&](std::vector<std::uint32_t> const& members, std::string const& name) {
          bool first = true;
          for (View::Shown const& shown : view.shown) {
            if (!View::fits(model.line(shown.line), block)) continue;
            const std::uint32_t lane = lane_of(model, shown.line, block.along, members);
            if (!applies(model, result, shown.line, lane, view.first, view.count)) continue;
            if (first && !single) out.rows.push_back({Sheet::Row::Kind::heading, name, {}, 0});
            first = false;
            add(shown.line, lane, single ? name : "  " + shown_label(model, shown));
          }
        });
  }
  return out;
}

} // namespace scn::report
