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

}  // namespace pg
