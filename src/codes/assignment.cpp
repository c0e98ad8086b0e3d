#include "codes/assignment.hpp"

#include <charconv>

#include "codes/draw.hpp"
#include "pg/functions.hpp"
#include "pg/rows.hpp"
#include "pg/spi.hpp"

namespace codes {

namespace {

constexpr std::string_view length_key = "length=", max_length_key = "max_length=", series_key = "series=",
                           prefix_key = "prefix=";

// A positive number; 0 for anything else.
int number(std::string_view digits) {
  int value = 0;
  const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return fault == std::errc{} && stop == digits.data() + digits.size() && value > 0 ? value : 0;
}

}  // namespace

std::vector<std::string> Assignment::arguments() const {
  std::vector<std::string> arguments;
  if (series.empty()) {
    arguments.push_back(fmt::format("{}{}", length_key, length));
    arguments.push_back(fmt::format("{}{}", max_length_key, max_length));
  } else {
    arguments.push_back(fmt::format("{}{}", series_key, series));
  }
  if (!prefix.empty()) arguments.push_back(fmt::format("{}{}", prefix_key, prefix));
  return arguments;
}

std::optional<Assignment> Assignment::from_arguments(const std::vector<std::string>& arguments) {
  Assignment how{.length = 0, .max_length = 0, .series = {}, .prefix = {}};
  for (const std::string_view argument : arguments) {
    const auto value_of = [&](std::string_view key) { return argument.substr(key.size()); };
    if (argument.starts_with(length_key))
      how.length = number(value_of(length_key));
    else if (argument.starts_with(max_length_key))
      how.max_length = number(value_of(max_length_key));
    else if (argument.starts_with(series_key))
      how.series = value_of(series_key);
    else if (argument.starts_with(prefix_key))
      how.prefix = value_of(prefix_key);
    else
      return std::nullopt;
  }
  const bool random = how.series.empty();
  const bool whole = random ? 0 < how.length && how.length <= how.max_length &&
                                  how.max_length <= static_cast<int>(longest_code)
                            : how.length == 0 && how.max_length == 0;
  return whole ? std::optional{how} : std::nullopt;
}

Assignment assignment_of(const Trigger& trigger) {
  std::optional<Assignment> how =
      Assignment::from_arguments({trigger.tgargs, trigger.tgargs + trigger.tgnargs});
  if (!how) refuse_trigger(trigger);
  return *how;
}

void refuse_trigger(const Trigger& trigger) {
  throw pg::Error{ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED,
                  fmt::format("trigger \"{}\" was not made by steward.assign_codes()", trigger.tgname)}
      .hint("Drop the trigger and call steward.assign_codes().");
}

const Trigger* find_trigger(Relation relation, AttrNumber column) {
  const TriggerDesc* triggers = relation->trigdesc;
  if (triggers == nullptr) return nullptr;
  const Oid function = trigger_function();
  for (int i = 0; i < triggers->numtriggers; ++i) {
    const Trigger& trigger = triggers->triggers[i];
    if (trigger.tgfoid == function && trigger.tgnattr == 1 && trigger.tgattr[0] == column) return &trigger;
  }
  return nullptr;
}

Oid trigger_function() { return pg::function_named("steward.assign_code()"); }

std::vector<AssignedColumn> assigned_columns() {
  std::vector<AssignedColumn> columns;
  pg::Spi spi;
  const std::uint64_t count = spi.run_on_latest(
      "SELECT t.tgrelid, a.attname, t.tgargs FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_attribute a"
      " ON a.attrelid OPERATOR(pg_catalog.=) t.tgrelid AND a.attnum OPERATOR(pg_catalog.=) t.tgattr[0]"
      " WHERE t.tgfoid OPERATOR(pg_catalog.=) 'steward.assign_code()'::pg_catalog.regprocedure"
      " ORDER BY 1, 2");
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto relation = spi.value<pg::RelationId>(i, 1).oid;
    const std::string_view packed = spi.value<pg::ByteaView>(i, 3).bytes;
    std::vector<std::string> arguments;
    for (std::size_t at = 0; at < packed.size(); at += arguments.back().size() + 1)
      arguments.emplace_back(packed.data() + at);
    if (const std::optional<Assignment> how = Assignment::from_arguments(arguments))
      columns.push_back({relation, spi.text(i, 2), *how});
  }
  return columns;
}

}  // namespace codes

namespace sql {

namespace {

// Every assigned column as a row of view code_capacity's source.
class AssignedColumnRows {
 public:
  using Row = std::tuple<pg::RelationId, pg::Name, std::optional<std::string>, std::optional<std::string>,
                         std::optional<std::int32_t>, std::optional<std::int32_t>>;

  std::optional<Row> next() {
    if (at_ == columns_.size()) return std::nullopt;
    const codes::AssignedColumn& column = columns_[at_++];
    const codes::Assignment& how = column.assignment;
    const bool random = how.series.empty();
    return Row{pg::RelationId{column.relation},
               pg::Name{column.name},
               random ? std::nullopt : std::optional{how.series},
               how.prefix.empty() ? std::nullopt : std::optional{how.prefix},
               random ? std::optional<std::int32_t>{how.length} : std::nullopt,
               random ? std::optional<std::int32_t>{how.max_length} : std::nullopt};
  }

 private:
  std::vector<codes::AssignedColumn> columns_ = codes::assigned_columns();
  std::size_t at_ = 0;
};

}  // namespace

AssignedColumnRows _assigned_columns() { return {}; }

}  // namespace sql

PG_SQL_ROWS(_assigned_columns);
