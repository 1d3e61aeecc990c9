#include "visit_alarms.h"

namespace schakel {

Status VisitAlarms::Tell(const Keep& keep) {
  return visits_.Tell(
      [&](const std::vector<VisitService::Alarm>& alarms, const std::vector<Engine::KeptRow>& rows) -> Status {
        std::vector<Call> calls;
        for (const VisitService::Alarm& alarm : alarms) {
          Call call;
          call.people = alarm.escalated ? coordinators_() : std::vector<std::string>{alarm.visit.colleague};
          call.message.what = alarm.escalated ? HookRow::What::kVisitEscalated : HookRow::What::kVisitOverdue;
          call.message.record = RecordId(alarm.visit.id);
          call.message.at = alarm.visit.until;
          calls.push_back(std::move(call));
        }
        return keep(calls, rows);
      });
}

}  // namespace schakel
