// The loops for this processor against those for every processor: the same bits, the same answers.

#include "engine/eval/vector_loops.hpp"

#include "tests/support/catch.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

using namespace scn::eval;

namespace {

std::vector<double> some(std::mt19937& random, std::size_t n, bool odd) {
  std::vector<double> out(n);
  for (double& v : out) {
    v = std::ldexp(static_cast<double>(random()) - 2e9, static_cast<int>(random() % 40) - 30);
    if (odd && random() % 16 == 0)
      v = random() % 2 == 0 ? std::numeric_limits<double>::quiet_NaN()
                            : std::numeric_limits<double>::infinity();
    if (random() % 8 == 0) v = static_cast<double>(random() % 3) - 1;
  }
  return out;
}

/// Bit for bit; of results that are looked at again, which NaN they are does not matter.
bool same_numbers(std::vector<double> const& a, std::vector<double> const& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::memcmp(&a[i], &b[i], sizeof(double)) != 0 && !(std::isnan(a[i]) && std::isnan(b[i])))
      return false;
  return true;
}

} // namespace

TEST_CASE("all instruction sets give the same bits") {
  VectorLoops const& fast = vector_loops();
  VectorLoops const& plain = baseline_loops();
  INFO(fast.name << " against " << plain.name);
  std::mt19937 random(8);
  for (std::size_t n : {1u, 3u, 8u, 13u, 64u, 1280u})
    for (bool odd : {false, true})
      for (int form = 0; form < 3; ++form) {
        const auto a = some(random, n, odd);
        const auto b = some(random, n, odd);
        const Operand x = form == 1 ? Operand::one(a.data()) : Operand(a.data());
        const Operand y = form == 2 ? Operand::one(b.data()) : Operand(b.data());
        const auto same = [&](auto run) {
          std::vector<double> one(n, 7.0);
          std::vector<double> other(n, 7.0);
          const auto r = run(fast, one.data());
          const auto s = run(plain, other.data());
          return r == s && same_numbers(one, other);
        };
        for (int op = 0; op <= static_cast<int>(VectorOp::logical_or); ++op) {
          INFO("operation " << op << ", " << n << " cells");
          CHECK(same([&](VectorLoops const& l, double* out) {
            return l.binary(static_cast<VectorOp>(op), out, x, y, n);
          }));
        }
        CHECK(same(
            [&](VectorLoops const& l, double* out) { return l.choose(out, a.data(), x, y, n); }));
        CHECK(same([&](VectorLoops const& l, double* out) {
          l.otherwise(out, a.data(), y, n);
          return true;
        }));
        CHECK(same([&](VectorLoops const& l, double* out) {
          l.accumulate(out, x, n);
          return l.all_numbers(a.data(), n);
        }));
        if (n <= 64) {
          const double one = fast.sum_of_row(a.data(), n);
          const double other = plain.sum_of_row(a.data(), n);
          CHECK(same_numbers({one}, {other}));
        }
      }
}

TEST_CASE("what is no number is noticed wherever it stands") {
  for (std::size_t n : {1u, 7u, 64u, 100u})
    for (std::size_t at = 0; at < n; ++at) {
      std::vector<double> a(n, 1.5);
      const std::vector<double> b(n, 2.0);
      std::vector<double> out(n);
      CHECK(vector_loops().all_numbers(a.data(), n));
      CHECK_FALSE(vector_loops().binary(VectorOp::multiply, out.data(), a.data(), b.data(), n));
      a[at] = std::numeric_limits<double>::quiet_NaN();
      CHECK_FALSE(vector_loops().all_numbers(a.data(), n));
      CHECK(vector_loops().binary(VectorOp::multiply, out.data(), a.data(), b.data(), n));
      CHECK(vector_loops().binary(VectorOp::less, out.data(), b.data(), a.data(), n));
      a[at] = std::numeric_limits<double>::max();
      CHECK(vector_loops().binary(VectorOp::add, out.data(), a.data(), a.data(), n));
    }
}
