#pragma once

#include "engine/eval/bounds.hpp"
#include "engine/eval/evaluate.hpp"
#include "engine/recompute/recompute.hpp"
#include "engine/session/files.hpp"
#include "lang/model/model.hpp"
#include "lang/source/diagnostic.hpp"
#include "lang/source/interner.hpp"
#include "lang/source/source_set.hpp"
#include "lang/syntax/ast.hpp"
#include "lang/syntax/token.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace scn {

/// What a model is loaded with besides its file.
struct LoadOptions {
  std::vector<std::string> sets; ///< equations on top of every scenario: `tax = 25%`
  std::string expression;        ///< to be evaluated in the model
  /// Leaves out what sources published later than this say.
  std::optional<model::Date> as_of = std::nullopt;
};

/// A scenario, evaluated.
struct Result {
  std::optional<model::ScenarioId> scenario; ///< none: the base
  eval::Stack stack;
  eval::Values values;
  recompute::Log log; ///< what was computed to get here from the base, or for it
  /// What the ranges and qualifiers of the inputs allow; only where it was asked for.
  std::optional<eval::Bounds> bounds;

  [[nodiscard]] double at(model::LineId line, std::uint32_t lane, std::uint32_t step) const {
    return values[line.value]->at(lane, step);
  }
};

/// One model from text to values. Every stage leaves what it made for whoever wants to look.
class Session {
 public:
  explicit Session(Files& files) : files_(files) {}

  /// Reads a file and all it uses, and resolves them. False if there are errors; they are in
  /// `diagnostics()`.
  bool load(std::string const& path, LoadOptions const& options = {});

  /// The base or a scenario, evaluated once and kept. None if its equations have an illegal cycle,
  /// which is then reported. The model must have loaded.
  Result const* evaluate(std::optional<model::ScenarioId> scenario = std::nullopt);

  /// The same, with the bounds of some lines.
  Result const* evaluate_bounds(std::optional<model::ScenarioId> scenario,
                                std::vector<model::LineId> const& lines);

  [[nodiscard]] model::Model const& model() const { return model_; }
  [[nodiscard]] SourceSet const& sources() const { return sources_; }
  [[nodiscard]] Interner const& interner() const { return interner_; }
  [[nodiscard]] Diagnostics& diagnostics() { return diagnostics_; }
  [[nodiscard]] Diagnostics const& diagnostics() const { return diagnostics_; }
  /// The user's own file as tokens and as a tree.
  [[nodiscard]] TokenStream const& tokens() const { return files_read_.front().tokens; }
  [[nodiscard]] ast::Tree const& tree() const { return files_read_.front().tree; }

 private:
  struct FileRead {
    std::string path; ///< or the name of a library module
    bool library;
    TokenStream tokens;
    ast::Tree tree;
    std::vector<std::size_t> chain; ///< the files that led here, this one included
  };
  bool read_all(std::string const& path);
  void read_file(std::string const& path, std::string text, bool library,
                 std::vector<std::size_t> chain);
  void follow(std::size_t file);
  void follow_module(ast::Use const& use, std::vector<std::size_t> const& chain);
  void follow_path(ast::Use const& use, std::size_t from, std::vector<std::size_t> const& chain);
  std::optional<std::string> path_of(ast::Text const& written, std::size_t from);
  void read_data(ast::Table const& table, std::size_t from);

  Files& files_;
  SourceSet sources_;
  Interner interner_;
  Diagnostics diagnostics_;
  std::deque<FileRead> files_read_;
  std::deque<ast::Tree> overlays_;
  std::unordered_map<ast::Table const*, SourceId> data_; ///< the files that tables are read from
  std::unordered_map<std::string, SourceId> data_paths_; ///< the same, by path: each is read once
  Arena expression_arena_;
  std::string root_; ///< the folder of the user's file
  model::Model model_;
  std::unique_ptr<Result> base_;
  std::vector<std::unique_ptr<Result>> results_; ///< by scenario
};

} // namespace scn
