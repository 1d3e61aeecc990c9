// Who writes on a trajectory has a task there, or says for what other reason; that reason is noted before anything is
// written, and undone if nothing was. As Reading holds it for who looks.
//
// Errors: kDenied ("write.no_task"), and that is noted too.
#pragma once

#include "router.h"

namespace schakel {

// Of what the path of the request names. What a guest does, or who says who works on what, needs no task; a path that
// names nothing that is here is for the handler to refuse.
Status CheckMayWrite(Call& call, const Route& route);
// Before anything of a trajectory is looked at, its overviews too: a worker has a task there, or says for what other
// reason, and then that look is logged. kDenied ("view.no_task"), noted.
Status CheckMayLook(Call& call, const Route& route);
// Of what stands in the request itself. None: on no trajectory, and nothing to check.
Status CheckMayWriteOn(Call& call, const TrajectoryId& trajectory, const RecordId& record = {});
// What somebody wanted to hand to a partner by name, on a trajectory, and was held back here: the hub never hears of
// it, so that it is noted as attempted, with the rule. Not for who only looked ahead.
Status NoteHeldBack(const Call& call, const Result<Reply>& reply);
// After what was checked above was refused, or only looked ahead: then nobody wrote.
Status NoteNothingWritten(const Call& call);

}  // namespace schakel
