// Zones for tests: of a list of changes, and of the machine's time zone files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/zone.hpp"

namespace core {

// "2024-02-29 12:30:00" as a time; the time of day may be left out or cut.
std::int64_t at(const std::string& utc);

class ZoneOfChanges final : public Zone {
 public:
  struct Change {
    std::int64_t time;
    std::int32_t offset;
  };

  explicit ZoneOfChanges(std::int32_t first_offset, std::vector<Change> changes = {});

  [[nodiscard]] Stretch stretch_at(std::int64_t time) const override;

  // The latest that the clock has shown up to and with a time.
  [[nodiscard]] std::int64_t latest_shown(std::int64_t time) const;
  // The first time that the clock shows a local time or a later one, found by looking at all that there is.
  [[nodiscard]] std::int64_t first_shown(std::int64_t local) const;

  std::vector<Change> changes;  // the first has always been
};

inline const std::filesystem::path zone_files = "/usr/share/zoneinfo";

// The zone of a TZif file, with what its rule says up to the year 2110. std::runtime_error when it is none.
ZoneOfChanges read_zone(const std::filesystem::path& file);

// All zones of the machine by name; none where it has no files.
std::vector<std::string> zone_names();

}  // namespace core
