#pragma once

#include "lang/source/decimal.hpp"
#include "lang/source/ids.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace scn::model {

using BaseUnitId = Id<struct BaseUnitTag>;
/// What is measured: a product of base units with whole exponents. 0 is the pure number.
using UnitId = Id<struct UnitTag>;
inline constexpr UnitId pure{0};

struct UnitFactor {
  BaseUnitId base;
  int exponent;
  friend auto operator<=>(UnitFactor const&, UnitFactor const&) = default;
};

/// The algebra of units, exact: every product of base units once, so that equal units have equal
/// ids whatever way they were reached.
class UnitTable {
 public:
  UnitTable();

  BaseUnitId add_base(std::string name, bool currency);
  [[nodiscard]] UnitId of(BaseUnitId base);
  [[nodiscard]] UnitId multiply(UnitId a, UnitId b);
  [[nodiscard]] UnitId divide(UnitId a, UnitId b);
  [[nodiscard]] UnitId power(UnitId a, int exponent);
  /// The unit whose `degree`-th power is `a`, if there is one.
  [[nodiscard]] std::optional<UnitId> root(UnitId a, int degree);

  [[nodiscard]] std::string name(UnitId unit) const; ///< `USD/card`; `1` for the pure number
  [[nodiscard]] std::vector<UnitFactor> const& factors(UnitId unit) const {
    return units_[unit.value];
  }
  [[nodiscard]] std::string const& base_name(BaseUnitId base) const {
    return bases_[base.value].name;
  }
  [[nodiscard]] bool is_currency(BaseUnitId base) const { return bases_[base.value].currency; }
  /// The currencies that occur in a unit.
  [[nodiscard]] std::vector<BaseUnitId> currencies(UnitId unit) const;

 private:
  UnitId intern(std::vector<UnitFactor> factors);

  struct Base {
    std::string name;
    bool currency;
  };
  std::vector<Base> bases_;
  std::vector<std::vector<UnitFactor>> units_;
  std::map<std::vector<UnitFactor>, UnitId> ids_;
  std::map<std::pair<UnitId, UnitId>, UnitId> products_;
  std::map<std::pair<UnitId, UnitId>, UnitId> quotients_;
};

/// A unit as people write it: what it measures, how many base units one of it is, and its text.
/// Values are always kept in base units; a measure says how to read and print them.
struct Measure {
  UnitId unit = pure;
  Scale scale;
  std::string text; ///< `亿 USD`, `%`; empty for a pure number
};

} // namespace scn::model
