// Making and dropping series. Runs as the extension's owner, because the keys are readable by nobody else.
#include "codes/assignment.hpp"
#include "codes/messages.hpp"
#include "codes/series.hpp"
#include "errors.hpp"
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/privileges.hpp"
#include "pg/random.hpp"
#include "pg/sequence.hpp"
#include "pg/spi.hpp"
#include "pg/trigger.hpp"
#include "pg/watch.hpp"

namespace sql {

namespace {

constexpr int default_length = 8;
constexpr int shortest = 4, longest = 10, most_check_chars = 2;
constexpr std::size_t longest_name = 48;  // bytes: the sequence's name is six longer, an identifier has 63

void check_name(std::string_view series) {
  if (series.empty() || series.size() > longest_name)
    pg::refuse_argument(fmt::format("invalid series name: {}", codes::shown(series)),
                        fmt::format("A series name has 1 to {} bytes.", longest_name));
  codes::tweak_of(series);  // now, or it would stop the session that reads all series
}

void check_shape(int length, int check_chars) {
  if (length < shortest || length > longest)
    pg::refuse_argument(
        fmt::format("series length {} is out of range", length),
        fmt::format("A series has {} to {} characters, check characters not counted.", shortest, longest));
  if (check_chars < 0 || check_chars > most_check_chars)
    pg::refuse_argument(fmt::format("number of check characters {} is out of range", check_chars),
                        fmt::format("A series has 0 to {} check characters.", most_check_chars));
}

void check_key(std::string_view key) {
  if (key.size() != 16 && key.size() != 24 && key.size() != 32)
    pg::refuse_argument(fmt::format("invalid key of {} bytes", key.size()), "A key has 16, 24 or 32 bytes.");
}

// The row as asked for, NULL standing for "whatever it is"; false when there is one of that name already.
bool insert_row(pg::Spi& spi, std::string_view series, std::optional<int> length,
                std::optional<int> check_chars, const std::optional<pg::ByteaView>& key) {
  return spi.run(
             "INSERT INTO steward._series (series, length, check_chars, key) VALUES ($1, $2, $3, $4)"
             " ON CONFLICT (series) DO NOTHING",
             std::string{series}, std::int32_t{length.value_or(default_length)},
             std::int32_t{check_chars.value_or(0)},
             pg::Bytea{key ? std::string{key->bytes} : pg::random_bytes(32)}) != 0;
}

void make_sequence(pg::Spi& spi, std::string_view series) {
  spi.run(fmt::format(
      "CREATE SEQUENCE steward.{} AS bigint MINVALUE 0 START WITH 0 OWNED BY steward._series.series",
      pg::quoted_identifier(codes::sequence_name(series))));
}

// False when there is none. A series never changes: every code that was given out depends on its key and its length.
bool check_same(pg::Spi& spi, std::string_view series, std::optional<int> length,
                std::optional<int> check_chars, const std::optional<pg::ByteaView>& key) {
  if (spi.run("SELECT length, check_chars, key OPERATOR(pg_catalog.=) $2 FROM steward._series"
              " WHERE series OPERATOR(pg_catalog.=) $1",
              std::string{series}, pg::Bytea{key ? std::string{key->bytes} : std::string{}}) == 0)
    return false;
  const std::string its_length = spi.text(0, 1), its_check_chars = spi.text(0, 2);
  if ((!length || its_length == std::to_string(*length)) &&
      (!check_chars || its_check_chars == std::to_string(*check_chars)) && (!key || spi.text(0, 3) == "t"))
    return true;
  throw pg::Error{ERRCODE_DUPLICATE_OBJECT,
                  fmt::format("series {} exists with other properties", codes::shown(series))}
      .detail(fmt::format("It has length {}, {} check characters and a key of its own.", its_length,
                          its_check_chars))
      .hint("A series never changes, or its codes could not be decoded; create another one.");
}

void refuse_if_used(std::string_view series) {
  for (const codes::AssignedColumn& column : codes::assigned_columns())
    if (column.assignment.series == series)
      throw pg::Error{
          ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,
          fmt::format("cannot drop series {} because a table takes codes from it", codes::shown(series))}
          .detail(fmt::format("Column \"{}\" of table {} does.", column.name,
                              pg::qualified_name(column.relation)))
          .hint("Call steward.unassign_codes() on the column first.");
}

}  // namespace

void create_series(std::string_view series, std::optional<std::int32_t> length,
                   std::optional<std::int32_t> check_chars, const std::optional<pg::ByteaView>& key) {
  pg::require_writable("create_series()");
  check_name(series);
  check_shape(length.value_or(default_length), check_chars.value_or(0));
  if (key) check_key(key->bytes);

  const Oid table = pg::own_relation(codes::series_table);
  const pg::ActingAs owner{pg::owner_of(table)};
  pg::Spi spi;
  // What stood in the way may be dropped by another session before it can be looked at.
  while (!insert_row(spi, series, length, check_chars, key)) {
    if (check_same(spi, series, length, check_chars, key)) return;
    pg::check_interrupts();
  }
  make_sequence(spi, series);
  pg::announce_change(table);
}

void drop_series(std::string_view series) {
  pg::require_writable("drop_series()");
  // Whoever is just now making a column take codes from it, or has taken some, is waited for.
  codes::lock_sequence(series, AccessExclusiveLock);
  if (codes::find_series(series) == nullptr) codes::refuse_unknown_series(series);
  refuse_if_used(series);

  const Oid table = pg::own_relation(codes::series_table);
  const pg::ActingAs owner{pg::owner_of(table)};
  pg::Spi spi;
  if (spi.run("DELETE FROM steward._series WHERE series OPERATOR(pg_catalog.=) $1", std::string{series}) == 0)
    throw pg::Error{ERRCODE_T_R_SERIALIZATION_FAILURE,
                    fmt::format("could not drop series {} due to a concurrent change", codes::shown(series))}
        .detail("It was created after this transaction began, or another one has dropped it.");
  const std::string sequence = codes::sequence_name(series);
  if (pg::own_relation(sequence) != InvalidOid)
    spi.run(fmt::format("DROP SEQUENCE steward.{}", pg::quoted_identifier(sequence)));
  pg::announce_change(table);
}

std::optional<std::int64_t> _next_id(std::string_view series) {
  if (pg::own_relation(codes::sequence_name(series)) == InvalidOid) return std::nullopt;
  const pg::ActingAs owner{pg::owner_of(pg::own_relation(codes::series_table))};
  pg::Spi spi;
  spi.run(
      fmt::format("SELECT CASE WHEN is_called THEN last_value OPERATOR(pg_catalog.+) 1 ELSE last_value END"
                  " FROM steward.{}",
                  pg::quoted_identifier(codes::sequence_name(series))));
  return std::stoll(spi.text(0, 1));
}

}  // namespace sql

namespace triggers {

// A row that create_series() inserts has no sequence yet; one that a dump brings has had it made before.
HeapTuple _adopt_sequence(const pg::TriggerCall& call) {
  const std::string series{call.text(call.new_row(), codes::col_series).value()};
  const Oid sequence = pg::own_relation(codes::sequence_name(series));
  if (sequence != InvalidOid) pg::tie(sequence, call.relation_id());
  pg::announce_change(call.relation_id());
  return nullptr;
}

}  // namespace triggers

PG_SQL_FUNCTION(create_series);
PG_SQL_FUNCTION(drop_series);
PG_SQL_FUNCTION(_next_id);
PG_TRIGGER_FUNCTION(_adopt_sequence);
