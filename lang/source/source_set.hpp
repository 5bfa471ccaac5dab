#pragma once

#include "lang/source/ids.hpp"
#include "lang/source/span.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace scn {

using SourceId = Id<struct SourceTag>;

/// Where an offset is, as an editor counts: line and column start at 1, the column counts bytes.
struct Position {
  SourceId source;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string_view text;        ///< the whole line, without its end
  std::uint32_t text_begin = 0; ///< the offset at which that line starts
};

/// Every text that takes part in one model, owned once and at a stable address. All texts together
/// stay below 4 GiB, because a Span counts in 32 bits over all of them.
class SourceSet {
 public:
  /// Library texts ship with the program; a diagnostic inside one points at its caller as well.
  enum class Origin : std::uint8_t { user, library };

  SourceId add(std::string name, std::string text, Origin origin = Origin::user);

  [[nodiscard]] std::size_t size() const { return sources_.size(); }
  [[nodiscard]] std::string const& name(SourceId id) const { return sources_[id.value].name; }
  [[nodiscard]] std::string_view text(SourceId id) const { return sources_[id.value].text; }
  [[nodiscard]] std::string_view text(Span span) const;
  /// The offset of the first byte of a text.
  [[nodiscard]] std::uint32_t base(SourceId id) const { return sources_[id.value].base; }
  [[nodiscard]] bool is_library(Span span) const;
  [[nodiscard]] SourceId source_of(std::uint32_t offset) const;
  [[nodiscard]] Position locate(std::uint32_t offset) const;

 private:
  struct Source {
    std::string name;
    std::string text;
    std::uint32_t base;
    Origin origin;
    /// Where each line begins; made when the first place is asked for, as a text without a fault
    /// needs none and one with many asks often.
    mutable std::vector<std::uint32_t> lines = {};
  };
  std::deque<Source> sources_;
  std::vector<std::uint32_t> bases_; ///< of `sources_`: places are looked up all the time
  std::uint32_t next_base_ = 1;
};

} // namespace scn
