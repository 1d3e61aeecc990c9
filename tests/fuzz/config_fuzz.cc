#include "broker/config.h"
#include "protocol/result.h"

// A text is taken, or refused with faults that name a rule and the next step; what is taken keeps the rules.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = schakel::AsText({data, size});
  const auto config = schakel::ParseConfig(input, "/etc/schakel", "/run/credentials");
  const auto faults = schakel::FindConfigFaults(input, "/etc/schakel", "/run/credentials");
  SCHAKEL_ASSERT(config.has_value() == faults.empty());
  for (const schakel::Error& fault : faults) SCHAKEL_ASSERT(!fault.rule.empty() && !fault.next.empty());
  if (!config) {
    SCHAKEL_ASSERT(config.error() == faults.front());
    return 0;
  }
  SCHAKEL_ASSERT(!config->origin.empty() && !config->listen.empty() && !config->advertise.empty());
  SCHAKEL_ASSERT(config->data_directory.is_absolute() && config->admin_socket.is_absolute());
  SCHAKEL_ASSERT(config->registrars.threshold >= 1);
  SCHAKEL_ASSERT(config->registrars.threshold <= config->registrars.keys.size());
  SCHAKEL_ASSERT(config->limits.surplus_mib << 20 >= 20 * config->limits.wire.message_bytes_max);
  SCHAKEL_ASSERT(config->limits.wire.batch_records_max <= schakel::kSignatureBatchMax);
  return 0;
}
