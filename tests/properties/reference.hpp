#pragma once

#include "tests/properties/random_model.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace scn_test {

struct Value {
  enum class State { number, unknown, inapplicable } state = State::number;
  double number = 0;

  bool is_number() const { return state == State::number; }
  static Value unknown() { return {State::unknown, 0}; }
  static Value inapplicable() { return {State::inapplicable, 0}; }
  static Value of(double v) { return std::isfinite(v) ? Value{State::number, v} : unknown(); }
  static Value truth(bool v) { return {State::number, v ? 1.0 : 0.0}; }
};

/// The values of a model as the language defines them, one cell at a time.
class Reference {
 public:
  Reference(Spec const& spec, int scenario) : spec_(spec), cells_(spec.lines.size()) {
    layers_ = {0};
    if (scenario >= 0) visit(scenario);
  }

  Value cell(int line, std::array<int, 2> member, int step) {
    Line const& l = at(spec_.lines, line);
    std::size_t key = l.time ? static_cast<std::size_t>(step) : 0;
    for (std::size_t d = 0; d < 2; ++d)
      key = key * static_cast<std::size_t>(spec_.size[d])
            + (l.has[d] ? static_cast<std::size_t>(member[d]) : 0);
    auto& known = at(cells_, line);
    if (auto found = known.find(key); found != known.end()) return found->second;
    const Value v = compute(line, member, step);
    return known.emplace(key, v).first->second;
  }

 private:
  struct Place {
    std::array<int, 2> member;
    int step;
    int window = 0;
  };

  template <class T>
  static T& at(std::vector<T>& v, int i) {
    return v[static_cast<std::size_t>(i)];
  }
  template <class T>
  static T const& at(std::vector<T> const& v, int i) {
    return v[static_cast<std::size_t>(i)];
  }

  /// Every parent before its children, each once.
  void visit(int scenario) {
    for (int p : at(spec_.parents, scenario))
      visit(p);
    if (std::find(layers_.begin(), layers_.end(), scenario + 1) == layers_.end())
      layers_.push_back(scenario + 1);
  }

  bool covers(Equation const& e, std::array<int, 2> member, int step) const {
    for (std::size_t d = 0; d < 2; ++d)
      if (e.member[d] >= 0 && e.member[d] != member[d]) return false;
    return e.from < 0 || (e.from <= step && step <= e.to);
  }
  std::size_t size(Equation const& e) const {
    std::size_t n = e.from < 0 ? 1 : static_cast<std::size_t>(e.to - e.from + 1);
    for (std::size_t d = 0; d < 2; ++d)
      if (e.member[d] < 0 && at(spec_.lines, e.line).has[d])
        n *= static_cast<std::size_t>(spec_.size[d]);
    return n;
  }

  Value compute(int line, std::array<int, 2> member, int step) {
    Line const& l = at(spec_.lines, line);
    if (l.restricted) {
      const std::size_t d = l.has[0] ? 0 : 1;
      if (!spec_.in_group[d][static_cast<std::size_t>(member[d])]) return Value::inapplicable();
    }
    // The highest layer that gives the cell a value wins, in it the innermost equation; effects of
    // layers above apply to that, from below.
    Equation const* winner = nullptr;
    std::vector<Equation const*> effects;
    for (int layer : layers_) {
      Equation const* here = nullptr;
      for (Equation const& e : spec_.equations)
        if (e.line == line && e.layer == layer && covers(e, member, step)
            && (here == nullptr || size(e) < size(*here)))
          here = &e;
      if (here == nullptr) continue;
      if (here->effect != '=') {
        effects.push_back(here);
      } else {
        winner = here;
        effects.clear();
      }
    }
    const Place place{member, step};
    Value v = winner == nullptr ? Value::unknown() : value(*winner->value, place);
    for (Equation const* e : effects)
      v = arithmetic(e->effect == '*' ? Op::multiply : Op::add, v, value(*e->value, place));
    return v;
  }

  static Value empty(Value a, Value b) {
    const bool none =
        a.state == Value::State::inapplicable || b.state == Value::State::inapplicable;
    return none ? Value::inapplicable() : Value::unknown();
  }

  static Value arithmetic(Op op, Value a, Value b) {
    if (!a.is_number() || !b.is_number()) return empty(a, b);
    switch (op) {
    case Op::add: return Value::of(a.number + b.number);
    case Op::subtract: return Value::of(a.number - b.number);
    case Op::multiply: return Value::of(a.number * b.number);
    case Op::divide: return b.number == 0 ? Value::unknown() : Value::of(a.number / b.number);
    case Op::minimum: return b.number < a.number ? b : a;
    case Op::maximum: return b.number > a.number ? b : a;
    case Op::less: return Value::truth(a.number < b.number);
    case Op::less_equal: return Value::truth(a.number <= b.number);
    default: return Value::truth(a.number == b.number);
    }
  }

  /// `and` where `deciding` is false, `or` where it is true.
  static Value logical(Value a, Value b, bool deciding) {
    for (Value v : {a, b})
      if (v.is_number() && (v.number == 1) == deciding) return v;
    if (a.is_number() && b.is_number()) return Value::truth(!deciding);
    return empty(a, b);
  }

  Value value(Expr const& e, Place const& p) {
    const auto arg = [&](std::size_t i) { return value(*e.args[i], p); };
    switch (e.op) {
    case Op::literal: return e.unknown ? Value::unknown() : Value::of(e.number);
    case Op::since: return Value::of(p.step);
    case Op::read: return read(e, p);
    case Op::negate: {
      const Value a = arg(0);
      return a.is_number() ? Value::of(-a.number) : a;
    }
    case Op::square: return arithmetic(Op::multiply, arg(0), arg(0));
    case Op::is_known: {
      const Value a = arg(0);
      return a.state == Value::State::inapplicable ? a : Value::truth(a.is_number());
    }
    case Op::negation: {
      const Value a = arg(0);
      return a.is_number() ? Value::truth(a.number == 0) : a;
    }
    case Op::both: return logical(arg(0), arg(1), false);
    case Op::either: return logical(arg(0), arg(1), true);
    case Op::otherwise: {
      const Value a = arg(0);
      return a.is_number() ? a : arg(1);
    }
    case Op::choose: {
      const Value c = arg(0);
      return !c.is_number() ? c : c.number == 1 ? arg(1) : arg(2);
    }
    case Op::reduce: return reduce(e, p);
    default: return arithmetic(e.op, arg(0), arg(1));
    }
  }

  Value read(Expr const& e, Place const& p) {
    Line const& l = at(spec_.lines, e.line);
    std::array<int, 2> member = p.member;
    for (std::size_t d = 0; d < 2; ++d) {
      if (!l.has[d]) continue;
      if (e.member[d] == Expr::Member::fixed) member[d] = e.fixed[d];
      if (e.member[d] == Expr::Member::owner)
        member[d] = static_cast<int>(cell(owner_line, p.member, 0).number);
    }
    int step = 0;
    switch (e.time) {
    case Expr::Time::none: break;
    case Expr::Time::own: step = p.step + e.step; break;
    case Expr::Time::fixed: step = e.step; break;
    case Expr::Time::window: step = p.window; break;
    case Expr::Time::lagged:
      step = p.step - static_cast<int>(cell(lag_line, p.member, 0).number);
      break;
    }
    if (step < 0 || step >= spec_.steps) return Value::inapplicable();
    return cell(e.line, member, step);
  }

  Value reduce(Expr const& e, Place const& p) {
    std::vector<Place> places;
    if (e.over == Expr::Over::dimension) {
      const auto d = static_cast<std::size_t>(e.dimension);
      for (int m = 0; m < spec_.size[d]; ++m) {
        if (e.group && !spec_.in_group[d][static_cast<std::size_t>(m)]) continue;
        places.push_back(p);
        places.back().member[d] = m;
      }
    } else {
      const int origin = e.over == Expr::Over::window ? p.step : 0;
      for (int s = std::max(0, origin + e.low); s <= std::min(spec_.steps - 1, origin + e.high);
           ++s) {
        places.push_back(p);
        (e.over == Expr::Over::window ? places.back().window : places.back().step) = s;
      }
    }
    std::vector<double> taken;
    std::vector<double> weights;
    bool unknown = false;
    Value own = Value::inapplicable(); // of a rank
    for (Place const& at : places) {
      if (e.gather == Gather::rank && at.member == p.member && at.step == p.step)
        own = value(*e.args[0], at);
      if (e.where) {
        const Value c = value(*e.args[1], at);
        if (c.state == Value::State::unknown && !e.known) unknown = true;
        if (at.member == p.member && at.step == p.step && !(c.is_number() && c.number == 1))
          own = c.is_number() ? Value::inapplicable() : c;
        if (!c.is_number() || c.number == 0) continue;
      }
      const Value w = e.weighted ? value(*e.args[e.where ? 2 : 1], at) : Value::of(1);
      const Value v = value(*e.args[0], at);
      if (v.state == Value::State::inapplicable || w.state == Value::State::inapplicable) continue;
      if (!v.is_number() || !w.is_number()) {
        unknown = unknown || !e.known;
        continue;
      }
      taken.push_back(v.number);
      weights.push_back(w.number);
    }
    if (e.gather == Gather::rank) {
      if (own.state == Value::State::inapplicable || (!own.is_number() && e.known))
        return Value::inapplicable();
      if (unknown || !own.is_number()) return Value::unknown();
      return Value::of(1.0
                       + static_cast<double>(std::count_if(
                           taken.begin(), taken.end(), [&](double v) { return v > own.number; })));
    }
    return gathered(e.gather, taken, weights, unknown);
  }

  static Value gathered(Gather gather, std::vector<double> taken,
                        std::vector<double> const& weights, bool unknown) {
    if (gather == Gather::any || gather == Gather::all) {
      const double deciding = gather == Gather::any ? 1 : 0;
      if (std::find(taken.begin(), taken.end(), deciding) != taken.end())
        return Value::truth(deciding == 1);
      return unknown ? Value::unknown() : Value::truth(deciding != 1);
    }
    if (unknown || taken.empty()) {
      // The others below are something over nothing.
      if (gather >= Gather::stdev_p) return Value::unknown();
    } else if (gather >= Gather::stdev_p) {
      return statistic(gather, std::move(taken), weights);
    }
    const bool total = gather == Gather::sum || gather == Gather::count;
    if (unknown || (taken.empty() && !total && gather != Gather::product)) return Value::unknown();
    double out = gather == Gather::product ? 1 : 0;
    double weight = 0;
    switch (gather) {
    case Gather::product:
      for (double v : taken)
        out *= v;
      break;
    case Gather::avg:
      for (std::size_t i = 0; i < taken.size(); ++i) {
        out += taken[i] * weights[i];
        weight += weights[i];
      }
      return weight == 0 ? Value::unknown() : Value::of(out / weight);
    case Gather::min: return Value::of(*std::min_element(taken.begin(), taken.end()));
    case Gather::max: return Value::of(*std::max_element(taken.begin(), taken.end()));
    case Gather::median: {
      std::sort(taken.begin(), taken.end());
      const std::size_t middle = taken.size() / 2;
      return Value::of(taken.size() % 2 == 1 ? taken[middle]
                                             : taken[middle - 1] / 2 + taken[middle] / 2);
    }
    default:
      for (double v : taken)
        out += v;
      break;
    }
    return Value::of(out);
  }

  static Value statistic(Gather gather, std::vector<double> y, std::vector<double> const& x) {
    using Real = long double;
    const auto n = static_cast<Real>(y.size());
    if (gather == Gather::percentile_inc) {
      std::sort(y.begin(), y.end());
      const Real place = 0.25L * (n - 1);
      const auto below = static_cast<std::size_t>(place);
      const Real share = place - std::floor(place);
      const double above = below + 1 < y.size() ? y[below + 1] : y[below];
      return Value::of(static_cast<double>(y[below] * (1 - share) + above * share));
    }
    const auto distances = [&](std::vector<double> const& of) {
      std::vector<Real> out;
      Real mean = 0;
      for (double v : of) {
        out.push_back(Real{v} - of[0]);
        mean += out.back();
      }
      for (Real& d : out)
        d -= mean / n;
      return out;
    };
    const auto dy = distances(y);
    const auto dx = distances(x);
    Real yy = 0;
    Real yx = 0;
    Real xx = 0;
    for (std::size_t i = 0; i < dy.size(); ++i) {
      yy += dy[i] * dy[i];
      yx += dy[i] * dx[i];
      xx += dx[i] * dx[i];
    }
    if (gather == Gather::slope)
      return y.size() < 2 || xx == 0 ? Value::unknown() : Value::of(static_cast<double>(yx / xx));
    if (gather == Gather::stdev_p) return Value::of(std::sqrt(static_cast<double>(yy / n)));
    return y.size() < 2 ? Value::unknown() : Value::of(static_cast<double>(yy / (n - 1)));
  }

  Spec const& spec_;
  std::vector<int> layers_;
  std::vector<std::unordered_map<std::size_t, Value>> cells_;
};

} // namespace scn_test
