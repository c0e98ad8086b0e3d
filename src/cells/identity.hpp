// What a cell is the cell of: an owner (a counter, a meter), a key, and where the table has such a column the start of a
// bucket or period.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cells {

struct Identity {
  std::int32_t owner;
  std::string key;
  std::optional<std::int64_t> start;  // microseconds, as the server counts them

  bool operator==(const Identity&) const = default;
};

}  // namespace cells
