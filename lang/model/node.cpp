#include "lang/model/node.hpp"

namespace scn::model {

int operand_count(NodeKind kind) {
  switch (kind) {
  case NodeKind::constant:
  case NodeKind::unknown:
  case NodeKind::inapplicable:
  case NodeKind::read:
  case NodeKind::member:
  case NodeKind::step:
  case NodeKind::reduce: return 0;
  case NodeKind::negate:
  case NodeKind::logical_not:
  case NodeKind::is_known:
  case NodeKind::year_begin:
  case NodeKind::year_end:
  case NodeKind::in_set:
  case NodeKind::ascribe:
  case NodeKind::convert: return 1;
  case NodeKind::add:
  case NodeKind::subtract:
  case NodeKind::multiply:
  case NodeKind::divide:
  case NodeKind::power:
  case NodeKind::minimum:
  case NodeKind::maximum:
  case NodeKind::equal:
  case NodeKind::not_equal:
  case NodeKind::less:
  case NodeKind::less_equal:
  case NodeKind::greater:
  case NodeKind::greater_equal:
  case NodeKind::logical_and:
  case NodeKind::logical_or:
  case NodeKind::otherwise:
  case NodeKind::difference:
  case NodeKind::shift:
  case NodeKind::shift_by_time: return 2;
  case NodeKind::native: // or fewer
  case NodeKind::choose:
  case NodeKind::near:
  case NodeKind::below_near: return 3;
  }
  return 0;
}

std::string_view name_of(ReduceOp op) {
  switch (op) {
  case ReduceOp::sum: return "sum";
  case ReduceOp::avg: return "avg";
  case ReduceOp::min: return "min";
  case ReduceOp::max: return "max";
  case ReduceOp::median: return "median";
  case ReduceOp::product: return "product";
  case ReduceOp::count: return "count";
  case ReduceOp::any: return "any";
  case ReduceOp::all: return "all";
  case ReduceOp::argmax: return "argmax";
  case ReduceOp::rank: return "rank";
  case ReduceOp::stdev_s: return "stdev_s";
  case ReduceOp::stdev_p: return "stdev_p";
  case ReduceOp::var_s: return "var_s";
  case ReduceOp::var_p: return "var_p";
  case ReduceOp::percentile_inc: return "percentile_inc";
  case ReduceOp::percentile_exc: return "percentile_exc";
  case ReduceOp::correlation: return "correlation";
  case ReduceOp::slope: return "slope";
  case ReduceOp::intercept: return "intercept";
  case ReduceOp::internal_rate: return "internal_rate";
  }
  return {};
}

} // namespace scn::model
