// The tree of commands. Every word of it comes from the catalogue: "help.<command>", "example.<command>",
// "option.<name>" (or "option.<command>.<name>").
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "session.h"

namespace schakel {

using Action = std::function<int(Session&)>;

class Leaf {
 public:
  Leaf(CLI::App& app, std::string command, Language language, Action& action)
      : app_(app), command_(std::move(command)), language_(language), action_(action) {}

  // kSaid: it may be left out, but not be empty, as that would mean the same in silence.
  enum class Must : std::uint8_t { kMay, kMust, kSaid };
  Leaf& Positional(std::string& to, const std::string& name, Must must = Must::kMust);
  Leaf& Option(std::string& to, const std::string& name, Must must = Must::kMay);
  // A word of a closed list (choices.h), and several of one.
  Leaf& Choice(std::string& to, const std::string& name, const char* list, Must must = Must::kMay);
  Leaf& Choices(std::vector<std::string>& to, const std::string& name, const char* list, Must must = Must::kMay);
  Leaf& Number(unsigned& to, const std::string& name);
  Leaf& List(std::vector<std::string>& to, const std::string& name, Must must = Must::kMay);      // a,b or repeated
  Leaf& Repeated(std::vector<std::string>& to, const std::string& name, Must must = Must::kMay);  // Commas are text.
  Leaf& Flag(bool& to, const std::string& name);
  void Does(Action action) { action_ = std::move(action); }

 private:
  std::string HelpOf(const std::string& name) const;
  CLI::Option* Finish(CLI::Option* option, Must must, const char* type);

  CLI::App& app_;
  std::string command_;
  Language language_;
  Action& action_;
};

class CommandTree {
 public:
  CommandTree(Language language, CliOptions& options);

  Leaf Add(const std::string& command);  // "notes add"
  CLI::App& root() { return root_; }
  // After parsing: the command that was chosen; empty: none.
  std::string Chosen() const;
  Action& ActionOf(const std::string& command) { return actions_.at(command); }
  std::vector<std::string> Names() const;
  // The app deepest in the line so far, for its help.
  const CLI::App& Deepest() const;

 private:
  CLI::App& Child(CLI::App& parent, const std::string& name, const std::string& path);

  Language language_;
  std::string language_word_;  // Read before the tree is made, since the tree speaks that language.
  CLI::App root_;
  std::map<std::string, CLI::App*> apps_;
  std::map<std::string, Action> actions_;
};

// What CLI11 passes on of a word that is in no list: see MisuseOfChoice.
CLI::Validator OneOf(const char* list);
// "--urgency = morgen (kies uit: ..)". Nothing: the error is of another kind.
std::optional<std::string> MisuseOfChoice(const std::string& error, Language language);
// The help of an option that takes words of `list`.
std::string ChoiceHelp(const std::string& about, const char* list, Language language);

// "TRAJECT" for "trajectory".
std::string ArgumentName(const std::string& name, Language language);

// --to, --yes and --dry-run of everything that is sent.
struct ToWhom {
  std::vector<std::string> to;
  bool yes = false;
  bool preview = false;
};
void AddToWhom(Leaf& leaf, ToWhom& whom);
void PutToWhom(const ToWhom& whom, Json& body);

// A time or period that a person typed behind `option`, into `body[field]` as RFC 3339. False: said already.
bool PutTime(Session& session, const std::string& text, const char* option, const char* field, Json& body);
// A day as the API takes it: "12/03/2027" is "2027-03-12". Whatever is none stays, and the agent refuses it.
std::string DayOf(const std::string& text);
bool PutSlot(Session& session, const std::string& text, const char* option, Json& to);
// By when: a day up to its last minute, or a moment.
bool PutDeadline(Session& session, const std::string& text, const char* option, const char* field, Json& body);
// The end of a day, or a moment.
bool PutUntil(Session& session, const std::string& until, const char* option, const char* field, Json& body);
// Behind --until or --for: one of the two.
bool PutEnd(Session& session, const std::string& until, const std::string& lasting, const char* field, Json& body);
bool PutText(Session& session, const std::string& argument, const char* field, Json& body);

// What was found in `text`, if an answer says so, in the words themselves: the agent names places alone.
void PrintFindings(Session& session, const Json& answer, const std::string& text);
// What is read for what identifies somebody before it leaves: `text` is all that is, and what was found is shown in it.
int PostScreened(Session& session, const std::string& target, const Json& body, const std::string& text,
                 const std::string& kind);

// Fetches a file from `target` to `path`, beside its place until all of it is there and right.
int FetchFile(Session& session, const std::string& target, const std::string& path, bool force);

// How far an erasure is, with who is outstanding by name.
std::string ErasureText(Session& session, const Json& erasure);

void AddGeneralCommands(CommandTree& tree);
void AddTrajectoryCommands(CommandTree& tree);
void AddLeadCommands(CommandTree& tree);
void AddTaskCommands(CommandTree& tree);
void AddGrantCommands(CommandTree& tree);
void AddConsultationCommands(CommandTree& tree);
void AddRecordCommands(CommandTree& tree);
void AddAttachmentCommands(CommandTree& tree);
void AddTableCommands(CommandTree& tree);
void AddReferralCommands(CommandTree& tree);
void AddDossierCommands(CommandTree& tree);
void AddNetworkCommands(CommandTree& tree);
void AddPartnerCommands(CommandTree& tree);
void AddStructuralCommands(CommandTree& tree);
void AddParentsCommands(CommandTree& tree);
void AddVisitCommands(CommandTree& tree);
void AddEffectCommands(CommandTree& tree);
void AddModuleCommands(CommandTree& tree);
void AddPlaceCommands(CommandTree& tree);
void AddSchoolCommands(CommandTree& tree);
void AddLearningCommands(CommandTree& tree);
void AddCourtCommands(CommandTree& tree);
void AddFamilyCommands(CommandTree& tree);
void AddDutyCommands(CommandTree& tree);
void AddPassageCommands(CommandTree& tree);
void AddHeldTableCommands(CommandTree& tree);
void AddGuestCommands(CommandTree& tree);
void AddCalendarCommands(CommandTree& tree);
void AddKeepingCommands(CommandTree& tree);
void AddInquiryCommands(CommandTree& tree);
void AddVerifyCommands(CommandTree& tree);
void AddReportCommands(CommandTree& tree);
void AddExportCommands(CommandTree& tree);
void AddImportCommands(CommandTree& tree);
void AddRegistrarCommands(CommandTree& tree);
void AddKeyCommands(CommandTree& tree);
void AddPeopleCommands(CommandTree& tree);
void AddSearchCommands(CommandTree& tree);
void AddFollowingCommands(CommandTree& tree);
void AddNoticeCommands(CommandTree& tree);

}  // namespace schakel
