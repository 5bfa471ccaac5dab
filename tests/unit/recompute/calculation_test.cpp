// A calculation that is kept up to date, and what it does for a change.

#include "engine/recompute/calculation.hpp"
#include "engine/recompute/recompute.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <cmath>
#include <cstring>
#include <limits>

using namespace scn;
using recompute::Calculation;
using scn_test::Loaded;

namespace {

/// A model, a calculation of it, and short ways to ask.
struct Kept {
  explicit Kept(std::string const& text)
      : loaded(text), calculation((require(loaded), loaded.model()), loaded.result()->stack) {
    static_cast<void>(calculation.take_work());
  }
  static void require(Loaded& m) {
    INFO(m.messages());
    REQUIRE(m.good());
  }
  model::LineId line(std::string_view name) const { return *loaded.model().line_named(name); }
  bool set(std::string_view name, std::uint32_t lane, std::uint32_t step, double value) {
    return calculation.set(line(name), lane, step, value);
  }
  double at(std::string_view name, std::uint32_t lane = 0, std::uint32_t step = 0) const {
    return calculation.at(line(name), lane, step);
  }
  Calculation::Work update() {
    calculation.update();
    return calculation.take_work();
  }

  Loaded loaded;
  Calculation calculation;
};

constexpr char companies[] = R"(
  timeline 2020..2029 yearly
  company a, b, c
  flow capex : 1 by company
  table capex {
      | 2020 | 2021 | 2022 | 2023 |
    a | 10   | 11   | 12   | 13   |
    b | 20   | 21   | 22   | 23   |
    c | 30   | 31   | 32   | 33   |
  }
  assume growth : 1 by company = 0.5
  assume tax : 1 = 0.25
  capex[2024..] = capex[t-1] * (1 + growth)
  flow charge : 1 by company = sum(capex[v] over v in t-2..t-1)
  flow after_tax : 1 by company = charge * (1 - tax)
  flow capped : 1 by company = max(capex, 25)
  flow total : 1 = sum(capex over company)
  flow mean_charge : 1 = avg(charge over company weighted by capex)
  let grand : 1 = sum(total over t)
)";

} // namespace

TEST_CASE("what depends on a figure is computed again, and nothing else") {
  Kept m(companies);
  m.set("capex", 1, 0, 25); // b in 2020
  const auto work = m.update();
  CHECK(m.at("capex", 1, 0) == 25);
  CHECK(m.at("charge", 1, 1) == 25);
  CHECK(m.at("charge", 1, 2) == 25 + 21);
  CHECK(m.at("charge", 1, 3) == 21 + 22);
  CHECK(m.at("total", 0, 0) == 10 + 25 + 30);
  CHECK(m.at("grand") != 0);
  // charge and after_tax in two years, capped once, total once, mean_charge in three years, grand.
  CHECK(work.set == 1);
  CHECK(work.computed == 2 + 2 + 1 + 1 + 3 + 1);
  // The maximum of 25 and 25, where it was of 20 and 25.
  CHECK(work.cut_off == 1);
}

TEST_CASE("a change runs along a recurrence as far as it has an effect") {
  Kept m(companies);
  m.set("capex", 0, 3, 100); // a in 2023, from which all later years follow
  auto work = m.update();
  CHECK(m.at("capex", 0, 4) == 150);
  CHECK(m.at("capex", 0, 9) == 100 * std::pow(1.5, 6));
  m.set("growth", 2, 0, 0.5); // as it was
  work = m.update();
  CHECK(work.set == 0);
  CHECK(work.computed == 0);
}

TEST_CASE("what was set instead of a formula's value stays until it is set again") {
  Kept m(companies);
  CHECK(m.set("capex", 0, 5, 7)); // 2025, which a formula gives
  m.update();
  CHECK(m.at("capex", 0, 5) == 7);
  CHECK(m.at("capex", 0, 6) == 7 * 1.5);
  m.set("growth", 0, 0, 1); // would change all from 2024 on
  m.update();
  CHECK(m.at("capex", 0, 4) == 26);
  CHECK(m.at("capex", 0, 5) == 7);
  CHECK(m.at("capex", 0, 6) == 14);
  m.calculation.recalculate();
  CHECK(m.at("capex", 0, 5) == 7);
  CHECK(m.at("capex", 0, 6) == 14);
}

TEST_CASE("a cell that nothing gives a value has no readers to tell") {
  Kept m("timeline 2020..2022 yearly\nlet x : 1\nx[2020] = 5\nlet y : 1 = x + 1\n");
  CHECK(m.set("x", 0, 0, 6));
  CHECK_FALSE(m.set("x", 0, 2, 6));
  m.update();
  CHECK(m.at("y", 0, 0) == 7);
  CHECK(std::isnan(m.at("y", 0, 2)));
}

TEST_CASE("a figure may become unknown, and known again") {
  Kept m(companies);
  const double before = m.at("grand");
  m.set("capex", 2, 1, model::unknown_value());
  m.update();
  CHECK(model::is_unknown(m.at("total", 0, 1)));
  CHECK(model::is_unknown(m.at("grand")));
  m.set("capex", 2, 1, 31);
  m.update();
  CHECK(m.at("total", 0, 1) == 11 + 21 + 31);
  CHECK(m.at("grand") == before);
}

TEST_CASE("of a thousand companies one is computed, and the sums of its block") {
  std::string text = "timeline 2020..2029 yearly\n";
  for (int i = 0; i < 1000; ++i)
    text += "company c" + std::to_string(i) + "\n";
  text += "flow x : 1 by company\nx[2020..] = 1.5\nflow y : 1 by company = x * 2\n"
          "flow total : 1 = sum(y over company)\n"
          "flow mean : 1 = avg(y over company weighted by x)\n";
  Kept m(text);
  CHECK(m.at("total", 0, 3) == 3000);
  m.set("x", 517, 3, 2.5);
  const auto work = m.update();
  CHECK(m.at("y", 517, 3) == 5);
  CHECK(m.at("total", 0, 3) == 3002);
  CHECK(work.computed == 3);
  Kept other(text);
  other.set("x", 517, 3, 2.5);
  other.calculation.recalculate();
  CHECK(other.at("mean", 0, 3) == m.at("mean", 0, 3));
}

TEST_CASE("the way back from a scenario, in which a cell loses its value, is right, too") {
  Loaded m(R"(
    timeline 2020..2023 yearly
    company a, b
    let x : 1 by company
    x[a] = 1
    x[b, 2020] = 2
    let y : 1 by company = x * 10
    let total : 1 = sum(known y over company)
    scenario more { x[b, 2021..] = 5; x[a, 2022] = 3 }
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  Result const& base = *m.result();
  Result const& more = *m.result("more");
  const auto back = recompute::recompute(m.model(), more.stack, more.values, base.stack);
  for (std::size_t line = 0; line < base.values.size(); ++line)
    for (std::size_t cell = 0; cell < base.values[line]->cells.size(); ++cell)
      REQUIRE(std::memcmp(&back[line]->cells[cell], &base.values[line]->cells[cell], sizeof(double))
              == 0);
  // A calculation that began with another's values can go on by itself.
  recompute::Calculation on(m.model(), more.stack, base.stack, base.values);
  on.set(*m.model().line_named("x"), 0, 1, 7);
  on.recalculate();
  CHECK(on.at(*m.model().line_named("total"), 0, 1) == 70 + 50);
  CHECK(m.value("total", {"2021"}, "more") == 10 + 50);
}

TEST_CASE("the number of threads changes no bit") {
  std::string text = "timeline 2020..2029 yearly\n";
  for (int i = 0; i < 2000; ++i)
    text += "company c" + std::to_string(i) + "\n";
  text += "flow x : 1 by company\nx[2020..] = 1 / 3\n"
          "flow y : 1 by company = y[t-1] * 1.1 + x\ny[first] = x / 7\n"
          "flow z : 1 by company = sum(y[v] over v in t-3..t-1) / y\n"
          "flow w : 1 by company = max(z, y) - x\n"
          "let r : 1 by company = rank(w over company)\n"
          "flow total : 1 = sum(w over company)\n";
  Kept one(text);
  recompute::Calculation several(one.loaded.model(), one.loaded.result()->stack);
  several.use_threads(3);
  one.calculation.recalculate();
  several.recalculate();
  for (std::size_t line = 0; line < several.values().size(); ++line) {
    auto const& a = one.calculation.values()[line]->cells;
    auto const& b = several.values()[line]->cells;
    REQUIRE(std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
  }
}
