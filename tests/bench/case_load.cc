// What a case file costs an agent: a trajectory of many records, opened; and a start with many trajectories.
// Usage: bench_case [RECORDS [TRAJECTORIES [RUNS]]]. Prints one JSON object; times in milliseconds, memory in MiB.
//
// The vaults are filled by the agent's own engine, in this process, against a running hub: everything is sealed,
// signed, accepted, handed over and proven as ever. Measured is the program schakel-agent, from outside.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "agents/body.h"
#include "agents/config.h"
#include "agents/start_engine.h"
#include "protocol/crypto.h"
#include "report.h"
#include "support/loopback.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

using bench::Latencies;
using bench::NowNs;

constexpr std::size_t kAtOnce = 200;  // Drafts in one synced write.
constexpr std::size_t kCommitsAhead = 20;
constexpr std::chrono::minutes kPatience{10};
constexpr const char* kPerson = "Lotte Vermeulen";

template <typename T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error(ToText(result.error()));
  return std::move(*result);
}
void Must(const Status& status) {
  if (!status) throw std::runtime_error(ToText(status.error()));
}

double Ms(std::uint64_t since_ns) { return static_cast<double>(NowNs() - since_ns) / 1e6; }

// ---- Filling ----

// The agent's engine in this process, in the place of its program, which must not run meanwhile.
std::unique_ptr<Engine> EngineOf(const RealAgent& agent) {
  const AgentConfig config = Must(LoadAgentConfig(agent.folder() / "agent.toml"));
  EngineParts parts;
  parts.store = Must(OpenVaultStore({.directory = config.vault, .master_key = Must(MasterKeyOf(config))}));
  return Must(StartEngine(std::move(parts)));
}

// What is said: drafts in order, in batches, and never far ahead of what the hub has taken.
class Filler {
 public:
  explicit Filler(Engine& engine) : engine_(engine) {}

  std::vector<RecordId> Say(const std::vector<Draft>& drafts) {
    std::vector<RecordId> ids;
    for (std::size_t begin = 0; begin < drafts.size(); begin += kAtOnce) {
      const auto end = std::min(begin + kAtOnce, drafts.size());
      const auto at = [&](std::size_t place) { return drafts.begin() + static_cast<std::ptrdiff_t>(place); };
      for (const RecordId& id : Must(engine_.SayAll({at(begin), at(end)}))) ids.push_back(id);
      if (++commits_ % kCommitsAhead == 0) Settle();
    }
    return ids;
  }
  void Settle() { Must(engine_.Settle(kPatience)); }

 private:
  Engine& engine_;
  std::size_t commits_ = 0;
};

Draft DraftOf(Kind kind, const TrajectoryId& trajectory, Category category, const TypedBody& body,
              const std::vector<OrgId>& recipients) {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = trajectory;
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = {category};
  draft.body = Must(EncodeBody(body));
  draft.recipients = recipients;
  return draft;
}

Draft NoteDraft(const TrajectoryId& trajectory, std::size_t number, const std::vector<OrgId>& recipients) {
  const NoteBody note{
      "Gesprek " + std::to_string(number),
      "We spraken af op de kamer. Het gaat wat beter op school, en thuis blijven de avonden moeilijk. Volgende week "
      "bellen we met de leerlingbegeleider en bekijken we samen hoe het weekend verliep."};
  return DraftOf(Kind::kNote, trajectory, Category::kLiving, note, recipients);
}
Draft ActionDraft(const TrajectoryId& trajectory, const OrgId& owner, std::size_t number, Timestamp due_at,
                  const std::vector<OrgId>& recipients) {
  const ActionBody action{"Bellen met de school, " + std::to_string(number), owner.value(), "Lotte", due_at};
  return DraftOf(Kind::kAction, trajectory, Category::kGoals, action, recipients);
}
Draft GoalDraft(const TrajectoryId& trajectory, const OrgId& owner, std::size_t number, Timestamp now,
                const std::vector<OrgId>& recipients) {
  const GoalBody goal{"Elke dag op tijd op school, " + std::to_string(number),
                      {owner.value()},
                      "mama",
                      now,
                      now + std::chrono::days(180)};
  return DraftOf(Kind::kGoal, trajectory, Category::kGoals, goal, recipients);
}
Draft About(Draft draft, const RecordId& first) {
  draft.thread = first;
  draft.references = {first};
  return draft;
}

// Of ten: six notes, a goal and a word on its progress, an action and that it was done.
void FillCase(RealAgent& agent, const TrajectoryId& trajectory, std::size_t records, const OrgId& partner) {
  const auto engine = EngineOf(agent);
  const OrgId self = engine->Self();
  const Timestamp now = SystemClock().Now();
  const std::vector<OrgId> to = {partner};
  Filler filler(*engine);
  std::vector<Draft> first;
  std::vector<Draft> goals;
  std::vector<Draft> actions;
  for (std::size_t i = 0; i < records / 10; ++i) {
    for (std::size_t note = 0; note < 6; ++note) first.push_back(NoteDraft(trajectory, i * 6 + note, to));
    goals.push_back(GoalDraft(trajectory, self, i, now, to));
    actions.push_back(ActionDraft(trajectory, self, i, now + std::chrono::days(i % 60), to));
  }
  filler.Say(first);
  std::vector<Draft> replies;
  for (const RecordId& goal : filler.Say(goals)) {
    const ProgressBody progress{GoalProgress::kOnTrack, "Vier dagen op vijf was het gelukt."};
    replies.push_back(About(DraftOf(Kind::kGoalProgress, trajectory, Category::kGoals, progress, to), goal));
  }
  for (const RecordId& action : filler.Say(actions)) {
    const ActionDoneBody done{true, "Gebeld, we horen nog iets."};
    replies.push_back(About(DraftOf(Kind::kActionDone, trajectory, Category::kGoals, done, to), action));
  }
  filler.Say(replies);
  filler.Settle();
}

// Each with a note and an action.
void FillTrajectories(RealAgent& agent, std::size_t count) {
  const auto engine = EngineOf(agent);
  const Timestamp now = SystemClock().Now();
  Filler filler(*engine);
  std::vector<Draft> openings;
  std::vector<Draft> rest;
  for (std::size_t i = 0; i < count; ++i) {
    Draft opening;
    opening.kind = Kind::kTrajectoryOpen;
    opening.trajectory = SystemRandom().Draw<TrajectoryId>();
    opening.control = TrajectoryOpen{Stage::kCapable};
    opening.body = Must(EncodeBody(OpeningBody{"Jongere " + std::to_string(i), Module::kMobile, "aanmelding"}));
    rest.push_back(NoteDraft(opening.trajectory, i, {}));
    rest.push_back(ActionDraft(opening.trajectory, engine->Self(), i, now + std::chrono::days(i % 60), {}));
    openings.push_back(std::move(opening));
  }
  filler.Say(openings);
  filler.Say(rest);
  filler.Settle();
}

// ---- Measuring ----

// From the exec until the socket takes a request; and until it was answered.
Json Start(RealAgent& agent) {
  const std::uint64_t begin = NowNs();
  agent.Launch();
  const bool there = WaitUntil([&] { return agent.Answers() || !agent.process().Running(); }, kPatience);
  if (!there || !agent.process().Running()) throw std::runtime_error("the agent did not start:\n" + agent.Log());
  const double listens = Ms(begin);
  agent.Client().MustGet("/v1/status");
  return {{"listens_ms", listens}, {"answers_ms", Ms(begin)}};
}

Json Memory(RealAgent& agent) {
  std::ifstream status("/proc/" + std::to_string(agent.process().pid()) + "/status");
  Json json;
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) json["now"] = std::stoull(line.substr(6)) / 1024;
    if (line.starts_with("VmHWM:")) json["most"] = std::stoull(line.substr(6)) / 1024;
  }
  return json;
}

// Asks as a browser does, without reading what comes.
class Asker {
 public:
  explicit Asker(const RealAgent& agent) : stream_(Stream::ToSocket(agent.socket())) {}

  // With a body, it is posted.
  double Ask(const std::string& target, const std::string& body = {}, std::size_t* bytes = nullptr) {
    const std::string request =
        HttpRequest(body.empty() ? "GET" : "POST", target, body, {{"Schakel-Person", PercentEncoded(kPerson)}});
    const std::uint64_t begin = NowNs();
    if (!stream_.Send(request)) throw std::runtime_error("cannot ask " + target);
    const HttpAnswer answer = ReadHttpAnswer(stream_, kPatience);
    const double took = Ms(begin);
    if (answer.status != 200) throw std::runtime_error(target + ": " + answer.body);
    if (bytes != nullptr) *bytes = answer.body.size();
    return took;
  }

 private:
  Stream stream_;
};

// The first, then `runs` more.
Json Requests(const RealAgent& agent, const std::string& target, int runs, const std::string& body = {}) {
  Asker asker(agent);
  std::size_t bytes = 0;
  const double first = asker.Ask(target, body, &bytes);
  Latencies following;
  for (int run = 0; run < runs; ++run) {
    following.Add(static_cast<std::uint64_t>(asker.Ask(target, body) * 1e6));
  }
  return {{"bytes", bytes},
          {"first_ms", first},
          {"p50_ms", following.Percentile(50) / 1000},
          {"p99_ms", following.Percentile(99) / 1000}};
}

// After each new record the case file has to be folded anew.
Json AfterNews(const RealAgent& agent, const std::string& path, int runs) {
  ApiClient client = agent.Client(kPerson);
  Asker asker(agent);
  Latencies times;
  for (int run = 0; run < runs; ++run) {
    client.MustPost(path + "/notes", LivingNote("Nieuws", "Er is iets nieuws."));
    times.Add(static_cast<std::uint64_t>(asker.Ask(path) * 1e6));
  }
  return {{"p50_ms", times.Percentile(50) / 1000}, {"p99_ms", times.Percentile(99) / 1000}};
}

std::uint64_t FeedOf(const RealAgent& agent) { return agent.Status()["feed"]; }

Json OneCase(std::size_t records, int runs) {
  RealRegion region({"gent", "aalst"});
  const std::string id = region.ShareCase();
  RealAgent& lead = region.agent(0);
  RealAgent& partner = region.agent(1);
  const TrajectoryId trajectory = Must(ParseId<TrajectoryId>(id));
  const std::uint64_t filling = NowNs();
  for (auto [from, to] : {std::pair(&lead, &partner), std::pair(&partner, &lead)}) {
    if (!WaitUntil([&] { return from->Synced(); }, kPatience)) throw std::runtime_error("never in step");
    from->process().Terminate();
    const std::uint64_t before = FeedOf(*to);
    const std::size_t half = records / 20 * 10;
    FillCase(*from, trajectory, half, OrgId(to->id()));
    if (!WaitUntil([&] { return FeedOf(*to) >= before + half; }, kPatience)) throw std::runtime_error("not received");
    from->Start();
  }
  Json json = {{"records", records / 20 * 20}, {"of_which_received", records / 20 * 10}, {"filled_ms", Ms(filling)}};
  const std::string path = "/v1/trajectories/" + id;
  lead.process().Terminate();
  json["start"] = Start(lead);
  json["rss_mib"]["started"] = Memory(lead);
  json["page"] = Requests(lead, path, runs);
  json["rss_mib"]["opened"] = Memory(lead);
  json["changes"] = Requests(lead, path + "/changes?limit=100", runs);
  json["notes_read"] = Requests(lead, path + "/notes?show=full&limit=100", runs);
  json["goals"] = Requests(lead, path + "/goals?limit=100", runs);
  json["search"] = Requests(lead, "/v1/search?limit=20", runs, R"({"words": "leerlingbegeleider"})");
  json["page_after_news"] = AfterNews(lead, path, runs);
  json["rss_mib"]["used"] = Memory(lead);
  return json;
}

Json ManyTrajectories(std::size_t count, int runs) {
  RealRegion region({"gent"});
  RealAgent& agent = region.agent(0);
  agent.process().Terminate();
  const std::uint64_t filling = NowNs();
  FillTrajectories(agent, count);
  Json json = {{"trajectories", count}, {"records", count * 3}, {"filled_ms", Ms(filling)}};
  json["starts"] = Json::array();
  for (int start = 0; start < 3; ++start) {
    json["starts"].push_back(Start(agent));
    if (start < 2) agent.process().Terminate();
  }
  json["rss_mib"]["started"] = Memory(agent);
  json["list"] = Requests(agent, "/v1/trajectories?limit=100", runs);
  json["inbox"] = Requests(agent, "/v1/inbox?limit=100", runs);
  json["rss_mib"]["used"] = Memory(agent);
  return json;
}

std::size_t NumberOr(char** words, int count, int place, std::size_t usual) {
  return place < count ? std::strtoull(words[place], nullptr, 10) : usual;
}

int Main(int argc, char** argv) {
  const std::size_t records = NumberOr(argv, argc, 1, 10'000);
  const std::size_t trajectories = NumberOr(argv, argc, 2, 5'000);
  const int runs = static_cast<int>(NumberOr(argv, argc, 3, 21));
  if (records < 20 || trajectories < 1 || runs < 1) {
    std::cerr << "bench_case: error: at least 20 records, 1 trajectory and 1 run\n"
              << "hint: bench_case [RECORDS [TRAJECTORIES [RUNS]]]\n";
    return 2;
  }
  InitCrypto();
  Json json;
  json["case"] = OneCase(records, runs);
  json["start"] = ManyTrajectories(trajectories, runs);
  std::cout << json.dump(2) << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::testing

int main(int argc, char** argv) {
  try {
    return schakel::testing::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "bench_case: error: " << error.what() << '\n';
    return 1;
  }
}
