// An organisation as the load driver plays it: real keys, CURVE, signatures, sealed bodies and feed checks; no vault.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/wire.h"

namespace schakel::bench {

// What the driver must know of a running hub.
struct HubAddress {
  std::string endpoint;
  std::string origin;
  TransportPublicKey transport;
};

class LoadAgent {
 public:
  LoadAgent(std::string id, std::string sector);
  ~LoadAgent();
  LoadAgent(LoadAgent&&) noexcept;

  OrgStatement Statement() const;
  const OrgId& id() const { return id_; }
  RecipientKey AsRecipient() const { return {id_, hpke_.public_key}; }
  const SigningKey& record_key() const { return record_; }
  const AgreementKey& hpke_key() const { return hpke_; }

  void Connect(const HubAddress& hub);  // And waits for the welcome.
  void Disconnect();

  // Sends one encoded message.
  void Send(const Bytes& message);
  // The next message, within `timeout_ms`; nothing when none came.
  std::optional<Message> Receive(long timeout_ms);
  // Until a reply of this type comes; ends the program with the hub's error otherwise.
  template <typename M>
  M Await();
  void* socket();  // For polling many at once.

  // A header of this author, ready to be sealed.
  Header NewHeader(Kind kind, const TrajectoryId& trajectory) const;
  // Seals and signs these, and waits until the hub took them all.
  void Say(std::vector<std::pair<Header, std::vector<RecipientKey>>> statements);
  SealedRecord Seal(const Header& header, std::size_t body_bytes, const std::vector<RecipientKey>& recipients) const;

 private:
  struct Wire;
  OrgId id_;
  Sector sector_;
  SigningKey record_ = SigningKey::Generate();
  SigningKey cosign_ = SigningKey::Generate();
  TransportKey transport_ = TransportKey::Generate();
  AgreementKey hpke_ = AgreementKey::Generate();
  std::string origin_;
  std::unique_ptr<Wire> wire_;
  std::uint64_t request_ = 0;
};

[[noreturn]] void Die(const std::string& what);

// A submit message of these records, ready to be sent; `request` numbers it.
Bytes EncodeSubmit(std::vector<SealedRecord> records, const SigningKey& key, std::uint64_t request);

template <typename M>
M LoadAgent::Await() {
  for (;;) {
    std::optional<Message> message = Receive(10'000);
    if (!message) Die(id_.value() + " had no answer from the hub for 10 s");
    if (auto* wanted = std::get_if<M>(&message->payload)) return std::move(*wanted);
    if (auto* error = std::get_if<Error>(&message->payload)) Die(id_.value() + ": " + ToText(*error));
  }
}

}  // namespace schakel::bench
