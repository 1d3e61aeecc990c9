// What the bodies of modules, contacts and alerts must hold as a whole, besides what each field asks. Pure.
#pragma once

#include "agents/body.h"

namespace schakel {

// kInvalid ("body.required", "body.choice", "body.period"; "module.end": a time-out without an end; "module.agreed": a
// time-out that was not agreed with the young person; "contact.minutes"; "alert.empty"; "agreement.fields",
// "agreement.partner").
Status CheckWhole(const ModuleSwitchBody& body);
Status CheckWhole(const ContactMomentBody& body);
Status CheckWhole(const AlertBody& body);
Status CheckWhole(const AlertWithdrawnBody& body);
Status CheckWhole(const AgreementBody& body);

}  // namespace schakel
