// Runs statements as a driver does, with parameters that have no type, and prints what libpq says of each.
//
//   fields CONNECTIONS <STATEMENTS
//
// A line of input: the connection's number from 0, the statement, its parameters; a line of output: the first value of the result, or the
// fields of the error; all separated by tabs.
#include <libpq-fe.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::vector<std::string> parts_of(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream stream{line};
  for (std::string part; std::getline(stream, part, '\t');) parts.push_back(part);
  return parts;
}

PGconn* connect() {
  PGconn* connection = PQconnectdb("dbname=postgres user=postgres");
  if (PQstatus(connection) == CONNECTION_OK) return connection;
  std::fputs(PQerrorMessage(connection), stderr);
  std::exit(1);
}

void run(PGconn* connection, const std::vector<std::string>& parts) {
  std::vector<const char*> parameters;
  for (std::size_t i = 2; i < parts.size(); ++i) parameters.push_back(parts[i].c_str());
  PGresult* result = PQexecParams(connection, parts.at(1).c_str(), static_cast<int>(parameters.size()),
                                  nullptr, parameters.data(), nullptr, nullptr, 0);
  if (PQresultStatus(result) == PGRES_FATAL_ERROR) {
    std::cout << "error";
    for (const int field :
         {PG_DIAG_SQLSTATE, PG_DIAG_MESSAGE_PRIMARY, PG_DIAG_MESSAGE_DETAIL, PG_DIAG_MESSAGE_HINT,
          PG_DIAG_SCHEMA_NAME, PG_DIAG_TABLE_NAME, PG_DIAG_COLUMN_NAME}) {
      const char* text = PQresultErrorField(result, field);
      std::cout << '\t' << (text != nullptr ? text : "");
    }
    std::cout << std::endl;
  } else {
    std::cout << "result\t" << (PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "") << std::endl;
  }
  PQclear(result);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<PGconn*> connections;
  for (int i = 0; i < (argc > 1 ? std::atoi(argv[1]) : 1); ++i) connections.push_back(connect());
  for (std::string line; std::getline(std::cin, line);) {
    const std::vector<std::string> parts = parts_of(line);
    run(connections.at(std::stoul(parts.at(0))), parts);
  }
  for (PGconn* connection : connections) PQfinish(connection);
}
