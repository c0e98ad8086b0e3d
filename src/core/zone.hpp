// Time zones: what their clocks show, and when.
//
// Contract
// - A time is a number of microseconds since 2000-01-01 00:00 UTC, as PostgreSQL counts; a local time is one since
//   2000-01-01 00:00 on a zone's clock. PostgreSQL's times lie from `earliest` to before `end_of_time`: no function of
//   core answers with another.
// - A zone may be asked about times up to 16 days outside. Its offsets, also those of made-up zones, are below 8 days.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace core {

inline constexpr std::int64_t microseconds_per_second = 1'000'000;
inline constexpr std::int64_t microseconds_per_hour = 3'600 * microseconds_per_second;
inline constexpr std::int64_t microseconds_per_day = 24 * microseconds_per_hour;

inline constexpr std::int64_t earliest = -2'451'545 * microseconds_per_day;      // 4714-11-24 BC
inline constexpr std::int64_t end_of_time = 106'751'983 * microseconds_per_day;  // 294277-01-01
inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

constexpr bool exists(std::int64_t time) noexcept { return earliest <= time && time < end_of_time; }

class Zone {
 public:
  // What the clock is ahead of UTC, in seconds, and until when it stays so for certain: later than the time that was
  // asked about, and no later than the next change.
  struct Stretch {
    std::int32_t offset;
    std::int64_t end;

    [[nodiscard]] std::int64_t ahead() const noexcept { return offset * microseconds_per_second; }
  };

  virtual ~Zone() = default;
  [[nodiscard]] virtual Stretch stretch_at(std::int64_t time) const = 0;

  // What the clock shows at a time that exists.
  [[nodiscard]] std::int64_t local(std::int64_t time) const { return time + stretch_at(time).ahead(); }

  // The first moment at which the clock shows a local time or a later one. So a local time that the clock shows twice
  // is the first of them, and one that it leaves out is the moment at which it is put forward. Nothing when there is no
  // such moment that exists.
  [[nodiscard]] std::optional<std::int64_t> first_showing(std::int64_t local) const;
};

}  // namespace core
