// What is known of the columns of an audited table, or of a partition of one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/options.hpp"
#include "pg/json_value.hpp"

namespace audit {

struct Column {
  AttrNumber number;
  std::string name;
  pg::JsonType type;
  bool redacted = false, in_key = false;
};

struct Columns {
  // `table` is the audited one itself, or a partition of it.
  Columns(const pg::OpenRelation& table, const Audited& audited);

  std::vector<Column> recorded;  // in the order in which jsonb has them
  std::vector<Column> key;       // in key order; none without a primary key
  std::optional<Column> tenant;

 private:
  void read(const pg::OpenRelation& table, const pg::OpenRelation& top, const Options& options);
};

}  // namespace audit
