#pragma once

#include "lang/model/node.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace scn::resolve {

/// A list of numbers for each line, in one piece of memory: a model may have a million lines, and
/// most lists are short.
class ByLine {
 public:
  explicit ByLine(std::size_t lines) : first_(lines + 1, 0) {}

  void add(model::LineId line, std::uint32_t number) { added_.emplace_back(line.value, number); }
  /// Must be called once, after the last number and before any list is asked for.
  void finish() {
    for (auto const& [line, number] : added_)
      ++first_[line + 1];
    for (std::size_t i = 1; i < first_.size(); ++i)
      first_[i] += first_[i - 1];
    numbers_.resize(added_.size());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    for (auto const& [line, number] : added_)
      numbers_[next[line]++] = number;
    added_ = {};
  }
  /// In the order in which they were added.
  [[nodiscard]] std::span<std::uint32_t const> operator[](model::LineId line) const {
    return std::span(numbers_).subspan(first_[line.value],
                                       first_[line.value + 1] - first_[line.value]);
  }

 private:
  std::vector<std::pair<std::uint32_t, std::uint32_t>> added_;
  std::vector<std::uint32_t> first_;
  std::vector<std::uint32_t> numbers_;
};

} // namespace scn::resolve
