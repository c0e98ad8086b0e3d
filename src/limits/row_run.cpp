#include "limits/row_run.hpp"

#include <algorithm>

#include "limits/decision.hpp"
#include "limits/escrow.hpp"
#include "settings.hpp"

namespace limits {

namespace {

constexpr std::int64_t most_spare = 4096;  // rows

// A pointer that is never freed: no global has a destructor.
struct Run {
  std::shared_ptr<const Meter> meter;
  std::string subject;
  std::vector<Pot> pots;  // what was decided for this command: the allowance
  CommandId command = InvalidCommandId;
  std::int64_t spare = 0;  // held, and not needed yet
  std::int64_t next = 0;   // how much more than needed to hold the next time
  int level = 0;           // the savepoint that it is in: it ends before another begins
};
Run* run = nullptr;

bool goes_on(const Meter& meter, std::string_view subject) {
  return run != nullptr && run->meter != nullptr && run->meter.get() == &meter && run->subject == subject &&
         run->command == GetCurrentCommandId(false);
}

// The first row of a subject is decided as any consumption is.
void begin_run(const std::shared_ptr<const Meter>& meter, std::string_view subject, std::int64_t n) {
  end_run();
  const Request request{meter, std::string{subject}, n};
  const std::vector<Denial> denials = take_all({request});
  if (!denials.empty()) {
    count_denials(denials);
    refuse(denials);
  }
  if (run == nullptr) run = new Run;
  const std::int64_t time = settings::now();
  run->meter = meter;
  run->subject = request.subject;
  run->pots = pots_of(*meter, request.subject, allowance_of(*meter, request.subject, time), time);
  // More than is needed is held of the allowance alone, so that it is known where to give it back.
  run->pots.erase(run->pots.begin() + 1, run->pots.end());
  run->command = GetCurrentCommandId(false);
  run->spare = 0;
  run->next = 0;
  run->level = GetCurrentTransactionNestLevel();
}

}  // namespace

void count_row(const std::shared_ptr<const Meter>& meter, std::string_view subject, std::int64_t n) {
  if (!goes_on(*meter, subject)) return begin_run(meter, subject, n);
  if (run->spare >= n) {
    run->spare -= n;
    return;
  }
  const std::int64_t more = run->next = std::min(most_spare, std::max(std::int64_t{8}, 2 * run->next));
  const std::int64_t wanted = n - run->spare;
  std::int64_t sum = 0;
  const std::size_t mark = taking_mark();
  if (!__builtin_add_overflow(wanted, more, &sum) && take(run->pots, sum) == Outcome::taken) {
    keep_since(mark);
    run->spare = more;
    return;
  }
  // Near the limit every row is decided alone.
  end_run();
  begin_run(meter, subject, n);
}

void uncount_row(const Meter& meter, std::string_view subject, std::int64_t n) {
  end_run();
  Account account{{meter.id, subject, standing_account}, std::nullopt, ""};
  give_back(account, n);
}

void end_run() {
  if (run == nullptr || run->meter == nullptr) return;
  const std::int64_t spare = std::exchange(run->spare, 0);
  run->meter = nullptr;
  if (spare > 0) let_go(run->pots, spare, run->level);
}

void abandon_run() noexcept {
  if (run == nullptr) return;
  run->meter = nullptr;
  run->spare = 0;
}

}  // namespace limits
