// An organisation as the load driver plays it: real keys, CURVE, signatures, sealed bodies and feed checks; no vault.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/wire.h"
#include "support/raw_organisation.h"

namespace schakel::bench {

class LoadAgent : public testing::RawOrganisation {
 public:
  LoadAgent(std::string id, std::string sector);
  ~LoadAgent();
  LoadAgent(LoadAgent&&) noexcept;

  void Connect(const testing::HubAddress& hub);  // And waits for the welcome.
  void Disconnect();

  // Sends one encoded message.
  void Send(const Bytes& message);
  // The next message, within `timeout_ms`; nothing when none came.
  std::optional<Message> Receive(long timeout_ms);
  // Until a reply of this type comes; ends the program with the hub's error otherwise.
  template <typename M>
  M Await();
  void* socket();  // For polling many at once.

  // Seals and signs these, and waits until the hub took them all.
  void Say(std::vector<std::pair<Header, std::vector<RecipientKey>>> statements);
  SealedRecord Seal(const Header& header, std::size_t body_bytes, const std::vector<RecipientKey>& recipients) const {
    return RawOrganisation::Seal(origin_, header, body_bytes, recipients);
  }

 private:
  struct Wire;
  std::string origin_;
  std::unique_ptr<Wire> wire_;
  std::uint64_t request_ = 0;
};

[[noreturn]] void Die(const std::string& what);

template <typename M>
M LoadAgent::Await() {
  for (;;) {
    std::optional<Message> message = Receive(10'000);
    if (!message) Die(id().value() + " had no answer from the hub for 10 s");
    if (auto* wanted = std::get_if<M>(&message->payload)) return std::move(*wanted);
    if (auto* error = std::get_if<Error>(&message->payload)) Die(id().value() + ": " + ToText(*error));
  }
}

}  // namespace schakel::bench
