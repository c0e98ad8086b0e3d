// The triggers that tie a table of subjects to their limits, and what they say. README.md tells why the columns are named
// there.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "pg/prelude.hpp"

namespace limits {

// What a column of the table is for, in the order in which a trigger names them.
enum class Role { key, tier, expires, zone, anchor };
inline constexpr std::array roles{Role::key, Role::tier, Role::expires, Role::zone, Role::anchor};

// One value for each role.
template <typename T>
class ByRole {
 public:
  T& operator[](Role role) noexcept { return values_[static_cast<std::size_t>(role)]; }
  const T& operator[](Role role) const noexcept { return values_[static_cast<std::size_t>(role)]; }
  bool operator==(const ByRole&) const = default;

 private:
  std::array<T, roles.size()> values_{};
};

// What the trigger of `move_subjects()` on a relation says: its columns by number; 0 where there is none.
struct Binding {
  ByRole<AttrNumber> columns;
  bool cloned;  // from the partitioned table's
};
std::optional<Binding> binding_of(Relation relation);

// Columns by name; empty where there is none.
using BoundColumns = ByRole<std::string>;

// Makes those triggers that the table has not; the one that names the columns anew when these differ. Wants the table
// locked, but not open.
void bind(Oid table, const BoundColumns& columns);

// Drops them all, whatever they are called by now.
void unbind(Oid table);

}  // namespace limits
