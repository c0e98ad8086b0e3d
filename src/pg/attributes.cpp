#include "pg/attributes.hpp"

#include "pg/generated.hpp"

extern "C" {
#include "catalog/pg_attribute.h"
#include "catalog/pg_operator.h"
#include "utils/array.h"
#include "utils/datum.h"
}

namespace pg {

namespace {

// A row of the catalog's caches for a scope.
class Cached : faults::Counted {
 public:
  explicit Cached(HeapTuple tuple) noexcept : tuple_{tuple} {}
  Cached(const Cached&) = delete;
  Cached& operator=(const Cached&) = delete;
  ~Cached() {
    if (tuple_ != nullptr) ReleaseSysCache(tuple_);
  }

  bool is_there() const noexcept { return tuple_ != nullptr; }
  HeapTuple tuple() const noexcept { return tuple_; }
  template <typename Form>
  const Form& form() const noexcept {
    return *reinterpret_cast<const Form*>(GETSTRUCT(tuple_));
  }

 private:
  HeapTuple tuple_;
};

// Server code only: called through the door as one. The value is kept as an array of one element.
Datum only_element(Datum array, const FormData_pg_attribute* column, bool* null) {
  int first = 1;
  const Datum value =
      array_get_element(array, 1, &first, -1, column->attlen, column->attbyval, column->attalign, null);
  return *null ? value : datumCopy(value, column->attbyval, column->attlen);
}

}  // namespace

std::vector<Attribute> attributes_of(Oid table) {
  std::vector<Attribute> columns;
  const Cached relation{call(::SearchSysCache1, static_cast<int>(RELOID), ObjectIdGetDatum(table))};
  if (!relation.is_there()) return columns;
  const int count = relation.form<FormData_pg_class>().relnatts;
  for (int number = 1; number <= count; ++number) {
    const Cached column{call(::SearchSysCache2, static_cast<int>(ATTNUM), ObjectIdGetDatum(table),
                             Int16GetDatum(static_cast<std::int16_t>(number)))};
    if (!column.is_there()) continue;
    const auto& form = column.form<FormData_pg_attribute>();
    if (form.attisdropped || is_computed_when_read(form)) continue;
    columns.push_back({form.attnum, NameStr(form.attname), form.atttypid, form.atttypmod, form.attcollation});
  }
  return columns;
}

std::optional<MissingValue> missing_value(Oid table, const std::string& name) {
  const Cached column{call(::SearchSysCacheAttName, table, name.c_str())};
  if (!column.is_there() || !column.form<FormData_pg_attribute>().atthasmissing) return std::nullopt;
  bool null = false;
  const Datum array = call(::SysCacheGetAttr, static_cast<int>(ATTNUM), column.tuple(),
                           AttrNumber{Anum_pg_attribute_attmissingval}, &null);
  if (null) return std::nullopt;
  const auto& form = column.form<FormData_pg_attribute>();
  const Datum value = call(&only_element, array, &form, &null);
  if (null) return std::nullopt;
  return MissingValue{form.atttypid, value};
}

bool is_filled_in(Oid table, const std::string& name) {
  const Cached column{call(::SearchSysCacheAttName, table, name.c_str())};
  if (!column.is_there()) return false;
  const auto& form = column.form<FormData_pg_attribute>();
  return form.atthasdef || form.attidentity != '\0' || form.attgenerated != '\0';
}

std::vector<std::string> equality_operators(Oid index) {
  const OpenRelation relation{index, AccessShareLock};
  std::vector<std::string> operators;
  for (int i = 0; i < relation.get()->rd_index->indnkeyatts; ++i) {
    const Oid type = relation.get()->rd_opcintype[i];
    const Oid equality = call(::get_opfamily_member, relation.get()->rd_opfamily[i], type, type,
                              std::int16_t{BTEqualStrategyNumber});
    const Cached row{call(::SearchSysCache1, static_cast<int>(OPEROID), ObjectIdGetDatum(equality))};
    if (!row.is_there())
      throw Error{ERRCODE_INTERNAL_ERROR, fmt::format("index with OID {} has no equality", index)};
    const auto& form = row.form<FormData_pg_operator>();
    operators.push_back(fmt::format("OPERATOR({}.{})",
                                    quoted_identifier(call(::get_namespace_name, form.oprnamespace)),
                                    NameStr(form.oprname)));
  }
  return operators;
}

}  // namespace pg
