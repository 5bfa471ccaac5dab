#include "lang/resolve/context.hpp"

#include "lang/source/render.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scn::resolve {

std::string_view describe(Entity::Kind kind) {
  switch (kind) {
  case Entity::Kind::line: return "line";
  case Entity::Kind::unit: return "unit";
  case Entity::Kind::dimension: return "dimension";
  case Entity::Kind::member: return "member";
  case Entity::Kind::group: return "group";
  case Entity::Kind::function: return "function";
  case Entity::Kind::builtin: return "built-in function";
  }
  return {};
}

std::string Context::words(Span span) const {
  std::string out;
  for (char c : text(span)) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    if (c == ' ' && !out.empty() && out.back() == ' ') continue;
    out += c;
  }
  return out;
}

void Context::declare_builtin(std::string_view name, Builtin builtin) {
  const Symbol symbol = interner.intern(name);
  names.resize(interner.size());
  declared.emplace_back(
      symbol, Entity{Entity::Kind::builtin, static_cast<std::uint32_t>(builtin), {}, true});
  names[symbol.value] = static_cast<std::uint32_t>(declared.size());
}

bool Context::declare(ast::Name const& name, Entity entity) {
  if (!name.written()) return false; // reported when it was read
  if (name.symbol.value >= names.size()) names.resize(interner.size());
  std::uint32_t& place = names[name.symbol.value];
  if (place == 0) {
    declared.emplace_back(name.symbol, entity);
    place = static_cast<std::uint32_t>(declared.size());
    return true;
  }
  Entity const& owner = declared[place - 1].second;
  if (owner.kind != entity.kind) torn_names.insert(name.symbol.value);
  auto& d = error(Code::name_taken, name.span,
                  fmt::format("`{}` is already the name of a {}", text(name), describe(owner.kind)),
                  "declared again here");
  if (owner.span.none()) {
    d.hint("functions of the language itself keep their names");
  } else {
    d.at(owner.span,
         owner.library ? "the standard library declares it here" : "first declared here");
  }
  if (owner.library || owner.span.none())
    d.hint(fmt::format("choose another name, such as `my_{}`", text(name)));
  return false;
}

bool Context::torn(Symbol symbol, Span seen_from) const {
  return torn_names.count(symbol.value) > 0 && !sources.is_library(seen_from);
}

Entity const* Context::find(Symbol symbol, Span seen_from) const {
  if (symbol.value >= names.size() || names[symbol.value] == 0) return nullptr;
  Entity const& found = declared[names[symbol.value] - 1].second;
  // A library file does not see the names of the model that uses it.
  if (!found.library && !found.span.none() && sources.is_library(seen_from)) return nullptr;
  return &found;
}

void Context::report_unknown(ast::Name const& name, std::initializer_list<Entity::Kind> kinds,
                             std::string_view what) {
  auto& d = error(Code::unknown_name, name.span,
                  fmt::format("there is no {} `{}`", what, text(name)), "unknown name");
  // A sheet of a million lines may have a thousand mistyped names: at some point nobody reads on.
  constexpr std::size_t most = 20'000'000;
  if (compared > most) return;
  std::vector<std::string_view> near;
  for (auto const& [symbol, entity] : declared)
    if (!entity.span.none() && std::find(kinds.begin(), kinds.end(), entity.kind) != kinds.end())
      near.push_back(text(symbol));
  compared += near.size();
  if (const auto best = nearest_name(text(name), near); !best.empty())
    d.hint(fmt::format("did you mean `{}`?", best));
}

Entity const* Context::want(ast::Name const& name, std::initializer_list<Entity::Kind> kinds,
                            std::string_view what) {
  if (!name.written()) return nullptr;
  Entity const* found = find(name.symbol, name.span);
  if (found == nullptr) {
    report_unknown(name, kinds, what);
    return nullptr;
  }
  if (std::find(kinds.begin(), kinds.end(), found->kind) != kinds.end()) return found;
  if (torn(name.symbol, name.span)) return nullptr;
  auto& d = error(Code::wrong_kind, name.span,
                  fmt::format("`{}` is a {}, not a {}", text(name), describe(found->kind), what),
                  fmt::format("a {} is wanted here", what));
  if (!found->span.none() && !found->library) d.at(found->span, "declared here");
  return nullptr;
}

model::MeasureId Context::measure(model::Measure const& measure) {
  if (last_measure.valid()) {
    model::Measure const& last = result.measure(last_measure);
    if (last.unit == measure.unit && last.text == measure.text) return last_measure;
  }
  // Equal texts with equal units have equal scales, or one of them was refused.
  auto [at, added] = measure_ids.try_emplace({measure.unit, measure.text},
                                             model::MeasureId{result.measures.size()});
  if (added) result.measures.push_back(measure);
  return last_measure = at->second;
}

model::RegionId Context::region(model::Region const& region) {
  if (last_region.valid() && result.region(last_region) == region) return last_region;
  auto [at, added] = region_ids.try_emplace(region, model::RegionId{result.regions.size()});
  if (added) result.regions.push_back(region);
  return last_region = at->second;
}

std::uint32_t Context::style(model::Style const& style) {
  if (last_style < result.styles.size() && result.styles[last_style] == style) return last_style;
  auto [at, added] = style_ids.try_emplace(style, static_cast<std::uint32_t>(result.styles.size()));
  if (added) result.styles.push_back(style);
  return last_style = at->second;
}

model::CitationId Context::citation(ast::Cite const& cite) {
  if (!cite.source.written()) return {};
  auto found = documents.find(cite.source.symbol.value);
  if (found == documents.end()) {
    auto& d = error(Code::unknown_source, cite.source.span,
                    fmt::format("there is no source `{}`", text(cite.source)), "cited here");
    std::vector<std::string_view> near;
    for (Symbol s : document_names)
      near.push_back(text(s));
    if (const auto best = nearest_name(text(cite.source), near); !best.empty())
      d.hint(fmt::format("did you mean `{}`?", best));
    else
      d.hint(fmt::format("declare it: `source {} \"title\"`", text(cite.source)));
    return {};
  }
  model::Citation citation{found->second, std::string(cite.place.value)};
  auto [at, added] = citation_ids.try_emplace(citation, model::CitationId{result.citations.size()});
  if (added) result.citations.push_back(std::move(citation));
  return at->second;
}

std::string Context::name_of(model::Type const& type) const {
  switch (type.kind) {
  case model::Kind::any: return "anything";
  case model::Kind::number:
    return type.unit == model::pure ? "a pure number"
                                    : fmt::format("`{}`", result.units.name(type.unit));
  case model::Kind::truth: return "a condition";
  case model::Kind::period: return "a period";
  case model::Kind::member:
    return fmt::format("a member of `{}`", result.dimension(type.dimension).name);
  }
  return {};
}

} // namespace scn::resolve
