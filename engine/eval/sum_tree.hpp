#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace scn::eval {

/// Adds up one number for each of many blocks, always in the same order: in groups of eight, those
/// again in groups of eight, and so on, each group in pairs. So a sum changes with one block by
/// a few additions, and comes out bit for bit as if all had been added up again. What is left out
/// is a zero in its place. Keeps the tree of every step.
class SumTree {
 public:
  SumTree() = default;
  SumTree(std::uint32_t blocks, std::uint32_t steps);

  /// The number of a block, at a step.
  [[nodiscard]] double& leaf(std::uint32_t step, std::uint32_t block) {
    return nodes_[step * per_step_ + block];
  }
  /// Adds up what depends on some blocks of a step: begin … end - 1.
  void update(std::uint32_t step, std::uint32_t begin, std::uint32_t end);
  /// The sum of all blocks, as of the last update.
  [[nodiscard]] double total(std::uint32_t step) const {
    return nodes_[step * per_step_ + per_step_ - 1];
  }

 private:
  static constexpr std::uint32_t fan = 8;
  std::vector<std::uint32_t> sizes_; ///< nodes of each level, leaves first, each a multiple of fan
  std::size_t per_step_ = 0;
  std::vector<double> nodes_; ///< [step][level][node]
};

} // namespace scn::eval
