#include "engine/eval/run.hpp"

#include "engine/eval/gather.hpp"
#include "engine/eval/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace scn::eval {

using model::Index;
using model::NodeKind;

double const* Runner::run(Program const& program, Tile tile) {
  program_ = &program;
  tile_ = tile;
  width_ = program.shape.width;
  n_ = width_ * tile.steps;
  stride_ = std::max(stride_, static_cast<std::size_t>(n_));
  const std::size_t needed = stride_ * program.registers;
  if (registers_.size() < needed) registers_.resize(needed);
  range(0, static_cast<std::uint32_t>(program.code.size()));
  return reg(program.result);
}

void Runner::range(std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t i = begin; i < end; ++i) {
    Instruction const& instruction_ = program_->code[i];
    if (instruction_.op == Instruction::Op::loop) {
      LoopInstruction const& l = program_->loops[instruction_.payload];
      loop(l, reg(instruction_.out));
      i = l.end - 1;
    } else {
      instruction(instruction_);
    }
  }
}

void Runner::fill(double* out, double value) { std::fill_n(out, n_, value); }

void Runner::instruction(Instruction const& i) {
  double* out = reg(i.out);
  switch (i.op) {
  case Instruction::Op::constant: return fill(out, model_.formulas.figures[i.payload].value);
  case Instruction::Op::empty:
    return fill(out, i.aux == 1 ? model::inapplicable_value() : model::unknown_value());
  case Instruction::Op::read: return read(program_->reads[i.payload], out);
  case Instruction::Op::figures: return figures(i.payload, out);
  case Instruction::Op::member:
  case Instruction::Op::step:
    return index_value(program_->indices[i.payload], i.op == Instruction::Op::step, out);
  case Instruction::Op::loop: return;
  case Instruction::Op::node: break;
  }
  switch (i.kind) {
  case NodeKind::negate:
  case NodeKind::logical_not:
  case NodeKind::is_known: return unary(i.kind, out, reg(i.a), n_);
  case NodeKind::native: {
    const auto operand = [&](Register r) { return r == no_register ? nullptr : reg(r); };
    return native(static_cast<model::Native>(i.aux), out, reg(i.a), operand(i.b), operand(i.c), n_);
  }
  case NodeKind::choose: return choose(out, reg(i.a), reg(i.b), reg(i.c), n_);
  case NodeKind::near:
  case NodeKind::below_near:
    return near(out, reg(i.a), reg(i.b), reg(i.c), i.aux == 1, i.kind == NodeKind::below_near, n_);
  case NodeKind::in_set: return in_set(out, reg(i.a), model_.formulas.sets[i.payload], n_);
  case NodeKind::year_begin:
  case NodeKind::year_end:
    return year_edge(out, reg(i.a), model_.calendar, i.kind == NodeKind::year_end, n_);
  case NodeKind::shift_by_time:
    return shift_by_time(out, reg(i.a), reg(i.b), model_.calendar.per_year(), n_);
  case NodeKind::difference:
    return difference(out, reg(i.a), reg(i.b), model_.calendar.per_year(), n_);
  default: return binary(i.kind, out, reg(i.a), reg(i.b), n_);
  }
}

/// The member or period that an index stands for, in every cell.
void Runner::index_value(Index const& index, bool time, double* out) {
  switch (index.from) {
  case Index::From::fixed: return fill(out, static_cast<double>(index.value) + index.shift);
  case Index::From::variable: return fill(out, variables_[index.value] + index.shift);
  case Index::From::node: {
    double const* from = reg(index.value);
    for (std::uint32_t k = 0; k < n_; ++k)
      out[k] = std::isnan(from[k]) ? from[k] : from[k] + index.shift;
    return;
  }
  case Index::From::own: break;
  }
  if (time) {
    for (std::uint32_t s = 0; s < tile_.steps; ++s)
      std::fill_n(out + static_cast<std::size_t>(s) * width_, width_,
                  static_cast<double>(tile_.step + s) + index.shift);
    return;
  }
  auto const& dimensions = model_.line(program_->line).dimensions;
  const auto axis = std::find(dimensions.begin(), dimensions.end(), index.dimension());
  std::uint32_t stride = 1;
  for (auto d = axis + 1; d != dimensions.end(); ++d)
    stride *= static_cast<std::uint32_t>(model_.dimension(*d).members.size());
  const auto members = static_cast<std::uint32_t>(model_.dimension(*axis).members.size());
  for (std::uint32_t l = 0; l < width_; ++l) {
    const std::uint32_t lane = tile_.block * width_ + l;
    out[l] = static_cast<double>(lane / stride % members);
  }
  for (std::uint32_t s = 1; s < tile_.steps; ++s)
    std::memcpy(out + static_cast<std::size_t>(s) * width_, out, width_ * sizeof(double));
}

void Runner::figures(std::uint32_t index, double* out) {
  model::Facts const& facts = model_.facts[index];
  fill(out, model::unknown_value());
  const std::uint32_t steps = program_->shape.steps;
  for (std::uint32_t l = 0; l < width_; ++l) {
    const std::uint32_t lane = tile_.block * width_ + l;
    if (lane >= program_->shape.lanes) break;
    for (std::uint32_t s = 0; s < tile_.steps; ++s)
      if (auto const* fact = model::fact_at(facts, lane * steps + tile_.step + s))
        out[static_cast<std::size_t>(s) * width_ + l] = fact->value;
  }
}

void Runner::read(ReadInstruction const& r, double* out) {
  Column const& source = *columns_[r.line.value];
  Shape const& shape = source.shape;
  const bool over_time = model_.line(r.line).over_time;
  const auto last = static_cast<std::int64_t>(shape.steps) - 1;

  // The fastest case by far: the same lanes at a shifted step are the same bytes, moved.
  if (r.lanes.kind == LaneMap::Kind::same && over_time && r.time.from == Index::From::own) {
    double const* block = source.cells.data() + shape.block(tile_.block);
    const auto from = static_cast<std::int64_t>(tile_.step) + r.time.shift;
    const auto begin = std::clamp<std::int64_t>(-from, 0, tile_.steps);
    const auto end = std::clamp<std::int64_t>(last + 1 - from, begin, tile_.steps);
    std::fill_n(out, begin * width_, model::inapplicable_value());
    if (end > begin)
      std::memcpy(out + begin * width_, block + (from + begin) * width_,
                  static_cast<std::size_t>(end - begin) * width_ * sizeof(double));
    std::fill_n(out + end * width_, (tile_.steps - end) * width_, model::inapplicable_value());
    return;
  }

  // The step to read, for a cell.
  double const* computed = r.time.from == Index::From::node ? reg(r.time.value) : nullptr;
  const auto step_at = [&](std::uint32_t s, std::uint32_t k) -> double {
    if (!over_time) return 0;
    switch (r.time.from) {
    case Index::From::own: return static_cast<double>(tile_.step + s) + r.time.shift;
    case Index::From::fixed: return static_cast<double>(r.time.value) + r.time.shift;
    case Index::From::variable: return variables_[r.time.value] + r.time.shift;
    case Index::From::node: return computed[k] + r.time.shift; // an empty period stays empty
    }
    return 0;
  };
  // The lane to read; a member that does not exist gives an empty value instead.
  const auto lane_at = [&](std::uint32_t lane, std::uint32_t k, double& empty) -> std::uint32_t {
    if (r.lanes.kind == LaneMap::Kind::same) return lane;
    std::uint32_t at = r.lanes.base.size() == 1
                           ? r.lanes.base[0]
                           : r.lanes.base[std::min<std::size_t>(lane, r.lanes.base.size() - 1)];
    for (LaneMap::Term const& term : r.lanes.terms) {
      const double m = term.index.from == Index::From::variable ? variables_[term.index.value]
                                                                : reg(term.index.value)[k];
      if (!(m >= 0 && m < term.members)) {
        empty = model::is_inapplicable(m) ? m : model::unknown_value();
        continue;
      }
      at += static_cast<std::uint32_t>(m) * term.stride;
    }
    return at;
  };
  const auto value_at = [&](std::uint32_t lane, double step) {
    if (std::isnan(step)) return model::is_inapplicable(step) ? step : model::unknown_value();
    if (step < 0 || step > static_cast<double>(last)) return model::inapplicable_value();
    return source.at(lane, static_cast<std::uint32_t>(step));
  };

  if (r.lanes.kind == LaneMap::Kind::uniform && computed == nullptr) {
    double empty = 0;
    const std::uint32_t lane = lane_at(0, 0, empty);
    for (std::uint32_t s = 0; s < tile_.steps; ++s)
      std::fill_n(out + static_cast<std::size_t>(s) * width_, width_,
                  std::isnan(empty) ? empty : value_at(lane, step_at(s, 0)));
    return;
  }
  for (std::uint32_t s = 0; s < tile_.steps; ++s)
    for (std::uint32_t l = 0; l < width_; ++l) {
      const std::uint32_t k = s * width_ + l;
      double empty = 0;
      const std::uint32_t lane =
          lane_at(std::min(tile_.block * width_ + l, program_->shape.lanes - 1), k, empty);
      out[k] = std::isnan(empty) ? empty : value_at(lane, step_at(s, k));
    }
}

// ---------------------------------------------------------------------------------------- loops

struct Runner::Gathering {
  Gatherer gatherer;
  /// In which cells the values of all time variables so far lie inside their bounds.
  std::vector<unsigned char> inside;
};

void Runner::loop(LoopInstruction const& loop, double* out) {
  Gathering g{Gatherer(loop.op, loop.known, n_), std::vector<unsigned char>(n_, 1)};
  iterate(loop, 0, g);
  g.gatherer.finish(out);
}

void Runner::iterate(LoopInstruction const& loop, std::size_t variable, Gathering& g) {
  if (variable == loop.variables.size()) {
    range(loop.body, loop.end);
    g.gatherer.add(reg(loop.value), loop.has_where ? reg(loop.where) : nullptr,
                   loop.has_weight ? reg(loop.weight) : nullptr, g.inside.data(),
                   variables_[loop.variables[0].id.value]);
    return;
  }
  LoopInstruction::Variable const& v = loop.variables[variable];
  const std::uint32_t inside_end =
      variable + 1 < loop.variables.size() ? loop.variables[variable + 1].begin : loop.body;
  const auto once = [&](double value) {
    variables_[v.id.value] = value;
    range(v.begin, inside_end);
    iterate(loop, variable + 1, g);
  };
  if (!v.time) {
    for (std::uint32_t m : v.members)
      once(m);
    return;
  }
  // The bounds may differ from cell to cell: the loop runs over all of them, and a cell takes part
  // where it is inside its own.
  double const* low = reg(v.low);
  double const* high = reg(v.high);
  double from = model_.calendar.count;
  double to = -1;
  for (std::uint32_t k = 0; k < n_; ++k) {
    if (g.inside[k] == 0) continue; // its bounds do not matter here
    if (std::isnan(low[k]) || std::isnan(high[k])) {
      g.gatherer.spoil(k, model::is_inapplicable(low[k]) || model::is_inapplicable(high[k])
                              ? model::inapplicable_value()
                              : model::unknown_value());
      continue;
    }
    from = std::min(from, low[k]);
    to = std::max(to, high[k]);
  }
  from = std::max(from, 0.0);
  to = std::min(to, static_cast<double>(model_.calendar.count) - 1);
  std::vector<unsigned char> outer = g.inside;
  for (double step = from; step <= to; ++step) {
    for (std::uint32_t k = 0; k < n_; ++k)
      g.inside[k] = outer[k] != 0 && low[k] <= step && step <= high[k];
    once(step);
  }
  g.inside = std::move(outer);
}

} // namespace scn::eval
