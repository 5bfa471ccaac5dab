#pragma once

#include "lang/resolve/context.hpp"
#include "lang/resolve/units.hpp"

namespace scn::resolve {

/// Collects what the files declare: names first, in whatever order they stand, then what each
/// declaration says. After it every name has its entity, and every line its kind, type and axes.
class Declarations {
 public:
  Declarations(Context& context, Units& units) : context_(context), units_(units) {}

  void collect(ResolveInput const& input);

 private:
  void reserve_lines(std::vector<ast::Tree const*> const& trees);
  void names_of(ast::Statement const& statement, bool library);
  void head_of(ast::Statement const& statement, bool main, bool library);
  void declare_line(ast::Line const& line, ast::Statement const& s, bool library);
  void declare_members(ast::Member const& member, Span doc, bool library);
  void declare_source(ast::Source const& source);
  void declare_scenario(ast::Scenario const& scenario);
  void order_members();
  void add_vintages();
  void check_modules(ResolveInput const& input);
  void resolve_group(std::uint32_t index, int depth);
  void resolve_line(model::LineId line);
  void set_timeline(ast::Timeline const& timeline, bool main);
  void settle_copies();
  void set_currency(ast::Currency const& currency, bool main);
  void order_scenarios();
  std::string doc_text(Span doc) const;

  Context& context_;
  Units& units_;
  struct PendingMember {
    Symbol name;
    std::uint32_t entry;
    model::Member member;
  };
  std::vector<std::vector<PendingMember>> members_; ///< by dimension, in the order of the text
  std::vector<ast::Scenario const*> scenarios_;
  std::vector<std::pair<std::size_t, ast::Name>> copies_; ///< a document, and the one it copies
  Span timeline_;
  bool timeline_is_main_ = false;
  Span currency_;
  bool currency_is_main_ = false;
};

} // namespace scn::resolve
