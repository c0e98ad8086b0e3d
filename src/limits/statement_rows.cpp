#include "limits/statement_rows.hpp"

#include <algorithm>
#include <vector>

#include "core/journal.hpp"
#include "limits/decision.hpp"
#include "limits/escrow.hpp"
#include "pg/trigger.hpp"

namespace limits {

namespace {

struct Subject {
  std::string key;
  const std::string& name() const noexcept { return key; }
};

// Both only grow, until a savepoint takes a part away.
struct Sums {
  std::int64_t coming = 0, going = 0;
  void absorb(const Sums& later) {
    coming += later.coming;
    going += later.going;
  }
};

// A metered row that has left its partition, and not come to the next one yet. Triggers inside triggers may move rows of their own.
struct Leaving {
  int trigger_depth;
  int level;  // the savepoint
  std::string subject;
};

// Of one meter.
struct Sheet {
  std::int32_t meter;
  core::Journal<Subject, Sums> journal;
  std::vector<Leaving> leaving;  // one for each depth at most
};

// A pointer that is never freed: no global has a destructor. Few: one for each meter whose rows a transaction writes.
std::vector<Sheet>& sheets() {
  static auto* all = new std::vector<Sheet>;
  return *all;
}

Sheet& sheet_of(std::int32_t meter) {
  const auto sheet =
      std::find_if(sheets().begin(), sheets().end(), [&](const Sheet& one) { return one.meter == meter; });
  return sheet != sheets().end() ? *sheet : sheets().emplace_back(Sheet{meter, {}, {}});
}

void require_addable(std::int32_t meter, const std::string& subject, std::int64_t sum, std::int64_t n) {
  std::int64_t more = 0;
  if (__builtin_add_overflow(sum, n, &more)) refuse_sum(*find_meter(meter), subject);
}

void add(std::int32_t meter, const std::string& subject, const Sums& row) {
  Sheet& sheet = sheet_of(meter);
  std::size_t at = sheet.journal.find(subject);
  if (at == sheet.journal.size()) at = sheet.journal.find_or_add({subject});
  const Sums before = sheet.journal.total(at);
  require_addable(meter, subject, before.coming, row.coming);
  require_addable(meter, subject, before.going, row.going);
  sheet.journal.add(at, GetCurrentTransactionNestLevel(), row);
}

// Takes out what has been summed up since the present savepoint, in an order that is the same for everybody: in mode row each subject is
// waited for.
struct Result {
  std::string subject;
  std::int64_t n;
};
std::vector<Result> results_of(Sheet& sheet) {
  std::vector<Result> results;
  sheet.journal.roll_back(
      GetCurrentTransactionNestLevel(), [&](const Subject& subject, const Sums& all, const Sums& before) {
        results.push_back({subject.key, (all.coming - before.coming) - (all.going - before.going)});
      });
  std::sort(results.begin(), results.end(),
            [](const Result& a, const Result& b) { return a.subject < b.subject; });
  return results;
}

// As the meter is now. What goes makes room before anything is taken.
void decide(Sheet& sheet) {
  std::vector<Result> results = results_of(sheet);
  const std::shared_ptr<const Meter> meter = results.empty() ? nullptr : find_meter(sheet.meter);
  if (meter == nullptr) return;
  std::vector<Request> requests;
  for (Result& result : results) {
    if (result.n > 0) requests.push_back({meter, std::move(result.subject), result.n});
    if (result.n >= 0) continue;
    Account account{{meter->id, result.subject, standing_account}, std::nullopt, ""};
    give_back(account, -result.n);
  }
  if (requests.empty()) return;
  // A subject may have come in the same statement.
  pg::call(::CommandCounterIncrement);
  const std::vector<Denial> denials = take_all(requests).denials;
  if (denials.empty()) return;
  count_denials(denials);
  refuse(denials);
}

}  // namespace

void count_row(std::int32_t meter, const std::string& subject, std::int64_t n) {
  add(meter, subject, {.coming = n});
}

void uncount_row(std::int32_t meter, const std::string& subject, std::int64_t n) {
  add(meter, subject, {.going = n});
}

void metered_row_leaves(std::int32_t meter, const std::string& subject) {
  no_metered_row_comes(meter);
  sheet_of(meter).leaving.push_back({pg::trigger_depth(), GetCurrentTransactionNestLevel(), subject});
}

bool metered_row_comes_again(std::int32_t meter, const std::string& subject) {
  Sheet& sheet = sheet_of(meter);
  const int depth = pg::trigger_depth();
  const bool again = std::any_of(sheet.leaving.begin(), sheet.leaving.end(), [&](const Leaving& one) {
    return one.trigger_depth == depth && one.subject == subject;
  });
  no_metered_row_comes(meter);
  return again;
}

void no_metered_row_comes(std::int32_t meter) {
  const int depth = pg::trigger_depth();
  std::erase_if(sheet_of(meter).leaving, [&](const Leaving& one) { return one.trigger_depth >= depth; });
}

std::int64_t undecided(std::int32_t meter, std::string_view subject) {
  std::int64_t n = 0;
  for (Sheet& sheet : sheets()) {
    if (sheet.meter != meter) continue;
    const std::size_t at = sheet.journal.find(std::string{subject});
    if (at == sheet.journal.size()) continue;
    const Sums sums = sheet.journal.total(at);
    n += sums.coming - sums.going;
  }
  return n;
}

void decide_rows(std::int32_t meter) {
  for (Sheet& sheet : sheets())
    if (sheet.meter == meter) decide(sheet);
}

void decide_rows() {
  for (Sheet& sheet : sheets()) decide(sheet);
}

void savepoint_released_with_rows(int level) {
  for (Sheet& sheet : sheets()) {
    sheet.journal.release(level);
    for (Leaving& one : sheet.leaving) one.level = std::min(one.level, level - 1);
  }
}

void savepoint_rolled_back_with_rows(int level) {
  for (Sheet& sheet : sheets()) {
    sheet.journal.roll_back(level);
    std::erase_if(sheet.leaving, [&](const Leaving& one) { return one.level >= level; });
  }
}

void forget_rows() noexcept { sheets().clear(); }

}  // namespace limits
