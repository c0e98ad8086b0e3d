// Keeps two transactions from drawing the same free code in a small space.
//
// Between looking a code up and storing it lies a moment in which another transaction may look up the same one. So in
// a small space a code is looked up and used only by the transaction that holds its stripe: one of 256 heavyweight
// locks, by hash of the code.
#pragma once

#include <string_view>

#include "pg/prelude.hpp"

namespace codes {

// Whether two equal draws are likely enough to need stripes; above, the chance is below 1e-9 a row.
bool needs_stripe(int length);

// Takes the code's stripe, which is held until the row is stored: until the next claim of this transaction, or its end.
enum class Patience { none, wait };
enum class Claim {
  granted,
  refused,  // another transaction has it; with Patience::wait it is waited for instead
  own,      // another row of this one has it, which is not stored yet: waiting would not help
};
Claim claim_stripe(Oid index, std::string_view code, Patience patience);

}  // namespace codes
