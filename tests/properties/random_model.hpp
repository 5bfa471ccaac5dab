#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

/// Models as data, and their text: what the random ones of these tests are made of.
namespace scn_test {

enum class Op {
  literal, // number, or unknown
  read,
  since, // (t - 2020) / 1 year
  negate,
  square,
  is_known,
  negation,
  add,
  subtract,
  multiply,
  divide,
  minimum,
  maximum,
  less,
  less_equal,
  equal,
  both,
  either,
  otherwise,
  choose,
  reduce,
};

enum class Gather {
  sum,
  avg,
  min,
  max,
  median,
  product,
  count,
  any,
  all,
  rank,
  stdev_p,
  var_s,
  percentile_inc, // at 0.25
  slope           // of the body against the weight
};
constexpr std::array gather_names{
    "sum", "avg", "min",  "max",     "median", "product",        "count",
    "any", "all", "rank", "stdev_p", "var_s",  "percentile_inc", "slope"};

struct Expr;
using ExprPtr = std::shared_ptr<Expr const>;

struct Expr {
  Op op = Op::literal;
  std::vector<ExprPtr> args; // of a reduction: body, and perhaps condition and weight
  double number = 0;
  bool unknown = false;
  std::string text; // of a literal
  // a read
  enum class Member { own, fixed, owner };
  enum class Time { none, own, fixed, window, lagged };
  int line = 0;
  std::array<Member, 2> member{};
  std::array<int, 2> fixed{};
  Time time = Time::none;
  int step = 0; // fixed, or added to the own one
  // a reduction: over a dimension, over t in low..high, or over v in t+low..t+high
  Gather gather = Gather::sum;
  enum class Over { dimension, time, window };
  Over over = Over::dimension;
  int dimension = 0;
  bool group = false, known = false, where = false, weighted = false;
  int low = 0, high = 0;
};

struct Equation {
  int line = 0;
  int layer = 0;                     // 0: base, n: scenario n-1
  std::array<int, 2> member{-1, -1}; // -1: all
  int from = -1, to = -1;            // steps; -1: no period is named
  char effect = '=';
  ExprPtr value;
  bool tabled = false; // its text is a field of a table
};

struct Line {
  std::string name;
  std::array<bool, 2> has{};
  bool time = false;
  bool restricted = false; // to the group of its first dimension
  int stage = 0;
  bool recurrent = false; // reads its own stage
  bool figures = false;   // has nothing but figures
};

struct Spec {
  int steps = 5;
  std::array<int, 2> size{};
  std::array<std::vector<bool>, 2> in_group;
  std::vector<Line> lines;
  std::vector<int> direction; // by stage: 1, or -1 where it runs backwards
  std::vector<Equation> equations;
  std::vector<std::vector<int>> parents; // by scenario
  std::vector<std::string> tables;
};

constexpr int lag_line = 0;   // whole numbers, without axes
constexpr int owner_line = 1; // a member of the second dimension by the first

inline std::string member_name(int dimension, int index) {
  return fmt::format("{}{:02}", dimension == 0 ? 'a' : 'b', index);
}
inline std::string year(int step) { return std::to_string(2020 + step); }
inline std::string moved(std::string const& t, int by) {
  return by == 0 ? t : fmt::format("{} {} {}", t, by < 0 ? '-' : '+', std::abs(by));
}

// ------------------------------------------------------------------------------------------- text

inline std::string text_of(Spec const& spec, Expr const& e) {
  const auto arg = [&](std::size_t i) { return text_of(spec, *e.args[i]); };
  switch (e.op) {
  case Op::literal: return e.text;
  case Op::since: return "((t - 2020) / 1 year)";
  case Op::negate: return "(-" + arg(0) + ")";
  case Op::square: return "(" + arg(0) + " ^ 2)";
  case Op::is_known: return "is_known(" + arg(0) + ")";
  case Op::negation: return "(not " + arg(0) + ")";
  case Op::minimum: return "min(" + arg(0) + ", " + arg(1) + ")";
  case Op::maximum: return "max(" + arg(0) + ", " + arg(1) + ")";
  case Op::choose: return "(if " + arg(0) + " then " + arg(1) + " else " + arg(2) + ")";
  case Op::read: {
    std::string places;
    const auto add = [&](std::string const& p) { places += (places.empty() ? "" : ", ") + p; };
    Line const& line = spec.lines[static_cast<std::size_t>(e.line)];
    for (int d = 0; d < 2; ++d) {
      const auto at = static_cast<std::size_t>(d);
      if (!line.has[at] || e.member[at] == Expr::Member::own) continue;
      add(e.member[at] == Expr::Member::owner ? "owner" : member_name(d, e.fixed[at]));
    }
    switch (e.time) {
    case Expr::Time::none: break;
    case Expr::Time::own:
      if (e.step != 0) add(moved("t", e.step));
      break;
    case Expr::Time::fixed: add(year(e.step)); break;
    case Expr::Time::window: add("v"); break;
    case Expr::Time::lagged: add("t - lag"); break;
    }
    return places.empty() ? line.name : line.name + "[" + places + "]";
  }
  case Op::reduce: {
    std::string out = gather_names[static_cast<std::size_t>(e.gather)];
    out += std::string("(") + (e.known ? "known " : "") + arg(0);
    if (e.gather == Gather::percentile_inc) out += ", 0.25";
    if (e.gather == Gather::slope) out += ", " + arg(e.where ? 2 : 1);
    out += " over ";
    if (e.over == Expr::Over::dimension)
      out += fmt::format("d{}{}", e.dimension, e.group ? fmt::format(" in g{}", e.dimension) : "");
    if (e.over == Expr::Over::time) out += "t in " + year(e.low) + ".." + year(e.high);
    if (e.over == Expr::Over::window)
      out += "v in " + moved("t", e.low) + ".." + moved("t", e.high);
    if (e.where) out += " where " + arg(1);
    if (e.weighted && e.gather == Gather::avg) out += " weighted by " + arg(e.where ? 2 : 1);
    return out + ")";
  }
  default: break;
  }
  constexpr std::array words{"+", "-", "*", "/", "", "", "<", "<=", "==", "and", "or", "else"};
  const auto word = words[static_cast<std::size_t>(e.op) - static_cast<std::size_t>(Op::add)];
  return "(" + arg(0) + " " + word + " " + arg(1) + ")";
}

inline std::string region_text(Spec const& spec, Equation const& e) {
  std::string places;
  const auto add = [&](std::string const& p) { places += (places.empty() ? "" : ", ") + p; };
  for (int d = 0; d < 2; ++d)
    if (e.member[static_cast<std::size_t>(d)] >= 0)
      add(member_name(d, e.member[static_cast<std::size_t>(d)]));
  if (e.from >= 0) {
    if (e.from == e.to) {
      add(year(e.from));
    } else if (e.to == spec.steps - 1) {
      add(year(e.from) + "..");
    } else {
      add(year(e.from) + ".." + year(e.to));
    }
  }
  auto const& name = spec.lines[static_cast<std::size_t>(e.line)].name;
  return places.empty() ? name : name + "[" + places + "]";
}

/// The statements of a model, in the order in which they were made.
inline std::vector<std::string> statements(Spec const& spec) {
  std::vector<std::string> out{"use std.statistics",
                               "timeline 2020.." + year(spec.steps - 1) + " yearly",
                               "source doc \"A document\"", "dimension d0", "dimension d1"};
  for (int d = 0; d < 2; ++d) {
    std::string group = fmt::format("group g{} = ", d);
    bool first = true;
    for (int m = 0; m < spec.size[static_cast<std::size_t>(d)]; ++m) {
      out.push_back(fmt::format("d{} {}", d, member_name(d, m)));
      if (!spec.in_group[static_cast<std::size_t>(d)][static_cast<std::size_t>(m)]) continue;
      group += (first ? "" : ", ") + member_name(d, m);
      first = false;
    }
    out.push_back(group);
  }
  for (std::size_t i = 0; i < spec.lines.size(); ++i) {
    Line const& l = spec.lines[i];
    std::string by;
    for (int d = 0; d < 2; ++d)
      if (l.has[static_cast<std::size_t>(d)])
        by += fmt::format("{}d{}{}", by.empty() ? " by " : ", ", d,
                          l.restricted && by.empty() ? fmt::format(" in g{}", d) : "");
    out.push_back(
        fmt::format("let {} : {}{}", l.name, static_cast<int>(i) == owner_line ? "d1" : "1", by));
  }
  std::vector<std::string> blocks(spec.parents.size());
  for (Equation const& e : spec.equations) {
    if (e.tabled) continue;
    const std::string text = region_text(spec, e) + " "
                             + (e.effect == '=' ? "" : std::string(1, e.effect)) + "= "
                             + text_of(spec, *e.value);
    if (e.layer == 0) {
      out.push_back(text);
    } else {
      blocks[static_cast<std::size_t>(e.layer) - 1] += "  " + text + "\n";
    }
  }
  out.insert(out.end(), spec.tables.begin(), spec.tables.end());
  for (std::size_t s = 0; s < blocks.size(); ++s) {
    std::string head = fmt::format("scenario s{}", s);
    for (std::size_t p = 0; p < spec.parents[s].size(); ++p)
      head += fmt::format("{} s{}", p == 0 ? " extends" : ",", spec.parents[s][p]);
    out.push_back(head + " {\n" + blocks[s] + "}");
  }
  return out;
}

inline std::string joined(std::vector<std::string> const& statements) {
  return fmt::format("{}\n", fmt::join(statements, "\n"));
}

} // namespace scn_test
