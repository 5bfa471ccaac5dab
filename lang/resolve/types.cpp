#include "lang/resolve/types.hpp"

#include "lang/resolve/by_line.hpp"

#include <fmt/format.h>

#include <cmath>

namespace scn::resolve {

using model::Kind;
using model::LineId;
using model::Node;
using model::NodeKind;
using model::Type;

namespace {

constexpr Type truth{Kind::truth, model::pure, {}};
constexpr Type anything{};
Type number(model::UnitId unit) { return {Kind::number, unit, {}}; }

} // namespace

void Types::infer_and_check(std::vector<Job> const& jobs,
                            std::vector<std::pair<LineId, Type>> const& figures) {
  if (Symbol year = context_.interner.find("year"); year.valid())
    if (Entity const* e = context_.find(year, {}); e != nullptr && e->kind == Entity::Kind::unit)
      year_ = context_.units[e->index].measure.unit;

  auto& lines = context_.result.lines;
  auto const& formulas = context_.result.formulas;
  const auto settled = [&](LineId id) {
    return context_.lines[id.value].typed || lines[id.value].type.kind != Kind::any;
  };
  for (auto const& [line, type] : figures)
    if (!settled(line)) lines[line.value].type = type;
  rates_.collect();

  // A line without a written unit takes that of the first formula which has one. Formulas wait for
  // the lines they read; each is looked at again only when one of those is settled.
  ByLine waiting(lines.size());
  std::vector<std::uint32_t> ready; // in the order in which they are looked at
  for (std::uint32_t j = 0; j < jobs.size(); ++j) {
    if (settled(jobs[j].line)) continue;
    ready.push_back(j);
    for (auto n = jobs[j].formula.begin.value; n <= jobs[j].formula.root.value; ++n) {
      Node const& node = formulas.nodes[n];
      if (node.kind != NodeKind::read) continue;
      const LineId read = formulas.reads[node.a].line;
      if (!settled(read)) waiting.add(read, j);
    }
  }
  waiting.finish();
  for (std::size_t next = 0; next < ready.size(); ++next) {
    Job const& job = jobs[ready[next]];
    if (settled(job.line)) continue;
    const Type found = run(job.formula, false);
    if (found.kind == Kind::any) continue;
    lines[job.line.value].type = found;
    for (std::uint32_t j : waiting[job.line])
      if (!settled(jobs[j].line)) ready.push_back(j);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (settled(LineId{i}) || lines[i].hidden) continue;
    context_
        .error(Code::unit_needed, lines[i].span,
               fmt::format("nothing says what `{}` is measured in", lines[i].name))
        .hint(fmt::format("write its unit: `{} : USD`, or `: 1` for a pure number", lines[i].name));
    context_.lines[i].typed = true; // one report is enough
  }
  for (Job const& job : jobs) {
    failed_ = false;
    const Type found = run(job.formula, true);
    if (!failed_) check_line(job, found);
  }
}

Type Types::run(model::Formula formula, bool report) {
  report_ = report;
  for (std::uint32_t n = formula.begin.value; n <= formula.root.value; ++n)
    context_.types[n] = step(n);
  return context_.types[formula.root.value];
}

Span Types::user_span(Node const& node) const {
  Span span = node.span;
  auto const& calls = context_.result.formulas.calls;
  for (std::uint32_t c = node.call; c != Node::none && context_.sources.is_library(span);
       c = calls[c].outer)
    span = calls[c].span;
  return span;
}

Diagnostic* Types::report(Code code, Node const& node, std::string headline, std::string label) {
  const bool first = !failed_;
  failed_ = true;
  if (!report_ || !first) return nullptr; // one report a formula: what follows follows from it
  const Span shown = user_span(node);
  auto& d = context_.error(code, shown, std::move(headline), std::move(label));
  if (shown != node.span) d.at(node.span, "in the function used here");
  return &d;
}

void Types::want(std::uint32_t n, Kind kind, std::string_view what) {
  Type const& t = type(n);
  if (t.kind == kind || t.kind == Kind::any) return;
  Node const& node = context_.result.formulas.nodes[n];
  report(Code::type_mismatch, node,
         fmt::format("{} is wanted here, and this is {}", what, context_.name_of(t)));
}

void Types::want_pure(std::uint32_t n, std::string_view what) {
  Type const& t = type(n);
  if (t.kind == Kind::any || (t.kind == Kind::number && t.unit == model::pure)) return;
  Node const& node = context_.result.formulas.nodes[n];
  report(Code::unit_mismatch, node,
         fmt::format("{} is a pure number, and this is {}", what, context_.name_of(t)));
}

std::optional<double> Types::constant(std::uint32_t n) const {
  Node const& node = context_.result.formulas.nodes[n];
  if (node.kind == NodeKind::constant) return context_.result.formulas.figures[node.a].value;
  if (node.kind == NodeKind::negate)
    if (auto inner = constant(node.a)) return -*inner;
  return std::nullopt;
}

/// Both operands as one type; a mismatch shows both.
Type Types::unify(Node const& node, std::uint32_t a, std::uint32_t b, std::string_view what) {
  const Type left = type(a);
  const Type right = type(b);
  if (left.kind == Kind::any) return right;
  if (right.kind == Kind::any || left == right) return left;
  auto const& nodes = context_.result.formulas.nodes;
  const bool units = left.kind == Kind::number && right.kind == Kind::number;
  Diagnostic* d = report(
      units ? Code::unit_mismatch : Code::type_mismatch, node,
      fmt::format("cannot {} {} and {}", what, context_.name_of(left), context_.name_of(right)));
  if (d != nullptr) {
    d->at(user_span(nodes[a]), fmt::format("this is {}", context_.name_of(left)));
    d->at(user_span(nodes[b]), fmt::format("this is {}", context_.name_of(right)));
    if (units) {
      auto const& table = context_.result.units;
      if (!table.currencies(left.unit).empty() && !table.currencies(right.unit).empty()
          && table.currencies(left.unit) != table.currencies(right.unit)) {
        d->hint(fmt::format(
            "different currencies never meet silently: convert one, as in `(… in {})`"
            "{}",
            table.name(left.unit),
            context_.has_rates ? std::string()
                               : fmt::format(", with `fx rate : {}/{}`", table.name(right.unit),
                                             table.name(left.unit))));
      } else if (left.unit == model::pure || right.unit == model::pure) {
        d->hint(fmt::format("give the pure number its unit: `5 {}`",
                            table.name(left.unit == model::pure ? right.unit : left.unit)));
      }
    }
  }
  return left;
}

Type Types::binary_number(Node const& node, std::string_view verb) {
  want(node.a, Kind::number, "a number");
  want(node.b, Kind::number, "a number");
  return unify(node, node.a, node.b, verb);
}

Type Types::power(Node const& node) {
  want(node.a, Kind::number, "a number");
  want_pure(node.b, "an exponent");
  const Type base = type(node.a);
  if (base.kind != Kind::number || base.unit == model::pure) return base;
  const auto exponent = constant(node.b);
  if (!exponent || *exponent != std::floor(*exponent) || std::fabs(*exponent) > 9) {
    if (auto* d = report(
            Code::bad_exponent, node,
            fmt::format("{} to a power needs a whole constant exponent", context_.name_of(base))))
      d->hint("divide by a unit first: `(x / 1 USD) ^ y`");
    return base;
  }
  return number(context_.result.units.power(base.unit, static_cast<int>(*exponent)));
}

Type Types::reduction(Node const& node) {
  auto const& r = context_.result.formulas.reductions[node.a];
  if (r.where.valid()) want(r.where.value, Kind::truth, "a condition");
  const Type body = type(r.body.value);
  switch (r.op) {
  case model::ReduceOp::count:
    want(r.body.value, Kind::truth, "a condition");
    return number(model::pure);
  case model::ReduceOp::any:
  case model::ReduceOp::all: want(r.body.value, Kind::truth, "a condition"); return truth;
  case model::ReduceOp::product: want_pure(r.body.value, "a factor of a product"); return body;
  case model::ReduceOp::rank:
    want(r.body.value, Kind::number, "a number");
    return number(model::pure);
  case model::ReduceOp::percentile_inc:
  case model::ReduceOp::percentile_exc:
    want_pure(r.weight.value, "a percentile");
    want(r.body.value, Kind::number, "a number");
    return body;
  case model::ReduceOp::var_s:
  case model::ReduceOp::var_p:
    want(r.body.value, Kind::number, "a number");
    return body.kind == Kind::number ? number(context_.result.units.power(body.unit, 2)) : body;
  case model::ReduceOp::correlation:
  case model::ReduceOp::slope:
  case model::ReduceOp::intercept: {
    want(r.body.value, Kind::number, "a number");
    want(r.weight.value, Kind::number, "a number");
    if (r.op == model::ReduceOp::correlation) return number(model::pure);
    const Type with = type(r.weight.value);
    if (r.op == model::ReduceOp::intercept || body.kind != Kind::number) return body;
    if (with.kind != Kind::number) return anything;
    return number(context_.result.units.divide(body.unit, with.unit));
  }
  case model::ReduceOp::internal_rate:
    want(r.body.value, Kind::number, "an amount");
    want_pure(r.weight.value, "a time");
    return number(model::pure);
  case model::ReduceOp::argmax:
    want(r.body.value, Kind::number, "a number");
    return type(static_cast<std::uint32_t>(&node - context_.result.formulas.nodes.data()));
  case model::ReduceOp::min:
  case model::ReduceOp::max:
    if (body.kind == Kind::period) return body;
    break;
  default: break;
  }
  if (r.weight.valid()) want(r.weight.value, Kind::number, "a weight");
  want(r.body.value, Kind::number, "a number");
  return body;
}

Type Types::step(std::uint32_t n) {
  Node& node = context_.result.formulas.nodes[n];
  auto& units = context_.result.units;
  switch (node.kind) {
  case NodeKind::constant:
  case NodeKind::unknown:
  case NodeKind::inapplicable:
  case NodeKind::member:
  case NodeKind::step: return type(n); // known since it was made
  case NodeKind::read:
    return context_.result.line(context_.result.formulas.reads[node.a].line).type;
  case NodeKind::negate: want(node.a, Kind::number, "a number"); return type(node.a);
  case NodeKind::logical_not: want(node.a, Kind::truth, "a condition"); return truth;
  case NodeKind::is_known: return truth;
  case NodeKind::year_begin:
  case NodeKind::year_end:
    want(node.a, Kind::period, "a period");
    return {Kind::period, model::pure, {}};
  case NodeKind::native:
    for (std::uint32_t operand : {node.a, node.b, node.c})
      if (operand != Node::none) want_pure(operand, "the argument");
    return number(model::pure);
  case NodeKind::add: return binary_number(node, "add");
  case NodeKind::subtract: return binary_number(node, "subtract");
  case NodeKind::multiply:
  case NodeKind::divide: {
    want(node.a, Kind::number, "a number");
    want(node.b, Kind::number, "a number");
    // 0 USD and 0 cards times anything: nothing says which.
    if (type(node.a).kind == Kind::any || type(node.b).kind == Kind::any) return anything;
    const auto a = type(node.a).unit;
    const auto b = type(node.b).unit;
    return number(node.kind == NodeKind::multiply ? units.multiply(a, b) : units.divide(a, b));
  }
  case NodeKind::power: return power(node);
  case NodeKind::minimum:
  case NodeKind::maximum:
    if (type(node.a).kind == Kind::period || type(node.b).kind == Kind::period)
      return unify(node, node.a, node.b, "compare");
    return binary_number(node, "compare");
  case NodeKind::equal:
  case NodeKind::not_equal: unify(node, node.a, node.b, "compare"); return truth;
  case NodeKind::less:
  case NodeKind::less_equal:
  case NodeKind::greater:
  case NodeKind::greater_equal: {
    const Type t = unify(node, node.a, node.b, "compare");
    if (t.kind == Kind::truth || t.kind == Kind::member)
      report(Code::type_mismatch, node, fmt::format("{} has no order", context_.name_of(t)));
    return truth;
  }
  case NodeKind::logical_and:
  case NodeKind::logical_or:
    want(node.a, Kind::truth, "a condition");
    want(node.b, Kind::truth, "a condition");
    return truth;
  case NodeKind::otherwise: return unify(node, node.a, node.b, "choose between");
  case NodeKind::difference: return year_ ? number(*year_) : anything;
  case NodeKind::shift:
  case NodeKind::shift_by_time: {
    want(node.a, Kind::period, "a period");
    const Type by = type(node.b);
    const bool duration = by.kind == Kind::number && year_ && by.unit == *year_;
    if (duration) {
      node.kind = NodeKind::shift_by_time;
    } else if (by.kind == Kind::number && by.unit == model::pure) {
      node.kind = NodeKind::shift;
    } else if (by.kind != Kind::any) {
      report(Code::type_mismatch, node,
             fmt::format("a period moves by a number of steps or by a duration, and this is {}",
                         context_.name_of(by)));
    }
    return {Kind::period, model::pure, {}};
  }
  case NodeKind::choose:
    want(node.a, Kind::truth, "a condition");
    return unify(node, node.b, node.c, "choose between");
  case NodeKind::in_set: want(node.a, Kind::member, "a member"); return truth;
  case NodeKind::near:
  case NodeKind::below_near: {
    const Type t = unify(node, node.a, node.b, "compare");
    want(node.a, Kind::number, "a number");
    const Type tolerance = type(node.c);
    if (t.kind == Kind::number && tolerance.kind == Kind::number) {
      node.aux = tolerance.unit == model::pure ? 0 : 1;
      if (node.aux == 1 && tolerance.unit != t.unit)
        report(Code::unit_mismatch, context_.result.formulas.nodes[node.c],
               fmt::format("a tolerance is a share or {}, and this is {}", context_.name_of(t),
                           context_.name_of(tolerance)));
    }
    return truth;
  }
  case NodeKind::reduce: return reduction(node);
  case NodeKind::ascribe: {
    const Type wanted{static_cast<Kind>(node.b), model::UnitId{node.c}, {}};
    const Type given = type(node.a);
    if (given.kind == Kind::any || given == wanted) return wanted;
    const bool units_differ = given.kind == Kind::number && wanted.kind == Kind::number;
    auto* d = report(given.kind == wanted.kind ? Code::unit_mismatch : Code::type_mismatch, node,
                     fmt::format("this argument is {}, and {} is wanted", context_.name_of(given),
                                 context_.name_of(wanted)));
    if (d != nullptr && units_differ && given.unit == model::pure)
      d->hint(fmt::format("give the number its unit: `5 {}`, or declare the line with it",
                          units.name(wanted.unit)));
    return wanted;
  }
  case NodeKind::convert: return node.b == Node::none ? type(node.a) : conversion(node);
  }
  return anything;
}

/// `x in USD`: of the same unit as x, or money that declared rates turn into another currency.
Type Types::conversion(Node const& node) {
  auto& formulas = context_.result.formulas;
  auto const& units = context_.result.units;
  auto const& measure = context_.result.measure(model::MeasureId{node.b});
  model::Conversion const* c = node.c != Node::none ? &formulas.conversions[node.c] : nullptr;
  const std::uint32_t operand = c != nullptr ? c->operand.value : node.a;
  want(operand, Kind::number, "a number");
  const Type given = type(operand);
  if (given.kind != Kind::number) return number(measure.unit);
  if (given.unit == measure.unit) return given;
  const auto path = c != nullptr
                        ? rates_.path(given.unit, measure.unit, rates_.is_stock(c->operand))
                        : std::nullopt;
  if (path) {
    rates_.install(*c, *path);
    return number(measure.unit);
  }
  const bool money =
      !units.currencies(given.unit).empty() && !units.currencies(measure.unit).empty();
  auto* d = report(money ? Code::no_rate : Code::unit_mismatch, node,
                   fmt::format("cannot turn {} into `{}`", context_.name_of(given), measure.text),
                   money ? "no exchange rate leads there" : "");
  if (d == nullptr || !money) return number(measure.unit);
  const std::string pair = units.name(context_.result.units.divide(given.unit, measure.unit));
  d->hint(rates_.hint(given.unit, measure.unit)
              .value_or(fmt::format("declare one, as in `fx rate : {}`", pair)));
  return number(measure.unit);
}

void Types::check_line(Job const& job, Type const& found) {
  model::Line& line = context_.result.lines[job.line.value];
  if (found.kind == Kind::any || line.type.kind == Kind::any) {
    if (line.hidden && line.type.kind == Kind::any) line.type = found;
    return;
  }
  if (found == line.type) return;
  Node const& root = context_.result.formulas[job.formula.root];
  const Span shown = user_span(root);
  const bool written = context_.lines[job.line.value].typed;
  const bool units = found.kind == Kind::number && line.type.kind == Kind::number;
  auto& d = context_.error(units ? Code::declared_unit : Code::type_mismatch,
                           shown.none() ? job.span : shown,
                           fmt::format("`{}` is {}, and this gives {}", line.name,
                                       context_.name_of(line.type), context_.name_of(found)),
                           fmt::format("this is {}", context_.name_of(found)));
  if (!line.span.none() && !context_.sources.is_library(line.span))
    d.at(line.span, written ? fmt::format("declared as {}", context_.name_of(line.type))
                            : fmt::format("elsewhere it is {}", context_.name_of(line.type)));
  if (units && found.unit == model::pure)
    d.hint(fmt::format("give the number its unit: `5 {}`",
                       context_.result.units.name(line.type.unit)));
}

} // namespace scn::resolve
