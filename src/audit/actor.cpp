// Who acts: what set_actor() has said, the claims of a request, the database's own roles.
#include "audit/actor.hpp"

#include "pg/argument.hpp"
#include "pg/client.hpp"
#include "pg/function.hpp"
#include "pg/json.hpp"
#include "pg/memory.hpp"
#include "pg/notice.hpp"
#include "pg/parameters.hpp"
#include "pg/setting.hpp"
#include "pg/subtransaction.hpp"
#include "pg/transaction.hpp"
#include "settings.hpp"

namespace audit {

namespace {

constexpr std::size_t longest = 1000;  // bytes: who acts stands in an index

// What PostgREST and Supabase set for each request; older ones set a parameter for each claim.
constinit pg::Setting claims_setting{"request.jwt.claims"};
constinit pg::Setting subject_setting{"request.jwt.claim.sub"};

std::optional<std::string> text_of(const char* text) {
  if (text == nullptr || *text == '\0') return std::nullopt;
  std::string copy{text};
  if (copy.size() > longest)
    copy.resize(static_cast<std::size_t>(
        pg::call(::pg_mbcliplen, text, static_cast<int>(copy.size()), static_cast<int>(longest))));
  return copy;
}

bool is_same(const char* text, const std::string& remembered) {
  return std::strcmp(text != nullptr ? text : "", remembered.c_str()) == 0;
}

// Anybody can put anything there: what is no JSON names nobody, and stops nobody.
std::optional<std::string> subject_of(const std::string& claims) {
  if (claims.empty()) return std::nullopt;
  std::optional<std::string> subject;
  const pg::Scratch scratch;
  pg::subtransaction([&] {
    const pg::JsonObject object{claims.c_str()};
    for (const char* claim : {"sub", "email"})
      if (!subject) subject = text_of(object.text(claim).value_or("").c_str());
  });
  return subject;
}

// What the server says by itself: of each, what it was made from is remembered.
class Claims {
 public:
  bool is_current() const {
    return is_same(claims_setting.value(), all_) && is_same(subject_setting.value(), old_);
  }

  void read() {
    if (const char* all = claims_setting.value(); !is_same(all, all_)) {
      all_ = all != nullptr ? all : "";
      subject_ = subject_of(all_);
    }
    const char* old = subject_setting.value();
    old_ = old != nullptr ? old : "";
  }

  std::optional<std::string> subject() const { return subject_ ? subject_ : text_of(old_.c_str()); }

 private:
  std::string all_, old_;
  std::optional<std::string> subject_;
};

class Roles {
 public:
  bool is_current() const {
    return login_ == GetSessionUserId() && role_ == GetOuterUserId() && changes_ == pg::role_changes();
  }

  void read() {
    if (is_current()) return;
    changes_ = pg::role_changes();
    login_ = InvalidOid;  // as long as a name is missing
    login_name = pg::role_name(GetSessionUserId());
    role_name = pg::role_name(GetOuterUserId());
    login_ = GetSessionUserId();
    role_ = GetOuterUserId();
  }

  std::string login_name, role_name;

 private:
  Oid login_ = InvalidOid, role_ = InvalidOid;
  std::uint64_t changes_ = 0;
};

// The actor, and what it was made from.
class Known {
 public:
  Known() : client_{pg::client_address()} {}

  const Actor& get() {
    if (!is_current()) read();
    return actor_;
  }

 private:
  bool is_current() const {
    return changes_ == settings::audit_actor().changes && roles_.is_current() &&
           is_same(application_name, application_) && claims_.is_current();
  }

  void read() {
    const settings::ActorSettings& said = settings::audit_actor();
    changes_ = 0;  // until all is done
    roles_.read();
    claims_.read();
    application_ = application_name != nullptr ? application_name : "";
    actor_ = made_from(said);
    changes_ = said.changes;
  }

  // Once somebody has said who acts, the client is the application's server.
  Actor made_from(const settings::ActorSettings& said) const {
    const bool is_said = said.actor != nullptr && *said.actor != '\0';
    const std::optional<std::string> ip = text_of(said.ip);
    return {.actor = is_said ? text_of(said.actor) : claims_.subject(),
            .tenant = text_of(said.tenant),
            .ip = is_said ? (ip && pg::is_address(ip->c_str()) ? ip : std::nullopt) : client_,
            .user_agent = text_of(said.user_agent),
            .session = text_of(said.session),
            .request = text_of(said.request),
            .login_role = roles_.login_name,
            .role = roles_.role_name,
            .application = text_of(application_.c_str())};
  }

  std::optional<std::string> client_;
  std::uint64_t changes_ = 0;
  Roles roles_;
  Claims claims_;
  std::string application_;
  Actor actor_;
};

pg::Resident<Known> resident;

}  // namespace

const Actor& current_actor() {
  Known* known = resident.get();
  if (known == nullptr) [[unlikely]]
    known = &resident.make(TopMemoryContext, "steward actor");
  return known->get();
}

}  // namespace audit

namespace sql {

namespace {

using Text = std::optional<std::string_view>;

std::string checked(const char* argument, const Text& text) {
  const std::string_view given = text.value_or("");
  pg::require_short(given, argument, audit::longest,
                    "It is kept with every transaction: an identifier will do.");
  return std::string{given};
}

void warn_if_in_vain() {
  if (pg::is_transaction_of_its_own())
    pg::warn("set_actor() can only be used in transaction blocks", {},
             "BEGIN a transaction first, or say it for the whole session by local => false.",
             ERRCODE_NO_ACTIVE_SQL_TRANSACTION);
}

}  // namespace

// All or nothing: what is not given is none, whatever an earlier call has said.
void set_actor(const Text& actor, const Text& tenant, const std::optional<pg::Address>& ip,
               const Text& user_agent, const Text& session, const Text& request,
               const std::optional<bool>& local) {
  pg::require_text(actor, "actor", "steward.clear_actor() says that nobody in particular acts.");
  const std::pair<const char*, std::string> values[] = {
      {"steward.audit_actor", checked("actor", actor)},
      {"steward.audit_ip", ip ? ip->text : ""},
      {"steward.audit_request", checked("request", request)},
      {"steward.audit_session", checked("session", session)},
      {"steward.audit_tenant", checked("tenant", tenant)},
      {"steward.audit_user_agent", checked("user_agent", user_agent)}};
  const bool is_local = local.value_or(true);
  for (const auto& [name, value] : values)
    pg::set_parameter(name, value.c_str(), is_local ? pg::Lasting::transaction : pg::Lasting::session);
  if (is_local) warn_if_in_vain();
}

void clear_actor() {
  for (const char* name : {"steward.audit_actor", "steward.audit_ip", "steward.audit_request",
                           "steward.audit_session", "steward.audit_tenant", "steward.audit_user_agent"})
    pg::set_parameter(name, "", pg::Lasting::session);
}

}  // namespace sql

PG_SQL_FUNCTION(set_actor);
PG_SQL_FUNCTION(clear_actor);
