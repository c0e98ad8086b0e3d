// The proof that the default partition has no rows of a range, so that ATTACH PARTITION need not read it.
#pragma once

#include "partitions/set.hpp"

namespace partitions {

// A default partition with an index on the key tells it at once: 7 ms where reading 1.5 million rows takes 137. While one of
// these is there, a CHECK says so that is vouched for. The default partition is locked against everybody. Where there is
// nothing to win, or rows are in the way, there is no proof, and the server looks by itself.
class FreeRange {
 public:
  FreeRange(const Set& set, const core::ladder::Range& range);
  void forget() const;

 private:
  const Set& set_;
  bool proven_ = false;
};

}  // namespace partitions
