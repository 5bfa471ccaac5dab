// A program with a model inside: what does Meta's guidance mean for the total?

#include "engine/session/live_model.hpp"

#include <iostream>

int main() {
  scn::MemoryFiles files;
  files.files["capex.scn"] = R"(
    timeline 2024..2026 yearly
    company amazon, meta
    flow capex : bn USD by company
    capex[amazon, 2024..2025] = 77.7 bn USD
    capex[meta, 2024] = 37.3 bn USD
    capex[meta, 2025] = unknown "no guidance"
    capex[2026] = capex[t-1] * 1.1
    flow total : USD = sum(capex over company)
  )";
  scn::LiveModel model(files, "capex.scn");
  if (!model.good()) {
    std::cerr << model.messages();
    return 1;
  }
  const auto guidance = *model.cell("capex", {"meta", "2025"});
  const auto total = *model.cell("total", {"2026"});
  std::cout << model.explain(total) << '\n';
  model.subscribe(total, [&](auto cell, auto) { std::cout << model.explain(cell) << '\n'; });
  for (const double bn : {60.0, 65.0}) {
    model.set(guidance, bn * 1e9);
    model.update();
  }
}
