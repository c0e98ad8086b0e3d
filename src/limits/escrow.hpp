// What transactions hold of accounts, and give back, until they commit. README.md says why that is exact.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limits/account.hpp"
#include "pg/transaction.hpp"

namespace limits {

// Whether who uses an account has it for himself until his transaction ends: mode row.
bool takes_turns();
// Waits for the accounts of these pots; true when others had one.
bool obtain_all(const std::vector<Pot>& pots);

// Whoever is to take or give waits here for those who change what is counted how; it is known for certain afterwards.
void open_accounts();

enum class Outcome { taken, held_by_others, used_up };

// Takes all of n for this transaction, from the pots in their order, or nothing.
Outcome take(std::vector<Pot>& pots, std::int64_t n);

// Takes back what this call of ours has taken, of several takes of which one was refused. `mark` is from before.
std::size_t taking_mark();
void untake_since(std::size_t mark);
// What was taken since stays.
void keep_since(std::size_t mark);

// Counts a call that was denied; what follows does not take that back.
void count_denial(Account& account);

// Takes denials that have been folded from a cell.
void forget_denials(const cells::Identity& account, std::int64_t denied);

// Gives back at most n of what is used, when this transaction commits; returns how much.
std::int64_t give_back(Account& account, std::int64_t n);

// How an account stands, as this transaction sees it.
struct Balance {
  std::int64_t used;  // with what this transaction has taken and given back
  std::int64_t held;  // by others
};
Balance balance_of(const Account& account);

// Adds what this transaction has used of a meter's accounts, and has not written yet, by subject.
void add_own(std::int32_t meter, std::map<std::string, std::int64_t>& sums);

// Cells go, or get another subject, in the present transaction; with them what it holds of them. All of a meter's without a subject.
// They are moved after the rows, with all others locked out who hold something.
void forget_accounts(std::int32_t meter, std::optional<std::string_view> subject);
void move_accounts(std::int32_t meter, const std::string& from, const std::string& to);

// What is committed of it, with what this transaction has taken and given back. The cell knows of more: of what is about to be committed.
std::int64_t committed_of(const Account& account);

bool has_holds();

// For the transaction's end; registered by init().
extern const pg::TransactionEvents transaction_events;

}  // namespace limits
