// The server's parameters (search_path and the like), set for a scope.
#pragma once

#include "pg/call.hpp"

namespace pg {

// Everything that is set while one of these lives, also by functions of others that run in it, is undone when it goes.
class Parameters : faults::Counted {
 public:
  Parameters() noexcept;
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;
  ~Parameters();

  void set(const char* name, const char* value);

 private:
  int level_;
};

// Sets a parameter as a superuser's SET LOCAL or SET does.
enum class Lasting { transaction, session };
void set_parameter(const char* name, const char* value, Lasting lasting);

}  // namespace pg
