#include "pg/jsonb.hpp"

extern "C" {
#include "access/transam.h"
#include "nodes/nodeFuncs.h"
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

Datum convert(Oid type, Datum value) {
  FmgrInfo function;
  fmgr_info(F_TO_JSONB, &function);
  Const* argument = makeConst(type, -1, InvalidOid, get_typlen(type), value, false, get_typbyval(type));
  fmgr_info_set_expr(reinterpret_cast<Node*>(makeFuncExpr(F_TO_JSONB, JSONBOID, list_make1(argument),
                                                          InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL)),
                     &function);
  return FunctionCall1(&function, value);
}

Datum text_of_any(Oid type, Datum value) {
  Oid output = InvalidOid;
  bool varlena = false;
  getTypeOutputInfo(type, &output, &varlena);
  return PointerGetDatum(cstring_to_text(OidOutputFunctionCall(output, value)));
}

}  // namespace

std::vector<Member> members_of(Json object) {
  std::vector<Member> members;
  JsonbIterator* walk = call(&walk_through, object.datum);
  const char* name = nullptr;
  int size = 0;
  Datum value = 0;
  while (call(&next_member, &walk, &name, &size, &value))
    members.push_back({{name, static_cast<std::size_t>(size)}, {value}});
  return members;
}

Json object_of(const std::vector<Member>& members) {
  std::vector<Part> parts;
  parts.reserve(members.size());
  for (const Member& member : members)
    parts.push_back({member.name.data(), static_cast<int>(member.name.size()), member.value.datum});
  return {call(&build, static_cast<const Part*>(parts.data()), parts.size())};
}

Json jsonb_of(const std::string& text) {
  return {call(::DirectFunctionCall1Coll, ::jsonb_in, Oid{InvalidOid}, CStringGetDatum(text.c_str()))};
}

std::string text_of(Json value) {
  return DatumGetCString(call(::DirectFunctionCall1Coll, ::jsonb_out, Oid{InvalidOid}, value.datum));
}

Json json_null() { return jsonb_of("null"); }

Json jsonb_of(Oid type, Datum value) {
  const Oid base = call(::getBaseType, type);
  if (base < FirstNormalObjectId) return {call(&convert, base, value)};
  return {call(&convert, Oid{TEXTOID}, call(&text_of_any, type, value))};
}

}  // namespace pg
