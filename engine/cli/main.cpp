#include "engine/cli/arguments.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/terminal.hpp"

int main(int argc, char** argv) {
  const scn::cli::Parsed parsed = scn::cli::parse_arguments(argc, argv);
  if (parsed.arguments) return scn::cli::run(*parsed.arguments);
  if (parsed.code == 0) {
    scn::cli::print(parsed.message);
  } else {
    scn::cli::complain(parsed.message);
  }
  return parsed.code;
}
