#pragma once

#include "engine/eval/kernels.hpp"
#include "lang/model/model.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace scn::eval {

/// Gathers the values of an aggregation, cell by cell of a tile, one value of its variables at a
/// time. What does not apply is passed over; one unknown makes the result unknown, unless the
/// aggregation asked for what is known, or another value decides it (`any`, `all`).
class Gatherer {
 public:
  Gatherer(model::ReduceOp op, bool known, std::size_t n) { reset(op, known, n); }
  /// Begins another aggregation, of n cells. `hopeful`: a sum that takes everything for numbers; if
  /// something was none, finish() says so.
  void reset(model::ReduceOp op, bool known, std::size_t n, bool hopeful = false);

  /// A value for each of cells `from` … `from` + n - 1; of all if no n is given. `where` and
  /// `weight` may be null; `weight` is the second operand, as second_of() says; `inside` says which
  /// of all cells take part, null means each does; `variable` is the value of the first variable,
  /// for `argmax`.
  void add(Operand value, Operand where, Operand weight, unsigned char const* inside,
           double variable, std::size_t from = 0, std::size_t n = ~std::size_t{0});
  /// The cell's bounds are empty: whatever is gathered, the result is this.
  void spoil(std::size_t cell, double empty);
  /// False if this has to be done again, not hopefully.
  bool finish(double* out);
  /// Why the last unknown result of known values is unknown; null if the values say it.
  [[nodiscard]] char const* why() const { return why_; }

 private:
  enum class State : unsigned char { none, some, unknown, spoilt };

  /// Of an operation that must have seen all values.
  [[nodiscard]] double result(std::size_t k);
  void take(std::size_t k, double value, double weight, double variable);

  model::ReduceOp op_ = model::ReduceOp::sum;
  bool known_ = false;
  bool hopeful_ = false;
  std::vector<double> total_;
  std::vector<double> count_; ///< or the weights, or the variable of the largest value
  std::vector<State> state_;
  std::vector<std::vector<double>> all_;                      ///< where all must be seen
  std::vector<std::vector<std::pair<double, double>>> pairs_; ///< the same, of pairs
  char const* why_ = nullptr;
};

} // namespace scn::eval
