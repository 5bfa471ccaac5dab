#pragma once

#include "lang/resolve/context.hpp"

namespace scn::resolve {

/// Reads constant periods and the regions of equations, which name constants only.
class Regions {
 public:
  explicit Regions(Context& context) : context_(context) {}

  /// A region before the shape of its line is known: a set for each dimension, and one for time if
  /// periods are named.
  struct Partial {
    std::vector<model::IndexSet> members;
    std::optional<model::IndexSet> time;
    std::vector<bool> named; ///< by dimension: does the region name members of it?
  };
  /// Every member of every dimension of a line.
  Partial all_of(model::LineId line) const;
  /// Empty where something is wrong, which is then reported.
  std::optional<Partial> read(model::LineId line, List<ast::Place> const& places);

  /// Is this a constant that reads as a period: a dated literal, a year, `first`, `last`, or one of
  /// them moved?
  [[nodiscard]] bool is_period(ast::ExprPtr e) const;
  /// The steps of a constant period (`2024`, `2024Q3`, `first + 1`); reports what is none, what is
  /// finer than the timeline and, unless `anywhere`, what lies outside it.
  std::optional<model::Calendar::Steps> steps(ast::ExprPtr e, bool anywhere = false);
  /// Whether a constant period is a fiscal one (`FY2025`) or one of the calendar; none for `first`
  /// and `last`, which are both.
  [[nodiscard]] std::optional<bool> is_fiscal(ast::ExprPtr e) const;
  /// Reports a period that is none of a line's own time axis.
  bool fits_axis(ast::ExprPtr e, model::LineId line);
  /// Reports that the model has no timeline, once a place.
  bool want_timeline(Span span);

 private:
  std::optional<model::IndexSet> time_of(ast::Range const& range, model::LineId line);
  bool add_periods(model::LineId line, ast::Place const& place,
                   std::vector<std::optional<model::IndexSet>>& sets,
                   std::optional<model::IndexSet>& time);
  bool add_members(model::LineId line, ast::Place const& place, ast::Name const& name,
                   std::vector<std::optional<model::IndexSet>>& sets);

  Context& context_;
};

} // namespace scn::resolve
