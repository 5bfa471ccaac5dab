// What a model says of itself as a whole: its timeline and currency, what library modules ask of
// them, the sources that figures come from, and how scenarios lie over one another.

#include "lang/resolve/declarations.hpp"

#include "lang/source/render.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scn::resolve {

void Declarations::set_timeline(ast::Timeline const& timeline, bool main) {
  // What could not be read was reported.
  for (ast::ExprPtr end : {timeline.first, timeline.last})
    if (std::holds_alternative<ast::Broken>(end->node)) return;
  const Span here = cover(timeline.first->span, timeline.last->span);
  const auto grain =
      timeline.grain.written() ? model::grain_named(context_.text(timeline.grain)) : std::nullopt;
  if (!grain) {
    if (timeline.grain.written())
      context_
          .error(Code::bad_timeline, timeline.grain.span,
                 fmt::format("`{}` is no grain of a timeline", context_.text(timeline.grain)))
          .hint("it is `yearly`, `half-yearly`, `quarterly` or `monthly`");
    return;
  }
  model::Calendar calendar{*grain, 0, 0};
  const auto read = [&](ast::ExprPtr e) -> std::optional<model::Calendar::Steps> {
    const auto period = model::period_of(context_.text(e->span));
    const auto steps = period ? calendar.steps(*period) : std::nullopt;
    if (!steps)
      context_
          .error(Code::bad_timeline, e->span,
                 fmt::format("`{}` is no period of a {} timeline", context_.text(e->span),
                             model::name_of(*grain)))
          .hint("a period is a year (`2024`) or a part of one (`2024Q3`), not finer than the "
                "timeline");
    return steps;
  };
  const auto first = read(timeline.first);
  const auto last = read(timeline.last);
  if (!first || !last) return;
  if (last->last < first->first) {
    context_.error(Code::bad_timeline, here, "the timeline ends before it begins")
        .hint(fmt::format("write `timeline {}..{} {}`", context_.text(timeline.last->span),
                          context_.text(timeline.first->span), model::name_of(*grain)));
    return;
  }
  calendar.first = first->first;
  calendar.count = last->last - first->first + 1;
  model::Calendar& current = context_.result.calendar;
  const bool same = current.grain == calendar.grain && current.first == calendar.first
                    && current.count == calendar.count;
  if (current.count > 0 && !same && timeline_is_main_ == main)
    context_.error(Code::timeline_twice, here, "a model has one timeline", "a second one")
        .at(timeline_, "the first");
  // That of the using file counts; a used file's stands in where it has none.
  if (current.count == 0 || (main && !timeline_is_main_)) {
    current = calendar;
    timeline_ = here;
    timeline_is_main_ = main;
  }
}

void Declarations::set_currency(ast::Currency const& currency, bool main) {
  if (!currency.unit.written()) return;
  const auto unit = units_.named(currency.unit);
  if (!unit) return;
  if (context_.result.units.currencies(unit->unit).size() != 1) {
    context_.error(Code::wrong_kind, currency.unit.span,
                   fmt::format("`{}` is a unit, but not a currency", context_.text(currency.unit)));
    return;
  }
  auto& pivot = context_.result.pivot;
  if (pivot && *pivot != unit->unit && currency_is_main_ == main)
    context_
        .error(Code::timeline_twice, currency.unit.span,
               "a model has one currency that conversions go through", "a second one")
        .at(currency_, "the first");
  // As with the timeline, that of the using file counts.
  if (!pivot || (main && !currency_is_main_)) {
    pivot = unit->unit;
    currency_ = currency.unit.span;
    currency_is_main_ = main;
  }
}

/// A vintage for each period of the timeline, which is known by now. Periods sort by name as they
/// do in time, so a vintage's index is its step.
void Declarations::add_vintages() {
  model::Calendar const& calendar = context_.result.calendar;
  for (model::Dimension& dimension : context_.result.dimensions) {
    if (!dimension.periods) continue;
    for (int step = 0; step < calendar.count; ++step) {
      dimension.shown.push_back(static_cast<std::uint32_t>(step));
      dimension.members.push_back({calendar.name(step), {}, {}, {}});
    }
  }
}

/// What modules of the library ask of the model that uses them. The `use` is what can be shown.
void Declarations::check_modules(ResolveInput const& input) {
  const auto module_named = [&](std::string const& name) -> ast::Tree const* {
    for (ast::Tree const* tree : input.files)
      if (context_.sources.name(tree->source) == name) return tree;
    return nullptr;
  };
  for (ast::Tree const* user : input.files)
    for (ast::Statement const* s : user->statements) {
      auto const* use = std::get_if<ast::Use const*>(&s->node);
      if (use == nullptr || (*use)->path.empty()) continue;
      std::string name;
      for (ast::Name const& part : (*use)->path)
        name += (name.empty() ? "" : ".") + std::string(context_.text(part));
      ast::Tree const* module = module_named(name);
      if (module == nullptr) continue;
      bool money = false;
      bool lines = false;
      for (ast::Statement const* item : module->statements) {
        auto const* unit = std::get_if<ast::Unit const*>(&item->node);
        money = money || (unit != nullptr && context_.text((*unit)->name) == model_currency);
        lines = lines || std::holds_alternative<ast::Line const*>(item->node);
      }
      if (money && !context_.result.pivot)
        context_
            .error(
                Code::no_currency, s->span,
                fmt::format("`{}` counts in the model's currency, and the model names none", name))
            .hint("name it: `currency USD`");
      if (lines && context_.result.calendar.count == 0)
        context_
            .error(Code::no_timeline, s->span,
                   fmt::format("`{}` has lines over time, and the model has no timeline", name))
            .hint("declare one: `timeline 2024..2030 yearly`");
    }
}

void Declarations::declare_source(ast::Source const& source) {
  if (!source.name.written()) return;
  auto [at, added] = context_.documents.try_emplace(
      source.name.symbol.value, static_cast<std::uint32_t>(context_.result.documents.size()));
  if (!added) {
    context_
        .error(Code::name_taken, source.name.span,
               fmt::format("source `{}` is declared twice", context_.text(source.name)))
        .at(context_.result.documents[at->second].span, "first declared here");
    return;
  }
  context_.document_names.push_back(source.name.symbol);
  model::Document out;
  out.name = context_.text(source.name);
  out.title = source.title.value;
  out.span = source.name.span;
  for (ast::Attribute const& a : source.attributes) {
    const std::string_view name = context_.text(a.name);
    const bool is_text = a.text.written();
    const bool is_date =
        a.value != nullptr && std::holds_alternative<ast::DateLiteral>(a.value->node);
    std::string* slot = name == "file"     ? &out.file
                        : name == "author" ? &out.author
                        : name == "url"    ? &out.url
                        : name == "note"   ? &out.note
                                           : nullptr;
    if (slot != nullptr && is_text) {
      *slot = a.text.value;
    } else if (name == "published" && is_date) {
      out.published = model::date_of(context_.text(a.value->span));
    } else if (name == "copy_of" && a.value != nullptr
               && std::holds_alternative<ast::NameRef>(a.value->node)) {
      copies_.push_back({context_.result.documents.size(),
                         {std::get<ast::NameRef>(a.value->node).symbol, a.value->span}});
    } else {
      context_
          .error(Code::bad_source, a.name.span,
                 fmt::format("`{}` is no part of a source, or not written like this", name))
          .hint("a source has `file`, `author`, `url` and `note` (texts), `published` (a date as "
                "2025-02-11) and `copy_of` (another source)");
    }
  }
  context_.result.documents.push_back(std::move(out));
}

/// Which source each copy copies, once all are declared.
void Declarations::settle_copies() {
  auto& documents = context_.result.documents;
  for (auto const& [copy, original] : copies_) {
    const model::CitationId id = context_.citation({original, {}, {}, original.span});
    if (!id.valid()) continue;
    const std::uint32_t of = context_.result.citations[id.value].document;
    // A circle would close if the original went back to the copy.
    std::optional<std::uint32_t> at = of;
    while (at && *at != copy)
      at = documents[*at].copy_of;
    if (at) {
      context_
          .error(Code::bad_source, original.span,
                 fmt::format("`{}` would be a copy of itself", documents[copy].name),
                 of == copy ? "this is the source itself" : "this one is a copy of it already")
          .hint("leave `copy_of` out of the one that was written first");
      continue;
    }
    documents[copy].copy_of = of;
  }
}

void Declarations::declare_scenario(ast::Scenario const& scenario) {
  if (!scenario.name.written()) return;
  auto [at, added] = context_.scenarios.try_emplace(
      scenario.name.symbol.value, static_cast<std::uint32_t>(context_.result.scenarios.size()));
  if (!added || context_.text(scenario.name) == "base") {
    auto& d = context_.error(
        Code::name_taken, scenario.name.span,
        added ? "`base` is the model without any scenario"
              : fmt::format("scenario `{}` is declared twice", context_.text(scenario.name)));
    if (!added) d.at(context_.result.scenarios[at->second].span, "first declared here");
    if (!added) return;
  }
  context_.scenario_names.push_back(scenario.name.symbol);
  model::Scenario out;
  out.name = context_.text(scenario.name);
  out.label = scenario.label.value;
  out.span = scenario.name.span;
  context_.result.scenarios.push_back(std::move(out));
  scenarios_.push_back(&scenario);
}

/// Fixes the layers of each scenario: the base, then every ancestor once, parents before their
/// children, depth first in the order written; last its own block.
void Declarations::order_scenarios() {
  auto& scenarios = context_.result.scenarios;
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    for (ast::Name const& parent : scenarios_[i]->parents) {
      if (!parent.written()) continue;
      auto found = context_.scenarios.find(parent.symbol.value);
      if (found != context_.scenarios.end()) {
        scenarios[i].parents.emplace_back(found->second);
        scenarios[i].parent_spans.push_back(parent.span);
        continue;
      }
      if (context_.text(parent) == "base") {
        context_.error(Code::unknown_name, parent.span, "every scenario lies on `base` by itself")
            .hint("leave it out of `extends`");
        continue;
      }
      auto& d = context_.error(Code::unknown_name, parent.span,
                               fmt::format("there is no scenario `{}`", context_.text(parent)));
      std::vector<std::string_view> near;
      for (Symbol s : context_.scenario_names)
        near.push_back(context_.text(s));
      if (const auto best = nearest_name(context_.text(parent), near); !best.empty())
        d.hint(fmt::format("did you mean `{}`?", best));
    }
  }
  // Parents are finished before their children; a walk with a stack of its own, because a chain of
  // scenarios may be long.
  enum class State : std::uint8_t { untouched, busy, done };
  std::vector<State> state(scenarios.size(), State::untouched);
  for (std::size_t root = 0; root < scenarios.size(); ++root) {
    std::vector<std::size_t> stack{root};
    while (!stack.empty()) {
      const std::size_t i = stack.back();
      model::Scenario& scenario = scenarios[i];
      if (state[i] == State::done) {
        stack.pop_back();
        continue;
      }
      state[i] = State::busy;
      bool waits = false;
      for (std::size_t p = 0; p < scenario.parents.size(); ++p) {
        const std::size_t parent = scenario.parents[p].value;
        if (state[parent] == State::untouched) {
          stack.push_back(parent);
          waits = true;
        } else if (state[parent] == State::busy) {
          context_.error(Code::scenario_cycle, scenarios_[i]->name.span,
                         fmt::format("scenario `{}` extends itself", scenario.name),
                         parent == i ? "" : fmt::format("through `{}`", scenarios[parent].name));
          scenario.parents.erase(scenario.parents.begin() + static_cast<std::ptrdiff_t>(p));
          scenario.parent_spans.erase(scenario.parent_spans.begin()
                                      + static_cast<std::ptrdiff_t>(p));
          --p;
        }
      }
      if (waits) continue;
      stack.pop_back();
      state[i] = State::done;
      scenario.layers = {model::base_layer};
      const auto add = [&](model::LayerId layer) {
        if (std::find(scenario.layers.begin(), scenario.layers.end(), layer)
            == scenario.layers.end())
          scenario.layers.push_back(layer);
      };
      for (std::size_t p = 0; p < scenario.parents.size(); ++p) {
        auto const& parent = scenarios[scenario.parents[p].value];
        for (std::size_t later = p + 1; later < scenario.parents.size(); ++later) {
          const model::LayerId below = model::layer_of(scenario.parents[later]);
          if (std::find(parent.layers.begin(), parent.layers.end(), below) == parent.layers.end())
            continue;
          context_
              .error(Code::scenario_order, scenarios_[i]->parents[p].span,
                     fmt::format("`{}` extends `{}`, so it cannot lie below it", parent.name,
                                 scenarios[scenario.parents[later].value].name))
              .hint("write the parents the other way round, or name only the later one");
        }
        for (model::LayerId layer : parent.layers)
          add(layer);
      }
      add(model::LayerId{i + 1});
    }
  }
}

} // namespace scn::resolve
