#include "engine/graph/graph.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <sstream>

namespace scn::graph {

using model::IndexSet;
using model::LineId;
using model::Model;
using model::Region;
using model::Winners;

std::string region_text(Model const& model, LineId id, Region const& region) {
  model::Line const& line = model.line(id);
  std::string out;
  const auto add = [&](std::string const& place) { out += (out.empty() ? "" : ", ") + place; };
  for (std::size_t d = 0; d < line.dimensions.size(); ++d) {
    model::Dimension const& dimension = model.dimension(line.dimensions[d]);
    IndexSet const& set = region.axes[d];
    if (set.size() == dimension.members.size()) continue;
    const auto indices = set.indices();
    if (indices.size() > 4) {
      add(fmt::format("{} of {} `{}`", indices.size(), dimension.members.size(), dimension.name));
      continue;
    }
    for (std::uint32_t m : indices)
      add(dimension.members[m].name);
  }
  if (line.over_time) {
    IndexSet const& set = region.axes.back();
    const auto count = static_cast<std::uint32_t>(model.calendar.count);
    if (set.size() != count) {
      for (model::Run r : set.runs()) {
        const std::string first = model.calendar.name(static_cast<int>(r.begin));
        const std::string last = model.calendar.name(static_cast<int>(r.end) - 1);
        if (r.size() == 1) {
          add(first);
        } else if (r.end == count) {
          add(first + "..");
        } else if (r.begin == 0) {
          add(".." + last);
        } else {
          add(first + ".." + last);
        }
      }
    }
  }
  return out.empty() ? out : '[' + out + ']';
}

std::string name_of(Model const& model, std::vector<Winners> const&, Graph const& graph,
                    VertexId vertex) {
  Vertex const& v = graph.vertices[vertex.value];
  return model.line(v.line).name + region_text(model, v.line, v.region);
}

namespace {

std::string lag_text(Edge const& e) {
  const auto one = [](int lag) { return lag == 0 ? std::string("t") : fmt::format("t{:+}", -lag); };
  if (e.absolute) return "fixed period";
  if (e.lag_min == e.lag_max) return e.lag_min == 0 ? "" : one(e.lag_min);
  return one(e.lag_max) + ".." + one(e.lag_min);
}

std::string_view map_text(Edge::Map map) {
  switch (map) {
  case Edge::Map::same: return "";
  case Edge::Map::fixed: return "fixed member";
  case Edge::Map::all: return "over members";
  case Edge::Map::computed: return "computed";
  }
  return "";
}

std::string label_of(Edge const& e) {
  std::string out = lag_text(e);
  if (const auto map = map_text(e.map); !map.empty())
    out += (out.empty() ? "" : ", ") + std::string(map);
  return out;
}

/// Hidden lines hold claims and checks, and those of the prelude are in every model: a picture
/// shows what its user named.
bool shown(Model const& model, Graph const& graph, VertexId v) {
  model::Line const& line = model.line(graph.vertices[v.value].line);
  return !line.hidden && !line.prelude;
}

std::string dot(Model const& model, std::vector<Winners> const& winners, Graph const& graph) {
  struct VertexLabel {
    std::string text;
    bool formula = false;
  };
  using Picture =
      boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, VertexLabel, std::string>;
  Picture picture;
  std::vector<std::uint32_t> number(graph.vertices.size());
  for (std::uint32_t v = 0; v < graph.vertices.size(); ++v) {
    if (!shown(model, graph, VertexId{v})) continue;
    number[v] = static_cast<std::uint32_t>(add_vertex(
        VertexLabel{name_of(model, winners, graph, VertexId{v}), graph.vertices[v].formula},
        picture));
  }
  for (Edge const& e : graph.edges)
    if (shown(model, graph, e.reader) && shown(model, graph, e.source))
      add_edge(number[e.source.value], number[e.reader.value], label_of(e), picture);
  std::ostringstream out;
  boost::write_graphviz(
      out, picture,
      [&](std::ostream& to, auto v) {
        to << "[label=" << boost::escape_dot_string(picture[v].text)
           << (picture[v].formula ? ", shape=box" : ", shape=note") << "]";
      },
      [&](std::ostream& to, auto e) {
        if (!picture[e].empty()) to << "[label=" << boost::escape_dot_string(picture[e]) << "]";
      },
      [](std::ostream& to) { to << "rankdir=LR;\nnode [fontname=\"sans-serif\"];\n"; });
  return out.str();
}

std::string mermaid(Model const& model, std::vector<Winners> const& winners, Graph const& graph) {
  std::string out = "flowchart LR\n";
  const auto quoted = [](std::string text) {
    std::replace(text.begin(), text.end(), '"', '\'');
    return text;
  };
  for (std::uint32_t v = 0; v < graph.vertices.size(); ++v) {
    if (!shown(model, graph, VertexId{v})) continue;
    fmt::format_to(std::back_inserter(out), "  v{}{}\"{}\"{}\n", v,
                   graph.vertices[v].formula ? "[" : "([",
                   quoted(name_of(model, winners, graph, VertexId{v})),
                   graph.vertices[v].formula ? "]" : "])");
  }
  for (Edge const& e : graph.edges) {
    if (!shown(model, graph, e.reader) || !shown(model, graph, e.source)) continue;
    const std::string label = label_of(e);
    fmt::format_to(std::back_inserter(out), "  v{} -->{} v{}\n", e.source.value,
                   label.empty() ? "" : fmt::format("|{}|", label), e.reader.value);
  }
  return out;
}

std::string json(Model const& model, std::vector<Winners> const& winners, Graph const& graph) {
  nlohmann::ordered_json out;
  out["format_version"] = 1;
  out["model"] = model.title;
  out["vertices"] = nlohmann::ordered_json::array();
  for (std::uint32_t v = 0; v < graph.vertices.size(); ++v) {
    if (!shown(model, graph, VertexId{v})) continue;
    out["vertices"].push_back({{"id", v},
                               {"line", model.line(graph.vertices[v].line).name},
                               {"name", name_of(model, winners, graph, VertexId{v})},
                               {"kind", graph.vertices[v].formula ? "formula" : "figures"}});
  }
  constexpr std::string_view maps[] = {"same", "fixed", "all", "computed"};
  out["edges"] = nlohmann::ordered_json::array();
  for (Edge const& e : graph.edges) {
    if (!shown(model, graph, e.reader) || !shown(model, graph, e.source)) continue;
    out["edges"].push_back({{"source", e.source.value},
                            {"reader", e.reader.value},
                            {"lag_min", e.lag_min},
                            {"lag_max", e.lag_max},
                            {"members", maps[static_cast<std::size_t>(e.map)]},
                            {"fixed_period", e.absolute}});
  }
  return out.dump(2) + '\n';
}

} // namespace

std::string draw(Model const& model, std::vector<Winners> const& winners, Graph const& graph,
                 Format format) {
  switch (format) {
  case Format::dot: return dot(model, winners, graph);
  case Format::mermaid: return mermaid(model, winners, graph);
  case Format::json: return json(model, winners, graph);
  }
  return {};
}

} // namespace scn::graph
