#include "lang/resolve/units.hpp"

#include "lang/syntax/parse_state.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace scn::resolve {

using model::Measure;

void Units::resolve_declarations() {
  for (std::uint32_t i = 0; i < context_.units.size(); ++i)
    resolve(i);
}

void Units::resolve(std::uint32_t index) {
  using State = UnitEntry::State;
  UnitEntry& entry = context_.units[index];
  if (entry.state == State::done || entry.state == State::failed) return;
  if (entry.state == State::busy) {
    context_.error(Code::unit_cycle, entry.span,
                   fmt::format("unit `{}` is defined by itself", context_.text(entry.name)));
    entry.state = State::failed;
    return;
  }
  const std::string name(context_.text(entry.name));
  if (entry.library && name == model_currency) {
    auto const& pivot = context_.result.pivot;
    if (!pivot) return; // read again once the model's currency is known
    entry.measure = {*pivot, {}, context_.result.units.name(*pivot)};
    entry.state = State::done;
    return;
  }
  if (entry.declaration->value == nullptr) {
    // The library's currencies are its units named by three capital letters (ISO 4217).
    const bool currency =
        entry.library && name.size() == 3
        && name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
    auto& units = context_.result.units;
    entry.measure = {units.of(units.add_base(name, currency)), {}, name};
    entry.state = State::done;
    return;
  }
  entry.state = State::busy;
  auto value = constant(entry.declaration->value);
  if (entry.state == State::failed) return; // it ran into itself
  if (!value) {
    entry.state = State::failed;
    return;
  }
  entry.measure = *value;
  entry.measure.text = name;
  entry.state = State::done;
}

/// The right side of a unit's declaration: numbers, units, `*`, `/`, `^` and nothing else.
std::optional<Measure> Units::constant(ast::ExprPtr e) {
  auto& units = context_.result.units;
  const auto refuse = [&]() -> std::optional<Measure> {
    context_.error(Code::bad_unit, e->span, "a unit is defined by numbers and other units only")
        .hint("as in `unit fortnight = 14 day` or `unit wafer_price = USD/wafer`");
    return std::nullopt;
  };
  if (auto const* l = std::get_if<ast::Literal>(&e->node)) {
    auto scale = scale_of(context_.text(l->digits));
    if (!scale) return refuse();
    scale->power += l->magnitude.power - (l->percent ? 2 : 0);
    Measure out{model::pure, *scale, {}};
    if (l->unit.written()) {
      auto unit = named(l->unit);
      if (!unit) return std::nullopt;
      auto powered = power(unit->scale, l->unit_exponent);
      auto product = powered ? multiply(out.scale, *powered) : std::nullopt;
      if (!product) return refuse();
      out = {units.power(unit->unit, l->unit_exponent), *product, {}};
    }
    return out;
  }
  if (auto const* n = std::get_if<ast::NameRef>(&e->node)) return named({n->symbol, e->span});
  if (auto const* b = std::get_if<ast::Binary>(&e->node)) {
    if (b->op != ast::BinaryOp::multiply && b->op != ast::BinaryOp::divide
        && b->op != ast::BinaryOp::power)
      return refuse();
    auto left = constant(b->left);
    if (!left) return std::nullopt;
    if (b->op == ast::BinaryOp::power) {
      auto const* exponent = std::get_if<ast::Literal>(&b->right->node);
      const double n = exponent == nullptr ? 0.5 : to_double(context_.text(exponent->digits));
      if (n != std::floor(n) || n > 9) return refuse();
      auto scale = power(left->scale, static_cast<int>(n));
      if (!scale) return refuse();
      return Measure{units.power(left->unit, static_cast<int>(n)), *scale, {}};
    }
    auto right = constant(b->right);
    if (!right) return std::nullopt;
    const bool times = b->op == ast::BinaryOp::multiply;
    auto scale = multiply(left->scale, times ? right->scale : inverse(right->scale));
    if (!scale) return refuse();
    return Measure{times ? units.multiply(left->unit, right->unit)
                         : units.divide(left->unit, right->unit),
                   *scale,
                   {}};
  }
  return refuse();
}

std::optional<Measure> Units::named(ast::Name const& name) {
  Entity const* entity = context_.want(name, {Entity::Kind::unit}, "unit");
  if (entity == nullptr) return std::nullopt;
  resolve(entity->index);
  UnitEntry const& entry = context_.units[entity->index];
  if (entry.state != UnitEntry::State::done) return std::nullopt;
  return entry.measure;
}

std::optional<Measure> Units::of(ast::UnitExpr const& unit) {
  Measure out;
  out.scale.power = unit.magnitude.power;
  out.text = std::string(context_.text(unit.span));
  for (ast::UnitAtom const& atom : unit.atoms) {
    Measure part;
    switch (atom.kind) {
    case ast::UnitAtom::Kind::name: {
      auto found = named(atom.name);
      if (!found) return std::nullopt;
      part = *found;
      break;
    }
    case ast::UnitAtom::Kind::percent: part.scale.power = -2; break;
    case ast::UnitAtom::Kind::one: break;
    case ast::UnitAtom::Kind::group: {
      auto found = of(*atom.group);
      if (!found) return std::nullopt;
      part = *found;
      break;
    }
    }
    const int exponent = atom.divide ? -atom.exponent : atom.exponent;
    auto powered = power(part.scale, exponent);
    auto scale = powered ? multiply(out.scale, *powered) : std::nullopt;
    if (!scale) {
      context_.error(Code::bad_unit, atom.span, "this unit is too large or too small");
      return std::nullopt;
    }
    out.scale = *scale;
    auto& units = context_.result.units;
    out.unit = units.multiply(out.unit, units.power(part.unit, exponent));
  }
  // A person reads the currency, not the word for whichever it is.
  if (out.text == model_currency) out.text = context_.result.units.name(out.unit);
  if (out.text == "1") out.text.clear();
  return out;
}

Units::Quantity Units::number(std::string_view digits, Measure const* fallback) {
  Quantity out;
  out.bare = true;
  if (fallback != nullptr) out.measure = *fallback;
  const Decimal read = read_decimal(digits, out.measure.scale);
  out.value = read.value;
  out.half = read.half;
  out.plain_zero = out.value == 0 && fallback == nullptr;
  return out;
}

std::optional<Units::Quantity> Units::literal(ast::Literal const& l, Measure const* fallback) {
  const std::string_view digits = context_.text(l.digits);
  const bool bare = !l.percent && l.magnitude.power == 0 && !l.unit.written();
  Quantity out;
  if (bare) {
    out = number(digits, fallback);
  } else if (l.percent) {
    out.measure = {model::pure, {1, 1, -2}, "%"};
  } else if (!l.unit.written()) {
    // `300 万` under a head in 亿 USD is 300 万 USD: its own magnitude, the head's unit.
    if (fallback != nullptr) {
      out.measure = *fallback;
      for (std::string_view prefix :
           {"k ", "mn ", "bn ", "tn ", "千 ", "万 ", "百万 ", "千万 ", "亿 ", "万亿 "})
        if (out.measure.text.starts_with(prefix)) {
          const auto word = prefix.substr(0, prefix.size() - 1);
          out.measure.text.erase(0, prefix.size());
          out.measure.scale.power -= syntax::magnitude_power(word);
          break;
        }
    }
    out.measure.scale.power += l.magnitude.power;
    out.measure.text = std::string(context_.text(l.magnitude.span))
                       + (out.measure.text.empty() ? "" : " ") + out.measure.text;
  } else {
    auto unit = named(l.unit);
    if (!unit) return std::nullopt;
    auto scale = power(unit->scale, l.unit_exponent);
    if (!scale) {
      context_.error(Code::bad_unit, l.unit.span, "this unit is too large or too small");
      return std::nullopt;
    }
    scale->power += l.magnitude.power;
    out.measure.unit = context_.result.units.power(unit->unit, l.unit_exponent);
    out.measure.scale = *scale;
    out.measure.text =
        l.magnitude.power == 0
            ? std::string(context_.text(l.unit))
            : fmt::format("{} {}", context_.text(l.magnitude.span), context_.text(l.unit));
    if (l.unit_exponent != 1) out.measure.text += fmt::format("^{}", l.unit_exponent);
  }
  if (!bare) {
    const Decimal read = read_decimal(digits, out.measure.scale);
    out.value = read.value;
    out.half = read.half;
  }
  if (!std::isfinite(out.value)) {
    report_too_large(l.digits);
    return std::nullopt;
  }
  return out;
}

void Units::report_too_large(Span digits) {
  context_.error(Code::bad_number, digits, "this number is too large")
      .hint("the largest number is about 1.8e308");
}

} // namespace scn::resolve
