// A time zone of the server, for the arithmetic of core.
#pragma once

#include "core/zone.hpp"
#include "pg/call.hpp"

namespace pg {

class Zone final : public core::Zone {
 public:
  // A name or an abbreviation, which mean what they do in AT TIME ZONE; 22023 for what is neither. The server reads a zone's
  // file once in a session; to find it again takes a fraction of a microsecond.
  explicit Zone(const std::string& name);

  [[nodiscard]] Stretch stretch_at(std::int64_t time) const override;

 private:
  const pg_tz* zone_;  // lives as long as the session
};

bool is_zone(const std::string& name);

}  // namespace pg
