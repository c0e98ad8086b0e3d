// What a partition gets of its table beyond what ATTACH PARTITION makes by itself (indexes, keys, constraints, triggers): what
// the server leaves to whoever uses a partition by its own name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/relation.hpp"

namespace partitions {

// Grants, policies and the replica identity of a table, read once for all partitions that are made. Both as the current user,
// who owns them, and under one search_path: what is read is text. Of a table of ours all that is as `model` has it, a partition, and its
// triggers, too: a right to read the log, and a policy that narrows it, are the table's, and nobody reads a month by its own name.
class Likeness {
 public:
  Likeness(Oid parent, std::optional<Oid> model);

  void give_to(Oid partition) const;

 private:
  // A statement, around the partition's name.
  struct Statement {
    std::string before, after;
  };

  // With the conditions as the catalog keeps them.
  struct Policy {
    Statement about;
    std::optional<std::string> visible, allowed;
  };

  void add(const char* query, Oid table);
  std::string policy_on(Oid partition, const Policy& policy) const;

  Oid like_;
  std::vector<Statement> statements_;
  std::vector<Policy> policies_;
};

}  // namespace partitions
