#include "pg/spi.hpp"

namespace pg {

std::uint64_t Spi::run(const std::string& sql) {
  return checked(call(::SPI_execute, sql.c_str(), false, 0L));
}

std::uint64_t Spi::run_on_latest(const std::string& sql) {
  call(::PushActiveSnapshot, call(::GetLatestSnapshot));
  const int outcome =
      call(::SPI_execute, sql.c_str(), true, 0L);  // an error's clean-up takes the snapshot along
  call(::PopActiveSnapshot);
  return checked(outcome);
}

std::string Spi::text(std::uint64_t row, int column) const {
  const char* value = call(::SPI_getvalue, SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
  return value != nullptr ? value : "";
}

std::uint64_t Spi::checked(int outcome) {
  if (outcome < 0)
    throw Error{ERRCODE_INTERNAL_ERROR,
                fmt::format("could not run SQL: {}", SPI_result_code_string(outcome))};
  return SPI_processed;
}

}  // namespace pg
