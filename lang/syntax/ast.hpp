#pragma once

#include "lang/source/arena.hpp"
#include "lang/source/interner.hpp"
#include "lang/source/source_set.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

/// The syntax tree: what stands in a file, before any name has a meaning. Nodes live in the arena
/// of their Tree and point into its text; none has a destructor.
namespace scn::ast {

struct Name {
  Symbol symbol;
  Span span;

  [[nodiscard]] bool written() const { return symbol.valid(); }
};

/// A text in quotes, without them and with its escapes resolved.
struct Text {
  std::string_view value;
  Span span;

  [[nodiscard]] bool written() const { return !span.none(); }
};

// ---------------------------------------------------------------------------------- expressions

struct Expr;
using ExprPtr = Expr const*;

/// A magnitude is a power of ten: 亿 is 10^8.
struct Magnitude {
  std::int8_t power = 0;
  Span span;
};

/// `756`, `22%`, `800 亿 USD`, `30 m^2`: a number with at most one magnitude and one unit.
struct Literal {
  Span digits;
  Magnitude magnitude;
  Name unit;
  std::int8_t unit_exponent = 1;
  bool percent = false;
};

/// `2024Q3`, `FY2025`, `2025-02-11`.
struct PeriodLiteral {};
struct DateLiteral {};
struct UnknownLiteral {
  Text reason;
};
struct TruthLiteral {
  bool value;
};
enum class Word : std::uint8_t { t, first, last, period };
struct WordRef {
  Word word;
};
struct NameRef {
  Symbol symbol;
};

enum class UnaryOp : std::uint8_t { minus, plus, logical_not };
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};

enum class BinaryOp : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  power,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or,
  otherwise, ///< `else` without an `if`
};
struct Binary {
  BinaryOp op;
  Span op_span;
  ExprPtr left;
  ExprPtr right;
};

struct If {
  ExprPtr condition;
  ExprPtr then;
  ExprPtr otherwise;
};

/// `a`, `a..b`, `a..`, `..b`.
struct Range {
  ExprPtr low = nullptr;
  ExprPtr high = nullptr;
  bool dots = false;
  Span span;
};

/// One place of an index: `2024`, `amazon`, `company = amazon`, `2026..`.
struct Place {
  Name axis;
  Range range;
};

struct Index {
  ExprPtr operand;
  List<Place> places;
  Span span; ///< the brackets
};

/// `company in big_four`, `v in t-4..t`, `t`.
struct Bind {
  Name name; ///< the dimension or variable; not written for `t`
  bool time = false;
  std::optional<Range> in;
  Span span;
};

/// `f(a, b)`, `sum(x over company where c weighted by w)`.
struct Call {
  Name callee;
  List<ExprPtr> arguments;
  bool known = false;
  bool aggregates = false; ///< has an `over`
  List<Bind> binds;
  ExprPtr where = nullptr;
  ExprPtr weight = nullptr;
};

/// A unit as written: `亿 USD`, `USD/card/hour`, `m^2`, `%`, `1`.
struct UnitExpr;
struct UnitAtom {
  enum class Kind : std::uint8_t { name, percent, one, group };
  Kind kind;
  Name name;
  UnitExpr const* group = nullptr;
  std::int8_t exponent = 1;
  bool divide = false; ///< stands behind a `/`
  Span span;
};
struct UnitExpr {
  Magnitude magnitude;
  List<UnitAtom> atoms;
  Span span;
};

/// `x in USD`, `t in 2026..2027`, `company in big_four`. A single name may turn out to be a unit,
/// a group or a dimension; it stands in `unit`.
struct In {
  ExprPtr operand;
  UnitExpr const* unit = nullptr;
  Range range;
};

/// Stands where an expression could not be read; it was reported.
struct Broken {};

struct Expr {
  using Node =
      std::variant<Literal, PeriodLiteral, DateLiteral, UnknownLiteral, TruthLiteral, WordRef,
                   NameRef, Unary, Binary, If, Index const*, Call const*, In const*, Broken>;
  Node node;
  Span span;
};

// ----------------------------------------------------------------------------------- statements

enum class Qualifier : std::uint8_t { none, over, under, about, nearly };
enum class Tag : std::uint8_t { none, actual, guidance, estimate, assumed };

/// `from caijing "line 44"`, or a file that a table is read from.
struct Cite {
  Name source;
  Text file;
  Text place;
  Span span;
};

/// A right side: an expression or a figure (`over 1000`, `600..650 at 620`).
struct Right {
  Qualifier qualifier = Qualifier::none;
  Span qualifier_span;
  ExprPtr value = nullptr; ///< the low end of a range
  ExprPtr high = nullptr;
  ExprPtr at = nullptr;
  Span span;
};

/// What may stand behind a right side, in any order, each once. Where nothing does, there is none.
struct Tail {
  Tag tag = Tag::none;
  Span tag_span;
  bool exact = false;
  Span exact_span;
  std::optional<Right> range;
  ExprPtr distribution = nullptr;
  ExprPtr within = nullptr;
  Cite cite;
  Span span;
};

struct Model {
  Text title;
};

struct Use {
  Text file;
  List<Name> path; ///< `std.growth`
  Span span;       ///< of what is used
};

struct Timeline {
  ExprPtr first = nullptr;
  ExprPtr last = nullptr;
  Name grain; ///< `yearly`, …; read by its spelling
};

struct Currency {
  Name unit;
};

struct Attribute {
  Name name;
  ExprPtr value = nullptr; ///< a literal or a name
  Text text;
};
struct Source {
  Name name;
  Text title;
  List<Attribute> attributes;
};

struct Dimension {
  Name name;
  Text label;
};

struct Group {
  Name name;
  Text label;
  List<Name> members;
};

struct Unit {
  Name name;
  ExprPtr value = nullptr;
};

enum class LineKind : std::uint8_t { let, flow, stock, rate, assume, fx };
enum class LineWord : std::uint8_t { none, fiscal, average, closing };

struct Axis {
  Name dimension;
  Name group;
};

/// Behind `:`. A single name may be a unit or a dimension.
struct Type {
  enum class Kind : std::uint8_t { none, unit, period, truth };
  Kind kind = Kind::none;
  UnitExpr const* unit = nullptr;
  Span span;
};

struct Line {
  LineKind kind = LineKind::let;
  Name name;
  Text label;
  Type type;
  List<Axis> axes;
  LineWord word = LineWord::none;
  Span word_span;
  std::optional<Right> right;
  Tail const* tail = nullptr;
};

enum class AssignOp : std::uint8_t { set, multiply, add };

struct Equation {
  Name name;
  List<Place> places;
  AssignOp op = AssignOp::set;
  Span op_span;
  Right right;
  Tail const* tail = nullptr;
};

/// `x range a..b`, `x ~ normal(15%, 3%)`.
struct Knob {
  Name name;
  List<Place> places;
  std::optional<Right> range;
  ExprPtr distribution = nullptr;
  Cite cite;
};

struct MemberName {
  Name name;
  Text label;
};
struct Member {
  Name dimension;
  List<MemberName> names;
  List<Equation> equations;
};

/// One field of a table. Most hold a bare number, which needs no tree.
struct Field {
  enum class Kind : std::uint8_t { empty, number, not_applying, figure };
  Span span;
  Right const* right = nullptr; ///< of a figure
  Tail const* tail = nullptr;
  Kind kind = Kind::empty;
};
/// A member or a period that names a row or a column.
struct TableKey {
  Name name;
  ExprPtr period = nullptr;
  Span span;
};
struct Row {
  List<TableKey> keys;
  List<Field> fields;
  Span span;
};
struct Table {
  Name name;
  List<Place> places;
  bool year_to_date = false; ///< each figure runs from the beginning of its year
  UnitExpr const* unit = nullptr;
  Cite cite;
  List<List<TableKey>> columns;
  List<Row> rows;
  List<Attribute> mapping; ///< of a table from a file: `company = "firm"`
};

struct Claim {
  Text label;
  ExprPtr left = nullptr;
  std::optional<Right> stated;
  Tail const* tail = nullptr;
};

struct Check {
  Text label;
  ExprPtr condition = nullptr;
  Tail const* tail = nullptr;
};

struct Prefer {
  List<Name> sources;
  Name line;
  List<Place> places;
};

struct Scenario {
  Name name;
  Text label;
  List<Name> parents;
  List<struct Statement const*> items;
};

struct Shown {
  ExprPtr value;
  Text label;
};
struct View {
  Name name;
  Text label;
  List<Shown> rows; ///< `company in big_four`, a line, or any expression
  List<Shown> shown;
  std::optional<Range> periods;
  UnitExpr const* unit = nullptr;
};

struct Parameter {
  Name name;
  Type type;
};
struct Function {
  Name name;
  List<Parameter> parameters;
  Type type;
  ExprPtr body = nullptr;
};

struct Statement {
  using Node =
      std::variant<std::monostate, Model const*, Use const*, Timeline const*, Currency const*,
                   Source const*, Dimension const*, Group const*, Unit const*, Line const*,
                   Equation const*, Knob const*, Member const*, Table const*, Claim const*,
                   Check const*, Prefer const*, Scenario const*, View const*, Function const*>;
  Node node;
  Span span;
  Span doc;            ///< the doc comments right before it
  bool broken = false; ///< something in it could not be read, and was reported
};

/// One file as a tree.
struct Tree {
  SourceId source;
  std::vector<Statement const*> statements;
  Arena arena;
};

} // namespace scn::ast
