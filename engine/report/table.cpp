#include "engine/report/table.hpp"

#include "engine/eval/cause.hpp"
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

std::string cell_text(Model const& model, LineId id, double value, int decimals) {
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
  Measure const& measure = model.measure(line.measure);
  const std::string unit = measure.text == "%" ? "%" : "";
  std::string number = fixed(std::fabs(value), decimals, true, measure.scale);
  const bool zero = number.find_first_of("123456789") == std::string::npos;
  return value < 0 && !zero ? '(' + number + unit + ')' : number + unit;
}

namespace {

class Table {
 public:
  Table(Model const& model, Result const& result, std::vector<LineId> const& lines, bool markdown)
      : model_(model), result_(result), lines_(lines), markdown_(markdown),
        causes_(model, result.stack, result.values) {}

  std::string run();

 private:
  bool is_number(LineId id) const {
    const Kind k = model_.line(id).type.kind;
    return k == Kind::number || k == Kind::any;
  }
  /// Units that need no caption: shares, ratios, and what is no number.
  bool bare(LineId id) const {
    Measure const& m = model_.measure(model_.line(id).measure);
    return !is_number(id) || m.text.empty() || m.text == "%";
  }
  void choose_caption();
  void choose_decimals();
  void count_actual_periods();
  bool chinese() const;
  void head(TextTable& out) const;
  void rows(TextTable& out);
  bool row(TextTable& out, LineId id, std::uint32_t lane, bool indented);
  std::string value(LineId id, std::uint32_t lane, std::uint32_t step);
  void note(eval::Cause const& cause);
  std::string notes() const;
  std::uint32_t columns() const { return static_cast<std::uint32_t>(model_.calendar.count); }

  Model const& model_;
  Result const& result_;
  std::vector<LineId> const& lines_;
  bool markdown_;
  eval::Causes causes_;
  model::MeasureId caption_;
  bool unit_column_ = false;
  bool fixed_column_ = false; ///< some lines do not vary over time
  bool period_columns_ = false;
  bool negatives_ = false;
  std::uint32_t actual_ = 0; ///< periods that are over
  std::map<LineId, int> decimals_;
  struct Note {
    LineId line;
    std::string reason;
    std::vector<std::string> origins; ///< the cells where it arises
    std::uint32_t cells = 0;          ///< the cells that are unknown because of it
  };
  std::vector<Note> notes_;
};

/// The most frequent unit goes into the caption, so that no cell repeats it.
void Table::choose_caption() {
  std::map<model::MeasureId, int> uses;
  for (LineId id : lines_)
    if (!bare(id)) ++uses[model_.line(id).measure];
  int most = 0;
  for (LineId id : lines_) {
    if (bare(id)) continue;
    const model::MeasureId m = model_.line(id).measure;
    if (uses[m] > most) {
      most = uses[m];
      caption_ = m;
    }
  }
  unit_column_ = uses.size() > 1;
}

/// Shares have one decimal. Amounts have as many as their largest one leaves meaningful, the same
/// for all lines of a unit; whole numbers in a unit of their own have none.
void Table::choose_decimals() {
  std::map<model::MeasureId, double> largest;
  std::map<model::MeasureId, bool> whole;
  for (LineId id : lines_) {
    const model::MeasureId m = model_.line(id).measure;
    const double scale = model_.measure(m).scale.value();
    auto const& column = *result_.values[id.value];
    for (std::uint32_t lane = 0; lane < column.shape.lanes; ++lane)
      for (std::uint32_t step = 0; step < column.shape.steps; ++step) {
        const double v = column.at(lane, step);
        if (std::isnan(v) || !is_number(id)) continue;
        const double shown = std::fabs(v / scale);
        largest[m] = std::max(largest[m], shown);
        auto [at, fresh] = whole.try_emplace(m, true);
        at->second = at->second && std::fabs(shown - std::round(shown)) < 1e-9;
        negatives_ = negatives_ || v < 0;
      }
  }
  for (LineId id : lines_) {
    const model::MeasureId m = model_.line(id).measure;
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
  for (LineId id : lines_) {
    fixed_column_ = fixed_column_ || !model_.line(id).over_time;
    period_columns_ = period_columns_ || model_.line(id).over_time;
  }
  std::string caption = model_.title.empty() ? "scn" : model_.title;
  caption += fmt::format(" · {}", result_.scenario
                                      ? label_of(model_.scenarios[result_.scenario->value].name,
                                                 model_.scenarios[result_.scenario->value].label)
                                      : "base");
  if (caption_.valid())
    caption += fmt::format(" · {} {}", chinese() ? "单位" : "unit", model_.measure(caption_).text);
  const std::size_t labels = unit_column_ ? 2 : 1;
  const std::size_t before = fixed_column_ ? 1 : 0;
  const bool rule = period_columns_ && actual_ > 0 && actual_ < columns();
  TextTable out(labels, rule ? before + actual_ : 0);
  head(out);
  rows(out);
  if (markdown_)
    return "**" + caption + "**\n\n" + out.markdown() + (notes().empty() ? "" : "\n" + notes());
  return caption + '\n' + out.text() + notes();
}

void Table::head(TextTable& out) const {
  std::vector<std::string> cells{""};
  if (unit_column_) cells.emplace_back();
  if (fixed_column_) cells.emplace_back(chinese() ? "恒定" : "constant");
  if (period_columns_)
    for (std::uint32_t s = 0; s < columns(); ++s)
      cells.push_back(model_.calendar.name(static_cast<int>(s)) + (s < actual_ ? "A" : "E")
                      + (negatives_ && !markdown_ ? " " : ""));
  out.add(std::move(cells));
}

std::string Table::value(LineId id, std::uint32_t lane, std::uint32_t step) {
  const double v = result_.at(id, lane, step);
  if (model::is_unknown(v)) note(causes_.of(id, lane, step));
  std::string text = cell_text(model_, id, v, decimals_[id]);
  // Digits stay below one another where some figures stand in parentheses.
  if (negatives_ && !markdown_ && text.back() != ')') text += ' ';
  return text;
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

/// A row of one line for one combination of members; none where nothing of it applies.
bool Table::row(TextTable& out, LineId id, std::uint32_t lane, bool indented) {
  model::Line const& line = model_.line(id);
  bool applies = false;
  for (std::uint32_t s = 0; s < model_.steps(id); ++s)
    applies = applies || !model::is_inapplicable(result_.at(id, lane, s));
  if (!applies) return false;
  std::vector<std::string> cells{(indented ? "  " : "") + label_of(line.name, line.label)
                                 + (line.fiscal && line.over_time ? " (FY)" : "")};
  if (unit_column_)
    cells.push_back(bare(id) || line.measure == caption_ ? "" : model_.measure(line.measure).text);
  if (fixed_column_) cells.push_back(line.over_time ? "" : value(id, lane, 0));
  if (period_columns_)
    for (std::uint32_t s = 0; s < columns(); ++s)
      cells.push_back(line.over_time ? value(id, lane, s) : "");
  out.add(std::move(cells));
  return true;
}

/// Lines of the same dimensions stand together, under a heading for each combination of members.
void Table::rows(TextTable& out) {
  std::vector<std::vector<model::DimensionId>> shapes;
  for (LineId id : lines_) {
    auto const& shape = model_.line(id).dimensions;
    if (std::find(shapes.begin(), shapes.end(), shape) == shapes.end()) shapes.push_back(shape);
  }
  std::stable_partition(shapes.begin(), shapes.end(), [](auto const& s) { return !s.empty(); });
  for (auto const& shape : shapes) {
    std::vector<LineId> group;
    for (LineId id : lines_)
      if (model_.line(id).dimensions == shape) group.push_back(id);
    if (shape.empty()) {
      if (shapes.size() > 1) out.blank();
      for (LineId id : group)
        row(out, id, 0, false);
      continue;
    }
    // Members in the order of the text, the first dimension outermost.
    std::vector<std::size_t> at(shape.size(), 0);
    const bool empty = std::any_of(shape.begin(), shape.end(), [&](model::DimensionId d) {
      return model_.dimension(d).members.empty();
    });
    while (!empty) {
      std::uint32_t lane = 0;
      std::string name;
      for (std::size_t d = 0; d < shape.size(); ++d) {
        model::Dimension const& dimension = model_.dimension(shape[d]);
        const std::uint32_t m = dimension.shown[at[d]];
        lane = lane * static_cast<std::uint32_t>(dimension.members.size()) + m;
        name += (name.empty() ? "" : " · ")
                + label_of(dimension.members[m].name, dimension.members[m].label);
      }
      const bool any = std::any_of(group.begin(), group.end(), [&](LineId id) {
        for (std::uint32_t s = 0; s < model_.steps(id); ++s)
          if (!model::is_inapplicable(result_.at(id, lane, s))) return true;
        return false;
      });
      if (any) {
        out.heading(name);
        for (LineId id : group)
          row(out, id, lane, true);
      }
      std::size_t d = shape.size();
      while (d > 0 && ++at[d - 1] == model_.dimension(shape[d - 1]).members.size())
        at[--d] = 0;
      if (d == 0) break;
    }
  }
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
  return out;
}

} // namespace

std::string table(Model const& model, Result const& result, std::vector<LineId> const& lines,
                  bool markdown) {
  return Table(model, result, lines, markdown).run();
}

} // namespace scn::report
