#pragma once

#include "engine/eval/column.hpp"
#include "lang/model/model.hpp"
#include "lang/model/winners.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace scn::eval {

/// How the lanes of a source correspond to those of the line that reads it.
struct LaneMap {
  enum class Kind : std::uint8_t {
    same,    ///< the same dimensions in the same order: lane by lane
    uniform, ///< one lane for all: fixed members, variables, or a source without dimensions
    table,   ///< `base` says which, by lane
    computed ///< `base`, plus members that the formula computes
  };
  Kind kind = Kind::same;
  std::vector<std::uint32_t> base; ///< one entry if uniform
  struct Term {
    model::Index index; ///< from a variable or a node
    std::uint32_t stride;
    std::uint32_t members; ///< an index outside 0 … members-1 is no member
  };
  std::vector<Term> terms;
};

/// A tile's worth of values.
using Register = std::uint32_t;
inline constexpr Register no_register = ~Register{0};

/// One operation on a tile of cells. The operands are registers.
struct Instruction {
  enum class Op : std::uint8_t {
    constant, ///< figure `payload`
    empty,    ///< unknown or, with aux 1, inapplicable
    read,     ///< reads[payload]
    figures,  ///< the figures of facts table `payload`, where the line has them
    member,   ///< the member at indices[payload]
    step,     ///< the period at indices[payload]
    node,     ///< what `kind` says, on a, b and c
    loop,     ///< loops[payload]
    across,   ///< across[payload]; of a rank, a is the cell's own value
  };
  Op op = Op::node;
  model::NodeKind kind = model::NodeKind::unknown;
  std::uint8_t aux = 0;
  Register out = 0;
  Register a = no_register, b = no_register, c = no_register;
  std::uint32_t payload = 0;
};

struct ReadInstruction {
  model::LineId line;
  model::Index time; ///< a node index holds a register
  LaneMap lanes;
  bool over_time = true; ///< does the line vary over time?
  bool plain = false;    ///< reads the same lanes at a constant distance in time
};

/// An end of a window, if it is the same distance from every cell's own step, or the same step for
/// all.
struct Edge {
  enum class Kind : std::uint8_t { computed, own, fixed };
  Kind kind = Kind::computed;
  int value = 0; ///< added to the own step; or the step
};

/// An aggregation: the instructions behind it up to `end` are its body, once for each value of its
/// variables. Bounds of all but the first variable belong to the body of the variable before.
struct LoopInstruction {
  model::ReduceOp op = model::ReduceOp::sum;
  bool known = false;
  struct Variable {
    model::VariableId id;
    bool time = false;
    Register low = 0, high = 0;
    Edge low_edge, high_edge; ///< the same where it is known before; then there are no registers
    [[nodiscard]] bool moves() const {
      return low_edge.kind != Edge::Kind::computed && high_edge.kind != Edge::Kind::computed;
    }
    std::vector<std::uint32_t> members;
    std::uint32_t begin = 0; ///< first instruction inside
  };
  std::vector<Variable> variables;
  std::uint32_t body = 0; ///< first instruction of condition, weight and body
  std::uint32_t end = 0;
  bool has_where = false, has_weight = false;
  Register where = 0, weight = 0, value = 0;
};

struct Across;

/// The formula of one winner of a line, compiled once and run over tiles of its cells.
struct Program {
  std::vector<model::DimensionId> dimensions; ///< of the cells it is run over
  Shape shape;
  std::vector<Instruction> code;
  std::vector<ReadInstruction> reads;
  std::vector<model::Index> indices; ///< a node index holds a register
  std::vector<LoopInstruction> loops;
  std::vector<Across> across;
  Register registers = 0; ///< how many are needed
  Register result = 0;
  std::uint32_t last = 0;       ///< the instruction that gives the result, counted from one
  std::vector<Register> others; ///< further results: of an Across its condition and weight
};

/// An aggregation over the members of a dimension, for a line without dimensions; or a rank among
/// them, for a line of that dimension. Its body is a
/// program of its own over all members at once, as if it were a line of that dimension; its values
/// are then added up block by block. Sums are taken in a fixed order: see engine/eval/sum_tree.hpp.
struct Across {
  model::ReduceOp op = model::ReduceOp::sum;
  bool known = false;
  Program body; ///< result: the value; others: condition and weight, as far as there are any
  bool has_where = false, has_weight = false;
  /// By lane: does the member take part? Empty if all do.
  std::vector<unsigned char> among;
};

/// Lets values share registers as soon as nobody needs them any more. Until then each operation of
/// `program` has a register of its own, numbered by `out`.
class RegisterAllocator {
 public:
  void run(Program& program);

 private:
  struct Open {
    std::uint32_t start, end;
  };
  std::vector<std::uint32_t> defined_, last_, ends_at_, next_;
  std::vector<Register> physical_, free_;
  std::vector<Open> open_;
};

/// Makes programs of formulas. Keeps its memory from one to the next: there may be a million.
class Compiler {
 public:
  explicit Compiler(model::Model const& model);
  ~Compiler();

  /// The formula of a winner of a line.
  void run(model::LineId line, model::Winner const& winner, Program& out);

 private:
  class Lowering;
  std::unique_ptr<Lowering> lowering_;
};

/// The same, of one formula.
[[nodiscard]] Program compile(model::Model const& model, model::LineId line,
                              model::Winner const& winner);

} // namespace scn::eval
