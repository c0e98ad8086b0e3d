#include "audit/truncate.hpp"

#include <unordered_set>

#include "pg/memory.hpp"

namespace audit {

namespace {

struct Truncated : std::unordered_set<Oid> {
  int level = GetCurrentTransactionNestLevel();
};

pg::Resident<Truncated> resident;

}  // namespace

void all_are_truncated(Oid table) {
  auto& partitions = resident.make(TopTransactionContext, "steward truncated partitions");
  for (const Oid one : pg::partition_tree(table, NoLock)) partitions.insert(one);
}

bool is_truncated_with_all(Oid partition) {
  auto* partitions = resident.get();
  return partitions != nullptr && partitions->erase(partition) > 0;
}

void row_inserted(Oid partition) {
  if (auto* partitions = resident.get(); partitions != nullptr) [[unlikely]]
    partitions->erase(partition);
}

void truncates_released(int level) {
  if (auto* partitions = resident.get(); partitions != nullptr && partitions->level >= level)
    partitions->level = level - 1;
}

void truncates_rolled_back(int level) {
  if (auto* partitions = resident.get(); partitions != nullptr && partitions->level >= level)
    partitions->clear();
}

}  // namespace audit
