#include "lang/model/winners.hpp"

#include "lang/model/contest.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace scn::model {

Facts::Fact const* fact_at(Facts const& facts, std::uint32_t cell) {
  auto at = std::lower_bound(facts.facts.begin(), facts.facts.end(), cell,
                             [](Facts::Fact const& f, std::uint32_t c) { return f.cell < c; });
  return at != facts.facts.end() && at->cell == cell ? &*at : nullptr;
}

namespace {

class Painter {
 public:
  Painter(Model const& model, LineId line, std::span<LayerId const> layers,
          std::vector<Conflict>* conflicts, Without without)
      : model_(model), line_(line), layers_(layers), conflicts_(conflicts), without_(without),
        cells_(model.lanes(line) * model.steps(line)) {
    out_.all.emplace_back();
    if (auto const& applies = model.line(line).applies) {
      restricted_ = true;
      out_.all[0].kind = Winner::Kind::inapplicable;
      const std::uint32_t nothing = add({});
      spread();
      for_each_cell(model, line, *applies,
                    [&](std::uint32_t cell) { out_.of_cell[cell] = nothing; });
    }
  }

  void layer(LayerEquations const& equations) {
    painted_.clear();
    decide_contests(equations);
    // `*=` changes what lies below its layer: of two in one layer the inner one wins, as ever.
    adjusts_ =
        std::any_of(equations.equations.begin(), equations.equations.end(),
                    [&](EquationId id) { return model_.equation(id).effect != Effect::replace; });
    if (adjusts_) spread();
    if (adjusts_) before_ = out_.of_cell;
    for (EquationId id : equations.equations)
      if (id != without_.equation && !std::binary_search(lost_.begin(), lost_.end(), id))
        equation(id);
    if (equations.facts != Node::none) facts(equations.facts);
    contested_facts();
  }

  Winners take() {
    // One winner everywhere needs no map.
    if (!out_.of_cell.empty()
        && std::all_of(out_.of_cell.begin(), out_.of_cell.end(),
                       [&](std::uint32_t w) { return w == out_.of_cell[0]; })) {
      Winner only = out_.all[out_.of_cell[0]];
      out_.all = {std::move(only)};
      out_.of_cell.clear();
    }
    return std::move(out_);
  }

 private:
  std::uint32_t add(Winner winner) {
    out_.all.push_back(std::move(winner));
    return static_cast<std::uint32_t>(out_.all.size() - 1);
  }

  void spread() {
    if (out_.of_cell.empty()) out_.of_cell.assign(cells_, 0);
  }

  /// Can this cell have a value at all?
  bool applies(std::uint32_t cell) const {
    return !restricted_ || out_.all[out_.of_cell[cell]].kind != Winner::Kind::inapplicable;
  }

  void equation(EquationId id) {
    Equation const& e = model_.equation(id);
    Region const& region = model_.region(e.region);
    const bool everywhere = region.size() == cells_ && !restricted_;
    if (!adjusts_ && everywhere && out_.of_cell.empty()
        && (conflicts_ == nullptr || painted_.empty())) {
      out_.all = {{Winner::Kind::equation, id.value, {}}};
      painted_.push_back(id);
      return;
    }
    spread();
    const std::uint32_t mine =
        e.effect == Effect::replace ? add({Winner::Kind::equation, id.value, {}}) : 0;
    std::map<std::uint32_t, std::uint32_t> adjusted;
    std::set<std::uint32_t> checked;
    std::uint32_t last = Node::none; // neighbours mostly have the same winner
    for_each_cell(model_, line_, region, [&](std::uint32_t cell) {
      if (!applies(cell)) return;
      std::uint32_t& winner = out_.of_cell[cell];
      if (conflicts_ != nullptr && winner != last && checked.insert(winner).second)
        check(winner, id, cell);
      last = winner;
      if (e.effect == Effect::replace) {
        winner = mine;
        return;
      }
      auto [at, fresh] = adjusted.try_emplace(before_[cell], 0u);
      if (fresh) {
        Winner changed = out_.all[before_[cell]];
        changed.adjusted.push_back(id);
        at->second = add(std::move(changed));
      }
      winner = at->second;
    });
    painted_.push_back(id);
  }

  /// An equation comes to lie on a cell of another one of its layer: it must lie inside it.
  void check(std::uint32_t winner, EquationId id, std::uint32_t cell) {
    Winner const& below = out_.all[winner];
    EquationId other;
    if (!below.adjusted.empty()) {
      other = below.adjusted.back();
    } else if (below.kind == Winner::Kind::equation) {
      other = EquationId{below.index};
    } else {
      return;
    }
    if (model_.equation(other).layer != model_.equation(id).layer) return;
    Region const& wide = model_.region(model_.equation(other).region);
    Region const& narrow = model_.region(model_.equation(id).region);
    if (wide.contains(narrow) && !narrow.contains(wide)) return;
    conflicts_->push_back({other, id, 0, 0, cell});
  }

  void facts(std::uint32_t index) {
    spread();
    const std::uint32_t mine = add({Winner::Kind::facts, index, {}});
    Facts const& table = model_.facts[index];
    for (std::uint32_t i = 0; i < table.facts.size(); ++i)
      if (index != without_.facts || table.facts[i].cell != without_.cell) fact(index, i, mine);
  }

  void fact(std::uint32_t index, std::uint32_t i, std::uint32_t mine) {
    Facts const& table = model_.facts[index];
    const std::uint32_t cell = table.facts[i].cell;
    if (!applies(cell)) return;
    if (conflicts_ != nullptr) {
      Winner const& below = out_.all[out_.of_cell[cell]];
      const EquationId other = !below.adjusted.empty()                ? below.adjusted.back()
                               : below.kind == Winner::Kind::equation ? EquationId{below.index}
                                                                      : EquationId{};
      // A figure is one cell, so it lies inside everything but an equation for that same cell.
      if (other.valid() && model_.equation(other).layer == table.layer
          && model_.region(model_.equation(other).region).size() == 1)
        conflicts_->push_back({other, EquationId{}, index, i, cell});
    }
    out_.of_cell[cell] = mine;
  }

  /// Which equations of a layer lost to another source, and which contested figures won.
  void decide_contests(LayerEquations const& equations) {
    lost_.clear();
    won_.clear();
    for (std::uint32_t c : equations.contests) {
      Contest const& contest = model_.contests[c];
      const std::uint32_t winner =
          c == without_.contest ? Node::none
                                : decide(model_, contest, layers_, without_.preference).rival;
      for (std::uint32_t i = 0; i < contest.rivals.size(); ++i) {
        Rival const& rival = contest.rivals[i];
        if (rival.equation.valid()) {
          if (i != winner) lost_.push_back(rival.equation);
        } else if (i == winner) {
          won_.emplace_back(rival.facts, contest.cell);
        }
      }
    }
    std::sort(lost_.begin(), lost_.end());
    std::sort(won_.begin(), won_.end());
  }

  void contested_facts() {
    if (won_.empty()) return;
    spread();
    std::uint32_t table = Node::none;
    std::uint32_t mine = 0;
    for (auto const& [index, cell] : won_) {
      if (index != table) mine = add({Winner::Kind::facts, index, {}});
      table = index;
      auto const& figures = model_.facts[index].facts;
      fact(index, static_cast<std::uint32_t>(fact_at(model_.facts[index], cell) - figures.data()),
           mine);
    }
  }

  Model const& model_;
  LineId line_;
  std::span<LayerId const> layers_; ///< the whole stack: it decides contests
  std::vector<Conflict>* conflicts_;
  Without without_;
  std::uint32_t cells_;
  bool restricted_ = false;
  Winners out_;
  std::vector<EquationId> lost_; ///< of the layer at hand: another source is taken instead
  std::vector<std::pair<std::uint32_t, std::uint32_t>> won_; ///< Model::facts and the cell
  std::vector<EquationId> painted_;                          ///< of the layer at hand
  bool adjusts_ = false;                                     ///< it has a `*=` or `+=`
  std::vector<std::uint32_t> before_; ///< Winners::of_cell below it, if it has
};

} // namespace

Winners paint(Model const& model, LineId line, std::span<LayerId const> layers,
              std::vector<Conflict>* conflicts, Without without) {
  Painter painter(model, line, layers, conflicts, without);
  // A line has equations in few layers, a stack may have many: the few are put in the stack's
  // order.
  auto const& of_line = model.layers[line.value];
  std::vector<std::pair<std::size_t, LayerEquations const*>> order;
  for (LayerEquations const& equations : of_line) {
    // The base lies below everything, and most lines have nothing else.
    const auto at = std::find(layers.begin(), layers.end(), equations.layer);
    if (at != layers.end()) order.emplace_back(at - layers.begin(), &equations);
  }
  std::sort(order.begin(), order.end());
  for (auto const& [position, equations] : order)
    painter.layer(*equations);
  return painter.take();
}

} // namespace scn::model
