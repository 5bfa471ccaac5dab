// Calculations that well-known programs get wrong, as a list of them has it: the calls are written
// here, what is right is read from the list.

#include "tests/oracles/oracle.hpp"
#include "tests/support/catch.hpp"

#include <cmath>

using scn_test::Approx;
using scn_test::Loaded;

namespace {

/// What the list says is right: the number that its text begins with.
std::map<std::string, double> right_values() {
  std::map<std::string, double> out;
  for (auto const& row : scn_test::oracle_rows("numeric_traps.csv"))
    out[row.at("id")] = std::strtod(row.at("right_or_exact").c_str(), nullptr);
  return out;
}

struct Trap {
  char const* id;
  char const* program; ///< gives the line `answer`
  double tolerance;    ///< relative; the list rounds some of its values
};

constexpr char flows[] = "timeline 2020..2027 yearly\nuse std.finance\nflow cash : USD\n"
                         "cash[2020] = -10_000 USD\ncash[2021] = 3500 USD\n"
                         "cash[2022] = 7600 USD\ncash[2023] = 1000 USD\ncash[2024..] = 0\n"
                         "let answer : 1 = irr(cash)\n";
// Days since the first payment, of payments that are not a year apart.
constexpr char dated[] = "timeline 2001..2009 yearly\nuse std.finance\nuse std.dates\n"
                         "flow cash : USD\nlet on : day\nlet days : day = on - on[first]\n"
                         "cash[2001..2004] = 5290.5 USD\ncash[2005] = 6273.2 USD\n"
                         "cash[2006] = 5417.2 USD\ncash[2007] = 5492.05 USD\n"
                         "cash[2008] = 5486.15 USD\ncash[2009] = -20_004 USD\n"
                         "on[2001..2004] = date(2010, 4, 1)\non[2005] = date(2010, 11, 8)\n"
                         "on[2006] = date(2011, 2, 1)\non[2007] = date(2011, 3, 15)\n"
                         "on[2008] = date(2011, 5, 12)\non[2009] = date(2011, 8, 31)\n"
                         "let answer : 1 = xirr(cash, days / 365 day * 1 year)\n";

constexpr Trap traps[] = {
    {"trap-01", dated, 1e-9},
    {"trap-03", flows, 1e-11},
    {"trap-05", "use std.finance\nlet answer : 1 = pmt(1e-16, 10, 1000, 0, 0)\n", 1e-15},
    {"trap-06", "use std.finance\nlet answer : 1 = pmt(4.567e-15, 10, 1000, 0, 0)\n", 1e-15},
    {"trap-07", "use std.finance\nlet answer : 1 = cumprinc(0.7, 36, 8000, 2, 10, 1)\n", 1e-13},
    {"trap-08",
     "timeline 2024..2026 yearly\nuse std.statistics\nlet x : 1\nx[2024..] = 1e30\n"
     "let answer : 1 = stdev_s(x over t)\n",
     0},
    {"trap-36", "use std.finance\nlet answer : 1 = ipmt(0.1479, 297, 300, -270.51, 0, 0)\n", 1e-14},
};

} // namespace

TEST_CASE("where well-known programs go wrong, the answer is the right one") {
  const auto right = right_values();
  if (right.empty()) WARN("skipped: there are no expected values here");
  for (Trap const& trap : traps) {
    if (right.empty()) break;
    Loaded m(trap.program);
    INFO(trap.id << "\n" << m.messages());
    REQUIRE(m.good());
    const double expected = right.at(trap.id);
    const double answer = m.value("answer", {});
    CHECK(std::abs(answer - expected) <= trap.tolerance * std::abs(expected));
  }
}

TEST_CASE("what has no answer is unknown and says why, where other programs give a number") {
  const auto answer = [](std::string const& program) {
    Loaded m(program);
    INFO(m.messages());
    REQUIRE(m.good());
    return m.value("answer", {});
  };
  // A residual value above the cost; a rate of cash flows of one sign, and one of several rates.
  CHECK(std::isnan(
      answer("use std.depreciation\nlet answer : 1 = db(100_000, 1_000_000, 6, 1, 6)\n")));
  CHECK(std::isnan(answer("timeline 2024..2026 yearly\nuse std.finance\nflow cash : USD\n"
                          "cash[2024..] = 5 USD\nlet answer : 1 = irr(cash)\n")));
  CHECK(std::isnan(answer("timeline 2024..2026 yearly\nuse std.finance\nflow cash : USD\n"
                          "cash[2024] = -100 USD\ncash[2025] = 230 USD\ncash[2026] = -132 USD\n"
                          "let answer : 1 = irr(cash)\n")));
}

TEST_CASE("rounding goes down for negative numbers, and 0^0 is 1") {
  Loaded m("let down : 1 = floor(-1.3)\nlet one : 1 = 0 ^ 0\n");
  REQUIRE(m.good());
  CHECK(m.value("down", {}) == -2);
  CHECK(m.value("one", {}) == 1);
}
