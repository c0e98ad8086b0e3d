#include "pg/jsonb.hpp"

extern "C" {
#include "utils/jsonb.h"
}

namespace pg {

namespace {

// Server code only, each called through the door as one.

// Goes on to the next member of an object that is being walked through, whose values are taken whole.
bool next_member(JsonbIterator** walk, const char** name, int* size, Datum* value) {
  JsonbValue part;
  for (;;) {
    switch (JsonbIteratorNext(walk, &part, true)) {
      case WJB_KEY:
        *name = part.val.string.val;
        *size = part.val.string.len;
        break;
      case WJB_VALUE:
        *value = JsonbPGetDatum(JsonbValueToJsonb(&part));
        return true;
      case WJB_DONE:
        return false;
      default:
        break;
    }
  }
}

JsonbIterator* walk_through(Datum object) {
  Jsonb* root = DatumGetJsonbP(object);
  if (!JB_ROOT_IS_OBJECT(root))
    ereport(ERROR, errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("jsonb value is not an object"));
  return JsonbIteratorInit(&root->root);
}

struct Part {
  const char* name;
  int size;
  Datum value;
};

Datum build(const Part* parts, std::size_t count) {
  JsonbParseState* state = nullptr;
  pushJsonbValue(&state, WJB_BEGIN_OBJECT, nullptr);
  for (std::size_t i = 0; i < count; ++i) {
    JsonbValue key, value;
    key.type = jbvString;
    key.val.string.val = const_cast<char*>(parts[i].name);
    key.val.string.len = parts[i].size;
    pushJsonbValue(&state, WJB_KEY, &key);
    Jsonb* whole = DatumGetJsonbP(parts[i].value);
    if (JB_ROOT_IS_SCALAR(whole)) {
      JsonbExtractScalar(&whole->root, &value);
    } else {
      value.type = jbvBinary;
      value.val.binary.data = &whole->root;
      value.val.binary.len = static_cast<int>(VARSIZE(whole)) - static_cast<int>(VARHDRSZ);
    }
    pushJsonbValue(&state, WJB_VALUE, &value);
  }
  return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, nullptr)));
}

bool read_scalar(Datum datum, JsonbValue* value) {
  Jsonb* whole = DatumGetJsonbP(datum);
  return JB_ROOT_IS_SCALAR(whole) && JsonbExtractScalar(&whole->root, value);
}

JsonbIterator* walk_through_array(Datum array) {
  Jsonb* root = DatumGetJsonbP(array);
  return JB_ROOT_IS_ARRAY(root) && !JB_ROOT_IS_SCALAR(root) ? JsonbIteratorInit(&root->root) : nullptr;
}

// 1 for an element that is a string, 0 for another, -1 at the end.
int next_text(JsonbIterator** walk, const char** text, int* size) {
  JsonbValue part;
  for (;;) {
    switch (JsonbIteratorNext(walk, &part, true)) {
      case WJB_ELEM:
        if (part.type != jbvString) return 0;
        *text = part.val.string.val;
        *size = part.val.string.len;
        return 1;
      case WJB_DONE:
        return -1;
      default:
        break;
    }
  }
}

std::string text_of(Datum datum) {
  return DatumGetCString(call(::DirectFunctionCall1Coll, ::jsonb_out, Oid{InvalidOid}, datum));
}

}  // namespace

Json json_of(Datum datum) {
  const auto* value = call(::pg_detoast_datum, reinterpret_cast<varlena*>(DatumGetPointer(datum)));
  return {{reinterpret_cast<const char*>(value), VARSIZE(value)}};
}

std::vector<Member> members_of(const Json& object) {
  std::vector<Member> members;
  JsonbIterator* walk = call(&walk_through, Type<Json>::to(object));
  const char* name = nullptr;
  int size = 0;
  Datum value = 0;
  while (call(&next_member, &walk, &name, &size, &value))
    members.push_back({{name, static_cast<std::size_t>(size)}, json_of(value)});
  return members;
}

Json object_of(const std::vector<Member>& members) {
  std::vector<Part> parts;
  parts.reserve(members.size());
  for (const Member& member : members)
    parts.push_back({member.name.data(), static_cast<int>(member.name.size()), Type<Json>::to(member.value)});
  return json_of(call(&build, static_cast<const Part*>(parts.data()), parts.size()));
}

Json jsonb_of(const std::string& text) {
  return json_of(call(::DirectFunctionCall1Coll, ::jsonb_in, Oid{InvalidOid}, CStringGetDatum(text.c_str())));
}

std::string text_of(const Json& value) { return text_of(Type<Json>::to(value)); }

std::optional<std::string> plain_text(const Json& value) {
  JsonbValue scalar;
  const Datum datum = Type<Json>::to(value);
  if (!call(&read_scalar, datum, &scalar)) return text_of(datum);
  if (scalar.type == jbvNull) return std::nullopt;
  if (scalar.type != jbvString) return text_of(datum);
  return std::string{scalar.val.string.val, static_cast<std::size_t>(scalar.val.string.len)};
}

std::optional<std::vector<std::string>> texts_of(const Json& value) {
  JsonbIterator* walk = call(&walk_through_array, Type<Json>::to(value));
  if (walk == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  const char* text = nullptr;
  int size = 0;
  for (;;) {
    const int found = call(&next_text, &walk, &text, &size);
    if (found < 0) return texts;
    if (found == 0) return std::nullopt;
    texts.emplace_back(text, static_cast<std::size_t>(size));
  }
}

}  // namespace pg
