#include "tests/unit/syntax/grammar/recogniser.hpp"

#include <map>
#include <unordered_set>

namespace scn_test::grammar {

namespace {

using Kind = Node::Kind;

bool can_be_empty(Node const& node, Grammar const& grammar, std::vector<bool> const& nullable) {
  switch (node.kind) {
  case Kind::terminal:
  case Kind::special: return false;
  case Kind::reference: return nullable[grammar.by_name.find(node.text)->second];
  case Kind::optional:
  case Kind::repetition: return true;
  case Kind::sequence:
    for (auto const& part : node.parts)
      if (!can_be_empty(*part, grammar, nullable)) return false;
    return true;
  case Kind::choice:
    for (auto const& part : node.parts)
      if (can_be_empty(*part, grammar, nullable)) return true;
    return false;
  }
  return false;
}

} // namespace

Recogniser::Recogniser(Grammar const& grammar, bool inside_tokens)
    : grammar_(grammar), inside_tokens_(inside_tokens), nullable_(grammar.rules.size(), false) {
  for (std::size_t i = 0; i < grammar.rules.size(); ++i) {
    State end;
    end.end_of = static_cast<int>(i);
    starts_.push_back(build(*grammar.rules[i].body, add(std::move(end))));
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < grammar.rules.size(); ++i)
      if (!nullable_[i] && can_be_empty(*grammar.rules[i].body, grammar, nullable_)) {
        nullable_[i] = true;
        changed = true;
      }
  }
}

/// States for a part that go on at `next`; gives the first of them.
int Recogniser::build(Node const& node, int next) {
  State state;
  switch (node.kind) {
  case Kind::terminal:
    if (inside_tokens_ && node.text.size() > 1) {
      for (auto c = node.text.rbegin(); c != node.text.rend(); ++c) {
        characters_.push_back(std::make_unique<Node>());
        characters_.back()->kind = Kind::terminal;
        characters_.back()->text = *c;
        next = build(*characters_.back(), next);
      }
      return next;
    }
    [[fallthrough]];
  case Kind::special:
    state.leaf = &node;
    state.next = next;
    return add(std::move(state));
  case Kind::reference:
    if (!inside_tokens_ && is_token_rule(node.text)) {
      state.leaf = &node;
    } else {
      state.rule = static_cast<int>(grammar_.by_name.find(node.text)->second);
    }
    state.next = next;
    return add(std::move(state));
  case Kind::sequence:
    for (auto part = node.parts.rbegin(); part != node.parts.rend(); ++part)
      next = build(**part, next);
    return next;
  case Kind::choice:
    for (auto const& part : node.parts)
      state.silent.push_back(build(*part, next));
    return add(std::move(state));
  case Kind::optional:
    state.silent = {next, build(*node.parts[0], next)};
    return add(std::move(state));
  case Kind::repetition: {
    const int loop = add(std::move(state));
    const int inside = build(*node.parts[0], loop);
    states_[static_cast<std::size_t>(loop)].silent = {next, inside};
    return loop;
  }
  }
  return next;
}

Recogniser::Verdict Recogniser::recognise(std::string_view rule, std::size_t count,
                                          Matches const& matches) const {
  /// A state of a rule that began at `origin`.
  struct Item {
    int state;
    std::size_t origin;
  };
  const auto whole = static_cast<int>(grammar_.by_name.find(rule)->second);
  std::vector<Item> items{{starts_[static_cast<std::size_t>(whole)], 0}};
  /// At each place, the items that wait for a rule to be complete.
  std::vector<std::multimap<int, Item>> waiting(count + 1);
  Verdict out;
  for (std::size_t at = 0; at <= count && !items.empty(); ++at) {
    out.reached = at;
    std::vector<Item> next;
    std::unordered_set<std::size_t> seen;
    std::vector<Item> todo;
    const auto enter = [&](int state, std::size_t origin) {
      if (seen.insert(origin * states_.size() + static_cast<std::size_t>(state)).second)
        todo.push_back({state, origin});
    };
    for (Item const& item : items)
      enter(item.state, item.origin);
    for (std::size_t i = 0; i < todo.size(); ++i) {
      const Item item = todo[i];
      State const& state = states_[static_cast<std::size_t>(item.state)];
      for (int silent : state.silent)
        enter(silent, item.origin);
      if (state.leaf != nullptr) {
        if (at < count && matches(*state.leaf, at)) next.push_back({state.next, item.origin});
      } else if (state.rule >= 0) {
        waiting[at].emplace(state.rule, Item{state.next, item.origin});
        enter(starts_[static_cast<std::size_t>(state.rule)], at);
        // A rule that is complete here already may have been before this item waited for it.
        if (nullable_[static_cast<std::size_t>(state.rule)]) enter(state.next, item.origin);
      } else if (state.end_of >= 0) {
        if (at == count && item.origin == 0 && state.end_of == whole) out.accepted = true;
        const auto [begin, end] = waiting[item.origin].equal_range(state.end_of);
        for (auto w = begin; w != end; ++w)
          enter(w->second.state, w->second.origin);
      }
    }
    items = std::move(next);
  }
  return out;
}

} // namespace scn_test::grammar
