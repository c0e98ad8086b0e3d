// A cell table: its cells are found, made, read and overwritten. See README.md for what each of them relies on.
//
// The table's columns are, in this order: the changing ones (fixed-width integers, the first a bigint or timestamptz), `start`
// where it has one, the owner (int) and the key (text). Its primary key is (owner, key[, start]).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "cells/identity.hpp"
#include "pg/heap.hpp"
#include "pg/memory.hpp"
#include "pg/watch.hpp"

namespace cells {

using pg::inplace::Place;
using pg::inplace::Storage;

// Whether a new cell is there for everybody at once, or shares the fate of the transaction that makes it.
enum class Fate { kept, transaction };

class Table {
 public:
  struct Layout {
    const char* name;
    std::uint16_t fixed;  // bytes of the changing columns, padding before the next column included
    int changing;         // how many they are
    bool has_start;
  };

  explicit Table(const Layout& layout) : layout_{layout} {}

  // Locks the table as a writer does, until the transaction ends, and learns where it is stored.
  void open();
  // The same as a reader does, which is possible on a standby too.
  void open_to_read();
  // Where it is stored, as is known while it is locked.
  const Storage& storage() { return state().storage; }

  struct Cell {
    Place place;
    bool
        own;  // not yet committed work of this transaction; false also when that is unknown, after a look into memory
  };

  // Where a cell is, from memory or by index; nothing when it does not exist.
  std::optional<Place> find(const Identity& identity);
  // The same by index only, and so with `own`.
  std::optional<Cell> look_up(const Identity& identity);

  // The cell, made with these values of the changing columns unless it exists by now.
  Cell find_or_make(const Identity& identity, const Datum* initial, Fate fate);

  // Reads the changing part; finds the cell anew when it is not at the place any more.
  bool read(const Identity& identity, Place& place, void* fixed);
  // Changes it.
  struct Outcome {
    bool found, changed;
    XLogRecPtr end;
  };
  // An unknown place is looked up.
  Outcome overwrite(const Identity& identity, Place& place, pg::inplace::Change change, void* argument);

  // In an aborting transaction: changes the cell at the place where it was written, if it is still there.
  static XLogRecPtr take_back(const Storage& storage, Place place, const std::string& bytes,
                              std::uint16_t fixed, pg::inplace::Change change, void* argument);

  // In PRE_COMMIT: the page of a cell, for a change that must not fail once the transaction has committed. Nothing when the cell is
  // gone.
  struct Kept {
    Buffer page;
    Place place;
  };
  std::optional<Kept> keep(const Identity& identity, Place& place);
  void overwrite_kept(const Kept& kept, const std::string& bytes, pg::inplace::Change change,
                      void* argument) const noexcept;

  // Deletes the cells of an owner, or of one key of it, with this transaction.
  void drop(std::int32_t owner, std::optional<std::string_view> key);
  // The same of one.
  void drop(const Identity& identity);
  // Waits for all transactions that write cells, and keeps others from doing so until this one ends.
  void lock_out_writers();
  // Gives the cells of a key another one, with writers locked out.
  void move(std::int32_t owner, const std::string& from, const std::string& to);

  std::uint16_t fixed() const noexcept { return layout_.fixed; }
  const char* name() const noexcept { return layout_.name; }

 private:
  // Where cells were last seen, by hash: one for each slot, forgotten when another needs it.
  struct Remembered {
    std::array<char, 52> bytes;  // a uuid as text, and a start
    std::uint32_t size;
    Place place;
  };
  static constexpr std::size_t slots = 1024;

  // What is known of the table until it changes.
  struct State {
    explicit State(const char* name);
    pg::Watch watch;
    Storage storage;
    Oid index;
    std::array<Remembered, slots> remembered{};
  };

  State& state();
  void lock(LOCKMODE mode);
  Remembered& slot_of(std::string_view bytes);
  void remember(std::string_view bytes, const Place& place);
  std::optional<Place> recall(std::string_view bytes);
  std::optional<Cell> look_up(Relation table, const Identity& identity, pg::IndexLookup::Sees sees,
                              TransactionId* inserter);
  Cell make(Relation table, const Identity& identity, const Datum* initial, Fate fate);
  HeapTuple row_of(Relation table, const Identity& identity, const Datum* initial) const;
  void drop(const std::vector<ScanKeyData>& of);
  std::vector<ScanKeyData> keys_of(std::int32_t owner, std::optional<std::string_view> key,
                                   std::optional<std::int64_t> start) const;

  Layout layout_;
  pg::Resident<State> resident_;
};

}  // namespace cells
