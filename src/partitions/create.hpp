// Making partitions.
#pragma once

#include <string>

#include "partitions/likeness.hpp"
#include "partitions/locks.hpp"
#include "partitions/set.hpp"

namespace partitions {

// A name that nothing in the set's schema has.
std::string free_name(const Set& set, const std::string& suffix);

// What is said to the server; shown by plan_partitions(), too.
std::string attach_statement(const Set& set, const std::string& name, const core::ladder::Range& range);

// Makes partitions as the set's others are, and tells which they are. The parent is locked against DDL, the default partition
// against everybody: rows of the range must not come there meanwhile.
class Maker {
 public:
  Maker(const Set& set, Locks& locks);

  Oid make(const core::ladder::Range& range);
  Oid make_default();

 private:
  Oid create(const std::string& name, const std::string& attach) const;

  const Set& set_;
  Locks& locks_;
  Likeness likeness_;
};

}  // namespace partitions
