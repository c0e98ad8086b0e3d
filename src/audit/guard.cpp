// Nothing in the log is changed, and only steward adds to it.
#include <algorithm>

#include "errors.hpp"
#include "pg/privileges.hpp"
#include "pg/trigger.hpp"

namespace audit {

namespace {

constexpr const char* logs[] = {"audit_records", "audit_transactions"};

std::vector<std::string> columns_of(TupleDesc columns) {
  std::vector<std::string> names;
  for (int i = 0; i < columns->natts; ++i)
    if (!TupleDescAttr(columns, i)->attisdropped)
      names.emplace_back(NameStr(TupleDescAttr(columns, i)->attname));
  return names;
}

bool is_like(const pg::TriggerCall& call, Oid log) {
  const pg::OpenRelation table{log, AccessShareLock};
  return columns_of(table.columns()) == columns_of(RelationGetDescr(call.relation()));
}

// A month that has been detached is part of no table any more, and still the log's.
bool is_of_the_log(const pg::TriggerCall& call) {
  const std::vector<Oid> ancestors = pg::ancestors_of(call.relation_id());
  return std::any_of(std::begin(logs), std::end(logs), [&](const char* name) {
    const Oid log = pg::own_relation(name);
    return log != InvalidOid &&
           (log == call.relation_id() ||
            std::find(ancestors.begin(), ancestors.end(), log) != ancestors.end() || is_like(call, log));
  });
}

void require_guarding(const pg::TriggerCall& call) {
  if (call.is_statement_before() && is_of_the_log(call)) return;
  throw pg::at(pg::Error{ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED,
                         fmt::format("trigger \"{}\" is not one of the audit log's", call.trigger().tgname)}
                   .hint("Drop the trigger: it is for steward's own tables."),
               call.relation_id());
}

const char* verb_of(const pg::TriggerCall& call) {
  if (call.is_insert()) return "inserted into";
  return call.is_update() ? "updated in" : call.is_delete() ? "deleted from" : "truncated from";
}

pg::Error refusal(const pg::TriggerCall& call) {
  return pg::Error{errors::append_only, "audit log is append-only"}.detail(fmt::format(
      "Nothing can be {} table \"{}\".", verb_of(call), RelationGetRelationName(call.relation())));
}

// That of a dump, which its COPY restores.
bool is_owners(const pg::TriggerCall& call) {
  return pg::has_rights_of(GetUserId(), pg::owner_of(call.relation_id()));
}

}  // namespace

}  // namespace audit

namespace triggers {

HeapTuple _guard_audit(const pg::TriggerCall& call) {
  audit::require_guarding(call);
  if (!call.is_insert())
    throw pg::at(
        audit::refusal(call).hint("What is old goes by steward.manage_partitions('steward.audit_records', "
                                  "retention => ...), whole months at a time."),
        call.relation_id());
  if (!audit::is_owners(call))
    throw pg::at(
        audit::refusal(call).hint("steward.record_event() records an event, steward.audit_table() the "
                                  "changes of a table."),
        call.relation_id());
  return nullptr;
}

}  // namespace triggers

PG_TRIGGER_FUNCTION(_guard_audit);
