#pragma once

#include "engine/eval/operand.hpp"
#include "engine/eval/program.hpp"
#include "engine/eval/sum_tree.hpp"

#include <memory>
#include <vector>

namespace scn::eval {

class Gatherer;

/// What an aggregation over all members keeps: of sums, from one run to the next; of ranks, from
/// one block of a run to the next.
struct Kept {
  SumTree values, weights;
  std::vector<unsigned char> filled; ///< by step: all blocks are in the sums
  /// The values of a step that are ranked, sorted.
  struct Ranked {
    bool sorted = false;
    bool unknown = false; ///< one that counts is
    std::vector<double> values;
  };
  std::vector<Ranked> ranked; ///< by step
};

/// What a run may keep of the aggregations of its program, and of which lanes of theirs something
/// has changed since.
struct Keep {
  std::vector<Kept>* kept = nullptr; ///< by Program::across
  bool sums = false;                 ///< sums are kept, too
  std::uint32_t lane_begin = 0;
  std::uint32_t lane_end = ~std::uint32_t{0};
};

/// Some cells of one block of a line: lanes lane … lane + lanes - 1 of the block, at steps step …
/// step + steps - 1.
struct Tile {
  std::uint32_t block = 0;
  std::uint32_t step = 0;
  std::uint32_t steps = 1;
  std::uint32_t lane = 0;
  std::uint32_t lanes = 0; ///< 0: all of the block, those that only fill it up included
};

/// Runs programs over tiles. Keeps its memory, so that only what has to see all values of an
/// aggregation at once allocates.
class Runner {
 public:
  /// `columns` by line: what the programs read; the one being computed is among them.
  Runner(model::Model const& model, std::vector<Column const*> const& columns);
  ~Runner();

  /// The values of a tile, in the order [step][lane], until the next call. If `direct` is given
  /// they are there.
  [[nodiscard]] double const* run(Program const& program, Tile tile, double* direct = nullptr,
                                  Keep keep = {});
  /// One of the further results of the last run: a value for each cell, or one for all.
  [[nodiscard]] Operand other(std::size_t i) const { return operand(program_->others[i]); }

  /// Tiles are cut so that a register holds about this many values and all stay in the cache.
  static constexpr std::uint32_t tile_size = 2048;

 private:
  /// Where the values of a register are: in its own memory, or, of a read, where they were read.
  struct Place {
    Cells at = nullptr;
    bool single = false;
    std::size_t from = 0; ///< the first cell of the tile that it has a value of
  };
  /// What a variable of a loop stands for: the same for all cells, or a distance from each cell's
  /// own step.
  struct Variable {
    double value = 0;
    bool relative = false;
  };

  [[nodiscard]] double* storage(Register r) { return registers_.data() + r * stride_; }
  [[nodiscard]] Operand operand(Register r) const {
    Place const& p = places_[r];
    Operand out(p.single ? p.at : p.at + (from_ - p.from));
    out.single = p.single;
    return out;
  }
  /// The same, with a value for each cell; `spare` numbers the memory that takes them if need be.
  [[nodiscard]] Cells cells(Register r, unsigned spare);
  void put(Register r, Cells at, bool single) { places_[r] = {at, single, from_}; }
  void fill(Register r, double value);

  void range(std::uint32_t begin, std::uint32_t end);
  void instruction(Instruction const& i, double* out);
  void node(Instruction const& i, double* out);
  [[nodiscard]] bool one_for_all(Instruction const& i) const;
  void index_value(Register out, model::Index const& index, bool time, double* cells);
  void figures(std::uint32_t facts, double* out);
  void read(Register out, ReadInstruction const& r, double* cells);
  void read_rows(ReadInstruction const& r, double* out);
  [[nodiscard]] bool moves_lane(LaneMap const& map) const;
  [[nodiscard]] std::uint32_t lane_of(LaneMap const& map, std::uint32_t lane, double step,
                                      std::size_t k, double& empty) const;

  void loop(LoopInstruction const& loop, Register out);
  void iterate(LoopInstruction const& loop, std::size_t variable, Gatherer& gatherer);
  void iterate_relative(LoopInstruction const& loop, std::size_t variable, Gatherer& gatherer);
  void iterate_computed(LoopInstruction const& loop, std::size_t variable, Gatherer& gatherer);
  void once(LoopInstruction const& loop, std::size_t variable, Variable value, Gatherer& gatherer);
  void across(std::uint32_t number, double* out);
  void add_block(Across const& a, Kept& sums, std::uint32_t at, std::uint32_t block);
  void rank(std::uint32_t number, Operand own, double* out);
  void sort_ranked(Across const& a, Kept& kept, std::uint32_t step);

  model::Model const& model_;
  std::vector<Column const*> const& columns_;
  std::vector<Variable> variables_; ///< by variable of the loops around
  CellBuffer registers_;
  CellBuffer spare_[3];
  std::vector<Place> places_;
  std::size_t stride_ = 0;
  Program const* program_ = nullptr;
  double* direct_ = nullptr; ///< where the result goes
  Keep keep_;
  std::uint32_t last_ = 0; ///< the instruction that gives the result
  Tile tile_;
  std::uint32_t width_ = 0; ///< lanes of the tile
  // The steps of the tile at hand: inside a loop whose window moves with the cell, those for which
  // the value of its variable lies in the window.
  std::uint32_t first_ = 0; ///< counted from the tile's own first
  std::uint32_t steps_ = 0;
  std::size_t from_ = 0; ///< the same in cells
  std::size_t n_ = 0;
  std::size_t base_ = 0; ///< the first cell of the innermost loop
  /// From there on: in which cells the values of all time variables so far lie inside their bounds;
  /// empty: in all.
  std::vector<unsigned char> inside_;
  std::vector<std::unique_ptr<Gatherer>> gatherers_; ///< one for each loop that is open
  std::size_t open_ = 0;
  std::vector<double> sorting_;
  std::unique_ptr<Runner> inner_; ///< runs the bodies of aggregations over all members
};

} // namespace scn::eval
