#include "core/digest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using core::keyed_hash_hex;
using core::sha256_hex;

// FIPS 180-4's examples, and the one of a million letters.
TEST(Digest, IsSha256) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// RFC 4231's test cases 1, 2 and 6, whose key is longer than a block.
TEST(Digest, IsKeyed) {
  EXPECT_EQ(keyed_hash_hex(std::string(20, '\x0b'), "Hi There"), "b0344c61d8db38535ca8afceaf0bf12b");
  EXPECT_EQ(keyed_hash_hex("Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c7");
  EXPECT_EQ(
      keyed_hash_hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
      "60e431591ee0b67f0d8a26aacbf5b77f");
}

TEST(Digest, TakesBytesAsTheyAre) {
  EXPECT_NE(sha256_hex(std::string_view{"a\0b", 3}), sha256_hex("a"));
  EXPECT_NE(keyed_hash_hex("key", std::string_view{"a\0b", 3}), keyed_hash_hex("key", "a"));
}

}  // namespace
