#include "permissions.h"

#include <algorithm>

namespace schakel {
namespace {

constexpr RoleSet kCare = {StaffRole::kWorker, StaffRole::kCoordinator};
constexpr RoleSet kCareAndAudit = {StaffRole::kWorker, StaffRole::kCoordinator, StaffRole::kAuditor};
constexpr RoleSet kAudit = {StaffRole::kAuditor};
constexpr RoleSet kLead = {StaffRole::kCoordinator};
constexpr RoleSet kSystem = {StaffRole::kAdministrator};
constexpr RoleSet kEverybody = kAllRoles;

constexpr auto kNothing = Permission::Needs::kNothing;
constexpr auto kPass = Permission::Needs::kPass;
constexpr auto kSession = Permission::Needs::kSession;
constexpr auto kGuest = Permission::Needs::kGuest;

constexpr Permission kPermissions[] = {
    // How the agent does, and words that everybody needs.
    {"GET /v1/status", kEverybody},
    {"GET /v1/alarms", kEverybody},
    {"POST /v1/alarms/seen", kEverybody},
    {"GET /v1/organisations", kEverybody},
    {"GET /v1/profiles", kEverybody},
    {"GET /v1/ceilings", kEverybody},
    {"GET /v1/vocabulary", kEverybody},
    {"GET /v1/events", kEverybody},
    {"GET /v1/openapi.json", kEverybody, kNothing},
    // The work. An auditor finds a trajectory, its grants and who saw what; not what was said.
    {"GET /v1/inbox", kCare},
    {"POST /v1/inbox/seen", kCare},
    {"GET /v1/trajectories", kCareAndAudit},
    {"POST /v1/trajectories", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}", kCareAndAudit},
    {"GET /v1/trajectories/{trajectory}/accesses", kCareAndAudit},
    {"GET /v1/trajectories/{trajectory}/evidence", kCareAndAudit},
    {"GET /v1/invitations", kCare},
    {"POST /v1/trajectories/{trajectory}/invitations", kCare, kPass, true},
    {"POST /v1/trajectories/{trajectory}/join", kCare, kPass, true},
    {"POST /v1/trajectories/{trajectory}/introductions", kCare, kPass, true},
    {"POST /v1/trajectories/{trajectory}/stage", kCare, kPass, true},
    {"POST /v1/trajectories/{trajectory}/leave", kLead, kPass, true},
    {"POST /v1/trajectories/{trajectory}/removals", kLead, kPass, true},
    {"POST /v1/trajectories/{trajectory}/close", kLead, kPass, true},
    {"POST /v1/trajectories/{trajectory}/lead/offer", kLead, kPass, true},
    {"POST /v1/trajectories/{trajectory}/lead/acceptance", kLead, kPass, true},
    {"POST /v1/trajectories/{trajectory}/lead/refusal", kLead, kPass, true},
    {"POST /v1/trajectories/{trajectory}/lead/withdrawal", kLead, kPass, true},
    {"GET /v1/grants", kCareAndAudit},
    {"GET /v1/grants/{grant}", kCareAndAudit},
    {"GET /v1/trajectories/{trajectory}/grants", kCareAndAudit},
    {"POST /v1/trajectories/{trajectory}/grants", kCare, kPass, true},
    {"POST /v1/trajectories/{trajectory}/frames", kCare, kPass, true},
    {"POST /v1/grants/{grant}/narrowing", kCare, kPass, true},
    {"POST /v1/grants/{grant}/withdrawal", kCare, kPass, true},
    {"POST /v1/grants/{grant}/review", kCare, kPass, true},
    {"GET /v1/consultations", kCare},
    {"POST /v1/consultations", kCare, kPass, true},
    {"GET /v1/consultations/{consultation}", kCare},
    {"GET /v1/consultations/{consultation}/receipts", kCare},
    {"POST /v1/consultations/{consultation}/answers", kCare, kPass, true},
    {"POST /v1/consultations/{consultation}/conclusion", kCare, kPass, true},
    {"POST /v1/consultations/{consultation}/reveals", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}/notes", kCare},
    {"POST /v1/trajectories/{trajectory}/notes", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}/agreements", kCare},
    {"POST /v1/trajectories/{trajectory}/agreements", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}/requests", kCare},
    {"POST /v1/trajectories/{trajectory}/requests", kCare, kPass, true},
    {"GET /v1/records/{record}", kCare},
    {"POST /v1/records/{record}/shares", kCare, kPass, true},
    {"POST /v1/trajectories/{trajectory}/uploads", kCare},
    {"POST /v1/consultations/{consultation}/uploads", kCare},
    {"GET /v1/uploads", kCare},
    {"GET /v1/uploads/{upload}", kCare},
    {"PUT /v1/uploads/{upload}", kCare},
    {"DELETE /v1/uploads/{upload}", kCare},
    {"POST /v1/uploads/{upload}/finish", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}/attachments", kCare},
    {"GET /v1/attachments/{attachment}/content", kCare},
    {"POST /v1/search", kCare},
    {"GET /v1/follows", kCare},
    {"POST /v1/trajectories/{trajectory}/follow", kCare},
    {"POST /v1/trajectories/{trajectory}/unfollow", kCare},
    {"GET /v1/trajectories/{trajectory}/changes", kCare},
    {"POST /v1/trajectories/{trajectory}/changes/seen", kCare},
    {"GET /v1/tables", kCare},
    {"POST /v1/trajectories/{trajectory}/tables", kCare, kPass, true},
    {"GET /v1/tables/{table}", kCare},
    {"POST /v1/tables/{table}/votes", kCare, kPass, true},
    {"POST /v1/tables/{table}/date", kCare, kPass, true},
    {"POST /v1/tables/{table}/report", kCare, kPass, true},
    {"GET /v1/tables/{table}/calendar", kCare},
    {"POST /v1/calendar", kCare, kPass, true},
    {"POST /v1/tables/{table}/terms", kCare, kPass, true},
    {"POST /v1/tables/{table}/family", kCare, kPass, true},
    {"POST /v1/tables/{table}/guests/{guest}/votes", kCare, kPass, true},
    {"POST /v1/tables/{table}/guests/{guest}/answers", kCare, kPass, true},
    {"GET /v1/tables/{table}/guests", kCare},
    {"POST /v1/tables/{table}/guests", kCare, kPass, true},
    {"POST /v1/tables/{table}/guests/{guest}/removal", kCare, kPass, true},
    // Who has a link answers as that guest. Not kept under a key for repeating: the answer has the secret in it.
    {"POST /v1/tables/{table}/guests/{guest}/link", kCare, kSession},
    {"DELETE /v1/tables/{table}/guests/{guest}/link", kCare},
    {"POST /v1/tables/{table}/cancellation", kCare, kPass, true},
    {"POST /v1/tables/{table}/answers", kCare, kPass, true},
    // What organisations write together.
    {"GET /v1/trajectories/{trajectory}/referrals", kCare},
    {"POST /v1/trajectories/{trajectory}/referrals", kCare, kPass, true},
    {"POST /v1/referrals/{referral}/answer", kCare, kPass, true},
    {"POST /v1/referrals/{referral}/withdrawal", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}/commitments", kCare},
    {"POST /v1/trajectories/{trajectory}/commitments", kCare, kPass, true},
    {"POST /v1/commitments/{commitment}/edit", kCare, kPass, true},
    {"POST /v1/commitments/{commitment}/signature", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}/goals", kCare},
    {"POST /v1/trajectories/{trajectory}/goals", kCare, kPass, true},
    {"POST /v1/goals/{goal}/edit", kCare, kPass, true},
    {"POST /v1/goals/{goal}/progress", kCare, kPass, true},
    {"POST /v1/goals/{goal}/review", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}/criteria", kCare},
    {"POST /v1/trajectories/{trajectory}/criteria", kCare, kPass, true},
    {"POST /v1/criteria/{criterion}/edit", kCare, kPass, true},
    {"POST /v1/criteria/{criterion}/judgement", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}/actions", kCare},
    {"POST /v1/trajectories/{trajectory}/actions", kCare, kPass, true},
    {"POST /v1/actions/{action}/edit", kCare, kPass, true},
    {"POST /v1/actions/{action}/done", kCare, kPass, true},
    // The forms of help over time, contacts, alerts.
    {"GET /v1/trajectories/{trajectory}/modules", kCare},
    {"POST /v1/trajectories/{trajectory}/modules", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}/contacts", kCare},
    {"POST /v1/trajectories/{trajectory}/contacts", kCare, kPass, true},
    {"GET /v1/trajectories/{trajectory}/contacts/weeks", kCare},
    {"GET /v1/trajectories/{trajectory}/alerts", kCare},
    {"POST /v1/agreements/{agreement}/alerts", kCare, kPass, true},
    {"POST /v1/alerts/{alert}/withdrawal", kCare, kPass, true},
    {"GET /v1/notices", kCare},
    {"POST /v1/notices", kCare, kSession},
    {"GET /v1/webhooks", kSystem, kSession},
    {"POST /v1/webhooks", kSystem, kSession},
    {"POST /v1/webhooks/{webhook}/removal", kSystem, kSession},
    // What was taken back, kept sealed, or erased.
    {"GET /v1/sealed", kCareAndAudit},
    {"POST /v1/records/{record}/unsealing", kAudit, kPass, true},
    {"GET /v1/records/{record}/unsealed-content", kAudit},
    {"POST /v1/trajectories/{trajectory}/erasure", kLead, kPass, true},
    {"POST /v1/trajectories/{trajectory}/erasure/agreement", kLead, kPass, true},
    {"POST /v1/trajectories/{trajectory}/erasure/confirmation", kLead, kPass, true},
    {"GET /v1/erasures", kEverybody},
    {"GET /v1/retention", kEverybody},
    // Who works on what, and who saw what.
    {"GET /v1/trajectories/{trajectory}/tasks", kCareAndAudit},
    {"POST /v1/trajectories/{trajectory}/tasks", kLead, kPass, true},
    {"POST /v1/trajectories/{trajectory}/tasks/ended", kLead, kPass, true},
    {"POST /v1/records/{record}/exception", kCare, kPass, true},
    {"GET /v1/audit", kCareAndAudit},
    {"GET /v1/trajectories/{trajectory}/report", kCareAndAudit},
    {"GET /v1/consents/{id}", kCareAndAudit},
    {"GET /v1/trajectories/{trajectory}/archive", kCare},
    {"GET /v1/trajectories/{trajectory}/dossier.html", kCare},
    {"GET /v1/trajectories/{trajectory}/fhir", kCare},
    // The organisation's keys.
    {"GET /v1/keys", kSystem, kSession},
    {"POST /v1/keys/rotate", kSystem, kSession},
    // Getting in and out.
    {"POST /v1/login", kEverybody, kNothing},
    {"POST /v1/setup/look", kEverybody, kNothing},
    {"POST /v1/setup", kEverybody, kNothing},
    {"GET /v1/signin", kEverybody, kNothing},
    {"GET /v1/oidc/start", kEverybody, kNothing},
    {"GET /v1/oidc/callback", kEverybody, kNothing},
    {"GET /v1/session", kEverybody},
    {"POST /v1/logout", kEverybody, kSession},
    {"POST /v1/account/password", kEverybody, kSession},
    {"POST /v1/account/recovery-codes", kEverybody, kSession},
    {"POST /v1/account/totp", kEverybody, kSession},
    {"POST /v1/account/totp/confirmation", kEverybody, kSession},
    {"GET /v1/account/passes", kEverybody, kSession},
    {"POST /v1/account/passes/{pass}/revoke", kEverybody, kSession},
    {"POST /v1/account/tokens", kEverybody, kSession},
    // Guests of a meeting, who are nobody's staff.
    {"POST /v1/guest/session", RoleSet{}, kNothing},
    {"DELETE /v1/guest/session", RoleSet{}, kGuest},
    {"GET /v1/guest/meeting", RoleSet{}, kGuest},
    {"GET /v1/guest/meeting.ics", RoleSet{}, kGuest},
    {"POST /v1/guest/votes", RoleSet{}, kGuest, true},
    {"POST /v1/guest/answer", RoleSet{}, kGuest, true},
    {"GET /v1/guest/report", RoleSet{}, kGuest},
    {"GET /v1/guest/consents", RoleSet{}, kGuest},
    {"POST /v1/guest/consents/{grant}/withdrawal", RoleSet{}, kGuest, true},
    // Who the people are. A token in somebody else's name is made on the socket alone.
    {"POST /v1/import/people", kSystem, kSession},
    {"POST /v1/import/trajectories", kLead, kPass, true},
    {"GET /v1/people", kSystem, kSession},
    {"POST /v1/people", kSystem, kSession},
    {"GET /v1/people/{person}", kSystem, kSession},
    {"POST /v1/people/{person}", kSystem, kSession},
    {"POST /v1/people/{person}/reset", kSystem, kSession},
    {"GET /v1/people/{person}/lock", kSystem, kSession},
    {"POST /v1/people/{person}/unlock", kSystem, kSession},
    {"GET /v1/people/{person}/passes", kSystem, kSession},
    {"POST /v1/people/{person}/tokens", RoleSet{}, kSession},
    {"POST /v1/people/{person}/passes/{pass}/revoke", kSystem, kSession},
    {"POST /v1/people/{person}/passes/revoke", kSystem, kSession},
};

}  // namespace

std::span<const Permission> AllPermissions() { return kPermissions; }

const Permission* PermissionFor(std::string_view method, std::string_view pattern) {
  const auto* found = std::ranges::find_if(kPermissions, [&](const Permission& one) {
    return one.route.size() == method.size() + 1 + pattern.size() && one.route.starts_with(method) &&
           one.route.ends_with(pattern);
  });
  return found == std::end(kPermissions) ? nullptr : found;
}

}  // namespace schakel
