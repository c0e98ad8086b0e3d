#include "audit/init.hpp"

#include "audit/pending.hpp"

namespace audit {

void init() { pg::listen_to_transactions(transaction_events); }

}  // namespace audit
