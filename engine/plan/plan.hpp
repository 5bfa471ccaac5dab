#pragma once

#include "engine/graph/graph.hpp"

#include <string>
#include <vector>

/// In which order formulas are evaluated.
namespace scn::plan {

/// One equation, all steps at once; or several that depend on one another, swept along time.
struct Step {
  enum class Kind : std::uint8_t { at_once, sweep };
  Kind kind = Kind::at_once;
  /// Of a sweep: in the order in which they are evaluated within one wave.
  std::vector<graph::VertexId> vertices;
  /// Of a sweep: vertex i is evaluated at step `wave - offset[i]`, or, backwards, at
  /// `count - 1 - (wave - offset[i])`.
  std::vector<int> offsets;
  bool backwards = false;
  int waves = 0;

  /// The step of a timeline of `count` at which vertex i is evaluated in a wave; it may lie
  /// outside.
  [[nodiscard]] int step_at(int wave, std::size_t i, int count) const {
    const int forward = wave - offsets[i];
    return backwards ? count - 1 - forward : forward;
  }
};

struct Plan {
  std::vector<Step> steps; ///< vertices of figures are in none
};

/// Orders the graph. A cycle is legal if every way around it goes back in time, or every way
/// forward, and if it starts somewhere; what is not is reported, with the loop, and left out.
[[nodiscard]] Plan make_plan(model::Model const& model, std::vector<model::Winners> const& winners,
                             graph::Graph const& graph, Diagnostics& diagnostics);

/// `scn show plan`.
[[nodiscard]] std::string dump(model::Model const& model,
                               std::vector<model::Winners> const& winners,
                               graph::Graph const& graph, Plan const& plan);

} // namespace scn::plan
