#include "limits/once.hpp"

#include <algorithm>

#include "errors.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"
#include "settings.hpp"

namespace limits {

namespace {

constexpr const char keys_table[] = "_limit_keys";
constexpr std::size_t longest_key = 200;  // bytes

Oid steward() { return pg::owner_of(pg::own_relation(keys_table)); }

void check(const std::string& key) {
  if (!key.empty() && key.size() <= longest_key) return;
  throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE,
                  key.empty() ? "idempotency key is empty"
                              : fmt::format("idempotency key of {} bytes is too long", key.size())}
      .detail(fmt::format("It has 1 to {} bytes.", longest_key));
}

// The same for the same meters and amounts, in whatever order.
std::string text_of(const std::vector<Request>& requests) {
  std::vector<std::string> parts;
  parts.reserve(requests.size());
  for (const Request& request : requests) parts.push_back(fmt::format("{}:{}", request.meter->id, request.n));
  std::sort(parts.begin(), parts.end());
  std::string text;
  for (const std::string& part : parts) text += part + ",";
  return text;
}

}  // namespace

// The first use may go, with its subject or with a fold, before its answer is read.
Once::Once(const std::vector<Request>& requests, std::string key)
    : subjects_{requests.front().meter->subjects}, subject_{requests.front().subject}, key_{std::move(key)} {
  check(key_);
  const std::string request = text_of(requests);
  const pg::ActingAs owner{steward()};
  while (!is_first(request) && !find_first(request)) pg::check_interrupts();
}

bool Once::is_first(const std::string& request) const {
  return pg::Spi{}.run(
             "INSERT INTO steward._limit_keys (subjects, subject, key, request, at)"
             " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
             pg::RelationId{subjects_}, subject_, key_, request, pg::Timestamp{settings::now()}) == 1;
}

bool Once::find_first(const std::string& request) {
  pg::Spi spi;
  if (spi.run_on_latest("SELECT request, denied, remaining FROM steward._limit_keys WHERE subjects "
                        "OPERATOR(pg_catalog.=) $1"
                        " AND subject OPERATOR(pg_catalog.=) $2 AND key OPERATOR(pg_catalog.=) $3",
                        pg::RelationId{subjects_}, subject_, key_) == 0)
    return false;
  if (spi.value<std::string>(0, 1) != request)
    throw pg::Error{errors::key_reused,
                    fmt::format("idempotency key \"{}\" was used for something else", key_)}
        .detail("It was given with other meters or amounts.")
        .hint("Use a new key for each request of the application.");
  const std::optional<std::string> denied = spi.find<std::string>(0, 2);
  first_ = Verdict{denied ? pg::sqlstate_of(*denied) : 0, spi.find<std::int64_t>(0, 3)};
  return true;
}

void Once::record(const Verdict& verdict) const {
  const pg::ActingAs owner{steward()};
  pg::Spi{}.run(
      "UPDATE steward._limit_keys SET denied = $4, remaining = $5 WHERE subjects OPERATOR(pg_catalog.=) $1"
      " AND subject OPERATOR(pg_catalog.=) $2 AND key OPERATOR(pg_catalog.=) $3",
      pg::RelationId{subjects_}, subject_, key_,
      verdict.allowed() ? std::nullopt : std::optional{pg::code_of(verdict.denied)}, verdict.remaining);
}

void Once::forget() const {
  const pg::ActingAs owner{steward()};
  pg::Spi{}.run(
      "DELETE FROM steward._limit_keys WHERE subjects OPERATOR(pg_catalog.=) $1"
      " AND subject OPERATOR(pg_catalog.=) $2 AND key OPERATOR(pg_catalog.=) $3",
      pg::RelationId{subjects_}, subject_, key_);
}

void refuse_again(std::string_view key, int sqlstate) {
  throw pg::Error{sqlstate, fmt::format("the first request with idempotency key \"{}\" was denied", key)}
      .hint("Ask again with a new key.");
}

}  // namespace limits
