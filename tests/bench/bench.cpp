// The project's own figures, beside what a person would write by hand, in one process: these
// machines are noisy, so what counts is the ratio.
//
//   scn_bench [--format json] [--sheet CELLS] [COMPANIES...]
//
// Without numbers it measures 12, 1,000 and 10,000 companies and sheets of a million cells.

#include "engine/recompute/calculation.hpp"
#include "engine/session/session.hpp"
#include "lang/syntax/parse.hpp"
#include "lang/syntax/tokenize.hpp"
#include "tests/bench/sheet.hpp"
#include "tests/bench/workload.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <memory>

namespace {

using Clock = std::chrono::steady_clock;

/// The median of several runs, in microseconds.
double median_us(int runs, std::function<void()> const& what) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    const auto begin = Clock::now();
    what();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

struct Measured {
  std::string model, what;
  std::uint64_t cells = 0;
  double us = 0;
  double baseline_us = 0; ///< 0: there is none
  double megabytes = 0;   ///< of text, where a speed is of interest
  double bytes = 0;       ///< of memory, instead of a time
};

double read(scn::Session& session, scn::eval::Values const& values, char const* line) {
  return values[session.model().line_named(line)->value]->at(0, 0);
}

void measure(std::uint32_t companies, std::vector<Measured>& out) {
  const auto workload = scn_bench::Workload::make(companies, 20);
  const std::string text = workload.text();
  const std::string name = fmt::format("{} companies", companies);
  const int runs = companies >= 10'000 ? 5 : 15;
  const double megabytes = static_cast<double>(text.size()) / 1e6;

  const double syntax = median_us(runs, [&] {
    scn::SourceSet sources;
    scn::Interner interner;
    scn::Diagnostics diagnostics;
    const auto id = sources.add("bench.scn", text);
    const auto tokens = scn::tokenize(sources, id, diagnostics);
    const auto tree = scn::parse(sources, tokens, interner, diagnostics);
    if (diagnostics.has_errors() || tree.statements.empty()) std::abort();
  });
  out.push_back({name, "text to tree", 0, syntax, 0, megabytes});

  scn::MemoryFiles files;
  files.files["bench.scn"] = text;
  const double load = median_us(runs, [&] {
    scn::Session session(files);
    if (!session.load("bench.scn")) std::abort();
  });
  out.push_back({name, "text to resolved model", 0, load, 0, megabytes});

  scn::Session session(files);
  session.load("bench.scn");
  scn::Result const* result = session.evaluate();
  scn_bench::ByHand by_hand(workload);
  by_hand.run();
  // Nothing is reported of a computation that is wrong.
  const double computed = read(session, result->values, "grand_fcf");
  if (std::fabs(computed - by_hand.grand_fcf) > 1e-9 * std::fabs(by_hand.grand_fcf)) {
    fmt::print(stderr, "grand_fcf: {} by hand, {} by the engine\n", by_hand.grand_fcf, computed);
    std::exit(1);
  }
  const double hand = median_us(runs, [&] { by_hand.run(); });
  out.push_back({name, "by hand, full", workload.cells(), hand, 0, 0});
  const double fresh = median_us(runs, [&] {
    const auto values = scn::eval::evaluate(session.model(), result->stack);
    if (std::isnan(read(session, values, "grand_fcf"))) std::abort();
  });
  out.push_back({name, "compiled and evaluated", workload.cells(), fresh, hand, 0});

  auto const& model = session.model();
  const auto line = [&](char const* of) { return *model.line_named(of); };
  scn::recompute::Calculation calculation(model, result->stack);
  const auto total = [&] {
    if (std::isnan(calculation.at(line("grand_fcf"), 0, 0))) std::abort();
  };
  const double full = median_us(runs, [&] {
    calculation.recalculate();
    total();
  });
  out.push_back({name, "full evaluation", workload.cells(), full, hand, 0});
  static_cast<void>(calculation.take_work());

  if (companies >= 1000) {
    scn::recompute::Calculation twice(model, result->stack);
    twice.use_threads(2);
    const double two = median_us(runs, [&] { twice.recalculate(); });
    out.push_back({name, "the same, two threads", workload.cells(), two, hand, 0});
  }

  // One figure goes up and down again; the total is read each time.
  std::uint32_t turn = 0;
  const auto change = [&](char const* what, scn::model::LineId of, std::uint32_t lane,
                          std::uint32_t step) {
    const double before = calculation.at(of, lane, step);
    const double us = median_us(2001, [&] {
      calculation.set(of, lane, step, before + (++turn % 2 == 0 ? 0 : 0.01));
      calculation.update();
      total();
    });
    calculation.set(of, lane, step, before);
    calculation.update();
    const auto work = calculation.take_work();
    out.push_back({name, what, work.computed / std::max<std::uint64_t>(1, work.set), us, 0, 0});
  };
  const std::uint32_t middle = companies / 2;
  change("one input late", line("revenue_growth"), middle, workload.years - 3);
  change("one input early", line("revenue_growth"), middle, 1);
  const double tax = calculation.at(line("tax_rate"), 0, 0);
  const double all = median_us(companies >= 10'000 ? 21 : 201, [&] {
    calculation.set(line("tax_rate"), 0, 0, tax + (++turn % 2 == 0 ? 0 : 0.01));
    calculation.update();
    total();
  });
  const auto work = calculation.take_work();
  out.push_back({name, "tax rate", work.computed / work.set, all, 0, 0});

  if (companies < 100) {
    // A sweep: all growth rates change, and the total is read.
    std::uint32_t round = 0;
    const double sweep = median_us(1001, [&] {
      ++round;
      for (std::uint32_t c = 0; c < companies; ++c)
        for (std::uint32_t y = 0; y < workload.years; ++y)
          calculation.set(line("revenue_growth"), c, y,
                          workload.growth[c * workload.years + y] + 0.0001 * (round % 100));
      calculation.update();
      total();
    });
    out.push_back({name, "all growth rates", workload.cells(), sweep, 0, 0});
  }
}

/// The most memory that the process has held so far, in bytes.
double peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

/// Every stage of a model of many lines of one cell each, once.
void measure_sheet(scn_bench::Sheet::Shape shape, char const* shape_name, std::uint32_t cells,
                   std::vector<Measured>& out) {
  const auto sheet = scn_bench::Sheet::make(shape, cells);
  const std::string name = fmt::format("{} {}", cells, shape_name);
  const double megabytes = static_cast<double>(sheet.text.size()) / 1e6;
  scn::MemoryFiles files;
  files.files["sheet.scn"] = sheet.text;
  auto session = std::make_unique<scn::Session>(files);
  const double load = median_us(1, [&] {
    if (!session->load("sheet.scn")) std::abort();
  });
  out.push_back({name, "text to resolved model", 0, load, 0, megabytes});
  scn::Diagnostics diagnostics;
  scn::eval::Stack stack;
  const double plan = median_us(1, [&] {
    stack = scn::eval::make_stack(session->model(), session->model().layers_of(std::nullopt),
                                  diagnostics);
  });
  out.push_back({name, "model to plan", cells, plan, 0, 0});
  scn::eval::Values values;
  const double full = median_us(1, [&] { values = scn::eval::evaluate(session->model(), stack); });
  out.push_back({name, "full evaluation", cells, full, 0, 0});
  for (std::size_t i = 0; i < session->model().lines.size(); ++i) {
    auto const& line = session->model().lines[i];
    if (line.prelude) continue;
    if (values[i]->at(0, 0) != sheet.values[std::stoul(line.name.substr(1))]) {
      fmt::print(stderr, "{} of the sheet is wrong\n", line.name);
      std::exit(1);
    }
  }
  out.push_back({name, "peak memory so far", cells, 0, 0, 0, peak_memory()});
  const double end = median_us(1, [&] {
    values = {};
    stack = {};
    session.reset();
  });
  out.push_back({name, "letting go of it", cells, end, 0, 0});
}

/// The same model with each company's share of the total and its rank.
void measure_ranks(std::uint32_t companies, std::vector<Measured>& out) {
  const auto workload = scn_bench::Workload::make(companies, 20);
  scn::MemoryFiles files;
  files.files["bench.scn"] = workload.text()
                             + "rate share : % by company = capex / total_capex\n"
                               "let place : 1 by company = rank(capex over company)\n";
  scn::Session session(files);
  if (!session.load("bench.scn")) std::abort();
  scn::Result const* result = session.evaluate();
  scn::recompute::Calculation calculation(session.model(), result->stack);
  const std::uint64_t cells = workload.cells() + std::uint64_t{companies} * workload.years * 2;
  const double us = median_us(companies >= 10'000 ? 11 : 101, [&] { calculation.recalculate(); });
  out.push_back({fmt::format("{} companies", companies), "with shares and ranks", cells, us, 0, 0});
}

} // namespace

int main(int argc, char** argv) {
  bool json = false;
  std::vector<std::uint32_t> sizes;
  std::uint32_t cells = 0; // of a sheet
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--format") == 0 && i + 1 < argc) {
      json = std::strcmp(argv[++i], "json") == 0;
    } else if (std::strcmp(argv[i], "--sheet") == 0 && i + 1 < argc) {
      cells = static_cast<std::uint32_t>(std::atol(argv[++i]));
    } else if (const long n = std::atol(argv[i]); n > 0) {
      sizes.push_back(static_cast<std::uint32_t>(n));
    } else {
      fmt::print(stderr, "scn_bench [--format json] [--sheet CELLS] [COMPANIES...]\n");
      return 2;
    }
  }
  if (sizes.empty() && cells == 0) {
    sizes = {12, 1000, 10'000};
    cells = 1'000'000;
  }
  std::vector<Measured> measured;
  for (std::uint32_t n : sizes) {
    measure(n, measured);
    measure_ranks(n, measured);
  }
  if (cells > 0) {
    using Shape = scn_bench::Sheet::Shape;
    measure_sheet(Shape::chain, "in a chain", cells, measured);
    measure_sheet(Shape::backward, "backwards", cells, measured);
    measure_sheet(Shape::mixed, "mixed", cells, measured);
  }
  if (json) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (Measured const& m : measured) {
      nlohmann::ordered_json one{{"model", m.model}, {"what", m.what}, {"cells", m.cells}};
      if (m.bytes > 0) {
        one["bytes"] = m.bytes;
      } else if (m.cells > 0) {
        one["median_ns_per_cell"] = m.us * 1000 / static_cast<double>(m.cells);
      } else {
        one["median_us"] = m.us;
      }
      one["baseline_ratio"] =
          m.baseline_us > 0 ? nlohmann::ordered_json(m.us / m.baseline_us) : nullptr;
      all.push_back(std::move(one));
    }
    fmt::print("{}\n", all.dump(2));
    return 0;
  }
  for (Measured const& m : measured) {
    if (m.bytes > 0) {
      fmt::print("{:18} {:24} {:>12.1f} MB  {:>8.0f} bytes/cell\n", m.model, m.what, m.bytes / 1e6,
                 m.bytes / static_cast<double>(m.cells));
      continue;
    }
    fmt::print("{:18} {:24} {:>12.1f} us", m.model, m.what, m.us);
    if (m.cells > 0) fmt::print("  {:>8.2f} ns/cell", m.us * 1000 / static_cast<double>(m.cells));
    if (m.baseline_us > 0) fmt::print("  {:>6.1f} x by hand", m.us / m.baseline_us);
    if (m.megabytes > 0) fmt::print("  {:>6.1f} MB/s", m.megabytes / (m.us / 1e6));
    fmt::print("\n");
  }
}
