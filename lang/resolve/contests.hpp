#pragma once

#include "lang/resolve/context.hpp"
#include "lang/resolve/equations.hpp"
#include "lang/resolve/regions.hpp"

#include <optional>

namespace scn::resolve {

/// Sources that compete: finds the regions that several of them give, and reads what `prefer` says.
class Contests {
 public:
  Contests(Context& context, Regions& regions, Equations& equations)
      : context_(context), regions_(regions), equations_(equations) {}

  /// Reads every `prefer`.
  void collect(ResolveInput const& input);
  /// Sets what competes apart from other equations and figures, and reports cells that are given
  /// twice without a source for each.
  void find();
  /// Reports contests that nothing decides in some scenario, each once.
  void check_ties();

 private:
  /// Equations of one region, and the figures of its one cell.
  struct Group {
    model::Region region;
    std::uint32_t cell = 0;
    std::vector<model::EquationId> equations;
    std::vector<model::Facts::Fact> figures;
  };
  /// A figure that moves into a table of those that compete.
  struct Moved {
    std::uint32_t contest;
    std::uint32_t rival;
    model::Facts::Fact fact;
  };

  void prefer(ast::Prefer const& p, Span span, model::LayerId layer);
  void settle_preferences();
  void layer(model::LineId line, model::LayerEquations& layer);
  bool compete(model::LineId line, Group const& group);
  void contest(model::LineId line, model::LayerEquations& layer, Group group);
  void mark_copies(model::Contest& contest,
                   std::vector<std::optional<model::Figure>> const& stated);
  void report_tie(model::Contest const& contest, std::uint32_t first, std::uint32_t second,
                  std::optional<model::ScenarioId> scenario, std::size_t others);
  [[nodiscard]] std::uint32_t document(model::EquationId id) const;
  [[nodiscard]] std::uint32_t document(model::Facts::Fact const& fact) const;
  [[nodiscard]] std::optional<model::Figure> stated(model::EquationId id) const;
  [[nodiscard]] model::Figure stated(model::Facts::Fact const& fact) const;
  [[nodiscard]] std::string name_of(model::Contest const& contest) const;

  static constexpr std::uint32_t none = model::Node::none;

  Context& context_;
  Regions& regions_;
  Equations& equations_;
  std::vector<std::pair<std::size_t, Regions::Partial>> regions_of_; ///< Model::preferences
  std::vector<Moved> moved_; ///< of the line and layer at hand
};

} // namespace scn::resolve
