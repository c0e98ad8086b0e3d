// What is asked for of an audited table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/relation.hpp"

namespace audit {

inline constexpr const char audited_table[] = "_audited";

struct Options {
  std::int32_t number;
  std::vector<std::string> redacted;  // by the names that they had
  bool masked;                        // and not hashed
  bool full_rows;
};

// Nothing for a table that is not audited itself.
std::optional<Options> find_options(Oid table);
void store_options(Oid table, const Options& options, bool is_new);
void erase_options(Oid table);

// A table, or the topmost of those it is a partition of, that is audited, and how.
struct Audited {
  Oid table;
  Options options;
};
std::optional<Audited> find_audited(Oid table);

}  // namespace audit
