#include "lang/model/calendar.hpp"

#include <fmt/format.h>

#include <charconv>

namespace scn::model {

int steps_per_year(Grain grain) {
  switch (grain) {
  case Grain::yearly: return 1;
  case Grain::half_yearly: return 2;
  case Grain::quarterly: return 4;
  case Grain::monthly: return 12;
  }
  return 1;
}

std::string_view name_of(Grain grain) {
  switch (grain) {
  case Grain::yearly: return "yearly";
  case Grain::half_yearly: return "half-yearly";
  case Grain::quarterly: return "quarterly";
  case Grain::monthly: return "monthly";
  }
  return {};
}

std::optional<Grain> grain_named(std::string_view word) {
  for (Grain grain : {Grain::yearly, Grain::half_yearly, Grain::quarterly, Grain::monthly})
    if (name_of(grain) == word) return grain;
  return std::nullopt;
}

namespace {

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

} // namespace

Date date_of(std::string_view literal) {
  return {number(literal.substr(0, 4)), number(literal.substr(5, 2)), number(literal.substr(8, 2))};
}

std::optional<Date> day_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9')) return std::nullopt;
  const Date date = date_of(text);
  if (date.month < 1 || date.month > 12 || date.day < 1) return std::nullopt;
  const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (date.day > days[date.month - 1] + (leap && date.month == 2 ? 1 : 0)) return std::nullopt;
  return date;
}

std::string name_of(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::optional<Period> period_of(std::string_view literal) {
  Period out;
  if (literal.starts_with("FY")) {
    out.fiscal = true;
    literal.remove_prefix(2);
  }
  if (literal.size() < 4) return std::nullopt;
  for (char c : literal.substr(0, 4))
    if (c < '0' || c > '9') return std::nullopt;
  const int year = number(literal.substr(0, 4));
  if (literal.size() == 4) {
    out.ordinal = year;
    return out;
  }
  const std::string_view part = literal.substr(5);
  switch (literal[4]) {
  case 'H': out.grain = Grain::half_yearly; break;
  case 'Q': out.grain = Grain::quarterly; break;
  case 'M': out.grain = Grain::monthly; break;
  default: return std::nullopt;
  }
  const std::size_t digits = out.grain == Grain::monthly ? 2 : 1;
  const int n = number(part);
  if (part.size() != digits || n < 1 || n > steps_per_year(out.grain)) return std::nullopt;
  out.ordinal = year * steps_per_year(out.grain) + n - 1;
  return out;
}

std::optional<Calendar::Steps> Calendar::steps(Period period) const {
  const int coarse = steps_per_year(period.grain);
  const int fine = per_year();
  if (coarse > fine) return std::nullopt;
  const int inside = fine / coarse;
  const int begin = period.ordinal * inside - first;
  return Steps{begin, begin + inside - 1};
}

std::string Calendar::name(int step) const {
  const int ordinal = first + step;
  const int n = per_year();
  const int year = ordinal >= 0 ? ordinal / n : (ordinal - n + 1) / n;
  const int part = ordinal - year * n + 1;
  switch (grain) {
  case Grain::yearly: return fmt::format("{:04}", year);
  case Grain::half_yearly: return fmt::format("{:04}H{}", year, part);
  case Grain::quarterly: return fmt::format("{:04}Q{}", year, part);
  case Grain::monthly: return fmt::format("{:04}M{:02}", year, part);
  }
  return {};
}

Calendar::Steps Calendar::year_of(int step) const {
  const int n = per_year();
  const int inside = ((first + step) % n + n) % n;
  return {step - inside, step - inside + n - 1};
}

Date Calendar::last_day(int step, int months_earlier) const {
  const int n = per_year();
  const int months =
      (first + step + 1) * (12 / n) - 1 - months_earlier; // since year 0, the last one
  const int year = months / 12;
  const int month = months % 12 + 1;
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return {year, month, lengths[month - 1] + (month == 2 && leap ? 1 : 0)};
}

} // namespace scn::model
