#pragma once

// Catch2 as Debian 12 has it (version 2) and as newer systems do (version 3).

#include <string>

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_approx.hpp>
#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>
namespace scn_test {
using Catch::Approx;
inline auto contains(std::string const& s) { return Catch::Matchers::ContainsSubstring(s); }
} // namespace scn_test
#else
#include <catch2/catch.hpp>
namespace scn_test {
using Catch::Detail::Approx;
inline auto contains(std::string const& s) { return Catch::Matchers::Contains(s); }
} // namespace scn_test
#endif
