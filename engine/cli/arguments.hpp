#pragma once

#include "engine/cli/terminal.hpp"
#include "engine/graph/graph.hpp"
#include "engine/report/report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace scn::cli {

enum class Command { eval, check, facts, graph, show };
enum class Stage { tokens, ast, model, plan };

/// What the command line asks for.
struct Arguments {
  Command command = Command::eval;
  std::vector<std::string> files;
  std::vector<std::string> scenarios;
  bool all_scenarios = false;
  std::vector<std::string> lines;
  std::vector<std::string> views;
  std::vector<std::string> sets;
  std::string expression;
  std::optional<model::Date> as_of; ///< what sources published later say is left out
  report::Format format = report::Format::table;
  graph::Format graph_format = graph::Format::dot;
  Stage stage = Stage::model; ///< of `show`
  std::string output;
  bool strict = false;
  bool bounds = false;
  bool stats = false;
  bool json_messages = false;
  ColorChoice color = ColorChoice::automatic;
};

/// Either arguments, or an exit code with something to print.
struct Parsed {
  std::optional<Arguments> arguments;
  int code = 0;
  std::string message; ///< to standard output if the code is 0, else to standard error
};
[[nodiscard]] Parsed parse_arguments(int argc, char const* const* argv);

} // namespace scn::cli
