#pragma once

#include "engine/eval/program.hpp"

#include <vector>

namespace scn::eval {

/// Some cells of one block of a line: all its lanes, at steps step … step + steps - 1.
struct Tile {
  std::uint32_t block = 0;
  std::uint32_t step = 0;
  std::uint32_t steps = 1;
};

/// Runs programs over tiles. Keeps the registers, so that only aggregations allocate.
class Runner {
 public:
  /// `columns` by line: what the programs read; the one being computed is among them.
  Runner(model::Model const& model, std::vector<Column const*> const& columns)
      : model_(model), columns_(columns), variables_(model.formulas.variables.size(), 0) {}

  /// The values of a tile, in the order [step][lane], until the next call.
  [[nodiscard]] double const* run(Program const& program, Tile tile);

  /// Tiles are cut so that a register holds about this many values and all stay in the cache.
  static constexpr std::uint32_t tile_size = 1024;

 private:
  [[nodiscard]] double* reg(Register r) { return registers_.data() + r * stride_; }
  void range(std::uint32_t begin, std::uint32_t end);
  void instruction(Instruction const& i);
  void loop(LoopInstruction const& loop, double* out);
  struct Gathering;
  void iterate(LoopInstruction const& loop, std::size_t variable, Gathering& gathering);
  void read(ReadInstruction const& r, double* out);
  void figures(std::uint32_t facts, double* out);
  void fill(double* out, double value);
  void index_value(model::Index const& index, bool time, double* out);

  model::Model const& model_;
  std::vector<Column const*> const& columns_;
  std::vector<double> variables_; ///< the value of each variable of the loops around
  std::vector<double> registers_;
  std::size_t stride_ = 0;
  Program const* program_ = nullptr;
  Tile tile_;
  std::uint32_t n_ = 0;     ///< cells of the tile
  std::uint32_t width_ = 0; ///< lanes of the tile, those that only fill up included
};

} // namespace scn::eval
