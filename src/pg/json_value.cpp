#include "pg/json_value.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "pg/memory.hpp"
#include "pg/parameters.hpp"
#include "pg/subtransaction.hpp"

extern "C" {
#include "utils/array.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"
}

namespace pg {

namespace {

// Text of these depends on lc_monetary, search_path or quote_all_identifiers, which are not variables that can just be set.
bool is_by_settings(Oid type) {
  switch (type) {
    case CASHOID:
    case REGPROCOID:
    case REGPROCEDUREOID:
    case REGOPEROID:
    case REGOPERATOROID:
    case REGCLASSOID:
    case REGTYPEOID:
    case REGCOLLATIONOID:
    case REGCONFIGOID:
    case REGDICTIONARYOID:
      return true;
    default:
      break;
  }
  if (const Oid element = call(::get_element_type, type); OidIsValid(element))
    return is_by_settings(call(::getBaseType, element));
  if (const Oid element = call(::get_range_subtype, type); OidIsValid(element))
    return is_by_settings(call(::getBaseType, element));
  return false;
}

std::string_view kept(std::string_view text) {
  char* copy = static_cast<char*>(allocate(text.size() + 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

// jsonb refuses some of what json takes: characters that the encoding has none for, numbers beyond numeric. Where that may be,
// the text is read in a subtransaction.
bool may_be_refused(std::string_view json) {
  constexpr std::size_t longest_number = 10'000;
  if (json.size() > longest_number || json.find("\\u") != json.npos) return true;
  for (std::size_t i = 1; i < json.size(); ++i)
    if ((json[i] == 'e' || json[i] == 'E') && json[i - 1] >= '0' && json[i - 1] <= '9') return true;
  return false;
}

Datum parsed(const char* json) {
  return call(::DirectFunctionCall1Coll, ::jsonb_in, Oid{InvalidOid}, CStringGetDatum(json));
}

// What an error in a subtransaction has allocated is freed by its context; the result must outlive it.
JsonItem json_item(std::string_view text) {
  const char* json = kept(text).data();
  const_cast<char*>(json)[text.size()] = '\0';
  if (!may_be_refused(text)) return JsonItem::of(parsed(json));
  Datum jsonb = 0;
  const MemoryContext outside = CurrentMemoryContext;
  const auto failure = subtransaction([&] {
    const InContext memory{outside};
    jsonb = parsed(json);
  });
  if (!failure) return JsonItem::of(jsonb);
  // Of the text say errors of the classes for data and for limits; any other is no fault of the text.
  if (const std::string code = failure->code(); !code.starts_with("22") && !code.starts_with("54"))
    throw Error{failure->sqlstate, failure->message}.hint(failure->hint);
  const std::array<std::string_view, 1> names{"unparsed_json"};
  const std::array<JsonItem, 1> values{JsonItem::string({json, text.size()})};
  return JsonItem::object(names, values);
}

JsonItem float_item(double value, Datum text) {
  const char* digits = DatumGetCString(text);
  if (!std::isfinite(value)) return JsonItem::string(digits);
  return JsonItem::number(call(::DirectFunctionCall3Coll, ::numeric_in, Oid{InvalidOid},
                               CStringGetDatum(digits), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

JsonItem integer_item(std::int64_t value) {
  return JsonItem::number(NumericGetDatum(call(::int64_to_numeric, value)));
}

JsonItem numeric_item(Datum value, std::string_view (*text)(Datum)) {
  Numeric numeric =
      reinterpret_cast<Numeric>(call(::pg_detoast_datum, reinterpret_cast<varlena*>(DatumGetPointer(value))));
  if (call(::numeric_is_nan, numeric) || call(::numeric_is_inf, numeric))
    return JsonItem::string(text(NumericGetDatum(numeric)));
  return JsonItem::number(NumericGetDatum(numeric));
}

std::string_view numeric_text(Datum value) {
  return DatumGetCString(call(::DirectFunctionCall1Coll, ::numeric_out, Oid{InvalidOid}, value));
}

JsonItem time_item(Oid type, Datum value) {
  std::array<char, MAXDATELEN + 1> buffer;
  const char* text = call(::JsonEncodeDateTime, buffer.data(), value, type, static_cast<const int*>(nullptr));
  return JsonItem::string(kept(text));
}

// A value of a composite type: its live attributes, by name.
JsonItem row_item(Datum value) {
  HeapTupleHeader header = reinterpret_cast<HeapTupleHeader>(
      call(::pg_detoast_datum, reinterpret_cast<varlena*>(DatumGetPointer(value))));
  const TupleDesc columns =
      call(::lookup_rowtype_tupdesc_copy, HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
  HeapTupleData row{};
  row.t_len = HeapTupleHeaderGetDatumLength(header);
  row.t_data = header;
  ItemPointerSetInvalid(&row.t_self);

  struct Member {
    std::string_view name;
    JsonItem value;
  };
  std::vector<Member> members;
  for (int i = 0; i < columns->natts; ++i) {
    const FormData_pg_attribute* column = TupleDescAttr(columns, i);
    if (column->attisdropped) continue;
    bool null = false;
    const Datum attribute = call(::heap_getattr, &row, i + 1, columns, &null);
    members.push_back(
        {NameStr(column->attname), null ? JsonItem::null() : JsonType{column->atttypid}.item(attribute)});
  }
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return json_order(a.name, b.name); });
  std::vector<std::string_view> names;
  std::vector<JsonItem> values;
  for (const Member& member : members) {
    names.push_back(member.name);
    values.push_back(member.value);
  }
  return JsonItem::object(names, values);
}

// The elements of one dimension, and of those inside, which follow each other.
JsonItem dimension(std::span<const int> lengths, std::span<const JsonItem>& rest) {
  std::vector<JsonItem> items;
  const auto length = static_cast<std::size_t>(lengths.front());
  items.reserve(length);
  for (std::size_t i = 0; i < length; ++i) {
    if (lengths.size() > 1) {
      items.push_back(dimension(lengths.subspan(1), rest));
    } else {
      items.push_back(rest.front());
      rest = rest.subspan(1);
    }
  }
  return JsonItem::array(items);
}

bool begins_at_one(const ArrayType* array) {
  for (int i = 0; i < ARR_NDIM(array); ++i)
    if (ARR_LBOUND(array)[i] != 1) return false;
  return true;
}

}  // namespace

JsonType::JsonType(Oid type) : type_{call(::getBaseType, type)}, form_{form_of(type_)}, output_{InvalidOid} {
  bool is_varlena = false;
  call(::getTypeOutputInfo, type_, &output_, &is_varlena);
  by_settings_ = is_by_settings(type_);
  if (form_ != Form::array) return;
  const Oid element = call(::get_element_type, type_);
  element_ = std::make_unique<const JsonType>(element);
  call(::get_typlenbyvalalign, element, &element_length_, &element_by_value_, &element_align_);
}

JsonType::Form JsonType::form_of(Oid type) {
  switch (type) {
    case BOOLOID:
      return Form::boolean;
    case INT2OID:
      return Form::int2;
    case INT4OID:
      return Form::int4;
    case INT8OID:
      return Form::int8;
    case FLOAT4OID:
    case FLOAT8OID:
      return Form::floating;
    case NUMERICOID:
      return Form::numeric;
    case TEXTOID:
    case VARCHAROID:
    case BPCHAROID:
      return Form::text;
    case JSONOID:
      return Form::json;
    case JSONBOID:
      return Form::jsonb;
    case DATEOID:
    case TIMESTAMPOID:
    case TIMESTAMPTZOID:
      return Form::time;
    default:
      break;
  }
  if (call(::type_is_rowtype, type)) return Form::row;
  // Vectors such as oidvector begin at 0, and have a text of their own.
  if (type != INT2VECTOROID && type != OIDVECTOROID && OidIsValid(call(::get_element_type, type)))
    return Form::array;
  return Form::output;
}

JsonItem JsonType::item(Datum value) const {
  switch (form_) {
    case Form::boolean:
      return JsonItem::boolean(DatumGetBool(value));
    case Form::int2:
      return integer_item(DatumGetInt16(value));
    case Form::int4:
      return integer_item(DatumGetInt32(value));
    case Form::int8:
      return integer_item(DatumGetInt64(value));
    case Form::floating:
      return float_item(type_ == FLOAT4OID ? DatumGetFloat4(value) : DatumGetFloat8(value),
                        CStringGetDatum(text(value).data()));
    case Form::numeric:
      return numeric_item(value, &numeric_text);
    case Form::text:
      return JsonItem::string(text(value));
    case Form::json:
      return json_item(Type<std::string_view>::from(value));
    case Form::jsonb:
      return JsonItem::of(
          PointerGetDatum(call(::pg_detoast_datum, reinterpret_cast<varlena*>(DatumGetPointer(value)))));
    case Form::time:
      return time_item(type_, value);
    case Form::row:
      return row_item(value);
    case Form::array:
      return array_item(value);
    default:
      return JsonItem::string(text(value));
  }
}

std::string_view JsonType::text(Datum value) const {
  if (form_ == Form::text) return Type<std::string_view>::from(value);
  if (!by_settings_) return call(::OidOutputFunctionCall, output_, value);
  Parameters parameters;
  parameters.set("lc_monetary", "C");
  parameters.set("search_path", "pg_catalog");
  parameters.set("quote_all_identifiers", "off");
  return call(::OidOutputFunctionCall, output_, value);
}

JsonItem JsonType::array_item(Datum value) const {
  auto* array = reinterpret_cast<ArrayType*>(
      call(::pg_detoast_datum, reinterpret_cast<varlena*>(DatumGetPointer(value))));
  if (!begins_at_one(array)) return JsonItem::string(text(value));
  Datum* elements = nullptr;
  bool* nulls = nullptr;
  int count = 0;
  call(::deconstruct_array, array, ARR_ELEMTYPE(array), int{element_length_}, element_by_value_,
       element_align_, &elements, &nulls, &count);
  std::vector<JsonItem> items;
  items.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) items.push_back(nulls[i] ? JsonItem::null() : element_->item(elements[i]));
  if (count == 0) return JsonItem::array(items);
  std::span<const JsonItem> rest{items};
  return dimension({ARR_DIMS(array), static_cast<std::size_t>(ARR_NDIM(array))}, rest);
}

}  // namespace pg
