#include "pg/function.hpp"

namespace pg::detail {

namespace {

// The name that the caller wrote, or would write, for an argument; empty when it cannot be told.
std::string argument_name(FunctionCallInfo fcinfo, int argument) {
  if (fcinfo->flinfo == nullptr) return {};
  const HeapTuple tuple = call(::SearchSysCache1, static_cast<int>(PROCOID), ObjectIdGetDatum(fcinfo->flinfo->fn_oid));
  if (!HeapTupleIsValid(tuple)) return {};
  Oid* types = nullptr;
  char** names = nullptr;
  char* modes = nullptr;
  const int count = call(::get_func_arg_info, tuple, &types, &names, &modes);
  std::string name = names != nullptr && argument < count ? names[argument] : "";
  call(::ReleaseSysCache, tuple);
  return name;
}

}  // namespace

void refuse_null(FunctionCallInfo fcinfo, int argument) {
  const std::string name = argument_name(fcinfo, argument);
  throw Error{ERRCODE_NULL_VALUE_NOT_ALLOWED, name.empty() ? fmt::format("argument {} must not be null", argument + 1)
                                                           : fmt::format("argument \"{}\" must not be null", name)};
}

}  // namespace pg::detail
