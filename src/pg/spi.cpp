#include "pg/spi.hpp"

namespace pg {

std::uint64_t Spi::run(const std::string& sql) {
  return checked(call(::SPI_execute, sql.c_str(), false, 0L));
}

std::uint64_t Spi::run_on_latest(const std::string& sql) {
  call(::PushActiveSnapshot, latest_snapshot());
  const int outcome =
      call(::SPI_execute, sql.c_str(), true, 0L);  // an error's clean-up takes the snapshot along
  call(::PopActiveSnapshot);
  return checked(outcome);
}

bool Spi::is_own(std::uint64_t row, int column) const {
  bool null = false;
  return TransactionIdIsCurrentTransactionId(DatumGetTransactionId(
      call(::SPI_getbinval, SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &null)));
}

std::string Spi::text(std::uint64_t row, int column) const {
  const char* value = call(::SPI_getvalue, SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
  return value != nullptr ? value : "";
}

Snapshot Spi::latest_snapshot() {
  return IsInParallelMode() ? call(::GetActiveSnapshot) : call(::GetLatestSnapshot);
}

std::uint64_t Spi::checked(int outcome) {
  if (outcome < 0)
    throw Error{ERRCODE_INTERNAL_ERROR,
                fmt::format("could not run SQL: {}", SPI_result_code_string(outcome))};
  return SPI_processed;
}

KeptPlan::KeptPlan(const std::string& sql, int parameters) {
  std::vector<Oid> types(static_cast<std::size_t>(parameters), TEXTOID);
  plan_ = call(::SPI_prepare, sql.c_str(), parameters, types.data());
  if (plan_ == nullptr) Spi::checked(SPI_result);
  call(::SPI_keepplan, plan_);
}

KeptPlan::~KeptPlan() { SPI_freeplan(plan_); }

std::uint64_t KeptPlan::run(const Spi&, const std::string& parameter, bool read_only) const {
  Datum value = Type<std::string>::to(parameter);
  return Spi::checked(call(::SPI_execute_snapshot, plan_, &value, static_cast<const char*>(nullptr),
                           Spi::latest_snapshot(), Snapshot{InvalidSnapshot}, read_only, false, 0L));
}

}  // namespace pg
