// What the front end made of a text, for people who look into it: `scn show tokens`, `scn show
// ast`.

#include "lang/syntax/parse.hpp"

#include <fmt/format.h>

#include <iterator>

namespace scn {

namespace {

template <class... Visitors>
struct overloaded : Visitors... {
  using Visitors::operator()...;
};
// clang 14 deduces no arguments of an aggregate by itself.
template <class... Visitors>
overloaded(Visitors...) -> overloaded<Visitors...>;

class AstDump {
 public:
  AstDump(SourceSet const& sources, Interner const& interner)
      : sources_(sources), interner_(interner) {}

  void statement(ast::Statement const& s, int indent);
  std::string take() { return std::move(out_); }

 private:
  void put(std::string_view text) { out_ += text; }
  void put(ast::Name const& name) {
    out_ += name.written() ? interner_.text(name.symbol) : "<missing>";
  }
  void put(ast::Text const& text) {
    fmt::format_to(std::back_inserter(out_), "\"{}\"", text.value);
  }
  void source(Span span) { out_ += sources_.text(span); }
  void label(ast::Text const& text) {
    if (!text.written()) return;
    put(" ");
    put(text);
  }
  template <class T>
  void names(List<T> const& list) {
    for (auto const& n : list) {
      put(" ");
      put(n);
    }
  }
  void expr(ast::ExprPtr e);
  void range(ast::Range const& r);
  void places(List<ast::Place> const& list);
  void bind(ast::Bind const& b);
  void right(ast::Right const& r);
  void tail(ast::Tail const* t);
  void cite(ast::Cite const& c);
  void unit(ast::UnitExpr const* u) {
    if (u != nullptr) source(u->span);
  }

  SourceSet const& sources_;
  Interner const& interner_;
  std::string out_;
};

std::string_view symbol_of(ast::BinaryOp op) {
  constexpr std::string_view symbols[] = {
      "+", "-", "*", "/", "^", "==", "!=", "<", "<=", ">", ">=", "and", "or", "else"};
  return symbols[static_cast<std::size_t>(op)];
}

void AstDump::expr(ast::ExprPtr e) {
  // A chain of operators is deep on its left side only; it is walked, not recursed into.
  std::vector<ast::Binary const*> spine;
  while (auto const* b = std::get_if<ast::Binary>(&e->node)) {
    fmt::format_to(std::back_inserter(out_), "({} ", symbol_of(b->op));
    spine.push_back(b);
    e = b->left;
  }
  std::visit(overloaded{
                 [&](ast::Binary const&) {},
                 [&](ast::Literal const&) { source(e->span); },
                 [&](ast::PeriodLiteral const&) { source(e->span); },
                 [&](ast::DateLiteral const&) { source(e->span); },
                 [&](ast::UnknownLiteral const& u) {
                   put("unknown");
                   label(u.reason);
                 },
                 [&](ast::TruthLiteral const& t) { put(t.value ? "true" : "false"); },
                 [&](ast::WordRef const&) { source(e->span); },
                 [&](ast::NameRef const& n) { put(interner_.text(n.symbol)); },
                 [&](ast::Unary const& u) {
                   put(u.op == ast::UnaryOp::logical_not ? "(not "
                       : u.op == ast::UnaryOp::minus     ? "(- "
                                                         : "(+ ");
                   expr(u.operand);
                   put(")");
                 },
                 [&](ast::If const& i) {
                   put("(if ");
                   expr(i.condition);
                   put(" ");
                   expr(i.then);
                   put(" ");
                   expr(i.otherwise);
                   put(")");
                 },
                 [&](ast::Index const* i) {
                   put("(index ");
                   expr(i->operand);
                   places(i->places);
                   put(")");
                 },
                 [&](ast::Call const* c) {
                   put("(call ");
                   put(c->callee);
                   if (c->known) put(" known");
                   for (ast::ExprPtr argument : c->arguments) {
                     put(" ");
                     expr(argument);
                   }
                   for (ast::Bind const& b : c->binds)
                     bind(b);
                   if (c->where != nullptr) {
                     put(" where ");
                     expr(c->where);
                   }
                   if (c->weight != nullptr) {
                     put(" weighted ");
                     expr(c->weight);
                   }
                   put(")");
                 },
                 [&](ast::In const* i) {
                   put("(in ");
                   expr(i->operand);
                   put(" ");
                   if (i->unit != nullptr) {
                     unit(i->unit);
                   } else {
                     range(i->range);
                   }
                   put(")");
                 },
                 [&](ast::Broken const&) { put("<broken>"); },
             },
             e->node);
  for (auto b = spine.rbegin(); b != spine.rend(); ++b) {
    put(" ");
    expr((*b)->right);
    put(")");
  }
}

void AstDump::range(ast::Range const& r) {
  if (r.low != nullptr) expr(r.low);
  if (r.dots) put("..");
  if (r.high != nullptr) expr(r.high);
}

void AstDump::places(List<ast::Place> const& list) {
  if (list.empty()) return;
  put(" [");
  bool first = true;
  for (ast::Place const& p : list) {
    if (!first) put(", ");
    first = false;
    if (p.axis.written()) {
      put(p.axis);
      put(" = ");
    }
    range(p.range);
  }
  put("]");
}

void AstDump::bind(ast::Bind const& b) {
  put(" over ");
  if (b.time) {
    put("t");
  } else {
    put(b.name);
  }
  if (b.in) {
    put(" in ");
    range(*b.in);
  }
}

void AstDump::right(ast::Right const& r) {
  constexpr std::string_view words[] = {"", "over ", "under ", "about ", "nearly "};
  put(words[static_cast<std::size_t>(r.qualifier)]);
  if (r.value != nullptr) expr(r.value);
  if (r.high != nullptr) {
    put("..");
    expr(r.high);
  }
  if (r.at != nullptr) {
    put(" at ");
    expr(r.at);
  }
}

void AstDump::cite(ast::Cite const& c) {
  if (!c.source.written() && !c.file.written()) return;
  put(" from");
  label(c.file);
  if (c.source.written()) {
    put(" ");
    put(c.source);
  }
  label(c.place);
}

void AstDump::tail(ast::Tail const* t) {
  if (t == nullptr) return;
  constexpr std::string_view tags[] = {"", " actual", " guidance", " estimate", " assumed"};
  put(tags[static_cast<std::size_t>(t->tag)]);
  if (t->exact) put(" exact");
  if (t->range) {
    put(" range ");
    right(*t->range);
  }
  if (t->distribution != nullptr) {
    put(" ~ ");
    expr(t->distribution);
  }
  if (t->within != nullptr) {
    put(" within ");
    expr(t->within);
  }
  cite(t->cite);
}

void AstDump::statement(ast::Statement const& s, int indent) {
  out_.append(static_cast<std::size_t>(indent), ' ');
  std::visit(
      overloaded{
          [&](std::monostate) { put("<broken>"); },
          [&](ast::Model const* m) {
            put("model ");
            put(m->title);
          },
          [&](ast::Use const* u) {
            put("use");
            label(u->file);
            names(u->path);
          },
          [&](ast::Timeline const* t) {
            put("timeline ");
            expr(t->first);
            put("..");
            expr(t->last);
            put(" ");
            put(t->grain);
          },
          [&](ast::Currency const* c) {
            put("currency ");
            put(c->unit);
          },
          [&](ast::Source const* c) {
            put("source ");
            put(c->name);
            label(c->title);
            for (ast::Attribute const& a : c->attributes) {
              put(" ");
              put(a.name);
              put("=");
              if (a.value != nullptr) {
                expr(a.value);
              } else {
                put(a.text);
              }
            }
          },
          [&](ast::Dimension const* d) {
            put("dimension ");
            put(d->name);
            label(d->label);
          },
          [&](ast::Group const* g) {
            put("group ");
            put(g->name);
            label(g->label);
            put(" =");
            names(g->members);
          },
          [&](ast::Unit const* u) {
            put("unit ");
            put(u->name);
            if (u->value != nullptr) {
              put(" = ");
              expr(u->value);
            }
          },
          [&](ast::Line const* l) {
            constexpr std::string_view kinds[] = {"let", "flow", "stock", "rate", "assume", "fx"};
            constexpr std::string_view words[] = {"", " fiscal", " average", " closing"};
            put(kinds[static_cast<std::size_t>(l->kind)]);
            put(" ");
            put(l->name);
            label(l->label);
            if (l->type.kind != ast::Type::Kind::none) {
              put(" : ");
              source(l->type.span);
            }
            for (ast::Axis const& a : l->axes) {
              put(" by ");
              put(a.dimension);
              if (a.group.written()) {
                put(" in ");
                put(a.group);
              }
            }
            put(words[static_cast<std::size_t>(l->word)]);
            if (l->right) {
              put(" = ");
              right(*l->right);
            }
            tail(l->tail);
          },
          [&](ast::Equation const* e) {
            constexpr std::string_view ops[] = {" = ", " *= ", " += "};
            put("equation ");
            put(e->name);
            places(e->places);
            put(ops[static_cast<std::size_t>(e->op)]);
            right(e->right);
            tail(e->tail);
          },
          [&](ast::Knob const* k) {
            put("knob ");
            put(k->name);
            places(k->places);
            if (k->range) {
              put(" range ");
              right(*k->range);
            }
            if (k->distribution != nullptr) {
              put(" ~ ");
              expr(k->distribution);
            }
            cite(k->cite);
          },
          [&](ast::Member const* m) {
            put("member ");
            put(m->dimension);
            for (ast::MemberName const& n : m->names) {
              put(" ");
              put(n.name);
              label(n.label);
            }
            for (ast::Equation const& e : m->equations) {
              put("\n");
              statement({&e, s.span, {}, false}, indent + 2);
            }
          },
          [&](ast::Table const* t) {
            put("table ");
            put(t->name);
            places(t->places);
            if (t->year_to_date) put(" ytd");
            if (t->unit != nullptr) {
              put(" in ");
              unit(t->unit);
            }
            cite(t->cite);
            for (List<ast::TableKey> const& column : t->columns) {
              put(" |");
              for (ast::TableKey const& key : column) {
                put(" ");
                source(key.span);
              }
            }
            for (ast::Row const& row : t->rows) {
              put("\n");
              out_.append(static_cast<std::size_t>(indent) + 2, ' ');
              put("row");
              for (ast::TableKey const& key : row.keys) {
                put(" ");
                source(key.span);
              }
              for (ast::Field const& field : row.fields) {
                put(" | ");
                if (field.kind == ast::Field::Kind::figure) {
                  right(*field.right);
                  tail(field.tail);
                } else if (field.kind != ast::Field::Kind::empty) {
                  source(field.span);
                }
              }
            }
            for (ast::Attribute const& a : t->mapping) {
              put(" ");
              put(a.name);
              put("=");
              put(a.text);
            }
          },
          [&](ast::Claim const* c) {
            put("claim");
            label(c->label);
            put(" ");
            expr(c->left);
            if (c->stated) {
              put(" = ");
              right(*c->stated);
            }
            tail(c->tail);
          },
          [&](ast::Check const* c) {
            put("check");
            label(c->label);
            put(" ");
            expr(c->condition);
            tail(c->tail);
          },
          [&](ast::Prefer const* p) {
            put("prefer");
            names(p->sources);
            if (p->line.written()) {
              put(" for ");
              put(p->line);
              places(p->places);
            }
          },
          [&](ast::Scenario const* c) {
            put("scenario ");
            put(c->name);
            label(c->label);
            if (!c->parents.empty()) {
              put(" extends");
              names(c->parents);
            }
            for (ast::Statement const* item : c->items) {
              put("\n");
              statement(*item, indent + 2);
            }
          },
          [&](ast::View const* v) {
            put("view ");
            put(v->name);
            label(v->label);
            for (auto const& [what, list] : {std::pair{" rows", v->rows}, {" show", v->shown}}) {
              for (ast::Shown const& item : list) {
                put(what);
                put(" ");
                expr(item.value);
                label(item.label);
              }
            }
            if (v->periods) {
              put(" periods ");
              range(*v->periods);
            }
            if (v->unit != nullptr) {
              put(" in ");
              unit(v->unit);
            }
          },
          [&](ast::Function const* f) {
            put("fn ");
            put(f->name);
            put("(");
            bool first = true;
            for (ast::Parameter const& p : f->parameters) {
              if (!first) put(", ");
              first = false;
              put(p.name);
              if (p.type.kind != ast::Type::Kind::none) {
                put(" : ");
                source(p.type.span);
              }
            }
            put(")");
            if (f->type.kind != ast::Type::Kind::none) {
              put(" : ");
              source(f->type.span);
            }
            if (f->body != nullptr) {
              put(" = ");
              expr(f->body);
            }
          },
      },
      s.node);
}

} // namespace

std::string dump(SourceSet const& sources, TokenStream const& stream) {
  std::string out;
  for (Token const& token : stream.tokens) {
    const Position at = sources.locate(token.span.begin);
    fmt::format_to(std::back_inserter(out), "{}:{} {}", at.line, at.column, describe(token.kind));
    if (!is_keyword(token.kind) && token.kind < TokenKind::left_paren && token.span.size() > 0)
      fmt::format_to(std::back_inserter(out), " {}", sources.text(token.span));
    out += '\n';
  }
  return out;
}

std::string dump(SourceSet const& sources, Interner const& interner, ast::Tree const& tree) {
  AstDump dump(sources, interner);
  std::string out;
  for (ast::Statement const* s : tree.statements) {
    dump.statement(*s, 0);
    out += dump.take() + '\n';
  }
  return out;
}

} // namespace scn
