// How values are printed where the text does not say it.

#include "lang/resolve/equations.hpp"

#include <algorithm>

namespace scn::resolve {

using model::Kind;
using model::LineId;
using model::Node;
using model::NodeKind;

bool Equations::is_money(model::UnitId unit) const {
  auto const& factors = context_.result.units.factors(unit);
  return factors.size() == 1 && factors[0].exponent == 1
         && context_.result.units.is_currency(factors[0].base);
}

/// The magnitude that most amounts of money are written with, in whatever currency, so that what is
/// converted to another one is printed alike. Its text is the magnitude's alone.
std::optional<model::Measure> Equations::usual_money() const {
  auto const& result = context_.result;
  std::map<std::string, std::pair<std::uint32_t, Scale>> uses;
  for (auto const& [unit, measures] : measure_uses_) {
    if (!is_money(unit)) continue;
    const std::string name = ' ' + result.units.name(unit);
    for (auto const& [id, count] : measures)
      if (std::string const& text = result.measure(id).text; text.ends_with(name)) {
        auto& entry = uses[text.substr(0, text.size() - name.size())];
        entry.first += count;
        entry.second = result.measure(id).scale;
      }
  }
  const auto most = std::max_element(uses.begin(), uses.end(), [](auto const& a, auto const& b) {
    return a.second.first < b.second.first;
  });
  if (most == uses.end()) return std::nullopt;
  return model::Measure{model::pure, most->second.second, most->first};
}

/// Values are printed in the unit that was written; where that has no magnitude, as the tables of
/// the model write amounts of that unit, so that a report has one scale.
void Equations::choose_measures() {
  auto& result = context_.result;
  for (auto const& [unit, uses] : figure_uses_)
    measure_uses_.try_emplace(unit, uses);
  // `flow x : USD = y in 亿 USD` says how it is to be printed.
  for (model::Equation const& e : result.equations) {
    model::Line& line = result.lines[e.line.value];
    Node const& root = result.formulas[e.formula.root];
    if (root.kind != NodeKind::convert || root.b == Node::none || line.type.kind != Kind::number)
      continue;
    const model::MeasureId asked{root.b};
    if (result.measure(asked).unit == line.type.unit
        && (!line.measure.valid() || result.measure(line.measure).scale.is_one()))
      line.measure = asked;
  }
  std::map<model::UnitId, model::MeasureId> usual;
  for (auto const& [unit, uses] : measure_uses_) {
    std::uint32_t most = 0;
    for (auto const& [measure, count] : uses)
      if (count > most) {
        most = count;
        usual[unit] = measure;
      }
  }
  const std::optional<model::Measure> money = usual_money();
  for (std::size_t i = 0; i < result.lines.size(); ++i) {
    model::Line& line = result.lines[i];
    if (line.type.kind != Kind::number) {
      if (!line.measure.valid()) line.measure = context_.measure({});
      continue;
    }
    const bool plain = !line.measure.valid() || result.measure(line.measure).scale.is_one();
    if (!plain || (line.type.unit == model::pure && line.measure.valid())) continue;
    if (auto own = table_measures_.find(LineId{i});
        own != table_measures_.end() && result.measure(own->second).unit == line.type.unit) {
      line.measure = own->second;
    } else if (auto at = usual.find(line.type.unit);
               at != usual.end() && line.type.unit != model::pure) {
      line.measure = at->second;
    } else if (money && is_money(line.type.unit)) {
      line.measure = context_.measure(
          {line.type.unit, money->scale, money->text + ' ' + result.units.name(line.type.unit)});
    } else if (!line.measure.valid()) {
      const bool pure = line.type.unit == model::pure;
      line.measure = context_.measure(
          {line.type.unit, {}, pure ? std::string() : result.units.name(line.type.unit)});
    }
  }
}

} // namespace scn::resolve
