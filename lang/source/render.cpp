#include "lang/source/render.hpp"

#include "lang/source/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace scn {

namespace {

struct Palette {
  std::string_view error = "", warning = "", label = "", other = "", dim = "", off = "";
};

constexpr Palette colors{"\x1b[1;31m", "\x1b[1;33m", "\x1b[1m",
                         "\x1b[1;34m", "\x1b[34m",   "\x1b[0m"};

constexpr std::size_t longest_line = 160;

/// Tabs would break the alignment of carets, so they are shown as one space each; a very long line
/// is shown around its culprit only.
struct Excerpt {
  std::string text;
  std::size_t caret = 0; ///< columns before the first caret
  std::size_t width = 1; ///< carets
};

std::size_t step_back(std::string_view line, std::size_t at, std::size_t columns) {
  while (at > 0 && columns > 0) {
    do
      --at;
    while (at > 0 && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80);
    --columns;
  }
  return at;
}

Excerpt excerpt_of(Position const& where, Span span) {
  std::string line(where.text);
  std::replace(line.begin(), line.end(), '\t', ' ');
  std::replace(line.begin(), line.end(), '\0', ' ');
  const std::size_t at = std::min<std::size_t>(where.column - 1, line.size());
  const std::size_t length = std::min<std::size_t>(span.size(), line.size() - at);
  std::size_t begin = 0;
  std::string_view shown = line;
  if (display_width(line) > longest_line) {
    begin = step_back(line, at, 60);
    std::size_t end = std::min(
        line.size(), std::max(at + std::min<std::size_t>(length, 80), begin + longest_line));
    while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80)
      --end; // not inside a character
    shown = std::string_view(line).substr(begin, end > begin ? end - begin : 0);
  }
  Excerpt out;
  const std::string_view lead = begin > 0 ? "…" : "";
  out.caret = display_width(lead) + display_width(std::string_view(line).substr(begin, at - begin));
  const std::size_t visible =
      std::min(length, begin + shown.size() - std::min(at, begin + shown.size()));
  out.width = std::max<std::size_t>(1, display_width(std::string_view(line).substr(at, visible)));
  out.text =
      std::string(lead) + std::string(shown) + (begin + shown.size() < line.size() ? "…" : "");
  return out;
}

struct Block {
  Position where;
  Span span;
  std::string_view text;
  bool primary;
};

void draw(std::string& out, Block const& block, SourceSet const& sources, std::size_t gutter,
          Palette const& paint, std::string_view mark_color, bool with_place, bool with_line) {
  const auto blank = std::string(gutter, ' ');
  if (with_place)
    out += fmt::format("{}{}-->{} {}:{}:{}\n{} {}|{}\n", blank, paint.dim, paint.off,
                       sources.name(block.where.source), block.where.line, block.where.column,
                       blank, paint.dim, paint.off);
  const Excerpt e = excerpt_of(block.where, block.span);
  const char mark = block.primary ? '^' : '-';
  if (with_line)
    out += fmt::format("{}{:>{}} |{} {}\n", paint.dim, block.where.line, gutter, paint.off, e.text);
  out += fmt::format("{} {}|{} {}{}{}{}{}{}\n", blank, paint.dim, paint.off,
                     std::string(e.caret, ' '), mark_color, std::string(e.width, mark),
                     block.text.empty() ? "" : " ", block.text, paint.off);
}

} // namespace

std::string render(Diagnostic const& d, SourceSet const& sources, bool color) {
  const Palette paint = color ? colors : Palette{};
  const bool error = d.severity() == Severity::error;
  const std::string_view main_color = error ? paint.error : paint.warning;
  std::string out = fmt::format("{}{}[{}]{}: {}{}{}\n", main_color, error ? "error" : "warning",
                                number_of(d.code), paint.off, paint.label, d.headline, paint.off);
  std::vector<Block> blocks;
  if (!d.primary.span.none())
    blocks.push_back({sources.locate(d.primary.span.begin), d.primary.span, d.primary.text, true});
  for (Label const& label : d.others)
    if (!label.span.none())
      blocks.push_back({sources.locate(label.span.begin), label.span, label.text, false});
  std::size_t gutter = 1;
  for (Block const& block : blocks)
    gutter = std::max(gutter, std::to_string(block.where.line).size());
  const auto blank = std::string(gutter, ' ');
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    // Labels of the next lines of the same text need no new place.
    const bool same = i > 0 && blocks[i].where.source == blocks[i - 1].where.source;
    const bool same_line = same && blocks[i].where.line == blocks[i - 1].where.line;
    if (same && !same_line) out += fmt::format("{} {}:{}\n", blank, paint.dim, paint.off);
    // A long line is cut around each of its culprits, so only a short one is shared by two labels.
    const bool shared = same_line && display_width(blocks[i].where.text) <= longest_line;
    draw(out, blocks[i], sources, gutter, paint, blocks[i].primary ? main_color : paint.other,
         !same, !shared);
  }
  for (std::string const& hint : d.hints)
    out += fmt::format("{} {}={} {}hint{}: {}\n", blank, paint.dim, paint.off, paint.label,
                       paint.off, hint);
  return out;
}

namespace {

/// Damerau-Levenshtein distance on characters, given up beyond a limit. Keeps its rows, because a
/// mistyped name is compared with every name of the model.
class Distance {
 public:
  std::size_t operator()(std::u32string_view a, std::u32string_view b, std::size_t limit) {
    if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
    for (auto* row : {&row_, &before_, &older_})
      row->resize(b.size() + 1);
    std::iota(before_.begin(), before_.end(), std::size_t{0});
    std::size_t nearest_before = 0;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      std::size_t nearest = row_[0] = i;
      for (std::size_t j = 1; j <= b.size(); ++j) {
        row_[j] =
            std::min({before_[j] + 1, row_[j - 1] + 1, before_[j - 1] + (a[i - 1] != b[j - 1])});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          row_[j] = std::min(row_[j], older_[j - 2] + 1);
        nearest = std::min(nearest, row_[j]);
      }
      // Whatever follows comes from one of the last two rows.
      if (nearest > limit && nearest_before > limit) return limit + 1;
      nearest_before = nearest;
      older_.swap(before_);
      before_.swap(row_);
    }
    return before_[b.size()];
  }

 private:
  std::vector<std::size_t> row_, before_, older_;
};

/// The characters of a text, a capital letter as a small one.
void characters(std::string_view text, std::u32string& out) {
  out.clear();
  while (!text.empty()) {
    const Decoded d = decode(text);
    const std::size_t size = d.size == 0 ? 1 : d.size;
    const char32_t c = d.size == 0 ? 0xFFFD : d.character;
    out += c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
    text.remove_prefix(size);
  }
}

} // namespace

std::string_view nearest_name(std::string_view word,
                              std::vector<std::string_view> const& candidates) {
  std::u32string wanted;
  characters(word, wanted);
  std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  std::string_view found;
  Distance distance;
  std::u32string given;
  for (std::string_view candidate : candidates) {
    if (candidate == word) continue;
    // A character takes one byte to four, so most lengths are ruled out without decoding.
    if (candidate.size() + best < wanted.size() || candidate.size() > 4 * (wanted.size() + best))
      continue;
    characters(candidate, given);
    const std::size_t d = distance(wanted, given, best);
    if (d < best || (d == best && !found.empty() && candidate < found)) {
      best = d;
      found = candidate;
    }
  }
  return found;
}

} // namespace scn
