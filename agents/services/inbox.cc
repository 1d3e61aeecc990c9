#include <algorithm>

#include "agents/former_names.h"
#include "agents/services.h"
#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr const char* kAlarmsSeen = "alarms.seen";

bool IsForCoordinators(const InboxItem& item) { return item.what == InboxItem::What::kCrisisLate; }

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

// Under whatever name this person looked: marks never go back.
Result<std::uint64_t> SeenOf(const Engine& engine, const char* what, const std::string& person) {
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine));
  std::uint64_t seen = 0;
  for (const std::string& name : names.AllOf(person)) {
    SCHAKEL_ASSIGN(const std::uint64_t number, NumberIn(engine, FactOf(what, name)));
    seen = std::max(seen, number);
  }
  return seen;
}
Status PutSeenOf(Engine& engine, const char* what, const std::string& person, std::uint64_t number) {
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine));
  std::vector<Engine::FactChange> changes;
  for (const std::string& name : names.AllOf(person)) changes.push_back({FactOf(what, name), std::nullopt});
  Encoder encoder;
  encoder.Uint(number);
  changes.front().value = encoder.Take();
  return engine.ChangeFacts(changes);
}

constexpr const char* kInboxSeenBy = "inbox.seen.";
constexpr const char* kAlarmsSeenBy = "alarms.seen.";

}  // namespace

Result<InboxService::Inbox> InboxService::Show(const std::string& person, StaffRole role) {
  Inbox inbox;
  SCHAKEL_ASSIGN(const std::uint64_t seen, SeenOf(engine_, kInboxSeenBy, person));
  inbox.seen = FeedPosition(seen);
  inbox.last = engine_.Report().feed;
  const RegionRules rules = engine_.Rules();
  inbox.items = cases_.With([&](CaseFile& file) { return file.Inbox(inbox.seen, clock_.Now(), rules); });
  // What goes up is for who answers for the team; the others have the question itself.
  if (role == StaffRole::kWorker) std::erase_if(inbox.items, IsForCoordinators);
  return inbox;
}

Status InboxService::MarkSeen(const std::string& person, FeedPosition position) {
  SCHAKEL_ASSIGN(const std::uint64_t seen, SeenOf(engine_, kInboxSeenBy, person));
  const FeedPosition before(seen);
  const FeedPosition to = std::clamp(position, before, std::max(before, engine_.Report().feed));
  if (to == before) return {};
  return PutSeenOf(engine_, kInboxSeenBy, person, to.value());
}

Result<std::uint64_t> InboxService::AlarmsSeen(const std::string& person) {
  return SeenOf(engine_, kAlarmsSeenBy, person);
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
  return PutSeenOf(engine_, kAlarmsSeenBy, person, number);
}

}  // namespace schakel
