// Keyed series as they are stored: looked up by name, compiled once per session.
#pragma once

#include <string>
#include <string_view>

#include "core/series.hpp"

#include "pg/prelude.hpp"

namespace codes {

class KeyedSeries {
 public:
  KeyedSeries(std::string name, std::string_view key, int length, int check_chars);

  const core::Series& codec() const noexcept { return codec_; }

  // The code of an id, or QC003 when the series has none for it.
  std::string code_of(std::int64_t id) const;

  // The code of the next id of the series' sequence that is no blocked word, or QC005 at the end.
  std::string next_code() const;

 private:
  std::int64_t next_id() const;

  std::string name_;
  core::Series codec_;
};

// The series of that name; null when there is none. The pointer is good until the next look-up.
const KeyedSeries* find_series(std::string_view name);

// The same, or QC002.
const KeyedSeries& series_named(std::string_view name);
[[noreturn]] void refuse_unknown_series(std::string_view name);

inline constexpr const char* series_table = "_series";
// Its columns, in their order.
enum : int { col_series = 1, col_length = 2, col_check_chars = 3, col_key = 4 };

// The name, in schema steward, of the sequence that counts a series' ids.
std::string sequence_name(std::string_view series);

// Locks that sequence until the transaction ends: who makes a column take from a series against who drops it. False
// when there is none.
bool lock_sequence(std::string_view series, LOCKMODE lock);

// The name as the cipher's tweak; the server's error when it has no UTF-8 form.
std::string tweak_of(std::string_view series);

}  // namespace codes
