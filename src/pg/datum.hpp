// How each C++ type that a SQL function may take or return is read from and written to a Datum.
//
// Specialize Type<T> to add one. std::optional<T> is a value that may be NULL. What `from` returns may point into
// the argument: it lives as long as the call.
#pragma once

#include "pg/call.hpp"

namespace pg {

// A value that is none of text's: wrapped so that the traits can tell them apart.
struct Bytea {
  std::string bytes;
};
struct ByteaView {
  std::string_view bytes;
};
struct Uuid {
  std::array<std::uint8_t, UUID_LEN> bytes;
};
// A numeric in its decimal text form, "NaN" and "Infinity" included.
struct Decimal {
  std::string text;
};
// An argument of type name: an identifier.
struct Name {
  std::string text;
};
// A value of type interval; months and days have no fixed length.
struct Period {
  std::int64_t microseconds;
  std::int32_t days, months;

  bool operator==(const Period&) const = default;
};
// A value of type inet, in its text form.
struct Address {
  std::string text;
};
// A value of type timestamptz, in microseconds as the server counts them.
struct Timestamp {
  std::int64_t microseconds;

  bool operator==(const Timestamp&) const = default;
};
// An argument of type regclass.
struct RelationId {
  Oid oid;
};

// A result that is written where the server will read it, without another copy: for the functions whose time that copy
// is a part of. Room for `size` bytes; shrink() when there turn out to be fewer.
class Text {
 public:
  explicit Text(std::size_t size) : value_{static_cast<varlena*>(allocate(VARHDRSZ + size))} { shrink(size); }
  explicit Text(std::string_view content) : Text{content.size()} {
    std::memcpy(data(), content.data(), content.size());
  }

  char* data() const noexcept { return VARDATA(value_); }
  void shrink(std::size_t size) noexcept { SET_VARSIZE(value_, VARHDRSZ + size); }
  varlena* value() const noexcept { return value_; }

 private:
  varlena* value_;
};

template <typename T>
struct Type;

template <>
struct Type<Text> {
  static Datum to(Text value) { return PointerGetDatum(value.value()); }
};

template <>
struct Type<std::int16_t> {
  static std::int16_t from(Datum datum) { return DatumGetInt16(datum); }
  static Datum to(std::int16_t value) { return Int16GetDatum(value); }
};

template <>
struct Type<std::int32_t> {
  static std::int32_t from(Datum datum) { return DatumGetInt32(datum); }
  static Datum to(std::int32_t value) { return Int32GetDatum(value); }
};

template <>
struct Type<std::int64_t> {
  static std::int64_t from(Datum datum) { return DatumGetInt64(datum); }
  static Datum to(std::int64_t value) { return Int64GetDatum(value); }
};

template <>
struct Type<bool> {
  static bool from(Datum datum) { return DatumGetBool(datum); }
  static Datum to(bool value) { return BoolGetDatum(value); }
};

template <>
struct Type<RelationId> {
  static RelationId from(Datum datum) { return {DatumGetObjectId(datum)}; }
  static Datum to(RelationId value) { return ObjectIdGetDatum(value.oid); }
};

template <>
struct Type<Address> {
  static Address from(Datum datum) {
    return {DatumGetCString(call(::DirectFunctionCall1Coll, ::inet_out, Oid{InvalidOid}, datum))};
  }
};

template <>
struct Type<Timestamp> {
  static Timestamp from(Datum datum) { return {DatumGetTimestampTz(datum)}; }
  static Datum to(Timestamp value) { return TimestampTzGetDatum(value.microseconds); }
};

template <>
struct Type<Period> {
  static Period from(Datum datum) {
    const Interval* value = DatumGetIntervalP(datum);
    return {value->time, value->day, value->month};
  }
  static Datum to(const Period& value) {
    auto* copy = static_cast<Interval*>(allocate(sizeof(Interval)));
    *copy = {value.microseconds, value.days, value.months};
    return IntervalPGetDatum(copy);
  }
};

template <>
struct Type<Name> {
  static Name from(Datum datum) { return {NameStr(*reinterpret_cast<::Name>(DatumGetPointer(datum)))}; }
  static Datum to(const Name& value) {
    return call(::DirectFunctionCall1Coll, ::namein, Oid{InvalidOid}, CStringGetDatum(value.text.c_str()));
  }
};

template <>
struct Type<ByteaView> {
  static ByteaView from(Datum datum) {
    auto* value = reinterpret_cast<varlena*>(DatumGetPointer(datum));
    if (VARATT_IS_COMPRESSED(value) || VARATT_IS_EXTERNAL(value))
      value = call(::pg_detoast_datum_packed, value);
    return {{VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)}};
  }
};

template <>
struct Type<Bytea> {
  static Datum to(const Bytea& value) { return Type<Text>::to(Text{value.bytes}); }
};

template <>
struct Type<std::string_view> {
  static std::string_view from(Datum datum) { return Type<ByteaView>::from(datum).bytes; }
  static Datum to(std::string_view value) { return Type<Text>::to(Text{value}); }
};

template <>
struct Type<std::string> {
  static std::string from(Datum datum) { return std::string{Type<std::string_view>::from(datum)}; }
  static Datum to(const std::string& value) { return Type<std::string_view>::to(value); }
};

template <>
struct Type<Uuid> {
  static Uuid from(Datum datum) {
    Uuid value;
    std::memcpy(value.bytes.data(), DatumGetUUIDP(datum)->data, UUID_LEN);
    return value;
  }
  static Datum to(const Uuid& value) {
    auto* copy = static_cast<pg_uuid_t*>(allocate(sizeof(pg_uuid_t)));
    std::memcpy(copy->data, value.bytes.data(), UUID_LEN);
    return UUIDPGetDatum(copy);
  }
};

template <>
struct Type<Decimal> {
  static Decimal from(Datum datum) {
    return {DatumGetCString(call(::DirectFunctionCall1Coll, ::numeric_out, Oid{InvalidOid}, datum))};
  }
  static Datum to(const Decimal& value) {
    return call(::DirectFunctionCall3Coll, ::numeric_in, Oid{InvalidOid}, CStringGetDatum(value.text.c_str()),
                ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
  }
};

}  // namespace pg
