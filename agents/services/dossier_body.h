// What the bodies of a shared dossier must hold as a whole, besides what each field asks. Pure.
#pragma once

#include "agents/body.h"

namespace schakel {

// kInvalid ("body.required", "body.few", "body.organisation", "body.twice", "body.period").
Status CheckWhole(const ReferralBody& body);
Status CheckWhole(const ReferralAnswerBody& body);
Status CheckWhole(const CommitmentBody& body);
Status CheckWhole(const SignatureBody& body);
Status CheckWhole(const GoalBody& body);
Status CheckWhole(const ProgressBody& body);
Status CheckWhole(const ActionBody& body);

}  // namespace schakel
