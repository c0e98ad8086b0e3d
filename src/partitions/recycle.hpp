// Partitions that were detached because of their age: listed, so that they can be restored, and dropped when their time is over.
#pragma once

#include "partitions/due.hpp"
#include "partitions/foreign_keys.hpp"
#include "partitions/locks.hpp"

namespace partitions {

// A row of recycled_partitions.
struct Recycled {
  Oid table, set;
  std::string lower_bound, upper_bound;  // as SQL
  pg::Timestamp detached_at;
  std::optional<pg::Timestamp> drop_after;  // nothing for what is not dropped
  ForeignKeys keys;
};

void list(const Recycled& recycled);
void unlist(Oid table);

// Nothing for a table that is not listed, or that somebody has attached again by hand.
std::optional<Recycled> find_recycled(Oid table);

// Those of a set that its retention keeps by now, so that they are not dropped: somebody has thought better of it.
std::vector<core::ladder::Range> wanted_again(const Set& set);

// Those of a set whose time is over.
void add_purged(std::vector<Due>& due, const Set& set);

// Drops one that is still listed, not held, and without any row that its bounds exclude.
void purge(const Set& set, const Due& due, Locks& locks);

}  // namespace partitions
