/// Nanoseconds per call of the core's hot functions, each as the best of several rounds over the same inputs.
/// Run on an idle machine; ratios between lines of one run mean more than absolute figures.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "core/base62.hpp"
#include "core/ff1.hpp"

namespace {

constexpr std::size_t inputs = 4096;

/// Keep the compiler from dropping a result that nobody reads.
template <typename T>
void keep(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

template <typename Call>
void measure(const char* name, Call call) {
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  for (int round = 0; round < 50; ++round) {
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < inputs; ++i) call(i);
    const std::chrono::duration<double, std::nano> elapsed = Clock::now() - begin;
    best = std::min(best, elapsed.count() / static_cast<double>(inputs));
  }
  std::printf("%-44s %8.1f ns\n", name, best);
}

void measure_values(std::mt19937_64& random) {
  std::vector<std::uint64_t> values(inputs);
  std::vector<std::string> codes(inputs);
  std::array<char, core::base62::max_value_length> out{};
  for (std::size_t i = 0; i < inputs; ++i) {
    values[i] = random() >> 1;
    codes[i].assign(out.data(), core::base62::encode(values[i], out.data()));
  }
  measure("base62::encode", [&](std::size_t i) {
    core::base62::encode(values[i], out.data());
    keep(out);
  });
  measure("base62::decode", [&](std::size_t i) {
    std::uint64_t value = 0;
    core::base62::decode(codes[i], value);
    keep(value);
  });
}

void measure_uuids(std::mt19937_64& random) {
  std::vector<std::array<std::uint8_t, 16>> uuids(inputs);
  std::vector<std::string> codes(inputs, std::string(core::base62::uuid_length, '0'));
  for (std::size_t i = 0; i < inputs; ++i) {
    for (std::uint8_t& byte : uuids[i]) byte = static_cast<std::uint8_t>(random());
    core::base62::encode_uuid(uuids[i].data(), codes[i].data());
  }
  std::array<char, core::base62::uuid_length> out{};
  measure("base62::encode_uuid", [&](std::size_t i) {
    core::base62::encode_uuid(uuids[i].data(), out.data());
    keep(out);
  });
  measure("base62::decode_uuid", [&](std::size_t i) {
    std::array<std::uint8_t, 16> uuid;
    core::base62::decode_uuid(codes[i], uuid.data());
    keep(uuid);
  });
}

void measure_long_numbers() {
  for (const std::size_t size : {std::size_t{20}, core::base62::max_bytes}) {
    const std::string bytes(size, '\xA5');
    const std::string code = core::base62::encode_bytes(bytes);
    std::string decoded;
    measure(("base62::encode_bytes, " + std::to_string(size)).c_str(),
            [&](std::size_t) { keep(core::base62::encode_bytes(bytes)); });
    measure(("base62::decode_bytes, " + std::to_string(size)).c_str(),
            [&](std::size_t) { keep(core::base62::decode_bytes(code, decoded)); });
  }
}

void measure_ff1() {
  for (const std::size_t key_size : {16U, 32U}) {
    const core::Ff1 cipher(std::string(key_size, 'k'), 62, 8, "reports");
    measure(("Ff1::encrypt, length 8, " + std::to_string(8 * key_size) + " bits").c_str(),
            [&](std::size_t i) { keep(cipher.encrypt(i)); });
  }
}

}  // namespace

int main() {
  std::mt19937_64 random(1);
  measure_values(random);
  measure_uuids(random);
  measure_long_numbers();
  measure_ff1();
}
