#include "lang/source/diagnostic.hpp"

#include <algorithm>
#include <tuple>

namespace scn {

namespace {

struct Entry {
  Code code;
  std::string_view number;
  Severity severity;
};

constexpr Entry entries[] = {
#define SCN_DIAGNOSTIC(name, number, severity) {Code::name, number, Severity::severity},
#include "lang/source/diagnostic_codes.def"
#undef SCN_DIAGNOSTIC
};

} // namespace

std::string_view number_of(Code code) { return entries[static_cast<std::size_t>(code)].number; }
Severity severity_of(Code code) { return entries[static_cast<std::size_t>(code)].severity; }

std::vector<Code> all_codes() {
  std::vector<Code> codes;
  for (Entry const& entry : entries)
    codes.push_back(entry.code);
  return codes;
}

Diagnostic& Diagnostics::report(Code code, Span span, std::string headline, std::string label) {
  if (severity_of(code) == Severity::error) ++errors_;
  all_.push_back({code, std::move(headline), {span, std::move(label)}, {}, {}});
  return all_.back();
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> out = all_;
  const auto key = [](Diagnostic const& d) {
    return std::tie(d.primary.span.begin, d.primary.span.end, d.code, d.headline);
  };
  std::stable_sort(out.begin(), out.end(),
                   [&](auto const& a, auto const& b) { return key(a) < key(b); });
  out.erase(std::unique(out.begin(), out.end(),
                        [&](auto const& a, auto const& b) { return key(a) == key(b); }),
            out.end());
  return out;
}

} // namespace scn
