#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace scn::model {

/// Indices begin, begin+1, …, end-1.
struct Run {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  friend auto operator<=>(Run const&, Run const&) = default;
};

/// A set of indices along one axis: members of a dimension, or steps of the timeline. Kept as
/// sorted, disjoint, non-adjacent runs, because nearly every set in a model is one or two of them.
class IndexSet {
 public:
  IndexSet() = default;
  IndexSet(std::uint32_t begin, std::uint32_t end) {
    if (begin < end) runs_.push_back({begin, end});
  }
  static IndexSet of(std::vector<std::uint32_t> indices); ///< in any order

  [[nodiscard]] std::vector<Run> const& runs() const { return runs_; }
  [[nodiscard]] bool empty() const { return runs_.empty(); }
  [[nodiscard]] std::uint32_t size() const;
  [[nodiscard]] std::uint32_t first() const { return runs_.front().begin; }
  [[nodiscard]] std::uint32_t last() const { return runs_.back().end - 1; }
  [[nodiscard]] bool contains(std::uint32_t index) const;
  [[nodiscard]] bool contains(IndexSet const& other) const;
  [[nodiscard]] bool meets(IndexSet const& other) const;
  [[nodiscard]] std::vector<std::uint32_t> indices() const;

  /// Every index moved by `by`; what falls below 0 or on `limit` and above is dropped.
  [[nodiscard]] IndexSet shifted(std::int64_t by, std::uint32_t limit) const;
  friend IndexSet unite(IndexSet const& a, IndexSet const& b);
  friend IndexSet intersect(IndexSet const& a, IndexSet const& b);
  friend auto operator<=>(IndexSet const&, IndexSet const&) = default;

 private:
  std::vector<Run> runs_;
};

/// The cells of a line that an equation covers: one set for each of the line's dimensions, in their
/// order, and last one for time if the line varies over it. The region is their product.
struct Region {
  std::vector<IndexSet> axes;

  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] bool contains(Region const& other) const;
  [[nodiscard]] bool meets(Region const& other) const;
  friend auto operator<=>(Region const&, Region const&) = default;
};
[[nodiscard]] Region intersect(Region const& a, Region const& b);

} // namespace scn::model
