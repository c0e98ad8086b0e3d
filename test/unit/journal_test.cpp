// The journal against a plain model: a stack of maps, one for each savepoint.
#include "core/journal.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace {

struct Thing {
  std::string text;
  const std::string& name() const noexcept { return text; }
};

// Adds, or with `anew` begins again: order matters, as for counts that are set.
struct Change {
  bool anew = false;
  long added = 0;

  void absorb(const Change& later) {
    if (later.anew)
      *this = later;
    else
      added += later.added;
  }
  bool operator==(const Change&) const = default;
};

using Journal = core::Journal<Thing, Change>;

class Model {
 public:
  void add(const std::string& name, const Change& change) { levels_.back()[name].absorb(change); }
  void begin() { levels_.emplace_back(); }
  void release() {
    const auto inner = levels_.back();
    levels_.pop_back();
    for (const auto& [name, change] : inner) levels_.back()[name].absorb(change);
  }
  void roll_back() { levels_.pop_back(); }
  int depth() const { return static_cast<int>(levels_.size()); }
  std::optional<Change> total(const std::string& name) const {
    std::optional<Change> sum;
    for (const auto& level : levels_)
      if (const auto found = level.find(name); found != level.end()) {
        if (!sum) sum.emplace();
        sum->absorb(found->second);
      }
    return sum;
  }

 private:
  std::vector<std::map<std::string, Change>> levels_{1};
};

std::optional<Change> total(const Journal& journal, const std::string& name) {
  const std::size_t at = journal.find(name);
  if (at == journal.size() || !journal.changed(at)) return std::nullopt;
  return journal.total(at);
}

TEST(Journal, IsEmptyAtFirstAndAfterClear) {
  Journal journal;
  EXPECT_TRUE(journal.empty());
  journal.add(journal.find_or_add({"a"}), 1, {.added = 1});
  EXPECT_FALSE(journal.empty());
  journal.clear();
  EXPECT_TRUE(journal.empty());
  EXPECT_EQ(journal.find("a"), journal.size());
}

TEST(Journal, RollbackForgetsOnlyItsSavepoint) {
  Journal journal;
  journal.add(journal.find_or_add({"a"}), 1, {.added = 1});
  journal.add(journal.find_or_add({"a"}), 2, {.added = 10});
  journal.roll_back(2);
  EXPECT_EQ(total(journal, "a"), (Change{.added = 1}));
  journal.roll_back(1);
  EXPECT_EQ(total(journal, "a"), std::nullopt);
}

TEST(Journal, ReleaseJoinsWhatIsBelow) {
  Journal journal;
  journal.add(journal.find_or_add({"a"}), 1, {.added = 1});
  journal.add(journal.find_or_add({"a"}), 3, {.added = 10});
  journal.add(journal.find_or_add({"b"}), 3, {.anew = true, .added = 5});
  journal.release(3);
  journal.release(2);
  EXPECT_EQ(total(journal, "a"), (Change{.added = 11}));
  EXPECT_EQ(total(journal, "b"), (Change{.anew = true, .added = 5}));
}

TEST(Journal, TakesAnyNumberOfSavepoints) {
  constexpr int deep = 1'000'000;
  Journal journal;
  for (int level = 1; level <= deep; ++level) journal.add(journal.find_or_add({"a"}), level, {.added = 1});
  EXPECT_EQ(total(journal, "a"), (Change{.added = deep}));
  for (int level = deep; level > 1; --level) journal.release(level);
  EXPECT_EQ(total(journal, "a"), (Change{.added = deep}));
}

TEST(Journal, HoldsNothingOnceRolledBack) {
  Journal journal;
  EXPECT_TRUE(journal.unchanged());
  journal.add(journal.find_or_add({"a"}), 2, {.added = 1});
  EXPECT_FALSE(journal.unchanged());
  journal.roll_back(2);
  EXPECT_TRUE(journal.unchanged());
  EXPECT_FALSE(journal.empty());
}

TEST(Journal, AgreesWithTheModel) {
  std::mt19937 random{20};
  for (const int names : {3, 9, 200}) {
    Journal journal;
    for (int transaction = 0; transaction < 30; ++transaction) {
      Model model;
      for (int step = 0; step < 400; ++step) {
        const std::string name = "thing" + std::to_string(random() % static_cast<unsigned>(names));
        switch (random() % 8) {
          case 0:
            if (model.depth() < 12) model.begin();
            break;
          case 1:
            if (model.depth() > 1) {
              journal.release(model.depth());
              model.release();
            }
            break;
          case 2:
            if (model.depth() > 1) {
              journal.roll_back(model.depth());
              model.roll_back();
            }
            break;
          default: {
            const Change change{random() % 10 == 0, static_cast<long>(random() % 100)};
            journal.add(journal.find_or_add({name}), model.depth(), change);
            model.add(name, change);
          }
        }
        ASSERT_EQ(total(journal, name), model.total(name)) << names << " names, step " << step;
      }
      for (int name = 0; name < names; ++name)
        ASSERT_EQ(total(journal, "thing" + std::to_string(name)),
                  model.total("thing" + std::to_string(name)));
      journal.clear();
    }
  }
}

TEST(Journal, GivesBackWhatALargeTransactionNeeded) {
  Journal journal;
  for (int i = 0; i < 20000; ++i) journal.add(journal.find_or_add({std::to_string(i)}), 1, {.added = i});
  EXPECT_EQ(total(journal, "19999"), (Change{.added = 19999}));
  journal.clear();
  EXPECT_TRUE(journal.empty());
  journal.add(journal.find_or_add({"a"}), 1, {.added = 1});
  EXPECT_EQ(total(journal, "a"), (Change{.added = 1}));
}

TEST(Journal, SaysWhatARollbackUndoes) {
  Journal journal;
  const std::size_t a = journal.find_or_add({"a"}), b = journal.find_or_add({"b"});
  journal.add(a, 1, {false, 1});
  journal.add(a, 2, {false, 10});
  journal.add(b, 3, {false, 5});
  journal.add(a, 3, {false, 100});
  std::vector<std::tuple<std::string, long, long>> undone;
  journal.roll_back(2, [&](Thing& thing, const Change& gone, const Change& left) {
    undone.emplace_back(thing.text, gone.added, left.added);
  });
  EXPECT_EQ(undone,
            (std::vector<std::tuple<std::string, long, long>>{{"a", 111, 11}, {"b", 5, 0}, {"a", 11, 1}}));
  EXPECT_EQ(journal.total(a).added, 1);
  EXPECT_FALSE(journal.changed(b));
}

}  // namespace
