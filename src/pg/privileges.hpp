// Who may: questions about rights, and acting as another role for a scope.
#pragma once

#include "pg/relation.hpp"

namespace pg {

bool has_rights_of(Oid role, Oid other);
bool may_execute(Oid role, Oid function);

// Raises 42704, in the server's own words, unless there is a role of that name.
void require_role(const std::string& name);

// Raises 42501, in the server's own words, unless the current user owns the relation; 42P01 when there is none.
void require_owner(Oid relation);

// Raises 3F000 where there is no such schema, 42501 where the role may not make anything in it; in the server's own words.
void require_may_create_in(const std::string& schema, Oid role);

// Whether the current user has a right on a column, or on the table as a whole.
bool may_use_column(Oid relation, AttrNumber column, AclMode right);

// Whether policies of row level security may hide rows of the table from a role.
bool may_hide_rows(Oid relation, Oid role);

// Raises 25006, in the server's own words, on a standby and in a read-only transaction.
void require_writable(const char* command);

// Raises 25000, in the server's own words, while a statement has parallel workers.
void require_not_parallel(const char* command);

// Does the work of a scope with the rights of another role, to whom no row security applies on tables of his own, as for a
// foreign key's look-ups. Only for statements of our own making.
class ActingAs : faults::Counted {
 public:
  // Whose code such a statement may fire. Of what a table's owner has written (triggers, policies) nothing may outlive the
  // scope: no deferred trigger, temporary table or cursor that would run later as the one who calls us.
  enum class Code { ours, theirs };

  explicit ActingAs(Oid role, Code code = Code::ours) noexcept;
  ActingAs(const ActingAs&) = delete;
  ActingAs& operator=(const ActingAs&) = delete;
  ~ActingAs();

 private:
  Oid role_;
  int security_;
};

}  // namespace pg
