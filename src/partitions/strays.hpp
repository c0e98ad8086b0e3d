// Rows in the default partition, and whether they should be elsewhere. A default may have got large, so that only its beginning is read.
#pragma once

#include "partitions/set.hpp"

namespace partitions {

struct Strays {
  std::optional<std::int64_t> rows;  // nothing where nobody can tell without reading all
  bool counted;                      // else estimated
  bool
      misplaced;  // some are of ranges that should have a partition: the older ones are kept, what lies far ahead is garbage
};

// Nothing where a set has no default.
std::optional<Strays> strays_of(const Set& set);

}  // namespace partitions
