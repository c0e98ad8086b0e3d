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

// Of one meter.
struct Sheet {
  std::int32_t meter;
  core::Journal<Subject, Sums> journal;
  int leaves_at =
      0;  // depth of the trigger that has seen a metered row leave its partition; 0 when that row has come
};

// A pointer that is never freed: no global has a destructor. Few: one for each meter whose rows a transaction writes.
std::vector<Sheet>& sheets() {
  static auto* all = new std::vector<Sheet>;
  return *all;
}

Sheet& sheet_of(std::int32_t meter) {
  const auto sheet =
      std::find_if(sheets().begin(), sheets().end(), [&](const Sheet& one) { return one.meter == meter; });
  return sheet != sheets().end() ? *sheet : sheets().emplace_back(Sheet{meter, {}, 0});
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

void metered_row_leaves(std::int32_t meter) { sheet_of(meter).leaves_at = pg::trigger_depth(); }

bool metered_row_comes_again(std::int32_t meter) {
  for (Sheet& sheet : sheets()) {
    if (sheet.meter != meter || sheet.leaves_at == 0 || sheet.leaves_at != pg::trigger_depth()) continue;
    sheet.leaves_at = 0;
    return true;
  }
  return false;
}

void decide_rows(std::int32_t meter) {
  for (Sheet& sheet : sheets())
    if (sheet.meter == meter) decide(sheet);
}

void decide_rows() {
  for (Sheet& sheet : sheets()) decide(sheet);
}

void savepoint_released_with_rows(int level) {
  for (Sheet& sheet : sheets()) sheet.journal.release(level);
}

void savepoint_rolled_back_with_rows(int level) {
  for (Sheet& sheet : sheets()) {
    sheet.journal.roll_back(level);
    sheet.leaves_at = 0;
  }
}

void forget_rows() noexcept { sheets().clear(); }

}  // namespace limits
