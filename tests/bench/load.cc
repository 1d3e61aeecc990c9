// The load driver for the whole path: a real schakel-hub process, organisations with real keys over CURVE, signed and
// sealed records, consent decided, log sealed and synced. Nothing is turned off.
//
//   load [--seconds=S] [--runs=N] [--directory=DIR] [--hub=PROGRAM] [--case=AGENTSxWINDOW] [PART..]
// PART: limits throughput latency restart. --case: of throughput that one alone, for a profiler.
// Prints TSV: name, parameters, median, unit, lowest, highest. Progress goes to stderr.
#include <sys/resource.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unordered_map>
#include <zmq.hpp>

#include "load_agent.h"
#include "machine.h"
#include "protocol/crypto.h"
#include "report.h"
#include "support/real_hub.h"

namespace schakel::bench {
namespace {

using testing::RealHub;

struct Options {
  double seconds = 3;
  int runs = 3;
  std::filesystem::path directory = "/tmp";
  std::filesystem::path hub = "build/release/bin/schakel-hub";
  std::string only;  // "16x64": that case of throughput alone.
  std::vector<std::string> parts;
  bool Has(const std::string& part) const {
    return parts.empty() || std::find(parts.begin(), parts.end(), part) != parts.end();
  }
};

constexpr std::size_t kBodyBytes = 512;

// A hub with `writers` organisations that each lead a trajectory, and `readers` that are members of all of them with a
// grant for what is written.
class Region {
 public:
  Region(const Options& options, std::size_t writers, std::size_t readers, std::size_t idle = 0)
      : folder_(options.directory), hub_(folder_.path() / "hub", {}, options.hub) {
    for (std::size_t i = 0; i < writers; ++i) writers_.emplace_back("writer-" + std::to_string(i), "youth-care");
    for (std::size_t i = 0; i < readers; ++i) readers_.emplace_back("reader-" + std::to_string(i), "school-support");
    for (std::size_t i = 0; i < idle; ++i) idle_.emplace_back("idle-" + std::to_string(i), "school-support");
    std::vector<Statement> statements;
    for (const auto* list : {&writers_, &readers_, &idle_}) {
      for (const LoadAgent& agent : *list) statements.emplace_back(agent.Statement());
    }
    hub_.Start();
    hub_.ApplyCeilings({"school-support", "youth-care"});
    hub_.Apply(statements);
    for (LoadAgent& writer : writers_) writer.Connect(hub_.address());
    for (LoadAgent& reader : readers_) reader.Connect(hub_.address());
    for (LoadAgent& writer : writers_) Found(writer);
  }

  RealHub& hub() { return hub_; }
  double RssMiB() { return testing::RssMiB(hub_.process().pid()); }
  double Entries() const { return hub_.Metric("hub_log_entries"); }
  std::vector<LoadAgent>& writers() { return writers_; }
  std::vector<LoadAgent>& readers() { return readers_; }
  std::vector<RecipientKey> ReaderKeys(std::size_t count) const {
    std::vector<RecipientKey> keys;
    for (std::size_t i = 0; i < count; ++i) keys.push_back(readers_[i].AsRecipient());
    return keys;
  }
  TrajectoryId TrajectoryOf(const LoadAgent& writer) const { return trajectories_.at(writer.id().value()); }

  // `count` submit messages of `batch` records each, sealed and signed before the clock runs.
  std::vector<Bytes> Prepare(const LoadAgent& writer, std::size_t count, std::size_t batch,
                             std::size_t recipients) const {
    const std::vector<RecipientKey> keys = ReaderKeys(recipients);
    std::vector<Bytes> messages;
    messages.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<SealedRecord> records;
      for (std::size_t j = 0; j < batch; ++j) {
        records.push_back(writer.Seal(writer.NewHeader(Kind::kNote, TrajectoryOf(writer)), kBodyBytes, keys));
      }
      messages.push_back(writer.EncodeSubmit(std::move(records), i + 1));
    }
    return messages;
  }

 private:
  // Opens a trajectory, invites the readers, lets them join, and grants them what concerns school.
  void Found(LoadAgent& writer) {
    const auto trajectory = SystemRandom().Draw<TrajectoryId>();
    trajectories_[writer.id().value()] = trajectory;
    Header open = writer.NewHeader(Kind::kTrajectoryOpen, trajectory);
    open.control = TrajectoryOpen();
    writer.Say({{open, {}}});
    const Timestamp later = SystemClock().Now() + std::chrono::hours(24 * 30);
    for (LoadAgent& reader : readers_) {
      Header invite = writer.NewHeader(Kind::kMemberInvite, trajectory);
      invite.control = MemberInvite{reader.id(), later};
      Header grant = writer.NewHeader(Kind::kGrantGive, trajectory);
      GrantGive terms;
      terms.recipient = reader.id();
      terms.purposes = {Purpose::kCareCoordination};
      terms.categories = {Category::kSchool};
      terms.begins_at = SystemClock().Now() - std::chrono::hours(1);
      terms.ends_at = later;
      grant.control = terms;
      writer.Say({{invite, {}}, {grant, {}}});
      Header join = reader.NewHeader(Kind::kMemberJoin, trajectory);
      join.control = MemberJoin{invite.id};
      reader.Say({{join, {}}});
    }
  }

  testing::TemporaryFolder folder_;
  RealHub hub_;
  std::vector<LoadAgent> writers_, readers_, idle_;
  std::unordered_map<std::string, TrajectoryId> trajectories_;
};

// How many records a message carries when `window` may be in flight: an agent fills batches while others are under way.
std::size_t BatchFor(std::size_t window) { return window == 1 ? 1 : window <= 64 ? 16 : 64; }

std::size_t CountAccepted(const SubmitAck& ack) {
  for (const Outcome& outcome : ack.outcomes) {
    if (outcome.error) Die(ToText(*outcome.error));
  }
  return ack.outcomes.size();
}

// ---- throughput: acknowledged records/s, and the latency of an acknowledgement ----

struct Pusher {
  LoadAgent* agent;
  std::vector<Bytes> messages;
  std::vector<std::uint64_t> sent_at;
  std::size_t next = 0;
  std::size_t in_flight = 0;  // Messages.
};

void RunThroughput(Region& region, std::size_t connections, std::size_t window, double seconds, double expected_rate,
                   Report& report) {
  const std::size_t batch = BatchFor(window);
  const std::size_t messages_in_flight = window / batch;
  const auto per_agent =
      static_cast<std::size_t>(expected_rate * seconds / static_cast<double>(connections * batch)) + 1;
  std::vector<Pusher> pushers(connections);
  std::vector<std::thread> sealing;  // Both cores seal before the clock runs.
  for (std::size_t half = 0; half < 2; ++half) {
    sealing.emplace_back([&, half] {
      for (std::size_t i = half; i < connections; i += 2) {
        pushers[i].agent = &region.writers()[i];
        pushers[i].messages = region.Prepare(region.writers()[i], per_agent, batch, 1);
        pushers[i].sent_at.resize(per_agent);
      }
    });
  }
  for (std::thread& thread : sealing) thread.join();

  Latencies latencies;
  std::size_t acknowledged = 0;
  const auto send = [&](Pusher& pusher) {
    pusher.sent_at[pusher.next] = NowNs();
    pusher.agent->Send(pusher.messages[pusher.next++]);
    ++pusher.in_flight;
  };
  std::vector<zmq::pollitem_t> polls;
  for (Pusher& pusher : pushers) polls.push_back({pusher.agent->socket(), 0, ZMQ_POLLIN, 0});
  const std::uint64_t begin = NowNs();
  const auto end = begin + static_cast<std::uint64_t>(seconds * 1e9);
  for (Pusher& pusher : pushers) {
    while (pusher.in_flight < messages_in_flight && pusher.next < per_agent) send(pusher);
  }
  std::uint64_t last = begin;
  bool open = true;
  while (open) {
    zmq::poll(polls.data(), polls.size(), std::chrono::milliseconds(10'000));
    const bool may_send = NowNs() < end;
    open = false;
    for (Pusher& pusher : pushers) {
      while (auto message = pusher.agent->Receive(0)) {
        if (auto* error = std::get_if<Error>(&message->payload)) Die(ToText(*error));
        auto* ack = std::get_if<SubmitAck>(&message->payload);
        if (!ack) continue;
        last = NowNs();
        latencies.Add(last - pusher.sent_at[message->request - 1]);
        acknowledged += CountAccepted(*ack);
        --pusher.in_flight;
        if (may_send && pusher.next < per_agent) send(pusher);
      }
      if (pusher.in_flight > 0) open = true;
    }
  }
  const std::string parameters = "agents=" + std::to_string(connections) + " window=" + std::to_string(window);
  report.Add("hub.acknowledged", parameters, "records/s",
             static_cast<double>(acknowledged) * 1e9 / static_cast<double>(last - begin));
  report.Add("hub.acknowledgement.p50", parameters, "us", latencies.Percentile(50));
  report.Add("hub.acknowledgement.p99", parameters, "us", latencies.Percentile(99));
  report.Add("hub.rss_loaded", parameters, "MiB", region.RssMiB());
}

void Throughput(const Options& options, Report& report) {
  struct Case {
    std::size_t connections, window;
    double rate;  // At most: how much to prepare.
  };
  constexpr Case kCases[] = {{1, 1, 5e3},   {1, 64, 90e3},   {1, 1024, 140e3},
                             {16, 1, 30e3}, {16, 64, 140e3}, {16, 1024, 160e3}};
  for (int run = 0; run < options.runs; ++run) {
    for (const Case& c : kCases) {
      if (!options.only.empty() && options.only != std::to_string(c.connections) + "x" + std::to_string(c.window)) {
        continue;
      }
      Region region(options, c.connections, 1);
      if (run == 0 && c.connections == 1 && c.window == 1) report.Add("hub.rss_idle", "", "MiB", region.RssMiB());
      region.readers()[0].Disconnect();  // As for the peers: nobody collects meanwhile.
      RunThroughput(region, c.connections, c.window, options.seconds, c.rate, report);
    }
  }
}

// ---- latency: from submit to delivery at every recipient, checked ----

// Opens what was handed over, as an agent does.
void CheckItem(const FeedItem& item, const LoadAgent& reader, std::string_view hub) {
  if (!item.content) Die("an item was withheld");
  auto entry = DecodeEntry(item.content->entry);
  if (!entry) Die(ToText(entry.error()));
  const auto& record = std::get<RecordEntry>(entry->body);
  if (RootOf(item.content->stanza) != record.recipients_root) Die("recipients root");
  auto key = UnwrapKey(item.content->stanza.stanza, reader.hpke_key(), record.header, hub);
  if (!key) Die(ToText(key.error()));
}

void RunLatency(Region& region, std::size_t recipients, std::size_t window, double seconds, Report& report) {
  LoadAgent& writer = region.writers()[0];
  const std::size_t batch = BatchFor(window);
  const std::size_t messages_in_flight = window / batch;
  const auto count = static_cast<std::size_t>((window == 1 ? 5e3 : 40e3) * seconds) / batch / recipients + 1;
  std::vector<Bytes> messages = region.Prepare(writer, count, batch, recipients);
  std::vector<std::uint64_t> sent_at(count);
  std::vector<FeedPosition> positions(recipients);

  constexpr std::uint64_t kCredit = 4096;
  std::vector<zmq::pollitem_t> polls{{writer.socket(), 0, ZMQ_POLLIN, 0}};
  std::vector<std::uint64_t> items(recipients), asked(recipients), message_items(recipients);
  for (std::size_t i = 0; i < recipients; ++i) {
    LoadAgent& reader = region.readers()[i];
    polls.push_back({reader.socket(), 0, ZMQ_POLLIN, 0});
    // What the founding of the trajectory left in the feed.
    reader.Send(EncodeMessage({1, Feed{FeedPosition(0), kCredit}}));
    for (;;) {
      auto got = reader.Await<FeedItems>();
      if (!got.items.empty()) positions[i] = FeedPosition(positions[i].value() + got.items.size());
      if (positions[i] == got.last) break;
    }
    reader.Send(EncodeMessage({2, Feed{positions[i], kCredit}}));
  }
  Latencies acknowledgement, delivery;
  std::size_t next = 0, in_flight = 0, delivered = 0;
  const auto send = [&] {
    sent_at[next] = NowNs();
    writer.Send(messages[next++]);
    ++in_flight;
  };
  const auto end = NowNs() + static_cast<std::uint64_t>(seconds * 1e9);
  while (in_flight < messages_in_flight && next < count) send();
  std::size_t acknowledged = 0;
  while (in_flight > 0 || delivered < acknowledged * batch * recipients) {
    zmq::poll(polls.data(), polls.size(), std::chrono::milliseconds(10'000));
    // With one in flight the next leaves when the last was acknowledged and delivered everywhere: clean latencies.
    while (auto message = writer.Receive(0)) {
      if (auto* error = std::get_if<Error>(&message->payload)) Die(ToText(*error));
      auto* ack = std::get_if<SubmitAck>(&message->payload);
      if (!ack) continue;
      acknowledgement.Add(NowNs() - sent_at[message->request - 1]);
      CountAccepted(*ack);
      ++acknowledged;
      --in_flight;
    }
    for (std::size_t i = 0; i < recipients; ++i) {
      LoadAgent& reader = region.readers()[i];
      while (auto message = reader.Receive(0)) {
        auto* got = std::get_if<FeedItems>(&message->payload);
        if (!got) continue;
        const std::uint64_t now = NowNs();
        for (const FeedItem& item : got->items) {
          delivery.Add(now - sent_at[items[i]++ / batch]);
          if (window == 1) CheckItem(item, reader, region.hub().address().origin);
        }
        delivered += got->items.size();
        positions[i] = FeedPosition(positions[i].value() + got->items.size());
        asked[i] += got->items.size();
        if (asked[i] >= kCredit / 4) {
          reader.Send(EncodeMessage({3, Feed{positions[i], kCredit}}));
          asked[i] = 0;
        }
      }
    }
    const bool quiet = window > 1 || delivered == acknowledged * batch * recipients;
    while (quiet && NowNs() < end && in_flight < messages_in_flight && next < count) send();
  }
  const std::string parameters = "recipients=" + std::to_string(recipients) + " window=" + std::to_string(window);
  report.Add("hub.e2e.acknowledgement.p50", parameters, "us", acknowledgement.Percentile(50));
  report.Add("hub.e2e.delivery.p50", parameters, "us", delivery.Percentile(50));
  report.Add("hub.e2e.delivery.p99", parameters, "us", delivery.Percentile(99));
  report.Add("hub.e2e.ratio_p50", parameters, "delivery/acknowledgement",
             delivery.Percentile(50) / acknowledgement.Percentile(50));
}

void Latency(const Options& options, Report& report) {
  for (int run = 0; run < options.runs; ++run) {
    for (std::size_t recipients : {1U, 8U}) {
      for (std::size_t window : {1U, 64U}) {
        Region region(options, 1, recipients);
        RunLatency(region, recipients, window, options.seconds, report);
      }
    }
  }
}

// ---- restart with a million entries and a thousand organisations ----

void Restart(const Options& options, Report& report) {
  Region region(options, 16, 1, 1000 - 17);
  region.readers()[0].Disconnect();
  Report unused;
  const double target = 1e6;
  while (region.Entries() < target) {
    RunThroughput(region, 16, 1024, 1, std::min(60e3, target - region.Entries() + 20e3), unused);
  }
  report.Add("hub.rss_million_entries", "organisations=1000", "MiB", region.RssMiB());
  for (int run = 0; run < options.runs; ++run) {
    for (const char* how : {"TERM", "KILL"}) {
      std::strcmp(how, "TERM") == 0 ? static_cast<void>(region.hub().process().Terminate())
                                    : region.hub().process().Kill();
      const std::uint64_t begin = NowNs();
      region.hub().Start();
      report.Add("hub.restart", std::string("entries=1000000 after=") + how, "s",
                 static_cast<double>(NowNs() - begin) / 1e9);
      report.Add("hub.rss_after_restart", std::string("entries=1000000 after=") + how, "MiB", region.RssMiB());
    }
  }
}

Options Parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto value = [&](const char* name) -> std::optional<std::string> {
      const std::string prefix = std::string("--") + name + "=";
      return argument.starts_with(prefix) ? std::optional(argument.substr(prefix.size())) : std::nullopt;
    };
    if (auto seconds = value("seconds")) {
      options.seconds = std::stod(*seconds);
    } else if (auto runs = value("runs")) {
      options.runs = std::stoi(*runs);
    } else if (auto directory = value("directory")) {
      options.directory = *directory;
    } else if (auto hub = value("hub")) {
      options.hub = *hub;
    } else if (auto only = value("case")) {
      options.only = *only;
    } else if (argument == "limits" || argument == "throughput" || argument == "latency" || argument == "restart") {
      options.parts.push_back(argument);
    } else {
      std::fprintf(stderr,
                   "load: error: unknown argument %s\n"
                   "hint: load [--seconds=S] [--runs=N] [--directory=DIR] [--hub=PROGRAM] [--case=16x64] "
                   "[limits] [throughput] [latency] [restart]\n",
                   argument.c_str());
      std::exit(2);
    }
  }
  return options;
}

}  // namespace
}  // namespace schakel::bench

int main(int argc, char** argv) {
  using namespace schakel::bench;
  schakel::InitCrypto();
  const Options options = Parse(argc, argv);
  Report report;
  for (int run = 0; run < options.runs && options.Has("limits"); ++run) {
    MeasureLimits(options.directory, options.seconds / 2, report);
  }
  if (options.Has("throughput")) Throughput(options, report);
  if (options.Has("latency")) Latency(options, report);
  if (options.Has("restart")) Restart(options, report);
  report.Print();
  return 0;
}
