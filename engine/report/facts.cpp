// What `scn facts` prints: every cited figure, and which one was taken where sources compete.

#include "engine/report/report.hpp"
#include "engine/report/text_table.hpp"
#include "lang/model/contest.hpp"
#include "lang/source/decimal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace scn::report {

using json = nlohmann::ordered_json;
using model::LineId;
using model::Model;
using model::Node;
using model::Winner;

namespace {

struct Row {
  std::uint32_t cell = 0; ///< the first one, to sort by
  LineId line;
  std::string scenario;
  std::string figure; ///< `capex[amazon, 2024]`
  bool formula = false;
  double value = 0, low = 0, high = 0; ///< of a figure
  std::string kind, source, place, published;
  std::string standing; ///< `in force`, `not taken`, `copy`, `overridden`
  std::string decided;  ///< what decided a competition
};

class Collector {
 public:
  Collector(Model const& model, Result const& result, SourceSet const& sources)
      : model_(model), result_(result), sources_(sources),
        layers_(model.layers_of(result.scenario)) {}

  std::vector<Row> run(std::vector<LineId> const& lines) {
    for (LineId line : lines)
      for (model::LayerId layer : layers_)
        for (model::LayerEquations const& l : model_.layers[line.value])
          if (l.layer == layer) add(line, l);
    return std::move(rows_);
  }

  std::size_t contests() const { return contests_; }

 private:
  void add(LineId line, model::LayerEquations const& layer) {
    const std::size_t first = rows_.size();
    if (layer.facts != Node::none)
      for (model::Facts::Fact const& f : model_.facts[layer.facts].facts)
        figure(line, layer.facts, f);
    std::vector<model::EquationId> contested;
    for (std::uint32_t c : layer.contests)
      contest(model_.contests[c], contested);
    for (model::EquationId id : layer.equations)
      if (std::find(contested.begin(), contested.end(), id) == contested.end()) equation(line, id);
    std::stable_sort(rows_.begin() + static_cast<std::ptrdiff_t>(first), rows_.end(),
                     [](Row const& a, Row const& b) { return a.cell < b.cell; });
  }

  void contest(model::Contest const& c, std::vector<model::EquationId>& contested) {
    ++contests_;
    const model::Decision decision = model::decide(model_, c, layers_);
    for (std::uint32_t i = 0; i < c.rivals.size(); ++i) {
      model::Rival const& rival = c.rivals[i];
      Row* row = nullptr;
      if (rival.equation.valid()) {
        contested.push_back(rival.equation);
        row = equation(c.line, rival.equation);
      } else {
        row = figure(c.line, rival.facts, *model::fact_at(model_.facts[rival.facts], c.cell));
      }
      row->decided = why(decision);
      if (rival.copies != Node::none) {
        row->standing = "copy";
        row->decided = "of " + model_.documents[c.rivals[rival.copies].document].name;
      } else if (i != decision.rival) {
        row->standing = "not taken";
      }
    }
  }

  std::string why(model::Decision const& d) const {
    switch (d.by) {
    case model::Decision::By::alone: return "all others copy it";
    case model::Decision::By::preference:
      return "preferred in " + model_.layer_name(model_.preferences[d.preference].layer);
    case model::Decision::By::published: return "published last";
    case model::Decision::By::agreement: return "all agree";
    case model::Decision::By::tie: break;
    }
    return {};
  }

  Row* cited(LineId line, model::Style const& style, std::uint32_t cell, bool wins) {
    model::Citation const& citation = model_.citations[style.citation.value];
    model::Document const& document = model_.documents[citation.document];
    Row row;
    row.cell = cell;
    row.line = line;
    row.scenario = result_.scenario ? model_.scenarios[result_.scenario->value].name : "base";
    row.kind = model::name_of(model_.tag_of(style, line, cell));
    row.source = document.name;
    row.place = citation.place;
    if (document.published) row.published = model::name_of(*document.published);
    row.standing = wins ? "in force" : "overridden";
    rows_.push_back(std::move(row));
    return &rows_.back();
  }

  Row* figure(LineId line, std::uint32_t table, model::Facts::Fact const& f) {
    model::Style const& style = model_.styles[f.style];
    if (!style.citation.valid()) return nullptr;
    Winner const& w = result_.stack.winners[line.value].winner(f.cell);
    Row* row = cited(line, style, f.cell, w.kind == Winner::Kind::facts && w.index == table);
    const std::uint32_t steps = model_.steps(line);
    row->figure = model_.cell_name(line, f.cell / steps, f.cell % steps);
    state(*row, f.value,
          f.extra != Node::none && !std::isnan(f.value) ? &model_.formulas.figures[f.extra]
                                                        : nullptr);
    return row;
  }

  Row* equation(LineId line, model::EquationId id) {
    model::Equation const& e = model_.equation(id);
    model::Style const& style = model_.styles[e.style];
    if (!style.citation.valid()) return nullptr;
    std::optional<std::uint32_t> first;
    bool wins = false;
    auto const& winners = result_.stack.winners[line.value];
    model::for_each_cell(model_, line, model_.region(e.region), [&](std::uint32_t cell) {
      if (!first) first = cell;
      Winner const& w = winners.winner(cell);
      wins = wins || (w.kind == Winner::Kind::equation && w.index == id.value)
             || std::find(w.adjusted.begin(), w.adjusted.end(), id) != w.adjusted.end();
    });
    Row* row = cited(line, style, first.value_or(0), wins);
    const std::uint32_t steps = model_.steps(line);
    row->figure = model_.region(e.region).size() == 1
                      ? model_.cell_name(line, *first / steps, *first % steps)
                      : std::string(sources_.text(e.head));
    model::Node const& root = model_.formulas[e.formula.root];
    row->formula =
        e.effect != model::Effect::replace || e.formula.begin != e.formula.root
        || (root.kind != model::NodeKind::constant && root.kind != model::NodeKind::unknown
            && root.kind != model::NodeKind::inapplicable);
    if (root.kind == model::NodeKind::unknown) state(*row, model::unknown_value(), nullptr);
    if (root.kind == model::NodeKind::inapplicable)
      state(*row, model::inapplicable_value(), nullptr);
    if (root.kind == model::NodeKind::constant)
      state(*row, model_.formulas.figures[root.a].value, &model_.formulas.figures[root.a]);
    return row;
  }

  static void state(Row& row, double value, model::Figure const* figure) {
    row.value = value;
    row.low = figure != nullptr ? figure->low : value;
    row.high = figure != nullptr ? figure->high : value;
  }

  Model const& model_;
  Result const& result_;
  SourceSet const& sources_;
  std::vector<model::LayerId> layers_;
  std::vector<Row> rows_;
  std::size_t contests_ = 0;
};

/// A figure with the bounds that its words give it; `about` and `nearly` give it none.
std::string written(Model const& model, Row const& r) {
  if (r.formula) return "a formula";
  if (std::isnan(r.value) || (r.low == r.value && r.high == r.value))
    return model.value_text(r.line, r.value);
  if (std::isinf(r.high)) return "over " + model.value_text(r.line, r.value);
  if (std::isinf(r.low)) return "under " + model.value_text(r.line, r.value);
  auto const& measure = model.measure(model.line(r.line).measure);
  return shortest(r.low, measure.scale) + ".." + model.value_text(r.line, r.high);
}

/// Full precision in base units, as all formats for machines have it; empty if there is no number.
std::string exact(Row const& r, double v) {
  return r.formula || !std::isfinite(v) ? std::string() : shortest(v);
}

std::string unit_of(Model const& model, LineId line) {
  auto const& type = model.line(line).type;
  return type.kind == model::Kind::number ? model.units.name(type.unit) : std::string();
}

std::string csv(Model const& model, std::vector<Row> const& rows) {
  std::string out = "scenario,line,figure,value,low,high,unit,kind,source,place,published,standing,"
                    "decided\n";
  for (Row const& r : rows) {
    const bool wide = r.low != r.value || r.high != r.value;
    for (std::string const& field :
         {r.scenario, model.line(r.line).name, r.figure, exact(r, r.value),
          wide ? exact(r, r.low) : std::string(), wide ? exact(r, r.high) : std::string(),
          unit_of(model, r.line), r.kind, r.source, r.place, r.published, r.standing})
      out += quoted(field) + ',';
    out += quoted(r.decided) + '\n';
  }
  return out;
}

std::string as_json(Model const& model, std::vector<Row> const& rows) {
  json out;
  out["format_version"] = 1;
  out["model"] = model.title;
  out["facts"] = json::array();
  const auto number = [](Row const& r, double v) {
    return r.formula || !std::isfinite(v) ? json(nullptr) : json(v);
  };
  const auto text = [](std::string const& s) { return s.empty() ? json(nullptr) : json(s); };
  for (Row const& r : rows) {
    const bool wide = r.low != r.value || r.high != r.value;
    out["facts"].push_back({{"scenario", r.scenario},
                            {"line", model.line(r.line).name},
                            {"figure", r.figure},
                            {"value", number(r, r.value)},
                            {"low", wide ? number(r, r.low) : json(nullptr)},
                            {"high", wide ? number(r, r.high) : json(nullptr)},
                            {"unit", text(unit_of(model, r.line))},
                            {"kind", r.kind},
                            {"source", r.source},
                            {"place", text(r.place)},
                            {"published", text(r.published)},
                            {"standing", r.standing},
                            {"decided", text(r.decided)}});
  }
  return out.dump(2) + '\n';
}

} // namespace

std::string render_facts(Model const& model, std::vector<Result const*> const& results,
                         std::vector<LineId> const& lines, SourceSet const& sources,
                         Format format) {
  std::vector<Row> rows;
  std::size_t contests = 0;
  for (Result const* result : results) {
    Collector collector(model, *result, sources);
    for (Row& row : collector.run(lines))
      rows.push_back(std::move(row));
    contests = collector.contests();
  }
  if (format == Format::csv) return csv(model, rows);
  if (format == Format::json) return as_json(model, rows);
  if (rows.empty()) return "no figure of this model has a source\n";
  const bool several = results.size() > 1;
  TextTable out(several ? 9 : 8);
  const auto add = [&](std::vector<std::string> cells) {
    if (!several) cells.erase(cells.begin());
    out.add(std::move(cells));
  };
  add({"scenario", "figure", "value", "kind", "source", "place", "published", "standing",
       "decided"});
  for (Row const& r : rows)
    add({r.scenario, r.figure, written(model, r), r.kind, r.source, r.place, r.published,
         r.standing, r.decided});
  const auto counted = [](std::size_t n, std::string_view what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  std::string text = format == Format::markdown ? out.markdown() : out.text();
  if (several) return text;
  return text + '\n' + counted(rows.size(), "cited figure")
         + (contests == 0 ? ", none competes\n" : "; " + counted(contests, "competition") + '\n');
}

} // namespace scn::report
