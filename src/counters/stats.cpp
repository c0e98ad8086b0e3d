#include <optional>
#include <tuple>
#include <vector>

#include "counters/scopes.hpp"
#include "pg/rows.hpp"
#include "pg/spi.hpp"

namespace sql {

namespace {

// Every counter that is bound, as a row of view counter_stats' source.
class BoundCounterRows {
 public:
  using Row = std::tuple<std::int32_t, std::optional<pg::Name>>;

  BoundCounterRows() {
    std::vector<Oid> relations;
    {
      const counters::AsSteward steward;
      pg::Spi spi;
      const std::uint64_t count = spi.run_on_latest("SELECT DISTINCT rel FROM steward._counters");
      for (std::uint64_t i = 0; i < count; ++i) relations.push_back(spi.value<pg::RelationId>(i, 1).oid);
    }
    for (const Oid relation : relations) {
      if (pg::call(::get_rel_relkind, relation) == '\0') continue;
      for (const auto& counter : counters::counters_of(relation))
        rows_.emplace_back(counter->id, counter->last_number != 0
                                            ? std::optional{pg::Name{counter->last_name}}
                                            : std::nullopt);
    }
  }

  std::optional<Row> next() {
    if (at_ == rows_.size()) return std::nullopt;
    return rows_[at_++];
  }

 private:
  std::vector<Row> rows_;
  std::size_t at_ = 0;
};

}  // namespace

BoundCounterRows _bound_counters() { return {}; }

}  // namespace sql

PG_SQL_ROWS(_bound_counters);
