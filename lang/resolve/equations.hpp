#pragma once

#include "lang/resolve/context.hpp"
#include "lang/resolve/lowering.hpp"
#include "lang/resolve/regions.hpp"
#include "lang/resolve/types.hpp"
#include "lang/resolve/units.hpp"

#include <map>

namespace scn::resolve {

/// A right side that is a number, or nothing, rather than a formula.
struct ReadFigure {
  enum class Kind : std::uint8_t { number, unknown, inapplicable };
  Kind kind = Kind::number;
  model::Figure figure;
  model::Words words = model::Words::none;
  bool range = false;    ///< `a..b`
  bool any_unit = false; ///< a bare `0`, or an empty value
  model::Measure measure;
  model::Type type;
  std::string_view reason; ///< of an unknown

  /// Do its words allow more than its point?
  [[nodiscard]] bool wide() const { return range || words != model::Words::none; }
};

/// Everything that gives cells their values: equations, tables, and what belongs to them. Works in
/// steps, because a line's shape (does it vary over time?) depends on all of its equations.
class Equations {
 public:
  Equations(Context& context, Units& units, Regions& regions, Lowering& lowering)
      : context_(context), units_(units), regions_(regions), lowering_(lowering) {}

  /// Reads every statement that gives a value; formulas are lowered.
  void collect(ResolveInput const& input);
  /// Decides which lines vary over time, hidden ones included.
  void settle_time();
  /// Lines of expressions whose formulas read fiscal lines are fiscal, too.
  void mark_fiscal(std::vector<model::NodeId> const& formulas);
  /// Reads when the fiscal years of companies end. Equations must be built.
  void read_year_ends();
  /// Puts equations and figures into the model, with their regions and layers.
  void build();
  /// Reports two equations that give the same cells; `same` says that their regions are equal.
  void report_overlap(model::LineId line, Span first, Span second, bool same, std::string cell);
  [[nodiscard]] model::Region full_region(model::LineId line,
                                          Regions::Partial const& partial) const;
  /// Checks the units of figures, once those of all lines are known.
  void check_figures();
  /// Reports equations of one layer that overlap without one lying inside the other.
  void check_overlaps();
  /// Reports equations and figures for cells that their line is not declared for.
  void check_applies();
  /// Chooses how values are printed where no unit was written.
  void choose_measures();

  /// A line that stands for an expression: of a claim, a check, or one asked for.
  model::LineId add_hidden(std::string name, LoweringTarget const& target, model::Formula formula,
                           model::LayerId layer, Span span);
  /// Reads a right side as a figure of a line of the given type; none if it is a formula, or wrong
  /// (`failed` tells).
  std::optional<ReadFigure> figure(ast::Right const& right, model::Measure const* fallback,
                                   model::Kind kind, bool& failed);

  /// The formulas whose units are to be inferred and checked.
  [[nodiscard]] std::vector<Types::Job> jobs() const;
  [[nodiscard]] std::vector<std::pair<model::LineId, model::Type>> figure_types() const;

 private:
  /// What every equation has, figure or formula.
  struct Stated {
    model::LineId line;
    model::LayerId layer;
    model::Effect effect = model::Effect::replace;
    model::Words words = model::Words::none;
    std::optional<model::Formula> formula;
    model::Style style;
    Span span;
    Span head;
  };
  /// An equation while it is read.
  struct Pending : Stated {
    std::optional<Regions::Partial> region; ///< none: all of the line
    std::optional<ReadFigure> figure;
  };
  /// An equation that waits for the shape of its line. There may be a million, nearly all of them
  /// formulas for all of a line, so what few have lies elsewhere.
  struct Kept : Stated {
    static constexpr std::uint32_t none = model::Node::none;
    std::uint32_t region = none; ///< `kept_regions_`; none: all of the line
    std::uint32_t figure = none; ///< `kept_figures_`
  };
  /// Members and period that a key of a table names; a place per dimension of the line.
  struct Key {
    std::vector<std::optional<std::uint32_t>> members;
    std::optional<int> step;
  };

  void statement(ast::Statement const& s, model::LayerId layer);
  void line_equation(ast::Line const& line, Span span, model::LayerId layer);
  void equation(ast::Equation const& e, Span span, model::LayerId layer);
  void member_equations(ast::Member const& member, Span span, model::LayerId layer);
  void knob(ast::Name const& name, List<ast::Place> const& places, ast::Right const* range,
            ast::ExprPtr distribution);
  [[nodiscard]] bool moves_period(Stated const& p) const;
  bool check_effect(Pending& p, ast::Right const& right);
  void value(Pending pending, ast::Right const& right, ast::Tail const* tail);
  void table(ast::Table const& t, Span span);
  void file_table(ast::Table const& t, Pending const& head, Key const& fixed,
                  model::Measure const* measure);
  void table_field(ast::Table const& t, ast::Field const& field, Pending const& head,
                   Key const& cell, model::Measure const* measure);
  void number_field(ast::Table const& t, Span field, Pending const& head, Key const& cell,
                    ReadFigure& number);
  std::optional<std::uint32_t> lane_of(ast::Table const& t, Key const& cell, model::LineId line,
                                       Span span);
  static void place(Key const& cell, Pending& p);
  void keep_figure(Pending p, std::uint32_t lane, std::optional<int> step);
  void text_table(ast::Table const& t, Pending const& head, Key const& fixed,
                  model::Measure const* measure);
  void put_fact(Pending const& p, std::uint32_t lane, int step);
  [[nodiscard]] std::uint32_t cell_at(std::uint32_t lane, int step) const;
  bool open_year_to_date(ast::Table const& t, model::LineId line);
  void spread_year_to_date();
  bool read_key(List<ast::TableKey> const& keys, model::LineId line, bool row, Key& out);
  bool is_literal(ast::ExprPtr e) const;
  std::optional<Units::Quantity> number(ast::ExprPtr e, model::Measure const* fallback);
  model::Style style_of(ast::Tail const* tail, ast::Cite const& fallback);
  void keep(Pending p);
  void build_kept(Kept const& kept);
  void build_one(Stated const& p, Regions::Partial const& region, ReadFigure const* figure);
  void add_fact(model::LineId line, model::LayerId layer, std::uint32_t cell,
                ReadFigure const& figure, model::Style const& style, Span span);
  void note_measure(ReadFigure const& figure);
  void note_type(model::LineId line, ReadFigure const& figure, Span span);
  model::Facts& facts_of(model::LineId line, model::LayerId layer);
  model::LayerEquations& layer_of(model::LineId line, model::LayerId layer);
  void sort_facts();
  [[nodiscard]] bool is_money(model::UnitId unit) const;
  [[nodiscard]] std::optional<model::Measure> usual_money() const;
  [[nodiscard]] bool too_late(model::Style const& style) const;
  [[nodiscard]] bool has_reads(model::Formula formula) const;

  Context& context_;
  Units& units_;
  Regions& regions_;
  Lowering& lowering_;
  std::optional<model::Date> as_of_; ///< what was published later is left out
  ResolveInput const* input_ = nullptr;
  std::vector<Kept> kept_;
  std::vector<Regions::Partial> kept_regions_;
  std::vector<ReadFigure> kept_figures_;
  struct FigureType {
    model::LineId line;
    model::Type type;
    Span span;
  };
  std::vector<FigureType> figure_types_; ///< each type of a line's figures once
  std::map<std::tuple<model::LineId, model::Kind, model::UnitId>, std::size_t> figure_type_ids_;
  std::size_t last_figure_type_ = 0; ///< figures of one line mostly follow one another
  struct PendingRange {
    model::LineId line;
    Regions::Partial region;
    model::Figure range;
    Span span;
  };
  std::vector<PendingRange> ranges_;
  std::map<std::pair<model::LineId, model::LayerId>, std::uint32_t> facts_ids_;
  std::uint32_t last_facts_ = 0;
  /// Figures of a year-to-date table, until all of it is read.
  struct YearToDate {
    Pending figure;
    std::uint32_t lane;
    int step;
  };
  std::optional<std::vector<YearToDate>> year_to_date_;
  /// Figures of cells without a period, until it is known whether their line varies over time.
  std::vector<Pending> timeless_;
  std::map<model::UnitId, std::map<model::MeasureId, std::uint32_t>> measure_uses_;
  /// The same of equations, for units that no table is in.
  std::map<model::UnitId, std::map<model::MeasureId, std::uint32_t>> figure_uses_;
  std::map<model::LineId, model::MeasureId> table_measures_;
};

} // namespace scn::resolve
