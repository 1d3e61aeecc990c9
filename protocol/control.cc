#include "protocol/control.h"

#include "protocol/codec.h"

namespace schakel {
namespace {

template <typename... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};
template <typename... Fs>
Overload(Fs...) -> Overload<Fs...>;

// The stage stands there only where it is not the usual one, so that each meaning has one form.
bool IsWritten(Stage stage) { return stage != Stage::kCapable; }

Stage DecodeWrittenStage(Decoder& from) {
  const Stage stage = from.Enum("control.stage", Stage::kChild, kStageLast);
  if (!IsWritten(stage)) from.FailWith(Code::kInvalid, "codec.canonical", "control.stage");
  return stage;
}

// 11 fields, and those of the basis: 3 of shared secrecy, 1 of a case consultation.
std::size_t FieldsOf(const GrantGive& grant) {
  if (grant.secrecy) return 14;
  return IsNone(grant.frame) ? 11 : 12;
}

void EncodeGrant(const GrantGive& grant, Encoder& to) {
  to.Array(FieldsOf(grant))
      .Id(grant.recipient)
      .Uint(grant.purposes.bits())
      .Uint(grant.categories.bits())
      .Time(grant.begins_at)
      .Time(grant.ends_at)
      .Enum(grant.basis)
      .Enum(grant.grantor)
      .Binary(grant.evidence)
      .Binary(grant.recorded_by);
  if (grant.witnessed_by) {
    to.Binary(*grant.witnessed_by);
  } else {
    to.Nil();
  }
  to.Bool(grant.oral);
  if (grant.secrecy) {
    to.Enum(grant.secrecy->sought).Bool(grant.secrecy->necessary).Bool(grant.secrecy->in_client_interest);
  } else if (!IsNone(grant.frame)) {
    to.Id(grant.frame);
  }
}

// What a basis carries besides belongs to that basis, and to no other.
void DecodeOfBasis(std::size_t fields, GrantGive& grant, Decoder& from) {
  if (fields == 14 && grant.basis == Basis::kSharedSecrecy) {
    SharedSecrecy secrecy;
    secrecy.sought = from.Enum("control.sought", Sought::kAgreed, kSoughtLast);
    secrecy.necessary = from.Bool("control.necessary");
    secrecy.in_client_interest = from.Bool("control.in_client_interest");
    grant.secrecy = secrecy;
  } else if (fields == 12 && grant.basis == Basis::kCaseConsultation) {
    grant.frame = from.ReadId<RecordId>("control.frame");
    if (IsNone(grant.frame)) from.FailWith(Code::kInvalid, "codec.canonical", "control.frame");
  } else if (fields != 11) {
    from.FailWith(Code::kInvalid, "codec.type", "control.grant");
  }
}

GrantGive DecodeGrant(Decoder& from) {
  GrantGive grant;
  const std::size_t fields = from.ArrayBetween(11, 14, "control.grant");
  grant.recipient = from.ReadOrgId("control.recipient");
  grant.purposes = PurposeSet(from.Uint("control.purposes"));
  grant.categories = CategorySet(from.Uint("control.categories"));
  grant.begins_at = from.Time("control.begins_at");
  grant.ends_at = from.Time("control.ends_at");
  grant.basis = from.Enum("control.basis", Basis::kConsent, kBasisLast);
  grant.grantor = from.Enum("control.grantor", Grantor::kYoungPerson, kGrantorLast);
  grant.evidence = from.Fixed<32>("control.evidence");
  grant.recorded_by = from.Fixed<16>("control.recorded_by");
  if (!from.Nil()) grant.witnessed_by = from.Fixed<16>("control.witnessed_by");
  grant.oral = from.Bool("control.oral");
  DecodeOfBasis(fields, grant, from);
  return grant;
}

void EncodeViews(const Views& views, Encoder& to) {
  to.Array(views.views.size());
  for (const View& view : views.views) {
    to.Array(5).Id(view.record).Binary(view.person).Enum(view.role).Enum(view.reason).Time(view.at);
  }
}

Views DecodeViews(Decoder& from) {
  Views views;
  const std::size_t count = from.ArrayBetween(1, kViewsMax, "control.views");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    View view;
    from.Array(5, "control.view");
    view.record = from.ReadId<RecordId>("control.view.record");
    view.person = from.Fixed<16>("control.view.person");
    view.role = from.Enum("control.view.role", StaffRole::kWorker, kStaffRoleLast);
    view.reason = from.Enum("control.view.reason", ViewReason::kTask, kViewReasonLast);
    view.at = from.Time("control.view.at");
    views.views.push_back(view);
  }
  return views;
}

void EncodeFrame(const CaseFrame& frame, Encoder& to) {
  to.Array(7).Enum(frame.ground).Binary(frame.document).Id(frame.chair).Array(frame.participants.size());
  for (const OrgId& participant : frame.participants) to.Id(participant);
  to.Uint(frame.purposes.bits()).Time(frame.begins_at).Time(frame.ends_at);
}

CaseFrame DecodeFrame(Decoder& from) {
  CaseFrame frame;
  from.Array(7, "control.frame");
  frame.ground = from.Enum("control.ground", FrameGround::kDecree, kFrameGroundLast);
  frame.document = from.Fixed<32>("control.document");
  frame.chair = from.ReadOrgId("control.chair");
  const std::size_t count = from.ArrayBetween(kFrameMin, kFrameMax, "control.participants");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    OrgId participant = from.ReadOrgId("control.participant");
    if (!frame.participants.empty() && !(frame.participants.back() < participant)) {
      from.FailWith(Code::kInvalid, "codec.canonical", "control.participants");
    }
    frame.participants.push_back(std::move(participant));
  }
  frame.purposes = PurposeSet(from.Uint("control.purposes"));
  frame.begins_at = from.Time("control.begins_at");
  frame.ends_at = from.Time("control.ends_at");
  return frame;
}

SubjectStage DecodeSubjectStage(Decoder& from) {
  SubjectStage said;
  const std::size_t fields = from.ArrayBetween(1, 2, "control.subject_stage");
  said.stage = from.Enum("control.stage", Stage::kChild, kStageLast);
  if (fields == 2) said.receiver = from.ReadOrgId("control.receiver");
  return said;
}

void EncodeEraseReceipt(const EraseReceipt& receipt, Encoder& to) {
  to.Array(receipt.kept ? 3 : 1).Id(receipt.confirm);
  if (receipt.kept) to.Time(receipt.kept->until).Enum(receipt.kept->reason);
}

// Alone, or with what is kept.
EraseReceipt DecodeEraseReceipt(Decoder& from) {
  EraseReceipt receipt;
  const std::size_t fields = from.ArrayBetween(1, 3, "control.erased");
  receipt.confirm = from.ReadId<RecordId>("control.confirm");
  if (fields == 3) {
    KeptByLaw kept;
    kept.until = from.Time("control.kept_until");
    kept.reason = from.Enum("control.kept_reason", KeepReason::kSector, kKeepReasonLast);
    receipt.kept = kept;
  } else if (fields != 1) {
    from.FailWith(Code::kInvalid, "codec.type", "control.erased");
  }
  return receipt;
}

// Receipts, and what is said of erasure.
Control DecodeOfKeeping(Kind kind, Decoder& from) {
  switch (kind) {
    case Kind::kGrantReceipt: {
      GrantReceipt receipt;
      from.Array(3, "control.receipt");
      receipt.grant = from.ReadId<RecordId>("control.grant");
      receipt.change = from.ReadId<RecordId>("control.change");
      receipt.kept = from.Enum("control.kept", Kept::kSealed, kKeptLast);
      return receipt;
    }
    case Kind::kErasePropose: {
      ErasePropose propose;
      from.Array(2, "control.propose");
      propose.reason = from.Enum("control.reason", EraseReason::kRetentionOver, kEraseReasonLast);
      propose.person = from.Fixed<16>("control.person");
      return propose;
    }
    case Kind::kEraseSecond:
      from.Array(1, "control.second");
      return EraseSecond{from.ReadId<RecordId>("control.proposal")};
    case Kind::kEraseConfirm: {
      EraseConfirm confirm;
      from.Array(2, "control.confirm");
      confirm.proposal = from.ReadId<RecordId>("control.proposal");
      confirm.person = from.Fixed<16>("control.person");
      return confirm;
    }
    default:
      return DecodeEraseReceipt(from);
  }
}

// What answers an offer of the lead, or takes it back, names it.
RecordId DecodeOfferId(Decoder& from) {
  from.Array(1, "control.lead");
  return from.ReadId<RecordId>("control.offer");
}

// Of the handover of the lead.
Control DecodeOfLead(Kind kind, Decoder& from) {
  switch (kind) {
    case Kind::kLeadOffer: {
      LeadOffer offer;
      from.Array(2, "control.offer");
      offer.to = from.ReadOrgId("control.to");
      offer.expires_at = from.Time("control.expires_at");
      return offer;
    }
    case Kind::kLeadAccept:
      return LeadAccept{DecodeOfferId(from)};
    case Kind::kLeadRefuse:
      return LeadRefuse{DecodeOfferId(from)};
    case Kind::kLeadWithdraw:
      return LeadWithdraw{DecodeOfferId(from)};
    default: {
      LeadPassed passed;
      from.Array(3, "control.passed");
      passed.accept = from.ReadId<RecordId>("control.accept");
      passed.lead = from.ReadOrgId("control.lead");
      passed.last = from.Bool("control.last");
      return passed;
    }
  }
}

std::uint32_t DecodeBetween(std::uint32_t least, std::uint32_t most, const char* field, Decoder& from) {
  const std::uint64_t value = from.Uint(field);
  if (value < least || value > most) from.FailWith(Code::kInvalid, "codec.type", field);
  return static_cast<std::uint32_t>(value);
}

// Of places that partners may ask for.
Control DecodeOfPlace(Kind kind, Decoder& from) {
  switch (kind) {
    case Kind::kPlaceOffer: {
      PlaceOffer offer;
      from.Array(3, "control.place");
      offer.places = DecodeBetween(1, kPlacesMax, "control.places", from);
      offer.hold_minutes = DecodeBetween(1, kHoldMinutesMax, "control.hold_minutes", from);
      offer.ends_at = from.Time("control.ends_at");
      return offer;
    }
    case Kind::kPlaceHold: {
      PlaceHold hold;
      from.Array(3, "control.hold");
      hold.offer = from.ReadId<RecordId>("control.offer");
      hold.expires_at = from.Time("control.expires_at");
      hold.ends_at = from.Time("control.ends_at");
      return hold;
    }
    case Kind::kPlaceAnswer: {
      PlaceAnswer answer;
      from.Array(4, "control.answer");
      answer.offer = from.ReadId<RecordId>("control.offer");
      answer.hold = from.ReadId<RecordId>("control.hold");
      answer.holder = from.ReadOrgId("control.holder");
      answer.agreed = from.Bool("control.agreed");
      return answer;
    }
    case Kind::kPlaceRelease: {
      PlaceRelease release;
      from.Array(2, "control.release");
      release.offer = from.ReadId<RecordId>("control.offer");
      release.hold = from.ReadId<RecordId>("control.hold");
      return release;
    }
    default:
      from.Array(1, "control.close");
      return PlaceClose{from.ReadId<RecordId>("control.offer")};
  }
}

GrantNarrow DecodeNarrow(Decoder& from) {
  GrantNarrow narrow;
  from.Array(4, "control.narrow");
  narrow.grant = from.ReadId<RecordId>("control.grant");
  narrow.purposes = PurposeSet(from.Uint("control.purposes"));
  narrow.categories = CategorySet(from.Uint("control.categories"));
  narrow.ends_at = from.Time("control.ends_at");
  return narrow;
}

}  // namespace

std::optional<Kind> KindOf(const Control& control) {
  return std::visit(Overload{[](std::monostate) { return std::optional<Kind>(); },
                             [](const TrajectoryOpen&) { return std::optional(Kind::kTrajectoryOpen); },
                             [](const TrajectoryClose&) { return std::optional(Kind::kTrajectoryClose); },
                             [](const MemberInvite&) { return std::optional(Kind::kMemberInvite); },
                             [](const MemberJoin&) { return std::optional(Kind::kMemberJoin); },
                             [](const MemberLeave&) { return std::optional(Kind::kMemberLeave); },
                             [](const MemberRemove&) { return std::optional(Kind::kMemberRemove); },
                             [](const MemberShow&) { return std::optional(Kind::kMemberShow); },
                             [](const GrantGive&) { return std::optional(Kind::kGrantGive); },
                             [](const GrantNarrow&) { return std::optional(Kind::kGrantNarrow); },
                             [](const GrantWithdraw&) { return std::optional(Kind::kGrantWithdraw); },
                             [](const Views&) { return std::optional(Kind::kViews); },
                             [](const SubjectStage&) { return std::optional(Kind::kSubjectStage); },
                             [](const CaseFrame&) { return std::optional(Kind::kCaseFrame); },
                             [](const EmergencyReview&) { return std::optional(Kind::kEmergencyReview); },
                             [](const GrantReceipt&) { return std::optional(Kind::kGrantReceipt); },
                             [](const ErasePropose&) { return std::optional(Kind::kErasePropose); },
                             [](const EraseSecond&) { return std::optional(Kind::kEraseSecond); },
                             [](const EraseConfirm&) { return std::optional(Kind::kEraseConfirm); },
                             [](const EraseReceipt&) { return std::optional(Kind::kEraseReceipt); },
                             [](const LeadOffer&) { return std::optional(Kind::kLeadOffer); },
                             [](const LeadAccept&) { return std::optional(Kind::kLeadAccept); },
                             [](const LeadRefuse&) { return std::optional(Kind::kLeadRefuse); },
                             [](const LeadWithdraw&) { return std::optional(Kind::kLeadWithdraw); },
                             [](const LeadPassed&) { return std::optional(Kind::kLeadPassed); },
                             [](const PlaceOffer&) { return std::optional(Kind::kPlaceOffer); },
                             [](const PlaceHold&) { return std::optional(Kind::kPlaceHold); },
                             [](const PlaceAnswer&) { return std::optional(Kind::kPlaceAnswer); },
                             [](const PlaceRelease&) { return std::optional(Kind::kPlaceRelease); },
                             [](const PlaceClose&) { return std::optional(Kind::kPlaceClose); }},
                    control);
}

void EncodeControl(const Control& control, Encoder& to) {
  std::visit(
      Overload{
          [&](std::monostate) { to.Nil(); },
          [&](const TrajectoryOpen& open) {
            to.Array(IsWritten(open.stage) ? 1 : 0);
            if (IsWritten(open.stage)) to.Enum(open.stage);
          },
          [&](const TrajectoryClose& close) {
            to.Array(close.retain_until ? 1 : 0);
            if (close.retain_until) to.Time(*close.retain_until);
          },
          [&](const MemberInvite& invite) {
            to.Array(IsWritten(invite.stage) ? 3 : 2).Id(invite.organisation).Time(invite.expires_at);
            if (IsWritten(invite.stage)) to.Enum(invite.stage);
          },
          [&](const MemberJoin& join) { to.Array(1).Id(join.invite); },
          [&](const MemberLeave&) { to.Array(0); },
          [&](const MemberRemove& remove) { to.Array(1).Id(remove.organisation); },
          [&](const MemberShow& show) { to.Array(2).Id(show.member).Id(show.to); },
          [&](const GrantGive& grant) { EncodeGrant(grant, to); },
          [&](const GrantNarrow& narrow) {
            to.Array(4)
                .Id(narrow.grant)
                .Uint(narrow.purposes.bits())
                .Uint(narrow.categories.bits())
                .Time(narrow.ends_at);
          },
          [&](const GrantWithdraw& withdraw) { to.Array(1).Id(withdraw.grant); },
          [&](const Views& views) { EncodeViews(views, to); },
          [&](const SubjectStage& said) {
            to.Array(said.receiver ? 2 : 1).Enum(said.stage);
            if (said.receiver) to.Id(*said.receiver);
          },
          [&](const CaseFrame& frame) { EncodeFrame(frame, to); },
          [&](const EmergencyReview& review) { to.Array(2).Id(review.grant).Enum(review.outcome); },
          [&](const GrantReceipt& receipt) { to.Array(3).Id(receipt.grant).Id(receipt.change).Enum(receipt.kept); },
          [&](const ErasePropose& propose) { to.Array(2).Enum(propose.reason).Binary(propose.person); },
          [&](const EraseSecond& second) { to.Array(1).Id(second.proposal); },
          [&](const EraseConfirm& confirm) { to.Array(2).Id(confirm.proposal).Binary(confirm.person); },
          [&](const EraseReceipt& receipt) { EncodeEraseReceipt(receipt, to); },
          [&](const LeadOffer& offer) { to.Array(2).Id(offer.to).Time(offer.expires_at); },
          [&](const LeadAccept& accept) { to.Array(1).Id(accept.offer); },
          [&](const LeadRefuse& refuse) { to.Array(1).Id(refuse.offer); },
          [&](const LeadWithdraw& withdraw) { to.Array(1).Id(withdraw.offer); },
          [&](const LeadPassed& passed) { to.Array(3).Id(passed.accept).Id(passed.lead).Bool(passed.last); },
          [&](const PlaceOffer& offer) { to.Array(3).Uint(offer.places).Uint(offer.hold_minutes).Time(offer.ends_at); },
          [&](const PlaceHold& hold) { to.Array(3).Id(hold.offer).Time(hold.expires_at).Time(hold.ends_at); },
          [&](const PlaceAnswer& answer) {
            to.Array(4).Id(answer.offer).Id(answer.hold).Id(answer.holder).Bool(answer.agreed);
          },
          [&](const PlaceRelease& release) { to.Array(2).Id(release.offer).Id(release.hold); },
          [&](const PlaceClose& close) { to.Array(1).Id(close.offer); }},
      control);
}

Control DecodeControl(Kind kind, Decoder& from) {
  if (IsContent(kind)) {
    if (!from.Nil()) from.FailWith(Code::kInvalid, "record.header", "header.control");
    return std::monostate();
  }
  switch (kind) {
    case Kind::kTrajectoryOpen:
      if (from.ArrayBetween(0, 1, "control.open") == 0) return TrajectoryOpen();
      return TrajectoryOpen{DecodeWrittenStage(from)};
    case Kind::kTrajectoryClose:
      if (from.ArrayBetween(0, 1, "control.close") == 0) return TrajectoryClose();
      return TrajectoryClose{from.Time("control.retain_until")};
    case Kind::kMemberInvite: {
      MemberInvite invite;
      const std::size_t fields = from.ArrayBetween(2, 3, "control.invite");
      invite.organisation = from.ReadOrgId("control.organisation");
      invite.expires_at = from.Time("control.expires_at");
      if (fields == 3) invite.stage = DecodeWrittenStage(from);
      return invite;
    }
    case Kind::kMemberJoin:
      from.Array(1, "control.join");
      return MemberJoin{from.ReadId<RecordId>("control.invite")};
    case Kind::kMemberLeave:
      from.Array(0, "control.leave");
      return MemberLeave();
    case Kind::kMemberRemove:
      from.Array(1, "control.remove");
      return MemberRemove{from.ReadOrgId("control.organisation")};
    case Kind::kMemberShow: {
      MemberShow show;
      from.Array(2, "control.show");
      show.member = from.ReadOrgId("control.member");
      show.to = from.ReadOrgId("control.to");
      return show;
    }
    case Kind::kGrantGive:
      return DecodeGrant(from);
    case Kind::kGrantNarrow:
      return DecodeNarrow(from);
    case Kind::kGrantWithdraw:
      from.Array(1, "control.withdraw");
      return GrantWithdraw{from.ReadId<RecordId>("control.grant")};
    case Kind::kViews:
      return DecodeViews(from);
    case Kind::kSubjectStage:
      return DecodeSubjectStage(from);
    case Kind::kCaseFrame:
      return DecodeFrame(from);
    case Kind::kEmergencyReview: {
      EmergencyReview review;
      from.Array(2, "control.review");
      review.grant = from.ReadId<RecordId>("control.grant");
      review.outcome = from.Enum("control.outcome", ReviewOutcome::kJustified, kReviewOutcomeLast);
      return review;
    }
    case Kind::kGrantReceipt:
    case Kind::kErasePropose:
    case Kind::kEraseSecond:
    case Kind::kEraseConfirm:
    case Kind::kEraseReceipt:
      return DecodeOfKeeping(kind, from);
    case Kind::kLeadOffer:
    case Kind::kLeadAccept:
    case Kind::kLeadRefuse:
    case Kind::kLeadWithdraw:
    case Kind::kLeadPassed:
      return DecodeOfLead(kind, from);
    case Kind::kPlaceOffer:
    case Kind::kPlaceHold:
    case Kind::kPlaceAnswer:
    case Kind::kPlaceRelease:
    case Kind::kPlaceClose:
      return DecodeOfPlace(kind, from);
    default:
      // A statement that this version cannot judge must not be acted on, nor passed over in silence.
      from.FailWith(Code::kVersion, "record.kind", "header.kind");
      return std::monostate();
  }
}

}  // namespace schakel
