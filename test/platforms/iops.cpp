// An application of iOps, over libpq with parameters that have no type, as most drivers send them: somebody signs up, uploads until
// refused, reads why, publishes, and sees the views counted. Prints TAP.
#include <libpq-fe.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

int tests = 0;

void is(const std::string& got, const std::string& expected, const char* name) {
  std::printf("%s %d - %s\n", got == expected ? "ok" : "not ok", ++tests, name);
  if (got != expected) std::printf("# got: %s\n# expected: %s\n", got.c_str(), expected.c_str());
}

// The first row of a statement's result, or what the server says of the error.
struct Answer {
  std::vector<std::string> row;
  std::string sqlstate, message, detail, hint;
};

class Connection {
 public:
  Connection() : connection_{PQconnectdb("user=postgres options='-c role=iops_app -c search_path=iops'")} {
    if (PQstatus(connection_) == CONNECTION_OK) return;
    std::fputs(PQerrorMessage(connection_), stderr);
    std::exit(1);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { PQfinish(connection_); }

  Answer ask(const char* statement, const std::vector<std::string>& parameters = {}) {
    std::vector<const char*> values;
    for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
    PGresult* result = PQexecParams(connection_, statement, static_cast<int>(values.size()), nullptr,
                                    values.data(), nullptr, nullptr, 0);
    Answer answer;
    if (PQresultStatus(result) == PGRES_FATAL_ERROR) {
      answer = {{},
                field(result, PG_DIAG_SQLSTATE),
                field(result, PG_DIAG_MESSAGE_PRIMARY),
                field(result, PG_DIAG_MESSAGE_DETAIL),
                field(result, PG_DIAG_MESSAGE_HINT)};
    } else if (PQntuples(result) > 0) {
      for (int i = 0; i < PQnfields(result); ++i) answer.row.emplace_back(PQgetvalue(result, 0, i));
    }
    PQclear(result);
    answer.row.resize(8);
    return answer;
  }

 private:
  static std::string field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text != nullptr ? text : "";
  }

  PGconn* connection_;
};

}  // namespace

int main() {
  Connection app;
  const std::string user =
      app.ask("SELECT sign_up($1, $2, $3)", {"client@example.org", "a password", "A Client"}).row[0];
  is(std::to_string(user.size()), "36", "client: somebody signs up");

  std::string dataset;
  Answer refusal;
  int uploads = 0;
  while (uploads < 100) {
    refusal = app.ask("SELECT upload_dataset($1, $2, $3, $4, $5)", {user, "numbers.csv", "4096", "100", "3"});
    if (!refusal.sqlstate.empty()) break;
    dataset = refusal.row[0];
    ++uploads;
  }
  is(std::to_string(uploads), "5", "client: five datasets, then no more");
  is(refusal.sqlstate, "QL001", "client: the SQLSTATE to go by");
  is(refusal.message, "\"datasets\" limit reached: 5 of 5 used", "client: the message");
  is(refusal.hint.substr(0, 40), "Tier \"pro\" is unlimited. It resets at 20", "client: the hint to show");
  const Answer detail = app.ask("SELECT $1::jsonb->>'max', $1::jsonb->>'tier'", {refusal.detail});
  is(detail.row[0] + " " + detail.row[1], "5 free", "client: the detail is JSON");

  const Answer first = app.ask("SELECT send_ai_message($1, $2)", {user, "request 1"});
  const Answer again = app.ask("SELECT send_ai_message($1, $2)", {user, "request 1"});
  is(first.row[0] + " " + again.row[0], "49 49", "client: a message that is sent again counts once");

  const std::string analysis = app.ask("SELECT run_analysis($1, $2, $3)", {user, dataset, "Sums"}).row[0];
  const std::string code = app.ask("SELECT publish_report($1, $2)", {analysis, "open sesame"}).row[0];
  is(app.ask("SELECT status FROM open_report($1)", {code}).row[0], "401", "client: a password is asked for");
  const char* open = "SELECT status, name, view_count FROM open_report($1, $2)";
  app.ask(open, {code, "open sesame"});
  const Answer opened = app.ask(open, {code, "open sesame"});
  is(opened.row[0] + " " + opened.row[1] + " " + opened.row[2], "200 Sums 2", "client: views are counted");
  is(app.ask("SELECT steward.count_of('reports', id) FROM reports WHERE short_code = $1", {code}).row[0], "2",
     "client: and stay so");
  is(app.ask(open, {"nonsense", ""}).row[0], "404", "client: a code that is none");
  app.ask("SELECT expire_report($1)", {code});
  is(app.ask(open, {code, "open sesame"}).row[0], "410", "client: a report that is gone");
  app.ask("SELECT delete_account($1)", {user});
  is(app.ask(open, {code, "open sesame"}).row[0], "404", "client: and one whose user is gone");
  std::printf("1..%d\n", tests);
}
