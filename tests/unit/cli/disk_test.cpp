// Files on a disk: what is read, what is refused, and how a file is written.

#include "engine/cli/disk.hpp"

#include "tests/support/catch.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;
using scn::cli::Disk;
using scn::cli::write_file;
using scn_test::contains;

namespace {

/// A fresh folder, gone with its scope.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "scn_disk_XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::permissions(path, fs::perms::owner_all, ignored);
    fs::remove_all(path, ignored);
  }
  Folder(Folder const&) = delete;
  Folder& operator=(Folder const&) = delete;

  std::string file(std::string const& name) const { return (path / name).string(); }
  std::string file(std::string const& name, std::string const& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
    return file(name);
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }

  fs::path path;
};

std::string content(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

scn::Files::Read read(std::string const& path, std::string const& root = {}) {
  return Disk().read(path, root);
}

constexpr std::uintmax_t most = 64u << 20;

} // namespace

TEST_CASE("a regular file is read as it is") {
  const Folder f;
  CHECK(read(f.file("a.scn", "let x : 1 = 1\r\n")).text == "let x : 1 = 1\r\n");
  CHECK(read(f.file("empty.scn", "")).text == "");
  const std::string zeros("a\0b", 3);
  CHECK(read(f.file("nul.scn", zeros)).text == zeros);
}

TEST_CASE("what is no regular file is refused, and nothing hangs") {
  const Folder f;
  const auto missing = read(f.file("gone.scn"));
  CHECK_FALSE(missing.text);
  CHECK_THAT(missing.error, contains("No such file"));
  const auto folder = read(f.path.string());
  CHECK_FALSE(folder.text);
  CHECK(folder.error == "it is a folder");
  REQUIRE(::mkfifo(f.file("pipe").c_str(), 0600) == 0);
  const auto pipe = read(f.file("pipe")); // nobody writes into it
  CHECK_FALSE(pipe.text);
  CHECK(pipe.error == "it is no regular file");
  CHECK_FALSE(read("/dev/zero").text);
  CHECK_FALSE(read(f.file("a.scn", "x") + "/below").text);
}

TEST_CASE("files up to 64 MiB are read, a byte more is refused") {
  const Folder f;
  const std::string path = f.file("large.scn", "");
  fs::resize_file(path, most); // a hole: takes no room on the disk
  const auto fits = read(path);
  REQUIRE(fits.text);
  CHECK(fits.text->size() == most);
  fs::resize_file(path, most + 1);
  const auto large = read(path);
  CHECK_FALSE(large.text);
  CHECK_THAT(large.error, contains("64 MiB"));
}

TEST_CASE("a used file lies inside the folder of the model, all links followed") {
  const Folder f;
  const std::string root = f.file("model") + "/";
  f.file("model/inside.scn", "inside");
  f.file("model/sub/deep.scn", "deep");
  f.file("outside.scn", "outside");
  f.file("model_too/near.scn", "near");
  CHECK(read(root + "inside.scn", root).text == "inside");
  CHECK(read(root + "sub/deep.scn", root).text == "deep");

  fs::create_symlink("inside.scn", f.path / "model" / "link_in.scn");
  fs::create_symlink("../inside.scn", f.path / "model" / "sub" / "link_up.scn");
  CHECK(read(root + "link_in.scn", root).text == "inside");
  CHECK(read(root + "sub/link_up.scn", root).text == "inside");

  fs::create_symlink("../outside.scn", f.path / "model" / "link_out.scn");
  fs::create_symlink(f.path / "outside.scn", f.path / "model" / "absolute.scn");
  fs::create_symlink("..", f.path / "model" / "up");
  fs::create_symlink("../model_too/near.scn", f.path / "model" / "sibling.scn");
  for (char const* name : {"link_out.scn", "absolute.scn", "up/outside.scn", "sibling.scn"}) {
    INFO(name);
    const auto out = read(root + name, root);
    CHECK_FALSE(out.text);
    CHECK_THAT(out.error, contains("out of the folder of the model"));
  }
  // A folder that is itself a link is the folder it leads to.
  fs::create_directory_symlink("model", f.path / "alias");
  CHECK(read(f.file("alias/inside.scn"), f.file("alias") + "/").text == "inside");
}

TEST_CASE("the model itself may be a link to anywhere") {
  const Folder f;
  f.file("real.scn", "real");
  fs::create_symlink("real.scn", f.path / "link.scn");
  CHECK(read(f.file("link.scn")).text == "real");
  fs::create_symlink("nowhere.scn", f.path / "broken.scn");
  CHECK_FALSE(read(f.file("broken.scn")).text);
  fs::create_symlink("loop.scn", f.path / "loop.scn");
  CHECK_FALSE(read(f.file("loop.scn")).text);
}

TEST_CASE("writing makes a file or replaces it, and leaves nothing else behind") {
  const Folder f;
  CHECK_FALSE(write_file(f.file("out.csv"), "one"));
  CHECK(content(f.file("out.csv")) == "one");
  CHECK_FALSE(write_file(f.file("out.csv"), std::string(100'000, 'x')));
  CHECK(content(f.file("out.csv")) == std::string(100'000, 'x'));
  CHECK_FALSE(write_file(f.file("out.csv"), ""));
  CHECK(content(f.file("out.csv")).empty());
  CHECK(f.entries() == 1);
}

TEST_CASE("where no file can be made the old one stays whole") {
  const Folder f;
  f.file("out.csv", "old");
  fs::permissions(f.path, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read
                              | fs::perms::others_exec);
  // The super-user may write anywhere, so somebody else does it.
  const bool super = ::geteuid() == 0;
  if (super) REQUIRE(::seteuid(65534) == 0);
  const auto failure = write_file(f.file("out.csv"), "new");
  if (super) REQUIRE(::seteuid(0) == 0);
  fs::permissions(f.path, fs::perms::owner_all);
  REQUIRE(failure);
  CHECK_THAT(*failure, contains("denied"));
  CHECK(content(f.file("out.csv")) == "old");
  CHECK(f.entries() == 1);
}

TEST_CASE("where the new file does not fit the old one stays whole, and the rest is cleared away") {
  const Folder f;
  f.file("out.csv", "old");
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit small = before;
  small.rlim_cur = 1000;
  // A limit on the size of files fails a write half way, as a full disk does.
  auto const handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto failure = write_file(f.file("out.csv"), std::string(100'000, 'x'));
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  REQUIRE(failure);
  CHECK(content(f.file("out.csv")) == "old");
  CHECK(f.entries() == 1);
}

TEST_CASE("writing to what is no regular file writes into it, and leaves it what it was") {
  const Folder f;
  CHECK_FALSE(write_file("/dev/null", "text"));
  CHECK(fs::is_character_file("/dev/null"));
  f.file("real", "old");
  fs::create_symlink("real", f.path / "link");
  CHECK_FALSE(write_file(f.file("link"), "new"));
  CHECK(fs::is_symlink(f.path / "link"));
  CHECK(content(f.file("real")) == "new");
}

TEST_CASE("writing keeps the rights of a file that was there") {
  const Folder f;
  f.file("out", "old");
  fs::permissions(f.path / "out", fs::perms::owner_read | fs::perms::owner_write);
  CHECK_FALSE(write_file(f.file("out"), "new"));
  CHECK(fs::status(f.path / "out").permissions()
        == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a folder is not written over, and a missing one is an error") {
  const Folder f;
  f.file("folder/file", "kept");
  const auto onto = write_file(f.file("folder"), "text");
  REQUIRE(onto);
  CHECK(content(f.file("folder/file")) == "kept");
  CHECK(f.entries() == 1); // no half-written file beside it
  const auto into = write_file(f.file("missing/out.csv"), "text");
  REQUIRE(into);
  CHECK_THAT(*into, contains("No such file"));
}
