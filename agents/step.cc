#include "step.h"

#include "agents/trust.h"

namespace schakel {

Status Step::Load() {
  SCHAKEL_ASSIGN(distrusted_, vault_.Distrust());
  SCHAKEL_ASSIGN(last_alarm_, vault_.LastAlarm());
  SCHAKEL_ASSIGN(std::vector<Alarm> alarms, vault_.Alarms());
  if (const auto refusals = OpenRefusals(alarms); !refusals.empty()) refused_ = refusals.back().what;
  if (!alarms.empty()) last_raised_ = std::move(alarms.back().what);
  return {};
}

void Step::Raise(Alarm::Fault fault, Error what, OrgId organisation, RecordId record, FeedPosition position) {
  Alarm alarm{++last_alarm_, clock_.Now(), fault, std::move(what), std::move(organisation), record, position};
  writes_.PutAlarm(alarm);
  if (EndsLostHistory(alarm)) refused_.reset();
  if (TellsLostHistory(alarm)) refused_ = alarm.what;
  last_raised_ = std::move(alarm.what);
  Tell({Engine::Change::What::kAlarm, record, {}});
}

void Step::RaiseOnce(Alarm::Fault fault, const Error& what) {
  if (last_raised_ && last_raised_->rule == what.rule && last_raised_->field == what.field) return;
  Raise(fault, what);
}

void Step::Distrust(Error why) {
  if (distrusted_) return;
  if (why.next.empty()) why.next = "stop working with this hub and call its operator; see docs/operations";
  writes_.PutDistrust(why);
  Raise(Alarm::Fault::kHub, why);
  Tell({Engine::Change::What::kDistrust, {}, {}});
  distrusted_ = std::move(why);
}

void Step::TrustAgain() {
  if (!distrusted_) return;
  writes_.ClearDistrust();
  Raise(Alarm::Fault::kNotice, {Code::kConflict, "hub.trusted_again", distrusted_->rule, {}});
  Tell({Engine::Change::What::kDistrust, {}, {}});
  distrusted_.reset();
}

Result<std::vector<Engine::Change>> Step::Commit() {
  std::vector<Engine::Change> changes = std::exchange(changes_, {});
  SCHAKEL_TRY(vault_.Commit(writes_));
  return changes;
}

}  // namespace schakel
