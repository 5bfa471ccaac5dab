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
  case Instruction::Op::loop:
  case Instruction::Op::across: return;
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

void allocate_registers(Program& p) {
  const auto n = static_cast<std::uint32_t>(p.code.size());
  std::vector<std::uint32_t> defined(p.registers, 0);
  std::vector<std::uint32_t> last(p.registers, 0);
  for (std::uint32_t i = 0; i < n; ++i)
    defined[p.code[i].out] = last[p.code[i].out] = i;
  // What is made before a loop and used inside is needed until the loop has ended.
  struct Open {
    std::uint32_t start, end;
  };
  std::vector<Open> open;
  const auto use = [&](Register r, std::uint32_t at) {
    std::uint32_t until = at;
    for (Open const& loop : open)
      if (defined[r] <= loop.start) {
        until = std::max(until, loop.end);
        break;
      }
    last[r] = std::max(last[r], until);
  };
  for (std::uint32_t i = 0; i < n; ++i) {
    while (!open.empty() && open.back().end <= i)
      open.pop_back();
    for_each_use(p, p.code[i], [&](Register r) { use(r, i); });
    if (p.code[i].op != Instruction::Op::loop) continue;
    LoopInstruction& loop = p.loops[p.code[i].payload];
    // A loop reads its bounds, conditions and values until its end, and gathers its result there.
    for_each_loop_use(loop, [&](Register r) { use(r, loop.end); });
    last[p.code[i].out] = std::max(last[p.code[i].out], loop.end);
    open.push_back({i, loop.end});
  }
  last[p.result] = n;
  for (Register r : p.others)
    last[r] = n;
  std::vector<std::vector<Register>> ends(n + 1);
  for (Register r = 0; r < p.registers; ++r)
    ends[last[r]].push_back(r);

  std::vector<Register> physical(p.registers, 0);
  std::vector<Register> free;
  Register used = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Register out = p.code[i].out;
    if (free.empty()) {
      physical[out] = used++;
    } else {
      physical[out] = free.back();
      free.pop_back();
    }
    // Operands are given back after the result has its place: they must not overlap.
    for (Register r : ends[i])
      free.push_back(physical[r]);
  }
  const auto rename = [&](Register& r) { r = physical[r]; };
  for (Instruction& i : p.code) {
    for_each_use(p, i, rename);
    i.out = physical[i.out];
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
