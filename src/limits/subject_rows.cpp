#include "limits/subject_rows.hpp"

#include <algorithm>
#include <vector>

#include "limits/catalogue.hpp"
#include "limits/escrow.hpp"
#include "limits/scopes.hpp"
#include "limits/tables.hpp"
#include "pg/heap.hpp"
#include "pg/index.hpp"
#include "pg/relation.hpp"
#include "pg/spi.hpp"

namespace limits {

namespace {

// The tables with rows of subjects, in lock order, and the columns that each primary key begins with.
struct Kept {
  const char* name;
  int meter, subject;
  bool is_usage;
};
constexpr Kept all_kept[] = {{ledger_table, 1, 2, true},
                             {usage_table, 1, 2, true},
                             {overrides_table, 1, 2, false},
                             {extras_table, 2, 3, false},
                             {denials_table, 1, 2, false}};

// The rows of a meter, or of one subject of it, as they are now, whatever the statement's snapshot sees.
class KeptRows {
 public:
  KeptRows(const pg::OpenRelation& table, const Kept& kept, std::int32_t meter, const std::string* subject)
      : keys_{keys(kept, meter, subject)},
        lookup_{table.get(), pg::primary_key_index(table.get()), keys_.data(),
                static_cast<int>(keys_.size())} {}

  HeapTuple next() { return lookup_.next(); }

 private:
  static std::vector<ScanKeyData> keys(const Kept& kept, std::int32_t meter, const std::string* subject) {
    std::vector<ScanKeyData> keys{pg::equals(kept.meter, F_INT4EQ, Int32GetDatum(meter))};
    if (subject != nullptr)
      keys.push_back(pg::equals(kept.subject, F_TEXTEQ, pg::Type<std::string>::to(*subject)));
    return keys;
  }

  std::vector<ScanKeyData> keys_;
  pg::IndexLookup lookup_;
};

// Whether what is used follows the rows of tables, and so what becomes of them.
bool follows_rows(const Meter& meter, const Kept& kept) { return meter.by_rows && kept.is_usage; }

// One that another transaction has changed meanwhile is looked up again.
void drop_rows(const Meter& meter, const std::string* subject) {
  for (const Kept& kept : all_kept) {
    if (subject != nullptr && follows_rows(meter, kept)) continue;
    const pg::OpenRelation table{pg::own_relation(kept.name), RowExclusiveLock};
    for (bool again = true; again;) {
      again = false;
      KeptRows rows{table, kept, meter.id, subject};
      while (const HeapTuple row = rows.next()) {
        if (!pg::delete_row(table.get(), row)) again = true;
        pg::check_interrupts();
      }
    }
  }
  pg::call(::CommandCounterIncrement);  // or who sums them up would still see them
}

// A row that others change could not be moved. Taken before any weaker lock, or two who move would wait for each other.
void lock_out_writers() {
  for (const Kept& kept : all_kept)
    pg::call(::LockRelationOid, pg::own_relation(kept.name), LOCKMODE{ShareRowExclusiveLock});
}

void move_rows(const Meter& meter, const std::string& from, const std::string& to) {
  for (const Kept& kept : all_kept) {
    if (follows_rows(meter, kept)) continue;
    const pg::OpenRelation table{pg::own_relation(kept.name), RowExclusiveLock};
    std::vector<HeapTuple> moving;
    {
      KeptRows rows{table, kept, meter.id, &from};
      while (const HeapTuple row = rows.next()) moving.push_back(pg::call(::heap_copytuple, row));
    }
    for (HeapTuple row : moving) {
      Datum subject = pg::Type<std::string>::to(to);
      bool null = false;
      int column = kept.subject;
      pg::update_row(
          table.get(), row,
          pg::call(::heap_modify_tuple_by_cols, row, table.columns(), 1, &column, &subject, &null));
    }
  }
}

}  // namespace

// Idempotency keys belong to the subject, whatever they were used for.
void drop_keys(Oid table, const std::optional<std::string>& subject) {
  const AsSteward steward;
  pg::Spi{}.run(
      "DELETE FROM steward._limit_keys WHERE subjects OPERATOR(pg_catalog.=) $1"
      " AND ($2 IS NULL OR subject OPERATOR(pg_catalog.=) $2)",
      pg::RelationId{table}, subject);
}

void move_keys(Oid table, const std::string& from, const std::string& to) {
  drop_keys(table, to);
  const AsSteward steward;
  pg::Spi{}.run(
      "UPDATE steward._limit_keys SET subject = $3 WHERE subjects OPERATOR(pg_catalog.=) $1"
      " AND subject OPERATOR(pg_catalog.=) $2",
      pg::RelationId{table}, from, to);
}

void lock_out_holders() {
  pg::call(::LockRelationOid, pg::own_relation(cells_table), LOCKMODE{ShareRowExclusiveLock});
}

// Who holds something of a cell that goes cannot commit it.
void drop_subject(Oid table, const std::optional<std::string>& subject) {
  const auto meters = meters_of(table);
  for (const auto& meter : meters)
    if (!meter->by_rows || !subject)
      forget_accounts(meter->id, subject ? std::optional<std::string_view>{*subject} : std::nullopt);
  for (const auto& meter : meters) drop_rows(*meter, subject ? &*subject : nullptr);
  drop_keys(table, subject);
}

void move_subject(Oid table, const std::string& from, const std::string& to) {
  const auto meters = meters_of(table);
  if (std::any_of(meters.begin(), meters.end(), [](const auto& meter) { return !meter->by_rows; }))
    lock_out_holders();
  lock_out_writers();
  for (const auto& meter : meters) {
    drop_rows(*meter, &to);
    move_rows(*meter, from, to);
    if (!meter->by_rows) move_accounts(meter->id, from, to);
  }
  move_keys(table, from, to);
}

void drop_rows_of(const Meter& meter) {
  lock_out_holders();
  forget_accounts(meter.id, std::nullopt);
  drop_rows(meter, nullptr);
}

}  // namespace limits
