#include "limits/allowance.hpp"

#include <algorithm>
#include <array>

#include "limits/period.hpp"
#include "limits/subjects.hpp"
#include "limits/tables.hpp"
#include "pg/heap.hpp"
#include "pg/index.hpp"
#include "pg/relation.hpp"

namespace limits {

namespace {

// Columns of the tables, in their order.
namespace of_overrides {
enum : int { meter = 1, subject, max, until };
}
namespace of_extras {
enum : int { id = 1, meter, subject, amount, until };
}

// A subject's rows in one of the two tables, as they are committed now and by this transaction.
class GrantLookup {
 public:
  GrantLookup(const char* name, int meter_column, const Meter& meter, const std::string& subject)
      : table_{pg::own_relation(name), AccessShareLock},
        keys_{pg::equals(meter_column, F_INT4EQ, Int32GetDatum(meter.id)),
              pg::equals(meter_column + 1, F_TEXTEQ, pg::Type<std::string>::to(subject))},
        lookup_{table_.get(), pg::primary_key_index(table_.get()), keys_.data(),
                static_cast<int>(keys_.size()), pg::IndexLookup::Sees::committed} {}

  std::optional<pg::Row> next() {
    const HeapTuple row = lookup_.next();
    if (row == nullptr) return std::nullopt;
    return pg::Row{row, table_.columns()};
  }

 private:
  pg::OpenRelation table_;
  std::array<ScanKeyData, 2> keys_;
  pg::IndexLookup lookup_;
};

bool has_passed(const std::optional<pg::Timestamp>& until, std::int64_t time) {
  return until && until->microseconds <= time;
}

struct Override {
  std::optional<std::int64_t> max;
};

std::optional<Override> find_override(const Meter& meter, const std::string& subject, std::int64_t time) {
  GrantLookup lookup{overrides_table, of_overrides::meter, meter, subject};
  const std::optional<pg::Row> row = lookup.next();
  if (!row || has_passed(row->find<pg::Timestamp>(of_overrides::until), time)) return std::nullopt;
  return Override{row->find<std::int64_t>(of_overrides::max)};
}

// What runs out first is drawn on first; what never does, last.
bool is_drawn_on_before(const Extra& a, const Extra& b) {
  const auto rank = [](const Extra& extra) {
    return std::tuple{!extra.until.has_value(), extra.until ? extra.until->microseconds : 0, extra.id};
  };
  return rank(a) < rank(b);
}

std::vector<Extra> find_extras(const Meter& meter, const std::string& subject, std::int64_t time) {
  std::vector<Extra> extras;
  GrantLookup lookup{extras_table, of_extras::meter, meter, subject};
  while (const std::optional<pg::Row> row = lookup.next()) {
    const std::optional<pg::Timestamp> until = row->find<pg::Timestamp>(of_extras::until);
    if (!has_passed(until, time))
      extras.push_back(
          {row->get<std::int64_t>(of_extras::id), row->get<std::int64_t>(of_extras::amount), until});
  }
  std::sort(extras.begin(), extras.end(), is_drawn_on_before);
  return extras;
}

// The limit that the subject's own row says, in what the meter counts.
std::int64_t own_max(const Meter& meter, const SubjectTable& table, const std::string& subject,
                     std::int64_t value) {
  const auto refuse = [&](int sqlstate, std::string message, std::string hint) {
    throw pg::at(
        pg::Error{sqlstate, std::move(message)}
            .detail(fmt::format("It is the limit of meter \"{}\" for subject \"{}\".", meter.name, subject))
            .hint(std::move(hint)),
        table.relation, meter.max_col);
  };
  std::int64_t max = 0;
  if (value < 0)
    refuse(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
           fmt::format("column \"{}\" is negative: {}", meter.max_col, value),
           "A limit is 0 or more; NULL leaves it to the tier.");
  if (__builtin_mul_overflow(value, meter.max_unit, &max))
    refuse(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
           fmt::format("column \"{}\" is out of range: {} times {}", meter.max_col, value, meter.max_unit),
           "A limit is a bigint; an override or a tier without limit makes it unlimited.");
  return max;
}

// Override, column, tier: the first that says something.
void set_max(Allowance& allowance, const Meter& meter, const SubjectTable& table, const std::string& subject,
             const Subject& row, std::int64_t time) {
  if (const std::optional<Override> own = find_override(meter, subject, time)) {
    allowance.source = Allowance::Source::override_;
    allowance.max = own->max;
  } else if (row.max && !allowance.has_expired) {
    allowance.source = Allowance::Source::column;
    allowance.max = own_max(meter, table, subject, *row.max);
  } else if (const auto limit = meter.limits.find(allowance.tier); limit != meter.limits.end()) {
    allowance.source = Allowance::Source::tier;
    allowance.max = limit->second;
  } else {
    allowance.verdict = Allowance::Verdict::unknown;
    allowance.max = 0;
  }
}

// Infinity is no day of a month.
std::optional<std::int64_t> anchor_of(const Subject& row) {
  if (!row.anchor || TIMESTAMP_NOT_FINITE(row.anchor->microseconds)) return std::nullopt;
  return row.anchor->microseconds;
}

// What is taken for granted of a subject instead of what its row says.
struct Assumed {
  const std::string* tier = nullptr;
  bool renewed = false;
};

Allowance allowance_for(const Meter& meter, const std::string& subject, std::int64_t time,
                        const Assumed& assumed) {
  const std::shared_ptr<const SubjectTable> table = require_subjects(meter.subjects);
  const std::optional<Subject> row = find_subject(*table, subject, meter.max_col);
  if (!row) refuse_subject(*table, subject);

  Allowance allowance;
  allowance.own_tier = allowance.tier = assumed.tier != nullptr ? *assumed.tier : row->tier;
  allowance.expires = row->expires;
  allowance.has_expired = !assumed.renewed && has_passed(row->expires, time);
  if (allowance.has_expired && !table->fallback.empty()) allowance.tier = table->fallback;
  set_max(allowance, meter, *table, subject, *row, time);
  if (allowance.has_expired && table->fallback.empty()) {
    allowance.verdict = Allowance::Verdict::expired;
    allowance.max = 0;
  }
  allowance.extras = find_extras(meter, subject, time);
  allowance.zone = row->zone;
  if (meter.kind == Kind::metered) {
    require_zone(*table, subject, row->zone);
    const Bounds bounds = period_at(meter.period, row->zone, anchor_of(*row), time);
    allowance.period = number_of_period(meter.period, row->zone, bounds.start);
    allowance.period_start = bounds.start;
    allowance.resets_at = bounds.end;
  }
  return allowance;
}

}  // namespace

Allowance allowance_of(const Meter& meter, const std::string& subject, std::int64_t time) {
  return allowance_for(meter, subject, time, {});
}

Allowance allowance_in(const Meter& meter, const std::string& subject, std::int64_t time,
                       const std::string& tier) {
  return allowance_for(meter, subject, time, {.tier = &tier, .renewed = true});
}

Allowance renewed_allowance_of(const Meter& meter, const std::string& subject, std::int64_t time) {
  return allowance_for(meter, subject, time, {.renewed = true});
}

}  // namespace limits
