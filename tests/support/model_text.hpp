#pragma once

#include "engine/judge/judge.hpp"
#include "engine/session/session.hpp"
#include "lang/source/render.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

namespace scn_test {

/// A model from text, read as `test.scn`, for tests. Other files that it uses go into `files`.
class Loaded {
 public:
  explicit Loaded(std::string text, scn::LoadOptions const& options = {},
                  std::map<std::string, std::string> others = {})
      : files_(std::make_unique<scn::MemoryFiles>()) {
    files_->files = std::move(others);
    files_->files["test.scn"] = std::move(text);
    session_ = std::make_unique<scn::Session>(*files_);
    good_ = session_->load("test.scn", options);
  }

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] scn::Session& session() { return *session_; }
  [[nodiscard]] scn::model::Model const& model() const { return session_->model(); }

  /// Everything that was complained about so far, as a person sees it.
  [[nodiscard]] std::string messages() const {
    std::string out;
    for (scn::Diagnostic const& d : session_->diagnostics().sorted())
      out += scn::render(d, session_->sources());
    return out;
  }
  /// The codes of all complaints, in the order of their places: "E0301 E0401".
  [[nodiscard]] std::string codes() const {
    std::string out;
    for (scn::Diagnostic const& d : session_->diagnostics().sorted())
      out += (out.empty() ? "" : " ") + std::string(scn::number_of(d.code));
    return out;
  }

  /// Evaluates the base, or a scenario by its name.
  scn::Result const* result(std::string_view scenario = "base") {
    return session_->evaluate(model().scenario_named(scenario));
  }

  /// The value of `line[member, …, period]`, places in the order of the line's axes.
  double value(std::string_view line, std::vector<std::string> places = {},
               std::string_view scenario = "base") {
    auto const& m = model();
    const auto id = m.line_named(line);
    if (!id) throw std::runtime_error(fmt::format("no line {}", line));
    auto const* r = result(scenario);
    if (r == nullptr) throw std::runtime_error(messages());
    std::uint32_t lane = 0;
    std::size_t at = 0;
    for (scn::model::DimensionId d : m.line(*id).dimensions) {
      auto const& members = m.dimension(d).members;
      std::uint32_t index = 0;
      while (index < members.size() && members[index].name != places.at(at))
        ++index;
      if (index == members.size()) throw std::runtime_error("no member " + places.at(at));
      lane = lane * static_cast<std::uint32_t>(members.size()) + index;
      ++at;
    }
    std::uint32_t step = 0;
    if (m.line(*id).over_time) {
      const auto period = scn::model::period_of(places.at(at));
      step = static_cast<std::uint32_t>(m.calendar.steps(*period)->first);
    }
    return r->at(*id, lane, step);
  }

 private:
  std::unique_ptr<scn::MemoryFiles> files_;
  std::unique_ptr<scn::Session> session_;
  bool good_ = false;
};

/// The value of an expression that has no axes, in a model given as text.
inline double value_of(std::string const& expression, std::string const& model = {}) {
  Loaded loaded(model, {{}, expression});
  if (!loaded.good()) throw std::runtime_error(loaded.messages());
  auto const* r = loaded.result();
  if (r == nullptr) throw std::runtime_error(loaded.messages());
  return r->at(*loaded.model().asked, 0, 0);
}

} // namespace scn_test
