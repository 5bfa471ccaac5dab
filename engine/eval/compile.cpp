#include "engine/eval/loops.hpp"
#include "engine/eval/program.hpp"

#include <algorithm>

namespace scn::eval {

using model::Index;
using model::Model;
using model::Node;
using model::NodeId;
using model::NodeKind;
using model::Winner;

namespace {

class Compiler {
 public:
  Compiler(Model const& model, model::LineId line) : model_(model) {
    out_.line = line;
    out_.shape = Shape::of(model, line);
  }

  Program run(Winner const& winner) {
    Register value = 0;
    if (winner.kind == Winner::Kind::equation) {
      value = formula(model_.equations[winner.index].formula);
    } else if (winner.kind == Winner::Kind::facts) {
      value = emit({.op = Instruction::Op::figures, .payload = winner.index});
    } else {
      value = emit({.op = Instruction::Op::empty});
    }
    for (model::EquationId id : winner.adjusted) {
      model::Equation const& e = model_.equation(id);
      const Register by = formula(e.formula);
      const bool times = e.effect == model::Effect::multiply;
      const auto type = model_.line(out_.line).type.kind;
      NodeKind kind = times ? NodeKind::multiply : NodeKind::add;
      if (type == model::Kind::period) kind = NodeKind::shift_by_time;
      value = emit({.op = Instruction::Op::node, .kind = kind, .a = value, .b = by});
    }
    out_.result = value;
    allocate_registers(out_);
    return std::move(out_);
  }

 private:
  /// A fresh register for each value; they are shared when the program is complete.
  Register emit(Instruction instruction) {
    instruction.out = out_.registers++;
    out_.code.push_back(instruction);
    return instruction.out;
  }

  Register formula(model::Formula f) {
    registers_.assign(f.root.value - f.begin.value + 1, 0);
    begin_ = f.begin.value;
    loops_ = Loops(model_.formulas, f);
    range(f.begin.value, f.root.value);
    return reg(f.root);
  }

  Register reg(NodeId node) const { return registers_[node.value - begin_]; }
  Register& slot(std::uint32_t node) { return registers_[node - begin_]; }

  /// Nodes first … last; an aggregation among them takes what belongs to it into its loop.
  void range(std::uint32_t first, std::uint32_t last) {
    for (std::uint32_t n = first; n <= last; ++n) {
      if (const std::uint32_t reduce = loops_.beginning_at(n, last); reduce != Node::none) {
        loop(reduce);
        n = reduce;
        continue;
      }
      slot(n) = node(model_.formulas.nodes[n]);
    }
  }

  void loop(std::uint32_t n) {
    model::Reduction const& r = model_.formulas.reductions[model_.formulas.nodes[n].a];
    const auto number = static_cast<std::uint32_t>(out_.loops.size());
    out_.loops.emplace_back();
    slot(n) = emit({.op = Instruction::Op::loop, .payload = number});
    LoopInstruction loop;
    loop.op = r.op;
    loop.known = r.known;
    const auto variables = model_.formulas.variables_of(r);
    for (std::size_t v = 0; v < variables.size(); ++v) {
      model::Variable const& variable = model_.formulas.variables[variables[v].value];
      LoopInstruction::Variable out;
      out.id = variables[v];
      out.time = variable.time;
      if (variable.time) {
        if (v > 0) {
          const std::uint32_t end =
              v + 1 < variables.size() ? next_bounds(variables, v + 1, r) : r.body_begin.value;
          range(variable.bounds_begin.value, end - 1);
        }
        out.low = reg(variable.low);
        out.high = reg(variable.high);
      } else {
        out.members = model_.formulas.sets[variable.set].indices();
      }
      out.begin = static_cast<std::uint32_t>(out_.code.size());
      loop.variables.push_back(std::move(out));
    }
    loop.body = static_cast<std::uint32_t>(out_.code.size());
    range(r.body_begin.value, n - 1);
    loop.has_where = r.where.valid();
    loop.has_weight = r.weight.valid();
    if (loop.has_where) loop.where = reg(r.where);
    if (loop.has_weight) loop.weight = reg(r.weight);
    loop.value = reg(r.body);
    loop.end = static_cast<std::uint32_t>(out_.code.size());
    out_.loops[number] = std::move(loop);
  }

  /// Where the bounds of the first time variable from `v` on begin, or the body.
  std::uint32_t next_bounds(std::span<model::VariableId const> variables, std::size_t v,
                            model::Reduction const& r) const {
    for (; v < variables.size(); ++v) {
      model::Variable const& variable = model_.formulas.variables[variables[v].value];
      if (variable.time) return variable.bounds_begin.value;
    }
    return r.body_begin.value;
  }

  Index at_register(Index index) const {
    if (index.from == Index::From::node) index.value = reg(index.node());
    return index;
  }

  Register node(Node const& n) {
    const auto payload = [&](Instruction::Op op, std::uint32_t p, std::uint8_t aux = 0) {
      return emit({.op = op, .aux = aux, .payload = p});
    };
    switch (n.kind) {
    case NodeKind::constant: return payload(Instruction::Op::constant, n.a);
    case NodeKind::unknown: return payload(Instruction::Op::empty, 0);
    case NodeKind::inapplicable: return payload(Instruction::Op::empty, 0, 1);
    case NodeKind::read: return read(n);
    case NodeKind::member:
    case NodeKind::step:
      out_.indices.push_back(at_register(model_.formulas.indices[n.a]));
      return payload(n.kind == NodeKind::member ? Instruction::Op::member : Instruction::Op::step,
                     static_cast<std::uint32_t>(out_.indices.size() - 1));
    case NodeKind::ascribe:
    case NodeKind::convert: return reg(n.first());
    default: break;
    }
    Instruction i{.kind = n.kind, .aux = n.aux};
    const int operands = model::operand_count(n.kind);
    if (operands > 0 && n.a != Node::none) i.a = reg(n.first());
    if (operands > 1 && n.b != Node::none) i.b = reg(n.second());
    if (operands > 2 && n.c != Node::none) i.c = reg(n.third());
    if (n.kind == NodeKind::in_set) i.payload = n.b;
    return emit(i);
  }

  Register read(Node const& n) {
    model::Read const& r = model_.formulas.reads[n.a];
    out_.reads.push_back({r.line, at_register(r.time), lanes_of(r)});
    return emit({.op = Instruction::Op::read,
                 .payload = static_cast<std::uint32_t>(out_.reads.size() - 1)});
  }

  LaneMap lanes_of(model::Read const& r) const {
    auto const& source = model_.line(r.line).dimensions;
    auto const& own = model_.line(out_.line).dimensions;
    LaneMap map;
    bool same = source == own;
    bool uses_own = false;
    bool computed = false;
    std::vector<std::uint32_t> strides(source.size(), 1);
    for (std::size_t d = source.size(); d-- > 1;)
      strides[d - 1] = strides[d] * members(source[d]);
    std::uint32_t fixed = 0;
    for (std::size_t d = 0; d < source.size(); ++d) {
      const Index index = model_.formulas.indices[r.members + d];
      same = same && index.from == Index::From::own;
      switch (index.from) {
      case Index::From::own: uses_own = true; break;
      case Index::From::fixed: fixed += index.value * strides[d]; break;
      case Index::From::node: computed = true; [[fallthrough]];
      case Index::From::variable:
        map.terms.push_back({at_register(index), strides[d], members(source[d])});
        break;
      }
    }
    if (same && !source.empty()) return map;
    map.kind = computed   ? LaneMap::Kind::computed
               : uses_own ? LaneMap::Kind::table
                          : LaneMap::Kind::uniform;
    if (!uses_own) {
      map.base = {fixed};
      return map;
    }
    map.base.resize(out_.shape.lanes);
    for (std::uint32_t lane = 0; lane < out_.shape.lanes; ++lane) {
      const auto at = model_.members_at(out_.line, lane);
      std::uint32_t base = fixed;
      for (std::size_t d = 0; d < source.size(); ++d) {
        const Index index = model_.formulas.indices[r.members + d];
        if (index.from != Index::From::own) continue;
        const auto axis = std::find(own.begin(), own.end(), index.dimension()) - own.begin();
        base += at[static_cast<std::size_t>(axis)] * strides[d];
      }
      map.base[lane] = base;
    }
    return map;
  }

  std::uint32_t members(model::DimensionId d) const {
    return static_cast<std::uint32_t>(model_.dimension(d).members.size());
  }

  Model const& model_;
  Program out_;
  std::vector<Register> registers_; ///< by node of the formula at hand
  std::uint32_t begin_ = 0;
  Loops loops_; ///< of the formula at hand
};

} // namespace

Program compile(Model const& model, model::LineId line, Winner const& winner) {
  return Compiler(model, line).run(winner);
}

} // namespace scn::eval
