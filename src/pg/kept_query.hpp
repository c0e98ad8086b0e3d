// A query that is planned once in a session, for values that are not known when it is. Within a Spi scope.
#pragma once

#include "pg/memory.hpp"
#include "pg/spi.hpp"

namespace pg {

// A parameter of any type.
struct Parameter {
  Oid type;
  Datum value;
};
inline Parameter parameter(std::int32_t value) { return {INT4OID, Int32GetDatum(value)}; }
inline Parameter parameter(std::int64_t value) { return {INT8OID, Int64GetDatum(value)}; }
inline Parameter parameter(Timestamp value) {
  return {TIMESTAMPTZOID, TimestampTzGetDatum(value.microseconds)};
}
inline Parameter parameter(const std::string& value) { return {TEXTOID, Type<std::string>::to(value)}; }
inline Parameter parameter(const std::vector<std::string>& value) {
  return {TEXTARRAYOID, Type<std::vector<std::string>>::to(value)};
}
inline Parameter parameter(const std::vector<std::int64_t>& value) {
  return {INT8ARRAYOID, Type<std::vector<std::int64_t>>::to(value)};
}

// Runs with the rights of the current user and sees what this transaction has done. One plan for all values: over many partitions
// planning takes longer than running. The server plans anew by itself where rights or row security have become others.
class KeptQuery {
 public:
  constexpr explicit KeptQuery(const char* sql) noexcept : sql_{sql} {}

  template <typename... Args>
  std::uint64_t run(const Spi& spi, const Args&... args) {
    return run(spi, {parameter(args)...});
  }

 private:
  std::uint64_t run(const Spi& spi, const std::vector<Parameter>& parameters);

  const char* sql_;
  SPIPlanPtr plan_ = nullptr;
};

// The same, planned for these values.
std::uint64_t run_typed(const Spi& spi, const std::string& sql, const std::vector<Parameter>& parameters);

// The present row of the last result, with its columns.
HeapTuple result_row(const Spi& spi, std::uint64_t row);
TupleDesc result_columns(const Spi& spi);

}  // namespace pg
