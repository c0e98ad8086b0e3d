// What a cell is the cell of: an owner (a counter, a meter), a key, and where the table has such a column the start of a
// bucket or period.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cells {

class Identity {
 public:
  Identity(std::int32_t owner, std::string_view key, std::optional<std::int64_t> start = std::nullopt);

  std::int32_t owner() const noexcept { return owner_; }
  std::string_view key() const noexcept { return std::string_view{bytes_}.substr(bytes_.size() - key_size_); }
  std::optional<std::int64_t> start() const noexcept {
    return start_;
  }  // microseconds, as the server counts them

  // As they lie in the row, after the part that changes.
  const std::string& bytes() const noexcept { return bytes_; }

 private:
  std::int32_t owner_;
  std::optional<std::int64_t> start_;
  std::size_t key_size_;
  std::string bytes_;
};

}  // namespace cells
