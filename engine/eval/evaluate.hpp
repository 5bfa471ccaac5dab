#pragma once

#include "engine/eval/column.hpp"
#include "engine/eval/program.hpp"
#include "engine/eval/run.hpp"
#include "engine/graph/graph.hpp"
#include "engine/plan/plan.hpp"

#include <functional>
#include <memory>
#include <optional>
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

/// In which order and company the steps of a plan are run.
struct Passes {
  /// Steps that are run one block of lanes after the other, so that what one of them computes is
  /// still in the cache when the next reads it; or one step by itself.
  struct Pass {
    std::uint32_t begin, end; ///< of `steps`
    std::uint32_t blocks;
  };
  std::vector<std::uint32_t> steps; ///< indices into Plan::steps
  std::vector<Pass> passes;
};

/// Groups the steps of a plan: together go those over the same lanes whose reads of one another
/// stay in the lane.
[[nodiscard]] Passes make_passes(model::Model const& model, Stack const& stack);

/// Evaluates the steps of a plan into columns that it is given.
class Evaluator {
 public:
  /// `once`: each step will be run once, so that no program has to be kept of those that are run
  /// by themselves.
  Evaluator(model::Model const& model, Stack const& stack, bool once = false);
  ~Evaluator();

  /// Which columns formulas read. The writable ones among them are those being computed.
  void attach(model::LineId line, Column const* column) { columns_[line.value] = column; }
  /// Computes the cells of a box that a vertex wins; gives the box around those that changed.
  /// `through` are the lanes in which something changed that its aggregations run over; sums over
  /// the others are kept, unless it says that none were. `writable` gives the line's column to
  /// write into, and is asked for it only where something changes.
  Box rerun(graph::VertexId vertex, Box box, std::function<Column&()> const& writable,
            Keep through);
  /// From now on a cell keeps a value, whatever its formula gives.
  void pin(model::LineId line, std::uint32_t lane, std::uint32_t step, double value);
  /// Keeps the sums over all members for rerun().
  void keep_sums() { keeps_sums_ = true; }
  /// Does a vertex take sums over all members, of one dimension?
  [[nodiscard]] std::optional<model::DimensionId> sums_over(graph::VertexId vertex);
  /// Computes all steps into `targets`, by line, on several threads where blocks are independent of
  /// one another. The bits are the same for any number of threads.
  void run_all(Passes const& passes, std::vector<Column*> const& targets);
  /// How many threads run_all() may use; one if nothing is said.
  void use_threads(unsigned n);
  /// Cells computed so far.
  [[nodiscard]] std::uint64_t cells() const;

 private:
  /// Blocks begin … end - 1.
  struct Blocks {
    std::uint32_t begin, end;
  };
  /// What is known of an equation before it is run.
  struct Compiled {
    Program program;
    bool whole = false; ///< it wins all lanes of the steps that it wins any of
    std::vector<model::Run> steps;
    std::vector<Kept> kept; ///< by Program::across
  };
  /// A vertex of a sweep, ready to be run.
  struct Part {
    graph::VertexId vertex;
    Compiled* formula;
    std::vector<unsigned char> wins; ///< by step of the line
  };
  struct Pin {
    std::uint32_t lane, step;
    double value;
  };
  /// The cells of a line that are pinned; null if none is.
  [[nodiscard]] std::vector<Pin> const* pins_of(model::LineId line) const;
  std::vector<Part> const& parts_of(plan::Step const& sweep);
  Compiled& compiled(graph::VertexId vertex);
  void compile(graph::VertexId vertex, Compiled& out);
  /// What a thread needs for itself.
  struct Worker {
    Worker(model::Model const& model, std::vector<Column const*> const& columns)
        : runner(model, columns) {}
    Runner runner;
    std::uint64_t cells = 0;
  };
  void run(plan::Step const& step, std::vector<Column*> const& targets);
  void run(Worker& worker, plan::Step const& step, Blocks blocks,
           std::vector<Column*> const& targets);
  void run_vertex(Worker& worker, graph::VertexId vertex, Compiled& formula, Column& target,
                  Blocks blocks, model::Run steps);
  void run_blocks(Passes const& passes, Passes::Pass pass, std::vector<Column*> const& targets);
  [[nodiscard]] bool stays_in_blocks(Passes const& passes, Passes::Pass pass);

  model::Model const& model_;
  Stack const& stack_;
  std::vector<Column const*> columns_;
  bool once_;
  Compiler compiler_;
  std::vector<std::unique_ptr<Compiled>> compiled_; ///< by vertex
  Compiled passing_;                                ///< of a step that is run once
  std::vector<std::vector<Part>> parts_;            ///< by step of the plan
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::vector<Pin>> pins_; ///< by line; empty if there are none at all
  bool keeps_sums_ = false;
};

/// Evaluates everything; says how many cells that were, if somebody wants to know.
[[nodiscard]] Values evaluate(model::Model const& model, Stack const& stack,
                              std::uint64_t* cells = nullptr);

} // namespace scn::eval
