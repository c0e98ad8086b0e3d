// A shape and any text: what id_of accepts is the code of that id; and any number's code is accepted.
#include <array>
#include <cstring>
#include <string>

#include "core/series.hpp"
#include "require.hpp"

namespace {

void check(const core::Series& series, std::string_view text) {
  std::array<char, 12> out;
  const std::string_view code(out.data(), series.code_size());
  std::uint64_t id = 0;
  if (series.id_of(text, id).kind == core::Series::Verdict::ok) {
    require(id < series.capacity());
    series.code_of(id, out.data());
    require(code == text);
  }
  if (text.size() < sizeof id) return;
  std::memcpy(&id, text.data(), sizeof id);
  id %= series.capacity();
  std::uint64_t found = 0;
  series.code_of(id, out.data());
  require(series.id_of(code, found).kind == core::Series::Verdict::ok && found == id);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 2), size - 2);
  const core::Series series(std::string(std::size_t{16} + 8 * (data[0] % 3), 'k'), 4 + data[1] % 7,
                            data[1] / 7 % 3, text.substr(0, data[0] / 3));
  check(series, text);
  return 0;
}
