#include "core/zone.hpp"

#include <algorithm>

namespace core {

std::optional<std::int64_t> Zone::first_showing(std::int64_t local) const {
  constexpr std::int64_t most_ahead = 8 * microseconds_per_day;
  if (local < earliest - most_ahead || local >= end_of_time + most_ahead) return std::nullopt;
  for (std::int64_t from = local - most_ahead;;) {
    const Stretch stretch = stretch_at(from);
    std::int64_t moment;
    if (__builtin_sub_overflow(local, stretch.ahead(), &moment)) return std::nullopt;
    // The clock has been put forward beyond it when that is before the stretch begins.
    moment = std::max(moment, from);
    if (moment < stretch.end) return exists(moment) ? std::optional{moment} : std::nullopt;
    from = stretch.end;
  }
}

}  // namespace core
