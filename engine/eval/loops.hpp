#pragma once

#include "lang/model/model.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace scn::eval {

/// Where the loops of a formula begin. The nodes of an aggregation lie before it, those of an inner
/// one among them; who walks the nodes in order must notice that a loop begins before he enters it.
class Loops {
 public:
  Loops() = default;
  Loops(model::Formulas const& formulas, model::Formula formula) {
    for (std::uint32_t n = formula.begin.value; n <= formula.root.value; ++n)
      if (formulas.nodes[n].kind == model::NodeKind::reduce)
        starts_[formulas.reductions[formulas.nodes[n].a].inner.value].push_back(n);
  }

  /// The aggregation whose loop begins at node n, up to node `last`; of several the outermost.
  /// Node::none if there is none.
  [[nodiscard]] std::uint32_t beginning_at(std::uint32_t n, std::uint32_t last) const {
    if (starts_.empty()) return model::Node::none;
    auto const at = starts_.find(n);
    if (at == starts_.end()) return model::Node::none;
    // They were added in order, inner before outer.
    for (auto reduce = at->second.rbegin(); reduce != at->second.rend(); ++reduce)
      if (*reduce <= last) return *reduce;
    return model::Node::none;
  }

 private:
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> starts_; ///< never iterated
};

} // namespace scn::eval
