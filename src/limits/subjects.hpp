// The tables whose rows have limits, and what they say of one row.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/datum.hpp"
#include "pg/index.hpp"

namespace limits {

// A bound relation: the triggers that bind_subjects() made name its columns (see README.md).
struct SubjectTable {
  Oid relation;
  Oid key_type;     // int2, int4, int8, uuid, text or varchar; a domain's base type
  std::string key;  // the column's name, as it is called now; the others are empty where they were not given
  std::string tier, expires, zone, anchor;
  std::string fallback;  // the tier that holds once the subscription has run out; empty without one
  // Their numbers, 0 where they were not given, and the index by which a row is found; none for a partitioned table.
  struct {
    AttrNumber key, tier, expires, zone, anchor;
  } number;
  std::optional<pg::UniqueIndex> index;
};

// What types the columns may have; of a domain its base type.
bool is_text_type(Oid type);
bool is_tier_type(Oid type);
bool is_time_type(Oid type);

// The bound relation, or null.
std::shared_ptr<const SubjectTable> find_subjects(Oid relation);
// The same; QL007 when it is not bound.
std::shared_ptr<const SubjectTable> require_subjects(Oid relation);

// All that are bound. They are opened for that: those that were declared to be are told without, and may have lost their triggers.
std::vector<Oid> bound_relations();
std::vector<Oid> declared_relations();

// The bound table that a relation's rows are subjects of: its own, or as a partition those of the table that it belongs to;
// nothing for any other.
struct Served {
  Oid table;
  AttrNumber key;  // of the relation's own columns
  Oid key_type;
  bool own;
};
std::optional<Served> served_by(Relation relation);

// A subject in the form in which accounts are kept: the key's text after conversion to the column's type (22P02).
std::string subject_text(const SubjectTable& table, std::int64_t key);
std::string subject_text(const SubjectTable& table, const pg::Uuid& key);
std::string subject_text(const SubjectTable& table, std::string_view key);

// A subject's row, read with the rights of the table's owner, as it is committed now and by this transaction.
struct Subject {
  std::string tier;  // 'default' without a tier column
  std::optional<pg::Timestamp> expires, anchor;
  std::string zone;  // UTC without one
  std::optional<std::int64_t>
      max;  // of the meter's max_col, in units; empty where it is NULL or there is none
};
// Nothing when there is no such row. max_col is a column's name, or empty.
std::optional<Subject> find_subject(const SubjectTable& table, const std::string& subject,
                                    const std::string& max_col);

// Raises 22023 unless what a subject's row says is a zone.
void require_zone(const SubjectTable& table, const std::string& subject, const std::string& zone);

// Raises QL007 unless there is such a row.
void require_subject(const SubjectTable& table, const std::string& subject);
// Keeps the row from being deleted, and its key from being changed, until this transaction ends; QL007 when there is none.
void lock_subject(const SubjectTable& table, const std::string& subject);
[[noreturn]] void refuse_subject(const SubjectTable& table, const std::string& subject,
                                 const char* detail = "");

}  // namespace limits
