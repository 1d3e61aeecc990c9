#include <algorithm>

#include "agents/services.h"
#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr const char* kAlarmsSeen = "alarms.seen";

// A hash, so that a person's name cannot break the fact's name.
std::string FactOf(const char* what, const std::string& person) { return what + ToHex(Sha256(AsBytes(person))); }

Result<std::uint64_t> NumberIn(const Engine& engine, const std::string& name) {
  SCHAKEL_ASSIGN(const auto fact, engine.GetFact(name));
  if (!fact) return 0;
  Decoder decoder(*fact);
  const std::uint64_t number = decoder.Uint("position");
  SCHAKEL_TRY(decoder.Finish());
  return number;
}
Status PutNumber(Engine& engine, const std::string& name, std::uint64_t number) {
  Encoder encoder;
  encoder.Uint(number);
  return engine.PutFact(name, encoder.bytes());
}

Result<FeedPosition> SeenBy(const Engine& engine, const std::string& person) {
  SCHAKEL_ASSIGN(const std::uint64_t number, NumberIn(engine, FactOf("inbox.seen.", person)));
  return FeedPosition(number);
}

}  // namespace

Result<InboxService::Inbox> InboxService::Show(const std::string& person) {
  Inbox inbox;
  SCHAKEL_ASSIGN(inbox.seen, SeenBy(engine_, person));
  inbox.last = engine_.Report().feed;
  const RegionRules rules = engine_.Rules();
  inbox.items = cases_.With([&](CaseFile& file) { return file.Inbox(inbox.seen, clock_.Now(), rules); });
  return inbox;
}

Status InboxService::MarkSeen(const std::string& person, FeedPosition position) {
  SCHAKEL_ASSIGN(const FeedPosition before, SeenBy(engine_, person));
  const FeedPosition to = std::clamp(position, before, std::max(before, engine_.Report().feed));
  if (to == before) return {};
  return PutNumber(engine_, FactOf("inbox.seen.", person), to.value());
}

Result<std::uint64_t> InboxService::AlarmsSeen(const std::string& person) {
  return NumberIn(engine_, FactOf("alarms.seen.", person));
}

Result<std::uint64_t> InboxService::AlarmsSeenByAnybody(const Engine& engine) { return NumberIn(engine, kAlarmsSeen); }

Status InboxService::MarkAlarmsSeen(const std::string& person, std::uint64_t number) {
  const std::vector<Alarm> alarms = engine_.Alarms();
  if (std::ranges::find(alarms, number, &Alarm::number) == alarms.end()) {
    return Fail(Code::kNotFound, "alarm.unknown", "number", "look at the alarms for their numbers");
  }
  SCHAKEL_ASSIGN(const std::uint64_t before, AlarmsSeen(person));
  SCHAKEL_ASSIGN(const std::uint64_t by_anybody, AlarmsSeenByAnybody(engine_));
  if (number > by_anybody) SCHAKEL_TRY(PutNumber(engine_, kAlarmsSeen, number));
  if (number <= before) return {};
  return PutNumber(engine_, FactOf("alarms.seen.", person), number);
}

}  // namespace schakel
