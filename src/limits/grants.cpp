// What single subjects have instead of their tier's limit, and beyond it.
#include "errors.hpp"
#include "limits/catalogue.hpp"
#include "limits/scopes.hpp"
#include "limits/subjects.hpp"
#include "limits/values.hpp"
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/sequence.hpp"
#include "pg/spi.hpp"
#include "settings.hpp"

namespace limits {

namespace {

struct Account {
  std::shared_ptr<const Meter> meter;
  std::string subject;
};

// Keeps the meter from being dropped until this transaction ends.
void lock_meter(const Meter& meter) {
  const AsSteward owner;
  if (pg::Spi{}.run("SELECT FROM steward._meters WHERE id OPERATOR(pg_catalog.=) $1 FOR KEY SHARE",
                    meter.id) == 0)
    refuse_meter(meter.name);
}

template <typename Key>
Account account_of(const Key& subject, std::string_view meter, const char* command) {
  pg::require_writable(command);
  auto known = require_meter(meter);
  const std::shared_ptr<const SubjectTable> table = require_subjects(known->subjects);
  std::string text = subject_text(*table, subject);
  lock_subject(*table, text);
  lock_meter(*known);
  return {std::move(known), std::move(text)};
}

std::optional<std::string> text_of(const std::optional<std::string_view>& text) {
  return text ? std::optional<std::string>{*text} : std::nullopt;
}

// An override whose time has passed is as good as none: nothing of it is left as it is.
template <typename Key>
void override_limit(const Key& subject, std::string_view meter, std::optional<std::int64_t> max,
                    std::optional<pg::Timestamp> until, const std::optional<std::string_view>& reason) {
  if (max) pg::require_not_negative("max", *max, unlimited_is_null);
  const Account account = account_of(subject, meter, "override_limit()");
  const AsSteward owner;
  pg::Spi{}.run(
      "INSERT INTO steward._overrides AS o (meter, subject, max, until, reason) VALUES ($1, $2, $3, $4, $5)"
      " ON CONFLICT (meter, subject) DO UPDATE SET max = excluded.max,"
      " until = CASE WHEN o.until OPERATOR(pg_catalog.<=) $6 THEN excluded.until"
      " ELSE COALESCE(excluded.until, o.until) END,"
      " reason = CASE WHEN o.until OPERATOR(pg_catalog.<=) $6 THEN excluded.reason"
      " ELSE COALESCE(excluded.reason, o.reason) END",
      account.meter->id, account.subject, max, until, text_of(reason), pg::Timestamp{settings::now()});
}

template <typename Key>
void drop_override(const Key& subject, std::string_view meter) {
  const Account account = account_of(subject, meter, "drop_override()");
  const AsSteward owner;
  if (pg::Spi{}.run("DELETE FROM steward._overrides WHERE meter OPERATOR(pg_catalog.=) $1"
                    " AND subject OPERATOR(pg_catalog.=) $2",
                    account.meter->id, account.subject) == 0)
    throw pg::Error{errors::unknown_limit, fmt::format("subject \"{}\" has no override of meter \"{}\"",
                                                       account.subject, account.meter->name)}
        .hint("steward.override_limit() makes one.");
}

template <typename Key>
std::int64_t grant_extra(const Key& subject, std::string_view meter, std::int64_t amount,
                         std::optional<pg::Timestamp> until, const std::optional<std::string_view>& reason) {
  pg::require_positive("amount", amount, "steward.revoke_extra() takes an extra back.");
  if (until && until->microseconds <= settings::now())
    throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE, "until has passed already"}.detail(
        "Nothing could be drawn from the extra.");
  const Account account = account_of(subject, meter, "grant_extra()");
  const std::int64_t id = pg::next_value(pg::own_relation("_extra_ids"));
  const AsSteward owner;
  pg::Spi{}.run(
      "INSERT INTO steward._extras (id, meter, subject, amount, until, reason) VALUES ($1, $2, $3, $4, $5, "
      "$6)",
      id, account.meter->id, account.subject, amount, until, text_of(reason));
  return id;
}

}  // namespace

}  // namespace limits

namespace sql {

constexpr auto& override_limit_bigint = limits::override_limit<std::int64_t>;
constexpr auto& override_limit_uuid = limits::override_limit<pg::Uuid>;
constexpr auto& override_limit_text = limits::override_limit<std::string_view>;
constexpr auto& drop_override_bigint = limits::drop_override<std::int64_t>;
constexpr auto& drop_override_uuid = limits::drop_override<pg::Uuid>;
constexpr auto& drop_override_text = limits::drop_override<std::string_view>;
constexpr auto& grant_extra_bigint = limits::grant_extra<std::int64_t>;
constexpr auto& grant_extra_uuid = limits::grant_extra<pg::Uuid>;
constexpr auto& grant_extra_text = limits::grant_extra<std::string_view>;

void revoke_extra(std::int64_t id) {
  pg::require_writable("revoke_extra()");
  const limits::AsSteward owner;
  if (pg::Spi{}.run("DELETE FROM steward._extras WHERE id OPERATOR(pg_catalog.=) $1", id) == 0)
    throw pg::Error{errors::unknown_limit, fmt::format("extra {} does not exist", id)}.hint(
        "steward.grant_extra() gives the number of the extra that it makes.");
}

}  // namespace sql

PG_SQL_FUNCTION(override_limit_bigint);
PG_SQL_FUNCTION(override_limit_uuid);
PG_SQL_FUNCTION(override_limit_text);
PG_SQL_FUNCTION(drop_override_bigint);
PG_SQL_FUNCTION(drop_override_uuid);
PG_SQL_FUNCTION(drop_override_text);
PG_SQL_FUNCTION(grant_extra_bigint);
PG_SQL_FUNCTION(grant_extra_uuid);
PG_SQL_FUNCTION(grant_extra_text);
PG_SQL_FUNCTION(revoke_extra);
