// Random stories on two trajectories: small numbers that become statements, with a bias towards what makes sense, so
// that most are admitted and the rest try what should not be.
#pragma once

#include <array>
#include <iterator>
#include <ostream>
#include <set>
#include <utility>
#include <vector>

#include "protocol/policy.h"
#include "support/builders.h"

namespace schakel::test {

struct Step {
  std::uint8_t what = 0;
  std::uint8_t author = 0;
  std::uint8_t subject = 0;
  std::uint8_t other = 0;
  std::uint8_t pick = 0;  // Which earlier grant or invitation.
  std::uint8_t bits = 0;
  std::uint8_t hours = 0;

  friend std::ostream& operator<<(std::ostream& out, const Step& s) {
    return out << '{' << int{s.what} << ',' << int{s.author} << ',' << int{s.subject} << ',' << int{s.other} << ','
               << int{s.pick} << ',' << int{s.bits} << ',' << int{s.hours} << '}';
  }
};

inline const std::array<OrgId, 6>& Players() {
  static const std::array<OrgId, 6> players{kYouthCare, kPsychiatry, kSchool, kPolice, kWelfare, kCourt};
  return players;
}

inline PurposeSet SomePurposes(std::uint8_t bits) {
  constexpr Purpose kChoice[] = {Purpose::kCareCoordination, Purpose::kCourtReport, Purpose::kSafety};
  PurposeSet set{kChoice[bits % 3]};
  if ((bits & 4) != 0) set.Add(Purpose::kCareCoordination);
  if ((bits & 8) != 0) set.Add(Purpose::kCourtReport);
  return set;
}
inline CategorySet SomeCategories(std::uint8_t bits) {
  constexpr Category kChoice[] = {Category::kAgreements, Category::kGoals, Category::kSafety, Category::kHealth};
  CategorySet set;
  for (unsigned i = 0; i < 4; ++i) {
    if ((bits >> i & 1) != 0) set.Add(kChoice[i]);
  }
  if (set.empty()) set = {Category::kAgreements, Category::kGoals, Category::kSafety};
  return set;
}

class PolicyScript {
 public:
  // kYouthCare has opened kOurs; kOther is still to be opened.
  explicit PolicyScript(const Directory& directory)
      : directory_(directory), history_{Says(kYouthCare, TrajectoryOpen{}, 0xfff)} {
    state_.Apply(history_.front());
  }

  // What `step` would say now.
  Header Draft(const Step& step) const {
    const TrajectoryId trajectory = step.other % 5 == 0 ? kOther : kOurs;
    const OrgId lead = LeadOf(trajectory);
    const OrgId author = step.author % 4 == 0 ? Player(step.author / 4) : lead;
    const OrgId& subject = Player(step.subject);
    const std::uint64_t number = 0x1000 + drafted_;
    // An offer waits for its answer: most stories would end before one comes by itself.
    const Trajectory* known = state_.Find(trajectory);
    if (known && known->offer && step.bits % 3 == 0) return SomeHandover(step, author, number, trajectory);
    switch (step.what % 16) {
      case 0:
        if (step.bits % 4 == 0) return Says(author, TrajectoryOpen{SomeStage(step.pick)}, number, trajectory);
        if (step.bits % 4 == 1) {
          SubjectStage said{SomeStage(step.pick), std::nullopt};
          if (step.hours % 3 == 0) said.receiver = subject;
          return Says(author, said, number, trajectory);
        }
        if (step.bits % 4 == 2) return Says(author, SomeFrame(step, subject), number, trajectory);
        return Says(step.hours % 2 == 0 ? author : lead, SomeReview(step), number, trajectory);
      case 1:
        if (step.bits % 16 == 5) return SomeErasure(step, author, number, trajectory);
        if (step.bits % 16 >= 8) return SomeHandover(step, author, number, trajectory);
        return step.bits % 64 == 0
                   ? Says(author, TrajectoryClose{now_ + 3650 * kDay + step.hours * kHour}, number, trajectory)
                   : Says(author, MemberInvite{subject, now_ + step.hours * kHour, StageOf(trajectory)}, number,
                          trajectory);
      case 2:
        if (step.pick % 2 == 1 && known && known->members.size() == 1 &&
            known->IsMember(known->members.begin()->first)) {
          return SomeHandover(step, author, number, trajectory);
        }
        [[fallthrough]];
      case 3:
        return Says(author, MemberInvite{subject, now_ + (2 + step.hours) * kHour, StageOf(trajectory)}, number,
                    trajectory);
      case 4:
      case 5:
      case 6: {
        const Header* invite = Earlier(Kind::kMemberInvite, step.pick);
        if (!invite) return Says(subject, MemberJoin{RecordNo(0x77)}, number, trajectory);
        const OrgId& invited = std::get<MemberInvite>(invite->control).organisation;
        return Says(step.bits % 8 == 0 ? subject : invited, MemberJoin{invite->id}, number, invite->trajectory);
      }
      case 7:
        if (step.bits % 4 != 0) return Says(author, MemberShow{subject, Player(step.other)}, number, trajectory);
        return step.bits % 8 == 0 ? Says(subject, MemberLeave{}, number, trajectory)
                                  : Says(author, MemberRemove{subject}, number, trajectory);
      case 8:
      case 9:
      case 10:
        return Says(author, MemberShow{subject, Player(step.other)}, number, trajectory);
      case 11:
      case 12:
      case 13:
        if (step.hours % 4 == 3) return GiveSome(step, Player(step.other), subject, number, trajectory);
        return GiveSome(step, author, subject, number, trajectory);
      case 14: {
        const Header* grant = Earlier(Kind::kGrantGive, step.pick);
        const GrantNarrow narrow{grant ? grant->id : RecordNo(0x77), SomePurposes(step.bits),
                                 SomeCategories(static_cast<std::uint8_t>(step.bits >> 2)), now_ + step.hours * kHour};
        return Says(author, narrow, number, grant ? grant->trajectory : trajectory);
      }
      default: {
        if (step.hours % 4 == 3) return SomeReceipt(step, number, trajectory);
        const Header* grant = Earlier(Kind::kGrantGive, step.pick);
        return Says(author, GrantWithdraw{grant ? grant->id : RecordNo(0x77)}, number,
                    grant ? grant->trajectory : trajectory);
      }
    }
  }
  // Content that `step` would say now.
  Header DraftContent(const Step& step) const {
    Header header = NoteBy(Player(step.author), step.other % 5 == 0 ? kOther : kOurs, 0x9000);
    constexpr Purpose kChoice[] = {Purpose::kCareCoordination, Purpose::kCourtReport, Purpose::kSafety};
    header.purpose = kChoice[step.what % 3];
    header.categories = SomeCategories(step.bits);
    if (step.pick % 16 == 0) {
      header.kind = Kind::kQuestion;
      header.trajectory = {};
    }
    return header;
  }

  // What the lead would say to the recipient of an earlier grant, within it or just outside.
  std::pair<Header, OrgId> DraftGranted(const Step& step) const {
    const Header* given = Earlier(Kind::kGrantGive, step.pick);
    Header header = DraftContent(step);
    header.kind = Kind::kNote;
    header.author = given ? given->author : kYouthCare;
    header.trajectory = given ? given->trajectory : kOurs;
    if (!given) return {header, Player(step.subject)};
    const auto& terms = std::get<GrantGive>(given->control);
    header.categories = CategorySet(terms.categories.bits() & SomeCategories(step.bits).bits());
    if (step.what % 4 != 0 && terms.purposes.Has(Purpose::kCareCoordination)) {
      header.purpose = Purpose::kCareCoordination;
    }
    return {header, terms.recipient};
  }

  // Says it, if it may be said. Time passes either way.
  bool Play(const Step& step) {
    const Header header = Draft(step);
    ++drafted_;
    const bool admitted = Admit(state_, directory_, header, now_).has_value();
    if (admitted) {
      state_.Apply(header);
      history_.push_back(header);
    }
    if (step.hours % 4 == 0) now_ += kHour;
    return admitted;
  }

  const OrgId& Player(std::size_t number) const { return Players()[number % Players().size()]; }
  const PolicyState& state() const { return state_; }
  const std::vector<Header>& history() const { return history_; }
  const Directory& directory() const { return directory_; }
  Timestamp now() const { return now_; }

 private:
  const Header* Earlier(Kind kind, std::size_t pick) const {
    std::vector<const Header*> found;
    for (const Header& header : history_) {
      if (header.kind == kind) found.push_back(&header);
    }
    // The newest is the most likely to matter still.
    return found.empty() ? nullptr : found[found.size() - 1 - (pick % 8) % found.size()];
  }
  // To the court mostly for the one record that all content of a story is.
  Header GiveSome(const Step& step, const OrgId& author, const OrgId& recipient, std::uint64_t number,
                  const TrajectoryId& trajectory) const {
    Header header = Says(author, SomeGrant(step, recipient), number, trajectory);
    if (recipient == kCourt && step.pick % 8 != 7) header.references = {RecordNo(step.bits % 8 == 7 ? 0x9001 : 0x9000)};
    return header;
  }
  GrantGive SomeGrant(const Step& step, const OrgId& recipient) const {
    GrantGive grant = GrantTo(recipient);
    grant.purposes = SomePurposes(step.bits);
    grant.categories = SomeCategories(static_cast<std::uint8_t>(step.bits >> 2));
    grant.begins_at = now_ + (step.pick % 4) * kHour - kHour;
    grant.ends_at = grant.begins_at + (1 + step.hours * 3) * kHour;
    grant.grantor = static_cast<Grantor>(1 + step.pick % 6);
    if (grant.grantor == Grantor::kCourt) {
      grant.basis = Basis::kCourtMandate;
      if (step.bits % 2 == 0) grant.categories = {Category::kIdentity};
    }
    if (grant.grantor != Grantor::kProfessional) {
      if (recipient == kCourt && step.hours % 4 != 0) grant.purposes = {Purpose::kCourtReport};
      return grant;
    }
    constexpr Basis kChoice[] = {Basis::kSharedSecrecy, Basis::kCaseConsultation, Basis::kEmergency};
    grant.basis = kChoice[step.hours % 3];
    if (grant.basis == Basis::kSharedSecrecy) {
      grant.secrecy = SharedSecrecy{static_cast<Sought>(1 + step.bits % 3), step.bits % 16 != 0, true};
    }
    const Header* frame = Earlier(Kind::kCaseFrame, step.other);
    if (grant.basis == Basis::kCaseConsultation && frame) grant.frame = frame->id;
    return grant;
  }
  static Stage SomeStage(std::uint8_t pick) { return static_cast<Stage>(1 + pick % 3); }
  Stage StageOf(const TrajectoryId& id) const {
    const Trajectory* found = state_.Find(id);
    return found ? found->stage() : Stage::kCapable;
  }
  CaseFrame SomeFrame(const Step& step, const OrgId& subject) const {
    std::set<OrgId> listed{kYouthCare, subject == kYouthCare ? kPsychiatry : subject};
    if (step.hours % 3 == 0) listed.insert(Player(step.other));
    return {.ground = FrameGround::kDecree,
            .document = Filled<32>(0xd0),
            .chair = *listed.begin(),
            .participants = {listed.begin(), listed.end()},
            .purposes = SomePurposes(0xff),
            .begins_at = now_ - 2 * kHour,
            .ends_at = now_ + 48 * kHour};
  }
  // By who had the grant, of a change that may have been another one's.
  Header SomeReceipt(const Step& step, std::uint64_t number, const TrajectoryId& trajectory) const {
    constexpr Kind kChoice[] = {Kind::kGrantWithdraw, Kind::kGrantNarrow, Kind::kMemberRemove, Kind::kMemberLeave};
    const Header* change = Earlier(kChoice[step.bits % 4], step.pick);
    RecordId named = RecordNo(0x77);
    if (change) {
      if (const auto* withdraw = std::get_if<GrantWithdraw>(&change->control)) named = withdraw->grant;
      if (const auto* narrow = std::get_if<GrantNarrow>(&change->control)) named = narrow->grant;
    }
    const Header* grant = nullptr;
    for (const Header& header : history_) {
      if (header.kind == Kind::kGrantGive && (header.id == named || (named == RecordNo(0x77) && !grant)))
        grant = &header;
    }
    if (!grant) return Says(Player(step.subject), GrantReceipt{named, RecordNo(0x78)}, number, trajectory);
    const OrgId& had = std::get<GrantGive>(grant->control).recipient;
    return Says(step.author % 8 == 0 ? Player(step.subject) : had,
                GrantReceipt{grant->id, change ? change->id : RecordNo(0x78)}, number, grant->trajectory);
  }
  Header SomeErasure(const Step& step, const OrgId& author, std::uint64_t number,
                     const TrajectoryId& trajectory) const {
    const Header* proposal = Earlier(Kind::kErasePropose, 0);
    const Id128 person = Filled<16>(static_cast<std::uint8_t>(1 + step.pick % 2));
    if (!proposal) {
      return Says(author, ErasePropose{static_cast<EraseReason>(1 + step.pick / 2 % 4), person}, number, trajectory);
    }
    if (step.hours % 3 == 0) return Says(author, EraseSecond{proposal->id}, number, proposal->trajectory);
    const Header* confirm = Earlier(Kind::kEraseConfirm, 0);
    if (confirm && step.hours % 3 == 1) return Says(author, EraseReceipt{confirm->id}, number, confirm->trajectory);
    return Says(author, EraseConfirm{proposal->id, person}, number, proposal->trajectory);
  }
  OrgId LeadOf(const TrajectoryId& id) const {
    const Trajectory* found = state_.Find(id);
    return found ? found->lead : id == kOurs ? kYouthCare : kWelfare;
  }
  // An offer; where there is one, mostly its acceptance; where it was accepted, at times what is told of that.
  Header SomeHandover(const Step& step, const OrgId& author, std::uint64_t number,
                      const TrajectoryId& trajectory) const {
    const Trajectory* found = state_.Find(trajectory);
    const OrgId& subject = Player(step.subject);
    if (found && !found->former.empty() && step.bits >= 224) {
      const FormerLead& former = found->former[step.pick % found->former.size()];
      return Says(step.author % 8 == 0 ? author : former.organisation,
                  LeadPassed{former.accept, found->SuccessorOf(former), step.hours % 2 == 0}, number, trajectory);
    }
    if (!found || !found->offer || step.bits % 8 == 7) {
      const bool likely = found && !found->members.empty() && step.author % 4 != 0;
      const OrgId& to = likely ? std::next(found->members.begin(), step.pick % found->members.size())->first : subject;
      return Says(author, LeadOffer{to, now_ + (step.pick % 8 == 0 ? 0 : 2 + step.hours) * kHour}, number, trajectory);
    }
    const OfferedLead& offer = *found->offer;
    if (step.hours % 5 == 4) return Says(author, LeadWithdraw{offer.id}, number, trajectory);
    const OrgId& answers = step.author % 8 == 0 ? subject : offer.to;
    if (step.hours % 5 == 3) return Says(answers, LeadRefuse{offer.id}, number, trajectory);
    return Says(answers, LeadAccept{step.pick == 0 ? RecordNo(0x77) : offer.id}, number, trajectory);
  }
  EmergencyReview SomeReview(const Step& step) const {
    const Header* grant = Earlier(Kind::kGrantGive, step.pick);
    return {grant ? grant->id : RecordNo(0x77), static_cast<ReviewOutcome>(1 + step.bits / 4 % 3)};
  }

  const Directory& directory_;
  PolicyState state_;
  std::vector<Header> history_;  // Of what was admitted.
  Timestamp now_ = kNow;
  std::uint64_t drafted_ = 0;
};

}  // namespace schakel::test
