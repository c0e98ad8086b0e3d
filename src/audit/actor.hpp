// Who acts.
#pragma once

#include <optional>
#include <string>

namespace audit {

// What is known of who acts now. Texts of at most 1,000 bytes.
struct Actor {
  std::optional<std::string> actor;  // that set_actor() or the request's claims name; never the role
  std::optional<std::string> tenant, ip, user_agent, session, request;
  std::string login_role, role;
  std::optional<std::string> application;

  bool operator==(const Actor&) const = default;
};

// The one of this moment; the same object as long as nothing has changed. Cheap: called for each change.
const Actor& current_actor();

}  // namespace audit
