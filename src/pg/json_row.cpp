#include "pg/json_row.hpp"

#include "pg/plain_output.hpp"

extern "C" {
#include "utils/jsonb.h"
#include "utils/typcache.h"
}

namespace pg {

namespace {

// Server code only, each called through the door as one.

void prepare(Oid type, FmgrInfo* function) {
  fmgr_info_cxt(F_JSONB_POPULATE_RECORD, function, CurrentMemoryContext);
  Const* base = makeConst(type, -1, InvalidOid, -1, Datum{0}, true, false);
  Const* object = makeConst(JSONBOID, -1, InvalidOid, -1, Datum{0}, true, false);
  fmgr_info_set_expr(
      reinterpret_cast<Node*>(makeFuncExpr(F_JSONB_POPULATE_RECORD, type, list_make2(base, object),
                                           InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL)),
      function);
}

HeapTuple populate(FmgrInfo* function, Datum object) {
  LOCAL_FCINFO(call, 2);
  InitFunctionCallInfoData(*call, function, 2, InvalidOid, nullptr, nullptr);
  call->args[0] = {Datum{0}, true};
  call->args[1] = {object, false};
  HeapTupleHeader header = DatumGetHeapTupleHeader(FunctionCallInvoke(call));
  HeapTupleData row{};
  row.t_len = HeapTupleHeaderGetDatumLength(header);
  row.t_data = header;
  ItemPointerSetInvalid(&row.t_self);
  return heap_copytuple(&row);
}

std::optional<std::string> unparsed(const Json& value) {
  constexpr std::string_view name = "unparsed_json";
  if (value.bytes.find(name) == value.bytes.npos || text_of(value).front() != '{') return std::nullopt;
  const std::vector<Member> members = members_of(value);
  if (members.size() != 1 || members.front().name != name) return std::nullopt;
  return plain_text(members.front().value);
}

}  // namespace

JsonRows::JsonRows(Oid type) : shape_{call(::lookup_rowtype_tupdesc_copy, type, -1)} {
  call(&prepare, type, &function_);
}

// What jsonb could not hold is put in as the text that it was.
HeapTuple JsonRows::row_of(const Json& object) {
  std::vector<Member> members = members_of(object);
  std::vector<int> places;
  std::vector<Datum> texts;
  for (Member& member : members) {
    for (int i = 0; i < shape_->natts; ++i) {
      const FormData_pg_attribute& column = *TupleDescAttr(shape_, i);
      if (column.attisdropped || member.name != NameStr(column.attname) ||
          call(::getBaseType, column.atttypid) != JSONOID)
        continue;
      if (const std::optional<std::string> text = unparsed(member.value)) {
        places.push_back(i + 1);
        texts.push_back(Type<std::string>::to(*text));
      }
    }
  }
  HeapTuple row = nullptr;
  {
    Parameters parameters;
    parameters.set("lc_monetary", "C");
    const PlainOutput plain;
    row = call(&populate, &function_, Type<Json>::to(object));
  }
  if (places.empty()) return row;
  std::vector<char> nulls(places.size(), 0);
  return call(::heap_modify_tuple_by_cols, row, shape_, static_cast<int>(places.size()), places.data(),
              texts.data(), reinterpret_cast<bool*>(nulls.data()));
}

}  // namespace pg
