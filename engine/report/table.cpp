#include "engine/report/table.hpp"

#include "engine/eval/cause.hpp"
#include "engine/eval/trace.hpp"
#include "engine/report/text_table.hpp"
#include "lang/source/decimal.hpp"
#include "lang/source/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

namespace scn::report {

using model::Kind;
using model::LineId;
using model::Measure;
using model::Model;

namespace {

std::string lower(std::string_view text) {
  std::string out;
  for (char c : text)
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

} // namespace

std::string label_of(std::string const& name, std::string const& label) {
  if (label.empty()) return name;
  // As a word of its own: "Alibaba" does not say `a`.
  const std::string in = lower(label);
  const std::string word = lower(name);
  const auto part_of_word = [&](std::size_t at) {
    return at < in.size()
           && (std::isalnum(static_cast<unsigned char>(in[at])) != 0 || in[at] == '_');
  };
  for (std::size_t at = in.find(word); at != std::string::npos; at = in.find(word, at + 1))
    if (!(at > 0 && part_of_word(at - 1)) && !part_of_word(at + word.size())) return label;
  return label + ' ' + name;
}

std::string cell_text(Model const& model, LineId id, Measure const& measure, double value,
                      int decimals) {
  model::Line const& line = model.line(id);
  if (model::is_inapplicable(value)) return "–";
  if (std::isnan(value)) return "unknown";
  switch (line.type.kind) {
  case Kind::truth: return value == 1 ? "yes" : "no";
  case Kind::period: return model.calendar.name(static_cast<int>(value));
  case Kind::member: {
    model::Member const& m =
        model.dimension(line.type.dimension).members[static_cast<std::size_t>(value)];
    return m.label.empty() ? m.name : m.label;
  }
  default: break;
  }
  const std::string unit = measure.text == "%" ? "%" : "";
  std::string number = fixed(std::fabs(value), decimals, true, measure.scale);
  const bool zero = number.find_first_of("123456789") == std::string::npos;
  return value < 0 && !zero ? '(' + number + unit + ')' : number + unit;
}

namespace {

class Table {
 public:
  Table(Model const& model, Result const& result, Sheet const& sheet, bool markdown)
      : model_(model), result_(result), sheet_(sheet), markdown_(markdown),
        causes_(model, result.stack, result.values) {}

  std::string run();

 private:
  bool is_number(LineId id) const {
    const Kind k = model_.line(id).type.kind;
    return k == Kind::number || k == Kind::any;
  }
  model::MeasureId measure_id(LineId id) const {
    model::Line const& line = model_.line(id);
    const bool own = !sheet_.measure || line.type.kind != Kind::number
                     || model_.measure(*sheet_.measure).unit != line.type.unit;
    return own ? line.measure : *sheet_.measure;
  }
  Measure const& measure(LineId id) const { return model_.measure(measure_id(id)); }
  /// Units that need no caption: shares, ratios, and what is no number.
  bool bare(LineId id) const {
    return !is_number(id) || measure(id).text.empty() || measure(id).text == "%";
  }
  /// The steps of a line that are shown.
  std::pair<std::uint32_t, std::uint32_t> steps(LineId id) const {
    return model_.line(id).over_time ? std::pair(sheet_.first, sheet_.first + sheet_.count)
                                     : std::pair(0u, 1u);
  }
  void choose_caption();
  void choose_decimals();
  void count_actual_periods();
  bool chinese() const;
  void head(TextTable& out) const;
  void row(TextTable& out, Sheet::Row const& row);
  std::string value(LineId id, std::uint32_t lane, std::uint32_t step);
  std::string bounds_text(LineId id, std::uint32_t lane, std::uint32_t step) const;
  void bounds_row(TextTable& out, Sheet::Row const& row);
  void note(eval::Cause const& cause);
  void note_skipped(LineId line, std::uint32_t lane, std::uint32_t step);
  std::string notes() const;

  Model const& model_;
  Result const& result_;
  Sheet const& sheet_;
  bool markdown_;
  eval::Causes causes_;
  model::MeasureId caption_;
  bool unit_column_ = false;
  bool fixed_column_ = false; ///< some lines do not vary over time
  bool period_columns_ = false;
  bool negatives_ = false;
  std::uint32_t actual_ = 0; ///< periods of the timeline that are over
  std::map<LineId, int> decimals_;
  struct Note {
    LineId line;
    std::string reason;
    std::vector<std::string> origins; ///< the cells where it arises
    std::uint32_t cells = 0;          ///< the cells that are unknown because of it
  };
  std::vector<Note> notes_;
  /// Unknown values that a line passes over on purpose: in its first such cell, and in how many.
  struct Skipped {
    LineId line;
    std::string cell;
    std::uint32_t values = 0, cells = 0;
  };
  std::vector<Skipped> skipped_;
};

/// The unit that was asked for, or else the most frequent one, goes into the caption, so that no
/// cell repeats it.
void Table::choose_caption() {
  std::map<model::MeasureId, int> uses;
  for (LineId id : sheet_.lines)
    if (!bare(id)) ++uses[measure_id(id)];
  int most = 0;
  for (LineId id : sheet_.lines) {
    if (bare(id)) continue;
    const model::MeasureId m = measure_id(id);
    if (uses[m] > most) {
      most = uses[m];
      caption_ = m;
    }
  }
  if (sheet_.measure && uses.count(*sheet_.measure) > 0) caption_ = *sheet_.measure;
  unit_column_ = uses.size() > 1;
}

/// Shares have one decimal. Amounts have as many as their largest one leaves meaningful, the same
/// for all lines of a unit; whole numbers in a unit of their own have none.
void Table::choose_decimals() {
  std::map<model::MeasureId, double> largest;
  std::map<model::MeasureId, bool> whole;
  for (Sheet::Row const& row : sheet_.rows) {
    if (row.kind != Sheet::Row::Kind::cells || !is_number(row.line)) continue;
    const model::MeasureId m = measure_id(row.line);
    const double scale = model_.measure(m).scale.value();
    const auto [first, end] = steps(row.line);
    for (std::uint32_t step = first; step < end; ++step) {
      const double v = result_.at(row.line, row.lane, step);
      if (std::isnan(v)) continue;
      const double shown = std::fabs(v / scale);
      largest[m] = std::max(largest[m], shown);
      auto [at, fresh] = whole.try_emplace(m, true);
      at->second = at->second && std::fabs(shown - std::round(shown)) < 1e-9;
      negatives_ = negatives_ || v < 0;
    }
  }
  for (LineId id : sheet_.lines) {
    const model::MeasureId m = measure_id(id);
    Measure const& measure = model_.measure(m);
    const double top = largest[m];
    int decimals = top >= 100 ? 1 : top >= 1 ? 2 : top > 0 ? 4 : 1;
    if (measure.text == "%") decimals = 1;
    const bool money = !model_.units.currencies(measure.unit).empty();
    if (whole[m] && measure.text != "%" && !money) decimals = 0;
    decimals_[id] = decimals;
  }
}

/// Periods up to the last one of which some figure is actual are told apart from the later ones.
void Table::count_actual_periods() {
  for (model::Facts const& facts : model_.facts) {
    if (!model_.line(facts.line).over_time || model_.line(facts.line).fiscal) continue;
    const std::uint32_t steps = model_.steps(facts.line);
    for (model::Facts::Fact const& f : facts.facts) {
      if (std::isnan(f.value)) continue;
      const std::uint32_t step = f.cell % steps;
      if (step >= actual_
          && model_.tag_of(model_.styles[f.style], facts.line, f.cell) == model::Tag::actual)
        actual_ = step + 1;
    }
  }
}

/// Do the model's own words use Chinese? Then the caption does, too.
bool Table::chinese() const {
  const auto has = [](std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) >= 0xE4 && static_cast<unsigned char>(c) <= 0xE9;
    });
  };
  if (has(model_.title)) return true;
  for (model::Dimension const& d : model_.dimensions)
    for (model::Member const& m : d.members)
      if (has(m.label) || has(m.name)) return true;
  return std::any_of(model_.lines.begin(), model_.lines.end(),
                     [&](model::Line const& l) { return has(l.label) || has(l.name); });
}

std::string Table::run() {
  choose_caption();
  choose_decimals();
  count_actual_periods();
  for (LineId id : sheet_.lines) {
    fixed_column_ = fixed_column_ || !model_.line(id).over_time;
    period_columns_ = period_columns_ || model_.line(id).over_time;
  }
  std::string caption = sheet_.title;
  caption += fmt::format(" · {}", result_.scenario
                                      ? label_of(model_.scenarios[result_.scenario->value].name,
                                                 model_.scenarios[result_.scenario->value].label)
                                      : "base");
  if (caption_.valid())
    caption += fmt::format(" · {} {}", chinese() ? "单位" : "unit", model_.measure(caption_).text);
  const std::size_t labels = unit_column_ ? 2 : 1;
  const std::size_t before = fixed_column_ ? 1 : 0;
  const std::uint32_t over = std::clamp(actual_, sheet_.first, sheet_.first + sheet_.count);
  const bool rule = period_columns_ && over > sheet_.first && over < sheet_.first + sheet_.count;
  TextTable out(labels, rule ? before + over - sheet_.first : 0);
  head(out);
  for (Sheet::Row const& each : sheet_.rows) {
    switch (each.kind) {
    case Sheet::Row::Kind::heading: out.heading(each.label); break;
    case Sheet::Row::Kind::blank: out.blank(); break;
    case Sheet::Row::Kind::cells: row(out, each); break;
    }
  }
  if (markdown_)
    return "**" + caption + "**\n\n" + out.markdown() + (notes().empty() ? "" : "\n" + notes());
  return caption + '\n' + out.text() + notes();
}

void Table::head(TextTable& out) const {
  std::vector<std::string> cells{""};
  if (unit_column_) cells.emplace_back();
  if (fixed_column_) cells.emplace_back(chinese() ? "恒定" : "constant");
  if (period_columns_)
    for (std::uint32_t s = sheet_.first; s < sheet_.first + sheet_.count; ++s)
      cells.push_back(model_.calendar.name(static_cast<int>(s)) + (s < actual_ ? "A" : "E")
                      + (negatives_ && !markdown_ ? " " : ""));
  out.add(std::move(cells));
}

std::string Table::value(LineId id, std::uint32_t lane, std::uint32_t step) {
  const double v = result_.at(id, lane, step);
  if (model::is_unknown(v)) note(causes_.of(id, lane, step));
  if (!std::isnan(v)) note_skipped(id, lane, step);
  std::string text = cell_text(model_, id, measure(id), v, decimals_[id]);
  // Digits stay below one another where some figures stand in parentheses.
  if (negatives_ && !markdown_ && text.back() != ')') text += ' ';
  return text;
}

/// `600.0..650.0`, where the bounds are wider than the point.
std::string Table::bounds_text(LineId id, std::uint32_t lane, std::uint32_t step) const {
  const eval::Interval b = result_.bounds->at(id, lane, step);
  if (std::isnan(result_.at(id, lane, step)) || b.is_empty() || b.is_point()) return {};
  if (!is_number(id)) return b.low == b.high ? std::string() : "undecided";
  const auto end = [&](double x) {
    return std::isinf(x) ? std::string(x < 0 ? "-∞" : "∞")
                         : cell_text(model_, id, measure(id), x, decimals_.at(id));
  };
  // Not wider than what is printed of it: the rounding outwards of the last bit is not shown.
  const std::string low = end(b.low);
  const std::string high = end(b.high);
  return low == high && !b.partial ? std::string() : low + ".." + high + (b.partial ? "?" : "");
}

/// Below a row, the bounds of those of its cells that have some.
void Table::bounds_row(TextTable& out, Sheet::Row const& row) {
  const bool over_time = model_.line(row.line).over_time;
  std::vector<std::string> cells{"    bounds"};
  bool any = false;
  const auto add = [&](std::uint32_t step) {
    cells.push_back(bounds_text(row.line, row.lane, step));
    any = any || !cells.back().empty();
  };
  if (unit_column_) cells.emplace_back();
  if (fixed_column_ && over_time) cells.emplace_back();
  if (!over_time) add(0);
  if (period_columns_ && !over_time) cells.resize(cells.size() + sheet_.count);
  if (over_time)
    for (std::uint32_t s = sheet_.first; s < sheet_.first + sheet_.count; ++s)
      add(s);
  if (any) out.add(std::move(cells));
}

/// Counts a cause. The same reason in several cells of a line is told once.
void Table::note(eval::Cause const& cause) {
  const std::string cell = model_.cell_name(cause.line, cause.lane, cause.step);
  const bool missing = cause.reason.ends_with(cell);
  const std::string reason = missing ? "no equation gives it" : cause.reason;
  auto at = std::find_if(notes_.begin(), notes_.end(),
                         [&](Note const& n) { return n.line == cause.line && n.reason == reason; });
  if (at == notes_.end()) at = notes_.insert(notes_.end(), {cause.line, reason, {}, 0});
  if (std::find(at->origins.begin(), at->origins.end(), cell) == at->origins.end())
    at->origins.push_back(cell);
  ++at->cells;
}

/// Counts what a cell passes over because its formula asks for what is known.
void Table::note_skipped(LineId line, std::uint32_t lane, std::uint32_t step) {
  auto const& winner = result_.stack.winners[line.value].winner(lane * model_.steps(line) + step);
  if (!eval::asks_for_known(model_, winner)) return;
  const auto values = eval::trace(model_, winner, result_.values, line, lane, step).skipped;
  if (values == 0) return;
  auto at = std::find_if(skipped_.begin(), skipped_.end(),
                         [&](Skipped const& s) { return s.line == line; });
  if (at == skipped_.end())
    at = skipped_.insert(skipped_.end(), {line, model_.cell_name(line, lane, step), values, 0});
  ++at->cells;
}

/// A row of one line for one combination of members.
void Table::row(TextTable& out, Sheet::Row const& row) {
  model::Line const& line = model_.line(row.line);
  std::vector<std::string> cells{row.label + (line.fiscal && line.over_time ? " (FY)" : "")};
  if (unit_column_)
    cells.push_back(bare(row.line) || measure_id(row.line) == caption_ ? ""
                                                                       : measure(row.line).text);
  if (fixed_column_) cells.push_back(line.over_time ? "" : value(row.line, row.lane, 0));
  if (period_columns_)
    for (std::uint32_t s = sheet_.first; s < sheet_.first + sheet_.count; ++s)
      cells.push_back(line.over_time ? value(row.line, row.lane, s) : "");
  out.add(std::move(cells));
  if (result_.bounds) bounds_row(out, row);
}

std::string Table::notes() const {
  std::string out;
  for (Note const& n : notes_) {
    const bool one = n.origins.size() == 1;
    out += fmt::format("unknown: {}: {} ({} cell{})\n",
                       one ? n.origins[0]
                           : fmt::format("{} and {} more", n.origins[0], n.origins.size() - 1),
                       n.reason, n.cells, n.cells == 1 ? "" : "s");
  }
  for (Skipped const& s : skipped_)
    out += fmt::format("passed over: {} unknown value{} in {} ({} cell{})\n", s.values,
                       s.values == 1 ? "" : "s", s.cell, s.cells, s.cells == 1 ? "" : "s");
  return out;
}

} // namespace

std::string draw(Model const& model, Result const& result, Sheet const& sheet, bool markdown) {
  return Table(model, result, sheet, markdown).run();
}

bool applies(Model const& model, Result const& result, LineId id, std::uint32_t lane,
             std::uint32_t first, std::uint32_t count) {
  const bool over_time = model.line(id).over_time;
  const std::uint32_t end = over_time ? first + count : 1;
  for (std::uint32_t s = over_time ? first : 0; s < end; ++s)
    if (!model::is_inapplicable(result.at(id, lane, s))) return true;
  return false;
}

/// Lines of the same dimensions stand together, under a heading for each combination of members.
Sheet sheet_of(Model const& model, Result const& result, std::vector<LineId> const& lines) {
  Sheet out;
  out.title = model.title.empty() ? "scn" : model.title;
  out.lines = lines;
  out.count = static_cast<std::uint32_t>(model.calendar.count);
  const auto add = [&](LineId id, std::uint32_t lane, bool indented) {
    if (!applies(model, result, id, lane, out.first, out.count)) return;
    model::Line const& line = model.line(id);
    out.rows.push_back({Sheet::Row::Kind::cells,
                        (indented ? "  " : "") + label_of(line.name, line.label), id, lane});
  };
  std::vector<std::vector<model::DimensionId>> shapes;
  for (LineId id : lines) {
    auto const& shape = model.line(id).dimensions;
    if (std::find(shapes.begin(), shapes.end(), shape) == shapes.end()) shapes.push_back(shape);
  }
  std::stable_partition(shapes.begin(), shapes.end(), [](auto const& s) { return !s.empty(); });
  for (auto const& shape : shapes) {
    std::vector<LineId> group;
    for (LineId id : lines)
      if (model.line(id).dimensions == shape) group.push_back(id);
    if (shape.empty()) {
      if (shapes.size() > 1) out.rows.push_back({Sheet::Row::Kind::blank, {}, {}, 0});
      for (LineId id : group)
        add(id, 0, false);
      continue;
    }
    std::vector<model::View::Along> along;
    for (model::DimensionId d : shape) // in the order of the text
      along.push_back({d, model.dimension(d).shown});
    for_each_combination(model, along,
                         [&](std::vector<std::uint32_t> const& members, std::string const& name) {
                           const std::uint32_t lane = lane_of(model, group[0], along, members);
                           if (std::none_of(group.begin(), group.end(), [&](LineId id) {
                                 return applies(model, result, id, lane, out.first, out.count);
                               }))
                             return;
                           out.rows.push_back({Sheet::Row::Kind::heading, name, {}, 0});
                           for (LineId id : group)
                             add(id, lane, true);
                         });
  }
  return out;
}

std::string table(Model const& model, Result const& result, std::vector<LineId> const& lines,
                  bool markdown) {
  return draw(model, result, sheet_of(model, result, lines), markdown);
}

} // namespace scn::report
