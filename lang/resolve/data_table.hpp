#pragma once

#include "lang/resolve/equations.hpp"
#include "lang/source/csv.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scn::resolve {

/// A table whose figures stand in a file of comma-separated values, one row a figure. The model
/// says which column, by its heading, holds each dimension of the line, the `period`, the `value`,
/// and, if there are such, a `tag` (`actual`, …) and a `note` (why a figure is unknown). Other
/// columns are passed over. Members are known by their name, or by their label where only one has
/// it.
class DataTable {
 public:
  /// `measure` is the unit of the table's head, if it has one.
  DataTable(Context& context, ast::Table const& table, model::LineId line,
            model::Measure const* measure)
      : context_(context), table_(table), line_(line), measure_(measure) {}

  struct Cell {
    std::vector<std::optional<std::uint32_t>> members; ///< by dimension of the line, if a column
    std::optional<int> step;
    ReadFigure figure;
    std::optional<model::Tag> tag;
    Span span; ///< of the value in the file
  };

  /// Finds the columns. `fixed` says which dimensions the model names for all rows, `fixed_time`
  /// whether it names a period. False if something is wrong, which is then reported.
  bool open(SourceId source, std::vector<std::optional<std::uint32_t>> const& fixed,
            bool fixed_time);
  /// The next row with a value, or none. What is wrong in a row is reported and passed over.
  Cell const* next();

 private:
  enum class Role : std::uint8_t { member, period, value, note, tag };
  struct Column {
    Role role;
    std::size_t dimension; ///< of the line, for a member
    std::size_t at;        ///< which field of a record
    ast::Attribute const* mapping;
  };
  /// The members of a dimension by what the file may call them.
  struct Names {
    std::unordered_map<std::string_view, std::uint32_t> by_name;
    std::unordered_map<std::string_view, std::uint32_t> by_label;
    std::unordered_map<std::string, std::optional<std::uint32_t>> seen; ///< none: reported
  };

  std::optional<Column> column(ast::Attribute const& mapping);
  bool find_heading(Column& column);
  bool complete(std::vector<std::optional<std::uint32_t>> const& fixed, bool fixed_time);
  bool row(CsvReader::Record const& record);
  bool value(CsvReader::Field const& field, CsvReader::Field const* note);
  bool number(CsvReader::Field const& field, std::string_view text);
  bool tag(CsvReader::Field const& field);
  std::optional<std::uint32_t> member(std::size_t dimension, CsvReader::Field const& field);
  std::optional<std::uint32_t> member_of(model::DimensionId dimension, Names& names,
                                         CsvReader::Field const& field);
  std::optional<int> period(CsvReader::Field const& field);
  std::optional<int> read_period(CsvReader::Field const& field, std::string_view text);
  void index(model::DimensionId dimension, Names& names) const;
  Diagnostic& error(Code code, Span span, std::string headline, std::string label = {});

  Context& context_;
  ast::Table const& table_;
  model::LineId line_;
  model::Measure const* measure_;
  std::optional<CsvReader> reader_;
  std::vector<std::string> headings_;
  std::vector<Span> heading_spans_;
  Span head_;
  std::vector<Column> columns_;
  std::vector<Names> names_; ///< by dimension of the line
  Names values_;             ///< of a line whose values are members
  std::unordered_map<std::string, std::optional<int>> periods_; ///< none: reported
  Cell cell_;
  int errors_ = 0;
};

} // namespace scn::resolve
