#include "engine/eval/rate_of_return.hpp"

#include "lang/model/model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace scn::eval {

namespace {

using Real = long double;

constexpr char const* too_large = "the number is too large";
constexpr char const* no_rate = "no rate makes these cash flows worth zero";
constexpr char const* cannot_tell =
    "it cannot be told how many rates make these cash flows worth zero";
constexpr char const* several_rates = "more than one rate makes these cash flows worth zero";

/// Where flows change sign more than once, a rate is looked for among those at which 1 becomes
/// between a thousandth and a thousand in a unit of time: others are solutions of the equation
/// only.
const Real farthest = std::log(1000.0L);

Solution none(char const* why) { return {model::unknown_value(), why}; }

Solution rate_of(Real x) {
  const auto r = static_cast<double>(std::expm1(x));
  return std::isfinite(r) ? Solution{r, nullptr} : none(too_large);
}

int sign(Real x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

/// Halves a bracket until it is as narrow as numbers allow. f(low) and f(high) differ in sign.
template <class F>
Real bisect(F f, Real low, Real high) {
  const int at_low = sign(f(low));
  for (int i = 0; i < 200; ++i) {
    const Real middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    const int s = sign(f(middle));
    if (s == 0) return middle;
    (s == at_low ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

/// Sorted by time, one amount for each, no zeros.
std::vector<Flow> tidy(std::vector<Flow> flows) {
  std::sort(flows.begin(), flows.end(), [](Flow const& a, Flow const& b) {
    return a.time != b.time ? a.time < b.time : a.amount < b.amount;
  });
  std::vector<Flow> out;
  for (Flow const& f : flows) {
    if (!out.empty() && out.back().time == f.time) {
      out.back().amount += f.amount;
    } else {
      out.push_back(f);
    }
  }
  std::erase_if(out, [](Flow const& f) { return f.amount == 0; });
  return out;
}

std::size_t sign_changes(std::vector<Flow> const& flows) {
  std::size_t n = 0;
  for (std::size_t i = 1; i < flows.size(); ++i)
    n += (flows[i].amount > 0) != (flows[i - 1].amount > 0);
  return n;
}

/// Present value as a function of x = ln(1 + r) times the whole length of time, so that times run
/// from 0 to 1. Every term falls as x grows.
class Worth {
 public:
  explicit Worth(std::vector<Flow> const& flows)
      : begin_(flows.front().time), length_(Real{flows.back().time} - begin_) {
    for (Flow const& f : flows)
      terms_.push_back({(f.time - begin_) / length_, f.amount});
  }

  [[nodiscard]] Real length() const { return length_; }

  /// A sum of positive and of negative terms, and what rounding may have done to it.
  struct Sum {
    Real positive = 0, negative = 0;
    [[nodiscard]] Real total() const { return positive - negative; }
    [[nodiscard]] Real error() const {
      return (positive + negative) * 1024 * std::numeric_limits<Real>::epsilon();
    }
    /// 0 where rounding may hide it.
    [[nodiscard]] int sure_sign() const {
      return std::fabs(total()) <= error() ? 0 : sign(total());
    }
  };
  /// The value at x, or minus its slope.
  [[nodiscard]] Sum at(Real x, bool slope = false) const {
    Sum s;
    for (Term const& t : terms_) {
      const Real v = t.amount * std::exp(-t.time * x) * (slope ? t.time : 1);
      (v > 0 ? s.positive : s.negative) += std::fabs(v);
    }
    return s;
  }
  Real operator()(Real x) const { return at(x).total(); }

  /// An x from which on the first amount outweighs all others together, and one up to which the
  /// last one does: there is no solution outside them. Nothing if that is too far.
  [[nodiscard]] std::optional<Real> highest() const { return reach(1, terms_.front()); }
  [[nodiscard]] std::optional<Real> lowest() const { return reach(-1, terms_.back()); }

 private:
  struct Term {
    Real time, amount;
  };

  std::optional<Real> reach(Real x, Term const& heaviest) const {
    for (; std::fabs(x) < 1e4L; x *= 2) { // e^10000 is a number still
      const Sum s = at(x);
      const Real own = std::fabs(heaviest.amount * std::exp(-heaviest.time * x));
      if (s.positive + s.negative - own < own / 2) return x;
    }
    return std::nullopt;
  }

  Real begin_, length_;
  std::vector<Term> terms_;
};

/// Parts of the line that hold one solution each; nothing if it cannot be told how many there are.
std::optional<std::vector<std::pair<Real, Real>>> isolate(Worth const& worth, Real low, Real high) {
  std::vector<std::pair<Real, Real>> found;
  std::vector<std::pair<Real, Real>> open{{low, high}};
  for (int budget = 20'000; !open.empty(); --budget) {
    if (budget == 0) return std::nullopt;
    const auto part = open.back();
    open.pop_back();
    // Every term lies between its values at both ends.
    const Worth::Sum most = worth.at(part.first);
    const Worth::Sum least = worth.at(part.second);
    if (least.positive - most.negative > most.error()
        || least.negative - most.positive > most.error())
      continue;
    const Worth::Sum steep = worth.at(part.first, true);
    const Worth::Sum flat = worth.at(part.second, true);
    if (flat.positive - steep.negative > steep.error()
        || flat.negative - steep.positive > steep.error()) {
      // It rises or falls throughout.
      if (most.sure_sign() != least.sure_sign()) found.push_back(part);
      continue;
    }
    // Solutions that coincide, as far as can be told, or a place at which nothing can be told.
    if (part.second - part.first < 1e-9L) return std::nullopt;
    bool cut = false;
    for (Real share : {0.5L, 0.45L, 0.55L, 0.4L, 0.6L}) {
      const Real middle = part.first + (part.second - part.first) * share;
      cut = worth.at(middle).sure_sign() != 0;
      if (!cut) continue;
      open.emplace_back(part.first, middle);
      open.emplace_back(middle, part.second);
      break;
    }
    if (!cut) return std::nullopt;
  }
  return found;
}

} // namespace

Solution internal_rate(std::vector<Flow> flows) {
  for (Flow const& f : flows)
    if (!std::isfinite(f.time) || !std::isfinite(f.amount)) return none(too_large);
  flows = tidy(std::move(flows));
  if (flows.empty()) return none("there is no cash flow");
  const std::size_t changes = sign_changes(flows);
  if (changes == 0) return none("cash flows of one sign have no rate of return");
  const Worth worth(flows);
  const auto low = worth.lowest();
  const auto high = worth.highest();
  if (!low || !high) return none(too_large);
  std::pair<Real, Real> bracket{*low, *high};
  if (changes > 1) {
    const Real limit = farthest * worth.length();
    const auto found = isolate(worth, std::max(*low, -limit), std::min(*high, limit));
    if (!found) return none(cannot_tell);
    if (found->empty()) return none(no_rate);
    if (found->size() > 1) return none(several_rates);
    bracket = found->front();
  }
  return rate_of(bisect(worth, bracket.first, bracket.second) / worth.length());
}

Solution annuity_rate(double periods, double present, double future) {
  if (!(periods > 0)) return none("an annuity has a number of periods above zero");
  const Real n = periods;
  const Real p = present;
  const Real f = future;
  // Times (e^x - 1) it is a sum of four exponentials, with one solution more, x = 0. With two
  // changes of sign there are two solutions, so that one is left (or none but 0, twice).
  std::vector<Flow> terms{{-1, present},
                          {0, static_cast<double>(1 - p)},
                          {periods - 1, future},
                          {periods, static_cast<double>(-1 - f)}};
  terms = tidy(std::move(terms));
  const std::size_t changes = sign_changes(terms);
  if (changes < 2) return none(no_rate);
  // The value at the beginning, for x below 0 that at the end: neither grows beyond measure.
  const auto worth = [&](Real x) {
    const Real payments = x == 0  ? n
                          : x > 0 ? -std::expm1(-n * x) / std::expm1(x)
                                  : std::expm1(n * x) / std::expm1(x);
    return x >= 0 ? p + payments + f * std::exp(-n * x) : p * std::exp(n * x) + payments + f;
  };
  const Real at_zero = worth(0);
  const Real noise = (std::fabs(p) + n + std::fabs(f)) * 16 * std::numeric_limits<Real>::epsilon();
  if (std::fabs(at_zero) <= noise) return changes == 2 ? Solution{0, nullptr} : none(cannot_tell);
  if (changes > 2) {
    const Worth polynomial(terms);
    const Real limit = farthest * polynomial.length();
    auto found = isolate(polynomial, -limit, limit);
    if (!found) return none(cannot_tell);
    std::erase_if(*found, [](auto const& part) { return part.first < 0 && part.second > 0; });
    if (found->empty()) return none(no_rate);
    if (found->size() > 1) return none(several_rates);
    const Real length = polynomial.length();
    return rate_of(bisect(worth, found->front().first / length, found->front().second / length));
  }
  for (Real x = 1e-3L; x < 1e4L; x *= 2)
    for (Real end : {x, -x})
      if (sign(worth(end)) == -sign(at_zero))
        return rate_of(end > 0 ? bisect(worth, Real{0}, end) : bisect(worth, end, Real{0}));
  return none(too_large);
}

Solution switch_to_even(double salvage, double life, double factor) {
  if (!(life > 0) || !(factor > 0)) return none("a life and a factor are above zero");
  if (life > 100'000) return none(too_large);
  const Real rate = std::min(Real{factor} / life, Real{1});
  Real balance = 1;
  double k = 0;
  // Where nothing is left to write off, or no whole period, there is nothing to switch.
  for (; k < life && balance > salvage; ++k) {
    if ((balance - salvage) * life >= std::min(Real{factor}, Real{life}) * balance * (life - k))
      break;
    balance *= 1 - rate;
  }
  return {k, nullptr};
}

} // namespace scn::eval
