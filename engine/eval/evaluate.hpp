#pragma once

#include "engine/eval/column.hpp"
#include "engine/eval/program.hpp"
#include "engine/graph/graph.hpp"
#include "engine/plan/plan.hpp"

#include <vector>

namespace scn::eval {

/// A stack of layers, finished: who wins on each cell, what depends on what, and in which order it
/// is evaluated.
struct Stack {
  std::vector<model::LayerId> layers;
  std::vector<model::Winners> winners; ///< by line
  graph::Graph graph;
  plan::Plan plan;
};

/// Lays the layers over one another. Cycles that are not legal are reported.
[[nodiscard]] Stack make_stack(model::Model const& model, std::vector<model::LayerId> layers,
                               Diagnostics& diagnostics);

/// A column before any formula: figures where they win, everything else unknown or not applying.
[[nodiscard]] Column initial_column(model::Model const& model, Stack const& stack,
                                    model::LineId line);

class Runner;

/// Evaluates the steps of a plan, one at a time, into columns that it is given.
class Evaluator {
 public:
  Evaluator(model::Model const& model, Stack const& stack);
  ~Evaluator();

  /// Which columns formulas read. The writable ones among them are those being computed.
  void attach(model::LineId line, Column const* column) { columns_[line.value] = column; }
  /// Computes one step; every line that it gives values to must be in `targets`.
  void run(plan::Step const& step, std::vector<Column*> const& targets);
  /// Cells computed so far.
  [[nodiscard]] std::uint64_t cells() const { return cells_; }

 private:
  void run_vertex(graph::VertexId vertex, Program const& program, Column& target,
                  std::uint32_t first_step, std::uint32_t steps);

  model::Model const& model_;
  Stack const& stack_;
  std::vector<Column const*> columns_;
  std::unique_ptr<Runner> runner_;
  std::uint64_t cells_ = 0;
};

/// Evaluates everything.
[[nodiscard]] Values evaluate(model::Model const& model, Stack const& stack);

} // namespace scn::eval
