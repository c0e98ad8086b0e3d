#include "pg/function.hpp"

#include "pg/argument.hpp"

extern "C" {
#include "catalog/pg_proc.h"
}

namespace pg::detail {

namespace {

// Where the input argument of that number stands among all, those that only come out included.
int position_of_input(const char* modes, int count, int argument) {
  if (modes == nullptr) return argument;
  int position = 0;
  for (; position < count; ++position) {
    const bool is_output = modes[position] == PROARGMODE_OUT || modes[position] == PROARGMODE_TABLE;
    if (!is_output && argument-- == 0) break;
  }
  return position;
}

// The name that the caller wrote, or would write, for an argument; empty when it cannot be told.
std::string argument_name(FunctionCallInfo fcinfo, int argument) {
  if (fcinfo->flinfo == nullptr) return {};
  const HeapTuple tuple =
      call(::SearchSysCache1, static_cast<int>(PROCOID), ObjectIdGetDatum(fcinfo->flinfo->fn_oid));
  if (!HeapTupleIsValid(tuple)) return {};
  Oid* types = nullptr;
  char** names = nullptr;
  char* modes = nullptr;
  const int count = call(::get_func_arg_info, tuple, &types, &names, &modes);
  const int position = position_of_input(modes, count, argument);
  std::string name = names != nullptr && position < count ? names[position] : "";
  call(::ReleaseSysCache, tuple);
  return name;
}

}  // namespace

void refuse_arguments(FunctionCallInfo fcinfo, std::size_t count) {
  throw Error{ERRCODE_INTERNAL_ERROR,
              fmt::format("library takes {} arguments, SQL declares {}", count, fcinfo->nargs)}
      .hint("The library and the extension are of different versions: ALTER EXTENSION steward UPDATE.");
}

void refuse_null(FunctionCallInfo fcinfo, int argument) {
  const std::string name = argument_name(fcinfo, argument);
  if (!name.empty()) require_given(false, name);
  throw Error{ERRCODE_NULL_VALUE_NOT_ALLOWED, fmt::format("argument {} must not be null", argument + 1)};
}

}  // namespace pg::detail
