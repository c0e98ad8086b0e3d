#include "pg/kept_query.hpp"

namespace pg {

namespace {

struct Taken {
  std::vector<Oid> types;
  std::vector<Datum> values;
};

Taken take(const std::vector<Parameter>& parameters) {
  Taken taken;
  for (const Parameter& one : parameters) {
    taken.types.push_back(one.type);
    taken.values.push_back(one.value);
  }
  return taken;
}

std::uint64_t checked(int outcome) {
  if (outcome < 0)
    throw Error{ERRCODE_INTERNAL_ERROR,
                fmt::format("could not run SQL: {}", SPI_result_code_string(outcome))};
  return SPI_processed;
}

}  // namespace

std::uint64_t KeptQuery::run(const Spi&, const std::vector<Parameter>& parameters) {
  Taken taken = take(parameters);
  if (plan_ == nullptr) {
    const SPIPlanPtr plan = call(::SPI_prepare_cursor, sql_, static_cast<int>(taken.types.size()),
                                 taken.types.data(), int{CURSOR_OPT_GENERIC_PLAN});
    if (plan == nullptr) checked(SPI_result);
    call(::SPI_keepplan, plan);
    plan_ = plan;
  }
  return checked(
      call(::SPI_execute_plan, plan_, taken.values.data(), static_cast<const char*>(nullptr), false, 0L));
}

std::uint64_t run_typed(const Spi&, const std::string& sql, const std::vector<Parameter>& parameters) {
  Taken taken = take(parameters);
  return checked(call(::SPI_execute_with_args, sql.c_str(), static_cast<int>(taken.types.size()),
                      taken.types.data(), taken.values.data(), static_cast<const char*>(nullptr), false, 0L));
}

HeapTuple result_row(const Spi&, std::uint64_t row) { return SPI_tuptable->vals[row]; }

TupleDesc result_columns(const Spi&) { return SPI_tuptable->tupdesc; }

}  // namespace pg
