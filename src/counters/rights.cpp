#include "counters/rights.hpp"

#include "counters/key.hpp"
#include "counters/row.hpp"
#include "counters/table_text.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"

namespace counters {

namespace {

// As the server says it, and why.
[[noreturn]] void refuse(const Counter& counter, std::string detail) {
  const char* name = pg::call(::get_rel_name, counter.relation);
  throw pg::at(pg::Error{ERRCODE_INSUFFICIENT_PRIVILEGE,
                         fmt::format("permission denied for table {}", name != nullptr ? name : "?")}
                   .detail(std::move(detail)),
               counter.relation);
}

}  // namespace

void require_update(const Counter& counter) {
  if (pg::may_use_column(counter.relation, counter.number, ACL_UPDATE)) return;
  refuse(counter, fmt::format("Counting needs the right UPDATE on column \"{}\".", counter.name));
}

void require_select(const Counter& counter) {
  if (pg::may_use_column(counter.relation, counter.key_number, ACL_SELECT) &&
      pg::may_use_column(counter.relation, counter.number, ACL_SELECT))
    return;
  refuse(counter, fmt::format("Reading counts needs the right SELECT on columns \"{}\" and \"{}\".",
                              counter.key_name, counter.name));
}

namespace {

// A statement of the caller's own, so that the server applies the policies.
bool is_visible(const Counter& counter, const std::string& key) {
  pg::Spi spi;
  return spi.run(
             fmt::format("SELECT 1 FROM {} r WHERE r.{} OPERATOR(pg_catalog.=) $1::{}", table_text(counter),
                         pg::quoted_identifier(counter.key_name), key_cast(counter.key_type)),
             key) > 0;
}

}  // namespace

void require_visible(const Counter& counter, const std::string& key) {
  if (counter.row_security && !is_visible(counter, key)) refuse_row(counter, key);
}

void require_readable_row(const Counter& counter, const std::string& key) {
  require_select(counter);
  require_visible(counter, key);
  require_row(counter, key, RowLock::none);
}

}  // namespace counters
