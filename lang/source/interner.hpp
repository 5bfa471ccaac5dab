#pragma once

#include "lang/source/ids.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace scn {

/// A name, as the index of its spelling. Equal spellings have equal symbols.
using Symbol = Id<struct SymbolTag>;

/// Every spelling once. Look-up only: the table is never iterated, so its order shows nowhere.
class Interner {
 public:
  Symbol intern(std::string_view spelling);
  /// The symbol of a spelling if it was interned before, else an invalid one.
  [[nodiscard]] Symbol find(std::string_view spelling) const;
  [[nodiscard]] std::string_view text(Symbol symbol) const { return spellings_[symbol.value]; }
  [[nodiscard]] std::size_t size() const { return spellings_.size(); }

 private:
  std::deque<std::string> spellings_; // stable addresses: the map's keys point into them
  std::unordered_map<std::string_view, Symbol> symbols_;
};

} // namespace scn
