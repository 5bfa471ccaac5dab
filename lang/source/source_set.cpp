#include "lang/source/source_set.hpp"

#include <algorithm>

namespace scn {

SourceId SourceSet::add(std::string name, std::string text, Origin origin) {
  const SourceId id{sources_.size()};
  const auto size = static_cast<std::uint32_t>(text.size());
  sources_.push_back({std::move(name), std::move(text), next_base_, origin});
  bases_.push_back(next_base_);
  next_base_ += size + 1; // one more, so that the end of a text belongs to that text
  return id;
}

SourceId SourceSet::source_of(std::uint32_t offset) const {
  const auto after = std::upper_bound(bases_.begin(), bases_.end(), offset);
  return SourceId{static_cast<std::size_t>(after - bases_.begin()) - 1};
}

std::string_view SourceSet::text(Span span) const {
  if (span.none()) return {};
  Source const& source = sources_[source_of(span.begin).value];
  return std::string_view(source.text).substr(span.begin - source.base, span.size());
}

bool SourceSet::is_library(Span span) const {
  return !span.none() && sources_[source_of(span.begin).value].origin == Origin::library;
}

Position SourceSet::locate(std::uint32_t offset) const {
  const SourceId id = source_of(offset);
  Source const& source = sources_[id.value];
  const std::string_view text = source.text;
  if (source.lines.empty()) {
    source.lines.push_back(0);
    for (std::size_t end = text.find('\n'); end != std::string_view::npos;
         end = text.find('\n', end + 1))
      source.lines.push_back(static_cast<std::uint32_t>(end) + 1);
  }
  const std::size_t at = std::min<std::size_t>(offset - source.base, text.size());
  const auto after = std::upper_bound(source.lines.begin(), source.lines.end(), at);
  const std::size_t start = *(after - 1);
  std::size_t stop = text.find('\n', at);
  if (stop == std::string_view::npos) stop = text.size();
  std::string_view line = text.substr(start, stop - start);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return {id, static_cast<std::uint32_t>(after - source.lines.begin()),
          static_cast<std::uint32_t>(at - start) + 1, line,
          source.base + static_cast<std::uint32_t>(start)};
}

} // namespace scn
