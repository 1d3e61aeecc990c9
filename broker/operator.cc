// What the operator asks of the running hub.
#include <algorithm>
#include <utility>

#include "broker/hub_core.h"
#include "files.h"
#include "replaced_keys.h"

namespace schakel {
namespace {

using Level = HubObserver::Level;
constexpr std::size_t kListedMax = 1000;

// Without a ceiling an organisation of that sector could receive nothing: most likely a slip of the pen.
Status CheckSectorKnown(const Directory& directory, const Sector& sector) {
  if (!directory.ceilings()) {
    return Fail(Code::kNotFound, "enrol.sector", sector.value(),
                "there are no ceilings yet: put those of all sectors into force first (schakel-hub ceilings)");
  }
  std::string known;
  for (const CeilingStatement::Row& row : directory.ceilings()->rows) {
    if (row.sector == sector) return {};
    known += (known.empty() ? "" : ", ") + row.sector.value();
  }
  return Fail(Code::kNotFound, "enrol.sector", sector.value(), "the ceilings have no such sector; they have: " + known);
}

}  // namespace

void HubCore::TakeFromOperator(ConnectionId connection, ByteView message) {
  auto request = DecodeAdminRequest(message);
  if (!request) {
    NoteUnreadable(OrgId(), request.error());
    return transport_.Reply(connection, EncodeAdminReply(std::move(request).error()));
  }
  if (std::holds_alternative<AskHead>(*request)) return Queue({connection, 0, OrgId(), ReadTask::ShowHead{}, 0});
  if (frozen_ && !std::holds_alternative<AskStatus>(*request) && !std::holds_alternative<ListEnrolments>(*request)) {
    return transport_.Reply(connection, EncodeAdminReply(*frozen_));
  }
  auto reply = std::visit(
      [&]<typename Request>(const Request& what) -> Result<AdminReply> {
        if constexpr (std::is_same_v<Request, AskHead>) {
          return Fail(Code::kInternal, "admin.type");
        } else {
          return Do(what);
        }
      },
      *request);
  // Answered once the keys are changed, or not.
  if (reply && std::holds_alternative<ChangeMaster>(*request)) {
    staging_.group().master_key->asked_by = connection;
    return;
  }
  // What changed something is answered when it is durable; the others wait for nothing.
  const Bytes answer = reply ? EncodeAdminReply(*reply) : EncodeAdminReply(std::move(reply).error());
  if (staging_.group().empty() && !snapshot_wanted_) return transport_.Reply(connection, answer);
  staging_.group().replies.push_back({connection, answer});
}

Result<AdminReply> HubCore::Do(const CreateToken& request) {
  SCHAKEL_TRY(ParseSector(request.sector.value()));
  if (const auto* known = directory_->Find(request.organisation)) {
    if (known->statement.sector != request.sector) {
      return Fail(Code::kConflict, "registry.sector", "sector",
                  "an organisation never changes sector; enrol it under another id");
    }
  }
  SCHAKEL_TRY(CheckSectorKnown(*directory_, request.sector));
  if (directory_->FindByTransportKey(request.token)) return Fail(Code::kExists, "enrol.token", "token", "try again");
  Enrolment invitation;
  invitation.token = request.token;
  invitation.organisation = request.organisation;
  invitation.sector = request.sector;
  invitation.name = request.name;
  invitation.expires_at = clock_.Now() + request.valid;
  SCHAKEL_ASSIGN(const std::size_t replaced, enrolments_.Invite(std::move(invitation), staging_));
  rotations_.Drop(request.organisation, staging_);
  AdmitAll();
  observer_.Report(Level::kInfo, "enrol.invited", request.organisation, {});
  std::string done = "invited " + request.organisation.value();
  if (replaced > 0) done += "; the earlier invitation, which nobody had used, is withdrawn by this one";
  if (directory_->Find(request.organisation) != nullptr) {
    done +=
        "; it is enrolled already: this is for new keys, after its own were lost or stolen "
        "(there: schakel-agent enrol --new-keys), and `schakel-hub token --withdraw` takes it back";
  }
  return AdminReply(AdminDone{std::move(done)});
}

Result<AdminReply> HubCore::Do(const WithdrawToken& request) {
  SCHAKEL_TRY(enrolments_.Withdraw(request.organisation, staging_));
  AdmitAll();
  observer_.Report(Level::kInfo, "enrol.withdrawn", request.organisation, {});
  return AdminReply(AdminDone{"withdrew the invitation of " + request.organisation.value()});
}

Result<AdminReply> HubCore::Do(const ListEnrolments&) {
  EnrolmentList list;
  for (const auto& [organisation, asked] : rotations_.asked()) {
    if (list.rows.size() >= kListedMax) {
      list.more = true;
      break;
    }
    const OrgStatement& statement = directory_->Find(organisation)->statement;
    list.rows.push_back({organisation, statement.sector, statement.name, EnrolState::kPending,
                         Fingerprint(organisation, asked.keys), asked.at, true});
  }
  const auto& all = enrolments_.all();
  for (auto enrolment = all.rbegin(); enrolment != all.rend(); ++enrolment) {
    if (list.rows.size() >= kListedMax) {
      list.more = true;
      break;
    }
    const EnrolStatus status = enrolments_.StatusOf(enrolment->token, *directory_);
    list.rows.push_back({enrolment->organisation, enrolment->sector, enrolment->name, status.state, status.fingerprint,
                         enrolment->expires_at, false});
  }
  return AdminReply(std::move(list));
}

// Keys that an organisation of the directory asks to change to. With an invitation that the operator gave it goes
// before what it asked for by itself: that may have been whoever stole its keys.
const OrgKeys* HubCore::FindAskedKeys(const OrgId& organisation) const {
  const Directory::Organisation* known = directory_->Find(organisation);
  const Enrolment* enrolment = enrolments_.FindRequest(organisation);
  if (enrolment != nullptr && !directory_->FindRecordKey(organisation, IdOf(enrolment->keys->record))) {
    return &*enrolment->keys;
  }
  const Rotations::Asked* rotation = rotations_.FindAsked(organisation);
  const bool in_force =
      rotation == nullptr || known == nullptr || known->statement.keys.record == rotation->keys.record;
  return in_force ? nullptr : &rotation->keys;
}

Result<AdminReply> HubCore::Do(const ExportOrganisation& request) {
  const auto* known = directory_->Find(request.organisation);
  const Enrolment* asked = enrolments_.FindRequest(request.organisation);
  OrgStatement statement;
  if (known) {
    statement = known->statement;
    ++statement.serial;
  }
  if (request.status == OrgStatus::kActive && asked) {
    statement.organisation = asked->organisation;
    statement.name = asked->name;
    statement.sector = asked->sector;
    if (!known) statement.keys = *asked->keys;
  }
  if (request.status == OrgStatus::kActive && known) {
    if (const OrgKeys* keys = FindAskedKeys(request.organisation)) statement.keys = *keys;
  } else if (!known && (!asked || request.status != OrgStatus::kActive)) {
    return Fail(Code::kNotFound, "registry.organisation", "organisation",
                "it has not asked for enrolment: see schakel-hub enrolments");
  }
  statement.status = request.status;
  statement.issued_at = clock_.Now();
  return AdminReply(UnsignedStatement{EncodeStatement(statement)});
}

Result<AdminReply> HubCore::Do(const ExportCeilings& request) {
  CeilingStatement statement;
  statement.serial = directory_->ceilings() ? directory_->ceilings()->serial + 1 : 1;
  statement.rows = request.rows;
  statement.issued_at = clock_.Now();
  Bytes encoded = EncodeStatement(statement);
  SCHAKEL_TRY(DecodeStatement(encoded));  // A sector twice, a name that breaks the rule.
  return AdminReply(UnsignedStatement{std::move(encoded)});
}

// Its connections end, and it gets no new ones.
void HubCore::Suspend(const OrgId& organisation) {
  CloseWhere([&](const Identity& identity) {
    return identity.kind == Identity::Kind::kOrganisation && identity.organisation == organisation;
  });
}

namespace {

// What a statement is about, for people; an organisation's id for the log.
struct About {
  std::string what;
  OrgId organisation;
};
About AboutOf(const Statement& statement) {
  if (const auto* stated = std::get_if<OrgStatement>(&statement)) {
    return {stated->organisation.value(), stated->organisation};
  }
  if (const auto* hpke = std::get_if<HpkeStatement>(&statement)) {
    return {"the HPKE key of " + hpke->organisation.value(), hpke->organisation};
  }
  if (std::holds_alternative<RulesStatement>(statement)) return {"rules", {}};
  if (std::holds_alternative<RegistrarsStatement>(statement)) return {"registrars", {}};
  return {"ceilings", {}};
}

// As whom the transport is to know its key.
Identity IdentityOf(const OrgStatement& stated) {
  const bool active = stated.status == OrgStatus::kActive;
  return {active ? Identity::Kind::kOrganisation : Identity::Kind::kSuspended, stated.organisation,
          stated.keys.transport};
}

// Key ids are public, and what somebody who signed with the wrong file has to look for.
Error WithUnknownSigners(Error error, const SignedStatement& statement, const Registrars& signers) {
  if (error.rule != "registry.signatures") return error;
  std::string unknown;
  for (const RegistrarSignature& signature : statement.signatures) {
    const auto made_it = [&](const SigningPublicKey& key) { return IdOf(key) == signature.registrar; };
    if (std::ranges::any_of(signers.keys, made_it)) continue;
    unknown += (unknown.empty() ? "" : ", ") + ToText(signature.registrar);
  }
  error.next = "it needs the signatures of " + std::to_string(signers.threshold) + " of the " +
               std::to_string(signers.keys.size()) + " registrars, and has " +
               std::to_string(CountSigned(statement, signers));
  if (!unknown.empty()) error.next += "; no registrar here has the key " + unknown;
  return error;
}

}  // namespace

Result<AdminReply> HubCore::Do(const ApplyStatement& request) {
  SCHAKEL_ASSIGN(SignedStatement signed_statement, DecodeSignedStatement(request.signed_statement));
  auto directory = std::make_shared<Directory>(*directory_);
  const auto applied = directory->Apply(signed_statement);
  if (!applied) {
    return std::unexpected(WithUnknownSigners(applied.error(), signed_statement, directory_->signers()));
  }
  const Statement& statement = *applied;
  // Agents that know this kind would act on it, and this hub would not.
  if (std::holds_alternative<UnknownStatement>(statement)) {
    return Fail(Code::kVersion, "registry.kind", "statement.type", "update this hub, then apply it again");
  }
  const About about = AboutOf(statement);
  if (const auto* stated = std::get_if<OrgStatement>(&statement)) {
    if (const auto* before = directory_->Find(stated->organisation)) ReplaceKeys(before->statement, *stated);
    staging_.group().admissions.push_back(IdentityOf(*stated));
  }
  PutIntoForce(std::move(directory), signed_statement, about.organisation);
  return AdminReply(AdminDone{"applied the statement about " + about.what});
}

Result<AdminReply> HubCore::Do(const AskStatus&) {
  HubStatus status;
  status.software = options_.face.software;
  status.origin = options_.face.origin;
  status.endpoint = options_.face.endpoint;
  status.verifier = options_.face.verifier;
  status.transport = options_.face.transport;
  status.registrars = options_.registrars;
  status.signers = directory_->signers();
  if (const auto& statement = directory_->registrars_statement()) status.registrars_serial = statement->serial;
  status.head = log_.Head();
  status.now = clock_.Now();
  status.organisations = directory_->organisations().size();
  status.trajectories = policy_.trajectories().size();
  for (const auto& [connection, session] : sessions_) status.sessions += session.welcome ? 1 : 0;
  status.statements = directory_->statements().size();
  for (const Enrolment& enrolment : enrolments_.all()) {
    const bool open = !enrolment.withdrawn && !enrolment.keys && clock_.Now() < enrolment.expires_at;
    status.invitations_open += open ? 1 : 0;
  }
  status.read_only = frozen_;
  return AdminReply(std::move(status));
}

Result<AdminReply> HubCore::Do(const TakeSnapshot&) {
  WantSnapshot();
  return AdminReply(AdminDone{"wrote a snapshot"});
}

Result<AdminReply> HubCore::Do(const ChangeMaster& request) {
  constexpr std::size_t kPassphraseFileMax = 4096;
  if (request.key_file.empty() == request.passphrase_file.empty()) {
    return Fail(Code::kInvalid, "keys.master", "master",
                "name a file with the new key, or one with the new passphrase");
  }
  if (staging_.group().master_key) return Fail(Code::kConflict, "keys.master", "master", "it is being changed: wait");
  Group::NewMaster master{{}, MasterKeyFile{request.key_file}};
  if (!request.passphrase_file.empty()) {
    SCHAKEL_ASSIGN(const Bytes content, ReadWholeFile(request.passphrase_file, kPassphraseFileMax));
    // As at the start: see ReadMasterKey.
    std::string line(AsText(content));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    if (line.empty()) {
      return Fail(Code::kInvalid, "store.passphrase", request.passphrase_file, "put the passphrase on its first line");
    }
    master.source = MasterPassphrase{std::move(line)};
  }
  staging_.Add(clock_.Now(), OperatorEntry{"master-key-changed"}, TrajectoryId());
  staging_.group().master_key = std::move(master);
  return AdminReply(AdminDone{});
}

void HubCore::AnswerNewMaster(const Group::NewMaster& asked) {
  observer_.Report(asked.refused ? Level::kWarning : Level::kInfo, "keys.master", OrgId(),
                   asked.refused ? asked.refused->rule : "changed");
  AdminReply reply = AdminDone{"the log opens with the new master key alone"};
  if (asked.refused) reply = *asked.refused;
  transport_.Reply(asked.asked_by, EncodeAdminReply(reply));
}

// The transport's list of keys is what the directory and the invitations say now.
void HubCore::AdmitAll() {
  for (const ReplacedKey& one : ReplacedKeys(*directory_)) {
    transport_.Admit({Identity::Kind::kReplaced, one.organisation, one.key});
  }
  for (const auto& [organisation, known] : directory_->organisations()) {
    transport_.Admit(IdentityOf(known.statement));
  }
  const Timestamp now = clock_.Now();
  for (const auto& [id, overlap] : rotations_.overlaps()) {
    if (now < overlap.until) transport_.Admit({Identity::Kind::kOrganisation, id, overlap.old_key});
  }
  for (const Enrolment& enrolment : enrolments_.all()) {
    const bool used = enrolment.keys.has_value();
    if (enrolment.withdrawn || (!used && now >= enrolment.expires_at)) {
      transport_.Revoke(enrolment.token);
    } else {
      transport_.Admit({Identity::Kind::kToken, enrolment.organisation, enrolment.token});
    }
  }
}

}  // namespace schakel
