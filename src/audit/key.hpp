// How rows are known in the log.
#pragma once

#include <string>
#include <vector>

namespace audit {

// The row_key of the texts of a key's columns, as their types put them out (pg::PlainOutput): the text itself, or a JSON array of
// several; of more than 1,000 bytes a digest, which an index can hold.
std::string row_key(const std::vector<std::string>& texts);

// What may stand in an index: itself, or its digest.
std::string indexable(std::string text);

}  // namespace audit
