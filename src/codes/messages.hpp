// One wording per fault of a code, wherever it is found.
#pragma once

#include "pg/error.hpp"

namespace codes {

// A code as a message shows it: quoted, and cut when somebody passes a book. Our own texts are ASCII: they reach
// databases of every encoding.
std::string shown(std::string_view code);

// "character "!" at position 3", for a byte offset in a code that may hold any text.
std::string character_at(std::string_view code, std::size_t offset);

}  // namespace codes
