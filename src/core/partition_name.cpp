#include "core/partition_name.hpp"

#include <array>
#include <cstdio>

#include "core/calendar.hpp"

namespace core {

namespace {

constexpr std::size_t longest_name = 63;  // bytes

template <typename... Args>
std::string printed(const char* format, Args... args) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), format, args...);
  return text.data();
}

struct Week {
  std::int64_t year;
  int number;
};

// The week of a Thursday belongs to its year.
Week week_of(std::int64_t day) {
  const std::int64_t thursday = day - floor_mod(day - 2, 7) + 3;
  const std::int64_t year = year_of(date_of(thursday).month);
  const std::int64_t first = first_day_of((year - 2000) * 12);
  return {year, static_cast<int>((thursday - first) / 7) + 1};
}

// FNV-1a; it need not withstand anybody.
std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2'166'136'261U;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 16'777'619U;
  return hash;
}

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

std::string time_suffix(periods::Unit unit, std::int64_t local) {
  using periods::Unit;
  const std::int64_t day = floor_div(local, microseconds_per_day);
  if (unit == Unit::week) {
    const Week week = week_of(day);
    return printed("_y%04lldw%02d", static_cast<long long>(week.year), week.number);
  }
  const Date date = date_of(day);
  std::string suffix = printed("_y%04lld", static_cast<long long>(year_of(date.month)));
  if (unit == Unit::year) return suffix;
  suffix += printed("m%02d", static_cast<int>(floor_mod(date.month, 12)) + 1);
  if (unit == Unit::month) return suffix;
  suffix += printed("d%02d", static_cast<int>(date.day) + 1);
  if (unit == Unit::day) return suffix;
  return suffix +
         printed("h%02d", static_cast<int>(floor_mod(local, microseconds_per_day) / microseconds_per_hour));
}

std::string number_suffix(std::int64_t from) {
  // The lowest has no positive counterpart of its own type.
  const std::uint64_t size =
      from < 0 ? 0 - static_cast<std::uint64_t>(from) : static_cast<std::uint64_t>(from);
  return printed(from < 0 ? "_pm%010llu" : "_p%010llu", static_cast<unsigned long long>(size));
}

std::string partition_name(std::string_view table, std::string_view suffix) {
  if (table.size() + suffix.size() <= longest_name) return std::string{table}.append(suffix);
  const std::string hash = printed("_%08x", hash_of(table));
  std::size_t size = longest_name - suffix.size() - hash.size();
  while (size > 0 && continues_character(table[size])) --size;
  return std::string{table.substr(0, size)}.append(hash).append(suffix);
}

}  // namespace core
