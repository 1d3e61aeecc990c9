#include "agents/knowledge.h"

#include <algorithm>

#include "aftercare_consent.h"
#include "protocol/auditors_look.h"
#include "protocol/places.h"

namespace schakel {
namespace {

// A statement of who may know whom goes to the one that learns of the other, so whether `other` may know of us never
// reaches us. Where we know of `other`, we take it that the lead showed both ways.
PolicyState ShownBothWays(PolicyState state, const TrajectoryId& id, const OrgId& self, const OrgId& other) {
  const Trajectory* trajectory = state.Find(id);
  if (!trajectory || self == other || trajectory->lead == self || trajectory->lead == other) return state;
  if (!trajectory->MayKnow(self, other)) return state;
  Header show;
  show.kind = Kind::kMemberShow;
  show.author = trajectory->lead;
  show.trajectory = id;
  show.control = MemberShow{self, other};
  state.Apply(show);
  return state;
}

// Whether the consent on which a contact for after the help rests was taken back: another one that covers as much is
// none of this contact.
bool LostItsConsent(const Trajectory* trajectory, const Header& header) {
  const RecordId consent = OwnConsentOf(header);
  const Grant* grant = trajectory == nullptr || IsNone(consent) ? nullptr : trajectory->FindGrant(consent);
  if (grant == nullptr) return false;
  return grant->withdrawn || !grant->purposes.Has(header.purpose) || !grant->categories.Covers(header.categories);
}

bool IsByDirectory(Denial denial) {
  return denial == Denial::kNotEnrolled || denial == Denial::kSuspended || denial == Denial::kSectorCeiling ||
         denial == Denial::kCourtWall;
}

// What the rules of the region have a part in, too.
bool MayChangeWithRules(const Directory& directory, Denial denial) {
  const bool by_rules = denial == Denial::kGrantor || denial == Denial::kPeriod;
  return IsByDirectory(denial) || (directory.rules_statement() && by_rules);
}

// Ceilings and standing change over time, and the directory does not tell when in the log: it is enough that one of
// its versions allowed the delivery.
bool AllowedByEarlierDirectory(const Directory& directory, const PolicyState& state, const Header& header,
                               const OrgId& self, Timestamp at) {
  Directory earlier(directory.registrars());
  for (const SignedStatement& statement : directory.statements()) {
    if (!earlier.Apply(statement)) return false;
    if (std::holds_alternative<Permit>(Decide(state, earlier, header, self, at))) return true;
  }
  return false;
}

bool OnlyTheLeadSays(const Header& header) {
  switch (header.kind) {
    case Kind::kMemberInvite:
    case Kind::kMemberRemove:
    case Kind::kMemberShow:
    case Kind::kSubjectStage:
    case Kind::kCaseFrame:
    case Kind::kTrajectoryClose:
    case Kind::kErasePropose:
    case Kind::kEraseConfirm:
    case Kind::kLeadOffer:
    case Kind::kLeadWithdraw:
      return true;
    case Kind::kGrantGive:
      return std::get<GrantGive>(header.control).basis != Basis::kEmergency;
    default:
      return false;
  }
}

// Whether an emergency covers it but for another one that was not reviewed in time: that takes back nothing of what had
// come by then.
bool CoveredUnreviewed(const PolicyState& state, RegionRules rules, const Header& header, const OrgId& self,
                       Timestamp at) {
  constexpr std::uint64_t kNeverDue = std::uint64_t{100} * 366 * 24;
  rules.emergency_review_hours = kNeverDue;
  const Trajectory* trajectory = state.Find(header.trajectory);
  return trajectory &&
         std::holds_alternative<Permit>(schakel::Compose(*trajectory, rules, CourtWall::kNone, header, self, at));
}

bool IsEmergency(const Header& header) {
  const auto* give = std::get_if<GrantGive>(&header.control);
  return give && give->basis == Basis::kEmergency;
}

// Found unjustified, its reason is no longer for whom it was told to. The lead answers for what was found, and keeps
// it.
bool IsUndoneEmergency(const Trajectory& trajectory, const Header& header, const OrgId& self) {
  if (!IsEmergency(header) || trajectory.lead == self) return false;
  const Grant* grant = trajectory.FindGrant(header.id);
  return grant && grant->review == ReviewOutcome::kUnjustified;
}

std::vector<OrgId> MembersOf(const Trajectory& trajectory) {
  std::vector<OrgId> members;
  for (const auto& [organisation, member] : trajectory.members) {
    if (member.status == MemberStatus::kJoined) members.push_back(organisation);
  }
  return members;
}

// All who take part, invited or joined.
std::vector<OrgId> TableOf(const Trajectory& trajectory) {
  std::vector<OrgId> table = {trajectory.lead};
  for (const auto& [organisation, member] : trajectory.members) {
    if (member.status != MemberStatus::kLeft) table.push_back(organisation);
  }
  return table;
}

// The lead and the others on it, as far as the statement goes to them.
std::vector<OrgId> AddressedIn(const Trajectory& trajectory, const Header& header) {
  std::vector<OrgId> addressed;
  if (IsAddressed(trajectory, header, trajectory.lead)) addressed.push_back(trajectory.lead);
  for (const auto& [organisation, member] : trajectory.members) {
    if (IsAddressed(trajectory, header, organisation)) addressed.push_back(organisation);
  }
  return addressed;
}

// Whom the recipient may be told to: a member that does not lead knows of nobody else's introductions, so it names all
// that it knows of, and the hub leaves out who may not hear it.
std::vector<OrgId> ToldOfEmergency(const Trajectory& trajectory, const Header& header, const OrgId& recipient) {
  if (header.author == trajectory.lead) return AddressedIn(trajectory, header);
  std::vector<OrgId> told = {trajectory.lead, recipient};
  for (const OrgId& member : MembersOf(trajectory)) {
    if (trajectory.MayKnow(header.author, member)) told.push_back(member);
  }
  std::ranges::sort(told);
  const auto twice = std::ranges::unique(told);
  told.erase(twice.begin(), twice.end());
  return told;
}

// Who leads, and who may by the time the hub has it.
std::vector<OrgId> LeadOrNext(const Trajectory& trajectory) {
  if (!trajectory.offer) return {trajectory.lead};
  return {trajectory.lead, trajectory.offer->to};
}

// Besides the lead, whom the one who leaves knows of; the hub leaves out who may not know of it.
std::vector<OrgId> ToldOfLeaving(const Trajectory& trajectory, const Header& header) {
  std::vector<OrgId> told = LeadOrNext(trajectory);
  for (const OrgId& member : MembersOf(trajectory)) {
    const bool there = member == header.author || std::ranges::find(told, member) != told.end();
    if (!there && trajectory.MayKnow(header.author, member)) told.push_back(member);
  }
  return told;
}

std::vector<OrgId> ConcernedIn(const Trajectory& trajectory, const Header& header) {
  if (IsEmergency(header)) {
    return ToldOfEmergency(trajectory, header, std::get<GrantGive>(header.control).recipient);
  }
  if (const auto* review = std::get_if<EmergencyReview>(&header.control)) {
    const Grant* grant = trajectory.FindGrant(review->grant);
    if (grant) return ToldOfEmergency(trajectory, header, grant->terms.recipient);
  }
  if (const auto* invite = std::get_if<MemberInvite>(&header.control)) return {invite->organisation};
  if (std::holds_alternative<MemberRemove>(header.control)) return AddressedIn(trajectory, header);
  if (const auto* show = std::get_if<MemberShow>(&header.control)) return {show->to};
  if (const auto* give = std::get_if<GrantGive>(&header.control)) return {give->recipient};
  if (const auto* receipt = std::get_if<GrantReceipt>(&header.control)) {
    const GrantTakenBack* taken = trajectory.FindTakenBack(receipt->grant, receipt->change);
    std::vector<OrgId> concerned = LeadOrNext(trajectory);
    if (taken && std::ranges::find(concerned, taken->author) == concerned.end()) concerned.push_back(taken->author);
    return concerned;
  }
  switch (header.kind) {
    case Kind::kGrantNarrow:
    case Kind::kGrantWithdraw:
    case Kind::kEmergencyReview:
    case Kind::kSubjectStage:
    case Kind::kCaseFrame:
      return AddressedIn(trajectory, header);
    case Kind::kLeadOffer:
    case Kind::kLeadAccept:
    case Kind::kLeadRefuse:
    case Kind::kLeadWithdraw:
      return TableOf(trajectory);
    default:
      break;
  }
  if (header.kind == Kind::kMemberJoin) return LeadOrNext(trajectory);
  if (header.kind == Kind::kMemberLeave) return ToldOfLeaving(trajectory, header);
  if (header.kind == Kind::kTrajectoryClose || header.kind == Kind::kErasePropose) return MembersOf(trajectory);
  if (header.kind == Kind::kEraseSecond || header.kind == Kind::kEraseReceipt) return LeadOrNext(trajectory);
  if (header.kind == Kind::kEraseConfirm) return AddressedIn(trajectory, header);
  return {};
}

// Whether who said it may say so, as far as anybody can see who was at the table: the lead offered, and who answers is
// whom it was offered to.
Status CheckOfLead(const Trajectory& trajectory, const Header& header, const OrgId& self, Timestamp at) {
  const auto answers = [&](const RecordId& offer) {
    if (trajectory.IsOfferedTo(header.author, offer, at)) return Status();
    // Our own offer may be lost with a vault that was put back; and who had left was told of none.
    const bool unheard = !trajectory.offer && (trajectory.lead == self || !trajectory.TakesPart(self));
    if (unheard) return Status();
    return Status(Fail(Code::kDenied, "lead.offer", "offer"));
  };
  if (const auto* accept = std::get_if<LeadAccept>(&header.control)) return answers(accept->offer);
  if (const auto* refuse = std::get_if<LeadRefuse>(&header.control)) return answers(refuse->offer);
  if (const auto* passed = std::get_if<LeadPassed>(&header.control)) {
    const FormerLead* former = trajectory.FindFormer(passed->accept);
    const bool led = former ? former->organisation == header.author && trajectory.SuccessorOf(*former) == passed->lead
                            : header.author == trajectory.lead;
    if (!led) return Fail(Code::kDenied, "lead.accept", "accept");
  }
  return {};
}

// Whoever left and is invited again may have missed that the lead passed; it is theirs to accept.
bool InvitesBack(const Trajectory& trajectory, const Header& header, const OrgId& self) {
  const auto* invite = std::get_if<MemberInvite>(&header.control);
  return invite && invite->organisation == self && !trajectory.TakesPart(self);
}

Status CheckAuthor(const Trajectory& trajectory, const Header& header, const OrgId& self, Timestamp at) {
  if (OnlyTheLeadSays(header) && header.author != trajectory.lead && !InvitesBack(trajectory, header, self)) {
    return Fail(Code::kDenied, "admit.lead", "author");
  }
  return CheckOfLead(trajectory, header, self, at);
}

// The youth court never holds the lead, so an invitation of its own comes from nowhere, unless it led before that was
// so.
bool InvitesFromBehindTheWall(const Directory& directory, const Trajectory* trajectory, const Header& header) {
  if (header.kind != Kind::kMemberInvite || (trajectory && trajectory->lead == header.author)) return false;
  const auto* author = directory.Find(header.author);
  const auto* ceiling = author ? directory.FindCeiling(author->statement.sector) : nullptr;
  return ceiling && ceiling->court_wall;
}

// What the hub took of places, we judge too. Of what was said before, our own may be lost with a vault that was put
// back, and be on its way here again: an offer, a hold, and the refusal that made a place free.
Status CheckOfPlace(const PolicyState& state, const Directory& directory, const Header& header, Timestamp at) {
  Status admitted = Admit(state, directory, header, at);
  if (admitted) return admitted;
  for (const char* rule : {"admit.suspended", "place.offer", "place.hold", "place.taken", "place.waiting"}) {
    if (admitted.error().rule == rule) return {};
  }
  return admitted;
}

// So may they be of who comes to a place: our offer, the hold, or our yes.
bool MayLackHold(const PolicyState& state, const Header& header) {
  const PlacePool* pool = state.FindPlaces(header.thread);
  const HeldPlace* hold = pool && !header.references.empty() ? pool->FindHold(header.references.front()) : nullptr;
  return !hold || (hold->holder == header.author && !hold->agreed);
}

// Who took part is no longer known once it was erased: a receipt that names that erasure is one.
bool AnswersErasure(const Trajectory* trajectory, const Header& header) {
  const auto* receipt = std::get_if<EraseReceipt>(&header.control);
  return receipt && trajectory && trajectory->erased() && trajectory->erased_by == receipt->confirm;
}

}  // namespace

Result<Statement> Knowledge::AddStatement(const SignedStatement& statement) {
  std::lock_guard lock(mutex_);
  return directory_.Apply(statement);
}
std::size_t Knowledge::StatementCount() const {
  std::lock_guard lock(mutex_);
  return directory_.statements().size();
}
std::vector<SignedStatement> Knowledge::Statements() const {
  std::lock_guard lock(mutex_);
  return directory_.statements();
}
std::vector<Directory::Organisation> Knowledge::Organisations() const {
  std::lock_guard lock(mutex_);
  std::vector<Directory::Organisation> all;
  for (const auto& [id, organisation] : directory_.organisations()) all.push_back(organisation);
  return all;
}
std::optional<Directory::Organisation> Knowledge::FindOrganisation(const OrgId& organisation) const {
  std::lock_guard lock(mutex_);
  const auto* found = directory_.Find(organisation);
  return found ? std::optional(*found) : std::nullopt;
}
std::optional<SigningPublicKey> Knowledge::FindRecordKey(const OrgId& organisation, const KeyId& key) const {
  std::lock_guard lock(mutex_);
  const auto* found = directory_.FindRecordKey(organisation, key);
  return found ? std::optional(*found) : std::nullopt;
}
RegionRules Knowledge::Rules() const {
  std::lock_guard lock(mutex_);
  return directory_.rules();
}
std::size_t Knowledge::UnknownStatements() const {
  std::lock_guard lock(mutex_);
  return directory_.unknown_statements();
}
std::optional<CeilingStatement> Knowledge::Ceilings() const {
  std::lock_guard lock(mutex_);
  return directory_.ceilings();
}

void Knowledge::AddWaiting(const Header& header, std::uint64_t number) {
  std::lock_guard lock(mutex_);
  book_.AddWaiting(header, number);
}
void Knowledge::AddKnown(const Header& header, std::uint64_t number, Sequence sequence) {
  std::lock_guard lock(mutex_);
  book_.AddKnown(header, number, sequence);
}
void Knowledge::Accept(const Header& header, Sequence sequence) {
  std::lock_guard lock(mutex_);
  book_.Accept(header, sequence);
}
void Knowledge::Drop(const Header& header) {
  std::lock_guard lock(mutex_);
  book_.Drop(header);
}

void Knowledge::AddTold(const TrajectoryId& trajectory, std::vector<PolicyBook::Told> told) {
  std::lock_guard lock(mutex_);
  book_.AddTold(trajectory, std::move(told));
}
std::vector<Header> Knowledge::ToldOf(const TrajectoryId& trajectory) const {
  std::lock_guard lock(mutex_);
  return book_.ToldOf(trajectory);
}
std::vector<PolicyBook::Told> Knowledge::ToldBefore(const TrajectoryId& trajectory, const RecordId& statement) const {
  std::lock_guard lock(mutex_);
  return book_.ToldBefore(trajectory, book_.SequenceOf(trajectory, statement));
}

void Knowledge::Erase(const TrajectoryId& trajectory) {
  std::lock_guard lock(mutex_);
  book_.Erase(trajectory);
}

PolicyState Knowledge::Policy() const {
  std::lock_guard lock(mutex_);
  return book_.All();
}
std::optional<Trajectory> Knowledge::FindTrajectory(const TrajectoryId& id) const {
  std::lock_guard lock(mutex_);
  const Trajectory* found = book_.StateOf(id).Find(id);
  return found ? std::optional(*found) : std::nullopt;
}
bool Knowledge::IsErased(const TrajectoryId& id) const {
  std::lock_guard lock(mutex_);
  const Trajectory* found = book_.StateOf(id).Find(id);
  return found != nullptr && found->erased();
}

Status Knowledge::MaySay(const Header& header, Timestamp now) const {
  std::lock_guard lock(mutex_);
  const Trajectory* known = book_.StateOf(header.trajectory).Find(header.trajectory);
  if (AnswersErasure(known, header)) return {};
  if (known && known->erased() && IsLookOfAuditors(header)) return {};
  // Whatever it was to us: the policy would no longer know that we took part.
  if (known && known->erased() && header.kind != Kind::kTrajectoryOpen) {
    return Fail(Code::kDenied, "admit.erased", "trajectory",
                "the trajectory was erased: nothing can be said on it any more");
  }
  // Whether a review is overdue depends on all trajectories.
  if (IsEmergency(header)) return Admit(book_.All(), directory_, header, now);
  return Admit(book_.StateOf(header.trajectory), directory_, header, now);
}
Decision Knowledge::Foresee(const Header& header, const OrgId& recipient, Timestamp now) const {
  if (auto denial = SureDenial(header, recipient, now)) return *denial;
  std::lock_guard lock(mutex_);
  Decision decision = Decide(book_.StateOf(header.trajectory), directory_, header, recipient, now);
  // Grants of others are not ours to know: what is not denied for sure, the hub decides.
  return std::holds_alternative<Permit>(decision) ? decision : Decision(Permit{});
}

std::optional<Denial> Knowledge::SureDenial(const Header& header, const OrgId& recipient, Timestamp now) const {
  std::lock_guard lock(mutex_);
  const PolicyState& state = book_.StateOf(header.trajectory);
  const Trajectory* trajectory = state.Find(header.trajectory);
  const bool knows_all = !trajectory || trajectory->LeadsWhole(self_) || !IsContent(header.kind);
  Decision decision =
      knows_all ? Decide(state, directory_, header, recipient, now)
                : Decide(ShownBothWays(state, header.trajectory, self_, recipient), directory_, header, recipient, now);
  const auto* denial = std::get_if<Denial>(&decision);
  if (denial && *denial == Denial::kNotAddressed && trajectory) {
    // Who knows whom, the hub knows; and whether whom the lead was offered to leads by then.
    const bool for_who_knows =
        IsEmergency(header) || header.kind == Kind::kEmergencyReview || header.kind == Kind::kMemberLeave;
    if (trajectory->lead != self_ && for_who_knows) return std::nullopt;
    if (trajectory->offer && trajectory->offer->to == recipient) return std::nullopt;
  }
  if (!denial || knows_all) return denial ? std::optional(*denial) : std::nullopt;
  switch (*denial) {
    case Denial::kNotEnrolled:
    case Denial::kSuspended:
    case Denial::kNotMember:
    case Denial::kSectorCeiling:
      return *denial;
    case Denial::kCourtWall:
      // Behind the wall the consents decide, and those we may not know of.
      return header.purpose == Purpose::kCourtReport ? std::nullopt : std::optional(*denial);
    default:
      return std::nullopt;
  }
}

std::vector<OrgId> Knowledge::Concerned(const Header& header) const {
  std::lock_guard lock(mutex_);
  if (IsOfPlace(header.kind)) {
    const auto addressee = AddresseeOfPlace(book_.StateOf(header.trajectory), header);
    return addressee && *addressee != self_ ? std::vector{*addressee} : std::vector<OrgId>();
  }
  const Trajectory* trajectory = book_.StateOf(header.trajectory).Find(header.trajectory);
  if (!trajectory) return {};
  std::vector<OrgId> concerned = ConcernedIn(*trajectory, header);
  std::erase(concerned, self_);
  return concerned;
}

bool Knowledge::GivesWords(const Header& header, const OrgId& recipient, Timestamp now) const {
  if (IsContent(header.kind)) return true;
  std::lock_guard lock(mutex_);
  return MayReadWords(book_.StateOf(header.trajectory), directory_, header, recipient, now);
}

bool Knowledge::MayHoldWords(const Header& header) const {
  if (IsContent(header.kind)) return true;
  std::lock_guard lock(mutex_);
  return !AreWordsBarred(book_.StateOf(header.trajectory), directory_, header, self_);
}

std::optional<Denial> Knowledge::WhyNotOurs(const Header& header, Sequence delivery, Timestamp delivered) const {
  std::lock_guard lock(mutex_);
  std::optional<Denial> reason;
  for (PolicyState& known : book_.StatesBefore(header.trajectory, delivery)) {
    PolicyState state = ShownBothWays(std::move(known), header.trajectory, self_, header.author);
    if (const auto* review = std::get_if<EmergencyReview>(&header.control)) {
      const Trajectory* trajectory = state.Find(header.trajectory);
      const Grant* grant = trajectory ? trajectory->FindGrant(review->grant) : nullptr;
      if (trajectory && !grant) return {};  // Given before we were here: whom it was told is not ours to know.
      if (grant) state = ShownBothWays(PolicyState(state), header.trajectory, self_, OrgId(grant->author));
    }
    state.Apply(header);  // A statement concerns whom it names; content changes nothing.
    Decision decision = Decide(state, directory_, header, self_, delivered);
    const auto* denial = std::get_if<Denial>(&decision);
    if (!denial) return {};
    if (header.kind == Kind::kPlaceEnrolment && MayLackHold(state, header)) return {};
    if (MayChangeWithRules(directory_, *denial) &&
        AllowedByEarlierDirectory(directory_, state, header, self_, delivered))
      return {};
    reason = *denial;
  }
  return reason;
}

Status Knowledge::CheckStatement(const Header& header, Sequence sequence, Timestamp at) const {
  if (IsContent(header.kind)) return {};
  std::lock_guard lock(mutex_);
  Status admitted;
  for (const PolicyState& state : book_.StatesBefore(header.trajectory, sequence)) {
    if (IsOfPlace(header.kind)) {
      admitted = CheckOfPlace(state, directory_, header, at);
      if (admitted) return {};
      continue;
    }
    const Trajectory* trajectory = state.Find(header.trajectory);
    if (InvitesFromBehindTheWall(directory_, trajectory, header)) return Fail(Code::kDenied, "lead.court", "author");
    if (!trajectory) return {};  // The first we hear of it: its author leads.
    admitted = CheckAuthor(*trajectory, header, self_, at);
    if (!admitted) continue;  // Of our own that waits, the hub may have had what makes it right.
    // What the log had before the lead passed to us, we know by hearsay.
    const bool saw_all = trajectory->lead == self_ && trajectory->former.empty();
    if (!saw_all || AnswersErasure(trajectory, header)) return {};
    admitted = Admit(state, directory_, header, at);
    // Whose standing changed since was in good standing then, for all we know.
    if (admitted || admitted.error().rule == "admit.suspended") return {};
    // What took the grant back may be our own word, lost with a vault that was put back and on its way here again.
    if (admitted.error().rule == "grant.not_taken_back") return {};
    // So may our own offer of the lead; and who is suspended now may not have been then.
    if (admitted.error().rule == "lead.offer" && !trajectory->offer) return {};
    if (admitted.error().rule == "lead.suspended") return {};
    // So were the rules of the region, before they changed.
    if (directory_.rules_statement() && admitted.error().rule == "grant.emergency") return {};
  }
  return admitted;
}

std::vector<GrantTakenBack> Knowledge::TakenFromUs(const TrajectoryId& id) const {
  std::lock_guard lock(mutex_);
  const Trajectory* trajectory = book_.StateOf(id).Find(id);
  std::vector<GrantTakenBack> taken;
  if (!trajectory) return taken;
  for (const GrantTakenBack& one : trajectory->taken_back) {
    const Grant* grant = trajectory->FindGrant(one.grant);
    const bool ours = grant && grant->terms.recipient == self_;
    if (ours && !book_.Waits(id, one.change)) taken.push_back(one);
  }
  return taken;
}

bool Knowledge::StillCovered(const Header& header, Sequence sequence, Timestamp delivered) const {
  if (IsNone(header.trajectory)) return true;
  std::lock_guard lock(mutex_);
  if (!IsContent(header.kind)) {
    const Trajectory* trajectory = book_.StateOf(header.trajectory).Find(header.trajectory);
    return !trajectory || !IsUndoneEmergency(*trajectory, header, self_);
  }
  if (LostItsConsent(book_.StateOf(header.trajectory).Find(header.trajectory), header)) return false;
  // Judged as of the delivery, by the grants as they are now: a period that merely ended takes nothing back, nor does a
  // consent that lapsed because the young person grew older, or rules that changed.
  const auto covered = [&](PolicyState known) {
    const PolicyState state = ShownBothWays(std::move(known), header.trajectory, self_, header.author);
    Decision decision = Decide(state, directory_, header, self_, delivered);
    const auto* denial = std::get_if<Denial>(&decision);
    if (!denial || *denial == Denial::kNotEnrolled || *denial == Denial::kSuspended ||
        *denial == Denial::kSectorCeiling) {
      return true;
    }
    if (*denial == Denial::kPeriod && CoveredUnreviewed(state, directory_.rules(), header, self_, delivered)) {
      return true;
    }
    return directory_.rules_statement() && (*denial == Denial::kGrantor || *denial == Denial::kCourtWall) &&
           AllowedByEarlierDirectory(directory_, state, header, self_, delivered);
  };
  return covered(book_.StateOf(header.trajectory)) || covered(book_.StateAtEarlierStage(header.trajectory, sequence));
}

}  // namespace schakel
