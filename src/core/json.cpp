#include "core/json.hpp"

#include <chrono>

namespace core {

std::string json_string(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string json;
  json.reserve(text.size() + 2);
  json.push_back('"');
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '"' || byte == '\\') {
      json.push_back('\\');
      json.push_back(byte);
    } else if (code < 0x20) {
      json.append("\\u00");
      json.push_back(hex[code >> 4]);
      json.push_back(hex[code & 0xFU]);
    } else {
      json.push_back(byte);
    }
  }
  json.push_back('"');
  return json;
}

namespace {

std::string digits(std::int64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

}  // namespace

std::string iso_time(std::int64_t time) {
  using namespace std::chrono;
  constexpr sys_days epoch{year{2000} / January / 1};
  const auto moment = floor<seconds>(microseconds{time});
  const auto day = floor<days>(moment);
  const year_month_day date{epoch + day};
  const hh_mm_ss clock{moment - day};
  return digits(int{date.year()}, 4) + '-' + digits(unsigned{date.month()}, 2) + '-' +
         digits(unsigned{date.day()}, 2) + 'T' + digits(clock.hours().count(), 2) + ':' +
         digits(clock.minutes().count(), 2) + ':' + digits(clock.seconds().count(), 2) + 'Z';
}

}  // namespace core
