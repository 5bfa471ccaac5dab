#pragma once

#include "lang/resolve/context.hpp"

#include <optional>
#include <string>
#include <vector>

namespace scn::resolve {

/// Exchange rates: lines declared with `fx`, in a unit as CNY/USD. Finds the rates that lead from
/// one currency to another, and puts them into the formulas that convert.
class Rates {
 public:
  explicit Rates(Context& context) : context_(context) {}

  /// Reads the declared rates, and reports what is none or competes with another.
  void collect();

  /// A rate to multiply with, or to divide by.
  struct Leg {
    model::LineId line;
    bool divide = false;
  };
  /// From one unit to another that differs from it in its currency only: by a rate of the pair, the
  /// inverse of one, or two through the model's currency. A stock takes closing rates.
  [[nodiscard]] std::optional<std::vector<Leg>> path(model::UnitId from, model::UnitId to,
                                                     bool stock);
  /// What is there instead of a path, if that helps.
  [[nodiscard]] std::optional<std::string> hint(model::UnitId from, model::UnitId to);
  /// Puts rates into the places that a conversion keeps for them.
  void install(model::Conversion const& conversion, std::vector<Leg> const& path);
  /// Is a value the state of something at the end of its period? Sums, differences and shares of
  /// stocks are.
  [[nodiscard]] bool is_stock(model::NodeId node) const;
  /// Reports amounts without a period that are converted at a rate which varies: nothing says at
  /// which. Shapes must be settled.
  void check_periods();

 private:
  [[nodiscard]] std::optional<Leg> direct(model::UnitId from, model::UnitId to, bool stock);

  Context& context_;
  struct Rate {
    model::LineId line;
    model::UnitId unit;
    model::RateUse use;
  };
  std::vector<Rate> rates_;
};

} // namespace scn::resolve
