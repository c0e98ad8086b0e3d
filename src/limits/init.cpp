#include "limits/init.hpp"

#include "cells/mode.hpp"
#include "limits/escrow.hpp"
#include "limits/row_account.hpp"
#include "limits/tables.hpp"

namespace limits {

void init() {
  cells::register_mode_user({{cells_table}, &has_holds, &leave_mode});
  pg::listen_to_transactions(transaction_events);
}

}  // namespace limits
