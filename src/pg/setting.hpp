// A parameter of the server's that others define, or that a SET brings into being: request.jwt.claims and the like.
#pragma once

#include "pg/call.hpp"

namespace pg {

// For a static variable. Where the server finds a parameter slowly, it is looked up once in a transaction, and when parameters have
// come or gone.
class Setting {
 public:
  explicit constexpr Setting(const char* name) noexcept : name_{name} {}

  // The text as it is now, nullptr where there is none. Good until it is set again.
  const char* value();

 private:
  const char* name_;
#if PG_VERSION_NUM < 160000
  void look_up();

  char** variable_ = nullptr;
  int settings_ = 0;
  LocalTransactionId transaction_ = InvalidLocalTransactionId;
#endif
};

}  // namespace pg
