// The smallest parsers of the grammar, over tokens. Part of grammar.cpp, the only translation unit
// that sees Spirit.
//
// The input always ends in an `end_of_file` token, so no terminal needs to look for the end. Behind
// the word that commits to a statement the grammar says `want(...)`: such a parser never fails. It
// reports, sets the statement to broken and goes on, so that what was readable stays in the tree.

using Iterator = Token const*;
using Kind = TokenKind;

struct state_tag;

template <class Context>
ParseState& state_of(Context const& context) {
  return x3::get<state_tag>(context).get();
}

/// A token of one kind; its attribute is the token's place.
struct token_parser : x3::parser<token_parser> {
  using attribute_type = Span;
  static bool const has_attribute = true;
  Kind kind;

  constexpr explicit token_parser(Kind k) : kind(k) {}

  template <class Context, class RContext, class Attribute>
  bool parse(Iterator& first, Iterator const&, Context const& context, RContext&,
             Attribute& attribute) const {
    if (first->kind != kind) {
      state_of(context).expect(kind, first);
      return false;
    }
    x3::traits::move_to(first->span, attribute);
    ++first;
    return true;
  }
};
constexpr token_parser tok(Kind kind) { return token_parser(kind); }

/// A word that is not reserved and has a meaning in one place only (`rows`, `yearly`, `ytd`).
struct word_parser : x3::parser<word_parser> {
  using attribute_type = Span;
  static bool const has_attribute = true;
  std::string_view word;
  std::string_view phrase; ///< how a message calls it, with its quotes

  constexpr word_parser(std::string_view w, std::string_view p) : word(w), phrase(p) {}

  template <class Context, class RContext, class Attribute>
  bool parse(Iterator& first, Iterator const&, Context const& context, RContext&,
             Attribute& attribute) const {
    if (first->kind != Kind::name || state_of(context).text(first) != word) {
      state_of(context).expect_phrase(phrase, first);
      return false;
    }
    x3::traits::move_to(first->span, attribute);
    ++first;
    return true;
  }
};

struct name_parser : x3::parser<name_parser> {
  using attribute_type = ast::Name;
  static bool const has_attribute = true;

  template <class Context, class RContext, class Attribute>
  bool parse(Iterator& first, Iterator const&, Context const& context, RContext&,
             Attribute& attribute) const {
    if (first->kind != Kind::name) {
      state_of(context).expect(Kind::name, first);
      return false;
    }
    x3::traits::move_to(state_of(context).name(first), attribute);
    ++first;
    return true;
  }
};

struct string_parser : x3::parser<string_parser> {
  using attribute_type = ast::Text;
  static bool const has_attribute = true;

  template <class Context, class RContext, class Attribute>
  bool parse(Iterator& first, Iterator const&, Context const& context, RContext&,
             Attribute& attribute) const {
    if (first->kind != Kind::string) {
      state_of(context).expect(Kind::string, first);
      return false;
    }
    x3::traits::move_to(state_of(context).string(first), attribute);
    ++first;
    return true;
  }
};

/// A parser that reads with a plain function; it never fails.
template <class Attribute_, Attribute_ (*read)(ParseState&, Iterator&)>
struct function_parser : x3::parser<function_parser<Attribute_, read>> {
  using attribute_type = Attribute_;
  static bool const has_attribute = true;

  template <class Context, class RContext, class Attribute>
  bool parse(Iterator& first, Iterator const&, Context const& context, RContext&,
             Attribute& attribute) const {
    x3::traits::move_to(read(state_of(context), first), attribute);
    return true;
  }
};

/// Succeeds without reading anything if the next tokens have these kinds.
struct ahead_parser : x3::parser<ahead_parser> {
  using attribute_type = x3::unused_type;
  static bool const has_attribute = false;
  Kind kinds[2];
  int count;

  constexpr explicit ahead_parser(Kind a) : kinds{a, a}, count(1) {}
  constexpr ahead_parser(Kind a, Kind b) : kinds{a, b}, count(2) {}

  template <class Context, class RContext, class Attribute>
  bool parse(Iterator& first, Iterator const&, Context const&, RContext&, Attribute&) const {
    for (int i = 0; i < count; ++i)
      if ((first + i)->kind != kinds[i]) return false;
    return true;
  }
};

/// Reads what must stand here, or reports that it does not and goes on without.
template <class Subject>
struct want_parser : x3::unary_parser<Subject, want_parser<Subject>> {
  using base_type = x3::unary_parser<Subject, want_parser<Subject>>;
  static bool const is_pass_through_unary = true;

  constexpr explicit want_parser(Subject const& subject) : base_type(subject) {}

  template <class Context, class RContext, class Attribute>
  bool parse(Iterator& first, Iterator const& last, Context const& context, RContext& rcontext,
             Attribute& attribute) const {
    if (!this->subject.parse(first, last, context, rcontext, attribute))
      state_of(context).report_unexpected(first);
    return true;
  }
};
template <class Parser>
constexpr auto want(Parser const& parser) {
  return want_parser<typename x3::extension::as_parser<Parser>::value_type>(x3::as_parser(parser));
}

/// The end of a statement: its line's, or a brace that closes the block around it. After an error
/// everything up to there is skipped.
struct statement_end_parser : x3::parser<statement_end_parser> {
  using attribute_type = x3::unused_type;
  static bool const has_attribute = false;

  template <class Context, class RContext, class Attribute>
  bool parse(Iterator& first, Iterator const&, Context const& context, RContext&,
             Attribute&) const {
    if (first->kind == Kind::end_of_statement && !state_of(context).broken()) {
      ++first;
      return true;
    }
    if (first->kind != Kind::right_brace && first->kind != Kind::end_of_file) {
      state_of(context).expect(Kind::end_of_statement, first);
      state_of(context).report_unexpected(first);
      skip(first);
    }
    return true;
  }

  static void skip(Iterator& first) {
    int depth = 0;
    for (; first->kind != Kind::end_of_file; ++first) {
      // A line that went on by mistake ends before the next word that begins a statement.
      if (depth == 0 && first->first_on_line && starts_statement(first->kind)) return;
      if (first->kind == Kind::left_brace) ++depth;
      if (first->kind == Kind::right_brace && depth-- == 0) return;
      if (first->kind == Kind::end_of_statement && depth == 0) {
        ++first;
        return;
      }
    }
  }
};

/// Is the block around a token closed anywhere behind it?
inline bool closed_after(Iterator token) {
  int depth = 0;
  for (; token->kind != Kind::end_of_file; ++token) {
    if (token->kind == Kind::left_brace) ++depth;
    if (token->kind == Kind::right_brace && depth-- == 0) return true;
  }
  return false;
}

/// `{ item ... }`. Each item is a statement of its own: what is wrong in one is reported there and
/// hides nothing of the next.
template <class Item>
struct block_parser : x3::unary_parser<Item, block_parser<Item>> {
  using base_type = x3::unary_parser<Item, block_parser<Item>>;
  static bool const is_pass_through_unary = true;

  constexpr explicit block_parser(Item const& item) : base_type(item) {}

  template <class Context, class RContext, class Attribute>
  bool parse(Iterator& first, Iterator const& last, Context const& context, RContext& rcontext,
             Attribute& attribute) const {
    ParseState& state = state_of(context);
    if (first->kind == Kind::end_of_statement && (first + 1)->kind == Kind::left_brace) {
      if (auto* d = state.report(Code::brace_on_next_line, (first + 1)->span,
                                 "`{` stands on the line of its head", "it stands alone here"))
        d->hint("move it to the end of the line before");
      ++first;
    }
    if (first->kind != Kind::left_brace) {
      state.expect(Kind::left_brace, first);
      return false;
    }
    const Span open = (first++)->span;
    const bool head_broken = state.broken();
    bool broken_inside = false;
    while (first->kind != Kind::right_brace && first->kind != Kind::end_of_file) {
      if (first->kind == Kind::end_of_statement) {
        ++first;
        continue;
      }
      state.start_statement();
      Iterator const begin = first;
      if (!this->subject.parse(first, last, context, rcontext, attribute)) {
        if (starts_statement(first->kind) && !closed_after(first)) break;
        if (starts_statement(first->kind))
          state
              .report(Code::not_here, first->span,
                      fmt::format("`{}` cannot stand inside these braces", state.text(first)))
              ->at(open, "opened here");
        else
          state.report_unexpected(first);
      }
      if (first == begin && first->kind != Kind::end_of_statement) ++first;
      statement_end_parser{}.parse(first, last, context, rcontext, x3::unused);
      broken_inside = broken_inside || state.broken();
    }
    state.start_statement();
    if (first->kind == Kind::right_brace) {
      ++first;
    } else {
      state.report(Code::unclosed, open, "this brace is never closed", "opened here");
    }
    if (head_broken || broken_inside) state.set_broken();
    return true;
  }
};
template <class Parser>
constexpr auto block(Parser const& parser) {
  return block_parser<typename x3::extension::as_parser<Parser>::value_type>(x3::as_parser(parser));
}

// Semantic actions: where a part goes in the node that the rule makes.

/// Stores the part in a member of the rule's node.
template <class Member>
auto put(Member member) {
  return [member](auto& context) { x3::_val(context).*member = x3::_attr(context); };
}
/// Stores a fixed value.
template <class Member, class Value>
auto set(Member member, Value value) {
  return [member, value](auto& context) { x3::_val(context).*member = value; };
}
/// Adds the part to a list of the rule's node.
template <class Member>
auto add(Member member) {
  return [member](auto& context) {
    (x3::_val(context).*member).push(state_of(context).arena(), x3::_attr(context));
  };
}
