// The error gallery: each program in this folder has one fault, and the text beside it is what a
// person sees. SCN_REWRITE=1 writes the texts anew; read the difference before you commit it.

#include "tests/support/catch.hpp"

#include "engine/judge/judge.hpp"
#include "engine/session/session.hpp"
#include "lang/source/render.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(SCN_SOURCE_DIR) / "tests/errors";

std::optional<std::string> text_of(fs::path const& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Files of the gallery, named from its folder, so that no message holds a path of this machine.
class GalleryFiles : public scn::Files {
 public:
  Read read(std::string const& path, std::string const&) override {
    auto text = text_of(folder / path);
    if (!text) return {std::nullopt, "there is no such file"};
    return {std::move(text), {}};
  }
};

std::vector<fs::path> programs() {
  std::vector<fs::path> out;
  for (auto const& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".scn") out.push_back(entry.path().filename());
  std::sort(out.begin(), out.end());
  return out;
}

struct Shown {
  std::vector<std::string> codes;
  std::string text;
};

/// Everything that `scn check` would complain about in a program.
Shown run(std::string const& program) {
  GalleryFiles files;
  scn::Session session(files);
  if (session.load(program)) {
    std::vector<std::optional<scn::model::ScenarioId>> all{std::nullopt};
    for (std::size_t i = 0; i < session.model().scenarios.size(); ++i)
      all.emplace_back(scn::model::ScenarioId{i});
    std::vector<scn::judge::Case> cases;
    for (auto const& scenario : all)
      if (auto const* r = session.evaluate(scenario))
        cases.push_back({scenario, &r->stack, &r->values});
    for (scn::judge::Case const& of : cases)
      scn::judge::warn_magnitudes(session.model(), scn::judge::claims(session.model(), of),
                                  session.diagnostics());
    scn::judge::missing_rates(session.model(), cases, session.diagnostics());
    scn::judge::warn(session.model(), cases, session.diagnostics());
  }
  Shown out;
  for (scn::Diagnostic const& d : session.diagnostics().sorted()) {
    out.codes.emplace_back(scn::number_of(d.code));
    out.text += scn::render(d, session.sources());
  }
  return out;
}

bool rewrite() { return std::getenv("SCN_REWRITE") != nullptr; }

} // namespace

TEST_CASE("every program of the gallery gives its diagnostic, and only that") {
  for (fs::path const& program : programs()) {
    INFO(program.string());
    const Shown shown = run(program.string());
    const std::string expected = program.string().substr(0, 5);
    INFO(shown.text);
    REQUIRE_FALSE(shown.codes.empty());
    // A name that ends in `-several` shows that one file may have several errors.
    if (program.stem().string().ends_with("-several")) {
      CHECK(shown.codes.size() > 1);
    } else {
      CHECK(shown.codes.size() == 1);
    }
    CHECK(shown.codes[0] == expected);
    const fs::path golden = folder / program.stem().concat(".txt");
    if (rewrite()) std::ofstream(golden, std::ios::binary) << shown.text;
    CHECK(text_of(golden).value_or("(no text beside the program)") == shown.text);
  }
}

TEST_CASE("every diagnostic has a program in the gallery") {
  std::set<std::string> shown;
  for (fs::path const& program : programs())
    shown.insert(program.string().substr(0, 5));
  for (scn::Code code : scn::all_codes()) {
    INFO(scn::number_of(code));
    CHECK(shown.count(std::string(scn::number_of(code))) == 1);
  }
}

TEST_CASE("numbers of diagnostics are used once") {
  std::set<std::string_view> seen;
  for (scn::Code code : scn::all_codes())
    CHECK(seen.insert(scn::number_of(code)).second);
}

TEST_CASE("no diagnostic shows the inside of the program") {
  for (fs::path const& program : programs()) {
    INFO(program.string());
    const std::string text = run(program.string()).text;
    for (char const* inside :
         {"boost", "spirit", "x3::", "scn::", "std::", "N5boost", "_ZN", "0x7f"})
      CHECK(text.find(inside) == std::string::npos);
  }
}
