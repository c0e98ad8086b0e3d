#include "audit/state.hpp"

#include <algorithm>

#include "audit/image.hpp"
#include "audit/log.hpp"
#include "audit/relations.hpp"
#include "core/json.hpp"
#include "errors.hpp"
#include "pg/attributes.hpp"
#include "pg/plain_output.hpp"

namespace audit {

namespace {

bool is_text(Oid type) { return type == TEXTOID || type == VARCHAROID; }

}  // namespace

// A record of the whole row says of some columns only that they have stayed what they were.
void Image::set(const Values& values, const Entry* entry) {
  const auto is_set = [&](const std::string& name) {
    return entry->action == Entry::Action::create ||
           std::find(entry->changed.begin(), entry->changed.end(), name) != entry->changed.end();
  };
  for (const auto& [name, value] : values) {
    Cell& cell = cells_[name];
    cell.value = value;
    if (entry != nullptr && is_set(name)) attribute(name, *entry);
  }
}

void Image::attribute(const std::string& column, const Entry& entry) {
  Cell& cell = cells_.at(column);
  cell.tx = entry.tx;
  cell.at = entry.at;
}

void Image::apply(const Alteration& change) {
  for (const std::string& column : change.dropped) cells_.erase(column);
  for (const auto& [from, to] : change.renamed)
    if (auto node = cells_.extract(from); !node.empty()) {
      node.key() = to;
      cells_.insert(std::move(node));
    }
  for (const auto& [name, value] : change.added) cells_.try_emplace(name, Cell{value, std::nullopt});
}

void Image::set_recorded(const Image& other) {
  for (const auto& [name, cell] : other.cells_)
    if (cell.tx) cells_[name] = cell;
}

// What was dropped is not known any more.
void Image::undo(const Alteration& change) {
  for (const auto& [name, value] : change.added) cells_.erase(name);
  for (const auto& [from, to] : change.renamed)
    if (auto node = cells_.extract(to); !node.empty()) {
      node.key() = from;
      cells_.insert(std::move(node));
    }
}

pg::Json Image::object() const {
  std::vector<pg::Member> members;
  for (const auto& [name, cell] : cells_) members.push_back({name, cell.value});
  return pg::object_of(members);
}

Past::Past(const pg::Spi& spi, const KeyedTable& table)
    : spi_{spi}, table_{table}, audited_{table.oid(), Options{table.number(), {}, false, false}} {
  if (const std::optional<Options> options = find_options(table.oid())) audited_.options = *options;
  const pg::OpenRelation relation{table.oid(), AccessShareLock};
  width_ = relation.columns()->natts;
  columns_.emplace(relation, audited_);
  for (const pg::Attribute& column : pg::attributes_of(table.oid())) {
    const auto found = std::find_if(columns_->recorded.begin(), columns_->recorded.end(),
                                    [&](const Column& one) { return one.name == column.name; });
    if (found == columns_->recorded.end())
      ignored_.push_back(column.name);
    else if (found->redacted && !is_text(pg::call(::getBaseType, column.type)))
      unreadable_.push_back(column.name);
  }
}

void Past::require_known(pg::Timestamp at) const {
  const auto require = [&](std::int64_t time, const char* what) {
    if (at.microseconds >= time) return;
    throw pg::at(
        pg::Error{errors::not_in_the_log,
                  fmt::format("the log does not know table \"{}\" of that time", pg::name_of(table_.oid()))}
            .detail(fmt::format("{} {}.", what, core::iso_time(time)))
            .hint("Ask for a time after that."),
        table_.oid());
  };
  require(since_of(table_.number()).microseconds, "Its changes are recorded since");
  if (const std::optional<std::int64_t> month = log::oldest_month())
    require(*month, "Older months of the log are gone; it begins with");
}

std::optional<Image> Past::at(const RowKey& key, Bound bound) const {
  const std::int64_t last = last_entry(spi_, table_.number(), key, bound);
  const std::int64_t truncate = std::max(last_truncate(spi_, table_.number(), bound),
                                         last > 1 ? last_truncate(spi_, table_.number(), {last - 1}) : 0);
  std::vector<Entry> entries;
  for (std::int64_t to = last; to > truncate;) {
    const std::vector<Entry> some = entries_back(spi_, table_.number(), key, to);
    bool done = some.empty();
    for (const Entry& entry : some) {
      if (done || entry.id < truncate) {
        done = true;
        break;
      }
      done = is_beginning(key, entry);
      entries.push_back(entry);
    }
    if (done) break;
    to = some.back().id - 1;
  }
  return of_entries(key, std::move(entries), truncate, bound);
}

bool Past::is_beginning(const RowKey& key, const Entry& entry) const {
  if (entry.is_whole()) return true;
  const Move move = move_of(table_, key, entry);
  return move.from || move.to;
}

std::optional<Image> Past::of_entries(const RowKey& key, std::vector<Entry> entries, std::int64_t truncate,
                                      Bound bound) const {
  if (entries.empty()) return truncate > 0 ? std::nullopt : from_later(key, 0, bound);
  const std::int64_t last = entries.front().id;
  if (truncate > last || entries.front().action == Entry::Action::remove ||
      move_of(table_, key, entries.front()).to)
    return std::nullopt;
  std::reverse(entries.begin(), entries.end());
  const Entry& first = entries.front();
  const Move move = move_of(table_, key, first);
  Image image;
  const bool is_older = !is_beginning(key, first) || first.action == Entry::Action::remove || move.to;
  if (!is_older && !first.is_whole()) {
    std::optional<Image> before = before_move(*move.from, first);
    if (!before) refuse(key);
    image = std::move(*before);
  }
  apply(image, entries, last, bound);
  if (!is_older) return image;
  std::optional<Image> older = from_later(key, last, bound);
  if (older) older->set_recorded(image);
  return older;
}

// In order, with what became of all rows in between.
void Past::apply(Image& image, const std::vector<Entry>& entries, std::int64_t last, Bound bound) const {
  auto change = std::find_if(table_.alterations().begin(), table_.alterations().end(),
                             [&](const Alteration& one) { return one.from_id > entries.front().id; });
  for (const Entry& entry : entries) {
    for (; change != table_.alterations().end() && change->from_id < entry.id; ++change) image.apply(*change);
    image.set(entry.new_values, &entry);
  }
  for (; change != table_.alterations().end() && is_over(*change, last, bound); ++change)
    image.apply(*change);
}

// What the row was under its earlier key, where the same change is recorded too.
std::optional<Image> Past::before_move(const RowKey& from, const Entry& arrival) const {
  std::int64_t to = arrival.id - 1;
  const std::vector<Entry> some = entries_back(spi_, table_.number(), from, to);
  if (!some.empty() && some.front().tx == arrival.tx && some.front().seq == arrival.seq)
    to = some.front().id - 1;
  return at(from, {to});
}

// The row is older than its records: from what they say that it was before, or from what it is now, back.
std::optional<Image> Past::from_later(const RowKey& key, std::int64_t after, Bound bound) const {
  const std::int64_t truncate = next_truncate(spi_, table_.number(), after);
  std::vector<Entry> undone;
  std::optional<Image> image;
  std::int64_t image_id = std::numeric_limits<std::int64_t>::max(), from = after;
  std::optional<Entry> moved;
  RowKey current = key;
  for (bool done = false; !done;) {
    const std::vector<Entry> some = entries_on(spi_, table_.number(), current, from);
    if (some.empty()) break;
    for (const Entry& entry : some) {
      from = entry.id;
      if (truncate > 0 && entry.id > truncate) refuse(key);
      // The other one of the two that a change of the key has made.
      if (moved && entry.tx == moved->tx && entry.seq == moved->seq) continue;
      const Move move = move_of(table_, current, entry);
      if (entry.action == Entry::Action::create || move.from) {
        if (!undone.empty() || after > 0) refuse(key);
        return std::nullopt;
      }
      if (entry.is_whole()) {
        image.emplace().set(entry.old_values, nullptr);
        image_id = entry.id;
        done = true;
        break;
      }
      undone.push_back(entry);
      if (move.to) {
        moved = entry;
        current = *move.to;
        break;
      }
    }
    pg::check_interrupts();
  }
  if (!image) {
    if (truncate > 0) refuse(key);
    image = present(current);
    if (!image) refuse(key);
  }
  auto change = table_.alterations().rbegin();
  const auto undo_changes_after = [&](std::int64_t id) {
    for (; change != table_.alterations().rend() && change->from_id > id; ++change)
      if (change->from_id < image_id && !is_over(*change, after, bound)) image->undo(*change);
  };
  std::reverse(undone.begin(), undone.end());
  for (const Entry& entry : undone) {
    undo_changes_after(entry.id);
    image->set(entry.old_values, nullptr);
  }
  undo_changes_after(after);
  return image;
}

// Whether a change of all rows had happened then, where the last record before is known.
bool Past::is_over(const Alteration& change, std::int64_t last, Bound bound) const {
  return change.from_id < last ||
         (change.from_id <= bound.id && change.at.microseconds <= bound.at.microseconds);
}

std::string Past::select_list() const {
  std::string list;
  for (const Column& column : columns_->recorded)
    list += (list.empty() ? "t." : ", t.") + pg::quoted_identifier(column.name);
  return list;
}

std::optional<Image> Past::present(const RowKey& key) const {
  if (key.texts.empty()) return std::nullopt;
  if (pg::name_of(table_.oid()).empty()) return std::nullopt;
  std::string where;
  std::vector<pg::Parameter> parameters;
  const std::vector<Datum> values = table_.values_of(key);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const KeyColumn& column = table_.key()[i];
    where += fmt::format("{}t.{} {} ${}", i > 0 ? " AND " : "", pg::quoted_identifier(column.name),
                         column.equality, i + 1);
    parameters.push_back({column.type, values[i]});
  }
  if (pg::run_typed(spi_,
                    fmt::format("SELECT {} FROM {} AS t WHERE {}", select_list(),
                                pg::qualified_name(table_.oid()), where),
                    parameters) == 0)
    return std::nullopt;
  return image_of_row(pg::result_row(spi_, 0), pg::result_columns(spi_));
}

pg::RowValues Past::values_of(HeapTuple row, TupleDesc shape) const {
  std::vector<Datum> values(static_cast<std::size_t>(width_), 0);
  std::vector<char> nulls(static_cast<std::size_t>(width_), 1);
  for (std::size_t i = 0; i < columns_->recorded.size(); ++i) {
    const auto place = static_cast<std::size_t>(columns_->recorded[i].number - 1);
    bool null = false;
    values[place] = pg::call(::heap_getattr, row, static_cast<int>(i) + 1, shape, &null);
    nulls[place] = null ? 1 : 0;
  }
  return {std::move(values), std::move(nulls)};
}

std::string Past::key_of_row(HeapTuple row, TupleDesc shape) const {
  const pg::PlainOutput plain;
  return audit::key_of(*columns_, values_of(row, shape)).value_or("");
}

Image Past::image_of_row(HeapTuple row, TupleDesc shape) const {
  const pg::PlainOutput plain;
  const std::vector<pg::JsonItem> items = items_of(*columns_, values_of(row, shape), audited_.options.masked);
  Image image;
  Values members;
  for (pg::Member& member : pg::members_of(pg::json_of(object_of(all_of(*columns_), items))))
    members[std::move(member.name)] = std::move(member.value);
  image.set(members, nullptr);
  return image;
}

Image Past::unchanged(Image image, Bound bound) const {
  for (auto change = table_.alterations().rbegin(); change != table_.alterations().rend(); ++change)
    if (!is_over(*change, 0, bound)) image.undo(*change);
  return image;
}

std::int64_t Past::last_id_at(pg::Timestamp at) const {
  std::int64_t last = 0;
  for (const Alteration& one : table_.alterations())
    if (one.at.microseconds <= at.microseconds) last = one.from_id;
  return last;
}

void Past::fit(Image& image, std::int64_t id) const {
  for (Alteration change : table_.alterations()) {
    if (change.from_id <= id) continue;
    change.added.clear();
    image.apply(change);
  }
  strip(image, std::numeric_limits<std::int64_t>::max());
  for (const std::string& column : unreadable_) image.erase(column);
}

void Past::strip(Image& image, std::int64_t id) const {
  for (const std::string& column : ignored_) image.erase(table_.name_then(column, id));
}

void Past::refuse(const RowKey& key) const {
  throw pg::at(
      pg::Error{errors::not_in_the_log, fmt::format("the log does not know row \"{}\" of table \"{}\"",
                                                    key.text.substr(0, 64), pg::name_of(table_.oid()))}
          .detail("It has no record of the whole row, and the row is not there to tell from.")
          .hint("steward.history() shows what has been recorded of it."),
      table_.oid());
}

}  // namespace audit
