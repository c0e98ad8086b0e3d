#include "limits/escrow.hpp"

#include <algorithm>

#include "cells/mode.hpp"
#include "core/journal.hpp"
#include "limits/cell_changes.hpp"
#include "limits/ledger.hpp"
#include "limits/row_account.hpp"
#include "limits/statement_rows.hpp"
#include "limits/tables.hpp"
#include "pg/memory.hpp"
#include "pg/notice.hpp"
#include "pg/privileges.hpp"
#include "pg/random.hpp"

namespace limits {

namespace {

// What this transaction has taken of an account and given back to it. Both only grow, until a savepoint takes a part away:
// what was taken stays held though it was given back, because a savepoint may undo the one and not the other.
struct Share {
  std::int64_t taken = 0, given = 0;
  bool forgotten = false;  // the account has gone, with its cell
  bool locked = false;     // mode row: nobody else has the account

  void absorb(const Share& later) {
    taken += later.taken;
    given += later.given;
    forgotten = forgotten || later.forgotten;
    locked = locked || later.locked;
  }
  bool empty() const noexcept { return taken == 0 && given == 0; }
  std::int64_t net() const noexcept { return forgotten ? 0 : taken - given; }
};

// An account whose share has been moved from held to used before the commit.
struct Settled {
  std::size_t at;  // in the journal
  Share share;
  std::optional<cells::Table::Kept> kept;  // where something is to be given back
};

struct Gone {
  std::int32_t meter;
  std::optional<std::string> subject;  // all without one
};

struct Taken {
  std::size_t at = 0;
  std::int64_t n = 0;
};

// Everything that lives as long as the transaction. A pointer that is never freed: no global has a destructor.
struct Transaction {
  core::Journal<Account, Share> journal;
  std::vector<Taken> taken;  // by the present call
  std::vector<Settled> settled;
  std::vector<char> is_settled;  // by place in the journal
  cells::Storage storage{};      // of the cells; good while this transaction holds its lock on them
  std::size_t undone = 0;        // of the journal, by after_abort()
  int failures = 0;              // of giving back what is rolled back, one after another
  std::vector<Gone> gone;        // what this transaction has removed
  int generation = 0;            // how often accounts have gone: who comes back is another one
  bool closing = false;

  void clear() noexcept {
    journal.clear();
    taken.clear();
    settled.clear();
    is_settled.clear();
    undone = 0;
    failures = 0;
    gone.clear();
    generation = 0;
    closing = false;
  }
};

Transaction& transaction() {
  static Transaction* one = new Transaction;
  return *one;
}

// ---- cells

// Whether this transaction has removed the account, with the rows that say what was used of it.
bool has_gone(const Account& account) {
  const auto& gone = transaction().gone;
  return std::any_of(gone.begin(), gone.end(), [&](const Gone& one) {
    return one.meter == account.meter() && (!one.subject || *one.subject == account.subject());
  });
}

void make_cell(Account& account) {
  const auto incarnation = static_cast<std::int64_t>(pg::random_u64() | 1);
  const Datum initial[] = {Int64GetDatum(used_in_rows(account.identity)),
                           Int64GetDatum(0),
                           Int64GetDatum(0),
                           Int64GetDatum(0),
                           Int64GetDatum(DT_NOBEGIN),
                           Int64GetDatum(incarnation)};
  // Where this transaction has changed the rows, what they say goes with it.
  const cells::Fate fate = has_gone(account) ? cells::Fate::transaction : cells::Fate::kept;
  account.place = limit_cells().find_or_make(account.identity, initial, fate).place;
}

void open_cells() {
  if (transaction().closing)
    throw pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                    "cannot consume while the transaction is being committed"};
  limit_cells().open();
  transaction().storage = limit_cells().storage();
}

// Changes the account's cell, which is made where there is none.
void change_cell(Account& account, pg::inplace::Change change, void* argument) {
  if (!account.place.known())
    if (const std::optional<cells::Place> place = limit_cells().find(account.identity))
      account.place = *place;
  while (!limit_cells().overwrite(account.identity, account.place, change, argument).found)
    make_cell(account);
}

// In a transaction, or a part of one, that is rolled back. What was held of a cell that has gone went with it; in mode row
// nothing was.
void take_back(const Account& account, LimitCell change) {
  if (account.incarnation == 0) return;
  change.incarnation = account.incarnation;
  cells::Table::take_back(transaction().storage, account.place, account.identity.bytes(), sizeof change, &add,
                          &change);
}

// ---- what this transaction has

std::string name_of(const Account& account, int generation) {
  if (generation == 0) return account.identity.bytes();
  return fmt::format("{}#{}", account.identity.bytes(), generation);
}

// Where the account is that has not gone; the journal's size when it has none.
std::size_t find(const Account& account) {
  Transaction& now = transaction();
  for (int generation = now.generation; generation >= 0; --generation) {
    const std::size_t at = now.journal.find(name_of(account, generation));
    if (at < now.journal.size() && now.journal.changed(at) && !now.journal.total(at).forgotten) return at;
  }
  return now.journal.size();
}

Share own_share(const Account& account) {
  const std::size_t at = find(account);
  return at == transaction().journal.size() ? Share{} : transaction().journal.total(at);
}

// Room for it is there before the cell is changed.
std::size_t entry_of(const Account& account) {
  Transaction& now = transaction();
  std::size_t at = find(account);
  if (at == now.journal.size()) {
    Account fresh = account;
    if (now.generation > 0) fresh.name_ = name_of(account, now.generation);
    at = now.journal.find_or_add(std::move(fresh));
  }
  now.journal.add(at, GetCurrentTransactionNestLevel(), {});
  now.taken.reserve(now.taken.size() + 1);
  return at;
}

// Of the cell that something is held of; 0 when it may be any.
std::int64_t held_incarnation(std::size_t at) {
  Transaction& now = transaction();
  return now.journal.total(at).empty() ? 0 : now.journal.thing(at).incarnation;
}

// As when a row that is to be updated has gone.
[[noreturn]] void refuse_gone(const Account& account) {
  throw pg::Error{ERRCODE_T_R_SERIALIZATION_FAILURE,
                  fmt::format("what was consumed for subject \"{}\" is gone", account.subject())}
      .detail("Another transaction has removed the subject, or what was used of its limit.")
      .hint("Retry the transaction.");
}

// Nothing can fail between the cell's change and the note of it: the room for the note is there before.
void let_go(std::size_t at, int level, std::int64_t n) {
  Transaction& now = transaction();
  now.journal.add(at, level, {});
  take_back(now.journal.thing(at), {.held = -n});
  now.journal.add(at, level, {.taken = -n});
}

void remember(std::size_t at, const Account& account, const Share& share) {
  Transaction& now = transaction();
  now.journal.thing(at).place = account.place;
  now.journal.thing(at).incarnation = account.incarnation;
  now.journal.add(at, GetCurrentTransactionNestLevel(), share);
}

void take_from_cell(Account& account, Taking& taking) {
  change_cell(account, &take_from, &taking);
  if (taking.gone) refuse_gone(account);
  account.incarnation = taking.incarnation;
}

void give_to_cell(Account& account, Giving& giving) {
  change_cell(account, &give_to, &giving);
  if (giving.gone) refuse_gone(account);
  account.incarnation = giving.incarnation;
}

// ---- mode row: nothing is in cells, and what is committed stays as it is while this transaction has the account

bool is_by_rows() { return cells::mode() == cells::Mode::row; }

// True when another transaction had it, and was waited for.
bool obtain(std::size_t at) {
  Transaction& now = transaction();
  if (now.journal.total(at).locked) return false;
  Account& account = now.journal.thing(at);
  const bool waited = lock_account(account.identity);
  account.committed = used_in_rows(account.identity);
  now.journal.add(at, GetCurrentTransactionNestLevel(), {.locked = true});
  return waited;
}

// As this transaction sees it, with its own.
std::int64_t used_by_rows(const Account& account) {
  Transaction& now = transaction();
  const std::size_t at = find(account);
  if (at == now.journal.size()) return used_in_rows(account.identity);
  const Share own = now.journal.total(at);
  return (own.locked ? now.journal.thing(at).committed : used_in_rows(account.identity)) + own.net();
}

void take_from_rows(const Account& account, std::size_t at, Taking& taking) {
  obtain(at);
  const std::int64_t room = difference(taking.max, used_by_rows(account));
  taking.taken = taking.without = std::clamp(room, std::int64_t{0}, taking.n);
}

void give_to_rows(const Account& account, std::size_t at, Giving& giving) {
  obtain(at);
  giving.given = std::clamp(used_by_rows(account), std::int64_t{0}, giving.n);
}

}  // namespace

void open_accounts() { open_cells(); }

Outcome take(std::vector<Pot>& pots, std::int64_t n) {
  open_cells();
  const std::size_t mark = taking_mark();
  std::int64_t left = n, without = 0;
  for (Pot& pot : pots) {
    const std::size_t at = entry_of(pot.account);
    const Share own = own_share(pot.account);
    Taking taking{left, pot.max.value_or(std::numeric_limits<std::int64_t>::max()), held_incarnation(at),
                  own.taken, own.given};
    is_by_rows() ? take_from_rows(pot.account, at, taking) : take_from_cell(pot.account, taking);
    if (taking.taken > 0) {
      remember(at, pot.account, {.taken = taking.taken});
      transaction().taken.push_back({at, taking.taken});
    }
    left -= taking.taken;
    without += std::max(taking.taken, taking.without);
    if (left == 0) return Outcome::taken;
  }
  untake_since(mark);
  return without >= n ? Outcome::held_by_others : Outcome::used_up;
}

bool takes_turns() {
  open_cells();
  return is_by_rows();
}

bool obtain_all(const std::vector<Pot>& pots) {
  bool waited = false;
  for (const Pot& pot : pots) waited = obtain(entry_of(pot.account)) || waited;
  return waited;
}

std::size_t taking_mark() { return transaction().taken.size(); }

void keep_since(std::size_t mark) { transaction().taken.resize(mark, {}); }

void untake_since(std::size_t mark) {
  Transaction& now = transaction();
  while (now.taken.size() > mark) {
    const Taken last = now.taken.back();
    let_go(last.at, GetCurrentTransactionNestLevel(), last.n);
    now.taken.pop_back();
  }
}

void count_denial(Account& account) {
  open_cells();
  LimitCell change{.denied = 1, .last_denied = GetCurrentTimestamp()};
  change_cell(account, &add, &change);
}

void forget_denials(const cells::Identity& account, std::int64_t denied) {
  limit_cells().open();
  LimitCell change{.denied = -denied};
  cells::Place place{};
  limit_cells().overwrite(account, place, &add, &change);
}

std::int64_t give_back(Account& account, std::int64_t n) {
  open_cells();
  const std::size_t at = entry_of(account);
  Giving giving{n, own_share(account).taken, held_incarnation(at)};
  is_by_rows() ? give_to_rows(account, at, giving) : give_to_cell(account, giving);
  remember(at, account, {.given = giving.given});
  return giving.given;
}

Balance balance_of(const Account& account) {
  if (RecoveryInProgress()) return {used_in_rows(account.identity), 0};
  limit_cells().open_to_read();
  if (is_by_rows()) return {used_by_rows(account), 0};
  const Share own = own_share(account);
  LimitCell cell{};
  std::optional<cells::Place> place = limit_cells().find(account.identity);
  if (!place || !limit_cells().read(account.identity, *place, &cell))
    return {used_in_rows(account.identity) + own.net(), 0};
  return {cell.used + own.net(), cell.held - own.taken};
}

std::int64_t committed_of(const Account& account) {
  return used_in_rows(account.identity) + own_share(account).net();
}

void add_own(std::int32_t meter, std::map<std::string, std::int64_t>& sums) {
  Transaction& now = transaction();
  for (std::size_t at = 0; at < now.journal.size(); ++at)
    if (const Account& account = now.journal.thing(at); account.meter() == meter)
      sums[std::string{account.subject()}] += now.journal.total(at).net();
}

bool has_holds() {
  Transaction& now = transaction();
  for (std::size_t at = 0; at < now.journal.size(); ++at)
    if (!now.journal.total(at).empty()) return true;
  return false;
}

// ---- the transaction's end

namespace {

void settle(std::size_t at) {
  Transaction& now = transaction();
  Account& account = now.journal.thing(at);
  const Share share = now.journal.total(at);
  Settled settled{at, share, std::nullopt};
  if (share.net() < 0) settled.kept = limit_cells().keep(account.identity, account.place);
  LimitCell change{.held = -share.taken, .incarnation = account.incarnation};
  if (share.net() >= 0) {
    change.used = share.net();
    change.giving = -share.given;
  }
  if (!limit_cells().overwrite(account.identity, account.place, &add, &change).changed) refuse_gone(account);
  now.is_settled[at] = 1;
  now.settled.push_back(settled);
}

// A procedure that commits goes on with the memory that the commit began in, and would keep what is made of the rows.
void insert_ledger_rows() {
  const pg::Scratch memory;
  Transaction& now = transaction();
  for (std::size_t at = 0; at < now.journal.size(); ++at)
    if (const Share share = now.journal.total(at); share.net() != 0)
      insert_ledger_row(now.journal.thing(at), share.net());
}

void before_commit() {
  Transaction& now = transaction();
  if (now.closing) return;
  decide_rows();
  if (now.journal.unchanged()) return;
  now.closing = true;
  const pg::UnderTransaction owner;
  if (!limit_cells().storage().same_file(now.storage))
    throw pg::Error{
        ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
        fmt::format("table \"{}\" was rewritten by a transaction that has consumed", cells_table)};
  now.settled.reserve(now.journal.size());
  now.is_settled.assign(now.journal.size(), 0);
  insert_ledger_rows();
  if (is_by_rows()) return;
  for (std::size_t at = 0; at < now.journal.size(); ++at)
    if (const Share share = now.journal.total(at); !share.empty() && !share.forgotten) settle(at);
}

void before_prepare() {
  decide_rows();
  Transaction& now = transaction();
  if (!has_holds()) return now.clear();
  if (!is_by_rows())
    throw pg::Error{ERRCODE_FEATURE_NOT_SUPPORTED, "cannot PREPARE a transaction that has consumed"}
        .detail(
            "In mode inplace a consumption takes effect at the commit itself, which a prepared transaction "
            "puts off.")
        .hint("Call steward.set_cell_mode('row') if this database uses prepared transactions.");
  const pg::UnderTransaction owner;
  insert_ledger_rows();
  now.clear();
}

// Nothing here can raise: the pages are at hand.
void after_commit() {
  forget_rows();
  Transaction& now = transaction();
  for (Settled& settled : now.settled) {
    if (!settled.kept) continue;
    const Account& account = now.journal.thing(settled.at);
    LimitCell change{
        .used = settled.share.net(), .giving = -settled.share.given, .incarnation = account.incarnation};
    limit_cells().overwrite_kept(*settled.kept, account.identity.bytes(), &add, &change);
  }
  now.clear();
}

// What a rollback undoes is dropped once it has been given back: an error comes back here, and the rest is tried again. Not often,
// because the server has room for a few errors at once only, and a disk that is broken now is no better a moment later.
bool may_try_again() {
  constexpr int most_failures = 3;
  return transaction().failures++ < most_failures;
}

void warn_of_held() {
  pg::warn("limits may show as held what was rolled back", "It could not be given back.",
           "steward.repair_limits() gives it back.");
}

void after_abort() {
  forget_rows();
  Transaction& now = transaction();
  const pg::UnderTransaction owner;
  if (now.undone < now.journal.size() && !may_try_again()) {
    now.clear();
    return warn_of_held();
  }
  for (; now.undone < now.journal.size(); ++now.undone) {
    const std::size_t at = now.undone;
    const Share share = now.journal.total(at);
    if (share.empty()) continue;
    LimitCell change{};
    const bool settled = at < now.is_settled.size() && now.is_settled[at] != 0;
    if (!settled) change.held = -share.taken;
    if (settled && share.net() >= 0)
      change.used = -share.net();
    else
      change.giving = -share.given;
    take_back(now.journal.thing(at), change);
  }
  now.clear();
}

void savepoint_released(int level) {
  savepoint_released_with_rows(level);
  transaction().journal.release(level);
}

void savepoint_rolled_back(int level) {
  savepoint_rolled_back_with_rows(level);
  Transaction& now = transaction();
  if (!now.journal.changed_since(level)) return;
  // What was consumed outside of the savepoint is still to be committed.
  if (!may_try_again()) {
    now.journal.roll_back(level);
    now.failures = 0;
    return warn_of_held();
  }
  now.journal.roll_back(level, [](Account& account, const Share& gone, const Share& left) {
    LimitCell change{.held = left.taken - gone.taken, .giving = left.given - gone.given};
    if (change.held != 0 || change.giving != 0) take_back(account, change);
  });
  now.failures = 0;
}

}  // namespace

const pg::TransactionEvents transaction_events{.before_commit = &before_commit,
                                               .before_prepare = &before_prepare,
                                               .after_commit = &after_commit,
                                               .after_abort = &after_abort,
                                               .savepoint_released = &savepoint_released,
                                               .savepoint_rolled_back = &savepoint_rolled_back};

void forget_accounts(std::int32_t meter, std::optional<std::string_view> subject) {
  open_cells();
  Transaction& now = transaction();
  bool known = false;
  for (std::size_t at = 0; at < now.journal.size(); ++at) {
    const Account& account = now.journal.thing(at);
    if (account.meter() != meter || (subject && account.subject() != *subject)) continue;
    now.journal.add(at, GetCurrentTransactionNestLevel(), {.forgotten = true});
    known = true;
  }
  if (known) ++now.generation;
  now.gone.push_back({meter, subject ? std::optional{std::string{*subject}} : std::nullopt});
  limit_cells().drop(meter, subject);
  if (is_by_rows()) forget_locked_accounts(meter, subject);
}

// What this transaction holds goes along. The cells are made anew from the rows.
void move_accounts(std::int32_t meter, const std::string& from, const std::string& to) {
  open_cells();
  Transaction& now = transaction();
  std::vector<std::pair<Account, Share>> own;
  for (std::size_t at = 0; at < now.journal.size(); ++at) {
    const Account& account = now.journal.thing(at);
    const Share share = now.journal.total(at);
    if (account.meter() == meter && account.subject() == from && !share.forgotten && !share.empty())
      own.emplace_back(account, share);
  }
  forget_accounts(meter, from);
  forget_accounts(meter, to);
  for (auto& [account, share] : own) {
    account.identity = {meter, to, account.number()};
    account.place = {};
    account.name_.clear();
    const std::size_t at = entry_of(account);
    if (!is_by_rows()) {
      LimitCell change{.held = share.taken, .giving = share.given};
      change_cell(account, &add, &change);
      LimitCell cell;
      limit_cells().read(account.identity, account.place, &cell);
      account.incarnation = cell.incarnation;
    }
    remember(at, account, {.taken = share.taken, .given = share.given});
  }
}

}  // namespace limits
