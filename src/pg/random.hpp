// The server's strong random source, drawn through a pool: one call to the source per 4 KiB instead of one per code.
#pragma once

#include "pg/call.hpp"

namespace pg {

// 64 random bits.
std::uint64_t random_u64();

// Random bytes for a key; not from the pool.
std::string random_bytes(std::size_t count);

}  // namespace pg
