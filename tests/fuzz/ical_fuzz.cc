#include "protocol/crypto.h"
#include "services/ical.h"

// What is taken from a calendar is written again so that it reads the same, and is within its limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace schakel;
  const auto message = ReadICal(AsText({data, size}));
  if (!message) {
    SCHAKEL_ASSERT(message.error().rule.starts_with("calendar."));
    return 0;
  }
  SCHAKEL_ASSERT(message->method != ICalMethod::kRequest && message->events.size() == 1);
  const ICalEvent& event = message->events.front();
  SCHAKEL_ASSERT(!event.slot || event.slot->ends_at - event.slot->begins_at <= kICalLongest);
  for (const ICalAttendee& one : event.attendees) SCHAKEL_ASSERT(CheckICalAddress(one.address, "calendar"));
  const std::string written = WriteICal(*message);
  const auto again = ReadICal(written);
  SCHAKEL_ASSERT(again.has_value() && *again == *message);
  return 0;
}
