#pragma once

#include "engine/session/files.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scn {

/// A model inside another program: loaded once, its figures changed, its values read. What depends
/// on a change is computed again, and nothing else; values are those of a full evaluation, bit for
/// bit. One thread at a time.
///
/// This header, and those it includes, need nothing but the standard library.
class LiveModel {
 public:
  /// Loads a model: `path` as `files` knows it, and a scenario by name, or the base. What is wrong
  /// is in messages(); then good() is false and there are no cells.
  LiveModel(Files& files, std::string const& path, std::string_view scenario = "base");
  ~LiveModel();
  LiveModel(LiveModel&&) noexcept;
  LiveModel& operator=(LiveModel&&) noexcept;

  [[nodiscard]] bool good() const;
  /// Errors and warnings, as the program prints them.
  [[nodiscard]] std::string messages() const;

  /// A cell of a line.
  struct Cell {
    std::uint32_t line = 0, lane = 0, step = 0;
    friend bool operator==(Cell const&, Cell const&) = default;
  };
  /// A number in the line's base unit (756 亿 USD is 75.6e9); or one of the two empty values.
  struct Value {
    enum class State : std::uint8_t { number, unknown, inapplicable };
    State state = State::unknown;
    double number = 0;
    friend bool operator==(Value const&, Value const&) = default;
  };

  /// The names of the model's own lines, in the order of the text.
  [[nodiscard]] std::vector<std::string> lines() const;
  /// `cell("capex", {"meta", "2025"})`: the places are in the order of the line's dimensions, the
  /// period last. None if there is no such line, member or period.
  [[nodiscard]] std::optional<Cell> cell(std::string_view line,
                                         std::vector<std::string> const& places = {}) const;

  /// Gives a cell a value: a figure another one, a formula's result one that stays. False if
  /// nothing in the model gives the cell a value. The cell must be one of this model.
  bool set(Cell cell, double number);
  bool set_unknown(Cell cell);
  /// Computes what depends on the cells that were set since the last time, then calls back for
  /// every cell that somebody watches and that has another value now, in the order of subscription.
  void update();
  [[nodiscard]] Value read(Cell cell) const;
  /// `capex[meta, 2025] = 625 亿 USD`; of an unknown value with its cause.
  [[nodiscard]] std::string explain(Cell cell) const;

  using Watcher = std::function<void(Cell, Value)>;
  /// Gives a number by which the subscription ends.
  std::uint32_t subscribe(Cell cell, Watcher watcher);
  void unsubscribe(std::uint32_t subscription);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

} // namespace scn
