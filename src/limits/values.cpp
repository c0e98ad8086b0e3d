#include "limits/values.hpp"

#include <algorithm>

#include "pg/error.hpp"

namespace limits {

namespace {

constexpr std::size_t longest_name = 63;  // bytes, as for the server's own names

struct PeriodName {
  Every period;
  const char* name;
};
constexpr PeriodName periods[] = {
    {Every::none, ""},       {Every::hour, "hour"}, {Every::day, "day"},          {Every::week, "week"},
    {Every::month, "month"}, {Every::year, "year"}, {Every::anchored, "anchored"}};

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

}  // namespace

std::optional<Kind> kind_named(std::string_view name) {
  for (const Kind kind : {Kind::metered, Kind::standing})
    if (name == name_of(kind)) return kind;
  return std::nullopt;
}

std::optional<Every> period_named(std::string_view name) {
  for (const PeriodName& one : periods)
    if (name == one.name) return one.period;
  return std::nullopt;
}

const char* name_of(Kind kind) { return kind == Kind::metered ? "metered" : "standing"; }

const char* name_of(Every period) {
  for (const PeriodName& one : periods)
    if (period == one.period) return one.name;
  return "";
}

void require_name(const char* what, std::string_view name) {
  const auto refuse = [&](std::string message) {
    throw pg::Error{ERRCODE_INVALID_PARAMETER_VALUE, std::move(message)}.detail(
        fmt::format("The name of a {} has 1 to {} bytes and no control characters.", what, longest_name));
  };
  if (name.empty()) refuse(fmt::format("name of a {} is empty", what));
  if (name.size() > longest_name)
    refuse(fmt::format("name of a {} is too long: {} bytes", what, name.size()));
  if (std::any_of(name.begin(), name.end(), is_control))
    refuse(fmt::format("name of a {} has a control character", what));
}

}  // namespace limits
