#include "engine/session/session.hpp"

#include "engine/eval/invariants.hpp"
#include "lang/model/invariants.hpp"
#include "lang/resolve/resolve.hpp"
#include "lang/source/invariant.hpp"
#include "lang/source/render.hpp"
#include "lang/syntax/parse.hpp"
#include "lang/syntax/tokenize.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scn {

namespace {

std::string folder_of(std::string const& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

/// `a/./b/../c` without its dots; none if it leaves the folder it starts in.
std::optional<std::string> inside(std::string_view path) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part == "..") {
      if (parts.empty()) return std::nullopt;
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  std::string out;
  for (std::string_view part : parts)
    out += (out.empty() ? "" : "/") + std::string(part);
  return out;
}

} // namespace

void Session::read_file(std::string const& path, std::string text, bool library,
                        std::vector<std::size_t> chain) {
  const SourceId id = sources_.add(path, std::move(text),
                                   library ? SourceSet::Origin::library : SourceSet::Origin::user);
  FileRead file;
  file.path = path;
  file.library = library;
  file.tokens = tokenize(sources_, id, diagnostics_);
  file.tree = parse(sources_, file.tokens, interner_, diagnostics_);
  chain.push_back(files_read_.size());
  file.chain = std::move(chain);
  files_read_.push_back(std::move(file));
}

bool Session::read_all(std::string const& path) {
  Files::Read main = files_.read(path, {});
  if (!main.text) {
    diagnostics_.report(Code::missing_file, {},
                        fmt::format("cannot read {}: {}", path, main.error));
    return false;
  }
  root_ = folder_of(path);
  read_file(path, std::move(*main.text), false, {});
  read_file("std.prelude", std::string(*library_module("std.prelude")), true, {});
  for (std::size_t i = 0; i < files_read_.size(); ++i)
    follow(i);
  return true;
}

void Session::follow(std::size_t index) {
  // The list grows while a file is followed, so nothing of it is held on to.
  const std::vector<ast::Statement const*> statements = files_read_[index].tree.statements;
  const std::vector<std::size_t> chain = files_read_[index].chain;
  for (ast::Statement const* s : statements) {
    if (auto const* table = std::get_if<ast::Table const*>(&s->node); table != nullptr)
      if ((*table)->cite.file.written() && !s->broken) read_data(**table, index);
    auto const* use = std::get_if<ast::Use const*>(&s->node);
    if (use == nullptr) continue;
    if ((*use)->file.written()) {
      follow_path(**use, index, chain);
    } else if (!(*use)->path.empty()) {
      follow_module(**use, chain);
    }
  }
}

void Session::follow_module(ast::Use const& use, std::vector<std::size_t> const& chain) {
  std::string name;
  Span span;
  for (ast::Name const& part : use.path) {
    name += (name.empty() ? "" : ".") + std::string(interner_.text(part.symbol));
    span = cover(span, part.span);
  }
  for (FileRead const& file : files_read_)
    if (file.library && file.path == name) return;
  const auto text = library_module(name);
  if (!text) {
    auto& d = diagnostics_.report(Code::unknown_module, span,
                                  fmt::format("the standard library has no `{}`", name));
    std::vector<std::string_view> near;
    std::string_view rest = library_modules();
    while (!rest.empty()) {
      near.push_back(rest.substr(0, rest.find(' ')));
      rest.remove_prefix(std::min(rest.size(), near.back().size() + 1));
    }
    const auto best = nearest_name(name, near);
    d.hint(best.empty() ? fmt::format("it has {}; a file of your own is named in quotes",
                                      fmt::join(near, ", "))
                        : fmt::format("did you mean `{}`?", best));
    return;
  }
  read_file(name, std::string(*text), true, chain);
}

/// The path of a file that another one names. It is seen from there, and never leads above the
/// folder of the first file, which is reported.
std::optional<std::string> Session::path_of(ast::Text const& written, std::size_t from) {
  const std::string name(written.value);
  const std::string base = folder_of(files_read_[from].path).substr(root_.size());
  const auto relative =
      name.starts_with('/') || name.starts_with('~') ? std::nullopt : inside(base + name);
  if (relative && !relative->empty()) return root_ + *relative;
  diagnostics_
      .report(Code::file_outside, written.span,
              "a used file lies in the folder of the model or below it")
      .hint("copy it there; absolute paths, `~` and `..` out of the folder are refused");
  return std::nullopt;
}

/// Reads the file that a table names.
void Session::read_data(ast::Table const& table, std::size_t from) {
  if (files_read_[from].library) return;
  const auto path = path_of(table.cite.file, from);
  if (!path) return;
  if (auto known = data_paths_.find(*path); known != data_paths_.end()) {
    data_.emplace(&table, known->second);
    return;
  }
  Files::Read read = files_.read(*path, root_.empty() ? "./" : root_);
  if (!read.text) {
    diagnostics_.report(Code::missing_file, table.cite.file.span,
                        fmt::format("cannot read {}: {}", *path, read.error));
    return;
  }
  const SourceId source = sources_.add(*path, std::move(*read.text));
  data_paths_.emplace(*path, source);
  data_.emplace(&table, source);
}

void Session::follow_path(ast::Use const& use, std::size_t from,
                          std::vector<std::size_t> const& chain) {
  if (files_read_[from].library) return;
  const auto found = path_of(use.file, from);
  if (!found) return;
  std::string const& path = *found;
  for (std::size_t i = 0; i < files_read_.size(); ++i) {
    if (files_read_[i].library || files_read_[i].path != path) continue;
    auto const at = std::find(chain.begin(), chain.end(), i);
    if (at == chain.end()) return; // used twice, read once
    std::string loop;
    for (auto step = at; step != chain.end(); ++step)
      loop += files_read_[*step].path + " -> ";
    diagnostics_.report(Code::use_cycle, use.file.span,
                        fmt::format("these files use one another: {}{}", loop, path));
    return;
  }
  Files::Read read = files_.read(path, root_.empty() ? "./" : root_);
  if (!read.text) {
    diagnostics_.report(Code::missing_file, use.file.span,
                        fmt::format("cannot read {}: {}", path, read.error));
    return;
  }
  read_file(path, std::move(*read.text), false, chain);
}

bool Session::load(std::string const& path, LoadOptions const& options) {
  if (!read_all(path)) return false;
  ResolveInput input;
  for (FileRead const& file : files_read_)
    input.files.push_back(&file.tree);
  input.as_of = options.as_of;
  input.data = data_;
  std::size_t number = 0;
  for (std::string const& set : options.sets) {
    const SourceId id = sources_.add(fmt::format("--set {}", ++number), set);
    overlays_.push_back(
        parse(sources_, tokenize(sources_, id, diagnostics_), interner_, diagnostics_));
    input.overlays.push_back(&overlays_.back());
  }
  if (!options.expression.empty()) {
    const SourceId id = sources_.add("--expr", options.expression);
    ExpressionTree tree = parse_single_expression(sources_, tokenize(sources_, id, diagnostics_),
                                                  interner_, diagnostics_);
    input.expression = tree.expression;
    expression_arena_ = std::move(tree.arena);
  }
  model_ = resolve_model(input, sources_, interner_, diagnostics_);
  results_.resize(model_.scenarios.size());
  if (diagnostics_.has_errors()) return false;
  if constexpr (invariants_on) model::check_invariants(model_);
  return true;
}

Result const* Session::evaluate(std::optional<model::ScenarioId> scenario) {
  std::unique_ptr<Result>& slot = scenario ? results_[scenario->value] : base_;
  if (slot != nullptr) return slot.get();
  const std::size_t errors = diagnostics_.error_count();
  auto result = std::make_unique<Result>();
  result->scenario = scenario;
  result->stack = eval::make_stack(model_, model_.layers_of(scenario), diagnostics_);
  if (diagnostics_.error_count() > errors) return nullptr;
  if constexpr (invariants_on) eval::check_invariants(model_, result->stack);
  if (!scenario) {
    result->values = eval::evaluate(model_, result->stack, &result->log.cells);
  } else {
    Result const* base = evaluate();
    if (base == nullptr) {
      result->values = eval::evaluate(model_, result->stack, &result->log.cells);
    } else {
      result->values =
          recompute::recompute(model_, base->stack, base->values, result->stack, &result->log);
    }
  }
  if constexpr (invariants_on) eval::check_invariants(model_, result->stack, result->values);
  slot = std::move(result);
  return slot.get();
}

Result const* Session::evaluate_bounds(std::optional<model::ScenarioId> scenario,
                                       std::vector<model::LineId> const& lines) {
  if (evaluate(scenario) == nullptr) return nullptr;
  Result& result = scenario ? *results_[scenario->value] : *base_;
  if (!result.bounds)
    result.bounds.emplace(model_, result.stack, result.values, eval::Freedom::words);
  result.bounds->evaluate(lines);
  return &result;
}

} // namespace scn
