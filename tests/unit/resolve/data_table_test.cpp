#include "lang/model/winners.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/model_text.hpp"

using namespace scn;
using scn_test::contains;
using scn_test::Loaded;

namespace {

const std::string some = "timeline 2024..2026 yearly\n"
                         "company amazon \"亚马逊\", google \"谷歌\", meta\n"
                         "dimension region\n"
                         "region north, south\n"
                         "source doc { published 2025-06-30 }\n"
                         "flow capex : USD by company\n";
const std::string mapping = "{ company = \"firm\"; period = \"year\"; value = \"amount\" }";

/// A model with one table that is read from `capex.csv`.
Loaded table(std::string const& csv, std::string const& head = "table capex in 亿 USD",
             std::string const& columns = mapping, std::string const& before = some) {
  return Loaded(before + head + " from \"capex.csv\" " + columns + "\n", {}, {{"capex.csv", csv}});
}

std::string codes_of(std::string const& csv, std::string const& head = "table capex in 亿 USD",
                     std::string const& columns = mapping, std::string const& before = some) {
  return table(csv, head, columns, before).codes();
}

model::Facts::Fact const& fact(Loaded& m, std::string_view line, std::uint32_t cell) {
  const auto id = *m.model().line_named(line);
  for (model::Facts const& facts : m.model().facts)
    if (facts.line == id)
      if (auto const* f = model::fact_at(facts, cell)) return *f;
  throw std::runtime_error("no figure");
}

} // namespace

TEST_CASE("a table is read from a file, one row a figure") {
  Loaded m = table("year,firm,amount,remark\n2024,amazon,777,x\n2025,meta,\"1,234.5\",\n"
                   "2024,meta,(12),\n2026,google,,nothing\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("capex", {"amazon", "2024"}) == 77700000000.0);
  CHECK(m.value("capex", {"meta", "2025"}) == 123450000000.0);
  CHECK(m.value("capex", {"meta", "2024"}) == -1200000000.0);
  CHECK(model::is_unknown(m.value("capex", {"google", "2026"})));
}

TEST_CASE("the order of rows and columns means nothing") {
  Loaded a = table("firm,year,amount\namazon,2024,1\nmeta,2024,2\namazon,2025,3\n");
  Loaded b = table("amount,firm,year\n3,amazon,2025\n2,meta,2024\n1,amazon,2024\n");
  REQUIRE(a.good());
  REQUIRE(b.good());
  for (char const* company : {"amazon", "meta"})
    for (char const* year : {"2024", "2025"}) {
      const double x = a.value("capex", {company, year});
      const double y = b.value("capex", {company, year});
      CHECK((x == y || (model::is_unknown(x) && model::is_unknown(y))));
    }
}

TEST_CASE("members are known by name, or by a label that only one has") {
  Loaded m = table("firm,year,amount\n亚马逊,2024,1\n google ,2024,2\n");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("capex", {"amazon", "2024"}) == 1e8);
  CHECK(m.value("capex", {"google", "2024"}) == 2e8);
  const std::string twins = "timeline 2024..2026 yearly\ncompany a \"X\", b \"X\"\n"
                            "flow capex : USD by company\n";
  CHECK(codes_of("firm,year,amount\nX,2024,1\n", "table capex in USD", mapping, twins) == "E0301");
}

TEST_CASE("what brackets behind the line name needs no column") {
  Loaded company = table("year,amount\n2024,5\n", "table capex[amazon] in USD",
                         "{ period = \"year\"; value = \"amount\" }");
  INFO(company.messages());
  REQUIRE(company.good());
  CHECK(company.value("capex", {"amazon", "2024"}) == 5);
  Loaded year = table("firm,amount\nmeta,5\n", "table capex[2025] in USD",
                      "{ company = \"firm\"; value = \"amount\" }");
  REQUIRE(year.good());
  CHECK(year.value("capex", {"meta", "2025"}) == 5);
  CHECK(codes_of("firm,year,amount\nmeta,2024,5\n", "table capex[amazon] in USD") == "E0507");
  CHECK(codes_of("firm,year,amount\nmeta,2024,5\n", "table capex[2024] in USD") == "E0507");
}

TEST_CASE("a line that does not vary over time has no column of periods") {
  const std::string before = "company a, b\nlet staff : 1 by company\n";
  Loaded m =
      table("who,n\na,5\nb,7\n", "table staff", "{ company = \"who\"; value = \"n\" }", before);
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("staff", {"a"}) == 5);
  CHECK(m.value("staff", {"b"}) == 7);
  CHECK(codes_of("who,n\na,5\n", "table staff", "{ company = \"who\"; value = \"n\" }",
                 before + "timeline 2024..2025 yearly\nstaff[b, 2024..] = 3\n")
        == "E0502");
}

TEST_CASE("every figure remembers its row in the file") {
  Loaded m = table("firm,year,amount\namazon,2024,1\nmeta,2025,\"2\"\n");
  REQUIRE(m.good());
  const auto span = fact(m, "capex", 2 * 3 + 1).span;
  const Position at = m.session().sources().locate(span.begin);
  CHECK(m.session().sources().name(at.source) == "capex.csv");
  CHECK(at.line == 3);
  CHECK(m.session().sources().text(span) == "\"2\"");
}

TEST_CASE("figures of a file are cited as a whole, and may be tagged by row") {
  const std::string csv = "firm,year,amount,sort\namazon,2024,1,\namazon,2025,2,guidance\n"
                          "amazon,2026,3,\n";
  const std::string columns = "{ company = \"firm\"; period = \"year\"; value = \"amount\"; "
                              "tag = \"sort\" } from doc \"p. 3\"";
  Loaded m = table(csv, "table capex in USD", columns);
  INFO(m.messages());
  REQUIRE(m.good());
  const auto tag = [&](std::uint32_t step) {
    auto const& style = m.model().styles[fact(m, "capex", step).style];
    CHECK(m.model().citations[style.citation.value].place == "p. 3");
    return m.model().tag_of(style, *m.model().line_named("capex"), step);
  };
  CHECK(tag(0) == model::Tag::actual);
  CHECK(tag(1) == model::Tag::guidance);
  CHECK(tag(2) == model::Tag::estimate);
  CHECK(codes_of("firm,year,amount,sort\namazon,2024,1,perhaps\n", "table capex in USD", columns)
        == "E1007");
}

TEST_CASE("unknown and what does not apply are written as in a table of the model") {
  Loaded m = table("firm,year,amount,why\namazon,2024,unknown,\n"
                   "amazon,2025,\"unknown \"\"not reported\"\"\",x\namazon,2026,unknown,not yet\n"
                   "meta,2024,–,\n",
                   "table capex in USD",
                   "{ company = \"firm\"; period = \"year\"; value = \"amount\"; note = \"why\" }");
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(model::is_unknown(m.value("capex", {"amazon", "2024"})));
  CHECK(fact(m, "capex", 0).extra == model::Facts::Fact::none);
  CHECK(m.model().formulas.reasons[fact(m, "capex", 1).extra] == "not reported");
  CHECK(m.model().formulas.reasons[fact(m, "capex", 2).extra] == "not yet");
  CHECK(model::is_inapplicable(m.value("capex", {"meta", "2024"})));
  for (char const* word : {"n/a", "NA", "-", "#N/A", "unknowable", "unknown why"}) {
    INFO(word);
    CHECK(codes_of(fmt::format("firm,year,amount\namazon,2024,{}\n", word)) == "E1007");
  }
}

TEST_CASE("shares are read with their sign, and are no amounts") {
  const std::string before = some + "rate growth : % by company\n";
  Loaded m = table("firm,year,amount\namazon,2024,12%\nmeta,2024,12\n", "table growth in %",
                   mapping, before);
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("growth", {"amazon", "2024"}) == 0.12);
  CHECK(m.value("growth", {"meta", "2024"}) == 0.12);
  Loaded bare =
      table("firm,year,amount\namazon,2024,12%\nmeta,2024,0.12\n", "table growth", mapping, before);
  REQUIRE(bare.good());
  CHECK(bare.value("growth", {"amazon", "2024"}) == 0.12);
  CHECK(bare.value("growth", {"meta", "2024"}) == 0.12);
  CHECK(codes_of("firm,year,amount\namazon,2024,12%\n") == "E1007");
}

TEST_CASE("lines of members, periods and conditions are read, too") {
  const std::string before = "timeline 2024..2026 yearly\ncompany a, b\ndimension project\n"
                             "project p, q\nlet owner : company by project\n"
                             "let begin : period by project\nlet open : truth by project\n"
                             "let size : 1 by company = if company == a then 3 else 4\n"
                             "let of_owner : 1 by project = size[owner]\n";
  Loaded m(before
               + "table owner from \"p.csv\" { project = \"id\"; value = \"who\" }\n"
                 "table begin from \"p.csv\" { project = \"id\"; value = \"from\" }\n"
                 "table open from \"p.csv\" { project = \"id\"; value = \"open\" }\n",
           {}, {{"p.csv", "id,who,from,open\np,b,2025,true\nq,a,2024,false\n"}});
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(m.value("of_owner", {"p"}) == 4);
  CHECK(m.value("of_owner", {"q"}) == 3);
  CHECK(m.value("begin", {"p"}) == 1);
  CHECK(m.value("open", {"p"}) == 1);
  CHECK(m.value("open", {"q"}) == 0);
  for (char const* row : {"p,c,2025,true", "p,a,soon,true", "p,a,2025,yes"}) {
    INFO(row);
    Loaded wrong(before
                     + "table owner from \"p.csv\" { project = \"id\"; value = \"who\" }\n"
                       "table begin from \"p.csv\" { project = \"id\"; value = \"from\" }\n"
                       "table open from \"p.csv\" { project = \"id\"; value = \"open\" }\n",
                 {}, {{"p.csv", std::string("id,who,from,open\n") + row + "\n"}});
    CHECK(wrong.session().diagnostics().all().size() == 1);
  }
}

TEST_CASE("a key that stands twice is an error, in the file and beside it") {
  Loaded m = table("firm,year,amount\nmeta,2024,1\namazon,2024,2\nmeta,2024,3\n");
  CHECK(m.codes() == "E0601");
  CHECK_THAT(m.messages(), contains("capex[meta, 2024]") && contains("capex.csv:4:11")
                               && contains("first given here"));
  CHECK(codes_of("firm,year,amount\nmeta,2024,1\n", "capex[meta, 2024] = 5 USD\ntable capex in USD")
        == "E0601");
}

TEST_CASE("members that do not exist are told once, with the nearest name") {
  Loaded m = table("firm,year,amount\nAmazon,2024,1\nAmazon,2025,1\nmetta,2024,2\n谷,2024,1\n");
  CHECK(m.codes() == "E0301 E0301 E0301");
  CHECK_THAT(m.messages(), contains("\"Amazon\"") && contains("did you mean `amazon`?")
                               && contains("did you mean `meta`?") && contains("capex.csv:2:1"));
  CHECK(codes_of("firm,year,amount\n,2024,1\n") == "E1007");
  CHECK(codes_of("firm,year,amount\nnorth,2024,1\n") == "E0301");
}

TEST_CASE("periods that do not fit are errors") {
  const auto code = [](std::string const& period, std::string const& grain = "yearly") {
    const std::string before =
        "timeline 2024..2026 " + grain + "\ncompany amazon\nflow capex : USD by company\n";
    return codes_of("firm,year,amount\namazon," + period + ",1\namazon," + period + ",\n",
                    "table capex in USD", mapping, before);
  };
  CHECK(code("２０２５") == "");
  CHECK(code("2025Q1", "quarterly") == "");
  CHECK(code("2025Q1") == "E0505");
  CHECK(code("2025", "quarterly") == "E0506");
  CHECK(code("2023") == "E0504");
  CHECK(code("2027") == "E0504");
  CHECK(code("Q1 2025") == "E1007");
  CHECK(code("2025-01-31") == "E1007");
  CHECK(code("") == "E1007");
  CHECK(code("2025.0") == "E1007");
  CHECK(codes_of("firm,year,amount\namazon,2025,1\n", "table capex in USD", mapping,
                 "company amazon\nflow capex : USD by company\n")
        == "E0310");
}

TEST_CASE("a fiscal line takes fiscal periods of a file, and no other line does") {
  const std::string before = "timeline 2024..2026 yearly\ncompany a { fiscal_year_end = June }\n"
                             "flow x : USD by company fiscal\nflow y : USD by company\n";
  Loaded m = table("firm,year,amount\na,FY2025,7\n", "table x in USD", mapping, before);
  INFO(m.messages());
  REQUIRE(m.good());
  CHECK(fact(m, "x", 1).value == 7);
  CHECK_FALSE(table("firm,year,amount\na,2025,7\n", "table x in USD", mapping, before).good());
  CHECK_FALSE(table("firm,year,amount\na,FY2025,7\n", "table y in USD", mapping, before).good());
}

TEST_CASE("a row with too few or too many fields is an error, and hides no other") {
  Loaded m = table("firm,year,amount\nmeta,2024\nmeta,2025,1,234\nmeta,2026,x\n");
  CHECK(m.codes() == "E0210 E0210 E1007");
  CHECK_THAT(m.messages(), contains("2 fields") && contains("4 fields") && contains("3 columns"));
}

TEST_CASE("columns must exist, once, and cover what the line varies by") {
  const std::string csv = "firm,year,amount,year\nmeta,2024,1,2\n";
  CHECK(codes_of("Firm,year,amount\nmeta,2024,1\n") == "E1006");
  CHECK_THAT(table("Firm,year,amount\nmeta,2024,1\n").messages(),
             contains("did you mean \"Firm\"?") && contains("capex.csv:1:1"));
  CHECK(codes_of(csv) == "E1006");
  CHECK(codes_of("firm,year,amount\n", "table capex in USD",
                 "{ company = \"firm\"; period = \"year\" }")
        == "E1006");
  CHECK(codes_of("firm,year,amount\n", "table capex in USD",
                 "{ period = \"year\"; value = \"amount\" }")
        == "E0502");
  CHECK(codes_of("firm,year,amount\n", "table capex in USD",
                 "{ company = \"firm\"; company = \"year\"; value = \"amount\" }")
        == "E1006");
  CHECK(codes_of("firm,year,amount\n", "table capex in USD",
                 "{ firm = \"firm\"; period = \"year\"; value = \"amount\" }")
        == "E1006");
  CHECK(codes_of("firm,year,amount\n", "table capex in USD",
                 "{ region = \"firm\"; period = \"year\"; value = \"amount\" }")
        == "E0507");
  CHECK_THAT(table("firm;year;amount\nmeta;2024;1\n").messages(), contains("divided by commas"));
}

TEST_CASE("a table from a file that never ends in faults is not read to its end") {
  std::string csv = "firm,year,amount\n";
  for (int i = 0; i < 1000; ++i)
    csv += "meta,2024,x\n";
  Loaded m = table(csv);
  CHECK(m.session().diagnostics().all().size() == 20);
  CHECK_THAT(m.messages(), contains("the rest of it was not read"));
}

TEST_CASE("amounts without a unit are refused once, at the table") {
  Loaded m = table("firm,year,amount\nmeta,2024,1\nmeta,2025,1\n", "table capex");
  CHECK(m.codes() == "E0409");
  CHECK_THAT(m.messages(), contains("table capex in USD from"));
}

TEST_CASE("empty files, files of faults and missing files are one error each") {
  CHECK(codes_of("") == "E1005");
  CHECK(codes_of("firm,year,amount\nmeta,2024,\"1\n") == "E1005");
  CHECK(codes_of("firm,year,amount\nmeta,2024,\xFF\n") == "E0101");
  Loaded head = table("firm,year,amount\n");
  CHECK(head.good());
  Loaded missing(some + "table capex in USD from \"gone.csv\" " + mapping + "\n");
  CHECK(missing.codes() == "E1001");
  CHECK_THAT(missing.messages(), contains("gone.csv"));
  for (char const* path : {"../capex.csv", "/capex.csv", "~/capex.csv"})
    CHECK(Loaded(some + "table capex in USD from \"" + path + "\" " + mapping + "\n").codes()
          == "E1002");
}

TEST_CASE("a table names a file and its columns, both or none") {
  CHECK(codes_of("", "table capex in USD", "{\n | 2024 |\n meta | 1 |\n}") == "E1006");
  CHECK(Loaded(some + "table capex in USD " + mapping + "\n").codes() == "E1006");
}

TEST_CASE("a table of a used file is read beside that file") {
  scn::MemoryFiles files;
  files.files = {{"m/test.scn", "use \"sub/data.scn\"\ntimeline 2024..2026 yearly\n"},
                 {"m/sub/data.scn",
                  "company amazon\nflow capex : USD by company\ntable capex in USD from \"c.csv\" "
                      + mapping + "\n"},
                 {"m/sub/c.csv", "firm,year,amount\namazon,2025,9\n"}};
  Session session(files);
  REQUIRE(session.load("m/test.scn"));
  CHECK(session.evaluate()->at(*session.model().line_named("capex"), 0, 1) == 9);
}
