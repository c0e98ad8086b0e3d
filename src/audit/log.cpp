#include "audit/log.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "pg/append.hpp"
#include "pg/memory.hpp"
#include "pg/partition.hpp"
#include "pg/watch.hpp"

namespace audit::log {

namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

struct Month {
  std::int64_t from, to;
  Oid partition;

  bool operator==(const Month&) const = default;
};

std::int64_t number_of(const pg::PartitionBound& bound) {
  using Kind = pg::PartitionBound::Kind;
  if (bound.kind == Kind::value) return DatumGetInt64(bound.value);
  return bound.kind == Kind::lowest ? lowest : highest;
}

// What a session knows of one of the log's tables, until it changes.
struct Known {
  explicit Known(const char* name) : table{pg::own_relation(name)} {
    watch.start(table);
    const pg::OpenRelation relation{table, AccessShareLock};
    {
      const pg::InContext memory{TopMemoryContext};
      columns = pg::call(::CreateTupleDescCopy, relation.columns());
    }
    for (const pg::Partition& one : pg::partitions_of(relation)) {
      if (one.is_default) other = one.relation;
      // What is being detached takes no new rows.
      if (!one.is_default && !one.detaching)
        months.push_back({number_of(one.from), number_of(one.to), one.relation});
    }
    std::sort(months.begin(), months.end(), [](const Month& a, const Month& b) { return a.from < b.from; });
  }

  Known(const Known&) = delete;
  Known& operator=(const Known&) = delete;
  ~Known() {
    if (columns != nullptr) FreeTupleDesc(columns);
  }

  // The month of a time, or all that has none.
  Month month_of(std::int64_t at) const {
    const auto after = std::upper_bound(months.begin(), months.end(), at,
                                        [](std::int64_t time, const Month& one) { return time < one.from; });
    if (after != months.begin() && at < (after - 1)->to) return *(after - 1);
    const std::int64_t from = after == months.begin() ? lowest : (after - 1)->to;
    return {from, after == months.end() ? highest : after->from, other};
  }

  pg::Watch watch;
  Oid table;
  TupleDesc columns = nullptr;
  std::vector<Month> months;
  Oid other = InvalidOid;
};

pg::Resident<Known> residents[2];

const Known& known(Table table) {
  auto& resident = residents[static_cast<int>(table)];
  const Known* present = resident.get();
  if (present != nullptr && !present->watch.changed()) return *present;
  resident.drop();
  return resident.make(TopMemoryContext, "steward log",
                       table == Table::records ? "audit_records" : "audit_transactions");
}

// Whether it could be done: while the partition's lock was waited for the month may have got one of its own.
bool append_to(Table log, const pg::OpenRelation& table, const Month& month, std::span<const Row> rows) {
  if (!OidIsValid(month.partition))
    throw pg::Error{ERRCODE_CHECK_VIOLATION,
                    fmt::format("no partition of table \"{}\" is for this month", table.name())}
        .hint("CALL steward.maintain_partitions(), which makes months ahead and the default partition.");
  const pg::OpenRelation partition{month.partition, RowExclusiveLock};
  if (known(log).month_of(rows.front().at) != month) return false;
  if (partition.kind() != RELKIND_RELATION)
    throw pg::Error{ERRCODE_WRONG_OBJECT_TYPE,
                    fmt::format("partition \"{}\" of the log is no plain table", partition.name())}
        .detail("It is for what is recorded now, and cannot be written below SQL.")
        .hint("Detach it, and CALL steward.maintain_partitions().");
  std::vector<HeapTuple> tuples;
  tuples.reserve(rows.size());
  for (const Row& row : rows) tuples.push_back(row.tuple);
  pg::append_rows(partition, table, tuples);
  return true;
}

}  // namespace

// Somebody may have given the table more columns: they are NULL.
HeapTuple form(Table table, std::span<const std::optional<Datum>> row) {
  const TupleDesc columns = known(table).columns;
  std::vector<Datum> values(static_cast<std::size_t>(columns->natts));
  std::vector<char> nulls(values.size(), 1);
  for (std::size_t i = 0; i < row.size() && i < values.size(); ++i) {
    nulls[i] = !row[i];
    if (row[i]) values[i] = *row[i];
  }
  static_assert(sizeof(bool) == sizeof(char));
  return pg::call(::heap_form_tuple, columns, values.data(), reinterpret_cast<bool*>(nulls.data()));
}

std::optional<std::int64_t> oldest_month() {
  const auto& months = known(Table::records).months;
  return months.empty() ? std::nullopt : std::optional{months.front().from};
}

// Who holds this lock on the table keeps its partitions from being dropped and detached; what came before it is heard of with it.
void append(Table table, std::span<const Row> rows) {
  const pg::OpenRelation relation{known(table).table, RowExclusiveLock};
  while (!rows.empty()) {
    const Month month = known(table).month_of(rows.front().at);
    std::size_t count = 1;
    while (count < rows.size() && rows[count].at >= month.from && rows[count].at < month.to) ++count;
    if (append_to(table, relation, month, rows.first(count))) rows = rows.subspan(count);
  }
}

}  // namespace audit::log
