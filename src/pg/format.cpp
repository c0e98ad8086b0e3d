// fmt's formatting itself, compiled once. Everywhere else only its declarations are seen, which makes a source compile in
// a third of the time; and nothing is linked that would have to be installed beside the extension.
#define FMT_HEADER_ONLY
#include <fmt/format.h>

namespace pg {

[[gnu::used]] std::string (*const vformat)(fmt::string_view, fmt::format_args) = &fmt::vformat;

}  // namespace pg
