// The result of a query in portions, so that it may be of any size. Within a Spi scope.
#pragma once

#include "pg/spi.hpp"

namespace pg {

// Reads with the snapshot of the statement that calls us, as the current user. What others' functions do between two
// fetches cannot close it.
class Cursor {
 public:
  template <typename... Args>
  explicit Cursor(const std::string& sql, const Args&... args) {
    Oid types[] = {Spi::sql_type(args)..., InvalidOid};
    Datum values[] = {Spi::datum(args)..., Datum{0}};
    const char nulls[] = {(Spi::is_null(args) ? 'n' : ' ')..., ' '};
    open(sql, static_cast<int>(sizeof...(Args)), types, values, nulls, true);
  }

  // Sees what this transaction has done up to now, too.
  struct Latest {};
  template <typename... Args>
  Cursor(Latest, const std::string& sql, const Args&... args) {
    Oid types[] = {Spi::sql_type(args)..., InvalidOid};
    Datum values[] = {Spi::datum(args)..., Datum{0}};
    const char nulls[] = {(Spi::is_null(args) ? 'n' : ' ')..., ' '};
    open(sql, static_cast<int>(sizeof...(Args)), types, values, nulls, false);
  }

  // The next rows, at most so many, to be read from the Spi scope; 0 at the end. Those before are gone.
  std::uint64_t fetch(long rows);

  // Ends the query. To be called unless an error is on its way, which ends it too.
  void close();

 private:
  void open(const std::string& sql, int count, Oid* types, Datum* values, const char* nulls, bool read_only);

  Portal portal_;
};

}  // namespace pg
