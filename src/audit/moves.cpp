#include "audit/moves.hpp"

#include "audit/gaps.hpp"
#include "audit/image.hpp"
#include "audit/redaction.hpp"
#include "pg/memory.hpp"

namespace audit {

namespace {

using pg::JsonItem;

// A row that has left, with values of its own: those in the trigger are gone with it. Redacted ones are hashed, to be compared.
struct Moved {
  Moved(const Subject& subject, const pg::RowValues& values, int trigger_depth)
      : depth{trigger_depth},
        level{GetCurrentTransactionNestLevel()},
        number{subject.options.number},
        row{subject, values} {
    for (const Column& column : subject.columns.recorded) {
      const JsonItem item = item_of(column, values, false);
      members.push_back({column.name, item.kind, std::string{item.bytes},
                         subject.options.masked && column.redacted && item.kind != JsonItem::Kind::null,
                         column.in_key});
    }
  }

  struct Member {
    std::string name;
    JsonItem::Kind kind;
    std::string bytes;
    bool masked, in_key;

    JsonItem compared() const { return {kind, bytes}; }
    JsonItem shown() const { return masked ? JsonItem::string(mask) : compared(); }
  };

  int depth, level;
  std::int32_t number;
  RowId row;
  std::vector<Member> members;
};

// Of this transaction, the innermost statement's last; nearly always none.
pg::Resident<std::vector<Moved>> resident;

Datum object_of(const std::vector<std::pair<std::string_view, JsonItem>>& members) {
  std::vector<std::string_view> names;
  std::vector<JsonItem> items;
  for (const auto& [name, item] : members) {
    names.push_back(name);
    items.push_back(item);
  }
  return pg::json_object(names, items);
}

void add_gone(const Moved& moved) {
  std::vector<std::pair<std::string_view, JsonItem>> members;
  for (const Moved::Member& member : moved.members) members.emplace_back(member.name, member.shown());
  add_deleted(moved.number, moved.row, object_of(members));
}

void add_moved(const Moved& moved, const Subject& subject, const pg::RowValues& values) {
  std::vector<std::string> changed;
  std::vector<std::pair<std::string_view, JsonItem>> was, is, key;
  for (std::size_t i = 0; i < moved.members.size(); ++i) {
    const Moved::Member& before = moved.members[i];
    const JsonItem after = item_of(subject.columns.recorded[i], values, false);
    const bool differs = before.compared() != after;
    if (differs) changed.push_back(before.name);
    if (!differs && !has_whole_rows(subject)) continue;
    was.emplace_back(before.name, before.shown());
    if (before.in_key) key.emplace_back(before.name, before.shown());
    is.emplace_back(before.name, subject.options.masked && subject.columns.recorded[i].redacted &&
                                         after.kind != JsonItem::Kind::null
                                     ? JsonItem::string(mask)
                                     : after);
  }
  if (changed.empty()) return;
  const RowId to{subject, values};
  Before before{object_of(was), std::nullopt};
  if (is_transferred(moved.row, to) && moved.row.key != to.key) before.key = object_of(key);
  add_updated(moved.number, moved.row, to, changed, before, object_of(is));
}

}  // namespace

void row_leaves(const Subject& subject, const pg::RowValues& row, int depth) {
  settle_moves(depth);
  auto* moves = resident.get();
  if (moves == nullptr) moves = &resident.make(TopTransactionContext, "steward moved rows");
  moves->emplace_back(subject, row, depth);
}

bool row_arrives(const Subject& subject, const pg::RowValues& row, int depth) {
  settle_moves(depth + 1);
  auto* moves = resident.get();
  if (moves == nullptr || moves->empty() || moves->back().depth != depth ||
      moves->back().number != subject.options.number ||
      moves->back().members.size() != subject.columns.recorded.size())
    return false;
  const Moved moved = std::move(moves->back());
  moves->pop_back();
  add_moved(moved, subject, row);
  return true;
}

void settle_moves(int depth) {
  auto* moves = resident.get();
  while (moves != nullptr && !moves->empty() && moves->back().depth >= depth) {
    const Moved moved = std::move(moves->back());
    moves->pop_back();
    record_within_policy(moved.number, [&] { add_gone(moved); });
  }
}

void moves_released(int level) {
  auto* moves = resident.get();
  if (moves == nullptr) return;
  for (auto moved = moves->rbegin(); moved != moves->rend() && moved->level >= level; ++moved)
    moved->level = level - 1;
}

void moves_rolled_back(int level) {
  auto* moves = resident.get();
  while (moves != nullptr && !moves->empty() && moves->back().level >= level) moves->pop_back();
}

}  // namespace audit
