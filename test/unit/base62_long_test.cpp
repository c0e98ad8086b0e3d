#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base62.hpp"
#include "hex.hpp"

namespace core::base62 {
namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string random_text(std::mt19937_64& random, std::size_t length, std::string_view alphabet) {
  std::string text(length, '0');
  for (char& c : text) c = alphabet[random() % alphabet.size()];
  return text;
}

std::string random_bytes(std::mt19937_64& random, std::size_t length) {
  std::string bytes(length, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

void expect_bytes_fault(std::string_view code, Fault fault, std::size_t position = 0) {
  std::string bytes = "untouched";
  const Outcome outcome = decode_bytes(code, bytes);
  EXPECT_EQ(outcome.fault, fault) << code;
  EXPECT_EQ(outcome.position, position) << code;
  EXPECT_EQ(bytes, "untouched") << code;
}

void expect_decimal_fault(std::string_view code, Fault fault, std::size_t position = 0) {
  std::string number = "untouched";
  const Outcome outcome = decode_decimal(code, number);
  EXPECT_EQ(outcome.fault, fault);
  EXPECT_EQ(outcome.position, position);
  EXPECT_EQ(number, "untouched");
}

// Digits of 256^bytes - 1 by exact arithmetic: multiply by 256, digit by digit.
TEST(Base62Bytes, LengthsAreExact) {
  std::vector<unsigned> power{1};  // 256^bytes in base 62, least significant first
  std::size_t expected_chars = 0;
  for (std::size_t bytes = 0; bytes <= max_bytes; ++bytes) {
    // 62^c ≥ 256^bytes; equality holds for one only, as no other power of two is a power of 62
    expected_chars = bytes == 0 ? 0 : power.size();
    ASSERT_EQ(encoded_length(bytes), expected_chars) << bytes;
    ASSERT_EQ(decoded_length(expected_chars), bytes);
    unsigned carry = 0;
    for (unsigned& digit : power) {
      carry += digit * 256;
      digit = carry % 62;
      carry /= 62;
    }
    for (; carry != 0; carry /= 62) power.push_back(carry % 62);
  }
  EXPECT_EQ(expected_chars, max_bytes_length);
  EXPECT_EQ(encoded_length(16), 22U);
  EXPECT_EQ(encoded_length(20), 27U);
}

TEST(Base62Bytes, OnlyEncodedLengthsDecode) {
  std::size_t found = 0;
  for (std::size_t chars = 0; chars <= 3 * max_bytes_length; ++chars)
    if (const auto bytes = decoded_length(chars)) {
      EXPECT_EQ(encoded_length(*bytes), chars);
      ++found;
    }
  EXPECT_EQ(found, max_bytes + 1);
  EXPECT_FALSE(decoded_length(1).has_value());
  EXPECT_FALSE(decoded_length(static_cast<std::size_t>(-1)).has_value());
}

TEST(Base62Bytes, KnownValues) {
  const std::string ksuid = from_hex("0669F7EFB5A1CD34B5F99D1154FB6853345C9735");
  EXPECT_EQ(encode_bytes(ksuid), "0ujtsYcgvSTl8PAuAdqWYSMnLOv");
  EXPECT_EQ(encode_bytes(std::string(20, '\xFF')), "aWgEPTl1tmebfsQzFP4bxwgy80V");
  EXPECT_EQ(encode_bytes(""), "");
  EXPECT_EQ(encode_bytes(std::string(1, '\0')), "00");
  std::string bytes;
  ASSERT_TRUE(decode_bytes("0ujtsYcgvSTl8PAuAdqWYSMnLOv", bytes).ok());
  EXPECT_EQ(bytes, ksuid);
  ASSERT_TRUE(decode_bytes("aWgEPTl1tmebfsQzFP4bxwgy80V", bytes).ok());
  EXPECT_EQ(bytes, std::string(20, '\xFF'));
  expect_bytes_fault("aWgEPTl1tmebfsQzFP4bxwgy80W", Fault::overflow);
}

TEST(Base62Bytes, RoundTripsAtEveryLength) {
  std::mt19937_64 random(5);
  for (std::size_t length = 1; length <= max_bytes; ++length) {
    std::vector<std::string> inputs{std::string(length, '\0'), std::string(length, '\xFF'),
                                    random_bytes(random, length)};
    inputs.push_back(std::string(length / 2, '\0') + random_bytes(random, length - length / 2));
    for (const std::string& input : inputs) {
      const std::string code = encode_bytes(input);
      ASSERT_EQ(code.size(), encoded_length(length));
      std::string bytes;
      ASSERT_TRUE(decode_bytes(code, bytes).ok());
      ASSERT_EQ(bytes, input);
    }
    expect_bytes_fault(std::string(encoded_length(length), 'z'), Fault::overflow);
  }
}

TEST(Base62Bytes, EveryTextInRangeIsItsOwnEncoding) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 5'000; ++i) {
    std::string code = random_text(random, encoded_length(1 + random() % 100), digits);
    code[0] = '0';
    std::string bytes;
    const Outcome outcome = decode_bytes(code, bytes);
    if (outcome.ok())
      ASSERT_EQ(encode_bytes(bytes), code);
    else
      ASSERT_EQ(outcome.fault, Fault::overflow);
  }
}

TEST(Base62Bytes, ReportsFaults) {
  expect_bytes_fault("", Fault::empty);
  expect_bytes_fault("0", Fault::length);
  expect_bytes_fault("-", Fault::character, 0);
  expect_bytes_fault("0 ", Fault::character, 1);
  expect_bytes_fault("\t00", Fault::character, 0);
  expect_bytes_fault(std::string(max_bytes_length + 2, '0'), Fault::length);
  expect_bytes_fault(std::string(100'000, '0'), Fault::length);
  EXPECT_THROW(encode_bytes(std::string(max_bytes + 1, 'x')), std::length_error);
}

TEST(Base62Decimal, KnownValues) {
  const std::pair<const char*, const char*> vectors[] = {
      {"0", "0"},
      {"61", "z"},
      {"3844", "100"},
      {"1234567890", "1LY7VK"},
      {"9223372036854775807", "AzL8n0Y58m7"},
      {"9223372036854775808", "AzL8n0Y58m8"},
      {"18446744073709551615", "LygHa16AHYF"},
      {"18446744073709551616", "LygHa16AHYG"},
      {"340282366920938463463374607431768211455", "7n42DGM5Tflk9n8mt7Fhc7"}};
  for (const auto& [number, code] : vectors) {
    EXPECT_EQ(encode_decimal(number), code);
    EXPECT_EQ(encode_decimal("000" + std::string(number)), code);
    std::string decoded;
    EXPECT_TRUE(decode_decimal(code, decoded).ok());
    EXPECT_EQ(decoded, number);
    EXPECT_TRUE(decode_decimal("000" + std::string(code), decoded).ok());
    EXPECT_EQ(decoded, number);
  }
  EXPECT_EQ(encode_decimal(""), "0");
}

TEST(Base62Decimal, AgreesWithTheValueCodec) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t value = random() >> (random() % 64);
    char out[max_value_length];
    const std::string code(out, encode(value, out));
    ASSERT_EQ(encode_decimal(std::to_string(value)), code);
    std::string decoded;
    ASSERT_TRUE(decode_decimal(code, decoded).ok());
    ASSERT_EQ(decoded, std::to_string(value));
  }
}

TEST(Base62Decimal, RoundTripsAtEveryLength) {
  std::mt19937_64 random(8);
  for (std::size_t length = 1; length <= max_decimal_digits; ++length) {
    std::string mixed = random_text(random, length, "0123456789");
    mixed[0] = '1';
    std::string power(length, '0');
    power[0] = '1';
    for (const std::string& number : {mixed, power, std::string(length, '9')}) {
      std::string decoded;
      ASSERT_TRUE(decode_decimal(encode_decimal(number), decoded).ok());
      ASSERT_EQ(decoded, number);
    }
  }
}

TEST(Base62Decimal, EveryCanonicalTextIsItsOwnEncoding) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 2'000; ++i) {
    std::string code = random_text(random, 1 + random() % 557, digits);
    if (code[0] == '0') code[0] = 'z';
    std::string number;
    ASSERT_TRUE(decode_decimal(code, number).ok());
    ASSERT_EQ(encode_decimal(number), code);
  }
}

TEST(Base62Decimal, ThousandDigitsAreTheLimit) {
  const std::string most(max_decimal_digits, '9');
  std::string code = encode_decimal(most);
  std::string decoded;
  ASSERT_TRUE(decode_decimal(code, decoded).ok());
  EXPECT_EQ(decoded, most);
  // One more: the code of 10^1000, found by carrying in Base62.
  for (std::size_t i = code.size(); i-- != 0;) {
    const std::size_t digit = digits.find(code[i]) + 1;
    code[i] = digits[digit % 62];
    if (digit < 62) break;
  }
  expect_decimal_fault(code, Fault::overflow);
  expect_decimal_fault(std::string(558, 'z'), Fault::overflow);
  expect_decimal_fault(std::string(559, '1'), Fault::overflow);
  expect_decimal_fault(std::string(1'000'000, 'z'), Fault::overflow);
  EXPECT_THROW(encode_decimal("1" + std::string(max_decimal_digits, '0')), std::length_error);
  EXPECT_EQ(encode_decimal(std::string(5000, '0') + "61"), "z");
}

TEST(Base62Decimal, ManyLeadingZerosTakeLinearTime) {
  std::string decoded;
  EXPECT_TRUE(decode_decimal(std::string(100'000'000, '0') + "z", decoded).ok());
  EXPECT_EQ(decoded, "61");
  EXPECT_TRUE(decode_decimal(std::string(1'000'000, '0'), decoded).ok());
  EXPECT_EQ(decoded, "0");
}

TEST(Base62Decimal, ReportsFaults) {
  expect_decimal_fault("", Fault::empty);
  expect_decimal_fault("-", Fault::character, 0);
  expect_decimal_fault("-1", Fault::character, 0);
  expect_decimal_fault("1.5", Fault::character, 1);
  expect_decimal_fault(std::string(2'000, 'z') + " ", Fault::character, 2'000);
}

}  // namespace
}  // namespace core::base62
