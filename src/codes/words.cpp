#include "codes/words.hpp"

#include <algorithm>
#include <bitset>
#include <map>
#include <stdexcept>
#include <unordered_set>

#include "core/word_matcher.hpp"

#include "pg/memory.hpp"
#include "pg/relation.hpp"
#include "pg/trigger.hpp"
#include "pg/watch.hpp"

namespace codes {

namespace {

std::string lower(std::string_view word) {
  std::string folded{word};
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return folded;
}

struct BlockedWord {
  std::string word;
  bool anywhere;
};

// A row of the user's own takes precedence over the built-in one of the same word, so that a word can be lifted by a
// row that a dump carries, where the deletion of a built-in row would be undone by the next restore.
class Overlay {
 public:
  void add(std::string word, bool active, bool anywhere, bool builtin) {
    auto [row, fresh] = rows_.try_emplace(std::move(word), Entry{active, anywhere, builtin});
    if (!fresh && row->second.builtin) row->second = {active, anywhere, builtin};
  }
  std::vector<BlockedWord> active() const {
    std::vector<BlockedWord> words;
    for (const auto& [word, entry] : rows_)
      if (entry.active) words.push_back({word, entry.anywhere});
    return words;
  }

 private:
  struct Entry {
    bool active, anywhere, builtin;
  };
  std::map<std::string, Entry> rows_;
};

// Exact, case-insensitive membership. Nearly every code that is asked about is random, so a small filter over length
// and first letters answers before anything is folded or hashed.
class ReservedCodes {
 public:
  void add(const std::string& word) {
    filter_.set(slot(word));
    words_.insert(word);
  }
  bool holds(std::string_view code) const { return filter_.test(slot(code)) && words_.contains(lower(code)); }

 private:
  static std::size_t slot(std::string_view code) {
    const auto letter = [&](std::size_t i) { return i < code.size() ? code[i] & 0x1F : 0; };
    return (code.size() * 961 + static_cast<std::size_t>(letter(0) * 1024 + letter(1) * 32 + letter(2))) %
           8192;
  }

  std::bitset<8192> filter_;
  std::unordered_set<std::string> words_;
};

// Columns of both tables, in their order.
enum : int { col_word = 1, col_active = 2, col_builtin = 3, col_anywhere = 4 };

struct Words {
  Words() {
    const Oid blocked_table = pg::own_relation("blocked_words");
    const Oid reserved_table = pg::own_relation("reserved_codes");
    blocked_watch.start(blocked_table);
    reserved_watch.start(reserved_table);
    compile(read(blocked_table, true));
    for (const BlockedWord& word : read(reserved_table, false)) reserved.add(word.word);
  }

  bool stale() const noexcept { return blocked_watch.changed() || reserved_watch.changed(); }

  pg::Watch blocked_watch, reserved_watch;
  std::vector<BlockedWord> blocked;
  core::WordMatcher matcher;
  ReservedCodes reserved;

 private:
  static std::vector<BlockedWord> read(Oid table, bool has_anywhere) {
    Overlay overlay;
    pg::TableScan scan{table};
    while (const std::optional<pg::Row> row = scan.next())
      overlay.add(lower(row->get<std::string_view>(col_word)), row->get<bool>(col_active),
                  has_anywhere && row->get<bool>(col_anywhere), row->get<bool>(col_builtin));
    return overlay.active();
  }

  void compile(std::vector<BlockedWord> words) {
    blocked = std::move(words);
    std::vector<core::WordMatcher::Entry> entries;
    for (const BlockedWord& word : blocked) entries.push_back({word.word, word.anywhere});
    try {
      matcher = core::WordMatcher{entries};
    } catch (const std::length_error&) {
      throw pg::Error{ERRCODE_PROGRAM_LIMIT_EXCEEDED, "the list of blocked words is too long"}
          .detail(
              fmt::format("The {} words of steward.blocked_words do not fit the matcher.", blocked.size()))
          .hint("10,000 words of eight letters fit; longer ones need more room.");
    }
  }
};

pg::Resident<Words> resident;

const Words& words() {
  pg::hear_changes();
  if (resident.get() == nullptr || resident.get()->stale()) resident.make(TopMemoryContext, "steward words");
  return *resident.get();
}

}  // namespace

void require_words() { words(); }

bool rejects_drawn(std::string_view code) {
  const Words& list = words();
  return list.matcher.contains_any(code) || list.reserved.holds(code);
}

std::optional<Objection> objection_to_chosen(std::string_view code) {
  const Words& list = words();
  if (list.reserved.holds(code)) return Objection{Objection::Rule::reserved, lower(code)};
  if (const std::optional<std::size_t> word = list.matcher.offending(code))
    return Objection{Objection::Rule::blocked, list.blocked[*word].word};
  return std::nullopt;
}

}  // namespace codes

namespace triggers {

namespace {

bool is_list_of_words(Oid table) {
  return table == pg::own_relation("blocked_words") || table == pg::own_relation("reserved_codes");
}

}  // namespace

// On the tables themselves: whoever changes a row is heard by every session when it commits. A list of words that does
// not compile is refused here, or it would stop every row of every table with codes.
HeapTuple _announce_change(const pg::TriggerCall& call) {
  pg::announce_change(call.relation_id());
  if (is_list_of_words(call.relation_id())) codes::require_words();
  return nullptr;
}

}  // namespace triggers

PG_TRIGGER_FUNCTION(_announce_change);
