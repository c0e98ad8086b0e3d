// row_as_of() and table_as_of(): rows as they were.
#include <algorithm>
#include <unordered_set>

#include "audit/key.hpp"
#include "audit/pending.hpp"
#include "audit/state.hpp"
#include "pg/cursor.hpp"
#include "pg/json_row.hpp"
#include "pg/notice.hpp"
#include "pg/plain_output.hpp"
#include "pg/row_store.hpp"

namespace audit {

namespace {

constexpr long portion = 500;

// All changes of rows, those of a row together, its latest first; as the index has them.
constexpr const char all_entries[] =
    "SELECT row_key, id, at, tx, seq, action, changed, old_values, new_values FROM steward.audit_records"
    " WHERE rel_id OPERATOR(pg_catalog.=) $1 AND row_key IS NOT NULL"
    " AND action OPERATOR(pg_catalog.=) ANY ('{create,update,delete}'::pg_catalog.text[])"
    " AND at OPERATOR(pg_catalog.>=) (SELECT since FROM steward.audit_relations WHERE rel_id "
    "OPERATOR(pg_catalog.=) $1)"
    " ORDER BY row_key USING OPERATOR(pg_catalog.~>~), id DESC";

pg::KeptQuery recorded_keys{
    "SELECT DISTINCT row_key FROM steward.audit_records WHERE rel_id OPERATOR(pg_catalog.=) $1"
    " AND row_key OPERATOR(pg_catalog.=) ANY ($2)"
    " AND action OPERATOR(pg_catalog.=) ANY ('{create,update,delete}'::pg_catalog.text[])"
    " AND at OPERATOR(pg_catalog.>=) (SELECT since FROM steward.audit_relations WHERE rel_id "
    "OPERATOR(pg_catalog.=) $1)"};

template <typename Key>
std::optional<pg::Json> row_as_of(Oid rel, const Key& given, pg::Timestamp at) {
  flush_for_reader();
  const KeyedTable table{rel};
  const RowKey key = table.key_of(given);
  const pg::Spi spi;
  const Past past{spi, table};
  past.require_known(at);
  const Bound bound{.at = at};
  std::optional<Image> image = past.at(key, bound);
  if (!image) return std::nullopt;
  past.strip(*image, past.last_id_at(at));
  return image->object();
}

[[noreturn]] void refuse_type(const pg::TypeOf& type) {
  throw pg::Error{ERRCODE_DATATYPE_MISMATCH,
                  fmt::format("type {} is not the row type of a table", pg::call(::format_type_be, type.oid))}
      .hint("Call it as in SELECT * FROM steward.table_as_of(NULL::my_table, now() - interval '1 day').");
}

[[noreturn]] void refuse_partition(Oid partition, Oid table) {
  throw pg::at(
      pg::Error{ERRCODE_WRONG_OBJECT_TYPE, fmt::format("table \"{}\" is a partition", pg::name_of(partition))}
          .detail("The log does not tell in which partition a row was.")
          .hint(fmt::format("Ask for the rows of {}.", pg::qualified_name(table))),
      partition);
}

Oid table_of_type(const pg::TypeOf& type) {
  const Oid table = OidIsValid(type.oid) ? pg::call(::get_typ_typrelid, type.oid) : InvalidOid;
  const char kind = OidIsValid(table) ? pg::call(::get_rel_relkind, table) : '\0';
  if (kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE) refuse_type(type);
  return table;
}

// Puts rows, as the table's type has them now.
class Rows {
 public:
  Rows(pg::RowStore& store, const Past& past, Oid type, std::int64_t last)
      : store_{store}, past_{past}, last_{last}, made_{type} {}

  void put(Image image) {
    past_.fit(image, last_);
    store_.put(made_.row_of(image.object()));
  }

 private:
  pg::RowStore& store_;
  const Past& past_;
  std::int64_t last_;
  pg::JsonRows made_;
};

// The entries of one key, as they come: no more are kept than have to be applied to one whole row.
class Group {
 public:
  Group(const Past& past, RowKey key, Bound bound, std::int64_t truncate)
      : past_{past}, key_{std::move(key)}, bound_{bound}, truncate_{truncate} {}

  const RowKey& key() const noexcept { return key_; }

  void add(Entry entry) {
    oldest_is_create_ = entry.action == Entry::Action::create;
    if (entries_.empty() && entry.at.microseconds > bound_.at.microseconds) return;
    if (done_ || entry.id < truncate_) {
      done_ = true;
      return;
    }
    done_ = past_.is_beginning(key_, entry);
    entries_.push_back(std::move(entry));
  }

  std::optional<Image> image() {
    if (entries_.empty() && oldest_is_create_) return std::nullopt;
    return past_.of_entries(key_, std::move(entries_), truncate_, bound_);
  }

 private:
  const Past& past_;
  RowKey key_;
  Bound bound_;
  std::int64_t truncate_;
  std::vector<Entry> entries_;
  bool done_ = false, oldest_is_create_ = false;
};

void put_recorded(const pg::Spi& spi, const KeyedTable& table, const Past& past, Bound bound, Rows& rows) {
  const std::int64_t truncate = last_truncate(spi, table.number(), bound);
  std::optional<Group> group;
  const auto finish = [&] {
    if (!group) return;
    const pg::Scratch scratch;
    if (std::optional<Image> image = group->image()) rows.put(std::move(*image));
    group.reset();
  };
  pg::Cursor cursor{pg::Cursor::Latest{}, all_entries, table.number()};
  while (const std::uint64_t count = cursor.fetch(portion)) {
    pg::check_interrupts();
    std::vector<std::pair<std::string, Entry>> some;
    const pg::Scratch scratch;
    for (std::uint64_t i = 0; i < count; ++i)
      some.emplace_back(spi.value<std::string>(i, 1), read_entry(spi, i, 2));
    for (auto& [key, entry] : some) {
      if (!group || group->key().text != key) {
        finish();
        group.emplace(past, table.logged_key(key), bound, truncate);
      }
      group->add(std::move(entry));
    }
  }
  cursor.close();
  finish();
}

// Rows that have not changed since the table is audited stand in the table alone.
void put_unchanged(const pg::Spi& spi, const KeyedTable& table, const Past& past, Bound bound, Rows& rows) {
  pg::Cursor cursor{pg::Cursor::Latest{}, fmt::format("SELECT {} FROM {} AS t", past.select_list(),
                                                      pg::qualified_name(table.oid()))};
  while (const std::uint64_t count = cursor.fetch(portion)) {
    pg::check_interrupts();
    const pg::Scratch scratch;
    std::vector<std::pair<std::string, Image>> some;
    for (std::uint64_t i = 0; i < count; ++i)
      some.emplace_back(past.key_of_row(pg::result_row(spi, i), pg::result_columns(spi)),
                        past.image_of_row(pg::result_row(spi, i), pg::result_columns(spi)));
    std::vector<std::string> keys;
    for (const auto& [key, image] : some) keys.push_back(key);
    std::unordered_set<std::string> recorded;
    const std::uint64_t known = recorded_keys.run(spi, table.number(), keys);
    for (std::uint64_t i = 0; i < known; ++i) recorded.insert(spi.value<std::string>(i, 1));
    for (auto& [key, image] : some)
      if (!recorded.contains(key)) rows.put(past.unchanged(std::move(image), bound));
  }
  cursor.close();
}

}  // namespace

}  // namespace audit

namespace sql {

std::optional<pg::Json> row_as_of_text(pg::RelationId rel, std::string_view key, pg::Timestamp at) {
  return audit::row_as_of(rel.oid, key, at);
}

std::optional<pg::Json> row_as_of_bigint(pg::RelationId rel, std::int64_t key, pg::Timestamp at) {
  return audit::row_as_of(rel.oid, key, at);
}

std::optional<pg::Json> row_as_of_uuid(pg::RelationId rel, pg::Uuid key, pg::Timestamp at) {
  return audit::row_as_of(rel.oid, key, at);
}

void table_as_of(pg::RowStore& store, pg::TypeOf row_type, pg::Timestamp at) {
  const Oid rel = audit::table_of_type(row_type);
  audit::flush_for_reader();
  const audit::KeyedTable table{rel};
  if (table.oid() != rel) audit::refuse_partition(rel, table.oid());
  const pg::Spi spi;
  const audit::Past past{spi, table};
  past.require_known(at);
  const audit::Bound bound{.at = at};
  audit::Rows rows{store, past, row_type.oid, past.last_id_at(at)};
  audit::put_recorded(spi, table, past, bound, rows);
  audit::put_unchanged(spi, table, past, bound, rows);
}

}  // namespace sql

PG_SQL_FUNCTION(row_as_of_text);
PG_SQL_FUNCTION(row_as_of_bigint);
PG_SQL_FUNCTION(row_as_of_uuid);
PG_SQL_STORE(table_as_of);
