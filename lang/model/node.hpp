#pragma once

#include "lang/source/ids.hpp"
#include "lang/source/span.hpp"

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

/// A formula after resolution. Names are ids, functions are gone (each use was written out), every
/// axis is named. The nodes of one formula lie behind one another, operands before what uses them,
/// so that every later stage is a loop over them and no formula is too deep for a stack.
namespace scn::model {

using LineId = Id<struct LineTag>;
using DimensionId = Id<struct DimensionTag>;
using NodeId = Id<struct NodeTag>;
using VariableId = Id<struct VariableTag>;

/// Where the index along one axis comes from when a formula is evaluated for one cell.
struct Index {
  enum class From : std::uint8_t {
    own,      ///< the cell's own index along the same axis
    variable, ///< a variable of an aggregation around
    fixed,    ///< always the same: a member, or a step of the timeline
    node,     ///< a value computed in the formula: a member, or a step
  };
  From from = From::own;
  std::uint32_t value = 0; ///< the dimension, variable, fixed index or node
  std::int32_t shift = 0;  ///< added to it: `t - 1` is own time, shifted by -1

  [[nodiscard]] VariableId variable() const { return VariableId{value}; }
  [[nodiscard]] NodeId node() const { return NodeId{value}; }
  [[nodiscard]] DimensionId dimension() const { return DimensionId{value}; }
  friend bool operator==(Index const&, Index const&) = default;
};

/// A read of a line at one cell.
struct Read {
  LineId line;
  std::uint32_t members = 0; ///< where its member indices start in Formulas::indices
  Index time;                ///< means nothing for a line that does not vary over time
};

enum class NodeKind : std::uint8_t {
  constant,     ///< a: Figure
  unknown,      ///< a: reason (text), or none
  inapplicable, ///< a value that does not apply
  read,         ///< a: Read
  member,       ///< the member at an index; a: Formulas::indices
  step,         ///< the period at an index; a: Formulas::indices
  // one operand, a
  negate,
  logical_not,
  is_known,
  year_begin, ///< the first step of the year that a period lies in
  year_end,   ///< the last one
  native,     ///< a, b, c: operands; aux: Native
  // two operands, a and b
  add,
  subtract,
  multiply,
  divide,
  power,
  minimum,
  maximum,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or,
  otherwise,     ///< a, or b where a is unknown or does not apply
  difference,    ///< of two periods, in years
  shift,         ///< a period moved by a number of steps or, once its unit is known, a duration
  shift_by_time, ///< a period moved by a duration in years
  // more
  choose,     ///< if a then b else c
  in_set,     ///< is member a in set b?
  near,       ///< a == b to a tolerance c, relative to b (aux 0) or absolute (aux 1)
  below_near, ///< a <= b + tolerance
  reduce,     ///< a: Reduction
  ascribe,    ///< a, of the type that b and c say; for the types only, the value is a's
  convert,    ///< a, printed in measure b; for the types only, the value is a's. c: Conversion, if
              ///< money may change its currency. Without b it is a place for what a rate needs
};

/// Functions that cannot be written in the language; stdlib/ declares them without a body.
enum class Native : std::uint8_t {
  exp,
  ln,
  exp_less_one, ///< e^x - 1, exact for small x
  ln_one_plus,  ///< ln(1 + x), exact for small x
  floor,
  ceil,
  month_of_day,   ///< from days since 1970 to months since year 0, in the Gregorian calendar
  first_day,      ///< from months since year 0 to days since 1970
  annuity_rate,   ///< of periods, present and future value: see engine/eval/rate_of_return.hpp
  switch_to_even, ///< of salvage, life and factor: see engine/eval/rate_of_return.hpp
};

/// How many operands it takes.
[[nodiscard]] constexpr int operand_count(Native native) {
  return native == Native::annuity_rate || native == Native::switch_to_even ? 3 : 1;
}

struct Node {
  NodeKind kind = NodeKind::unknown;
  std::uint8_t aux = 0;
  std::uint32_t a = none;
  std::uint32_t b = none;
  std::uint32_t c = none;
  Span span;
  std::uint32_t call = none; ///< the function use it was written out from: Formulas::calls

  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  [[nodiscard]] NodeId first() const { return NodeId{a}; }
  [[nodiscard]] NodeId second() const { return NodeId{b}; }
  [[nodiscard]] NodeId third() const { return NodeId{c}; }
};

/// How many of a, b, c are operands; of a native function some may be none.
[[nodiscard]] int operand_count(NodeKind kind);

/// A number as a document states it: the point at which it is computed with, what its words allow,
/// and how far each may move within the rounding of its last written digit.
struct Figure {
  double value = 0;
  double half = 0; ///< half a unit of the last written digit; 0 for a count or definition
  double low = 0;  ///< lowest value that the words allow; -infinity for `under`
  double high = 0;
  double half_low = 0;
  double half_high = 0;

  static Figure exactly(double v) { return {v, 0, v, v, 0, 0}; }
};

enum class ReduceOp : std::uint8_t {
  sum,
  avg,
  min,
  max,
  median,
  product,
  count,
  any,
  all,
  argmax,
  rank, ///< of `weight`, the cell's own value, among the others: one more than are larger
  // Declared by stdlib/ without a body. `weight` is their second argument.
  stdev_s,
  stdev_p,
  var_s,
  var_p,
  percentile_inc, ///< at `weight`, of the cell
  percentile_exc,
  correlation, ///< with `weight`
  slope,       ///< of the line through the points (weight, body)
  intercept,
  internal_rate, ///< of the amounts `body` at the times `weight`
};

/// What an aggregation's second operand is, Reduction::weight.
enum class Second : std::uint8_t {
  none,
  weight, ///< of a value, behind `weighted by`
  own,    ///< a value of the cell, outside the loop
  pair,   ///< goes with the body, value by value
};
[[nodiscard]] constexpr Second second_of(ReduceOp op) {
  switch (op) {
  case ReduceOp::avg: return Second::weight;
  case ReduceOp::rank:
  case ReduceOp::percentile_inc:
  case ReduceOp::percentile_exc: return Second::own;
  case ReduceOp::correlation:
  case ReduceOp::slope:
  case ReduceOp::intercept:
  case ReduceOp::internal_rate: return Second::pair;
  default: return Second::none;
  }
}
[[nodiscard]] std::string_view name_of(ReduceOp op);

/// A variable of an aggregation: it runs over members, or over steps of the timeline.
struct Variable {
  bool time = false;
  DimensionId dimension; ///< of a member variable
  std::uint32_t set = 0; ///< its members: Formulas::sets
  NodeId low;            ///< of a time variable: its bounds, both included
  NodeId high;
  NodeId bounds_begin; ///< the first node of both bounds
};

/// An aggregation. Its nodes lie in this order: bounds of the first variable, bounds of the others,
/// then condition, weight and body. All from `inner` on belong to the loop.
struct Reduction {
  ReduceOp op = ReduceOp::sum;
  bool known = false;          ///< passes over what is unknown
  std::uint32_t variables = 0; ///< the first one in Formulas::reduction_variables
  std::uint32_t variable_count = 0;
  NodeId inner;      ///< first node that is evaluated for each value of the first variable
  NodeId body_begin; ///< first node that is evaluated for each value of all variables
  NodeId where;      ///< may be invalid
  NodeId weight;     ///< may be invalid; the second operand, as second_of() says
  NodeId body;
};

/// `x in USD`. Which rates it takes is known once the unit of x is, so its formula has room for two
/// of them: nodes x, rate, product, rate, product, convert. A rate that is not needed passes on
/// what stands before it.
struct Conversion {
  NodeId begin;   ///< the first node of x
  NodeId operand; ///< x
  struct Leg {
    NodeId rate;
    NodeId product;
  };
  Leg legs[2];
  Index time; ///< of which period the rates are
  Span span;  ///< the whole expression
};

/// Nodes begin … root, root included: one formula.
struct Formula {
  NodeId begin;
  NodeId root;
};

} // namespace scn::model
