#include "zones.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace core {
namespace {

using std::chrono::sys_days;

constexpr std::int64_t always = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t year_2000 = 946'684'800;  // in seconds since 1970
constexpr int last_year = 2110;

std::int64_t seconds_of(sys_days day) { return std::int64_t{day.time_since_epoch().count()} * 86'400; }

void require(bool sound) {
  if (!sound) throw std::runtime_error("not a time zone file");
}

// ---- the rule at the end of a file: "CET-1CEST,M3.5.0,M10.5.0/3"

class Rule {
 public:
  explicit Rule(std::string_view text) : rest_{text} {
    if (rest_.empty()) return;
    skip_name();
    standard_ = -read_time();
    if (rest_.empty()) return;
    has_summer_ = true;
    skip_name();
    summer_ = rest_.front() == ',' ? standard_ + 3'600 : -read_time();
    begin_ = read_date();
    end_ = read_date();
    require(rest_.empty());
  }

  // Adds the changes of a year, in seconds since 1970.
  void changes_of(int year, std::vector<std::pair<std::int64_t, std::int32_t>>& changes) const {
    if (!has_summer_) return;
    changes.emplace_back(begin_.in(year)-standard_, summer_);
    changes.emplace_back(end_.in(year)-summer_, standard_);
  }

 private:
  struct YearlyDate {
    char kind = 'M';  // M: day of the week in a week of a month; J: day without February 29; 0: day from 0
    int month = 0, week = 0, day = 0;
    std::int32_t time = 7'200;

    [[nodiscard]] std::int64_t in(int year) const {
      using namespace std::chrono;
      const std::chrono::year y{year};
      sys_days date{y / 1 / 1};
      if (kind == 'J') {
        date += days{day - 1 + (y.is_leap() && day >= 60)};
      } else if (kind == '0') {
        date += days{day};
      } else {
        const weekday wanted{static_cast<unsigned>(day)};
        const auto of_month = y / std::chrono::month{static_cast<unsigned>(month)};
        date = week == 5 ? sys_days{of_month / wanted[last]}
                         : sys_days{of_month / wanted[static_cast<unsigned>(week)]};
      }
      return seconds_of(date) + time;
    }
  };

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  int read_number() {
    int number = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    require(error == std::errc{});
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return number;
  }

  std::int32_t read_time() {
    const int sign = take('-') ? -1 : 1;
    take('+');
    std::int32_t time = 3'600 * read_number();
    if (take(':')) time += 60 * read_number();
    if (take(':')) time += read_number();
    return sign * time;
  }

  void skip_name() {
    const std::size_t end = rest_.front() == '<' ? rest_.find('>') + 1 : rest_.find_first_of("+-,0123456789");
    require(end != 0 && end <= rest_.size());
    rest_.remove_prefix(end);
  }

  YearlyDate read_date() {
    YearlyDate date;
    require(take(','));
    if (take('M')) {
      date.month = read_number();
      require(take('.'));
      date.week = read_number();
      require(take('.'));
    } else {
      date.kind = take('J') ? 'J' : '0';
    }
    date.day = read_number();
    if (take('/')) date.time = read_time();
    return date;
  }

  std::string_view rest_;
  std::int32_t standard_ = 0, summer_ = 0;
  bool has_summer_ = false;
  YearlyDate begin_, end_;
};

// ---- the file

class File {
 public:
  explicit File(std::string bytes) : bytes_{std::move(bytes)} {
    const Header old = read_header();
    require(old.version >= '2');
    skip(old.block(4));
    header_ = read_header();
  }

  ZoneOfChanges zone() {
    std::vector<std::int64_t> times;
    for (std::int64_t i = 0; i < header_.times; ++i) times.push_back(read(8));
    std::vector<std::size_t> types;
    for (std::int64_t i = 0; i < header_.times; ++i) types.push_back(static_cast<std::size_t>(read(1)));
    std::vector<std::int32_t> offsets;
    for (std::int64_t i = 0; i < header_.types; ++i) {
      offsets.push_back(static_cast<std::int32_t>(read(4)));
      skip(2);
    }
    skip(header_.block(8) - header_.times * 9 - header_.types * 6);
    require(read(1) == '\n');
    const std::size_t end = bytes_.find('\n', position_);
    require(end != std::string::npos && !offsets.empty());

    std::vector<std::pair<std::int64_t, std::int32_t>> changes;
    for (std::size_t i = 0; i < times.size(); ++i) changes.emplace_back(times[i], offsets.at(types[i]));
    add_by_rule(Rule{std::string_view{bytes_}.substr(position_, end - position_)}, changes);
    ZoneOfChanges zone{offsets.front()};
    for (const auto& [time, offset] : changes)
      if (time > -300'000'000'000)
        zone.changes.push_back({(time - year_2000) * microseconds_per_second, offset});
    return zone;
  }

 private:
  struct Header {
    char version;
    std::int64_t utc, standard, leaps, times, types, characters;

    [[nodiscard]] std::int64_t block(int width) const {
      return times * (width + 1) + types * 6 + characters + leaps * (width + 4) + standard + utc;
    }
  };

  static void add_by_rule(const Rule& rule, std::vector<std::pair<std::int64_t, std::int32_t>>& changes) {
    const std::int64_t known = changes.empty() ? always : changes.back().first;
    std::vector<std::pair<std::int64_t, std::int32_t>> more;
    for (int year = 1970; year <= last_year; ++year) rule.changes_of(year, more);
    std::sort(more.begin(), more.end());
    for (const auto& change : more)
      if (change.first > known) changes.push_back(change);
  }

  Header read_header() {
    require(bytes_.compare(position_, 4, "TZif") == 0);
    skip(4);
    Header header{};
    header.version = static_cast<char>(read(1));
    skip(15);
    for (std::int64_t* count :
         {&header.utc, &header.standard, &header.leaps, &header.times, &header.types, &header.characters})
      *count = read(4);
    return header;
  }

  std::int64_t read(int size) {
    require(position_ + static_cast<std::size_t>(size) <= bytes_.size());
    // The sign is that of the first byte, except of single bytes.
    std::uint64_t value = size > 1 && (bytes_[position_] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (int i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes_[position_++]);
    return static_cast<std::int64_t>(value);
  }

  void skip(std::int64_t size) {
    position_ += static_cast<std::size_t>(size);
    require(position_ <= bytes_.size());
  }

  std::string bytes_;
  std::size_t position_ = 0;
  Header header_;
};

bool is_zone_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  char magic[4] = {};
  return stream.read(magic, sizeof magic) && std::string_view(magic, sizeof magic) == "TZif";
}

}  // namespace

std::int64_t at(const std::string& utc) {
  int year = 0, hour = 0, minute = 0, second = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(utc.c_str(), "%d-%u-%u %d:%d:%d", &year, &month, &day, &hour, &minute, &second) < 3)
    throw std::invalid_argument(utc);
  const sys_days date{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
  return (seconds_of(date) - year_2000 + hour * 3'600 + minute * 60 + second) * microseconds_per_second;
}

ZoneOfChanges::ZoneOfChanges(std::int32_t first_offset, std::vector<Change> later)
    : changes{{always, first_offset}} {
  changes.insert(changes.end(), later.begin(), later.end());
}

Zone::Stretch ZoneOfChanges::stretch_at(std::int64_t time) const {
  const auto next = std::upper_bound(changes.begin(), changes.end(), time,
                                     [](std::int64_t t, const Change& change) { return t < change.time; });
  return {std::prev(next)->offset, next == changes.end() ? never : next->time};
}

std::int64_t ZoneOfChanges::latest_shown(std::int64_t time) const {
  std::int64_t latest = always;
  for (std::size_t i = 0; i < changes.size() && changes[i].time <= time; ++i) {
    const std::int64_t last =
        i + 1 < changes.size() && changes[i + 1].time <= time ? changes[i + 1].time - 1 : time;
    latest = std::max(latest, last + changes[i].offset * microseconds_per_second);
  }
  return latest;
}

std::int64_t ZoneOfChanges::first_shown(std::int64_t local) const {
  for (std::size_t i = 0;; ++i) {
    const std::int64_t moment =
        std::max(changes[i].time, local - changes[i].offset * microseconds_per_second);
    if (i + 1 == changes.size() || moment < changes[i + 1].time) return moment;
  }
}

ZoneOfChanges read_zone(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return File{std::string(std::istreambuf_iterator<char>(stream), {})}.zone();
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  std::error_code absent;
  for (std::filesystem::recursive_directory_iterator file(zone_files, absent), end; file != end;
       file.increment(absent)) {
    const std::string name = file->path().lexically_relative(zone_files).string();
    // The same once more, and zones that count leap seconds.
    if (name.starts_with("posix/") || name.starts_with("right/")) continue;
    if (file->is_regular_file() && is_zone_file(file->path())) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace core
