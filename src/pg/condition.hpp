// Conditions on the rows of a table, as users write them.
#pragma once

#include "pg/relation.hpp"

namespace pg {

// A condition that has been read and checked: on one row of the table, without subqueries, and with nothing in it that could change
// by itself. Good until the memory context is reset.
class Condition {
 public:
  // Names in the text are looked up as the caller's search_path says. Raises what the server says of the text; 42P17 if it
  // may change by itself.
  Condition(const OpenRelation& table, const std::string& text);

  // One that was written by text(row), and is what it was.
  static Condition written(const OpenRelation& table, const std::string& text, const char* row);

  // With columns of a row that is called so, and names as the search_path then is: "new.deleted_at IS NULL". Without a row as
  // somebody would write it: "deleted_at IS NULL".
  std::string text(const char* row = nullptr) const;

  Node* expression() const noexcept { return expression_; }

 private:
  Condition(Oid relation, Node* expression) : relation_{relation}, expression_{expression} {}

  Oid relation_;
  Node* expression_;
};

// The condition of a trigger as it stands now, with the names that columns have now; empty without one.
std::string trigger_condition(Oid trigger);

}  // namespace pg
