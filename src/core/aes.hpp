// AES (FIPS 197) for one block at a time under a fixed key.
//
// Contract
// - Keys have 16, 24 or 32 bytes; std::invalid_argument otherwise. A failure inside OpenSSL is
//   std::runtime_error.
// - OpenSSL does the work, with the processor's AES instructions where they exist. Measured, a call for one
//   block takes as long as the instructions themselves in a function of our own (15 ns), so there is no such
//   function.
// - Objects move but do not copy; OpenSSL wipes the key schedule when the last owner dies. A moved-from
//   object can only be destroyed or assigned to.
// - `encrypt` of one object is not for two threads at once (OpenSSL's context has state).
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

struct evp_cipher_ctx_st;  // OpenSSL's cipher context, so that its headers stay out of ours

namespace core {

// The 16 bytes of a block as a 128-bit big-endian number.
struct Block {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend bool operator==(const Block&, const Block&) = default;
};

class Aes {
 public:
  explicit Aes(std::string_view key);

  [[nodiscard]] Block encrypt(Block plain) const;

 private:
  struct ContextDeleter {
    void operator()(evp_cipher_ctx_st* context) const noexcept;
  };

  std::unique_ptr<evp_cipher_ctx_st, ContextDeleter> context_;
};

}  // namespace core
