#pragma once

#include "lang/model/model.hpp"

namespace scn::model {

/// Calls `visit(NodeId)` for every node that a node's value is made of. Operands lie before what
/// uses them, so one pass from a formula's root backwards reaches all that it needs.
template <class Visit>
void for_each_operand(Model const& model, Node const& node, Visit visit) {
  Formulas const& f = model.formulas;
  const auto want = [&](NodeId id) {
    if (id.valid()) visit(id);
  };
  const auto index = [&](Index const& at) {
    if (at.from == Index::From::node) visit(at.node());
  };
  const int operands = operand_count(node.kind);
  if (operands > 0) want(node.first());
  if (operands > 1) want(node.second());
  if (operands > 2) want(node.third());
  if (node.kind == NodeKind::read) {
    Read const& read = f.reads[node.a];
    for (std::size_t d = 0; d < model.line(read.line).dimensions.size(); ++d)
      index(f.indices[read.members + d]);
    index(read.time);
  } else if (node.kind == NodeKind::member || node.kind == NodeKind::step) {
    index(f.indices[node.a]);
  } else if (node.kind == NodeKind::reduce) {
    Reduction const& r = f.reductions[node.a];
    for (VariableId v : f.variables_of(r)) {
      want(f.variables[v.value].low);
      want(f.variables[v.value].high);
    }
    want(r.where);
    want(r.weight);
    want(r.body);
  }
}

} // namespace scn::model
