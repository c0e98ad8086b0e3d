#include "pg/cursor.hpp"

namespace pg {

void Cursor::open(const std::string& sql, int count, Oid* types, Datum* values, const char* nulls,
                  bool read_only) {
  portal_ = call(::SPI_cursor_open_with_args, static_cast<const char*>(nullptr), sql.c_str(), count, types,
                 values, nulls, read_only, int{CURSOR_OPT_NO_SCROLL});
  call(::PinPortal, portal_);
}

std::uint64_t Cursor::fetch(long rows) {
  if (SPI_tuptable != nullptr) call(::SPI_freetuptable, SPI_tuptable);
  call(::SPI_cursor_fetch, portal_, true, rows);
  return SPI_processed;
}

void Cursor::close() {
  call(::UnpinPortal, portal_);
  call(::SPI_cursor_close, portal_);
}

}  // namespace pg
