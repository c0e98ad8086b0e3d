// A table of the log, and the keys of its rows.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/version.hpp"
#include "pg/datum.hpp"
#include "pg/json_value.hpp"

namespace audit {

struct KeyColumn {
  std::string name;
  Oid type;  // below domains
  std::int32_t modifier;
  std::string equality;  // as OPERATOR(…)
  pg::JsonType output;
};

// The texts of a key's columns, and what the log has for them. There are no texts of a key that is too long for the log.
struct RowKey {
  std::vector<std::string> texts;
  std::string text;

  bool operator==(const RowKey& other) const { return text == other.text; }
};

class KeyedTable {
 public:
  // Also of a partition: it is the table above it that is audited. Raises QA003 where the log has neither, 55000 where rows cannot be
  // told apart.
  explicit KeyedTable(Oid given);

  Oid oid() const noexcept { return table_; }
  std::int32_t number() const noexcept { return number_; }
  const std::vector<KeyColumn>& key() const noexcept { return key_; }
  const std::vector<Alteration>& alterations() const noexcept { return alterations_; }

  // Of what a caller has given. Raises 22P02 for what the key's columns cannot hold.
  RowKey key_of(std::int64_t given) const;
  RowKey key_of(const pg::Uuid& given) const;
  RowKey key_of(std::string_view given) const;
  // Of what the log has.
  RowKey logged_key(const std::string& text) const;

  // The values of the key's columns, for statements.
  std::vector<Datum> values_of(const RowKey& key) const;

  // A column's name at a record, by what it is called now.
  std::string name_then(std::string name, std::int64_t id) const;
  // All names that the key's columns have had.
  std::vector<std::string> key_names() const;

  // A key with what a record says of some of its columns.
  RowKey with(const RowKey& key, const std::map<std::string, pg::Json>& values, std::int64_t id) const;

 private:
  void read_key();
  std::string normal(const KeyColumn& column, const std::string& given, bool logged) const;
  RowKey key_of_texts(std::vector<std::string> texts) const;
  [[noreturn]] void refuse(std::string_view given) const;
  [[noreturn]] void refuse(const KeyColumn& column, std::string_view given) const;

  std::int32_t number_;
  Oid table_;
  std::vector<KeyColumn> key_;
  std::vector<Alteration> alterations_;
};

}  // namespace audit
