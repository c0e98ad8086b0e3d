#include "codes/series.hpp"

#include <memory>
#include <unordered_map>

#include "codes/messages.hpp"
#include "codes/words.hpp"
#include "errors.hpp"
#include "pg/function.hpp"
#include "pg/memory.hpp"
#include "pg/relation.hpp"
#include "pg/sequence.hpp"
#include "pg/watch.hpp"

namespace codes {

namespace {

struct NameHash : std::hash<std::string_view> {
  using is_transparent = void;
};

// All series of the database: there are few, and one look at the table serves the session until it changes.
struct Catalogue {
  Catalogue() {
    const Oid table = pg::own_relation(series_table);
    watch.start(table);
    pg::TableScan scan{table};
    while (const std::optional<pg::Row> row = scan.next()) {
      const auto name = row->get<std::string>(col_series);
      by_name.emplace(
          std::piecewise_construct, std::forward_as_tuple(name),
          std::forward_as_tuple(name, row->get<pg::ByteaView>(col_key).bytes,
                                row->get<std::int32_t>(col_length), row->get<std::int32_t>(col_check_chars)));
    }
  }

  pg::Watch watch;
  std::unordered_map<std::string, KeyedSeries, NameHash, std::equal_to<>> by_name;
};

pg::Resident<Catalogue> resident;

}  // namespace

KeyedSeries::KeyedSeries(std::string name, std::string_view key, int length, int check_chars)
    : name_{std::move(name)}, codec_{key, length, check_chars, tweak_of(name_)} {}

std::string KeyedSeries::code_of(std::int64_t id) const {
  if (id < 0 || static_cast<std::uint64_t>(id) >= codec_.capacity())
    throw pg::Error{errors::outside_series, fmt::format("id {} is outside series \"{}\"", id, name_)}.detail(
        fmt::format("Its ids are 0 to {}.", codec_.capacity() - 1));
  std::string code(codec_.code_size(), '\0');
  codec_.code_of(static_cast<std::uint64_t>(id), code.data());
  return code;
}

std::string KeyedSeries::next_code() const {
  for (;;) {
    std::string code = code_of(next_id());
    if (!rejects_drawn(code)) return code;
    pg::check_interrupts();
  }
}

std::int64_t KeyedSeries::next_id() const {
  const Oid sequence = pg::own_relation(sequence_name(name_));
  if (sequence == InvalidOid)
    throw pg::Error{ERRCODE_UNDEFINED_TABLE, fmt::format("series \"{}\" has lost its sequence", name_)}.hint(
        fmt::format(
            "Restore sequence steward.{} from a backup, or make it anew to start beyond the last id used.",
            sequence_name(name_)));
  const std::int64_t id = pg::next_value(sequence);
  if (static_cast<std::uint64_t>(id) >= codec_.capacity())
    throw pg::Error{errors::codes_used_up, fmt::format("series \"{}\" is used up", name_)}
        .detail(fmt::format("All {} ids have been given out.", codec_.capacity()))
        .hint("Create a series with a greater length for new rows.");
  return id;
}

const KeyedSeries* find_series(std::string_view name) {
  pg::hear_changes();
  if (resident.get() == nullptr || resident.get()->watch.changed())
    resident.make(TopMemoryContext, "steward series");
  const auto& by_name = resident.get()->by_name;
  const auto found = by_name.find(name);
  return found != by_name.end() ? &found->second : nullptr;
}

const KeyedSeries& series_named(std::string_view name) {
  const KeyedSeries* series = find_series(name);
  if (series == nullptr) refuse_unknown_series(name);
  return *series;
}

void refuse_unknown_series(std::string_view name) {
  throw pg::Error{errors::unknown_series, fmt::format("series {} does not exist", shown(name))}.hint(
      "View steward.series shows all series; steward.create_series() makes one.");
}

std::string sequence_name(std::string_view series) { return fmt::format("_next_{}", series); }

bool lock_sequence(std::string_view series, LOCKMODE lock) {
  return pg::lock_own_relation(sequence_name(series), lock) != InvalidOid;
}

std::string tweak_of(std::string_view series) {
  const char* converted =
      pg::call(::pg_server_to_any, series.data(), static_cast<int>(series.size()), static_cast<int>(PG_UTF8));
  return converted == series.data() ? std::string{series} : std::string{converted};
}

}  // namespace codes

namespace sql {

namespace {

[[noreturn]] void refuse(const core::Series::Verdict& verdict, std::string_view code, std::string_view series,
                         const core::Series& codec) {
  using Verdict = core::Series::Verdict;
  switch (verdict.kind) {
    case Verdict::wrong_length:
      throw pg::Error{errors::outside_series,
                      fmt::format("code {} is outside series {}", codes::shown(code), codes::shown(series))}
          .detail(fmt::format("Its codes have {} characters.", codec.code_size()));
    case Verdict::bad_character:
      throw pg::Error{
          ERRCODE_INVALID_TEXT_REPRESENTATION,
          fmt::format("invalid Base62 code of series {}: {}", codes::shown(series), codes::shown(code))}
          .detail(codes::character_at(code, verdict.position));
    default:
      throw pg::Error{errors::wrong_check,
                      fmt::format("code {} has a wrong check character", codes::shown(code))}
          .detail(fmt::format("No id of series {} has this code.", codes::shown(series)))
          .hint("The code was mistyped or guessed.");
  }
}

}  // namespace

std::string next_code(std::string_view series) { return codes::series_named(series).next_code(); }

std::string code_of(std::int64_t id, std::string_view series) {
  return codes::series_named(series).code_of(id);
}

std::int64_t id_of(std::string_view code, std::string_view series) {
  const core::Series& codec = codes::series_named(series).codec();
  std::uint64_t id = 0;
  const core::Series::Verdict verdict = codec.id_of(code, id);
  if (verdict.kind != core::Series::Verdict::ok) refuse(verdict, code, series, codec);
  return static_cast<std::int64_t>(id);
}

std::optional<std::int64_t> try_id_of(std::string_view code, std::string_view series) {
  const codes::KeyedSeries* found = codes::find_series(series);
  if (found == nullptr) return std::nullopt;
  std::uint64_t id = 0;
  if (found->codec().id_of(code, id).kind != core::Series::Verdict::ok) return std::nullopt;
  return static_cast<std::int64_t>(id);
}

}  // namespace sql

PG_SQL_FUNCTION(next_code);
PG_SQL_FUNCTION(code_of);
PG_SQL_FUNCTION(id_of);
PG_SQL_FUNCTION(try_id_of);
