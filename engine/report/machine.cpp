// The formats for machines: full precision, base units, one row a cell.

#include "engine/eval/cause.hpp"
#include "engine/eval/trace.hpp"
#include "engine/report/report.hpp"
#include "engine/report/table.hpp"
#include "engine/report/text_table.hpp"
#include "lang/source/decimal.hpp"
#include "lang/source/render.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace scn::report {

using json = nlohmann::ordered_json;
using model::Kind;
using model::LineId;
using model::Model;

std::string quoted(std::string const& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

namespace {

std::string scenario_name(Model const& model, Result const& r) {
  return r.scenario ? model.scenarios[r.scenario->value].name : "base";
}

std::string unit_of(Model const& model, LineId line) {
  model::Type const& type = model.line(line).type;
  switch (type.kind) {
  case Kind::truth: return "truth";
  case Kind::period: return "period";
  case Kind::member: return model.dimension(type.dimension).name;
  default: return model.units.name(type.unit);
  }
}

/// A value as text: numbers shortest, members and periods by name.
std::string value_text(Model const& model, LineId line, double v) {
  model::Type const& type = model.line(line).type;
  switch (type.kind) {
  case Kind::truth: return v == 1 ? "true" : "false";
  case Kind::period: return model.calendar.name(static_cast<int>(v));
  case Kind::member:
    return model.dimension(type.dimension).members[static_cast<std::size_t>(v)].name;
  default: return shortest(v);
  }
}

json value_json(Model const& model, LineId line, double v) {
  if (std::isnan(v)) return nullptr;
  switch (model.line(line).type.kind) {
  case Kind::truth: return v == 1;
  case Kind::period:
  case Kind::member: return value_text(model, line, v);
  default: return v == 0 ? 0.0 : v; // no negative zero
  }
}

model::Tag tag_of(Model const& model, Result const& result, LineId line, std::uint32_t cell) {
  model::Winner const& w = result.stack.winners[line.value].winner(cell);
  if (!w.adjusted.empty()) return model::Tag::derived;
  if (w.kind == model::Winner::Kind::equation) {
    const model::Tag tag = model.tag_of(model.styles[model.equations[w.index].style], line, cell);
    if (tag != model::Tag::derived) return tag;
    return eval::is_estimated(model, w, result.values, line, cell) ? model::Tag::estimate : tag;
  }
  if (w.kind == model::Winner::Kind::facts)
    if (auto const* f = model::fact_at(model.facts[w.index], cell))
      return model.tag_of(model.styles[f->style], line, cell);
  return model::Tag::derived;
}

/// Cells of one line at one lane, and what they are called.
struct Strip {
  LineId line;
  std::uint32_t lane = 0;
  std::uint32_t first = 0, count = 0; ///< steps
  std::string name;
};

/// All cells of some lines, in a fixed order.
std::vector<Strip> strips_of(Model const& model, std::vector<LineId> const& lines) {
  std::vector<Strip> out;
  for (LineId line : lines)
    for (std::uint32_t lane = 0; lane < model.lanes(line); ++lane)
      out.push_back({line, lane, 0, model.steps(line), model.line(line).name});
  return out;
}

/// The cells of views, in the order of their rows. An expression goes by its label.
std::vector<Strip> strips_of(Model const& model, std::vector<std::size_t> const& views) {
  std::vector<Strip> out;
  for (std::size_t v : views) {
    model::View const& view = model.views[v];
    const auto add = [&](model::View::Shown const& shown, std::uint32_t lane) {
      model::Line const& line = model.line(shown.line);
      out.push_back({shown.line, lane, line.over_time ? view.first : 0,
                     line.over_time ? view.count : 1,
                     line.hidden && !shown.label.empty() ? shown.label : line.name});
    };
    for (model::View::Block const& block : view.blocks) {
      if (block.along.empty()) {
        add(block.own, 0);
        continue;
      }
      for_each_combination(model, block.along,
                           [&](std::vector<std::uint32_t> const& members, std::string const&) {
                             for (model::View::Shown const& shown : view.shown)
                               if (model::View::fits(model.line(shown.line), block))
                                 add(shown, lane_of(model, shown.line, block.along, members));
                           });
    }
  }
  return out;
}

/// Calls `visit(strip, step, value)` for every cell that applies, in a fixed order.
template <class Visit>
void for_each_cell_of(Result const& result, std::vector<Strip> const& strips, Visit visit) {
  for (Strip const& strip : strips)
    for (std::uint32_t step = strip.first; step < strip.first + strip.count; ++step) {
      const double v = result.at(strip.line, strip.lane, step);
      if (!model::is_inapplicable(v)) visit(strip, step, v);
    }
}

/// The two ends of a cell's bounds: none where it has none, or none on that side.
struct Ends {
  std::optional<double> low, high;
};
Ends ends_of(Result const& result, Strip const& strip, std::uint32_t step, double value) {
  if (!result.bounds || std::isnan(value)) return {};
  const eval::Interval b = result.bounds->at(strip.line, strip.lane, step);
  Ends out;
  if (std::isfinite(b.low)) out.low = b.low;
  if (std::isfinite(b.high)) out.high = b.high;
  return out;
}

/// Why a value is unknown, or that within its bounds it may be so.
std::string note_of(Model const& model, Result const& result, eval::Causes& causes,
                    Strip const& strip, std::uint32_t step, double value) {
  if (std::isnan(value)) return eval::describe(model, causes.of(strip.line, strip.lane, step));
  if (!result.bounds) return {};
  const eval::Interval b = result.bounds->at(strip.line, strip.lane, step);
  if (b.partial) return "may be unknown within the bounds of its inputs";
  return model.line(strip.line).type.kind == Kind::truth && b.low != b.high ? "undecided" : "";
}

/// The dimensions of the model: those that its own lines have, in the order of their declaration.
/// The columns of a file do not depend on which lines were asked for.
std::vector<model::DimensionId> dimensions_of(Model const& model) {
  std::vector<model::DimensionId> out;
  const std::vector<LineId> lines = shown_lines(model, {});
  for (std::size_t d = 0; d < model.dimensions.size(); ++d)
    if (std::any_of(lines.begin(), lines.end(), [&](LineId line) {
          auto const& own = model.line(line).dimensions;
          return std::find(own.begin(), own.end(), model::DimensionId{d}) != own.end();
        }))
      out.emplace_back(d);
  return out;
}

std::string member_of(Model const& model, LineId line, std::uint32_t lane,
                      model::DimensionId dimension) {
  auto const& own = model.line(line).dimensions;
  const auto at = std::find(own.begin(), own.end(), dimension);
  if (at == own.end()) return {};
  const auto members = model.members_at(line, lane);
  return model.dimension(dimension)
      .members[members[static_cast<std::size_t>(at - own.begin())]]
      .name;
}

std::string period_of(Model const& model, LineId line, std::uint32_t step) {
  return model.line(line).over_time ? model.period_name(line, step) : std::string();
}

std::string csv(Model const& model, std::vector<Result const*> const& results,
                std::vector<Strip> const& strips,
                std::vector<model::DimensionId> const& dimensions) {
  std::string out = "scenario,line";
  for (model::DimensionId d : dimensions)
    out += ',' + quoted(model.dimension(d).name);
  out += ",period,value,low,high,unit,kind,note\n";
  for (Result const* result : results) {
    eval::Causes causes(model, result->stack, result->values);
    const std::string scenario = quoted(scenario_name(model, *result));
    for_each_cell_of(*result, strips, [&](Strip const& strip, std::uint32_t step, double v) {
      const LineId line = strip.line;
      const std::uint32_t cell = strip.lane * model.steps(line) + step;
      out += scenario + ',' + quoted(strip.name);
      for (model::DimensionId d : dimensions)
        out += ',' + quoted(member_of(model, line, strip.lane, d));
      const Ends ends = ends_of(*result, strip, step, v);
      fmt::format_to(std::back_inserter(out), ",{},{},{},{},{},{},{}\n",
                     period_of(model, line, step), std::isnan(v) ? "" : value_text(model, line, v),
                     ends.low ? value_text(model, line, *ends.low) : "",
                     ends.high ? value_text(model, line, *ends.high) : "",
                     quoted(unit_of(model, line)),
                     model::name_of(tag_of(model, *result, line, cell)),
                     quoted(note_of(model, *result, causes, strip, step, v)));
    });
  }
  return out;
}

json cells_json(Model const& model, std::vector<Result const*> const& results,
                std::vector<Strip> const& strips,
                std::vector<model::DimensionId> const& dimensions) {
  json cells = json::array();
  for (Result const* result : results) {
    eval::Causes causes(model, result->stack, result->values);
    for_each_cell_of(*result, strips, [&](Strip const& strip, std::uint32_t step, double v) {
      const LineId line = strip.line;
      json cell;
      cell["scenario"] = scenario_name(model, *result);
      cell["line"] = strip.name;
      for (model::DimensionId d : dimensions) {
        const std::string member = member_of(model, line, strip.lane, d);
        cell[model.dimension(d).name] = member.empty() ? json(nullptr) : json(member);
      }
      const std::string period = period_of(model, line, step);
      cell["period"] = period.empty() ? json(nullptr) : json(period);
      cell["value"] = value_json(model, line, v);
      const Ends ends = ends_of(*result, strip, step, v);
      cell["low"] = ends.low ? value_json(model, line, *ends.low) : json(nullptr);
      cell["high"] = ends.high ? value_json(model, line, *ends.high) : json(nullptr);
      cell["unit"] = unit_of(model, line);
      cell["kind"] =
          model::name_of(tag_of(model, *result, line, strip.lane * model.steps(line) + step));
      const std::string note = note_of(model, *result, causes, strip, step, v);
      cell["note"] = note.empty() ? json(nullptr) : json(note);
      cells.push_back(std::move(cell));
    });
  }
  return cells;
}

json head_json(Model const& model, std::vector<Result const*> const& results) {
  json out;
  out["format_version"] = 1;
  out["model"] = model.title;
  if (results.size() == 1) {
    out["scenario"] = scenario_name(model, *results[0]);
  } else {
    out["scenario"] = json::array();
    for (Result const* r : results)
      out["scenario"].push_back(scenario_name(model, *r));
  }
  return out;
}

} // namespace

std::vector<LineId> shown_lines(Model const& model, std::vector<LineId> const& asked) {
  if (!asked.empty()) return asked;
  std::vector<LineId> out;
  for (std::size_t i = 0; i < model.lines.size(); ++i)
    if (!model.lines[i].hidden && !model.lines[i].prelude) out.emplace_back(i);
  return out;
}

std::string render(Model const& model, std::vector<Result const*> const& results,
                   std::vector<LineId> const& lines, Format format) {
  if (format == Format::csv)
    return csv(model, results, strips_of(model, lines), dimensions_of(model));
  if (format == Format::json) {
    json out = head_json(model, results);
    out["cells"] = cells_json(model, results, strips_of(model, lines), dimensions_of(model));
    return out.dump(2) + '\n';
  }
  std::string out;
  for (Result const* r : results) {
    if (!out.empty()) out += '\n';
    out += table(model, *r, lines, format == Format::markdown);
  }
  return out;
}

std::vector<LineId> lines_of(Model const& model, std::vector<std::size_t> const& views) {
  std::vector<LineId> out;
  for (Strip const& strip : strips_of(model, views))
    if (std::find(out.begin(), out.end(), strip.line) == out.end()) out.push_back(strip.line);
  return out;
}

std::string render_views(Model const& model, std::vector<Result const*> const& results,
                         std::vector<std::size_t> const& views, Format format) {
  const std::vector<Strip> strips = strips_of(model, views);
  if (format == Format::csv) return csv(model, results, strips, dimensions_of(model));
  if (format == Format::json) {
    json out = head_json(model, results);
    out["views"] = json::array();
    for (std::size_t v : views)
      out["views"].push_back(model.views[v].name);
    out["cells"] = cells_json(model, results, strips, dimensions_of(model));
    return out.dump(2) + '\n';
  }
  std::string out;
  for (Result const* r : results)
    for (std::size_t v : views) {
      if (!out.empty()) out += '\n';
      out += draw(model, *r, sheet_of(model, *r, model.views[v]), format == Format::markdown);
    }
  return out;
}

std::string render_expression(Model const& model, std::vector<Result const*> const& results,
                              std::string const& text, Format format) {
  const LineId line = *model.asked;
  const std::vector<Strip> strips = strips_of(model, std::vector<LineId>{line});
  const auto dimensions = model.line(line).dimensions; // its own only
  if (format == Format::csv) return csv(model, results, strips, dimensions);
  if (format == Format::json) {
    json out;
    out["format_version"] = 1;
    out["expr"] = text;
    out["unit"] = unit_of(model, line);
    out["cells"] = json::array();
    for (json& cell : cells_json(model, results, strips, dimensions)) {
      if (results.size() == 1) cell.erase("scenario");
      for (char const* key : {"line", "unit", "kind"})
        cell.erase(key);
      out["cells"].push_back(std::move(cell));
    }
    return out.dump(2) + '\n';
  }
  model::Measure const& measure = model.measure(model.line(line).measure);
  const bool tail = model.line(line).type.kind == Kind::number && !measure.text.empty();
  TextTable out(dimensions.size() + (model.line(line).over_time ? 1 : 0)
                + (results.size() > 1 ? 1 : 0));
  for (Result const* result : results) {
    eval::Causes causes(model, result->stack, result->values);
    for_each_cell_of(*result, strips, [&](Strip const& strip, std::uint32_t step, double v) {
      std::vector<std::string> cells;
      if (results.size() > 1) cells.push_back(scenario_name(model, *result));
      for (model::DimensionId d : dimensions)
        cells.push_back(member_of(model, line, strip.lane, d));
      if (model.line(line).over_time) cells.push_back(period_of(model, line, step));
      const eval::Interval b = result->bounds && !std::isnan(v)
                                   ? result->bounds->at(line, strip.lane, step)
                                   : eval::Interval::point(v);
      if (std::isnan(v)) {
        cells.push_back(
            fmt::format("unknown ({})", eval::describe(model, causes.of(line, strip.lane, step))));
      } else if (model.line(line).type.kind == Kind::number) {
        cells.push_back(shortest(v, measure.scale)
                        + (tail ? (measure.text == "%" ? "%" : ' ' + measure.text) : ""));
        if (!b.is_point())
          cells.back() +=
              fmt::format(" [{}, {}]", in_measure(b.low, measure), in_measure(b.high, measure));
      } else {
        cells.push_back(value_text(model, line, v));
        if (!b.is_point()) cells.back() += " [undecided]";
      }
      out.add(std::move(cells));
    });
  }
  std::string shown = format == Format::markdown ? out.markdown() : out.text();
  return shown.empty() ? "–\n" : shown;
}

std::string to_json(Diagnostics const& diagnostics, SourceSet const& sources) {
  json out = json::array();
  const auto place = [&](Label const& label) {
    json at;
    if (label.span.none()) return at;
    const Position begin = sources.locate(label.span.begin);
    const Position end = sources.locate(label.span.end);
    at["file"] = sources.name(begin.source);
    at["line"] = begin.line;
    at["column"] = begin.column;
    at["end_line"] = end.line;
    at["end_column"] = end.column;
    at["text"] = label.text;
    return at;
  };
  for (Diagnostic const& d : diagnostics.sorted()) {
    json one;
    one["code"] = number_of(d.code);
    one["severity"] = d.severity() == Severity::error ? "error" : "warning";
    one["message"] = d.headline;
    one["place"] = place(d.primary);
    one["others"] = json::array();
    for (Label const& label : d.others)
      one["others"].push_back(place(label));
    one["hints"] = d.hints;
    out.push_back(std::move(one));
  }
  return out.dump(2);
}

} // namespace scn::report
