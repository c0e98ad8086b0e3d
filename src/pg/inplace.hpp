// Rows of ordinary tables whose first part is overwritten in place (src/cells/README.md says why and how that is exact).
//
// Nothing here needs an open relation, so that it also works while a transaction ends.
#pragma once

#include "pg/call.hpp"

namespace pg::inplace {

#if PG_VERSION_NUM >= 160000
using FileName = RelFileLocator;
#else
using FileName = RelFileNode;
#endif

// Where a table's pages are.
struct Storage {
  Oid relation;
  FileName file;
  bool logged;
  bool
      permanent;  // what checkpoints write, also where it is not logged, as in the transaction that has made the table

  static Storage of(Relation relation);
  bool same_file(const Storage& other) const noexcept {
    return std::memcmp(&file, &other.file, sizeof file) == 0;
  }
};

// Where a row was when it was last seen.
struct Place {
  BlockNumber block = InvalidBlockNumber;
  OffsetNumber offset = InvalidOffsetNumber;
  Buffer buffer = InvalidBuffer;  // a guess that saves a look-up

  bool known() const noexcept { return block != InvalidBlockNumber; }
};

// What the row at a place must look like: `fixed` bytes that change, then the identity, which does not.
struct Shape {
  const char* identity;
  std::uint16_t identity_size;
  std::uint16_t fixed;
};

inline constexpr std::size_t longest_fixed = 64;

// Copies the changing part of the row out. False when it is not there any more: deleted, or never there.
bool read(const Storage& storage, Place& place, const Shape& shape, void* fixed);

// Changes the copy of the changing part that it is given; false leaves the row as it is.
using Change = bool (*)(char* fixed, void* argument);

struct Written {
  bool found;
  bool changed;
  XLogRecPtr end;  // of the WAL record; 0 without one
};

// Overwrites the changing part of the row.
Written overwrite(const Storage& storage, Place& place, const Shape& shape, Change change, void* argument);

// The same while the transaction is being aborted: whoever may have deleted the row meanwhile, and without anything that
// an aborting transaction cannot do.
Written overwrite_in_abort(const Storage& storage, Place& place, const Shape& shape, Change change,
                           void* argument);

// A page that is kept at hand for the moment after the commit, when nothing may fail any more. Belongs to the
// transaction, whose abort lets it go by itself.
Buffer keep_page(const Storage& storage, Place& place);
// Changes a row on a kept page. Not for tables that are logged. Cannot raise.
void overwrite_kept(Buffer page, const Place& place, const Shape& shape, Change change,
                    void* argument) noexcept;
void let_go(Buffer page) noexcept;

// Marks a row that this transaction has inserted as committed long ago, for everybody at once.
void freeze(Relation relation, Place& place);

}  // namespace pg::inplace
