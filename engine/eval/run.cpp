#include "engine/eval/run.hpp"

#include "engine/eval/gather.hpp"
#include "engine/eval/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace scn::eval {

using model::Index;
using model::NodeKind;

Runner::Runner(model::Model const& model, std::vector<Column const*> const& columns)
    : model_(model), columns_(columns), variables_(model.formulas.variables.size()) {}

Runner::~Runner() = default;

double const* Runner::run(Program const& program, Tile tile, double* direct, Keep keep) {
  program_ = &program;
  tile_ = tile;
  width_ = tile.lanes == 0 ? program.shape.width : tile.lanes;
  first_ = 0;
  steps_ = tile.steps;
  from_ = 0;
  n_ = std::size_t{width_} * steps_;
  // Rows of registers begin where a line of the cache does.
  stride_ = std::max(stride_, (n_ + 7) / 8 * 8);
  if (const std::size_t needed = stride_ * program.registers; registers_.size() < needed)
    registers_.resize(needed);
  if (places_.size() < program.registers) places_.resize(program.registers);
  inside_.clear();
  direct_ = direct;
  keep_ = keep;
  range(0, static_cast<std::uint32_t>(program.code.size()));
  Place const& result = places_[program.result];
  if (direct == nullptr) return cells(program.result, 0);
  if (result.single) {
    std::fill_n(direct, n_, *result.at);
  } else if (result.at != direct) {
    std::memcpy(direct, result.at, n_ * sizeof(double));
  }
  return direct;
}

Cells Runner::cells(Register r, unsigned spare) {
  const Operand o = operand(r);
  if (!o.single) return o.at;
  if (spare_[spare].size() < n_) spare_[spare].resize(stride_);
  std::fill_n(spare_[spare].data(), n_, *o.at);
  return spare_[spare].data();
}

void Runner::range(std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t i = begin; i < end; ++i) {
    Instruction const& instruction_ = program_->code[i];
    if (instruction_.op == Instruction::Op::loop) {
      LoopInstruction const& l = program_->loops[instruction_.payload];
      loop(l, instruction_.out);
      i = l.end - 1;
      continue;
    }
    // The result may go where it is wanted, once nothing reads a register of its number any more.
    const bool last = i + 1 == program_->last && direct_ != nullptr;
    instruction(instruction_, last ? direct_ : storage(instruction_.out) + from_);
  }
}

void Runner::fill(Register r, double value) {
  double* out = storage(r) + from_;
  *out = value;
  put(r, out, true);
}

void Runner::instruction(Instruction const& i, double* out) {
  switch (i.op) {
  case Instruction::Op::constant:
    return put(i.out, &model_.formulas.figures[i.payload].value, true);
  case Instruction::Op::empty:
    return fill(i.out, i.aux == 1 ? model::inapplicable_value() : model::unknown_value());
  case Instruction::Op::read: return read(i.out, program_->reads[i.payload], out);
  case Instruction::Op::figures: figures(i.payload, out); return put(i.out, out, false);
  case Instruction::Op::member:
  case Instruction::Op::step:
    return index_value(i.out, program_->indices[i.payload], i.op == Instruction::Op::step, out);
  case Instruction::Op::across:
    i.a == no_register ? across(i.payload, out) : rank(i.payload, operand(i.a), out);
    return put(i.out, out, false);
  case Instruction::Op::loop: return;
  case Instruction::Op::node: break;
  }
  if (one_for_all(i)) {
    // Of operands that are the same in all cells, so is the result.
    const std::size_t n = std::exchange(n_, 1);
    node(i, out);
    n_ = n;
    return put(i.out, out, true);
  }
  node(i, out);
  put(i.out, out, false);
}

bool Runner::one_for_all(Instruction const& i) const {
  for (Register r : {i.a, i.b, i.c})
    if (r != no_register && !places_[r].single) return false;
  return true;
}

void Runner::node(Instruction const& i, double* out) {
  // With one cell to compute, a single value is as good as a column.
  const auto column = [&](Register r, unsigned spare) -> Cells {
    return r == no_register ? nullptr : cells(r, spare);
  };
  switch (i.kind) {
  case NodeKind::negate:
  case NodeKind::logical_not:
  case NodeKind::is_known: return unary(i.kind, out, column(i.a, 0), n_);
  case NodeKind::native:
    return native(static_cast<model::Native>(i.aux), out, column(i.a, 0), column(i.b, 1),
                  column(i.c, 2), n_);
  case NodeKind::choose: return choose(out, column(i.a, 0), operand(i.b), operand(i.c), n_);
  case NodeKind::near:
  case NodeKind::below_near:
    return near(out, column(i.a, 0), column(i.b, 1), column(i.c, 2), i.aux == 1,
                i.kind == NodeKind::below_near, n_);
  case NodeKind::in_set: return in_set(out, column(i.a, 0), model_.formulas.sets[i.payload], n_);
  case NodeKind::year_begin:
  case NodeKind::year_end:
    return year_edge(out, column(i.a, 0), model_.calendar, i.kind == NodeKind::year_end, n_);
  case NodeKind::shift_by_time:
    return shift_by_time(out, column(i.a, 0), column(i.b, 1), model_.calendar.per_year(), n_);
  case NodeKind::difference:
    return difference(out, column(i.a, 0), column(i.b, 1), model_.calendar.per_year(), n_);
  default: {
    Operand a = operand(i.a);
    Operand b = operand(i.b);
    if (a.single && b.single) a.single = b.single = false; // one cell
    return binary(i.kind, out, a, b, n_);
  }
  }
}

/// The member or period that an index stands for, in every cell.
void Runner::index_value(Register r, Index const& index, bool time, double* out) {
  double shift = index.shift;
  switch (index.from) {
  case Index::From::fixed: return fill(r, static_cast<double>(index.value) + index.shift);
  case Index::From::variable: {
    Variable const& v = variables_[index.value];
    if (!v.relative) return fill(r, v.value + index.shift);
    shift += v.value;
    break;
  }
  case Index::From::node: {
    Cells from = cells(index.value, 0);
    for (std::size_t k = 0; k < n_; ++k)
      out[k] = std::isnan(from[k]) ? from[k] : from[k] + index.shift;
    return put(r, out, false);
  }
  case Index::From::own: break;
  }
  if (time) {
    const double step = static_cast<double>(tile_.step + first_) + shift;
    if (steps_ == 1) return fill(r, step);
    for (std::uint32_t s = 0; s < steps_; ++s)
      std::fill_n(out + std::size_t{s} * width_, width_, step + s);
    return put(r, out, false);
  }
  auto const& dimensions = program_->dimensions;
  const auto axis = std::find(dimensions.begin(), dimensions.end(), index.dimension());
  std::uint32_t stride = 1;
  for (auto d = axis + 1; d != dimensions.end(); ++d)
    stride *= static_cast<std::uint32_t>(model_.dimension(*d).members.size());
  const auto members = static_cast<std::uint32_t>(model_.dimension(*axis).members.size());
  const std::uint32_t begin = tile_.block * program_->shape.width + tile_.lane;
  for (std::uint32_t l = 0; l < width_; ++l)
    out[l] = static_cast<double>((begin + l) / stride % members);
  for (std::uint32_t s = 1; s < steps_; ++s)
    std::memcpy(out + std::size_t{s} * width_, out, width_ * sizeof(double));
  put(r, out, false);
}

void Runner::figures(std::uint32_t index, double* out) {
  model::Facts const& facts = model_.facts[index];
  std::fill_n(out, n_, model::unknown_value());
  Shape const& shape = program_->shape;
  for (std::uint32_t l = 0; l < width_; ++l) {
    const std::uint32_t lane = tile_.block * shape.width + tile_.lane + l;
    if (lane >= shape.lanes) break;
    for (std::uint32_t s = 0; s < steps_; ++s)
      if (auto const* fact = model::fact_at(facts, lane * shape.steps + tile_.step + first_ + s))
        out[std::size_t{s} * width_ + l] = fact->value;
  }
}

} // namespace scn::eval
