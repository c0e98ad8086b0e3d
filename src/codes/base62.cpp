// Base62 of the server's types. The arithmetic is core's; here are the types, the limits and the words.
#include "core/base62.hpp"

#include "codes/messages.hpp"
#include "pg/function.hpp"

namespace sql {

namespace base62 = core::base62;

namespace {

[[noreturn]] void refuse(const base62::Outcome& outcome, std::string_view code, std::string_view type) {
  const std::string invalid = fmt::format("invalid Base62 code for type {}: {}", type, codes::shown(code));
  switch (outcome.fault) {
    case base62::Fault::empty:
      throw pg::Error{ERRCODE_INVALID_TEXT_REPRESENTATION, invalid}.detail("The code is empty.");
    case base62::Fault::character:
      throw pg::Error{ERRCODE_INVALID_TEXT_REPRESENTATION, invalid}.detail(
          codes::character_at(code, outcome.position));
    case base62::Fault::length:
      throw pg::Error{ERRCODE_INVALID_TEXT_REPRESENTATION, invalid}.detail(
          fmt::format("Its length is {}, and no {} has a code of that length.", code.size(), type));
    default:
      throw pg::Error{ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
                      fmt::format("Base62 code {} is out of range for type {}", codes::shown(code), type)};
  }
}

void require(const base62::Outcome& outcome, std::string_view code, std::string_view type) {
  if (!outcome.ok()) [[unlikely]]
    refuse(outcome, code, type);
}

[[noreturn]] void refuse_value(const std::string& value, std::string why) {
  constexpr std::size_t longest_shown = 64;
  throw pg::Error{
      ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
      fmt::format("cannot encode {}{} in Base62", std::string_view{value}.substr(0, longest_shown),
                  value.size() > longest_shown ? "..." : "")}
      .detail(std::move(why));
}

// The integer digits of a numeric's text; anything but a non-negative integer is refused.
std::string_view whole_digits(const std::string& text) {
  if (text == "NaN" || text == "Infinity" || text == "-Infinity") refuse_value(text, "It is not a number.");
  if (text.starts_with('-')) refuse_value(text, "Base62 has no sign.");
  const std::size_t point = text.find('.');
  if (point != std::string::npos && text.find_first_not_of('0', point + 1) != std::string::npos)
    refuse_value(text, "It has a fraction.");
  return std::string_view{text}.substr(0, point);
}

}  // namespace

pg::Text base62_encode(std::int64_t value) {
  if (value < 0) refuse_value(std::to_string(value), "Base62 has no sign.");
  pg::Text code{base62::max_value_length};
  code.shrink(base62::encode(static_cast<std::uint64_t>(value), code.data()));
  return code;
}

std::int64_t base62_decode(std::string_view code) {
  std::uint64_t value = 0;
  base62::Outcome outcome = base62::decode(code, value);
  if (outcome.ok() && value > INT64_MAX) outcome.fault = base62::Fault::overflow;
  require(outcome, code, "bigint");
  return static_cast<std::int64_t>(value);
}

std::string base62_encode_numeric(const pg::Decimal& value) {
  const std::string_view digits = whole_digits(value.text);
  if (digits.size() > base62::max_decimal_digits)
    refuse_value(fmt::format("a number of {} digits", digits.size()),
                 fmt::format("A numeric may have {} digits here.", base62::max_decimal_digits));
  return base62::encode_decimal(digits);
}

pg::Decimal base62_decode_numeric(std::string_view code) {
  pg::Decimal value;
  require(base62::decode_decimal(code, value.text), code, "numeric");
  return value;
}

pg::Text base62_encode_uuid(const pg::Uuid& value) {
  pg::Text code{base62::uuid_length};
  base62::encode_uuid(value.bytes.data(), code.data());
  return code;
}

pg::Uuid base62_decode_uuid(std::string_view code) {
  pg::Uuid value;
  require(base62::decode_uuid(code, value.bytes.data()), code, "uuid");
  return value;
}

std::string base62_encode_bytea(const pg::ByteaView& value) {
  if (value.bytes.size() > base62::max_bytes)
    refuse_value(fmt::format("{} bytes", value.bytes.size()),
                 fmt::format("A bytea may have {} bytes here.", base62::max_bytes));
  return base62::encode_bytes(value.bytes);
}

pg::Bytea base62_decode_bytea(std::string_view code) {
  pg::Bytea value;
  require(base62::decode_bytes(code, value.bytes), code, "bytea");
  return value;
}

}  // namespace sql

PG_SQL_FUNCTION(base62_encode);
PG_SQL_FUNCTION(base62_decode);
PG_SQL_FUNCTION(base62_encode_numeric);
PG_SQL_FUNCTION(base62_decode_numeric);
PG_SQL_FUNCTION(base62_encode_uuid);
PG_SQL_FUNCTION(base62_decode_uuid);
PG_SQL_FUNCTION(base62_encode_bytea);
PG_SQL_FUNCTION(base62_decode_bytea);
