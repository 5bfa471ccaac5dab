#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scn::model {

enum class Grain : std::uint8_t { yearly, half_yearly, quarterly, monthly };

[[nodiscard]] int steps_per_year(Grain grain);
[[nodiscard]] std::string_view name_of(Grain grain); ///< `half-yearly`
[[nodiscard]] std::optional<Grain> grain_named(std::string_view word);

/// A day of the Gregorian calendar.
struct Date {
  int year = 0, month = 0, day = 0;
  friend auto operator<=>(Date, Date) = default;
};
[[nodiscard]] Date date_of(std::string_view literal); ///< of a well-formed `2025-02-11`
/// The day that a text names; none if it is not written like that, or the month has no such day.
[[nodiscard]] std::optional<Date> day_of(std::string_view text);
[[nodiscard]] std::string name_of(Date date); ///< `2025-02-11`

/// A period as written (`2024`, `2024H1`, `2024Q3`, `2024M07`): a grain, and which one it is,
/// counted from year 0. 2024Q3 is number 2024 * 4 + 2 of the quarters.
struct Period {
  Grain grain = Grain::yearly;
  int ordinal = 0;
  bool fiscal = false; ///< `FY2025`
};
[[nodiscard]] std::optional<Period> period_of(std::string_view literal);

/// The model's calendar: steps 0 … count-1 of one grain. A period value is a step; it may lie
/// outside.
struct Calendar {
  Grain grain = Grain::yearly;
  int first = 0; ///< the ordinal of step 0
  int count = 0; ///< 0: the model has no timeline

  [[nodiscard]] int per_year() const { return steps_per_year(grain); }
  /// The first and last step of a period that is not finer than the calendar.
  struct Steps {
    int first, last;
  };
  [[nodiscard]] std::optional<Steps> steps(Period period) const;
  [[nodiscard]] std::string name(int step) const; ///< `2024`, `2024Q3`
  /// The last day of a step, or of what ends so many months earlier.
  [[nodiscard]] Date last_day(int step, int months_earlier = 0) const;
  /// The first and the last step of the year that a step lies in; either may lie outside.
  [[nodiscard]] Steps year_of(int step) const;
};

} // namespace scn::model
