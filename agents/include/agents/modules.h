// The forms of help over time, contacts, and alerts under an agreement. docs/methods.md says how it goes.
//
// Each is content: it reaches whom a grant covers, and nobody else. A switch is one event: it leaves grants, tasks and
// the rest of the dossier as they are. Threads, durability, errors: as services.h.
#pragma once

#include "agents/services.h"

namespace schakel {

class ModuleService {
 public:
  ModuleService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // `body.begins_at` none: now. kDenied ("module.lead"): only the lead. kInvalid ("module.future", "module.past",
  // "module.agreed": a time-out was agreed with no parent either, while the young person is no adult). kConflict
  // ("module.choice", "module.declined"): the help was allocated, and has yet to be chosen.
  Result<Sent> Switch(const TrajectoryId& id, ModuleSwitchBody body, const Audience& audience);

  // `body.at` none: now. `actions`: those it carried out. kInvalid ("contact.future"; "contact.action": no action of
  // this trajectory).
  Result<Sent> Contact(const TrajectoryId& id, ContactMomentBody body, std::vector<RecordId> actions,
                       const Audience& audience);
  static constexpr std::size_t kContactActionsMax = 10;

 private:
  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
};

class AlertService {
 public:
  AlertService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // To the partner that the agreement names, under what it is about. kInvalid ("alert.agreement"): it names no partner
  // and no fields. kDenied ("alert.field", its field the first one that the agreement does not name; "alert.partner":
  // we are that partner). Held back where no grant covers it.
  Result<Sent> Alert(const RecordId& agreement, AlertBody body, const Audience& audience);
  // To whom the alert went. `body.at` none: now. kDenied ("alert.author"); kConflict ("alert.over"); kInvalid
  // ("alert.future").
  Result<Sent> Withdraw(const RecordId& alert, AlertWithdrawnBody body, const Audience& audience);

 private:
  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
};

// What an alert with these fields is about: by which grants cover it. Pure.
CategorySet CategoriesOf(const AlertBody& body);

}  // namespace schakel
