#include "audit/keyed.hpp"

#include <algorithm>

#include "audit/key.hpp"
#include "audit/relations.hpp"
#include "pg/attributes.hpp"
#include "pg/index.hpp"
#include "pg/plain_output.hpp"
#include "pg/subtransaction.hpp"

namespace audit {

namespace {

std::string text_of(const KeyColumn& column, Datum value) {
  const pg::PlainOutput plain;
  return std::string{column.output.text(value)};
}

Datum value_of(const KeyColumn& column, const std::string& text) {
  Oid input = InvalidOid, parameter = InvalidOid;
  pg::call(::getTypeInputInfo, column.type, &input, &parameter);
  return pg::call(::OidInputFunctionCall, input, const_cast<char*>(text.c_str()), parameter, column.modifier);
}

Datum logged_value_of(const KeyColumn& column, const std::string& text) {
  const pg::PlainOutput plain;
  return value_of(column, text);
}

// That a text is no value is said by errors about data, and about names of things; any other is no fault of the text.
void require_fault_of_text(const pg::Failure& failure) {
  const std::string code = failure.code();
  if (code.starts_with("22") || code.starts_with("23") || code.starts_with("42")) return;
  throw pg::Error{failure.sqlstate, failure.message}.hint(failure.hint);
}

std::string uuid_text(const pg::Uuid& uuid) {
  return DatumGetCString(
      pg::call(::DirectFunctionCall1Coll, ::uuid_out, Oid{InvalidOid}, pg::Type<pg::Uuid>::to(uuid)));
}

bool takes_any_text(const KeyColumn& column) {
  return column.type == TEXTOID || (column.type == VARCHAROID && column.modifier < 0);
}

}  // namespace

KeyedTable::KeyedTable(Oid given)
    : number_{require_number(given)},
      table_{noted_table(given, number_)},
      alterations_{alterations_of(number_)} {
  read_key();
}

void KeyedTable::read_key() {
  const pg::OpenRelation table{table_, AccessShareLock};
  const Oid index = pg::primary_key_index(table.get());
  if (!OidIsValid(index))
    throw pg::at(pg::Error{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                           fmt::format("table \"{}\" has no primary key", table.name())}
                     .detail("Without one the log cannot tell its rows apart.")
                     .hint("ALTER TABLE ... ADD PRIMARY KEY, or read its records in steward.audit_log."),
                 table_);
  const std::vector<AttrNumber> columns = pg::primary_key_columns(table.get());
  const std::vector<std::string> equalities = pg::equality_operators(index);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const FormData_pg_attribute& column = *TupleDescAttr(table.columns(), columns[i] - 1);
    const Oid base = pg::call(::getBaseType, column.atttypid);
    key_.push_back({NameStr(column.attname), base, base == column.atttypid ? column.atttypmod : -1,
                    equalities[i], pg::JsonType{column.atttypid}});
  }
}

RowKey KeyedTable::key_of(std::int64_t given) const {
  return key_of(std::string_view{fmt::format("{}", given)});
}

RowKey KeyedTable::key_of(const pg::Uuid& given) const { return key_of(std::string_view{uuid_text(given)}); }

RowKey KeyedTable::key_of(std::string_view given) const {
  std::vector<std::string> texts{std::string{given}};
  if (key_.size() > 1) {
    std::optional<std::vector<std::string>> parts;
    const std::optional<pg::Failure> failure =
        pg::subtransaction([&] { parts = pg::texts_of(pg::jsonb_of(texts.front())); });
    if (failure) require_fault_of_text(*failure);
    if (!parts || parts->size() != key_.size()) refuse(given);
    texts = std::move(*parts);
  }
  for (std::size_t i = 0; i < key_.size(); ++i) texts[i] = normal(key_[i], texts[i], false);
  return key_of_texts(std::move(texts));
}

RowKey KeyedTable::logged_key(const std::string& text) const {
  if (text.starts_with("sha256:") && text.size() == 71) return {{}, text};
  if (key_.size() == 1) return {{text}, text};
  return {pg::texts_of(pg::jsonb_of(text)).value_or(std::vector<std::string>{}), text};
}

std::vector<Datum> KeyedTable::values_of(const RowKey& key) const {
  std::vector<Datum> values;
  for (std::size_t i = 0; i < key.texts.size(); ++i) values.push_back(logged_value_of(key_[i], key.texts[i]));
  return values;
}

std::string KeyedTable::name_then(std::string name, std::int64_t id) const {
  for (auto one = alterations_.rbegin(); one != alterations_.rend() && one->from_id > id; ++one)
    for (const auto& [from, to] : one->renamed)
      if (to == name) {
        name = from;
        break;
      }
  return name;
}

std::vector<std::string> KeyedTable::key_names() const {
  std::vector<std::string> names;
  for (const KeyColumn& column : key_) {
    names.push_back(column.name);
    for (const Alteration& one : alterations_) names.push_back(name_then(column.name, one.from_id - 1));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

RowKey KeyedTable::with(const RowKey& key, const std::map<std::string, pg::Json>& values,
                        std::int64_t id) const {
  std::vector<std::string> texts = key.texts;
  texts.resize(key_.size());
  for (std::size_t i = 0; i < key_.size(); ++i) {
    const auto found = values.find(name_then(key_[i].name, id));
    if (found == values.end()) {
      if (key.texts.empty()) return key;  // too long for the log, and not told
      continue;
    }
    texts[i] = normal(key_[i], pg::plain_text(found->second).value_or(""), true);
  }
  return key_of_texts(std::move(texts));
}

// As the column's type puts it out.
std::string KeyedTable::normal(const KeyColumn& column, const std::string& given, bool logged) const {
  if (takes_any_text(column)) return given;
  std::string text;
  const std::optional<pg::Failure> failure = pg::subtransaction(
      [&] { text = text_of(column, logged ? logged_value_of(column, given) : value_of(column, given)); });
  if (failure) {
    require_fault_of_text(*failure);
    refuse(column, given);
  }
  return text;
}

RowKey KeyedTable::key_of_texts(std::vector<std::string> texts) const {
  std::string text = row_key(texts);
  return {std::move(texts), std::move(text)};
}

void KeyedTable::refuse(std::string_view given) const {
  std::string names;
  for (const KeyColumn& column : key_)
    names += (names.empty() ? "" : ", ") + pg::quoted_identifier(column.name);
  throw pg::at(
      pg::Error{ERRCODE_INVALID_TEXT_REPRESENTATION,
                fmt::format("\"{}\" is no key of table \"{}\"", given.substr(0, 64), pg::name_of(table_))}
          .detail(fmt::format("Its key has {} columns: {}.", key_.size(), names))
          .hint("Give them as a JSON array of texts in this order."),
      table_);
}

void KeyedTable::refuse(const KeyColumn& column, std::string_view given) const {
  throw pg::at(
      pg::Error{ERRCODE_INVALID_TEXT_REPRESENTATION,
                fmt::format("\"{}\" is no key of table \"{}\"", given.substr(0, 64), pg::name_of(table_))}
          .detail(fmt::format("Column \"{}\" is of type {}.", column.name,
                              pg::call(::format_type_be, column.type))),
      table_, column.name);
}

}  // namespace audit
