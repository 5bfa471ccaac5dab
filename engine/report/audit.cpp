// What `scn check` prints: checks, claims with their verdicts, and a summary.

#include "engine/report/report.hpp"
#include "engine/report/table.hpp"
#include "engine/report/text_table.hpp"
#include "lang/source/decimal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace scn::report {

using json = nlohmann::ordered_json;
using judge::CheckResult;
using judge::ClaimResult;
using model::Model;

std::string in_measure(double v, model::Measure const& m) {
  if (std::isinf(v)) return v < 0 ? "-∞" : "∞";
  std::string text = shortest(v, m.scale);
  if (text.find('e') == std::string::npos && text.find('.') != std::string::npos) {
    const double shown = std::fabs(v / m.scale.value());
    const int before = shown > 0 ? static_cast<int>(std::floor(std::log10(shown))) + 1 : 1;
    text = fixed(v, std::max(0, 6 - before), false, m.scale);
    if (text.find('.') != std::string::npos) {
      while (text.back() == '0')
        text.pop_back();
      if (text.back() == '.') text.pop_back();
    }
  }
  return m.text == "%" ? text + '%' : text;
}

namespace {

std::string scenario_of(Model const& model, std::optional<model::ScenarioId> s) {
  return s ? model.scenarios[s->value].name : "base";
}

std::string stated_text(Model const& model, model::Claim const& c) {
  model::Measure const& m = model.measure(c.measure);
  const std::string unit = m.text == "%" || m.text.empty() ? "" : ' ' + m.text;
  const std::string s = in_measure(c.stated.value, m);
  switch (c.allows) {
  case model::Claim::Allows::over: return "over " + s + unit;
  case model::Claim::Allows::under: return "under " + s + unit;
  case model::Claim::Allows::about: return "about " + s + unit;
  case model::Claim::Allows::nearly: return "nearly " + s + unit;
  case model::Claim::Allows::range:
    return in_measure(c.stated.low, m) + ".." + in_measure(c.stated.high, m) + unit;
  default: return s + unit;
  }
}

std::string interval_text(eval::Interval i, model::Measure const& m) {
  if (i.is_empty()) return "";
  return '[' + in_measure(i.low, m) + ", " + in_measure(i.high, m) + ']';
}

std::string source_of(Model const& model, model::Claim const& c) {
  if (!c.citation.valid()) return {};
  model::Citation const& citation = model.citations[c.citation.value];
  std::string out = model.documents[citation.document].name;
  if (!citation.place.empty()) out += ' ' + citation.place;
  return out;
}

std::string claims_table(Model const& model, std::vector<ClaimResult> const& claims,
                         bool markdown) {
  TextTable out(4);
  out.add({"claim", "verdict", "about", "source", "stated", "computed", "within rounding",
           "with qualifiers"});
  for (ClaimResult const& r : claims) {
    model::Claim const& c = model.claims[r.claim];
    model::Measure const& m = model.measure(c.measure);
    const bool known = !std::isnan(r.computed);
    std::string about = c.condition ? c.text : model.line(c.line).name;
    if (r.scenario) about = scenario_of(model, r.scenario) + ": " + about;
    out.add({c.label, std::string(judge::name_of(r.verdict)), about, source_of(model, c),
             c.condition ? "" : stated_text(model, c),
             !known        ? "unknown"
             : c.condition ? (r.computed == 1 ? "true" : "false")
                           : in_measure(r.computed, m),
             known && !c.condition ? interval_text(r.rounding, m) : "",
             known && !c.condition ? interval_text(r.bounds, m) : ""});
  }
  std::string text = markdown ? out.markdown() : out.text();
  for (ClaimResult const& r : claims)
    if (r.verdict == judge::Verdict::cannot_be_computed)
      text += fmt::format("{} cannot be computed: {}\n",
                          model.claims[r.claim].label.empty() ? model.claims[r.claim].text
                                                              : model.claims[r.claim].label,
                          r.cause);
  return text;
}

/// A check in several scenarios with the same outcome is one row; all rows of a check stand
/// together.
std::string checks_table(Model const& model, std::vector<CheckResult> const& checks,
                         bool markdown) {
  TextTable out(4);
  out.add({"check", "verdict", "scenarios", "condition"});
  std::vector<bool> shown(checks.size());
  std::vector<std::size_t> order(checks.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return checks[a].check < checks[b].check; });
  for (std::size_t i : order) {
    if (shown[i]) continue;
    CheckResult const& r = checks[i];
    std::vector<std::string> where;
    std::size_t all = 0;
    for (std::size_t k = 0; k < checks.size(); ++k) {
      CheckResult const& other = checks[k];
      if (other.check != r.check) continue;
      ++all;
      if (other.verdict != r.verdict || other.first != r.first || other.failed != r.failed
          || other.undecided != r.undecided || other.unknown != r.unknown)
        continue;
      shown[k] = true;
      where.push_back(scenario_of(model, other.scenario));
    }
    std::string scenarios = where.size() == all && all > 1 ? fmt::format("all {}", all)
                            : where.size() > 3
                                ? fmt::format("{} and {} more", where[0], where.size() - 1)
                                : fmt::format("{}", fmt::join(where, ", "));
    std::string verdict(judge::name_of(r.verdict));
    const std::uint32_t cells = r.failed > 0 ? r.failed : r.undecided > 0 ? r.undecided : r.unknown;
    if (cells > 0 && r.cells > 1)
      verdict += fmt::format(" in {} of {} cells{}{}", cells, r.cells,
                             r.first.empty() ? "" : ", first ", r.first);
    model::Check const& c = model.checks[r.check];
    out.add({c.label, verdict, scenarios, c.text});
  }
  return markdown ? out.markdown() : out.text();
}

std::string summary(Audit const& audit) {
  std::size_t verdicts[5] = {};
  for (ClaimResult const& r : audit.claims)
    ++verdicts[static_cast<std::size_t>(r.verdict)];
  std::size_t checks[4] = {};
  for (CheckResult const& r : audit.checks)
    ++checks[static_cast<std::size_t>(r.verdict)];
  std::string out = audit.file + ": ";
  const auto plural = [](std::size_t n, std::string_view what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  if (audit.checks.empty() && audit.claims.empty()) return out + "no errors; no checks or claims\n";
  if (!audit.checks.empty()) {
    out += plural(audit.checks.size(), "check") + fmt::format(": {} hold", checks[0]);
    if (checks[1] > 0) out += fmt::format(", {} fail", checks[1]);
    if (checks[2] > 0) out += fmt::format(", {} undecided", checks[2]);
    if (checks[3] > 0) out += fmt::format(", {} open", checks[3]);
    if (!audit.claims.empty()) out += "; ";
  }
  if (!audit.claims.empty()) {
    out += plural(audit.claims.size(), "claim") + ": ";
    constexpr std::string_view words[] = {"cannot be computed", "hold", "hold within rounding",
                                          "hold by qualifier", "fail"};
    bool first = true;
    for (int v : {1, 2, 3, 4, 0}) {
      if (verdicts[v] == 0) continue;
      out += fmt::format("{}{} {}", first ? "" : ", ", verdicts[v], words[v]);
      first = false;
    }
  }
  return out + '\n';
}

json number(double v) { return std::isfinite(v) ? json(v == 0 ? 0.0 : v) : json(nullptr); }

} // namespace

std::string render(Model const& model, Audit const& audit, SourceSet const& sources,
                   Diagnostics const& diagnostics, Format format) {
  if (format == Format::json) {
    json out;
    out["format_version"] = 1;
    out["model"] = model.title;
    out["checks"] = json::array();
    for (CheckResult const& r : audit.checks) {
      model::Check const& c = model.checks[r.check];
      out["checks"].push_back({{"text", c.text},
                               {"line", sources.locate(c.span.begin).line},
                               {"scenario", scenario_of(model, r.scenario)},
                               {"verdict", judge::name_of(r.verdict)}});
    }
    out["claims"] = json::array();
    for (ClaimResult const& r : audit.claims) {
      model::Claim const& c = model.claims[r.claim];
      const bool cited = c.citation.valid();
      json one;
      one["id"] = c.label;
      one["text"] = c.text;
      one["line"] = sources.locate(c.span.begin).line;
      one["scenario"] = scenario_of(model, r.scenario);
      one["source"] = cited ? json(model.documents[model.citations[c.citation.value].document].name)
                            : json(nullptr);
      one["place"] = cited ? json(model.citations[c.citation.value].place) : json(nullptr);
      one["stated"] = c.condition ? json(true) : number(c.stated.value);
      one["computed"] =
          c.condition && !std::isnan(r.computed) ? json(r.computed == 1) : number(r.computed);
      one["low"] = number(r.bounds.low);
      one["high"] = number(r.bounds.high);
      one["unit"] = c.condition ? "truth" : model.units.name(model.line(c.line).type.unit);
      one["verdict"] = judge::name_of(r.verdict);
      out["claims"].push_back(std::move(one));
    }
    out["diagnostics"] = json::parse(to_json(diagnostics, sources));
    return out.dump(2) + '\n';
  }
  const bool markdown = format == Format::markdown;
  std::string out;
  if (!audit.checks.empty()) out += checks_table(model, audit.checks, markdown) + '\n';
  if (!audit.claims.empty()) out += claims_table(model, audit.claims, markdown) + '\n';
  return out + summary(audit);
}

} // namespace scn::report
