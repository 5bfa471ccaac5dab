// Bounds of formulas in which an input stands more than once.

#include "engine/eval/tighten.hpp"

#include "engine/eval/bounds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <cmath>

using namespace scn;
using eval::Interval;
using scn_test::Approx;
using scn_test::Loaded;

namespace {

/// The bounds of an expression of a in 100..200, b in 10 % to 20 %, and c in -1..1.
Interval of(std::string const& expression) {
  Loaded m("let a : 1 = 100..200\nlet b : 1 = 10%..20%\nlet c : 1 = -1..1\nlet e : 1 = over 5\n"
           "let x : 1 = "
           + expression + "\n");
  INFO(m.messages());
  REQUIRE(m.good());
  auto const* r = m.result();
  const auto id = *m.model().line_named("x");
  eval::Bounds bounds(m.model(), r->stack, r->values, eval::Freedom::words);
  bounds.evaluate({id});
  return bounds.at(id, 0, 0);
}

bool near(Interval i, double low, double high) {
  return i.low == Approx(low).epsilon(1e-12) && i.high == Approx(high).epsilon(1e-12);
}

} // namespace

TEST_CASE("the same thing less itself is 0, and over itself 1") {
  CHECK(of("a - a").low == 0);
  CHECK(of("a - a").high == 0);
  CHECK(near(of("a / a"), 1, 1));
  CHECK(near(of("(a + b) / (a + b)"), 1, 1));
  CHECK(near(of("(a * b) - (a * b) + a"), 100, 200));
}

TEST_CASE("an input in which a formula rises or falls throughout is taken at its ends") {
  CHECK(near(of("a - a * b"), 80, 180));
  CHECK(near(of("a * (1 - b)"), 80, 180));
  CHECK(near(of("a / (a + 150)"), 100.0 / 250, 200.0 / 350));
  CHECK(near(of("a * b / (1 + b)"), 100 * 0.1 / 1.1, 200 * 0.2 / 1.2));
  CHECK(near(of("a + a - a"), 100, 200));
}

TEST_CASE("where nothing rises or falls throughout, and beyond arithmetic, bounds are only sound") {
  CHECK(near(of("c * c"), -1, 1));
  CHECK(near(of("c - c * c"), -2, 2));
  CHECK(near(of("max(a, b) - a"), -100, 100));
  CHECK(of("e - e * b").low == -INFINITY);
  CHECK(near(of("(a - 50) / a"), 0.25, 1.5));
  CHECK(of("a / c - a / c").partial); // 0, or unknown where c is 0
}
