#pragma once

#include <string>
#include <string_view>

namespace scn::cli {

enum class ColorChoice { automatic, always, never };

/// Is what goes to this descriptor to be coloured? The choice decides, else the environment
/// (`NO_COLOR`, `CLICOLOR_FORCE`, `TERM=dumb`), else whether it is a terminal.
[[nodiscard]] bool wants_color(int descriptor, ColorChoice choice);

/// Writes a result to standard output, through a pager if that is a terminal shorter than it.
/// False if it could not be written.
bool print(std::string_view text);
/// Writes to standard error.
void complain(std::string_view text);

} // namespace scn::cli
