#pragma once

#include "engine/eval/evaluate.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace scn::recompute {

/// The values of a stack, kept up to date while figures are changed: what depends on a change is
/// computed again, and nothing else. The values are bit for bit those of a full evaluation. After
/// it is made, nothing in it allocates for a change.
///
/// A change is a box of cells of a line. It is pushed along the edges of the graph, each of which
/// says which cells of the reader may depend on it, in the order of the plan; it ends where
/// everything comes out bit for bit as it was.
class Calculation {
 public:
  /// Evaluates everything. Both must outlive the calculation.
  Calculation(model::Model const& model, eval::Stack const& stack);
  /// Begins with the values of another stack of the same model, `from`, and brings those of lines
  /// up to date that differ. Lines in which nothing changes go on sharing their column.
  Calculation(model::Model const& model, eval::Stack const& stack, eval::Stack const& from,
              eval::Values const& values);

  /// Gives a cell another value, whatever gives it one in the model: a number, or one of the empty
  /// values. False if nothing gives it one, so that nobody reads it. Cells that depend on it are as
  /// they were until the next update().
  bool set(model::LineId line, std::uint32_t lane, std::uint32_t step, double value);
  /// Computes what depends on the cells that were set.
  void update();
  /// How many threads recalculate() may use; the bits do not depend on it.
  void use_threads(unsigned n) { evaluator_.use_threads(n); }
  /// Computes every formula again, in the memory where its values are.
  void recalculate();

  [[nodiscard]] double at(model::LineId line, std::uint32_t lane, std::uint32_t step) const {
    return columns_[line.value]->at(lane, step);
  }
  /// The columns as they are now; those that are not shared go on changing with this calculation.
  [[nodiscard]] eval::Values const& values() const { return columns_; }
  /// Lines of which something was computed since this was made, and those that are not shared.
  [[nodiscard]] bool computed(model::LineId line) const { return computed_[line.value] != 0; }
  [[nodiscard]] bool changed(model::LineId line) const { return targets_[line.value] != nullptr; }

  /// What was done since this was made or last asked.
  struct Work {
    std::uint64_t set = 0;      ///< cells that were given another value
    std::uint64_t computed = 0; ///< cells of formulas
    std::uint64_t changed = 0;  ///< cells in boxes around those that came out otherwise
    std::uint64_t cut_off = 0;  ///< formulas of which everything came out as it was
  };
  [[nodiscard]] Work take_work();

 private:
  /// Which cells of a vertex may have changed, and through which lanes of its sums.
  struct Dirty {
    eval::Box box;
    std::uint32_t lane_begin = 0, lane_end = 0;
  };
  /// Who reads a vertex: an edge of the graph, with all that is needed to push a box along it.
  struct Reader {
    graph::VertexId vertex;
    std::uint32_t step; ///< of the plan
    int lag_min, lag_max;
    std::uint32_t lane_begin, lane_end; ///< of the reader, around those that it wins
    std::uint32_t first, last;          ///< steps that it wins
    bool in_lane;                       ///< reads the reader's own lanes
    bool in_time;                       ///< reads steps at a distance between the lags
    bool sums;                          ///< by an aggregation whose sums are kept
    friend bool operator==(Reader const&, Reader const&) = default;
  };
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  void link(bool sums);
  void differences(eval::Stack const& from);
  eval::Column& writable(model::LineId line);
  void tell(graph::VertexId source, eval::Box box);
  void mark(Reader const& reader, eval::Box box);
  void await(graph::VertexId vertex, std::uint32_t step);
  [[nodiscard]] eval::Box run(graph::VertexId vertex, eval::Box box);
  void sweep(plan::Step const& step);
  [[nodiscard]] graph::VertexId vertex_of(model::LineId line, std::uint32_t cell) const;

  model::Model const& model_;
  eval::Stack const& stack_;
  eval::Passes passes_;
  eval::Values columns_;
  std::vector<eval::Column*> targets_;  ///< the same, of those that are not shared
  std::vector<unsigned char> computed_; ///< by line
  eval::Evaluator evaluator_;
  std::vector<std::uint32_t> step_of_;      ///< by vertex: the step of the plan
  std::vector<Dirty> dirty_;                ///< by vertex
  std::vector<std::uint64_t> waiting_;      ///< a bit for each step of the plan that has to run
  std::uint32_t first_waiting_ = 0;         ///< no word before has a bit
  std::vector<std::uint32_t> first_reader_; ///< by vertex that is read
  std::vector<Reader> readers_;
  Work work_;
  std::uint64_t cells_before_ = 0;
};

} // namespace scn::recompute
