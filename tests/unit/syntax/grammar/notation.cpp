#include "tests/unit/syntax/grammar/notation.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

namespace scn_test::grammar {

namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Grammar read() {
    Grammar out;
    for (skip(); at_ < text_.size(); skip()) {
      Rule rule{word(), nullptr};
      rule_ = rule.name;
      want('=');
      rule.body = choice();
      want(';');
      if (!out.by_name.try_emplace(rule.name, out.rules.size()).second) fail("is written twice");
      out.rules.push_back(std::move(rule));
    }
    return out;
  }

 private:
  using Kind = Node::Kind;
  using Part = std::unique_ptr<Node>;

  [[noreturn]] void fail(std::string const& what) const {
    const auto line = std::count(text_.begin(), text_.begin() + static_cast<long>(at_), '\n') + 1;
    throw std::runtime_error("rule `" + rule_ + "`, line " + std::to_string(line) + ": " + what);
  }
  static Part make(Kind kind, std::string text = {}) {
    auto out = std::make_unique<Node>();
    out->kind = kind;
    out->text = std::move(text);
    return out;
  }
  void skip() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        ++at_;
      } else if (text_.substr(at_).starts_with("(*")) {
        const std::size_t end = text_.find("*)", at_);
        if (end == std::string_view::npos) fail("a comment has no end");
        at_ = end + 2;
      } else {
        return;
      }
    }
  }
  char peek() {
    skip();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  void want(char c) {
    if (peek() != c) fail(std::string("expected `") + c + '`');
    ++at_;
  }
  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size()
           && (std::isalpha(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_'))
      ++at_;
    if (at_ == begin) fail("expected the name of a rule");
    return std::string(text_.substr(begin, at_ - begin));
  }
  /// What stands between two equal signs, without escapes.
  std::string enclosed() {
    const char quote = text_[at_];
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos || end == at_ + 1) fail("a terminal is empty or has no end");
    std::string out(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return out;
  }

  Part choice() {
    Part first = sequence();
    if (peek() != '|') return first;
    Part out = make(Kind::choice);
    out->parts.push_back(std::move(first));
    while (peek() == '|') {
      ++at_;
      out->parts.push_back(sequence());
    }
    return out;
  }
  Part sequence() {
    Part out = make(Kind::sequence);
    while (peek() != '\0' && std::string_view("|)]};").find(peek()) == std::string_view::npos)
      out->parts.push_back(part());
    if (out->parts.empty()) fail("an alternative is empty");
    return out->parts.size() == 1 ? std::move(out->parts.front()) : std::move(out);
  }
  Part part() {
    switch (peek()) {
    case '"':
    case '\'': return make(Kind::terminal, enclosed());
    case '?': return make(Kind::special, enclosed());
    case '(': return bracketed(')', nullptr);
    case '[': return bracketed(']', make(Kind::optional));
    case '{': return bracketed('}', make(Kind::repetition));
    default: return make(Kind::reference, word());
    }
  }
  Part bracketed(char close, Part around) {
    ++at_;
    Part inside = choice();
    want(close);
    if (around == nullptr) return inside;
    around->parts.push_back(std::move(inside));
    return around;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string rule_ = "(the first)";
};

} // namespace

bool is_token_rule(std::string_view name) {
  return std::isupper(static_cast<unsigned char>(name.front())) != 0;
}

Grammar read_grammar(std::string_view text) {
  Grammar out = Reader(text).read();
  for (Rule const& rule : out.rules)
    walk(*rule.body, [&](Node const& node) {
      if (node.kind == Node::Kind::reference && !out.by_name.contains(node.text))
        throw std::runtime_error("rule `" + rule.name + "` uses `" + node.text
                                 + "`, which is not written");
    });
  return out;
}

std::vector<std::string> used_from(Grammar const& grammar, std::string_view root) {
  std::set<std::string> seen{std::string(root)};
  std::vector<std::string> out{std::string(root)};
  for (std::size_t i = 0; i < out.size(); ++i)
    walk(*grammar.rule(out[i]).body, [&](Node const& node) {
      if (node.kind == Node::Kind::reference && seen.insert(node.text).second)
        out.push_back(node.text);
    });
  return out;
}

} // namespace scn_test::grammar
