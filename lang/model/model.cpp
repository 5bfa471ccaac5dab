#include "lang/model/model.hpp"

#include "lang/source/decimal.hpp"

#include <algorithm>
#include <cmath>

namespace scn::model {

std::string_view name_of(Tag tag) {
  switch (tag) {
  case Tag::derived: return "derived";
  case Tag::cited: return "cited";
  case Tag::actual: return "actual";
  case Tag::guidance: return "guidance";
  case Tag::estimate: return "estimate";
  case Tag::assumed: return "assumed";
  }
  return {};
}

std::vector<LayerId> Model::layers_of(std::optional<ScenarioId> scenario) const {
  std::vector<LayerId> out{library_layer};
  if (scenario) {
    auto const& own = scenarios[scenario->value].layers;
    out.insert(out.end(), own.begin(), own.end());
  } else {
    out.push_back(base_layer);
  }
  out.insert(out.end(), overlays.begin(), overlays.end());
  return out;
}

std::string Model::layer_name(LayerId layer) const {
  if (layer == base_layer) return "base";
  if (layer == library_layer) return "library";
  if (layer.value <= scenarios.size()) return scenarios[layer.value - 1].name;
  return "--set";
}

std::string Model::period_name(LineId id, std::uint32_t step) const {
  return (line(id).fiscal ? "FY" : "") + calendar.name(static_cast<int>(step));
}

Tag Model::tag_of(Style const& style, LineId id, std::uint32_t cell) const {
  if (style.tag != Tag::cited) return style.tag;
  auto const& published = documents[citations[style.citation.value].document].published;
  if (!published || !line(id).over_time) return Tag::estimate;
  const std::uint32_t step = cell % steps(id);
  int months_earlier = 0;
  auto const& dimensions = line(id).dimensions;
  const auto axis =
      company ? std::find(dimensions.begin(), dimensions.end(), *company) : dimensions.end();
  if (line(id).fiscal && axis != dimensions.end()) {
    const auto members = members_at(id, cell / steps(id));
    months_earlier =
        12 - fiscal_year_ends[members[static_cast<std::size_t>(axis - dimensions.begin())]];
  }
  const bool over = calendar.last_day(static_cast<int>(step), months_earlier) < *published;
  return over ? Tag::actual : Tag::estimate;
}

std::uint32_t Model::lanes(LineId id) const {
  std::uint32_t n = 1;
  for (DimensionId d : line(id).dimensions)
    n *= static_cast<std::uint32_t>(dimension(d).members.size());
  return n;
}

Region Model::whole(LineId id) const {
  Region out;
  for (DimensionId d : line(id).dimensions)
    out.axes.emplace_back(0u, static_cast<std::uint32_t>(dimension(d).members.size()));
  if (line(id).over_time) out.axes.emplace_back(0u, static_cast<std::uint32_t>(calendar.count));
  return out;
}

std::vector<std::uint32_t> Model::members_at(LineId id, std::uint32_t lane) const {
  auto const& dimensions = line(id).dimensions;
  std::vector<std::uint32_t> out(dimensions.size());
  for (std::size_t i = dimensions.size(); i-- > 0;) {
    const auto n = static_cast<std::uint32_t>(dimension(dimensions[i]).members.size());
    out[i] = lane % n;
    lane /= n;
  }
  return out;
}

std::string Model::cell_name(LineId id, std::uint32_t lane, std::uint32_t step) const {
  Line const& l = line(id);
  std::string places;
  const auto members = members_at(id, lane);
  for (std::size_t i = 0; i < members.size(); ++i) {
    Dimension const& d = dimension(l.dimensions[i]);
    if (!places.empty()) places += ", ";
    if (d.periods) places += d.name + " = "; // a period without a name is the step
    places += d.members[members[i]].name;
  }
  if (l.over_time) places += (places.empty() ? "" : ", ") + period_name(id, step);
  return places.empty() ? l.name : l.name + '[' + places + ']';
}

std::string Model::value_text(LineId id, double value) const {
  if (is_inapplicable(value)) return "–";
  if (std::isnan(value)) return "unknown";
  Type const& type = line(id).type;
  switch (type.kind) {
  case Kind::truth: return value == 1 ? "true" : "false";
  case Kind::period: return calendar.name(static_cast<int>(value));
  case Kind::member: return dimension(type.dimension).members[static_cast<std::size_t>(value)].name;
  default: break;
  }
  Measure const& m = measure(line(id).measure);
  const bool close = m.text == "%" || m.text.empty();
  return shortest(value, m.scale) + (close ? "" : " ") + m.text;
}

bool View::fits(Line const& line, Block const& block) {
  return line.dimensions.size() == block.along.size()
         && std::all_of(block.along.begin(), block.along.end(), [&](Along const& a) {
              return std::find(line.dimensions.begin(), line.dimensions.end(), a.dimension)
                     != line.dimensions.end();
            });
}

std::optional<ScenarioId> Model::scenario_named(std::string_view name) const {
  for (std::size_t i = 0; i < scenarios.size(); ++i)
    if (scenarios[i].name == name) return ScenarioId{i};
  return std::nullopt;
}

std::optional<LineId> Model::line_named(std::string_view name) const {
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (!lines[i].hidden && lines[i].name == name) return LineId{i};
  return std::nullopt;
}

} // namespace scn::model
