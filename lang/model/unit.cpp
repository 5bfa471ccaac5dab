#include "lang/model/unit.hpp"

#include <algorithm>

namespace scn::model {

UnitTable::UnitTable() { intern({}); }

UnitId UnitTable::intern(std::vector<UnitFactor> factors) {
  auto [at, added] = ids_.try_emplace(factors, UnitId{units_.size()});
  if (added) units_.push_back(std::move(factors));
  return at->second;
}

BaseUnitId UnitTable::add_base(std::string name, bool currency) {
  bases_.push_back({std::move(name), currency});
  return BaseUnitId{bases_.size() - 1};
}

UnitId UnitTable::of(BaseUnitId base) { return intern({{base, 1}}); }

UnitId UnitTable::multiply(UnitId a, UnitId b) {
  if (a == pure) return b;
  if (b == pure) return a;
  if (auto known = products_.find({a, b}); known != products_.end()) return known->second;
  std::vector<UnitFactor> out = units_[a.value];
  for (UnitFactor f : units_[b.value]) {
    auto at = std::lower_bound(out.begin(), out.end(), f,
                               [](UnitFactor x, UnitFactor y) { return x.base < y.base; });
    if (at == out.end() || at->base != f.base) {
      out.insert(at, f);
    } else if ((at->exponent += f.exponent) == 0) {
      out.erase(at);
    }
  }
  return products_[{a, b}] = intern(std::move(out));
}

UnitId UnitTable::divide(UnitId a, UnitId b) {
  if (b == pure) return a;
  if (auto known = quotients_.find({a, b}); known != quotients_.end()) return known->second;
  const UnitId out = multiply(a, power(b, -1));
  return quotients_[{a, b}] = out;
}

UnitId UnitTable::power(UnitId a, int exponent) {
  if (exponent == 0) return pure;
  std::vector<UnitFactor> out = units_[a.value];
  for (UnitFactor& f : out)
    f.exponent *= exponent;
  return intern(std::move(out));
}

std::optional<UnitId> UnitTable::root(UnitId a, int degree) {
  std::vector<UnitFactor> out = units_[a.value];
  for (UnitFactor& f : out) {
    if (f.exponent % degree != 0) return std::nullopt;
    f.exponent /= degree;
  }
  return intern(std::move(out));
}

std::string UnitTable::name(UnitId unit) const {
  std::string above;
  std::string below;
  for (UnitFactor f : units_[unit.value]) {
    std::string text = bases_[f.base.value].name;
    if (std::abs(f.exponent) != 1) text += '^' + std::to_string(std::abs(f.exponent));
    if (f.exponent > 0) {
      above += (above.empty() ? "" : "*") + text;
    } else {
      below += '/' + text;
    }
  }
  return (above.empty() ? "1" : above) + below;
}

std::vector<BaseUnitId> UnitTable::currencies(UnitId unit) const {
  std::vector<BaseUnitId> out;
  for (UnitFactor f : units_[unit.value])
    if (is_currency(f.base)) out.push_back(f.base);
  return out;
}

} // namespace scn::model
