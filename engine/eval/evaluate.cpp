#include "engine/eval/evaluate.hpp"

#include "engine/eval/run.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <thread>

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

Evaluator::Evaluator(Model const& model, Stack const& stack, bool once)
    : model_(model), stack_(stack), columns_(model.lines.size(), nullptr), once_(once),
      compiler_(model), compiled_(once ? 0 : stack.graph.vertices.size()),
      parts_(once ? 0 : stack.plan.steps.size()) {
  use_threads(1);
}

Evaluator::~Evaluator() = default;

void Evaluator::use_threads(unsigned n) {
  while (workers_.size() < std::max(1u, n))
    workers_.push_back(std::make_unique<Worker>(model_, columns_));
}

std::uint64_t Evaluator::cells() const {
  std::uint64_t n = 0;
  for (auto const& w : workers_)
    n += w->cells;
  return n;
}

Evaluator::Compiled& Evaluator::compiled(graph::VertexId id) {
  if (compiled_.empty()) compiled_.resize(stack_.graph.vertices.size());
  auto& slot = compiled_[id.value];
  if (slot == nullptr) {
    slot = std::make_unique<Compiled>();
    compile(id, *slot);
  }
  return *slot;
}

void Evaluator::compile(graph::VertexId id, Compiled& out) {
  graph::Vertex const& vertex = stack_.graph.vertices[id.value];
  Winners const& winners = stack_.winners[vertex.line.value];
  compiler_.run(vertex.line, winners.all[vertex.winner], out.program);
  out.steps.clear();
  if (model_.line(vertex.line).over_time) {
    out.steps = vertex.region.axes.back().runs();
  } else {
    out.steps.push_back({0, 1});
  }
  out.kept.clear();
  out.kept.resize(out.program.across.size());
  bool all_members = true;
  auto const& dimensions = model_.line(vertex.line).dimensions;
  for (std::size_t d = 0; d < dimensions.size(); ++d)
    all_members = all_members
                  && vertex.region.axes[d].size() == model_.dimension(dimensions[d]).members.size();
  out.whole = winners.of_cell.empty() || (vertex.exact && all_members);
}

/// Computes the cells that a vertex wins within some steps and blocks.
void Evaluator::run_vertex(Worker& worker, graph::VertexId id, Compiled& formula, Column& target,
                           Blocks blocks, model::Run steps) {
  graph::Vertex const& vertex = stack_.graph.vertices[id.value];
  const Keep keep{&formula.kept, keeps_sums_};
  if (blocks.begin == 0)
    for (Kept& k : formula.kept)
      k.ranked.clear();
  Winners const& winners = stack_.winners[vertex.line.value];
  Shape const& shape = target.shape;
  std::vector<Pin> const* pins = pins_of(vertex.line);
  blocks.end = std::min(blocks.end, shape.blocks);
  // Of those the blocks that hold any of its members.
  if (shape.blocks > 1 && formula.program.dimensions.size() == 1) {
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
      const bool direct = formula.whole && lanes == shape.width;
      double const* values = worker.runner.run(formula.program, tile, direct ? out : nullptr, keep);
      if (formula.whole) {
        // Lanes that only fill up the block stay 0, so that columns can be compared as bytes.
        for (std::size_t s = 0; !direct && s < tile.steps; ++s)
          std::memcpy(out + s * shape.width, values + s * shape.width, lanes * sizeof(double));
        worker.cells += static_cast<std::uint64_t>(tile.steps) * lanes;
      } else {
        for (std::uint32_t s = 0; s < tile.steps; ++s)
          for (std::uint32_t l = 0; l < lanes; ++l) {
            const std::uint32_t cell = (block * shape.width + l) * shape.steps + tile.step + s;
            if (winners.of_cell[cell] != vertex.winner) continue;
            out[static_cast<std::size_t>(s) * shape.width + l] =
                values[static_cast<std::size_t>(s) * shape.width + l];
            ++worker.cells;
          }
      }
      if (pins == nullptr) continue;
      const std::uint32_t first = block * shape.width;
      const Box box{first, first + lanes, tile.step, tile.step + tile.steps};
      for (Pin const& pin : *pins)
        if (box.contains(pin.lane, pin.step))
          target.cells[shape.at(pin.lane, pin.step)] = pin.value;
    }
}

std::vector<Evaluator::Pin> const* Evaluator::pins_of(LineId line) const {
  return pins_.empty() || pins_[line.value].empty() ? nullptr : &pins_[line.value];
}

void Evaluator::pin(LineId line, std::uint32_t lane, std::uint32_t step, double value) {
  pins_.resize(model_.lines.size());
  auto& pins = pins_[line.value];
  const auto known = std::find_if(pins.begin(), pins.end(),
                                  [&](Pin const& p) { return p.lane == lane && p.step == step; });
  if (known != pins.end()) {
    known->value = value;
  } else {
    pins.push_back({lane, step, value});
  }
}

namespace {

bool same_bits(double const* a, double const* b, std::size_t n) {
  // Most changes are of one cell, for which a call would cost more than the comparison.
  return n == 1 ? std::bit_cast<std::uint64_t>(*a) == std::bit_cast<std::uint64_t>(*b)
                : std::memcmp(a, b, n * sizeof(double)) == 0;
}

} // namespace

Box Evaluator::rerun(graph::VertexId id, Box box, std::function<Column&()> const& writable,
                     Keep through) {
  graph::Vertex const& vertex = stack_.graph.vertices[id.value];
  Compiled& formula = compiled(id);
  Worker& worker = *workers_[0];
  Winners const& winners = stack_.winners[vertex.line.value];
  Column const* column = columns_[vertex.line.value];
  Shape const& shape = column->shape;
  through.kept = &formula.kept;
  through.sums = keeps_sums_;
  for (Kept& k : formula.kept)
    k.ranked.clear();
  std::vector<Pin> const* pins = pins_of(vertex.line);
  // Of a row that came out otherwise, does the vertex give this cell its value?
  const auto gives = [&](std::uint32_t lane, std::uint32_t step) {
    return (formula.whole || winners.of_cell[lane * shape.steps + step] == vertex.winner)
           && (pins == nullptr || std::none_of(pins->begin(), pins->end(), [&](Pin const& p) {
                 return p.lane == lane && p.step == step;
               }));
  };
  Box changed;
  Column* own = nullptr;
  for (model::Run run : formula.steps) {
    const std::uint32_t begin = std::max(run.begin, box.step_begin);
    const std::uint32_t end = std::min(run.end, box.step_end);
    for (std::uint32_t lane = box.lane_begin; begin < end && lane < box.lane_end;) {
      const std::uint32_t block = shape.block_of(lane);
      const std::uint32_t first = lane - block * shape.width;
      const std::uint32_t lanes = std::min(shape.lanes_in(block) - first, box.lane_end - lane);
      const std::uint32_t rows =
          lanes == 1 ? Runner::tile_size : std::max(1u, Runner::tile_size / lanes);
      for (std::uint32_t step = begin; step < end; step += rows) {
        const std::uint32_t n = std::min(rows, end - step);
        double const* values =
            worker.runner.run(formula.program, {block, step, n, first, lanes}, nullptr, through);
        std::size_t at = shape.block(block) + std::size_t{step} * shape.width + first;
        for (std::uint32_t s = 0; s < n; ++s, at += shape.width) {
          double const* row = values + std::size_t{s} * lanes;
          for (std::uint32_t l = 0; l < (formula.whole ? 0 : lanes); ++l)
            worker.cells += gives(lane + l, step + s) ? 1 : 0;
          if (same_bits(row, column->cells.data() + at, lanes)) continue;
          for (std::uint32_t l = 0; l < lanes; ++l) {
            if (same_bits(row + l, column->cells.data() + at + l, 1)) continue;
            if (!gives(lane + l, step + s)) continue;
            if (own == nullptr) column = own = &writable();
            own->cells[at + l] = row[l];
            changed.unite({lane + l, lane + l + 1, step + s, step + s + 1});
          }
        }
        if (formula.whole) worker.cells += std::uint64_t{n} * lanes;
      }
      lane += lanes;
    }
  }
  return changed;
}

std::optional<model::DimensionId> Evaluator::sums_over(graph::VertexId id) {
  Program const& program = compiled(id).program;
  if (program.across.empty()) return std::nullopt;
  const model::DimensionId dimension = program.across[0].body.dimensions[0];
  for (Across const& a : program.across)
    if (a.body.dimensions[0] != dimension) return std::nullopt;
  return dimension;
}

void Evaluator::run(Worker& worker, plan::Step const& step, Blocks blocks,
                    std::vector<Column*> const& targets) {
  const auto target = [&](graph::VertexId v) -> Column& {
    return *targets[stack_.graph.vertices[v.value].line.value];
  };
  if (step.kind == plan::Step::Kind::at_once) {
    const graph::VertexId v = step.vertices[0];
    Compiled& formula = compiled(v);
    for (model::Run r : formula.steps)
      run_vertex(worker, v, formula, target(v), blocks, r);
    return;
  }
  const int count = model_.calendar.count;
  std::vector<Part> const& parts = parts_of(step);
  for (int wave = 0; wave < step.waves; ++wave)
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Part const& part = parts[i];
      const int at = step.step_at(wave, i, count);
      if (at < 0 || at >= count || part.wins[static_cast<std::size_t>(at)] == 0) continue;
      const auto now = static_cast<std::uint32_t>(at);
      run_vertex(worker, part.vertex, *part.formula, target(part.vertex), blocks, {now, now + 1});
    }
}

std::vector<Evaluator::Part> const& Evaluator::parts_of(plan::Step const& sweep) {
  if (parts_.empty()) parts_.resize(stack_.plan.steps.size());
  auto& parts = parts_[static_cast<std::size_t>(&sweep - stack_.plan.steps.data())];
  if (!parts.empty()) return parts;
  for (graph::VertexId v : sweep.vertices) {
    parts.push_back({v, &compiled(v), {}});
    parts.back().wins.assign(model_.steps(stack_.graph.vertices[v.value].line), 0);
    for (model::Run r : parts.back().formula->steps)
      std::fill(parts.back().wins.begin() + r.begin, parts.back().wins.begin() + r.end, 1);
  }
  return parts;
}

void Evaluator::run(plan::Step const& step, std::vector<Column*> const& targets) {
  std::uint32_t blocks = 1;
  for (graph::VertexId v : step.vertices)
    blocks = std::max(blocks, targets[stack_.graph.vertices[v.value].line.value]->shape.blocks);
  run(*workers_[0], step, {0, blocks}, targets);
}

void Evaluator::run_all(Passes const& passes, std::vector<Column*> const& targets) {
  for (Passes::Pass const& pass : passes.passes) {
    plan::Step const& first = stack_.plan.steps[passes.steps[pass.begin]];
    if (pass.end - pass.begin > 1) {
      run_blocks(passes, pass, targets);
    } else if (once_ && first.kind == plan::Step::Kind::at_once) {
      const graph::VertexId v = first.vertices[0];
      compile(v, passing_);
      Column& target = *targets[stack_.graph.vertices[v.value].line.value];
      for (model::Run r : passing_.steps)
        run_vertex(*workers_[0], v, passing_, target, {0, target.shape.blocks}, r);
    } else {
      run(first, targets);
    }
  }
}

/// Do all steps of a pass leave other blocks alone? Ranks sort the values of all of them.
bool Evaluator::stays_in_blocks(Passes const& passes, Passes::Pass pass) {
  for (std::uint32_t i = pass.begin; i < pass.end; ++i) {
    plan::Step const& step = stack_.plan.steps[passes.steps[i]];
    // Whatever threads share is made before they begin.
    if (step.kind == plan::Step::Kind::sweep) static_cast<void>(parts_of(step));
    for (graph::VertexId v : step.vertices)
      if (!compiled(v).program.across.empty()) return false;
  }
  return true;
}

void Evaluator::run_blocks(Passes const& passes, Passes::Pass pass,
                           std::vector<Column*> const& targets) {
  const auto some = [&](Worker& worker, Blocks blocks) {
    for (std::uint32_t block = blocks.begin; block < blocks.end; ++block)
      for (std::uint32_t step = pass.begin; step < pass.end; ++step)
        run(worker, stack_.plan.steps[passes.steps[step]], {block, block + 1}, targets);
  };
  // A thread costs about as much as a few blocks.
  constexpr std::uint32_t enough = 8;
  const auto n =
      std::min<std::uint32_t>(static_cast<std::uint32_t>(workers_.size()), pass.blocks / enough);
  if (n < 2 || !stays_in_blocks(passes, pass)) return some(*workers_[0], {0, pass.blocks});
  std::vector<std::thread> threads;
  for (std::uint32_t i = 1; i < n; ++i)
    threads.emplace_back([&, i] {
      some(*workers_[i], {pass.blocks * i / n, pass.blocks * (i + 1) / n});
    });
  some(*workers_[0], {0, pass.blocks / n});
  for (std::thread& t : threads)
    t.join();
}

Values evaluate(Model const& model, Stack const& stack, std::uint64_t* cells) {
  std::vector<std::shared_ptr<Column>> columns;
  std::vector<Column*> targets;
  Evaluator evaluator(model, stack, true);
  for (std::size_t i = 0; i < model.lines.size(); ++i) {
    columns.push_back(std::make_shared<Column>(initial_column(model, stack, LineId{i})));
    targets.push_back(columns.back().get());
    evaluator.attach(LineId{i}, columns.back().get());
  }
  evaluator.run_all(make_passes(model, stack), targets);
  if (cells != nullptr) *cells = evaluator.cells();
  return {columns.begin(), columns.end()};
}

} // namespace scn::eval
