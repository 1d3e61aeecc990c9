#include "hub_log.h"

#include <stdexcept>

#include "store/log.h"

namespace schakel::testing {

HubLog ReadHubLog(const std::filesystem::path& hub) {
  RocksLogOptions options;
  options.directory = hub / "log";
  options.master_key = MasterKeyFile{hub / "keys" / "master.key"};
  auto log = OpenRocksLog(options);
  if (!log) throw std::runtime_error(ToText(log.error()));
  if ((*log)->read_only()) throw std::runtime_error(ToText(*(*log)->read_only()));
  HubLog read;
  const auto take_delivery = [&](const Entry& entry) {
    const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
    if (delivery == nullptr) return;
    auto& list = delivery->withheld ? read.withheld : read.handed;
    list[{delivery->recipient.value(), delivery->record}].push_back(entry.sequence);
  };
  const Status done = (*log)->Read(Sequence(1), [&](const StoredEntry& stored) {
    const Entry entry = DecodeEntry(stored.entry).value();
    ++read.entries;
    take_delivery(entry);
    if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
      read.records[DecodeHeader(record->header).value().id].push_back(entry.sequence);
    } else if (std::holds_alternative<RoutingEntry>(entry.body)) {
      const Bytes payload = (*log)->Payload(stored.sequence).value();
      if (payload.empty()) return true;
      const Slots slots = DecodeSlots(payload).value();
      for (const Slots::Used& used : slots.used) take_delivery(DecodeEntry(used.entry).value());
    } else if (const auto* session = std::get_if<SessionEntry>(&entry.body)) {
      if (session->event == SessionEvent::kRefused) ++read.refused[session->organisation.value()];
    }
    return true;
  });
  if (!done) throw std::runtime_error(ToText(done.error()));
  return read;
}

}  // namespace schakel::testing
