#include "counters/target.hpp"

namespace counters {

namespace {

constexpr keys::Words words{.cannot = "cannot count for table",
                            .instead = "Count for the partitioned table",
                            .by_a_key = "A count belongs to a row by",
                            .one = "count",
                            .many = "counts",
                            .rows = "Counted rows"};

void refuse_computed(const pg::OpenRelation& table, const FormData_pg_attribute& column,
                     const std::string& name) {
  const char* what = column.attgenerated != '\0'  ? "a generated column"
                     : column.attidentity != '\0' ? "an identity column"
                                                  : nullptr;
  if (what != nullptr)
    keys::refuse_column(table, name, ERRCODE_WRONG_OBJECT_TYPE,
                        fmt::format("column \"{}\" of table \"{}\" is {}", name, table.name(), what),
                        "A count is written into an ordinary column.");
}

}  // namespace

void require_countable(const pg::OpenRelation& table) { keys::require_table(table, words); }

KeyColumn require_key(const pg::OpenRelation& table) { return keys::require_key(table, words); }

void require_count_column(const pg::OpenRelation& table, const std::string& name, const std::string& key) {
  const FormData_pg_attribute& column = keys::attribute(table, pg::require_column(table, name));
  if (name == key)
    keys::refuse_column(table, name, ERRCODE_INVALID_COLUMN_REFERENCE,
                        fmt::format("column \"{}\" of table \"{}\" is the key", name, table.name()),
                        "A count needs a column of its own.");
  if (column.atttypid != INT4OID && column.atttypid != INT8OID)
    keys::refuse_type(table, column, "A count is kept in a column of type bigint or integer.");
  refuse_computed(table, column, name);
}

void require_last_column(const pg::OpenRelation& table, const std::string& name) {
  const FormData_pg_attribute& column = keys::attribute(table, pg::require_column(table, name));
  if (column.atttypid != TIMESTAMPTZOID)
    keys::refuse_type(table, column,
                      "The time of the last hit is kept in a column of type timestamp with time zone.");
  refuse_computed(table, column, name);
}

}  // namespace counters
