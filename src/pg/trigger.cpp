#include "pg/trigger.hpp"

namespace pg {

TriggerCall::TriggerCall(FunctionCallInfo fcinfo, const char* function)
    : data_{CALLED_AS_TRIGGER(fcinfo) ? reinterpret_cast<const TriggerData*>(fcinfo->context) : nullptr} {
  if (data_ == nullptr)
    throw Error{ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED,
                fmt::format("function \"{}\" can only be called as a trigger", function)};
}

std::optional<Datum> TriggerCall::value(HeapTuple row, AttrNumber column) const {
  bool null = false;
  const Datum datum = call(::heap_getattr, row, int{column}, RelationGetDescr(data_->tg_relation), &null);
  if (null) return std::nullopt;
  return datum;
}

std::optional<std::string_view> TriggerCall::text(HeapTuple row, AttrNumber column) const {
  const std::optional<Datum> datum = value(row, column);
  if (!datum) return std::nullopt;
  return Type<std::string_view>::from(*datum);
}

HeapTuple TriggerCall::with_text(HeapTuple row, AttrNumber column, std::string_view value) const {
  Datum datum = Type<std::string_view>::to(value);
  bool null = false;
  int number = column;
  return call(::heap_modify_tuple_by_cols, row, RelationGetDescr(data_->tg_relation), 1, &number, &datum,
              &null);
}

const char* enabling(char state) {
  switch (state) {
    case TRIGGER_FIRES_ALWAYS:
      return "ENABLE ALWAYS";
    case TRIGGER_FIRES_ON_REPLICA:
      return "ENABLE REPLICA";
    case TRIGGER_DISABLED:
      return "DISABLE";
    default:
      return "ENABLE";
  }
}

int trigger_depth() {
  LOCAL_FCINFO(fcinfo, 0);
  InitFunctionCallInfoData(*fcinfo, nullptr, 0, InvalidOid, nullptr, nullptr);
  return DatumGetInt32(call(::pg_trigger_depth, static_cast<FunctionCallInfo>(fcinfo)));
}

}  // namespace pg
