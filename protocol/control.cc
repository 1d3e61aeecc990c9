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

void EncodeGrant(const GrantGive& grant, Encoder& to) {
  to.Array(11)
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
}

GrantGive DecodeGrant(Decoder& from) {
  GrantGive grant;
  from.Array(11, "control.grant");
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
                             [](const Views&) { return std::optional(Kind::kViews); }},
                    control);
}

void EncodeControl(const Control& control, Encoder& to) {
  std::visit(
      Overload{[&](std::monostate) { to.Nil(); }, [&](const TrajectoryOpen&) { to.Array(0); },
               [&](const TrajectoryClose&) { to.Array(0); },
               [&](const MemberInvite& invite) { to.Array(2).Id(invite.organisation).Time(invite.expires_at); },
               [&](const MemberJoin& join) { to.Array(1).Id(join.invite); }, [&](const MemberLeave&) { to.Array(0); },
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
               [&](const Views& views) { EncodeViews(views, to); }},
      control);
}

Control DecodeControl(Kind kind, Decoder& from) {
  if (IsContent(kind)) {
    if (!from.Nil()) from.FailWith(Code::kInvalid, "record.header", "header.control");
    return std::monostate();
  }
  switch (kind) {
    case Kind::kTrajectoryOpen:
      from.Array(0, "control.open");
      return TrajectoryOpen();
    case Kind::kTrajectoryClose:
      from.Array(0, "control.close");
      return TrajectoryClose();
    case Kind::kMemberInvite: {
      MemberInvite invite;
      from.Array(2, "control.invite");
      invite.organisation = from.ReadOrgId("control.organisation");
      invite.expires_at = from.Time("control.expires_at");
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
    default:
      // A statement that this version cannot judge must not be acted on, nor passed over in silence.
      from.FailWith(Code::kVersion, "record.kind", "header.kind");
      return std::monostate();
  }
}

}  // namespace schakel
