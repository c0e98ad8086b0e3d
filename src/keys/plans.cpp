#include "keys/plans.hpp"

#include <unordered_map>

#include "pg/memory.hpp"

namespace keys {

namespace {

constexpr std::size_t most_plans = 200;

using Plans = std::unordered_map<std::string, pg::KeptPlan>;
pg::Resident<Plans> plans;

// A plan that is running must stay: planning it may run functions of the table's indexes, which may come here again.
int running = 0;
struct Running {
  Running() noexcept { ++running; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { --running; }
};

const pg::KeptPlan& plan_of(const std::string& sql) {
  if (plans.get() == nullptr || (running == 0 && plans.get()->size() >= most_plans))
    plans.make(TopMemoryContext, "steward row plans");
  return plans.get()->try_emplace(sql, sql, 1).first->second;
}

}  // namespace

std::uint64_t run_planned(const pg::Spi& spi, const std::string& sql, const std::string& key,
                          bool read_only) {
  const pg::KeptPlan& plan = plan_of(sql);
  const Running now;
  return plan.run(spi, key, read_only);
}

std::string table_text(Oid relation) {
  const bool partitioned = pg::call(::get_rel_relkind, relation) == RELKIND_PARTITIONED_TABLE;
  return (partitioned ? "" : "ONLY ") + pg::qualified_name(relation);
}

}  // namespace keys
