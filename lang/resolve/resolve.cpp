#include "lang/resolve/resolve.hpp"

#include "lang/resolve/claims.hpp"
#include "lang/resolve/contests.hpp"
#include "lang/resolve/context.hpp"
#include "lang/resolve/declarations.hpp"
#include "lang/resolve/equations.hpp"
#include "lang/resolve/lowering.hpp"
#include "lang/resolve/rates.hpp"
#include "lang/resolve/regions.hpp"
#include "lang/resolve/types.hpp"
#include "lang/resolve/units.hpp"
#include "lang/resolve/views.hpp"

namespace scn {

model::Model resolve_model(ResolveInput const& input, SourceSet const& sources, Interner& interner,
                           Diagnostics& diagnostics) {
  model::Model result;
  resolve::Context context(sources, interner, diagnostics, result);
  resolve::Units units(context);
  resolve::Regions regions(context);
  resolve::Lowering lowering(context, units, regions);
  resolve::Equations equations(context, units, regions, lowering);
  resolve::Contests contests(context, regions, equations);
  resolve::Claims claims(context, lowering, equations);
  resolve::Views views(context, units, regions, lowering, equations);
  resolve::Rates rates(context);
  resolve::Types types(context, rates);

  resolve::Declarations(context, units).collect(input);
  equations.collect(input);
  contests.collect(input);
  claims.collect(input);
  views.collect(input);
  // Units come before shapes: which exchange rates a formula reads follows from its units.
  types.infer_and_check(equations.jobs(), equations.figure_types());
  equations.settle_time();
  rates.check_periods();
  lowering.check_merges();
  equations.mark_fiscal(lowering.check_axes());
  equations.build();
  contests.find();
  equations.read_year_ends();
  equations.check_figures();
  equations.check_overlaps();
  contests.check_ties();
  equations.check_applies();
  claims.finish();
  views.finish();
  equations.choose_measures();
  return result;
}

} // namespace scn
