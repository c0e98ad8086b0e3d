// Events: what is recorded by hand.
#include <algorithm>

#include "audit/actor.hpp"
#include "audit/key.hpp"
#include "audit/months.hpp"
#include "audit/pending.hpp"
#include "audit/relations.hpp"
#include "audit/scopes.hpp"
#include "pg/argument.hpp"
#include "pg/function.hpp"
#include "pg/jsonb.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"

namespace audit {

namespace {

using Text = std::optional<std::string_view>;

std::string required(const char* argument, const Text& text, std::size_t longest) {
  pg::require_text(text, argument);
  pg::require_short(*text, argument, longest);
  return std::string{*text};
}

bool is_of_a_table(std::int32_t number) {
  const AsSteward steward;
  return pg::Spi{}.run_on_latest(
             "SELECT FROM steward.audit_relations WHERE rel_id OPERATOR(pg_catalog.=) $1 AND rel IS NOT NULL",
             number) != 0;
}

// Of what has no table of its own here anything can be said. Of an audited table a change that nobody has made would be taken for
// one, and one that was made would stand there twice.
void require_no_change_of_a_table(const std::string& action, const std::string& resource,
                                  std::int32_t number) {
  const auto is_action = [&](const char* change) { return action == change; };
  constexpr const char* changes[] = {"create", "update", "delete", "truncate"};
  if (std::none_of(std::begin(changes), std::end(changes), is_action) || !is_of_a_table(number)) return;
  throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE,
                  fmt::format("cannot record event \"{}\" of resource \"{}\"", action, resource)}
      .detail("It is an audited table, whose changes are recorded as they are made.")
      .hint("Give the event another name: read, export, archive ...");
}

}  // namespace

}  // namespace audit

namespace sql {

void record_event(const audit::Text& action, const audit::Text& resource, const audit::Text& resource_id,
                  const std::optional<pg::Json>& details) {
  constexpr std::size_t longest_action = 100, longest_resource = 1000;
  const std::string what = audit::required("action", action, longest_action);
  const std::string of = audit::required("resource", resource, longest_resource);
  pg::require_writable("record_event()");
  audit::open_log_in_passing();
  const std::int32_t number = audit::number_for_resource(of);
  audit::require_no_change_of_a_table(what, of, number);
  const std::optional<std::string> key =
      resource_id ? std::optional{audit::indexable(std::string{*resource_id})} : std::nullopt;
  audit::add({.seq = audit::next_change(),
              .number = number,
              .action = what,
              .row_key = key,
              .tenant = audit::current_actor().tenant,
              .changed = std::nullopt,
              .old_values = std::nullopt,
              .new_values = details ? std::optional{pg::Type<pg::Json>::to(*details)} : std::nullopt});
  audit::flush();
}

}  // namespace sql

PG_SQL_FUNCTION(record_event);
