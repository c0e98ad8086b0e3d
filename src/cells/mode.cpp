#include "cells/mode.hpp"

#include <algorithm>

#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/memory.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"
#include "pg/watch.hpp"

namespace cells {

namespace {

constexpr const char mode_table[] = "_cell_mode";
constexpr std::string_view names[] = {"inplace", "row"};

struct Current {
  Current() {
    const Oid table = pg::own_relation(mode_table);
    watch.start(table);
    pg::TableScan scan{table};
    if (const std::optional<pg::Row> row = scan.next())
      mode = row->get<std::string_view>(1) == names[1] ? Mode::row : Mode::inplace;
  }

  pg::Watch watch;
  Mode mode = Mode::inplace;
};

pg::Resident<Current> resident;

// Filled when the library is loaded and never freed.
std::vector<ModeUser>* users = nullptr;

}  // namespace

Mode mode() {
  if (resident.get() == nullptr || resident.get()->watch.changed())
    resident.make(TopMemoryContext, "steward cell mode");
  return resident.get()->mode;
}

void register_mode_user(const ModeUser& user) {
  if (users == nullptr) users = new std::vector<ModeUser>;
  users->push_back(user);
}

namespace {

Mode mode_named(std::string_view name) {
  if (name == names[0]) return Mode::inplace;
  if (name == names[1]) return Mode::row;
  pg::refuse_word("mode", name, "inplace, row");
}

bool has_pending() {
  return users != nullptr &&
         std::any_of(users->begin(), users->end(), [](const ModeUser& user) { return user.has_pending(); });
}

// In the order in which those who count take them: cells first, the mode last.
void lock_against_everybody() {
  if (users != nullptr)
    for (const ModeUser& user : *users)
      for (const char* table : user.tables) pg::lock_own_relation(table, AccessExclusiveLock);
  pg::lock_own_relation(mode_table, AccessExclusiveLock);
}

void write(Mode mode) {
  const Oid table = pg::own_relation(mode_table);
  const pg::ActingAs owner{pg::owner_of(table)};
  pg::Spi spi;
  spi.run("DELETE FROM steward._cell_mode");
  spi.run("INSERT INTO steward._cell_mode (mode) VALUES ($1)", std::string{names[static_cast<int>(mode)]});
  pg::announce_change(table);
}

}  // namespace

}  // namespace cells

namespace sql {

void set_cell_mode(std::string_view name) {
  pg::require_writable("set_cell_mode()");
  const cells::Mode wanted = cells::mode_named(name);
  pg::hear_changes();
  if (cells::mode() == wanted) return;
  if (cells::has_pending())
    throw pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                    "cannot change the cell mode in a transaction that has counted or consumed"}
        .hint("Commit first.");
  cells::lock_against_everybody();
  const cells::Mode before = cells::mode();  // another session may have been faster
  if (before == wanted) return;
  if (cells::users != nullptr)
    for (const cells::ModeUser& user : *cells::users) user.leave(before);
  cells::write(wanted);
}

}  // namespace sql

PG_SQL_FUNCTION(set_cell_mode);
