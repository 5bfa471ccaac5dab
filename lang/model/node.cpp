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
  case NodeKind::reduce:
  case NodeKind::rank: return 0;
  case NodeKind::negate:
  case NodeKind::logical_not:
  case NodeKind::is_known:
  case NodeKind::year_begin:
  case NodeKind::year_end:
  case NodeKind::native:
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
  case NodeKind::choose:
  case NodeKind::near:
  case NodeKind::below_near: return 3;
  }
  return 0;
}

} // namespace scn::model
