#include "lang/syntax/parse_state.hpp"

#include <fmt/format.h>

#include <charconv>

namespace scn::syntax {

namespace {

using ast::BinaryOp;
using ast::ExprPtr;
using Kind = TokenKind;

/// How tightly an operator binds; a higher level binds tighter. The levels are those of the
/// language page, from `else` to `^`.
enum Level : int {
  none,
  otherwise,
  disjunction,
  conjunction,
  negation,
  comparison,
  inclusion,
  sum,
  product,
  sign,
  power
};

struct Infix {
  Level level = none;
  BinaryOp op = BinaryOp::add;
};

Infix infix_of(Kind kind) {
  switch (kind) {
  case Kind::kw_else: return {otherwise, BinaryOp::otherwise};
  case Kind::kw_or: return {disjunction, BinaryOp::logical_or};
  case Kind::kw_and: return {conjunction, BinaryOp::logical_and};
  case Kind::equal: return {comparison, BinaryOp::equal};
  case Kind::not_equal: return {comparison, BinaryOp::not_equal};
  case Kind::less: return {comparison, BinaryOp::less};
  case Kind::less_equal: return {comparison, BinaryOp::less_equal};
  case Kind::greater: return {comparison, BinaryOp::greater};
  case Kind::greater_equal: return {comparison, BinaryOp::greater_equal};
  case Kind::plus: return {sum, BinaryOp::add};
  case Kind::minus: return {sum, BinaryOp::subtract};
  case Kind::star: return {product, BinaryOp::multiply};
  case Kind::slash: return {product, BinaryOp::divide};
  case Kind::caret: return {power, BinaryOp::power};
  default: return {};
  }
}

bool starts_operand(Kind kind) {
  switch (kind) {
  case Kind::number:
  case Kind::name:
  case Kind::period_literal:
  case Kind::date:
  case Kind::left_paren:
  case Kind::plus:
  case Kind::minus:
  case Kind::kw_t:
  case Kind::kw_first:
  case Kind::kw_last:
  case Kind::kw_period:
  case Kind::kw_true:
  case Kind::kw_false:
  case Kind::kw_unknown:
  case Kind::kw_if: return true;
  default: return false;
  }
}

/// Operator precedence (Pratt): a loop over infix operators around a recursive descent for
/// everything else. Chains of one level are built by the loop, so only real nesting costs stack.
class Expressions {
 public:
  Expressions(ParseState& state, Token const*& at) : state_(state), at_(at) {}

  ExprPtr whole() { return at_->kind == Kind::kw_if ? conditional(true) : binary(otherwise); }
  ExprPtr binary(Level lowest);
  ast::Range range();
  ast::UnitExpr const* unit();

 private:
  struct Deeper {
    explicit Deeper(ParseState& s) : state(s) { ++state.depth; }
    ~Deeper() { --state.depth; }
    ParseState& state;
  };

  ExprPtr make(ast::Expr::Node node, Span span) {
    return state_.arena().make<ast::Expr>(node, span);
  }
  bool accept(Kind kind) {
    if (at_->kind == kind) {
      ++at_;
      return true;
    }
    state_.expect(kind, at_);
    return false;
  }
  void want(Kind kind) {
    if (!accept(kind)) state_.report_unexpected(at_);
  }
  bool too_deep();
  ExprPtr broken();
  ExprPtr prefix(Level lowest);
  ExprPtr conditional(bool whole_else);
  ExprPtr postfix();
  ExprPtr primary();
  ExprPtr literal();
  ExprPtr name_or_call();
  ExprPtr index(ExprPtr operand);
  ExprPtr inclusion_of(ExprPtr operand);
  void arguments(ast::Call& call);
  ast::Bind bind();
  bool unit_in_parentheses() const;
  bool starts_unit() const;
  bool unit_goes_on_as_expression(Token const* after) const;
  ast::UnitAtom unit_atom(bool divide);
  std::int8_t unit_exponent();
  void check_else_operand(ExprPtr operand);

  ParseState& state_;
  Token const*& at_;
  ExprPtr parenthesised_ = nullptr; ///< the last expression that stood in parentheses
};

bool Expressions::too_deep() {
  if (state_.depth < ParseState::deepest) return false;
  if (auto* d = state_.report(Code::too_deep, at_->span,
                              fmt::format("nested more than {} deep", ParseState::deepest)))
    d->hint("name a part of it as a line of its own");
  return true;
}

ExprPtr Expressions::broken() { return make(ast::Broken{}, at_->span); }

void Expressions::check_else_operand(ExprPtr operand) {
  auto const* b = std::get_if<ast::Binary>(&operand->node);
  if (b == nullptr || operand == parenthesised_) return;
  if (b->op > BinaryOp::divide) return;
  if (auto* d = state_.report(Code::needs_parentheses, operand->span,
                              "a sum or product beside `else` needs parentheses",
                              "does `else` belong to all of this, or to its last part?"))
    d->hint(fmt::format("write `({})`", state_.text(operand->span)));
}

ExprPtr Expressions::binary(Level lowest) {
  // What binds tighter than the last operator was read with its right side. Where something is
  // left, behind an open range (`t in 2026.. * 2`), it has no operand.
  Level tightest = at_->kind == Kind::kw_not && lowest <= negation ? negation : power;
  ExprPtr left = prefix(lowest);
  while (true) {
    if (at_->kind == Kind::kw_in && lowest <= inclusion) {
      left = inclusion_of(left);
      if (at_->kind == Kind::kw_in) {
        if (auto* d = state_.report(Code::chained_comparison, at_->span, "`in` cannot be chained",
                                    "a second `in`"))
          d->hint("put the first one in parentheses");
        while (at_->kind == Kind::kw_in)
          (void)inclusion_of(left); // read over, so that a long chain makes no deep tree
      }
      if (lowest == inclusion) return left;
      tightest = inclusion;
      continue;
    }
    const Infix infix = infix_of(at_->kind);
    if (infix.level == none || infix.level < lowest || infix.level > tightest) return left;
    tightest = infix.level;
    Token const* op = at_++;
    if (infix.level == otherwise) check_else_operand(left);
    // `^` takes a sign on its right (2^-1) and groups to the right; all others group to the left.
    const auto next = infix.level == power ? sign : static_cast<Level>(infix.level + 1);
    ExprPtr right = infix.level == power ? prefix(sign) : binary(next);
    if (infix.level == otherwise) check_else_operand(right);
    left = make(ast::Binary{infix.op, op->span, left, right}, cover(left->span, right->span));
    if (infix.level == comparison && infix_of(at_->kind).level == comparison) {
      if (auto* d = state_.report(Code::chained_comparison, at_->span,
                                  "comparisons cannot be chained", "a second comparison"))
        d->hint("write `a < b and b < c`");
    }
  }
}

ExprPtr Expressions::prefix(Level lowest) {
  if (too_deep()) return broken();
  const Deeper deeper(state_);
  Token const* op = at_;
  if (op->kind == Kind::minus || op->kind == Kind::plus) {
    ++at_;
    // A sign binds tighter than `*` but not than `^`: -2^2 is -4.
    ExprPtr operand = prefix(sign);
    const auto unary = op->kind == Kind::minus ? ast::UnaryOp::minus : ast::UnaryOp::plus;
    return make(ast::Unary{unary, operand}, cover(op->span, operand->span));
  }
  if (op->kind == Kind::kw_not && lowest <= negation) {
    ++at_;
    ExprPtr operand = at_->kind == Kind::kw_not ? prefix(negation) : binary(comparison);
    return make(ast::Unary{ast::UnaryOp::logical_not, operand}, cover(op->span, operand->span));
  }
  ExprPtr operand = postfix();
  if (lowest == sign && at_->kind == Kind::caret) {
    Token const* caret = at_++;
    ExprPtr exponent = prefix(sign);
    return make(ast::Binary{BinaryOp::power, caret->span, operand, exponent},
                cover(operand->span, exponent->span));
  }
  return operand;
}

/// `if c then a else b`. Inside a `then` the next `else` belongs to this `if`, so the branches of
/// an inner one stop before an `else` operator.
ExprPtr Expressions::conditional(bool whole_else) {
  if (too_deep()) return broken();
  const Deeper deeper(state_);
  const Span begin = (at_++)->span;
  ExprPtr condition = binary(disjunction);
  want(Kind::kw_then);
  ExprPtr then = at_->kind == Kind::kw_if ? conditional(false) : binary(disjunction);
  want(Kind::kw_else);
  ExprPtr otherwise_part = nullptr;
  if (at_->kind == Kind::kw_if) {
    otherwise_part = conditional(whole_else);
  } else {
    otherwise_part = binary(whole_else ? otherwise : disjunction);
  }
  return make(ast::If{condition, then, otherwise_part}, cover(begin, otherwise_part->span));
}

ExprPtr Expressions::postfix() {
  ExprPtr operand = primary();
  // An index of an index is nested in it, however it looks.
  const int before = state_.depth;
  while (at_->kind == Kind::left_bracket && !at_->first_on_line) {
    if (too_deep()) {
      (void)index(operand);
      continue;
    }
    ++state_.depth;
    operand = index(operand);
  }
  state_.depth = before;
  return operand;
}

ExprPtr Expressions::index(ExprPtr operand) {
  Token const* open = at_++;
  auto* out = state_.arena().make<ast::Index>();
  out->operand = operand;
  do {
    ast::Place place;
    if (at_->kind == Kind::name && (at_ + 1)->kind == Kind::assign) {
      place.axis = state_.name(at_);
      at_ += 2;
    }
    place.range = range();
    out->places.push(state_.arena(), place);
  } while (accept(Kind::comma));
  Token const* close = at_;
  want(Kind::right_bracket);
  out->span = cover(open->span, close->span);
  return make(static_cast<ast::Index const*>(out), cover(operand->span, close->span));
}

ast::Range Expressions::range() {
  ast::Range out;
  const Span begin = at_->span;
  if (at_->kind != Kind::dots) out.low = binary(sum);
  if (accept(Kind::dots)) {
    out.dots = true;
    // `2026..` is open where nothing follows that could be its end.
    if (starts_operand(at_->kind) || out.low == nullptr) out.high = binary(sum);
  }
  out.span = at_ > state_.begin() ? cover(begin, (at_ - 1)->span) : begin;
  return out;
}

ExprPtr Expressions::primary() {
  Token const* token = at_;
  switch (token->kind) {
  case Kind::number: return literal();
  case Kind::period_literal: ++at_; return make(ast::PeriodLiteral{}, token->span);
  case Kind::date: ++at_; return make(ast::DateLiteral{}, token->span);
  case Kind::kw_true:
  case Kind::kw_false:
    ++at_;
    return make(ast::TruthLiteral{token->kind == Kind::kw_true}, token->span);
  case Kind::kw_t: ++at_; return make(ast::WordRef{ast::Word::t}, token->span);
  case Kind::kw_first: ++at_; return make(ast::WordRef{ast::Word::first}, token->span);
  case Kind::kw_last: ++at_; return make(ast::WordRef{ast::Word::last}, token->span);
  case Kind::kw_period: ++at_; return make(ast::WordRef{ast::Word::period}, token->span);
  case Kind::kw_unknown: {
    ++at_;
    ast::UnknownLiteral out;
    Span span = token->span;
    if (at_->kind == Kind::string) {
      out.reason = state_.string(at_);
      span = cover(span, at_->span);
      ++at_;
    }
    return make(out, span);
  }
  case Kind::left_paren: {
    ++at_;
    ExprPtr inner = whole();
    Token const* close = at_;
    if (at_->kind == Kind::right_paren) {
      ++at_;
    } else if (at_->kind == Kind::end_of_statement || at_->kind == Kind::end_of_file
               || at_->kind == Kind::right_brace) {
      state_.report(Code::unclosed, token->span, "this parenthesis is never closed", "opened here");
    } else {
      state_.expect(Kind::right_paren, at_);
      state_.report_unexpected(at_);
    }
    // The same node, seen as a whole from outside: its span takes in the parentheses.
    parenthesised_ = make(inner->node, cover(token->span, close->span));
    return parenthesised_;
  }
  case Kind::name: return name_or_call();
  case Kind::kw_if: {
    ExprPtr inner = conditional(true);
    if (auto* d =
            state_.report(Code::needs_parentheses, token->span,
                          "an `if` beside an operator needs parentheses", "how far does it reach?"))
      d->hint("write `a + (if c then x else y)`");
    return inner;
  }
  default: break;
  }
  state_.expect_phrase("an expression", at_);
  if (token->kind == Kind::en_dash) {
    if (auto* d = state_.report(Code::not_here, token->span,
                                "`–` (does not apply) stands in a table only"))
      d->hint("for a minus, write `-`");
    return broken();
  }
  state_.report_unexpected(at_);
  return broken();
}

ExprPtr Expressions::literal() {
  Token const* number = at_++;
  ast::Literal out;
  out.digits = number->span;
  Span span = number->span;
  if (at_->kind == Kind::percent) {
    out.percent = true;
    span = cover(span, (at_++)->span);
    return make(out, span);
  }
  const auto word = [&] { return at_->kind == Kind::name && !at_->first_on_line; };
  if (word()) {
    if (const int power_of_ten = magnitude_power(state_.text(at_)); power_of_ten != 0) {
      out.magnitude = {static_cast<std::int8_t>(power_of_ten), at_->span};
      span = cover(span, (at_++)->span);
    }
  }
  if (word()) {
    out.unit = state_.name(at_);
    span = cover(span, (at_++)->span);
    if (at_->kind == Kind::caret) {
      out.unit_exponent = unit_exponent();
      span = cover(span, (at_ - 1)->span);
    }
  }
  return make(out, span);
}

ExprPtr Expressions::name_or_call() {
  Token const* token = at_++;
  const ast::Name name = state_.name(token);
  if (at_->kind != Kind::left_paren || at_->first_on_line)
    return make(ast::NameRef{name.symbol}, token->span);
  Token const* open = at_++;
  auto* call = state_.arena().make<ast::Call>();
  call->callee = name;
  if (at_->kind != Kind::right_paren) arguments(*call);
  Token const* close = at_;
  if (at_->kind == Kind::end_of_statement || at_->kind == Kind::end_of_file)
    state_.report(Code::unclosed, open->span, "this parenthesis is never closed", "opened here");
  want(Kind::right_paren);
  return make(static_cast<ast::Call const*>(call), cover(token->span, close->span));
}

void Expressions::arguments(ast::Call& call) {
  call.known = accept(Kind::kw_known);
  do
    call.arguments.push(state_.arena(), whole());
  while (accept(Kind::comma));
  if (accept(Kind::kw_over)) {
    call.aggregates = true;
    do
      call.binds.push(state_.arena(), bind());
    while (accept(Kind::comma));
    if (accept(Kind::kw_where)) call.where = whole();
    if (accept(Kind::kw_weighted)) {
      want(Kind::kw_by);
      call.weight = whole();
    }
  }
}

ast::Bind Expressions::bind() {
  ast::Bind out;
  Token const* token = at_;
  out.span = token->span;
  if (accept(Kind::kw_t)) {
    out.time = true;
  } else if (at_->kind == Kind::name) {
    out.name = state_.name(at_++);
  } else {
    state_.expect(Kind::name, at_);
    state_.report_unexpected(at_);
  }
  if (accept(Kind::kw_in)) {
    out.in = range();
    out.span = cover(out.span, out.in->span);
  }
  return out;
}

// ------------------------------------------------------------------------------------------ units

/// `(USD/card)` rather than the low end of a range: nothing inside that no unit has.
bool Expressions::unit_in_parentheses() const {
  int open = 0;
  for (Token const* token = at_;; ++token) {
    switch (token->kind) {
    case Kind::left_paren: ++open; break;
    case Kind::right_paren:
      if (--open == 0) return true;
      break;
    case Kind::name:
    case Kind::percent:
    case Kind::star:
    case Kind::slash:
    case Kind::caret: break;
    case Kind::minus:
    case Kind::number:
      if ((token - 1)->kind != Kind::caret && (token - 1)->kind != Kind::minus
          && state_.text(token) != "1")
        return false;
      break;
    default: return false;
    }
  }
}

bool Expressions::starts_unit() const {
  switch (at_->kind) {
  case Kind::percent: return true;
  case Kind::name: return true;
  case Kind::left_paren: return unit_in_parentheses();
  case Kind::number: return state_.text(at_) == "1" && (at_ + 1)->kind != Kind::dots;
  default: return false;
  }
}

/// `t in start + 1 .. end` begins like a unit but is none, and so does `life in 1 year..3 year`.
bool Expressions::unit_goes_on_as_expression(Token const* after) const {
  switch (after->kind) {
  case Kind::dots:
  case Kind::plus:
  case Kind::minus:
  case Kind::left_bracket:
  case Kind::left_paren:
  case Kind::name:
  case Kind::percent:
  case Kind::period_literal:
  case Kind::number: return true;
  default: return false;
  }
}

ExprPtr Expressions::inclusion_of(ExprPtr operand) {
  ++at_;
  auto* out = state_.arena().make<ast::In>();
  out->operand = operand;
  Token const* begin = at_;
  if (starts_unit()) {
    out->unit = unit();
    if (unit_goes_on_as_expression(at_)) {
      at_ = begin;
      out->unit = nullptr;
    }
  }
  if (out->unit == nullptr) out->range = range();
  const Span end = (at_ - 1)->span;
  return make(static_cast<ast::In const*>(out), cover(operand->span, end));
}

std::int8_t Expressions::unit_exponent() {
  ++at_; // the `^`
  const bool negative = accept(Kind::minus);
  int value = 0;
  if (at_->kind == Kind::number) {
    const std::string_view digits = state_.text(at_);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value > 9)
      state_.report(Code::bad_number, at_->span,
                    "the exponent of a unit is a whole number up to 9");
    ++at_;
  } else {
    state_.expect(Kind::number, at_);
    state_.report_unexpected(at_);
  }
  return static_cast<std::int8_t>(negative ? -value : value);
}

ast::UnitAtom Expressions::unit_atom(bool divide) {
  ast::UnitAtom atom{};
  atom.divide = divide;
  atom.span = at_->span;
  Token const* token = at_;
  switch (token->kind) {
  case Kind::name:
    atom.kind = ast::UnitAtom::Kind::name;
    atom.name = state_.name(at_++);
    break;
  case Kind::percent:
    atom.kind = ast::UnitAtom::Kind::percent;
    ++at_;
    break;
  case Kind::left_paren: {
    ++at_;
    atom.kind = ast::UnitAtom::Kind::group;
    if (too_deep()) break;
    const Deeper deeper(state_);
    atom.group = unit();
    want(Kind::right_paren);
    break;
  }
  case Kind::number:
    if (state_.text(token) == "1") {
      atom.kind = ast::UnitAtom::Kind::one;
      ++at_;
      break;
    }
    [[fallthrough]];
  default:
    atom.kind = ast::UnitAtom::Kind::one;
    state_.expect_phrase("a unit", at_);
    state_.report_unexpected(at_);
  }
  if (at_->kind == Kind::caret) atom.exponent = unit_exponent();
  if (at_ > token) atom.span = cover(atom.span, (at_ - 1)->span);
  return atom;
}

ast::UnitExpr const* Expressions::unit() {
  auto* out = state_.arena().make<ast::UnitExpr>();
  Token const* begin = at_;
  if (at_->kind == Kind::name) {
    if (const int power_of_ten = magnitude_power(state_.text(at_)); power_of_ten != 0) {
      out->magnitude = {static_cast<std::int8_t>(power_of_ten), at_->span};
      ++at_;
    }
  }
  // A magnitude may stand alone: `in 万` counts in ten thousands.
  const bool more = at_->kind == Kind::name || at_->kind == Kind::percent
                    || at_->kind == Kind::left_paren || at_->kind == Kind::number;
  if (more || out->magnitude.power == 0) out->atoms.push(state_.arena(), unit_atom(false));
  while (at_->kind == Kind::star || at_->kind == Kind::slash) {
    const bool divide = at_->kind == Kind::slash;
    ++at_;
    out->atoms.push(state_.arena(), unit_atom(divide));
  }
  out->span = at_ > begin ? cover(begin->span, (at_ - 1)->span) : begin->span;
  return out;
}

} // namespace

ExprPtr parse_expression(ParseState& state, Token const*& at) {
  return Expressions(state, at).whole();
}

ast::Range parse_range(ParseState& state, Token const*& at) {
  return Expressions(state, at).range();
}

ExprPtr parse_period(ParseState& state, Token const*& at) {
  if (at->kind == Kind::number || at->kind == Kind::period_literal) {
    Token const* token = at++;
    ast::Expr::Node node = ast::PeriodLiteral{};
    if (token->kind == Kind::number) node = ast::Literal{token->span, {}, {}, 1, false};
    return state.arena().make<ast::Expr>(node, token->span);
  }
  state.expect(Kind::period_literal, at);
  state.report_unexpected(at);
  return state.arena().make<ast::Expr>(ast::Broken{}, at->span);
}

ast::UnitExpr const* parse_unit(ParseState& state, Token const*& at) {
  return Expressions(state, at).unit();
}

std::span<Magnitude const> magnitudes() {
  static constexpr Magnitude all[] = {{"k", 3},  {"mn", 6},   {"bn", 9},   {"tn", 12},
                                      {"千", 3}, {"万", 4},   {"百万", 6}, {"千万", 7},
                                      {"亿", 8}, {"万亿", 12}};
  return all;
}

int magnitude_power(std::string_view word) {
  for (Magnitude const& magnitude : magnitudes())
    if (magnitude.word == word) return magnitude.power;
  return 0;
}

} // namespace scn::syntax
