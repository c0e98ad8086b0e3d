// Every setting of steward, alphabetical.
#pragma once

#include <cstdint>

namespace settings {

enum class OnError { fail, degrade };
enum class Durability { commit, async };
enum class Standby { error, ignore };

// What set_actor() has said of who acts; empty texts where it has not. `changes` is another number when one may be another.
struct ActorSettings {
  char *actor, *ip, *request, *session, *tenant, *user_agent;
  std::uint64_t changes;
};
const ActorSettings& audit_actor();

// What happens to a change that cannot be recorded.
OnError audit_on_error();

// Whether a recorded change needs somebody who acts.
bool audit_require_actor();

// How durable a hit is when its transaction has committed.
Durability counter_durability();

// What a hit does on a hot standby.
Standby counter_standby();

// How long a consumption waits for what others hold, in milliseconds.
int limit_wait();

// How long idempotency keys are kept, in seconds.
int limit_key_retention();

// Whether an index is believed that says which rows a default partition has.
bool partition_believe_index();

// How far ahead of now rows get partitions, in microseconds.
std::int64_t partition_max_future();

// How many partitions of a set may be retired in one run.
int partition_max_drops();

// At how many percent each long work says how far it is; 0 for none.
int progress_notice();

// The time of the transaction, or steward.now where a test has set it. In microseconds, as the server counts them.
std::int64_t now();

void init();

}  // namespace settings
