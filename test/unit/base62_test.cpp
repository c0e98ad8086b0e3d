#include "core/base62.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace core::base62 {
namespace {

constexpr std::uint64_t max64 = std::numeric_limits<std::uint64_t>::max();
constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string encoded(std::uint64_t value) {
  std::array<char, max_value_length> out{};
  return {out.data(), encode(value, out.data())};
}

std::string fixed(std::uint64_t value, int width) {
  std::string out(static_cast<std::size_t>(width), '?');
  encode_fixed(value, out.data(), width);
  return out;
}

// Written the obvious way, to hold the fast one against.
std::string naive(std::uint64_t value) {
  std::string out;
  do out.insert(out.begin(), digits[value % 62]);
  while ((value /= 62) != 0);
  return out;
}

std::vector<std::uint64_t> interesting_values() {
  std::vector<std::uint64_t> values{0,          max64,     max64 - 1, 1ULL << 63, (1ULL << 63) - 1,
                                    1ULL << 32, 1ULL << 31};
  std::uint64_t power = 1;
  for (int i = 0; i <= 10; ++i, power *= 62)
    values.insert(values.end(), {power - 1, power, power + 1, power * 61});
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) values.push_back(random() >> (random() % 64));
  return values;
}

void expect_fault(std::string_view code, Fault fault, std::size_t position = 0) {
  std::uint64_t value = 42;
  const Outcome outcome = decode(code, value);
  EXPECT_EQ(outcome.fault, fault) << code;
  EXPECT_EQ(outcome.position, position) << code;
  EXPECT_EQ(value, 42U) << "a fault must leave the result alone: " << code;
}

TEST(Base62, KnownValues) {
  const std::pair<std::uint64_t, const char*> vectors[] = {{0, "0"},
                                                           {9, "9"},
                                                           {10, "A"},
                                                           {35, "Z"},
                                                           {36, "a"},
                                                           {61, "z"},
                                                           {62, "10"},
                                                           {3844, "100"},
                                                           {1234567890, "1LY7VK"},
                                                           {2147483647, "2LKcb1"},
                                                           {9223372036854775807, "AzL8n0Y58m7"},
                                                           {max64, "LygHa16AHYF"}};
  for (const auto& [value, code] : vectors) {
    EXPECT_EQ(encoded(value), code);
    std::uint64_t decoded = 0;
    EXPECT_TRUE(decode(code, decoded).ok());
    EXPECT_EQ(decoded, value);
  }
}

TEST(Base62, EncodesLikeTheObviousWayAndDecodesBack) {
  for (const std::uint64_t value : interesting_values()) {
    const std::string code = encoded(value);
    ASSERT_EQ(code, naive(value));
    for (const std::size_t zeros : {0U, 1U, 2U, 3U, 4U, 7U, 40U}) {
      std::uint64_t decoded = ~value;
      ASSERT_TRUE(decode(std::string(zeros, '0') + code, decoded).ok()) << code;
      ASSERT_EQ(decoded, value);
    }
  }
}

TEST(Base62, EncodesFixedWidths) {
  EXPECT_EQ(fixed(0, 1), "0");
  EXPECT_EQ(fixed(61, 1), "z");
  EXPECT_EQ(fixed(62, 10), "0000000010");
  for (const std::uint64_t value : interesting_values()) {
    const std::string code = naive(value);
    for (int width = static_cast<int>(code.size()); width <= 11; ++width)
      ASSERT_EQ(fixed(value, width), std::string(static_cast<std::size_t>(width) - code.size(), '0') + code);
  }
}

TEST(Base62, EveryCanonicalTextIsItsOwnEncoding) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 100'000; ++i) {
    std::string code(1 + random() % 10, '0');
    for (char& c : code) c = digits[random() % 62];
    if (code.front() == '0' && code.size() > 1) code.front() = '1';
    std::uint64_t value = 0;
    ASSERT_TRUE(decode(code, value).ok());
    ASSERT_EQ(encoded(value), code);
  }
}

TEST(Base62, RejectsWhatDoesNotFit) {
  expect_fault("LygHa16AHYG", Fault::overflow);
  expect_fault("0000LygHa16AHYG", Fault::overflow);
  expect_fault("M0000000000", Fault::overflow);
  expect_fault("zzzzzzzzzzz", Fault::overflow);
  expect_fault("100000000000", Fault::overflow);
  expect_fault(std::string(1000, 'z'), Fault::overflow);
}

TEST(Base62, NamesTheFirstForeignByte) {
  expect_fault("", Fault::empty);
  expect_fault("-", Fault::character, 0);
  expect_fault("-1", Fault::character, 0);
  expect_fault("+1", Fault::character, 0);
  expect_fault(" ", Fault::character, 0);
  expect_fault(" 1", Fault::character, 0);
  expect_fault("1 ", Fault::character, 1);
  expect_fault("1\n", Fault::character, 1);
  expect_fault(std::string_view("1\0", 2), Fault::character, 1);
  expect_fault("caf\xc3\xa9", Fault::character, 3);
  expect_fault("zzzzzzzzzzzzzz_!", Fault::character, 14);
  for (std::size_t length = 1; length <= 14; ++length)
    for (std::size_t position = 0; position < length; ++position)
      for (int byte = 0; byte < 256; ++byte) {
        if (digits.find(static_cast<char>(byte)) != std::string_view::npos) continue;
        std::string code(length, '1');
        code[position] = static_cast<char>(byte);
        expect_fault(code, Fault::character, position);
      }
}

using Uuid = std::array<std::uint8_t, 16>;

std::string encoded(const Uuid& uuid) {
  std::string out(uuid_length, '?');
  encode_uuid(uuid.data(), out.data());
  return out;
}

std::vector<Uuid> interesting_uuids() {
  std::vector<Uuid> uuids{Uuid{}};
  uuids.emplace_back().fill(0xFF);
  for (std::size_t bit = 0; bit < 128; ++bit) {
    Uuid power{};
    power[15 - bit / 8] = static_cast<std::uint8_t>(1U << bit % 8);
    uuids.push_back(power);
    Uuid below{};
    for (std::size_t lower = 0; lower < bit; ++lower)
      below[15 - lower / 8] = static_cast<std::uint8_t>(below[15 - lower / 8] | 1U << lower % 8);
    uuids.push_back(below);
  }
  // Around the multiples of 62^10 and 62^20, where the divisions carry.
  std::mt19937_64 random(3);
  for (int i = 0; i < 10'000; ++i) {
    unsigned __int128 value = 839299365868340224ULL;
    if (i % 2 == 0) value *= value;
    value *= random() % (i % 2 == 0 ? 483 : max64);
    value += random() % 3;
    value -= 1;
    Uuid& uuid = uuids.emplace_back();
    for (std::size_t byte = 16; byte-- != 0; value >>= 8) uuid[byte] = static_cast<std::uint8_t>(value);
  }
  for (int i = 0; i < 100'000; ++i)
    for (std::uint8_t& byte : uuids.emplace_back()) byte = static_cast<std::uint8_t>(random());
  return uuids;
}

TEST(Base62Uuid, EncodesLikeTheByteStringAndDecodesBack) {
  for (const Uuid& uuid : interesting_uuids()) {
    const std::string code = encoded(uuid);
    ASSERT_EQ(code, encode_bytes(std::string(uuid.begin(), uuid.end())));
    Uuid decoded{};
    ASSERT_TRUE(decode_uuid(code, decoded.data()).ok());
    ASSERT_EQ(decoded, uuid);
  }
}

TEST(Base62Uuid, KeepsAll128Bits) {
  Uuid uuid{};
  EXPECT_EQ(encoded(uuid), "0000000000000000000000");
  uuid.fill(0xFF);
  EXPECT_EQ(encoded(uuid), "7n42DGM5Tflk9n8mt7Fhc7");
  Uuid decoded{};
  EXPECT_EQ(decode_uuid("7n42DGM5Tflk9n8mt7Fhc8", decoded.data()).fault, Fault::overflow);
  EXPECT_EQ(decode_uuid("8000000000000000000000", decoded.data()).fault, Fault::overflow);
  EXPECT_EQ(decode_uuid("zzzzzzzzzzzzzzzzzzzzzz", decoded.data()).fault, Fault::overflow);
  EXPECT_EQ(decoded, Uuid{});
}

TEST(Base62Uuid, EveryTextInRangeIsItsOwnEncoding) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 100'000; ++i) {
    std::string code(uuid_length, '0');
    for (char& c : code) c = digits[random() % 62];
    code[0] = digits[random() % 7];
    Uuid decoded{};
    ASSERT_TRUE(decode_uuid(code, decoded.data()).ok());
    ASSERT_EQ(encoded(decoded), code);
  }
}

TEST(Base62Uuid, ReportsLengthAndForeignBytes) {
  Uuid decoded{};
  EXPECT_EQ(decode_uuid("", decoded.data()).fault, Fault::empty);
  EXPECT_EQ(decode_uuid("0", decoded.data()).fault, Fault::length);
  EXPECT_EQ(decode_uuid(std::string(21, '0'), decoded.data()).fault, Fault::length);
  EXPECT_EQ(decode_uuid(std::string(23, '0'), decoded.data()).fault, Fault::length);
  EXPECT_EQ(decode_uuid("-", decoded.data()).fault, Fault::character);
  EXPECT_EQ(decode_uuid(" " + std::string(22, '0'), decoded.data()).fault, Fault::character);
  for (std::size_t position = 0; position < uuid_length; ++position) {
    std::string code(uuid_length, '0');
    code[position] = '-';
    const Outcome outcome = decode_uuid(code, decoded.data());
    EXPECT_EQ(outcome.fault, Fault::character);
    EXPECT_EQ(outcome.position, position);
  }
}

}  // namespace
}  // namespace core::base62
