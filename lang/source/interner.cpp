#include "lang/source/interner.hpp"

#include <cstring>

namespace scn {

namespace {

/// Eight bytes at a time, mixed so that names that end in a number do not crowd together.
std::uint32_t hash_of(std::string_view text) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15ULL;
  std::uint64_t hash = text.size() * odd;
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * odd;
    hash ^= hash >> 32;
  };
  while (text.size() > 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    mix(word);
    text.remove_prefix(8);
  }
  std::uint64_t word = 0;
  for (char c : text) // a copy of so few bytes is slower than this
    word = word << 8 | static_cast<unsigned char>(c);
  mix(word);
  mix(0);
  return static_cast<std::uint32_t>(hash);
}

} // namespace

/// Where a spelling stands in the table, or the free place where it would.
std::size_t Interner::place_of(std::string_view spelling, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].symbol.valid()
         && (slots_[at].hash != hash || text(slots_[at].symbol) != spelling))
    at = (at + 1) & mask;
  return at;
}

void Interner::grow() {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(old.empty() ? 1024 : old.size() * 2, {});
  const std::size_t mask = slots_.size() - 1;
  for (Slot const& slot : old) {
    if (!slot.symbol.valid()) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].symbol.valid())
      at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

Symbol Interner::intern(std::string_view spelling) {
  if (spellings_.size() * 2 >= slots_.size()) grow();
  const std::uint32_t hash = hash_of(spelling);
  Slot& slot = slots_[place_of(spelling, hash)];
  if (!slot.symbol.valid()) {
    slot = {hash, Symbol{spellings_.size()}};
    spellings_.emplace_back(spelling);
  }
  return slot.symbol;
}

Symbol Interner::find(std::string_view spelling) const {
  if (slots_.empty()) return {};
  return slots_[place_of(spelling, hash_of(spelling))].symbol;
}

} // namespace scn
