#include "engine/eval/gather.hpp"

#include "engine/eval/rate_of_return.hpp"
#include "engine/eval/statistics.hpp"
#include "engine/eval/vector_loops.hpp"

#include <algorithm>
#include <cmath>

namespace scn::eval {

using model::is_inapplicable;
using model::ReduceOp;
using model::unknown_value;

void Gatherer::reset(ReduceOp op, bool known, std::size_t n, bool hopeful) {
  op_ = op;
  known_ = known;
  hopeful_ = hopeful;
  why_ = nullptr;
  // Who is not among those that are ranked has no rank.
  total_.assign(n, op == ReduceOp::product ? 1.0
                   : op == ReduceOp::rank  ? model::inapplicable_value()
                                           : 0.0);
  state_.assign(n, State::none);
  if (op != ReduceOp::sum) count_.assign(n, 0.0);
  switch (op) {
  case ReduceOp::median:
  case ReduceOp::stdev_s:
  case ReduceOp::stdev_p:
  case ReduceOp::var_s:
  case ReduceOp::var_p:
  case ReduceOp::percentile_inc:
  case ReduceOp::percentile_exc: all_.assign(n, {}); break;
  case ReduceOp::correlation:
  case ReduceOp::slope:
  case ReduceOp::intercept:
  case ReduceOp::internal_rate: pairs_.assign(n, {}); break;
  default: break;
  }
}

void Gatherer::spoil(std::size_t cell, double empty) {
  state_[cell] = State::spoilt;
  total_[cell] = empty;
  hopeful_ = false;
}

void Gatherer::add(Operand value, Operand where, Operand weight, unsigned char const* inside,
                   double variable, std::size_t from, std::size_t n) {
  n = std::min(n, total_.size() - from);
  if (hopeful_ && inside == nullptr) {
    vector_loops().accumulate(total_.data() + from, value, n);
    return;
  }
  if (hopeful_) {
    // Cells outside must not be touched, and others are.
    for (std::size_t i = 0; i < n; ++i)
      if (inside[from + i] != 0) total_[from + i] += value[i];
    return;
  }
  const bool own = model::second_of(op_) == model::Second::own;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t k = from + i;
    if ((inside != nullptr && inside[k] == 0) || state_[k] == State::spoilt) continue;
    if (own) total_[k] = weight[i];
    if (where.at != nullptr && where[i] != 1) {
      // Where it is unknown whether a value counts, so is the result.
      if (std::isnan(where[i]) && !is_inapplicable(where[i]) && !known_) state_[k] = State::unknown;
      continue;
    }
    // A value of the cell says nothing of whether this one counts.
    const double w = weight.at != nullptr && !own ? weight[i] : 1;
    if (is_inapplicable(value[i]) || is_inapplicable(w)) continue;
    if (std::isnan(value[i]) || std::isnan(w)) {
      if (!known_) state_[k] = State::unknown;
      continue;
    }
    take(k, value[i], w, variable);
  }
}

void Gatherer::take(std::size_t k, double value, double weight, double variable) {
  const bool first = state_[k] == State::none && (op_ == ReduceOp::sum || count_[k] == 0);
  switch (op_) {
  case ReduceOp::sum: total_[k] += value; break;
  case ReduceOp::avg:
    total_[k] += value * weight;
    count_[k] += weight;
    break;
  case ReduceOp::min: total_[k] = first ? value : std::min(total_[k], value); break;
  case ReduceOp::max: total_[k] = first ? value : std::max(total_[k], value); break;
  case ReduceOp::product: total_[k] *= value; break;
  case ReduceOp::count: total_[k] += value; break;
  case ReduceOp::any:
  case ReduceOp::all:
    // 1 decides `any` and 0 decides `all`, whatever else is unknown.
    if (value == (op_ == ReduceOp::any ? 1 : 0)) count_[k] = 1;
    break;
  case ReduceOp::median:
  case ReduceOp::stdev_s:
  case ReduceOp::stdev_p:
  case ReduceOp::var_s:
  case ReduceOp::var_p:
  case ReduceOp::percentile_inc:
  case ReduceOp::percentile_exc: all_[k].push_back(value); break;
  case ReduceOp::correlation:
  case ReduceOp::slope:
  case ReduceOp::intercept:
  case ReduceOp::internal_rate: pairs_[k].emplace_back(value, weight); break;
  case ReduceOp::rank: count_[k] += value > total_[k] ? 1 : 0; break;
  case ReduceOp::argmax:
    if (first || value > total_[k]) {
      total_[k] = value;
      count_[k] = variable;
    }
    break;
  }
  if (state_[k] == State::none) state_[k] = State::some;
}

bool Gatherer::finish(double* out) {
  if (hopeful_) {
    // A sum that is a number is one of numbers.
    if (!vector_loops().all_numbers(total_.data(), total_.size())) return false;
    std::copy(total_.begin(), total_.end(), out);
    return true;
  }
  for (std::size_t k = 0; k < total_.size(); ++k) {
    double r = total_[k];
    const bool unknown = state_[k] == State::unknown;
    const bool nothing = state_[k] == State::none;
    if (state_[k] == State::spoilt) {
      out[k] = r;
      continue;
    }
    switch (op_) {
    case ReduceOp::sum:
    case ReduceOp::product:
    case ReduceOp::count: break;
    case ReduceOp::any:
    case ReduceOp::all: {
      const double deciding = op_ == ReduceOp::any ? 1 : 0;
      out[k] = count_[k] == 1 ? deciding : unknown ? unknown_value() : 1 - deciding;
      continue;
    }
    case ReduceOp::avg: r = nothing ? unknown_value() : r / count_[k]; break;
    case ReduceOp::min:
    case ReduceOp::max: r = nothing ? unknown_value() : r; break;
    case ReduceOp::argmax: r = nothing ? unknown_value() : count_[k]; break;
    case ReduceOp::rank:
      // Who is unknown and passed over is not ranked.
      if (is_inapplicable(r) || (std::isnan(r) && known_)) {
        out[k] = model::inapplicable_value();
        continue;
      }
      r = std::isnan(r) ? r : count_[k] + 1;
      break;
    default:
      if (model::second_of(op_) == model::Second::own && std::isnan(r)) {
        out[k] = r; // the second operand is empty
        continue;
      }
      r = nothing || unknown ? unknown_value() : result(k);
      if (std::isinf(r)) why_ = "the number is too large";
      break;
    }
    out[k] = unknown || !std::isfinite(r) ? unknown_value() : r;
  }
  return true;
}

double Gatherer::result(std::size_t k) {
  const auto with_reason = [&](double value, char const* why) {
    if (std::isnan(value)) why_ = why;
    return value;
  };
  switch (op_) {
  case ReduceOp::median: std::sort(all_[k].begin(), all_[k].end()); return median(all_[k]);
  case ReduceOp::var_p: return variance(all_[k], false);
  case ReduceOp::stdev_p: return std::sqrt(variance(all_[k], false));
  case ReduceOp::var_s:
    return with_reason(variance(all_[k], true), "a sample has two values or more");
  case ReduceOp::stdev_s:
    return with_reason(std::sqrt(variance(all_[k], true)), "a sample has two values or more");
  case ReduceOp::percentile_inc:
  case ReduceOp::percentile_exc:
    std::sort(all_[k].begin(), all_[k].end());
    return with_reason(percentile(all_[k], total_[k], op_ == ReduceOp::percentile_exc),
                       "there is no such percentile of these values");
  case ReduceOp::correlation:
    return with_reason(correlation(pairs_[k]), "two values or more that differ are wanted");
  case ReduceOp::slope:
    return with_reason(trend(pairs_[k]).slope, "two values or more that differ are wanted");
  case ReduceOp::intercept:
    return with_reason(trend(pairs_[k]).intercept, "two values or more that differ are wanted");
  case ReduceOp::internal_rate: {
    std::vector<Flow> flows;
    for (auto const& p : pairs_[k])
      flows.push_back({p.second, p.first});
    const Solution s = internal_rate(std::move(flows));
    return with_reason(s.value, s.why);
  }
  default: return unknown_value();
  }
}

} // namespace scn::eval
