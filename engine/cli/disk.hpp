#pragma once

#include "engine/session/files.hpp"

#include <optional>
#include <string>

namespace scn::cli {

/// Files on a disk. Only regular files up to 64 MiB are read, and a used file only if it lies, all
/// links followed, in the folder of the model.
class Disk : public Files {
 public:
  [[nodiscard]] Read read(std::string const& path, std::string const& root) override;
};

/// Writes a file beside its old version and renames it over it, so that a full disk or a kill
/// leaves the old one whole. Gives what went wrong, if anything.
[[nodiscard]] std::optional<std::string> write_file(std::string const& path,
                                                    std::string const& text);

} // namespace scn::cli
