#include "engine/eval/vector_loops.hpp"

namespace scn::eval {

#ifdef SCN_MORE_VECTORS
VectorLoops const& avx2_loops();
#endif

VectorLoops const& vector_loops() {
#ifdef SCN_MORE_VECTORS
  static VectorLoops const& best = __builtin_cpu_supports("avx2") ? avx2_loops() : baseline_loops();
  return best;
#else
  return baseline_loops();
#endif
}

} // namespace scn::eval
