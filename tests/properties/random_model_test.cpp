// What holds of every model, on random ones: an evaluator of the tests' own, cell by cell and as
// plain as it can be, agrees with the engine bit for bit; recomputing a scenario gives the bits of
// evaluating it; the order of statements changes nothing; every point lies inside its bounds.

#include "engine/eval/bounds.hpp"
#include "engine/eval/evaluate.hpp"
#include "engine/recompute/calculation.hpp"

#include "tests/properties/model_maker.hpp"
#include "tests/properties/random_model.hpp"
#include "tests/properties/reference.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>

using namespace scn;
using scn_test::joined;
using scn_test::Maker;
using scn_test::Reference;
using scn_test::Spec;
using scn_test::statements;
using scn_test::Value;

namespace {

std::uint64_t bits(double v) { return std::bit_cast<std::uint64_t>(v); }
std::uint64_t bits(Value v) {
  return bits(v.is_number()                      ? v.number
              : v.state == Value::State::unknown ? model::unknown_value()
                                                 : model::inapplicable_value());
}

/// Calls `visit(id, name, lane, step)` for every cell of the lines of a model that have a name.
template <class Visit>
void for_each_cell(model::Model const& m, Visit visit) {
  for (std::size_t i = 0; i < m.lines.size(); ++i) {
    if (m.lines[i].hidden || m.lines[i].prelude) continue;
    const model::LineId id{i};
    for (std::uint32_t lane = 0; lane < m.lanes(id); ++lane)
      for (std::uint32_t step = 0; step < m.steps(id); ++step)
        visit(id, lane, step);
  }
}

std::string scenario_name(int scenario) {
  return scenario < 0 ? "base" : "s" + std::to_string(scenario);
}

Result const& evaluated(scn_test::Loaded& m, int scenario) {
  Result const* r = m.result(scenario_name(scenario));
  INFO(m.messages());
  REQUIRE(r != nullptr);
  return *r;
}

/// The same model with every input somewhere else inside what its words allow.
model::Model moved(model::Model const& m, std::mt19937& random) {
  model::Model out = m;
  const auto inside = [&](model::Figure const& f) {
    const double low = std::isinf(f.low) ? f.value - std::fabs(f.value) * 2 - 1 : f.low;
    const double high = std::isinf(f.high) ? f.value + std::fabs(f.value) * 2 + 1 : f.high;
    if (random() % 3 == 0) return random() % 2 == 0 ? low : high;
    return std::clamp(std::uniform_real_distribution<double>(low, high)(random), low, high);
  };
  for (model::Figure& f : out.formulas.figures)
    if (f.low < f.high) f.value = inside(f);
  for (model::Facts& table : out.facts)
    for (model::Facts::Fact& fact : table.facts)
      if (!std::isnan(fact.value) && fact.extra != model::Facts::Fact::none)
        fact.value = out.formulas.figures[fact.extra].value;
  return out;
}

} // namespace

TEST_CASE("a plain evaluator, cell by cell, agrees with the engine bit for bit") {
  std::array<std::size_t, 3> seen{};
  for (unsigned seed = 1; seed <= 600; ++seed) {
    const Spec spec = Maker(seed, false).run();
    const std::string text = joined(statements(spec));
    scn_test::Loaded m(text);
    INFO("seed " << seed << '\n' << m.messages() << text);
    REQUIRE(m.good());
    for (int s = -1; s < static_cast<int>(spec.parents.size()); ++s) {
      Result const& r = evaluated(m, s);
      Reference reference(spec, s);
      for_each_cell(m.model(), [&](model::LineId id, std::uint32_t lane, std::uint32_t step) {
        const auto found =
            std::find_if(spec.lines.begin(), spec.lines.end(), [&](scn_test::Line const& l) {
              return l.name == m.model().line(id).name;
            });
        const auto members = m.model().members_at(id, lane);
        std::array<int, 2> member{};
        std::size_t at = 0;
        for (std::size_t d = 0; d < 2; ++d)
          if (found->has[d]) member[d] = static_cast<int>(members[at++]);
        const Value v = reference.cell(static_cast<int>(found - spec.lines.begin()), member,
                                       static_cast<int>(step));
        ++seen[static_cast<std::size_t>(v.state)];
        if (bits(v) == bits(r.at(id, lane, step))) return;
        FAIL(scenario_name(s) << ": " << m.model().cell_name(id, lane, step) << " is "
                              << r.at(id, lane, step) << " and should be " << v.number << " (state "
                              << static_cast<int>(v.state) << ")");
      });
    }
  }
  // All sorts of values occur, else the agreement says little.
  for (std::size_t n : seen)
    CHECK(n > 5000);
}

TEST_CASE("recomputing a scenario gives the bits of evaluating it") {
  std::size_t shared = 0;
  std::size_t renewed = 0;
  for (unsigned seed = 1000; seed < 1600; ++seed) {
    const Spec spec = Maker(seed, seed % 2 == 0).run();
    scn_test::Loaded m(joined(statements(spec)));
    INFO("seed " << seed << '\n' << m.messages() << joined(statements(spec)));
    REQUIRE(m.good());
    for (int s = 0; s < static_cast<int>(spec.parents.size()); ++s) {
      Result const& r = evaluated(m, s);
      const auto full = eval::evaluate(m.model(), r.stack);
      for_each_cell(m.model(), [&](model::LineId id, std::uint32_t lane, std::uint32_t step) {
        if (bits(full[id.value]->at(lane, step)) != bits(r.at(id, lane, step)))
          FAIL(scenario_name(s) << ": " << m.model().cell_name(id, lane, step));
      });
      shared += r.log.shared;
      renewed += m.model().lines.size() - r.log.shared;
    }
  }
  CHECK(shared > 1000);
  CHECK(renewed > 1000);
}

TEST_CASE("a calculation that is kept up to date has the bits of one that begins anew") {
  std::uint64_t computed = 0;
  std::uint64_t all = 0;
  std::uint64_t cut_off = 0;
  for (unsigned seed = 7000; seed < 7400; ++seed) {
    const Spec spec = Maker(seed, false).run();
    scn_test::Loaded m(joined(statements(spec)));
    REQUIRE(m.good());
    Result const& r = evaluated(m, -1);
    recompute::Calculation kept(m.model(), r.stack);
    std::mt19937 random(seed);
    struct Change {
      model::LineId line;
      std::uint32_t lane, step;
      double value;
    };
    std::vector<Change> changes;
    // Any cell may be set, several times, to a number or to nothing; some go back to what they
    // were.
    for (int turn = 0; turn < 25; ++turn) {
      const std::size_t several = 1 + random() % 3;
      for (std::size_t k = 0; k < several; ++k) {
        const model::LineId line{random() % m.model().lines.size()};
        if (m.model().lanes(line) == 0) continue;
        const auto lane = static_cast<std::uint32_t>(random() % m.model().lanes(line));
        const auto step = static_cast<std::uint32_t>(random() % m.model().steps(line));
        const double value = random() % 8 == 0   ? model::unknown_value()
                             : random() % 4 == 0 ? r.at(line, lane, step)
                                                 : static_cast<double>(random() % 100) - 50;
        if (model::is_inapplicable(kept.at(line, lane, step))) continue;
        if (kept.set(line, lane, step, value)) changes.push_back({line, lane, step, value});
      }
      static_cast<void>(kept.take_work());
      kept.update();
      const auto work = kept.take_work();
      computed += work.computed;
      cut_off += work.cut_off;
    }
    recompute::Calculation fresh(m.model(), r.stack);
    static_cast<void>(fresh.take_work());
    for (Change const& c : changes)
      fresh.set(c.line, c.lane, c.step, c.value);
    fresh.recalculate();
    all += fresh.take_work().computed * 25;
    INFO("seed " << seed << '\n' << joined(statements(spec)));
    for_each_cell(m.model(), [&](model::LineId id, std::uint32_t lane, std::uint32_t step) {
      if (bits(kept.at(id, lane, step)) == bits(fresh.at(id, lane, step))) return;
      FAIL(m.model().cell_name(id, lane, step)
           << " is " << kept.at(id, lane, step) << " and should be " << fresh.at(id, lane, step));
    });
  }
  // Most of what a full evaluation does was not done, and some of what was done had no effect.
  CHECK(computed * 2 < all);
  CHECK(cut_off > 1000);
}

TEST_CASE("the order of statements changes no bit") {
  std::mt19937 random(17);
  for (unsigned seed = 2000; seed < 2300; ++seed) {
    const Spec spec = Maker(seed, false).run();
    auto lines = statements(spec);
    scn_test::Loaded first(joined(lines));
    std::shuffle(lines.begin(), lines.end(), random);
    scn_test::Loaded second(joined(lines));
    INFO("seed " << seed << '\n' << second.messages() << joined(lines));
    REQUIRE(first.good());
    REQUIRE(second.good());
    for (int s = -1; s < static_cast<int>(spec.parents.size()); ++s) {
      Result const& a = evaluated(first, s);
      Result const& b = evaluated(second, s);
      for_each_cell(first.model(), [&](model::LineId id, std::uint32_t lane, std::uint32_t step) {
        const auto other = second.model().line_named(first.model().line(id).name);
        if (bits(a.at(id, lane, step)) != bits(b.at(*other, lane, step)))
          FAIL(scenario_name(s) << ": " << first.model().cell_name(id, lane, step));
      });
    }
  }
}

TEST_CASE("every point lies inside its bounds, whatever freedom the inputs have") {
  std::size_t points = 0;
  std::size_t wide = 0;
  std::size_t finite = 0;
  for (unsigned seed = 3000; seed < 3500; ++seed) {
    const Spec spec = Maker(seed, true).run();
    scn_test::Loaded m(joined(statements(spec)));
    INFO("seed " << seed << '\n' << m.messages() << joined(statements(spec)));
    REQUIRE(m.good());
    std::vector<model::LineId> all;
    for (std::size_t i = 0; i < m.model().lines.size(); ++i)
      all.emplace_back(i);
    for (int s = -1; s < static_cast<int>(spec.parents.size()); ++s) {
      Result const& r = evaluated(m, s);
      for (auto freedom : {eval::Freedom::words, eval::Freedom::rounding, eval::Freedom::both}) {
        eval::Bounds bounds(m.model(), r.stack, r.values, freedom);
        bounds.evaluate(all);
        for_each_cell(m.model(), [&](model::LineId id, std::uint32_t lane, std::uint32_t step) {
          const double v = r.at(id, lane, step);
          if (std::isnan(v)) return;
          const eval::Interval b = bounds.at(id, lane, step);
          ++points;
          wide += b.low < b.high;
          finite += std::isfinite(b.low) && std::isfinite(b.high);
          if (b.low <= v && v <= b.high) return;
          FAIL(scenario_name(s) << ", freedom " << static_cast<int>(freedom) << ": "
                                << m.model().cell_name(id, lane, step) << " is " << v
                                << ", outside [" << b.low << ", " << b.high << "]");
        });
      }
    }
  }
  CHECK(points > 100'000);
  CHECK(wide > points / 8); // where no input may move, bounds are the point itself
  CHECK(finite > points / 4);
}

TEST_CASE("wherever the inputs lie inside their bounds, results lie inside theirs") {
  std::size_t apart = 0;
  for (unsigned seed = 5000; seed < 5300; ++seed) {
    const Spec spec = Maker(seed, true).run();
    scn_test::Loaded m(joined(statements(spec)));
    INFO("seed " << seed << '\n' << m.messages() << joined(statements(spec)));
    REQUIRE(m.good());
    std::vector<model::LineId> all;
    for (std::size_t i = 0; i < m.model().lines.size(); ++i)
      all.emplace_back(i);
    std::mt19937 random(seed);
    for (int s = -1; s < static_cast<int>(spec.parents.size()); ++s) {
      Result const& r = evaluated(m, s);
      eval::Bounds bounds(m.model(), r.stack, r.values, eval::Freedom::words);
      bounds.evaluate(all);
      for (int sample = 0; sample < 4; ++sample) {
        const model::Model other = moved(m.model(), random);
        Diagnostics none;
        const eval::Stack stack = eval::make_stack(other, r.stack.layers, none);
        const eval::Values values = eval::evaluate(other, stack);
        for_each_cell(other, [&](model::LineId id, std::uint32_t lane, std::uint32_t step) {
          const double v = values[id.value]->at(lane, step);
          const eval::Interval b = bounds.at(id, lane, step);
          apart += bits(v) != bits(r.at(id, lane, step));
          // What is unbounded may also be too large to be computed, and is unknown then.
          const bool endless = std::isinf(b.low) || std::isinf(b.high);
          const bool held =
              std::isnan(v) ? b.is_empty() || b.partial || endless : b.low <= v && v <= b.high;
          if (held) return;
          FAIL(scenario_name(s) << ": " << m.model().cell_name(id, lane, step) << " can be " << v
                                << ", outside [" << b.low << ", " << b.high << "]"
                                << (b.partial ? ", or empty" : ""));
        });
      }
    }
  }
  CHECK(apart > 10'000);
}
