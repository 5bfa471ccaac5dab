#include "engine/judge/judge.hpp"

#include "engine/eval/cause.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace scn::judge {

using eval::Interval;
using Allows = model::Claim::Allows;

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
  case Verdict::cannot_be_computed: return "cannot be computed";
  case Verdict::holds: return "holds";
  case Verdict::holds_within_rounding: return "holds within rounding";
  case Verdict::holds_by_qualifier: return "holds by qualifier";
  case Verdict::fails: return "fails";
  }
  return {};
}

namespace {

/// What the stated side's words allow. Open ends are told apart, because "over 3200" does not
/// include 3200.
struct Allowed {
  double low, high;
  bool low_open = false, high_open = false;
};

Allowed allowed_by(model::Claim const& claim) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double s = claim.stated.value;
  const double r = claim.stated.half;
  const double tenth = std::fabs(s) * 0.1;
  switch (claim.allows) {
  case Allows::over: return {s, infinity, true, false};
  case Allows::under: return {-infinity, s, false, true};
  case Allows::about: return {s - tenth, s + tenth};
  case Allows::nearly: return s >= 0 ? Allowed{s - tenth, s} : Allowed{s, s + tenth};
  case Allows::range: return {claim.stated.low, claim.stated.high};
  case Allows::tolerance: {
    const double d = claim.relative ? claim.tolerance * std::fabs(s) : claim.tolerance;
    return {s - d, s + d};
  }
  case Allows::rounding: break;
  }
  return {s - r, s + r};
}

bool meets(Interval b, Allowed q) {
  const bool above = q.low_open ? b.high > q.low : b.high >= q.low;
  const bool below = q.high_open ? b.low < q.high : b.low <= q.high;
  return above && below;
}

} // namespace

Verdict judge(model::Claim const& claim, double p, Interval r, Interval b) {
  if (std::isnan(p)) return Verdict::cannot_be_computed;
  if (claim.condition)
    return p == 1 ? Verdict::holds : b.high == 1 ? Verdict::holds_by_qualifier : Verdict::fails;
  const double s = claim.stated.value;
  if (std::fabs(p - s) <= 1e-9 * std::fabs(s)) return Verdict::holds;
  if (claim.allows == Allows::rounding) {
    const Allowed stated{s - claim.stated.half, s + claim.stated.half};
    if (meets(r, stated)) return Verdict::holds_within_rounding;
  }
  return meets(b, allowed_by(claim)) ? Verdict::holds_by_qualifier : Verdict::fails;
}

std::vector<ClaimResult> claims(model::Model const& model, Case const& of) {
  const model::LayerId own = of.scenario ? model::layer_of(*of.scenario) : model::base_layer;
  std::vector<model::LineId> lines;
  for (model::Claim const& c : model.claims)
    if (c.layer == own) lines.push_back(c.line);
  if (lines.empty()) return {};
  eval::Bounds rounding(model, *of.stack, *of.values, eval::Freedom::rounding);
  eval::Bounds both(model, *of.stack, *of.values, eval::Freedom::both);
  rounding.evaluate(lines);
  both.evaluate(lines);
  eval::Causes causes(model, *of.stack, *of.values);
  std::vector<ClaimResult> out;
  for (std::size_t i = 0; i < model.claims.size(); ++i) {
    model::Claim const& c = model.claims[i];
    if (c.layer != own) continue;
    ClaimResult result;
    result.claim = i;
    result.scenario = of.scenario;
    result.computed = (*of.values)[c.line.value]->at(0, 0);
    result.rounding = rounding.at(c.line, 0, 0);
    result.bounds = both.at(c.line, 0, 0);
    result.verdict = judge(c, result.computed, result.rounding, result.bounds);
    if (model::is_inapplicable(result.computed)) {
      result.cause = "it does not apply";
    } else if (std::isnan(result.computed)) {
      result.cause = eval::describe(model, causes.of(c.line, 0, 0));
    }
    out.push_back(std::move(result));
  }
  return out;
}

void warn_magnitudes(model::Model const& model, std::vector<ClaimResult> const& results,
                     Diagnostics& diagnostics) {
  struct Slip {
    double factor;
    char const* words;
    char const* hint;
  };
  // 千 and 万, 百万 and 亿 do not slip into one another; these do.
  constexpr Slip slips[] = {{1e4, "10 000 times", "万 for 亿, or 亿 for 万亿?"},
                            {1e8, "100 million times", "a missing 亿?"},
                            {1e3, "1000 times", "k for mn, or mn for bn?"},
                            {1e6, "a million times", "mn for tn, or a missing mn?"}};
  for (ClaimResult const& r : results) {
    model::Claim const& claim = model.claims[r.claim];
    const double s = claim.stated.value;
    if (r.verdict != Verdict::fails || claim.condition || s == 0) continue;
    // Near it, not just on the right side of it: "over 3200" would hold of anything large.
    const auto near = [&](double factor) { return std::fabs(r.computed * factor / s - 1) <= 0.1; };
    for (Slip const& slip : slips) {
      const bool larger = near(1 / slip.factor);
      if (!larger && !near(slip.factor)) continue;
      diagnostics
          .report(Code::magnitude, claim.span,
                  fmt::format("what is computed is {} {} than what is claimed", slip.words,
                              larger ? "larger" : "smaller"),
                  "a slip of the magnitude?")
          .hint(slip.hint);
      break;
    }
  }
}

} // namespace scn::judge
