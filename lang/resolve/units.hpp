#pragma once

#include "lang/resolve/context.hpp"

namespace scn::resolve {

/// The unit that a library file declares to say: whatever the model's `currency` is.
inline constexpr std::string_view model_currency = "model_currency";

/// Reads units: declarations (`unit fortnight = 14 day`), unit expressions (`亿 USD/card`) and
/// literals (`800 亿 USD`).
class Units {
 public:
  explicit Units(Context& context) : context_(context) {}

  /// Works out every declared unit, in whatever order they stand.
  void resolve_declarations();
  /// The measure of a unit that a name stands for; reports unknown names.
  std::optional<model::Measure> named(ast::Name const& name);
  std::optional<model::Measure> of(ast::UnitExpr const& unit);

  /// A number as written. `fallback` is what a table's head says of figures without a unit.
  struct Quantity {
    double value = 0;
    double half = 0; ///< half a unit of the last written digit
    model::Measure measure;
    bool plain_zero = false; ///< a bare `0`, which fits every unit
    bool bare = false;       ///< neither magnitude nor unit nor `%`
  };
  std::optional<Quantity> literal(ast::Literal const& literal,
                                  model::Measure const* fallback = nullptr);
  /// A bare number, as most fields of a table are.
  static Quantity number(std::string_view digits, model::Measure const* fallback);
  /// Of a number whose value is not finite.
  void report_too_large(Span digits);

 private:
  void resolve(std::uint32_t index);
  std::optional<model::Measure> constant(ast::ExprPtr value);

  Context& context_;
};

} // namespace scn::resolve
