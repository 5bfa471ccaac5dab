// Compiled several times, each time for another instruction set: SCN_VECTORS names it. Nothing here
// may use a function of a header that is not always inlined: the linker keeps one copy of such a
// function, and it might be the one that an older processor cannot run.

#include "engine/eval/vector_loops.hpp"

namespace scn::eval {

namespace {

using Bits = unsigned long long;
static_assert(sizeof(Bits) == sizeof(double));

/// Zero exactly for numbers: infinity less infinity is none. Bits can be gathered by `or`, in any
/// order, which is what lets a compiler use vectors.
inline Bits odd(double x) { return __builtin_bit_cast(Bits, x - x); }

struct Each {
  Cells __restrict at;
  double operator[](std::size_t i) const { return at[i]; }
};
struct Single {
  double value;
  double operator[](std::size_t) const { return value; }
};

template <class A, class B, class Operation>
bool arithmetic(double* __restrict out, A a, B b, std::size_t n, Operation operation) {
  Bits seen = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double r = operation(a[i], b[i]);
    out[i] = r;
    seen |= odd(r);
  }
  return seen != 0;
}

/// Of operations whose result may be a number although an operand is empty.
template <class A, class B, class Operation>
bool chosen(double* __restrict out, A a, B b, std::size_t n, Operation operation) {
  Bits seen = 0;
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = operation(a[i], b[i]);
    seen |= odd(a[i]) | odd(b[i]);
  }
  return seen != 0;
}

template <class A, class B>
bool with(VectorOp op, double* out, A a, B b, std::size_t n) {
  switch (op) {
  case VectorOp::add: return arithmetic(out, a, b, n, [](double x, double y) { return x + y; });
  case VectorOp::subtract:
    return arithmetic(out, a, b, n, [](double x, double y) { return x - y; });
  case VectorOp::multiply:
    return arithmetic(out, a, b, n, [](double x, double y) { return x * y; });
  case VectorOp::divide: return arithmetic(out, a, b, n, [](double x, double y) { return x / y; });
  case VectorOp::minimum:
    return chosen(out, a, b, n, [](double x, double y) { return x <= y ? x : y; });
  case VectorOp::maximum:
    return chosen(out, a, b, n, [](double x, double y) { return x >= y ? x : y; });
  case VectorOp::equal:
    return chosen(out, a, b, n, [](double x, double y) { return x == y ? 1.0 : 0.0; });
  case VectorOp::not_equal:
    return chosen(out, a, b, n, [](double x, double y) { return x != y ? 1.0 : 0.0; });
  case VectorOp::less:
    return chosen(out, a, b, n, [](double x, double y) { return x < y ? 1.0 : 0.0; });
  case VectorOp::less_equal:
    return chosen(out, a, b, n, [](double x, double y) { return x <= y ? 1.0 : 0.0; });
  case VectorOp::greater:
    return chosen(out, a, b, n, [](double x, double y) { return x > y ? 1.0 : 0.0; });
  case VectorOp::greater_equal:
    return chosen(out, a, b, n, [](double x, double y) { return x >= y ? 1.0 : 0.0; });
  case VectorOp::logical_and:
    return chosen(out, a, b, n,
                  [](double x, double y) { return ((x == 0) | (y == 0)) ? 0.0 : 1.0; });
  case VectorOp::logical_or:
    return chosen(out, a, b, n,
                  [](double x, double y) { return ((x == 1) | (y == 1)) ? 1.0 : 0.0; });
  }
  return true;
}

bool binary(VectorOp op, double* out, Operand a, Operand b, std::size_t n) {
  if (a.single) return with(op, out, Single{*a.at}, Each{b.at}, n);
  if (b.single) return with(op, out, Each{a.at}, Single{*b.at}, n);
  return with(op, out, Each{a.at}, Each{b.at}, n);
}

template <class A, class B>
bool choose_of(double* __restrict out, Cells __restrict condition, A then, B otherwise,
               std::size_t n) {
  Bits seen = 0;
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = condition[i] != 0 ? then[i] : otherwise[i];
    seen |= odd(condition[i]);
  }
  return seen != 0;
}

bool choose(double* out, Cells condition, Operand then, Operand otherwise, std::size_t n) {
  if (then.single && otherwise.single)
    return choose_of(out, condition, Single{*then.at}, Single{*otherwise.at}, n);
  if (then.single) return choose_of(out, condition, Single{*then.at}, Each{otherwise.at}, n);
  if (otherwise.single) return choose_of(out, condition, Each{then.at}, Single{*otherwise.at}, n);
  return choose_of(out, condition, Each{then.at}, Each{otherwise.at}, n);
}

template <class B>
void otherwise_of(double* __restrict out, Cells __restrict a, B b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = a[i] == a[i] ? a[i] : b[i];
}

void otherwise(double* out, Cells a, Operand b, std::size_t n) {
  b.single ? otherwise_of(out, a, Single{*b.at}, n) : otherwise_of(out, a, Each{b.at}, n);
}

bool all_numbers(Cells cells, std::size_t n) {
  Bits seen = 0;
  for (std::size_t i = 0; i < n; ++i)
    seen |= odd(cells[i]);
  return seen == 0;
}

void accumulate(double* __restrict total, Operand value, std::size_t n) {
  if (value.single) {
    const double v = *value.at;
    for (std::size_t i = 0; i < n; ++i)
      total[i] += v;
    return;
  }
  Cells __restrict cells = value.at;
  for (std::size_t i = 0; i < n; ++i)
    total[i] += cells[i];
}

template <class Value>
double eight_sums(std::size_t n, Value value) {
  double s[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (std::size_t j = 0; j < 8; ++j)
      s[j] += value(i + j);
  for (; i < n; ++i)
    s[i % 8] += value(i);
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

double sum_of_row(Cells cells, std::size_t n) {
  return eight_sums(n, [=](std::size_t i) { return cells[i]; });
}

double sum_of_products(Cells a, Cells b, std::size_t n) {
  return eight_sums(n, [=](std::size_t i) { return a[i] * b[i]; });
}

} // namespace

#define SCN_JOIN_(a, b) a##b
#define SCN_JOIN(a, b) SCN_JOIN_(a, b)
#define SCN_TEXT_(a) #a
#define SCN_TEXT(a) SCN_TEXT_(a)

VectorLoops const& SCN_JOIN(SCN_VECTORS, _loops)() {
  static constexpr VectorLoops loops{
      SCN_TEXT(SCN_VECTORS), binary,     choose,     otherwise,
      all_numbers,           accumulate, sum_of_row, sum_of_products};
  return loops;
}

} // namespace scn::eval
