#include "engine/session/live_model.hpp"

#include "engine/eval/cause.hpp"
#include "engine/recompute/calculation.hpp"
#include "engine/session/session.hpp"
#include "lang/source/render.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scn {

struct LiveModel::Inside {
  explicit Inside(Files& files) : session(files) {}

  struct Subscription {
    std::uint32_t id;
    Cell cell;
    Value last;
    Watcher watcher;
  };
  Session session;
  Result const* result = nullptr;
  std::unique_ptr<recompute::Calculation> calculation;
  std::vector<Subscription> subscriptions;
  std::uint32_t next_id = 1;
};

LiveModel::LiveModel(Files& files, std::string const& path, std::string_view scenario)
    : inside_(std::make_unique<Inside>(files)) {
  Session& session = inside_->session;
  if (!session.load(path)) return;
  const auto id = session.model().scenario_named(scenario);
  if (!id && scenario != "base") {
    session.diagnostics().report(Code::unknown_name, Span{},
                                 fmt::format("there is no scenario `{}`", scenario));
    return;
  }
  inside_->result = session.evaluate(id);
  if (inside_->result == nullptr) return;
  inside_->calculation =
      std::make_unique<recompute::Calculation>(session.model(), inside_->result->stack);
}

LiveModel::~LiveModel() = default;
LiveModel::LiveModel(LiveModel&&) noexcept = default;
LiveModel& LiveModel::operator=(LiveModel&&) noexcept = default;

bool LiveModel::good() const { return inside_->calculation != nullptr; }

std::string LiveModel::messages() const {
  std::string out;
  for (Diagnostic const& d : inside_->session.diagnostics().sorted())
    out += render(d, inside_->session.sources()) + '\n';
  return out;
}

std::vector<std::string> LiveModel::lines() const {
  std::vector<std::string> out;
  for (model::Line const& line : inside_->session.model().lines)
    if (!line.hidden && !inside_->session.sources().is_library(line.span)) out.push_back(line.name);
  return out;
}

std::optional<LiveModel::Cell> LiveModel::cell(std::string_view line,
                                               std::vector<std::string> const& places) const {
  if (!good()) return std::nullopt;
  model::Model const& model = inside_->session.model();
  const auto id = model.line_named(line);
  if (!id) return std::nullopt;
  model::Line const& l = model.line(*id);
  if (places.size() != l.dimensions.size() + (l.over_time ? 1 : 0)) return std::nullopt;
  Cell out{id->value, 0, 0};
  for (std::size_t d = 0; d < l.dimensions.size(); ++d) {
    auto const& members = model.dimension(l.dimensions[d]).members;
    const auto member = std::find_if(members.begin(), members.end(),
                                     [&](auto const& m) { return m.name == places[d]; });
    if (member == members.end()) return std::nullopt;
    out.lane = out.lane * static_cast<std::uint32_t>(members.size())
               + static_cast<std::uint32_t>(member - members.begin());
  }
  if (l.over_time) {
    const auto period = model::period_of(places.back());
    const auto steps =
        period && period->fiscal == l.fiscal ? model.calendar.steps(*period) : std::nullopt;
    if (!steps || steps->first != steps->last || steps->first < 0
        || steps->first >= model.calendar.count)
      return std::nullopt;
    out.step = static_cast<std::uint32_t>(steps->first);
  }
  return out;
}

bool LiveModel::set(Cell cell, double number) {
  return inside_->calculation->set(model::LineId{cell.line}, cell.lane, cell.step, number);
}

bool LiveModel::set_unknown(Cell cell) { return set(cell, model::unknown_value()); }

void LiveModel::update() {
  inside_->calculation->update();
  // Who is called may subscribe or end a subscription, so that the list may change meanwhile.
  std::vector<std::uint32_t> ids;
  for (auto const& s : inside_->subscriptions)
    ids.push_back(s.id);
  for (std::uint32_t id : ids) {
    auto& all = inside_->subscriptions;
    const auto at = std::find_if(all.begin(), all.end(), [&](auto const& s) { return s.id == id; });
    if (at == all.end()) continue;
    const Value now = read(at->cell);
    if (now == at->last) continue;
    at->last = now;
    const Watcher watcher = at->watcher;
    watcher(at->cell, now);
  }
}

LiveModel::Value LiveModel::read(Cell cell) const {
  const double v = inside_->calculation->at(model::LineId{cell.line}, cell.lane, cell.step);
  if (model::is_inapplicable(v)) return {Value::State::inapplicable, 0};
  if (model::is_unknown(v)) return {Value::State::unknown, 0};
  return {Value::State::number, v};
}

std::string LiveModel::explain(Cell cell) const {
  model::Model const& model = inside_->session.model();
  const model::LineId line{cell.line};
  const double v = inside_->calculation->at(line, cell.lane, cell.step);
  std::string out = fmt::format("{} = {}", model.cell_name(line, cell.lane, cell.step),
                                model.value_text(line, v));
  if (!model::is_unknown(v)) return out;
  eval::Causes causes(model, inside_->result->stack, inside_->calculation->values());
  return out + fmt::format(" ({})", eval::describe(model, causes.of(line, cell.lane, cell.step)));
}

std::uint32_t LiveModel::subscribe(Cell cell, Watcher watcher) {
  const std::uint32_t id = inside_->next_id++;
  inside_->subscriptions.push_back({id, cell, read(cell), std::move(watcher)});
  return id;
}

void LiveModel::unsubscribe(std::uint32_t subscription) {
  std::erase_if(inside_->subscriptions, [&](auto const& s) { return s.id == subscription; });
}

} // namespace scn
