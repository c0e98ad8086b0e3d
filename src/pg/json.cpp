#include "pg/json.hpp"

#include "pg/datum.hpp"

namespace pg {

JsonObject::JsonObject(const char* text)
    : value_{call(::DirectFunctionCall1Coll, ::jsonb_in, Oid{InvalidOid}, CStringGetDatum(text))} {}

std::optional<std::string> JsonObject::text(const char* member) const {
  LOCAL_FCINFO(fcinfo, 2);
  InitFunctionCallInfoData(*fcinfo, nullptr, 2, InvalidOid, nullptr, nullptr);
  fcinfo->args[0] = {value_, false};
  fcinfo->args[1] = {Type<std::string_view>::to(member), false};
  const Datum found = call(::jsonb_object_field_text, static_cast<FunctionCallInfo>(fcinfo));
  if (fcinfo->isnull) return std::nullopt;
  return Type<std::string>::from(found);
}

}  // namespace pg
