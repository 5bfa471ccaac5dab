#pragma once

#include "tests/unit/syntax/grammar/notation.hpp"

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <utility>

namespace scn_test::grammar {

/// One token of a sentence. `rule` names what made it: a rule in capitals, or nothing for text that
/// stands in the grammar.
struct Piece {
  std::string text;
  std::string rule;
};

/// A way that a part with several ways was taken: which alternative, or whether there was anything.
using Way = std::pair<Node const*, std::size_t>;

/// What a rule made, as its condition sees it.
struct Made {
  std::vector<Piece> const& sentence; ///< as far as it is made
  std::size_t begin;                  ///< of what this rule made, which goes to the end
  /// The ways taken in the rule itself, not in those that it uses, each with its place.
  std::vector<std::pair<Way, std::size_t>> const& ways;
};

/// What the notation cannot say of a rule.
using Condition = std::function<bool(Made const&)>;

/// Makes sentences at random, of bounded size.
class Generator {
 public:
  Generator(Grammar const& grammar, std::uint32_t seed);

  std::map<std::string, Condition, std::less<>> conditions;
  /// Characters for what the notation says in words, and spellings that a token has half of the
  /// time.
  std::map<std::string, std::vector<std::string>, std::less<>> characters, spellings;
  std::size_t most_pieces = 60;

  struct Sentence {
    std::vector<Piece> pieces;
    std::vector<Way> ways;
  };
  /// Nothing where the conditions could not be met in a number of tries.
  [[nodiscard]] std::optional<Sentence> make(std::string_view rule);

  /// All ways that there are in the rules that `root` uses.
  [[nodiscard]] std::vector<Way> all_ways(std::string_view root) const;

  [[nodiscard]] std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }

 private:
  using Ways = std::vector<std::pair<Way, std::size_t>>;

  [[nodiscard]] int height(Node const& node) const;
  bool expand(Node const& node, Ways& own);
  bool expand_rule(std::string const& name);
  bool expand_rule_once(std::string const& name);
  void take(Node const& node, std::size_t way, Ways& own);

  Grammar const& grammar_;
  std::mt19937 random_;
  std::map<std::string, int, std::less<>> heights_; ///< of the shallowest sentence of a rule
  std::map<Way, std::size_t> taken_;                ///< how often, to come to rare ones as well
  Sentence sentence_;
  int depth_ = 0;
  int token_ = 0; ///< inside a token: what is made is joined to it
};

} // namespace scn_test::grammar
