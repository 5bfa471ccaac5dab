#pragma once

#include "lang/model/calendar.hpp"
#include "lang/model/empty.hpp"
#include "lang/model/index_set.hpp"
#include "lang/model/node.hpp"
#include "lang/model/unit.hpp"
#include "lang/source/ids.hpp"
#include "lang/source/span.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The resolved model: the boundary between the language and the engine. No name is looked up and
/// no text is read behind it; spelling is kept for people only.
namespace scn::model {

using EquationId = Id<struct EquationTag>;
using GroupId = Id<struct GroupTag>;
using CitationId = Id<struct CitationTag>;
using MeasureId = Id<struct MeasureTag>;
using ScenarioId = Id<struct ScenarioTag>;
using RegionId = Id<struct RegionTag>;
/// 0 is the base, n the block of scenario n-1.
using LayerId = Id<struct LayerTag>;
inline constexpr LayerId base_layer{0};
/// What the standard library gives lies below the base, so that a model may say otherwise.
inline constexpr LayerId library_layer{0x7fff'ffffu};
/// The layer of a scenario's own block.
[[nodiscard]] constexpr LayerId layer_of(ScenarioId scenario) {
  return LayerId{std::size_t{scenario.value} + 1};
}

/// A document that figures come from.
struct Document {
  std::string name;
  std::string title;
  std::string file;
  std::string author;
  std::string url;
  std::string note;
  std::optional<Date> published;
  std::optional<std::uint32_t> copy_of; ///< the document that it copies
  Span span;
};

/// A place in a document.
struct Citation {
  std::uint32_t document;
  std::string place;
  friend auto operator<=>(Citation const&, Citation const&) = default;
};

struct Member {
  std::string name;
  std::string label;
  std::string doc;
  Span span;
};

/// A dimension with its members. A member's index is its rank by name, so that sums over members
/// come out the same bit for bit in whatever order the text declares them.
struct Dimension {
  std::string name;
  std::string label;
  std::vector<Member> members;      ///< by index
  std::vector<std::uint32_t> shown; ///< indices in the order of the text
  Span span;
  bool library = false; ///< declared by the standard library
  bool periods = false; ///< its members are the periods of the timeline: `vintage`
};

struct Group {
  std::string name;
  std::string label;
  DimensionId dimension;
  IndexSet members;
  Span span;
};

enum class Kind : std::uint8_t { any, number, truth, period, member };

/// What an expression's value is. `any` fits everything: a literal 0 or unknown.
struct Type {
  Kind kind = Kind::any;
  UnitId unit = pure;
  DimensionId dimension;
  friend bool operator==(Type const&, Type const&) = default;
};

enum class LineKind : std::uint8_t { let, flow, stock, rate, assume, fx };

/// What an exchange rate is taken for: a pair has one for everything, or one for stocks (the rate
/// at the end of a period) and one for everything else (its average).
enum class RateUse : std::uint8_t { all, average, closing };

/// What kind of figure a cell holds. `cited` has no tag of its own: it is actual if its period was
/// over when its source was published, else an estimate.
enum class Tag : std::uint8_t { derived, cited, actual, guidance, estimate, assumed };
[[nodiscard]] std::string_view name_of(Tag tag);

/// What the words before a figure say of it.
enum class Words : std::uint8_t { none, over, under, about, nearly };

/// Where a line is declared, over which axes, and what its values are.
struct Line {
  std::string name;
  std::string label;
  std::string doc;
  LineKind kind = LineKind::let;
  RateUse rate_use = RateUse::all; ///< of an exchange rate
  Type type;
  MeasureId measure; ///< how its values are printed
  std::vector<DimensionId> dimensions;
  bool over_time = false;
  bool fiscal = false;  ///< its steps are fiscal periods of each company: `FY2025`
  bool hidden = false;  ///< a claim's or check's expression, or one asked for on the command line
  bool prelude = false; ///< declared by the prelude, so in every model
  std::optional<Region> applies; ///< restricted to some members; everything else does not apply
  Span span;
};

/// How a figure was written and what backs it; shared by all figures written alike.
struct Style {
  Tag tag = Tag::assumed;
  bool exact = false;
  CitationId citation;
  MeasureId measure;
  double half = 0; ///< half a unit of the last written digit
  friend auto operator<=>(Style const&, Style const&) = default;
};

/// A line's figures for single cells in one layer, sorted by cell, each cell once. A cell is its
/// member index (row-major over the line's dimensions) times the number of steps, plus its step.
struct Facts {
  LineId line;
  LayerId layer;
  struct Fact {
    double value = 0; ///< NaN with a mark where it is unknown or does not apply
    std::uint32_t cell = 0;
    std::uint32_t style = 0;    ///< Model::styles
    std::uint32_t extra = none; ///< Formulas::figures if its words allow more than a point, or the
                                ///< reason of an unknown
    Span span;
    static constexpr std::uint32_t none = Node::none;
  };
  std::vector<Fact> facts;
};

/// How an equation of a scenario treats what lies below it.
enum class Effect : std::uint8_t { replace, multiply, add };

/// `line[region] = formula`, in one layer.
struct Equation {
  LineId line;
  LayerId layer;
  RegionId region;
  Formula formula;
  Effect effect = Effect::replace;
  Words words = Words::none;
  std::uint32_t style = 0;
  Span span; ///< the whole statement
  Span head; ///< the name and region
};

/// A use of a function, for messages: where it stands, and the use that it stands inside.
struct CallSite {
  Span span;
  std::uint32_t outer = Node::none;
};

/// All formulas of the model and what their nodes point to.
struct Formulas {
  std::vector<Node> nodes;
  std::vector<Figure> figures;
  std::vector<std::string> reasons;
  std::vector<Read> reads;
  std::vector<Index> indices;
  std::vector<Variable> variables;
  std::vector<Reduction> reductions;
  std::vector<VariableId> reduction_variables; ///< outermost first
  std::vector<IndexSet> sets;
  std::vector<CallSite> calls;
  std::vector<Conversion> conversions;
  /// Conditions under which a value that a formula computes is an estimate. Nodes of that formula
  /// that nothing uses.
  std::vector<NodeId> estimated_if;

  [[nodiscard]] Node const& operator[](NodeId id) const { return nodes[id.value]; }
  [[nodiscard]] std::span<VariableId const> variables_of(Reduction const& r) const {
    return std::span(reduction_variables).subspan(r.variables, r.variable_count);
  }
};

/// The equations of one line in one layer, widest first: painted over one another in this order,
/// the last one on a cell wins. The facts of the layer come last of all.
struct LayerEquations {
  LayerId layer;
  std::vector<EquationId> equations;
  std::uint32_t facts = Node::none; ///< Model::facts
  /// Model::contests: of their equations, and of figures in tables of their own, one each counts.
  std::vector<std::uint32_t> contests;
};

/// What one source gives where several give the same region of a line in one layer.
struct Rival {
  std::uint32_t document = 0;        ///< Model::documents
  std::uint32_t facts = Node::none;  ///< a figure: a table of Model::facts that has rivals only
  EquationId equation;               ///< else an equation
  std::uint32_t copies = Node::none; ///< the rival that it repeats; then it does not compete
  Span span;
};

/// Several sources that give the same region of a line in one layer. All of them are kept; which
/// one a stack of layers takes is decided by `decide` in contest.hpp.
struct Contest {
  LineId line;
  LayerId layer;
  Region region;
  std::uint32_t cell = 0;    ///< the first cell of the region; of a figure the only one
  std::vector<Rival> rivals; ///< the one published last first, then by name of the source
  bool agree = false;        ///< they state one and the same figure, copies apart
};

/// `prefer cnbc, caijing for capex[amazon, 2024]`: which source is taken where several compete.
struct Preference {
  LayerId layer;
  std::vector<std::uint32_t> documents; ///< the best first
  std::optional<LineId> line;           ///< none: of every line
  Region region;                        ///< of the line: contests whose region lies inside it
  Span span;
};

/// Something a document says about a derived figure.
struct Claim {
  std::string label;
  LineId line; ///< the hidden line that holds its left side, or the condition
  LayerId layer;
  bool condition = false;
  /// What the stated side allows.
  enum class Allows : std::uint8_t { rounding, over, under, about, nearly, range, tolerance };
  Allows allows = Allows::rounding;
  Figure stated;
  double tolerance = 0; ///< of `within`
  bool relative = true; ///< to the stated number
  MeasureId measure;
  CitationId citation;
  std::string text;
  Span span;
};

/// Something that must be true.
struct Check {
  std::string label;
  LineId line;
  LayerId layer;
  std::string text;
  Span span;
};

/// A knob's bounds: a value outside is a warning.
struct KnobRange {
  LineId line;
  Region region;
  double low = 0, high = 0;
  Span span;
};

/// A table that the model asks for: which rows, what of each, which periods, in which unit.
struct View {
  /// Members of a dimension that rows run over, in the order shown.
  struct Along {
    DimensionId dimension;
    std::vector<std::uint32_t> members;
  };
  struct Shown {
    LineId line;       ///< hidden where it is an expression
    std::string label; ///< empty: the line's own
    Span span;
  };
  /// Rows that belong together: every combination of members, the first dimension outermost, with
  /// whatever is shown of the same dimensions; or, along nothing, one line of its own.
  struct Block {
    std::vector<Along> along;
    Shown own; ///< of a block along nothing
    Span span;
  };
  std::string name;
  std::string label;
  std::vector<Block> blocks;
  std::vector<Shown> shown;
  std::uint32_t first = 0;          ///< the first step shown
  std::uint32_t count = 0;          ///< how many
  std::optional<MeasureId> measure; ///< for all lines of its unit
  Span span;

  /// Is a line over exactly the dimensions that a block runs along?
  [[nodiscard]] static bool fits(Line const& line, Block const& block);
};

struct Scenario {
  std::string name;
  std::string label;
  std::vector<ScenarioId> parents;
  std::vector<Span> parent_spans; ///< where `extends` names them
  /// From the base up, each once: what is later lies above.
  std::vector<LayerId> layers;
  Span span;
};

struct Model {
  std::string title;
  Calendar calendar;
  UnitTable units;
  /// By company: the month in which its fiscal year ends, as the base says; December is 12.
  std::vector<int> fiscal_year_ends;
  std::optional<DimensionId> company;
  std::optional<UnitId> pivot; ///< the currency that cross rates go through
  std::vector<Measure> measures;
  std::vector<Document> documents;
  std::vector<Citation> citations;
  std::vector<Dimension> dimensions;
  std::vector<Group> groups;
  std::vector<Line> lines;
  std::vector<Region> regions;
  std::vector<Equation> equations;
  std::vector<Facts> facts;
  std::vector<Contest> contests;
  std::vector<Preference> preferences;
  std::vector<Style> styles;
  /// By line: its equations, layer by layer. Layers without any are left out.
  std::vector<std::vector<LayerEquations>> layers;
  Formulas formulas;
  std::vector<Scenario> scenarios;
  std::vector<Claim> claims;
  std::vector<Check> checks;
  std::vector<KnobRange> knob_ranges;
  std::vector<View> views;
  std::optional<LineId> asked; ///< the hidden line of an expression asked for
  /// Layers that lie on top of every scenario: what the command line sets.
  std::vector<LayerId> overlays;

  [[nodiscard]] Line const& line(LineId id) const { return lines[id.value]; }
  [[nodiscard]] Equation const& equation(EquationId id) const { return equations[id.value]; }
  [[nodiscard]] Region const& region(RegionId id) const { return regions[id.value]; }
  [[nodiscard]] Dimension const& dimension(DimensionId id) const { return dimensions[id.value]; }
  [[nodiscard]] Measure const& measure(MeasureId id) const { return measures[id.value]; }
  /// The layers of a scenario, or of the base, with what the command line sets on top.
  [[nodiscard]] std::vector<LayerId> layers_of(std::optional<ScenarioId> scenario) const;
  /// The name of the scenario that a layer is the block of, or `base`.
  [[nodiscard]] std::string layer_name(LayerId layer) const;
  /// What kind of figure stands in a cell of a given step; `cited` is decided.
  [[nodiscard]] Tag tag_of(Style const& style, LineId line, std::uint32_t cell) const;
  /// `2025`, `2025Q3`; of a fiscal line `FY2025`.
  [[nodiscard]] std::string period_name(LineId line, std::uint32_t step) const;

  /// Cells along the dimensions of a line, and along time.
  [[nodiscard]] std::uint32_t lanes(LineId id) const;
  [[nodiscard]] std::uint32_t steps(LineId id) const {
    return line(id).over_time ? static_cast<std::uint32_t>(calendar.count) : 1;
  }
  /// All cells of a line.
  [[nodiscard]] Region whole(LineId id) const;
  /// `capex[amazon, 2025]`.
  [[nodiscard]] std::string cell_name(LineId id, std::uint32_t lane, std::uint32_t step) const;
  /// A value of a line as people write it: `756 亿 USD`, `15%`, `2024Q3`, `amazon`, `unknown`, `–`.
  [[nodiscard]] std::string value_text(LineId id, double value) const;
  /// The members along a line's dimensions at a lane.
  [[nodiscard]] std::vector<std::uint32_t> members_at(LineId id, std::uint32_t lane) const;
  [[nodiscard]] std::optional<ScenarioId> scenario_named(std::string_view name) const;
  [[nodiscard]] std::optional<LineId> line_named(std::string_view name) const;
};

/// `scn show model`.
[[nodiscard]] std::string dump(Model const& model);

} // namespace scn::model
