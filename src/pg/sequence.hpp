// Sequences of our own.
#pragma once

#include "pg/call.hpp"

namespace pg {

// The next value, whatever the caller's rights on the sequence: who may is decided by the function that asks.
std::int64_t next_value(Oid sequence);

// Makes the sequence go when the table goes, if that is not so yet: a dump leaves out the ownership by a table that
// belongs to an extension.
void tie(Oid sequence, Oid table);

}  // namespace pg
