#include "lang/source/csv.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace scn;

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// A text read to its end, or to its first fault.
struct Read {
  SourceSet sources;
  Diagnostics diagnostics;
  Rows rows;
  std::vector<std::string> written; ///< every field as it stands in the text
  bool failed = false;

  explicit Read(std::string const& text) {
    const SourceId id = sources.add("a.csv", text);
    CsvReader reader(sources, id, diagnostics);
    while (auto const* record = reader.next()) {
      rows.emplace_back();
      for (CsvReader::Field const& field : record->fields) {
        rows.back().emplace_back(field.text);
        written.emplace_back(sources.text(field.span));
      }
    }
    failed = reader.failed();
  }
  [[nodiscard]] std::string fault() const {
    return diagnostics.all().size() == 1 ? std::string(number_of(diagnostics.all()[0].code))
                                         : std::to_string(diagnostics.all().size());
  }
  /// Line and column of the only complaint.
  [[nodiscard]] std::string place() const {
    const Position at = sources.locate(diagnostics.all().at(0).primary.span.begin);
    return std::to_string(at.line) + ':' + std::to_string(at.column);
  }
};

std::string number(std::string_view text) {
  const auto n = csv_number(text);
  if (!n) return "none";
  return (n->negative ? "-" : "") + n->digits + (n->percent ? "%" : "");
}

} // namespace

TEST_CASE("records are lines, fields are divided by commas") {
  CHECK(Read("a,b\n1,2\n").rows == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(Read("a,b\n1,2").rows == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(Read("a,b\r\n1,2\r\n").rows == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(Read("").rows.empty());
  CHECK(Read("\n\r\n").rows.empty());
  CHECK(Read("a\n\n\r\nb\n").rows == Rows{{"a"}, {"b"}});
}

TEST_CASE("empty fields are fields, also the last one") {
  CHECK(Read(",\n").rows == Rows{{"", ""}});
  CHECK(Read("a,,b,\n").rows == Rows{{"a", "", "b", ""}});
  CHECK(Read("a,").rows == Rows{{"a", ""}});
  CHECK(Read("\"\"\n").rows == Rows{{""}});
}

TEST_CASE("a field in quotes may hold commas, line ends and doubled quotes") {
  CHECK(Read("\"1,234\",b\n").rows == Rows{{"1,234", "b"}});
  CHECK(Read("\"two\nlines\",\"and\r\nmore\"\nc,d\n").rows
        == Rows{{"two\nlines", "and\r\nmore"}, {"c", "d"}});
  CHECK(Read("\"a \"\"b\"\" c\",\"\"\"\",\"x\"\"\"\n").rows == Rows{{"a \"b\" c", "\"", "x\""}});
  CHECK(Read(" \t1 , 2\n").rows == Rows{{" \t1 ", " 2"}});
}

TEST_CASE("a byte-order mark is passed over") {
  CHECK(Read("\xEF\xBB\xBFy,v\n1,2\n").rows == Rows{{"y", "v"}, {"1", "2"}});
  CHECK(Read("\xEF\xBB\xBF\"y\",v\n").rows == Rows{{"y", "v"}});
}

TEST_CASE("every field knows how it is written, and where") {
  const Read read("公司,\"a\"\"b\"\n\"x\ny\",7");
  CHECK(read.written == std::vector<std::string>{"公司", "\"a\"\"b\"", "\"x\ny\"", "7"});
}

TEST_CASE("quotes that do not fit are a fault, and nothing is read behind it") {
  const Read inside("a,b\n1,5\"\n2,3\n");
  CHECK(inside.fault() == "E1005");
  CHECK(inside.place() == "2:4");
  CHECK(inside.rows == Rows{{"a", "b"}});
  CHECK(inside.failed);
  const Read open("a\n\"b,\nc\n");
  CHECK(open.fault() == "E1005");
  CHECK(open.place() == "2:1");
  CHECK(Read("\"").fault() == "E1005");
  const Read behind("a\n\"b\"c\n");
  CHECK(behind.fault() == "E1005");
  CHECK(behind.place() == "2:4");
}

TEST_CASE("a carriage return that ends no line is a fault") {
  const Read old("a,b\r1,2\r");
  CHECK(old.fault() == "E1005");
  CHECK(old.place() == "1:4");
  CHECK(Read("\"a\rb\"\n").rows == Rows{{"a\rb"}});
}

TEST_CASE("what is no text is a fault before anything is read") {
  const Read latin("a,b\nM\xFCller,2\n");
  CHECK(latin.fault() == "E0101");
  CHECK(latin.place() == "2:2");
  CHECK(latin.rows.empty());
  CHECK(Read(std::string("a\0b\n", 4)).fault() == "E0102");
}

TEST_CASE("numbers are read as people's programs write them") {
  CHECK(number("756") == "756");
  CHECK(number(" 75.60\t") == "75.60");
  CHECK(number("-3") == "-3");
  CHECK(number("+3") == "3");
  CHECK(number("(12)") == "-12");
  CHECK(number("( 1,234.5 )") == "-1234.5");
  CHECK(number("12%") == "12%");
  CHECK(number("12.5 %") == "12.5%");
  CHECK(number("(12%)") == "-12%");
  CHECK(number("(12)%") == "-12%");
  CHECK(number("-12%") == "-12%");
  CHECK(number(".5") == "0.5");
  CHECK(number("1e9") == "1e9");
  CHECK(number("1.5E+10") == "1.5e+10");
  CHECK(number("007") == "007");
}

TEST_CASE("a comma stands between groups of three digits, and nowhere else") {
  CHECK(number("1,234") == "1234");
  CHECK(number("12,345,678.9") == "12345678.9");
  for (char const* wrong : {"1,23", "1,2345", "1234,567", "12,34,567", ",123", "1,234,", "1,,234",
                            "0,123", "1.234,5", "1 234,5", "1 234", "1.2.3", "1,5"}) {
    INFO(wrong);
    CHECK(number(wrong) == "none");
  }
}

TEST_CASE("full-width characters and other minus signs and spaces are read, too") {
  CHECK(number("１，２３４．５") == "1234.5");
  CHECK(number("（12）") == "-12");
  CHECK(number("１２％") == "12%");
  CHECK(number("−5") == "-5");
  CHECK(number("－5") == "-5");
  CHECK(number("\xC2\xA0"
               "12\xE3\x80\x80")
        == "12");
  CHECK(number("1、234") == "none");
}

TEST_CASE("what is no number is none") {
  for (char const* wrong : {"",    " ",   "-",     "--1", "()", "(-1)", "%",  "1%%",  "(1%)%",
                            "n/a", "1a",  "$5",    "5.",  ".",  "e5",   "1e", "1e+",  "0x10",
                            "inf", "nan", "1_000", "(1",  "1)", "+",    "1-", "12 亿"}) {
    INFO(wrong);
    CHECK(number(wrong) == "none");
  }
}

TEST_CASE("spaces of every script are trimmed, and only around a text") {
  CHECK(trimmed(" \xE3\x80\x80"
                "a b\xC2\xA0\t")
        == "a b");
  CHECK(trimmed("\xE2\x80\xAF") == "");
  CHECK(narrowed("２０２４Ｑ３") == "2024Q3");
  CHECK(narrowed("公司，a") == "公司,a");
}

TEST_CASE("what is written with quotes where they are needed reads back the same") {
  const std::vector<std::string> pieces{"a", ",", "\"", "\n", "\r\n", " ", "亿", "1"};
  std::uint32_t state = 1;
  const auto random = [&](std::uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 16) % below;
  };
  for (int round = 0; round < 500; ++round) {
    Rows rows(1 + random(4));
    const std::uint32_t columns = 1 + random(4);
    std::string text = random(2) == 0 ? "\xEF\xBB\xBF" : "";
    for (auto& row : rows) {
      for (std::uint32_t c = 0; c < columns; ++c) {
        std::string field = c == 0 ? "x" : ""; // a row of one empty field is an empty line
        for (std::uint32_t n = random(5); n > 0; --n)
          field += pieces[random(static_cast<std::uint32_t>(pieces.size()))];
        row.push_back(field);
        const bool needed = field.find_first_of(",\"\r\n") != std::string::npos;
        if (c > 0) text += ',';
        if (needed || random(3) == 0) {
          std::string inside;
          for (char ch : field)
            inside += ch == '"' ? "\"\"" : std::string(1, ch);
          field = '"' + inside + '"';
        }
        text += field;
      }
      text += random(2) == 0 ? "\n" : "\r\n";
    }
    INFO(text);
    CHECK(Read(text).rows == rows);
  }
}
