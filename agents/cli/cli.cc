#include "agents/cli.h"

#include <fmt/format.h>

#include <algorithm>

#include "commands.h"
#include "output.h"
#include "protocol/nearest.h"
#include "protocol/standard_streams.h"

namespace schakel {
namespace {

constexpr std::size_t kPersonBytesMax = 120;

// The language must be known before there are words to parse with.
std::optional<std::string> LanguageWord(const std::vector<std::string>& arguments, const CliWorld& world) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].starts_with("--lang=")) return arguments[i].substr(7);
    if (arguments[i] == "--lang" && i + 1 < arguments.size()) return arguments[i + 1];
  }
  return world.environment("SCHAKEL_LANG");
}

void AddCommands(CommandTree& tree) {
  AddGeneralCommands(tree);
  AddTrajectoryCommands(tree);
  AddTaskCommands(tree);
  AddGrantCommands(tree);
  AddConsultationCommands(tree);
  AddRecordCommands(tree);
  AddAttachmentCommands(tree);
  AddTableCommands(tree);
  AddReferralCommands(tree);
  AddDossierCommands(tree);
  AddNetworkCommands(tree);
  AddPartnerCommands(tree);
  AddStructuralCommands(tree);
  AddParentsCommands(tree);
  AddVisitCommands(tree);
  AddEffectCommands(tree);
  AddModuleCommands(tree);
  AddPlaceCommands(tree);
  AddLearningCommands(tree);
  AddSchoolCommands(tree);
  AddCourtCommands(tree);
  AddFamilyCommands(tree);
  AddDutyCommands(tree);
  AddPassageCommands(tree);
  AddLeadCommands(tree);
  AddHeldTableCommands(tree);
  AddGuestCommands(tree);
  AddCalendarCommands(tree);
  AddKeepingCommands(tree);
  AddKeyCommands(tree);
  AddInquiryCommands(tree);
  AddVerifyCommands(tree);
  AddReportCommands(tree);
  AddExportCommands(tree);
  AddImportCommands(tree);
  AddRegistrarCommands(tree);
  AddPeopleCommands(tree);
  AddSearchCommands(tree);
  AddFollowingCommands(tree);
  AddNoticeCommands(tree);
}

std::string After(const std::string& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? text : text.substr(at + mark.size());
}
std::string Before(const std::string& text, std::string_view mark) { return text.substr(0, text.find(mark)); }

// CLI11 says it in English alone; what it is about can be told from how it says it.
std::string Misuse(const CLI::ParseError& error, Language language) {
  const std::string text = error.what();
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return Phrase(language, "cli.misuse.required", {{"what", ArgumentName(Before(text, " is required"), language)}});
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::size_t colon = text.find(": ");
    return Phrase(language, "cli.misuse.extra", {{"what", colon == std::string::npos ? text : After(text, ": ")}});
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    if (text.find("At Most") != std::string::npos) {
      return Phrase(language, "cli.misuse.twice", {{"what", Before(text, ":")}});
    }
    constexpr std::string_view kExactly = "Expected exactly 1 arguments to ";
    if (text.starts_with(kExactly)) {
      return Phrase(language, "cli.misuse.twice", {{"what", Before(text.substr(kExactly.size()), ",")}});
    }
    return Phrase(language, "cli.misuse.missing_value", {{"what", Before(text, ":")}});
  }
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
    return Phrase(language, "cli.misuse.value", {{"what", After(text, "Could not convert: ")}});
  }
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
    if (auto choice = MisuseOfChoice(text, language)) return *choice;
    return Phrase(language, "cli.misuse.empty", {{"what", ArgumentName(After(text, ": "), language)}});
  }
  return Phrase(language, "cli.misuse.other", {{"what", text}});
}

void PutMisuse(CliParsed& result, const std::string& what, const std::string& command, Language language) {
  const std::string program = command.empty() ? "schakel" : "schakel " + command;
  result.exit_code = 2;
  result.wrong = Clean(what);
  result.next = Phrase(language, "cli.misuse.hint", {{"command", program}});
  result.text = "schakel: " + Phrase(language, "cli.error") + ": " + result.wrong + "\nhint: " + result.next + "\n";
}

void PutMeant(CliParsed& result, const std::string& meant, Language language) {
  result.next = Phrase(language, "cli.misuse.meant", {{"what", meant}}) + " " + result.next;
  result.text = "schakel: " + Phrase(language, "cli.error") + ": " + result.wrong + "\nhint: " + result.next + "\n";
}

// "notes add" for the app that stands deepest in the line.
std::string PathOf(const CLI::App& app) {
  std::string path;
  for (const CLI::App* at = &app; at->get_parent() != nullptr; at = at->get_parent()) {
    path = at->get_name() + (path.empty() ? "" : " " + path);
  }
  return path;
}

// "--role: ..", "Could not convert: --wait = ..": no command's own, so its help does not show it.
bool IsAboutEveryCommand(const std::string& error) {
  const std::string about = After(error, "Could not convert: ");
  const std::string name = about.substr(0, about.find_first_of(": ="));
  constexpr std::string_view kOptions[] = {"--socket", "--as", "--role", "--reason", "--wait", "--lang"};
  return std::ranges::find(kOptions, name) != std::end(kOptions);
}

std::optional<std::string> BadOption(const CliOptions& options, Language language) {
  if (options.person.size() > kPersonBytesMax) return Phrase(language, "cli.misuse.as_long");
  const auto strange = std::ranges::find_if(options.person, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (strange != options.person.end()) {
    return Phrase(language, "cli.misuse.as_character", {{"what", fmt::format("U+{:04X}", unsigned(*strange))}});
  }
  if (options.wait_s > 60) return Phrase(language, "cli.misuse.wait");
  return std::nullopt;
}

// A Dutch word for a command is one too, and may be misspelled as well.
std::string MeantCommand(const std::string& word, const CLI::App& root, Language language) {
  constexpr std::string_view kNear = "cli.near.";
  std::vector<std::string> known;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(app->get_name());
  }
  for (const std::string& key : CatalogueKeys(language)) {
    if (key.starts_with(kNear)) known.push_back(key.substr(kNear.size()));
  }
  const auto nearest = NearestTo(word, known);
  if (!nearest) return {};
  const std::string key = std::string(kNear) + *nearest;
  return HasText(language, key) ? Phrase(language, key) : *nearest;
}

// Of what stands on the line and belongs nowhere: the option or command that was meant, as far as one comes near.
std::string Meant(const std::string& strange, const CLI::App& root, const CLI::App& at, Language language) {
  const std::string word = Before(strange, "=");
  std::vector<std::string> known;
  if (word.starts_with("-")) {
    for (const CLI::App* app : {&root, &at}) {
      for (const CLI::Option* option : app->get_options()) {
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
      }
    }
  } else {
    if (&at == &root) return MeantCommand(word, root, language);
    for (const CLI::App* app : at.get_subcommands([](const CLI::App*) { return true; })) {
      known.push_back(app->get_name());
    }
  }
  return NearestTo(word, known).value_or(std::string());
}

struct Parsed {
  CliParsed result;
  Action action;
};

Parsed Parse(const std::vector<std::string>& arguments, const CliWorld& world) {
  Parsed parsed;
  CliParsed& result = parsed.result;
  const auto language = LanguageWord(arguments, world);
  const auto chosen = ParseLanguage(language.value_or(std::string(Slug(result.options.language))));
  if (!chosen) {
    PutMisuse(result, Phrase(Language::kDutch, "cli.misuse.lang", {{"what", *language}}), {}, Language::kDutch);
    return parsed;
  }
  result.options.language = *chosen;
  const Language in = result.options.language;
  if (!std::ranges::all_of(arguments, &IsUtf8)) {
    PutMisuse(result, Phrase(in, "cli.misuse.utf8"), {}, in);
    return parsed;
  }
  CommandTree tree(in, result.options);
  AddCommands(tree);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    tree.root().parse(reversed);
  } catch (const CLI::CallForHelp&) {
    result.text = tree.root().help();
    return parsed;
  } catch (const CLI::CallForVersion&) {
    result.text = std::string("schakel ") + SCHAKEL_VERSION + "\n";
    return parsed;
  } catch (const CLI::ParseError& error) {
    // What is missing may be there under a name that nobody knows: that comes first.
    const std::vector<std::string> strange = tree.root().remaining(true);
    const bool missing = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
    const std::string what =
        missing && !strange.empty() ? Phrase(in, "cli.misuse.extra", {{"what", strange.front()}}) : Misuse(error, in);
    PutMisuse(result, what, IsAboutEveryCommand(error.what()) ? std::string() : PathOf(tree.Deepest()), in);
    const std::string meant = strange.empty() ? "" : Meant(strange.front(), tree.root(), tree.Deepest(), in);
    if (!meant.empty()) PutMeant(result, meant, in);
    return parsed;
  }
  result.command = tree.Chosen();
  if (result.command.empty()) {
    // A group, or nothing at all: show what there is to choose from.
    PutMisuse(result, Phrase(in, "cli.misuse.command"), PathOf(tree.Deepest()), in);
    result.text = tree.root().help();
    return parsed;
  }
  if (result.options.socket.empty()) result.options.socket = world.environment("SCHAKEL_SOCKET").value_or("");
  if (auto bad = BadOption(result.options, in)) {
    PutMisuse(result, *bad, {}, in);
    result.command.clear();
    return parsed;
  }
  parsed.action = std::move(tree.ActionOf(result.command));
  return parsed;
}

}  // namespace

CliParsed ParseCli(const std::vector<std::string>& arguments, const CliWorld& world) {
  return Parse(arguments, world).result;
}

namespace {

int Run(Parsed& parsed, const std::vector<std::string>& arguments, CliWorld& world) {
  if (!parsed.action) {
    (parsed.result.exit_code == 0 ? world.out : world.err) << parsed.result.text;
    // Scripts that read JSON get it for mistakes on the line, too.
    if (parsed.result.exit_code != 0 && std::ranges::find(arguments, "--json") != arguments.end()) {
      world.out << MisuseJson(parsed.result.wrong, parsed.result.next) << '\n';
    }
    return parsed.result.exit_code;
  }
  Session session(parsed.result.options, world);
  try {
    return parsed.action(session);
  } catch (const std::exception&) {
    // The agent answered JSON of another shape: it is of another version.
    return session.Say({Code::kVersion, "agent.version", {}, "bring agent and program to the same version"});
  }
}

}  // namespace

int RunCli(const std::vector<std::string>& arguments, CliWorld& world) {
  Parsed parsed = Parse(arguments, world);
  const int exit_code = Run(parsed, arguments, world);
  const Status printed = FinishOutput(world.out);
  if (printed || exit_code != 0) return exit_code;
  const Explanation explanation = Explain(printed.error(), parsed.result.options.language);
  world.err << "schakel: " << Phrase(parsed.result.options.language, "cli.error") << ": " << explanation.what
            << "\nhint: " << explanation.next << '\n';
  return 1;
}

std::vector<std::string> CliCommands() {
  CliOptions options;
  CommandTree tree(Language::kEnglish, options);
  AddCommands(tree);
  return tree.Names();
}

}  // namespace schakel
