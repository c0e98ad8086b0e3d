// Consuming, all or nothing, and giving back.

#include <algorithm>

#include "errors.hpp"
#include "limits/account.hpp"
#include "limits/decision.hpp"
#include "limits/escrow.hpp"
#include "limits/once.hpp"
#include "limits/rights.hpp"
#include "limits/standing.hpp"
#include "limits/subjects.hpp"
#include "pg/argument.hpp"
#include "pg/array.hpp"
#include "pg/function.hpp"
#include "pg/privileges.hpp"
#include "settings.hpp"

namespace limits {

namespace {

// ---- calls

constexpr const char gives_back[] = "steward.release() gives back.";
constexpr const char uses[] = "steward.consume() uses more.";

template <typename Key>
Request request_of(const std::optional<Key>& subject, const std::optional<std::string_view>& meter,
                   const std::optional<std::int64_t>& amount, const char* hint = "") {
  pg::require_given(subject.has_value(), "subject");
  pg::require_given(meter.has_value(), "meter");
  pg::require_given(amount.has_value(), "amount");
  pg::require_positive("amount", *amount, *amount < 0 ? hint : "");
  std::shared_ptr<const Meter> known = require_meter(*meter);
  std::string text = subject_text(*require_subjects(known->subjects), *subject);
  return {std::move(known), std::move(text), *amount};
}

void require_used_by_calls(const Meter& meter) {
  if (meter.by_rows)
    throw pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                    fmt::format("meter \"{}\" is counted by rows", meter.name)}
        .detail("What there is follows the tables that steward.limit_rows() has named.")
        .hint("Insert or delete rows.");
}

void open_for(const char* command) {
  pg::require_writable(command);
  pg::require_not_parallel(command);
  open_accounts();
}

// Consumes once for an idempotency key; who comes again gets the first answer.
struct Answer {
  std::vector<Denial> denials;
  Verdict verdict;
};

Answer decide(const std::vector<Request>& requests, const std::optional<std::string_view>& idempotency_key) {
  for (const Request& request : requests) require_used_by_calls(*request.meter);
  std::optional<Once> once;
  if (idempotency_key) {
    once.emplace(requests, std::string{*idempotency_key});
    if (const std::optional<Verdict> first = once->first_verdict()) return {{}, *first};
  }
  Decision decision = take_all(requests);
  if (!decision.denials.empty()) {
    count_denials(decision.denials);
    const Verdict verdict{decision.denials.front().sqlstate, std::nullopt};
    if (once) verdict.denied == errors::held_by_others ? once->forget() : once->record(verdict);
    return {std::move(decision.denials), verdict};
  }
  const Grant& grant = decision.grants.front();
  const Verdict verdict{0, standing_of(*requests.front().meter, grant.pots, grant.allowance).remaining};
  if (once) once->record(verdict);
  return {{}, verdict};
}

template <typename Key>
std::optional<std::int64_t> consume(const std::optional<Key>& subject,
                                    const std::optional<std::string_view>& meter,
                                    const std::optional<std::int64_t>& amount,
                                    const std::optional<std::string_view>& idempotency_key) {
  open_for("consume()");
  const Answer answer = decide({request_of(subject, meter, amount, gives_back)}, idempotency_key);
  if (!answer.denials.empty()) refuse(answer.denials);
  if (!answer.verdict.allowed()) refuse_again(*idempotency_key, answer.verdict.denied);
  return answer.verdict.remaining;
}

template <typename Key>
bool try_consume(const std::optional<Key>& subject, const std::optional<std::string_view>& meter,
                 const std::optional<std::int64_t>& amount,
                 const std::optional<std::string_view>& idempotency_key) {
  open_for("try_consume()");
  const Answer answer = decide({request_of(subject, meter, amount, gives_back)}, idempotency_key);
  if (!answer.denials.empty() && !is_for_want_of_room(answer.denials.front())) refuse(answer.denials);
  return answer.verdict.allowed();
}

template <typename Key>
void consume_all(const std::optional<Key>& subject, const std::optional<std::vector<std::string>>& meters,
                 const std::optional<std::vector<std::int64_t>>& amounts,
                 const std::optional<std::string_view>& idempotency_key) {
  open_for("consume_all()");
  pg::require_given(meters.has_value(), "meters");
  pg::require_given(amounts.has_value(), "amounts");
  if (meters->size() != amounts->size() || meters->empty())
    throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE,
                    fmt::format("{} meters and {} amounts", meters->size(), amounts->size())}
        .detail("Each meter has an amount.");
  std::vector<Request> requests;
  for (std::size_t i = 0; i < meters->size(); ++i)
    requests.push_back(request_of(subject, std::optional<std::string_view>{(*meters)[i]},
                                  std::optional{(*amounts)[i]}, gives_back));
  const Answer answer = decide(requests, idempotency_key);
  if (!answer.denials.empty()) refuse(answer.denials);
  if (!answer.verdict.allowed()) refuse_again(*idempotency_key, answer.verdict.denied);
}

template <typename Key>
void release(const std::optional<Key>& subject, const std::optional<std::string_view>& meter,
             const std::optional<std::int64_t>& amount) {
  open_for("release()");
  const Request request = request_of(subject, meter, amount, uses);
  require_used_by_calls(*request.meter);
  const std::int64_t time = settings::now();
  Account account = main_account(*request.meter, request.subject,
                                 allowance_of(*request.meter, request.subject, time), time);
  if (const std::int64_t most = committed_of(account); most > 0)
    give_back(account, std::min(request.n, most));
}

template <typename Key>
bool check_limit(const std::optional<Key>& subject, const std::optional<std::string_view>& meter,
                 const std::optional<std::int64_t>& amount) {
  const Request request = request_of(subject, meter, amount);
  require_may_see(*require_subjects(request.meter->subjects), request.subject);
  const std::int64_t time = settings::now();
  const Allowance allowance = allowance_of(*request.meter, request.subject, time);
  if (forbidden_by(allowance) != 0) return false;
  const Standing standing =
      standing_seen(*request.meter, pots_of(*request.meter, request.subject, allowance, time), allowance);
  return !standing.remaining || *standing.remaining >= request.n;
}

}  // namespace

}  // namespace limits

namespace sql {

constexpr auto& consume_bigint = limits::consume<std::int64_t>;
constexpr auto& consume_uuid = limits::consume<pg::Uuid>;
constexpr auto& consume_text = limits::consume<std::string_view>;
constexpr auto& try_consume_bigint = limits::try_consume<std::int64_t>;
constexpr auto& try_consume_uuid = limits::try_consume<pg::Uuid>;
constexpr auto& try_consume_text = limits::try_consume<std::string_view>;
constexpr auto& consume_all_bigint = limits::consume_all<std::int64_t>;
constexpr auto& consume_all_uuid = limits::consume_all<pg::Uuid>;
constexpr auto& consume_all_text = limits::consume_all<std::string_view>;
constexpr auto& release_bigint = limits::release<std::int64_t>;
constexpr auto& release_uuid = limits::release<pg::Uuid>;
constexpr auto& release_text = limits::release<std::string_view>;
constexpr auto& check_limit_bigint = limits::check_limit<std::int64_t>;
constexpr auto& check_limit_uuid = limits::check_limit<pg::Uuid>;
constexpr auto& check_limit_text = limits::check_limit<std::string_view>;

}  // namespace sql

PG_SQL_FUNCTION(consume_bigint);
PG_SQL_FUNCTION(consume_uuid);
PG_SQL_FUNCTION(consume_text);
PG_SQL_FUNCTION(try_consume_bigint);
PG_SQL_FUNCTION(try_consume_uuid);
PG_SQL_FUNCTION(try_consume_text);
PG_SQL_FUNCTION(consume_all_bigint);
PG_SQL_FUNCTION(consume_all_uuid);
PG_SQL_FUNCTION(consume_all_text);
PG_SQL_FUNCTION(release_bigint);
PG_SQL_FUNCTION(release_uuid);
PG_SQL_FUNCTION(release_text);
PG_SQL_FUNCTION(check_limit_bigint);
PG_SQL_FUNCTION(check_limit_uuid);
PG_SQL_FUNCTION(check_limit_text);
