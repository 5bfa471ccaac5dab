#pragma once

#include "engine/judge/judge.hpp"
#include "engine/session/session.hpp"

#include <string>
#include <vector>

/// Values as text: for people a table, for machines CSV and JSON.
namespace scn::report {

enum class Format : std::uint8_t { table, csv, json, markdown };

/// Which lines are shown: those asked for, or all that the user's files declare.
[[nodiscard]] std::vector<model::LineId> shown_lines(model::Model const& model,
                                                     std::vector<model::LineId> const& asked);

/// The cells of some lines in some scenarios.
[[nodiscard]] std::string render(model::Model const& model,
                                 std::vector<Result const*> const& results,
                                 std::vector<model::LineId> const& lines, Format format);

/// Views of the model, by their place in it, one after another.
[[nodiscard]] std::string render_views(model::Model const& model,
                                       std::vector<Result const*> const& results,
                                       std::vector<std::size_t> const& views, Format format);
/// Every line that some views show, each once.
[[nodiscard]] std::vector<model::LineId> lines_of(model::Model const& model,
                                                  std::vector<std::size_t> const& views);

/// The value of an expression, one row a cell, with its unit.
[[nodiscard]] std::string render_expression(model::Model const& model,
                                            std::vector<Result const*> const& results,
                                            std::string const& text, Format format);

/// What `scn check` found in one file.
struct Audit {
  std::string file;
  std::vector<judge::CheckResult> checks;
  std::vector<judge::ClaimResult> claims;
};
[[nodiscard]] std::string render(model::Model const& model, Audit const& audit,
                                 SourceSet const& sources, Diagnostics const& diagnostics,
                                 Format format);

/// What `scn facts` shows: every cited figure and equation with its source, in each scenario, and
/// what became of it; where sources compete, which one was taken and why.
[[nodiscard]] std::string render_facts(model::Model const& model,
                                       std::vector<Result const*> const& results,
                                       std::vector<model::LineId> const& lines,
                                       SourceSet const& sources, Format format);

/// A field of CSV (RFC 4180): quoted where it holds a comma, a quote or a line end.
[[nodiscard]] std::string quoted(std::string const& text);

/// Diagnostics for machines: an array of objects.
[[nodiscard]] std::string to_json(Diagnostics const& diagnostics, SourceSet const& sources);

} // namespace scn::report
