// The functions of std.finance and std.depreciation against calls of the functions of the same
// names elsewhere, whose results at least two independent engines agree on.
//
// Spreadsheets leave arguments out, read any number but 0 as "at the beginning", cut the fraction
// off a count and pass over what is empty in a list; the calls are written as our functions want
// them. What cannot be written, or is meant otherwise, is listed below with its reason.

#include "tests/oracles/oracle.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

using nlohmann::json;
using scn_test::Loaded;

namespace {

using Row = std::map<std::string, std::string>;

/// Raised for a call that our language refuses for one of the reasons below.
struct Refused {
  std::string reason;
};

constexpr char const* truth_or_text = "a truth value or text is no number";
constexpr char const* no_interest = "interest of -100% or less has no meaning";
constexpr char const* several = "more than one rate is a solution";

/// Calls that give something else, each for a reason of its own.
struct Exception {
  std::string function, locator, reason;
};
std::vector<Exception> const& exceptions() {
  static const std::vector<Exception> all{
      {"DB", "Sheet1!G13", "a life of 4.2312 years and a year 3.2 are no whole years"},
      {"IPMT", "Sheet1!G17", "there is no payment 3.9 of 3"},
      {"IPMT", "Sheet1!H17", "there is no payment 3.9 of 3"},
      {"PPMT", "Sheet1!I17", "there is no payment 3.9 of 3"},
      {"PPMT", "Sheet1!J17", "there is no payment 3.9 of 3"},
      {"IRR", "Three Parameters!D2",
       "two solutions coincide, so nobody can tell whether it is one"},
  };
  return all;
}

/// Do amounts at times have several internal rates from -99.9% to 99,900%? Found by looking, so
/// that what our functions say of it is not taken from themselves.
bool has_several_rates(std::vector<double> const& amounts, std::vector<double> const& times) {
  const double first = *std::min_element(times.begin(), times.end());
  const double last = *std::max_element(times.begin(), times.end());
  int changes = 0;
  double before = 0;
  for (int i = -10'000; i <= 10'000; ++i) {
    const double x = std::log(1000.0) * i / 10'000;
    double worth = 0;
    for (std::size_t k = 0; k < amounts.size(); ++k)
      worth += amounts[k] * std::exp((x < 0 ? last - times[k] : first - times[k]) * x);
    changes += before * worth < 0;
    before = worth;
  }
  return changes > 1;
}

double number(json const& args, std::size_t i, std::optional<double> otherwise = 0) {
  if (i >= args.size() || args[i].is_null()) {
    if (!otherwise) throw Refused{"an argument is missing"};
    return *otherwise;
  }
  if (!args[i].is_number()) throw Refused{truth_or_text};
  return args[i].get<double>();
}

/// A literal of exactly this value.
std::string text(double v) { return v < 0 ? fmt::format("(-{})", -v) : fmt::format("{}", v); }

/// The numbers of an array of any shape, or of the arguments from one on.
void flatten(json const& from, std::vector<double>& out) {
  if (from.is_array()) {
    for (json const& j : from)
      flatten(j, out);
  } else if (from.is_number()) {
    out.push_back(from.get<double>());
  }
}
std::vector<double> numbers(json const& from) {
  std::vector<double> out;
  flatten(from, out);
  return out;
}

/// A model whose line `result` is what a call gives.
std::string scalar(std::string const& call) {
  return "use std.finance\nuse std.depreciation\nlet result : 1 = " + call + "\n";
}
std::string call(std::string const& name, std::vector<double> const& values) {
  std::string out;
  for (double v : values)
    out += (out.empty() ? "" : ", ") + text(v);
  return name + "(" + out + ")";
}

/// A line with a value for each period of a yearly timeline.
std::string line(std::string const& name, std::string const& unit, std::vector<double> const& v) {
  std::string out = "let " + name + " : " + (unit.empty() ? "1" : unit) + "\n";
  for (std::size_t i = 0; i < v.size(); ++i)
    out += fmt::format("{}[{}] = {}{}\n", name, 2000 + i, text(v[i]),
                       unit.empty() ? "" : " * 1 " + unit);
  return out;
}
std::string series(std::vector<double> const& cash, std::string const& call) {
  if (cash.empty()) throw Refused{"there is no cash flow"};
  return fmt::format("timeline 2000..{} yearly\n", 1999 + cash.size()) + scalar(call)
         + line("cash", "", cash);
}

/// Days since some day, of a date or of the number that a spreadsheet has for it.
double day(json const& j) {
  if (j.is_number()) return j.get<double>();
  const std::string s = j.is_object() ? j.at("date").get<std::string>() : std::string();
  if (s.size() != 10) throw Refused{truth_or_text};
  const int y = std::stoi(s.substr(0, 4));
  const int m = std::stoi(s.substr(5, 2));
  const int d = std::stoi(s.substr(8, 2));
  const int a = m <= 2 ? y - 1 : y;
  const int shifted = m <= 2 ? m + 9 : m - 3;
  return 365 * a + a / 4 - a / 100 + a / 400 + (153 * shifted + 2) / 5 + d - 1;
}
void days(json const& from, std::vector<double>& out) {
  if (from.is_array()) {
    for (json const& j : from)
      days(j, out);
  } else if (!from.is_null()) {
    out.push_back(std::floor(day(from))); // a day is whole
  }
}

/// A day as our language writes it. Numbers that stand for days elsewhere do not: a day is a date.
std::string date(json const& j) {
  const std::string s = j.is_object()   ? j.at("date").get<std::string>()
                        : j.is_string() ? j.get<std::string>()
                                        : std::string();
  if (s.size() != 10) throw Refused{"a number is no date"};
  return fmt::format("date({}, {}, {})", std::stoi(s.substr(0, 4)), std::stoi(s.substr(5, 2)),
                     std::stoi(s.substr(8, 2)));
}
std::string date_model(std::string const& formula) {
  return "use std.dates\nlet result : 1 = " + formula + "\n";
}
/// From one day to another; `days` is their difference.
std::string between(json const& a, std::size_t start, std::size_t end, std::string const& function,
                    std::string const& unit, bool either_way) {
  const std::string from = date(a[start]);
  const std::string to = date(a[end]);
  const std::string out =
      (function == "days" ? "(" + to + " - " + from + ")" : function + "(" + from + ", " + to + ")")
      + (unit == "1" ? "" : " / " + unit);
  return date_model(either_way ? "abs(" + out + ")" : out);
}

double due(json const& args, std::size_t i) { return number(args, i) != 0 ? 1 : 0; }

/// Cash flows at days, as years of 365 days from the first row on.
std::string dated(json const& cash, json const& when, std::string const& call) {
  std::vector<double> at;
  days(when, at);
  const auto flows = numbers(cash);
  if (at.size() != flows.size()) throw Refused{"not every cash flow has a day"};
  const double first = at.front();
  for (double& d : at)
    d = (d - first) / 365;
  return series(flows, call) + line("after", "year", at);
}

/// The amounts and times of a call that solves for a rate.
bool has_several_rates(std::string const& function, json const& a) {
  std::vector<double> amounts;
  std::vector<double> times;
  if (function == "RATE") {
    const bool at_beginning = due(a, 4) == 1;
    const int n = static_cast<int>(number(a, 0));
    for (int i = 0; i <= n; ++i) {
      const bool pays = at_beginning ? i < n : i > 0;
      amounts.push_back((pays ? number(a, 1) : 0) + (i == 0 ? number(a, 2) : 0)
                        + (i == n ? number(a, 3) : 0));
      times.push_back(i);
    }
  } else {
    amounts = numbers(a[0]);
    if (function == "XIRR") days(a[1], times);
    for (double& d : times)
      d /= 365;
    for (std::size_t i = 0; function == "IRR" && i < amounts.size(); ++i)
      times.push_back(static_cast<double>(i));
  }
  return has_several_rates(amounts, times);
}

using Writer = std::function<std::string(json const&)>;

std::map<std::string, Writer> const& writers() {
  static const std::map<std::string, Writer> all{
      {"PV",
       [](json const& a) {
         return scalar(
             call("pv", {number(a, 0), number(a, 1), number(a, 2), number(a, 3), due(a, 4)}));
       }},
      {"FV",
       [](json const& a) {
         return scalar(
             call("fv", {number(a, 0), number(a, 1), number(a, 2), number(a, 3), due(a, 4)}));
       }},
      {"PMT",
       [](json const& a) {
         return scalar(
             call("pmt", {number(a, 0), number(a, 1), number(a, 2), number(a, 3), due(a, 4)}));
       }},
      {"NPER",
       [](json const& a) {
         return scalar(
             call("nper", {number(a, 0), number(a, 1), number(a, 2), number(a, 3), due(a, 4)}));
       }},
      {"RATE",
       [](json const& a) {
         return scalar(call("periodic_rate",
                            {number(a, 0), number(a, 1), number(a, 2), number(a, 3), due(a, 4)}));
       }},
      {"IPMT",
       [](json const& a) {
         return scalar(call("ipmt", {number(a, 0), number(a, 1), number(a, 2), number(a, 3),
                                     number(a, 4), due(a, 5)}));
       }},
      {"PPMT",
       [](json const& a) {
         return scalar(call("ppmt", {number(a, 0), number(a, 1), number(a, 2), number(a, 3),
                                     number(a, 4), due(a, 5)}));
       }},
      {"CUMIPMT",
       [](json const& a) {
         return scalar(
             call("cumipmt", {number(a, 0), number(a, 1), number(a, 2), std::ceil(number(a, 3)),
                              std::floor(number(a, 4)), due(a, 5)}));
       }},
      {"CUMPRINC",
       [](json const& a) {
         return scalar(
             call("cumprinc", {number(a, 0), number(a, 1), number(a, 2), std::ceil(number(a, 3)),
                               std::floor(number(a, 4)), due(a, 5)}));
       }},
      {"ISPMT",
       [](json const& a) {
         return scalar(call("ispmt", {number(a, 0), number(a, 1), number(a, 2), number(a, 3)}));
       }},
      {"EFFECT",
       [](json const& a) {
         return scalar(call("effect", {number(a, 0), std::floor(number(a, 1))}));
       }},
      {"NOMINAL",
       [](json const& a) {
         return scalar(call("nominal", {number(a, 0), std::floor(number(a, 1))}));
       }},
      {"RRI",
       [](json const& a) {
         return scalar(call("rri", {number(a, 0), number(a, 1), number(a, 2)}));
       }},
      {"PDURATION",
       [](json const& a) {
         return scalar(call("pduration", {number(a, 0), number(a, 1), number(a, 2)}));
       }},
      {"SLN",
       [](json const& a) {
         return scalar(call("sln", {number(a, 0), number(a, 1), number(a, 2)}));
       }},
      {"SYD",
       [](json const& a) {
         return scalar(call("syd", {number(a, 0), number(a, 1), number(a, 2), number(a, 3)}));
       }},
      {"DB",
       [](json const& a) {
         // The list of numeric traps: a negative charge is one.
         if (number(a, 1) > number(a, 0)) throw Refused{"a salvage value above the cost"};
         return scalar(call("db", {number(a, 0), number(a, 1), number(a, 2), number(a, 3),
                                   std::floor(number(a, 4, 12))}));
       }},
      {"DDB",
       [](json const& a) {
         return scalar(call(
             "ddb", {number(a, 0), number(a, 1), number(a, 2), number(a, 3), number(a, 4, 2)}));
       }},
      {"FVSCHEDULE",
       [](json const& a) {
         const auto rates = numbers(a[1]);
         return series(rates, fmt::format("fvschedule({}, cash)", text(number(a, 0))));
       }},
      {"NPV",
       [](json const& a) {
         json rest = json::array();
         for (std::size_t i = 1; i < a.size(); ++i)
           rest.push_back(a[i]);
         return series(numbers(rest), fmt::format("npv({}, cash)", text(number(a, 0))));
       }},
      {"IRR", [](json const& a) { return series(numbers(a[0]), "irr(cash)"); }},
      {"MIRR",
       [](json const& a) {
         return series(numbers(a[0]),
                       fmt::format("mirr(cash, {}, {})", text(number(a, 1)), text(number(a, 2))));
       }},
      {"XNPV",
       [](json const& a) {
         return dated(a[1], a[2], fmt::format("xnpv({}, cash, after)", text(number(a, 0))));
       }},
      {"YEARFRAC",
       [](json const& a) {
         constexpr char const* counts[] = {"years_30_360", "years_actual_mean", "years_actual_360",
                                           "years_actual_365", "years_30e_360"};
         return between(a, 0, 1, counts[static_cast<std::size_t>(number(a, 2))], "1 year", true);
       }},
      {"DAYS", [](json const& a) { return between(a, 1, 0, "days", "1 day", false); }},
      {"DAYS360",
       [](json const& a) {
         const bool european =
             a.size() > 2 && (a[2].is_boolean() ? a[2].get<bool>() : number(a, 2) != 0);
         return between(a, 0, 1, european ? "days_30e_360" : "days_30_360", "1 day", false);
       }},
      {"DATEDIF",
       [](json const& a) {
         if (a[2] == "d") return between(a, 0, 1, "days", "1 day", false);
         if (a[2] == "m") return between(a, 0, 1, "whole_months", "1", false);
         throw Refused{"years and days beyond whole months are not counted"};
       }},
      {"EDATE",
       [](json const& a) {
         return date_model("months_later(" + date(a[0]) + ", " + text(std::trunc(number(a, 1)))
                           + ") / 1 day");
       }},
      {"EOMONTH",
       [](json const& a) {
         return date_model("month_end(" + date(a[0]) + ", " + text(std::trunc(number(a, 1)))
                           + ") / 1 day");
       }},
      {"XIRR", [](json const& a) { return dated(a[0], a[1], "xirr(cash, after)"); }},
  };
  return all;
}

bool agrees(double value, double expected, json const& tolerance) {
  const double off = std::fabs(value - expected);
  for (auto const& [kind, t] : tolerance.items()) {
    if (expected == 0 && off < 1e-9) return true; // what rounding leaves of amounts of hundreds
    if (kind == "exact" && off <= 1e-12 * std::fabs(expected)) return true;
    if (kind == "abs" && off <= t.get<double>()) return true;
    if (kind == "rel" && off <= t.get<double>() * std::fabs(expected)) return true;
    if (kind == "ironcalc_eps" && off <= t.get<double>() * std::max(1.0, std::fabs(expected)))
      return true;
  }
  return false;
}

} // namespace

TEST_CASE("functions of finance agree with other engines, call by call") {
  const auto rows = scn_test::oracle_rows("financial.csv");
  if (rows.empty()) {
    WARN("skipped: there are no expected values here");
    return;
  }
  std::map<std::string, std::size_t> absent;
  std::map<std::string, std::size_t> refused;
  std::map<std::string, std::size_t> passed;
  std::set<std::ptrdiff_t> used; // of the listed exceptions
  for (Row const& row : rows) {
    std::string const& function = row.at("function");
    const auto writer = writers().find(function);
    if (writer == writers().end()) {
      ++absent[function];
      continue;
    }
    std::string model;
    try {
      model = writer->second(json::parse(row.at("args_json")));
    } catch (Refused const& r) {
      ++refused[r.reason];
      continue;
    }
    Loaded m(model);
    INFO(function << row.at("args_json") << ", " << row.at("locator") << '\n' << m.messages());
    REQUIRE(m.good());
    const double value = m.value("result");
    std::string const& written = row.at("expected");
    const std::size_t quoted = written.find("': '"); // a date, {'date': '2024-02-29'}
    const double expected =
        quoted == std::string::npos
            ? std::stod(written)
            : scn_test::value_of(date(json{{"date", written.substr(quoted + 4, 10)}}) + " / 1 day",
                                 "use std.dates\n");
    if (agrees(value, expected, json::parse(row.at("tolerance_json")))) {
      ++passed[function];
      continue;
    }
    const json args = json::parse(row.at("args_json"));
    const auto listed =
        std::find_if(exceptions().begin(), exceptions().end(), [&](Exception const& e) {
          return e.function == function && e.locator == row.at("locator");
        });
    if (listed != exceptions().end()) {
      ++refused[listed->reason];
      used.insert(listed - exceptions().begin());
      continue;
    }
    const double interest = function == "MIRR"    ? std::min(number(args, 1), number(args, 2))
                            : args[0].is_number() ? number(args, 0)
                                                  : 0;
    if (scn::model::is_unknown(value) && interest <= -1) {
      ++refused[no_interest];
      continue;
    }
    const bool solves = function == "IRR" || function == "XIRR" || function == "RATE";
    if (scn::model::is_unknown(value) && solves && has_several_rates(function, args)) {
      ++refused[several];
      continue;
    }
    FAIL_CHECK("is " << value << " and should be " << expected);
  }
  CHECK(used.size() == exceptions().size());
  std::string summary;
  for (auto const& [name, n] : passed)
    summary += fmt::format("{} {} · ", name, n);
  summary += "\nnot part of the library: ";
  for (auto const& [name, n] : absent)
    summary += fmt::format("{} {} · ", name, n);
  summary += "\nrefused:";
  for (auto const& [reason, n] : refused)
    summary += fmt::format("\n{} {}", n, reason);
  WARN(summary);
}

TEST_CASE("payments at rates that cost other programs their digits") {
  const auto is = [](std::string const& call, double expected, double relative) {
    const double value = scn_test::value_of(call, "use std.finance\n");
    INFO(call << " is " << value);
    CHECK(std::fabs(value - expected) <= relative * std::fabs(expected));
  };
  // Next to no interest: (1 + i)^n - 1 has no digits left.
  is("pmt(1e-16, 10, 1000, 0, 0)", -100.00000000000006, 1e-15);
  is("pmt(4.567e-15, 10, 1000, 0, 0)", -100.00000000000252, 1e-15);
  is("nper(1e-15, -100, 1000, 0, 0)", 10, 1e-13);
  // The end of a long loan at high interest is a difference of large numbers, or is it not.
  is("cumprinc(70%, 36, 8000, 2, 10, 1)", -0.0047565423422487084, 1e-13);
  is("ipmt(14.79%, 297, 300, -270.51, 0, 0)", 16.965627701867238, 1e-13);
  // Interest and repayment of a year are twelve payments.
  is("cumipmt(0.5%, 360, 100000, 1, 12, 0)", -5966.59458955631, 1e-12);
  is("cumprinc(0.5%, 360, 100000, 1, 12, 0)", -1228.01171227677, 1e-12);
}
