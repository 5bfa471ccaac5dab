#include "engine/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace scn::cli {

namespace {

bool set_and_filled(char const* name) {
  char const* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// Does the text fill more lines than the terminal has?
bool longer_than_terminal(std::string_view text) {
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return false;
  return size.ws_row > 0 && std::count(text.begin(), text.end(), '\n') >= size.ws_row;
}

} // namespace

bool wants_color(int descriptor, ColorChoice choice) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  if (set_and_filled("NO_COLOR")) return false;
  if (set_and_filled("CLICOLOR_FORCE") && std::string_view(std::getenv("CLICOLOR_FORCE")) != "0")
    return true;
  char const* term = std::getenv("TERM");
  if (term == nullptr || std::string_view(term) == "dumb") return false;
  return ::isatty(descriptor) != 0;
}

bool print(std::string_view text) {
  if (longer_than_terminal(text)) {
    char const* pager = std::getenv("PAGER");
    // -S: a wide table is scrolled, not folded.
    std::FILE* to = ::popen(pager != nullptr && *pager != '\0' ? pager : "less -FRSX", "w");
    if (to != nullptr) {
      std::fwrite(text.data(), 1, text.size(), to);
      if (::pclose(to) == 0) return true;
    }
  }
  return write_all(STDOUT_FILENO, text);
}

void complain(std::string_view text) { write_all(STDERR_FILENO, text); }

} // namespace scn::cli
