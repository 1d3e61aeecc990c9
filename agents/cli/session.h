// One run of a command: its options, its words, and its way to the agent.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "agents/cli.h"
#include "agents/i18n.h"
#include "api/json.h"
#include "client.h"

namespace schakel {

// For scripts: a mistake on the line.
std::string MisuseJson(const std::string& what, const std::string& next);

class Session {
 public:
  Session(const CliOptions& options, CliWorld& world);

  const CliOptions& options() const { return options_; }
  CliWorld& world() { return world_; }
  std::ostream& out() { return world_.out; }
  Language language() const { return options_.language; }
  std::string T(std::string_view key, Values values = {}) const { return Phrase(options_.language, key, values); }

  // Nothing: what went wrong has been said already; exit 1.
  std::optional<Json> Get(const std::string& target);
  std::optional<Json> Post(const std::string& target, const Json& body);
  std::optional<Json> Put(const std::string& target, ByteView bytes);
  std::optional<Json> Delete(const std::string& target);
  std::optional<std::string> GetBytes(const std::string& target);
  // The answer's tag, when all of it came; see Client::Fetch. Else why not, which was said already.
  enum class Unfetched : std::uint8_t { kRefused, kCutOff };
  std::expected<std::string, Unfetched> Fetch(const std::string& target, std::uint64_t from,
                                              const std::function<bool(std::string_view bytes)>& take);
  Client& client() { return client_; }
  // As Post, but the answer comes back also when it is a refusal. Nothing: said already.
  std::optional<std::pair<int, Json>> PostWhatever(const std::string& target, const Json& body);
  // No purpose was given, so it is this one: whoever it keeps out is worth a word about that.
  void AssumePurpose(const std::string& slug) { assumed_purpose_ = slug; }

  // Says what is wrong and what to do; yields 1.
  int Say(const Error& error);
  int SayProblem(const Json& problem);
  int SayMisuse(const std::string& what, const std::string& next);  // Yields 2.

  // With --json prints `json` and yields true: then there is nothing more to show.
  bool PrintedJson(const Json& json);

  // "@FILE" and "-" stand for what is in them. Nothing: said already.
  std::optional<std::string> TextOf(const std::string& argument);

  // ---- Words for what the API yields ----
  std::string When(const Json& time) const;     // Local; empty for null.
  std::string Exactly(const Json& time) const;  // With seconds.
  std::string Day(const Json& time) const;
  // Until when something holds: the last day of it, where it ends with that day; else the moment.
  std::string Until(const Json& end) const;
  std::string LastDay(const Json& end) const;  // On which it holds, wholly or in part.
  std::string Slot(const Json& slot) const;
  std::string Name(const Json& organisation) const;
  std::string Names(const Json& organisations) const;
  std::string Categories(const Json& slugs) const;
  std::string Purposes(const Json& slugs) const;
  std::string KindWord(const Json& slug) const;
  std::string Word(std::string_view list, const Json& slug) const;  // "word.<list>.<slug>".
  std::string TrajectoryWord(const Json& trajectory) const;         // Its label, or "anoniem".

  // A record with its words, or why they are sealed.
  void PrintRecord(const Json& record);
  void PrintStatement(const Json& record);  // What a statement says besides its words.
  // Files that go with it, a line each; and how much of one is here.
  void PrintAttachments(const Json& attachments);
  std::string HowWhole(const Json& attachment) const;
  void PrintBody(const Json& body, const std::string& indent);
  // What was sent, by the slug of its kind; whom it reaches and whom not. Yields the exit code: 3 if somebody who was
  // named was not reached.
  int PrintSent(const Json& sent, const std::string& kind);

 private:
  std::string TypedFor(const std::string& rule, const std::string& field) const;
  void HintAtPurpose(const Json& unreached);
  bool IsConnected();
  std::optional<Json> Take(Result<ClientReply> reply);
  std::string FieldText(const std::string& field, const Json& value) const;

  CliOptions options_;
  std::string target_;           // What was asked last; errors name its id,
  Json asked_ = Json::object();  // or a value in it.
  std::string assumed_purpose_;
  CliWorld& world_;
  Client client_;
};

}  // namespace schakel
