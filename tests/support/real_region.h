// A hub and agents as real processes in a folder, set up as an operator would; the registrar's key is the test's.
#pragma once

#include <filesystem>
#include <list>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/curve_client.h"
#include "support/loopback.h"
#include "support/process.h"
#include "support/real_hub.h"

namespace schakel::testing {

using Json = nlohmann::ordered_json;

struct Reply {
  int status = 0;  // 0: no whole answer came.
  Json json;
  bool cut = false;  // It was sent, and the connection ended.
  bool ok() const { return status >= 200 && status < 300; }
};
// A person's program at an agent's local API. One connection, made anew when it is gone.
class ApiClient {
 public:
  explicit ApiClient(std::filesystem::path socket, std::string person = "Lotte Vermeulen", std::string role = {})
      : socket_(std::move(socket)), person_(std::move(person)), role_(std::move(role)) {}
  void TakeRole(std::string role) { role_ = std::move(role); }
  Reply Get(const std::string& target) { return Ask("GET", target, {}, 0); }
  // `wait`: how many seconds for the hub's answer.
  Reply Post(const std::string& target, const Json& body, int wait = 0) {
    return Ask("POST", target, body.dump(), wait);
  }
  // These throw, with the answer, unless it is 2xx.
  Json MustGet(const std::string& target);
  Json MustList(const std::string& target, const std::string& name);  // Page after page.
  Json MustPost(const std::string& target, const Json& body, int wait = 0);

 private:
  Reply Ask(std::string_view method, const std::string& target, const std::string& body, int wait);
  std::filesystem::path socket_;
  std::string person_;
  std::string role_;  // Empty: a worker.
  Stream stream_;
};

class RealAgent {
 public:
  RealAgent(std::filesystem::path folder, std::string id, const std::filesystem::path& profiles = {});

  void Launch(const Environment& environment = {});
  void Start(const Environment& environment = {});  // And waits until its API answers; throws with its log otherwise.
  bool Answers() const { return Stream::ToSocket(socket()).open(); }
  Process& process() { return process_; }
  std::vector<std::string> Command(std::vector<std::string> words) const;

  ApiClient Client(const std::string& person = "Lotte Vermeulen", const std::string& role = {}) const {
    return ApiClient(socket(), person, role);
  }
  Json Status() const { return Client().MustGet("/v1/status"); }
  bool Synced() const;  // Connected, and nothing waits to be sent.
  std::string Log() const { return ReadFile(log_); }

  const std::string& id() const { return id_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path vault() const { return folder_ / "vault"; }
  std::filesystem::path socket() const { return folder_ / "agent.sock"; }
  std::filesystem::path log_file() const { return log_; }

 private:
  std::filesystem::path folder_;
  std::filesystem::path log_;
  std::string id_;
  Process process_;
};

// An organisation without an agent, on a connection written by hand.
class RawMember : public RawOrganisation {
 public:
  using RawOrganisation::RawOrganisation;

  // And is welcomed. `receive_buffer`: bytes that the kernel may hold for it; 0: as usual.
  bool Connect(const HubAddress& hub, int receive_buffer = 0);
  bool Send(const Bytes& message) { return wire_ && wire_->Send(message, false); }
  bool Send(const MessagePayload& payload) { return Send(EncodeMessage({++request_, payload})); }
  std::optional<Message> Receive();
  // The next message of this type; others before it are passed over. Nothing: the connection ended, or 5 s passed.
  template <typename M>
  std::optional<M> Await() {
    while (auto message = Receive()) {
      if (auto* wanted = std::get_if<M>(&message->payload)) return std::move(*wanted);
    }
    return std::nullopt;
  }
  // Seals, signs and submits these, and waits for what the hub says of each.
  std::optional<SubmitAck> Submit(const std::vector<std::pair<Header, std::vector<RecipientKey>>>& records,
                                  std::size_t body_bytes = 16);
  // Likewise, one; throws unless it is taken.
  Sequence Say(const Header& header, const std::vector<RecipientKey>& recipients = {});
  test::CurveClient& wire() { return *wire_; }
  void Disconnect() { wire_.reset(); }
  std::uint64_t NextRequest() { return ++request_; }

 private:
  std::string origin_;
  std::unique_ptr<test::CurveClient> wire_;
  std::uint64_t request_ = 0;
};

class RealRegion {
 public:
  // A running hub with these organisations enrolled, each `agents` one with a running agent.
  explicit RealRegion(const std::vector<std::string>& agents, const std::vector<RawMember*>& raw = {},
                      const std::string& limits = {});
  ~RealRegion();

  RealHub& hub() { return hub_; }
  std::list<RealAgent>& agents() { return agents_; }
  RealAgent& agent(std::size_t index) { return *std::next(agents_.begin(), static_cast<std::ptrdiff_t>(index)); }
  const std::filesystem::path& folder() const { return folder_.path(); }

  // The first agent opens a trajectory, the others join, all know each other, and all may receive notes on living.
  // Yields the trajectory; every agent has all that.
  std::string ShareCase();
  // What `agent` asked for with keys rotate is exported, signed and applied, as the operator and the registrars do.
  void PutKeysIntoForce(RealAgent& agent);
  // Another organisation, enrolled and with a running agent that reads these profiles.
  RealAgent& Add(const std::string& id, const std::string& sector, const std::filesystem::path& profiles);
  // Agents, then the hub: each must end by itself with 0 on SIGTERM. Throws otherwise.
  void Stop();

 private:
  void Enrol(RealAgent& agent, const std::string& sector);

  TemporaryFolder folder_;
  RealHub hub_;
  std::list<RealAgent> agents_;
  int exports_ = 0;
};

// A grant of what notes on living need, as the API takes it.
Json LivingGrant(const std::string& organisation);
Json LivingNote(const std::string& title, const std::string& text);
std::string PercentEncoded(const std::string& text);

}  // namespace schakel::testing
