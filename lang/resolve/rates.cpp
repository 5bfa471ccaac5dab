#include "lang/resolve/rates.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scn::resolve {

using model::LineId;
using model::Node;
using model::NodeId;
using model::NodeKind;
using model::RateUse;
using model::UnitId;

namespace {

/// One currency over another, each once.
bool is_pair(model::UnitTable const& units, UnitId unit) {
  auto const& factors = units.factors(unit);
  return factors.size() == 2 && units.is_currency(factors[0].base)
         && units.is_currency(factors[1].base) && factors[0].exponent + factors[1].exponent == 0
         && factors[0].exponent * factors[0].exponent == 1;
}

} // namespace

void Rates::collect() {
  auto& result = context_.result;
  for (std::size_t i = 0; i < result.lines.size(); ++i) {
    model::Line const& line = result.lines[i];
    if (line.kind != model::LineKind::fx) continue;
    if (!line.dimensions.empty()) {
      context_
          .error(Code::bad_rate, line.span,
                 fmt::format("exchange rate `{}` varies by `{}`", line.name,
                             result.dimension(line.dimensions[0]).name),
                 "a rate is one for everybody")
          .hint("leave out `by …`; a rate of somebody's own is a line: `rate x : CNY/USD by …`");
      continue;
    }
    if (line.type.kind != model::Kind::number || !is_pair(result.units, line.type.unit)) {
      if (!context_.lines[i].typed || line.type.kind != model::Kind::any) // else it was reported
        context_
            .error(Code::bad_rate, line.span,
                   fmt::format("`{}` is no exchange rate: its unit is one currency over another",
                               line.name))
            .hint("as in `fx cny_per_usd : CNY/USD`");
      continue;
    }
    const UnitId inverse = result.units.power(line.type.unit, -1);
    for (Rate const& other : rates_) {
      if (other.unit != line.type.unit && other.unit != inverse) continue;
      if (other.use != line.rate_use && other.use != RateUse::all && line.rate_use != RateUse::all)
        continue;
      context_
          .error(Code::bad_rate, line.span,
                 fmt::format("`{}` and `{}` are rates of the same pair", line.name,
                             result.line(other.line).name))
          .at(result.line(other.line).span, "the other one")
          .hint("a pair has one rate, or one `average` and one `closing`; several sources of one "
                "rate are equations of one line");
      break;
    }
    rates_.push_back({LineId{i}, line.type.unit, line.rate_use});
  }
}

std::optional<Rates::Leg> Rates::direct(UnitId from, UnitId to, bool stock) {
  auto& units = context_.result.units;
  const UnitId wanted = units.divide(to, from);
  const UnitId inverse = units.power(wanted, -1);
  for (RateUse use : {stock ? RateUse::closing : RateUse::average, RateUse::all, RateUse::average})
    for (Rate const& r : rates_)
      if (r.use == use && (r.unit == wanted || r.unit == inverse))
        return Leg{r.line, r.unit == inverse};
  return std::nullopt;
}

std::optional<std::vector<Rates::Leg>> Rates::path(UnitId from, UnitId to, bool stock) {
  auto& units = context_.result.units;
  const UnitId ratio = units.divide(to, from);
  if (!is_pair(units, ratio)) return std::nullopt;
  if (const auto one = direct(from, to, stock)) return std::vector{*one};
  if (!context_.result.pivot) return std::nullopt;
  // `from` with its currency exchanged for the pivot.
  auto const& factors = units.factors(ratio);
  const UnitId old = units.of(factors[factors[0].exponent < 0 ? 0 : 1].base);
  const int exponent = [&] {
    for (model::UnitFactor const& f : units.factors(from))
      if (units.of(f.base) == old) return f.exponent;
    return 1;
  }();
  if (exponent != 1) return std::nullopt;
  const UnitId middle = units.multiply(units.divide(from, old), *context_.result.pivot);
  const auto first = direct(from, middle, stock);
  const auto second = direct(middle, to, stock);
  if (!first || !second) return std::nullopt;
  return std::vector{*first, *second};
}

std::optional<std::string> Rates::hint(UnitId from, UnitId to) {
  if (!path(from, to, true)) return std::nullopt;
  return "there is a `closing` rate, which is for stocks; declare an `average` one, too";
}

void Rates::install(model::Conversion const& conversion, std::vector<Leg> const& path) {
  auto& formulas = context_.result.formulas;
  NodeId last = conversion.operand;
  for (std::size_t i = 0; i < 2; ++i) {
    Node& rate = formulas.nodes[conversion.legs[i].rate.value];
    Node& product = formulas.nodes[conversion.legs[i].product.value];
    if (i < path.size() && rate.kind != NodeKind::read) {
      rate.kind = NodeKind::read;
      rate.a = static_cast<std::uint32_t>(formulas.reads.size());
      formulas.reads.push_back({path[i].line, 0, conversion.time});
      product.kind = path[i].divide ? NodeKind::divide : NodeKind::multiply;
      product.a = last.value;
      product.b = conversion.legs[i].rate.value;
    }
    context_.types[conversion.legs[i].rate.value] =
        i < path.size() ? context_.result.line(path[i].line).type : model::Type{};
    last = conversion.legs[i].product;
  }
}

bool Rates::is_stock(NodeId id) const {
  auto const& formulas = context_.result.formulas;
  Node const& node = formulas[id];
  const auto nothing = [&](NodeId n) { return context_.types[n.value].kind == model::Kind::any; };
  const auto pure = [&](NodeId n) {
    auto const& type = context_.types[n.value];
    return type.kind == model::Kind::number && type.unit == model::pure;
  };
  switch (node.kind) {
  case NodeKind::read:
    return context_.result.line(formulas.reads[node.a].line).kind == model::LineKind::stock;
  case NodeKind::negate:
  case NodeKind::ascribe:
  case NodeKind::convert: return is_stock(node.first());
  case NodeKind::add:
  case NodeKind::subtract:
  case NodeKind::minimum:
  case NodeKind::maximum:
  case NodeKind::otherwise:
    return (is_stock(node.first()) || nothing(node.first()))
           && (is_stock(node.second()) || nothing(node.second()))
           && !(nothing(node.first()) && nothing(node.second()));
  case NodeKind::choose:
    return (is_stock(node.second()) || nothing(node.second()))
           && (is_stock(node.third()) || nothing(node.third()))
           && !(nothing(node.second()) && nothing(node.third()));
  case NodeKind::multiply:
    return (is_stock(node.first()) && pure(node.second()))
           || (pure(node.first()) && is_stock(node.second()));
  case NodeKind::divide: return is_stock(node.first()) && pure(node.second());
  case NodeKind::reduce: return is_stock(formulas.reductions[node.a].body);
  default: return false;
  }
}

void Rates::check_periods() {
  auto const& formulas = context_.result.formulas;
  const auto varies = [&](model::Index const& time, LineId line) {
    return time.from == model::Index::From::own && context_.result.line(line).over_time;
  };
  for (model::Conversion const& c : formulas.conversions) {
    if (c.time.from != model::Index::From::own) continue;
    LineId rate;
    for (model::Conversion::Leg const& leg : c.legs)
      if (Node const& n = formulas[leg.rate]; n.kind == NodeKind::read)
        if (context_.result.line(formulas.reads[n.a].line).over_time)
          rate = formulas.reads[n.a].line;
    if (!rate.valid()) continue;
    bool has_period = false;
    for (auto n = c.begin.value; n <= c.operand.value && !has_period; ++n) {
      Node const& node = formulas.nodes[n];
      has_period = (node.kind == NodeKind::read
                    && varies(formulas.reads[node.a].time, formulas.reads[node.a].line))
                   || (node.kind == NodeKind::step
                       && formulas.indices[node.a].from == model::Index::From::own);
    }
    if (has_period) continue;
    context_
        .error(Code::rate_of_no_period, c.span,
               fmt::format("this amount has no period, and `{}` varies over time",
                           context_.result.line(rate).name),
               "at the rate of which period?")
        .at(context_.result.line(rate).span, "the rate")
        .hint(fmt::format("say which: `({})[{}]`", context_.text(c.span),
                          context_.result.calendar.name(0)));
  }
}

} // namespace scn::resolve
