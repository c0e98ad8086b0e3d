#include "limits/period.hpp"

namespace limits {

Bounds period_at(Every, const std::string&, std::optional<std::int64_t>, std::int64_t time) {
  return {time - 1, time + 1};
}

std::string month_of(const std::string&, std::int64_t) { return "2000-01"; }

}  // namespace limits
