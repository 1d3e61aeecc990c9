#include "broker/rotation.h"

#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::string_view kListKey = "rotations";

}  // namespace

void Rotations::Ask(const OrgId& organisation, const OrgKeys& keys, Timestamp now, Staging& staging) {
  asked_[organisation] = {keys, now};
  Put(Event::kAsked, organisation, now, staging);
}

void Rotations::Drop(const OrgId& organisation, Staging& staging) {
  if (!asked_.contains(organisation)) return;
  Put(Event::kDropped, organisation, {}, staging);
  asked_.erase(organisation);
}

void Rotations::Begin(const OrgId& organisation, const TransportPublicKey& old_key, Timestamp now, Staging& staging) {
  overlaps_[organisation] = {old_key, now + kOverlapMax};
  Put(Event::kBegun, organisation, now + kOverlapMax, staging);
  Drop(organisation, staging);
}

void Rotations::End(const OrgId& organisation, Staging& staging) {
  if (!overlaps_.contains(organisation)) return;
  Put(Event::kEnded, organisation, {}, staging);
  overlaps_.erase(organisation);
}

const Rotations::Asked* Rotations::FindAsked(const OrgId& organisation) const {
  auto found = asked_.find(organisation);
  return found == asked_.end() ? nullptr : &found->second;
}

const Rotations::Overlap* Rotations::FindOverlap(const OrgId& organisation) const {
  auto found = overlaps_.find(organisation);
  return found == overlaps_.end() ? nullptr : &found->second;
}

std::vector<OrgId> Rotations::Expired(Timestamp now) const {
  std::vector<OrgId> expired;
  for (const auto& [organisation, overlap] : overlaps_) {
    if (overlap.until <= now) expired.push_back(organisation);
  }
  return expired;
}

// [event, organisation, asked at or lets in until, [record, cosign, transport, hpke] or nil, old transport key or nil]
void Rotations::Put(Event event, const OrgId& organisation, Timestamp at, Staging& staging) {
  Encoder to(256);
  to.Array(5).Enum(event).Id(organisation).Time(at);
  const Asked* asked = event == Event::kAsked ? FindAsked(organisation) : nullptr;
  if (asked != nullptr) {
    to.Array(4).Binary(asked->keys.record.value()).Binary(asked->keys.cosign.value());
    to.Binary(asked->keys.transport.value()).Binary(asked->keys.hpke.value());
  } else {
    to.Nil();
  }
  const Overlap* overlap = event == Event::kBegun ? FindOverlap(organisation) : nullptr;
  if (overlap != nullptr) {
    to.Binary(overlap->old_key.value());
  } else {
    to.Nil();
  }
  staging.AddListRow(Table::kEnrolment, AsBytes(kListKey), ++rows_, to.Take());
}

Status Rotations::Replay(ByteView row) {
  Decoder from(row);
  from.Array(5, "rotation");
  const auto event = from.Enum("rotation.event", Event::kAsked, Event::kEnded);
  const OrgId organisation = from.ReadOrgId("rotation.organisation");
  const Timestamp at = from.Time("rotation.at");
  Asked asked{{}, at};
  if (!from.Nil()) {
    from.Array(4, "rotation.keys");
    asked.keys.record = SigningPublicKey(from.Fixed<32>("rotation.record"));
    asked.keys.cosign = SigningPublicKey(from.Fixed<32>("rotation.cosign"));
    asked.keys.transport = TransportPublicKey(from.Fixed<32>("rotation.transport"));
    asked.keys.hpke = AgreementPublicKey(from.Fixed<32>("rotation.hpke"));
  }
  Overlap overlap{{}, at};
  if (!from.Nil()) overlap.old_key = TransportPublicKey(from.Fixed<32>("rotation.old_key"));
  SCHAKEL_TRY(from.Finish());
  switch (event) {
    case Event::kAsked:
      asked_[organisation] = asked;
      break;
    case Event::kDropped:
      asked_.erase(organisation);
      break;
    case Event::kBegun:
      overlaps_[organisation] = overlap;
      break;
    case Event::kEnded:
      overlaps_.erase(organisation);
      break;
  }
  return {};
}

Status Rotations::Load(const Log& log) {
  Status status;
  SCHAKEL_TRY(log.ReadList(static_cast<std::uint8_t>(Table::kEnrolment), AsBytes(kListKey), 0,
                           [&](std::uint64_t position, ByteView row) {
                             rows_ = position;
                             status = Replay(row);
                             return status.has_value();
                           }));
  return status;
}

}  // namespace schakel
