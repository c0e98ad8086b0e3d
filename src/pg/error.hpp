// The two things that can be in flight through C++ frames: an error of ours, and the trace of a server error.
#pragma once

#include "pg/prelude.hpp"

namespace pg {

// The packed form of a five-character SQLSTATE.
constexpr int sqlstate(const char (&code)[6]) {
  return MAKE_SQLSTATE(code[0], code[1], code[2], code[3], code[4]);
}

// The five characters of a packed SQLSTATE, and back; what is none of five is an internal error's.
inline std::string code_of(int sqlstate) { return unpack_sql_state(sqlstate); }
inline int sqlstate_of(std::string_view code) {
  return code.size() == 5 ? MAKE_SQLSTATE(code[0], code[1], code[2], code[3], code[4])
                          : ERRCODE_INTERNAL_ERROR;
}

// Where an error was made, for the server's LOCATION line.
struct Place {
  const char* file;
  int line;
  const char* function;
};

// An error of ours, on its way to becoming an ereport(ERROR) at the door (pg/guard.hpp).
// The primary message is lower-case without a full stop; detail and hint are sentences.
class Error : public std::exception {
 public:
  Error(int sqlstate, std::string message, const char* file = __builtin_FILE(), int line = __builtin_LINE(),
        const char* function = __builtin_FUNCTION())
      : sqlstate_{sqlstate}, message_{std::move(message)}, place_{file, line, function} {}

  Error&& detail(std::string text) && { return std::move(set(detail_, std::move(text))); }
  Error&& hint(std::string text) && { return std::move(set(hint_, std::move(text))); }
  Error&& schema(std::string name) && { return std::move(set(schema_, std::move(name))); }
  Error&& table(std::string name) && { return std::move(set(table_, std::move(name))); }
  Error&& column(std::string name) && { return std::move(set(column_, std::move(name))); }
  Error&& constraint(std::string name) && { return std::move(set(constraint_, std::move(name))); }

  const char* what() const noexcept override { return message_.c_str(); }
  int sqlstate() const noexcept { return sqlstate_; }
  const std::string& detail() const noexcept { return detail_; }
  const std::string& hint() const noexcept { return hint_; }
  const std::string& schema() const noexcept { return schema_; }
  const std::string& table() const noexcept { return table_; }
  const std::string& column() const noexcept { return column_; }
  const std::string& constraint() const noexcept { return constraint_; }
  const Place& place() const noexcept { return place_; }

 private:
  Error& set(std::string& field, std::string text) {
    field = std::move(text);
    return *this;
  }

  int sqlstate_;
  std::string message_, detail_, hint_, schema_, table_, column_, constraint_;
  Place place_;
};

// The server raised an error inside pg::call(). The error itself stays, whole, on the server's own error stack;
// this is only the unwinding. Deliberately not a std::exception, so that no ordinary handler swallows it.
struct ErrorInFlight final {};

}  // namespace pg
