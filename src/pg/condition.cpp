#include "pg/condition.hpp"

extern "C" {
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_clause.h"
#include "parser/parse_collate.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "utils/ruleutils.h"
}

namespace pg {

namespace {

// Server code only: called through the door as one. The text is one expression and nothing beside it.
Node* expression_in(const char* text) {
  List* statements = raw_parser(text, RAW_PARSE_PLPGSQL_EXPR);
  auto* select = reinterpret_cast<SelectStmt*>(linitial_node(RawStmt, statements)->stmt);
  const bool alone =
      IsA(select, SelectStmt) && list_length(select->targetList) == 1 && select->distinctClause == nullptr &&
      select->fromClause == nullptr && select->whereClause == nullptr && select->groupClause == nullptr &&
      select->havingClause == nullptr && select->windowClause == nullptr && select->sortClause == nullptr &&
      select->limitOffset == nullptr && select->limitCount == nullptr && select->lockingClause == nullptr &&
      select->withClause == nullptr && select->op == SETOP_NONE;
  auto* target = alone ? linitial_node(ResTarget, select->targetList) : nullptr;
  if (target == nullptr || target->name != nullptr)
    ereport(ERROR, errcode(ERRCODE_SYNTAX_ERROR), errmsg("condition must be one expression"));
  return target->val;
}

bool uses_system_columns(Node* expression) {
  Bitmapset* columns = nullptr;
  pull_varattnos(expression, 1, &columns);
  const int first = bms_next_member(columns, -1);
  return first >= 0 && first + FirstLowInvalidHeapAttributeNumber < 0;
}

// `row` is what the text calls the row, if anything.
Node* read(Relation table, const char* text, const char* row) {
  Node* raw = expression_in(text);
  ParseState* state = make_parsestate(nullptr);
  state->p_sourcetext = text;
  ParseNamespaceItem* columns = addRangeTableEntryForRelation(
      state, table, AccessShareLock, row != nullptr ? makeAlias(row, NIL) : nullptr, false, true);
  addNSItemToQuery(state, columns, false, true, true);
  Node* expression = transformWhereClause(state, raw, EXPR_KIND_TRIGGER_WHEN, "condition");
  assign_expr_collations(state, expression);
  free_parsestate(state);
  return expression;
}

Node* read_new(Relation table, const char* text) {
  Node* expression = read(table, text, nullptr);
  if (contain_mutable_functions(expression))
    ereport(ERROR, errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
            errmsg("functions in condition must be marked IMMUTABLE"),
            errdetail("What the condition says of a row may change only when the row does."));
  if (uses_system_columns(expression))
    ereport(ERROR, errcode(ERRCODE_INVALID_OBJECT_DEFINITION), errmsg("condition cannot use system columns"),
            errdetail("What the condition says of a row may change only when the row does."));
  return expression;
}

char* write(Oid relation, const char* row, Node* expression) {
  return deparse_expression(expression, deparse_context_for(row != nullptr ? row : "row", relation),
                            row != nullptr, false);
}

}  // namespace

Condition::Condition(const OpenRelation& table, const std::string& text)
    : relation_{table.oid()}, expression_{call(&read_new, table.get(), text.c_str())} {}

Condition Condition::written(const OpenRelation& table, const std::string& text, const char* row) {
  return {table.oid(), call(&read, table.get(), text.c_str(), row)};
}

std::string Condition::text(const char* row) const { return call(&write, relation_, row, expression_); }

// The server writes WHEN (...) between fixed words, and nothing else of a trigger can contain them before it.
std::string trigger_condition(Oid trigger) {
  const std::string definition = Type<std::string>::from(
      call(::DirectFunctionCall1Coll, ::pg_get_triggerdef, Oid{InvalidOid}, ObjectIdGetDatum(trigger)));
  const std::size_t begin = definition.find(" FOR EACH ROW WHEN (");
  const std::size_t end = definition.rfind(") EXECUTE FUNCTION ");
  if (begin == definition.npos || end == definition.npos) return "";
  constexpr std::size_t words = std::string_view{" FOR EACH ROW WHEN ("}.size();
  return definition.substr(begin + words, end - begin - words);
}

}  // namespace pg
