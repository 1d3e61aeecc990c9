#include "importing.h"

#include <algorithm>
#include <functional>
#include <set>

#include "account_views.h"
#include "agents/person_name.h"
#include "services/csv.h"

namespace schakel {
namespace {

constexpr const char* kImportedSet = "import.trajectories";  // The key of a line, and the trajectory that it made.

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
  bool required;
};
constexpr ImportColumn kPeopleColumns[] = {
    {"login", "gebruikersnaam", true}, {"name", "naam", true}, {"roles", "rollen", true}};
constexpr ImportColumn kTrajectoryColumns[] = {{"key", "sleutel", true},      {"label", "label", true},
                                               {"module", "hulpvorm", false}, {"reason", "reden", false},
                                               {"stage", "fase", false},      {"assigned", "medewerker", false}};

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
      return name == one.field || name == one.dutch || (name == "e-mail" && std::string_view(one.field) == "login");
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
      if (wanted != Slug(role) && wanted != InLowerCase(std::string(Label(role, Language::kDutch)))) continue;
      roles.Add(role);
      known = true;
    }
    if (!known) {
      return Fail(Code::kInvalid, "people.roles", "roles",
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
    step.make = [&call, &people, login, name, roles]() -> Result<Json> {
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

Result<Json> ImportTrajectories(Call& call, const ImportRequest& request) {
  SCHAKEL_ASSIGN(const auto imported, call.desk.engine.Kept(kImportedSet));
  std::set<std::string> keys;
  const auto plan = [&](const ImportLine& line) -> Result<ImportStep> {
    ImportStep step;
    step.key = CellOf(line, "key");
    if (step.key.empty() || step.key.size() > 100) {
      return Fail(Code::kInvalid, "import.key", "key", "give each line a key of its own");
    }
    if (!keys.insert(step.key).second) return std::unexpected(StandsTwice("key"));
    if (const auto there = imported.find(step.key); there != imported.end()) {
      step.there = {{"trajectory", std::string(AsText(there->second))}};
      return step;
    }
    OpeningBody opening;
    opening.label = CellOf(line, "label");
    opening.reason = CellOf(line, "reason");
    if (opening.label.empty()) return Fail(Code::kInvalid, "request.required", "label", "fill it in");
    if (const std::string module = InLowerCase(CellOf(line, "module")); !module.empty()) {
      SCHAKEL_ASSIGN(opening.module, ParseModule(module));
    }
    Stage stage = Stage::kCapable;
    if (const std::string word = InLowerCase(CellOf(line, "stage")); !word.empty()) {
      SCHAKEL_ASSIGN(stage, ParseStage(word));
    }
    const std::string assigned = CellOf(line, "assigned");
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
    step.make = [&call, key = step.key, opening, stage, assigned]() -> Result<Json> {
      Desk& desk = call.desk;
      SCHAKEL_ASSIGN(const Sent sent, desk.trajectories.Open(opening, stage, {}));
      const std::string id = ToText(sent.trajectory);
      SCHAKEL_TRY(desk.engine.Keep({{kImportedSet, key, ToBytes(AsBytes(id))}}));
      if (!assigned.empty()) {
        SCHAKEL_TRY(desk.tasks.Assign(sent.trajectory, assigned, std::nullopt, call.caller.person));
      }
      return Json{{"trajectory", id}};
    };
    return step;
  };
  return RunImport(call, request, kTrajectoryColumns, plan);
}

}  // namespace schakel
