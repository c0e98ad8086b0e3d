// Any zone, as wild as the contract allows: periods follow each other without gap or overlap.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <vector>

#include "core/periods.hpp"
#include "require.hpp"

namespace {

using core::periods::Bounds;

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_{data}, left_{size} {}

  bool empty() const { return left_ == 0; }

  template <typename T>
  T take() {
    T value{};
    const std::size_t size = std::min(left_, sizeof value);
    if (size != 0) std::memcpy(&value, data_, size);
    data_ += size;
    left_ -= size;
    return value;
  }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

class AnyZone final : public core::Zone {
 public:
  explicit AnyZone(Input& input) : changes_{{INT64_MIN, offset(input)}} {
    while (!input.empty() && changes_.size() < 200) {
      std::int64_t time = changes_.back().time;
      if (time == INT64_MIN) time = input.take<std::int64_t>();
      if (__builtin_add_overflow(
              time, 1 + input.take<std::uint64_t>() % (std::uint64_t{1} << input.take<std::uint8_t>() % 60),
              &time))
        break;
      changes_.push_back({time, offset(input)});
    }
  }

  Stretch stretch_at(std::int64_t time) const override {
    const auto next = std::upper_bound(changes_.begin(), changes_.end(), time,
                                       [](std::int64_t t, const Change& change) { return t < change.time; });
    return {std::prev(next)->offset, next == changes_.end() ? core::never : next->time};
  }

 private:
  struct Change {
    std::int64_t time;
    std::int32_t offset;
  };

  static std::int32_t offset(Input& input) { return input.take<std::int32_t>() % (8 * 86'400); }

  std::vector<Change> changes_;
};

template <typename BoundsAt>
void check(std::int64_t time, const BoundsAt& bounds_at) {
  const std::optional<Bounds> bounds = bounds_at(time);
  if (!bounds) return;
  require(core::exists(bounds->start) && core::exists(bounds->end));
  require(bounds->start <= time && time < bounds->end);
  require(bounds_at(bounds->start) == bounds && bounds_at(bounds->end - 1) == bounds);
  if (const std::optional<Bounds> after = bounds_at(bounds->end)) require(after->start == bounds->end);
  if (const std::optional<Bounds> before = bounds_at(bounds->start - 1))
    require(before->end == bounds->start);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const core::periods::Period period{static_cast<core::periods::Unit>(input.take<std::uint8_t>() % 5),
                                     1 + input.take<std::uint16_t>() % 1'000};
  const std::int64_t time = input.take<std::int64_t>(), anchor = input.take<std::int64_t>();
  const AnyZone zone(input);
  check(time, [&](std::int64_t t) { return bounds_of(period, zone, t); });
  check(time, [&](std::int64_t t) { return core::periods::anchored(anchor, zone, t); });
  if (core::exists(time)) require(core::periods::month_name(zone, time).size() >= 7);
  return 0;
}
