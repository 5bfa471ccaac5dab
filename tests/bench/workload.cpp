#include "tests/bench/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace scn_bench {

namespace {

/// A number from 0 to 1 in steps of a thousandth, from a hash: short to write, the same everywhere.
double thousandth(std::uint64_t key) {
  key ^= key >> 33;
  key *= 0xff51afd7ed558ccdULL;
  key ^= key >> 33;
  key *= 0xc4ceb9fe1a85ec53ULL;
  key ^= key >> 33;
  return static_cast<double>(key % 1000) / 1000;
}

} // namespace

Workload Workload::make(std::uint32_t companies, std::uint32_t years) {
  Workload w;
  w.companies = companies;
  w.years = years;
  for (std::uint32_t c = 0; c < companies; ++c) {
    w.base_revenue.push_back(100 + 900 * thousandth(c));
    w.opex_ratio.push_back(std::stod(fmt::format("{:.3f}", 0.5 + 0.3 * thousandth(c + 1'000'003))));
    for (std::uint32_t y = 0; y < years; ++y) {
      const std::uint64_t key = std::uint64_t{c} * 1009 + y;
      w.growth.push_back(
          std::stod(fmt::format("{:.4f}", 0.02 + 0.2 * thousandth(key + 7'000'003))));
      w.capex_intensity.push_back(
          std::stod(fmt::format("{:.4f}", 0.1 + 0.2 * thousandth(key + 9'000'017))));
    }
  }
  return w;
}

std::uint64_t Workload::cells() const {
  // The first year of revenue, gross and net value is an equation of its own, but a cell all the
  // same.
  return std::uint64_t{companies} * years * 12 + std::uint64_t{years} * 7 + 2;
}

std::string Workload::text() const {
  std::string out =
      fmt::format("model \"{} companies\"\nuse std.growth\ntimeline 2024..{} yearly\n", companies,
                  2024 + years - 1);
  const auto to = std::back_inserter(out);
  for (std::uint32_t c = 0; c < companies; ++c)
    fmt::format_to(to, "company c{:05}\n", c);
  const auto head = [&] {
    for (std::uint32_t y = 0; y < years; ++y)
      fmt::format_to(to, " | {}", 2024 + y);
    out += '\n';
  };
  out += "assume start : USD by company\ntable start in mn USD {\n | |\n";
  for (std::uint32_t c = 0; c < companies; ++c)
    fmt::format_to(to, "c{:05} | {:.1f}\n", c, base_revenue[c]);
  out += "}\nassume opex_ratio : 1 by company\ntable opex_ratio {\n | |\n";
  for (std::uint32_t c = 0; c < companies; ++c)
    fmt::format_to(to, "c{:05} | {:.3f}\n", c, opex_ratio[c]);
  out += "}\nassume revenue_growth : 1 by company\ntable revenue_growth {\n";
  head();
  for (std::uint32_t c = 0; c < companies; ++c) {
    fmt::format_to(to, "c{:05}", c);
    for (std::uint32_t y = 0; y < years; ++y)
      fmt::format_to(to, " | {:.4f}", growth[c * years + y]);
    out += '\n';
  }
  out += "}\nassume capex_intensity : 1 by company\ntable capex_intensity {\n";
  head();
  for (std::uint32_t c = 0; c < companies; ++c) {
    fmt::format_to(to, "c{:05}", c);
    for (std::uint32_t y = 0; y < years; ++y)
      fmt::format_to(to, " | {:.4f}", capex_intensity[c * years + y]);
    out += '\n';
  }
  out += R"(}
assume tax_rate : % = 21%
flow revenue : USD by company = revenue[t-1] * (1 + revenue_growth)
revenue[first] = start
flow capex : USD by company = revenue * capex_intensity
flow depreciation : USD by company = sum(capex[v] over v in t-5..t-1) / 5
stock gross_ppe : USD by company = gross_ppe[t-1] + capex - (capex[t-5] else 0)
gross_ppe[first] = capex
stock net_ppe : USD by company = net_ppe[t-1] + capex - depreciation
net_ppe[first] = capex
flow ebitda : USD by company = revenue * (1 - opex_ratio)
flow operating_income : USD by company = ebitda - depreciation
flow tax : USD by company = max(0, operating_income) * tax_rate
flow net_income : USD by company = operating_income - tax
flow fcf : USD by company = net_income + depreciation - capex
rate capex_growth : % by company = growth(capex)
rate intensity : % by company = capex / revenue
flow total_revenue : USD = sum(revenue over company)
flow total_capex : USD = sum(capex over company)
flow total_fcf : USD = sum(fcf over company)
rate weighted_intensity : % = total_capex / total_revenue
rate mean_intensity : % = avg(intensity over company)
rate total_growth : % = growth(total_capex)
rate mean_growth : % = avg(capex_growth over company)
flow grand_capex : USD = sum(total_capex over t)
flow grand_fcf : USD = sum(total_fcf over t)
)";
  return out;
}

ByHand::ByHand(Workload const& w) : w_(w) {
  const std::size_t n = std::size_t{w.companies} * w.years;
  for (auto* column : {&revenue_, &capex_, &depreciation_, &gross_, &net_, &ebitda_, &operating_,
                       &tax_, &income_, &fcf_, &growth_, &intensity_})
    column->resize(n);
  for (auto* column : {&total_revenue_, &weighted_, &total_growth_, &mean_growth_, &total_capex,
                       &total_fcf, &mean_intensity})
    column->resize(w.years);
}

void ByHand::run() {
  const std::uint32_t years = w_.years;
  for (auto* total : {&total_revenue_, &total_capex, &total_fcf, &mean_intensity, &mean_growth_})
    std::fill(total->begin(), total->end(), 0.0);
  for (std::uint32_t c = 0; c < w_.companies; ++c) {
    const std::size_t at = std::size_t{c} * years;
    for (std::uint32_t y = 0; y < years; ++y) {
      const std::size_t i = at + y;
      revenue_[i] = y == 0 ? w_.base_revenue[c] * 1e6 : revenue_[i - 1] * (1 + w_.growth[i]);
      capex_[i] = revenue_[i] * w_.capex_intensity[i];
      double window = 0;
      for (std::uint32_t v = y > life ? y - life : 0; v < y; ++v)
        window += capex_[at + v];
      depreciation_[i] = window / life;
      gross_[i] =
          y == 0 ? capex_[i] : gross_[i - 1] + capex_[i] - (y >= life ? capex_[i - life] : 0);
      net_[i] = y == 0 ? capex_[i] : net_[i - 1] + capex_[i] - depreciation_[i];
      ebitda_[i] = revenue_[i] * (1 - w_.opex_ratio[c]);
      operating_[i] = ebitda_[i] - depreciation_[i];
      tax_[i] = std::max(0.0, operating_[i]) * tax_rate;
      income_[i] = operating_[i] - tax_[i];
      fcf_[i] = income_[i] + depreciation_[i] - capex_[i];
      growth_[i] = y == 0 ? 0 : capex_[i] / capex_[i - 1] - 1;
      intensity_[i] = capex_[i] / revenue_[i];
      total_revenue_[y] += revenue_[i];
      total_capex[y] += capex_[i];
      total_fcf[y] += fcf_[i];
      mean_intensity[y] += intensity_[i];
      mean_growth_[y] += growth_[i];
    }
  }
  grand_capex = grand_fcf = 0;
  for (std::uint32_t y = 0; y < years; ++y) {
    weighted_[y] = total_capex[y] / total_revenue_[y];
    mean_intensity[y] /= w_.companies;
    mean_growth_[y] /= w_.companies;
    total_growth_[y] = y == 0 ? 0 : total_capex[y] / total_capex[y - 1] - 1;
    grand_capex += total_capex[y];
    grand_fcf += total_fcf[y];
  }
}

} // namespace scn_bench
