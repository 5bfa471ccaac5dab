#include "engine/eval/loops.hpp"
#include "engine/eval/program.hpp"
#include "lang/model/operands.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace scn::eval {

using model::Index;
using model::Model;
using model::Node;
using model::NodeId;
using model::NodeKind;
using model::Winner;

class Compiler::Lowering {
 public:
  explicit Lowering(Model const& model) : model_(model) {}

  void run(model::LineId line, Winner const& winner, Program& out) {
    over_time_ = model_.line(line).over_time;
    begin(out, model_.line(line).dimensions, Shape::of(model_, line));
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
      const auto type = model_.line(e.line).type.kind;
      NodeKind kind = times ? NodeKind::multiply : NodeKind::add;
      if (type == model::Kind::period) kind = NodeKind::shift_by_time;
      value = emit({.op = Instruction::Op::node, .kind = kind, .a = value, .b = by});
    }
    out_->result = value;
    allocator_.run(*out_);
  }

  /// The body of an aggregation, with its condition and weight.
  void body(model::VariableId variable, bool over_time, model::Formula nodes,
            model::Reduction const& r, Program& out) {
    model::Variable const& v = model_.formulas.variables[variable.value];
    over_time_ = over_time;
    variable_ = variable;
    begin(out, {v.dimension},
          Shape::of(members(v.dimension),
                    over_time ? static_cast<std::uint32_t>(model_.calendar.count) : 1));
    enter(nodes);
    range(nodes.begin.value, nodes.root.value);
    out_->result = reg(r.body);
    if (r.where.valid()) out_->others.push_back(reg(r.where));
    if (r.weight.valid() && r.op != model::ReduceOp::rank) out_->others.push_back(reg(r.weight));
    allocator_.run(*out_);
  }

 private:
  void begin(Program& out, std::vector<model::DimensionId> const& dimensions, Shape shape) {
    out_ = &out;
    out.dimensions = dimensions;
    out.shape = shape;
    out.code.clear();
    out.reads.clear();
    out.indices.clear();
    out.loops.clear();
    out.across.clear();
    out.others.clear();
    out.registers = 0;
    depth_ = 0;
  }

  /// A fresh register for each value; they are shared when the program is complete.
  Register emit(Instruction instruction) {
    instruction.out = out_->registers++;
    out_->code.push_back(instruction);
    return instruction.out;
  }

  Register formula(model::Formula f) {
    enter(f);
    // Some nodes are there for others than the value: whether it is an estimate, or types only.
    wanted_.assign(registers_.size(), 0);
    wanted_.back() = 1;
    for (std::uint32_t n = f.root.value + 1; n-- > f.begin.value;) {
      if (wanted_[n - begin_] == 0) continue;
      Node const& node = model_.formulas.nodes[n];
      model::for_each_operand(model_, node, [&](NodeId operand) {
        if (node.kind != NodeKind::reduce || !is_known_bound(node, operand))
          wanted_[operand.value - begin_] = 1;
      });
    }
    range(f.begin.value, f.root.value);
    return reg(f.root);
  }

  void enter(model::Formula f) {
    registers_.assign(f.root.value - f.begin.value + 1, 0);
    begin_ = f.begin.value;
    loops_ = Loops(model_.formulas, f);
    wanted_.assign(registers_.size(), 1);
  }

  Register reg(NodeId node) const { return registers_[node.value - begin_]; }
  Register& slot(std::uint32_t node) { return registers_[node - begin_]; }

  /// Nodes first … last; an aggregation among them takes what belongs to it into its loop.
  void range(std::uint32_t first, std::uint32_t last) {
    for (std::uint32_t n = first; n <= last; ++n) {
      if (const std::uint32_t reduce = loops_.beginning_at(n, last); reduce != Node::none) {
        if (wanted(reduce) && !across(reduce)) loop(reduce);
        n = reduce;
        continue;
      }
      if (wanted(n)) slot(n) = node(model_.formulas.nodes[n]);
    }
  }

  bool wanted(std::uint32_t n) const { return wanted_[n - begin_] != 0; }

  /// Sums, means and counts over a dimension are taken of all members at once, if the cell itself
  /// has no members; ranks among them, if it has a member of that dimension. The body must need
  /// nothing of the cell.
  bool across(std::uint32_t n) {
    model::Reduction const& r = model_.formulas.reductions[model_.formulas.nodes[n].a];
    const auto variables = model_.formulas.variables_of(r);
    if (depth_ > 0 || variables.size() != 1) return false;
    model::Variable const& v = model_.formulas.variables[variables[0].value];
    if (v.time || members(v.dimension) == 0) return false;
    const bool ranks = r.op == model::ReduceOp::rank;
    const bool adds = r.op == model::ReduceOp::sum || r.op == model::ReduceOp::avg
                      || r.op == model::ReduceOp::count;
    if (ranks ? out_->dimensions != std::vector{v.dimension} : !adds || !out_->dimensions.empty())
      return false;
    bool alone = true;
    for (std::uint32_t i = r.body_begin.value; i < n; ++i) {
      Node const& node = model_.formulas.nodes[i];
      alone = alone && !reads_own_member(node);
      model::for_each_operand(model_, node, [&](NodeId operand) {
        alone = alone && operand.value >= r.body_begin.value;
      });
    }
    for (NodeId part : {r.body, r.where, ranks ? NodeId{} : r.weight})
      alone = alone && (!part.valid() || part.value >= r.body_begin.value);
    if (!alone) return false;
    Across out;
    out.op = r.op;
    out.known = r.known;
    Lowering(model_).body(variables[0], over_time_, {r.body_begin, NodeId{n - 1}}, r, out.body);
    out.has_where = r.where.valid();
    out.has_weight = !ranks && r.weight.valid();
    if (const auto set = model_.formulas.sets[v.set].indices(); set.size() < members(v.dimension)) {
      out.among.assign(members(v.dimension), 0);
      for (std::uint32_t m : set)
        out.among[m] = 1;
    }
    out_->across.push_back(std::move(out));
    slot(n) = emit({.op = Instruction::Op::across,
                    .a = ranks ? reg(r.weight) : no_register,
                    .payload = static_cast<std::uint32_t>(out_->across.size() - 1)});
    return true;
  }

  /// Does a node's own value depend on which member the cell has?
  bool reads_own_member(Node const& node) const {
    auto const& indices = model_.formulas.indices;
    if (node.kind == NodeKind::member) return indices[node.a].from == Index::From::own;
    if (node.kind != NodeKind::read) return false;
    model::Read const& read = model_.formulas.reads[node.a];
    for (std::size_t d = 0; d < model_.line(read.line).dimensions.size(); ++d)
      if (indices[read.members + d].from == Index::From::own) return true;
    return false;
  }

  /// A bound of a window that nothing has to compute.
  bool is_known_bound(Node const& reduce, NodeId operand) const {
    model::Reduction const& r = model_.formulas.reductions[reduce.a];
    for (model::VariableId id : model_.formulas.variables_of(r)) {
      model::Variable const& v = model_.formulas.variables[id.value];
      if (v.time && (v.low == operand || v.high == operand))
        return moves(r, v) && operand != r.body && operand != r.where && operand != r.weight;
    }
    return false;
  }

  /// Do the values of a variable lie the same way around every cell's own step? Which of them is
  /// the largest then differs from cell to cell.
  bool moves(model::Reduction const& r, model::Variable const& v) const {
    return r.op != model::ReduceOp::argmax && edge(v.low).kind != Edge::Kind::computed
           && edge(v.high).kind != Edge::Kind::computed;
  }

  /// Where a bound of a window lies, if that is known beforehand.
  Edge edge(NodeId node) const {
    Node const& n = model_.formulas[node];
    if (n.kind == NodeKind::step) {
      Index const& index = model_.formulas.indices[n.a];
      if (index.from == Index::From::own) return {Edge::Kind::own, index.shift};
      if (index.from == Index::From::fixed)
        return {Edge::Kind::fixed, static_cast<int>(index.value) + index.shift};
      return {};
    }
    if (const auto c = constant(node); c && *c == std::floor(*c) && std::fabs(*c) < 1e6)
      return {Edge::Kind::fixed, static_cast<int>(*c)};
    if (n.kind == NodeKind::shift) {
      Edge out = edge(n.first());
      const auto by = constant(n.second());
      if (!by || *by != std::floor(*by) || std::fabs(*by) > 1e6) return {};
      out.value += static_cast<int>(*by);
      return out;
    }
    return {};
  }

  std::optional<double> constant(NodeId node) const {
    Node const& n = model_.formulas[node];
    if (n.kind == NodeKind::constant) return model_.formulas.figures[n.a].value;
    if (n.kind == NodeKind::negate)
      if (const auto x = constant(n.first())) return -*x;
    return std::nullopt;
  }

  void loop(std::uint32_t n) {
    model::Reduction const& r = model_.formulas.reductions[model_.formulas.nodes[n].a];
    const auto number = static_cast<std::uint32_t>(out_->loops.size());
    out_->loops.emplace_back();
    slot(n) = emit({.op = Instruction::Op::loop, .payload = number});
    LoopInstruction loop;
    loop.op = r.op;
    loop.known = r.known;
    const auto variables = model_.formulas.variables_of(r);
    ++depth_;
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
        if (moves(r, variable)) {
          out.low_edge = edge(variable.low);
          out.high_edge = edge(variable.high);
        } else {
          out.low = reg(variable.low);
          out.high = reg(variable.high);
        }
      } else {
        out.members = model_.formulas.sets[variable.set].indices();
      }
      out.begin = static_cast<std::uint32_t>(out_->code.size());
      loop.variables.push_back(std::move(out));
    }
    loop.body = static_cast<std::uint32_t>(out_->code.size());
    range(r.body_begin.value, n - 1);
    loop.has_where = r.where.valid();
    loop.has_weight = r.weight.valid();
    if (loop.has_where) loop.where = reg(r.where);
    if (loop.has_weight) loop.weight = reg(r.weight);
    loop.value = reg(r.body);
    loop.end = static_cast<std::uint32_t>(out_->code.size());
    --depth_;
    out_->loops[number] = std::move(loop);
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
      out_->indices.push_back(index_of(n));
      return payload(n.kind == NodeKind::member ? Instruction::Op::member : Instruction::Op::step,
                     static_cast<std::uint32_t>(out_->indices.size() - 1));
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

  Index index_of(Node const& n) const {
    Index const& index = model_.formulas.indices[n.a];
    if (n.kind == NodeKind::member && index.from == Index::From::variable && is_own(index))
      return {Index::From::own, out_->dimensions[0].value, index.shift};
    return at_register(index);
  }

  Register read(Node const& n) {
    model::Read const& r = model_.formulas.reads[n.a];
    ReadInstruction read{r.line, at_register(r.time), lanes_of(r), model_.line(r.line).over_time};
    read.plain = read.over_time && read.time.from == Index::From::own
                 && read.lanes.kind == LaneMap::Kind::same;
    out_->reads.push_back(std::move(read));
    return emit({.op = Instruction::Op::read,
                 .payload = static_cast<std::uint32_t>(out_->reads.size() - 1)});
  }

  /// The cell's own member: of a body over all members, that of its variable is.
  bool is_own(Index const& index) const {
    return index.from == Index::From::own
           || (index.from == Index::From::variable && variable_ && index.variable() == *variable_);
  }

  LaneMap lanes_of(model::Read const& r) const {
    auto const& source = model_.line(r.line).dimensions;
    auto const& own = out_->dimensions;
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
      if (is_own(index)) {
        uses_own = true;
        continue;
      }
      same = false;
      switch (index.from) {
      case Index::From::own: break;
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
    map.base.assign(uses_own ? out_->shape.lanes : 1, fixed);
    for (std::size_t d = 0; d < source.size(); ++d) {
      const Index index = model_.formulas.indices[r.members + d];
      if (!is_own(index)) continue;
      // Which member a lane has along this dimension, as in every row-major order.
      const auto axis =
          static_cast<std::size_t>(std::find(own.begin(), own.end(), source[d]) - own.begin());
      std::uint32_t stride = 1;
      for (std::size_t later = axis + 1; later < own.size(); ++later)
        stride *= members(own[later]);
      for (std::uint32_t lane = 0; lane < out_->shape.lanes; ++lane)
        map.base[lane] += lane / stride % members(source[d]) * strides[d];
    }
    return map;
  }

  std::uint32_t members(model::DimensionId d) const {
    return static_cast<std::uint32_t>(model_.dimension(d).members.size());
  }

  Model const& model_;
  bool over_time_ = false;
  std::optional<model::VariableId> variable_; ///< that runs over the cells of this program
  Program* out_ = nullptr;
  RegisterAllocator allocator_;
  std::vector<unsigned char> wanted_; ///< by node of the formula at hand: does its value need it?
  int depth_ = 0;                     ///< loops around
  std::vector<Register> registers_;   ///< by node of the formula at hand
  std::uint32_t begin_ = 0;
  Loops loops_; ///< of the formula at hand
};

Compiler::Compiler(Model const& model) : lowering_(std::make_unique<Lowering>(model)) {}

Compiler::~Compiler() = default;

void Compiler::run(model::LineId line, Winner const& winner, Program& out) {
  lowering_->run(line, winner, out);
}

Program compile(Model const& model, model::LineId line, Winner const& winner) {
  Program out;
  Compiler(model).run(line, winner, out);
  return out;
}

} // namespace scn::eval
