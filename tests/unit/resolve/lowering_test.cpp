#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;
using scn_test::value_of;

namespace {

std::string codes_of(std::string const& text) { return Loaded(text).codes(); }

/// x[a] is 1, 2, 4, 8 over time, x[b] ten times and x[c] a hundred times that; y is by region.
const std::string some = "timeline 2024..2027 yearly\n"
                         "company a, b, c\n"
                         "group ab = a, b\n"
                         "dimension region\n"
                         "region north, south\n"
                         "let x : 1 by company = 2 ^ ((t - first) / 1 year) * scale\n"
                         "let scale : 1 by company = 100\n"
                         "scale[a] = 1\nscale[b] = 10\n"
                         "let y : 1 by region = 3\n"
                         "y[south] = 5\n"
                         "let home : region by company = north\n"
                         "home[c] = south\n"
                         "let start : period by company = 2025\n"
                         "start[b] = 2026\n";

double value(std::string const& expression) { return value_of(expression, some); }
/// The codes that an expression gives in a line without dimensions.
std::string codes(std::string const& expression) {
  return codes_of(some + "let result : 1 = " + expression);
}

} // namespace

// ------------------------------------------------------------------------------------------ axes

TEST_CASE("axes are matched by name and their union is taken") {
  Loaded loaded(some + "let product_of : 1 by region, company = x * y\n");
  REQUIRE(loaded.codes().empty());
  CHECK(loaded.value("product_of", {"south", "b", "2025"}) == 20.0 * 5);
  CHECK(loaded.value("product_of", {"north", "c", "2024"}) == 100.0 * 3);
}

TEST_CASE("an axis too many is an error that names it") {
  Loaded loaded(some + "let z : 1 by company = x * y");
  CHECK(loaded.codes() == "E0501");
  CHECK_THAT(loaded.messages(), contains("this varies by `region`, and `z` does not"));
  CHECK_THAT(loaded.messages(), contains("declared without that dimension"));
  CHECK(codes("x[2024]") == "E0501");
  CHECK(codes("y * y + y") == "E0501"); // once a formula
  CHECK(codes("x * y") == "E0501 E0501");
  CHECK(codes("if company == a then 1 else 2") == "E0501");
}

TEST_CASE("the name of a dimension is the current member, and brings the axis") {
  CHECK(value("sum(if company == b then 1 else 0 over company)") == 1.0);
  CHECK(value("sum(x[2024] over company where company in ab)") == 11.0);
  CHECK(value("sum(x[2024] over company where not (company in ab))") == 100.0);
  CHECK(value("count(company in a over company)") == 1.0);
  // One to many: what belongs to a company's home; many to one: what companies are at home there.
  CHECK(value("y[home][c]") == 5.0);
  CHECK(value("y[home[a]]") == 3.0);
  CHECK(value("sum(x[2024] over company where home == region)[north]") == 11.0);
  CHECK(codes("if x in ab then 1 else 2") != "");
  CHECK_THAT(Loaded(some + "let z : truth by company, region = region in ab").messages(),
             contains("`ab` is asked for members"));
}

// ------------------------------------------------------------------------------------------ index

TEST_CASE("an index names single members and periods, in any order") {
  CHECK(value("x[a, 2025]") == 2.0);
  CHECK(value("x[2025, a]") == 2.0);
  CHECK(value("x[company = b][2026]") == 40.0);
  CHECK(value("x[last, c]") == 800.0);
  CHECK(value("x[first + 1, a]") == 2.0);
  CHECK(value("x[2028 - 1, a]") == 8.0);
  CHECK(value("(x * 2)[a, 2025]") == 4.0);
  CHECK(value("sum(x over company)[2025]") == 222.0);
  CHECK(value("x[t - 1][a, 2025]") == 1.0); // the index outside decides what t is inside
  CHECK(value("x[argmax(scale over company), 2024]") == 100.0);
  CHECK(value("x[start][b]") == 40.0);
  CHECK(value("x[start + 1][a]") == 4.0);
  CHECK(value("x[max(start over company), a]") == 4.0);
}

TEST_CASE("an index that fits nothing is an error") {
  CHECK(codes("x[ab, 2024]") == "E0503");
  CHECK(codes("x[a, 2024..2025]") == "E0503");
  CHECK(codes("x[a, b, 2024]") == "E0503");
  CHECK(codes("x[a, 2024, 2025]") == "E0503");
  CHECK(codes("x[a, 2024, north]") == "E0503");
  CHECK(codes("x[a, 5]") == "E0503");
  CHECK(codes("x[a, scale[a]]") == "E0503");
  CHECK(codes("x[region = a, 2024]") == "E0503");
  CHECK(codes("x[nobody, 2024]") == "E0301");
  CHECK(codes("x[a, 2024Q1]") == "E0505");
  Loaded loaded(some + "let z : 1 = x[a, 2024, north]");
  CHECK_THAT(loaded.messages(), contains("this has no dimension `region`"));
}

TEST_CASE("an absolute read outside the timeline is an error, a relative one does not apply") {
  for (std::string period : {"2023", "2028", "last + 1", "first - 1", "2024 - 1", "2020 + 20"}) {
    INFO(period);
    CHECK(codes("x[a, " + period + "]") == "E0504");
  }
  CHECK(model::is_inapplicable(value("x[a, t - 1][first]")));
  CHECK(model::is_inapplicable(value("x[a, t + 1][last]")));
  CHECK(model::is_inapplicable(value("x[a, start[a] - 5]"))); // computed, so it is no literal
  CHECK(value("(x[a, t - 1] else 0)[first]") == 0.0);
  CHECK(value("x[a, 2023 + 2]") == 2.0); // only where it ends counts
}

TEST_CASE("a period moves by steps or by time, on every timeline") {
  const auto at = [](std::string const& grain, std::string const& expression) {
    return value_of(expression, "timeline 2024..2026 " + grain
                                    + "\n"
                                      "let n : 1 = (t - first) / period\n"
                                      "assume lag : year = 1 year\n");
  };
  // n counts steps, so what is read a year earlier says how many steps a year has.
  for (auto const& [grain, steps] :
       {std::pair{"yearly", 1.0}, {"half-yearly", 2.0}, {"quarterly", 4.0}, {"monthly", 12.0}}) {
    INFO(grain);
    CHECK(at(grain, "(n - n[t - 1])[last]") == scn_test::Approx(1));
    CHECK(at(grain, "(n - n[t - 1 year])[last]") == scn_test::Approx(steps));
    CHECK(at(grain, "(n - n[t - 12 month])[last]") == scn_test::Approx(steps));
    CHECK(at(grain, "(n - n[t - lag])[last]") == scn_test::Approx(steps));
    CHECK(at(grain, "(n[t + 1 year] - n)[first]") == scn_test::Approx(steps));
    CHECK(at(grain, "period") == 1 / steps);
    // The difference of two periods is a time in years.
    CHECK(at(grain, "last - first") == scn_test::Approx(3 - 1 / steps));
    CHECK(at(grain, "(t - first)[first + 1]") == scn_test::Approx(1 / steps));
  }
  CHECK(at("quarterly", "2024Q3 - 2024Q1") == 0.5);
  CHECK(at("monthly", "(2024M02 - 2025M01) / month") == scn_test::Approx(-11));
  CHECK(at("yearly", "2030 - first") == 6.0); // a year beside a period is one
}

TEST_CASE("a duration that is no whole number of steps is an error") {
  const auto refused = [](std::string const& grain, std::string const& period) {
    return codes_of("timeline 2024..2026 " + grain + "\nlet x : 1 = 5\nlet y : 1 = x[" + period
                    + "]");
  };
  CHECK(refused("yearly", "t - 6 month") == "E0509");
  CHECK(refused("yearly", "t - 1.5 year") == "E0509");
  CHECK(refused("quarterly", "t - 1 month") == "E0509");
  CHECK(refused("half-yearly", "t - 1 quarter") == "E0509");
  CHECK(refused("half-yearly", "t - 2 quarter").empty());
  CHECK(refused("yearly", "t - 1 USD") == "E0402");
  CHECK(refused("yearly", "t - 1 day") == "E0402"); // days and years do not convert
  CHECK(codes_of("timeline 2024..2026 yearly\nlet x : 1 = 5\nlet y : 1 = x[t + t]") == "E0402");
}

TEST_CASE("a period coarser than the timeline is compared as a whole") {
  const auto steps = [](std::string const& condition) {
    return value_of("count(" + condition + " over t)", "timeline 2024Q1..2026Q4 quarterly\n");
  };
  CHECK(steps("t >= 2025") == 8.0);
  CHECK(steps("t > 2025") == 4.0);
  CHECK(steps("t <= 2025") == 8.0);
  CHECK(steps("t < 2025") == 4.0);
  CHECK(steps("t == 2025") == 4.0);
  CHECK(steps("t != 2025") == 8.0);
  CHECK(steps("2025 <= t") == 8.0);
  CHECK(steps("2025 > t") == 4.0);
  CHECK(steps("t in 2025") == 4.0);
  CHECK(steps("t in 2025..2026") == 8.0);
  CHECK(steps("t in 2024H2..2025Q1") == 3.0);
  CHECK(steps("t in ..2024") == 4.0);
  CHECK(steps("t in 2025Q2..") == 7.0);
  CHECK(steps("t in 2030") == 0.0); // outside the timeline is no error here
  CHECK(codes_of("timeline 2024..2026 yearly\nlet x : truth = t in 2024Q1") == "E0505");
}

// ----------------------------------------------------------------------------------- aggregations

TEST_CASE("an aggregation names what it removes") {
  CHECK(value("sum(x[2024] over company)") == 111.0);
  CHECK(value("sum(x[2024] over company in ab)") == 11.0);
  CHECK(value("sum(x[b] over t)") == 150.0);
  CHECK(value("sum(x[a] over t in 2025..2026)") == 6.0);
  CHECK(value("sum(x over company, t in 2026..)") == 12 * 111.0);
  CHECK(value("sum(x * y over company in a, region, t in ..2024)") == 8.0);
  CHECK(value("sum(x[2024] over company where x[2024] > 5)") == 110.0);
  CHECK(value("avg(x[2024] over company in ab weighted by scale)") == 101.0 / 11);
  CHECK(value("max(x[2025] over company) - min(x[2025] over company)") == 198.0);
  CHECK(value("median(x[a] over t)") == 3.0);
  CHECK(value("product(y over region)") == 15.0);
  CHECK(value("if all(x > 0 over company, t) and any(x == 800 over company, t) then 1 else 0")
        == 1.0);
}

TEST_CASE("a new name runs over members or periods, and the body uses it") {
  CHECK(value("sum(x[q, 2024] over q in ab)") == 11.0);
  CHECK(value("sum(x[q, 2024] over q in company where q != b)") == 101.0);
  CHECK(value("sum(x[a, v] over v in 2025..)") == 14.0);
  CHECK(value("sum(x[a, v] over v in t-1..t)[2025]") == 3.0);
  CHECK(value("sum(x[a, v] over v in t-3..t)[2025]") == 3.0); // clipped to the timeline
  CHECK(value("sum(x[a, v] over v in 2010..2012)") == 0.0);
  CHECK(value("sum(x[q, v] over q in ab, v in first..first + 1)") == 33.0);
  // The inner window follows the outer name.
  CHECK(value("sum(x[a, w] * x[b, v] over v in first..first + 1, w in first..v)") == 10 + 20 * 3.0);
}

TEST_CASE("a body without the axis or the name is an error") {
  CHECK(codes("sum(5 over company)") == "E0508");
  CHECK(codes("sum(y over company, region)") == "E0508");
  CHECK(codes("sum(5 over t)") == "E0508");
  CHECK(codes("sum(x[a] over v in 2024..2025)") == "E0508");
  CHECK(codes("sum(x[a, 2024] over company where company == a)")
        == "E0508"); // the body, not the rest
  CHECK(codes("sum(x[2024] over company, company)") == "E0508");
  Loaded loaded(some + "let z : 1 = sum(y over company, region)");
  CHECK_THAT(loaded.messages(), contains("this does not vary by `company`"));
}

TEST_CASE("an aggregation that is not written right is an error") {
  CHECK(codes("sum(x[2024])") == "E0406");
  CHECK(codes("min(x[a, 2024])") == "E0406");
  CHECK(codes("abs(x over company)") == "E0406");
  CHECK(codes("is_known(x over company)") == "E0406");
  CHECK(codes("sum(y over region in ab)") == "E0406");
  CHECK(codes("sum(x[2024] over company in region)") == "E0406");
  CHECK(codes("sum(x[2024] over company weighted by scale)") == "E0406");
  CHECK(codes("sum(x[2024] over ab)") == "E0302");
  CHECK(codes("sum(x[scale, 2024] over scale in ab)") == "E0302");
  CHECK(codes("sum(x[q, 2024] over q)") == "E0301");
  CHECK(codes("rank(y[v] over v in region)") == "E0406");
  CHECK(codes("rank(x over company, t)[a, 2024]") == "E0406");
  CHECK(codes("rank(x[a, 2024] over company)[a]") == "E0508");
  CHECK(codes_of(some + "let z : 1 = rank(x[2024] over company)") == "E0501");
  CHECK_THAT(Loaded(some + "let z : 1 = sum(x[2024] over ab)").messages(),
             contains("`over company in ab`"));
}

TEST_CASE("over nothing a sum is 0 and a greatest is unknown") {
  CHECK(value("sum(y over region where y > 9)") == 0.0);
  CHECK(value("count(y > 9 over region)") == 0.0);
  CHECK(value("product(y over region where y > 9)") == 1.0);
  CHECK(model::is_unknown(value("max(y over region where y > 9)")));
  CHECK(model::is_unknown(value("avg(y over region where y > 9)")));
}

TEST_CASE("known passes over what is unknown") {
  const std::string model = "company a, b, c\nlet x : 1 by company\nx[a] = 2\nx[b] = 3\n"
                            "x[c] = unknown \"why\"\n";
  CHECK(model::is_unknown(value_of("sum(x over company)", model)));
  CHECK(value_of("sum(known x over company)", model) == 5.0);
  CHECK(value_of("avg(known x over company)", model) == 2.5);
  CHECK(codes_of(model + "let y : 1 = abs(known x[a])") == "E0406");
}

// -------------------------------------------------------------------------------------- functions

TEST_CASE("an argument is an expression, so indexing a parameter moves it") {
  const std::string f = some
                        + "use std.growth\n"
                          "fn before(v) = v[t - 1]\n"
                          "fn at_home(v) = v[home]\n"
                          "fn total(v) = sum(v over company)\n"
                          "fn lagged(v, n) = v[t - n]\n"
                          "fn jump(v, p : period) = v[p] / v[first]\n";
  CHECK(value_of("before(x + y[north])[a, 2025]", f) == 4.0);
  CHECK(value_of("growth(x[a] + x[b])[2025]", f) == 1.0);
  CHECK(value_of("before(before(x))[a, 2026]", f) == 1.0);
  CHECK(value_of("growth(before(x))[a, 2026]", f) == 1.0);
  CHECK(value_of("at_home(y * 2)[c]", f) == 10.0);
  CHECK(value_of("total(before(x))[2025]", f) == 111.0);
  CHECK(value_of("lagged(total(x), 2)[2026]", f) == 111.0);
  CHECK(value_of("lagged(x, 1 year)[a, 2027]", f) == 4.0);
  CHECK(value_of("jump(total(x), 2026)", f) == 4.0); // 2026 is a period here
  CHECK(value_of("jump(x, start)[b]", f) == 4.0);
  CHECK(value_of("cagr(total(x), 2024, 2027)", f) == scn_test::Approx(1));
  CHECK(codes_of(f + "let z : 1 = jump(x[a], 2030)") == "E0504");
  CHECK(codes_of(f + "let z : 1 = jump(x[a], y[north])") == "E0402");
}

TEST_CASE("a function sees its parameters and no name of its use") {
  const std::string f = some + "fn sum_of(v) = sum(v[w] over w in first..last)\n";
  // The argument's own `w` is another one than that of the function.
  CHECK(value_of("sum(sum_of(x[q]) over q in ab)", f) == 165.0);
  CHECK(value_of("sum(sum_of(x[a, w]) - sum_of(x[a]) over w in 2024..2025)", f) == -18.0);
  CHECK(codes_of("fn f(v) = v + w\nlet z : 1 = sum(f(q / q) over q in 2024..2025)") != "");
}

TEST_CASE("a function takes as many arguments as it has parameters") {
  const std::string f = some + "fn twice(v) = v + v\nfn both(v, w) = v + w\n";
  CHECK(codes_of(f + "let z : 1 = twice(1, 2)") == "E0406");
  CHECK(codes_of(f + "let z : 1 = both(1)") == "E0406");
  CHECK(codes_of(f + "let z : 1 = twice") == "E0303");
  CHECK(codes_of(f + "let z : 1 = y(5)") == "E0406");
  CHECK(codes_of(f + "let z : 1 = nosuch(5)") == "E0301");
  CHECK(codes_of("fn f(x)") == "E0312"); // only the library has functions without a body
}

TEST_CASE("a function may not call itself, directly or through others") {
  Loaded direct("fn f(x) = f(x - 1) * x\nlet y : 1 = f(5)");
  CHECK(direct.codes() == "E0311");
  CHECK_THAT(direct.messages(), contains("`f` calls itself"));
  CHECK(codes_of("fn f(x) = g(x)\nfn g(x) = h(x)\nfn h(x) = f(x)\nlet y : 1 = g(5)") == "E0311");
  CHECK(codes_of("fn f(x) = x + 1\nlet y : 1 = f(f(f(5)))").empty()); // its own value is fine
}

TEST_CASE("functions that grow without end are refused soon") {
  std::string model = "fn f0(x) = x + x\n";
  for (int i = 1; i <= 40; ++i)
    model += "fn f" + std::to_string(i) + "(x) = f" + std::to_string(i - 1) + "(x) + f"
             + std::to_string(i - 1) + "(x)\n";
  CHECK(codes_of(model + "let y : 1 = f40(1)") == "E0204");
  std::string nested = "1";
  for (int i = 0; i < 40; ++i)
    nested = "f0(" + nested + ")";
  CHECK(codes_of("fn f0(x) = x + x\nlet y : 1 = " + nested) == "E0204");
}
