// Keys of counted rows, in the one form in which cells hold them.
#pragma once

#include <string>

#include "counters/counter.hpp"
#include "keys/key_text.hpp"

namespace counters {

using keys::key_cast;
using keys::key_text;

// A key given as a number, a uuid or a text.
template <typename Key>
std::string key_text(const Counter& counter, const Key& key) {
  return keys::key_text({counter.relation, counter.key_type, counter.key_name, "be counted"}, key);
}

}  // namespace counters
