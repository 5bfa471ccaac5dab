#pragma once

#include "tests/unit/syntax/grammar/notation.hpp"

#include <functional>

namespace scn_test::grammar {

/// Tells whether a row of symbols is a sentence of a rule, by Earley's algorithm: any grammar
/// without preparation, no recursion, and never more than the cube of the length in time.
class Recogniser {
 public:
  /// `inside_tokens`: the symbols are characters. Otherwise they are tokens, and the rules that
  /// make tokens are leaves.
  Recogniser(Grammar const& grammar, bool inside_tokens);

  /// Is the symbol at this place what the leaf stands for?
  using Matches = std::function<bool(Node const& leaf, std::size_t at)>;

  struct Verdict {
    bool accepted = false;
    std::size_t reached = 0; ///< how many symbols begin some sentence
  };
  [[nodiscard]] Verdict recognise(std::string_view rule, std::size_t count,
                                  Matches const& matches) const;

 private:
  /// Rules as automata. A state reads a leaf, reads a rule, goes on without reading, or is the end.
  struct State {
    Node const* leaf = nullptr;
    int rule = -1;
    int next = -1; ///< behind the leaf or rule
    std::vector<int> silent;
    int end_of = -1; ///< the rule that is complete here
  };

  int add(State state) {
    states_.push_back(std::move(state));
    return static_cast<int>(states_.size()) - 1;
  }
  int build(Node const& node, int next);

  Grammar const& grammar_;
  std::vector<std::unique_ptr<Node>> characters_; ///< of terminals that have several
  bool inside_tokens_;
  std::vector<State> states_;
  std::vector<int> starts_; ///< by rule
  std::vector<bool> nullable_;
};

} // namespace scn_test::grammar
