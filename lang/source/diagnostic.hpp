#pragma once

#include "lang/source/span.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scn {

enum class Severity : std::uint8_t { error, warning };

/// Which complaint it is; the list is `diagnostic_codes.def`.
enum class Code : std::uint8_t {
#define SCN_DIAGNOSTIC(name, number, severity) name,
#include "lang/source/diagnostic_codes.def"
#undef SCN_DIAGNOSTIC
};

[[nodiscard]] std::string_view number_of(Code code); ///< `E0301`
[[nodiscard]] Severity severity_of(Code code);
/// Every code, for a test that wants an example of each.
[[nodiscard]] std::vector<Code> all_codes();

/// A place and what is to be said about it.
struct Label {
  Span span;
  std::string text;
};

/// One complaint to a person: what is wrong, where, where the other half of the story is, and what
/// to do about it.
struct Diagnostic {
  Code code;
  std::string headline;
  Label primary;
  std::vector<Label> others;
  std::vector<std::string> hints;

  Diagnostic& at(Span span, std::string text) {
    others.push_back({span, std::move(text)});
    return *this;
  }
  Diagnostic& hint(std::string text) {
    hints.push_back(std::move(text));
    return *this;
  }
  [[nodiscard]] Severity severity() const { return severity_of(code); }
};

/// Where every stage leaves its complaints. Nothing throws for a user's mistake.
class Diagnostics {
 public:
  /// The reference stays good until the next call.
  Diagnostic& report(Code code, Span span, std::string headline, std::string label = {});

  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] std::size_t error_count() const { return errors_; }
  /// In the order of their places, each place and complaint once.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;
  [[nodiscard]] std::vector<Diagnostic> const& all() const { return all_; }

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

} // namespace scn
