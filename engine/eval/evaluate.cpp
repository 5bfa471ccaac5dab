#include "engine/eval/evaluate.hpp"

#include "engine/eval/run.hpp"

#include <algorithm>
#include <cstring>

namespace scn::eval {

using model::LineId;
using model::Model;
using model::Winner;
using model::Winners;

Stack make_stack(Model const& model, std::vector<model::LayerId> layers, Diagnostics& diagnostics) {
  Stack stack;
  stack.layers = std::move(layers);
  stack.winners.reserve(model.lines.size());
  for (std::size_t i = 0; i < model.lines.size(); ++i)
    stack.winners.push_back(model::paint(model, LineId{i}, stack.layers));
  stack.graph = graph::connect(model, stack.winners);
  stack.plan = plan::make_plan(model, stack.winners, stack.graph, diagnostics);
  return stack;
}

Column initial_column(Model const& model, Stack const& stack, LineId line) {
  Column column;
  column.shape = Shape::of(model, line);
  Winners const& winners = stack.winners[line.value];
  if (winners.of_cell.empty()) {
    const double all = winners.all[0].kind == Winner::Kind::inapplicable
                           ? model::inapplicable_value()
                       : winners.all[0].kind == Winner::Kind::nothing ? model::unknown_value()
                                                                      : 0;
    column.cells.assign(column.shape.size(), all);
    if (winners.all[0].kind != Winner::Kind::facts) return column;
  } else {
    column.cells.assign(column.shape.size(), 0);
    const std::uint32_t steps = column.shape.steps;
    for (std::uint32_t lane = 0; lane < column.shape.lanes; ++lane)
      for (std::uint32_t step = 0; step < steps; ++step) {
        const auto kind = winners.winner(lane * steps + step).kind;
        if (kind == Winner::Kind::inapplicable)
          column.cells[column.shape.at(lane, step)] = model::inapplicable_value();
        else if (kind == Winner::Kind::nothing)
          column.cells[column.shape.at(lane, step)] = model::unknown_value();
      }
  }
  for (std::uint32_t w = 0; w < winners.all.size(); ++w) {
    if (winners.all[w].kind != Winner::Kind::facts || !winners.all[w].adjusted.empty()) continue;
    for (model::Facts::Fact const& fact : model.facts[winners.all[w].index].facts)
      if (winners.at(fact.cell) == w)
        column.cells[column.shape.at(fact.cell / column.shape.steps,
                                     fact.cell % column.shape.steps)] = fact.value;
  }
  return column;
}

Evaluator::Evaluator(Model const& model, Stack const& stack)
    : model_(model), stack_(stack), columns_(model.lines.size(), nullptr),
      runner_(std::make_unique<Runner>(model, columns_)) {}

Evaluator::~Evaluator() = default;

/// Computes the cells that a vertex wins within some steps.
void Evaluator::run_vertex(graph::VertexId id, Program const& program, Column& target,
                           std::uint32_t first_step, std::uint32_t steps) {
  graph::Vertex const& vertex = stack_.graph.vertices[id.value];
  Winners const& winners = stack_.winners[vertex.line.value];
  Shape const& shape = target.shape;
  // The blocks that hold any of its members.
  std::uint32_t first_block = 0;
  std::uint32_t last_block = shape.blocks - 1;
  if (model_.line(vertex.line).dimensions.size() == 1) {
    first_block = vertex.region.axes[0].first() / shape.width;
    last_block = vertex.region.axes[0].last() / shape.width;
  }
  const std::uint32_t tile_steps = std::max(1u, Runner::tile_size / shape.width);
  for (std::uint32_t block = first_block; block <= last_block; ++block)
    for (std::uint32_t done = 0; done < steps; done += tile_steps) {
      const Tile tile{block, first_step + done, std::min(tile_steps, steps - done)};
      double const* values = runner_->run(program, tile);
      double* out = target.cells.data() + shape.block(block)
                    + static_cast<std::size_t>(tile.step) * shape.width;
      if (winners.of_cell.empty()) {
        // Lanes that only fill up the block stay 0, so that columns can be compared as bytes.
        const std::uint32_t lanes = std::min(shape.width, shape.lanes - block * shape.width);
        for (std::size_t s = 0; s < tile.steps; ++s)
          std::memcpy(out + s * shape.width, values + s * shape.width, lanes * sizeof(double));
        cells_ += static_cast<std::uint64_t>(tile.steps) * lanes;
        continue;
      }
      const std::uint32_t lanes = std::min(shape.width, shape.lanes - block * shape.width);
      for (std::uint32_t s = 0; s < tile.steps; ++s)
        for (std::uint32_t l = 0; l < lanes; ++l) {
          const std::uint32_t cell = (block * shape.width + l) * shape.steps + tile.step + s;
          if (winners.of_cell[cell] != vertex.winner) continue;
          out[static_cast<std::size_t>(s) * shape.width + l] =
              values[static_cast<std::size_t>(s) * shape.width + l];
          ++cells_;
        }
    }
}

void Evaluator::run(plan::Step const& step, std::vector<Column*> const& targets) {
  std::vector<Program> programs;
  for (graph::VertexId v : step.vertices) {
    graph::Vertex const& vertex = stack_.graph.vertices[v.value];
    programs.push_back(
        compile(model_, vertex.line, stack_.winners[vertex.line.value].all[vertex.winner]));
  }
  const auto target = [&](std::size_t i) -> Column& {
    return *targets[stack_.graph.vertices[step.vertices[i].value].line.value];
  };
  const auto runs_of = [&](std::size_t i) -> std::vector<model::Run> {
    graph::Vertex const& vertex = stack_.graph.vertices[step.vertices[i].value];
    if (!model_.line(vertex.line).over_time) return {{0, 1}};
    return vertex.region.axes.back().runs();
  };
  if (step.kind == plan::Step::Kind::at_once) {
    for (model::Run r : runs_of(0))
      run_vertex(step.vertices[0], programs[0], target(0), r.begin, r.size());
    return;
  }
  const int count = model_.calendar.count;
  for (int wave = 0; wave < step.waves; ++wave)
    for (std::size_t i = 0; i < step.vertices.size(); ++i) {
      const int forward = wave - step.offsets[i];
      const int at = step.backwards ? count - 1 - forward : forward;
      if (at < 0 || at >= count) continue;
      graph::Vertex const& vertex = stack_.graph.vertices[step.vertices[i].value];
      if (!vertex.region.axes.back().contains(static_cast<std::uint32_t>(at))) continue;
      run_vertex(step.vertices[i], programs[i], target(i), static_cast<std::uint32_t>(at), 1);
    }
}

Values evaluate(Model const& model, Stack const& stack) {
  std::vector<std::shared_ptr<Column>> columns;
  std::vector<Column*> targets;
  Evaluator evaluator(model, stack);
  for (std::size_t i = 0; i < model.lines.size(); ++i) {
    columns.push_back(std::make_shared<Column>(initial_column(model, stack, LineId{i})));
    targets.push_back(columns.back().get());
    evaluator.attach(LineId{i}, columns.back().get());
  }
  for (plan::Step const& step : stack.plan.steps)
    evaluator.run(step, targets);
  return {columns.begin(), columns.end()};
}

} // namespace scn::eval
