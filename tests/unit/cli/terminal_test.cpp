// Colour by choice and environment, and results that reach standard output whole.

#include "engine/cli/terminal.hpp"

#include "tests/support/catch.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

using namespace scn::cli;

namespace {

using Settings = std::map<std::string, std::optional<std::string>>;

/// Environment variables as given, and as they were afterwards.
class Environment {
 public:
  explicit Environment(Settings const& given) {
    for (auto const& [name, value] : given) {
      char const* old = std::getenv(name.c_str());
      before_[name] = old != nullptr ? std::optional<std::string>(old) : std::nullopt;
      set(name, value);
    }
  }
  ~Environment() {
    for (auto const& [name, value] : before_)
      set(name, value);
  }
  Environment(Environment const&) = delete;
  Environment& operator=(Environment const&) = delete;

 private:
  static void set(std::string const& name, std::optional<std::string> const& value) {
    if (value) {
      ::setenv(name.c_str(), value->c_str(), 1);
    } else {
      ::unsetenv(name.c_str());
    }
  }
  Settings before_;
};

/// Lets a descriptor lead elsewhere while it lives.
class Redirected {
 public:
  Redirected(int descriptor, int to) : descriptor_(descriptor), saved_(::dup(descriptor)) {
    std::fflush(nullptr);
    ::dup2(to, descriptor);
  }
  ~Redirected() {
    ::dup2(saved_, descriptor_);
    ::close(saved_);
  }
  Redirected(Redirected const&) = delete;
  Redirected& operator=(Redirected const&) = delete;

 private:
  int descriptor_;
  int saved_;
};

/// A terminal with so many rows; what is written to `user` shows on it.
struct Terminal {
  explicit Terminal(unsigned short rows) : screen(::posix_openpt(O_RDWR | O_NOCTTY)) {
    if (screen < 0 || ::grantpt(screen) != 0 || ::unlockpt(screen) != 0) return;
    user = ::open(::ptsname(screen), O_RDWR | O_NOCTTY);
    if (user < 0) return;
    winsize size{};
    size.ws_row = rows;
    size.ws_col = 80;
    REQUIRE(::ioctl(screen, TIOCSWINSZ, &size) == 0);
  }
  ~Terminal() {
    ::close(user);
    ::close(screen);
  }
  Terminal(Terminal const&) = delete;
  Terminal& operator=(Terminal const&) = delete;

  int screen = -1;
  int user = -1;
};

/// A system without pseudo-terminals, as a bare chroot is.
void skip() { WARN("skipped: this system has no pseudo-terminal"); }

std::string content(std::filesystem::path const& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct TemporaryFile {
  TemporaryFile() : descriptor(::mkstemp(name.data())) { REQUIRE(descriptor >= 0); }
  ~TemporaryFile() {
    ::close(descriptor);
    ::unlink(name.c_str());
  }
  TemporaryFile(TemporaryFile const&) = delete;
  TemporaryFile& operator=(TemporaryFile const&) = delete;

  std::string name = (std::filesystem::temp_directory_path() / "scn_terminal_XXXXXX").string();
  int descriptor = -1;
};

const Settings plain{
    {"NO_COLOR", std::nullopt}, {"CLICOLOR_FORCE", std::nullopt}, {"TERM", "xterm"}};

} // namespace

TEST_CASE("the choice on the command line decides") {
  const Environment e(Settings{{"NO_COLOR", "1"}, {"CLICOLOR_FORCE", "1"}});
  CHECK(wants_color(STDERR_FILENO, ColorChoice::always));
  CHECK_FALSE(wants_color(STDERR_FILENO, ColorChoice::never));
}

TEST_CASE("else colour is for terminals, unless the environment says otherwise") {
  const Terminal terminal(24);
  if (terminal.user < 0) return skip();
  const TemporaryFile file;
  const Environment clean(plain);
  const auto wanted = [](int descriptor) {
    return wants_color(descriptor, ColorChoice::automatic);
  };
  CHECK(wanted(terminal.user));
  CHECK_FALSE(wanted(file.descriptor));
  {
    const Environment e(Settings{{"NO_COLOR", "1"}});
    CHECK_FALSE(wanted(terminal.user));
  }
  {
    const Environment e(Settings{{"NO_COLOR", ""}}); // set but empty is as if it were not
    CHECK(wanted(terminal.user));
  }
  {
    const Environment e(Settings{{"CLICOLOR_FORCE", "1"}});
    CHECK(wanted(file.descriptor));
    const Environment both(Settings{{"NO_COLOR", "1"}});
    CHECK_FALSE(wanted(file.descriptor));
  }
  {
    const Environment e(Settings{{"CLICOLOR_FORCE", "0"}});
    CHECK_FALSE(wanted(file.descriptor));
  }
  {
    const Environment e(Settings{{"TERM", "dumb"}});
    CHECK_FALSE(wanted(terminal.user));
  }
  {
    const Environment e(Settings{{"TERM", std::nullopt}});
    CHECK_FALSE(wanted(terminal.user));
  }
}

TEST_CASE("a result reaches a file whole, without a pager") {
  const TemporaryFile file;
  const Environment e(Settings{{"PAGER", "false"}});
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += "a line of a long result\n";
  bool written = false;
  {
    const Redirected to(STDOUT_FILENO, file.descriptor);
    written = print(text);
  }
  CHECK(written);
  CHECK(content(file.name) == text);
}

TEST_CASE("complaints go to standard error") {
  const TemporaryFile file;
  {
    const Redirected to(STDERR_FILENO, file.descriptor);
    complain("scn: no\n");
  }
  CHECK(content(file.name) == "scn: no\n");
}

TEST_CASE("a result that cannot be written is a failure") {
  const int full = ::open("/dev/full", O_WRONLY);
  REQUIRE(full >= 0);
  bool written = true;
  {
    const Redirected to(STDOUT_FILENO, full);
    written = print("text\n");
  }
  ::close(full);
  CHECK_FALSE(written);
}

TEST_CASE("a pager is asked only by a terminal that is shorter than the result") {
  const TemporaryFile paged;
  const Environment e(Settings{{"PAGER", "cat > " + paged.name}});
  const std::string four = "1\n2\n3\n4\n";
  for (unsigned short rows : {3, 4, 5}) {
    const Terminal terminal(rows);
    if (terminal.user < 0) return skip();
    REQUIRE(::ftruncate(paged.descriptor, 0) == 0);
    bool written = false;
    {
      const Redirected to(STDOUT_FILENO, terminal.user);
      written = print(four);
    }
    INFO(rows << " rows");
    CHECK(written);
    CHECK(content(paged.name) == (rows <= 4 ? four : ""));
  }
}
