#include "limits/row_sums.hpp"

#include "keys/key_text.hpp"
#include "limits/scopes.hpp"
#include "pg/memory.hpp"

namespace limits {

namespace {

Oid type_of(const pg::OpenRelation& table, AttrNumber column) {
  return pg::call(::getBaseType, TupleDescAttr(table.columns(), column - 1)->atttypid);
}

// How much one row counts.
class Measure {
 public:
  Measure(const pg::OpenRelation& table, const std::string& name, Negative negative)
      : relation_{table.oid()}, name_{name}, negative_{negative} {
    if (name.empty()) return;
    column_ = pg::require_column(table, name);
    type_ = type_of(table, column_);
  }

  std::int64_t of(const pg::RowReader& rows) const {
    if (column_ == 0) return 1;
    const std::optional<Datum> value = rows.value(column_);
    const std::int64_t n = value ? integer_of(type_, *value) : 0;
    if (n >= 0) return n;
    if (negative_ == Negative::counts_nothing) return 0;
    refuse_negative(relation_, name_, n);
  }

 private:
  Oid relation_;
  const std::string& name_;
  Negative negative_;
  AttrNumber column_ = 0;
  Oid type_ = InvalidOid;
};

void add_row(Sums& sums, const std::string& subject, std::int64_t n) {
  std::int64_t& sum = sums[subject];
  if (__builtin_add_overflow(sum, n, &sum))
    throw pg::Error{ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
                    fmt::format("what the rows of subject \"{}\" come to is out of range", subject)};
}

void add_rows_of_one(Sums& sums, const pg::OpenRelation& table, const CountingRule& rule, pg::Seen seen,
                     Negative negative) {
  std::optional<pg::Condition> condition;
  if (!rule.condition.empty()) condition = pg::Condition::written(table, rule.condition, "new");
  const AttrNumber subject = pg::require_column(table, rule.subject);
  const Oid subject_type = type_of(table, subject);
  const Measure measure{table, rule.measure, negative};
  pg::RowReader rows{table, condition ? &*condition : nullptr, seen};
  while (rows.next()) {
    const std::optional<Datum> key = rows.value(subject);
    if (!key) continue;
    const pg::InContext memory{rows.row_memory()};
    add_row(sums, keys::key_text(subject_type, *key), measure.of(rows));
  }
}

}  // namespace

// The rows are those of the declared table, and so its owner's: of a partition that somebody else owns, too.
void add_rows(Sums& sums, Oid relation, const CountingRule& rule, pg::Seen seen, Negative negative) {
  const AsOwnerOf owner{rule.table};
  for (const Oid one : pg::partition_tree(relation, AccessShareLock)) {
    const pg::OpenRelation table{one, NoLock};
    if (table.kind() == RELKIND_RELATION) add_rows_of_one(sums, table, rule, seen, negative);
  }
}

}  // namespace limits
