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
      compiled_(stack.graph.vertices.size()), runner_(std::make_unique<Runner>(model, columns_)) {}

Evaluator::~Evaluator() = default;

Evaluator::Compiled const& Evaluator::compiled(graph::VertexId id) {
  auto& slot = compiled_[id.value];
  if (slot != nullptr) return *slot;
  graph::Vertex const& vertex = stack_.graph.vertices[id.value];
  Winners const& winners = stack_.winners[vertex.line.value];
  slot = std::make_unique<Compiled>();
  slot->program = compile(model_, vertex.line, winners.all[vertex.winner]);
  const bool over_time = model_.line(vertex.line).over_time;
  slot->steps = over_time ? vertex.region.axes.back().runs() : std::vector<model::Run>{{0, 1}};
  bool all_members = true;
  auto const& dimensions = model_.line(vertex.line).dimensions;
  for (std::size_t d = 0; d < dimensions.size(); ++d)
    all_members = all_members
                  && vertex.region.axes[d].size() == model_.dimension(dimensions[d]).members.size();
  slot->whole = winners.of_cell.empty() || (vertex.exact && all_members);
  return *slot;
}

/// Computes the cells that a vertex wins within some steps and blocks.
void Evaluator::run_vertex(graph::VertexId id, Column& target, Blocks blocks, model::Run steps) {
  graph::Vertex const& vertex = stack_.graph.vertices[id.value];
  Compiled const& formula = compiled(id);
  Winners const& winners = stack_.winners[vertex.line.value];
  Shape const& shape = target.shape;
  blocks.end = std::min(blocks.end, shape.blocks);
  // Of those the blocks that hold any of its members.
  if (model_.line(vertex.line).dimensions.size() == 1) {
    blocks.begin = std::max(blocks.begin, vertex.region.axes[0].first() / shape.width);
    blocks.end = std::min(blocks.end, vertex.region.axes[0].last() / shape.width + 1);
  }
  const std::uint32_t tile_steps = std::max(1u, Runner::tile_size / shape.width);
  for (std::uint32_t block = blocks.begin; block < blocks.end; ++block)
    for (std::uint32_t done = 0; done < steps.size(); done += tile_steps) {
      const Tile tile{block, steps.begin + done, std::min(tile_steps, steps.size() - done)};
      const std::uint32_t lanes = shape.lanes_in(block);
      double* out = target.cells.data() + shape.block(block)
                    + static_cast<std::size_t>(tile.step) * shape.width;
      if (formula.whole && lanes == shape.width) {
        static_cast<void>(runner_->run(formula.program, tile, out));
        cells_ += static_cast<std::uint64_t>(tile.steps) * lanes;
        continue;
      }
      double const* values = runner_->run(formula.program, tile);
      if (formula.whole) {
        // Lanes that only fill up the block stay 0, so that columns can be compared as bytes.
        for (std::size_t s = 0; s < tile.steps; ++s)
          std::memcpy(out + s * shape.width, values + s * shape.width, lanes * sizeof(double));
        cells_ += static_cast<std::uint64_t>(tile.steps) * lanes;
        continue;
      }
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

void Evaluator::run(plan::Step const& step, Blocks blocks, std::vector<Column*> const& targets) {
  const auto target = [&](graph::VertexId v) -> Column& {
    return *targets[stack_.graph.vertices[v.value].line.value];
  };
  if (step.kind == plan::Step::Kind::at_once) {
    const graph::VertexId v = step.vertices[0];
    for (model::Run r : compiled(v).steps)
      run_vertex(v, target(v), blocks, r);
    return;
  }
  const int count = model_.calendar.count;
  for (int wave = 0; wave < step.waves; ++wave)
    for (std::size_t i = 0; i < step.vertices.size(); ++i) {
      const int forward = wave - step.offsets[i];
      const int at = step.backwards ? count - 1 - forward : forward;
      if (at < 0 || at >= count) continue;
      const graph::VertexId v = step.vertices[i];
      const auto now = static_cast<std::uint32_t>(at);
      if (!stack_.graph.vertices[v.value].region.axes.back().contains(now)) continue;
      run_vertex(v, target(v), blocks, {now, now + 1});
    }
}

void Evaluator::run(plan::Step const& step, std::vector<Column*> const& targets) {
  std::uint32_t blocks = 1;
  for (graph::VertexId v : step.vertices)
    blocks = std::max(blocks, targets[stack_.graph.vertices[v.value].line.value]->shape.blocks);
  run(step, {0, blocks}, targets);
}

void Evaluator::run_all(std::vector<Pass> const& passes, std::vector<Column*> const& targets) {
  for (Pass const& pass : passes) {
    if (pass.steps.size() == 1) {
      run(stack_.plan.steps[pass.steps[0]], targets);
      continue;
    }
    for (std::uint32_t block = 0; block < pass.blocks; ++block)
      for (std::uint32_t step : pass.steps)
        run(stack_.plan.steps[step], {block, block + 1}, targets);
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
  evaluator.run_all(make_passes(model, stack), targets);
  return {columns.begin(), columns.end()};
}

} // namespace scn::eval
