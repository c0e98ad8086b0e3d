#include "codes/column.hpp"

#include <algorithm>

#include "codes/draw.hpp"
#include "codes/messages.hpp"
#include "pg/functions.hpp"
#include "pg/privileges.hpp"

namespace codes {

namespace {

pg::UniqueIndex require_index(Relation relation, AttrNumber number, const std::string& name) {
  if (const std::optional<pg::UniqueIndex> index = pg::unique_index_on(relation, number)) return *index;
  const Oid oid = RelationGetRelid(relation);
  throw pg::at(pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         fmt::format("column \"{}\" has no unique index", name)}
                   .detail("Codes are looked up in the column's unique index: on this column alone, valid,"
                           " of all rows or of those that are not null.")
                   .hint(fmt::format("CREATE UNIQUE INDEX ON {} ({});", pg::qualified_name(oid),
                                     pg::quoted_identifier(name))),
               oid, name);
}

}  // namespace

int CodeColumn::room_behind(std::string_view prefix) const {
  if (type_modifier < 0) return longest_code;
  const int characters = pg::call(::pg_mbstrlen_with_len, prefix.data(), static_cast<int>(prefix.size()));
  return std::max(0, type_modifier - static_cast<int>(VARHDRSZ) - characters);
}

void CodeColumn::require_room(int size, std::string_view prefix) const {
  const int room = room_behind(prefix);
  if (size <= room) return;
  throw pg::at(pg::Error{ERRCODE_INVALID_PARAMETER_VALUE,
                         fmt::format("codes of {} characters do not fit column \"{}\"", size, name)}
                   .detail(fmt::format("It has room for {}, the prefix not counted.", room)),
               relation, name);
}

CodeColumn require_code_column(Relation relation, AttrNumber number) {
  const Oid oid = RelationGetRelid(relation);
  const FormData_pg_attribute* attribute = TupleDescAttr(RelationGetDescr(relation), number - 1);
  std::string name = NameStr(attribute->attname);
  if (attribute->atttypid != TEXTOID && attribute->atttypid != VARCHAROID)
    throw pg::at(
        pg::Error{ERRCODE_DATATYPE_MISMATCH, fmt::format("column \"{}\" is of type {}", name,
                                                         pg::call(::format_type_be, attribute->atttypid))}
            .detail("A code is kept in a column of type text or varchar."),
        oid, name);
  if (attribute->attgenerated != '\0')
    throw pg::at(
        pg::Error{ERRCODE_WRONG_OBJECT_TYPE, fmt::format("column \"{}\" is a generated column", name)}, oid,
        name);
  const pg::UniqueIndex index = require_index(relation, number, name);
  return {oid, number, std::move(name), attribute->atttypmod, index};
}

void require_series_right(const CodeColumn& column, const std::string& series) {
  if (pg::may_execute(pg::owner_of(column.relation),
                      pg::function_named("steward.next_code(pg_catalog.text)")))
    return;
  throw pg::at(pg::Error{ERRCODE_INSUFFICIENT_PRIVILEGE,
                         fmt::format("the table's owner may not take codes from series {}", shown(series))}
                   .hint("Grant access of level app to the owner: SELECT steward.grant_access(role, 'app');"),
               column.relation, column.name);
}

}  // namespace codes
