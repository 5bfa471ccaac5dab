#pragma once

#include "lang/model/model.hpp"

/// Interval arithmetic, rounded outwards: a result may be wider than the truth, never narrower.
namespace scn::eval {

/// All numbers from low to high. Conditions are intervals of 0 and 1: [0, 1] is undecided. An empty
/// value is one of the two marked NaNs at both ends.
struct Interval {
  double low = 0;
  double high = 0;
  bool partial = false; ///< it may also be empty: a quotient whose divisor may be 0. Of what is
                        ///< unknown: it may also be that it does not apply

  static Interval point(double v) { return {v, v, false}; }
  static Interval whole();
  [[nodiscard]] bool is_empty() const { return low != low; }
  [[nodiscard]] bool is_point() const { return low == high && !partial; }
  [[nodiscard]] Interval maybe() const { return {low, high, true}; }
};

[[nodiscard]] Interval hull(Interval a, Interval b);
[[nodiscard]] Interval operator+(Interval a, Interval b);
[[nodiscard]] Interval operator-(Interval a, Interval b);
[[nodiscard]] Interval operator*(Interval a, Interval b);
[[nodiscard]] Interval operator/(Interval a, Interval b);
[[nodiscard]] Interval operator-(Interval a);
[[nodiscard]] Interval power(Interval base, Interval exponent);
[[nodiscard]] Interval less(Interval a, Interval b, bool or_equal);
[[nodiscard]] Interval equal(Interval a, Interval b);

/// The value of a node of a formula, given those of its operands.
[[nodiscard]] Interval apply(model::Model const& model, model::Node const& node, Interval a,
                             Interval b, Interval c);

} // namespace scn::eval
