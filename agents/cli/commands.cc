#include "commands.h"

#include "agents/partial_day.h"
#include "choices.h"
#include "local_time.h"
#include "output.h"

namespace schakel {
namespace {

constexpr char kChoiceMark = '\x1f';  // Nobody types it.

// Names what stands on the line without a dash in the reader's language: TRAJECT.
class Formatter : public CLI::Formatter {
 public:
  explicit Formatter(Language language) : language_(language) {}

 protected:
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    return is_positional ? ArgumentName(option->get_name(true), language_)
                         : CLI::Formatter::make_option_name(option, is_positional);
  }
  std::string make_option_usage(const CLI::Option* option) const override {
    const std::string name = ArgumentName(option->get_name(true), language_);
    return option->get_required() ? name : "[" + name + "]";
  }

 private:
  Language language_;
};

// CLI11's own words, in the reader's language.
void Label(CLI::App& app, Language language) {
  auto formatter = std::make_shared<Formatter>(language);
  formatter->column_width(34);
  for (const char* label : {"Usage", "OPTIONS", "SUBCOMMAND", "SUBCOMMANDS", "Positionals", "REQUIRED", "TEXT", "Env",
                            "Needs", "Excludes"}) {
    formatter->label(label, Phrase(language, std::string("cli.label.") + label));
  }
  app.formatter(formatter);
}

// Spaces alone say nothing. What is empty was left out, as by a script that has nothing to put there.
CLI::Validator NotBlank(const std::string& name, bool refuses_empty = false) {
  return CLI::Validator(
      [name, refuses_empty](std::string& text) {
        const bool blank = (refuses_empty || !text.empty()) && text.find_first_not_of(" \t\r\n") == std::string::npos;
        return blank ? name : std::string();
      },
      "");
}

std::string OptionGroup(Language language) { return Phrase(language, "cli.label.Options"); }

}  // namespace

CLI::Validator OneOf(const char* list) {
  return CLI::Validator(
      [list](std::string& text) {
        auto slug = SlugOfChoice(list, text);
        if (!slug) return std::string(1, kChoiceMark) + list + kChoiceMark + text;
        text = std::move(*slug);
        return std::string();
      },
      "");
}

std::optional<std::string> MisuseOfChoice(const std::string& error, Language language) {
  const std::size_t first = error.find(kChoiceMark);
  const std::size_t second = first == std::string::npos ? first : error.find(kChoiceMark, first + 1);
  if (second == std::string::npos) return std::nullopt;
  const std::string option = error.substr(0, error.find(": "));
  const std::string list = error.substr(first + 1, second - first - 1);
  return Phrase(language, "cli.misuse.choice",
                {{"what", option + " = " + error.substr(second + 1)}, {"choices", ChoicesText(list, language)}});
}

std::string ChoiceHelp(const std::string& about, const char* list, Language language) {
  return about + ": " + ChoicesText(list, language);
}

std::string ArgumentName(const std::string& name, Language language) {
  const std::string key = "cli.argument." + name;
  return HasText(language, key) ? Phrase(language, key) : name;
}

std::string Leaf::HelpOf(const std::string& name) const {
  const std::string plain = name.starts_with("--") ? name.substr(2) : name;
  std::string own = command_;
  std::ranges::replace(own, ' ', '.');
  const std::string key = "option." + own + "." + plain;
  return HasText(language_, key) ? Phrase(language_, key) : Phrase(language_, "option." + plain);
}

CLI::Option* Leaf::Finish(CLI::Option* option, Must must, const char* type) {
  option->group(OptionGroup(language_));
  if (must == Must::kMust) option->required();
  if (type != nullptr) option->type_name(Phrase(language_, std::string("cli.type.") + type));
  return option;
}

Leaf& Leaf::Positional(std::string& to, const std::string& name, Must must) {
  CLI::Option* option = app_.add_option(name, to, HelpOf(name));
  if (must == Must::kMust) option->required();
  option->type_name("");
  // An empty id is none; what is left out is not there at all.
  option->check(CLI::Validator([name](std::string& text) { return text.empty() ? name : std::string(); }, ""));
  return *this;
}
Leaf& Leaf::Option(std::string& to, const std::string& name, Must must) {
  Finish(app_.add_option(name, to, HelpOf(name)), must, "text")->check(NotBlank(name, must == Must::kSaid));
  return *this;
}
Leaf& Leaf::Choice(std::string& to, const std::string& name, const char* list, Must must) {
  Finish(app_.add_option(name, to, ChoiceHelp(HelpOf(name), list, language_)), must, "text")->transform(OneOf(list));
  return *this;
}
Leaf& Leaf::Choices(std::vector<std::string>& to, const std::string& name, const char* list, Must must) {
  Finish(app_.add_option(name, to, ChoiceHelp(HelpOf(name), list, language_)), must, "list")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->transform(OneOf(list));
  return *this;
}
Leaf& Leaf::Number(unsigned& to, const std::string& name) {
  Finish(app_.add_option(name, to, HelpOf(name)), Must::kMay, "number");
  return *this;
}
Leaf& Leaf::List(std::vector<std::string>& to, const std::string& name, Must must) {
  Finish(app_.add_option(name, to, HelpOf(name)), must, "list")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(NotBlank(name));
  return *this;
}
Leaf& Leaf::Repeated(std::vector<std::string>& to, const std::string& name, Must must) {
  Finish(app_.add_option(name, to, HelpOf(name)), must, "text")->allow_extra_args(false)->check(NotBlank(name));
  return *this;
}
Leaf& Leaf::Flag(bool& to, const std::string& name) {
  app_.add_flag(name, to, HelpOf(name))->group(OptionGroup(language_));
  return *this;
}

CommandTree::CommandTree(Language language, CliOptions& options)
    : language_(language), root_(Phrase(language, "help.schakel"), "schakel") {
  root_.footer(Phrase(language, "example.schakel"));
  Label(root_, language);
  root_.set_help_flag("-h,--help", Phrase(language, "option.help"))->group(OptionGroup(language));
  root_.fallthrough();
  const auto option = [&](const std::string& name, auto& to, const char* type) {
    return root_.add_option("--" + name, to, Phrase(language, "option." + name))
        ->group(OptionGroup(language))
        ->type_name(Phrase(language, std::string("cli.type.") + type));
  };
  option("socket", options.socket, "path");
  option("as", options.person, "text");
  const auto choice = [&](const std::string& name, auto& to, const char* list) {
    option(name, to, "text")
        ->description(ChoiceHelp(Phrase(language, "option." + name), list, language))
        ->transform(OneOf(list));
  };
  choice("role", options.role, "role");
  choice("reason", options.reason, "reason");
  option("wait", options.wait_s, "number");
  option("lang", language_word_, "text");
  root_.add_flag("--json", options.json, Phrase(language, "option.json"))->group(OptionGroup(language));
  root_.set_version_flag("--version", std::string("schakel ") + SCHAKEL_VERSION, Phrase(language, "option.version"))
      ->group(OptionGroup(language));
}

CLI::App& CommandTree::Child(CLI::App& parent, const std::string& name, const std::string& path) {
  auto found = apps_.find(path);
  if (found != apps_.end()) return *found->second;
  std::string key = path;
  std::ranges::replace(key, ' ', '.');
  CLI::App* app = parent.add_subcommand(name, Phrase(language_, "help." + key));
  Label(*app, language_);
  app->set_help_flag("-h,--help", Phrase(language_, "option.help"))->group(OptionGroup(language_));
  app->group(Phrase(language_, "cli.label.Subcommands"));
  app->footer(HasText(language_, "example." + key) ? Phrase(language_, "example." + key) : std::string());
  apps_[path] = app;
  return *app;
}

Leaf CommandTree::Add(const std::string& command) {
  const std::size_t space = command.find(' ');
  CLI::App* app = nullptr;
  if (space == std::string::npos) {
    app = &Child(root_, command, command);
  } else {
    CLI::App& group = Child(root_, command.substr(0, space), command.substr(0, space));
    app = &Child(group, command.substr(space + 1), command);
  }
  return Leaf(*app, command, language_, actions_[command]);
}

std::string CommandTree::Chosen() const {
  for (const auto& [command, action] : actions_) {
    if (apps_.at(command)->parsed()) return command;
  }
  return {};
}

const CLI::App& CommandTree::Deepest() const {
  const CLI::App* deepest = &root_;
  for (;;) {
    const auto parsed = deepest->get_subcommands();
    if (parsed.empty()) return *deepest;
    deepest = parsed.front();
  }
}

std::vector<std::string> CommandTree::Names() const {
  std::vector<std::string> names;
  names.reserve(actions_.size());
  for (const auto& [command, action] : actions_) names.push_back(command);
  return names;
}

void AddToWhom(Leaf& leaf, ToWhom& whom) {
  leaf.List(whom.to, "--to").Flag(whom.yes, "--yes").Flag(whom.preview, "--dry-run");
}

void PutToWhom(const ToWhom& whom, Json& body) {
  if (!whom.to.empty()) body["to"] = whom.to;
  if (whom.yes) body["accept_unreached"] = true;
  if (whom.preview) body["preview"] = true;
}

namespace {

// Names the option that the time stood behind, and what stood there.
bool SayTime(Session& session, Error error, const char* option, const std::string& text) {
  error.field = std::string(option) + " \"" + text + "\"";
  session.Say(error);
  return false;
}

}  // namespace

void PrintFindings(Session& session, const Json& answer, const std::string& text) {
  const auto findings = answer.find("findings");
  if (findings == answer.end()) return;
  for (const Json& one : *findings) {
    const auto at = one.at("at").get<std::size_t>();
    const std::string words = at < text.size() ? text.substr(at, one.at("length").get<std::size_t>()) : std::string();
    session.world().err << "  " << session.Word("finding", one.at("what")) << ": " << Clean(words) << '\n';
  }
}

bool PutTime(Session& session, const std::string& text, const char* option, const char* field, Json& body) {
  if (text.empty()) return true;
  auto time = ParseLocal(text);
  if (!time) return SayTime(session, time.error(), option, text);
  body[field] = ToText(*time);
  return true;
}

std::string DayOf(const std::string& text) {
  if (text.find('/') == std::string::npos || text.find(' ') != std::string::npos) return text;
  const auto day = ParseLocal(text);
  return day ? BelgianDay(*day) : text;
}

bool PutSlot(Session& session, const std::string& text, const char* option, Json& to) {
  auto slot = ParseLocalSlot(text);
  if (!slot) return SayTime(session, slot.error(), option, text);
  to = {{"begins_at", ToText(slot->begins_at)}, {"ends_at", ToText(slot->ends_at)}};
  return true;
}

bool PutDeadline(Session& session, const std::string& text, const char* option, const char* field, Json& body) {
  if (text.empty()) return true;
  auto time = ParseLocalDeadline(text);
  if (!time) return SayTime(session, time.error(), option, text);
  body[field] = ToText(*time);
  return true;
}

bool PutUntil(Session& session, const std::string& until, const char* option, const char* field, Json& body) {
  if (until.empty()) return true;
  auto time = ParseLocalEnd(until);
  if (!time) return SayTime(session, time.error(), option, until);
  body[field] = ToText(*time);
  return true;
}

bool PutEnd(Session& session, const std::string& until, const std::string& lasting, const char* field, Json& body) {
  if (until.empty() && lasting.empty()) return true;
  if (!until.empty() && !lasting.empty()) {
    session.Say({Code::kInvalid, "cli.end_twice", "--for, --until", "give one of the two"});
    return false;
  }
  if (!until.empty()) return PutUntil(session, until, "--until", field, body);
  // It lasts from where it begins.
  Timestamp from = session.world().clock.Now();
  if (const auto begins_at = body.find("begins_at"); begins_at != body.end()) {
    if (const auto said = ParseTimestamp(begins_at->get<std::string>())) from = *said;
  }
  auto time = AddDuration(from, lasting);
  if (!time) return SayTime(session, time.error(), "--for", lasting);
  body[field] = ToText(*time);
  return true;
}

bool PutText(Session& session, const std::string& argument, const char* field, Json& body) {
  if (argument.empty()) return true;
  auto text = session.TextOf(argument);
  if (!text) return false;
  body[field] = std::move(*text);
  return true;
}

int PostScreened(Session& session, const std::string& target, const Json& body, const std::string& text,
                 const std::string& kind) {
  const auto reply = session.PostWhatever(target, body);
  if (!reply) return 1;
  const Json& json = reply->second;
  if (reply->first < 400) return session.PrintSent(json, json.value("follow_up", false) ? "follow-up" : kind);
  session.SayProblem(json);
  PrintFindings(session, json, text);
  return 1;
}

}  // namespace schakel
