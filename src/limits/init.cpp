#include "limits/init.hpp"

#include "limits/escrow.hpp"

namespace limits {

void init() { pg::listen_to_transactions(transaction_events); }

}  // namespace limits
