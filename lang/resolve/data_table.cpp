#include "lang/resolve/data_table.hpp"

#include "lang/source/render.hpp"
#include "lang/source/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace scn::resolve {

namespace {

/// A file with a systematic fault has it in every row; that is not told a hundred thousand times.
constexpr int most_errors = 20;

constexpr std::uint32_t ambiguous = model::Node::none;

constexpr struct {
  std::string_view word;
  model::Tag tag;
} tags[] = {{"actual", model::Tag::actual},
            {"guidance", model::Tag::guidance},
            {"estimate", model::Tag::estimate},
            {"assumed", model::Tag::assumed}};

/// Does a text that is no number hold letters or the sign of a currency?
bool names_a_unit(std::string_view text) {
  for (std::string_view sign : {"$", "€", "£", "¥", "￥", "元"})
    if (text.find(sign) != std::string_view::npos) return true;
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

} // namespace

Diagnostic& DataTable::error(Code code, Span span, std::string headline, std::string label) {
  auto& d = context_.error(code, span, std::move(headline), std::move(label));
  if (++errors_ == most_errors)
    d.hint(fmt::format("the file has {} errors up to here; the rest of it was not read", errors_));
  return d;
}

// --------------------------------------------------------------------------------------- columns

/// What the left side of `company = "firm"` stands for.
std::optional<DataTable::Column> DataTable::column(ast::Attribute const& mapping) {
  model::Line const& line = context_.result.line(line_);
  const std::string_view name = context_.text(mapping.name);
  Column out{Role::member, 0, 0, &mapping};
  std::vector<std::string_view> near;
  for (; out.dimension < line.dimensions.size(); ++out.dimension) {
    near.push_back(context_.result.dimension(line.dimensions[out.dimension]).name);
    if (near.back() == name) return out;
  }
  constexpr std::pair<std::string_view, Role> roles[] = {
      {"period", Role::period}, {"value", Role::value}, {"note", Role::note}, {"tag", Role::tag}};
  for (auto const& role : roles) {
    near.push_back(role.first);
    if (role.first != name) continue;
    out.role = role.second;
    return out;
  }
  Entity const* entity = context_.find(mapping.name.symbol, mapping.name.span);
  if (entity != nullptr && entity->kind == Entity::Kind::dimension) {
    error(Code::bad_region, mapping.name.span,
          fmt::format("`{}` has no dimension `{}`", line.name, name))
        .at(line.span, "declared here");
    return std::nullopt;
  }
  auto& d = error(Code::csv_column, mapping.name.span,
                  fmt::format("a column holds a dimension of `{}`, the `period`, the `value`, a "
                              "`tag` or a `note`",
                              line.name),
                  fmt::format("`{}` is none of them", name));
  if (const auto best = nearest_name(name, near); !best.empty())
    d.hint(fmt::format("did you mean `{}`?", best));
  return std::nullopt;
}

bool DataTable::find_heading(Column& column) {
  const std::string_view wanted = trimmed(column.mapping->text.value);
  const auto at = std::find(headings_.begin(), headings_.end(), wanted);
  if (at == headings_.end()) {
    auto& d = error(Code::csv_column, column.mapping->text.span,
                    fmt::format("the file has no column \"{}\"", wanted));
    d.at(head_, "the head of the file");
    const auto near = nearest_name(wanted, {headings_.begin(), headings_.end()});
    const bool other =
        headings_.size() == 1 && headings_[0].find_first_of(";\t") != std::string::npos;
    if (other) {
      d.hint("the fields of the file are not divided by commas: save it as CSV with commas");
    } else if (!near.empty()) {
      d.hint(fmt::format("did you mean \"{}\"?", near));
    }
    return false;
  }
  column.at = static_cast<std::size_t>(at - headings_.begin());
  const auto again = std::find(at + 1, headings_.end(), wanted);
  if (again == headings_.end()) return true;
  error(Code::csv_column, heading_spans_[static_cast<std::size_t>(again - headings_.begin())],
        fmt::format("two columns of the file are called \"{}\"", wanted), "the second one")
      .at(column.mapping->text.span, "asked for here")
      .hint("rename one of them");
  return false;
}

/// Is everything named, and once?
bool DataTable::complete(std::vector<std::optional<std::uint32_t>> const& fixed, bool fixed_time) {
  model::Line const& line = context_.result.line(line_);
  std::vector<bool> named(fixed.size());
  bool value = false;
  bool good = true;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column const& c = columns_[i];
    value = value || c.role == Role::value;
    if (c.role == Role::member) named[c.dimension] = true;
    for (std::size_t k = 0; k < i; ++k) {
      if (columns_[k].role != c.role || columns_[k].dimension != c.dimension) continue;
      error(Code::csv_column, c.mapping->name.span,
            fmt::format("a second column for `{}`", context_.text(c.mapping->name)))
          .at(columns_[k].mapping->name.span, "the first one");
      good = false;
    }
    const bool twice =
        (c.role == Role::member && fixed[c.dimension]) || (c.role == Role::period && fixed_time);
    if (!twice) continue;
    error(Code::bad_region, c.mapping->name.span,
          fmt::format("the brackets behind `{}` name the {} of all rows already", line.name,
                      context_.text(c.mapping->name)))
        .hint("leave one of them out");
    good = false;
  }
  for (std::size_t d = 0; d < fixed.size(); ++d) {
    if (named[d] || fixed[d]) continue;
    auto const& dimension = context_.result.dimension(line.dimensions[d]).name;
    error(Code::missing_axis, table_.name.span,
          fmt::format("`{}` varies by `{}`, and no column says which", line.name, dimension))
        .at(head_, "the head of the file")
        .hint(fmt::format("name its column: `{} = \"…\"`", dimension));
    good = false;
  }
  if (!value) {
    error(Code::csv_column, table_.name.span, "no column is named for the figures")
        .at(head_, "the head of the file")
        .hint("add `value = \"…\"`, with the heading of the column");
    good = false;
  }
  return good;
}

bool DataTable::open(SourceId source, std::vector<std::optional<std::uint32_t>> const& fixed,
                     bool fixed_time) {
  reader_.emplace(context_.sources, source, context_.diagnostics);
  CsvReader::Record const* head = reader_->next();
  if (head == nullptr) {
    if (!reader_->failed())
      error(Code::bad_csv, table_.cite.file.span, "this file is empty")
          .hint("its first row names the columns");
    return false;
  }
  head_ = head->span;
  for (CsvReader::Field const& field : head->fields) {
    headings_.emplace_back(trimmed(field.text));
    heading_spans_.push_back(field.span);
  }
  bool good = true;
  for (ast::Attribute const& mapping : table_.mapping) {
    auto found = column(mapping);
    good = found && find_heading(*found) && good;
    if (found) columns_.push_back(*found);
  }
  if (!good || !complete(fixed, fixed_time)) return false;
  model::Line const& line = context_.result.line(line_);
  cell_.members.resize(line.dimensions.size());
  names_.resize(line.dimensions.size());
  for (Column const& c : columns_)
    if (c.role == Role::member) index(line.dimensions[c.dimension], names_[c.dimension]);
  if (line.type.kind == model::Kind::member) index(line.type.dimension, values_);
  return true;
}

void DataTable::index(model::DimensionId dimension, Names& names) const {
  auto const& members = context_.result.dimension(dimension).members;
  for (std::uint32_t m = 0; m < members.size(); ++m) {
    names.by_name.emplace(members[m].name, m);
    if (members[m].label.empty()) continue;
    auto [at, added] = names.by_label.try_emplace(members[m].label, m);
    if (!added) at->second = ambiguous;
  }
}

// ------------------------------------------------------------------------------------------ rows

DataTable::Cell const* DataTable::next() {
  while (errors_ < most_errors) {
    CsvReader::Record const* record = reader_->next();
    if (record == nullptr) return nullptr;
    if (record->fields.size() != headings_.size()) {
      error(Code::table_width, record->span,
            fmt::format("this row has {} field{}, the head names {} column{}",
                        record->fields.size(), record->fields.size() == 1 ? "" : "s",
                        headings_.size(), headings_.size() == 1 ? "" : "s"))
          .at(head_, "the head of the file")
          .hint("a field that holds a comma stands in quotes: \"1,234\"");
      continue;
    }
    if (row(*record)) return &cell_;
  }
  return nullptr;
}

bool DataTable::row(CsvReader::Record const& record) {
  CsvReader::Field const* note = nullptr;
  CsvReader::Field const* figure = nullptr;
  for (Column const& c : columns_) {
    if (c.role == Role::note) note = &record.fields[c.at];
    if (c.role == Role::value) figure = &record.fields[c.at];
  }
  if (trimmed(figure->text).empty()) return false; // no figure, no equation
  bool good = true;
  cell_.tag.reset();
  for (Column const& c : columns_) {
    CsvReader::Field const& field = record.fields[c.at];
    if (c.role == Role::member) {
      cell_.members[c.dimension] = member(c.dimension, field);
      good = good && cell_.members[c.dimension];
    } else if (c.role == Role::period) {
      cell_.step = period(field);
      good = good && cell_.step;
    } else if (c.role == Role::tag) {
      good = tag(field) && good;
    }
  }
  cell_.span = figure->span;
  return value(*figure, note) && good;
}

std::optional<std::uint32_t> DataTable::member(std::size_t dimension,
                                               CsvReader::Field const& field) {
  return member_of(context_.result.line(line_).dimensions[dimension], names_[dimension], field);
}

std::optional<std::uint32_t> DataTable::member_of(model::DimensionId dimension, Names& names,
                                                  CsvReader::Field const& field) {
  const std::string_view text = trimmed(field.text);
  if (auto found = names.by_name.find(text); found != names.by_name.end()) return found->second;
  auto [at, fresh] = names.seen.try_emplace(std::string(text));
  if (!fresh) return at->second;
  const std::string spelled = is_ascii(text) ? std::string(text) : normalized(text);
  if (auto found = names.by_name.find(spelled); found != names.by_name.end())
    return at->second = found->second;
  auto const& kind = context_.result.dimension(dimension).name;
  const auto label = names.by_label.find(text);
  if (label != names.by_label.end() && label->second != ambiguous)
    return at->second = label->second;
  if (text.empty()) {
    error(Code::csv_field, field.span,
          fmt::format("this row does not say which `{}` it is of", kind), "empty");
    return std::nullopt;
  }
  if (label != names.by_label.end()) {
    error(Code::unknown_name, field.span,
          fmt::format("more than one `{}` has the label \"{}\"", kind, text))
        .hint("write the name of the one that is meant");
    return std::nullopt;
  }
  auto& d = error(Code::unknown_name, field.span,
                  fmt::format("there is no `{}` \"{}\"", kind, text), "unknown name");
  std::vector<std::string_view> near;
  for (model::Member const& m : context_.result.dimension(dimension).members) {
    near.push_back(m.name);
    if (!m.label.empty()) near.push_back(m.label);
  }
  const auto best = nearest_name(text, near);
  d.hint(best.empty() ? fmt::format("a row names a member by its name or label: declare it with "
                                    "`{} …`, or leave its rows out",
                                    kind)
                      : fmt::format("did you mean `{}`?", best));
  return std::nullopt;
}

std::optional<int> DataTable::period(CsvReader::Field const& field) {
  const std::string_view text = trimmed(field.text);
  auto [at, fresh] = periods_.try_emplace(std::string(text));
  if (fresh) at->second = read_period(field, narrowed(text));
  return at->second;
}

std::optional<int> DataTable::read_period(CsvReader::Field const& field, std::string_view text) {
  model::Calendar const& calendar = context_.result.calendar;
  const auto period = model::period_of(text);
  if (!period) {
    error(Code::csv_field, field.span, "a period is wanted here",
          text.empty() ? "empty" : "this cannot be read as one")
        .hint("periods are written 2024, 2024H1, 2024Q3 or 2024M07");
    return std::nullopt;
  }
  if (calendar.count == 0) {
    error(Code::no_timeline, field.span, "this needs a timeline, and the model has none")
        .hint("declare one: `timeline 2024..2030 yearly`");
    return std::nullopt;
  }
  const auto steps = calendar.steps(*period);
  if (!steps) {
    error(Code::finer_period, field.span,
          fmt::format("`{}` is finer than the {} timeline", text, model::name_of(calendar.grain)));
    return std::nullopt;
  }
  if (model::Line const& line = context_.result.line(line_); period->fiscal != line.fiscal) {
    error(Code::fiscal_mix, field.span,
          line.fiscal ? fmt::format("`{}` has fiscal periods, and {} is one of the calendar",
                                    line.name, text)
                      : fmt::format("`{}` has periods of the calendar, and {} is a fiscal one",
                                    line.name, text))
        .at(line.span, "declared here")
        .hint(line.fiscal ? fmt::format("write FY{}", text)
                          : std::string("declare the line `fiscal`"));
    return std::nullopt;
  }
  if (steps->first != steps->last) {
    error(Code::coarse_flow, field.span,
          fmt::format("{} is {} steps of the timeline, and a row is one", text,
                      steps->last - steps->first + 1))
        .hint(fmt::format("name the steps: {}{}, …", period->fiscal ? "FY" : "",
                          calendar.name(steps->first)));
    return std::nullopt;
  }
  if (steps->first < 0 || steps->first >= calendar.count) {
    error(Code::outside_timeline, field.span,
          fmt::format("{} lies outside the timeline {}..{}", text, calendar.name(0),
                      calendar.name(calendar.count - 1)))
        .hint("extend the timeline, or leave the rows of this period out");
    return std::nullopt;
  }
  return steps->first;
}

bool DataTable::tag(CsvReader::Field const& field) {
  const std::string_view text = trimmed(field.text);
  if (text.empty()) return true;
  for (auto const& each : tags)
    if (each.word == text) {
      cell_.tag = each.tag;
      return true;
    }
  error(Code::csv_field, field.span, "a tag is `actual`, `guidance`, `estimate` or `assumed`",
        "this is none");
  return false;
}

// ---------------------------------------------------------------------------------------- values

bool DataTable::value(CsvReader::Field const& field, CsvReader::Field const* note) {
  const std::string_view text = trimmed(field.text);
  ReadFigure& out = cell_.figure;
  out = ReadFigure{};
  if (text == "–" || text == "—") {
    out.kind = ReadFigure::Kind::inapplicable;
    out.any_unit = true;
    return true;
  }
  if (text.starts_with("unknown")) {
    const std::string_view why = trimmed(text.substr(7));
    const bool reason = why.size() >= 2 && why.front() == '"' && why.back() == '"';
    if (why.empty() || reason) {
      out.kind = ReadFigure::Kind::unknown;
      out.any_unit = true;
      const std::string_view words = reason            ? why.substr(1, why.size() - 2)
                                     : note != nullptr ? trimmed(note->text)
                                                       : std::string_view{};
      // The text of a field is good until the next record only.
      out.reason = context_.interner.text(context_.interner.intern(words));
      return true;
    }
  }
  switch (context_.result.line(line_).type.kind) {
  case model::Kind::any:
  case model::Kind::number: return number(field, text);
  case model::Kind::truth:
    if (text != "true" && text != "false") {
      error(Code::csv_field, field.span, "`true` or `false` is wanted here");
      return false;
    }
    out.figure = model::Figure::exactly(text == "true" ? 1 : 0);
    out.type = {model::Kind::truth, model::pure, {}};
    return true;
  case model::Kind::period: {
    const auto period = model::period_of(narrowed(text));
    const auto steps = period ? context_.result.calendar.steps(*period) : std::nullopt;
    if (!steps) {
      error(Code::csv_field, field.span, "a period is wanted here, such as 2025");
      return false;
    }
    out.figure = model::Figure::exactly(steps->first);
    out.type = {model::Kind::period, model::pure, {}};
    return true;
  }
  case model::Kind::member: {
    model::Type const& type = context_.result.line(line_).type;
    const auto found = member_of(type.dimension, values_, field);
    if (!found) return false;
    out.figure = model::Figure::exactly(*found);
    out.type = type;
    return true;
  }
  }
  return false;
}

bool DataTable::number(CsvReader::Field const& field, std::string_view text) {
  const auto read = csv_number(text);
  if (!read) {
    auto& d = error(Code::csv_field, field.span, "this cannot be read as a number");
    const std::string narrow = narrowed(text);
    const bool digits = narrow.find_first_of("0123456789") != std::string::npos;
    if (digits && names_a_unit(narrow)) {
      d.hint("a unit stands once, in the table's head: `in USD`");
    } else if (digits) {
      d.hint("as in 1234.5 or 1,234.5, (12) or -12, 12%: a point divides the decimals, a comma "
             "stands between groups of three digits only");
    } else {
      d.hint("leave the field empty if there is no figure, or write `unknown`");
    }
    return false;
  }
  if (read->percent && measure_ != nullptr && measure_->unit != model::pure) {
    error(Code::csv_field, field.span,
          fmt::format("this is a share, and the figures of the table are in {}", measure_->text));
    return false;
  }
  static const model::Measure percent{model::pure, {1, 1, -2}, "%"};
  const auto quantity = Units::number(read->digits, read->percent ? &percent : measure_);
  if (!std::isfinite(quantity.value)) {
    error(Code::csv_field, field.span, "this number is too large")
        .hint("the largest number is about 1.8e308");
    return false;
  }
  const double v = read->negative ? -quantity.value : quantity.value;
  ReadFigure& out = cell_.figure;
  out.figure = {v, quantity.half, v, v, quantity.half, quantity.half};
  out.any_unit = quantity.plain_zero;
  out.measure = quantity.measure;
  out.type = {model::Kind::number, quantity.measure.unit, {}};
  return true;
}

} // namespace scn::resolve
