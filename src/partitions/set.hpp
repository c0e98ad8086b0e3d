// A managed set: what was asked for, and what there is.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ladder.hpp"
#include "partitions/key.hpp"
#include "pg/zone.hpp"

namespace partitions {

// A row of partition_sets.
struct Options {
  std::optional<pg::Period> every{};
  std::optional<std::int64_t> key_step{};
  std::int32_t premake = 0;
  std::optional<pg::Period> retention{};
  std::string retention_action{};
  std::optional<std::string> archive_schema{};
  pg::Timestamp since{};
  std::string time_zone{};
  bool default_partition = true;
  pg::Period keep_detached{}, lock_budget{};
  std::optional<Oid> filling{};  // a partition that rows of the default are being moved into
  bool has_recycled = false;     // something of it is in the bin
};

// The options of a set; nothing where there is none.
std::optional<Options> find_options(Oid table);
[[noreturn]] void refuse_unmanaged(Oid table);
void store_options(Oid table, const Options& options, bool is_new);

// The managed sets whose tables exist.
std::vector<Oid> managed_tables();

struct Child {
  Oid relation;
  core::ladder::Range range;
  bool detaching;
};

// The key of a table that can be a set: 42809, 0A000 or 42804 where it cannot.
Key require_key(const pg::OpenRelation& table);

// Steps of a set: of time by its zone, hours and what is shorter than a day by UTC.
class SetSteps {
 public:
  SetSteps(const Key& key, const Options& options);
  const core::ladder::Steps& get() const noexcept { return *steps_; }
  // What follows a set's name in that of a partition.
  std::string suffix(std::int64_t from) const;

 private:
  core::periods::Period period_{};
  std::optional<pg::Zone> zone_;
  std::unique_ptr<core::ladder::Steps> steps_;
};

// What a set is at this moment. The table is locked, and not open: DDL refuses what is.
struct Set {
  static Set of(Oid table, Options options, LOCKMODE lock);
  Set(const pg::OpenRelation& table, Options of);

  Oid relation;
  std::string name;
  Options options;
  Key key;
  SetSteps steps;
  std::vector<Child> children;  // without the default, in order
  std::optional<Oid> default_partition;
  // The one that is being filled, with the range that it is to have in the end.
  std::optional<Child> filling;

  // What is taken. That of a partition which is being filled is its own already.
  std::vector<core::ladder::Range> ranges() const;
  // Where the key is at this moment: the time, or the highest number in use.
  std::int64_t present() const;
  // What lies beyond is nobody's future, but a mistake: it stays in the default partition.
  std::int64_t end_of_future() const;
};

// 22023 for what is no whole number of hours, days or months.
core::periods::Period require_period(const pg::Period& every);

}  // namespace partitions
