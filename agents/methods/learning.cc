#include "agents/learning.h"

#include <algorithm>

#include "plain_text.h"
#include "services/fold.h"
#include "services/names_in_text.h"
#include "services/planted.h"
#include "services/sending.h"
#include "services/text_pieces.h"

namespace schakel {
namespace {

std::vector<LearningCase> LearningCasesIn(CaseFile& file, const OrgId& self) {
  std::vector<LearningCase> all;
  std::vector<const CaseRecord*> withdrawals;
  for (const CaseRecord* record : file.RecordsOf(TrajectoryId{})) {
    const HeldRecord& held = record->held;
    if (held.header.kind != Kind::kLearningCase || held.state == RecordState::kRefused) continue;
    if (held.header.thread != held.header.id) {
      withdrawals.push_back(record);
      continue;
    }
    all.push_back({held.header.id, held.header.author, held.at, {}, {}, Reached(self, held)});
  }
  for (const CaseRecord* record : withdrawals) {
    const HeldRecord& held = record->held;
    const auto found = std::ranges::find(all, held.header.thread, &LearningCase::id);
    if (found == all.end() || found->author != held.header.author || found->withdrawn_at) continue;
    found->withdrawal = held.header.id;
    found->withdrawn_at = held.at;
  }
  std::ranges::reverse(all);  // They came in the log's order.
  return all;
}

const LearningCaseBody* BodyOf(const CaseFile& file, const LearningCase& one) {
  const CaseRecord* record = file.Record(one.id);
  return record == nullptr ? nullptr : As<LearningCaseBody>(*record);
}

bool HasTheme(const LearningCaseBody& body, const std::string& theme) {
  const std::string wanted = FoldPlain(theme).text;
  return std::ranges::any_of(body.themes, [&](const std::string& one) { return FoldPlain(one).text == wanted; });
}

bool HasWords(const LearningCaseBody& body, const std::string& words) {
  std::string said = body.title + '\n' + body.text + '\n' + body.learned;
  for (const std::string& theme : body.themes) said += '\n' + theme;
  const std::string folded = FoldPlain(said).text;
  const std::string wanted = FoldPlain(words).text;
  for (std::size_t at = 0; at < wanted.size();) {
    const std::size_t end = std::min(wanted.find(' ', at), wanted.size());
    if (!folded.contains(wanted.substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

Draft LearningDraft(CategorySet categories) {
  Draft draft;
  draft.kind = Kind::kLearningCase;
  draft.purpose = Purpose::kConsultation;
  draft.categories = categories;
  return draft;
}

// Whatever else it looks like: a name or a number that stands in a case file, or the id of one.
bool IsOfACase(const CaseFile& file, const std::vector<std::string>& names, const Planted& planted,
               std::string_view text) {
  const Folded folded = FoldPlain(text);
  std::vector<Finding> found;
  FindNames(folded, TokensOf(folded.text), names, found);
  return !found.empty() || !planted.FindIn(text).empty() || NamesATrajectory(file, text);
}

}  // namespace

bool StaysAtHome(Identifying what) {
  return IsCertain(what) || what == Identifying::kName || what == Identifying::kFromCaseFile;
}

Status LearningService::Screen(const std::vector<ScreenedText>& texts, Screening& screening) {
  bool leaves = MayLeave(cases_, clock_.Now(), texts, screening);
  // They count as one text, in their order.
  for (const Finding& finding : screening.findings) {
    if (!leaves || !StaysAtHome(finding.what)) continue;
    leaves = false;
    std::size_t end = 0;
    for (const auto& [field, text] : texts) {
      end += text.size();
      if (finding.at >= end) continue;
      screening.field = field;
      break;
    }
  }
  // What a finding that may be overruled covers can be of a case file all the same.
  cases_.With([&](CaseFile& file) {
    const Planted planted = PlantedIn(file);
    const std::vector<std::string> names = NamesThatTell(file, planted);
    for (const auto& [field, text] : texts) {
      if (!leaves || !IsOfACase(file, names, planted, text)) continue;
      leaves = false;
      screening.field = field;
    }
  });
  if (leaves) return {};
  return Fail(Code::kInvalid, "learning.identifying", screening.field,
              "write it so that nobody is recognised; what stands in a case file cannot be overruled");
}

Result<Sent> LearningService::Publish(const LearningCaseBody& body, CategorySet categories, const Audience& audience,
                                      Screening& screening) {
  SCHAKEL_TRY(CheckBody(body));
  std::vector<ScreenedText> texts = {{"title", body.title}, {"text", body.text}, {"learned", body.learned}};
  for (const std::string& theme : body.themes) texts.push_back({"themes", theme});
  SCHAKEL_TRY(Screen(texts, screening));
  Draft draft = LearningDraft(categories);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  std::vector<OrgId> everybody;
  for (const Directory::Organisation& one : engine_.Organisations()) {
    if (one.statement.status == OrgStatus::kActive) everybody.push_back(one.statement.organisation);
  }
  return Send(engine_, std::move(draft), everybody, audience);
}

Result<Sent> LearningService::Withdraw(const RecordId& id, const LearningWithdrawalBody& body, const Audience& audience,
                                       Screening& screening) {
  SCHAKEL_ASSIGN(const LearningCase found, Show(id));
  if (found.author != engine_.Self()) {
    return Fail(Code::kDenied, "learning.author", "case", "ask the organisation that wrote it");
  }
  if (found.withdrawn_at) return Fail(Code::kConflict, "learning.withdrawn", "case", "there is nothing to do");
  SCHAKEL_TRY(Screen({{"why", body.why}}, screening));
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(found.id));
  Draft draft = LearningDraft(held.header.categories);
  draft.thread = found.id;
  draft.references = {found.id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), {found.to.begin(), found.to.end()}, audience);
}

LearningService::Found LearningService::Find(const LearningSearch& search) {
  const OrgId self = engine_.Self();
  return cases_.With([&](CaseFile& file) {
    Found found;
    std::map<std::string, std::string> themes;  // However it was written, by name.
    for (LearningCase& one : LearningCasesIn(file, self)) {
      const LearningCaseBody* body = BodyOf(file, one);
      if (one.withdrawn_at) {
        if (search.all && search.theme.empty() && search.words.empty()) found.cases.push_back(std::move(one));
        continue;
      }
      if (body == nullptr) continue;
      for (const std::string& theme : body->themes) themes.try_emplace(FoldPlain(theme).text, theme);
      if (!search.theme.empty() && !HasTheme(*body, search.theme)) continue;
      if (HasWords(*body, search.words)) found.cases.push_back(std::move(one));
    }
    for (const auto& [folded, theme] : themes) found.themes.push_back(theme);
    return found;
  });
}

Result<LearningCase> LearningService::Show(const RecordId& id) {
  const OrgId self = engine_.Self();
  return cases_.With([&](CaseFile& file) -> Result<LearningCase> {
    for (LearningCase& one : LearningCasesIn(file, self)) {
      if (one.id == id || (one.withdrawn_at && one.withdrawal == id)) return std::move(one);
    }
    return Fail(Code::kNotFound, "id.unknown", "case", "check the id");
  });
}

Status LearningService::ForgetWithdrawn() {
  const OrgId self = engine_.Self();
  const std::vector<RecordId> gone = cases_.With([&](CaseFile& file) {
    std::vector<RecordId> due;
    for (const LearningCase& one : LearningCasesIn(file, self)) {
      const CaseRecord* record = file.Record(one.id);
      const bool has_words = record != nullptr && record->body.has_value();
      if (one.withdrawn_at && one.author != self && has_words) due.push_back(one.id);
    }
    return due;
  });
  for (const RecordId& id : gone) SCHAKEL_TRY(engine_.Forget(id));
  return {};
}

}  // namespace schakel
