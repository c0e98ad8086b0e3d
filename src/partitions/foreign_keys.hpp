// Foreign keys of a partition that is on its own: they would go on blocking deletes of what it refers to, or cascade into
// it.
#pragma once

#include <string>
#include <vector>

#include "pg/relation.hpp"

namespace partitions {

// As SQL, to be made again.
struct ForeignKeys {
  std::vector<std::string> own;  // CONSTRAINT … FOREIGN KEY …
  std::vector<std::string>
      referenced;  // ALTER TABLE … ADD CONSTRAINT …, of tables that refer to it by its own name
};

// The tables whose foreign keys refer to a set: making and detaching partitions needs them, too.
std::vector<Oid> tables_referring_to(Oid table);

// Both act as the current user.
ForeignKeys drop_foreign_keys(Oid table);
void add_foreign_keys(Oid table, const ForeignKeys& keys);

}  // namespace partitions
