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

struct RowRule {
  std::string subject, measure;              // names of columns; an empty measure counts each row as 1
  std::string old_condition, new_condition;  // empty for all rows
  bool standing, partitioned;
};
void bind_rows(Oid table, std::int32_t meter, const RowRule& rule);
void unbind_rows(Oid table, std::int32_t meter);

// The meter's number and the duty that a trigger's arguments name; nothing for anybody else's.
struct TriggerArguments {
  std::int32_t meter;
  Duty duty;
};
std::optional<TriggerArguments> arguments_of(const Trigger& trigger);

// What all rows of a table come to by subject, as a query with columns subject and n.
std::string counting_query(const pg::OpenRelation& table, const LimitedRows& rows);

}  // namespace limits
