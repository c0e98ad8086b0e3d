#include "core/aes.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "hex.hpp"

namespace core {
namespace {

constexpr Block plain{0x0011223344556677, 0x8899AABBCCDDEEFF};

struct Vector {
  const char* key;
  Block cipher;
};

// FIPS 197, appendix C.
constexpr Vector vectors[] = {
    {"000102030405060708090A0B0C0D0E0F", {0x69C4E0D86A7B0430, 0xD8CDB78070B4C55A}},
    {"000102030405060708090A0B0C0D0E0F1011121314151617", {0xDDA97CA4864CDFE0, 0x6EAF70A0EC0D7191}},
    {"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
     {0x8EA2B7CA516745BF, 0xEAFC49904B496089}},
};

TEST(Aes, PassesTheStandardVectors) {
  for (const Vector& vector : vectors) {
    const Aes aes(from_hex(vector.key));
    EXPECT_EQ(aes.encrypt(plain), vector.cipher);
    EXPECT_EQ(aes.encrypt(plain), vector.cipher) << "a block must not depend on the one before";
  }
}

TEST(Aes, MovesItsKey) {
  Aes first(from_hex(vectors[0].key));
  Aes second(std::move(first));
  EXPECT_EQ(second.encrypt(plain), vectors[0].cipher);
  second = Aes(from_hex(vectors[1].key));
  EXPECT_EQ(second.encrypt(plain), vectors[1].cipher);
}

TEST(Aes, RejectsOtherKeySizes) {
  for (std::size_t size = 0; size <= 40; ++size)
    if (size != 16 && size != 24 && size != 32) {
      EXPECT_THROW(Aes(std::string(size, 'k')), std::invalid_argument) << size;
    }
}

}  // namespace
}  // namespace core
