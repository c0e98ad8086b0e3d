#include "audit/redaction.hpp"

#include "audit/scopes.hpp"
#include "core/digest.hpp"
#include "pg/memory.hpp"
#include "pg/random.hpp"
#include "pg/spi.hpp"
#include "pg/watch.hpp"

namespace audit {

namespace {

constexpr std::size_t key_length = 32;

std::optional<std::string> read_key() {
  const AsSteward steward;
  pg::Spi spi;
  if (spi.run_on_latest("SELECT key FROM steward._audit_key LIMIT 1") == 0) return std::nullopt;
  return std::string{spi.value<pg::ByteaView>(0, 1).bytes};
}

// The key, until its table changes.
struct Known {
  Known() {
    watch.start(pg::own_relation("_audit_key"));
    key = read_key();
  }

  pg::Watch watch;
  std::optional<std::string> key;
};

pg::Resident<Known> resident;

const std::string& key() {
  const Known* known = resident.get();
  if (known == nullptr || known->watch.changed() || !known->key)
    known = &resident.make(TopMemoryContext, "steward audit key");
  if (!known->key)
    throw pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "the log has no key for hashes"}.hint(
        "steward.audit_table() makes one; values that were hashed with another one will not be seen to be "
        "equal.");
  return *known->key;
}

}  // namespace

std::string hash_of(std::string_view text) { return "hash:" + core::keyed_hash_hex(key(), text); }

void make_hash_key() {
  pg::lock_own_relation("_audit_key", ShareRowExclusiveLock);
  if (read_key()) return;
  const AsSteward steward;
  pg::Spi{}.run("INSERT INTO steward._audit_key (key) VALUES ($1)", pg::Bytea{pg::random_bytes(key_length)});
  pg::announce_change(pg::own_relation("_audit_key"));
}

}  // namespace audit
