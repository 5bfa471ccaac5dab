#include "tests/unit/syntax/grammar/page.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace scn_test::grammar {

namespace {

namespace fs = std::filesystem;

const fs::path root = SCN_SOURCE_DIR;

std::string text_of(fs::path const& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);)
    out.push_back(line);
  return out;
}

/// The insides of the fences whose first word is `kind`.
std::vector<std::string> fences(std::string_view text, std::string_view kind) {
  std::vector<std::string> out;
  bool inside = false;
  bool wanted = false;
  for (std::string const& line : lines_of(text)) {
    if (line.starts_with("```")) {
      inside = !inside;
      wanted = inside && line.substr(3, line.find(' ', 3) - 3) == kind;
      if (wanted) out.emplace_back();
    } else if (wanted) {
      out.back() += line + '\n';
    }
  }
  return out;
}

void add_files(std::vector<Text>& out, std::string const& folder, std::string_view ending) {
  std::vector<fs::path> found;
  for (auto const& entry : fs::recursive_directory_iterator(root / folder))
    if (entry.path().extension() == ending) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  for (fs::path const& path : found)
    out.push_back({fs::relative(path, root).string(), text_of(path)});
}

/// The examples in the doc comments of a library file: indented by four behind the `## `.
void add_examples(std::vector<Text>& out, Text const& library) {
  bool open = false;
  for (std::string const& line : lines_of(library.text)) {
    const bool example = line.starts_with("##     ");
    if (example && !open) out.push_back({"an example of " + library.name, {}});
    if (example) out.back().text += line.substr(7) + '\n';
    open = example;
  }
}

} // namespace

Page::Page() : text_(text_of(root / "docs/reference/grammar.md")) {
  std::string rules;
  for (std::string const& fence : fences(text_, "ebnf"))
    rules += fence + '\n';
  grammar = read_grammar(rules);
}

std::string_view Page::behind(std::string_view text) const {
  const std::size_t at = text_.find(text);
  if (at == std::string::npos)
    throw std::runtime_error("the page has no \"" + std::string(text) + '"');
  return std::string_view(text_).substr(at + text.size());
}

std::vector<std::vector<std::string>> Page::table(std::string_view text) const {
  std::vector<std::vector<std::string>> out;
  for (std::string const& line : lines_of(behind(text))) {
    if (!line.starts_with("|")) {
      if (!out.empty()) break;
      continue;
    }
    out.emplace_back();
    std::istringstream in(line.substr(1));
    for (std::string field; std::getline(in, field, '|');)
      out.back().push_back(field);
  }
  return out;
}

std::set<std::string> Page::words(std::string_view text, std::size_t column) const {
  std::set<std::string> out;
  for (auto const& row : table(text))
    if (column < row.size()) out.merge(words_in_backticks(row[column]));
  return out;
}

std::set<std::string> Page::remarks() const {
  std::set<std::string> out;
  for (std::string const& line : lines_of(behind("\n## What the rules cannot say\n"))) {
    if (line.starts_with("## ")) break;
    if (line.starts_with("* `")) out.insert(line.substr(3, line.find('`', 3) - 3));
  }
  return out;
}

std::set<std::string> words_in_backticks(std::string_view text) {
  std::set<std::string> out;
  for (std::size_t at = text.find('`'); at != std::string_view::npos; at = text.find('`', at)) {
    const std::size_t end = text.find('`', at + 1);
    if (end == std::string_view::npos) break;
    out.emplace(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return out;
}

std::vector<Text> texts_of_the_project() {
  std::vector<Text> out;
  add_files(out, "stdlib", ".scn");
  const std::size_t libraries = out.size();
  for (std::size_t i = 0; i < libraries; ++i)
    add_examples(out, Text(out[i]));
  add_files(out, "scenarios", ".scn");
  add_files(out, "tests/cli", ".scn");
  std::vector<Text> pages{{"README.md", text_of(root / "README.md")}};
  add_files(pages, "docs", ".md");
  for (Text const& page : pages)
    for (std::string const& fence : fences(page.text, "scn"))
      out.push_back({"a fence of " + page.name, fence});
  return out;
}

std::vector<Text> gallery() {
  std::vector<Text> out;
  add_files(out, "tests/errors", ".scn");
  return out;
}

} // namespace scn_test::grammar
