// As whom statements of the counters run.
#pragma once

#include "counters/counter.hpp"
#include "counters/tables.hpp"
#include "pg/parameters.hpp"
#include "pg/privileges.hpp"

namespace counters {

// As the owner of the extension, who alone may touch the tables of the counters.
class AsSteward {
 public:
  AsSteward() : acting_{pg::owner_of(pg::own_relation(counters_table))} {}

 private:
  pg::ActingAs acting_;
};

// As the owner of the counted table: what its triggers and policies do is done as the owner and not as the one who
// folds, and with names looked up in no schema that somebody else may write to.
class AsOwner {
 public:
  explicit AsOwner(Oid relation) : acting_{pg::owner_of(relation), pg::ActingAs::Code::theirs} {
    parameters_.set("search_path", "pg_catalog, pg_temp");
  }

 private:
  pg::ActingAs acting_;
  pg::Parameters parameters_;
};

}  // namespace counters
