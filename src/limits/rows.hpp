// Tables whose rows count for a meter, as their triggers say (README.md tells how).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/relation.hpp"

namespace limits {

// What a trigger of ours does. The names sort so that a row is given back before it is counted again.
enum class Duty { columns, insert, insert_other, update_from, update_to, remove, truncate, end };
const char* name_of(Duty duty);

// What a table's triggers say of one meter, in the relation that they are on.
struct LimitedRows {
  std::int32_t meter;
  AttrNumber subject;
  AttrNumber measure;  // 0 when each row counts as 1
  Oid subject_type;    // a domain's base type
  Oid measure_type;
  std::string subject_name, measure_name;
  Oid insert_trigger;  // whose condition says which rows count
};
std::optional<LimitedRows> limited_rows(const pg::OpenRelation& table, std::int32_t meter);

// The tables that are declared for a meter and exist.
std::vector<Oid> limited_tables(std::int32_t meter);
bool is_limited(Oid table, std::int32_t meter);
// Declaring is heard of by every session when it commits.
void record_limited(Oid table, std::int32_t meter);
void erase_limited(Oid table, std::int32_t meter);

// Which rows of a declared table count, for whom and how much, by the names that columns have now.
struct CountingRule {
  Oid table;
  std::string subject;
  std::string measure;    // empty when each row counts as 1
  std::string condition;  // on a row called new; empty for all rows
};
// Nothing when the triggers that say so are not there.
std::optional<CountingRule> counting_rule(Oid table, std::int32_t meter);

struct RowRule {
  std::string subject, measure;              // names of columns; an empty measure counts each row as 1
  std::string old_condition, new_condition;  // empty for all rows
  bool standing, partitioned;
};
// Makes the triggers that are not there yet: those for rows on the table, from which the server makes those of partitions, and those
// for statements on the partitions too. Locks all of them as CREATE TRIGGER does. Returns whether there was one to make.
bool bind_rows(Oid table, std::int32_t meter, const RowRule& rule);
// The triggers for statements alone, on a partition and those that it has.
void bind_statements(Oid partition, std::int32_t meter, bool standing);
// Takes the triggers away from a relation and its partitions, as far as they are not the server's to take away.
void unbind_rows(Oid table, std::int32_t meter);
// 0A000: a crash would take rows of an unlogged table away that stay counted.
void require_logged(Oid table);
// 0A000: rows of a table's children are written without its triggers.
[[noreturn]] void refuse_children(Oid table);
// Whether triggers are being dropped by unbind_rows() at this moment.
bool is_unbinding();

// A measure as its column's type stores it.
std::int64_t integer_of(Oid type, Datum value);

// 22003: such a row cannot be counted.
[[noreturn]] void refuse_negative(Oid table, const std::string& column, std::int64_t value);

// The meter's number and the duty that a trigger's arguments name; nothing for anybody else's.
struct TriggerArguments {
  std::int32_t meter;
  Duty duty;
};
std::optional<TriggerArguments> arguments_of(const Trigger& trigger);
// The same of a trigger's row in the catalog.
std::optional<TriggerArguments> arguments_of(const std::vector<std::string>& words);

}  // namespace limits
