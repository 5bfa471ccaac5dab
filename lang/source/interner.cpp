#include "lang/source/interner.hpp"

namespace scn {

Symbol Interner::intern(std::string_view spelling) {
  if (auto found = symbols_.find(spelling); found != symbols_.end()) return found->second;
  const Symbol symbol{spellings_.size()};
  spellings_.emplace_back(spelling);
  symbols_.emplace(spellings_.back(), symbol);
  return symbol;
}

Symbol Interner::find(std::string_view spelling) const {
  auto found = symbols_.find(spelling);
  return found == symbols_.end() ? Symbol{} : found->second;
}

} // namespace scn
