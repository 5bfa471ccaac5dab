#pragma once

#include "lang/source/ids.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace scn {

/// A name, as the index of its spelling. Equal spellings have equal symbols.
using Symbol = Id<struct SymbolTag>;

/// Every spelling once. Look-up only: the table is never iterated, so its order shows nowhere.
class Interner {
 public:
  Symbol intern(std::string_view spelling);
  /// The symbol of a spelling if it was interned before, else an invalid one.
  [[nodiscard]] Symbol find(std::string_view spelling) const;
  /// Stays good as long as the interner does.
  [[nodiscard]] std::string_view text(Symbol symbol) const { return spellings_[symbol.value]; }
  [[nodiscard]] std::size_t size() const { return spellings_.size(); }

 private:
  /// A place of the table: a symbol, and enough of its hash that others are rarely looked at.
  struct Slot {
    std::uint32_t hash = 0;
    Symbol symbol;
  };
  [[nodiscard]] std::size_t place_of(std::string_view spelling, std::uint32_t hash) const;
  void grow();

  std::deque<std::string> spellings_; ///< stable addresses; a short one lies in its string
  /// Open addressing, at most half full: a model turned from a spreadsheet has a million names, and
  /// a node for each would be fetched from memory one at a time.
  std::vector<Slot> slots_;
};

} // namespace scn
