#include "engine/eval/program.hpp"

#include <algorithm>

namespace scn::eval {

namespace {

/// Calls `visit` for every register that an instruction reads, except those a loop reads at its
/// end.
template <class Visit>
void for_each_use(Program& p, Instruction& i, Visit visit) {
  const auto index = [&](model::Index& at) {
    if (at.from == model::Index::From::node) visit(at.value);
  };
  switch (i.op) {
  case Instruction::Op::constant:
  case Instruction::Op::empty:
  case Instruction::Op::figures: return;
  case Instruction::Op::read: {
    ReadInstruction& r = p.reads[i.payload];
    index(r.time);
    for (LaneMap::Term& term : r.lanes.terms)
      index(term.index);
    return;
  }
  case Instruction::Op::member:
  case Instruction::Op::step: index(p.indices[i.payload]); return;
  case Instruction::Op::node: {
    Register* operands[] = {&i.a, &i.b, &i.c};
    const int n = model::operand_count(i.kind);
    for (int k = 0; k < n; ++k)
      if (*operands[k] != no_register) visit(*operands[k]);
    return;
  }
  case Instruction::Op::across:
    if (i.a != no_register) visit(i.a);
    return;
  case Instruction::Op::loop: return;
  }
}

template <class Visit>
void for_each_loop_use(LoopInstruction& loop, Visit visit) {
  for (LoopInstruction::Variable& v : loop.variables) {
    if (!v.time || v.moves()) continue;
    visit(v.low);
    visit(v.high);
  }
  if (loop.has_where) visit(loop.where);
  if (loop.has_weight) visit(loop.weight);
  visit(loop.value);
}

} // namespace

void RegisterAllocator::run(Program& p) {
  const auto n = static_cast<std::uint32_t>(p.code.size());
  defined_.assign(p.registers, 0);
  last_.assign(p.registers, 0);
  for (std::uint32_t i = 0; i < n; ++i)
    defined_[p.code[i].out] = last_[p.code[i].out] = i;
  // What is made before a loop and used inside is needed until the loop has ended.
  open_.clear();
  const auto use = [&](Register r, std::uint32_t at) {
    std::uint32_t until = at;
    for (Open const& loop : open_)
      if (defined_[r] <= loop.start) {
        until = std::max(until, loop.end);
        break;
      }
    last_[r] = std::max(last_[r], until);
  };
  for (std::uint32_t i = 0; i < n; ++i) {
    while (!open_.empty() && open_.back().end <= i)
      open_.pop_back();
    for_each_use(p, p.code[i], [&](Register r) { use(r, i); });
    if (p.code[i].op != Instruction::Op::loop) continue;
    LoopInstruction& loop = p.loops[p.code[i].payload];
    // A loop reads its bounds, conditions and values until its end, and gathers its result there.
    for_each_loop_use(loop, [&](Register r) { use(r, loop.end); });
    last_[p.code[i].out] = std::max(last_[p.code[i].out], loop.end);
    open_.push_back({i, loop.end});
  }
  last_[p.result] = n;
  for (Register r : p.others)
    last_[r] = n;
  // Which registers end where, as a list for each place.
  ends_at_.assign(n + 1, no_register);
  next_.assign(p.registers, no_register);
  for (Register r = p.registers; r-- > 0;) {
    next_[r] = ends_at_[last_[r]];
    ends_at_[last_[r]] = r;
  }

  physical_.assign(p.registers, 0);
  free_.clear();
  Register used = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Register out = p.code[i].out;
    if (free_.empty()) {
      physical_[out] = used++;
    } else {
      physical_[out] = free_.back();
      free_.pop_back();
    }
    // Operands are given back after the result has its place: they must not overlap.
    for (Register r = ends_at_[i]; r != no_register; r = next_[r])
      free_.push_back(physical_[r]);
  }
  const auto rename = [&](Register& r) { r = physical_[r]; };
  for (Instruction& i : p.code) {
    for_each_use(p, i, rename);
    i.out = physical_[i.out];
  }
  for (LoopInstruction& loop : p.loops)
    for_each_loop_use(loop, rename);
  rename(p.result);
  for (Register& r : p.others)
    rename(r);
  p.registers = used;
  p.last = n;
  while (p.last > 0 && p.code[p.last - 1].out != p.result)
    --p.last;
}

} // namespace scn::eval
