#pragma once

#include "lang/resolve/context.hpp"
#include "lang/resolve/rates.hpp"

#include <optional>

namespace scn::resolve {

/// Infers and checks what every formula's value is: a number of some unit, a condition, a period, a
/// member. Units are exact: either they agree, or the place where they do not is reported.
class Types {
 public:
  Types(Context& context, Rates& rates) : context_(context), rates_(rates) {}

  /// One formula and the line whose value it gives.
  struct Job {
    model::LineId line;
    model::Formula formula;
    Span span;
  };
  /// Gives lines without a written unit the one that their formulas have, then checks every job
  /// against its line. `figures` are lines whose type a figure decides.
  void infer_and_check(std::vector<Job> const& jobs,
                       std::vector<std::pair<model::LineId, model::Type>> const& figures);

 private:
  model::Type run(model::Formula formula, bool report);
  model::Type step(std::uint32_t node);
  model::Type binary_number(model::Node const& node, std::string_view verb);
  model::Type unify(model::Node const& node, std::uint32_t a, std::uint32_t b,
                    std::string_view what);
  model::Type power(model::Node const& node);
  model::Type reduction(model::Node const& node);
  model::Type conversion(model::Node const& node);
  void want(std::uint32_t node, model::Kind kind, std::string_view what);
  void want_pure(std::uint32_t node, std::string_view what);
  model::Type const& type(std::uint32_t node) const { return context_.types[node]; }
  [[nodiscard]] std::optional<double> constant(std::uint32_t node) const;
  Diagnostic* report(Code code, model::Node const& node, std::string headline,
                     std::string label = {});
  [[nodiscard]] Span user_span(model::Node const& node) const;
  void check_line(Job const& job, model::Type const& found);

  Context& context_;
  Rates& rates_;
  bool report_ = false;
  bool failed_ = false;
  std::optional<model::UnitId> year_;
};

} // namespace scn::resolve
