// Right sides that are figures: a number with its words, a range, unknown.

#include "lang/resolve/equations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace scn::resolve {

using model::Kind;

bool Equations::is_literal(ast::ExprPtr e) const {
  if (auto const* u = std::get_if<ast::Unary>(&e->node))
    return u->op != ast::UnaryOp::logical_not && is_literal(u->operand);
  return std::holds_alternative<ast::Literal>(e->node);
}

/// A literal with its sign.
std::optional<Units::Quantity> Equations::number(ast::ExprPtr e, model::Measure const* fallback) {
  bool negative = false;
  while (auto const* u = std::get_if<ast::Unary>(&e->node)) {
    negative = negative != (u->op == ast::UnaryOp::minus);
    e = u->operand;
  }
  auto out = units_.literal(std::get<ast::Literal>(e->node), fallback);
  if (out && negative) out->value = -out->value;
  return out;
}

std::optional<ReadFigure> Equations::figure(ast::Right const& right, model::Measure const* fallback,
                                            Kind kind, bool& failed) {
  failed = false;
  ReadFigure out;
  if (right.value == nullptr) return std::nullopt;
  const auto fail = [&](Span span, std::string headline) -> std::optional<ReadFigure> {
    context_.error(Code::bad_figure, span, std::move(headline))
        .hint("a figure is written with its numbers, as `600..650` or `over 1000`");
    failed = true;
    return std::nullopt;
  };
  if (auto const* u = std::get_if<ast::UnknownLiteral>(&right.value->node)) {
    if (right.qualifier != ast::Qualifier::none || right.high != nullptr)
      return fail(right.value->span, "what is unknown has neither words nor a range");
    out.kind = ReadFigure::Kind::unknown;
    out.any_unit = true;
    out.reason = u->reason.value;
    return out;
  }
  const bool literal = is_literal(right.value);
  if (right.high == nullptr && !literal) return std::nullopt;
  if (!literal) return fail(right.value->span, "the ends of a range are numbers");
  if (right.high != nullptr && !is_literal(right.high))
    return fail(right.high->span, "the ends of a range are numbers");
  if (kind == Kind::period && right.high == nullptr && right.qualifier == ast::Qualifier::none
      && regions_.is_period(right.value)) {
    const auto steps = regions_.steps(right.value, true);
    if (!steps) {
      failed = true;
      return std::nullopt;
    }
    out.figure = model::Figure::exactly(steps->first);
    out.type = {Kind::period, model::pure, {}};
    return out;
  }
  std::optional<Units::Quantity> high;
  if (right.high != nullptr) {
    high = number(right.high, fallback);
    if (!high) {
      failed = true;
      return std::nullopt;
    }
  }
  // A bare lower end of a range takes the unit of the upper: `6..8 year`.
  auto low = number(right.value, high && fallback == nullptr ? &high->measure : fallback);
  if (!low) {
    failed = true;
    return std::nullopt;
  }
  if (high && low->measure.unit != high->measure.unit)
    return fail(right.high->span,
                fmt::format("the ends of a range have one unit, and these are {} "
                            "and {}",
                            context_.name_of({Kind::number, low->measure.unit, {}}),
                            context_.name_of({Kind::number, high->measure.unit, {}})));
  out.measure = high ? high->measure : low->measure;
  out.type = {Kind::number, out.measure.unit, {}};
  out.any_unit = low->plain_zero && !high;
  model::Figure& f = out.figure;
  f = {low->value, low->half, low->value, low->value, low->half, low->half};
  constexpr double infinity = std::numeric_limits<double>::infinity();
  out.words = static_cast<model::Words>(right.qualifier);
  if (high) {
    if (out.words != model::Words::none)
      return fail(right.value->span, "a figure has words or a range, not both");
    if (low->value > high->value)
      return fail(cover(right.value->span, right.high->span),
                  "this range ends below its beginning");
    out.range = true;
    f.high = high->value;
    f.half_high = high->half;
    f.value = low->value + (high->value - low->value) / 2;
    f.half = std::max(low->half, high->half);
    if (right.at != nullptr) {
      auto at = is_literal(right.at) ? number(right.at, &out.measure) : std::nullopt;
      if (!at) return fail(right.at->span, "the point of a range is a number");
      if (at->value < f.low || at->value > f.high || at->measure.unit != out.measure.unit)
        return fail(right.at->span, "the point of a range lies inside it");
      f.value = at->value;
      f.half = at->half;
    }
  } else if (out.words == model::Words::over) {
    f.high = infinity;
    f.half_high = 0;
  } else if (out.words == model::Words::under) {
    f.low = -infinity;
    f.half_low = 0;
  }
  return out;
}

model::Style Equations::style_of(ast::Tail const* tail, ast::Cite const& fallback) {
  model::Style style;
  ast::Cite const& cite = tail != nullptr && tail->cite.source.written() ? tail->cite : fallback;
  style.citation = context_.citation(cite);
  style.tag = style.citation.valid() ? model::Tag::cited : model::Tag::assumed;
  if (tail == nullptr) return style;
  style.exact = tail->exact;
  switch (tail->tag) {
  case ast::Tag::none: break;
  case ast::Tag::actual: style.tag = model::Tag::actual; break;
  case ast::Tag::guidance: style.tag = model::Tag::guidance; break;
  case ast::Tag::estimate: style.tag = model::Tag::estimate; break;
  case ast::Tag::assumed: style.tag = model::Tag::assumed; break;
  }
  return style;
}

} // namespace scn::resolve
