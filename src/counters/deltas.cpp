#include "counters/deltas.hpp"

#include <array>
#include <vector>

#include "counters/tables.hpp"
#include "pg/heap.hpp"
#include "pg/index.hpp"
#include "pg/privileges.hpp"
#include "pg/sequence.hpp"
#include "pg/spi.hpp"
#include "pg/transaction.hpp"
#include "settings.hpp"

namespace counters {

namespace {

// The table's columns, as they are in tables.sql.
enum Column {
  col_counter = 1,
  col_key,
  col_id,
  col_delta,
  col_hits,
  col_start,
  col_hit_at,
  columns = col_hit_at
};

// The deltas of a counter or of one key of it, as of now.
class DeltaLookup {
 public:
  DeltaLookup(const pg::OpenRelation& table, std::int32_t counter, const std::string* key)
      : keys_{keys(counter, key)},
        lookup_{table.get(), pg::primary_key_index(table.get()), keys_.data(),
                static_cast<int>(keys_.size())} {}

  HeapTuple next() { return lookup_.next(); }

 private:
  static std::vector<ScanKeyData> keys(std::int32_t counter, const std::string* key) {
    std::vector<ScanKeyData> keys{pg::equals(col_counter, F_INT4EQ, Int32GetDatum(counter))};
    if (key != nullptr) keys.push_back(pg::equals(col_key, F_TEXTEQ, pg::Type<std::string>::to(*key)));
    return keys;
  }

  std::vector<ScanKeyData> keys_;
  pg::IndexLookup lookup_;
};

}  // namespace

void insert_delta(const Counted& row, const Change& change) {
  const pg::OpenRelation table{pg::own_relation(deltas_table), RowExclusiveLock};
  const std::int64_t id = pg::next_value(pg::own_relation("_count_delta_ids"));
  std::array<Datum, columns> values{Int32GetDatum(row.row.owner()),
                                    pg::Type<std::string_view>::to(row.row.key()),
                                    Int64GetDatum(id),
                                    Int64GetDatum(change.added),
                                    Int64GetDatum(change.hits),
                                    Int64GetDatum(row.in_bucket ? *row.in_bucket->start() : 0),
                                    Int64GetDatum(settings::now())};
  std::array<bool, columns> nulls{};
  nulls[col_start - 1] = !row.in_bucket.has_value();
  nulls[col_hit_at - 1] = !row.keeps_last || !change.hit;
  pg::insert_row(table.get(), pg::call(::heap_form_tuple, table.columns(), values.data(), nulls.data()));
}

std::int64_t count_with_deltas(std::int32_t counter, const std::string& key, std::int64_t column) {
  const pg::ActingAs owner{pg::owner_of(pg::own_relation(deltas_table))};
  pg::Spi spi;
  spi.run_on_latest(fmt::format(
      "SELECT (COALESCE((SELECT value FROM steward._counts WHERE counter OPERATOR(pg_catalog.=) {0}"
      " AND key OPERATOR(pg_catalog.=) {1}), {2}::pg_catalog.int8)"
      " OPERATOR(pg_catalog.+) COALESCE((SELECT pg_catalog.sum(delta) FROM steward._count_deltas"
      " WHERE counter OPERATOR(pg_catalog.=) {0} AND key OPERATOR(pg_catalog.=) {1}), 0))::pg_catalog.int8",
      counter, pg::quoted_literal(key), column));
  return spi.value<std::int64_t>(0, 1);
}

void drop_deltas(std::int32_t counter, const std::string* key) {
  const pg::OpenRelation table{pg::own_relation(deltas_table), RowExclusiveLock};
  for (bool again = true; again;) {
    again = false;
    DeltaLookup lookup{table, counter, key};
    while (const HeapTuple row = lookup.next()) {
      if (!pg::delete_row(table.get(), row)) again = true;
      pg::check_interrupts();
    }
  }
}

void lock_out_delta_writers() {
  pg::call(::LockRelationOid, pg::own_relation(deltas_table), LOCKMODE{ShareRowExclusiveLock});
}

void move_deltas(std::int32_t counter, const std::string& from, const std::string& to) {
  const pg::OpenRelation table{pg::own_relation(deltas_table), RowExclusiveLock};
  std::vector<HeapTuple> rows;
  {
    DeltaLookup lookup{table, counter, &from};
    while (const HeapTuple row = lookup.next()) rows.push_back(pg::call(::heap_copytuple, row));
  }
  for (HeapTuple row : rows) {
    Datum key = pg::Type<std::string>::to(to);
    bool null = false;
    int column = col_key;
    pg::update_row(table.get(), row,
                   pg::call(::heap_modify_tuple_by_cols, row, table.columns(), 1, &column, &key, &null));
  }
}

}  // namespace counters
