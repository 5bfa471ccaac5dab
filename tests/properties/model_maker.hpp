#pragma once

#include "tests/properties/random_model.hpp"

#include <random>

namespace scn_test {

/// Makes random models. That every one is valid is seen to by how it is made: a line reads lines of
/// earlier stages at any lag, and lines of its own stage only in one direction of time.
class Maker {
 public:
  /// `bounded`: with ranges, words and citations.
  Maker(unsigned seed, bool bounded) : random_(seed), bounded_(bounded) {}

  Spec run() {
    spec_.steps = 5 + below(3);
    spec_.size = {2 + below(3), below(6) == 0 ? 70 : 1 + below(3)};
    for (std::size_t d = 0; d < 2; ++d) {
      spec_.in_group[d].resize(static_cast<std::size_t>(spec_.size[d]));
      for (std::size_t m = 0; m < spec_.in_group[d].size(); ++m)
        spec_.in_group[d][m] = below(2) == 0;
      spec_.in_group[d][static_cast<std::size_t>(below(spec_.size[d]))] = true;
    }
    const int scenarios = 1 + below(4);
    for (int s = 0; s < scenarios; ++s) {
      spec_.parents.emplace_back();
      if (s == 1 || s == 2) spec_.parents.back() = {0};
      if (s == 3) spec_.parents.back() = {1, 2}; // above the first one twice, and yet once
    }
    spec_.lines.push_back({"lag", {}, false, false, 0, false, false});
    spec_.lines.push_back({"owner", {true, false}, false, false, 1, false, false});
    spec_.direction = {1, 1};
    equation(lag_line, 0, {-1, -1}, -1, -1, literal(below(3)));
    for (int m = 0; m < spec_.size[0]; ++m) {
      Expr e;
      e.number = below(spec_.size[1]);
      e.text = member_name(1, static_cast<int>(e.number));
      equation(owner_line, 0, {m, -1}, -1, -1, std::make_shared<Expr>(e));
    }
    const int stages = 4 + below(4);
    for (int s = 0; s < stages; ++s)
      stage();
    for (int s = 1; s <= scenarios; ++s)
      for (int i = 2; i < static_cast<int>(spec_.lines.size()); ++i)
        if (below(3) == 0) override_line(i, s);
    if (below(2) == 0) equation(lag_line, scenarios, {-1, -1}, -1, -1, literal(below(3)));
    return std::move(spec_);
  }

 private:
  struct Context {
    int line = 0;
    std::array<bool, 2> has{};
    bool time = false;        // there is a current period
    bool own_stage = false;   // lines of the own stage may be read
    bool window = false;      // inside a window
    bool window_safe = false; // which goes the way of the stage
  };

  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  Line const& line(int i) const { return spec_.lines[static_cast<std::size_t>(i)]; }

  void equation(int line, int layer, std::array<int, 2> member, int from, int to, ExprPtr value,
                char effect = '=') {
    spec_.equations.push_back({line, layer, member, from, to, effect, std::move(value), false});
  }

  static ExprPtr make(Op op, std::vector<ExprPtr> args) {
    Expr e;
    e.op = op;
    e.args = std::move(args);
    return std::make_shared<Expr>(std::move(e));
  }
  static ExprPtr literal(double v) {
    Expr e;
    e.number = v;
    e.text = v < 0 ? fmt::format("(-{})", -v) : fmt::format("{}", v);
    return std::make_shared<Expr>(std::move(e));
  }
  ExprPtr literal() {
    constexpr std::array values{0.0, 1.0, 2.0, 3.0, 0.5, 0.1, 1.5, 7.25, 10.0, 100.0};
    const double v = values[static_cast<std::size_t>(below(10))];
    return literal(below(4) == 0 && v != 0 ? -v : v);
  }

  /// The right side of a single cell or region of figures.
  ExprPtr figure() {
    Expr e;
    const int v = below(40) - 10;
    e.number = v;
    e.text = std::to_string(v);
    switch (below(bounded_ ? 6 : 8)) {
    case 0:
      e.unknown = true;
      e.text = "unknown \"not said\"";
      return std::make_shared<Expr>(e);
    case 1:
      if (bounded_) e.text = (below(2) == 0 ? "over " : "under ") + e.text;
      break;
    case 2:
      if (!bounded_) break;
      e.text = fmt::format("{}..{}", v, v + 4);
      e.number = v + 2;
      break;
    case 3:
      if (bounded_) e.text = (below(2) == 0 ? "about " : "nearly ") + e.text;
      break;
    default: break;
    }
    if (bounded_ && below(2) == 0) e.text += " from doc \"page 1\"";
    return std::make_shared<Expr>(e);
  }

  void stage() {
    const int number = static_cast<int>(spec_.direction.size());
    spec_.direction.push_back(below(4) == 0 ? -1 : 1);
    const int kind = below(4);
    const int lines = kind == 3 ? 1 + below(3) : 1;
    const int first = static_cast<int>(spec_.lines.size());
    for (int i = 0; i < lines; ++i) {
      Line l;
      l.name = fmt::format("x{:02}", first + i);
      l.has = {below(2) == 0, below(2) == 0};
      l.time = kind == 3 || below(3) != 0;
      l.restricted = (l.has[0] || l.has[1]) && below(5) == 0;
      l.stage = number;
      l.recurrent = kind == 3;
      l.figures = kind == 0;
      spec_.lines.push_back(l);
    }
    for (int i = first; i < first + lines; ++i) {
      if (line(i).figures) {
        figures(i);
      } else if (line(i).recurrent) {
        recurrence(i, 0);
      } else {
        whole(i, 0);
      }
      single_cell(i, 0);
    }
  }

  Context context(int i) const { return {i, line(i).has, line(i).time, false, false, false}; }
  int all_from(int i) const { return line(i).time ? 0 : -1; }
  int all_to(int i) const { return line(i).time ? spec_.steps - 1 : -1; }

  void whole(int i, int layer) {
    equation(i, layer, {-1, -1}, all_from(i), all_to(i), number(3, context(i)));
    // Another equation for one member, inside it.
    for (std::size_t d = 0; d < 2; ++d)
      if (line(i).has[d] && below(3) == 0 && spec_.size[d] > 1) {
        std::array<int, 2> member{-1, -1};
        member[d] = some_member(i, d);
        equation(i, layer, member, all_from(i), all_to(i), number(2, context(i)));
        return;
      }
  }

  /// A start of two periods, and a formula for the others that reads its own stage.
  void recurrence(int i, int layer) {
    const bool forwards = spec_.direction[static_cast<std::size_t>(line(i).stage)] == 1;
    const int n = spec_.steps;
    if (layer == 0 || below(2) == 0)
      equation(i, layer, {-1, -1}, forwards ? 0 : n - 2, forwards ? 1 : n - 1,
               number(2, context(i)));
    if (layer > 0 && below(2) == 0) return;
    Context c = context(i);
    c.own_stage = true;
    equation(i, layer, {-1, -1}, forwards ? 2 : 0, forwards ? n - 1 : n - 3, number(3, c));
  }

  int some_member(int i, std::size_t d) {
    int m = below(spec_.size[d]);
    const bool first = d == 0 || !line(i).has[0];
    while (line(i).restricted && first && !spec_.in_group[d][static_cast<std::size_t>(m)])
      m = below(spec_.size[d]);
    return m;
  }

  /// Figures for many cells, in a table where the line has one dimension and time.
  void figures(int i) {
    Line const& l = line(i);
    if (l.has[0] && !l.has[1] && l.time && !l.restricted) {
      std::string text = "table " + l.name + " in 1 {\n";
      for (int s = 0; s < spec_.steps; ++s)
        text += " | " + year(s);
      for (int m = 0; m < spec_.size[0]; ++m) {
        text += "\n" + member_name(0, m);
        for (int s = 0; s < spec_.steps; ++s) {
          text += " | ";
          if (below(8) == 0) continue; // an empty field gives nothing
          auto value = figure();
          text += value->text;
          equation(i, 0, {m, -1}, s, s, std::move(value));
          spec_.equations.back().tabled = true;
        }
      }
      spec_.tables.push_back(text + "\n}");
      return;
    }
    if (below(4) != 0) equation(i, 0, {-1, -1}, all_from(i), all_to(i), figure());
    for (int k = 0; k < 4; ++k)
      single_cell(i, 0);
  }

  void single_cell(int i, int layer) {
    if (line(i).recurrent && below(2) == 0) return;
    std::array<int, 2> member{-1, -1};
    for (std::size_t d = 0; d < 2; ++d)
      if (line(i).has[d]) member[d] = some_member(i, d);
    const int step = line(i).time ? below(spec_.steps) : -1;
    for (Equation const& e : spec_.equations)
      if (e.line == i && e.layer == layer && covers_only(e, member, step)) return;
    equation(i, layer, member, step, step, figure());
  }
  /// Is its region this one cell?
  bool covers_only(Equation const& e, std::array<int, 2> member, int step) const {
    Line const& l = line(e.line);
    for (std::size_t d = 0; d < 2; ++d)
      if (l.has[d] && e.member[d] != member[d] && (e.member[d] >= 0 || spec_.size[d] > 1))
        return false;
    return e.from == step && e.to == step;
  }

  void override_line(int i, int layer) {
    Line const& l = line(i);
    const int kind = below(4);
    if (kind == 0) return single_cell(i, layer);
    if (l.recurrent) return recurrence(i, layer);
    if (kind == 1) return whole(i, layer);
    std::array<int, 2> member{-1, -1};
    for (std::size_t d = 0; d < 2; ++d)
      if (l.has[d] && below(3) == 0) member[d] = some_member(i, d);
    const int from = l.time && below(2) == 0 ? below(spec_.steps) : all_from(i);
    ExprPtr by = below(2) == 0 ? literal() : number(1, context(i));
    equation(i, layer, member, from, all_to(i), std::move(by), below(2) == 0 ? '*' : '+');
  }

  // ----------------------------------------------------------------------------------- expressions

  std::vector<int> readable(Context const& c) const {
    std::vector<int> out;
    for (int j = 2; j < static_cast<int>(spec_.lines.size()); ++j)
      if (line(j).stage < line(c.line).stage
          || (c.own_stage && line(j).stage == line(c.line).stage))
        out.push_back(j);
    return out;
  }

  ExprPtr read(Context const& c, std::vector<int> const& candidates) {
    if (candidates.empty()) return literal();
    Expr e;
    e.op = Op::read;
    e.line = candidates[static_cast<std::size_t>(below(static_cast<int>(candidates.size())))];
    Line const& l = line(e.line);
    for (std::size_t d = 0; d < 2; ++d) {
      if (!l.has[d]) continue;
      e.fixed[d] = below(spec_.size[d]);
      e.member[d] = c.has[d] && below(5) != 0 ? Expr::Member::own : Expr::Member::fixed;
      if (d == 1 && c.has[0] && below(4) == 0) e.member[d] = Expr::Member::owner;
    }
    if (!l.time) return std::make_shared<Expr>(e);
    const bool own_stage = l.stage == line(c.line).stage;
    const int direction = spec_.direction[static_cast<std::size_t>(line(c.line).stage)];
    if (own_stage) {
      e.time = Expr::Time::own;
      const int least = e.line < c.line ? 0 : 1;
      e.step = -direction * (least + below(3 - least));
      if (c.window_safe) e.time = Expr::Time::window;
    } else if (c.window && below(3) != 0) {
      e.time = Expr::Time::window;
    } else if (!c.time || below(6) == 0) {
      e.time = Expr::Time::fixed;
      e.step = below(spec_.steps);
    } else if (below(8) == 0) {
      e.time = Expr::Time::lagged;
    } else {
      e.time = Expr::Time::own;
      e.step = below(2) == 0 ? 0 : below(5) - 2;
    }
    return std::make_shared<Expr>(e);
  }
  ExprPtr read(Context const& c) { return read(c, readable(c)); }

  /// The left side of an `else`, which must not read its own cycle.
  ExprPtr perhaps(int depth, Context c) {
    c.own_stage = false;
    return number(depth, c);
  }

  ExprPtr number(int depth, Context const& c) {
    if (depth == 0) return below(4) == 0 ? literal() : read(c);
    const auto two = [&](Op op) { return make(op, {number(depth - 1, c), number(depth - 1, c)}); };
    switch (below(16)) {
    case 0: return literal();
    case 1: return c.time ? make(Op::since, {}) : literal();
    case 2: return make(Op::negate, {number(depth - 1, c)});
    case 3: return make(Op::square, {number(depth - 1, c)});
    case 4: return two(Op::subtract);
    case 5: return two(Op::multiply);
    case 6: return two(Op::divide);
    case 7: return two(Op::minimum);
    case 8: return two(Op::maximum);
    case 9:
      return make(Op::choose, {truth(depth - 1, c), number(depth - 1, c), number(depth - 1, c)});
    case 10: return make(Op::otherwise, {perhaps(depth - 1, c), number(depth - 1, c)});
    case 11:
    case 12:
    case 13: return reduction(depth, c, false);
    default: return two(Op::add);
    }
  }

  ExprPtr truth(int depth, Context const& c) {
    const auto compared = [&](Op op) {
      return make(op, {number(depth > 0 ? depth - 1 : 0, c), number(0, c)});
    };
    switch (below(depth > 0 ? 9 : 3)) {
    case 0: return compared(Op::less);
    case 1: return compared(Op::less_equal);
    case 2: return compared(Op::equal);
    case 3: return make(Op::negation, {truth(depth - 1, c)});
    case 4:
    case 5: {
      return make(below(2) == 0 ? Op::both : Op::either,
                  {truth(depth - 1, c), truth(depth - 1, c)});
    }
    case 6: return make(Op::is_known, {perhaps(depth - 1, c)});
    case 7: return reduction(depth, c, true);
    default: return compared(Op::less);
    }
  }

  ExprPtr reduction(int depth, Context const& c, bool condition) {
    Expr e;
    e.op = Op::reduce;
    Context inner = c;
    std::vector<int> varying; // what the body reads, so that it varies
    e.over = static_cast<Expr::Over>(below(3));
    if (e.over == Expr::Over::window && (c.window || !c.time)) e.over = Expr::Over::time;
    switch (e.over) {
    case Expr::Over::dimension:
      e.dimension = below(2);
      e.group = below(3) == 0;
      inner.has[static_cast<std::size_t>(e.dimension)] = true;
      for (int j : readable(c))
        if (line(j).has[static_cast<std::size_t>(e.dimension)]) varying.push_back(j);
      break;
    case Expr::Over::time:
      e.low = below(spec_.steps);
      e.high = e.low + below(spec_.steps - e.low);
      inner.time = true;
      inner.own_stage = false;
      break;
    case Expr::Over::window: {
      const int direction = spec_.direction[static_cast<std::size_t>(line(c.line).stage)];
      inner.window = true;
      inner.window_safe = c.own_stage;
      e.low = c.own_stage ? (direction == 1 ? -3 : 1) : below(5) - 3;
      e.high = c.own_stage ? (direction == 1 ? -1 : 3) : e.low + below(3);
      break;
    }
    }
    if (e.over != Expr::Over::dimension)
      for (int j : readable(inner))
        if (line(j).time) varying.push_back(j);
    if (varying.empty()) return condition ? make(Op::less, {literal(), number(0, c)}) : literal();
    const ExprPtr taken = varies(inner, varying, e);
    e.known = below(5) == 0;
    e.gather =
        condition ? (below(2) == 0 ? Gather::any : Gather::all) : static_cast<Gather>(below(7));
    // A rank keeps its axis, so that the cell must have it.
    const bool keeps = e.over == Expr::Over::dimension
                           ? c.has[static_cast<std::size_t>(e.dimension)]
                           : e.over == Expr::Over::time && c.time;
    if (!condition && keeps && below(6) == 0) e.gather = Gather::rank;
    constexpr std::array statistics{Gather::stdev_p, Gather::var_s, Gather::percentile_inc,
                                    Gather::slope};
    if (!condition && below(5) == 0) e.gather = statistics[static_cast<std::size_t>(below(4))];
    ExprPtr body = taken;
    if (depth > 1 && below(2) == 0)
      body = make(below(2) == 0 ? Op::multiply : Op::add, {taken, number(depth - 2, inner)});
    if (condition || e.gather == Gather::count)
      body = make(below(2) == 0 ? Op::less : Op::equal, {body, literal()});
    e.args = {body};
    if (below(3) == 0) {
      e.where = true;
      e.args.push_back(truth(depth > 1 ? depth - 2 : 0, inner));
    }
    if (e.gather == Gather::slope || (e.gather == Gather::avg && below(2) == 0)) {
      e.weighted = true;
      e.args.push_back(number(0, inner));
    }
    return std::make_shared<Expr>(std::move(e));
  }

  /// A read that takes the index which the reduction runs along.
  ExprPtr varies(Context const& c, std::vector<int> const& lines, Expr const& reduction) {
    Expr e = *read(c, lines);
    if (reduction.over == Expr::Over::dimension)
      e.member[static_cast<std::size_t>(reduction.dimension)] = Expr::Member::own;
    if (reduction.over == Expr::Over::window) e.time = Expr::Time::window;
    if (reduction.over == Expr::Over::time && e.time != Expr::Time::own) {
      e.time = Expr::Time::own;
      e.step = 0;
    }
    return std::make_shared<Expr>(e);
  }

  std::mt19937 random_;
  bool bounded_;
  Spec spec_;
};

} // namespace scn_test
