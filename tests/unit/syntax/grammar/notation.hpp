#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The notation of docs/reference/grammar.md, read by the tests themselves.
namespace scn_test::grammar {

/// A part of a rule.
struct Node {
  enum class Kind {
    terminal,  ///< `"in"`: text as it stands
    special,   ///< `? any letter ?`: a character in words
    reference, ///< the name of another rule
    sequence,
    choice,
    optional,
    repetition,
  };
  Kind kind = Kind::sequence;
  std::string text; ///< of the first three
  std::vector<std::unique_ptr<Node>> parts;
};

struct Rule {
  std::string name;
  std::unique_ptr<Node> body;
};

/// Rules in capitals are tokens: their terminals are characters.
struct Grammar {
  std::vector<Rule> rules;
  std::map<std::string, std::size_t, std::less<>> by_name;

  [[nodiscard]] Rule const& rule(std::string_view name) const {
    return rules[by_name.find(name)->second];
  }
};

[[nodiscard]] bool is_token_rule(std::string_view name);

/// Throws std::runtime_error, with what is wrong and in which rule, for what is not in the
/// notation, a rule that is written twice, or one that is used and not written.
[[nodiscard]] Grammar read_grammar(std::string_view text);

/// Every rule that can be reached from `root`.
[[nodiscard]] std::vector<std::string> used_from(Grammar const& grammar, std::string_view root);

/// Calls `visit` for every part of a rule, outer ones first.
template <class Visit>
void walk(Node const& node, Visit const& visit) {
  visit(node);
  for (auto const& part : node.parts)
    walk(*part, visit);
}

} // namespace scn_test::grammar
