// Programs: which lanes a read takes, and that sharing registers changes no result. The latter on
// random programs with nested loops, run before and after.

#include "engine/eval/program.hpp"
#include "engine/eval/run.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

#include <cstring>
#include <random>

using namespace scn;
using eval::Instruction;
using eval::LaneMap;
using eval::Program;
using eval::Register;
using model::Index;
using model::NodeKind;
using scn_test::Loaded;

namespace {

constexpr std::uint32_t members = 5;
constexpr std::uint32_t steps = 6;

/// A model for random programs: a line by member and period, one without axes, figures to choose
/// from, and variables that loops may run.
struct Ground {
  Ground()
      : loaded(R"(
          timeline 2020..2025 yearly
          dimension who
          who a, b, c, d, e
          dimension weight
          let share : 1 by who
          share[a] = 1
          share[b] = 2
          share[c] = 3
          share[d] = unknown
          share[e] = -1.5
          let grid : 1 by who = share + (t - 2021) / 1 year
          let alone : 1 = 2.5
        )") {
    REQUIRE(loaded.good());
    model = loaded.model();
    grid = *model.line_named("grid");
    alone = *model.line_named("alone");
    first_figure = static_cast<std::uint32_t>(model.formulas.figures.size());
    for (double v : {0.0, 1.0, -1.0, 2.0, 0.5, 3.0, 1e200, 4.0})
      model.formulas.figures.push_back(model::Figure::exactly(v));
    first_variable = static_cast<std::uint32_t>(model.formulas.variables.size());
    model.formulas.variables.resize(first_variable + 64);
    for (auto const& column : loaded.result()->values)
      columns.push_back(column.get());
  }

  Loaded loaded;
  model::Model model;
  model::LineId grid, alone;
  std::uint32_t first_figure = 0;
  std::uint32_t first_variable = 0;
  std::vector<eval::Column const*> columns;
};

/// Writes programs in which every operation has a register of its own, as the compiler does.
class Writer {
 public:
  /// `tame`: loops have one variable, and along time it runs over whole steps around the cell's
  /// own.
  Writer(Ground const& ground, std::mt19937& random, bool tame = false)
      : ground_(ground), random_(random), tame_(tame) {
    program_.dimensions = ground.model.line(ground.grid).dimensions;
    program_.shape = eval::Shape::of(ground.model, ground.grid);
  }

  Program run() {
    std::vector<Register> scope;
    block(scope, 4 + below(20), 0);
    program_.result = below(2) == 0 ? scope.back() : pick(scope);
    return std::move(program_);
  }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  Register pick(std::vector<Register> const& scope) {
    return scope[below(static_cast<std::uint32_t>(scope.size()))];
  }
  Register emit(Instruction i) {
    i.out = program_.registers++;
    program_.code.push_back(i);
    return i.out;
  }

  void block(std::vector<Register>& scope, std::uint32_t count, int depth) {
    for (std::uint32_t i = 0; i < count; ++i)
      scope.push_back(scope.empty() ? constant() : operation(scope, depth));
  }

  Register constant() {
    return emit({.op = Instruction::Op::constant, .payload = ground_.first_figure + below(8)});
  }

  Register own_step(int shift) {
    program_.indices.push_back({Index::From::own, 0, shift});
    return emit({.op = Instruction::Op::step,
                 .payload = static_cast<std::uint32_t>(program_.indices.size() - 1)});
  }

  Index time(std::vector<Register> const& scope) {
    if (!open_.empty() && below(3) == 0) return {Index::From::variable, open_[below(open())], 0};
    if (below(3) == 0) return {Index::From::node, pick(scope), 0};
    return {Index::From::own, 0, static_cast<std::int32_t>(below(3)) - 1};
  }
  std::uint32_t open() const { return static_cast<std::uint32_t>(open_.size()); }

  Register operation(std::vector<Register> const& scope, int depth) {
    constexpr NodeKind two[] = {NodeKind::add,        NodeKind::subtract, NodeKind::multiply,
                                NodeKind::divide,     NodeKind::minimum,  NodeKind::maximum,
                                NodeKind::less,       NodeKind::equal,    NodeKind::logical_and,
                                NodeKind::logical_or, NodeKind::otherwise};
    constexpr NodeKind one[] = {NodeKind::negate, NodeKind::logical_not, NodeKind::is_known};
    switch (below(10)) {
    case 0: return constant();
    case 1: return emit({.op = Instruction::Op::empty, .aux = static_cast<std::uint8_t>(below(2))});
    case 2: return read(scope);
    case 3: {
      program_.indices.push_back(time(scope));
      return emit({.op = Instruction::Op::step,
                   .payload = static_cast<std::uint32_t>(program_.indices.size() - 1)});
    }
    case 4: return emit({.kind = one[below(3)], .a = pick(scope)});
    case 5:
      return emit({.kind = NodeKind::choose, .a = pick(scope), .b = pick(scope), .c = pick(scope)});
    case 6:
      if (depth < 3) return loop(scope, depth);
      [[fallthrough]];
    default: return emit({.kind = two[below(11)], .a = pick(scope), .b = pick(scope)});
    }
  }

  Register read(std::vector<Register> const& scope) {
    eval::ReadInstruction r{ground_.grid, time(scope), {}};
    switch (below(3)) {
    case 0: break;
    case 1:
      r.lanes.kind = LaneMap::Kind::uniform;
      r.lanes.base = {below(members)};
      break;
    default:
      r.lanes.kind = LaneMap::Kind::computed;
      r.lanes.base = {0};
      r.lanes.terms.push_back({{Index::From::node, pick(scope), 0}, 1, members});
      break;
    }
    program_.reads.push_back(std::move(r));
    return emit({.op = Instruction::Op::read,
                 .payload = static_cast<std::uint32_t>(program_.reads.size() - 1)});
  }

  Register loop(std::vector<Register> const& outer, int depth) {
    const auto number = static_cast<std::uint32_t>(program_.loops.size());
    program_.loops.emplace_back();
    const Register low = tame_ ? own_step(-static_cast<int>(below(3))) : 0;
    const Register high = tame_ ? own_step(static_cast<int>(below(3)) - 1) : 0;
    const Register out = emit({.op = Instruction::Op::loop, .payload = number});
    std::vector<Register> scope = outer;
    eval::LoopInstruction l;
    l.op = static_cast<model::ReduceOp>(below(10));
    l.known = below(4) == 0;
    const std::uint32_t variables = tame_ ? 1 : 1 + below(2);
    for (std::uint32_t v = 0; v < variables; ++v) {
      eval::LoopInstruction::Variable variable;
      variable.id = model::VariableId{ground_.first_variable + next_variable_++ % 64};
      variable.time = below(2) == 0;
      if (variable.time) {
        // Bounds of all but the first variable are computed inside the one before.
        if (v > 0) block(scope, 1 + below(3), 3);
        variable.low = tame_ ? low : pick(v > 0 ? scope : outer);
        variable.high = tame_ ? high : pick(v > 0 ? scope : outer);
      } else {
        for (std::uint32_t m = below(3); m < members; m += 1 + below(2))
          variable.members.push_back(m);
      }
      variable.begin = static_cast<std::uint32_t>(program_.code.size());
      open_.push_back(variable.id.value);
      l.variables.push_back(std::move(variable));
    }
    l.body = static_cast<std::uint32_t>(program_.code.size());
    block(scope, 1 + below(5), depth + 1);
    l.has_where = below(3) == 0;
    l.has_weight = below(3) == 0;
    l.where = pick(scope);
    l.weight = pick(scope);
    l.value = below(3) == 0 ? pick(scope) : scope.back();
    l.end = static_cast<std::uint32_t>(program_.code.size());
    open_.resize(open_.size() - variables);
    program_.loops[number] = std::move(l);
    return out;
  }

  Ground const& ground_;
  std::mt19937& random_;
  bool tame_;
  Program program_;
  std::vector<std::uint32_t> open_; ///< variables of the loops around
  std::uint32_t next_variable_ = 0;
};

std::vector<double> cells(eval::Runner& runner, Program const& program, eval::Tile tile) {
  double const* out = runner.run(program, tile);
  return {out, out + static_cast<std::size_t>(program.shape.width) * tile.steps};
}

Program compiled(Loaded& m, std::string_view line) {
  const auto id = *m.model().line_named(line);
  return eval::compile(m.model(), id, m.result()->stack.winners[id.value].all.back());
}

LaneMap::Kind lanes_of(Loaded& m, std::string_view line) {
  const Program p = compiled(m, line);
  REQUIRE(p.reads.size() == 1);
  return p.reads[0].lanes.kind;
}

} // namespace

TEST_CASE("random programs give the same bits whether registers are shared or not") {
  Ground ground;
  std::mt19937 random(99);
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  int with_loops = 0;
  int numbers = 0;
  // One runner for all shared programs, so that its registers are full of others' values.
  eval::Runner shared_runner(ground.model, ground.columns);
  for (int round = 0; round < 3000; ++round) {
    const Program plain = Writer(ground, random).run();
    Program shared = plain;
    eval::RegisterAllocator().run(shared);
    INFO("round " << round);
    REQUIRE(shared.registers <= plain.registers);
    before += plain.registers;
    after += shared.registers;
    with_loops += plain.loops.empty() ? 0 : 1;
    for (Instruction const& i : shared.code) {
      REQUIRE(i.out < shared.registers);
      // No operation writes where it reads.
      if (i.op == Instruction::Op::node) REQUIRE((i.out != i.a && i.out != i.b && i.out != i.c));
    }
    eval::Runner plain_runner(ground.model, ground.columns);
    for (const eval::Tile tile : {eval::Tile{0, 0, steps}, eval::Tile{0, 3, 1}}) {
      const auto expected = cells(plain_runner, plain, tile);
      const auto given = cells(shared_runner, shared, tile);
      REQUIRE(std::memcmp(expected.data(), given.data(), expected.size() * sizeof(double)) == 0);
      for (double v : expected)
        numbers += std::isfinite(v);
    }
  }
  CHECK(after * 2 < before); // sharing is what it is for
  CHECK(with_loops > 1000);
  CHECK(numbers > 20'000); // not merely unknowns
}

TEST_CASE("a long sum needs no more registers than a short one") {
  std::string terms = "x";
  for (int i = 0; i < 200; ++i)
    terms += " + x";
  Loaded m("company a, b\nlet x : 1 by company = 2\nlet y : 1 by company = " + terms
           + "\nlet z : 1 by company = x + x + x");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(compiled(m, "y").registers == compiled(m, "z").registers);
  CHECK(m.value("y", {"a"}) == 402);
}

TEST_CASE("a read takes lanes in one of four ways") {
  Loaded m(R"(
    company a, b
    dimension plan_
    plan_ p, q
    let x : 1 by company = 1
    let n : 1 = 2
    let owner : company by plan_ = a
    let both : 1 by company, plan_ = 4
    let same_ : 1 by company = x
    let fixed_ : 1 = x[b]
    let plain : 1 by company = n
    let wider : 1 by company, plan_ = x
    let turned : 1 by plan_, company = both
    let looked_up : 1 by plan_ = x[owner]
    let added : 1 = sum(x over company)
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(lanes_of(m, "same_") == LaneMap::Kind::same);
  CHECK(lanes_of(m, "fixed_") == LaneMap::Kind::uniform);
  CHECK(lanes_of(m, "plain") == LaneMap::Kind::uniform);
  CHECK(lanes_of(m, "wider") == LaneMap::Kind::table);
  CHECK(lanes_of(m, "turned") == LaneMap::Kind::table);
  const Program sum = compiled(m, "added");
  REQUIRE(sum.across.size() == 1);
  REQUIRE(sum.across[0].body.reads.size() == 1);
  CHECK(sum.across[0].body.reads[0].lanes.kind == LaneMap::Kind::same);
  const Program p = compiled(m, "looked_up");
  REQUIRE(p.reads.size() == 2);
  CHECK(p.reads[0].lanes.kind == LaneMap::Kind::same);
  CHECK(p.reads[1].lanes.kind == LaneMap::Kind::computed);
}

TEST_CASE("an aggregation encloses its body, and an inner one lies inside it") {
  Loaded m(R"(
    timeline 2020..2023 yearly
    company a, b
    let x : 1 by company = (t - 2019) / 1 year
    let y : 1 = max(sum(x[v] over v in first..t) over company where company == b) + 1
  )");
  INFO(m.messages());
  REQUIRE(m.good());
  const Program p = compiled(m, "y");
  REQUIRE(p.loops.size() == 2);
  CHECK(p.loops[0].body <= p.loops[1].body);
  CHECK(p.loops[1].end <= p.loops[0].end);
  CHECK(p.loops[0].has_where);
  CHECK_FALSE(p.loops[1].has_where);
  CHECK(m.value("y", {"2022"}) == 1 + 2 + 3 + 1);
}

TEST_CASE("tiles of a block may be cut anywhere along time") {
  Ground ground;
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    Program p = Writer(ground, random, true).run();
    eval::RegisterAllocator().run(p);
    eval::Runner runner(ground.model, ground.columns);
    const auto whole = cells(runner, p, {0, 0, steps});
    for (std::uint32_t s = 0; s < steps; ++s) {
      const auto one = cells(runner, p, {0, s, 1});
      INFO("round " << round << ", step " << s);
      REQUIRE(std::memcmp(one.data(), whole.data() + s * members, members * sizeof(double)) == 0);
    }
  }
}

TEST_CASE("a window that moves with the cell gives what running over all its steps gives") {
  Ground ground;
  std::mt19937 random(17);
  int windows = 0;
  for (int round = 0; round < 1000; ++round) {
    Program plain = Writer(ground, random, true).run();
    Program moving = plain;
    for (eval::LoopInstruction& l : moving.loops) {
      eval::LoopInstruction::Variable& v = l.variables[0];
      // Which step is the largest differs from cell to cell.
      if (!v.time || l.op == model::ReduceOp::argmax) continue;
      const auto edge = [&](Register r) {
        for (Instruction const& i : moving.code)
          if (i.out == r) return eval::Edge{eval::Edge::Kind::own, moving.indices[i.payload].shift};
        return eval::Edge{};
      };
      v.low_edge = edge(v.low);
      v.high_edge = edge(v.high);
      ++windows;
    }
    eval::RegisterAllocator().run(plain);
    eval::RegisterAllocator().run(moving);
    eval::Runner one(ground.model, ground.columns);
    eval::Runner other(ground.model, ground.columns);
    for (const eval::Tile tile : {eval::Tile{0, 0, steps}, eval::Tile{0, 2, 3}}) {
      const auto expected = cells(one, plain, tile);
      const auto given = cells(other, moving, tile);
      INFO("round " << round);
      REQUIRE(std::memcmp(expected.data(), given.data(), expected.size() * sizeof(double)) == 0);
    }
  }
  CHECK(windows > 300);
}
