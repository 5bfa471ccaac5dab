#include "tests/bench/sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <random>

namespace scn_bench {

namespace {

/// Cells whose values stay within the range of the constants, however deep they are.
void add_mixed(Sheet& sheet, std::mt19937& random) {
  const auto to = std::back_inserter(sheet.text);
  auto& values = sheet.values;
  const auto own = static_cast<std::uint32_t>(values.size());
  const auto any = [&] { return static_cast<std::uint32_t>(random() % own); };
  const auto near = [&] {
    return own - 1 - static_cast<std::uint32_t>(random() % std::min(own, 50u));
  };
  const std::uint32_t form = own == 0 ? 0 : static_cast<std::uint32_t>(random() % 5);
  const std::uint32_t a = form == 2 ? near() : own == 0 ? 0 : any();
  const std::uint32_t b = own == 0 ? 0 : any();
  switch (form) {
  case 0: {
    const auto hundredths = static_cast<double>(random() % 100'000);
    fmt::format_to(to, "let a{} = {:.2f}\n", own, hundredths / 100);
    values.push_back(hundredths / 100);
    break;
  }
  case 1:
    fmt::format_to(to, "let a{} = a{} * 0.7 + a{} * 0.2\n", own, a, b);
    values.push_back(values[a] * 0.7 + values[b] * 0.2);
    break;
  case 2:
    fmt::format_to(to, "let a{} = (a{} - a{}) / 2\n", own, a, b);
    values.push_back((values[a] - values[b]) / 2);
    break;
  case 3:
    fmt::format_to(to, "let a{} = max(a{}, a{}) * 0.9\n", own, a, b);
    values.push_back(std::max(values[a], values[b]) * 0.9);
    break;
  default:
    fmt::format_to(to, "let a{} = if a{} > 100 then a{} else 100 - a{}\n", own, a, b, a);
    values.push_back(values[a] > 100 ? values[b] : 100 - values[a]);
    break;
  }
}

} // namespace

Sheet Sheet::make(Shape shape, std::uint32_t cells) {
  Sheet out;
  out.text = "model \"a sheet\"\n";
  const auto to = std::back_inserter(out.text);
  out.values.reserve(cells);
  if (shape == Shape::mixed) {
    std::mt19937 random(1);
    while (out.values.size() < cells)
      add_mixed(out, random);
    return out;
  }
  for (std::uint32_t i = 0; i < cells; ++i) {
    const std::uint32_t cell = shape == Shape::chain ? i : cells - 1 - i;
    if (cell == 0) {
      out.text += "let a0 = 1\n";
    } else {
      fmt::format_to(to, "let a{} = a{} + 1\n", cell, cell - 1);
    }
    out.values.push_back(i + 1.0);
  }
  return out;
}

} // namespace scn_bench
