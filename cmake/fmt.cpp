// fmt, for a program without shared libraries (static_program.cmake says why). What the rest of the
// program declares as functions of a library is inline here, and kept; a use instantiates the
// templates among them.

#define FMT_HEADER_ONLY 1
#include <fmt/format.h>

std::string scn_uses_of_fmt(double a, float b, std::string const& c);

std::string scn_uses_of_fmt(double a, float b, std::string const& c) {
  return fmt::format("{:L} {:.3f} {} {}", a, b, c, 1);
}
