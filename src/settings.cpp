#include "settings.hpp"

#include "pg/call.hpp"
#include "pg/wait_point.hpp"

namespace settings {

namespace {

ActorSettings actor{};
int on_error = static_cast<int>(OnError::fail);
bool require_actor = false;
int durability = static_cast<int>(Durability::commit);
int standby = static_cast<int>(Standby::error);
int wait_for_others = 100;             // milliseconds
int key_retention = 7 * 24 * 60 * 60;  // seconds
int max_drops = 24;
bool believe_index = true;
int max_future = 5 * 365 * 24 * 60 * 60;  // seconds
int notice_percent = 0;
char* test_clock = nullptr;  // empty when it is the real one

constexpr config_enum_entry on_errors[] = {{"fail", static_cast<int>(OnError::fail), false},
                                           {"degrade", static_cast<int>(OnError::degrade), false},
                                           {nullptr, 0, false}};
constexpr config_enum_entry durabilities[] = {{"commit", static_cast<int>(Durability::commit), false},
                                              {"async", static_cast<int>(Durability::async), false},
                                              {nullptr, 0, false}};
constexpr config_enum_entry standbys[] = {{"error", static_cast<int>(Standby::error), false},
                                          {"ignore", static_cast<int>(Standby::ignore), false},
                                          {nullptr, 0, false}};

// Also when a transaction's end takes a value back.
void note_actor(const char*, void*) { ++actor.changes; }

// Only steward sets them, as superusers may: so that a session that is forged is refused, and RESET ALL takes them back.
void define_actor(const char* name, const char* what, char** variable) {
  DefineCustomStringVariable(name, what, "Set by set_actor(); empty for none.", variable, "", PGC_SUSET, 0,
                             nullptr, &note_actor, nullptr);
}

}  // namespace

const ActorSettings& audit_actor() { return actor; }
OnError audit_on_error() { return static_cast<OnError>(on_error); }
bool audit_require_actor() { return require_actor; }

Durability counter_durability() { return static_cast<Durability>(durability); }
Standby counter_standby() { return static_cast<Standby>(standby); }

int limit_wait() { return wait_for_others; }
int limit_key_retention() { return key_retention; }

bool partition_believe_index() { return believe_index; }
std::int64_t partition_max_future() { return std::int64_t{max_future} * 1'000'000; }
int partition_max_drops() { return max_drops; }

int progress_notice() { return notice_percent; }

std::int64_t now() {
  if (test_clock == nullptr || test_clock[0] == '\0') return GetCurrentTransactionStartTimestamp();
  return DatumGetInt64(pg::call(::DirectFunctionCall3Coll, ::timestamptz_in, Oid{InvalidOid},
                                CStringGetDatum(test_clock), ObjectIdGetDatum(InvalidOid),
                                Int32GetDatum(-1)));
}

void init() {
  define_actor("steward.audit_actor", "Who acts.", &actor.actor);
  define_actor("steward.audit_ip", "From which address.", &actor.ip);
  DefineCustomEnumVariable("steward.audit_on_error", "What happens to a change that cannot be recorded.",
                           "fail: it fails. degrade: it goes on, and the gap is recorded.", &on_error,
                           on_error, on_errors, PGC_SUSET, 0, nullptr, nullptr, nullptr);
  define_actor("steward.audit_request", "In which request to the application.", &actor.request);
  DefineCustomBoolVariable("steward.audit_require_actor",
                           "Whether a recorded change needs somebody who acts.",
                           "on: without set_actor() or claims of a request it fails.", &require_actor,
                           require_actor, PGC_SUSET, 0, nullptr, nullptr, nullptr);
  define_actor("steward.audit_session", "In which session of the application.", &actor.session);
  define_actor("steward.audit_tenant", "For which tenant.", &actor.tenant);
  define_actor("steward.audit_user_agent", "With which program.", &actor.user_agent);
  DefineCustomEnumVariable(
      "steward.counter_durability", "How durable a hit is when its transaction has committed.",
      "commit: as synchronous_commit says. async: a crash of the server may lose the last moments.",
      &durability, durability, durabilities, PGC_USERSET, 0, nullptr, nullptr, nullptr);
  DefineCustomEnumVariable("steward.counter_standby", "What a hit does on a hot standby.",
                           "error: it is refused. ignore: it counts nothing and gives the count as it is.",
                           &standby, standby, standbys, PGC_USERSET, 0, nullptr, nullptr, nullptr);
  DefineCustomIntVariable("steward.limit_key_retention",
                          "How long idempotency keys of consumptions are kept.", nullptr, &key_retention,
                          key_retention, 0, INT_MAX, PGC_SIGHUP, GUC_UNIT_S, nullptr, nullptr, nullptr);
  DefineCustomIntVariable(
      "steward.limit_wait",
      "How long a consumption waits when only what transactions in progress hold stands in its way.",
      "0 does not wait.", &wait_for_others, wait_for_others, 0, 60'000, PGC_USERSET, GUC_UNIT_MS, nullptr,
      nullptr, nullptr);
  DefineCustomStringVariable(
      "steward.now", "The time that steward goes by, for tests of months' ends and expiries.",
      "Empty for the real one.", &test_clock, "", PGC_SUSET, 0, nullptr, nullptr, nullptr);
  DefineCustomBoolVariable(
      "steward.partition_believe_index",
      "Whether an index is believed that says which rows a default partition has.",
      "off: the server reads all of them each time a partition is attached, under its lock.", &believe_index,
      believe_index, PGC_USERSET, 0, nullptr, nullptr, nullptr);
  DefineCustomIntVariable(
      "steward.partition_max_drops",
      "How many partitions of a set may be detached, or dropped, in one run of maintenance.",
      "Where more are due none goes.", &max_drops, max_drops, 0, INT_MAX, PGC_USERSET, 0, nullptr, nullptr,
      nullptr);
  DefineCustomIntVariable("steward.partition_max_future",
                          "How far ahead of now rows of a default partition get partitions of their own.",
                          "What lies beyond stays there, and is reported.", &max_future, max_future, 0,
                          INT_MAX, PGC_USERSET, GUC_UNIT_S, nullptr, nullptr, nullptr);
  DefineCustomIntVariable("steward.progress_notice", "At how many percent each long work says how far it is.",
                          "0 for none.", &notice_percent, notice_percent, 0, 100, PGC_USERSET, 0, nullptr,
                          nullptr, nullptr);
#ifdef PG_FAULTS
  DefineCustomStringVariable("steward.wait_point", "Where a session stops and waits to be killed.", nullptr,
                             &pg::chosen_wait_point, "", PGC_SUSET, 0, nullptr, nullptr, nullptr);
#endif
  MarkGUCPrefixReserved("steward");
}

}  // namespace settings
