#include "lang/resolve/contests.hpp"

#include "lang/model/contest.hpp"
#include "lang/model/winners.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <tuple>

namespace scn::resolve {

using model::Facts;
using model::LayerId;
using model::LineId;

// ---------------------------------------------------------------------------------------- `prefer`

void Contests::collect(ResolveInput const& input) {
  const auto read = [&](ast::Statement const& s, LayerId layer) {
    auto const* p = std::get_if<ast::Prefer const*>(&s.node);
    if (p != nullptr && !s.broken) prefer(**p, s.span, layer);
  };
  for (ast::Tree const* tree : input.files)
    for (ast::Statement const* s : tree->statements) {
      read(*s, model::base_layer);
      auto const* scenario = std::get_if<ast::Scenario const*>(&s->node);
      if (scenario == nullptr) continue;
      auto found = context_.scenarios.find((*scenario)->name.symbol.value);
      if (found == context_.scenarios.end()) continue;
      for (ast::Statement const* item : (*scenario)->items)
        read(*item, model::layer_of(model::ScenarioId{found->second}));
    }
  for (std::size_t i = 0; i < input.overlays.size(); ++i)
    for (ast::Statement const* s : input.overlays[i]->statements)
      read(*s, context_.result.overlays[i]);
}

void Contests::prefer(ast::Prefer const& p, Span span, LayerId layer) {
  model::Preference out;
  out.layer = layer;
  out.span = span;
  bool good = true;
  for (ast::Name const& source : p.sources) {
    const model::CitationId id = context_.citation({source, {}, {}, source.span});
    if (!id.valid()) {
      good = false;
      continue;
    }
    const std::uint32_t document = context_.result.citations[id.value].document;
    if (std::find(out.documents.begin(), out.documents.end(), document) != out.documents.end()) {
      context_.error(Code::prefer_twice, source.span,
                     fmt::format("`{}` is ranked twice", context_.text(source)));
      good = false;
    }
    out.documents.push_back(document);
  }
  std::optional<Regions::Partial> region;
  if (p.line.written()) {
    Entity const* entity = context_.want(p.line, {Entity::Kind::line}, "line");
    if (entity == nullptr) return;
    out.line = LineId{entity->index};
    region = regions_.read(*out.line, p.places);
    if (!region) return;
  }
  if (!good || out.documents.empty()) return;
  if (region) regions_of_.emplace_back(context_.result.preferences.size(), std::move(*region));
  context_.result.preferences.push_back(std::move(out));
}

/// Gives each `prefer` its region, and refuses those of one layer that may contradict one another.
void Contests::settle_preferences() {
  auto& preferences = context_.result.preferences;
  for (auto& [index, partial] : regions_of_) {
    model::Preference& p = preferences[index];
    if (partial.time && !context_.result.line(*p.line).over_time)
      context_
          .error(Code::bad_region, p.span,
                 fmt::format("`{}` does not vary over time", context_.result.line(*p.line).name))
          .hint("leave the period out");
    p.region = equations_.full_region(*p.line, partial);
  }
  for (std::size_t i = 0; i < preferences.size(); ++i)
    for (std::size_t j = i + 1; j < preferences.size(); ++j) {
      model::Preference const& a = preferences[i];
      model::Preference const& b = preferences[j];
      if (a.layer != b.layer || a.line != b.line) continue;
      const bool nested = a.region.contains(b.region) != b.region.contains(a.region);
      if (a.line && (nested || !a.region.meets(b.region))) continue;
      context_
          .error(Code::prefer_twice, b.span,
                 a.line ? "two preferences overlap, and neither lies inside the other"
                        : "a second `prefer` for everything",
                 "this one")
          .at(a.span, "the other one")
          .hint(a.line ? "name all sources in one `prefer`, the best first"
                       : "name all sources in one `prefer`, the best first, or say `for` which "
                         "line each of them is");
    }
}

// ----------------------------------------------------------------------------------- what competes

void Contests::find() {
  settle_preferences();
  auto& result = context_.result;
  for (std::size_t i = 0; i < result.layers.size(); ++i)
    for (model::LayerEquations& l : result.layers[i])
      layer(LineId{i}, l);
}

std::uint32_t Contests::document(model::EquationId id) const {
  auto const& result = context_.result;
  const model::CitationId citation = result.styles[result.equation(id).style].citation;
  return citation.valid() ? result.citations[citation.value].document : none;
}

std::uint32_t Contests::document(Facts::Fact const& fact) const {
  auto const& result = context_.result;
  const model::CitationId citation = result.styles[fact.style].citation;
  return citation.valid() ? result.citations[citation.value].document : none;
}

void Contests::layer(LineId line, model::LayerEquations& layer) {
  auto& result = context_.result;
  const std::size_t figures = layer.facts != none ? result.facts[layer.facts].facts.size() : 0;
  if (layer.equations.size() + figures < 2) return;
  std::map<model::RegionId, std::vector<model::EquationId>> by_region;
  for (model::EquationId id : layer.equations)
    if (result.equation(id).effect == model::Effect::replace)
      by_region[result.equation(id).region].push_back(id);
  std::vector<Facts::Fact> kept;
  Facts* table = layer.facts != none ? &result.facts[layer.facts] : nullptr;
  // Equations that stand alone with one cell may share it with a figure.
  std::map<std::uint32_t, Group> groups;
  std::vector<Group> wide;
  for (auto& [id, equations] : by_region) {
    model::Region const& region = result.region(id);
    Group group{region, 0, std::move(equations), {}};
    if (region.size() != 1) {
      if (group.equations.size() > 1) wide.push_back(std::move(group));
      continue;
    }
    model::for_each_cell(result, line, region, [&](std::uint32_t c) { group.cell = c; });
    groups.emplace(group.cell, std::move(group));
  }
  if (table != nullptr) {
    auto const& facts = table->facts;
    for (std::size_t i = 0; i < facts.size();) {
      std::size_t end = i + 1;
      while (end < facts.size() && facts[end].cell == facts[i].cell)
        ++end;
      auto at = groups.empty() ? groups.end() : groups.find(facts[i].cell);
      if (end - i > 1 && at == groups.end()) {
        Group group;
        group.cell = facts[i].cell;
        group.region = result.whole(line);
        std::uint32_t rest = group.cell;
        for (std::size_t axis = group.region.axes.size(); axis-- > 0;) {
          const std::uint32_t n = group.region.axes[axis].size();
          group.region.axes[axis] = model::IndexSet(rest % n, rest % n + 1);
          rest /= n;
        }
        at = groups.emplace(group.cell, std::move(group)).first;
      }
      if (at != groups.end())
        at->second.figures.assign(facts.begin() + static_cast<std::ptrdiff_t>(i),
                                  facts.begin() + static_cast<std::ptrdiff_t>(end));
      i = end;
    }
  }
  moved_.clear();
  for (auto& [cell, group] : groups)
    if (group.equations.size() + group.figures.size() > 1 && compete(line, group))
      contest(line, layer, std::move(group));
  for (Group& group : wide)
    if (compete(line, group)) contest(line, layer, std::move(group));
  if (moved_.empty()) return;

  // The n-th figures of all contests form a table; each cell stands in it once.
  std::vector<std::uint32_t> cells;
  std::map<std::uint32_t, std::uint32_t> tables;
  std::sort(moved_.begin(), moved_.end(),
            [](Moved const& a, Moved const& b) { return a.fact.cell < b.fact.cell; });
  for (Moved const& m : moved_) {
    const auto [at, added] =
        tables.try_emplace(m.rival, static_cast<std::uint32_t>(result.facts.size()));
    if (added) result.facts.push_back({line, layer.layer, {}});
    result.facts[at->second].facts.push_back(m.fact);
    result.contests[m.contest].rivals[m.rival].facts = at->second;
    cells.push_back(m.fact.cell);
  }
  auto& facts = result.facts[layer.facts].facts;
  std::erase_if(facts, [&](Facts::Fact const& f) {
    return std::binary_search(cells.begin(), cells.end(), f.cell);
  });
}

/// Has each a source of its own? Where not, figures that are given twice are reported here, and
/// equations where all overlaps are.
bool Contests::compete(LineId line, Group const& group) {
  std::vector<std::uint32_t> documents;
  for (model::EquationId id : group.equations)
    documents.push_back(document(id));
  for (Facts::Fact const& f : group.figures)
    documents.push_back(document(f));
  std::vector<std::uint32_t> sorted = documents;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.back() != none && std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end())
    return true;
  const std::size_t first = group.equations.size();
  for (std::size_t a = 0; a < group.figures.size(); ++a)
    for (std::size_t b = a + 1; b < group.figures.size(); ++b) {
      const std::uint32_t one = documents[first + a];
      const std::uint32_t other = documents[first + b];
      if (one != other && one != none && other != none) continue;
      const std::uint32_t steps = context_.result.steps(line);
      equations_.report_overlap(
          line, group.figures[a].span, group.figures[b].span, true,
          context_.result.cell_name(line, group.cell / steps, group.cell % steps));
      return false;
    }
  return false;
}

void Contests::contest(LineId line, model::LayerEquations& layer, Group group) {
  auto& result = context_.result;
  struct Side {
    model::Rival rival;
    std::optional<model::Figure> stated;
    Facts::Fact const* fact = nullptr;
  };
  std::vector<Side> sides;
  for (model::EquationId id : group.equations)
    sides.push_back({{document(id), none, id, none, result.equation(id).span}, stated(id)});
  for (Facts::Fact const& f : group.figures)
    sides.push_back({{document(f), none, {}, none, f.span}, stated(f), &f});
  std::sort(sides.begin(), sides.end(), [&](Side const& a, Side const& b) {
    const auto key = [&](Side const& s) {
      return model::first_published(result, s.rival.document);
    };
    return key(a) != key(b)
               ? key(a) > key(b)
               : result.documents[a.rival.document].name < result.documents[b.rival.document].name;
  });
  model::Contest out;
  out.line = line;
  out.layer = layer.layer;
  out.region = std::move(group.region);
  out.cell = group.cell;
  std::vector<std::optional<model::Figure>> figures;
  const auto id = static_cast<std::uint32_t>(result.contests.size());
  for (Side const& s : sides) {
    if (s.fact != nullptr)
      moved_.push_back({id, static_cast<std::uint32_t>(out.rivals.size()), *s.fact});
    out.rivals.push_back(s.rival);
    figures.push_back(s.stated);
  }
  mark_copies(out, figures);
  layer.contests.push_back(id);
  result.contests.push_back(std::move(out));
}

namespace {

/// Do two sources state the same number, or that it is unknown, in the same words?
bool same(std::optional<model::Figure> const& a, std::optional<model::Figure> const& b) {
  if (!a || !b) return false;
  const auto bits = [](model::Figure const& f) {
    return std::tuple(std::bit_cast<std::uint64_t>(f.value), std::bit_cast<std::uint64_t>(f.low),
                      std::bit_cast<std::uint64_t>(f.high));
  };
  return bits(*a) == bits(*b);
}

} // namespace

/// Of those that go back to one original only one competes: the original itself if it is there,
/// else the copy that was published first.
void Contests::mark_copies(model::Contest& contest,
                           std::vector<std::optional<model::Figure>> const& stated) {
  auto const& result = context_.result;
  auto& rivals = contest.rivals;
  const auto rank = [&](model::Rival const& r) {
    auto const& d = result.documents[r.document];
    return std::tuple(d.copy_of.has_value() && model::original_of(result, r.document) != r.document,
                      !d.published.has_value(), d.published, std::string_view(d.name));
  };
  for (std::uint32_t i = 0; i < rivals.size(); ++i) {
    std::uint32_t voice = i;
    for (std::uint32_t j = 0; j < rivals.size(); ++j)
      if (model::original_of(result, rivals[j].document)
              == model::original_of(result, rivals[i].document)
          && rank(rivals[j]) < rank(rivals[voice]))
        voice = j;
    if (voice == i) continue;
    rivals[i].copies = voice;
    if (same(stated[i], stated[voice])) continue;
    context_
        .error(Code::copy_differs, rivals[i].span,
               fmt::format("`{}` is a copy of `{}`, and says something else of {}",
                           result.documents[rivals[i].document].name,
                           result.documents[rivals[voice].document].name, name_of(contest)),
               "a copy does not count")
        .at(rivals[voice].span, "this counts")
        .hint("look both up: one of them was mistyped, or it is a source of its own");
  }
  std::optional<std::uint32_t> first;
  contest.agree = true;
  for (std::uint32_t i = 0; i < rivals.size(); ++i) {
    if (rivals[i].copies != none) continue;
    if (!first) first = i;
    contest.agree = contest.agree && same(stated[i], stated[*first]);
  }
}

model::Figure Contests::stated(Facts::Fact const& fact) const {
  const bool number = fact.value == fact.value;
  if (number && fact.extra != none) return context_.result.formulas.figures[fact.extra];
  return model::Figure::exactly(fact.value);
}

std::optional<model::Figure> Contests::stated(model::EquationId id) const {
  auto const& f = context_.result.formulas;
  model::Formula const& formula = context_.result.equation(id).formula;
  if (formula.begin != formula.root) return std::nullopt;
  model::Node const& root = f[formula.root];
  switch (root.kind) {
  case model::NodeKind::constant: return f.figures[root.a];
  case model::NodeKind::unknown: return model::Figure::exactly(model::unknown_value());
  case model::NodeKind::inapplicable: return model::Figure::exactly(model::inapplicable_value());
  default: return std::nullopt;
  }
}

// -------------------------------------------------------------------------------------------- ties

std::string Contests::name_of(model::Contest const& c) const {
  auto const& result = context_.result;
  if (c.region.size() > 1) return fmt::format("`{}`", result.line(c.line).name);
  const std::uint32_t steps = result.steps(c.line);
  std::uint32_t cell = 0;
  model::for_each_cell(result, c.line, c.region, [&](std::uint32_t one) { cell = one; });
  return fmt::format("`{}`", result.cell_name(c.line, cell / steps, cell % steps));
}

void Contests::check_ties() {
  auto const& result = context_.result;
  std::vector<std::pair<std::optional<model::ScenarioId>, std::vector<LayerId>>> stacks;
  stacks.emplace_back(std::nullopt, result.layers_of(std::nullopt));
  for (std::size_t i = 0; i < result.scenarios.size(); ++i)
    stacks.emplace_back(model::ScenarioId{i}, result.layers_of(model::ScenarioId{i}));
  // Two sources that disagree mostly do so about more than one figure: the first one is shown.
  struct Tie {
    model::Contest const* contest;
    std::uint32_t first, second;
    std::optional<model::ScenarioId> scenario;
    std::size_t others;
  };
  std::map<std::tuple<LineId, LayerId, std::uint32_t, std::uint32_t>, Tie> ties;
  for (model::Contest const& c : result.contests)
    for (auto const& [scenario, layers] : stacks) {
      if (std::find(layers.begin(), layers.end(), c.layer) == layers.end()) continue;
      const model::Decision d = model::decide(result, c, layers);
      if (d.by == model::Decision::By::tie) {
        const std::tuple key(c.line, c.layer, c.rivals[d.rival].document,
                             c.rivals[d.other].document);
        auto [at, added] = ties.try_emplace(key, Tie{&c, d.rival, d.other, scenario, 0});
        if (!added) ++at->second.others;
        break;
      }
      if (result.preferences.empty()) break; // then all stacks decide alike
    }
  for (auto const& [key, t] : ties)
    report_tie(*t.contest, t.first, t.second, t.scenario, t.others);
}

void Contests::report_tie(model::Contest const& c, std::uint32_t a, std::uint32_t b,
                          std::optional<model::ScenarioId> scenario, std::size_t others) {
  auto const& result = context_.result;
  if (c.rivals[b].span.begin < c.rivals[a].span.begin) std::swap(a, b);
  const auto says = [&](std::uint32_t rival) {
    const std::uint32_t document = c.rivals[rival].document;
    const auto date = model::first_published(result, document);
    return date ? fmt::format("`{}`, published {}", result.documents[document].name,
                              model::name_of(*date))
                : fmt::format("`{}`, which has no date", result.documents[document].name);
  };
  auto const& first = result.documents[c.rivals[a].document].name;
  auto const& second = result.documents[c.rivals[b].document].name;
  auto& d = context_.error(
      Code::tied_sources, c.rivals[b].span,
      fmt::format("two sources give {}, and nothing says which one counts{}", name_of(c),
                  scenario
                      ? fmt::format(" in scenario `{}`", result.scenarios[scenario->value].name)
                      : std::string()),
      says(b));
  d.at(c.rivals[a].span, says(a));
  const bool dated = model::first_published(result, c.rivals[a].document)
                     && model::first_published(result, c.rivals[b].document);
  d.hint(fmt::format("say which one: `prefer {}` or `prefer {}`{}", first, second,
                     dated ? "" : "; or give each its date, `published …`"));
  if (others > 0)
    d.hint(fmt::format("they disagree in {} more place{} of `{}`", others, others == 1 ? "" : "s",
                       result.line(c.line).name));
}

} // namespace scn::resolve
