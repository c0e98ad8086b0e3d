#include "limits/catalogue.hpp"

#include <algorithm>
#include <array>

#include "errors.hpp"
#include "limits/tables.hpp"
#include "limits/values.hpp"
#include "pg/memory.hpp"
#include "pg/relation.hpp"
#include "pg/watch.hpp"

namespace limits {

namespace {

// Columns of the tables, in their order.
namespace of_tiers {
enum : int { tier = 1, rank };
}
namespace of_meters {
enum : int { id = 1, meter, subjects, kind, period, unit, max_col, max_unit };
}
namespace of_limits {
enum : int { tier = 1, meter, max };
}
namespace of_limited_tables {
enum : int { rel = 1, meter };
}

Meter read_meter(const pg::Row& row) {
  return {.id = row.get<std::int32_t>(of_meters::id),
          .name = row.get<std::string>(of_meters::meter),
          .subjects = row.get<pg::RelationId>(of_meters::subjects).oid,
          .kind = kind_named(row.get<std::string_view>(of_meters::kind)).value_or(Kind::standing),
          .period = period_named(row.find<std::string_view>(of_meters::period).value_or(std::string_view{}))
                        .value_or(Every::none),
          .unit = row.find<std::string>(of_meters::unit).value_or(""),
          .max_col = row.find<pg::Name>(of_meters::max_col).value_or(pg::Name{}).text,
          .max_unit = row.get<std::int64_t>(of_meters::max_unit),
          .by_rows = false,
          .limits = {}};
}

// All tiers, meters and limits of the database.
class Catalogue {
 public:
  Catalogue() {
    // All are watched before the first is read: together they are of one moment, or stale.
    const std::array tables{pg::own_relation(tiers_table), pg::own_relation(meters_table),
                            pg::own_relation(limits_table), pg::own_relation(limited_tables_table)};
    for (std::size_t i = 0; i < tables.size(); ++i) watches_[i].start(tables[i]);
    read_tiers(tables[0]);
    std::unordered_map<std::int32_t, Meter> meters = read_meters(tables[1]);
    read_limits(tables[2], meters);
    read_limited_tables(tables[3], meters);
    for (auto& [id, meter] : meters) {
      const std::string name = meter.name;
      meters_.try_emplace(name, std::make_shared<const Meter>(std::move(meter)));
    }
  }

  bool stale() const noexcept {
    return std::any_of(watches_.begin(), watches_.end(),
                       [](const pg::Watch& watch) { return watch.changed(); });
  }

  std::shared_ptr<const Meter> meter(std::string_view name) const {
    const auto found = meters_.find(std::string{name});
    return found == meters_.end() ? nullptr : found->second;
  }

  std::shared_ptr<const Meter> meter(std::int32_t id) const {
    for (const auto& [name, meter] : meters_)
      if (meter->id == id) return meter;
    return nullptr;
  }

  std::vector<std::shared_ptr<const Meter>> meters_of(Oid subjects) const {
    std::vector<std::shared_ptr<const Meter>> found;
    for (const auto& [name, meter] : meters_)
      if (meter->subjects == subjects) found.push_back(meter);
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->name < b->name; });
    return found;
  }

  std::vector<std::shared_ptr<const Meter>> meters_declared_for(Oid table) const {
    std::vector<std::shared_ptr<const Meter>> found;
    const auto [first, last] = limited_.equal_range(table);
    for (auto one = first; one != last; ++one)
      if (auto known = meter(one->second)) found.push_back(std::move(known));
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->id < b->id; });
    return found;
  }

  bool has_limited_tables() const noexcept { return !limited_.empty(); }

  std::optional<std::int32_t> rank(std::string_view tier) const {
    const auto found = ranks_.find(std::string{tier});
    if (found == ranks_.end()) return std::nullopt;
    return found->second;
  }

 private:
  void read_tiers(Oid table) {
    pg::TableScan scan{table};
    while (const std::optional<pg::Row> row = scan.next())
      ranks_.try_emplace(row->get<std::string>(of_tiers::tier), row->get<std::int32_t>(of_tiers::rank));
  }

  static std::unordered_map<std::int32_t, Meter> read_meters(Oid table) {
    std::unordered_map<std::int32_t, Meter> meters;
    pg::TableScan scan{table};
    while (const std::optional<pg::Row> row = scan.next()) {
      Meter meter = read_meter(*row);
      meters.try_emplace(meter.id, std::move(meter));
    }
    return meters;
  }

  static void read_limits(Oid table, std::unordered_map<std::int32_t, Meter>& meters) {
    pg::TableScan scan{table};
    while (const std::optional<pg::Row> row = scan.next()) {
      const auto meter = meters.find(row->get<std::int32_t>(of_limits::meter));
      if (meter != meters.end())
        meter->second.limits.try_emplace(row->get<std::string>(of_limits::tier),
                                         row->find<std::int64_t>(of_limits::max));
    }
  }

  void read_limited_tables(Oid table, std::unordered_map<std::int32_t, Meter>& meters) {
    pg::TableScan scan{table};
    while (const std::optional<pg::Row> row = scan.next()) {
      const auto id = row->get<std::int32_t>(of_limited_tables::meter);
      limited_.emplace(row->get<pg::RelationId>(of_limited_tables::rel).oid, id);
      const auto meter = meters.find(id);
      if (meter != meters.end()) meter->second.by_rows = meter->second.kind == Kind::standing;
    }
  }

  std::array<pg::Watch, 4> watches_;
  std::unordered_map<std::string, std::int32_t> ranks_;
  std::unordered_map<std::string, std::shared_ptr<const Meter>> meters_;
  std::unordered_multimap<Oid, std::int32_t> limited_;  // tables, and meters that they are declared for
};

pg::Resident<Catalogue> resident;

// What changes while it is being read is read again.
const Catalogue& catalogue() {
  pg::hear_changes();
  while (resident.get() == nullptr || resident.get()->stale()) {
    pg::check_interrupts();
    resident.make(TopMemoryContext, "steward limits");
  }
  return *resident.get();
}

}  // namespace

std::shared_ptr<const Meter> find_meter(std::string_view name) { return catalogue().meter(name); }

std::shared_ptr<const Meter> find_meter(std::int32_t id) { return catalogue().meter(id); }

std::shared_ptr<const Meter> require_meter(std::string_view name) {
  if (auto meter = find_meter(name)) return meter;
  refuse_meter(name);
}

void refuse_meter(std::string_view name) {
  throw pg::Error{errors::unknown_limit, fmt::format("meter \"{}\" does not exist", name.substr(0, 64))}.hint(
      "steward.define_meter() makes one.");
}

std::vector<std::shared_ptr<const Meter>> meters_of(Oid subjects) { return catalogue().meters_of(subjects); }

std::vector<std::shared_ptr<const Meter>> meters_declared_for(Oid table) {
  return catalogue().meters_declared_for(table);
}

bool has_limited_tables() { return catalogue().has_limited_tables(); }

std::optional<std::int32_t> rank_of(std::string_view tier) { return catalogue().rank(tier); }

void require_tier(std::string_view tier) {
  if (rank_of(tier)) return;
  throw pg::Error{errors::unknown_limit, fmt::format("tier \"{}\" does not exist", tier.substr(0, 64))}.hint(
      "steward.define_tier() makes one.");
}

}  // namespace limits
