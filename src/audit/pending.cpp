#include "audit/pending.hpp"

#include <limits>

#include "audit/actor.hpp"
#include "audit/gaps.hpp"
#include "audit/log.hpp"
#include "audit/moves.hpp"
#include "audit/truncate.hpp"
#include "errors.hpp"
#include "pg/memory.hpp"
#include "pg/notice.hpp"
#include "pg/sequence.hpp"
#include "pg/statement.hpp"
#include "settings.hpp"

namespace audit {

namespace {

// What is written at once when there are so many. Rows of a page and index entries then share their costs.
constexpr std::size_t most_entries = 1000;
constexpr std::size_t most_bytes = 256 * 1024;

// A transaction, as the log has it: as long as the same one acts.
struct Acted {
  std::int64_t tx, at, query_id;
  Actor actor;
  int written;  // the savepoint level that the log's row of it belongs to; 0 while there is none
};

struct Entry {
  HeapTuple row;
  std::int64_t at;
  std::int32_t number;
  int level;          // the savepoint level that made the change
  std::size_t acted;  // which of the transaction's
  // The level, a deeper one, in which a reader has had it written; 0 while it is not in the log.
  int written = 0;
};

struct Transaction {
  // In a context of its own, which goes when the transaction ends, in whatever way.
  explicit Transaction(MemoryContext parent)
      : rows{pg::call(::AllocSetContextCreateInternal, parent, "steward records",
                      Size{ALLOCSET_DEFAULT_MINSIZE}, Size{ALLOCSET_DEFAULT_INITSIZE},
                      Size{ALLOCSET_DEFAULT_MAXSIZE})},
        ids{pg::own_relation("_audit_ids")} {}

  MemoryContext rows;
  Oid ids;
  std::vector<Entry> entries;  // levels never fall
  std::vector<Acted> acted;
  // Which of `acted` are in the log by a savepoint that may yet be rolled back: levels never fall.
  std::vector<std::size_t> in_savepoints;
  std::size_t added = 0,
              bytes = 0;  // since the last were written: those of outer savepoints wait, whatever comes
  std::int32_t seq = 0;
  bool written_early = false;  // whether any entry may be
};

pg::Resident<Transaction> resident;

// before_commit() has begun: what others' callbacks still change is written at once. After a PREPARE it stands until the next
// transaction's end, which does no harm.
bool closing = false;

Transaction& transaction() {
  if (Transaction* present = resident.get(); present != nullptr) return *present;
  return resident.make(TopTransactionContext, "steward audit", TopTransactionContext);
}

// ---- who acts

void require_actor(const Actor& actor) {
  if (!settings::audit_require_actor() || actor.actor) return;
  throw pg::Error{errors::no_actor, "nobody is said to act"}
      .detail("steward.audit_require_actor is on: each recorded change needs an actor.")
      .hint("SELECT steward.set_actor('...') in the same transaction.");
}

std::size_t acting(Transaction& now, std::int64_t at) {
  const Actor& actor = current_actor();
  require_actor(actor);
  if (!now.acted.empty() && now.acted.back().actor == actor) return now.acted.size() - 1;
  const std::int64_t tx = pg::next_value(pg::own_relation("_audit_txs"));
  now.acted.push_back({tx, at, pg::query_id(), actor, 0});
  return now.acted.size() - 1;
}

std::optional<Datum> text(const std::optional<std::string>& value) {
  if (!value) return std::nullopt;
  return pg::Type<std::string>::to(*value);
}

HeapTuple form_transaction(const Acted& one) {
  const auto inet = [](const std::string& address) {
    return pg::call(::DirectFunctionCall1Coll, ::inet_in, Oid{InvalidOid}, CStringGetDatum(address.c_str()));
  };
  const Actor& actor = one.actor;
  const std::optional<Datum> row[] = {
      Int64GetDatum(one.tx),
      Int64GetDatum(one.at),
      UInt64GetDatum(pg::call(::GetTopFullTransactionId).value),
      one.query_id != 0 ? std::optional{Int64GetDatum(one.query_id)} : std::nullopt,
      text(actor.actor ? actor.actor : std::optional{actor.role}),
      actor.ip ? std::optional{inet(*actor.ip)} : std::nullopt,
      text(actor.user_agent),
      text(actor.session),
      text(actor.request),
      text(actor.login_role),
      text(actor.role),
      text(actor.application)};
  return log::form(log::Table::transactions, row);
}

// ---- writing

// The entries of a level, which are then no longer pending: all above has been released to it or rolled back.
std::vector<Entry> take(Transaction& now, int level) {
  std::size_t first = now.entries.size();
  while (first > 0 && now.entries[first - 1].level >= level) --first;
  const auto begin = now.entries.begin() + static_cast<std::ptrdiff_t>(first);
  std::vector<Entry> taken{begin, now.entries.end()};
  now.entries.erase(begin, now.entries.end());
  now.added = now.bytes = 0;
  return taken;
}

// Those who acted and are not in the log yet; from now on they are.
std::vector<std::size_t> newly_acted(Transaction& now, const std::vector<Entry>& entries, int level) {
  std::vector<std::size_t> found;
  for (const Entry& entry : entries) {
    Acted& acted = now.acted[entry.acted];
    if (acted.written != 0) continue;
    acted.written = level;
    found.push_back(entry.acted);
    if (level > 1) now.in_savepoints.push_back(entry.acted);
  }
  return found;
}

// What could not be written.
void not_acted(Transaction& now, const std::vector<std::size_t>& acted) {
  for (const std::size_t one : acted) now.acted[one].written = 0;
  std::erase_if(now.in_savepoints, [&](std::size_t one) { return now.acted[one].written == 0; });
}

void write(const Transaction& now, const std::vector<Entry>& entries, const std::vector<std::size_t>& acted) {
  const pg::Scratch memory;
  std::vector<log::Row> rows;
  for (const std::size_t one : acted) rows.push_back({form_transaction(now.acted[one]), now.acted[one].at});
  if (!rows.empty()) log::append(log::Table::transactions, rows);
  rows.clear();
  rows.reserve(entries.size());
  for (const Entry& entry : entries) rows.push_back({entry.row, entry.at});
  log::append(log::Table::records, rows);
}

void forget_rows(Transaction& now, const std::vector<Entry>& written) {
  if (now.entries.empty()) return MemoryContextReset(now.rows);
  for (const Entry& entry : written) pg::call(::heap_freetuple, entry.row);
}

// Where the extension has been dropped since, its log is gone.
void flush(Transaction& now) {
  const int level = GetCurrentTransactionNestLevel();
  const std::vector<Entry> entries = take(now, level);
  if (entries.empty()) return;
  if (pg::find_own_relation("_audit_ids") != now.ids) return forget_rows(now, entries);
  const std::vector<std::size_t> acted = newly_acted(now, entries, level);
  if (const auto failure = within_policy([&] { write(now, entries, acted); })) {
    not_acted(now, acted);
    std::vector<std::int32_t> numbers;
    for (const Entry& entry : entries) numbers.push_back(entry.number);
    record_gap(numbers, *failure);
  }
  forget_rows(now, entries);
}

// The entries of outer levels, which wait otherwise, as part of the present one: what is rolled back with it is written again.
void write_early(Transaction& now) {
  std::vector<Entry> entries;
  for (const Entry& entry : now.entries)
    if (entry.written == 0) entries.push_back(entry);
  if (entries.empty() || pg::find_own_relation("_audit_ids") != now.ids) return;
  const int level = GetCurrentTransactionNestLevel();
  const std::vector<std::size_t> acted = newly_acted(now, entries, level);
  if (const auto failure = within_policy([&] { write(now, entries, acted); })) {
    not_acted(now, acted);
    return pg::warn(fmt::format("changes from before this savepoint are not shown (SQLSTATE {})", *failure),
                    "They could not be written to the log. That is tried again at the latest when the "
                    "transaction commits.",
                    "They are made all the same, because steward.audit_on_error is degrade.");
  }
  for (Entry& entry : now.entries)
    if (entry.written == 0) entry.written = level;
  now.written_early = true;
}

// ---- the ends of transactions and savepoints

// What was written early within a level that is released to the one that made the change is written.
void early_released(Transaction& now, int level) {
  if (!now.written_early) return;
  now.written_early = false;
  std::erase_if(now.entries, [&](Entry& entry) {
    if (entry.written >= level) entry.written = level - 1;
    const bool is_done = entry.written != 0 && entry.written <= entry.level;
    if (is_done) heap_freetuple(entry.row);
    now.written_early = now.written_early || (!is_done && entry.written != 0);
    return is_done;
  });
}

void early_rolled_back(Transaction& now, int level) {
  if (!now.written_early) return;
  now.written_early = false;
  for (Entry& entry : now.entries) {
    if (entry.written >= level) entry.written = 0;
    now.written_early = now.written_early || entry.written != 0;
  }
}

void before_commit() {
  const pg::UnderTransaction owner;
  settle_moves(0);
  closing = true;
  if (Transaction* now = resident.get(); now != nullptr) flush(*now);
}

void after_end() { closing = false; }

void savepoint_released(int level) {
  moves_released(level);
  truncates_released(level);
  Transaction* now = resident.get();
  if (now == nullptr) return;
  for (auto entry = now->entries.rbegin(); entry != now->entries.rend() && entry->level >= level; ++entry)
    entry->level = level - 1;
  early_released(*now, level);
  auto& inside = now->in_savepoints;
  for (auto one = inside.rbegin(); one != inside.rend() && now->acted[*one].written >= level; ++one)
    now->acted[*one].written = level - 1;
  if (level == 2) inside.clear();
}

void savepoint_rolled_back(int level) {
  moves_rolled_back(level);
  truncates_rolled_back(level);
  Transaction* now = resident.get();
  if (now == nullptr) return;
  // Given back at once: while entries of outer savepoints wait, the context is not reset.
  for (; !now->entries.empty() && now->entries.back().level >= level; now->entries.pop_back())
    heap_freetuple(now->entries.back().row);
  early_rolled_back(*now, level);
  auto& inside = now->in_savepoints;
  for (; !inside.empty() && now->acted[inside.back()].written >= level; inside.pop_back())
    now->acted[inside.back()].written = 0;
}

}  // namespace

const pg::TransactionEvents transaction_events{.before_commit = &before_commit,
                                               .before_prepare = &before_commit,
                                               .after_commit = &after_end,
                                               .after_abort = &after_end,
                                               .savepoint_released = &savepoint_released,
                                               .savepoint_rolled_back = &savepoint_rolled_back};

void require_actor() { require_actor(current_actor()); }

std::int32_t next_change() { return ++transaction().seq; }

void add(const Record& record) {
  Transaction& now = transaction();
  const std::int64_t at = GetCurrentTimestamp();
  const std::size_t acted = acting(now, at);
  const std::int64_t id = pg::next_value(now.ids);
  const auto text = [](const std::optional<std::string_view>& value) -> std::optional<Datum> {
    if (!value) return std::nullopt;
    return pg::Type<std::string_view>::to(*value);
  };
  const std::optional<Datum> row[] = {Int64GetDatum(id),
                                      Int64GetDatum(at),
                                      Int64GetDatum(now.acted[acted].tx),
                                      Int32GetDatum(record.seq),
                                      Int32GetDatum(record.number),
                                      text(record.action),
                                      text(record.row_key),
                                      text(record.tenant),
                                      record.changed,
                                      record.old_values,
                                      record.new_values};
  HeapTuple formed = [&] {
    const pg::InContext memory{now.rows};
    return log::form(log::Table::records, row);
  }();
  now.entries.push_back({formed, at, record.number, GetCurrentTransactionNestLevel(), acted});
  ++now.added;
  now.bytes += formed->t_len;
  if (closing) flush(now);
}

void flush_if_many() {
  Transaction* now = resident.get();
  if (now != nullptr && (now->added >= most_entries || now->bytes >= most_bytes)) flush(*now);
}

void flush() {
  if (Transaction* now = resident.get(); now != nullptr) flush(*now);
}

void flush_for_reader() {
  Transaction* now = resident.get();
  if (now == nullptr) return;
  flush(*now);
  write_early(*now);
}

}  // namespace audit
