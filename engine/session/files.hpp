#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace scn {

/// Where model files come from. The program reads a disk; tests read from memory.
class Files {
 public:
  virtual ~Files() = default;

  struct Read {
    std::optional<std::string> text;
    std::string error; ///< why there is no text
  };
  /// `path` is as the user wrote it, or the path of a used file seen from there; `root` is the
  /// folder that it must not leave, empty for the first file.
  [[nodiscard]] virtual Read read(std::string const& path, std::string const& root) = 0;
};

/// Files that exist in memory only.
class MemoryFiles : public Files {
 public:
  std::map<std::string, std::string> files;

  [[nodiscard]] Read read(std::string const& path, std::string const&) override {
    auto found = files.find(path);
    if (found == files.end()) return {std::nullopt, "there is no such file"};
    return {found->second, {}};
  }
};

/// The text of a module of the standard library (`std.growth`), if there is one.
[[nodiscard]] std::optional<std::string_view> library_module(std::string_view name);
/// The names of all modules but the prelude, for messages and tests.
[[nodiscard]] std::string_view library_modules();

} // namespace scn
