#include "pg/period.hpp"

#include <algorithm>

#include "pg/error.hpp"
#include "pg/zone.hpp"

namespace pg {

namespace {

using core::periods::Bounds;
using core::periods::Period;

// What is asked besides the time.
struct Question {
  Period period;
  std::optional<std::int64_t> anchor;

  bool operator==(const Question&) const = default;
};

constexpr std::size_t longest_zone = 46;  // longer names are not remembered

struct Answer {
  Question question;
  std::array<char, longest_zone> zone;
  std::uint8_t zone_size;
  Bounds bounds;

  bool is_in(std::string_view in) const noexcept { return in == std::string_view{zone.data(), zone_size}; }
  bool is_to(const Question& asked, std::string_view in, std::int64_t time) const noexcept {
    return bounds.start <= time && time < bounds.end && question == asked && is_in(in);
  }
};
std::array<Answer, 8> answers{};
std::size_t oldest = 0;

void remember(const Question& question, std::string_view zone, const Bounds& bounds) {
  if (zone.size() > longest_zone) return;
  Answer& answer = answers[oldest];
  oldest = (oldest + 1) % answers.size();
  answer = {question, {}, static_cast<std::uint8_t>(zone.size()), bounds};
  zone.copy(answer.zone.data(), zone.size());
}

[[noreturn]] void refuse_time() {
  throw Error{ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range"};
}

[[gnu::noinline]] Bounds compute(const Question& question, const std::string& zone_name, std::int64_t time) {
  const Zone zone{zone_name};
  const std::optional<Bounds> bounds = question.anchor
                                           ? core::periods::anchored(*question.anchor, zone, time)
                                           : core::periods::bounds_of(question.period, zone, time);
  if (!bounds) refuse_time();
  remember(question, zone_name, *bounds);
  return *bounds;
}

Bounds answer_to(const Question& question, const std::string& zone, std::int64_t time) {
  for (const Answer& answer : answers)
    if (answer.is_to(question, zone, time)) return answer.bounds;
  return compute(question, zone, time);
}

}  // namespace

Bounds period_at(Period period, const std::string& zone, std::int64_t time) {
  return answer_to({period, std::nullopt}, zone, time);
}

Bounds anchored_at(std::int64_t anchor, const std::string& zone, std::int64_t time) {
  return answer_to({{core::periods::Unit::month}, anchor}, zone, time);
}

bool knows_zone(const std::string& zone) {
  return std::any_of(answers.begin(), answers.end(),
                     [&](const Answer& answer) { return answer.zone_size > 0 && answer.is_in(zone); }) ||
         is_zone(zone);
}

std::string month_name_at(const std::string& zone, std::int64_t time) {
  if (!core::exists(time)) refuse_time();
  return core::periods::month_name(Zone{zone}, time);
}

}  // namespace pg
