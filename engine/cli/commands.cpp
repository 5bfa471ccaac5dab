#include "engine/cli/commands.hpp"

#include "engine/cli/disk.hpp"
#include "engine/judge/judge.hpp"
#include "engine/session/session.hpp"
#include "lang/source/render.hpp"
#include "lang/syntax/parse.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace scn::cli {

namespace {

constexpr int done = 0;
constexpr int no = 1;
constexpr int could_not = 2;

/// Prints the diagnostics so far to standard error.
void report(Session const& session, Arguments const& arguments) {
  auto const& diagnostics = session.diagnostics();
  if (arguments.json_messages) {
    if (!diagnostics.all().empty())
      complain(report::to_json(diagnostics, session.sources()) + '\n');
    return;
  }
  const bool color = wants_color(STDERR_FILENO, arguments.color);
  constexpr std::size_t most = 50;
  std::string out;
  const auto sorted = diagnostics.sorted();
  for (std::size_t i = 0; i < sorted.size() && i < most; ++i)
    out += render(sorted[i], session.sources(), color) + '\n';
  if (sorted.size() > most)
    out += fmt::format("and {} more; --message-format json shows all\n", sorted.size() - most);
  complain(out);
}

/// Loads the file that was named; reports what is wrong if that fails.
bool load(Session& session, Arguments const& arguments) {
  if (session.load(arguments.files[0], {arguments.sets, arguments.expression, arguments.as_of}))
    return true;
  report(session, arguments);
  return false;
}

/// `; did you mean …?`, or what else there is to say of a name that does not exist.
std::string suggestion(std::string const& name, std::vector<std::string_view> const& names,
                       std::string const& otherwise) {
  const auto near = nearest_name(name, names);
  return near.empty() ? otherwise : fmt::format("; did you mean `{}`?", near);
}

/// For --stats: how long each stage took.
class Stages {
 public:
  void end(std::string_view stage) {
    const auto now = std::chrono::steady_clock::now();
    text_ += fmt::format("{}{} {:.1f} ms", text_.empty() ? "" : ", ", stage,
                         std::chrono::duration<double, std::milli>(now - begin_).count());
    begin_ = now;
  }
  [[nodiscard]] std::string const& text() const { return text_; }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::string text_;
};

/// For --stats: what was computed for a scenario, and line by line what came of it.
std::string work_of(model::Model const& model, Result const& result) {
  using What = recompute::Log::What;
  std::size_t lines = 0;
  for (model::Line const& l : model.lines)
    lines += l.hidden ? 0 : 1;
  if (!result.scenario)
    return fmt::format("base: {} lines, {} cells computed\n", lines, result.log.cells);
  std::array<std::size_t, 3> counts{};
  for (recompute::Log::Entry const& e : result.log.entries)
    if (!model.line(e.line).hidden) ++counts[static_cast<std::size_t>(e.what)];
  const auto of = [&](What what) { return counts[static_cast<std::size_t>(what)]; };
  return fmt::format("{}: {} cells computed; of {} lines {} changed, {} recomputed, {} cut off, {} "
                     "skipped\n{}",
                     model.scenarios[result.scenario->value].name, result.log.cells, lines,
                     of(What::changed), of(What::recomputed), of(What::cut_off),
                     lines - of(What::changed) - of(What::recomputed) - of(What::cut_off),
                     recompute::dump(model, result.log));
}

int deliver(std::string const& text, Arguments const& arguments) {
  if (arguments.output.empty() || arguments.output == "-") return print(text) ? done : could_not;
  if (const auto failure = write_file(arguments.output, text)) {
    complain(fmt::format("scn: cannot write {}: {}\n", arguments.output, *failure));
    return could_not;
  }
  return done;
}

/// The scenarios asked for, `base` included. Empty, and a complaint, if one does not exist.
std::optional<std::vector<std::optional<model::ScenarioId>>> chosen(Session const& session,
                                                                    Arguments const& arguments) {
  std::vector<std::optional<model::ScenarioId>> out;
  model::Model const& model = session.model();
  for (std::string const& name : arguments.scenarios) {
    const auto found = model.scenario_named(name);
    if (!found && name != "base") {
      std::vector<std::string_view> names{"base"};
      for (model::Scenario const& s : model.scenarios)
        names.push_back(s.name);
      complain(fmt::format(
          "scn: there is no scenario `{}`{}\n", name,
          suggestion(name, names, fmt::format("; there are {}", fmt::join(names, ", ")))));
      return std::nullopt;
    }
    out.push_back(found);
  }
  if (arguments.all_scenarios) {
    out = {std::nullopt};
    for (std::size_t i = 0; i < model.scenarios.size(); ++i)
      out.emplace_back(model::ScenarioId{i});
  }
  if (out.empty()) out.emplace_back(std::nullopt);
  return out;
}

std::optional<std::vector<model::LineId>> chosen_lines(Session const& session,
                                                       Arguments const& arguments) {
  std::vector<model::LineId> out;
  for (std::string const& name : arguments.lines) {
    const auto found = session.model().line_named(name);
    if (!found) {
      std::vector<std::string_view> names;
      for (model::Line const& l : session.model().lines)
        if (!l.hidden) names.push_back(l.name);
      complain(fmt::format("scn: there is no line `{}`{}\n", name, suggestion(name, names, "")));
      return std::nullopt;
    }
    out.push_back(*found);
  }
  return out;
}

/// The views to show: those asked for; where nothing else is, all that the model has. A file for
/// machines holds the whole model unless views are asked for.
std::optional<std::vector<std::size_t>> chosen_views(Session const& session,
                                                     Arguments const& arguments) {
  std::vector<std::size_t> out;
  auto const& views = session.model().views;
  for (std::string const& name : arguments.views) {
    const auto found = std::find_if(views.begin(), views.end(),
                                    [&](model::View const& v) { return v.name == name; });
    if (found == views.end()) {
      std::vector<std::string_view> names;
      for (model::View const& v : views)
        names.push_back(v.name);
      const std::string all = names.empty() ? "; the model has none"
                                            : fmt::format("; there are {}", fmt::join(names, ", "));
      complain(fmt::format("scn: there is no view `{}`{}\n", name, suggestion(name, names, all)));
      return std::nullopt;
    }
    out.push_back(static_cast<std::size_t>(found - views.begin()));
  }
  const bool people =
      arguments.format == report::Format::table || arguments.format == report::Format::markdown;
  if (out.empty() && people && arguments.lines.empty())
    for (std::size_t v = 0; v < views.size(); ++v)
      out.push_back(v);
  return out;
}

int eval(Arguments const& arguments) {
  Disk disk;
  Session session(disk);
  Stages stages;
  if (!load(session, arguments)) return could_not;
  stages.end("text to model");
  const auto scenarios = chosen(session, arguments);
  const auto asked = chosen_lines(session, arguments);
  const auto views = chosen_views(session, arguments);
  if (!scenarios || !asked || !views) return could_not;
  const std::vector<model::LineId> lines =
      session.model().asked ? std::vector{*session.model().asked}
      : views->empty()      ? report::shown_lines(session.model(), *asked)
                            : report::lines_of(session.model(), *views);
  std::vector<Result const*> results;
  std::vector<judge::Case> cases;
  for (auto const& scenario : *scenarios) {
    Result const* result =
        arguments.bounds ? session.evaluate_bounds(scenario, lines) : session.evaluate(scenario);
    if (result == nullptr) {
      report(session, arguments);
      return could_not;
    }
    results.push_back(result);
    cases.push_back({scenario, &result->stack, &result->values});
    if (arguments.stats) complain(work_of(session.model(), *result));
  }
  stages.end("model to values");
  judge::missing_rates(session.model(), cases, session.diagnostics());
  judge::warn(session.model(), cases, session.diagnostics());
  report(session, arguments);
  if (session.diagnostics().has_errors()) return could_not;
  model::Model const& model = session.model();
  const std::string text =
      model.asked
          ? report::render_expression(model, results, arguments.expression, arguments.format)
      : views->empty() ? report::render(model, results, lines, arguments.format)
                       : report::render_views(model, results, *views, arguments.format);
  stages.end("values to report");
  if (arguments.stats) complain(stages.text() + '\n');
  return deliver(text, arguments);
}

/// Judges one file. Its answer is no if a check fails; a claim that fails is a finding.
int check_file(std::string const& file, Arguments const& arguments, std::string& out) {
  Disk disk;
  Session session(disk);
  report::Audit audit;
  audit.file = file;
  int code = done;
  const bool loaded = session.load(file, {arguments.sets, {}, arguments.as_of});
  if (loaded) {
    std::vector<std::optional<model::ScenarioId>> all{std::nullopt};
    for (std::size_t i = 0; i < session.model().scenarios.size(); ++i)
      all.emplace_back(model::ScenarioId{i});
    std::vector<judge::Case> cases;
    for (auto const& scenario : all)
      if (Result const* result = session.evaluate(scenario))
        cases.push_back({scenario, &result->stack, &result->values});
    for (judge::Case const& of : cases) {
      for (auto& c : judge::check(session.model(), of, arguments.bounds))
        audit.checks.push_back(std::move(c));
      const auto claims = judge::claims(session.model(), of);
      judge::warn_magnitudes(session.model(), claims, session.diagnostics());
      audit.claims.insert(audit.claims.end(), claims.begin(), claims.end());
    }
    judge::missing_rates(session.model(), cases, session.diagnostics());
    judge::warn(session.model(), cases, session.diagnostics());
    for (auto const& c : audit.checks)
      if (c.verdict == judge::CheckResult::Verdict::fails
          || (arguments.strict && c.verdict != judge::CheckResult::Verdict::holds))
        code = no;
  }
  if (session.diagnostics().has_errors()) code = could_not;
  report(session, arguments);
  if (code != could_not || arguments.format == report::Format::json)
    out += report::render(session.model(), audit, session.sources(), session.diagnostics(),
                          arguments.format);
  return code;
}

int check(Arguments const& arguments) {
  std::string out;
  int worst = done;
  for (std::string const& file : arguments.files) {
    if (!out.empty() && arguments.format != report::Format::json) out += '\n';
    worst = std::max(worst, check_file(file, arguments, out));
  }
  const int delivered = out.empty() ? done : deliver(out, arguments);
  return std::max(worst, delivered);
}

int facts(Arguments const& arguments) {
  Disk disk;
  Session session(disk);
  if (!load(session, arguments)) return could_not;
  const auto scenarios = chosen(session, arguments);
  const auto asked = chosen_lines(session, arguments);
  if (!scenarios || !asked) return could_not;
  std::vector<Result const*> results;
  for (auto const& scenario : *scenarios) {
    results.push_back(session.evaluate(scenario));
    if (results.back() == nullptr) break;
  }
  report(session, arguments);
  if (results.back() == nullptr) return could_not;
  return deliver(report::render_facts(session.model(), results,
                                      report::shown_lines(session.model(), *asked),
                                      session.sources(), arguments.format),
                 arguments);
}

int graph(Arguments const& arguments) {
  Disk disk;
  Session session(disk);
  if (!load(session, arguments)) return could_not;
  const auto scenarios = chosen(session, arguments);
  if (!scenarios) return could_not;
  const eval::Stack stack = eval::make_stack(
      session.model(), session.model().layers_of(scenarios->front()), session.diagnostics());
  report(session, arguments);
  const int code = deliver(
      graph::draw(session.model(), stack.winners, stack.graph, arguments.graph_format), arguments);
  return session.diagnostics().has_errors() ? could_not : code;
}

int show(Arguments const& arguments) {
  Disk disk;
  Session session(disk);
  const bool loaded = session.load(arguments.files[0], {arguments.sets, {}, arguments.as_of});
  report(session, arguments);
  if (session.sources().size() == 0) return could_not;
  std::string out;
  if (arguments.stage == Stage::tokens) {
    out = dump(session.sources(), session.tokens());
  } else if (arguments.stage == Stage::ast) {
    out = dump(session.sources(), session.interner(), session.tree());
  } else if (!loaded) {
    return could_not;
  } else if (arguments.stage == Stage::model) {
    out = model::dump(session.model());
  } else {
    const auto scenarios = chosen(session, arguments);
    if (!scenarios) return could_not;
    Result const* result = session.evaluate(scenarios->front());
    if (result == nullptr) {
      report(session, arguments);
      return could_not;
    }
    out =
        plan::dump(session.model(), result->stack.winners, result->stack.graph, result->stack.plan);
  }
  const int code = deliver(out, arguments);
  return loaded ? code : could_not;
}

} // namespace

int run(Arguments const& arguments) {
  switch (arguments.command) {
  case Command::eval: return eval(arguments);
  case Command::check: return check(arguments);
  case Command::facts: return facts(arguments);
  case Command::graph: return graph(arguments);
  case Command::show: return show(arguments);
  }
  return could_not;
}

} // namespace scn::cli
