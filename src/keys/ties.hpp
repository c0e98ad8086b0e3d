// What is kept for a table's rows is tied to it by three triggers: one for a row that goes, one for all of them that go, and one for
// a key that changes, whose columns say which ones they are.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "pg/relation.hpp"

namespace keys {

enum class Duty { drop, truncate, move };
inline constexpr std::array duties{Duty::drop, Duty::truncate, Duty::move};
const char* name_of(Duty duty);

// The triggers' functions, by which they are known whatever they are called by now: that of the first two, and the third's.
struct TieFunctions {
  Oid drop, move;
};

struct Tie {
  std::string name;
  Duty duty;
  char state;
};

// Those on a table, as far as they are the caller's; none of a partition that the server has made from its table's.
std::vector<Tie> ties_of(Oid table, const TieFunctions& functions,
                         const std::function<bool(const Trigger&)>& is_own = {});

// Makes those that are not there; the one whose columns say something also where that has changed. `definition` gives what CREATE
// TRIGGER says after the name. The table is locked, but not open.
void tie(Oid table, const std::vector<Tie>& before, bool same_columns,
         const std::function<std::string(Duty)>& name, const std::function<std::string(Duty)>& definition);
void untie(Oid table, const std::vector<Tie>& ties);

// The definitions, but for the functions' arguments and the third one's columns.
std::string drop_definition(Oid table, Duty duty, const std::string& call);
std::string move_definition(Oid table, const std::string& columns, const std::string& key,
                            const std::string& call);

}  // namespace keys
