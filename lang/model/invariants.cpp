#include "lang/model/invariants.hpp"

#include "lang/model/winners.hpp"
#include "lang/source/invariant.hpp"

#include <algorithm>
#include <cmath>

namespace scn::model {

namespace {

class Invariants {
 public:
  explicit Invariants(Model const& model) : model_(model), f_(model.formulas) {}

  void run() {
    for (Dimension const& d : model_.dimensions)
      dimension(d);
    for (Equation const& e : model_.equations)
      equation(e);
    for (Facts const& facts : model_.facts)
      figures(facts);
    for (Contest const& c : model_.contests)
      contest(c);
    invariant(model_.layers.size() == model_.lines.size(), "every line has a list of layers");
    for (Scenario const& s : model_.scenarios)
      invariant(!s.layers.empty() && s.layers.front() == base_layer,
                "the base lies below every scenario");
    for (Claim const& c : model_.claims)
      invariant(model_.lanes(c.line) == 1 && !model_.line(c.line).over_time,
                "a claim speaks of one cell");
  }

 private:
  void dimension(Dimension const& d) {
    invariant(std::is_sorted(d.members.begin(), d.members.end(),
                             [](Member const& a, Member const& b) { return a.name < b.name; }),
              "members are indexed by name");
    invariant(d.shown.size() == d.members.size(), "every member is shown once");
  }

  void equation(Equation const& e) {
    Region const whole = model_.whole(e.line);
    invariant(model_.region(e.region).axes.size() == whole.axes.size(),
              "a region has a set for each axis of its line");
    invariant(whole.contains(model_.region(e.region)), "a region lies inside its line");
    invariant(e.formula.begin.value <= e.formula.root.value
                  && e.formula.root.value < f_.nodes.size(),
              "a formula is a range of nodes");
    for (auto n = e.formula.begin.value; n <= e.formula.root.value; ++n)
      node(e, n, f_.nodes[n]);
  }

  void node(Equation const& e, std::uint32_t at, Node const& n) {
    const std::uint32_t operands[] = {n.a, n.b, n.c};
    for (int i = 0; i < operand_count(n.kind); ++i) {
      if (operands[i] == Node::none) continue;
      invariant(operands[i] >= e.formula.begin.value && operands[i] < at,
                "operands lie before what uses them, in the same formula");
    }
    if (n.kind == NodeKind::read) {
      Read const& r = f_.reads[n.a];
      for (std::size_t d = 0; d < model_.line(r.line).dimensions.size(); ++d)
        index(e, at, f_.indices[r.members + d], model_.line(r.line).dimensions[d]);
    }
    if (n.kind == NodeKind::reduce) {
      Reduction const& r = f_.reductions[n.a];
      invariant(r.inner.value <= r.body_begin.value && r.body_begin.value <= r.body.value
                    && r.body.value < at,
                "the parts of an aggregation lie in order before it");
    }
  }

  void index(Equation const& e, std::uint32_t at, Index const& i, DimensionId dimension) {
    auto const& own = model_.line(e.line).dimensions;
    switch (i.from) {
    case Index::From::own:
      invariant(std::find(own.begin(), own.end(), i.dimension()) != own.end(),
                "a formula takes its own index along an axis of its line");
      break;
    case Index::From::fixed:
      invariant(i.value < model_.dimension(dimension).members.size(), "a fixed member exists");
      break;
    case Index::From::variable:
      invariant(i.value < f_.variables.size(), "a variable exists");
      break;
    case Index::From::node:
      invariant(i.value < at, "an index is computed before it is used");
      break;
    }
  }

  void figures(Facts const& facts) {
    const std::uint32_t cells = model_.lanes(facts.line) * model_.steps(facts.line);
    for (std::size_t i = 0; i < facts.facts.size(); ++i) {
      invariant(facts.facts[i].cell < cells, "a figure lies inside its line");
      invariant(i == 0 || facts.facts[i - 1].cell < facts.facts[i].cell,
                "figures are sorted by cell, each cell once");
      invariant(!std::isinf(facts.facts[i].value), "no figure is infinite");
    }
  }

  void contest(Contest const& c) {
    invariant(c.rivals.size() > 1, "a contest has several rivals");
    std::size_t competing = 0;
    for (Rival const& r : c.rivals) {
      competing += r.copies == Node::none ? 1 : 0;
      invariant(r.copies == Node::none || c.rivals[r.copies].copies == Node::none,
                "a copy goes back to a rival that competes");
      invariant(r.equation.valid()
                    ? model_.region(model_.equation(r.equation).region) == c.region
                    : c.region.size() == 1 && fact_at(model_.facts[r.facts], c.cell) != nullptr,
                "a rival gives the region of its contest");
    }
    invariant(competing > 0, "somebody competes");
  }

  Model const& model_;
  Formulas const& f_;
};

} // namespace

void check_invariants(Model const& model) { Invariants(model).run(); }

} // namespace scn::model
