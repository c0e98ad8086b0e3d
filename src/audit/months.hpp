// The months of the log.
#pragma once

namespace audit {

// Sees to it that steward's own partitions keep the log's months.
void open_log();

}  // namespace audit
