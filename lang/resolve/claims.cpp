#include "lang/resolve/claims.hpp"

#include <fmt/format.h>

namespace scn::resolve {

using model::Kind;
using model::LayerId;

void Claims::collect(ResolveInput const& input) {
  for (ast::Tree const* tree : input.files)
    for (ast::Statement const* s : tree->statements) {
      statement(*s, model::base_layer);
      auto const* scenario = std::get_if<ast::Scenario const*>(&s->node);
      if (scenario == nullptr) continue;
      auto found = context_.scenarios.find((*scenario)->name.symbol.value);
      if (found == context_.scenarios.end()) continue;
      for (ast::Statement const* item : (*scenario)->items)
        statement(*item, model::layer_of(model::ScenarioId{found->second}));
    }
  if (input.expression == nullptr) return;
  LoweringTarget target;
  target.line = "the expression";
  if (auto formula = lowering_.lower(input.expression, target))
    context_.result.asked =
        equations_.add_hidden(context_.words(input.expression->span), target, *formula,
                              model::base_layer, input.expression->span);
}

void Claims::statement(ast::Statement const& s, LayerId layer) {
  if (s.broken) return;
  if (auto const* c = std::get_if<ast::Claim const*>(&s.node)) {
    claim(**c, s.span, layer);
  } else if (auto const* k = std::get_if<ast::Check const*>(&s.node)) {
    check(**k, s.span, layer);
  }
}

void Claims::claim(ast::Claim const& c, Span span, LayerId layer) {
  model::Claim out;
  out.label = c.label.value;
  out.layer = layer;
  out.span = span;
  out.condition = !c.stated.has_value();
  if (c.tail != nullptr) out.citation = context_.citation(c.tail->cite);
  LoweringTarget target;
  target.line = "a claim";
  target.rounding = c.tail == nullptr || !c.tail->exact;
  const auto formula = lowering_.lower(c.left, target);
  if (!formula) return;
  if (!target.used.empty() || target.uses_time) {
    context_
        .error(Code::missing_axis, c.left->span, "a claim speaks of one cell",
               target.uses_time ? std::string("this is one for each period")
                                : fmt::format("this is one for each `{}`",
                                              context_.result.dimension(target.used[0]).name))
        .hint("name the member and the period, as in `capex[meta, 2025]`");
    return;
  }
  model::Type type;
  if (!out.condition && !stated(c, out, type)) return;
  out.text = context_.words(out.condition ? c.left->span
                                          : cover(c.left->span, c.stated->high != nullptr
                                                                    ? c.stated->high->span
                                                                    : c.stated->value->span));
  out.line =
      equations_.add_hidden(context_.words(c.left->span), target, *formula, layer, c.left->span);
  if (!out.condition)
    stated_.push_back({context_.result.claims.size(), type, c.stated->value->span});
  context_.result.claims.push_back(std::move(out));
}

bool Claims::stated(ast::Claim const& c, model::Claim& out, model::Type& type) {
  using Allows = model::Claim::Allows;
  bool failed = false;
  const auto figure = equations_.figure(*c.stated, nullptr, Kind::number, failed);
  if (failed) return false;
  if (!figure || figure->kind != ReadFigure::Kind::number) {
    context_.error(Code::bad_figure, c.stated->value->span, "a claim states a number")
        .hint("put what is computed on the left: `claim total[2024] = 2431 亿 USD`");
    return false;
  }
  out.stated = figure->figure;
  if (c.tail != nullptr && c.tail->exact) out.stated.half = 0;
  type = figure->any_unit ? model::Type{} : figure->type;
  out.measure = context_.measure(figure->measure);
  switch (figure->words) {
  case model::Words::none: out.allows = figure->range ? Allows::range : Allows::rounding; break;
  case model::Words::over: out.allows = Allows::over; break;
  case model::Words::under: out.allows = Allows::under; break;
  case model::Words::about: out.allows = Allows::about; break;
  case model::Words::nearly: out.allows = Allows::nearly; break;
  }
  if (c.tail == nullptr || c.tail->within == nullptr) return true;
  ast::Right within;
  within.value = c.tail->within;
  const auto tolerance = equations_.figure(within, nullptr, Kind::number, failed);
  if (failed) return false;
  if (!tolerance || out.allows != Allows::rounding) {
    context_.error(Code::bad_figure, c.tail->within->span,
                   tolerance ? "a claim has words, a range or `within`, one of them"
                             : "a tolerance is a number");
    return false;
  }
  out.allows = Allows::tolerance;
  out.tolerance = tolerance->figure.value;
  out.relative = tolerance->type.unit == model::pure && figure->type.unit != model::pure;
  // Of a share, `0.5 pp` is an absolute tolerance and `2%` a relative one would be ambiguous: a
  // pure number's tolerance is absolute.
  return true;
}

void Claims::check(ast::Check const& c, Span span, LayerId layer) {
  LoweringTarget target;
  target.line = "a check";
  ast::ExprPtr within = c.tail != nullptr ? c.tail->within : nullptr;
  const auto formula = lowering_.lower_check(c.condition, within, target);
  if (!formula) return;
  model::Check out;
  out.label = c.label.value;
  out.layer = layer;
  out.span = span;
  out.text = context_.words(within != nullptr ? cover(c.condition->span, within->span)
                                              : c.condition->span);
  out.line = equations_.add_hidden(context_.words(c.condition->span), target, *formula, layer,
                                   c.condition->span);
  context_.result.checks.push_back(std::move(out));
}

void Claims::finish() {
  auto& result = context_.result;
  const auto want_truth = [&](model::LineId line) {
    model::Type const& t = result.line(line).type;
    if (t.kind == Kind::truth || t.kind == Kind::any) return;
    context_
        .error(Code::type_mismatch, result.line(line).span,
               fmt::format("a condition is wanted here, and this is {}", context_.name_of(t)))
        .hint("compare it, as in `net_ppe >= 0`");
  };
  for (model::Check const& c : result.checks)
    want_truth(c.line);
  for (model::Claim const& c : result.claims)
    if (c.condition) want_truth(c.line);
  for (Stated const& s : stated_) {
    model::Claim const& claim = result.claims[s.claim];
    model::Type const& found = result.line(claim.line).type;
    if (found.kind != Kind::any && s.type.kind != Kind::any && found != s.type) {
      const bool units = found.kind == Kind::number;
      context_
          .error(units ? Code::declared_unit : Code::type_mismatch, s.span,
                 fmt::format("the claim states {}, and what it speaks of is {}",
                             context_.name_of(s.type), context_.name_of(found)))
          .at(result.line(claim.line).span, fmt::format("this is {}", context_.name_of(found)));
    }
    result.lines[claim.line.value].measure = claim.measure;
  }
  // What was asked for in a unit is printed in it.
  if (result.asked) {
    model::Line& line = result.lines[result.asked->value];
    for (model::Equation const& e : result.equations)
      if (e.line == *result.asked)
        if (model::Node const& root = result.formulas[e.formula.root];
            root.kind == model::NodeKind::convert)
          line.measure = model::MeasureId{root.b};
  }
}

} // namespace scn::resolve
