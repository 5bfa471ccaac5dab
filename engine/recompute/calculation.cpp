#include "engine/recompute/calculation.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace scn::recompute {

using eval::Box;
using graph::Edge;
using graph::VertexId;
using model::LineId;

Calculation::Calculation(model::Model const& model, eval::Stack const& stack)
    : model_(model), stack_(stack), targets_(model.lines.size(), nullptr),
      computed_(model.lines.size(), 0), evaluator_(model, stack),
      dirty_(stack.graph.vertices.size()), waiting_(stack.plan.steps.size() / 64 + 1, 0),
      first_reader_(stack.graph.vertices.size() + 1, 0) {
  evaluator_.keep_sums();
  for (std::size_t i = 0; i < model.lines.size(); ++i) {
    auto column = std::make_shared<eval::Column>(eval::initial_column(model, stack, LineId{i}));
    targets_[i] = column.get();
    columns_.push_back(std::move(column));
    evaluator_.attach(LineId{i}, targets_[i]);
  }
  link(true);
  recalculate();
}

Calculation::Calculation(model::Model const& model, eval::Stack const& stack,
                         eval::Stack const& from, eval::Values const& values)
    : model_(model), stack_(stack), columns_(values), targets_(model.lines.size(), nullptr),
      computed_(model.lines.size(), 0), evaluator_(model, stack),
      dirty_(stack.graph.vertices.size()), waiting_(stack.plan.steps.size() / 64 + 1, 0),
      first_reader_(stack.graph.vertices.size() + 1, 0) {
  for (std::size_t i = 0; i < model.lines.size(); ++i)
    evaluator_.attach(LineId{i}, columns_[i].get());
  // The sums of an aggregation would be taken once and not again.
  link(false);
  differences(from);
  update();
}

/// What other equations or figures give than in another stack.
void Calculation::differences(eval::Stack const& from) {
  bool lost = false; // does nothing give a cell its value any more?
  for (std::uint32_t i = 0; i < model_.lines.size(); ++i) {
    model::Winners const& before = from.winners[i];
    model::Winners const& now = stack_.winners[i];
    if (before == now) continue;
    const LineId line{i};
    const eval::Shape shape = columns_[i]->shape;
    std::vector<VertexId> vertices(now.all.size());
    auto const& first = stack_.graph.first_vertex;
    for (std::uint32_t v = first[i]; v < first[i + 1]; ++v)
      vertices[stack_.graph.vertices[v].winner] = VertexId{v};
    std::vector<Box> figures(now.all.size());
    for (std::uint32_t lane = 0; lane < shape.lanes; ++lane)
      for (std::uint32_t step = 0; step < shape.steps; ++step) {
        const std::uint32_t cell = lane * shape.steps + step;
        model::Winner const& winner = now.winner(cell);
        if (before.winner(cell) == winner) continue;
        const VertexId vertex = vertices[now.at(cell)];
        const Box box{lane, lane + 1, step, step + 1};
        if (vertex.valid() && stack_.graph.vertices[vertex.value].formula) {
          if (step_of_[vertex.value] == none) continue;
          dirty_[vertex.value].box.unite(box);
          dirty_[vertex.value].lane_end = none;
          await(vertex, step_of_[vertex.value]);
          continue;
        }
        double value = winner.kind == model::Winner::Kind::inapplicable
                           ? model::inapplicable_value()
                           : model::unknown_value();
        if (winner.kind == model::Winner::Kind::facts)
          if (auto const* fact = model::fact_at(model_.facts[winner.index], cell))
            value = fact->value;
        lost = lost || !vertex.valid();
        computed_[i] = 1;
        const std::size_t at = shape.at(lane, step);
        if (std::memcmp(&columns_[i]->cells[at], &value, sizeof value) == 0) continue;
        writable(line).cells[at] = value;
        figures[now.at(cell)].unite(box);
      }
    for (std::size_t w = 0; w < figures.size(); ++w)
      if (!figures[w].empty() && vertices[w].valid()) tell(vertices[w], figures[w]);
  }
  if (!lost) return;
  // No edge leads to such a cell, so nobody knows who read it.
  for (std::uint32_t v = 0; v < step_of_.size(); ++v) {
    if (step_of_[v] == none) continue;
    eval::Shape const& shape = columns_[stack_.graph.vertices[v].line.value]->shape;
    dirty_[v].box = {0, shape.lanes, 0, shape.steps};
    dirty_[v].lane_end = none;
    await(VertexId{v}, step_of_[v]);
  }
}

eval::Column& Calculation::writable(LineId line) {
  if (targets_[line.value] == nullptr) {
    auto own = std::make_shared<eval::Column>(*columns_[line.value]);
    targets_[line.value] = own.get();
    columns_[line.value] = std::move(own);
    evaluator_.attach(line, targets_[line.value]);
  }
  return *targets_[line.value];
}

void Calculation::recalculate() {
  if (passes_.steps.empty()) passes_ = eval::make_passes(model_, stack_);
  for (std::size_t i = 0; i < columns_.size(); ++i)
    writable(LineId{i});
  evaluator_.run_all(passes_, targets_);
}

/// Sorts the edges of the graph by what is read.
void Calculation::link(bool sums) {
  auto const& vertices = stack_.graph.vertices;
  step_of_.assign(vertices.size(), none);
  for (std::uint32_t i = 0; i < stack_.plan.steps.size(); ++i)
    for (VertexId v : stack_.plan.steps[i].vertices)
      step_of_[v.value] = i;
  std::vector<std::pair<std::uint32_t, Reader>> all;
  for (Edge const& e : stack_.graph.edges) {
    if (step_of_[e.reader.value] == none) continue;
    graph::Vertex const& reader = vertices[e.reader.value];
    model::Line const& own = model_.line(reader.line);
    model::Line const& read = model_.line(vertices[e.source.value].line);
    Reader r{};
    r.vertex = e.reader;
    r.step = step_of_[e.reader.value];
    r.lag_min = e.lag_min;
    r.lag_max = e.lag_max;
    r.lane_end = columns_[reader.line.value]->shape.lanes;
    if (own.dimensions.size() == 1) {
      r.lane_begin = reader.region.axes[0].first();
      r.lane_end = reader.region.axes[0].last() + 1;
    }
    if (own.over_time) {
      r.first = reader.region.axes.back().first();
      r.last = reader.region.axes.back().last();
    }
    r.in_lane = e.map == Edge::Map::same && own.dimensions == read.dimensions;
    r.in_time = own.over_time && read.over_time && !e.absolute && !e.computed_time;
    r.sums = sums && e.map == Edge::Map::all && read.dimensions.size() == 1
             && evaluator_.sums_over(e.reader) == read.dimensions[0];
    all.emplace_back(e.source.value, r);
  }
  // A formula that reads the same cells twice is told once.
  std::stable_sort(all.begin(), all.end(),
                   [](auto const& a, auto const& b) { return a.first < b.first; });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (auto const& [source, reader] : all) {
    ++first_reader_[source + 1];
    readers_.push_back(reader);
  }
  for (std::size_t v = 1; v < first_reader_.size(); ++v)
    first_reader_[v] += first_reader_[v - 1];
}

VertexId Calculation::vertex_of(LineId line, std::uint32_t cell) const {
  const std::uint32_t winner = stack_.winners[line.value].at(cell);
  auto const& first = stack_.graph.first_vertex;
  for (std::uint32_t v = first[line.value]; v < first[line.value + 1]; ++v)
    if (stack_.graph.vertices[v].winner == winner) return VertexId{v};
  return {};
}

bool Calculation::set(LineId line, std::uint32_t lane, std::uint32_t step, double value) {
  const VertexId vertex = vertex_of(line, lane * columns_[line.value]->shape.steps + step);
  if (!vertex.valid()) return false;
  eval::Column& column = writable(line);
  double& cell = column.cells[column.shape.at(lane, step)];
  // What a formula gives would come back with the next change of what it reads.
  if (stack_.graph.vertices[vertex.value].formula) evaluator_.pin(line, lane, step, value);
  if (std::memcmp(&cell, &value, sizeof value) == 0) return true;
  cell = value;
  ++work_.set;
  tell(vertex, {lane, lane + 1, step, step + 1});
  return true;
}

/// Tells everybody who reads a box of cells.
void Calculation::tell(VertexId source, Box box) {
  for (std::uint32_t r = first_reader_[source.value]; r < first_reader_[source.value + 1]; ++r)
    mark(readers_[r], box);
}

void Calculation::mark(Reader const& r, Box box) {
  Dirty& dirty = dirty_[r.vertex.value];
  std::int64_t first = r.first;
  std::int64_t last = r.last;
  if (r.in_time) {
    first = std::max(first, std::int64_t{box.step_begin} + r.lag_min);
    last = std::min(last, std::int64_t{box.step_end} - 1 + r.lag_max);
    if (first > last) return;
  }
  const Box to{r.in_lane ? std::max(box.lane_begin, r.lane_begin) : r.lane_begin,
               r.in_lane ? std::min(box.lane_end, r.lane_end) : r.lane_end,
               static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last) + 1};
  if (to.empty()) return;
  const std::uint32_t begin = r.sums ? box.lane_begin : 0;
  const std::uint32_t end = r.sums ? box.lane_end : none;
  dirty.lane_begin = dirty.box.empty() ? begin : std::min(dirty.lane_begin, begin);
  dirty.lane_end = dirty.box.empty() ? end : std::max(dirty.lane_end, end);
  dirty.box.unite(to);
  await(r.vertex, r.step);
}

/// A vertex has to run, as part of a step of the plan.
void Calculation::await(VertexId vertex, std::uint32_t step) {
  computed_[stack_.graph.vertices[vertex.value].line.value] = 1;
  waiting_[step / 64] |= std::uint64_t{1} << (step % 64);
  first_waiting_ = std::min(first_waiting_, step / 64);
}

void Calculation::update() {
  // Who reads comes behind what it reads, so one way through the plan is enough.
  for (; first_waiting_ < waiting_.size(); ++first_waiting_) {
    const std::uint32_t word = first_waiting_;
    while (waiting_[word] != 0) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(waiting_[word]));
      plan::Step const& step = stack_.plan.steps[word * 64 + bit];
      if (step.kind == plan::Step::Kind::sweep) {
        sweep(step);
      } else {
        const VertexId v = step.vertices[0];
        const Box box = std::exchange(dirty_[v.value].box, {});
        if (const Box out = run(v, box); !out.empty()) tell(v, out);
      }
      waiting_[word] &= ~(std::uint64_t{1} << bit);
    }
  }
}

Box Calculation::run(VertexId vertex, Box box) {
  const LineId line = stack_.graph.vertices[vertex.value].line;
  Dirty const& dirty = dirty_[vertex.value];
  const Box out = evaluator_.rerun(vertex, box, [&]() -> eval::Column& { return writable(line); },
                                   {nullptr, false, dirty.lane_begin, dirty.lane_end});
  work_.changed += std::uint64_t{out.lane_end - out.lane_begin} * (out.step_end - out.step_begin);
  work_.cut_off += out.empty() ? 1 : 0;
  return out;
}

/// Mutually dependent vertices, wave by wave from the first that has to run. Each step is taken off
/// a vertex's box before it runs: what its change does to later ones comes back as another mark.
void Calculation::sweep(plan::Step const& step) {
  const int count = model_.calendar.count;
  int first = step.waves;
  for (std::size_t i = 0; i < step.vertices.size(); ++i) {
    Box const& box = dirty_[step.vertices[i].value].box;
    if (box.empty()) continue;
    const int at = static_cast<int>(step.backwards ? box.step_end - 1 : box.step_begin);
    first = std::min(first, (step.backwards ? count - 1 - at : at) + step.offsets[i]);
  }
  for (int wave = std::max(first, 0); wave < step.waves; ++wave)
    for (std::size_t i = 0; i < step.vertices.size(); ++i) {
      const VertexId v = step.vertices[i];
      Dirty& dirty = dirty_[v.value];
      if (dirty.box.empty()) continue;
      const int at = step.step_at(wave, i, count);
      if (at < 0 || at >= count) continue;
      const auto now = static_cast<std::uint32_t>(at);
      if (now < dirty.box.step_begin || now >= dirty.box.step_end) continue;
      Box box = dirty.box;
      box.step_begin = now;
      box.step_end = now + 1;
      if (step.backwards) {
        dirty.box.step_end = now;
      } else {
        dirty.box.step_begin = now + 1;
      }
      if (const Box out = run(v, box); !out.empty()) tell(v, out);
    }
  for (VertexId v : step.vertices)
    dirty_[v.value].box = {};
}

Calculation::Work Calculation::take_work() {
  Work out = std::exchange(work_, {});
  out.computed = evaluator_.cells() - std::exchange(cells_before_, evaluator_.cells());
  return out;
}

} // namespace scn::recompute
