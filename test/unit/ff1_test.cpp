#include "core/ff1.hpp"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/aes.hpp"
#include "core/base62.hpp"
#include "hex.hpp"

namespace core {
namespace {

constexpr const char* key128 = "2B7E151628AED2A6ABF7158809CF4F3C";
constexpr const char* key192 = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F";
constexpr const char* key256 = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94";
constexpr const char* decimal_tweak = "39383736353433323130";
constexpr const char* long_tweak = "3737373770717273373737";
constexpr const char* ten_digits = "0123456789";
constexpr const char* nineteen_digits = "0123456789abcdefghi";

// The standard's samples write numerals above 9 as small letters.
std::vector<Ff1::Numeral> numerals(std::string_view text) {
  std::vector<Ff1::Numeral> result;
  for (const char c : text) result.push_back(static_cast<Ff1::Numeral>(c <= '9' ? c - '0' : c - 'a' + 10));
  return result;
}

struct Sample {
  const char* key;
  std::uint32_t radix;
  const char* tweak;
  const char* plain;
  const char* cipher;
};

constexpr Sample samples[] = {
    {key128, 10, "", ten_digits, "2433477484"},
    {key128, 10, decimal_tweak, ten_digits, "6124200773"},
    {key128, 36, long_tweak, nineteen_digits, "a9tv40mll9kdu509eum"},
    {key192, 10, "", ten_digits, "2830668132"},
    {key192, 10, decimal_tweak, ten_digits, "2496655549"},
    {key192, 36, long_tweak, nineteen_digits, "xbj3kv35jrawxv32ysr"},
    {key256, 10, "", ten_digits, "6657667009"},
    {key256, 10, decimal_tweak, ten_digits, "1001623463"},
    {key256, 36, long_tweak, nineteen_digits, "xs8a0azh2avyalyzuwd"},
};

TEST(Ff1, PassesTheSamplesOfTheStandard) {
  for (const Sample& sample : samples) {
    std::vector<Ff1::Numeral> digits = numerals(sample.plain);
    const auto length = static_cast<std::uint32_t>(digits.size());
    const Ff1 cipher(from_hex(sample.key), sample.radix, length, from_hex(sample.tweak));
    cipher.encrypt_digits(digits.data());
    EXPECT_EQ(digits, numerals(sample.cipher));
    cipher.decrypt_digits(digits.data());
    EXPECT_EQ(digits, numerals(sample.plain));
    if (cipher.has_values()) {
      EXPECT_EQ(cipher.encrypt(std::stoull(sample.plain)), std::stoull(sample.cipher));
      EXPECT_EQ(cipher.decrypt(std::stoull(sample.cipher)), std::stoull(sample.plain));
    }
  }
}

TEST(Ff1, PassesTheRadix62Vector) {
  const Ff1 cipher(from_hex(key128), 62, 7, "");
  std::string code(7, '?');
  base62::encode_fixed(cipher.encrypt(0), code.data(), 7);
  EXPECT_EQ(code, "gGa7wmZ");
}

TEST(Ff1, PermutesASmallDomainWhole) {
  constexpr std::uint64_t domain = 1'000'000;
  const Ff1 cipher(from_hex(key128), 10, 6, "whole");
  std::vector<bool> seen(domain);
  for (std::uint64_t value = 0; value < domain; ++value) {
    const std::uint64_t image = cipher.encrypt(value);
    ASSERT_LT(image, domain);
    ASSERT_FALSE(seen[image]) << "two values have the image " << image;
    seen[image] = true;
    ASSERT_EQ(cipher.decrypt(image), value);
  }
}

TEST(Ff1, InvertsItselfInRadix62) {
  std::mt19937_64 random(12);
  std::uint64_t capacity = 62 * 62 * 62;
  for (std::uint32_t length = 4; length <= 10; ++length) {
    capacity *= 62;
    const Ff1 cipher(from_hex(key256), 62, length, "series");
    for (int i = 0; i < 20'000; ++i) {
      const std::uint64_t value = i == 0 ? 0 : i == 1 ? capacity - 1 : random() % capacity;
      const std::uint64_t image = cipher.encrypt(value);
      ASSERT_LT(image, capacity);
      ASSERT_EQ(cipher.decrypt(image), value);
    }
  }
}

// Written along the standard's steps, with the whole MAC input in memory and nothing cached.
std::uint64_t by_the_book(std::string_view key, std::uint64_t length, std::string_view tweak,
                          std::uint64_t value) {
  const std::uint64_t u = length / 2, v = length - u;
  std::uint64_t left_modulus = 1, right_modulus = 1;
  for (std::uint64_t i = 0; i < u; ++i) left_modulus *= 62;
  for (std::uint64_t i = 0; i < v; ++i) right_modulus *= 62;
  std::size_t b = 0;
  for (std::uint64_t rest = right_modulus - 1; rest != 0; rest >>= 8) ++b;
  std::uint64_t a = value / right_modulus, c = value % right_modulus;
  for (unsigned round = 0; round < 10; ++round) {
    std::string input = from_hex("01020100003E0A") + static_cast<char>(u);
    for (int shift = 24; shift >= 0; shift -= 8) input.push_back(static_cast<char>(length >> shift));
    for (int shift = 24; shift >= 0; shift -= 8) input.push_back(static_cast<char>(tweak.size() >> shift));
    input.append(tweak);
    while ((input.size() + 1 + b) % 16 != 0) input.push_back('\0');
    input.push_back(static_cast<char>(round));
    for (std::size_t byte = b; byte-- != 0;) input.push_back(static_cast<char>(c >> (8 * byte)));
    const Aes aes(key);
    Block mac;
    for (std::size_t offset = 0; offset < input.size(); offset += 16) {
      for (std::size_t i = 0; i < 16; ++i) {
        std::uint64_t& half = i < 8 ? mac.high : mac.low;
        half ^= std::uint64_t{static_cast<unsigned char>(input[offset + i])} << (56 - 8 * (i % 8));
      }
      mac = aes.encrypt(mac);
    }
    const std::uint64_t modulus = round % 2 == 0 ? left_modulus : right_modulus;
    const std::uint64_t next = (a + mac.high % modulus) % modulus;
    a = c;
    c = next;
  }
  return a * right_modulus + c;
}

// Every way in which a tweak can fill the blocks of the MAC.
TEST(Ff1, TakesTweaksOfEveryLength) {
  std::mt19937_64 random(13);
  const std::string key = from_hex(key192);
  for (std::size_t size = 0; size <= 70; ++size)
    for (const std::uint32_t length : {4U, 5U, 7U, 8U, 10U}) {
      std::string tweak(size, '\0');
      for (char& byte : tweak) byte = static_cast<char>(random());
      std::vector<Ff1::Numeral> digits(length);
      std::uint64_t value = 0;
      for (Ff1::Numeral& digit : digits) {
        digit = static_cast<Ff1::Numeral>(random() % 62);
        value = value * 62 + digit;
      }
      const Ff1 cipher(key, 62, length, tweak);
      const std::uint64_t image = cipher.encrypt(value);
      ASSERT_EQ(image, by_the_book(key, length, tweak, value)) << size << " bytes, length " << length;
      cipher.encrypt_digits(digits.data());
      std::uint64_t from_digits = 0;
      for (const Ff1::Numeral digit : digits) from_digits = from_digits * 62 + digit;
      ASSERT_EQ(from_digits, image);
    }
}

TEST(Ff1, HandlesHalvesUpTo64Bits) {
  const Ff1 binary(from_hex(key128), 2, 64, "");
  EXPECT_TRUE(binary.has_values());
  const Ff1 widest(from_hex(key128), 65536, 6, "");
  EXPECT_FALSE(widest.has_values());
  const Ff1 odd(from_hex(key128), 62, 19, "");
  std::mt19937_64 random(14);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t value = random();
    ASSERT_EQ(binary.decrypt(binary.encrypt(value)), value);
    std::vector<Ff1::Numeral> digits(19);
    for (Ff1::Numeral& digit : digits) digit = static_cast<Ff1::Numeral>(random() % 62);
    const std::vector<Ff1::Numeral> before = digits;
    odd.encrypt_digits(digits.data());
    ASSERT_NE(digits, before);
    odd.decrypt_digits(digits.data());
    ASSERT_EQ(digits, before);
  }
}

TEST(Ff1, MovesItsKey) {
  Ff1 first(from_hex(key128), 62, 7, "");
  const std::uint64_t image = first.encrypt(1);
  Ff1 second(std::move(first));
  EXPECT_EQ(second.encrypt(1), image);
  second = Ff1(from_hex(key128), 62, 7, "other");
  EXPECT_NE(second.encrypt(1), image);
}

TEST(Ff1, RejectsArgumentsOutsideTheContract) {
  const std::string key(16, 'k');
  EXPECT_THROW(Ff1(std::string(15, 'k'), 62, 8, ""), std::invalid_argument);
  EXPECT_THROW(Ff1(key, 1, 8, ""), std::invalid_argument);
  EXPECT_THROW(Ff1(key, 65537, 8, ""), std::invalid_argument);
  EXPECT_THROW(Ff1(key, 62, 0, ""), std::invalid_argument);
  EXPECT_THROW(Ff1(key, 62, 1, ""), std::invalid_argument);
  EXPECT_THROW(Ff1(key, 2, 6, ""), std::invalid_argument);
  EXPECT_NO_THROW(Ff1(key, 2, 7, ""));
  EXPECT_THROW(Ff1(key, 2, 127, ""), std::invalid_argument);
  EXPECT_THROW(Ff1(key, 62, 4'000'000'000, ""), std::invalid_argument);
}

}  // namespace
}  // namespace core
