#include "lang/resolve/declarations.hpp"

#include "lang/source/render.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scn::resolve {

namespace {

constexpr struct {
  std::string_view name;
  Builtin builtin;
} builtins[] = {
    {"sum", Builtin::sum},       {"avg", Builtin::avg},
    {"min", Builtin::min},       {"max", Builtin::max},
    {"median", Builtin::median}, {"product", Builtin::product},
    {"count", Builtin::count},   {"any", Builtin::any},
    {"all", Builtin::all},       {"argmax", Builtin::argmax},
    {"rank", Builtin::rank},     {"is_known", Builtin::is_known},
    {"annual", Builtin::annual}, {"calendarised", Builtin::calendarised},
};

constexpr struct {
  std::string_view name;
  model::Native native;
} natives[] = {
    {"exp", model::Native::exp},
    {"ln", model::Native::ln},
    {"exp_less_one", model::Native::exp_less_one},
    {"ln_one_plus", model::Native::ln_one_plus},
    {"floor", model::Native::floor},
    {"ceil", model::Native::ceil},
    {"month_of_day", model::Native::month_of_day},
    {"first_day", model::Native::first_day},
    {"annuity_rate", model::Native::annuity_rate},
    {"switch_to_even", model::Native::switch_to_even},
};

/// Aggregations that are declared in the library; the others are words of the language.
constexpr model::ReduceOp aggregates[] = {
    model::ReduceOp::stdev_s,        model::ReduceOp::stdev_p,
    model::ReduceOp::var_s,          model::ReduceOp::var_p,
    model::ReduceOp::percentile_inc, model::ReduceOp::percentile_exc,
    model::ReduceOp::correlation,    model::ReduceOp::slope,
    model::ReduceOp::intercept,      model::ReduceOp::internal_rate,
};

} // namespace

void Declarations::collect(ResolveInput const& input) {
  for (auto const& [name, builtin] : builtins)
    context_.declare_builtin(name, builtin);
  const auto library = [&](ast::Tree const* tree) { return context_.is_library(*tree); };
  // Library files first: whoever declares a name of theirs again is the one to be told.
  std::vector<ast::Tree const*> ordered;
  for (bool wanted : {true, false})
    for (ast::Tree const* tree : input.files)
      if (library(tree) == wanted) ordered.push_back(tree);
  reserve_lines(ordered);
  // Dimensions before members, because a member is declared by its dimension's name.
  for (ast::Tree const* tree : ordered)
    for (ast::Statement const* s : tree->statements)
      if (auto const* d = std::get_if<ast::Dimension const*>(&s->node)) {
        if (context_.declare((*d)->name,
                             {Entity::Kind::dimension,
                              static_cast<std::uint32_t>(context_.result.dimensions.size()),
                              (*d)->name.span, library(tree)})) {
          context_.result.dimensions.push_back(
              {std::string(context_.text((*d)->name)),
               std::string((*d)->label.value),
               {},
               {},
               (*d)->name.span,
               library(tree),
               library(tree) && context_.text((*d)->name) == "vintage"});
          members_.emplace_back();
          if (library(tree) && context_.text((*d)->name) == "company")
            context_.result.company = model::DimensionId{context_.result.dimensions.size() - 1};
        }
      }
  for (ast::Tree const* tree : ordered)
    for (ast::Statement const* s : tree->statements)
      names_of(*s, library(tree));
  order_members();
  units_.resolve_declarations();
  for (ast::Tree const* tree : ordered)
    for (ast::Statement const* s : tree->statements)
      head_of(*s, tree == input.files.front(), library(tree));
  add_vintages();
  check_modules(input);
  for (std::uint32_t i = 0; i < context_.groups.size(); ++i)
    resolve_group(i, 0);
  for (std::size_t i = 0; i < context_.result.lines.size(); ++i)
    resolve_line(model::LineId{i});
  settle_copies();
  order_scenarios();
}

/// Room for all lines at once, and for some hidden ones behind them: there may be a million, and
/// they are large.
void Declarations::reserve_lines(std::vector<ast::Tree const*> const& trees) {
  std::ptrdiff_t lines = 0;
  for (ast::Tree const* tree : trees)
    lines += std::count_if(
        tree->statements.begin(), tree->statements.end(),
        [](ast::Statement const* s) { return std::holds_alternative<ast::Line const*>(s->node); });
  const auto room = static_cast<std::size_t>(lines + lines / 8 + 16);
  context_.result.lines.reserve(room);
  context_.lines.reserve(room);
}

std::string Declarations::doc_text(Span doc) const {
  std::string out;
  std::string_view text = context_.text(doc);
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t mark = line.find("##");
    if (mark == std::string_view::npos) continue;
    line.remove_prefix(mark + 2);
    if (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
      line.remove_suffix(1);
    if (!out.empty()) out += '\n';
    out += line;
  }
  return out;
}

void Declarations::names_of(ast::Statement const& s, bool library) {
  const auto next = [](auto const& store) { return static_cast<std::uint32_t>(store.size()); };
  if (auto const* unit = std::get_if<ast::Unit const*>(&s.node)) {
    if (context_.declare((*unit)->name,
                         {Entity::Kind::unit, next(context_.units), (*unit)->name.span, library}))
      context_.units.push_back({*unit,
                                (*unit)->name.symbol,
                                (*unit)->name.span,
                                library,
                                UnitEntry::State::untouched,
                                {}});
  } else if (auto const* member = std::get_if<ast::Member const*>(&s.node)) {
    declare_members(**member, s.doc, library);
  } else if (auto const* group = std::get_if<ast::Group const*>(&s.node)) {
    if (context_.declare((*group)->name, {Entity::Kind::group, next(context_.groups),
                                          (*group)->name.span, library})) {
      context_.groups.push_back({*group, GroupEntry::State::untouched});
      context_.result.groups.push_back({std::string(context_.text((*group)->name)),
                                        std::string((*group)->label.value),
                                        {},
                                        {},
                                        (*group)->name.span});
    }
  } else if (auto const* function = std::get_if<ast::Function const*>(&s.node)) {
    FunctionEntry entry{*function, library, {}, {}};
    if ((*function)->body == nullptr) {
      for (auto const& [name, native] : natives)
        if (library && name == context_.text((*function)->name)) entry.native = native;
      for (model::ReduceOp op : aggregates)
        if (library && name_of(op) == context_.text((*function)->name)) entry.aggregate = op;
      if (!entry.native && !entry.aggregate && (*function)->name.written())
        context_.error(Code::bad_declaration, (*function)->name.span, "a function needs a body",
                       "add `= expression`");
    }
    if (context_.declare((*function)->name, {Entity::Kind::function, next(context_.functions),
                                             (*function)->name.span, library}))
      context_.functions.push_back(entry);
  } else if (auto const* line = std::get_if<ast::Line const*>(&s.node)) {
    declare_line(**line, s, library);
  } else if (auto const* source = std::get_if<ast::Source const*>(&s.node)) {
    declare_source(**source);
  } else if (auto const* scenario = std::get_if<ast::Scenario const*>(&s.node)) {
    declare_scenario(**scenario);
  }
}

void Declarations::head_of(ast::Statement const& s, bool main, bool library) {
  if (auto const* title = std::get_if<ast::Model const*>(&s.node)) {
    if (main || context_.result.title.empty()) context_.result.title = (*title)->title.value;
  } else if (auto const* timeline = std::get_if<ast::Timeline const*>(&s.node)) {
    if (!library) set_timeline(**timeline, main);
  } else if (auto const* currency = std::get_if<ast::Currency const*>(&s.node)) {
    set_currency(**currency, main);
  }
}

void Declarations::declare_line(ast::Line const& line, ast::Statement const& s, bool library) {
  const std::size_t index = context_.result.lines.size();
  if (!context_.declare(line.name, {Entity::Kind::line, static_cast<std::uint32_t>(index),
                                    line.name.span, library}))
    return;
  model::Line out;
  out.name = context_.text(line.name);
  out.label = line.label.value;
  out.doc = doc_text(s.doc);
  out.kind = static_cast<model::LineKind>(line.kind);
  out.prelude =
      library
      && context_.sources.name(context_.sources.source_of(line.name.span.begin)) == "std.prelude";
  out.span = line.name.span;
  context_.result.lines.push_back(std::move(out));
  // Nothing is asked of a line whose declaration could not be read.
  context_.lines.push_back({&line, line.name.span, library, s.broken});
}

void Declarations::declare_members(ast::Member const& member, Span doc, bool library) {
  Entity const* dimension = context_.find(member.dimension.symbol, member.dimension.span);
  if (dimension == nullptr || dimension->kind != Entity::Kind::dimension) {
    auto& d = context_.error(
        Code::unknown_name, member.dimension.span,
        dimension == nullptr
            ? fmt::format("`{}` is neither a word of the language nor a dimension",
                          context_.text(member.dimension))
            : fmt::format("`{}` is a {}, not a dimension", context_.text(member.dimension),
                          describe(dimension->kind)),
        "a statement cannot begin with it");
    std::vector<std::string_view> near{"model",     "use",      "timeline", "currency", "source",
                                       "dimension", "group",    "unit",     "flow",     "stock",
                                       "rate",      "assume",   "let",      "table",    "claim",
                                       "check",     "scenario", "view",     "prefer"};
    for (model::Dimension const& each : context_.result.dimensions)
      near.push_back(each.name);
    if (const auto best = nearest_name(context_.text(member.dimension), near); !best.empty())
      d.hint(fmt::format("did you mean `{}`?", best));
    return;
  }
  if (context_.result.dimensions[dimension->index].periods) {
    context_
        .error(Code::bad_declaration, member.dimension.span,
               fmt::format("the members of `{}` are the periods of the timeline",
                           context_.text(member.dimension)),
               "no other can be declared")
        .hint("kinds of assets are a dimension of their own: `dimension asset_class`");
    return;
  }
  for (ast::MemberName const& name : member.names) {
    if (!context_.declare(name.name, {Entity::Kind::member,
                                      static_cast<std::uint32_t>(context_.members.size()),
                                      name.name.span, library}))
      continue;
    const auto entry = static_cast<std::uint32_t>(context_.members.size());
    context_.members.push_back({model::DimensionId{dimension->index}, 0});
    members_[dimension->index].push_back(
        {name.name.symbol,
         entry,
         {std::string(context_.text(name.name)), std::string(name.label.value), doc_text(doc),
          name.name.span}});
  }
}

void Declarations::order_members() {
  for (std::size_t d = 0; d < members_.size(); ++d) {
    model::Dimension& dimension = context_.result.dimensions[d];
    std::vector<PendingMember>& pending = members_[d];
    const std::size_t n = pending.size();
    std::vector<std::uint32_t> order(n);
    for (std::uint32_t i = 0; i < n; ++i)
      order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return pending[a].member.name < pending[b].member.name;
    });
    dimension.shown.resize(n);
    for (std::uint32_t rank = 0; rank < n; ++rank) {
      PendingMember& member = pending[order[rank]];
      dimension.shown[order[rank]] = rank;
      context_.members[member.entry].index = rank;
      dimension.members.push_back(std::move(member.member));
    }
  }
}

void Declarations::resolve_group(std::uint32_t index, int depth) {
  GroupEntry& entry = context_.groups[index];
  model::Group& group = context_.result.groups[index];
  if (entry.state == GroupEntry::State::done) return;
  if (entry.state == GroupEntry::State::busy || depth > 256) {
    context_.error(Code::group_cycle, entry.declaration->name.span,
                   depth > 256 ? "groups are nested more than 256 deep"
                               : fmt::format("group `{}` contains itself", group.name));
    entry.state = GroupEntry::State::done;
    return;
  }
  entry.state = GroupEntry::State::busy;
  std::vector<std::uint32_t> indices;
  model::IndexSet inner;
  Span decided_by;
  for (ast::Name const& name : entry.declaration->members) {
    Entity const* found =
        context_.want(name, {Entity::Kind::member, Entity::Kind::group}, "member or group");
    if (found == nullptr) continue;
    model::DimensionId dimension;
    if (found->kind == Entity::Kind::member) {
      dimension = context_.members[found->index].dimension;
    } else {
      resolve_group(found->index, depth + 1);
      dimension = context_.result.groups[found->index].dimension;
      if (!dimension.valid()) continue; // reported
    }
    if (!group.dimension.valid()) {
      group.dimension = dimension;
      decided_by = name.span;
    } else if (group.dimension != dimension) {
      context_
          .error(Code::mixed_group, name.span,
                 fmt::format("a group holds members of one dimension, and `{}` is a `{}`",
                             context_.text(name), context_.result.dimension(dimension).name))
          .at(decided_by,
              fmt::format("this is a `{}`", context_.result.dimension(group.dimension).name));
      continue;
    }
    if (found->kind == Entity::Kind::member) {
      indices.push_back(context_.members[found->index].index);
    } else {
      inner = unite(inner, context_.result.groups[found->index].members);
    }
  }
  group.members = unite(model::IndexSet::of(std::move(indices)), inner);
  entry.state = GroupEntry::State::done;
}

void Declarations::resolve_line(model::LineId id) {
  LineEntry& entry = context_.lines[id.value];
  model::Line& line = context_.result.lines[id.value];
  ast::Line const& declared = *entry.declaration;
  line.fiscal = declared.word == ast::LineWord::fiscal;
  if (declared.word == ast::LineWord::average) line.rate_use = model::RateUse::average;
  if (declared.word == ast::LineWord::closing) line.rate_use = model::RateUse::closing;
  if (declared.kind == ast::LineKind::fx) {
    context_.has_rates = true;
  } else if (line.rate_use != model::RateUse::all) {
    context_
        .error(Code::bad_declaration, declared.name.span,
               fmt::format("`average` and `closing` belong to exchange rates, and `{}` is none",
                           line.name))
        .hint("declare it with `fx`");
  }
  bool restricted = false;
  model::Region applies;
  for (ast::Axis const& axis : declared.axes) {
    Entity const* found = context_.want(axis.dimension, {Entity::Kind::dimension}, "dimension");
    if (found == nullptr) continue;
    const model::DimensionId dimension{found->index};
    if (context_.result.dimension(dimension).periods && context_.result.calendar.count == 0)
      context_
          .error(Code::no_timeline, axis.dimension.span,
                 "vintages are the periods of the timeline, and the model has none")
          .hint("declare one: `timeline 2024..2030 yearly`");
    if (std::find(line.dimensions.begin(), line.dimensions.end(), dimension)
        != line.dimensions.end()) {
      context_.error(
          Code::bad_declaration, axis.dimension.span,
          fmt::format("a line has the dimension `{}` once at most", context_.text(axis.dimension)));
      continue;
    }
    line.dimensions.push_back(dimension);
    const auto n = static_cast<std::uint32_t>(context_.result.dimension(dimension).members.size());
    model::IndexSet members(0, n);
    if (axis.group.written()) {
      Entity const* group = context_.want(axis.group, {Entity::Kind::group}, "group");
      if (group != nullptr) {
        model::Group const& g = context_.result.groups[group->index];
        if (g.dimension == dimension) {
          restricted = true;
          members = g.members;
        } else if (g.dimension.valid()) {
          context_.error(
              Code::wrong_kind, axis.group.span,
              fmt::format("group `{}` is not one of `{}`", g.name, context_.text(axis.dimension)));
        }
      }
    }
    applies.axes.push_back(members);
  }
  if (line.fiscal && context_.result.company
      && std::find(line.dimensions.begin(), line.dimensions.end(), *context_.result.company)
             == line.dimensions.end())
    context_
        .error(Code::bad_declaration, declared.name.span,
               fmt::format("`{}` has fiscal periods, and nothing says whose", line.name))
        .hint("declare it `by company`");
  if (restricted) line.applies = applies; // time is added once it is known
  switch (declared.type.kind) {
  case ast::Type::Kind::none: return;
  case ast::Type::Kind::period: line.type = {model::Kind::period, model::pure, {}}; break;
  case ast::Type::Kind::truth: line.type = {model::Kind::truth, model::pure, {}}; break;
  case ast::Type::Kind::unit: {
    // A single name may be a dimension: a line whose values are members.
    auto const& atoms = declared.type.unit->atoms;
    if (atoms.size() == 1 && atoms[0].kind == ast::UnitAtom::Kind::name
        && declared.type.unit->magnitude.power == 0) {
      Entity const* e = context_.find(atoms[0].name.symbol, atoms[0].name.span);
      if (e != nullptr && e->kind == Entity::Kind::dimension) {
        const model::DimensionId dimension{e->index};
        line.type = {model::Kind::member, model::pure, dimension};
        // A vintage is a period.
        if (context_.result.dimension(dimension).periods)
          line.type = {model::Kind::period, model::pure, {}};
        break;
      }
    }
    auto measure = units_.of(*declared.type.unit);
    entry.typed = true; // even where it is unknown: one report is enough
    if (!measure) return;
    line.type = {model::Kind::number, measure->unit, {}};
    line.measure = context_.measure(*measure);
    break;
  }
  }
  entry.typed = true;
}

} // namespace scn::resolve
