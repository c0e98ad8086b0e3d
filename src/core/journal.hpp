// What a transaction holds back until it commits: changes of things, by savepoint. Pure C++.
//
// `Thing` has `const std::string& name() const`. `Change` has `void absorb(const Change& later)`.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace core {

template <typename Thing, typename Change>
class Journal {
 public:
  bool empty() const noexcept { return things_.empty(); }
  // Whether no change is held: all that there were have been rolled back to savepoints.
  bool unchanged() const noexcept { return steps_.empty(); }
  std::size_t size() const noexcept { return things_.size(); }

  Thing& thing(std::size_t at) { return things_[at].thing; }

  // Where a thing is; size() when it has never been in this transaction.
  std::size_t find(const std::string& name) const {
    if (latest_ < size() && has_name(latest_, name)) return latest_;
    if (size() <= few) return search_all(name);
    for (std::size_t slot = slot_of(name);; slot = next(slot)) {
      if (slots_[slot] == none) return size();
      if (has_name(slots_[slot], name)) return slots_[slot];
    }
  }

  // Where a thing is, from now on.
  std::size_t find_or_add(Thing thing) {
    latest_ = find(thing.name());
    if (latest_ < size()) return latest_;
    // First all that may lack memory: a thing without a slot could not be found again.
    const std::size_t count = size() + 1;
    if (count == few + 1 || (count > few && 2 * count > slots_.size())) make_slots(count);
    things_.push_back({std::move(thing), none});
    if (count > few) place_in_slot(latest_);
    return latest_;
  }

  // Adds a change at a savepoint level (1 is the transaction), which is never below that of a change still held.
  void add(std::size_t at, int level, const Change& change) {
    Entry& entry = things_[at];
    if (entry.top != none && steps_[entry.top].level == level) {
      steps_[entry.top].total.absorb(change);
      return;
    }
    Step step{static_cast<std::uint32_t>(at), entry.top, level, total(at)};
    step.total.absorb(change);
    steps_.push_back(step);
    entry.top = static_cast<std::uint32_t>(steps_.size() - 1);
  }

  // All changes of a thing in one; nothing has changed when there is none.
  Change total(std::size_t at) const {
    const std::uint32_t top = things_[at].top;
    return top == none ? Change{} : steps_[top].total;
  }

  bool changed(std::size_t at) const noexcept { return things_[at].top != none; }

  // Whether anything has changed since a savepoint.
  bool changed_since(int level) const noexcept { return !steps_.empty() && steps_.back().level >= level; }

  // The changes since a savepoint become those of what it is in. Allocates nothing.
  void release(int level) {
    std::size_t kept = first_of(level);
    for (std::size_t from = kept; from < steps_.size(); ++from) {
      Step step = steps_[from];
      if (step.below != none && steps_[step.below].level == level - 1) {
        steps_[step.below].total = step.total;
        things_[step.thing].top = step.below;
      } else {
        step.level = level - 1;
        things_[step.thing].top = static_cast<std::uint32_t>(kept);
        steps_[kept++] = step;
      }
    }
    steps_.resize(kept, Step{});
  }

  // The changes since a savepoint are gone.
  void roll_back(int level) noexcept {
    roll_back(level, [](Thing&, const Change&, const Change&) {});
  }
  // The same; `undone` hears of each thing with what its changes came to, and what they come to now. A step is dropped
  // after that: where it raises, what is left can be rolled back again.
  template <typename Undone>
  void roll_back(int level, Undone undone) {
    while (!steps_.empty() && steps_.back().level >= level) {
      const Step& last = steps_.back();
      undone(things_[last.thing].thing, last.total, last.below == none ? Change{} : steps_[last.below].total);
      things_[last.thing].top = last.below;
      steps_.pop_back();
    }
  }

  // Forgets everything. What a large transaction has needed is given back.
  void clear() noexcept {
    if (things_.capacity() > generous) {
      std::vector<Entry>{}.swap(things_);
      std::vector<Step>{}.swap(steps_);
      std::vector<std::uint32_t>{}.swap(slots_);
    } else if (!things_.empty()) {
      things_.clear();
      steps_.clear();
    }
    latest_ = 0;
  }

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t few = 8, generous = 4096;

  struct Entry {
    Thing thing;
    std::uint32_t top;  // its newest step
  };
  // Steps are in the order of their levels; a thing has one for a level at most. Each has the sum up to itself, so that
  // nobody has to walk down as many of them as there are savepoints.
  struct Step {
    std::uint32_t thing, below;
    int level;
    Change total;
  };

  bool has_name(std::size_t at, const std::string& name) const noexcept {
    return things_[at].thing.name() == name;
  }

  std::size_t search_all(const std::string& name) const noexcept {
    for (std::size_t at = 0; at < size(); ++at)
      if (has_name(at, name)) return at;
    return size();
  }

  std::size_t slot_of(const std::string& name) const noexcept {
    return std::hash<std::string>{}(name) & (slots_.size() - 1);
  }
  std::size_t next(std::size_t slot) const noexcept { return (slot + 1) & (slots_.size() - 1); }

  std::size_t first_of(int level) const noexcept {
    std::size_t first = steps_.size();
    while (first > 0 && steps_[first - 1].level >= level) --first;
    return first;
  }

  void make_slots(std::size_t count) {
    slots_.assign(std::bit_ceil(4 * count), none);
    for (std::size_t at = 0; at < things_.size(); ++at) place_in_slot(at);
  }

  void place_in_slot(std::size_t at) {
    std::size_t slot = slot_of(things_[at].thing.name());
    while (slots_[slot] != none) slot = next(slot);
    slots_[slot] = static_cast<std::uint32_t>(at);
  }

  std::vector<Entry> things_;
  std::vector<Step> steps_;
  std::vector<std::uint32_t> slots_;  // a hash table of things, made when they are no longer few
  std::size_t latest_ = 0;
};

}  // namespace core
