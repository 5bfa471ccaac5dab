// Tables: a figure for each row and column. There may be hundreds of thousands, so a bare number
// goes straight from its text into the facts of the line.

#include "lang/resolve/data_table.hpp"
#include "lang/resolve/equations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace scn::resolve {

using model::LineId;

/// What a row's or column's keys name. Each dimension and time at most once.
/// Of a line by vintage the periods of rows are vintages, those of columns steps of the timeline.
bool Equations::read_key(List<ast::TableKey> const& keys, LineId line, bool row, Key& out) {
  auto const& dimensions = context_.result.line(line).dimensions;
  const auto vintage =
      std::find_if(dimensions.begin(), dimensions.end(), [&](model::DimensionId d) {
        return row && context_.result.dimension(d).periods;
      });
  for (ast::TableKey const& key : keys) {
    if (key.period != nullptr) {
      const auto steps = regions_.steps(key.period);
      if (!steps || !regions_.fits_axis(key.period, line)) return false;
      // What runs from the beginning of a year is of its last step: `2024H1` of the second quarter.
      const bool whole_years =
          year_to_date_ && steps->first == context_.result.calendar.year_of(steps->last).first;
      if (steps->first != steps->last && !whole_years) {
        context_
            .error(Code::coarse_flow, key.span,
                   fmt::format("{} is {} steps of the timeline, and a column is one",
                               context_.text(key.span), steps->last - steps->first + 1))
            .hint(fmt::format("name the steps: `{}{}`, …",
                              context_.result.line(line).fiscal ? "FY" : "",
                              context_.result.calendar.name(steps->first)));
        return false;
      }
      if (vintage != dimensions.end()) {
        auto& slot = out.members[static_cast<std::size_t>(vintage - dimensions.begin())];
        if (slot) {
          context_.error(Code::bad_region, key.span, "a second `vintage` for the same figure");
          return false;
        }
        slot = static_cast<std::uint32_t>(steps->first);
        continue;
      }
      if (out.step) {
        context_.error(Code::bad_region, key.span, "a second period for the same figure");
        return false;
      }
      out.step = steps->last;
      continue;
    }
    Entity const* entity = context_.want(key.name, {Entity::Kind::member}, "member");
    if (entity == nullptr) return false;
    MemberEntry const& member = context_.members[entity->index];
    const auto axis = std::find(dimensions.begin(), dimensions.end(), member.dimension);
    if (axis == dimensions.end()) {
      context_
          .error(Code::bad_region, key.span,
                 fmt::format("`{}` has no dimension `{}`", context_.result.line(line).name,
                             context_.result.dimension(member.dimension).name))
          .at(context_.result.line(line).span, "declared here");
      return false;
    }
    auto& slot = out.members[static_cast<std::size_t>(axis - dimensions.begin())];
    if (slot) {
      context_.error(Code::bad_region, key.span,
                     fmt::format("a second `{}` for the same figure",
                                 context_.result.dimension(member.dimension).name));
      return false;
    }
    slot = member.index;
  }
  return true;
}

void Equations::table(ast::Table const& t, Span span) {
  Entity const* entity = context_.want(t.name, {Entity::Kind::line}, "line");
  if (entity == nullptr) return;
  const LineId line{entity->index};
  if (t.cite.file.written() == t.mapping.empty()) {
    const bool file = t.cite.file.written();
    context_
        .error(Code::csv_column, file ? t.cite.file.span : t.name.span,
               file ? "nothing says which column of the file holds what"
                    : "columns of a file are named, and no file")
        .hint("as in `table capex in USD from \"capex.csv\" { company = \"firm\"; period = "
              "\"year\"; value = \"amount\" }`");
    return;
  }
  std::optional<model::Measure> measure;
  if (t.unit != nullptr) {
    measure = units_.of(*t.unit);
    if (!measure) return;
    const model::MeasureId id = context_.measure(*measure);
    table_measures_.try_emplace(line, id);
    ++measure_uses_[measure->unit][id];
  }
  Pending head;
  head.line = line;
  head.layer = model::base_layer;
  head.region = regions_.all_of(line);
  head.style = style_of(nullptr, t.cite);
  head.span = span;
  auto fixed = regions_.read(line, t.places);
  if (!fixed) return;
  Key fixed_key;
  auto const& dimensions = context_.result.line(line).dimensions;
  fixed_key.members.resize(dimensions.size());
  for (std::size_t d = 0; d < dimensions.size(); ++d)
    if (fixed->named[d] && fixed->members[d].size() == 1)
      fixed_key.members[d] = fixed->members[d].first();
  if (fixed->time && fixed->time->size() == 1)
    fixed_key.step = static_cast<int>(fixed->time->first());
  if (t.year_to_date && !open_year_to_date(t, line)) return;
  if (t.cite.file.written()) {
    file_table(t, head, fixed_key, measure ? &*measure : nullptr);
  } else {
    text_table(t, head, fixed_key, measure ? &*measure : nullptr);
  }
  spread_year_to_date();
}

/// A table whose figures stand in the text: rows and columns.
void Equations::text_table(ast::Table const& t, Pending const& head, Key const& fixed,
                           model::Measure const* measure) {
  auto const& dimensions = context_.result.line(head.line).dimensions;
  std::vector<Key> columns;
  for (List<ast::TableKey> const& keys : t.columns) {
    Key key = fixed;
    if (!read_key(keys, head.line, false, key)) return;
    columns.push_back(std::move(key));
  }
  // What the bare numbers of a table have in common; there may be hundreds of thousands.
  ReadFigure number;
  if (measure != nullptr) number.measure = *measure;
  number.type = {model::Kind::number, number.measure.unit, {}};
  const bool periods = context_.result.line(head.line).type.kind == model::Kind::period;
  Key row_key;
  Key cell;
  for (ast::Row const& row : t.rows) {
    row_key.members.assign(dimensions.size(), std::nullopt);
    row_key.step.reset();
    if (!read_key(row.keys, head.line, true, row_key)) continue;
    for (std::size_t c = 0; c < row.fields.size() && c < columns.size(); ++c) {
      ast::Field const& field = row.fields[c];
      if (field.kind == ast::Field::Kind::empty) continue;
      cell = columns[c];
      bool twice = cell.step && row_key.step;
      if (row_key.step) cell.step = row_key.step;
      for (std::size_t d = 0; d < dimensions.size(); ++d) {
        twice = twice || (cell.members[d] && row_key.members[d]);
        if (row_key.members[d]) cell.members[d] = row_key.members[d];
      }
      if (twice) {
        context_.error(Code::bad_region, row.span,
                       "this row names what the head of the table names already");
        break;
      }
      if (field.kind == ast::Field::Kind::number && !periods) {
        number_field(t, field.span, head, cell, number);
      } else {
        table_field(t, field, head, cell, measure);
      }
    }
  }
}

/// Which lane of its line a figure is of; reports an axis that nothing names.
std::optional<std::uint32_t> Equations::lane_of(ast::Table const& t, Key const& cell, LineId line,
                                                Span span) {
  auto const& dimensions = context_.result.line(line).dimensions;
  std::uint32_t lane = 0;
  for (std::size_t d = 0; d < dimensions.size(); ++d) {
    auto const& dimension = context_.result.dimension(dimensions[d]);
    if (!cell.members[d]) {
      context_
          .error(Code::missing_axis, span,
                 fmt::format("nothing says which `{}` this figure is of", dimension.name))
          .at(t.name.span, fmt::format("`{}` varies by it", context_.text(t.name)))
          .hint("name it in the row, in the head, or in brackets behind the table's line");
      return std::nullopt;
    }
    lane = lane * static_cast<std::uint32_t>(dimension.members.size()) + *cell.members[d];
  }
  if (cell.step) context_.result.lines[line.value].over_time = true;
  return lane;
}

/// Puts the cell that a figure is of into its region.
void Equations::place(Key const& cell, Pending& p) {
  for (std::size_t d = 0; d < cell.members.size(); ++d)
    p.region->members[d] = model::IndexSet(*cell.members[d], *cell.members[d] + 1);
  if (!cell.step) return;
  const auto step = static_cast<std::uint32_t>(*cell.step);
  p.region->time = model::IndexSet(step, step + 1);
}

/// Keeps the figure of a cell. With every axis named the cell is known now: a line with a period in
/// a region varies over time.
void Equations::keep_figure(Pending p, std::uint32_t lane, std::optional<int> step) {
  note_type(p.line, *p.figure, p.span);
  if (!step) {
    timeless_.push_back(std::move(p));
  } else if (year_to_date_) {
    year_to_date_->push_back({std::move(p), lane, *step});
  } else {
    put_fact(p, lane, *step);
  }
}

std::uint32_t Equations::cell_at(std::uint32_t lane, int step) const {
  return lane * static_cast<std::uint32_t>(context_.result.calendar.count)
         + static_cast<std::uint32_t>(step);
}

void Equations::put_fact(Pending const& p, std::uint32_t lane, int step) {
  add_fact(p.line, p.layer, cell_at(lane, step), *p.figure, p.style, p.span);
}

/// A bare number goes from its text into the facts with nothing made for it on the way.
void Equations::number_field(ast::Table const& t, Span field, Pending const& head, Key const& cell,
                             ReadFigure& number) {
  const auto lane = lane_of(t, cell, head.line, field);
  if (!lane) return;
  const Decimal read = read_decimal(context_.text(field), number.measure.scale);
  if (!std::isfinite(read.value)) return units_.report_too_large(field);
  number.figure = {read.value, read.half, read.value, read.value, read.half, read.half};
  number.any_unit = read.value == 0 && t.unit == nullptr; // a bare 0 fits every unit
  if (cell.step && !year_to_date_) {
    note_type(head.line, number, field);
    add_fact(head.line, head.layer, cell_at(*lane, *cell.step), number, head.style, field);
    return;
  }
  Pending p = head;
  p.span = p.head = field;
  p.figure = number;
  place(cell, p);
  keep_figure(std::move(p), *lane, cell.step);
}

void Equations::table_field(ast::Table const& t, ast::Field const& field, Pending const& head,
                            Key const& cell, model::Measure const* measure) {
  const LineId line = head.line;
  Pending p = head;
  p.span = field.span;
  p.head = field.span;
  const auto lane = lane_of(t, cell, line, field.span);
  if (!lane) return;
  place(cell, p);
  const model::Kind kind = context_.result.line(line).type.kind;
  if (field.kind == ast::Field::Kind::figure) {
    p.style = style_of(field.tail, t.cite);
    bool failed = false;
    p.figure = figure(*field.right, measure, kind, failed);
    if (failed) return;
    if (!p.figure && year_to_date_) {
      context_.error(Code::bad_figure, field.span, "a year to date is a figure, not a formula");
      return;
    }
    if (!p.figure) { // a formula in a field
      const ast::Tail none;
      ast::Tail tail = field.tail != nullptr ? *field.tail : none;
      if (!tail.cite.source.written()) tail.cite = t.cite;
      value(std::move(p), *field.right, &tail);
      return;
    }
  } else if (field.kind == ast::Field::Kind::not_applying) {
    p.figure = ReadFigure{};
    p.figure->kind = ReadFigure::Kind::inapplicable;
    p.figure->any_unit = true;
  } else { // a number, of a line whose values are periods
    const auto period = model::period_of(context_.text(field.span));
    const auto steps = period ? context_.result.calendar.steps(*period) : std::nullopt;
    if (!steps) {
      context_.error(Code::type_mismatch, field.span, "a period is wanted here, such as `2025`");
      return;
    }
    p.figure = ReadFigure{};
    p.figure->figure = model::Figure::exactly(steps->first);
    p.figure->type = {model::Kind::period, model::pure, {}};
  }
  keep_figure(std::move(p), *lane, cell.step);
}

bool Equations::open_year_to_date(ast::Table const& t, LineId id) {
  model::Line const& line = context_.result.line(id);
  if (!regions_.want_timeline(t.name.span)) return false;
  const bool flow = line.kind == model::LineKind::flow;
  if (!flow || context_.result.calendar.per_year() == 1) {
    context_
        .error(Code::bad_declaration, t.name.span,
               flow ? "on a yearly timeline a year to date is the year"
                    : fmt::format("`{}` is no flow, and only flows run up from the beginning of a "
                                  "year",
                                  line.name))
        .hint("leave `ytd` out");
    return false;
  }
  year_to_date_.emplace();
  return true;
}

/// A step's own figure is what its year to date has over that of the step before. Both may move
/// within their last digits, so the difference moves by both.
void Equations::spread_year_to_date() {
  if (!year_to_date_) return;
  std::vector<YearToDate> all = std::move(*year_to_date_);
  year_to_date_.reset();
  std::stable_sort(all.begin(), all.end(), [](YearToDate const& a, YearToDate const& b) {
    return std::pair(a.lane, a.step) < std::pair(b.lane, b.step);
  });
  for (std::size_t i = 0; i < all.size(); ++i) {
    Pending p = all[i].figure;
    ReadFigure& own = *p.figure;
    const bool first = context_.result.calendar.year_of(all[i].step).first == all[i].step;
    if (!first && own.kind == ReadFigure::Kind::number) {
      // The same step may stand here twice, by another source; what is subtracted is of the first.
      const auto before = std::find_if(all.begin(), all.end(), [&](YearToDate const& y) {
        return y.lane == all[i].lane && y.step == all[i].step - 1;
      });
      if (before == all.end() || before->figure.figure->kind != ReadFigure::Kind::number) {
        const std::string missing = context_.result.cell_name(
            p.line, all[i].lane, static_cast<std::uint32_t>(all[i].step - 1));
        own = ReadFigure{};
        own.kind = ReadFigure::Kind::unknown;
        own.any_unit = true;
        own.reason = context_.text(context_.interner.intern("the year to date before it, at "
                                                            + missing + ", is not given"));
      } else {
        model::Figure const& b = before->figure.figure->figure;
        model::Figure& f = own.figure;
        f = {f.value - b.value, f.half + b.half,          f.low - b.high,
             f.high - b.low,    f.half_low + b.half_high, f.half_high + b.half_low};
        own.range = own.wide() || before->figure.figure->wide();
        own.words = model::Words::none;
        own.any_unit = false;
      }
    }
    put_fact(p, all[i].lane, all[i].step);
  }
}

/// A table whose figures stand in a file: one row a figure.
void Equations::file_table(ast::Table const& t, Pending const& head, Key const& fixed,
                           model::Measure const* measure) {
  const auto source = input_->data.find(&t);
  if (source == input_->data.end()) return; // the file could not be read, which was reported
  model::Line const& line = context_.result.line(head.line);
  if (measure == nullptr && context_.lines[head.line.value].typed
      && line.type.kind == model::Kind::number && line.type.unit != model::pure) {
    context_
        .error(Code::declared_unit, t.name.span,
               fmt::format("`{}` is {}, and the figures of this file have no unit", line.name,
                           context_.name_of(line.type)))
        .hint(fmt::format("say it in the table's head: `table {} in {} from …`", line.name,
                          context_.result.units.name(line.type.unit)));
    return;
  }
  DataTable data(context_, t, head.line, measure);
  if (!data.open(source->second, fixed.members, fixed.step.has_value())) return;
  Pending p = head;
  Key cell = fixed;
  while (DataTable::Cell const* found = data.next()) {
    for (std::size_t d = 0; d < cell.members.size(); ++d)
      if (found->members[d]) cell.members[d] = found->members[d];
    if (found->step) cell.step = found->step;
    p.span = found->span;
    p.head = found->span;
    p.figure = found->figure;
    p.style.tag = found->tag.value_or(head.style.tag);
    const auto lane = lane_of(t, cell, p.line, p.span);
    if (!lane) return;
    place(cell, p);
    keep_figure(p, *lane, cell.step);
  }
}

} // namespace scn::resolve
