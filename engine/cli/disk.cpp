#include "engine/cli/disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace scn::cli {

namespace {

constexpr std::size_t largest_file = 64u << 20;

/// Reads all of a descriptor, up to one byte more than is allowed.
Files::Read read_all(int fd) {
  std::string text;
  char buffer[1 << 16];
  while (text.size() <= largest_file) {
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return {std::nullopt, std::strerror(errno)};
    if (n == 0) return {std::move(text), {}};
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return {std::nullopt, "it is larger than 64 MiB"};
}

} // namespace

Files::Read Disk::read(std::string const& path, std::string const& root) {
  if (path == "-" && root.empty()) return read_all(STDIN_FILENO);
  std::error_code error;
  if (!root.empty()) {
    // A link may lead anywhere; where it leads is what counts.
    const auto folder = std::filesystem::canonical(root, error);
    const auto file = std::filesystem::canonical(path, error);
    if (!error) {
      const auto relative = file.lexically_relative(folder);
      if (relative.empty() || *relative.begin() == "..")
        return {std::nullopt, "it is a link out of the folder of the model"};
    }
  }
  // Without blocking, so that a pipe without a writer cannot hang us; it is no file anyway.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return {std::nullopt, std::strerror(errno)};
  struct stat about {};
  Read out{std::nullopt, "it is no regular file"};
  if (::fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) out = read_all(fd);
  if (S_ISDIR(about.st_mode)) out.error = "it is a folder";
  ::close(fd);
  return out;
}

std::optional<std::string> write_file(std::string const& path, std::string const& text) {
  // A link stays one: the file that it leads to is replaced. A device or pipe cannot be.
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  const std::string target = error ? path : real.string();
  struct stat old {};
  const bool exists = ::stat(target.c_str(), &old) == 0;
  const bool in_place = exists && !S_ISREG(old.st_mode) && !S_ISDIR(old.st_mode);
  const std::string beside = in_place ? target : target + ".tmp" + std::to_string(::getpid());
  const auto fail = [&](std::string what) -> std::optional<std::string> {
    if (!in_place) ::unlink(beside.c_str());
    return what;
  };
  const int fd = in_place ? ::open(path.c_str(), O_WRONLY | O_CLOEXEC)
                          : ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return std::string(std::strerror(errno));
  if (exists && S_ISREG(old.st_mode)) ::fchmod(fd, old.st_mode & 07777);
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int failure = errno;
      ::close(fd);
      return fail(std::strerror(failure));
    }
    done += static_cast<std::size_t>(n);
  }
  if (::close(fd) != 0) return fail(std::strerror(errno));
  if (!in_place && ::rename(beside.c_str(), target.c_str()) != 0) return fail(std::strerror(errno));
  return std::nullopt;
}

} // namespace scn::cli
