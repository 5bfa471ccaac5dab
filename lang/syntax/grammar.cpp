// The statements of the language as a Spirit X3 grammar over tokens. It follows the grammar page
// rule by rule. Expressions, ranges, units and the inside of tables are read by plain functions,
// which are terminals here: an operator table is shorter as a loop, and faster.

#include "lang/syntax/parse.hpp"
#include "lang/syntax/parse_state.hpp"

#include <boost/spirit/home/x3.hpp>

#include <fmt/format.h>

namespace scn {

namespace {

namespace x3 = boost::spirit::x3;
using syntax::ParseState;

#include "lang/syntax/terminals.ipp"

constexpr name_parser name;
constexpr string_parser text;
constexpr function_parser<ast::ExprPtr, syntax::parse_expression> expr;
constexpr function_parser<ast::Range, syntax::parse_range> span;
constexpr function_parser<ast::ExprPtr, syntax::parse_period> period;
constexpr function_parser<ast::UnitExpr const*, syntax::parse_unit> unit;
constexpr auto comma = tok(Kind::comma);
constexpr auto assign = tok(Kind::assign);

// ------------------------------------------------------------------- right sides and their tails

x3::rule<struct right_id, ast::Right> const right{"right side"};
auto const
    right_def = -(tok(Kind::kw_over)[set(&ast::Right::qualifier, ast::Qualifier::over)]
                  | tok(Kind::kw_under)[set(&ast::Right::qualifier, ast::Qualifier::under)]
                  | tok(Kind::kw_about)[set(&ast::Right::qualifier, ast::Qualifier::about)]
                  | tok(Kind::kw_nearly)[set(&ast::Right::qualifier, ast::Qualifier::nearly)])
                >> expr[put(&ast::Right::value)]
                >> -(tok(Kind::dots) >> expr[put(&ast::Right::high)]
                     >> -(tok(Kind::kw_at) >> expr[put(&ast::Right::at)]));

x3::rule<struct cite_id, ast::Cite> const cite{"citation"};
auto const cite_def = tok(Kind::kw_from) >> want(name)[put(&ast::Cite::source)]
                      >> -text[put(&ast::Cite::place)];

/// Stores a part of a tail that may be given only once.
template <class Member>
auto once(Member member, std::string_view what) {
  return [=](auto& context) {
    auto& part = x3::_val(context).*member;
    const bool given = [&] {
      if constexpr (requires { part.source; })
        return part.source.written();
      else
        return static_cast<bool>(part);
    }();
    if (given)
      state_of(context).report(Code::repeated_tail, (x3::_where(context).begin() - 1)->span,
                               fmt::format("{} is given twice", what), "once is enough");
    part = x3::_attr(context);
  };
}

auto tagged(ast::Tag tag) {
  return [tag](auto& context) {
    ast::Tail& tail = x3::_val(context);
    if (tail.tag != ast::Tag::none)
      if (auto* d = state_of(context).report(Code::repeated_tail, x3::_attr(context),
                                             "a figure has one tag", "a second tag"))
        d->at(tail.tag_span, "the first");
    tail.tag = tag;
    tail.tag_span = x3::_attr(context);
  };
}

auto exactly() {
  return [](auto& context) {
    if (x3::_val(context).exact)
      state_of(context).report(Code::repeated_tail, x3::_attr(context), "`exact` is given twice",
                               "once is enough");
    x3::_val(context).exact = true;
    x3::_val(context).exact_span = x3::_attr(context);
  };
}

x3::rule<struct tail_id, ast::Tail> const tail{"tail"};
auto const tail_def =
    *(tok(Kind::kw_actual)[tagged(ast::Tag::actual)]
      | tok(Kind::kw_guidance)[tagged(ast::Tag::guidance)]
      | tok(Kind::kw_estimate)[tagged(ast::Tag::estimate)]
      | tok(Kind::kw_assumed)[tagged(ast::Tag::assumed)] | tok(Kind::kw_exact)[exactly()]
      | (tok(Kind::kw_range) >> right[once(&ast::Tail::range, "`range`")])
      | (tok(Kind::tilde) >> expr[once(&ast::Tail::distribution, "a distribution")])
      | (tok(Kind::kw_within) >> expr[once(&ast::Tail::within, "`within`")])
      | cite[once(&ast::Tail::cite, "a source")]);

/// A tail goes to the arena; where nothing is written there is none.
ast::Tail const* kept(ParseState& state, ast::Tail const& t) {
  const bool written = t.tag != ast::Tag::none || t.exact || t.range || t.distribution != nullptr
                       || t.within != nullptr || t.cite.source.written();
  return written ? state.arena().make<ast::Tail>(t) : nullptr;
}

auto keep_tail() {
  return
      [](auto& context) { x3::_val(context).tail = kept(state_of(context), x3::_attr(context)); };
}

x3::rule<struct place_id, ast::Place> const place{"place"};
auto const place_def =
    -(ahead_parser(Kind::name, Kind::assign) >> name[put(&ast::Place::axis)] >> assign)
    >> span[put(&ast::Place::range)];

/// `[meta, 2026..]` behind the name of a line.
template <class Node>
auto places() {
  return tok(Kind::left_bracket) >> place[add(&Node::places)] % comma
         >> want(tok(Kind::right_bracket));
}

// --------------------------------------------------------------------------------- declarations

x3::rule<struct model_id, ast::Model> const model{"model"};
auto const model_def = tok(Kind::kw_model) >> want(text)[put(&ast::Model::title)];

x3::rule<struct use_id, ast::Use> const use{"use"};
auto const use_def = tok(Kind::kw_use) >> want(text[put(&ast::Use::file)]
                                               | (name[add(&ast::Use::path)] % tok(Kind::dot)));

x3::rule<struct timeline_id, ast::Timeline> const timeline{"timeline"};
auto const timeline_def = tok(Kind::kw_timeline) >> period[put(&ast::Timeline::first)]
                          >> want(tok(Kind::dots)) >> period[put(&ast::Timeline::last)]
                          >> want(name)[put(&ast::Timeline::grain)];

x3::rule<struct currency_id, ast::Currency> const currency{"currency"};
auto const currency_def = tok(Kind::kw_currency) >> want(name)[put(&ast::Currency::unit)];

x3::rule<struct attribute_id, ast::Attribute> const attribute{"attribute"};
auto const attribute_def = name[put(&ast::Attribute::name)] >> -assign
                           >> (text[put(&ast::Attribute::text)]
                               | expr[put(&ast::Attribute::value)]);

x3::rule<struct source_id, ast::Source> const source{"source"};
auto const source_def = tok(Kind::kw_source) >> want(name)[put(&ast::Source::name)]
                        >> -text[put(&ast::Source::title)]
                        >> -block(attribute[add(&ast::Source::attributes)]);

x3::rule<struct dimension_id, ast::Dimension> const dimension{"dimension"};
auto const dimension_def = tok(Kind::kw_dimension) >> want(name)[put(&ast::Dimension::name)]
                           >> -text[put(&ast::Dimension::label)];

x3::rule<struct group_id, ast::Group> const group{"group"};
auto const group_def = tok(Kind::kw_group) >> want(name)[put(&ast::Group::name)]
                       >> -text[put(&ast::Group::label)] >> want(assign)
                       >> want(name[add(&ast::Group::members)] % comma);

x3::rule<struct unit_id, ast::Unit> const unit_declaration{"unit"};
auto const unit_declaration_def = tok(Kind::kw_unit) >> want(name)[put(&ast::Unit::name)]
                                  >> -(assign >> expr[put(&ast::Unit::value)]);

x3::rule<struct axis_id, ast::Axis> const axis{"axis"};
auto const axis_def = name[put(&ast::Axis::dimension)]
                      >> -(tok(Kind::kw_in) >> want(name)[put(&ast::Axis::group)]);

auto typed_by_unit() {
  return [](auto& context) {
    ast::UnitExpr const* unit = x3::_attr(context);
    x3::_val(context) = {ast::Type::Kind::unit, unit, unit->span};
  };
}
auto typed_as(ast::Type::Kind kind) {
  return [kind](auto& context) { x3::_val(context) = {kind, nullptr, x3::_attr(context)}; };
}

x3::rule<struct type_id, ast::Type> const type{"type"};
auto const type_def = tok(Kind::kw_period)[typed_as(ast::Type::Kind::period)]
                      | word_parser("truth", "`truth`")[typed_as(ast::Type::Kind::truth)]
                      | unit[typed_by_unit()];

x3::rule<struct line_id, ast::Line> const line{"line"};
auto const line_def =
    (tok(Kind::kw_flow)[set(&ast::Line::kind, ast::LineKind::flow)]
     | tok(Kind::kw_stock)[set(&ast::Line::kind, ast::LineKind::stock)]
     | tok(Kind::kw_rate)[set(&ast::Line::kind, ast::LineKind::rate)]
     | tok(Kind::kw_assume)[set(&ast::Line::kind, ast::LineKind::assume)]
     | tok(Kind::kw_fx)[set(&ast::Line::kind, ast::LineKind::fx)]
     | tok(Kind::kw_let)[set(&ast::Line::kind, ast::LineKind::let)])
    >> want(name)[put(&ast::Line::name)] >> -text[put(&ast::Line::label)]
    >> -(tok(Kind::colon) >> type[put(&ast::Line::type)])
    >> -(tok(Kind::kw_by) >> want(axis[add(&ast::Line::axes)] % comma))
    >> -(word_parser("fiscal", "`fiscal`")[set(&ast::Line::word, ast::LineWord::fiscal)]
         | word_parser("average", "`average`")[set(&ast::Line::word, ast::LineWord::average)]
         | word_parser("closing", "`closing`")[set(&ast::Line::word, ast::LineWord::closing)])
    >> -(assign >> right[put(&ast::Line::right)]) >> tail[keep_tail()];

x3::rule<struct member_name_id, ast::MemberName> const member_name{"member"};
auto const member_name_def =
    name[put(&ast::MemberName::name)] >> -text[put(&ast::MemberName::label)];

x3::rule<struct parameter_id, ast::Parameter> const parameter{"parameter"};
auto const parameter_def = name[put(&ast::Parameter::name)]
                           >> -(tok(Kind::colon) >> type[put(&ast::Parameter::type)]);

x3::rule<struct function_id, ast::Function> const function{"function"};
auto const function_def = tok(Kind::kw_fn) >> want(name)[put(&ast::Function::name)]
                          >> want(tok(Kind::left_paren))
                          >> want(parameter[add(&ast::Function::parameters)] % comma)
                          >> want(tok(Kind::right_paren))
                          >> -(tok(Kind::colon) >> type[put(&ast::Function::type)])
                          >> -(assign >> expr[put(&ast::Function::body)]);

// ------------------------------------------------------------------------------------ equations

/// What begins with a line's name: an equation, or a knob's range or distribution. Which one shows
/// only behind the region, so both are read by one rule.
struct Named {
  ast::Name name;
  List<ast::Place> places;
  ast::AssignOp op = ast::AssignOp::set;
  Span op_span;
  ast::Right right;
  ast::Tail const* tail = nullptr;
  std::optional<ast::Right> range;
  ast::ExprPtr distribution = nullptr;
  ast::Cite cite;
};

auto assigned(ast::AssignOp op) {
  return [op](auto& context) {
    x3::_val(context).op = op;
    x3::_val(context).op_span = x3::_attr(context);
  };
}

x3::rule<struct named_id, Named> const named{"equation"};
auto const named_def = name[put(&Named::name)] >> -places<Named>()
                       >> want(((tok(Kind::assign)[assigned(ast::AssignOp::set)]
                                 | tok(Kind::star_assign)[assigned(ast::AssignOp::multiply)]
                                 | tok(Kind::plus_assign)[assigned(ast::AssignOp::add)])
                                >> right[put(&Named::right)] >> tail[keep_tail()])
                               | (((tok(Kind::kw_range) >> right[put(&Named::range)])
                                   | (tok(Kind::tilde) >> expr[put(&Named::distribution)]))
                                  >> -cite[put(&Named::cite)]));

/// Keeps a named statement as what it turned out to be.
auto keep_named() {
  return [](auto& context) {
    Named const& n = x3::_attr(context);
    Arena& arena = state_of(context).arena();
    if (n.range || n.distribution != nullptr) {
      x3::_val(context).node = static_cast<ast::Knob const*>(
          arena.make<ast::Knob>(n.name, n.places, n.range, n.distribution, n.cite));
    } else {
      x3::_val(context).node = static_cast<ast::Equation const*>(
          arena.make<ast::Equation>(n.name, n.places, n.op, n.op_span, n.right, n.tail));
    }
  };
}

/// Adds the equation of a member's block; nothing else may stand there.
auto add_equation() {
  return [](auto& context) {
    Named const& n = x3::_attr(context);
    ParseState& state = state_of(context);
    if (n.range || n.distribution != nullptr) {
      state.report(Code::not_here, n.name.span, "a member's block holds equations only");
      return;
    }
    x3::_val(context).equations.push(
        state.arena(), ast::Equation{n.name, n.places, n.op, n.op_span, n.right, n.tail});
  };
}

x3::rule<struct member_id, ast::Member> const member{"member"};
auto const member_def = name[put(&ast::Member::dimension)]
                        >> (member_name[add(&ast::Member::names)] % comma)
                        >> -block(named[add_equation()]);

/// The braces of a table. Their reader stores into the table itself, which X3 hands to the parts of
/// a rule as its right-hand context.
struct table_body_parser : x3::parser<table_body_parser> {
  using attribute_type = x3::unused_type;
  [[maybe_unused]] static constexpr bool has_attribute = false; // X3 asks, though not of each use

  template <class Context, class Attribute>
  bool parse(Iterator& first, Iterator const&, Context const& context, ast::Table& table,
             Attribute&) const {
    syntax::parse_table_body(state_of(context), first, table);
    return true;
  }
};

/// The document behind the braces; the file that may stand before them stays.
auto cite_behind() {
  return [](auto& context) {
    ast::Cite& cite = x3::_val(context).cite;
    if (cite.source.written())
      state_of(context).report(Code::repeated_tail, x3::_attr(context).source.span,
                               "a source is given twice", "once is enough");
    const ast::Text file = cite.file;
    cite = x3::_attr(context);
    cite.file = file;
  };
}

auto from_file() {
  return [](auto& context) { x3::_val(context).cite.file = x3::_attr(context); };
}

x3::rule<struct table_id, ast::Table> const table{"table"};
auto const
    table_def = tok(Kind::kw_table) >> want(name)[put(&ast::Table::name)] >> -places<ast::Table>()
                >> -word_parser("ytd", "`ytd`")[set(&ast::Table::year_to_date, true)]
                >> -(tok(Kind::kw_in) >> unit[put(&ast::Table::unit)])
                >> -(((tok(Kind::kw_from) >> text[from_file()]) | cite[put(&ast::Table::cite)]))
                >> table_body_parser{} >> -cite[cite_behind()];

// ------------------------------------------------------- claims, checks, scenarios, views, sources

x3::rule<struct claim_id, ast::Claim> const claim{"claim"};
auto const claim_def = tok(Kind::kw_claim) >> -text[put(&ast::Claim::label)]
                       >> expr[put(&ast::Claim::left)]
                       >> -(assign >> right[put(&ast::Claim::stated)]) >> tail[keep_tail()];

x3::rule<struct check_id, ast::Check> const check{"check"};
auto const check_def = tok(Kind::kw_check) >> -text[put(&ast::Check::label)]
                       >> expr[put(&ast::Check::condition)] >> tail[keep_tail()];

x3::rule<struct prefer_id, ast::Prefer> const prefer{"prefer"};
auto const prefer_def = tok(Kind::kw_prefer) >> want(name[add(&ast::Prefer::sources)] % comma)
                        >> -(word_parser("for", "`for`") >> want(name)[put(&ast::Prefer::line)]
                             >> -places<ast::Prefer>());

/// Keeps a statement's node in the arena.
auto keep() {
  return [](auto& context) {
    using Node = std::decay_t<decltype(x3::_attr(context))>;
    x3::_val(context).node =
        static_cast<Node const*>(state_of(context).arena().template make<Node>(x3::_attr(context)));
  };
}

/// A statement with its place and its doc comment.
template <class Subject>
struct placed_parser : x3::unary_parser<Subject, placed_parser<Subject>> {
  using base_type = x3::unary_parser<Subject, placed_parser<Subject>>;
  using attribute_type = ast::Statement const*;
  static bool const has_attribute = true;
  static bool const has_action = false;

  constexpr explicit placed_parser(Subject const& subject) : base_type(subject) {}

  template <class Context, class RContext, class Attribute>
  bool parse(Iterator& first, Iterator const& last, Context const& context, RContext& rcontext,
             Attribute& attribute) const {
    ParseState& state = state_of(context);
    Iterator const begin = first;
    ast::Statement statement;
    if (!this->subject.parse(first, last, context, rcontext, statement)) return false;
    statement.span = first > begin ? cover(begin->span, (first - 1)->span) : begin->span;
    statement.doc = state.doc_before(begin);
    // What stands between the statement and its end is an error, too, and reported next.
    statement.broken = state.broken()
                       || (first->kind != Kind::end_of_statement && first->kind != Kind::right_brace
                           && first->kind != Kind::end_of_file);
    x3::traits::move_to(
        static_cast<ast::Statement const*>(state.arena().make<ast::Statement>(statement)),
        attribute);
    return true;
  }
};
template <class Parser>
constexpr auto placed(Parser const& parser) {
  return placed_parser<Parser>(parser);
}

x3::rule<struct scenario_item_id, ast::Statement> const scenario_item{"statement"};
auto const scenario_item_def = named[keep_named()] | claim[keep()] | check[keep()] | prefer[keep()];

x3::rule<struct scenario_id, ast::Scenario> const scenario{"scenario"};
auto const scenario_def = tok(Kind::kw_scenario) >> want(name)[put(&ast::Scenario::name)]
                          >> -text[put(&ast::Scenario::label)]
                          >> -(tok(Kind::kw_extends)
                               >> want(name[add(&ast::Scenario::parents)] % comma))
                          >> -block(placed(scenario_item)[add(&ast::Scenario::items)]);

x3::rule<struct shown_id, ast::Shown> const shown{"column"};
auto const shown_def = expr[put(&ast::Shown::value)] >> -text[put(&ast::Shown::label)];

x3::rule<struct view_id, ast::View> const view{"view"};
auto const view_def =
    tok(Kind::kw_view) >> want(name)[put(&ast::View::name)] >> -text[put(&ast::View::label)]
    >> want(block((word_parser("rows", "`rows`") >> shown[add(&ast::View::rows)] % comma)
                  | (word_parser("show", "`show`") >> shown[add(&ast::View::shown)] % comma)
                  | (word_parser("periods", "`periods`") >> span[put(&ast::View::periods)])
                  | (tok(Kind::kw_in) >> unit[put(&ast::View::unit)])));

x3::rule<struct statement_id, ast::Statement> const statement{"statement"};
auto const statement_def =
    (ahead_parser(Kind::name, Kind::name) >> member[keep()]) | named[keep_named()] | line[keep()]
    | table[keep()] | claim[keep()] | check[keep()] | scenario[keep()] | source[keep()]
    | group[keep()] | function[keep()] | unit_declaration[keep()] | dimension[keep()] | view[keep()]
    | use[keep()] | model[keep()] | timeline[keep()] | currency[keep()] | prefer[keep()];

// A rule is known by its name inside others, which keeps the types of the grammar short.
BOOST_SPIRIT_DEFINE(right, cite, tail, place, model, use, timeline, currency, attribute, source,
                    dimension, group, unit_declaration, axis, type, line, member_name, parameter,
                    function, named, member, table, claim, check, prefer, scenario_item, scenario,
                    shown, view, statement)

template <class Parser, class Attribute>
bool run(ParseState& state, Iterator& at, Parser const& parser, Attribute& attribute) {
  Iterator const last = state.end();
  return x3::parse(at, last, x3::with<state_tag>(std::ref(state))[parser], attribute);
}

} // namespace

syntax::Figure syntax::parse_figure(ParseState& state, Token const*& at) {
  Figure out;
  ast::Tail behind;
  run(state, at, right, out.right);
  run(state, at, tail, behind);
  out.tail = kept(state, behind);
  return out;
}

ast::Tree parse(SourceSet const& sources, TokenStream const& stream, Interner& interner,
                Diagnostics& diagnostics) {
  ast::Tree tree;
  tree.source = stream.source;
  ParseState state(sources, stream, interner, tree.arena, diagnostics);
  Iterator at = state.begin();
  while (at->kind != Kind::end_of_file) {
    if (at->kind == Kind::end_of_statement) {
      ++at;
      continue;
    }
    state.start_statement();
    Iterator const begin = at;
    ast::Statement const* item = nullptr;
    if (run(state, at, placed(statement), item)) {
      tree.statements.push_back(item);
    } else {
      state.expect_phrase("a statement", at);
      if (at->kind == Kind::right_brace) {
        state.report(Code::unclosed, at->span, "this brace closes nothing");
      } else {
        state.report_unexpected(at);
      }
    }
    run(state, at, statement_end_parser{}, x3::unused);
    if (at == begin) ++at; // a stray closing brace
  }
  return tree;
}

ExpressionTree parse_single_expression(SourceSet const& sources, TokenStream const& stream,
                                       Interner& interner, Diagnostics& diagnostics) {
  ExpressionTree out;
  ParseState state(sources, stream, interner, out.arena, diagnostics);
  Iterator at = state.begin();
  out.expression = syntax::parse_expression(state, at);
  run(state, at, statement_end_parser{}, x3::unused);
  if (at->kind != Kind::end_of_file) state.report_unexpected(at);
  return out;
}

} // namespace scn
