#include "core/modulus.hpp"

#include <gtest/gtest.h>

#include <random>

namespace core {
namespace {

TEST(Modulus, EqualsTheRemainderOperator) {
  constexpr std::uint64_t max64 = ~std::uint64_t{0};
  std::mt19937_64 random(10);
  for (int i = 0; i < 200'000; ++i) {
    const std::uint64_t divisor = (random() >> (random() % 64)) | 1U << (i % 2);
    const Modulus modulus(divisor);
    for (const std::uint64_t value : {std::uint64_t{0}, divisor - 1, divisor, divisor + 1, max64, max64 - 1,
                                      max64 / divisor * divisor, max64 / divisor * divisor - 1, random()})
      ASSERT_EQ(modulus.remainder(value), value % divisor) << value << " mod " << divisor;
  }
  for (int bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    ASSERT_EQ(Modulus(power).remainder(max64), power - 1);
    ASSERT_EQ(Modulus(power).remainder(power), 0U);
  }
  EXPECT_EQ(Modulus(max64).remainder(max64), 0U);
  EXPECT_EQ(Modulus(1).remainder(max64), 0U);
}

}  // namespace
}  // namespace core
