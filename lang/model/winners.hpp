#pragma once

#include "lang/model/model.hpp"

#include <span>
#include <vector>

namespace scn::model {

/// What gives a cell its value in some stack of layers: a figure, an equation, or nothing; then the
/// `*=` and `+=` of higher layers, lowest first.
struct Winner {
  enum class Kind : std::uint8_t {
    nothing,      ///< no equation covers the cell: it is unknown
    inapplicable, ///< the line is not declared for it
    facts,        ///< a figure of Model::facts[index]
    equation,     ///< Model::equations[index]
  };
  Kind kind = Kind::nothing;
  std::uint32_t index = 0;
  std::vector<EquationId> adjusted;
  friend bool operator==(Winner const&, Winner const&) = default;
};

/// Who wins on each cell of one line.
struct Winners {
  std::vector<Winner> all;
  /// By cell (lane * steps + step): an index into `all`. Empty if the first wins everywhere.
  std::vector<std::uint32_t> of_cell;

  [[nodiscard]] std::uint32_t at(std::uint32_t cell) const {
    return of_cell.empty() ? 0 : of_cell[cell];
  }
  [[nodiscard]] Winner const& winner(std::uint32_t cell) const { return all[at(cell)]; }
  friend bool operator==(Winners const&, Winners const&) = default;
};

/// Two equations of one layer of which neither lies inside the other, though they share a cell; or
/// twice the same region.
struct Conflict {
  EquationId first;
  EquationId second; ///< invalid: a figure of `facts` at `fact`
  std::uint32_t facts = 0;
  std::uint32_t fact = 0;
  std::uint32_t cell = 0; ///< one they share
};

/// An equation, figure, contest or preference that painting leaves out.
struct Without {
  EquationId equation;
  std::uint32_t facts = Node::none; ///< Model::facts, with the figure for one cell
  std::uint32_t cell = 0;
  std::uint32_t contest = Node::none;    ///< Model::contests, with all that it gives
  std::uint32_t preference = Node::none; ///< Model::preferences
};

/// Lays a line's equations over one another, layer by layer, in each layer the widest first: what
/// lies on top of a cell wins it. Conflicts within a layer are added to `conflicts` if given.
[[nodiscard]] Winners paint(Model const& model, LineId line, std::span<LayerId const> layers,
                            std::vector<Conflict>* conflicts = nullptr, Without without = {});

/// The fact of a table at a cell, if it has one.
[[nodiscard]] Facts::Fact const* fact_at(Facts const& facts, std::uint32_t cell);

/// Calls `visit(cell)` for every cell of a region of a line.
template <class Visit>
void for_each_cell(Model const& model, LineId line, Region const& region, Visit visit);

} // namespace scn::model

#include "lang/model/winners.ipp"
