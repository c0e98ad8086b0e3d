#include "pg/event_trigger.hpp"

#include "pg/spi.hpp"

extern "C" {
#include "catalog/indexing.h"
#include "catalog/partition.h"
#include "commands/event_trigger.h"
#include "nodes/parsenodes.h"
#include "tcop/deparse_utility.h"
}

namespace pg {

namespace {

std::optional<TableChange::Kind> kind_of(AlterTableType type) {
  using Kind = TableChange::Kind;
  switch (type) {
    case AT_AttachPartition:
      return Kind::attached;
    case AT_DetachPartition:
    case AT_DetachPartitionFinalize:
      return Kind::detached;
    case AT_AddInherit:
      return Kind::inherits;
    case AT_SetUnLogged:
      return Kind::unlogged;
    default:
      return std::nullopt;
  }
}

bool may_change(const Node* statement) {
  switch (nodeTag(statement)) {
    case T_CreateStmt:
      return reinterpret_cast<const CreateStmt*>(statement)->inhRelations != NIL;
    case T_CreateForeignTableStmt:
      return reinterpret_cast<const CreateForeignTableStmt*>(statement)->base.inhRelations != NIL;
    case T_CreateSchemaStmt:
      return reinterpret_cast<const CreateSchemaStmt*>(statement)->schemaElts != NIL;
    case T_AlterTableStmt: {
      const List* commands = reinterpret_cast<const AlterTableStmt*>(statement)->cmds;
      for (int i = 0; i < list_length(commands); ++i)
        if (kind_of(static_cast<const AlterTableCmd*>(list_nth(commands, i))->subtype)) return true;
      return false;
    }
    default:
      return false;
  }
}

void add_made(std::vector<TableChange>& changes, const CollectedCommand& command) {
  const NodeTag tag = nodeTag(command.parsetree);
  if (tag != T_CreateStmt && tag != T_CreateForeignTableStmt) return;
  const Oid table = command.d.simple.address.objectId;
  const auto kind =
      call(::get_rel_relispartition, table) ? TableChange::Kind::made : TableChange::Kind::inherits;
  for (const Oid parent : parents_of(table)) changes.push_back({kind, parent, table});
}

// The server notes the parent, and of the partition the name alone. It may have gone while it was being detached.
Oid named_partition(const AlterTableCmd* command) {
  const RangeVar* name = reinterpret_cast<const PartitionCmd*>(command->def)->name;
  return call(::RangeVarGetRelidExtended, name, LOCKMODE{NoLock}, std::uint32_t{RVR_MISSING_OK},
              RangeVarGetRelidCallback{nullptr}, static_cast<void*>(nullptr));
}

void add_altered(std::vector<TableChange>& changes, const CollectedCommand& command) {
  using Kind = TableChange::Kind;
  const Oid altered = command.d.alterTable.objectId;
  for (int i = 0; i < list_length(command.d.alterTable.subcmds); ++i) {
    const auto* part = static_cast<const CollectedATSubcmd*>(list_nth(command.d.alterTable.subcmds, i));
    const auto* step = reinterpret_cast<const AlterTableCmd*>(part->parsetree);
    const std::optional<Kind> kind = kind_of(step->subtype);
    if (!kind) continue;
    if (*kind == Kind::unlogged) {
      changes.push_back({*kind, InvalidOid, altered});
    } else if (*kind == Kind::inherits) {
      for (const Oid parent : parents_of(altered)) changes.push_back({*kind, parent, altered});
    } else if (const Oid partition = named_partition(step); OidIsValid(partition)) {
      changes.push_back({*kind, altered, partition});
    }
  }
}

// A value of type pg_ddl_command is a pointer to what the server has noted.
const CollectedCommand& command_in(std::uint64_t row) {
  bool null = false;
  const Datum datum = call(::SPI_getbinval, SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 1, &null);
  return *reinterpret_cast<const CollectedCommand*>(DatumGetPointer(datum));
}

// Words one after the other, each with its NUL.
std::vector<std::string> words_in(Datum bytes, int count) {
  const auto* all = call(::pg_detoast_datum_packed, reinterpret_cast<varlena*>(DatumGetPointer(bytes)));
  const char* word = VARDATA_ANY(all);
  std::vector<std::string> words;
  for (int i = 0; i < count; ++i) {
    words.emplace_back(word);
    word += words.back().size() + 1;
  }
  return words;
}

std::vector<Oid> oids(const Spi& spi, std::uint64_t count) {
  std::vector<Oid> found;
  for (std::uint64_t i = 0; i < count; ++i) found.push_back(spi.value<RelationId>(i, 1).oid);
  return found;
}

}  // namespace

EventCall::EventCall(FunctionCallInfo fcinfo, const char* function, const char* event) : statement_{nullptr} {
  const auto* data =
      CALLED_AS_EVENT_TRIGGER(fcinfo) ? reinterpret_cast<const EventTriggerData*>(fcinfo->context) : nullptr;
  if (data == nullptr || std::strcmp(data->event, event) != 0)
    throw Error{ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED,
                fmt::format("function \"{}\" can only be called by an event trigger on {}", function, event)};
  statement_ = data->parsetree;
}

bool EventCall::may_change_tables() const { return may_change(statement_); }

std::vector<TableChange> EventCall::table_changes() const {
  std::vector<TableChange> changes;
  Spi spi;
  const std::uint64_t count = spi.query(
      "SELECT command FROM pg_catalog.pg_event_trigger_ddl_commands()"
      " WHERE classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass");
  for (std::uint64_t i = 0; i < count; ++i) {
    const CollectedCommand& command = command_in(i);
    if (command.type == SCT_Simple) add_made(changes, command);
    if (command.type == SCT_AlterTable) add_altered(changes, command);
  }
  return changes;
}

std::vector<Oid> EventCall::altered_tables() const {
  Spi spi;
  const std::uint64_t count = spi.query(
      "SELECT objid::pg_catalog.regclass FROM pg_catalog.pg_event_trigger_ddl_commands()"
      " WHERE classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass"
      " UNION SELECT c.oid FROM pg_catalog.pg_event_trigger_ddl_commands() AS d JOIN pg_catalog.pg_class AS c"
      " ON c.relnamespace OPERATOR(pg_catalog.=) d.objid"
      " WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass"
      " AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'p']::\"char\"[])");
  return oids(spi, count);
}

std::vector<Oid> EventCall::dropped_tables() const {
  Spi spi;
  const std::uint64_t count = spi.query(
      "SELECT objid::pg_catalog.regclass FROM pg_catalog.pg_event_trigger_dropped_objects()"
      " WHERE classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass"
      " AND objsubid OPERATOR(pg_catalog.=) 0 AND object_type OPERATOR(pg_catalog.=) 'table'");
  return oids(spi, count);
}

std::vector<Oid> EventCall::dropped_triggers() const {
  Spi spi;
  const std::uint64_t count = spi.query(
      "SELECT objid::pg_catalog.regclass FROM pg_catalog.pg_event_trigger_dropped_objects()"
      " WHERE classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_trigger'::pg_catalog.regclass");
  return oids(spi, count);
}

bool EventCall::drops_triggers_by_name() const noexcept {
  return IsA(statement_, DropStmt) &&
         reinterpret_cast<const DropStmt*>(statement_)->removeType == OBJECT_TRIGGER;
}

// A row that a transaction in progress has deleted is still where it was, and no snapshot hides it from SnapshotAny. Of several
// versions, which differ in name or state, any will do.
std::optional<TriggerRow> trigger_row(Oid trigger) {
  const OpenRelation table{TriggerRelationId, AccessShareLock};
  ScanKeyData key;
  call(::ScanKeyInit, &key, AttrNumber{Anum_pg_trigger_oid}, StrategyNumber{BTEqualStrategyNumber},
       RegProcedure{F_OIDEQ}, ObjectIdGetDatum(trigger));
  const SysScanDesc scan =
      call(::systable_beginscan, table.get(), Oid{TriggerOidIndexId}, true, Snapshot{SnapshotAny}, 1, &key);
  std::optional<TriggerRow> found;
  if (const HeapTuple tuple = call(::systable_getnext, scan); tuple != nullptr) {
    const auto& row = *reinterpret_cast<Form_pg_trigger>(GETSTRUCT(tuple));
    bool null = false;
    const Datum arguments = call(::heap_getattr, tuple, int{Anum_pg_trigger_tgargs}, table.columns(), &null);
    found = TriggerRow{row.tgrelid, row.tgfoid, row.tgparentid, words_in(arguments, row.tgnargs)};
  }
  call(::systable_endscan, scan);
  return found;
}

}  // namespace pg
