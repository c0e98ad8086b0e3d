// Every core function that allocates, run with its first, second, third … allocation failing until it
// succeeds: nothing but std::bad_alloc may come out, nothing may leak, and results must be left alone.
#include <gtest/gtest.h>

#include <new>
#include <string>
#include <vector>

#include "core/base62.hpp"
#include "core/series.hpp"
#include "core/word_matcher.hpp"
#include "failing_allocator.hpp"

namespace core {
namespace {

enum class Ending { success, bad_alloc, other };

template <typename Function>
Ending run_with_failure(std::size_t n, const Function& function, bool& failed) {
  Ending ending = Ending::success;
  failing_allocator::fail_at(n);
  try {
    function();
  } catch (const std::bad_alloc&) {
    ending = Ending::bad_alloc;
  } catch (...) {
    ending = Ending::other;
  }
  failed = failing_allocator::disarm();
  return ending;
}

// Returns how many allocations were made to fail before the function succeeded.
template <typename Function>
std::size_t sweep(const Function& function) {
  function();  // what OpenSSL keeps from its first call is not a leak
  for (std::size_t n = 1; n < 10'000; ++n) {
    const std::size_t before = failing_allocator::live();
    bool failed = false;
    const Ending ending = run_with_failure(n, function, failed);
    EXPECT_EQ(failing_allocator::live(), before) << "allocation " << n << " leaks";
    EXPECT_NE(ending, Ending::other) << "allocation " << n << " ends in another exception";
    EXPECT_EQ(ending == Ending::bad_alloc, failed) << "the failure of allocation " << n << " is swallowed";
    if (!failed) return n - 1;
  }
  ADD_FAILURE() << "never succeeds";
  return 0;
}

TEST(AllocationFailure, TheSweepItselfFindsFaults) {
  // A call of the operator itself: compilers may drop the allocation of an object that nobody uses.
  EXPECT_EQ(sweep([] { ::operator delete(::operator new(100)); }), 1U);
  EXPECT_EQ(sweep([] {}), 0U);
}

TEST(AllocationFailure, Base62Bytes) {
  const std::string bytes(1024, 'x');
  const std::string code = base62::encode_bytes(bytes);
  EXPECT_GE(sweep([&] { base62::encode_bytes(bytes); }), 1U);
  EXPECT_GE(sweep([&] {
              std::string decoded;
              base62::decode_bytes(code, decoded);
            }),
            1U);
}

TEST(AllocationFailure, Base62Decimal) {
  const std::string number(1000, '9');
  const std::string code = base62::encode_decimal(number);
  EXPECT_GE(sweep([&] { base62::encode_decimal(number); }), 1U);
  EXPECT_GE(sweep([&] {
              std::string decoded;
              base62::decode_decimal(code, decoded);
            }),
            1U);
}

TEST(AllocationFailure, Base62LeavesTheResultAlone) {
  const std::string code = base62::encode_bytes(std::string(1024, 'x'));
  std::string decoded = "untouched";
  failing_allocator::fail_at(1);
  EXPECT_THROW(base62::decode_bytes(code, decoded), std::bad_alloc);
  failing_allocator::disarm();
  EXPECT_EQ(decoded, "untouched");
}

TEST(AllocationFailure, Series) {
  const std::string key(32, 'k');
  const std::string name(100, 'n');
  EXPECT_GE(sweep([&] {
              const Series series(key, 10, 2, name);
              char code[12];
              series.code_of(7, code);
              std::uint64_t id = 0;
              series.id_of({code, sizeof code}, id);
            }),
            1U);
}

TEST(AllocationFailure, WordMatcher) {
  const std::vector<WordMatcher::Entry> entries{
      {"alpha", true}, {"beta", false}, {"gamma", true}, {"al", true}};
  EXPECT_GE(sweep([&] {
              const WordMatcher matcher(entries);
              const WordMatcher copy = matcher;
              EXPECT_EQ(copy.offending("x4lpha"), 3U);
            }),
            5U);
}

}  // namespace
}  // namespace core
