// As whom statements of our own making run.
#pragma once

#include "pg/parameters.hpp"
#include "pg/privileges.hpp"

namespace pg {

// As the owner of the extension, who alone writes its tables.
class AsSteward {
 public:
  AsSteward() : acting_{owner_of(own_relation("_access"))} {}

 private:
  ActingAs acting_;
};

// As a table's owner, restricted, with a search_path that finds nobody's functions: what the statement fires is his code.
class AsOwnerOf {
 public:
  explicit AsOwnerOf(Oid table) : acting_{owner_of(table), ActingAs::Code::theirs} {
    parameters_.set("search_path", "pg_catalog, pg_temp");
  }

 private:
  ActingAs acting_;
  Parameters parameters_;
};

}  // namespace pg
