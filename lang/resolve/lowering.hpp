#pragma once

#include "lang/resolve/context.hpp"
#include "lang/resolve/regions.hpp"
#include "lang/resolve/units.hpp"

#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

namespace scn::resolve {

/// For which cells a formula is lowered.
struct LoweringTarget {
  /// The dimensions of the line it belongs to. Without them every axis is allowed and collected.
  std::optional<std::span<model::DimensionId const>> dimensions;
  std::string_view line; ///< for messages
  Span line_span;
  bool rounding = false; ///< its numbers may move by half a unit of their last digit
  // What was found:
  std::vector<model::DimensionId> used; ///< dimensions of which it takes its own index
  std::optional<bool> fiscal;           ///< its periods are fiscal ones; none: as what it reads
  bool uses_time = false;               ///< it takes its own period as a value
};

/// Turns an expression into a formula: names into ids, functions into what they stand for, and
/// every read of a line into one index per axis. A formula that could not be read is none.
class Lowering {
 public:
  Lowering(Context& context, Units& units, Regions& regions)
      : context_(context), units_(units), regions_(regions) {}

  std::optional<model::Formula> lower(ast::ExprPtr expression, LoweringTarget& target);
  /// A condition `a op b`, where `within` loosens the comparison.
  std::optional<model::Formula> lower_check(ast::ExprPtr condition, ast::ExprPtr within,
                                            LoweringTarget& target);
  /// Reports formulas that read fiscal periods and periods of the calendar as if they were the
  /// same. Shapes must be settled. Gives the formulas that turn out to be fiscal, by their first
  /// node.
  std::vector<model::NodeId> check_axes();
  /// Reports reads over several steps of lines that cannot be merged. Shapes must be settled.
  void check_merges();

 private:
  // ------------------------------------------------------------ where an expression is evaluated

  /// How the axes are read at some place of a formula. An index moves one of them, an aggregation
  /// takes one away.
  struct Cursor {
    model::Index time;
    /// A period of several steps, as a year on a quarterly timeline: lines are merged over it by
    /// their kind. `time` then means nothing.
    struct Coarse {
      model::Index low, high;
      int steps;
    };
    std::optional<Coarse> coarse;
    std::optional<bool> fiscal; ///< a period was named, of fiscal years or of the calendar
    bool* time_used = nullptr;
    struct Moved {
      model::DimensionId dimension;
      model::Index index;
      bool* used;
    };
    std::vector<Moved> moved; ///< the last one of a dimension counts
  };

  struct Frame;
  /// A parameter of a function in use, or a variable of an aggregation.
  struct Named {
    Symbol name;
    ast::ExprPtr argument = nullptr; ///< of a parameter
    Frame const* argument_frame = nullptr;
    ast::Parameter const* parameter = nullptr;
    model::VariableId variable; ///< of a variable
    bool* used = nullptr;
    Named const* outer = nullptr;
  };
  /// The names that are seen at some place, and which function's text it is.
  struct Frame {
    Named const* names = nullptr;
    std::uint32_t call = model::Node::none;
    std::uint32_t function = model::Node::none;
    Frame const* caller = nullptr;
    bool rounding = false;
    int depth = 0;
  };

  // -------------------------------------------------------------------------------- expressions

  model::NodeId expr(ast::ExprPtr e, Frame const& frame, Cursor const& cursor);
  model::NodeId literal(ast::Literal const& l, ast::ExprPtr e, Frame const& frame);
  model::NodeId name(Symbol symbol, Span span, Frame const& frame, Cursor const& cursor);
  model::NodeId word(ast::Word word, Span span, Frame const& frame, Cursor const& cursor);
  model::NodeId unary(ast::Unary const& u, ast::ExprPtr e, Frame const& frame,
                      Cursor const& cursor);
  model::NodeId binary(ast::ExprPtr e, Frame const& frame, Cursor const& cursor);
  model::NodeId combine(ast::Binary const& b, Span span, model::NodeId left, Frame const& frame,
                        Cursor const& cursor);
  model::NodeId arithmetic(ast::Binary const& b, Span span, model::NodeId left, model::NodeId right,
                           Frame const& frame);
  model::NodeId compare(ast::Binary const& b, Span span, Frame const& frame, Cursor const& cursor);
  model::NodeId inclusion(ast::In const& in, Span span, Frame const& frame, Cursor const& cursor);
  model::NodeId conversion(model::NodeId operand, model::NodeId begin,
                           model::Measure const& measure, Span span, Frame const& frame,
                           Cursor const& cursor);
  model::NodeId read(model::LineId line, Span span, Frame const& frame, Cursor const& cursor);
  model::NodeId parameter(Named const& named, Span span, Frame const& frame, Cursor const& cursor);

  // -------------------------------------------------------------------------------------- index

  struct Place {
    bool time = false;
    model::DimensionId dimension;
    model::Index index;
    bool absolute = false; ///< a period that nothing around can move
    std::optional<Cursor::Coarse> coarse;
    std::optional<bool> fiscal; ///< a period that was named as one
  };
  model::NodeId index(ast::Index const& index, Frame const& frame, Cursor const& cursor);
  std::optional<Place> place(ast::ExprPtr e, Frame const& frame, Cursor const& cursor);
  std::optional<Place> simple_place(ast::ExprPtr e, Frame const& frame, Cursor const& cursor);
  [[nodiscard]] bool reads_as_period(ast::ExprPtr e) const;
  struct Steps {
    int count;
    bool periods; ///< a bare number of periods, whatever they are; else a duration
  };
  std::optional<Steps> constant_steps(ast::ExprPtr e, Frame const& frame);
  [[nodiscard]] bool is_vintage(ast::ExprPtr e, Frame const& frame) const;
  model::NodeId vintage(model::Index index, Span span, Frame const& frame);
  Place vintage_place(model::DimensionId dimension, Span span, Frame const& frame,
                      Cursor const& cursor);
  model::Index vintage_index(Place const& at, Span span, Frame const& frame);
  model::Index member_index(model::DimensionId dimension, Span span, Cursor const& cursor);
  model::Index time_index(Cursor const& cursor);
  Span user_span(Span span, Frame const& frame) const;

  // -------------------------------------------------------------------------------------- calls

  model::NodeId call(ast::Call const& call, ast::ExprPtr e, Frame const& frame,
                     Cursor const& cursor);
  model::NodeId function(ast::Call const& call, std::uint32_t function, Span span,
                         Frame const& frame, Cursor const& cursor);
  model::NodeId aggregate(ast::Call const& call, model::ReduceOp op, Span span, Frame const& frame,
                          Cursor const& cursor);
  model::NodeId annual(ast::ExprPtr operand, Span span, Frame const& frame, Cursor const& cursor);
  model::NodeId calendarised(ast::ExprPtr operand, Span span, Frame const& frame,
                             Cursor const& cursor);
  [[nodiscard]] std::optional<model::LineId> line_behind(ast::ExprPtr e, Frame const& frame) const;
  model::NodeId write_out(std::uint32_t function, std::vector<ast::ExprPtr> const& arguments,
                          Span span, Frame const& frame, Cursor const& cursor);
  template <class Body>
  model::NodeId merge(model::LineKind kind, Span span, Frame const& frame, Cursor const& cursor,
                      Body body);
  model::NodeId merged(model::LineId line, Span span, Frame const& frame, Cursor const& cursor);
  model::NodeId extreme(ast::Call const& call, Builtin builtin, Span span, Frame const& frame,
                        Cursor const& cursor);
  struct Binding; ///< what an aggregation's variable adds to the cursor or the names
  std::optional<model::NodeId> own_rank(ast::Call const& call, Binding const& binding,
                                        Frame const& frame, Cursor const& cursor);
  bool bind(ast::Bind const& bind, Binding& out, Frame const& frame, Cursor const& cursor);
  model::NodeId period_bound(ast::ExprPtr e, bool low, Frame const& frame, Cursor const& cursor);

  // -------------------------------------------------------------------------------------- nodes

  model::NodeId add(model::Node node, model::Type type, Frame const& frame);
  model::NodeId constant(model::Figure figure, model::Type type, Span span, Frame const& frame);
  model::NodeId step_constant(double step, Span span, Frame const& frame);
  model::NodeId broken(Span span, Frame const& frame);
  model::NodeId axis_value(model::NodeKind kind, model::Index index, model::Type type, Span span,
                           Frame const& frame);
  [[nodiscard]] model::Type const& type(model::NodeId node) const {
    return context_.types[node.value];
  }
  [[nodiscard]] bool is_bare_year(ast::ExprPtr e) const;
  Diagnostic& error(Code code, Span span, Frame const& frame, std::string headline,
                    std::string label = {});
  [[nodiscard]] Named const* lookup(Symbol symbol, Frame const& frame) const;
  [[nodiscard]] model::Kind kind_of(model::LineId line) const;

  /// A read of a line over several steps, right only if the line has one value for all of them.
  struct Merge {
    model::LineId line;
    Span span;
    Span use; ///< the place in the text of the user, if `span` is in a library
  };

  /// A read of a line at the period of the formula's own cell, or at one that was named.
  struct AxisRead {
    model::NodeId formula; ///< its first node
    model::LineId line;
    std::optional<bool> fiscal; ///< what the place says; none: as the other reads of the formula
    bool named;
    Span span;
  };

  Context& context_;
  Units& units_;
  Regions& regions_;
  std::vector<Merge> merges_;
  std::vector<AxisRead> axis_reads_;
  LoweringTarget* target_ = nullptr;
  std::set<std::uint32_t> missing_axes_; ///< reported already, for the formula at hand
  bool failed_ = false;
  bool too_large_ = false; ///< written out beyond all measure: nothing more is added
  int exponent_ = 0;       ///< inside an exponent, where no number is rounded
  std::size_t first_node_ = 0;
};

} // namespace scn::resolve
