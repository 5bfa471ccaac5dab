#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace scn_bench {

/// The model that is measured: N companies over T years, twelve formula lines each with a five-year
/// depreciation window, seven lines of the group and two grand totals. Once as text of the
/// language, once as inputs for the hand-written loops; the figures are the same doubles.
struct Workload {
  std::uint32_t companies = 0;
  std::uint32_t years = 0;
  std::vector<double> base_revenue, opex_ratio; ///< by company
  std::vector<double> growth, capex_intensity;  ///< [company][year]

  static Workload make(std::uint32_t companies, std::uint32_t years);
  [[nodiscard]] std::string text() const;
  /// Formula cells: what a full evaluation computes.
  [[nodiscard]] std::uint64_t cells() const;
};

inline constexpr double tax_rate = 0.21;
inline constexpr int life = 5;

/// Plain scalar C++ over dense arrays, company by company: what a careful person would write by
/// hand. Results that the engine's are compared with.
class ByHand {
 public:
  explicit ByHand(Workload const& workload);
  void run();

  double grand_capex = 0, grand_fcf = 0;
  std::vector<double> total_capex, total_fcf, mean_intensity; ///< by year

 private:
  Workload const& w_;
  // [company][year]
  std::vector<double> revenue_, capex_, depreciation_, gross_, net_, ebitda_, operating_, tax_,
      income_, fcf_, growth_, intensity_;
  std::vector<double> total_revenue_, weighted_, total_growth_, mean_growth_;
};

} // namespace scn_bench
