#include "key_keeper.h"

#include <algorithm>

#include "protocol/registry.h"

namespace schakel {
namespace {

constexpr std::chrono::seconds kSayAgainAfter{600};  // After the hub said no.
constexpr std::chrono::seconds kRefresh{5};          // After it said that it knew already.
constexpr std::chrono::minutes kSayNextHour{61};     // After it said that it takes no more within the hour.

template <typename Key>
bool Has(const std::vector<Key>& keys, const Key& key) {
  return std::ranges::find(keys, key) != keys.end();
}

bool Holds(const AgentKeys& keys, const AgreementPublicKey& key) {
  return std::ranges::any_of(keys.hpke, [&](const AgreementKey& own) { return own.public_key == key; });
}

// All but the HPKE key, which changes by itself.
bool AreTheSame(const AgentKeys& keys, const OrgKeys& stated) {
  return keys.record.public_key == stated.record && keys.cosign.public_key == stated.cosign &&
         keys.transport.public_key == stated.transport;
}

}  // namespace

Status KeyKeeper::Load() {
  SCHAKEL_ASSIGN(auto stored, vault_.Keys());
  if (stored) keys_ = std::move(*stored);
  SCHAKEL_ASSIGN(next_, vault_.NextKeys());
  known_ = knowledge_.FindOrganisation(knowledge_.self());
  return {};
}

// ---- All keys ----

void KeyKeeper::Rotate() {
  if (!next_) {
    next_ = AgentKeys::Generate();
    step_.writes().PutNextKeys(*next_);
    changed_ = true;
  }
  if (ready_ && !heard_) AskRotation();
}

void KeyKeeper::AskRotation() {
  requests_.Ask(ProveRotation(knowledge_.self(), next_->Public(), next_->record, next_->cosign, keys_.record),
                clock_.Steady(), [this](MessagePayload& reply) { OnRotationReply(reply); });
}

void KeyKeeper::OnRotationReply(MessagePayload& reply) {
  heard_ = std::holds_alternative<EnrolStatus>(reply);
  refused_.reset();
  if (const auto* error = std::get_if<Error>(&reply)) {
    refused_ = *error;
    step_.RaiseOnce(Alarm::Fault::kNotice, *error);
  }
}

// What was on its way to us still opens, and what waits here is signed as it says: the old keys stay for that.
void KeyKeeper::Switch() {
  std::vector<AgreementKey> hpke = std::move(keys_.hpke);
  for (AgreementKey& key : next_->hpke) hpke.push_back(std::move(key));
  std::vector<SigningKey> old_record = std::move(keys_.old_record);
  old_record.push_back(std::move(keys_.record));
  keys_ = std::move(*next_);
  keys_.hpke = std::move(hpke);
  keys_.old_record = std::move(old_record);
  next_.reset();
  heard_ = false;
  changed_ = true;
  step_.writes().PutKeys(keys_);
  step_.writes().DropNextKeys();
  step_.Raise(Alarm::Fault::kNotice,
              {Code::kConflict, "keys.rotated", Fingerprint(knowledge_.self(), keys_.Public()),
               "nothing: this agent uses the new keys from now on"},
              knowledge_.self());
  on_switched();
}

void KeyKeeper::OnDirectory(bool about_us) {
  known_ = knowledge_.FindOrganisation(knowledge_.self());
  if (!known_) return;
  const OrgKeys& stated = known_->statement.keys;
  if (next_ && AreTheSame(*next_, stated)) return Switch();
  if (!about_us || (AreTheSame(keys_, stated) && Holds(keys_, stated.hpke))) return;
  step_.Raise(Alarm::Fault::kNotice,
              {Code::kConflict, "directory.own_keys", Fingerprint(knowledge_.self(), stated),
               "the registrars signed other keys for your organisation than this agent holds; call them"},
              knowledge_.self());
}

std::vector<TransportKey> KeyKeeper::TransportKeys() const {
  std::vector<TransportKey> keys;
  keys.push_back(TransportKey::FromSecret(keys_.transport.secret.view()));
  if (next_) keys.push_back(TransportKey::FromSecret(next_->transport.secret.view()));
  return keys;
}

const AgreementKey* KeyKeeper::FindAgreement(const KeyId& key) const {
  const AgreementKey* found = keys_.FindHpke(key);
  return found == nullptr && next_ ? next_->FindHpke(key) : found;
}

// ---- The HPKE key ----

bool KeyKeeper::InForce() const {
  return known_ && known_->statement.status == OrgStatus::kActive && AreTheSame(keys_, known_->statement.keys);
}

Status KeyKeeper::RotateHpke() {
  if (!InForce()) {
    return Fail(Code::kConflict, "keys.not_in_force", {}, "rotate all keys, or call the operator of the hub");
  }
  // One that the hub has not taken yet is new enough.
  if (Has(known_->hpke_keys, keys_.hpke.back().public_key)) MakeHpke();
  resume_at_ = {};
  too_many_ = false;  // Asked for by a person, at any time.
  if (ready_ && !asked_) Announce();
  return {};
}

void KeyKeeper::MakeHpke() {
  keys_.hpke.push_back(AgreementKey::Generate());
  step_.writes().PutKeys(keys_);
}

bool KeyKeeper::NeedsHpke(Timestamp now) const {
  const AgreementPublicKey& newest = keys_.hpke.back().public_key;
  const AgreementPublicKey& stated = known_->statement.keys.hpke;
  const bool lost = !Holds(keys_, stated);
  const bool put_back = newest != stated && Has(known_->hpke_keys, newest);
  return lost || put_back || now >= known_->hpke_since + policy_.hpke_period;
}

void KeyKeeper::OnTick(bool up_to_date) {
  if (!ready_ || asked_ || !InForce()) return;
  const Timestamp now = clock_.Now();
  const bool unstated = !Has(known_->hpke_keys, keys_.hpke.back().public_key);
  if (clock_.Steady() >= resume_at_ && (unstated || NeedsHpke(now))) {
    if (!unstated) MakeHpke();
    Announce();
  }
  if (up_to_date) DropOldHpke(now);
}

void KeyKeeper::Announce() {
  asked_ = true;
  const HpkeStatement statement{knowledge_.self(), known_->hpke_serial + 1, keys_.hpke.back().public_key, clock_.Now()};
  requests_.Ask(schakel::Announce{SignHpkeStatement(statement, keys_.record)}, clock_.Steady(),
                [this](MessagePayload& reply) { OnAnnounceReply(reply); });
}

void KeyKeeper::OnAnnounceReply(MessagePayload& reply) {
  asked_ = false;
  if (const auto* error = std::get_if<Error>(&reply)) {
    // Said before, and the answer was lost: the directory has it.
    const bool said_before = error->rule == "registry.serial";
    const bool too_many = error->rule == "announce.rate";
    // A clock that leaps makes keys due one after the other: the one in force stays, and the hub takes the next within
    // the hour. If it does not, somebody else uses what is ours.
    const bool passes = said_before || (too_many && !too_many_);
    too_many_ = too_many;
    resume_at_ = clock_.Steady() + (said_before ? kRefresh : too_many ? kSayNextHour : kSayAgainAfter);
    if (!passes) step_.RaiseOnce(Alarm::Fault::kNotice, *error);
  } else {
    too_many_ = false;
  }
  // Also when it was refused: the directory may know more than we do.
  refresh_directory([] {});
}

// Content keys were unwrapped when the records came, and lie in the vault by themselves: with an old HPKE key go only
// the wraps that others may have kept.
void KeyKeeper::DropOldHpke(Timestamp now) {
  if (keys_.hpke.size() < 2 || now < known_->hpke_since + policy_.hpke_overlap) return;
  const AgreementPublicKey stated = known_->statement.keys.hpke;
  const AgreementPublicKey newest = keys_.hpke.back().public_key;
  const auto dropped = std::erase_if(
      keys_.hpke, [&](const AgreementKey& key) { return key.public_key != stated && key.public_key != newest; });
  if (dropped > 0) step_.writes().PutKeys(keys_);
}

// ---- The connection ----

void KeyKeeper::OnReady() {
  ready_ = true;
  OnDirectory(false);
  if (next_) AskRotation();
}

void KeyKeeper::OnDisconnected() { ready_ = heard_ = asked_ = false; }

KeyReport KeyKeeper::Report() const {
  KeyReport report;
  report.keys = keys_.Public();
  report.hpke_held = keys_.hpke.size();
  if (known_) report.hpke_since = known_->hpke_since;
  if (next_) report.asked = Fingerprint(knowledge_.self(), next_->Public());
  report.heard = heard_;
  report.refused = refused_;
  return report;
}

}  // namespace schakel
