// `scn show model`: what the resolver made of the text, for people who look into it.

#include "lang/model/winners.hpp"
#include "lang/source/decimal.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace scn::model {

namespace {

std::string_view symbol_of(NodeKind kind) {
  switch (kind) {
  case NodeKind::add: return "+";
  case NodeKind::subtract: return "-";
  case NodeKind::multiply: return "*";
  case NodeKind::divide: return "/";
  case NodeKind::power: return "^";
  case NodeKind::minimum: return "min";
  case NodeKind::maximum: return "max";
  case NodeKind::equal: return "==";
  case NodeKind::not_equal: return "!=";
  case NodeKind::less: return "<";
  case NodeKind::less_equal: return "<=";
  case NodeKind::greater: return ">";
  case NodeKind::greater_equal: return ">=";
  case NodeKind::logical_and: return "and";
  case NodeKind::logical_or: return "or";
  case NodeKind::logical_not: return "not";
  case NodeKind::otherwise: return "else";
  case NodeKind::difference: return "time between";
  case NodeKind::shift: return "shift by steps";
  case NodeKind::year_begin: return "year begin";
  case NodeKind::year_end: return "year end";
  case NodeKind::shift_by_time: return "shift by time";
  case NodeKind::negate: return "minus";
  case NodeKind::is_known: return "is_known";
  case NodeKind::native: return "native";
  case NodeKind::choose: return "if";
  case NodeKind::in_set: return "in";
  case NodeKind::near: return "near";
  case NodeKind::below_near: return "at most, nearly";
  case NodeKind::ascribe: return "of type";
  case NodeKind::convert: return "in unit";
  default: return "";
  }
}

class Dump {
 public:
  explicit Dump(Model const& model) : model_(model) {}

  std::string run() {
    put("model \"{}\"\n", model_.title);
    if (model_.calendar.count > 0)
      put("timeline {}..{} {}\n", model_.calendar.name(0),
          model_.calendar.name(model_.calendar.count - 1), name_of(model_.calendar.grain));
    for (Dimension const& d : model_.dimensions) {
      // The months of the library are in every model, and vintages are the timeline again.
      if (d.members.empty() || d.periods || (d.library && d.name == "calendar_month")) continue;
      put("dimension {}:", d.name);
      for (Member const& m : d.members)
        put(" {}", m.name);
      put("\n");
    }
    for (Scenario const& s : model_.scenarios) {
      put("scenario {}: layers", s.name);
      for (LayerId layer : s.layers)
        put(" {}", model_.layer_name(layer));
      put("\n");
    }
    for (std::size_t i = 0; i < model_.lines.size(); ++i)
      if (!model_.lines[i].prelude) line(LineId{i});
    return std::move(out_);
  }

 private:
  template <class... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }

  void line(LineId id) {
    Line const& l = model_.line(id);
    constexpr std::string_view kinds[] = {"let", "flow", "stock", "rate", "assume", "fx"};
    put("{} `{}`", l.hidden ? "hidden" : kinds[static_cast<std::size_t>(l.kind)], l.name);
    switch (l.type.kind) {
    case Kind::any: put(" : any"); break;
    case Kind::number: put(" : {}", model_.units.name(l.type.unit)); break;
    case Kind::truth: put(" : truth"); break;
    case Kind::period: put(" : period"); break;
    case Kind::member: put(" : {}", model_.dimension(l.type.dimension).name); break;
    }
    for (DimensionId d : l.dimensions)
      put(" by {}", model_.dimension(d).name);
    put("{}\n", l.over_time ? " over time" : "");
    for (LayerEquations const& layer : model_.layers[id.value]) {
      for (EquationId e : layer.equations)
        equation(model_.equation(e));
      if (layer.facts != Node::none) facts(model_.facts[layer.facts]);
      for (std::uint32_t c : layer.contests)
        contest(model_.contests[c]);
    }
  }

  void equation(Equation const& e) {
    constexpr std::string_view effects[] = {"=", "*=", "+="};
    put("  {} {} {} [{}]\n", model_.layer_name(e.layer), region(e.line, model_.region(e.region)),
        effects[static_cast<std::size_t>(e.effect)], name_of(model_.styles[e.style].tag));
    for (auto n = e.formula.begin.value; n <= e.formula.root.value; ++n)
      node(n, e.formula.begin.value);
  }

  void facts(Facts const& f) {
    for (Facts::Fact const& one : f.facts)
      fact(f, one);
  }

  void fact(Facts const& f, Facts::Fact const& fact) {
    const std::uint32_t steps = model_.steps(f.line);
    put("  {} {} = {} [{}]\n", model_.layer_name(f.layer),
        model_.cell_name(f.line, fact.cell / steps, fact.cell % steps), number(fact.value),
        name_of(model_.tag_of(model_.styles[fact.style], f.line, fact.cell)));
  }

  /// Equations stand with the others; their names here say that only one of them counts.
  void contest(Contest const& c) {
    put("  {} {} has {} sources\n", model_.layer_name(c.layer), region(c.line, c.region),
        c.rivals.size());
    for (Rival const& r : c.rivals) {
      put("    {}{}", model_.documents[r.document].name, r.copies == Node::none ? "" : ", a copy");
      if (r.equation.valid()) {
        put(": an equation\n");
      } else {
        put(":");
        fact(model_.facts[r.facts], *fact_at(model_.facts[r.facts], c.cell));
      }
    }
  }

  static std::string number(double v) {
    return is_inapplicable(v) ? "–" : std::isnan(v) ? "unknown" : shortest(v);
  }

  std::string region(LineId id, Region const& region) const {
    Line const& l = model_.line(id);
    std::string out;
    for (std::size_t axis = 0; axis < region.axes.size(); ++axis) {
      const bool time = axis == l.dimensions.size();
      for (Run r : region.axes[axis].runs()) {
        const auto name = [&](std::uint32_t i) {
          return time ? model_.calendar.name(static_cast<int>(i))
                      : model_.dimension(l.dimensions[axis]).members[i].name;
        };
        out += (out.empty() ? "" : ", ") + name(r.begin);
        if (r.size() > 1) out += ".." + name(r.end - 1);
      }
    }
    return out.empty() ? "all" : out;
  }

  std::string index(Index const& i, DimensionId dimension, std::uint32_t begin) const {
    std::string out;
    switch (i.from) {
    case Index::From::own: out = dimension.valid() ? model_.dimension(dimension).name : "t"; break;
    case Index::From::variable: out = fmt::format("v{}", i.value); break;
    case Index::From::fixed:
      return dimension.valid() ? model_.dimension(dimension).members[i.value].name
                               : model_.calendar.name(static_cast<int>(i.value) + i.shift);
    case Index::From::node: out = fmt::format("%{}", i.value - begin); break;
    }
    if (i.shift != 0) out += fmt::format("{:+}", i.shift);
    return out;
  }

  void node(std::uint32_t n, std::uint32_t begin) {
    Formulas const& f = model_.formulas;
    Node const& node = f.nodes[n];
    put("    %{} = ", n - begin);
    switch (node.kind) {
    case NodeKind::constant: put("{}", shortest(f.figures[node.a].value)); break;
    case NodeKind::unknown:
      put("unknown{}", node.a == Node::none ? "" : " \"" + f.reasons[node.a] + '"');
      break;
    case NodeKind::inapplicable: put("–"); break;
    case NodeKind::read: {
      Read const& r = f.reads[node.a];
      Line const& source = model_.line(r.line);
      std::string places;
      for (std::size_t d = 0; d < source.dimensions.size(); ++d)
        places +=
            (d == 0 ? "" : ", ") + index(f.indices[r.members + d], source.dimensions[d], begin);
      if (source.over_time) places += (places.empty() ? "" : ", ") + index(r.time, {}, begin);
      put("{}{}", source.name, places.empty() ? "" : '[' + places + ']');
      break;
    }
    case NodeKind::member:
    case NodeKind::step: {
      Index const& i = f.indices[node.a];
      const bool member = node.kind == NodeKind::member && i.from == Index::From::own;
      put("{}", index(i, member ? i.dimension() : DimensionId{}, begin));
      break;
    }
    case NodeKind::reduce: {
      Reduction const& r = f.reductions[node.a];
      put("{}{} of %{}", name_of(r.op), r.known ? " known" : "", r.body.value - begin);
      for (VariableId v : f.variables_of(r)) {
        Variable const& variable = f.variables[v.value];
        if (variable.time) {
          put(" over v{} in %{}..%{}", v.value, variable.low.value - begin,
              variable.high.value - begin);
        } else {
          put(" over v{} in {} of {}", v.value, f.sets[variable.set].size(),
              model_.dimension(variable.dimension).name);
        }
      }
      if (r.where.valid()) put(" where %{}", r.where.value - begin);
      if (r.weight.valid())
        put(" {} %{}", second_of(r.op) == Second::weight ? "weighted by" : "with",
            r.weight.value - begin);
      break;
    }
    default: {
      put("{}", symbol_of(node.kind));
      const std::uint32_t operands[] = {node.a, node.b, node.c};
      for (int i = 0; i < operand_count(node.kind); ++i)
        if (operands[i] != Node::none) put(" %{}", operands[i] - begin);
    }
    }
    put("\n");
  }

  Model const& model_;
  std::string out_;
};

} // namespace

std::string dump(Model const& model) { return Dump(model).run(); }

} // namespace scn::model
