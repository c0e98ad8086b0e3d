#include "pg/client.hpp"

#include <arpa/inet.h>

extern "C" {
#include "utils/inet.h"
}

namespace pg {

namespace {

std::uint64_t changes = 0;  // 0 before anybody has asked

void note_role(Datum, int, std::uint32_t) { ++changes; }

}  // namespace

std::optional<std::string> client_address() {
  LOCAL_FCINFO(fcinfo, 0);
  InitFunctionCallInfoData(*fcinfo, nullptr, 0, InvalidOid, nullptr, nullptr);
  const Datum address = call(::inet_client_addr, static_cast<FunctionCallInfo>(fcinfo));
  if (fcinfo->isnull) return std::nullopt;
  return DatumGetCString(call(::DirectFunctionCall1Coll, ::inet_out, Oid{InvalidOid}, address));
}

// As inet_in() reads it.
bool is_address(const char* text) noexcept {
  unsigned char address[sizeof(inet_struct)];
  const int family = std::strchr(text, ':') != nullptr ? PGSQL_AF_INET6 : PGSQL_AF_INET;
  return pg_inet_net_pton(family, text, address, -1) >= 0;
}

std::string role_name(Oid role) {
  const char* name = call(::GetUserNameFromId, role, true);
  return name != nullptr ? name : fmt::format("{}", role);
}

std::uint64_t role_changes() {
  if (changes == 0) {
    call(::CacheRegisterSyscacheCallback, int{AUTHOID}, &note_role, Datum{0});
    changes = 1;
  }
  return changes;
}

}  // namespace pg
