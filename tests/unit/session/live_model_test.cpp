#include "engine/session/live_model.hpp"

#include "tests/support/catch.hpp"

using scn::LiveModel;

namespace {

constexpr char text[] = R"(
  timeline 2024..2026 yearly
  company amazon, meta
  flow capex : 亿 USD by company
  capex[amazon, 2024..2025] = 777 亿 USD
  capex[meta, 2024] = 373 亿 USD
  capex[meta, 2025] = unknown "no guidance"
  capex[2026] = capex[t-1] * 1.1
  flow total : USD = sum(capex over company)
  scenario high { capex[meta, 2025] = 650 亿 USD }
)";

scn::MemoryFiles files_of(std::string model) {
  scn::MemoryFiles files;
  files.files["model.scn"] = std::move(model);
  return files;
}

} // namespace

TEST_CASE("a live model is loaded, changed and read") {
  scn::MemoryFiles files = files_of(text);
  LiveModel live(files, "model.scn");
  INFO(live.messages());
  REQUIRE(live.good());
  CHECK(live.lines() == std::vector<std::string>{"capex", "total"});
  const auto meta = live.cell("capex", {"meta", "2025"});
  const auto total = live.cell("total", {"2025"});
  REQUIRE(meta);
  REQUIRE(total);
  CHECK(live.read(*total).state == LiveModel::Value::State::unknown);
  CHECK(live.explain(*total) == "total[2025] = unknown (capex[meta, 2025]: no guidance)");
  CHECK(live.set(*meta, 650e8));
  live.update();
  CHECK(live.read(*total) == LiveModel::Value{LiveModel::Value::State::number, 1427e8});
  CHECK(live.explain(*total) == "total[2025] = 1427 亿 USD");
  const auto next = live.cell("total", {"2026"});
  CHECK(live.read(*next).number == 777e8 * 1.1 + 650e8 * 1.1);
  CHECK(live.set_unknown(*meta));
  live.update();
  CHECK(live.read(*next).state == LiveModel::Value::State::unknown);
}

TEST_CASE("a live model of a scenario begins there") {
  scn::MemoryFiles files = files_of(text);
  LiveModel live(files, "model.scn", "high");
  REQUIRE(live.good());
  CHECK(live.read(*live.cell("total", {"2025"})).number == 1427e8);
  LiveModel none(files, "model.scn", "low");
  CHECK_FALSE(none.good());
  CHECK(none.messages().find("there is no scenario `low`") != std::string::npos);
}

TEST_CASE("there is no cell where there is no line, member or period") {
  scn::MemoryFiles files = files_of(text);
  const LiveModel live(files, "model.scn");
  CHECK_FALSE(live.cell("capx", {"meta", "2025"}));
  CHECK_FALSE(live.cell("capex", {"google", "2025"}));
  CHECK_FALSE(live.cell("capex", {"meta", "2031"}));
  CHECK_FALSE(live.cell("capex", {"meta", "FY2025"}));
  CHECK_FALSE(live.cell("capex", {"meta"}));
  CHECK_FALSE(live.cell("total", {"meta", "2025"}));
}

TEST_CASE("who watches a cell is told once for each change, and not when it ends as it was") {
  scn::MemoryFiles files = files_of(text);
  LiveModel live(files, "model.scn", "high");
  const auto meta = *live.cell("capex", {"meta", "2025"});
  const auto total = *live.cell("total", {"2025"});
  std::vector<double> seen;
  const auto id = live.subscribe(
      total, [&](LiveModel::Cell, LiveModel::Value value) { seen.push_back(value.number); });
  live.set(meta, 600e8);
  live.update();
  live.update();
  live.set(meta, 700e8);
  live.set(meta, 600e8);
  live.update();
  CHECK(seen == std::vector<double>{1377e8});
  live.unsubscribe(id);
  live.set(meta, 500e8);
  live.update();
  CHECK(seen.size() == 1);
}

TEST_CASE("a model with an error has messages and no cells") {
  scn::MemoryFiles files = files_of("let x : USD = 5 card\n");
  const LiveModel live(files, "model.scn");
  CHECK_FALSE(live.good());
  CHECK(live.messages().find("card") != std::string::npos);
  CHECK_FALSE(live.cell("x"));
}
