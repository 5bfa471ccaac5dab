// Views: which rows, which columns, and what does not fit together.

#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

const std::string some = "timeline 2024..2027 yearly\n"
                         "company c, a, b\n"
                         "group ab = a, b\n"
                         "dimension region\n"
                         "region north, south\n"
                         "group far = south\n"
                         "flow x : USD by company\n"
                         "x[2024..] = 5 USD\n"
                         "flow y : USD by company, region = x\n"
                         "flow total : USD = sum(x over company)\n";

std::string codes_of(std::string const& view) { return Loaded(some + view + "\n").codes(); }

model::View const& only(Loaded const& m) {
  INFO(m.messages());
  REQUIRE(m.good());
  REQUIRE(m.model().views.size() == 1);
  return m.model().views[0];
}

} // namespace

TEST_CASE("rows are members in the order of the text, or lines where they are written") {
  const Loaded m(some + "view v \"A view\" { rows company, total; show x }\n");
  model::View const& v = only(m);
  CHECK(v.label == "A view");
  REQUIRE(v.blocks.size() == 2);
  REQUIRE(v.blocks[0].along.size() == 1);
  CHECK(v.blocks[0].along[0].members == std::vector<std::uint32_t>{2, 0, 1}); // c, a, b by name
  CHECK(v.blocks[1].along.empty());
  CHECK(v.blocks[1].own.line == m.model().line_named("total"));
  CHECK(v.first == 0);
  CHECK(v.count == 4);
}

TEST_CASE("a group takes some members, a line its own name, an expression a hidden line") {
  const Loaded m(some
                 + "view v { rows company in ab; show x, x / total \"share\", x in 亿 USD }\n");
  model::View const& v = only(m);
  CHECK(v.blocks[0].along[0].members == std::vector<std::uint32_t>{0, 1});
  REQUIRE(v.shown.size() == 3);
  CHECK(v.shown[0].line == m.model().line_named("x"));
  CHECK(m.model().line(v.shown[1].line).hidden);
  CHECK(m.model().line(v.shown[1].line).name == "x / total");
  CHECK(v.shown[1].label == "share");
  CHECK(m.model().measure(m.model().line(v.shown[2].line).measure).text == "亿 USD");
}

TEST_CASE("different dimensions nest, the same one begins anew") {
  const Loaded nested(some + "view v { rows company in ab, region; show y }\n");
  CHECK(only(nested).blocks.size() == 1);
  CHECK(only(nested).blocks[0].along.size() == 2);
  const Loaded anew(some + "view v { rows company in ab, company; show x }\n");
  CHECK(only(anew).blocks.size() == 2);
  const Loaded apart(some + "view v { rows company, total, region in far, company; show x, y }\n");
  CHECK(only(apart).blocks.size() == 3);
}

TEST_CASE("periods are a range, or one, and a coarser period is all its steps") {
  const auto range = [](std::string const& periods, std::string const& grain = "yearly") {
    const Loaded m("timeline 2024..2027 " + grain
                   + "\nflow z : USD\nz[first..] = 1 USD\nview v { show z" + "; periods " + periods
                   + " }\n");
    return std::pair(only(m).first, only(m).count);
  };
  CHECK(range("2025..2026") == std::pair(1u, 2u));
  CHECK(range("2025") == std::pair(1u, 1u));
  CHECK(range("2026..") == std::pair(2u, 2u));
  CHECK(range("..2025") == std::pair(0u, 2u));
  CHECK(range("last") == std::pair(3u, 1u));
  CHECK(range("2025", "quarterly") == std::pair(4u, 4u));
  CHECK(codes_of("view v { show total; periods 2026..2025 }") == "E0507");
  CHECK(codes_of("view v { show total; periods 2026..2031 }") == "E0504");
  CHECK(Loaded("let z : 1 = 1\nview v { show z; periods 2026 }").codes() == "E0310");
}

TEST_CASE("what a function says of its value is how a view prints it") {
  const Loaded m("use std.growth\n" + some + "view v { rows company; show growth(x), x / 2 }\n");
  CHECK(m.model().measure(m.model().line(only(m).shown[0].line).measure).text == "%");
  CHECK(m.model().measure(m.model().line(only(m).shown[1].line).measure).text == "USD");
}

TEST_CASE("every axis is fixed by the rows") {
  CHECK(codes_of("view v { show total }").empty());
  CHECK(codes_of("view v { show x[a] }").empty());
  CHECK(codes_of("view v { rows total, x[b] \"B\" }").empty());
  CHECK(codes_of("view v { show x }") == "E0314");
  CHECK(codes_of("view v { rows x }") == "E0314");
  CHECK(codes_of("view v { rows total; show x }") == "E0314");
  CHECK(codes_of("view v { rows company; show y }") == "E0314");
  CHECK(codes_of("view v { rows company, region; show x }") == "E0314");
  CHECK(codes_of("view v { rows company; show x, total }") == "E0314");
  CHECK(codes_of("view v { rows company }") == "E0314");
  CHECK(codes_of("view v { rows company, total, region; show x }") == "E0314");
  CHECK(codes_of("view v { }") == "E0314");
  CHECK_THAT(Loaded(some + "view v { rows company; show x, total }\n").messages(),
             contains("put it among the rows"));
}

TEST_CASE("names, groups and units of a view must exist and fit") {
  CHECK(codes_of("view v { rows compny; show x }") == "E0301");
  CHECK(codes_of("view v { rows company in abc; show x }") == "E0301");
  CHECK(codes_of("view v { rows company in far; show x }") == "E0303");
  CHECK(codes_of("view v { rows ab; show x }") == "E0314");
  CHECK_THAT(Loaded(some + "view v { rows ab; show x }\n").messages(),
             contains("write `company in ab`"));
  CHECK(codes_of("view v { rows a; show x }") == "E0314");
  CHECK(codes_of("view v { rows company; show xx }") == "E0301");
  CHECK(codes_of("view v { rows company; show x; in 亿 CNY }") == "E0409");
  CHECK(codes_of("view v { rows company; show x; in nothing }") == "E0301");
  CHECK(codes_of("view v { rows company \"all\"; show x }") == "E0314");
  CHECK(codes_of("view v { show total }\nview v { show total }") == "E0302");
}

TEST_CASE("views of a used file are views of the model") {
  const Loaded m("use \"lib.scn\"\nview own { show z }\n", {},
                 {{"lib.scn", "let z : 1 = 1\nview theirs { show z }\n"}});
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.model().views.size() == 2);
}
