// The trigger that gives a row its code.
#include <algorithm>
#include <memory>
#include <unordered_map>

#include "core/base62.hpp"

#include "codes/assignment.hpp"
#include "codes/column.hpp"
#include "codes/draw.hpp"
#include "codes/messages.hpp"
#include "codes/series.hpp"
#include "codes/stripes.hpp"
#include "codes/words.hpp"
#include "errors.hpp"
#include "pg/memory.hpp"
#include "pg/trigger.hpp"
#include "pg/watch.hpp"

namespace codes {

namespace {

// Eight codes in a row that are taken: the space is about half full. One of 10 % would do that once in 10^8 rows, one
// of 90 % at every second row.
constexpr int collisions_to_grow = 8;
// At the last length nothing is left but to try; a space that is 99 % full still yields a code.
constexpr int collisions_to_give_up = 1024;
// So many stripes held by others in a row: a bulk load, or hundreds of open transactions. Better to wait than to spin.
constexpr int busy_stripes_to_wait = 64;

// What the trigger on one column needs, resolved once per session and again when the table changes.
class Plan {
 public:
  explicit Plan(const pg::TriggerCall& call) : how_{assignment_of(call.trigger())} {
    if (!fires_as_made(call)) refuse_trigger(call.trigger());
    watch_.start(call.relation_id());
    column_ = require_code_column(call.relation(), call.trigger().tgattr[0]);
    if (!how_.series.empty()) require_series_right(column_, how_.series);
    longest_ = longest_declared();
    if (is_whole_) column_.require_room(longest_, how_.prefix);
    drawing_length_ = how_.length;
  }

  AttrNumber column() const noexcept { return column_.number; }
  bool stale() const noexcept { return !is_whole_ || watch_.changed(); }

  // A code that no other row has, prefix included.
  std::string new_code(Relation relation) {
    return how_.series.empty() ? new_random_code(relation) : new_series_code(relation);
  }

  // QC004 unless the value, which somebody chose, is one that this column may hold.
  void check_chosen(std::string_view value) const;

 private:
  static bool fires_as_made(const pg::TriggerCall& call) {
    return call.is_row_before() && (call.is_insert() || call.is_update()) && call.trigger().tgnattr == 1;
  }

  // A dump's data may come before its series, with the codes that this has given.
  int longest_declared() {
    if (how_.series.empty()) return how_.max_length;
    const KeyedSeries* series = find_series(how_.series);
    is_whole_ = series != nullptr;
    return static_cast<int>(is_whole_ ? series->codec().code_size() : longest_code);
  }

  std::string new_random_code(Relation relation);
  std::string new_series_code(Relation relation);
  bool try_draw(Relation relation, int collisions_allowed, std::string& value);
  [[noreturn]] void refuse(std::string_view value, std::string why, std::string hint) const;

  pg::Watch watch_;
  Assignment how_;
  CodeColumn column_;
  bool is_whole_ = true;  // but for the series, which is not there
  int longest_;           // characters that a code may have here
  int drawing_length_;    // that a code is drawn with now: grows with the collisions this session meets
};

std::string Plan::new_random_code(Relation relation) {
  std::string value;
  for (; drawing_length_ < longest_; ++drawing_length_)
    if (try_draw(relation, collisions_to_grow, value)) return value;
  if (try_draw(relation, collisions_to_give_up, value)) return value;
  throw pg::at(
      pg::Error{errors::codes_used_up,
                fmt::format("no free code of {} characters found for column \"{}\"", longest_, column_.name)}
          .detail(fmt::format("{} random codes in a row were taken.", collisions_to_give_up))
          .hint("Call steward.assign_codes() with a greater max_length."),
      column_.relation, column_.name);
}

bool Plan::try_draw(Relation relation, int collisions_allowed, std::string& value) {
  const bool striped = needs_stripe(drawing_length_);
  int busy = 0;
  for (int collisions = 0; collisions < collisions_allowed;) {
    pg::check_interrupts();
    std::string code(static_cast<std::size_t>(drawing_length_), '\0');
    draw(code.data(), code.size());
    const Patience patience = busy < busy_stripes_to_wait ? Patience::none : Patience::wait;
    if (const Claim claim = striped ? claim_stripe(column_.index.oid, code, patience) : Claim::granted;
        claim != Claim::granted) {
      ++(claim == Claim::refused ? busy : collisions);  // as good as taken: by a row that waits for this one
      continue;
    }
    busy = 0;
    value = how_.prefix + code;
    if (!pg::index_holds(relation, column_.index, value)) return true;
    ++collisions;
  }
  return false;
}

// A series never gives a code twice, but a chosen one may stand in its way.
std::string Plan::new_series_code(Relation relation) {
  for (;;) {
    pg::check_interrupts();
    std::string value = how_.prefix + series_named(how_.series).next_code();
    if (!pg::index_holds(relation, column_.index, value)) return value;
  }
}

void Plan::check_chosen(std::string_view value) const {
  if (!value.starts_with(how_.prefix))
    refuse(value, fmt::format("It does not begin with the prefix \"{}\".", how_.prefix),
           "Codes of this column carry a prefix; leave the column out to get one.");
  const std::string_view code = value.substr(how_.prefix.size());
  if (code.empty()) refuse(value, "It is empty.", "Leave the column out, or NULL, to get a code.");
  if (const core::base62::Outcome outcome = core::base62::check_alphabet(code); !outcome.ok())
    refuse(value, character_at(value, how_.prefix.size() + outcome.position),
           "Use letters without accents, and digits.");
  if (code.size() > static_cast<std::size_t>(longest_))
    refuse(value, fmt::format("It has {} characters; at most {} are allowed.", code.size(), longest_),
           "Choose a shorter code, or call steward.assign_codes() with a greater max_length.");
  if (const std::optional<Objection> objection = objection_to_chosen(code)) {
    if (objection->rule == Objection::Rule::reserved)
      refuse(value, "It is a reserved word.", "Table steward.reserved_codes lists them.");
    refuse(
        value, fmt::format("It holds the blocked word \"{}\".", objection->word),
        "Table steward.blocked_words lists them; look-alike characters count as the letter they resemble.");
  }
}

void Plan::refuse(std::string_view value, std::string why, std::string hint) const {
  throw pg::at(pg::Error{errors::code_not_allowed,
                         fmt::format("code {} is not allowed in column \"{}\"", shown(value), column_.name)}
                   .detail(std::move(why))
                   .hint(std::move(hint)),
               column_.relation, column_.name);
}

pg::Resident<std::unordered_map<Oid, std::unique_ptr<Plan>>> resident;

Plan& plan_for(const pg::TriggerCall& call) {
  if (resident.get() == nullptr) resident.make(TopMemoryContext, "steward assigned columns");
  auto& plans = *resident.get();
  std::unique_ptr<Plan>& plan = plans[call.trigger().tgoid];
  if (plan == nullptr) {
    // Those of triggers that are gone would be kept for ever.
    std::erase_if(plans, [&](const auto& one) { return one.second != nullptr && one.second->stale(); });
    plan = std::make_unique<Plan>(call);
  } else if (plan->stale()) {
    plan = std::make_unique<Plan>(call);
  }
  return *plan;
}

}  // namespace

}  // namespace codes

namespace triggers {

HeapTuple assign_code(const pg::TriggerCall& call) {
  codes::Plan& plan = codes::plan_for(call);
  const HeapTuple row = call.new_row();
  const std::optional<std::string_view> value = call.text(row, plan.column());
  if (call.is_insert() && !value) return call.with_text(row, plan.column(), plan.new_code(call.relation()));
  const bool changed = call.is_insert() || call.text(call.old_row(), plan.column()) != value;
  if (value && changed) plan.check_chosen(*value);
  return row;
}

}  // namespace triggers

PG_TRIGGER_FUNCTION(assign_code);
