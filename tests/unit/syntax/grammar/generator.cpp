#include "tests/unit/syntax/grammar/generator.hpp"

#include <algorithm>
#include <stdexcept>

namespace scn_test::grammar {

namespace {

using Kind = Node::Kind;
constexpr int endless = 1'000'000;
constexpr int deepest = 60; ///< rules inside one another; about four nested expressions

} // namespace

Generator::Generator(Grammar const& grammar, std::uint32_t seed)
    : grammar_(grammar), random_(seed) {
  for (Rule const& rule : grammar.rules)
    heights_[rule.name] = endless;
  for (bool changed = true; changed;) {
    changed = false;
    for (Rule const& rule : grammar.rules) {
      const int found = height(*rule.body) + 1;
      if (found >= heights_[rule.name]) continue;
      heights_[rule.name] = found;
      changed = true;
    }
  }
}

int Generator::height(Node const& node) const {
  switch (node.kind) {
  case Kind::terminal:
  case Kind::special:
  case Kind::optional:
  case Kind::repetition: return 0;
  case Kind::reference: return std::min(endless, heights_.find(node.text)->second);
  case Kind::sequence: {
    int out = 0;
    for (auto const& part : node.parts)
      out = std::max(out, height(*part));
    return out;
  }
  case Kind::choice: {
    int out = endless;
    for (auto const& part : node.parts)
      out = std::min(out, height(*part));
    return out;
  }
  }
  return 0;
}

std::optional<Generator::Sentence> Generator::make(std::string_view rule) {
  sentence_ = {};
  depth_ = 0;
  if (!expand_rule(std::string(rule))) return std::nullopt;
  return sentence_;
}

void Generator::take(Node const& node, std::size_t way, Ways& own) {
  const Way taken{&node, way};
  own.emplace_back(taken, sentence_.pieces.size());
  sentence_.ways.push_back(taken);
  ++taken_[taken];
}

bool Generator::expand(Node const& node, Ways& own) {
  // Where the sentence is large enough the shallowest way is taken.
  const bool enough = depth_ > deepest || sentence_.pieces.size() > most_pieces;
  switch (node.kind) {
  case Kind::terminal:
    if (token_ > 0) {
      sentence_.pieces.back().text += node.text;
    } else {
      sentence_.pieces.push_back({node.text, {}});
    }
    return true;
  case Kind::special: {
    const auto found = characters.find(node.text);
    if (found == characters.end())
      throw std::runtime_error("no characters are given for ? " + node.text + " ?");
    sentence_.pieces.back().text += found->second[below(found->second.size())];
    return true;
  }
  case Kind::reference: return expand_rule(node.text);
  case Kind::sequence:
    return std::all_of(node.parts.begin(), node.parts.end(),
                       [&](auto const& part) { return expand(*part, own); });
  case Kind::choice: {
    std::size_t way = below(node.parts.size());
    if (below(2) == 0) {
      for (std::size_t i = 0; i < node.parts.size(); ++i)
        if (taken_[{&node, i}] < taken_[{&node, way}]) way = i;
    }
    if (enough) {
      for (std::size_t i = 0; i < node.parts.size(); ++i)
        if (height(*node.parts[i]) < height(*node.parts[way])) way = i;
    }
    take(node, way, own);
    return expand(*node.parts[way], own);
  }
  case Kind::optional:
  case Kind::repetition: {
    std::size_t times = 0;
    while (!enough && (below(4) == 0 || taken_[{&node, 1}] == 0)
           && (times == 0 || node.kind == Kind::repetition)) {
      if (times++ == 0) take(node, 1, own);
      if (!expand(*node.parts[0], own)) return false;
    }
    if (times == 0) take(node, 0, own);
    return true;
  }
  }
  return false;
}

bool Generator::expand_rule(std::string const& name) {
  const std::size_t pieces = sentence_.pieces.size();
  const std::size_t ways = sentence_.ways.size();
  const std::string before = token_ > 0 ? sentence_.pieces.back().text : std::string();
  for (int tries = 0; tries < (conditions.contains(name) ? 40 : 1); ++tries) {
    sentence_.pieces.resize(pieces);
    sentence_.ways.resize(ways);
    if (token_ > 0) sentence_.pieces.back().text = before;
    if (expand_rule_once(name)) return true;
  }
  return false;
}

bool Generator::expand_rule_once(std::string const& name) {
  const std::size_t begin = sentence_.pieces.size();
  const bool token = token_ == 0 && is_token_rule(name);
  if (token) sentence_.pieces.push_back({{}, name});
  const auto given = spellings.find(name);
  if (given != spellings.end() && below(2) == 0) {
    sentence_.pieces.back().text = given->second[below(given->second.size())];
    return true;
  }
  Ways own;
  ++depth_;
  token_ += token ? 1 : 0;
  const bool good = expand(*grammar_.rule(name).body, own);
  token_ -= token ? 1 : 0;
  --depth_;
  if (!good) return false;
  const auto condition = conditions.find(name);
  return condition == conditions.end() || condition->second({sentence_.pieces, begin, own});
}

std::vector<Way> Generator::all_ways(std::string_view root) const {
  std::vector<Way> out;
  for (std::string const& name : used_from(grammar_, root))
    walk(*grammar_.rule(name).body, [&](Node const& node) {
      if (node.kind == Kind::choice)
        for (std::size_t i = 0; i < node.parts.size(); ++i)
          out.emplace_back(&node, i);
      if (node.kind == Kind::optional || node.kind == Kind::repetition) {
        out.emplace_back(&node, 0);
        out.emplace_back(&node, 1);
      }
    });
  return out;
}

} // namespace scn_test::grammar
