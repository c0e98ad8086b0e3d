#include "audit/gaps.hpp"

#include <array>
#include <map>

#include "pg/heap.hpp"
#include "pg/notice.hpp"

namespace audit {

namespace {

void insert_gap(std::int32_t number, std::int64_t records, const std::string& sqlstate) {
  const pg::OpenRelation table{pg::own_relation("audit_gaps"), RowExclusiveLock};
  std::array<Datum, 4> values{Int64GetDatum(GetCurrentTimestamp()), Int32GetDatum(number),
                              Int64GetDatum(records), pg::Type<std::string>::to(sqlstate)};
  std::array<bool, 4> nulls{};
  pg::insert_row(table.get(), pg::call(::heap_form_tuple, table.columns(), values.data(), nulls.data()));
}

}  // namespace

void record_gap(const std::vector<std::int32_t>& numbers, const std::string& sqlstate) {
  std::map<std::int32_t, std::int64_t> missing;
  for (const std::int32_t number : numbers) ++missing[number];
  const auto failure = pg::subtransaction([&] {
    for (const auto& [number, records] : missing) insert_gap(number, records, sqlstate);
  });
  pg::warn(fmt::format("{} change{} could not be recorded (SQLSTATE {})", numbers.size(),
                       numbers.size() == 1 ? "" : "s", sqlstate),
           failure ? "Nor could it be noted that they are missing."
                   : "Table steward.audit_gaps says which are missing.",
           "What was changed stays so, because steward.audit_on_error is degrade.");
}

}  // namespace audit
