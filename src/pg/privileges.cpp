#include "pg/privileges.hpp"

extern "C" {
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "utils/rls.h"
}

namespace pg {

bool has_rights_of(Oid role, Oid other) { return call(::has_privs_of_role, role, other); }

bool may_execute(Oid role, Oid function) {
#if PG_VERSION_NUM >= 160000
  return call(::object_aclcheck, Oid{ProcedureRelationId}, function, role, AclMode{ACL_EXECUTE}) ==
         ACLCHECK_OK;
#else
  return call(::pg_proc_aclcheck, function, role, AclMode{ACL_EXECUTE}) == ACLCHECK_OK;
#endif
}

void require_role(const std::string& name) { call(::get_role_oid, name.c_str(), false); }

void require_owner(Oid relation) {
  if (has_rights_of(GetUserId(), owner_of(relation))) return;
  call(::aclcheck_error, ACLCHECK_NOT_OWNER, call(::get_relkind_objtype, call(::get_rel_relkind, relation)),
       static_cast<const char*>(call(::get_rel_name, relation)));
}

void require_may_create_in(const std::string& schema, Oid role) {
  const Oid oid = call(::get_namespace_oid, schema.c_str(), false);
#if PG_VERSION_NUM >= 160000
  const AclResult result = call(::object_aclcheck, Oid{NamespaceRelationId}, oid, role, AclMode{ACL_CREATE});
#else
  const AclResult result = call(::pg_namespace_aclcheck, oid, role, AclMode{ACL_CREATE});
#endif
  if (result != ACLCHECK_OK) call(::aclcheck_error, result, OBJECT_SCHEMA, schema.c_str());
}

bool may_use_column(Oid relation, AttrNumber column, AclMode right) {
  const Oid user = GetUserId();
  return call(::pg_class_aclcheck, relation, user, right) == ACLCHECK_OK ||
         call(::pg_attribute_aclcheck, relation, column, user, right) == ACLCHECK_OK;
}

bool may_hide_rows(Oid relation, Oid role) {
  return call(::check_enable_rls, relation, role, true) == RLS_ENABLED;
}

void require_writable(const char* command) { call(::PreventCommandIfReadOnly, command); }

void require_not_parallel(const char* command) { call(::PreventCommandIfParallelMode, command); }

ActingAs::ActingAs(Oid role, Code code) noexcept {
  GetUserIdAndSecContext(&role_, &security_);
  const int restricted = code == Code::theirs && role != role_ ? SECURITY_RESTRICTED_OPERATION : 0;
  SetUserIdAndSecContext(role, security_ | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS | restricted);
}

ActingAs::~ActingAs() { SetUserIdAndSecContext(role_, security_); }

}  // namespace pg
