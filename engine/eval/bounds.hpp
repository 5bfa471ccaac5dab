#pragma once

#include "engine/eval/evaluate.hpp"
#include "engine/eval/interval.hpp"

#include <optional>

namespace scn::eval {

/// Which freedom the inputs have.
enum class Freedom : std::uint8_t {
  words,    ///< what ranges and qualifiers allow: `600..650`, `over 1000`
  rounding, ///< each cited number may move by half a unit of its last digit
  both,
};

/// Bounds of the cells of some lines and of all that they depend on.
class Bounds {
 public:
  Bounds(model::Model const& model, Stack const& stack, Values const& points, Freedom freedom)
      : model_(model), stack_(stack), points_(points), freedom_(freedom), low_(model.lines.size()),
        high_(model.lines.size()), partial_(model.lines.size()) {}

  /// Evaluates what `lines` need; a second call adds to the first.
  void evaluate(std::vector<model::LineId> const& lines);
  [[nodiscard]] Interval at(model::LineId line, std::uint32_t lane, std::uint32_t step) const;

 private:
  struct Domain;
  [[nodiscard]] Interval figure(model::Figure const& f) const;
  [[nodiscard]] Interval fact(model::Facts::Fact const& fact) const;
  void fill_figures(model::LineId line);
  void run(plan::Step const& step);
  void cell(graph::VertexId v, std::uint32_t lane, std::uint32_t step);
  template <class Walk>
  [[nodiscard]] Interval tighter(model::Formula formula, Walk& walker, Interval value) const;
  void set(model::LineId line, std::uint32_t lane, std::uint32_t step, Interval value);

  model::Model const& model_;
  Stack const& stack_;
  Values const& points_;
  Freedom freedom_;
  std::vector<std::optional<Column>> low_;
  std::vector<std::optional<Column>> high_;
  std::vector<std::vector<bool>> partial_; ///< by line and place in the column: may be empty, too
};

} // namespace scn::eval
