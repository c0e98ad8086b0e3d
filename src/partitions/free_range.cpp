#include "partitions/free_range.hpp"

#include "partitions/default_rows.hpp"
#include "partitions/key_index.hpp"
#include "partitions/scopes.hpp"
#include "settings.hpp"

namespace partitions {

namespace {

constexpr const char constraint[] = "steward_free_range";

// To read a few pages costs less than the proof.
bool is_worth_it(const Set& set) {
  constexpr std::uint32_t few_pages = 128;
  return settings::partition_believe_index() && may_have_default_rows(set) &&
         pg::pages_of(pg::OpenRelation{*set.default_partition, AccessExclusiveLock}) > few_pages &&
         has_key_index(*set.default_partition, set.key);
}

}  // namespace

FreeRange::FreeRange(const Set& set, const core::ladder::Range& range) : set_{set} {
  if (!is_worth_it(set) || default_has_rows(set, range)) return;
  const AsOwnerOf owner{set.relation};
  pg::Spi{}.run(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK (NOT ({})) NOT VALID",
                            pg::qualified_name(*set.default_partition), constraint,
                            condition_of(set.key, range)));
  pg::vouch_for_check(*set.default_partition, constraint);
  proven_ = true;
}

void FreeRange::forget() const {
  if (!proven_) return;
  const AsOwnerOf owner{set_.relation};
  pg::Spi{}.run(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", pg::qualified_name(*set_.default_partition),
                            constraint));
}

}  // namespace partitions
