#pragma once

#include "engine/eval/bounds.hpp"
#include "engine/eval/evaluate.hpp"
#include "lang/source/diagnostic.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

/// What holds: checks of the model, claims of documents, and overrides that do something.
namespace scn::judge {

/// One finished scenario, to be judged.
struct Case {
  std::optional<model::ScenarioId> scenario; ///< none: the base
  eval::Stack const* stack;
  eval::Values const* values;
};

// ------------------------------------------------------------------------------------------ checks

struct CheckResult {
  enum class Verdict : std::uint8_t { holds, fails, undecided, open };
  std::size_t check = 0; ///< Model::checks
  std::optional<model::ScenarioId> scenario;
  Verdict verdict = Verdict::holds;
  std::uint32_t cells = 0;  ///< that it speaks of
  std::uint32_t failed = 0; ///< of which it is false
  std::uint32_t undecided = 0;
  std::uint32_t unknown = 0;
  std::string first; ///< the first cell that is false, or else undecided, or else unknown
};
[[nodiscard]] std::string_view name_of(CheckResult::Verdict verdict);

/// The checks that hold in a case: those of its layers. A check is one of points, or, with
/// `bounds`, of everything that the ranges and qualifiers of the inputs allow: it is undecided
/// where they allow both.
[[nodiscard]] std::vector<CheckResult> check(model::Model const& model, Case const& of,
                                             bool bounds = false);

// ------------------------------------------------------------------------------------------ claims

enum class Verdict : std::uint8_t {
  cannot_be_computed,
  holds,
  holds_within_rounding,
  holds_by_qualifier,
  fails,
};
[[nodiscard]] std::string_view name_of(Verdict verdict);

struct ClaimResult {
  std::size_t claim = 0; ///< Model::claims
  std::optional<model::ScenarioId> scenario;
  Verdict verdict = Verdict::fails;
  double computed = 0;     ///< the point
  eval::Interval rounding; ///< its bounds if every cited number may move within its last digit
  eval::Interval bounds;   ///< the same, with the ranges and qualifiers of the inputs
  std::string cause;       ///< why it cannot be computed
};

/// Judges the claims that belong to a case: at top level in the base only, inside a scenario in
/// that scenario only.
[[nodiscard]] std::vector<ClaimResult> claims(model::Model const& model, Case const& of);

/// The language's rule, on its own. p is the computed point, R its bounds within rounding, B with
/// the words of the inputs too.
[[nodiscard]] Verdict judge(model::Claim const& claim, double p, eval::Interval r,
                            eval::Interval b);

// --------------------------------------------------------------------------------------- overrides

/// Reports claims that fail by a power of ten: a magnitude that took another one's place.
void warn_magnitudes(model::Model const& model, std::vector<ClaimResult> const& results,
                     Diagnostics& diagnostics);

/// Reports exchange rates that a conversion needs and no equation gives, each once for all cases.
void missing_rates(model::Model const& model, std::span<Case const> cases,
                   Diagnostics& diagnostics);

/// Reports equations of a layer that replace or change an actual figure without a source of their
/// own or the tag `actual`: the past as it was not. Each is told once, `told` says which were.
void warn_actuals(model::Model const& model, Case const& of, model::LayerId layer,
                  std::vector<Span>& told, Diagnostics& diagnostics);

/// Reports two parents of a scenario, neither above the other, that give one cell different values,
/// of which the scenario keeps one; for each line its first such cell.
void warn_parents(model::Model const& model, Case const& of, Diagnostics& diagnostics);

/// Reports overrides that change nothing, of each scenario's own block and of what is set on top of
/// all cases, with what `warn_actuals` and `warn_parents` find, and values of knobs outside their
/// range.
void warn(model::Model const& model, std::span<Case const> cases, Diagnostics& diagnostics);

} // namespace scn::judge
