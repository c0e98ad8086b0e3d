// Nanoseconds per call of the core's hot functions, each as the best of several rounds over the same inputs.
// Run on an idle machine; ratios between lines of one run mean more than absolute figures.
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
#include "core/random_code.hpp"
#include "core/series.hpp"
#include "core/word_matcher.hpp"

namespace {

constexpr std::size_t inputs = 4096;

// Keep the compiler from dropping a result that nobody reads.
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
  std::printf("%-52s %8.1f ns\n", name, best);
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

void measure_series() {
  for (const std::size_t key_size : {16U, 32U})
    for (const int check_chars : {0, 2}) {
      const core::Series series(std::string(key_size, 'k'), 8, check_chars, "reports");
      const std::string shape =
          std::to_string(8 * key_size) + " bits, " + std::to_string(check_chars) + " check";
      std::array<char, 12> out{};
      measure(("Series::code_of, length 8, " + shape).c_str(), [&](std::size_t i) {
        series.code_of(i, out.data());
        keep(out);
      });
      measure(("Series::id_of, length 8, " + shape).c_str(), [&](std::size_t) {
        std::uint64_t id = 0;
        series.id_of({out.data(), series.code_size()}, id);
        keep(id);
      });
    }
}

void measure_random_codes() {
  std::uint64_t state = 1;
  // A cheap generator, so that the figure is the drawing's own.
  const auto next_u64 = [&state] { return state = state * 6364136223846793005 + 1442695040888963407; };
  for (const std::size_t length : {8U, 10U, 32U}) {
    std::array<char, 32> out{};
    measure(("random_code, " + std::to_string(length)).c_str(), [&](std::size_t) {
      core::random_code(next_u64, out.data(), length);
      keep(out);
    });
  }
}

std::vector<std::string> random_words(std::mt19937_64& random, std::size_t count) {
  std::vector<std::string> words(count, std::string(8, 'a'));
  for (std::string& word : words)
    for (char& c : word) c = static_cast<char>('a' + random() % 26);
  return words;
}

void measure_matching(std::mt19937_64& random) {
  std::vector<std::string> codes(inputs, std::string(8, '0'));
  for (std::string& code : codes) core::random_code(random, code.data(), code.size());
  for (const std::size_t count : {1000U, 10'000U}) {
    const std::vector<std::string> words = random_words(random, count);
    std::vector<core::WordMatcher::Entry> entries;
    for (const std::string& word : words) entries.push_back({word, true});
    const core::WordMatcher matcher(entries);
    const std::string list = std::to_string(count) + " words, 8 characters";
    measure(("WordMatcher::contains_any, " + list).c_str(),
            [&](std::size_t i) { keep(matcher.contains_any(codes[i])); });
    measure(("WordMatcher::offending, " + list).c_str(),
            [&](std::size_t i) { keep(matcher.offending(codes[i])); });
  }
}

}  // namespace

int main() {
  std::mt19937_64 random(1);
  measure_values(random);
  measure_uuids(random);
  measure_long_numbers();
  measure_ff1();
  measure_series();
  measure_random_codes();
  measure_matching(random);
}
