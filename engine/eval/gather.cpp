#include "engine/eval/gather.hpp"

#include <algorithm>
#include <cmath>

namespace scn::eval {

using model::is_inapplicable;
using model::ReduceOp;
using model::unknown_value;

Gatherer::Gatherer(ReduceOp op, bool known, std::size_t n)
    : op_(op), known_(known), total_(n, op == ReduceOp::product ? 1.0 : 0.0), count_(n, 0.0),
      state_(n, State::none) {
  if (op == ReduceOp::median) all_.resize(n);
}

void Gatherer::spoil(std::size_t cell, double empty) {
  state_[cell] = State::spoilt;
  total_[cell] = empty;
}

void Gatherer::add(Cells value, Cells where, Cells weight, unsigned char const* inside,
                   double variable) {
  for (std::size_t k = 0; k < total_.size(); ++k) {
    if (inside[k] == 0 || state_[k] == State::spoilt) continue;
    if (where != nullptr && where[k] != 1) {
      // Where it is unknown whether a value counts, so is the result.
      if (std::isnan(where[k]) && !is_inapplicable(where[k]) && !known_) state_[k] = State::unknown;
      continue;
    }
    const double w = weight != nullptr ? weight[k] : 1;
    if (is_inapplicable(value[k]) || is_inapplicable(w)) continue;
    if (std::isnan(value[k]) || std::isnan(w)) {
      if (!known_) state_[k] = State::unknown;
      continue;
    }
    take(k, value[k], w, variable);
  }
}

void Gatherer::take(std::size_t k, double value, double weight, double variable) {
  const bool first = count_[k] == 0 && state_[k] == State::none;
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
  case ReduceOp::median: all_[k].push_back(value); break;
  case ReduceOp::argmax:
    if (first || value > total_[k]) {
      total_[k] = value;
      count_[k] = variable;
    }
    break;
  }
  if (state_[k] == State::none) state_[k] = State::some;
}

void Gatherer::finish(double* out) {
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
    case ReduceOp::median: {
      std::vector<double>& v = all_[k];
      if (v.empty()) {
        r = unknown_value();
        break;
      }
      std::sort(v.begin(), v.end());
      const std::size_t middle = v.size() / 2;
      r = v.size() % 2 == 1 ? v[middle] : v[middle - 1] / 2 + v[middle] / 2;
      break;
    }
    }
    out[k] = unknown || !std::isfinite(r) ? unknown_value() : r;
  }
}

} // namespace scn::eval
