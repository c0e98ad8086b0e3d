#include "audit/truncate.hpp"

#include <unordered_set>

#include "pg/memory.hpp"

namespace audit {

namespace {

pg::Resident<std::unordered_set<Oid>> resident;

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

void truncates_rolled_back() {
  if (auto* partitions = resident.get(); partitions != nullptr) partitions->clear();
}

}  // namespace audit
