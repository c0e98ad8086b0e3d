#include "pg/notice.hpp"

namespace pg {

namespace {

// Server code only: called through the door as one.
void report(int level, int sqlstate, const char* message, const char* detail, const char* hint) {
  ereport(level, errcode(sqlstate), errmsg_internal("%s", message),
          *detail != '\0' ? errdetail_internal("%s", detail) : 0, *hint != '\0' ? errhint("%s", hint) : 0);
}

}  // namespace

void warn(const std::string& message, const std::string& detail, const std::string& hint, int sqlstate) {
  call(&report, int{WARNING}, sqlstate, message.c_str(), detail.c_str(), hint.c_str());
}

void notice(const std::string& message) {
  call(&report, int{NOTICE}, int{ERRCODE_SUCCESSFUL_COMPLETION}, message.c_str(), "", "");
}

}  // namespace pg
