#include "lang/resolve/regions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace scn::resolve {

using model::Calendar;
using model::IndexSet;

namespace {

bool is_bare_year(ast::Expr const& e, std::string_view text) {
  auto const* l = std::get_if<ast::Literal>(&e.node);
  if (l == nullptr || l->percent || l->magnitude.power != 0 || l->unit.written()) return false;
  return text.size() == 4
         && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

bool Regions::want_timeline(Span span) {
  if (context_.result.calendar.count > 0) return true;
  context_.error(Code::no_timeline, span, "this needs a timeline, and the model has none")
      .hint("declare one: `timeline 2024..2030 yearly`");
  return false;
}

bool Regions::is_period(ast::ExprPtr e) const {
  if (std::holds_alternative<ast::PeriodLiteral>(e->node)) return true;
  if (auto const* w = std::get_if<ast::WordRef>(&e->node))
    return w->word == ast::Word::first || w->word == ast::Word::last;
  if (auto const* b = std::get_if<ast::Binary>(&e->node))
    return (b->op == ast::BinaryOp::add || b->op == ast::BinaryOp::subtract) && is_period(b->left);
  return is_bare_year(*e, context_.text(e->span));
}

std::optional<Calendar::Steps> Regions::steps(ast::ExprPtr e, bool anywhere) {
  Calendar const& calendar = context_.result.calendar;
  if (!want_timeline(e->span)) return std::nullopt;
  const auto refuse = [&]() -> std::optional<Calendar::Steps> {
    context_.error(Code::bad_region, e->span, "a constant period is wanted here")
        .hint("as `2025`, `2025Q3`, `first`, `last - 1`");
    return std::nullopt;
  };
  std::optional<Calendar::Steps> out;
  if (auto const* w = std::get_if<ast::WordRef>(&e->node)) {
    if (w->word == ast::Word::first) return Calendar::Steps{0, 0};
    if (w->word == ast::Word::last) return Calendar::Steps{calendar.count - 1, calendar.count - 1};
    return refuse();
  }
  if (auto const* b = std::get_if<ast::Binary>(&e->node)) {
    auto const* n = std::get_if<ast::Literal>(&b->right->node);
    if ((b->op != ast::BinaryOp::add && b->op != ast::BinaryOp::subtract) || n == nullptr
        || n->unit.written() || n->percent || n->magnitude.power != 0)
      return refuse();
    int by = 0;
    const std::string_view digits = context_.text(n->digits);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), by);
    if (error != std::errc{} || end != digits.data() + digits.size() || by > 100000)
      return refuse();
    out = steps(b->left, true);
    if (!out) return out;
    if (b->op == ast::BinaryOp::subtract) by = -by;
    out->first += by;
    out->last += by;
  } else {
    const std::string_view text = context_.text(e->span);
    const bool literal =
        std::holds_alternative<ast::PeriodLiteral>(e->node) || is_bare_year(*e, text);
    const auto period = literal ? model::period_of(text) : std::nullopt;
    if (!period) return refuse();
    out = calendar.steps(*period);
    if (!out) {
      context_.error(
          Code::finer_period, e->span,
          fmt::format("`{}` is finer than the {} timeline", text, model::name_of(calendar.grain)));
      return std::nullopt;
    }
  }
  if (!anywhere && (out->first < 0 || out->last >= calendar.count)) {
    context_
        .error(Code::outside_timeline, e->span,
               fmt::format("{} lies outside the timeline {}..{}", context_.text(e->span),
                           calendar.name(0), calendar.name(calendar.count - 1)))
        .hint("extend the timeline, or name a period inside it");
    return std::nullopt;
  }
  return out;
}

std::optional<bool> Regions::is_fiscal(ast::ExprPtr e) const {
  if (auto const* b = std::get_if<ast::Binary>(&e->node)) return is_fiscal(b->left);
  if (std::holds_alternative<ast::PeriodLiteral>(e->node))
    return context_.text(e->span).starts_with("FY");
  if (is_bare_year(*e, context_.text(e->span))) return false;
  return std::nullopt;
}

bool Regions::fits_axis(ast::ExprPtr e, model::LineId id) {
  model::Line const& line = context_.result.line(id);
  const auto fiscal = is_fiscal(e);
  if (!fiscal || *fiscal == line.fiscal) return true;
  auto& d = context_.error(
      Code::fiscal_mix, e->span,
      line.fiscal ? fmt::format("`{}` has fiscal periods, and {} is one of the calendar", line.name,
                                context_.text(e->span))
                  : fmt::format("`{}` has periods of the calendar, and {} is a fiscal one",
                                line.name, context_.text(e->span)));
  d.at(line.span, "declared here");
  if (line.fiscal) {
    d.hint(fmt::format("write `FY{}`", context_.text(e->span)));
  } else {
    d.hint("declare the line `fiscal`, or name a period of the calendar");
  }
  return false;
}

std::optional<IndexSet> Regions::time_of(ast::Range const& range, model::LineId line) {
  Calendar const& calendar = context_.result.calendar;
  std::optional<Calendar::Steps> low{{0, 0}};
  std::optional<Calendar::Steps> high{{calendar.count - 1, calendar.count - 1}};
  if (range.low != nullptr) low = steps(range.low);
  if (!range.dots) high = low;
  if (range.high != nullptr) high = steps(range.high);
  if (!low || !high || !want_timeline(range.span)) return std::nullopt;
  for (ast::ExprPtr e : {range.low, range.high})
    if (e != nullptr && !fits_axis(e, line)) return std::nullopt;
  if (high->last < low->first) {
    context_.error(Code::bad_region, range.span, "this range of periods is empty");
    return std::nullopt;
  }
  // A flow of a whole year is no figure for each of its quarters.
  if (!range.dots && low->last > low->first
      && context_.result.line(line).kind == model::LineKind::flow) {
    context_
        .error(Code::coarse_flow, range.span,
               fmt::format("`{}` is a flow, and {} is {} steps of the timeline",
                           context_.result.line(line).name, context_.text(range.span),
                           low->last - low->first + 1))
        .hint(fmt::format("name the steps: `{0}{1}..{0}{2}` gives each of them the same value, so "
                          "divide what is of all of them by {3}",
                          context_.result.line(line).fiscal ? "FY" : "", calendar.name(low->first),
                          calendar.name(low->last), low->last - low->first + 1));
    return std::nullopt;
  }
  return IndexSet(static_cast<std::uint32_t>(low->first),
                  static_cast<std::uint32_t>(high->last) + 1);
}

Regions::Partial Regions::all_of(model::LineId line) const {
  Partial out;
  for (model::DimensionId d : context_.result.line(line).dimensions)
    out.members.emplace_back(
        0u, static_cast<std::uint32_t>(context_.result.dimension(d).members.size()));
  out.named.resize(out.members.size());
  return out;
}

bool Regions::add_members(model::LineId id, ast::Place const& place, ast::Name const& name,
                          std::vector<std::optional<IndexSet>>& sets) {
  model::Line const& line = context_.result.line(id);
  Entity const* entity =
      context_.want(name, {Entity::Kind::member, Entity::Kind::group}, "member, group or period");
  if (entity == nullptr) return false;
  model::DimensionId dimension;
  IndexSet members;
  if (entity->kind == Entity::Kind::member) {
    MemberEntry const& m = context_.members[entity->index];
    dimension = m.dimension;
    members = IndexSet(m.index, m.index + 1);
  } else {
    model::Group const& g = context_.result.groups[entity->index];
    dimension = g.dimension;
    members = g.members;
    if (!dimension.valid()) return false; // reported with the group
  }
  if (place.axis.written()) {
    Entity const* axis = context_.want(place.axis, {Entity::Kind::dimension}, "dimension");
    if (axis == nullptr) return false;
    if (model::DimensionId{axis->index} != dimension) {
      context_.error(Code::bad_region, name.span,
                     fmt::format("`{}` is a `{}`, not a `{}`", context_.text(name),
                                 context_.result.dimension(dimension).name,
                                 context_.text(place.axis)));
      return false;
    }
  }
  const auto at = std::find(line.dimensions.begin(), line.dimensions.end(), dimension);
  if (at == line.dimensions.end()) {
    context_
        .error(Code::bad_region, name.span,
               fmt::format("`{}` has no dimension `{}`", line.name,
                           context_.result.dimension(dimension).name),
               fmt::format("this is a `{}`", context_.result.dimension(dimension).name))
        .at(line.span, "declared here")
        .hint(fmt::format("declare it `by {}`", context_.result.dimension(dimension).name));
    return false;
  }
  auto& set = sets[static_cast<std::size_t>(at - line.dimensions.begin())];
  set = set ? unite(*set, members) : members;
  return true;
}

/// Periods of the timeline, or, behind `vintage =`, members of that dimension.
bool Regions::add_periods(model::LineId id, ast::Place const& place,
                          std::vector<std::optional<IndexSet>>& sets,
                          std::optional<IndexSet>& time) {
  model::Line const& line = context_.result.line(id);
  const auto vintage =
      std::find_if(line.dimensions.begin(), line.dimensions.end(),
                   [&](model::DimensionId d) { return context_.result.dimension(d).periods; });
  if (place.axis.written()) {
    Entity const* axis = context_.want(place.axis, {Entity::Kind::dimension}, "dimension");
    if (axis == nullptr) return false;
    if (!context_.result.dimension(model::DimensionId{axis->index}).periods) {
      context_
          .error(Code::bad_region, place.range.span,
                 fmt::format("this is a period, not a `{}`", context_.text(place.axis)))
          .hint("a period of the timeline stands without a name; `vintage = 2024` names a vintage");
      return false;
    }
    if (vintage == line.dimensions.end()) {
      context_
          .error(Code::bad_region, place.axis.span,
                 fmt::format("`{}` has no dimension `vintage`", line.name))
          .at(line.span, "declared here")
          .hint("declare it `by vintage`, or name the period alone");
      return false;
    }
  } else if (time && vintage != line.dimensions.end()) {
    context_
        .error(Code::bad_region, place.range.span,
               fmt::format("`{}` varies by vintage and over time, and nothing says which of these "
                           "periods is which",
                           line.name))
        .hint(fmt::format("name the vintage: `{}[vintage = 2024, 2026]`; periods that follow one "
                          "another are a range",
                          line.name));
    return false;
  }
  auto set = time_of(place.range, id);
  if (!set) return false;
  std::optional<IndexSet>& slot =
      place.axis.written() ? sets[static_cast<std::size_t>(vintage - line.dimensions.begin())]
                           : time;
  slot = slot ? unite(*slot, *set) : std::move(*set);
  return true;
}

std::optional<Regions::Partial> Regions::read(model::LineId line, List<ast::Place> const& places) {
  std::vector<std::optional<IndexSet>> sets(context_.result.line(line).dimensions.size());
  std::optional<IndexSet> time;
  bool good = true;
  for (ast::Place const& place : places) {
    ast::Range const& range = place.range;
    ast::ExprPtr one = range.low != nullptr ? range.low : range.high;
    if (one == nullptr || std::holds_alternative<ast::Broken>(one->node)) {
      good = false;
    } else if (auto const* name = std::get_if<ast::NameRef>(&one->node)) {
      if (range.dots) {
        context_.error(Code::bad_region, range.span, "only periods form a range");
        good = false;
      } else {
        good = add_members(line, place, {name->symbol, one->span}, sets) && good;
      }
    } else {
      good = add_periods(line, place, sets, time) && good;
    }
  }
  if (!good) return std::nullopt;
  Partial out = all_of(line);
  for (std::size_t i = 0; i < sets.size(); ++i)
    if (sets[i]) {
      out.members[i] = std::move(*sets[i]);
      out.named[i] = true;
    }
  out.time = std::move(time);
  return out;
}

} // namespace scn::resolve
