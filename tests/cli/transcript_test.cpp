// What a person types and sees. Three kinds of text hold sessions, and all of them run here:
//
// * tests/cli/*.transcript, tests/steps/*.transcript: lines that begin with `$ ` are commands; what
// follows is what they
//   print, standard output and error as they come, then `[exit N]` if N is not 0;
// * Markdown (README, docs/): a fence ```scn NAME or ```csv NAME is a file, a fence ```console a
//   transcript;
// * stdlib/*.scn: the indented lines of a doc comment are a model whose checks must hold.
//
// Commands run in a folder of their own, with the project's `scenarios/` in it and
// tests/cli/models/ as `models/`. SCN_REWRITE=1 writes the outputs anew; read the difference before
// you commit it.

#include "tests/support/catch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

const fs::path root = SCN_SOURCE_DIR;

std::string text_of(fs::path const& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write(fs::path const& path, std::string const& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    out.push_back(line);
  return out;
}

std::vector<fs::path> files_in(fs::path const& folder, std::string const& ending) {
  std::vector<fs::path> out;
  if (!fs::exists(folder)) return out;
  for (auto const& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ending) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

/// A folder to run in, gone when it is done with.
class Workshop {
 public:
  Workshop() {
    std::string name = (fs::temp_directory_path() / "scn-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    fs::create_directory_symlink(root / "scenarios", path_ / "scenarios");
    fs::create_directory_symlink(root / "tests/cli/models", path_ / "models");
    fs::create_directory_symlink(root / "tests/steps", path_ / "steps");
  }
  ~Workshop() { fs::remove_all(path_); }
  [[nodiscard]] fs::path const& path() const { return path_; }

  /// Runs a command line; gives what it prints and, if it is not 0, its exit code.
  [[nodiscard]] std::string run(std::string const& command) const {
    const std::string bin = fs::path(SCN_PROGRAM).parent_path().string();
    const std::string shell = fmt::format(
        "cd '{}' && export PATH='{}':\"$PATH\" NO_COLOR=1 LC_ALL=C.UTF-8; exec 2>&1; {}",
        path_.string(), bin, command);
    std::FILE* pipe = ::popen(shell.c_str(), "r");
    std::string out;
    char buffer[4096];
    for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
      out.append(buffer, n);
    const int status = ::pclose(pipe);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (!out.empty() && out.back() != '\n') out += '\n';
    if (code != 0) out += fmt::format("[exit {}]\n", code);
    return out;
  }

 private:
  fs::path path_;
};

bool rewrite() { return std::getenv("SCN_REWRITE") != nullptr; }

/// Runs the commands of a transcript and gives it back with what they print now. Lines that begin
/// with `# ` are remarks and stay; everything else is output.
std::string replay(std::string const& text, Workshop const& workshop) {
  std::string out;
  bool in_output = false;
  for (std::string const& line : lines_of(text)) {
    const bool command = line.starts_with("$ ");
    if (!command && !line.starts_with("# ")) continue;
    if (in_output) out += '\n';
    in_output = command;
    out += line + '\n';
    if (command) out += workshop.run(line.substr(2));
  }
  return out;
}

/// The fences of a Markdown text: what stands behind the opening ``` and the lines inside.
struct Fence {
  std::string info;
  std::size_t begin = 0, end = 0; ///< of the inside, in the text
};
std::vector<Fence> fences_of(std::string const& text) {
  std::vector<Fence> out;
  std::size_t at = 0;
  bool inside = false;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (line.starts_with("```")) {
      if (inside) {
        out.back().end = at;
      } else {
        out.push_back({line.substr(3), end + 1, end + 1});
      }
      inside = !inside;
    }
    at = end + 1;
  }
  return out;
}

/// The examples in the doc comments of a library file: indented by four behind the `## `.
std::vector<std::string> examples_of(std::string const& text) {
  std::vector<std::string> out;
  bool open = false;
  for (std::string const& line : lines_of(text)) {
    if (line.starts_with("##     ")) {
      if (!open) out.emplace_back();
      open = true;
      out.back() += line.substr(7) + '\n';
    } else {
      open = false;
    }
  }
  return out;
}

/// Does a line of a module begin a declaration that its page tells of?
bool declares(std::string const& line) {
  constexpr std::string_view words[] = {"fn ", "let ", "flow ", "stock ", "rate ", "assume "};
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return line.starts_with(word); });
}

/// One page of reference from the comments of a library file: its own at the top, headings that are
/// ruled lines, and each function with its doc comment and example.
std::string page_of(std::string const& module, std::string const& text) {
  const bool always = module == "prelude";
  std::string out = always ? "\n## The prelude: what every model has\n\n"
                           : fmt::format("\n## `use std.{}`\n\n", module);
  std::string remark; // of no declaration, unless of one that is for the library only
  std::string prose;
  std::string example;
  for (std::string const& line : lines_of(text)) {
    if (line.starts_with("# ---")) {
      out += "### " + line.substr(line.find(' ', 2) + 1) + "\n\n";
    } else if (line.starts_with("##     ")) {
      example += line.substr(7) + '\n';
    } else if (line.starts_with("##")) {
      if (line.size() > 3) prose += line.substr(3) + '\n';
    } else if (line == "#") {
      remark += '\n';
    } else if (line.starts_with("# ")) {
      remark += line.substr(2) + '\n';
    } else if (line.starts_with("fn _")) {
      remark.clear();
    } else if (!prose.empty() && declares(line)) {
      std::string head = line.starts_with("fn ")    ? line.substr(3, line.find(')') - 2)
                         : line.starts_with("let ") ? line.substr(4)
                                                    : line;
      if (head.ends_with(" =")) head.resize(head.size() - 2); // its formula begins on the next line
      out += fmt::format("#### `{}`\n\n{}\n", head, prose);
      if (!example.empty())
        out +=
            fmt::format("```scn\n{}{}```\n\n", always ? "" : "use std." + module + '\n', example);
      prose.clear();
      example.clear();
    } else if (line.empty()) {
      // What a comment said of something else than a function ends here.
      prose.clear();
      out += remark;
      remark.clear();
      if (!out.ends_with("\n\n")) out += '\n';
    } else if (!line.starts_with(" ")) {
      prose.clear();
    }
  }
  return out;
}

} // namespace

TEST_CASE("transcripts of the program") {
  std::vector<fs::path> files = files_in(root / "tests/cli", ".transcript");
  for (fs::path const& file : files_in(root / "tests/steps", ".transcript"))
    files.push_back(file);
  for (fs::path const& file : files) {
    INFO(file.string());
    const std::string text = text_of(file);
    const Workshop workshop;
    const std::string now = replay(text, workshop);
    if (rewrite()) write(file, now);
    CHECK(now == text_of(file));
  }
}

TEST_CASE("examples in Markdown run as they are printed") {
  std::vector<fs::path> files = files_in(root / "docs", ".md");
  files.push_back(root / "README.md");
  for (fs::path const& file : files) {
    INFO(file.string());
    const Workshop workshop;
    const std::string text = text_of(file);
    std::string now;
    std::size_t copied = 0;
    for (Fence const& fence : fences_of(text)) {
      const std::string inside = text.substr(fence.begin, fence.end - fence.begin);
      if (fence.info.starts_with("scn ") || fence.info.starts_with("csv ")) {
        write(workshop.path() / fence.info.substr(4), inside);
      } else if (fence.info == "scn") {
        // A model without a name must at least be one.
        write(workshop.path() / "example.scn", inside);
        INFO(inside);
        CHECK(workshop.run("scn check example.scn").find("[exit 2]") == std::string::npos);
      } else if (fence.info == "console") {
        now += text.substr(copied, fence.begin - copied) + replay(inside, workshop);
        copied = fence.end;
      }
    }
    now += text.substr(copied);
    if (rewrite()) write(file, now);
    CHECK(now == text_of(file));
  }
}

TEST_CASE("examples of the standard library hold") {
  for (fs::path const& file : files_in(root / "stdlib", ".scn")) {
    const std::string module = file.stem().string();
    const auto examples = examples_of(text_of(file));
    CHECK_FALSE(examples.empty());
    for (std::string const& example : examples) {
      const Workshop workshop;
      const std::string use = module == "prelude" ? "" : "use std." + module + "\n";
      write(workshop.path() / "example.scn", use + example);
      const std::string out = workshop.run("scn check --strict example.scn");
      INFO(example << out);
      CHECK(out.find("[exit") == std::string::npos);
      CHECK(out.find("holds") != std::string::npos);
    }
  }
}

TEST_CASE("the library's page says what the library's comments say") {
  std::string now =
      "# The standard library\n\nMade from the comments of `stdlib/`. Every example "
      "runs as a test. An argument is an\nexpression; behind `:` stands its unit, `1` "
      "for a pure number. Where a function has no value it is unknown,\nand "
      "the cause is printed with it.\n";
  for (std::string module :
       {"prelude", "growth", "finance", "dates", "statistics", "depreciation", "vintages", "plan"})
    now += page_of(module, text_of(root / "stdlib" / (module + ".scn")));
  while (now.ends_with("\n\n"))
    now.pop_back();
  const fs::path page = root / "docs/reference/library.md";
  if (rewrite()) write(page, now);
  CHECK(now == text_of(page));
  // No function is missing, of whatever module.
  for (fs::path const& file : files_in(root / "stdlib", ".scn"))
    for (std::string const& line : lines_of(text_of(file)))
      if (line.starts_with("fn ") && !line.starts_with("fn _")) // those are for the library
        CHECK(now.find("#### `" + line.substr(3, line.find(')') - 2) + '`') != std::string::npos);
}

TEST_CASE("the models of this project are free of errors, and their checks do not fail") {
  const Workshop workshop;
  for (fs::path const& file : files_in(root / "scenarios", ".scn")) {
    const std::string out = workshop.run("scn check " + fs::relative(file, root).string());
    INFO(out);
    CHECK(out.find("[exit") == std::string::npos);
    // That an article writes 万 for 亿 is a finding; any other warning would be a mistake of ours.
    std::size_t warnings = 0;
    for (std::size_t at = 0; (at = out.find("warning[", at)) != std::string::npos; ++at)
      warnings += out.substr(at + 8, 5) == "W0903" ? 0 : 1;
    CHECK(warnings == 0);
  }
}
