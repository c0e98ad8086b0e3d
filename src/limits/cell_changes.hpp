// What is done to an account's cell, as the page is written: given to cells::Table::overwrite, which has the buffer locked, so
// that nothing here may fail.
#pragma once

#include <cstdint>

#include "limits/account.hpp"

namespace limits {

// A difference, or the nearest that a number holds.
std::int64_t difference(std::int64_t a, std::int64_t b) noexcept;

struct Taking {
  std::int64_t n, max, incarnation;   // 0: whichever the cell has
  std::int64_t own_taken, own_given;  // by this transaction, so far
  std::int64_t taken = 0;             // set by the change: how much could be had
  std::int64_t without = 0;           // and how much if no other transaction held anything
  bool gone = false;                  // another cell is there than the one that something is held of
};
bool take_from(char* fixed, void* taking);

struct Giving {
  std::int64_t n, own_taken, incarnation;
  bool gone = false;
  std::int64_t given = 0;  // set by the change
};
bool give_to(char* fixed, void* giving);

// Adds a LimitCell; to no other than the one that its incarnation names, if it does.
bool add(char* fixed, void* change);

}  // namespace limits
