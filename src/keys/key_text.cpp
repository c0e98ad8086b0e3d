#include "keys/key_text.hpp"

#include <array>
#include <charconv>

#include "pg/relation.hpp"

namespace keys {

namespace {

constexpr std::size_t longest_key = 1000;  // bytes: what an index entry holds with room to spare

[[noreturn]] void refuse(const KeyOf& of, std::string_view key) {
  throw pg::at(pg::Error{ERRCODE_INVALID_TEXT_REPRESENTATION,
                         fmt::format("\"{}\" is no key of table \"{}\"", key.substr(0, 64),
                                     pg::call(::get_rel_name, of.relation))}
                   .detail(fmt::format("Column \"{}\" is of type {}.", of.column,
                                       pg::call(::format_type_be, of.type))),
               of.relation, std::string{of.column});
}

std::string digits_of(std::int64_t number) {
  std::array<char, 24> digits;
  const auto [end, fault] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return {digits.data(), end};
}

bool is_integer(Oid type) { return type == INT2OID || type == INT4OID || type == INT8OID; }

bool fits(Oid type, std::int64_t number) {
  switch (type) {
    case INT2OID:
      return number == static_cast<std::int16_t>(number);
    case INT4OID:
      return number == static_cast<std::int32_t>(number);
    default:
      return true;
  }
}

std::string uuid_text(const pg::Uuid& uuid) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back(hex[uuid.bytes[i] >> 4]);
    text.push_back(hex[uuid.bytes[i] & 0xF]);
  }
  return text;
}

std::string whole(const KeyOf& of, std::string_view key) {
  if (key.size() > longest_key)
    throw pg::at(
        pg::Error{ERRCODE_PROGRAM_LIMIT_EXCEEDED, fmt::format("key of {} bytes is too long", key.size())}
            .detail(fmt::format("A row whose key has more than {} bytes cannot {}.", longest_key, of.use)),
        of.relation, std::string{of.column});
  return std::string{key};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\n\r\v\f";
  const std::size_t first = text.find_first_not_of(space);
  return first == text.npos ? std::string_view{}
                            : text.substr(first, text.find_last_not_of(space) - first + 1);
}

// As the type's input function reads it: spaces around it, a sign, leading zeros.
std::string integer_text(const KeyOf& of, std::string_view key) {
  std::string_view digits = trimmed(key);
  if (digits.starts_with('+') && !digits.substr(1).starts_with('-')) digits.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (fault != std::errc{} || end != digits.data() + digits.size() || !fits(of.type, number)) refuse(of, key);
  return digits_of(number);
}

// In any of the forms that the type's input function takes: digits of either case, in braces or not, hyphens after any four digits.
std::string uuid_text(const KeyOf& of, std::string_view key) {
  std::string_view rest = key;
  const bool braces = rest.starts_with('{');
  if (braces) rest.remove_prefix(1);
  pg::Uuid uuid{};
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    const char* first = rest.data();
    if (rest.size() < 2 || std::from_chars(first, first + 2, uuid.bytes[i], 16).ptr != first + 2)
      refuse(of, key);
    rest.remove_prefix(2);
    if (rest.starts_with('-') && i % 2 == 1 && i + 1 < uuid.bytes.size()) rest.remove_prefix(1);
  }
  if (rest != (braces ? "}" : "")) refuse(of, key);
  return uuid_text(uuid);
}

}  // namespace

std::string key_text(const KeyOf& of, std::int64_t key) {
  if (of.type == UUIDOID || !fits(of.type, key)) refuse(of, digits_of(key));
  return digits_of(key);
}

std::string key_text(const KeyOf& of, const pg::Uuid& key) {
  if (is_integer(of.type)) refuse(of, uuid_text(key));
  return uuid_text(key);
}

std::string key_text(const KeyOf& of, std::string_view key) {
  if (is_integer(of.type)) return integer_text(of, key);
  if (of.type == UUIDOID) return uuid_text(of, key);
  return whole(of, key);
}

std::string key_text(Oid key_type, Datum value) {
  switch (key_type) {
    case INT2OID:
      return digits_of(DatumGetInt16(value));
    case INT4OID:
      return digits_of(DatumGetInt32(value));
    case INT8OID:
      return digits_of(DatumGetInt64(value));
    case UUIDOID:
      return uuid_text(pg::Type<pg::Uuid>::from(value));
    default:
      return pg::Type<std::string>::from(value);
  }
}

Datum key_value(Oid key_type, const std::string& text) {
  if (key_type == UUIDOID)
    return pg::call(::DirectFunctionCall1Coll, ::uuid_in, Oid{InvalidOid}, CStringGetDatum(text.c_str()));
  if (!is_integer(key_type)) return pg::Type<std::string>::to(text);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (key_type == INT8OID) return Int64GetDatum(number);
  return key_type == INT4OID ? Int32GetDatum(static_cast<std::int32_t>(number))
                             : Int16GetDatum(static_cast<std::int16_t>(number));
}

bool is_key_type(Oid type) {
  return is_integer(type) || type == UUIDOID || type == TEXTOID || type == VARCHAROID;
}

const char* key_cast(Oid key_type) {
  switch (key_type) {
    case INT2OID:
      return "pg_catalog.int2";
    case INT4OID:
      return "pg_catalog.int4";
    case INT8OID:
      return "pg_catalog.int8";
    case UUIDOID:
      return "pg_catalog.uuid";
    default:
      return "pg_catalog.text";
  }
}

}  // namespace keys
