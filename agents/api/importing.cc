#include "importing.h"

#include <algorithm>
#include <functional>
#include <set>

#include "account_views.h"
#include "agents/former_names.h"
#include "agents/i18n.h"
#include "agents/person_name.h"
#include "agents/tasks.h"
#include "colleague.h"
#include "imported_rows.h"
#include "services/csv.h"

namespace schakel {
namespace {

Result<std::map<std::string, Imported>> ImportedBefore(const Engine& engine) {
  std::map<std::string, Imported> all;
  SCHAKEL_ASSIGN(const auto rows, engine.Kept(kImportedSet));
  for (const auto& [key, value] : rows) {
    SCHAKEL_ASSIGN(const Imported one, DecodeImported(value));
    all.emplace(key, one);
  }
  return all;
}
Status NoteImported(Engine& engine, const std::string& key, const Imported& one) {
  return engine.Keep({{kImportedSet, key, EncodeImported(one)}});
}

std::string InLowerCase(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}
std::string WithoutSpaces(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

struct ImportColumn {
  const char* field;  // As requests call it.
  const char* dutch;
  const char* french;
  bool required;
};
constexpr ImportColumn kPeopleColumns[] = {{"login", "gebruikersnaam", "identifiant", true},
                                           {"name", "naam", "nom", true},
                                           {"roles", "rollen", "rôles", true},
                                           {"language", "taal", "langue", false}};
constexpr ImportColumn kTrajectoryColumns[] = {
    {"key", "sleutel", "clé", true},         {"label", "label", "libellé", true},
    {"module", "hulpvorm", "module", false}, {"reason", "reden", "motif", false},
    {"stage", "fase", "phase", false},       {"assigned", "medewerker", "intervenant", false}};

// "Begeleid zelfstandig-wonen" as "begeleid zelfstandig wonen".
std::string AsWritten(std::string text) {
  text = InLowerCase(std::move(text));
  std::ranges::replace(text, '-', ' ');
  return text;
}

// As programs call it, or as people do in a language of ours: up to a comma that explains it, or all of it.
template <typename E, typename LabelOf>
Result<E> WordOrLabel(const std::string& text, E first, E last, Result<E> (*parse)(std::string_view),
                      LabelOf label_of) {
  const std::string wanted = AsWritten(text);
  for (auto value = static_cast<unsigned>(first); value <= static_cast<unsigned>(last); ++value) {
    const E one = static_cast<E>(value);
    for (const Language language : kLanguages) {
      const std::string label = AsWritten(std::string(label_of(one, language)));
      if (wanted == label || wanted == label.substr(0, label.find(','))) return one;
    }
  }
  return parse(InLowerCase(text));
}
Result<Module> ModuleIn(const std::string& text) {
  return WordOrLabel(text, Module::kUnspecified, Module::kTimeOut, &ParseModule, [](Module one, Language language) {
    return Phrase(language, "word.module." + std::string(Slug(one)));
  });
}
Result<Stage> StageIn(const std::string& text) {
  return WordOrLabel(text, Stage::kChild, kStageLast, &ParseStage,
                     [](Stage one, Language language) { return Label(one, language); });
}

// A word that is no choice is named by its column, since its words are the table's.
template <typename T>
Result<T> InColumn(const char* column, Result<T> value) {
  if (!value) value.error().field = column;
  return value;
}

Result<Language> LanguageIn(const std::string& text) {
  return WordOrLabel(text, kLanguages.front(), kLanguageLast, &ParseLanguage, [](Language one, Language language) {
    return Phrase(language, "word.language." + std::string(Slug(one)));
  });
}

// The cells of one line, by field.
using ImportLine = std::map<std::string, std::string>;
struct NumberedLine {
  std::size_t number = 0;
  ImportLine cells;
  bool too_many = false;  // More cells than the head has names.
};

Error ColumnError(const std::string& field) {
  return {Code::kInvalid, "import.column", field, "name the columns as schakel import --help says"};
}

Result<std::vector<NumberedLine>> ImportLinesOf(const std::string& csv, std::span<const ImportColumn> columns) {
  SCHAKEL_ASSIGN(const std::vector<CsvRow> rows, ReadCsv(csv));
  std::vector<std::string> fields;
  for (const std::string& cell : rows.front().cells) {
    const std::string name = InLowerCase(WithoutSpaces(cell));
    const auto found = std::ranges::find_if(columns, [&](const ImportColumn& one) {
      return name == one.field || name == one.dutch || name == one.french ||
             (name == "e-mail" && std::string_view(one.field) == "login");
    });
    if (found == columns.end()) return std::unexpected(ColumnError(name.substr(0, 40)));
    if (std::ranges::find(fields, found->field) != fields.end()) return std::unexpected(ColumnError(found->field));
    fields.emplace_back(found->field);
  }
  for (const ImportColumn& one : columns) {
    if (one.required && std::ranges::find(fields, one.field) == fields.end()) {
      return std::unexpected(ColumnError(one.field));
    }
  }
  std::vector<NumberedLine> lines;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    NumberedLine line{rows[i].line, {}, rows[i].cells.size() > fields.size()};
    for (std::size_t j = 0; j < fields.size() && j < rows[i].cells.size(); ++j) {
      line.cells[fields[j]] = WithoutSpaces(rows[i].cells[j]);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

// Empty: the line is shorter than that.
std::string CellOf(const ImportLine& line, const char* field) {
  const auto found = line.find(field);
  return found == line.end() ? std::string() : found->second;
}

// What is to be done for one line. `make` none: it is there already.
struct ImportStep {
  std::string key;
  Json there = Json::object();
  std::function<Result<Json>()> make;
};
using LinePlan = std::function<Result<ImportStep>(const ImportLine&)>;

Result<Json> RunImport(Call& call, const ImportRequest& request, std::span<const ImportColumn> columns,
                       const LinePlan& plan) {
  SCHAKEL_ASSIGN(const auto lines, ImportLinesOf(request.csv, columns));
  const JsonViews views = call.Views();
  std::vector<Result<ImportStep>> steps;
  std::size_t wrong = 0;
  for (const NumberedLine& line : lines) {
    steps.push_back(line.too_many
                        ? Result<ImportStep>(Fail(Code::kInvalid, "import.cells", "line", "put quotes around cells"))
                        : plan(line.cells));
    wrong += steps.back() ? 0 : 1;
  }
  const bool refused = wrong > 0 && !request.skip_bad && !request.dry_run;
  const bool makes = !refused && !request.dry_run;
  std::size_t made = 0;
  std::size_t unchanged = 0;
  Json rows = Json::array();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Json row = {{"line", lines[i].number}};
    std::optional<Error> problem;
    if (!steps[i]) {
      problem = steps[i].error();
      row["key"] = CellOf(lines[i].cells, columns.front().field);
    } else if (row["key"] = steps[i]->key; !steps[i]->make) {
      row["outcome"] = "unchanged";
      row.update(steps[i]->there);
      ++unchanged;
    } else if (!makes) {
      row["outcome"] = "would-make";
    } else if (auto result = steps[i]->make(); result) {
      row["outcome"] = "made";
      row.update(*result);
      ++made;
    } else {
      problem = std::move(result).error();
      ++wrong;
    }
    if (problem) {
      row["outcome"] = "wrong";
      row["problem"] = views.ProblemView(*problem);
    }
    rows.push_back(std::move(row));
  }
  return Json{{"rows", std::move(rows)}, {"made", made},       {"unchanged", unchanged},
              {"wrong", wrong},          {"refused", refused}, {"dry_run", request.dry_run}};
}

Error StandsTwice(const char* field) {
  return {Code::kInvalid, "import.twice", field, "leave one of the two lines out"};
}

// "worker coordinator", "medewerker + coördinator".
Result<RoleSet> RolesIn(const std::string& text) {
  RoleSet roles;
  std::string word;
  for (const char c : text + " ") {
    if (!std::string_view(" +/|,").contains(c)) {
      word += c;
      continue;
    }
    if (word.empty()) continue;
    const std::string wanted = InLowerCase(std::exchange(word, {}));
    bool known = false;
    for (const StaffRole role :
         {StaffRole::kWorker, StaffRole::kCoordinator, StaffRole::kAuditor, StaffRole::kAdministrator}) {
      const bool called = std::ranges::any_of(
          kLanguages, [&](Language language) { return wanted == InLowerCase(std::string(Label(role, language))); });
      if (!called && wanted != Slug(role)) continue;
      roles.Add(role);
      known = true;
    }
    if (!known) {
      return Fail(Code::kInvalid, "import.role", "roles",
                  "give one or more of worker, coordinator, auditor, administrator");
    }
  }
  return roles;
}

}  // namespace

Result<Json> ImportPeople(Call& call, const ImportRequest& request) {
  People& people = call.desk.people;
  std::set<std::string> logins;
  std::vector<std::string> names;
  const auto plan = [&](const ImportLine& line) -> Result<ImportStep> {
    const std::string login = CellOf(line, "login");
    const std::string name = CellOf(line, "name");
    SCHAKEL_ASSIGN(const RoleSet roles, RolesIn(CellOf(line, "roles")));
    if (!logins.insert(InLowerCase(login)).second) return std::unexpected(StandsTwice("login"));
    if (std::ranges::any_of(names, [&](const std::string& one) { return SamePerson(one, name); })) {
      return std::unexpected(StandsTwice("name"));
    }
    names.push_back(name);
    ImportStep step;
    step.key = login;
    if (const auto there = people.FindLogin(login); there && there->name == name && there->roles == roles) {
      step.there = {{"person", ToText(there->id)}};
      return step;
    }
    SCHAKEL_TRY(people.MayInvite(login, name, roles));
    std::optional<Language> language;
    if (const std::string word = CellOf(line, "language"); !word.empty()) {
      SCHAKEL_ASSIGN(language, InColumn("language", LanguageIn(word)));
    }
    step.make = [&call, &people, login, name, roles, language]() -> Result<Json> {
      // Before the account: without one it does nothing, and what they chose themselves stands.
      Notices& notices = call.desk.notices;
      SCHAKEL_ASSIGN(const bool chose, notices.HasSettings(name));
      if (language && !chose) {
        SCHAKEL_ASSIGN(NoticeSettings settings, notices.SettingsOf(name));
        settings.language = *language;
        SCHAKEL_TRY(notices.Choose(settings));
      }
      SCHAKEL_ASSIGN(const auto invited, people.Invite(login, name, roles));
      LogPeople("people.invited", invited.account.id);
      std::string link = call.desk.public_url;
      while (link.ends_with('/')) link.pop_back();
      return Json{{"person", ToText(invited.account.id)},
                  {"invitation", invited.secret},
                  {"link", link.empty() ? Json(nullptr) : Json(link + "/#/setup/" + invited.secret)}};
    };
    return step;
  };
  return RunImport(call, request, kPeopleColumns, plan);
}

namespace {

// The machine may stop after each of these, and the same line again goes on from there: what is to be opened is noted
// first, under an id that is opened once.
Result<Json> OpenImported(Desk& desk, const std::string& key, Imported one, const OpeningBody& opening, Stage stage,
                          const std::string& assigned, const Person& by) {
  if (IsNone(one.trajectory)) {
    one.trajectory = desk.trajectories.NewId();
    SCHAKEL_TRY(NoteImported(desk.engine, key, one));
  }
  if (!desk.engine.FindTrajectory(one.trajectory)) {
    SCHAKEL_TRY(desk.trajectories.Open(opening, stage, {}, one.trajectory));
  }
  if (!assigned.empty()) {
    SCHAKEL_ASSIGN(const auto tasks, TaskChangesOf(desk.engine, one.trajectory));
    const bool has = StandingAt(tasks, assigned, desk.clock.Now()) == TaskStanding::kHasTask;
    if (!has) SCHAKEL_TRY(desk.tasks.Assign(one.trajectory, assigned, std::nullopt, by));
  }
  one.done = true;
  SCHAKEL_TRY(NoteImported(desk.engine, key, one));
  return Json{{"trajectory", ToText(one.trajectory)}};
}

}  // namespace

Result<Json> ImportTrajectories(Call& call, const ImportRequest& request) {
  std::lock_guard lock(call.desk.importing);
  SCHAKEL_ASSIGN(const auto imported, ImportedBefore(call.desk.engine));
  std::set<std::string> keys;
  const auto plan = [&](const ImportLine& line) -> Result<ImportStep> {
    ImportStep step;
    step.key = CellOf(line, "key");
    if (step.key.empty() || step.key.size() > 100) {
      return Fail(Code::kInvalid, "import.key", "key", "give each line a key of its own");
    }
    if (!keys.insert(step.key).second) return std::unexpected(StandsTwice("key"));
    const auto there = imported.find(step.key);
    const Imported before = there == imported.end() ? Imported{} : there->second;
    if (before.done) {
      step.there = {{"trajectory", ToText(before.trajectory)}};
      return step;
    }
    OpeningBody opening;
    opening.label = CellOf(line, "label");
    opening.reason = CellOf(line, "reason");
    if (opening.label.empty()) return Fail(Code::kInvalid, "request.required", "label", "fill it in");
    if (const std::string module = CellOf(line, "module"); !module.empty()) {
      SCHAKEL_ASSIGN(opening.module, InColumn("module", ModuleIn(module)));
    }
    Stage stage = Stage::kCapable;
    if (const std::string word = CellOf(line, "stage"); !word.empty()) {
      SCHAKEL_ASSIGN(stage, InColumn("stage", StageIn(word)));
    }
    SCHAKEL_ASSIGN(const std::string assigned,
                   ColleagueOf(call.desk, CellOf(line, "assigned"), "import.assigned", "assigned"));
    if (assigned.size() > TaskService::kPersonBytesMax) {
      return Fail(Code::kInvalid, "task.person", "assigned", "give a name");
    }
    // As TaskService holds it: before anything is opened.
    const StaffRole role = call.caller.person.role;
    if (!assigned.empty() && role != StaffRole::kCoordinator && role != StaffRole::kAdministrator) {
      return Fail(Code::kDenied, "task.role", "role", "ask a coordinator or an administrator");
    }
    Audience preview;
    preview.preview = true;
    SCHAKEL_TRY(call.desk.trajectories.Open(opening, stage, preview));
    step.make = [&call, key = step.key, before, opening, stage, assigned]() -> Result<Json> {
      return OpenImported(call.desk, key, before, opening, stage, assigned, call.caller.person);
    };
    return step;
  };
  return RunImport(call, request, kTrajectoryColumns, plan);
}

}  // namespace schakel
