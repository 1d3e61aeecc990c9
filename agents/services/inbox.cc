#include <algorithm>

#include "agents/services.h"
#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

// A hash, so that a person's name cannot break the fact's name.
std::string FactOf(const std::string& person) { return "inbox.seen." + ToHex(Sha256(AsBytes(person))); }

Result<FeedPosition> SeenBy(const Engine& engine, const std::string& person) {
  SCHAKEL_ASSIGN(const auto fact, engine.GetFact(FactOf(person)));
  if (!fact) return FeedPosition(0);
  Decoder decoder(*fact);
  const FeedPosition position(decoder.Uint("position"));
  SCHAKEL_TRY(decoder.Finish());
  return position;
}

}  // namespace

Result<InboxService::Inbox> InboxService::Show(const std::string& person) {
  Inbox inbox;
  SCHAKEL_ASSIGN(inbox.seen, SeenBy(engine_, person));
  inbox.last = engine_.Report().feed;
  inbox.items = cases_.With([&](CaseFile& file) { return file.Inbox(inbox.seen, clock_.Now()); });
  return inbox;
}

Status InboxService::MarkSeen(const std::string& person, FeedPosition position) {
  SCHAKEL_ASSIGN(const FeedPosition before, SeenBy(engine_, person));
  const FeedPosition to = std::clamp(position, before, std::max(before, engine_.Report().feed));
  if (to == before) return {};
  Encoder encoder;
  encoder.Uint(to.value());
  return engine_.PutFact(FactOf(person), encoder.bytes());
}

}  // namespace schakel
