#include "support/real_region.h"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>

namespace schakel::testing {
namespace {

constexpr const char* kSector = "youth-care";

void Require(bool held, const std::string& what) {
  if (!held) throw std::runtime_error(what);
}

}  // namespace

std::string PercentEncoded(const std::string& text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

// ---- people ----

Reply ApiClient::Ask(std::string_view method, const std::string& target, const std::string& body, int wait) {
  HttpHeaders headers{{"Schakel-Person", PercentEncoded(person_)}, {"Accept-Language", "en"}};
  if (!role_.empty()) headers["Schakel-Role"] = role_;
  if (wait > 0) headers["Prefer"] = "wait=" + std::to_string(wait);
  if (!stream_.open() || stream_.ended()) stream_ = Stream::ToSocket(socket_);
  HttpAnswer answer;
  const bool sent = stream_.open() && stream_.Send(HttpRequest(method, target, body, headers));
  if (sent) answer = ReadHttpAnswer(stream_);
  if (answer.status == 0) stream_.Close();
  return {answer.status, Json::parse(answer.body, nullptr, false), sent && answer.status == 0};
}

Json ApiClient::MustGet(const std::string& target) {
  const Reply reply = Get(target);
  Require(reply.ok(), "GET " + target + ": " + std::to_string(reply.status) + " " + reply.json.dump());
  return reply.json;
}

Json ApiClient::MustList(const std::string& target, const std::string& name) {
  Json all = Json::array();
  std::string cursor;
  for (bool more = true; more;) {
    const char* sign = target.contains('?') ? "&" : "?";
    const Json page = MustGet(cursor.empty() ? target : target + sign + "cursor=" + cursor);
    for (const Json& one : page[name]) all.push_back(one);
    more = page["next"].is_string();
    if (more) cursor = page["next"];
  }
  return all;
}

Json ApiClient::MustPost(const std::string& target, const Json& body, int wait) {
  const Reply reply = Post(target, body, wait);
  Require(reply.ok(), "POST " + target + ": " + std::to_string(reply.status) + " " + reply.json.dump());
  return reply.json;
}

// ---- agents ----

RealAgent::RealAgent(std::filesystem::path folder, std::string id, const std::filesystem::path& profiles)
    : folder_(std::move(folder)), log_(folder_.parent_path() / (id + ".log")), id_(std::move(id)) {
  std::vector<std::string> words = {Program("schakel-agent"), "init", "--data", folder_};
  if (!profiles.empty()) words.insert(words.end(), {"--profiles", profiles});
  MustRun(words);
}

std::vector<std::string> RealAgent::Command(std::vector<std::string> words) const {
  words.insert(words.begin(), Program("schakel-agent"));
  words.insert(words.end(), {"--config", (folder_ / "agent.toml").string()});
  return words;
}

void RealAgent::Launch(const Environment& environment) { process_ = Process(Command({"run"}), log_, environment); }

void RealAgent::Start(const Environment& environment) {
  Launch(environment);
  const bool there = WaitUntil([this] { return !process_.Running() || Answers(); }) && process_.Running();
  Require(there, id_ + " did not start:\n" + Log());
}

bool RealAgent::Synced() const {
  const Reply status = Client().Get("/v1/status");
  return status.ok() && status.json["connected"] == true && status.json["outbox"] == 0;
}

// ---- by hand ----

bool RawMember::Connect(const HubAddress& hub, int receive_buffer) {
  origin_ = hub.origin;
  wire_ = std::make_unique<test::CurveClient>(hub.endpoint, hub.transport);
  if (receive_buffer > 0) wire_->SetReceiveBuffer(receive_buffer);
  return wire_->Connect(transport_key()) && Send(Hello{"raw", {}, {}}) && Await<Welcome>().has_value();
}

std::optional<Message> RawMember::Receive() {
  const auto frame = wire_ ? wire_->Receive() : std::nullopt;
  if (!frame) return std::nullopt;
  CodecLimits limits;
  limits.bytes_max = 16U << 20;
  auto message = DecodeMessage(*frame, limits);
  Require(message.has_value(), "the hub sent what does not decode");
  return std::move(*message);
}

std::optional<SubmitAck> RawMember::Submit(const std::vector<std::pair<Header, std::vector<RecipientKey>>>& records,
                                           std::size_t body_bytes) {
  std::vector<SealedRecord> sealed;
  for (const auto& [header, recipients] : records) sealed.push_back(Seal(origin_, header, body_bytes, recipients));
  if (!Send(EncodeSubmit(std::move(sealed), ++request_))) return std::nullopt;
  return Await<SubmitAck>();
}

Sequence RawMember::Say(const Header& header, const std::vector<RecipientKey>& recipients) {
  const auto ack = Submit({{header, recipients}});
  Require(ack && ack->outcomes.size() == 1, id().value() + " had no answer");
  const Outcome& outcome = ack->outcomes[0];
  Require(!outcome.error, outcome.error ? ToText(*outcome.error) : "");
  return outcome.sequence;
}

// ---- region ----

RealRegion::RealRegion(const std::vector<std::string>& agents, const std::vector<RawMember*>& raw,
                       const std::string& limits)
    : hub_(folder_.path() / "hub", limits) {
  hub_.Start();
  hub_.ApplyCeilings({kSector, "school-support"});
  std::vector<Statement> statements;
  for (RawMember* member : raw) statements.emplace_back(member->Statement());
  if (!raw.empty()) hub_.Apply(statements);
  for (const std::string& id : agents) {
    agents_.emplace_back(folder_.path() / id, id);
    Enrol(agents_.back(), kSector);
  }
  for (RealAgent& agent : agents_) agent.Start();  // Now that the directory is whole.
  for (RealAgent& agent : agents_) {
    const bool knows_all = WaitUntil([&] {
      return agent.Client().MustGet("/v1/organisations")["organisations"].size() == agents.size() + raw.size();
    });
    Require(knows_all, agent.id() + " does not know everyone:\n" + agent.Log());
  }
}

RealRegion::~RealRegion() {
  // What the processes said is the first thing that one wants to know of a test that failed.
  if (!::testing::Test::HasFailure() && std::uncaught_exceptions() == 0) return;
  const auto tail = [](const std::string& text) { return text.substr(text.size() > 2000 ? text.size() - 2000 : 0); };
  std::fprintf(stderr, "--- hub\n%s\n", tail(hub_.Log()).c_str());
  for (RealAgent& agent : agents_) std::fprintf(stderr, "--- %s\n%s\n", agent.id().c_str(), tail(agent.Log()).c_str());
}

RealAgent& RealRegion::Add(const std::string& id, const std::string& sector, const std::filesystem::path& profiles) {
  RealAgent& agent = agents_.emplace_back(folder_.path() / id, id, profiles);
  Enrol(agent, sector);
  agent.Start();
  for (RealAgent& one : agents_) {
    const bool knows_all =
        WaitUntil([&] { return one.Client().MustGet("/v1/organisations")["organisations"].size() == agents_.size(); });
    Require(knows_all, one.id() + " does not know everyone:\n" + one.Log());
  }
  return agent;
}

void RealRegion::Enrol(RealAgent& agent, const std::string& sector) {
  const auto file = [&](const char* what) { return (folder_.path() / (agent.id() + what)).string(); };
  MustRun(hub_.Command({"token", "--org", agent.id(), "--sector", sector, "--output", file(".invitation")}));
  MustRun(agent.Command({"enrol", "--invitation", file(".invitation")}));
  MustRun(hub_.Command({"request", "--org", agent.id(), "--output", file(".request")}));
  hub_.Apply(std::vector<Bytes>{ToBytes(AsBytes(ReadFile(file(".request"))))});
  MustRun(agent.Command({"enrol", "--wait"}));
}

void RealRegion::PutKeysIntoForce(RealAgent& agent) {
  const auto file = folder_.path() / (agent.id() + ".keys-" + std::to_string(++exports_));
  MustRun(hub_.Command({"request", "--org", agent.id(), "--output", file}));
  hub_.Apply(std::vector<Bytes>{ToBytes(AsBytes(ReadFile(file)))});
}

std::string RealRegion::ShareCase() {
  ApiClient lead = agent(0).Client();
  const std::string id = lead.MustPost("/v1/trajectories", {{"label", "Milan"}}, 10)["trajectory"];
  const std::string path = "/v1/trajectories/" + id;
  lead.MustPost(path + "/grants", LivingGrant(agent(0).id()));
  for (std::size_t i = 1; i < agents_.size(); ++i) {
    lead.MustPost(path + "/invitations", {{"organisation", agent(i).id()}}, 10);
    ApiClient partner = agent(i).Client();
    Require(WaitUntil([&] { return partner.Get(path).ok(); }), agent(i).id() + " has no invitation");
    partner.MustPost(path + "/join", Json::object(), 10);
    const bool joined = WaitUntil([&] {
      const Json trajectory = lead.MustGet(path);
      for (const Json& member : trajectory["members"]) {
        if (member["organisation"]["id"] == agent(i).id() && member["status"] == "joined") return true;
      }
      return false;
    });
    Require(joined, agent(i).id() + " did not join");
    lead.MustPost(path + "/grants", LivingGrant(agent(i).id()), 10);
    for (std::size_t j = 1; j < i; ++j) {
      lead.MustPost(path + "/introductions", {{"member", agent(i).id()}, {"to", agent(j).id()}, {"both", true}}, 10);
    }
  }
  // Everyone's notes reach everyone: nobody is left to be introduced, no grant is under way.
  for (RealAgent& one : agents_) {
    const bool reaches_all = WaitUntil([&] {
      Json note = LivingNote("-", "-");
      note["preview"] = true;
      const Reply reply = one.Client().Post(path + "/notes", note);
      return reply.ok() && reply.json["reaches"].size() + 1 >= agents_.size();
    });
    Require(reaches_all, one.id() + " does not reach everyone");
  }
  return id;
}

void RealRegion::Stop() {
  for (RealAgent& agent : agents_) {
    const int code = agent.process().Terminate();
    Require(code == 0, agent.id() + " ended with " + std::to_string(code) + "\n" + agent.Log());
  }
  const int code = hub_.process().Terminate();
  Require(code == 0, "the hub ended with " + std::to_string(code) + "\n" + hub_.Log());
}

Json LivingGrant(const std::string& organisation) {
  return {{"organisation", organisation},      {"purposes", {"care-coordination"}},
          {"categories", {"living", "goals"}}, {"ends_at", ToText(SystemClock().Now() + std::chrono::hours(24 * 60))},
          {"consented_by", "Milan (17)"},      {"how", "gesprek op de kamer"},
          {"witness", "Karim Daems"},          {"oral", true}};
}

Json LivingNote(const std::string& title, const std::string& text) {
  return {{"title", title}, {"text", text}, {"categories", {"living"}}};
}

}  // namespace schakel::testing
