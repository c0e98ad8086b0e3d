#include "pg/json_item.hpp"

extern "C" {
#include "utils/jsonb.h"
}

namespace pg {

namespace {

// A container: a header, an entry for each item, and the items' bytes, each number and container beginning at a multiple of 4.
// An object has its names before its values.
class Writer {
 public:
  Writer(std::uint32_t header, std::size_t entries, std::size_t longest, std::size_t reserved)
      : entries_{entries} {
    const std::size_t size = reserved + sizeof(std::uint32_t) * (1 + entries) + longest;
    if (!AllocSizeIsValid(size)) refuse();
    start_ = static_cast<char*>(allocate(size)) + reserved;
    put_word(0, header);
    next_ = data();
  }

  void put(const JsonItem& item) {
    const char* const from = next_;
    if (item.kind == JsonItem::Kind::number || item.kind == JsonItem::Kind::container) pad();
    next_ += item.bytes.copy(next_, item.bytes.size());
    add_entry(type_of(item.kind), static_cast<std::size_t>(next_ - from));
  }

  std::string_view written() const noexcept { return {start_, static_cast<std::size_t>(next_ - start_)}; }

 private:
  static std::uint32_t type_of(JsonItem::Kind kind) noexcept {
    using Kind = JsonItem::Kind;
    switch (kind) {
      case Kind::null:
        return JENTRY_ISNULL;
      case Kind::no:
        return JENTRY_ISBOOL_FALSE;
      case Kind::yes:
        return JENTRY_ISBOOL_TRUE;
      case Kind::string:
        return JENTRY_ISSTRING;
      case Kind::number:
        return JENTRY_ISNUMERIC;
      default:
        return JENTRY_ISCONTAINER;
    }
  }

  // Most entries have a length; one in some the offset of its end, so that an item is found without adding up all before.
  void add_entry(std::uint32_t type, std::size_t length) {
    const auto end = static_cast<std::size_t>(next_ - data());
    if (end > JENTRY_OFFLENMASK) refuse();
    const bool has_offset = done_ % JB_OFFSET_STRIDE == 0;
    const auto field = static_cast<std::uint32_t>(has_offset ? end : length);
    put_word(1 + done_, type | field | (has_offset ? JENTRY_HAS_OFF : 0));
    ++done_;
  }

  void put_word(std::size_t at, std::uint32_t word) noexcept {
    std::memcpy(start_ + at * sizeof word, &word, sizeof word);
  }

  void pad() noexcept {
    while ((next_ - start_) % 4 != 0) *next_++ = '\0';
  }

  char* data() const noexcept { return start_ + sizeof(std::uint32_t) * (1 + entries_); }

  [[noreturn]] static void refuse() {
    throw Error{ERRCODE_PROGRAM_LIMIT_EXCEEDED, "row is too large for the log"}.detail(
        fmt::format("Its values have more than {} bytes as jsonb.", JENTRY_OFFLENMASK));
  }

  const std::size_t entries_;
  std::size_t done_ = 0;
  char *start_, *next_;
};

std::size_t longest(std::span<const JsonItem> items) {
  std::size_t size = 0;
  for (const JsonItem& item : items) size += item.bytes.size() + 3;
  return size;
}

std::string_view write_object(std::span<const std::string_view> names, std::span<const JsonItem> values,
                              std::size_t reserved) {
  std::size_t size = longest(values);
  for (const std::string_view name : names) size += name.size();
  Writer writer{static_cast<std::uint32_t>(names.size()) | JB_FOBJECT, 2 * names.size(), size, reserved};
  for (const std::string_view name : names) writer.put(JsonItem::string(name));
  for (const JsonItem& value : values) writer.put(value);
  return writer.written();
}

}  // namespace

JsonItem JsonItem::number(Datum numeric) {
  auto* value = reinterpret_cast<varlena*>(DatumGetPointer(numeric));
  if (VARATT_IS_EXTENDED(value)) value = call(::pg_detoast_datum, value);
  return {Kind::number, {reinterpret_cast<const char*>(value), VARSIZE(value)}};
}

JsonItem JsonItem::array(std::span<const JsonItem> items) {
  Writer writer{static_cast<std::uint32_t>(items.size()) | JB_FARRAY, items.size(), longest(items), 0};
  for (const JsonItem& item : items) writer.put(item);
  return {Kind::container, writer.written()};
}

JsonItem JsonItem::object(std::span<const std::string_view> names, std::span<const JsonItem> values) {
  return {Kind::container, write_object(names, values, 0)};
}

JsonItem JsonItem::of(Datum jsonb) {
  auto* value = reinterpret_cast<::Jsonb*>(DatumGetPointer(jsonb));
  if (!JB_ROOT_IS_SCALAR(value))
    return {Kind::container, {VARDATA(value), VARSIZE(value) - static_cast<std::size_t>(VARHDRSZ)}};
  JsonbValue scalar;
  call(::JsonbExtractScalar, &value->root, &scalar);
  switch (scalar.type) {
    case jbvNull:
      return null();
    case jbvBool:
      return boolean(scalar.val.boolean);
    case jbvNumeric:
      return number(NumericGetDatum(scalar.val.numeric));
    default:
      return string({scalar.val.string.val, static_cast<std::size_t>(scalar.val.string.len)});
  }
}

Datum json_object(std::span<const std::string_view> names, std::span<const JsonItem> values) {
  const std::string_view written = write_object(names, values, VARHDRSZ);
  char* value = const_cast<char*>(written.data()) - VARHDRSZ;
  SET_VARSIZE(value, written.size() + VARHDRSZ);
  return PointerGetDatum(value);
}

}  // namespace pg
