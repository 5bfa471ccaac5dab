#pragma once

#include "lang/resolve/context.hpp"
#include "lang/resolve/equations.hpp"

#include <optional>
#include <vector>

namespace scn::resolve {

/// Reads views. An expression in one is a hidden line, as in a claim; a line's own name is itself.
class Views {
 public:
  Views(Context& context, Units& units, Regions& regions, Lowering& lowering, Equations& equations)
      : context_(context), units_(units), regions_(regions), lowering_(lowering),
        equations_(equations) {}

  void collect(ResolveInput const& input);
  /// Checks axes and units once those of all lines are known.
  void finish();

 private:
  void view(ast::View const& v, Span span);
  bool row(ast::Shown const& row, model::View& out);
  std::optional<model::View::Along> along(ast::ExprPtr e, bool& failed);
  std::optional<model::View::Shown> shown(ast::Shown const& shown);
  bool periods(ast::Range const& range, model::View& out);
  void check_axes(model::View const& view);
  void check_unit(model::View const& view, Span unit);
  void report_unfixed(model::View::Shown const& shown);

  Context& context_;
  Units& units_;
  Regions& regions_;
  Lowering& lowering_;
  Equations& equations_;
  struct Measured {
    model::LineId line;
    model::MeasureId measure;
  };
  std::vector<Measured> measured_; ///< expressions that say how they are printed
  std::vector<Span> units_at_;     ///< by view: where its unit stands
};

} // namespace scn::resolve
