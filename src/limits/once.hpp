// Idempotency keys: what was asked for once gets the same answer again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limits/denial.hpp"

namespace limits {

struct Verdict {
  int denied;  // SQLSTATE of the denial; 0 when it was allowed
  std::optional<std::int64_t> remaining;

  bool allowed() const noexcept { return denied == 0; }
};

// One use of a key, which belongs to the subject. Waits while another transaction is using it for the first time.
// Raises QL006 when it has been used for something else.
class Once {
 public:
  Once(const std::vector<Request>& requests, std::string key);

  // The answer of the first use; nothing when this is it.
  const std::optional<Verdict>& first_verdict() const noexcept { return first_; }

  // As if it had not been used: the answer would be another one a moment later.
  void forget() const;

  // Of this use, which is the first; gone with a rollback.
  void record(const Verdict& verdict) const;

 private:
  bool is_first(const std::string& request) const;
  bool find_first(const std::string& request);

  Oid subjects_;
  std::string subject_, key_;
  std::optional<Verdict> first_;
};

// The answer again, where it was no: with the SQLSTATE that it had.
[[noreturn]] void refuse_again(std::string_view key, int sqlstate);

}  // namespace limits
