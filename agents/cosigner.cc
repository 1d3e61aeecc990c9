#include "cosigner.h"

namespace schakel {
namespace {

// Signing is cheap; checking it costs the hub two signatures an organisation.
constexpr auto kCosignInterval = std::chrono::seconds(5);

}  // namespace

std::optional<std::string> Cosigner::Cosigned(const std::string& note, const TreeHead& head) const {
  // A cosignature says that this is the largest head that we saw.
  if (head.size == 0 || head != heads_.seen().head) return std::nullopt;
  auto cosigned = CosignCheckpoint(note, heads_.verifier().name, self_, key_, clock_.Now());
  if (!cosigned) return std::nullopt;
  return std::move(*cosigned);
}

void Cosigner::OnReady() {
  ready_ = true;
  asked_ = false;
  cosigned_ = 0;
  Send();
}

void Cosigner::OnTick() {
  if (ready_ && !step_.distrusted() && clock_.Steady() - sent_at_ >= kCosignInterval) Send();
}

void Cosigner::Send() {
  const SeenHead& seen = heads_.seen();
  if (asked_ || seen.head.size <= cosigned_) return;
  auto note = Cosigned(seen.note, seen.head);
  if (!note) return;
  asked_ = true;
  cosigned_ = seen.head.size;
  sent_at_ = clock_.Steady();
  requests_.Ask(Cosign{std::move(*note)}, sent_at_, [this](MessagePayload& reply) { OnReply(reply); });
}

// A hub that does not want it may do without: whoever reads its evidence sees that nobody stands behind it.
void Cosigner::OnReply(MessagePayload& reply) {
  asked_ = false;
  const auto* ack = std::get_if<CosignAck>(&reply);
  if (ack != nullptr && !ack->other.empty()) Meet(ack->other);
}

// What another organisation stands behind must be of the log that we see. The log signed it too, so that it counts even
// if we do not know the other's key.
void Cosigner::Meet(const std::string& note) {
  const std::vector<OrgId> witnesses = WitnessesNamed(note, heads_.verifier().name);
  const auto head = VerifyCheckpoint(note, heads_.verifier());
  if (!head) return step_.Distrust({Code::kTampered, "hub.cosigned", head.error().rule, {}});
  heads_.Meet(witnesses.empty() ? OrgId() : witnesses.front(), *head);
}

}  // namespace schakel
