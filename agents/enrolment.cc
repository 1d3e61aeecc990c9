#include "agents/enrolment.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include "protocol/crypto.h"
#include "protocol/wire.h"

namespace schakel {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view kRefused = "connection.refused";
constexpr int kRefusedMax = 4;  // In a row, with both keys.
constexpr std::string_view kEnrolDomain = "schakel/enrol/v1";
constexpr std::chrono::milliseconds kAskAgain{1'000};
constexpr std::chrono::milliseconds kFirstAnswer{20'000};  // Without patience of the caller's own.
constexpr std::chrono::milliseconds kOneKey{5'000};        // Then the other key is tried.

// What a connection reports, for a thread that waits for it.
class Mailbox final : public ConnectionEvents {
 public:
  struct Event {
    std::optional<LinkId> connected;
    std::optional<Bytes> message;  // Neither: disconnected.
    bool refused = false;          // For its key.
  };

  void OnConnected(LinkId id) override { Put({id, {}, false}); }
  void OnMessage(LinkId, Bytes message) override { Put({{}, std::move(message), false}); }
  void OnDisconnected(const Error& why) override { Put({{}, {}, why.rule == kRefused}); }

  std::optional<Event> Next(steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_until(lock, until, [this] { return !events_.empty(); })) return std::nullopt;
    Event event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

 private:
  void Put(Event event) {
    std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    arrived_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Event> events_;
};

Message RequestFor(const Membership& membership, const AgentKeys& keys) {
  EnrolRequest request;
  request.keys = keys.Public();
  const Bytes proof = EnrolProofBytes(membership.organisation, request.keys);
  request.proof_record = Sign(keys.record, kEnrolDomain, proof);
  request.proof_cosign = Sign(keys.cosign, kEnrolDomain, proof);
  return {1, request};
}

std::unexpected<Error> Offline() {
  return Fail(Code::kUnavailable, "hub.offline", {},
              "check that the hub runs, its address and the firewall, then run enrol again");
}

// Talks over one connection until the hub has the request, it is settled, or `until`.
// kUnavailable: this key got no answer. kDenied ("enrol.invitation"): the hub does not let it in.
Result<EnrolState> Ask(HubConnection& connection, const std::optional<Message>& request, bool wait_for_approval,
                       steady_clock::time_point until) {
  Mailbox mailbox;
  connection.Start(mailbox);
  struct Stop {
    HubConnection& connection;
    ~Stop() { connection.Stop(); }
  } stop{connection};

  const Bytes query = EncodeMessage({2, EnrolStatusQuery{}});
  std::optional<LinkId> link;
  std::optional<EnrolState> last;
  auto ask_at = until;
  for (;;) {
    auto event = mailbox.Next(std::min(until, ask_at));
    if (!event) {
      if (steady_clock::now() >= until) return last ? Result<EnrolState>(*last) : Offline();
      if (link) connection.Send(*link, query);
      ask_at = steady_clock::now() + kAskAgain;
    } else if (event->connected) {
      link = event->connected;
      connection.Send(*link, request ? EncodeMessage(*request) : query);
    } else if (!event->message) {
      link.reset();
      if (event->refused) {
        return Fail(Code::kDenied, "enrol.invitation", "invitation",
                    "the hub does not accept this invitation any more: it was withdrawn, replaced by a later one, or "
                    "has expired; ask its operator for a new one");
      }
      if (last) return *last;  // A token that was used up goes away: the own key is next.
    } else {
      SCHAKEL_ASSIGN(const Message message, DecodeMessage(*event->message));
      if (const auto* error = std::get_if<Error>(&message.payload)) return std::unexpected(*error);
      const auto* status = std::get_if<EnrolStatus>(&message.payload);
      if (!status) continue;
      last = status->state;
      if (!wait_for_approval || status->state == EnrolState::kApproved || status->state == EnrolState::kRefused) {
        return *last;
      }
      ask_at = steady_clock::now() + kAskAgain;
    }
  }
}

Result<std::unique_ptr<HubConnection>> ConnectOverZmq(const Membership& membership, TransportKey key) {
  ZmqConnectionOptions options;
  options.endpoint = membership.endpoint;
  options.server = membership.hub_transport;
  options.client = std::move(key);
  options.backoff_max = std::chrono::milliseconds(2'000);
  return OpenZmqConnection(std::move(options));
}

Status Settle(Vault& vault, Membership membership, EnrolState state) {
  VaultBatch batch;
  // Who asks for new keys stays a member with the old ones meanwhile.
  if (membership.state != EnrolState::kApproved) membership.state = state;
  batch.PutMembership(membership);
  if (state == EnrolState::kApproved) batch.DropToken();
  return vault.Commit(batch);
}

}  // namespace

namespace {

// The keys that are asked for with the invitation in the vault.
Result<std::optional<AgentKeys>> AskedKeys(const Vault& vault) {
  SCHAKEL_ASSIGN(const auto token, vault.Token());
  SCHAKEL_ASSIGN(auto next, vault.NextKeys());
  if (token && next) return next;
  return vault.Keys();
}

Status AskForNewKeys(Vault& vault, const Invitation& invitation) {
  VaultBatch batch;
  SCHAKEL_ASSIGN(const auto next, vault.NextKeys());
  if (!next) batch.PutNextKeys(AgentKeys::Generate());
  batch.PutToken(invitation.token);
  return vault.Commit(batch);
}

}  // namespace

Status PrepareEnrolment(Vault& vault, const Invitation& invitation, EnrolKeys which) {
  SCHAKEL_ASSIGN(const auto known, vault.LoadMembership());
  const bool other = known && (known->organisation != invitation.organisation || known->hub_log != invitation.hub_log);
  // Where nothing was ever approved and the hub refused, nothing is bound yet.
  if (other && known->state != EnrolState::kRefused) {
    return Fail(Code::kConflict, "enrol.other", "invitation",
                "this vault belongs to " + known->organisation.value() + "; use another data folder");
  }
  if (known && known->state == EnrolState::kApproved) {
    return which == EnrolKeys::kNew ? AskForNewKeys(vault, invitation) : Status();
  }
  Membership membership;
  membership.organisation = invitation.organisation;
  membership.sector = invitation.sector;
  membership.endpoint = invitation.endpoint;
  membership.hub_transport = invitation.hub_transport;
  membership.hub_log = invitation.hub_log;
  membership.registrars = invitation.registrars;
  VaultBatch batch;
  batch.PutMembership(membership);
  batch.PutToken(invitation.token);
  SCHAKEL_ASSIGN(const auto keys, vault.Keys());
  if (!keys || other) batch.PutKeys(AgentKeys::Generate());
  if (!keys) batch.PutPseudonymKey(Secret<32>::Generate());
  return vault.Commit(batch);
}

Result<std::string> OwnFingerprint(const Vault& vault) {
  SCHAKEL_ASSIGN(const auto membership, vault.LoadMembership());
  SCHAKEL_ASSIGN(const auto keys, AskedKeys(vault));
  if (!membership || !keys) {
    return Fail(Code::kNotFound, "agent.enrolment", {}, "enrol first: schakel-agent enrol");
  }
  return Fingerprint(membership->organisation, keys->Public());
}

Result<EnrolState> Enrol(Vault& vault, std::chrono::milliseconds patience, const ConnectAs& connect) {
  SCHAKEL_ASSIGN(const auto membership, vault.LoadMembership());
  SCHAKEL_ASSIGN(const auto keys, AskedKeys(vault));
  if (!membership || !keys) {
    return Fail(Code::kNotFound, "agent.enrolment", {}, "enrol with an invitation: schakel-agent enrol --invitation");
  }
  SCHAKEL_ASSIGN(const auto token, vault.Token());
  if (membership->state == EnrolState::kApproved && !token) return EnrolState::kApproved;
  const bool wait = patience.count() > 0;
  const auto end = steady_clock::now() + (wait ? patience : kFirstAnswer);

  const auto refuse = [&](Error why) -> Result<EnrolState> {
    SCHAKEL_TRY(Settle(vault, *membership, EnrolState::kRefused));
    return std::unexpected(std::move(why));
  };

  // The token until the hub has approved; then, since a used token is let in no longer, the own key.
  bool with_token = token.has_value();
  EnrolState state = EnrolState::kUnknown;
  int refused = 0;
  while (steady_clock::now() < end) {
    TransportKey key = with_token ? KeyOfToken(token->view()) : TransportKey::FromSecret(keys->transport.secret.view());
    SCHAKEL_ASSIGN(auto connection,
                   connect ? connect(*membership, std::move(key)) : ConnectOverZmq(*membership, std::move(key)));
    const std::optional<Message> request = with_token ? std::optional(RequestFor(*membership, *keys)) : std::nullopt;
    // With the token there may be much to wait for; a key that is not admitted gets no answer at all.
    const auto until = std::min(end, steady_clock::now() + kOneKey);
    auto answer = Ask(*connection, request, wait, until);
    const bool turned_away = !answer && answer.error().rule == "enrol.invitation";
    // One of the two keys is always turned away; both, only when neither is worth anything.
    refused = turned_away ? refused + 1 : 0;
    if (answer) {
      state = *answer;
    } else if (turned_away) {
      if (refused >= kRefusedMax) return refuse(answer.error());
    } else if (answer.error().rule.starts_with("enrol.")) {
      return refuse(answer.error());
    } else if (answer.error().rule != "hub.offline") {
      return std::unexpected(answer.error());
    }
    if (state == EnrolState::kRefused) {
      return refuse({Code::kDenied, "enrol.refused", "invitation", "ask the operator for a new invitation"});
    }
    if (state == EnrolState::kApproved) break;
    if (!wait && state == EnrolState::kPending) break;
    if (token && !answer) with_token = !with_token;
  }
  if (state == EnrolState::kUnknown) return Offline();
  SCHAKEL_TRY(Settle(vault, *membership, state));
  return state;
}

}  // namespace schakel
