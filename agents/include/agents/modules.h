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
  // "module.early": over a year before the file was opened; "module.long": a time-out of over 31 days; "module.agreed":
  // a time-out was agreed with no parent either, while the young person is no adult). kConflict ("module.choice",
  // "module.declined"): the help was allocated, and has yet to be chosen.
  Result<Sent> Switch(const TrajectoryId& id, ModuleSwitchBody body, const Audience& audience);

  // A switch that was said wrong, by any version of it: `body` takes its place, also with an end that has passed. As
  // Switch but "module.past".
  Result<Sent> Correct(const RecordId& id, const ModuleSwitchBody& body, const Audience& audience);
  // What its last version says: what is not corrected stays. kNotFound: no such switch counts, or its words are sealed.
  Result<ModuleSwitchBody> WordsOf(const RecordId& id);

  // `body.at` none: now. `actions`: those it carried out. kInvalid ("contact.future"; "contact.action": no action of
  // this trajectory).
  Result<Sent> Contact(const TrajectoryId& id, ContactMomentBody body, std::vector<RecordId> actions,
                       const Audience& audience);
  static constexpr std::size_t kContactActionsMax = 10;

 private:
  struct Said {
    CaseTrajectory trajectory;
    CaseSwitch last;
  };
  Result<Said> FindSwitch(const RecordId& id);

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
  // To whom the alert went; said again, to those whom no withdrawal reached yet. `body.at` none: now. kDenied
  // ("alert.author"); kConflict ("alert.over"; "alert.untold": it reaches none of them now either); kInvalid
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
