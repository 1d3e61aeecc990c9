// Who saw what, as a table: of what the agent answers, and of a file without one. Threads: pure.
#pragma once

#include "output.h"
#include "session.h"

namespace schakel {

// Printed whole: whoever saw something is named in full.
inline Table AccessTable(Session& session) {
  return Table({session.T("cli.col.at"), session.T("cli.col.who"), session.T("cli.col.what"),
                session.T("cli.col.record"), session.T("cli.col.because")});
}

// "Notitie 3f9a21bc"; of what is not known here the number alone. Null: about no record, or not told.
inline std::string AccessRecord(const Session& session, const Json& record, const Json& kind) {
  if (!record.is_string()) return {};
  const std::string id = Short(record.get<std::string>());
  return kind.is_string() ? session.KindWord(kind) + " " + id : id;
}

}  // namespace schakel
