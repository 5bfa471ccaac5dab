#pragma once

#include "engine/eval/operand.hpp"
#include "lang/model/calendar.hpp"
#include "lang/model/index_set.hpp"
#include "lang/model/node.hpp"

#include <cstddef>

/// Loops over columns, one operation each. A value is a finite number or one of the two empty
/// values; a condition is 1, 0 or empty. Where an operand is empty the rules are those of the
/// language: what does not apply goes before what is unknown, and a result that is no finite number
/// is unknown. `out` never overlaps an operand.
namespace scn::eval {

/// `kind` is any node with two operands that are values; not both of them are single.
void binary(model::NodeKind kind, double* out, Operand a, Operand b, std::size_t n);
void unary(model::NodeKind kind, double* out, Cells a, std::size_t n);
/// `b` and `c` may be null where the function has fewer operands.
void native(model::Native function, double* out, Cells a, Cells b, Cells c, std::size_t n);
/// Why a native function has no result for operands that are known.
[[nodiscard]] char const* why_unknown(model::Native function, double a, double b, double c);
void choose(double* out, Cells condition, Operand then, Operand otherwise, std::size_t n);
void near(double* out, Cells a, Cells b, Cells tolerance, bool absolute, bool below, std::size_t n);
/// Is the member in the set?
void in_set(double* out, Cells a, model::IndexSet const& set, std::size_t n);
/// The first or last step of the year of each period.
void year_edge(double* out, Cells a, model::Calendar const& calendar, bool end, std::size_t n);
/// A period moved by a duration in years.
void shift_by_time(double* out, Cells a, Cells years, double steps_per_year, std::size_t n);
/// The time between two steps, in years.
void difference(double* out, Cells a, Cells b, double steps_per_year, std::size_t n);

/// x^y for finite x and y, the same bits on every processor; NaN or infinite where there is no
/// finite real result.
[[nodiscard]] double power_of(double x, double y);

} // namespace scn::eval
