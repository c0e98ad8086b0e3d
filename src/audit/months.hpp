// The months of the log: partitions as any other's.
#pragma once

namespace audit {

// Has the log's two tables managed from now on, unless they are, and makes their months. Holds the log's default partitions against
// everybody until the transaction ends where it makes any: for whoever declares a table, who holds that, too.
void open_log();

// The same for whoever only writes: waits for nobody, and leaves the months to maintenance.
void open_log_in_passing();

}  // namespace audit
