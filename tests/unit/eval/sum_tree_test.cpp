#include "engine/eval/sum_tree.hpp"

#include "tests/support/catch.hpp"

#include <random>

using scn::eval::SumTree;

TEST_CASE("a sum tree adds up every block once, however many there are") {
  for (std::uint32_t blocks : {1u, 2u, 7u, 8u, 9u, 63u, 64u, 65u, 157u, 513u, 4097u}) {
    SumTree tree(blocks, 2);
    for (std::uint32_t b = 0; b < blocks; ++b) {
      tree.leaf(0, b) = b + 1;
      tree.leaf(1, b) = 1;
    }
    tree.update(0, 0, blocks);
    tree.update(1, 0, blocks);
    INFO(blocks << " blocks");
    CHECK(tree.total(0) == 0.5 * blocks * (blocks + 1.0));
    CHECK(tree.total(1) == blocks);
  }
}

TEST_CASE("a sum tree that is updated has the bits of one that is new") {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> any(-1e9, 1e3);
  for (std::uint32_t blocks : {1u, 5u, 8u, 100u, 700u}) {
    SumTree kept(blocks, 1);
    for (int round = 0; round < 50; ++round) {
      const std::uint32_t begin = static_cast<std::uint32_t>(random() % blocks);
      const std::uint32_t end = begin + 1 + static_cast<std::uint32_t>(random() % (blocks - begin));
      for (std::uint32_t b = begin; b < end; ++b)
        kept.leaf(0, b) = any(random);
      kept.update(0, begin, end);
      SumTree fresh(blocks, 1);
      for (std::uint32_t b = 0; b < blocks; ++b)
        fresh.leaf(0, b) = kept.leaf(0, b);
      fresh.update(0, 0, blocks);
      REQUIRE(kept.total(0) == fresh.total(0));
    }
  }
}
