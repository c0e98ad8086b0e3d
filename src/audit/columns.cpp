#include "audit/columns.hpp"

#include <algorithm>

#include "audit/marks.hpp"
#include "counters/binding.hpp"
#include "pg/generated.hpp"
#include "pg/index.hpp"

namespace audit {

namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What views are counted in is no change of the row.
std::vector<AttrNumber> counted_columns(const pg::OpenRelation& table) {
  std::vector<AttrNumber> numbers;
  for (const counters::Binding& one : counters::bindings_of(table.get())) {
    numbers.push_back(one.column);
    numbers.push_back(one.last);
  }
  return numbers;
}

std::vector<AttrNumber> key_of(const pg::OpenRelation& table, const pg::OpenRelation& top) {
  std::vector<AttrNumber> numbers;
  for (const AttrNumber number : pg::primary_key_columns(top.get()))
    numbers.push_back(pg::require_column(table, NameStr(TupleDescAttr(top.columns(), number - 1)->attname)));
  return numbers;
}

}  // namespace

Columns::Columns(const pg::OpenRelation& table, const Audited& audited) {
  if (table.oid() == audited.table)
    read(table, table, audited.options);
  else
    read(table, pg::OpenRelation{audited.table, AccessShareLock}, audited.options);
}

// A partition's columns have the names of the table's, but not their numbers.
void Columns::read(const pg::OpenRelation& table, const pg::OpenRelation& top, const Options& options) {
  const Marks marks = marks_of(top);
  const std::vector<AttrNumber> counted = counted_columns(table), keys = key_of(table, top);
  const auto is_key = [&](AttrNumber number) {
    return std::find(keys.begin(), keys.end(), number) != keys.end();
  };
  const auto column = [&](const FormData_pg_attribute& one) {
    const std::string name = NameStr(one.attname);
    const bool redacted = has(marks.redacted, name) || has(options.redacted, name);
    return Column{one.attnum, name, pg::JsonType{one.atttypid}, redacted, is_key(one.attnum)};
  };
  for (int i = 0; i < table.columns()->natts; ++i) {
    const FormData_pg_attribute& one = *TupleDescAttr(table.columns(), i);
    if (one.attisdropped || pg::is_computed_when_read(one)) continue;
    if (has(marks.ignored, NameStr(one.attname)) ||
        std::find(counted.begin(), counted.end(), one.attnum) != counted.end())
      continue;
    recorded.push_back(column(one));
  }
  std::sort(recorded.begin(), recorded.end(),
            [](const Column& a, const Column& b) { return pg::json_order(a.name, b.name); });
  for (const AttrNumber number : keys) key.push_back(column(*TupleDescAttr(table.columns(), number - 1)));
  if (marks.tenant)
    tenant.emplace(column(*TupleDescAttr(table.columns(), pg::require_column(table, *marks.tenant) - 1)));
}

}  // namespace audit
