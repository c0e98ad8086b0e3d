// FF1 of NIST SP 800-38G: a keyed permutation of the strings of `length` numerals in a radix.
//
// Contract
// - radix 2..65536, length 2 or more, radix^length ≥ 100 and radix^ceil(length/2) < 2^64, else
//   std::invalid_argument. (NIST asks for a domain of 10^6 or more; the caller decides what is enough.)
// - `encrypt_digits` and `decrypt_digits` work in place on `length` numerals, each below the radix.
// - `encrypt` and `decrypt` do the same for the number that the numerals stand for; only if `has_values()`,
//   which is radix^length ≤ 2^64. The value must be below radix^length.
// - Everything that does not depend on the text is computed once per key: the CBC state after the P block and
//   the tweak's whole blocks. What is left fits one block, so a round costs one AES call.
// - The key schedule and the cached state are wiped when the object dies. Objects move but do not copy; a
//   moved-from object can only be destroyed or assigned to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/aes.hpp"
#include "core/modulus.hpp"

namespace core {

class Ff1 {
 public:
  using Numeral = std::uint16_t;

  Ff1(std::string_view key, std::uint32_t radix, std::uint32_t length, std::string_view tweak);
  ~Ff1();
  Ff1(Ff1&&) = default;
  Ff1& operator=(Ff1&&) = default;

  void encrypt_digits(Numeral* digits) const;
  void decrypt_digits(Numeral* digits) const;

  [[nodiscard]] bool has_values() const noexcept { return has_values_; }
  [[nodiscard]] std::uint64_t encrypt(std::uint64_t value) const;
  [[nodiscard]] std::uint64_t decrypt(std::uint64_t value) const;

 private:
  static constexpr unsigned rounds = 10;

  // A text cut in two numbers: the left one has floor(length/2) numerals, the right one the rest.
  struct Halves {
    std::uint64_t left;
    std::uint64_t right;
  };

  [[nodiscard]] Halves encrypt(Halves text) const;
  [[nodiscard]] Halves decrypt(Halves text) const;
  [[nodiscard]] std::uint64_t round_value(unsigned round, std::uint64_t input, const Modulus& modulus) const;
  [[nodiscard]] Halves read(const Numeral* digits) const noexcept;
  void write(Halves text, Numeral* digits) const noexcept;
  void cache_prefix(std::string_view tweak);

  Aes aes_;
  std::uint32_t radix_;
  std::uint32_t length_;
  Modulus left_;
  Modulus right_;
  bool has_values_;
  unsigned input_bytes_;  // b of the standard: bytes of the right half
  Block prefix_{};        // CBC state xor the constant bytes of the last block
};

}  // namespace core
