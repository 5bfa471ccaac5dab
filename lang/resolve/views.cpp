#include "lang/resolve/views.hpp"

#include "lang/source/render.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scn::resolve {

using model::LineId;

void Views::collect(ResolveInput const& input) {
  for (ast::Tree const* tree : input.files)
    for (ast::Statement const* s : tree->statements)
      if (auto const* v = std::get_if<ast::View const*>(&s->node); v != nullptr && !s->broken)
        view(**v, s->span);
}

void Views::view(ast::View const& v, Span span) {
  const std::string name(context_.text(v.name));
  for (model::View const& other : context_.result.views)
    if (other.name == name) {
      context_
          .error(Code::name_taken, v.name.span, fmt::format("view `{}` is declared twice", name))
          .at(other.span, "first declared here");
      return;
    }
  model::View out;
  out.name = name;
  out.label = v.label.value;
  out.span = v.name.span;
  bool good = true;
  for (ast::Shown const& each : v.rows)
    good = row(each, out) && good;
  for (ast::Shown const& each : v.shown) {
    const auto line = shown(each);
    good = good && line;
    if (line) out.shown.push_back(*line);
  }
  if (v.rows.empty() && v.shown.empty()) {
    context_.error(Code::bad_view, v.name.span, "this view shows nothing")
        .hint("name its rows: `rows company, total_capex; show capex`");
    return;
  }
  // Without rows everything that is shown is a row of its own.
  if (v.rows.empty())
    for (model::View::Shown& each : out.shown)
      out.blocks.push_back({{}, each, each.span});
  if (v.rows.empty()) out.shown.clear();
  out.count = static_cast<std::uint32_t>(context_.result.calendar.count);
  if (v.periods) good = periods(*v.periods, out) && good;
  if (v.unit != nullptr) {
    const auto measure = units_.of(*v.unit);
    good = good && measure;
    if (measure) out.measure = context_.measure(*measure);
  }
  if (!good) return;
  units_at_.push_back(v.unit != nullptr ? v.unit->span : span);
  context_.result.views.push_back(std::move(out));
}

/// One of the rows: a dimension or a group of it, or a line. Different dimensions that follow one
/// another nest; the same one again begins anew.
bool Views::row(ast::Shown const& row, model::View& out) {
  bool failed = false;
  auto members = along(row.value, failed);
  if (failed) return false;
  if (!members) {
    const auto line = shown(row);
    if (line) out.blocks.push_back({{}, *line, row.value->span});
    return line.has_value();
  }
  if (row.label.written()) {
    context_.error(Code::bad_view, row.label.span, "members have labels of their own")
        .hint("a label stands behind a line or an expression");
    return false;
  }
  const bool nests =
      !out.blocks.empty() && !out.blocks.back().along.empty()
      && std::none_of(out.blocks.back().along.begin(), out.blocks.back().along.end(),
                      [&](auto const& a) { return a.dimension == members->dimension; });
  if (!nests) out.blocks.push_back({{}, {}, row.value->span});
  out.blocks.back().along.push_back(std::move(*members));
  return true;
}

/// `company` or `company in big_four`; none for everything else.
std::optional<model::View::Along> Views::along(ast::ExprPtr e, bool& failed) {
  ast::ExprPtr name = e;
  ast::UnitExpr const* group = nullptr;
  if (auto const* in = std::get_if<ast::In const*>(&e->node)) {
    name = (*in)->operand;
    group = (*in)->unit;
    if (group == nullptr) return std::nullopt;
  }
  auto const* ref = std::get_if<ast::NameRef>(&name->node);
  if (ref == nullptr) return std::nullopt;
  Entity const* entity = context_.find(ref->symbol, name->span);
  if (entity == nullptr) return std::nullopt;
  failed = true;
  if (entity->kind == Entity::Kind::group || entity->kind == Entity::Kind::member) {
    const bool is_group = entity->kind == Entity::Kind::group;
    const model::DimensionId dimension = is_group ? context_.result.groups[entity->index].dimension
                                                  : context_.members[entity->index].dimension;
    auto& d = context_.error(Code::bad_view, name->span,
                             fmt::format("rows are a dimension or a line, and `{}` is a {}",
                                         context_.text(name->span), describe(entity->kind)));
    if (dimension.valid())
      d.hint(is_group
                 ? fmt::format("write `{} in {}`", context_.result.dimension(dimension).name,
                               context_.text(name->span))
                 : fmt::format("put it into a group and write `{} in …`, or index what is shown",
                               context_.result.dimension(dimension).name));
    return std::nullopt;
  }
  failed = false;
  if (entity->kind != Entity::Kind::dimension) return std::nullopt;
  const model::DimensionId dimension{entity->index};
  model::Dimension const& of = context_.result.dimension(dimension);
  model::View::Along out{dimension, of.shown};
  if (group == nullptr) return out;
  failed = true;
  if (group->atoms.size() != 1 || group->atoms[0].kind != ast::UnitAtom::Kind::name
      || group->magnitude.power != 0 || group->atoms[0].exponent != 1) {
    context_.error(Code::bad_view, group->span,
                   fmt::format("a group of `{}` is wanted here", of.name));
    return std::nullopt;
  }
  Entity const* found = context_.want(group->atoms[0].name, {Entity::Kind::group}, "group");
  if (found == nullptr) return std::nullopt;
  model::Group const& g = context_.result.groups[found->index];
  if (g.dimension.valid() && g.dimension != dimension) {
    context_.error(Code::wrong_kind, group->span,
                   fmt::format("group `{}` is not one of `{}`", g.name, of.name));
    return std::nullopt;
  }
  failed = false;
  std::erase_if(out.members, [&](std::uint32_t m) { return !g.members.contains(m); });
  return out;
}

std::optional<model::View::Shown> Views::shown(ast::Shown const& shown) {
  ast::ExprPtr e = shown.value;
  if (auto const* ref = std::get_if<ast::NameRef>(&e->node)) {
    Entity const* entity = context_.find(ref->symbol, e->span);
    if (entity != nullptr && entity->kind == Entity::Kind::line)
      return model::View::Shown{LineId{entity->index}, std::string(shown.label.value), e->span};
  }
  LoweringTarget target;
  target.line = "a view";
  const auto formula = lowering_.lower(e, target);
  if (!formula) return std::nullopt;
  const LineId line =
      equations_.add_hidden(context_.words(e->span), target, *formula, model::base_layer, e->span);
  // What is asked for in a unit is printed in it, and what a function says of its value holds.
  model::Node const& root = context_.result.formulas[formula->root];
  if (root.kind == model::NodeKind::convert) {
    measured_.push_back({line, model::MeasureId{root.b}});
  } else if (auto const* call = std::get_if<ast::Call const*>(&e->node)) {
    Entity const* function = context_.find((*call)->callee.symbol, (*call)->callee.span);
    if (function != nullptr && function->kind == Entity::Kind::function) {
      ast::Type const& type = context_.functions[function->index].declaration->type;
      const auto measure =
          type.kind == ast::Type::Kind::unit ? units_.of(*type.unit) : std::nullopt;
      if (measure) measured_.push_back({line, context_.measure(*measure)});
    }
  }
  return model::View::Shown{line, std::string(shown.label.value), e->span};
}

bool Views::periods(ast::Range const& range, model::View& out) {
  if (!regions_.want_timeline(range.span)) return false;
  std::optional<model::Calendar::Steps> low{{0, 0}};
  std::optional<model::Calendar::Steps> high{{0, context_.result.calendar.count - 1}};
  if (range.low != nullptr) low = regions_.steps(range.low);
  if (!range.dots) high = low;
  if (range.high != nullptr) high = regions_.steps(range.high);
  if (!low || !high) return false;
  if (high->last < low->first) {
    context_.error(Code::bad_region, range.span, "this range of periods is empty");
    return false;
  }
  out.first = static_cast<std::uint32_t>(low->first);
  out.count = static_cast<std::uint32_t>(high->last - low->first + 1);
  return true;
}

// ------------------------------------------------------------------------------------- afterwards

void Views::finish() {
  auto& result = context_.result;
  for (Measured const& m : measured_)
    if (model::Line& line = result.lines[m.line.value];
        line.type.kind == model::Kind::number && line.type.unit == result.measure(m.measure).unit)
      line.measure = m.measure;
  for (std::size_t i = 0; i < result.views.size(); ++i) {
    check_axes(result.views[i]);
    if (result.views[i].measure) check_unit(result.views[i], units_at_[i]);
  }
}

void Views::report_unfixed(model::View::Shown const& shown) {
  model::Line const& line = context_.result.line(shown.line);
  std::string axes;
  for (model::DimensionId d : line.dimensions)
    axes += (axes.empty() ? "`" : ", `") + context_.result.dimension(d).name + '`';
  if (line.dimensions.empty()) {
    context_
        .error(Code::bad_view, shown.span,
               fmt::format("`{}` is one figure, and not one for each row", line.name))
        .hint(fmt::format("put it among the rows: `rows …, {}`", line.name));
    return;
  }
  auto& d = context_.error(
      Code::bad_view, shown.span,
      fmt::format("`{}` varies by {}, and the rows do not fix that", line.name, axes));
  std::string names;
  for (model::DimensionId dimension : line.dimensions)
    names += (names.empty() ? "" : ", ") + context_.result.dimension(dimension).name;
  d.hint(fmt::format("write `rows {}; show {}`, name a member (`{}[…]`), or aggregate it", names,
                     line.name, line.name));
}

void Views::check_axes(model::View const& view) {
  const auto fits = [&](model::View::Shown const& s, model::View::Block const& block) {
    return !block.along.empty() && model::View::fits(context_.result.line(s.line), block);
  };
  bool good = true;
  for (model::View::Shown const& s : view.shown)
    if (std::none_of(view.blocks.begin(), view.blocks.end(),
                     [&](auto const& block) { return fits(s, block); })) {
      report_unfixed(s);
      good = false;
    }
  for (model::View::Block const& block : view.blocks) {
    if (block.along.empty()) {
      if (!context_.result.line(block.own.line).dimensions.empty()) report_unfixed(block.own);
    } else if (good && std::none_of(view.shown.begin(), view.shown.end(), [&](auto const& s) {
                 return fits(s, block);
               })) {
      context_.error(Code::bad_view, block.span, "nothing is shown in these rows")
          .hint("say what: `show capex`");
    }
  }
}

void Views::check_unit(model::View const& view, Span unit) {
  model::Measure const& measure = context_.result.measure(*view.measure);
  const auto fits = [&](model::View::Shown const& s) {
    model::Type const& type = context_.result.line(s.line).type;
    return type.kind == model::Kind::any
           || (type.kind == model::Kind::number && type.unit == measure.unit);
  };
  bool some = std::any_of(view.shown.begin(), view.shown.end(), fits);
  for (model::View::Block const& block : view.blocks)
    some = some || (block.along.empty() && fits(block.own));
  if (some) return;
  model::View::Shown const& first =
      !view.shown.empty() ? view.shown.front() : view.blocks.front().own;
  context_
      .error(Code::declared_unit, unit,
             fmt::format("nothing in this view is in {}",
                         context_.name_of({model::Kind::number, measure.unit, {}})))
      .at(first.span,
          fmt::format("this is {}", context_.name_of(context_.result.line(first.line).type)));
}

} // namespace scn::resolve
