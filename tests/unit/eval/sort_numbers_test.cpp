#include "engine/eval/sort_numbers.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

TEST_CASE("numbers come out in order, few and many, of any size and sign") {
  std::mt19937 random(6);
  std::vector<double> spare;
  for (std::size_t n : {0u, 1u, 2u, 100u, 511u, 512u, 5000u})
    for (int kind = 0; kind < 4; ++kind) {
      std::vector<double> numbers(n);
      for (double& x : numbers) {
        const double y = static_cast<double>(random()) - 2e9;
        x = kind == 0   ? y
            : kind == 1 ? std::ldexp(y, static_cast<int>(random() % 600) - 300)
            : kind == 2 ? static_cast<double>(random() % 3) // many are equal
                        : 1;
      }
      if (n > 4) {
        numbers[0] = std::numeric_limits<double>::max();
        numbers[1] = -std::numeric_limits<double>::max();
        numbers[2] = std::numeric_limits<double>::denorm_min();
        numbers[3] = -0.0;
      }
      std::vector<double> expected = numbers;
      std::sort(expected.begin(), expected.end());
      scn::eval::sort_numbers(numbers, spare);
      INFO(n << " numbers of kind " << kind);
      CHECK(numbers == expected); // 0 and -0 are equal, in whichever order
    }
}
