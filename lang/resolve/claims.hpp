#pragma once

#include "lang/resolve/context.hpp"
#include "lang/resolve/equations.hpp"

namespace scn::resolve {

/// Reads claims and checks, each as a hidden line, and the expression that was asked for.
class Claims {
 public:
  Claims(Context& context, Lowering& lowering, Equations& equations)
      : context_(context), lowering_(lowering), equations_(equations) {}

  void collect(ResolveInput const& input);
  /// Checks units once those of all lines are known, and says in which unit each is printed.
  void finish();

 private:
  void statement(ast::Statement const& s, model::LayerId layer);
  void claim(ast::Claim const& c, Span span, model::LayerId layer);
  void check(ast::Check const& c, Span span, model::LayerId layer);
  bool stated(ast::Claim const& c, model::Claim& out, model::Type& type);

  Context& context_;
  Lowering& lowering_;
  Equations& equations_;
  struct Stated {
    std::size_t claim;
    model::Type type;
    Span span;
  };
  std::vector<Stated> stated_;
};

} // namespace scn::resolve
