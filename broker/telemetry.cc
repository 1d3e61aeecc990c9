#include "telemetry.h"

#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <utility>

#include "stopped.h"

namespace schakel {
namespace {

// A JSON string's inside. What is not printable ASCII is escaped, so that a line stays a line.
std::string Escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

void AddField(std::string& line, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  line += ",\"";
  line += name;
  line += "\":\"" + Escaped(value) + '"';
}

// What somebody who is called out of bed reads first. The headings are those of docs/operations.md.
std::string_view NextStepOf(std::string_view event, std::string_view detail) {
  // Its detail begins with the rule.
  if (event == "hub.read_only") return StepWhenStopped(detail.substr(0, detail.find(' ')));
  constexpr std::string_view kStopped = "docs/operations.md, A hub that stopped writing";
  constexpr std::pair<std::string_view, std::string_view> kSteps[] = {
      {"hello.seen", kStopped},
      {"hello.proven", kStopped},
      {"feed.after", kStopped},
      {"log.recheck", "stop the hub, run schakel-hub verify; docs/operations.md, When something is wrong"},
      {"log.head_slot", "look after the disk if this comes back; docs/operations.md, When something is wrong"},
      {"log.snapshot", "nothing: the whole log is read instead; docs/operations.md, When something is wrong"},
      {"hub.stopped", "docs/operations.md, When something is wrong: look the detail up"},
  };
  for (const auto& [name, step] : kSteps) {
    if (name == event) return step;
  }
  return {};
}

spdlog::level::level_enum LevelOf(const std::string& name) { return spdlog::level::from_str(name); }

}  // namespace

struct HubLogger::Sink {
  explicit Sink(const std::string& level) : logger("hub", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger.set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
    logger.set_level(LevelOf(level));
  }
  spdlog::logger logger;
};

HubLogger::HubLogger(const std::string& level) : sink_(std::make_unique<Sink>(level)) {}
HubLogger::~HubLogger() = default;

void HubLogger::Report(Level level, std::string_view event, const OrgId& organisation, std::string_view detail) {
  std::string line = "\"event\":\"" + Escaped(event) + '"';
  AddField(line, "organisation", organisation.value());
  AddField(line, "detail", detail);
  if (level != Level::kInfo) AddField(line, "next", NextStepOf(event, detail));
  const auto severity = level == Level::kInfo      ? spdlog::level::info
                        : level == Level::kWarning ? spdlog::level::warn
                                                   : spdlog::level::err;
  sink_->logger.log(severity, "{}", line);
}

std::optional<std::uint64_t> OncePerSecond::Take(std::string_view kind, std::chrono::steady_clock::time_point now) {
  std::scoped_lock lock(mutex_);
  const auto [found, first] = last_.try_emplace(std::string(kind));
  Last& last = found->second;
  ++last.since;
  if (!first && now - last.at < std::chrono::seconds(1)) return std::nullopt;
  last.at = now;
  return std::exchange(last.since, 0);
}

void HubLogger::Refused(std::string_view kind, const OrgId& organisation, std::string_view peer) {
  const auto count = refused_.Take(kind, std::chrono::steady_clock::now());
  if (!count) return;
  std::string line = "\"event\":\"transport.refused\"";
  AddField(line, "kind", kind);
  AddField(line, "organisation", organisation.value());
  AddField(line, "peer", peer);
  line += ",\"count\":" + std::to_string(*count);
  sink_->logger.log(spdlog::level::warn, "{}", line);
}

void HubLogger::Cut(std::string_view why, const OrgId& organisation, std::string_view peer) {
  std::string line = "\"event\":\"transport.cut\"";
  AddField(line, "why", why);
  AddField(line, "organisation", organisation.value());
  AddField(line, "peer", peer);
  sink_->logger.log(spdlog::level::warn, "{}", line);
}

// ---- metrics ----

struct Telemetry::Families {
  prometheus::Registry registry;
  prometheus::Histogram& commit_seconds;
  prometheus::Histogram& commit_entries;

  Families()
      : commit_seconds(prometheus::BuildHistogram()
                           .Name("hub_commit_seconds")
                           .Help("Time to append and sync a group")
                           .Register(registry)
                           .Add({}, prometheus::Histogram::BucketBoundaries{0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01,
                                                                            0.02, 0.05, 0.1, 0.5, 1})),
        commit_entries(prometheus::BuildHistogram()
                           .Name("hub_commit_entries")
                           .Help("Log entries in a group")
                           .Register(registry)
                           .Add({}, prometheus::Histogram::BucketBoundaries{1, 4, 16, 64, 256, 1024, 4096})) {}
};

Telemetry::Telemetry() : families_(std::make_unique<Families>()) {}
Telemetry::~Telemetry() = default;

void Telemetry::Committed(const CommitReport& report) {
  families_->commit_seconds.Observe(std::chrono::duration<double>(report.took).count());
  families_->commit_entries.Observe(static_cast<double>(report.entries));
}

namespace {

void AddValue(std::vector<prometheus::MetricFamily>& families, prometheus::MetricType type, const char* name,
              const char* help, double value) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  prometheus::ClientMetric metric;
  if (type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  family.metric.push_back(std::move(metric));
  families.push_back(std::move(family));
}

}  // namespace

std::string Telemetry::Text(const HubReport& report, std::uint64_t monitoring_refused) {
  std::vector<prometheus::MetricFamily> families = families_->registry.Collect();
  const auto count = [&](const char* name, const char* help, std::uint64_t value) {
    AddValue(families, prometheus::MetricType::Counter, name, help, static_cast<double>(value));
  };
  const auto gauge = [&](const char* name, const char* help, std::uint64_t value) {
    AddValue(families, prometheus::MetricType::Gauge, name, help, static_cast<double>(value));
  };
  count("hub_records_total", "Records taken", report.counts.records);
  count("hub_records_repeated_total", "Records sent again and answered again", report.counts.repeated);
  count("hub_records_refused_total", "Records not taken", report.counts.refused);
  count("hub_denials_total", "Recipients that a record did not reach", report.counts.denials);
  count("hub_batches_total", "Submissions", report.counts.batches);
  count("hub_hellos_total", "Sessions begun", report.counts.hellos);
  count("hub_hellos_refused_total", "Agents that saw another history", report.counts.hellos_refused);
  count("hub_unreadable_total", "Messages that could not be decoded", report.counts.unreadable);
  count("hub_limited_total", "Refused for a rate or bound", report.counts.limited);
  count("hub_access_queries_total", "Questions about who saw what", report.counts.queries);
  count("hub_cosignatures_refused_total", "Cosignatures that did not hold or could not be read",
        report.counts.cosigns_refused);
  count("hub_attempts_dropped_total", "Attempts of who was turned away that no trajectory tells of",
        report.counts.attempts_dropped);
  count("hub_delivered_total", "Feed items sent with content", report.feeds.delivered);
  count("hub_withheld_total", "Feed positions given without content",
        report.feeds.withheld + report.feeds.withheld_late);
  count("hub_unreadable_content_total", "Feed items whose content is erased or broken", report.feeds.unreadable);
  gauge("hub_log_entries", "Entries in the log", report.log_size);
  gauge("hub_log_rechecked_entries", "Entries read back from disk and recomputed", report.rechecked);
  gauge("hub_sessions", "Connections that spoke", report.sessions);
  gauge("hub_organisations", "Organisations in the directory", report.organisations);
  gauge("hub_trajectories", "Trajectories in memory", report.trajectories);
  gauge("hub_ready", "1: takes submissions", report.ready ? 1 : 0);
  gauge("hub_read_only", "1: the log takes nothing any more", report.read_only ? 1 : 0);
  gauge("hub_connections", "Open connections, handshakes included", report.transport.connections);
  count("hub_received_messages_total", "Messages received", report.transport.received_messages);
  count("hub_received_bytes_total", "Bytes of messages received", report.transport.received_bytes);
  count("hub_sent_messages_total", "Messages sent", report.transport.sent_messages);
  count("hub_sent_bytes_total", "Bytes of messages sent", report.transport.sent_bytes);
  count("hub_refused_keys_total", "Connections with a key that is not admitted", report.transport.refused_keys);
  count("hub_handshakes_failed_total", "Handshakes that failed", report.transport.handshakes_failed);
  count("hub_dropped_messages_total", "Messages of more than two frames", report.transport.dropped_frames);
  count("hub_cut_surplus_total", "Connections cut for bytes without end", report.transport.cut_surplus);
  count("hub_cut_silent_total", "Connections cut that said nothing", report.transport.cut_silent);
  count("hub_cut_crowd_total", "Connections cut beyond the limit", report.transport.cut_crowd);
  count("hub_cut_slow_total", "Connections cut that did not read", report.transport.cut_slow);
  count("hub_admin_refused_total", "Connections to the operator's socket that never spoke its protocol",
        report.transport.admin_refused);
  count("hub_monitoring_refused_total", "Requests for this page that were none", monitoring_refused);
  prometheus::MetricFamily build;
  build.name = "hub_build_info";
  build.help = "Which program this is";
  build.type = prometheus::MetricType::Gauge;
  build.metric.emplace_back();
  build.metric.back().label = {{"version", SCHAKEL_VERSION}};
  build.metric.back().gauge.value = 1;
  families.push_back(std::move(build));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace schakel
