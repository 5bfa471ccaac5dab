#pragma once

#include "lang/source/diagnostic.hpp"
#include "lang/source/source_set.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scn {

/// Reads a text of comma-separated values record by record, as RFC 4180 has it: fields may stand in
/// quotes, a quote inside is doubled, and a quoted field may hold commas and line ends. Lines end
/// in LF or CRLF; a byte-order mark is passed over, and so is an empty line. Every field knows its
/// place, which is why no library for CSV is used here: none of them tells it.
class CsvReader {
 public:
  struct Field {
    std::string_view text; ///< without its quotes; good until the next record is read
    Span span;             ///< as written, quotes included
  };
  struct Record {
    std::vector<Field> fields;
    Span span;
  };

  /// Reports what is not UTF-8, and a NUL byte; then there is nothing to read.
  CsvReader(SourceSet const& sources, SourceId source, Diagnostics& diagnostics);

  /// The next record, or none at the end of the text. After a fault in the quotes, which is
  /// reported, nothing more is read: where the next record begins would be a guess.
  Record const* next();
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  bool field();
  bool quoted_field();
  bool at_line_end() const;
  void skip_line_end();
  [[nodiscard]] Span span(std::size_t begin, std::size_t end) const;
  Diagnostic& fail(std::size_t begin, std::size_t end, std::string headline, std::string label);

  Diagnostics& diagnostics_;
  std::string_view text_;
  std::uint32_t base_;
  std::size_t at_ = 0;
  bool failed_ = false;
  Record record_;
  std::deque<std::string> unquoted_; ///< fields of the record that hold a doubled quote
};

/// A number as programs that people keep figures in write it: `1,234.5` (a comma stands between
/// groups of three digits, and nowhere else), `(12)` for a negative one, `12%`, `-3`, `1.5E+10`, in
/// full-width characters, too. Spaces around it mean nothing.
struct CsvNumber {
  std::string digits; ///< as a number of the language is written, without a sign
  bool negative = false;
  bool percent = false;
};
/// Empty for everything else: what could be read in two ways is not guessed at.
[[nodiscard]] std::optional<CsvNumber> csv_number(std::string_view text);

/// Without the spaces around it, those of other scripts included.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// Full-width letters, digits and signs as ASCII has them; everything else as it is.
[[nodiscard]] std::string narrowed(std::string_view text);

} // namespace scn
