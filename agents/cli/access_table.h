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

}  // namespace schakel
