#include "engine/cli/arguments.hpp"

#include "lang/source/render.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <map>

namespace scn::cli {

namespace {

constexpr std::string_view overview =
    R"(scn: companies, plans and assumptions as text that is checked and recomputed

  scn eval model.scn                            the model as a table
  scn eval model.scn -s guided                  one of its scenarios; --all-scenarios for all
  scn eval model.scn --set 'tax = 25%'          with something changed
  scn eval model.scn --expr 'total[2025]'       any expression, in the model
  scn check model.scn                           what is wrong, which checks and claims hold
  scn facts model.scn                           every cited figure, and which source was taken
  scn graph model.scn --format dot              what depends on what
  scn show model model.scn                      what each stage made of the file
  scn COMMAND --help                            everything about a command
)";

constexpr std::string_view version = "scn " SCN_VERSION;

const std::map<std::string, report::Format> report_formats{{"table", report::Format::table},
                                                           {"csv", report::Format::csv},
                                                           {"json", report::Format::json},
                                                           {"md", report::Format::markdown}};

/// An option that takes one of a few words. CLI11's own check of them lists its internals.
template <class T>
CLI::Option* choice(CLI::App& command, std::string const& name, T& out,
                    std::map<std::string, T> const& words, std::string const& description) {
  return command
      .add_option_function<std::string>(
          name,
          [&out, &words, name](std::string const& word) {
            auto found = words.find(word);
            if (found == words.end()) {
              std::string all;
              for (auto const& entry : words)
                all += (all.empty() ? "" : ", ") + entry.first;
              throw CLI::ValidationError(fmt::format("{} is one of {}, not `{}`", name, all, word));
            }
            out = found->second;
          },
          description)
      ->type_name("WORD");
}

const std::map<std::string, ColorChoice> colors{{"auto", ColorChoice::automatic},
                                                {"always", ColorChoice::always},
                                                {"never", ColorChoice::never}};
const std::map<std::string, bool> message_formats{{"text", false}, {"json", true}};
const std::map<std::string, graph::Format> graph_formats{{"dot", graph::Format::dot},
                                                         {"mermaid", graph::Format::mermaid},
                                                         {"json", graph::Format::json}};
const std::map<std::string, Stage> stages{
    {"tokens", Stage::tokens}, {"ast", Stage::ast}, {"model", Stage::model}, {"plan", Stage::plan}};

/// `-o report.csv` picks the format by its ending.
void format_by_ending(Arguments& arguments, bool format_given) {
  if (format_given || arguments.output.empty()) return;
  const std::size_t dot = arguments.output.rfind('.');
  if (dot == std::string::npos) return;
  auto found = report_formats.find(arguments.output.substr(dot + 1));
  if (found != report_formats.end()) arguments.format = found->second;
}

/// What is written on the command line like a command but is none gets the nearest one.
std::optional<Parsed> mistyped(int argc, char const* const* argv) {
  if (argc < 2 || argv[1][0] == '-') return std::nullopt;
  const std::vector<std::string_view> commands{"eval", "check", "facts", "graph", "show"};
  const std::string_view given = argv[1];
  if (std::find(commands.begin(), commands.end(), given) != commands.end()) return std::nullopt;
  std::string message = fmt::format("scn: there is no command `{}`", given);
  const std::string_view near = nearest_name(given, commands);
  if (given.ends_with(".scn")) {
    message += fmt::format("; did you mean `scn eval {}`?\n", given);
  } else if (!near.empty()) {
    message += fmt::format("; did you mean `{}`?\n", near);
  } else {
    message += "; `scn` alone lists them\n";
  }
  return Parsed{std::nullopt, 2, message};
}

} // namespace

/// What is left over after parsing: an option that does not exist, or a word too many.
std::string left_over(CLI::App const& command, std::string word) {
  if (!word.starts_with('-')) return fmt::format("scn: `{}` is one argument too many\n", word);
  word = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (CLI::Option const* option : command.get_options())
    for (std::string const& name : option->get_lnames())
      names.push_back("--" + name);
  const std::string_view near = nearest_name(word, {names.begin(), names.end()});
  return fmt::format("scn: {} has no option `{}`{}\n", command.get_name(), word,
                     near.empty() ? fmt::format("; `scn {} --help` lists them", command.get_name())
                                  : fmt::format("; did you mean `{}`?", near));
}

Parsed parse_arguments(int argc, char const* const* argv) {
  if (argc == 1) return {std::nullopt, 0, std::string(overview)};
  if (auto wrong = mistyped(argc, argv)) return *wrong;
  // CLI11 would set everything up and then throw, which takes longer than all the rest.
  if (argc == 2 && std::string_view(argv[1]) == "--version")
    return {std::nullopt, 0, std::string(version) + '\n'};

  Arguments out;
  CLI::App app{"companies, plans and assumptions as text that is checked and recomputed", "scn"};
  app.set_version_flag("--version", std::string(version));
  app.require_subcommand(1);
  app.get_formatter()->column_width(36);
  const auto common = [&](CLI::App& command) {
    command.add_option("-o,--output", out.output, "write to a file; its ending picks the format")
        ->type_name("FILE");
    choice(command, "--color", out.color, colors, "auto, always or never");
    choice(command, "--message-format", out.json_messages, message_formats,
           "diagnostics as text or json");
  };
  std::vector<CLI::Option*> formats;
  const auto format = [&](CLI::App& command) {
    formats.push_back(
        choice(command, "--format", out.format, report_formats, "table, csv, json or md"));
  };
  const auto as_of = [&](CLI::App& command) {
    command
        .add_option_function<std::string>(
            "--as-of",
            [&](std::string const& text) {
              out.as_of = model::day_of(text);
              if (!out.as_of)
                throw CLI::ValidationError(
                    fmt::format("--as-of is a day such as 2025-03-01, not `{}`", text));
            },
            "leave out what sources published later say")
        ->type_name("DATE");
  };
  const auto scenarios = [&](CLI::App& command) {
    command.add_option("-s,--scenario", out.scenarios, "a scenario, or several; `base` is none")
        ->delimiter(',')
        ->type_name("SCENARIO");
    command.add_option("--set", out.sets, "one more equation on top: 'growth[meta] = 20%'")
        ->type_name("EQUATION")
        ->allow_extra_args(false);
    as_of(command);
  };

  const auto one_file = [&](CLI::App& command, std::string const& description) {
    command
        .add_option_function<std::string>(
            "FILE", [&](std::string const& file) { out.files = {file}; }, description)
        ->required();
  };

  CLI::App* eval = app.add_subcommand("eval", "evaluate a model and show its values");
  one_file(*eval, "the model; - is standard input");
  scenarios(*eval);
  eval->add_flag("--all-scenarios", out.all_scenarios, "the base and every scenario");
  eval->add_option("--line", out.lines, "only these lines")->delimiter(',')->type_name("LINE");
  eval->add_option("--view", out.views, "a view of the model, or several")
      ->delimiter(',')
      ->type_name("VIEW");
  eval->add_option("--expr", out.expression, "evaluate an expression in the model")
      ->type_name("EXPRESSION");
  eval->add_flag("--bounds", out.bounds, "what the ranges and qualifiers of the inputs allow");
  eval->add_flag("--stats", out.stats, "say on standard error what was computed");
  format(*eval);
  common(*eval);

  CLI::App* check = app.add_subcommand("check", "report errors, and which checks and claims hold");
  check->add_option("FILE", out.files, "models")->required();
  check->add_flag("--strict", out.strict, "an open or undecided check fails, too");
  check->add_flag("--bounds", out.bounds, "check all that the ranges of the inputs allow");
  check->add_option("--set", out.sets, "one more equation on top")
      ->type_name("EQUATION")
      ->allow_extra_args(false);
  as_of(*check);
  format(*check);
  common(*check);

  CLI::App* facts = app.add_subcommand("facts", "list cited figures and what competes");
  one_file(*facts, "the model; - is standard input");
  scenarios(*facts);
  facts->add_flag("--all-scenarios", out.all_scenarios, "the base and every scenario");
  facts->add_option("--line", out.lines, "only these lines")->delimiter(',')->type_name("LINE");
  format(*facts);
  common(*facts);

  CLI::App* graph = app.add_subcommand("graph", "show what depends on what");
  one_file(*graph, "the model");
  scenarios(*graph);
  choice(*graph, "--format", out.graph_format, graph_formats, "dot, mermaid or json");
  common(*graph);

  CLI::App* show = app.add_subcommand("show", "show what a stage made of a file");
  choice(*show, "STAGE", out.stage, stages, "tokens, ast, model or plan")->required();
  one_file(*show, "the model");
  scenarios(*show);
  common(*show);

  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& e) {
    // CLI11 tells help, the version and mistakes apart by this exception only.
    if (e.get_exit_code() == 0) {
      if (dynamic_cast<CLI::CallForVersion const*>(&e) != nullptr)
        return {std::nullopt, 0, std::string(e.what()) + '\n'};
      CLI::App const* of = &app;
      for (CLI::App const* sub : app.get_subcommands())
        of = sub;
      return {std::nullopt, 0, of->help()};
    }
    const std::vector<std::string> rest = app.remaining(true);
    if (dynamic_cast<CLI::ExtrasError const*>(&e) != nullptr && !rest.empty()
        && !app.get_subcommands().empty())
      return {std::nullopt, 2, left_over(*app.get_subcommands().front(), rest.front())};
    return {std::nullopt, 2, fmt::format("scn: {}\nTry `scn --help`.\n", e.what())};
  }
  out.command = eval->parsed()    ? Command::eval
                : check->parsed() ? Command::check
                : facts->parsed() ? Command::facts
                : graph->parsed() ? Command::graph
                                  : Command::show;
  bool format_given = false;
  for (CLI::Option const* option : formats)
    format_given = format_given || option->count() > 0;
  format_by_ending(out, format_given);
  return {out, 0, {}};
}

} // namespace scn::cli
