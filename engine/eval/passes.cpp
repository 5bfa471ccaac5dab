#include "engine/eval/evaluate.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

namespace scn::eval {

namespace {

class Grouper {
 public:
  Grouper(model::Model const& model, Stack const& stack)
      : model_(model), stack_(stack), step_of_(stack.graph.vertices.size(), none),
        shape_(stack.plan.steps.size()), waits_for_(stack.plan.steps.size(), 0),
        first_reader_(stack.plan.steps.size() + 1, 0), pass_of_(stack.plan.steps.size(), none) {}

  Passes run() {
    link();
    for (std::uint32_t step = 0; step < shape_.size(); ++step)
      if (waits_for_[step] == 0) ready(step);
    for (;;) {
      if (!alone_.empty()) {
        const std::uint32_t step = alone_.front();
        alone_.pop_front();
        open(1);
        add(step);
        continue;
      }
      const auto some =
          std::find_if(wide_.begin(), wide_.end(), [](auto const& w) { return !w.second.empty(); });
      if (some == wide_.end()) return std::move(out_);
      group(some->second);
    }
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// Which steps wait for which.
  void link() {
    auto const& steps = stack_.plan.steps;
    for (std::uint32_t i = 0; i < steps.size(); ++i)
      for (graph::VertexId v : steps[i].vertices)
        step_of_[v.value] = i;
    for (std::uint32_t i = 0; i < steps.size(); ++i) {
      shape_[i] = Shape::of(model_, line_of(steps[i].vertices[0]));
      bool same = true;
      for (graph::VertexId v : steps[i].vertices) {
        same = same && model_.lanes(line_of(v)) == shape_[i].lanes;
        for (graph::Edge const& e : stack_.graph.edges_of(v)) {
          const std::uint32_t source = step_of_[e.source.value];
          if (source == i) {
            same = same && in_lane(e);
          } else if (source != none) {
            ++first_reader_[source + 1];
            ++waits_for_[i];
          }
        }
      }
      // One that reaches over its lanes goes alone, whatever its lanes are.
      if (!same) shape_[i].blocks = 1;
    }
    for (std::size_t i = 1; i < first_reader_.size(); ++i)
      first_reader_[i] += first_reader_[i - 1];
    readers_.resize(first_reader_.back());
    std::vector<std::uint32_t> next(first_reader_.begin(), first_reader_.end() - 1);
    for (std::uint32_t i = 0; i < steps.size(); ++i)
      for (graph::VertexId v : steps[i].vertices)
        for (graph::Edge const& e : stack_.graph.edges_of(v))
          if (const std::uint32_t source = step_of_[e.source.value]; source != i && source != none)
            readers_[next[source]++] = i;
  }

  model::LineId line_of(graph::VertexId v) const { return stack_.graph.vertices[v.value].line; }

  bool in_lane(graph::Edge const& e) const {
    return e.map == graph::Edge::Map::same
           && model_.line(line_of(e.reader)).dimensions
                  == model_.line(line_of(e.source)).dimensions;
  }

  void ready(std::uint32_t step) {
    if (shape_[step].blocks == 1) {
      alone_.push_back(step);
    } else {
      wide_[shape_[step].lanes].push_back(step);
    }
  }

  void open(std::uint32_t blocks) {
    const auto at = static_cast<std::uint32_t>(out_.steps.size());
    out_.passes.push_back({at, at, blocks});
  }

  /// Puts a step into the pass at hand; who waited for it may be ready now.
  void add(std::uint32_t step) {
    out_.steps.push_back(step);
    ++out_.passes.back().end;
    pass_of_[step] = static_cast<std::uint32_t>(out_.passes.size() - 1);
    for (std::uint32_t r = first_reader_[step]; r < first_reader_[step + 1]; ++r)
      if (--waits_for_[readers_[r]] == 0) ready(readers_[r]);
  }

  /// Takes all that is ready, and what becomes so, as long as reads stay in their lanes.
  void group(std::deque<std::uint32_t>& queue) {
    open(shape_[queue.front()].blocks);
    std::vector<std::uint32_t> later;
    while (!queue.empty()) {
      const std::uint32_t step = queue.front();
      queue.pop_front();
      if (joins(step)) {
        add(step);
      } else {
        later.push_back(step);
      }
    }
    queue.assign(later.begin(), later.end());
  }

  bool joins(std::uint32_t step) const {
    for (graph::VertexId v : stack_.plan.steps[step].vertices)
      for (graph::Edge const& e : stack_.graph.edges_of(v)) {
        const std::uint32_t source = step_of_[e.source.value];
        if (source != none && source != step && pass_of_[source] + 1 == out_.passes.size()
            && !in_lane(e))
          return false;
      }
    return true;
  }

  model::Model const& model_;
  Stack const& stack_;
  std::vector<std::uint32_t> step_of_; ///< by vertex
  std::vector<Shape> shape_;
  std::vector<std::uint32_t> waits_for_; ///< how many reads of steps that have no place yet
  std::vector<std::uint32_t> first_reader_, readers_;
  std::vector<std::uint32_t> pass_of_;
  std::deque<std::uint32_t> alone_;
  std::map<std::uint32_t, std::deque<std::uint32_t>> wide_; ///< by lanes
  Passes out_;
};

} // namespace

Passes make_passes(model::Model const& model, Stack const& stack) {
  return Grouper(model, stack).run();
}

} // namespace scn::eval
