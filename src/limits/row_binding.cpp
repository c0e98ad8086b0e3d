// The triggers of limited tables: how they are made, and taken away.
#include <algorithm>
#include <array>

#include "keys/triggers.hpp"
#include "limits/rows.hpp"
#include "limits/scopes.hpp"
#include "pg/functions.hpp"

namespace limits {

namespace {

std::string trigger_name(std::int32_t meter, Duty duty) {
  return fmt::format("steward_limit_{}_{}", meter, name_of(duty));
}

std::string is_true(const std::string& condition) {
  return condition.empty() ? "true" : fmt::format("(({}) IS TRUE)", condition);
}

// Whether a row counts: it does, and it is somebody's.
std::string counts(const char* row, const RowRule& rule, const std::string& condition) {
  return fmt::format("({} AND {}.{} IS NOT NULL)", is_true(condition), row,
                     pg::quoted_identifier(rule.subject));
}

std::string differs(const std::string& column) {
  const std::string name = pg::quoted_identifier(column);
  return fmt::format("(old.{0} IS DISTINCT FROM new.{0})", name);
}

// What CREATE TRIGGER says after the name; empty for a duty that the rule has no use for.
std::string definition(Oid table, std::int32_t meter, Duty duty, const RowRule& rule) {
  const std::string on = pg::qualified_name(table);
  const std::string call =
      fmt::format("EXECUTE FUNCTION steward.count_rows('{}', '{}')", meter, name_of(duty));
  const std::string was = counts("old", rule, rule.old_condition),
                    is = counts("new", rule, rule.new_condition);
  const std::string changed = rule.measure.empty()
                                  ? differs(rule.subject)
                                  : fmt::format("({} OR {})", differs(rule.subject), differs(rule.measure));
  const std::string measure = rule.measure.empty() ? "" : ", " + pg::quoted_identifier(rule.measure);
  switch (duty) {
    case Duty::columns:
      return fmt::format("AFTER UPDATE OF {}{} ON {} FOR EACH ROW WHEN (false) {}",
                         pg::quoted_identifier(rule.subject), measure, on, call);
    case Duty::insert:
      return fmt::format("AFTER INSERT ON {} FOR EACH ROW WHEN ({}) {}", on, is, call);
    case Duty::insert_other:
      if (rule.standing || !rule.partitioned) return "";
      return fmt::format("AFTER INSERT ON {} FOR EACH ROW WHEN (NOT {}) {}", on, is, call);
    case Duty::update_from:
      if (!rule.standing) return "";
      return fmt::format("AFTER UPDATE ON {} FOR EACH ROW WHEN ({} AND (NOT {} OR {})) {}", on, was, is,
                         changed, call);
    case Duty::update_to:
      if (!rule.standing)
        return fmt::format("AFTER UPDATE ON {} FOR EACH ROW WHEN ({} AND NOT {}) {}", on, is, was, call);
      return fmt::format("AFTER UPDATE ON {} FOR EACH ROW WHEN ({} AND (NOT {} OR {})) {}", on, is, was,
                         changed, call);
    case Duty::remove:
      if (!rule.standing && !rule.partitioned) return "";
      return fmt::format("AFTER DELETE ON {} FOR EACH ROW WHEN ({}) {}", on, was, call);
    case Duty::truncate:
      return rule.standing ? fmt::format("BEFORE TRUNCATE ON {} FOR EACH STATEMENT {}", on, call) : "";
    default:
      return fmt::format("AFTER INSERT OR UPDATE OR DELETE ON {} FOR EACH STATEMENT {}", on, call);
  }
}

struct Attached {
  std::string name;
  Duty duty;
  bool clone;
};

// No server function may be called while the triggers are walked: it could load them anew.
std::vector<Attached> attached(Oid table, std::int32_t meter) {
  const Oid function = pg::function_named("steward.count_rows()");
  const pg::OpenRelation relation{table, NoLock};
  std::vector<Attached> found;
  const TriggerDesc* triggers = relation.get()->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger& trigger = triggers->triggers[i];
    if (trigger.tgfoid != function) continue;
    const std::optional<TriggerArguments> arguments = arguments_of(trigger);
    if (arguments && arguments->meter == meter)
      found.push_back({trigger.tgname, arguments->duty, static_cast<bool>(trigger.tgisclone)});
  }
  return found;
}

bool has(const std::vector<Attached>& triggers, Duty duty) {
  return std::any_of(triggers.begin(), triggers.end(), [&](const Attached& one) { return one.duty == duty; });
}

[[noreturn]] void refuse_table(Oid table, const char* kind, const char* detail, const char* hint) {
  throw pg::at(pg::Error{ERRCODE_FEATURE_NOT_SUPPORTED,
                         fmt::format("cannot limit rows of {} \"{}\"", kind, pg::call(::get_rel_name, table))}
                   .detail(detail)
                   .hint(hint),
               table);
}

// Of what is written to a foreign table elsewhere, to a child by its own name, or taken away by a crash nothing is seen here.
void require_countable(Oid table, bool standing) {
  const char kind = pg::call(::get_rel_relkind, table);
  if (kind == RELKIND_FOREIGN_TABLE)
    refuse_table(table, "foreign table", "What is written to them elsewhere would not be counted.", "");
  if (standing) require_logged(table);
  if (kind == RELKIND_RELATION && pg::has_children(table)) refuse_children(table);
}

constexpr std::array row_duties{Duty::columns,     Duty::insert,    Duty::insert_other,
                                Duty::update_from, Duty::update_to, Duty::remove};
constexpr std::array statement_duties{Duty::truncate, Duty::end};

template <std::size_t n>
bool make_missing(Oid table, std::int32_t meter, const RowRule& rule, const std::array<Duty, n>& duties) {
  const std::vector<Attached> present = attached(table, meter);
  bool made = false;
  for (const Duty duty : duties) {
    const std::string text = has(present, duty) ? "" : definition(table, meter, duty, rule);
    if (text.empty()) continue;
    const AsOwnerOf owner{table};
    keys::make_trigger(table, trigger_name(meter, duty), text, TRIGGER_FIRES_ON_ORIGIN);
    made = true;
  }
  return made;
}

bool make_statement_triggers(const std::vector<Oid>& tree, std::int32_t meter, const RowRule& rule) {
  bool made = false;
  for (const Oid one : tree) {
    require_countable(one, rule.standing);
    if (make_missing(one, meter, rule, statement_duties)) made = true;
  }
  return made;
}

int unbinding = 0;

struct Unbinding {
  Unbinding() noexcept { ++unbinding; }
  ~Unbinding() { --unbinding; }
};

}  // namespace

bool bind_rows(Oid table, std::int32_t meter, const RowRule& rule) {
  const std::vector<Oid> tree = pg::partition_tree(table, ShareRowExclusiveLock);
  const bool of_rows = make_missing(table, meter, rule, row_duties);
  const bool of_statements = make_statement_triggers(tree, meter, rule);
  return of_rows || of_statements;
}

void bind_statements(Oid partition, std::int32_t meter, bool standing) {
  const RowRule rule{"", "", "", "", standing, true};
  make_statement_triggers(pg::partition_tree(partition, ShareRowExclusiveLock), meter, rule);
}

void unbind_rows(Oid table, std::int32_t meter) {
  const Unbinding scope;
  for (const Oid one : pg::partition_tree(table, ShareRowExclusiveLock))
    for (const Attached& trigger : attached(one, meter)) {
      if (trigger.clone) continue;
      const AsOwnerOf owner{one};
      keys::drop_trigger(one, trigger.name);
    }
}

void require_logged(Oid table) {
  if (pg::call(::get_rel_persistence, table) == RELPERSISTENCE_UNLOGGED)
    refuse_table(table, "table", "It is an unlogged table, whose rows do not survive a crash.",
                 "A standing meter counts rows of logged tables: ALTER TABLE ... SET LOGGED.");
}

void refuse_children(Oid table) {
  refuse_table(table, "table", "It has children by inheritance, whose rows would not be counted.",
               "Make it a partitioned table, or take each child away: ALTER TABLE ... NO INHERIT ...");
}

bool is_unbinding() { return unbinding > 0; }

}  // namespace limits
