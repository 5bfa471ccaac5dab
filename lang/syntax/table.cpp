// The inside of a table: a head that names columns, then one row a line. Most fields are bare
// numbers and there may be hundreds of thousands, so they are read without making a tree.

#include "lang/syntax/parse_state.hpp"

#include <fmt/format.h>

namespace scn::syntax {

namespace {

using Kind = TokenKind;

class TableBody {
 public:
  TableBody(ParseState& state, Token const*& at, ast::Table& table)
      : state_(state), at_(at), table_(table) {}

  void read();

 private:
  bool row_ends() const {
    return at_->kind == Kind::end_of_statement || at_->kind == Kind::right_brace
           || at_->kind == Kind::end_of_file;
  }
  /// `company =`; `period` is a word of the language everywhere but here.
  bool column_ahead() const {
    return (at_->kind == Kind::name || at_->kind == Kind::kw_period)
           && (at_ + 1)->kind == Kind::assign;
  }
  void end_row();
  bool key(List<ast::TableKey>& keys);
  void head();
  void row();
  ast::Field field();
  void mapping();

  ParseState& state_;
  Token const*& at_;
  ast::Table& table_;
};

void TableBody::read() {
  if (at_->kind == Kind::end_of_statement && (at_ + 1)->kind == Kind::left_brace) {
    if (auto* d = state_.report(Code::brace_on_next_line, (at_ + 1)->span,
                                "`{` stands on the line of its head", "it stands alone here"))
      d->hint("move it to the end of the line before");
    ++at_;
  }
  if (at_->kind != Kind::left_brace) {
    state_.expect(Kind::left_brace, at_);
    state_.report_unexpected(at_);
    return;
  }
  const Span open = (at_++)->span;
  bool broken = state_.broken();
  if (column_ahead()) {
    mapping();
    broken = broken || state_.broken();
  } else {
    head();
    end_row();
    broken = broken || state_.broken();
    // A word that begins a statement begins no row: the table was not closed.
    while (at_->kind != Kind::right_brace && at_->kind != Kind::end_of_file
           && !starts_statement(at_->kind)) {
      state_.start_statement(); // what is wrong in one row hides nothing of the next
      row();
      end_row();
      broken = broken || state_.broken();
    }
  }
  state_.start_statement();
  if (at_->kind == Kind::right_brace) {
    ++at_;
  } else {
    state_.report(Code::unclosed, open, "this table is never closed", "opened here");
  }
  if (broken) state_.set_broken();
}

void TableBody::end_row() {
  if (!row_ends()) {
    state_.expect(Kind::bar, at_);
    state_.expect(Kind::end_of_statement, at_);
    state_.report_unexpected(at_);
    while (!row_ends())
      ++at_;
  }
  while (at_->kind == Kind::end_of_statement)
    ++at_;
}

bool TableBody::key(List<ast::TableKey>& keys) {
  do {
    ast::TableKey key;
    key.span = at_->span;
    if (at_->kind == Kind::name) {
      key.name = state_.name(at_++);
    } else if (at_->kind == Kind::number || at_->kind == Kind::period_literal) {
      key.period = parse_period(state_, at_);
      key.span = key.period->span;
    } else {
      state_.expect(Kind::name, at_);
      state_.expect(Kind::period_literal, at_);
      state_.report_unexpected(at_);
      return false;
    }
    keys.push(state_.arena(), key);
  } while (at_->kind == Kind::comma && ++at_);
  return true;
}

void TableBody::head() {
  if (at_->kind == Kind::end_of_file) return; // it is not closed either, which is said once
  if (at_->kind != Kind::bar) {
    if (auto* d =
            state_.report(Code::expected_token, at_->span,
                          "the first row of a table is its head, and its first field is empty",
                          "expected `|` here"))
      d->hint("begin with `| 2024 | 2025`: the head names the columns");
    while (!row_ends())
      ++at_;
    return;
  }
  while (at_->kind == Kind::bar) {
    ++at_;
    if (row_ends() && !table_.columns.empty()) break; // a bar that only closes the row
    List<ast::TableKey> keys;
    if (at_->kind != Kind::bar && !row_ends() && !key(keys)) return;
    table_.columns.push(state_.arena(), keys);
  }
}

void TableBody::row() {
  ast::Row row;
  Token const* begin = at_;
  if (at_->kind != Kind::bar && !key(row.keys)) return;
  if (at_->kind != Kind::bar) {
    state_.expect(Kind::bar, at_);
    state_.report_unexpected(at_);
    return;
  }
  while (at_->kind == Kind::bar) {
    ++at_;
    if (row_ends() && row.fields.size() == table_.columns.size()) break;
    row.fields.push(state_.arena(), field());
    if (state_.broken()) return;
  }
  row.span = cover(begin->span, (at_ - 1)->span);
  if (!row_ends()) return;
  if (row.fields.size() != table_.columns.size() && !table_.columns.empty()) {
    if (auto* d = state_.report(Code::table_width, row.span,
                                fmt::format("this row has {} field{}, the head names {} column{}",
                                            row.fields.size(), row.fields.size() == 1 ? "" : "s",
                                            table_.columns.size(),
                                            table_.columns.size() == 1 ? "" : "s")))
      d->at(cover(table_.columns[0].empty() ? Span{} : table_.columns[0][0].span,
                  table_.columns.back().empty() ? Span{} : table_.columns.back().back().span),
            "the head")
          .hint("leave a field empty where there is nothing to say: `| 756 | |`");
    return;
  }
  table_.rows.push(state_.arena(), row);
}

ast::Field TableBody::field() {
  ast::Field out;
  out.span = at_->span;
  if (at_->kind == Kind::bar || row_ends()) return out;
  const bool last = (at_ + 1)->kind == Kind::bar || (at_ + 1)->kind == Kind::end_of_statement
                    || (at_ + 1)->kind == Kind::right_brace;
  if (at_->kind == Kind::number && last) {
    out.kind = ast::Field::Kind::number;
    ++at_;
    return out;
  }
  if (at_->kind == Kind::en_dash && last) {
    out.kind = ast::Field::Kind::not_applying;
    ++at_;
    return out;
  }
  const Figure figure = parse_figure(state_, at_);
  out.kind = ast::Field::Kind::figure;
  out.right = state_.arena().make<ast::Right>(figure.right);
  out.tail = figure.tail;
  out.span = cover(out.span, (at_ - 1)->span);
  return out;
}

/// `company = "firm"; period = "year"`: which column of a file holds what.
void TableBody::mapping() {
  while (at_->kind != Kind::right_brace && at_->kind != Kind::end_of_file) {
    if (at_->kind == Kind::end_of_statement) {
      ++at_;
      continue;
    }
    ast::Attribute column;
    const bool good = column_ahead() && (at_ + 2)->kind == Kind::string;
    if (!good) {
      if (auto* d = state_.report(Code::expected_token, at_->span,
                                  "expected a column of the file, as in `company = \"firm\"`"))
        d->hint("the name is a dimension, `period` or `value`; the text is the column's heading");
      while (!row_ends())
        ++at_;
      continue;
    }
    column.name = state_.name(at_);
    column.text = state_.string(at_ + 2);
    at_ += 3;
    table_.mapping.push(state_.arena(), column);
    end_row();
  }
}

} // namespace

void parse_table_body(ParseState& state, Token const*& at, ast::Table& table) {
  TableBody(state, at, table).read();
}

} // namespace scn::syntax
