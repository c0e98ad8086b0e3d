// One subject's row: by index where there is one, which takes a tenth of the time of a statement, else as the owner of its table.
#include "errors.hpp"
#include "keys/key_text.hpp"
#include "keys/plans.hpp"
#include "limits/subjects.hpp"
#include "pg/heap.hpp"
#include "pg/period.hpp"
#include "pg/privileges.hpp"

namespace limits {

namespace {

constexpr const char default_tier[] = "default";
constexpr const char default_zone[] = "UTC";

std::string column(const std::string& name, const char* type) {
  if (name.empty()) return fmt::format("NULL::pg_catalog.{}", type);
  return fmt::format("r.{}::pg_catalog.{}", pg::quoted_identifier(name), type);
}

std::string statement(const SubjectTable& table, const std::string& columns, const char* locking) {
  return fmt::format("SELECT {} FROM {} r WHERE r.{} OPERATOR(pg_catalog.=) $1::{}{}", columns,
                     keys::table_text(table.relation), pg::quoted_identifier(table.key),
                     keys::key_cast(table.key_type), locking);
}

// It is known by the name that it had when the meter was defined.
AttrNumber require_max_column(const SubjectTable& table, const std::string& name) {
  if (name.empty()) return 0;
  if (const AttrNumber number = pg::call(::get_attnum, table.relation, name.c_str()); number > 0)
    return number;
  throw pg::at(
      pg::Error{ERRCODE_UNDEFINED_COLUMN, fmt::format("column \"{}\" of table \"{}\" does not exist", name,
                                                      pg::call(::get_rel_name, table.relation))}
          .detail("A meter takes its limit from there.")
          .hint("steward.define_meter() names another column: max_col => '...'."),
      table.relation);
}

// Where a unique key was dropped there may be several rows; none of them is the subject then.
bool is_one(const SubjectTable& table, const std::string& subject, std::uint64_t rows) {
  if (rows <= 1) return rows == 1;
  throw pg::at(pg::Error{ERRCODE_CARDINALITY_VIOLATION,
                         fmt::format("table \"{}\" has several rows with {} = \"{}\"",
                                     pg::call(::get_rel_name, table.relation), table.key, subject)}
                   .hint("The key of subjects needs to be unique."),
               table.relation, table.key);
}

// It may have got another type since the meter was defined, which a statement converts.
bool is_integer(const SubjectTable& table, AttrNumber number) {
  if (number == 0) return true;
  const Oid type = pg::call(::getBaseType, pg::call(::get_atttype, table.relation, number));
  return type == INT2OID || type == INT4OID || type == INT8OID;
}

// A value of a column whose type says how it is read.
class Value {
 public:
  Value(const pg::OpenRelation& table, HeapTuple row, AttrNumber number) : type_{InvalidOid} {
    if (number == 0) return;
    bool null = false;
    value_ = pg::call(::heap_getattr, row, int{number}, table.columns(), &null);
    if (!null) type_ = pg::call(::getBaseType, TupleDescAttr(table.columns(), number - 1)->atttypid);
  }

  std::optional<std::string> text() const {
    if (type_ == InvalidOid) return std::nullopt;
    if (type_ == TEXTOID || type_ == VARCHAROID) return pg::Type<std::string>::from(value_);
    return std::string{
        DatumGetCString(pg::call(::DirectFunctionCall1Coll, ::enum_out, Oid{InvalidOid}, value_))};
  }

  std::optional<pg::Timestamp> time() const {
    if (type_ == InvalidOid) return std::nullopt;
    return pg::Type<pg::Timestamp>::from(value_);
  }

  std::optional<std::int64_t> integer() const {
    if (type_ == InvalidOid) return std::nullopt;
    if (type_ == INT2OID) return DatumGetInt16(value_);
    return type_ == INT4OID ? DatumGetInt32(value_) : DatumGetInt64(value_);
  }

 private:
  Oid type_;
  Datum value_ = 0;
};

std::optional<Subject> find_by_index(const SubjectTable& table, const std::string& subject,
                                     AttrNumber max_number) {
  const pg::OpenRelation relation{table.relation, AccessShareLock};
  ScanKeyData key = pg::equals(*table.index, table.number.key, keys::key_value(table.key_type, subject));
  pg::IndexLookup lookup{relation.get(), table.index->oid, &key, 1, pg::IndexLookup::Sees::committed};
  const HeapTuple row = lookup.next();
  if (row == nullptr) return std::nullopt;
  const auto value = [&](AttrNumber number) { return Value{relation, row, number}; };
  return Subject{.tier = table.tier.empty() ? default_tier : value(table.number.tier).text().value_or(""),
                 .expires = value(table.number.expires).time(),
                 .anchor = value(table.number.anchor).time(),
                 .zone = value(table.number.zone).text().value_or(default_zone),
                 .max = value(max_number).integer()};
}

std::optional<Subject> find_by_statement(const SubjectTable& table, const std::string& subject,
                                         const std::string& max_col) {
  const std::string sql = statement(
      table,
      fmt::format("{}, {}, {}, {}, {}", column(table.tier, "text"), column(table.expires, "timestamptz"),
                  column(table.anchor, "timestamptz"), column(table.zone, "text"), column(max_col, "int8")),
      "");
  const pg::ActingAs owner{pg::owner_of(table.relation), pg::ActingAs::Code::theirs};
  pg::Spi spi;
  if (!is_one(table, subject, keys::run_planned(spi, sql, subject, true))) return std::nullopt;
  return Subject{.tier = table.tier.empty() ? default_tier : spi.find<std::string>(0, 1).value_or(""),
                 .expires = spi.find<pg::Timestamp>(0, 2),
                 .anchor = spi.find<pg::Timestamp>(0, 3),
                 .zone = spi.find<std::string>(0, 4).value_or(default_zone),
                 .max = spi.find<std::int64_t>(0, 5)};
}

}  // namespace

std::optional<Subject> find_subject(const SubjectTable& table, const std::string& subject,
                                    const std::string& max_col) {
  const AttrNumber max_number = require_max_column(table, max_col);
  return table.index && is_integer(table, max_number) ? find_by_index(table, subject, max_number)
                                                      : find_by_statement(table, subject, max_col);
}

void require_zone(const SubjectTable& table, const std::string& subject, const std::string& zone) {
  if (pg::knows_zone(zone)) return;
  throw pg::at(
      pg::Error{
          ERRCODE_INVALID_PARAMETER_VALUE,
          fmt::format("column \"{}\" of table \"{}\" says \"{}\" for subject \"{}\", which is no time zone",
                      table.zone, pg::call(::get_rel_name, table.relation), zone, subject)}
          .hint("View pg_timezone_names shows those that there are; NULL is UTC."),
      table.relation, table.zone);
}

void lock_subject(const SubjectTable& table, const std::string& subject) {
  const std::string sql = statement(table, "1", " FOR KEY SHARE OF r");
  const pg::ActingAs owner{pg::owner_of(table.relation), pg::ActingAs::Code::theirs};
  pg::Spi spi;
  if (!is_one(table, subject, keys::run_planned(spi, sql, subject, false))) refuse_subject(table, subject);
}

void require_subject(const SubjectTable& table, const std::string& subject) {
  if (!find_subject(table, subject, "")) refuse_subject(table, subject);
}

void refuse_subject(const SubjectTable& table, const std::string& subject, const char* detail) {
  const char* name = pg::call(::get_rel_name, table.relation);
  throw pg::at(pg::Error{errors::unknown_limit, fmt::format("table \"{}\" has no subject with {} = \"{}\"",
                                                            name != nullptr ? name : "?", table.key, subject)}
                   .detail(detail)
                   .hint(*detail != '\0' ? ""
                                         : "Insert the row first, or look at which column "
                                           "steward.bind_subjects() was given as key_col."),
               table.relation, table.key);
}

}  // namespace limits
