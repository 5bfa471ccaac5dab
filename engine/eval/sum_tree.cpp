#include "engine/eval/sum_tree.hpp"

namespace scn::eval {

SumTree::SumTree(std::uint32_t blocks, std::uint32_t steps) {
  std::uint32_t n = blocks;
  do {
    // Levels are filled up with zeros to whole groups.
    sizes_.push_back((n + fan - 1) / fan * fan);
    per_step_ += sizes_.back();
    n = sizes_.back() / fan;
  } while (n > 1);
  ++per_step_; // the root
  nodes_.assign(per_step_ * steps, 0.0);
}

void SumTree::update(std::uint32_t step, std::uint32_t begin, std::uint32_t end) {
  double* level = nodes_.data() + step * per_step_;
  for (std::uint32_t size : sizes_) {
    double* above = level + size;
    begin /= fan;
    end = (end + fan - 1) / fan;
    for (std::uint32_t i = begin; i < end; ++i) {
      double const* g = level + std::size_t{i} * fan;
      above[i] = ((g[0] + g[1]) + (g[2] + g[3])) + ((g[4] + g[5]) + (g[6] + g[7]));
    }
    level = above;
  }
}

} // namespace scn::eval
