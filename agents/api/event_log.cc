#include "event_log.h"

#include <fmt/format.h>

#include <charconv>

namespace schakel {
namespace {

constexpr std::size_t kKept = 1024;

std::string_view Name(Engine::Change::What what) {
  switch (what) {
    case Engine::Change::What::kRecord:
      return "record";
    case Engine::Change::What::kOutcome:
      return "outcome";
    case Engine::Change::What::kWithheld:
      return "withheld";
    case Engine::Change::What::kConnection:
      return "connection";
    case Engine::Change::What::kDistrust:
      return "distrust";
    case Engine::Change::What::kAlarm:
      return "alarm";
    case Engine::Change::What::kSealed:
      return "sealed";
    case Engine::Change::What::kErased:
      return "erased";
    case Engine::Change::What::kLook:
      return "look";
    default:
      return "other";
  }
}

}  // namespace

const EventLog::Event& EventLog::Add(const Engine::Change& change) {
  if (events_.size() >= kKept) events_.pop_front();
  ++last_;
  // How many wait for the hub, whoever looked at what: of that no ids.
  const bool of_looks = change.what == Engine::Change::What::kLook;
  events_.push_back(
      {last_, change,
       fmt::format("id: {3}-{4}\nevent: {0}\ndata: {{\"what\":\"{0}\",\"record\":{1},\"trajectory\":{2}}}\n\n",
                   Name(change.what), of_looks || IsNone(change.record) ? "null" : "\"" + ToText(change.record) + "\"",
                   of_looks || IsNone(change.trajectory) ? "null" : "\"" + ToText(change.trajectory) + "\"", epoch_,
                   last_)});
  return events_.back();
}

std::optional<std::vector<const EventLog::Event*>> EventLog::After(const std::string& id) const {
  if (!id.starts_with(epoch_ + "-")) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = id.data() + id.size();
  const auto parsed = std::from_chars(id.data() + epoch_.size() + 1, end, number);
  const std::uint64_t first = events_.empty() ? last_ + 1 : events_.front().number;
  if (parsed.ec != std::errc{} || parsed.ptr != end || number > last_ || number + 1 < first) return std::nullopt;
  std::vector<const Event*> missed;
  for (const Event& event : events_) {
    if (event.number > number) missed.push_back(&event);
  }
  return missed;
}

bool EventLog::Concerns(const ApiResponse::Events& listener, const Engine::Change& change) {
  using What = Engine::Change::What;
  const bool work = change.what == What::kRecord || change.what == What::kOutcome || change.what == What::kWithheld ||
                    change.what == What::kSealed || change.what == What::kErased;
  if (work && !listener.work) return false;
  if (change.what == What::kLook) return listener.work && IsNone(listener.trajectory);
  return IsNone(listener.trajectory) || listener.trajectory == change.trajectory;
}

}  // namespace schakel
