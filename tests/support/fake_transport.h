// A transport in memory: tests connect as whoever they like, and see what arrives at each connection.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "broker/transport.h"

namespace schakel::test {

class FakeTransport : public Transport {
 public:
  // ---- the peers' side ----
  // As whoever the key was admitted for; nothing if it was not.
  std::optional<ConnectionId> Connect(const TransportPublicKey& key) {
    auto admitted = admitted_.find(key);
    if (admitted == admitted_.end()) return std::nullopt;
    if (!IsLetIn(*admitted->second)) {
      Incoming attempt;
      attempt.from = admitted->second;
      attempt.turned_away = true;
      incoming_.push_back(std::move(attempt));
      return std::nullopt;
    }
    const ConnectionId id(++last_);
    peers_[id] = {admitted->second, {}, false};
    return id;
  }
  ConnectionId ConnectOperator() {
    const ConnectionId id(++last_);
    peers_[id] = {std::make_shared<const Identity>(Identity{Identity::Kind::kOperator, {}, {}}), {}, false};
    return id;
  }
  void Deliver(ConnectionId from, Bytes message) {
    incoming_.push_back({from, peers_.at(from).identity, ReceivedBytes(std::move(message)), false});
  }
  // The peer went away.
  void Break(ConnectionId connection) {
    incoming_.push_back({connection, peers_.at(connection).identity, {}, true});
    peers_.erase(connection);
  }
  // It does not read: offers find no room.
  void Block(ConnectionId connection, bool blocked) { peers_.at(connection).blocked = blocked; }
  bool IsOpen(ConnectionId connection) const { return peers_.contains(connection); }
  bool MayConnect(const TransportPublicKey& key) const {
    auto admitted = admitted_.find(key);
    return admitted != admitted_.end() && IsLetIn(*admitted->second);
  }
  const IdentityPtr& IdentityOf(ConnectionId connection) const { return peers_.at(connection).identity; }
  // What was sent to it since the last call.
  std::vector<Bytes> Received(ConnectionId connection) {
    auto found = peers_.find(connection);
    return found == peers_.end() ? std::vector<Bytes>() : std::exchange(found->second.received, {});
  }

  // ---- the hub's side ----
  void Wait(std::chrono::milliseconds, Interest) override {}
  bool Receive(Incoming& to) override {
    while (!incoming_.empty()) {
      to = std::move(incoming_.front());
      incoming_.pop_front();
      if (to.closed || to.turned_away || peers_.contains(to.connection)) return true;
    }
    return false;
  }
  void Reply(ConnectionId to, Bytes message) override {
    auto found = peers_.find(to);
    if (found != peers_.end()) found->second.received.push_back(std::move(message));
  }
  bool Offer(ConnectionId to, Bytes message) override {
    ++offers_;
    auto found = peers_.find(to);
    if (found == peers_.end() || found->second.blocked) return false;
    found->second.received.push_back(std::move(message));
    return true;
  }
  void Recall(ConnectionId connection) override { recalled_.insert(connection); }
  void Close(ConnectionId connection) override { peers_.erase(connection); }
  void Admit(const Identity& identity) override {
    admitted_[identity.key] = std::make_shared<const Identity>(identity);
  }
  void Revoke(const TransportPublicKey& key) override {
    admitted_.erase(key);
    std::erase_if(peers_, [&](const auto& peer) {
      return peer.second.identity->kind != Identity::Kind::kOperator && peer.second.identity->key == key;
    });
  }
  void Wake() override {}
  TransportStats Stats() const override { return {}; }
  std::size_t offers() const { return offers_; }
  // Connections whose content on its way was called back since the last call.
  std::set<ConnectionId> TakeRecalled() { return std::exchange(recalled_, {}); }

 private:
  struct Peer {
    IdentityPtr identity;
    std::vector<Bytes> received;
    bool blocked = false;
  };
  std::map<ConnectionId, Peer> peers_;
  std::set<ConnectionId> recalled_;
  std::map<TransportPublicKey, IdentityPtr> admitted_;
  std::deque<Incoming> incoming_;
  std::uint64_t last_ = 0;
  std::size_t offers_ = 0;
};

}  // namespace schakel::test
