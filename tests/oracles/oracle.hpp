#pragma once

#include "tests/support/model_text.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

/// Files of expected values. They are no part of the project: SCN_ORACLES names their folder, else
/// they are looked for beside the checkout.
namespace scn_test {

inline std::filesystem::path oracle_folder() {
  char const* named = std::getenv("SCN_ORACLES");
  return named != nullptr ? std::filesystem::path(named)
                          : std::filesystem::path(SCN_SOURCE_DIR) / "../shared/oracles";
}

/// The rows of a CSV file with a head (RFC 4180), each by the names of its columns; nothing if the
/// file is not there.
inline std::vector<std::map<std::string, std::string>> oracle_rows(std::string const& name) {
  std::ifstream in(oracle_folder() / name, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  const std::string text = all.str();
  std::vector<std::vector<std::string>> table(1);
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      field += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n')) {
      table.back().push_back(std::move(field));
      field.clear();
      if (c == '\n') table.emplace_back();
    } else if (quoted || c != '\r') {
      field += c;
    }
  }
  std::vector<std::map<std::string, std::string>> rows;
  for (std::size_t r = 1; r < table.size(); ++r) {
    if (table[r].size() != table[0].size()) continue; // the end of the file
    rows.emplace_back();
    for (std::size_t c = 0; c < table[0].size(); ++c)
      rows.back()[table[0][c]] = table[r][c];
  }
  return rows;
}

} // namespace scn_test
