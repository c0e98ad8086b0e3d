// A keyed series: turns 0, 1, 2 … into codes of one fixed length that do not collide and show neither order
// nor count, and turns a code back into its id.
//
// Contract
// - The code of an id is FF1 (key, radix 62, n = length, tweak = name) over the id's zero-padded Base62
//   digits, followed by `check_chars` check characters.
// - key 16, 24 or 32 bytes, length 4..10, check_chars 0..2, else std::invalid_argument.
// - Fixed for ever, because codes in the wild depend on it: everything below.
// - Objects move but do not copy; keys are wiped when they die. A moved-from object can only be destroyed or
//   assigned to.
//
// The check characters
// They are a MAC of the code's digits, so that a guess is turned away without touching a table, which a plain
// checksum cannot do: its rule is public. The MAC is one AES block over (length, check_chars, value of the
// digits), its first 64 bits modulo 62^check_chars; the modulo's bias is below 2^-52. One block is a sound
// MAC here since all inputs have one size. Its AES key is the first half of HMAC-SHA-256(key, "steward series
// check" || 0 || name): the series key never enters both ciphers, and a check character tells nothing about
// the permutation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/aes.hpp"
#include "core/ff1.hpp"
#include "core/modulus.hpp"

namespace core {

class Series {
 public:
  static constexpr int min_length = 4;  // the least whose domain reaches NIST's minimum of 10^6
  static constexpr int max_length = 10;
  static constexpr int max_check_chars = 2;

  struct Verdict {
    enum Kind { ok, wrong_length, bad_character, wrong_check };
    Kind kind = ok;
    std::size_t position = 0;  // for bad_character, the offset of the first such byte
  };

  Series(std::string_view key, int length, int check_chars, std::string_view name);

  // Number of ids, 62^length.
  [[nodiscard]] std::uint64_t capacity() const noexcept { return capacity_; }

  // Characters of a code, check characters included.
  [[nodiscard]] std::size_t code_size() const noexcept {
    return static_cast<std::size_t>(length_) + static_cast<std::size_t>(check_chars_);
  }

  // Write the code_size() characters of an id's code; the id must be below the capacity.
  void code_of(std::uint64_t id, char* out) const;

  // Find the id of a code; it is set only if the verdict is ok. Faults are looked for in the order length,
  // character, check.
  Verdict id_of(std::string_view code, std::uint64_t& id) const;

 private:
  [[nodiscard]] std::uint64_t check_of(std::uint64_t digits) const;

  int length_;
  int check_chars_;
  std::uint64_t capacity_;
  Modulus check_modulus_;
  Ff1 permutation_;
  Aes check_cipher_;
};

}  // namespace core
