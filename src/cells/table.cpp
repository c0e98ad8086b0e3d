#include "cells/table.hpp"

#include <functional>

#include "pg/index.hpp"
#include "pg/lock.hpp"

namespace cells {

namespace {

// The first bytes of a text as the server stores it in a row.
void append_text_header(std::string& bytes, std::size_t size) {
  if (size + VARHDRSZ_SHORT <= VARATT_SHORT_MAX) {
    bytes.push_back(0);
    SET_VARSIZE_SHORT(bytes.data() + bytes.size() - 1, size + VARHDRSZ_SHORT);
  } else {
    std::uint32_t header = 0;
    SET_VARSIZE(&header, size + VARHDRSZ);
    bytes.append(reinterpret_cast<const char*>(&header), sizeof header);
  }
}

template <typename T>
void append(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Which of the locks on making a cell is this cell's; two that share one only wait for each other.
std::uint32_t lock_number(std::string_view bytes) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>{}(bytes));
}

pg::inplace::Shape shape_of(const std::string& bytes, std::uint16_t fixed) {
  return {bytes.data(), static_cast<std::uint16_t>(bytes.size()), fixed};
}

}  // namespace

Identity::Identity(std::int32_t owner, std::string_view key, std::optional<std::int64_t> start)
    : owner_{owner}, start_{start}, key_size_{key.size()} {
  bytes_.reserve(key.size() + 16);
  if (start) append(bytes_, *start);
  append(bytes_, owner);
  append_text_header(bytes_, key.size());
  bytes_ += key;
}

Table::State::State(const char* name) {
  const Oid relation = pg::own_relation(name);
  watch.start(relation);
  const pg::OpenRelation table{relation, AccessShareLock};
  storage = Storage::of(table.get());
  index = pg::primary_key_index(table.get());
}

Table::State& Table::state() {
  if (resident_.get() == nullptr || resident_.get()->watch.changed())
    resident_.make(TopMemoryContext, "steward cells", layout_.name);
  return *resident_.get();
}

void Table::open() { lock(RowExclusiveLock); }

void Table::open_to_read() { lock(AccessShareLock); }

// Taking the lock may bring news of the table, even that it is another one now.
void Table::lock(LOCKMODE mode) {
  for (Oid locked = InvalidOid; locked != state().storage.relation;) {
    locked = state().storage.relation;
    pg::call(::LockRelationOid, locked, mode);
  }
}

// ---- memory of places

Table::Remembered& Table::slot_of(std::string_view bytes) {
  return resident_.get()->remembered[std::hash<std::string_view>{}(bytes) % slots];
}

void Table::remember(std::string_view bytes, const Place& place) {
  Remembered& slot = slot_of(bytes);
  if (bytes.size() > slot.bytes.size()) return;
  std::memcpy(slot.bytes.data(), bytes.data(), bytes.size());
  slot.size = static_cast<std::uint32_t>(bytes.size());
  slot.place = place;
}

std::optional<Place> Table::recall(std::string_view bytes) {
  const Remembered& slot = slot_of(bytes);
  if (slot.size != bytes.size() || std::memcmp(slot.bytes.data(), bytes.data(), bytes.size()) != 0)
    return std::nullopt;
  return slot.place;
}

// ---- finding and making

std::vector<ScanKeyData> Table::keys_of(std::int32_t owner, std::optional<std::string_view> key,
                                        std::optional<std::int64_t> start) const {
  int column = layout_.changing + (layout_.has_start ? 1 : 0) + 1;
  std::vector<ScanKeyData> keys{pg::equals(column, F_INT4EQ, Int32GetDatum(owner))};
  if (key) keys.push_back(pg::equals(column + 1, F_TEXTEQ, pg::Type<std::string_view>::to(*key)));
  // Of type timestamptz or bigint, which are the same to an index.
  if (start) keys.push_back(pg::equals(layout_.changing + 1, F_INT8EQ, Int64GetDatum(*start)));
  return keys;
}

std::optional<Table::Cell> Table::look_up(Relation table, const Identity& identity,
                                          pg::IndexLookup::Sees sees, TransactionId* inserter) {
  std::vector<ScanKeyData> keys = keys_of(identity.owner(), identity.key(), identity.start());
  pg::IndexLookup lookup{table, state().index, keys.data(), static_cast<int>(keys.size()), sees};
  const HeapTuple row = lookup.next();
  if (row == nullptr) return std::nullopt;
  if (inserter != nullptr) *inserter = lookup.inserter();
  return Cell{pg::place_of(row), pg::is_own_insert(row)};
}

std::optional<Table::Cell> Table::look_up(const Identity& identity) {
  const pg::OpenRelation table{state().storage.relation, AccessShareLock};
  std::optional<Cell> cell = look_up(table.get(), identity, pg::IndexLookup::Sees::now, nullptr);
  if (cell) remember(identity.bytes(), cell->place);
  return cell;
}

std::optional<Place> Table::find(const Identity& identity) {
  if (const std::optional<Place> place = recall(identity.bytes())) return place;
  const std::optional<Cell> cell = look_up(identity);
  return cell ? std::optional{cell->place} : std::nullopt;
}

namespace {

constexpr std::size_t most_columns = 16;

}  // namespace

HeapTuple Table::row_of(Relation table, const Identity& identity, const Datum* initial) const {
  std::array<Datum, most_columns> values{};
  std::array<bool, most_columns> nulls{};
  int column = 0;
  for (; column < layout_.changing; ++column) values[column] = initial[column];
  if (layout_.has_start) values[column++] = Int64GetDatum(identity.start().value());
  values[column++] = Int32GetDatum(identity.owner());
  values[column++] = pg::Type<std::string_view>::to(identity.key());
  return pg::call(::heap_form_tuple, RelationGetDescr(table), values.data(), nulls.data());
}

// Others who make the same cell wait for the lock, which is given back before the transaction ends; whether the cell is there is
// asked again under it. A cell that a running transaction has made with its own row is waited for without the lock.
Table::Cell Table::find_or_make(const Identity& identity, const Datum* initial, Fate fate) {
  const pg::OpenRelation table{state().storage.relation, RowExclusiveLock};
  const pg::LockName lock{table.oid(), lock_number(identity.bytes())};
  for (;;) {
    pg::lock(lock);
    TransactionId inserter = InvalidTransactionId;
    std::optional<Cell> cell = look_up(table.get(), identity, pg::IndexLookup::Sees::now, nullptr);
    if (!cell && !look_up(table.get(), identity, pg::IndexLookup::Sees::in_progress, &inserter))
      cell = make(table.get(), identity, initial, fate);
    pg::release(lock);
    if (cell) {
      remember(identity.bytes(), cell->place);
      return *cell;
    }
    if (TransactionIdIsValid(inserter)) pg::wait_for(inserter);
    pg::check_interrupts();
  }
}

// A frozen cell would be found by a REINDEX CONCURRENTLY that has missed its index entry, and be entered twice.
Table::Cell Table::make(Relation table, const Identity& identity, const Datum* initial, Fate fate) {
  if (fate == Fate::kept && pg::is_being_indexed(table)) fate = Fate::transaction;
  Place place = pg::insert_row(table, row_of(table, identity, initial));
  if (fate == Fate::kept) pg::inplace::freeze(table, place);
  return {place, fate == Fate::transaction};
}

// ---- reading and overwriting

bool Table::read(const Identity& identity, Place& place, void* fixed) {
  const pg::inplace::Shape shape = shape_of(identity.bytes(), layout_.fixed);
  const Buffer guess = place.buffer;
  if (place.known() && pg::inplace::read(storage(), place, shape, fixed)) {
    if (place.buffer != guess) remember(identity.bytes(), place);
    return true;
  }
  const std::optional<Cell> cell = look_up(identity);
  if (!cell) return false;
  place = cell->place;
  const bool found = pg::inplace::read(storage(), place, shape, fixed);
  if (found) remember(identity.bytes(), place);
  return found;
}

Table::Outcome Table::overwrite(const Identity& identity, Place& place, pg::inplace::Change change,
                                void* argument) {
  const pg::inplace::Shape shape = shape_of(identity.bytes(), layout_.fixed);
  if (place.known()) {
    const pg::inplace::Written written = pg::inplace::overwrite(storage(), place, shape, change, argument);
    if (written.found) return {true, written.changed, written.end};
  }
  const std::optional<Cell> cell = look_up(identity);
  if (!cell) return {false, false, InvalidXLogRecPtr};
  place = cell->place;
  const pg::inplace::Written written = pg::inplace::overwrite(storage(), place, shape, change, argument);
  return {written.found, written.changed, written.end};
}

XLogRecPtr Table::take_back(const Storage& storage, Place place, const std::string& bytes,
                            std::uint16_t fixed, pg::inplace::Change change, void* argument) {
  return pg::inplace::overwrite_in_abort(storage, place, shape_of(bytes, fixed), change, argument).end;
}

std::optional<Table::Kept> Table::keep(const Identity& identity, Place& place) {
  alignas(8) char fixed[pg::inplace::longest_fixed];
  if (!read(identity, place, fixed)) return std::nullopt;
  const Buffer page = pg::inplace::keep_page(storage(), place);
  return Kept{page, place};
}

void Table::overwrite_kept(const Kept& kept, const std::string& bytes, pg::inplace::Change change,
                           void* argument) const noexcept {
  pg::inplace::overwrite_kept(kept.page, kept.place, shape_of(bytes, layout_.fixed), change, argument);
  pg::inplace::let_go(kept.page);
}

// ---- with the rows that they belong to

void Table::drop(std::int32_t owner, std::optional<std::string_view> key) {
  drop(keys_of(owner, key, std::nullopt));
}

void Table::drop(const Identity& identity) {
  drop(keys_of(identity.owner(), identity.key(), identity.start()));
}

void Table::drop(const std::vector<ScanKeyData>& of) {
  const pg::OpenRelation table{state().storage.relation, RowExclusiveLock};
  for (bool again = true; again;) {
    again = false;
    std::vector<ScanKeyData> keys = of;  // which the look-up changes
    pg::IndexLookup lookup{table.get(), state().index, keys.data(), static_cast<int>(keys.size())};
    while (const HeapTuple row = lookup.next()) {
      if (!pg::delete_row(table.get(), row)) again = true;
      pg::check_interrupts();
    }
  }
}

void Table::lock_out_writers() {
  pg::call(::LockRelationOid, state().storage.relation, LOCKMODE{ShareRowExclusiveLock});
}

void Table::move(std::int32_t owner, const std::string& from, const std::string& to) {
  const pg::OpenRelation table{state().storage.relation, RowExclusiveLock};
  const int key_column = RelationGetNumberOfAttributes(table.get());
  std::vector<HeapTuple> rows;
  {
    std::vector<ScanKeyData> keys = keys_of(owner, from, std::nullopt);
    pg::IndexLookup lookup{table.get(), state().index, keys.data(), static_cast<int>(keys.size())};
    while (const HeapTuple row = lookup.next()) rows.push_back(pg::call(::heap_copytuple, row));
  }
  // Cells that were left under the new key are those of a row that went without a trigger's firing.
  if (!rows.empty()) drop(owner, to);
  for (HeapTuple row : rows) {
    Datum key = pg::Type<std::string>::to(to);
    bool null = false;
    int column = key_column;
    HeapTuple replacement =
        pg::call(::heap_modify_tuple_by_cols, row, table.columns(), 1, &column, &key, &null);
    pg::update_row(table.get(), row, replacement);
  }
}

}  // namespace cells
