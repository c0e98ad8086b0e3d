#include "core/periods.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

#include "core/calendar.hpp"

namespace core::periods {
namespace {

using Moment = std::optional<std::int64_t>;

// ---- days and longer

// The beginnings of periods on an endless calendar, as local times, numbered.
struct Marks {
  enum Unit { days, months } unit;
  std::int64_t step;
  std::int64_t origin = 0;                         // of number 0, in the unit
  std::int64_t day_of_month = 0, time_of_day = 0;  // where the month has so many days, else its last

  // Nothing far outside of what exists.
  [[nodiscard]] std::optional<std::int64_t> local(std::int64_t number) const noexcept {
    constexpr std::int64_t most_days = end_of_time / microseconds_per_day + 8;
    std::int64_t day = origin + number * step;
    if (unit == months) {
      const std::int64_t month = day;
      if (month < -most_days / 28 || month > most_days / 28) return std::nullopt;
      const std::int64_t first = first_day_of(month);
      day = std::min(first + day_of_month, first_day_of(month + 1) - 1);
    }
    if (day < -most_days || day >= most_days) return std::nullopt;
    return day * microseconds_per_day + time_of_day;
  }

  // The last one that is not after a local time.
  [[nodiscard]] std::int64_t number_at(std::int64_t time) const noexcept {
    const std::int64_t day = floor_div(time, microseconds_per_day);
    const std::int64_t number = floor_div((unit == days ? day : date_of(day).month) - origin, step);
    const std::optional<std::int64_t> mark = local(number);
    return mark && *mark > time ? number - 1 : number;
  }
};

Marks marks_of(Period period) {
  switch (period.unit) {
    case Unit::day:
      return {Marks::days, period.count};
    case Unit::week:
      return {Marks::days, std::int64_t{7} * period.count, 2};
    case Unit::month:
      return {Marks::months, period.count};
    default:
      return {Marks::months, std::int64_t{12} * period.count};
  }
}

// The periods that begin when a zone's clock gets to the marks; number 0 may be known to begin at a moment of its own.
struct Sequence {
  const Zone& zone;
  Marks marks;
  Moment zeroth = std::nullopt;

  [[nodiscard]] Moment start(std::int64_t number) const {
    if (number == 0 && zeroth) return zeroth;
    const std::optional<std::int64_t> mark = marks.local(number);
    return mark ? zone.first_showing(*mark) : std::nullopt;
  }

  // Of the periods that begin at one moment, because the clock leaves them out, the last.
  [[nodiscard]] std::int64_t number_at(std::int64_t time) const {
    std::int64_t number = marks.number_at(zone.local(time));
    // The zeroth may begin when the clock shows its mark for the second time.
    if (number == 0 && zeroth && time < *zeroth) --number;
    // The clock may have been put back since the next began.
    for (Moment next = start(number + 1); next && *next <= time; next = start(number + 1)) ++number;
    return number;
  }

  [[nodiscard]] std::optional<Bounds> bounds_at(std::int64_t time) const {
    const std::int64_t number = number_at(time);
    const Moment first = start(number), end = start(number + 1);
    return first && end ? std::optional{Bounds{*first, *end}} : std::nullopt;
  }
};

// ---- hours

// How far the zone's full hours are from UTC's.
std::int64_t shift_of(const Zone::Stretch& stretch) noexcept {
  return floor_mod(stretch.ahead(), microseconds_per_hour);
}

// The first moment after one and before another at which the zone's full hours shift; else the latter.
std::int64_t first_shift(const Zone& zone, std::int64_t after, std::int64_t before) {
  for (Zone::Stretch stretch = zone.stretch_at(after); stretch.end < before;) {
    const std::int64_t change = stretch.end;
    const Zone::Stretch changed = zone.stretch_at(change);
    if (shift_of(changed) != shift_of(stretch)) return change;
    stretch = changed;
  }
  return before;
}

Moment start_of_hours(std::int64_t length, const Zone& zone, std::int64_t time) {
  const std::int64_t shift = shift_of(zone.stretch_at(time));
  std::int64_t start = floor_div(time + shift, length) * length - shift;
  if (!exists(start)) return std::nullopt;
  for (std::int64_t change = start; change <= time; change = first_shift(zone, start, time + 1))
    start = change;
  return start;
}

Moment next_hours(std::int64_t length, const Zone& zone, std::int64_t time) {
  const std::int64_t shift = shift_of(zone.stretch_at(time));
  std::int64_t end;
  if (__builtin_add_overflow(floor_div(time + shift, length) * length - shift, length, &end))
    return std::nullopt;
  end = first_shift(zone, time, end);
  return exists(end) ? Moment{end} : std::nullopt;
}

// ---- both

std::int64_t length_of(Period hours) noexcept { return hours.count * microseconds_per_hour; }

// Whether there is an answer at all.
bool is_sound(Period period, std::int64_t time) {
  if (period.count < 1) throw std::invalid_argument("a period has no length");
  return exists(time);
}

}  // namespace

std::optional<std::int64_t> start_of(Period period, const Zone& zone, std::int64_t time) {
  if (!is_sound(period, time)) return std::nullopt;
  if (period.unit == Unit::hour) return start_of_hours(length_of(period), zone, time);
  const Sequence sequence{zone, marks_of(period)};
  return sequence.start(sequence.number_at(time));
}

std::optional<std::int64_t> next(Period period, const Zone& zone, std::int64_t time) {
  if (!is_sound(period, time)) return std::nullopt;
  if (period.unit == Unit::hour) return next_hours(length_of(period), zone, time);
  const Sequence sequence{zone, marks_of(period)};
  return sequence.start(sequence.number_at(time) + 1);
}

std::optional<Bounds> bounds_of(Period period, const Zone& zone, std::int64_t time) {
  if (!is_sound(period, time)) return std::nullopt;
  if (period.unit != Unit::hour) return Sequence{zone, marks_of(period)}.bounds_at(time);
  const Moment start = start_of_hours(length_of(period), zone, time);
  const Moment end = next_hours(length_of(period), zone, time);
  return start && end ? std::optional{Bounds{*start, *end}} : std::nullopt;
}

std::optional<Bounds> anchored(std::int64_t anchor, const Zone& zone, std::int64_t time) {
  if (!exists(anchor) || !exists(time)) return std::nullopt;
  const std::int64_t local = zone.local(anchor), day = floor_div(local, microseconds_per_day);
  const Date date = date_of(day);
  const Marks marks{Marks::months, 1, date.month, date.day, local - day * microseconds_per_day};
  return Sequence{zone, marks, anchor}.bounds_at(time);
}

std::string month_name(const Zone& zone, std::int64_t time) {
  const std::int64_t month = Sequence{zone, marks_of({Unit::month})}.number_at(time);
  std::array<char, 32> name;
  const int size = std::snprintf(name.data(), name.size(), "%04lld-%02d",
                                 static_cast<long long>(year_of(month)),  // NOLINT
                                 static_cast<int>(floor_mod(month, 12)) + 1);
  return {name.data(), static_cast<std::size_t>(size)};
}

}  // namespace core::periods
