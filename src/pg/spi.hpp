// SQL of our own, for the paths where speed does not matter. Every name in the text is schema-qualified or quoted;
// values go in as parameters.
#pragma once

#include "pg/array.hpp"
#include "pg/relation.hpp"

namespace pg {

// A connection to the server's SPI for a scope. When an exception leaves the scope the transaction is about to be
// rolled back, and the server cleans its own stack, which may then hold levels that are not ours.
class Spi : faults::Counted {
 public:
  Spi() : unwinding_{std::uncaught_exceptions()} { call(::SPI_connect); }
  Spi(const Spi&) = delete;
  Spi& operator=(const Spi&) = delete;
  ~Spi() {
    if (std::uncaught_exceptions() == unwinding_) SPI_finish();
  }

  // Runs one statement; returns the number of rows that it touched.
  std::uint64_t run(const std::string& sql);

  // Runs a query that sees what is committed now, also in a transaction that sees an older state. While a statement has
  // parallel workers no newer snapshot can be had than its own.
  std::uint64_t run_on_latest(const std::string& sql);

  // The same with parameters $1 …; an empty optional is NULL.
  template <typename... Args>
  std::uint64_t run(const std::string& sql, const Args&... args) {
    return execute(sql, false, args...);
  }
  template <typename... Args>
  std::uint64_t run_on_latest(const std::string& sql, const Args&... args) {
    call(::PushActiveSnapshot, latest_snapshot());
    const std::uint64_t rows = execute(sql, true, args...);
    call(::PopActiveSnapshot);
    return rows;
  }

  // Runs a query that sees what the statement sees that calls us.
  template <typename... Args>
  std::uint64_t query(const std::string& sql, const Args&... args) {
    return execute(sql, true, args...);
  }

  // The value in a column (from 1) of a row (from 0) of the last result, which is not NULL; good until the scope ends.
  template <typename T>
  T value(std::uint64_t row, int column) const {
    bool null = false;
    return Type<T>::from(
        call(::SPI_getbinval, SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &null));
  }

  // Whether a column with a row's xmin names this transaction.
  bool is_own(std::uint64_t row, int column) const;

  // The same of a column that may be NULL, which is empty.
  template <typename T>
  std::optional<T> find(std::uint64_t row, int column) const {
    bool null = false;
    const Datum datum = call(::SPI_getbinval, SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &null);
    if (null) return std::nullopt;
    return Type<T>::from(datum);
  }

  // The text in a column (from 1) of a row (from 0) of the last result; NULL is empty.
  std::string text(std::uint64_t row, int column) const;

  // What run_on_latest() sees.
  static Snapshot latest_snapshot();

 private:
  friend class KeptPlan;
  friend class Cursor;

  template <typename... Args>
  static std::uint64_t execute(const std::string& sql, bool read_only, const Args&... args) {
    Oid types[] = {sql_type(args)...};
    Datum values[] = {datum(args)...};
    const char nulls[] = {(is_null(args) ? 'n' : ' ')...};
    return checked(call(::SPI_execute_with_args, sql.c_str(), static_cast<int>(sizeof...(Args)), types,
                        values, static_cast<const char*>(nulls), read_only, 0L));
  }

  static Oid sql_type(bool) { return BOOLOID; }
  static Oid sql_type(std::int32_t) { return INT4OID; }
  static Oid sql_type(const std::string&) { return TEXTOID; }
  static Oid sql_type(const Bytea&) { return BYTEAOID; }
  static Oid sql_type(const Name&) { return NAMEOID; }
  static Oid sql_type(const Period&) { return INTERVALOID; }
  static Oid sql_type(const RelationId&) { return REGCLASSOID; }
  static Oid sql_type(std::int64_t) { return INT8OID; }
  static Oid sql_type(const Timestamp&) { return TIMESTAMPTZOID; }
  static Oid sql_type(const std::vector<std::string>&) { return TEXTARRAYOID; }
  static Oid sql_type(const std::vector<std::int64_t>&) { return INT8ARRAYOID; }
  static Oid sql_type(const std::vector<std::int32_t>&) { return INT4ARRAYOID; }
  static Oid sql_type(const std::vector<std::optional<Timestamp>>&) { return TIMESTAMPTZARRAYOID; }
  template <typename T>
  static Oid sql_type(const std::optional<T>&) {
    return sql_type(T{});
  }
  template <typename T>
  static Datum datum(const T& value) {
    return Type<T>::to(value);
  }
  template <typename T>
  static Datum datum(const std::optional<T>& value) {
    return value ? Type<T>::to(*value) : Datum{0};
  }
  template <typename T>
  static bool is_null(const T&) {
    return false;
  }
  template <typename T>
  static bool is_null(const std::optional<T>& value) {
    return !value;
  }
  static std::uint64_t checked(int outcome);

  int unwinding_;
};

// A statement that is planned once in a session and then run as often as need be, on what is committed at that moment and what this
// transaction itself has done.
class KeptPlan {
 public:
  // All parameters are text. Needs an Spi scope, as run() does.
  KeptPlan(const std::string& sql, int parameters);
  KeptPlan(const KeptPlan&) = delete;
  KeptPlan& operator=(const KeptPlan&) = delete;
  ~KeptPlan();

  // Returns the number of rows.
  std::uint64_t run(const Spi& spi, const std::string& parameter, bool read_only) const;

 private:
  SPIPlanPtr plan_;
};

}  // namespace pg
