#include "agents/learning.h"

#include <algorithm>

#include "plain_text.h"
#include "services/blank.h"
#include "services/fold.h"
#include "services/names_in_text.h"
#include "services/planted.h"
#include "services/sending.h"
#include "services/text_pieces.h"

namespace schakel {
namespace {

const LearningCaseBody* BodyOf(const CaseFile& file, const LearningCase& one) {
  const CaseRecord* record = file.Record(one.id);
  return record == nullptr ? nullptr : As<LearningCaseBody>(*record);
}

// The first withdrawal by its author counts.
template <typename T>
bool TakeBack(std::vector<T>& all, const HeldRecord& held) {
  const auto found = std::ranges::find(all, held.header.thread, &T::id);
  if (found == all.end()) return false;
  if (found->author != held.header.author || found->withdrawn_at) return true;
  found->withdrawal = held.header.id;
  found->withdrawn_at = held.at;
  return true;
}

// Of who does not have the case a comment counts for nothing; where its words are gone nobody shows any.
bool MayComment(const CaseFile& file, const LearningCase& one, const OrgId& author) {
  const LearningCaseBody* body = BodyOf(file, one);
  return body == nullptr || one.author == author || one.to.contains(author) ||
         std::ranges::find(body->to, author) != body->to.end();
}

std::vector<LearningCase> LearningCasesIn(CaseFile& file, const OrgId& self) {
  std::vector<LearningCase> all;
  std::vector<const CaseRecord*> comments;
  std::vector<const CaseRecord*> withdrawals;
  for (const CaseRecord* record : file.RecordsOf(TrajectoryId{})) {
    const HeldRecord& held = record->held;
    if (held.header.kind != Kind::kLearningCase || held.state == RecordState::kRefused) continue;
    if (held.header.thread != held.header.id) {
      withdrawals.push_back(record);
    } else if (!held.header.references.empty()) {
      comments.push_back(record);
    } else {
      all.push_back({held.header.id, held.header.author, held.at, {}, {}, Reached(self, held), {}});
    }
  }
  for (const CaseRecord* record : comments) {
    const HeldRecord& held = record->held;
    const auto about = std::ranges::find(all, held.header.references.front(), &LearningCase::id);
    if (about == all.end() || !MayComment(file, *about, held.header.author)) continue;
    about->comments.push_back({held.header.id, held.header.author, held.at, {}, {}, Reached(self, held)});
  }
  for (const CaseRecord* record : withdrawals) {
    if (TakeBack(all, record->held)) continue;
    for (LearningCase& one : all) {
      if (TakeBack(one.comments, record->held)) break;
    }
  }
  std::ranges::reverse(all);  // They came in the log's order.
  return all;
}

bool IsOf(const LearningComment& one, const RecordId& id) {
  return one.id == id || (one.withdrawn_at && one.withdrawal == id);
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
std::vector<Finding> OfACase(const CaseFile& file, const std::vector<std::string>& names, const Planted& planted,
                             std::string_view text) {
  const Folded folded = FoldPlain(text);
  std::vector<Finding> found;
  FindNames(folded, TokensOf(folded.text), names, found);
  std::ranges::move(planted.FindIn(text), std::back_inserter(found));
  std::ranges::move(TrajectoriesNamed(file, text), std::back_inserter(found));
  return found;
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
    std::size_t offset = 0;
    for (const auto& [field, text] : texts) {
      for (Finding& finding : OfACase(file, names, planted, text)) {
        if (leaves) screening.field = field;
        leaves = false;
        finding.at += offset;
        // Said already, as what stays at home.
        const bool said = std::ranges::any_of(screening.findings, [&](const Finding& one) {
          return StaysAtHome(one.what) && finding.at < one.at + one.length && one.at < finding.at + finding.length;
        });
        if (!said) screening.findings.push_back(finding);
      }
      offset += text.size();
    }
    std::ranges::stable_sort(screening.findings, {}, &Finding::at);
  });
  if (leaves) return {};
  return Fail(Code::kInvalid, "learning.identifying", screening.field,
              "write it so that nobody is recognised; what stands in a case file cannot be overruled");
}

Result<Sent> LearningService::Publish(LearningCaseBody body, CategorySet categories, const Audience& audience,
                                      Screening& screening) {
  SCHAKEL_TRY(CheckBody(body));
  std::vector<ScreenedText> texts = {{"title", body.title}, {"text", body.text}, {"learned", body.learned}};
  for (const std::string& theme : body.themes) texts.push_back({"themes", theme});
  SCHAKEL_TRY(Screen(texts, screening));
  Draft draft = LearningDraft(categories);
  std::vector<OrgId> everybody;
  for (const Directory::Organisation& one : engine_.Organisations()) {
    if (one.statement.status == OrgStatus::kActive) everybody.push_back(one.statement.organisation);
  }
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  Audience ahead = audience;
  ahead.preview = true;
  SCHAKEL_ASSIGN(const Sent foreseen, Send(engine_, draft, everybody, ahead));
  body.to = foreseen.reaches;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), everybody, audience);
}

Result<Sent> LearningService::Comment(const RecordId& id, const MessageBody& body, const Audience& audience,
                                      Screening& screening) {
  SCHAKEL_ASSIGN(const LearningCase found, Show(id));
  if (found.withdrawn_at) return Fail(Code::kConflict, "learning.withdrawn", "case", "there is nothing to do");
  auto usual = cases_.With([&](CaseFile& file) -> Result<std::vector<OrgId>> {
    const LearningCaseBody* words = BodyOf(file, found);
    if (words == nullptr) return Fail(Code::kNotFound, "id.unknown", "case", "check the id");
    std::vector<OrgId> all = {found.author};
    all.insert(all.end(), words->to.begin(), words->to.end());
    if (found.author == engine_.Self()) all.insert(all.end(), found.to.begin(), found.to.end());
    return all;
  });
  if (!usual) return std::unexpected(usual.error());
  if (IsBlank(body.text)) return Fail(Code::kInvalid, "body.required", "body.text", "fill it in");
  SCHAKEL_TRY(CheckBody(body));
  SCHAKEL_TRY(Screen({{"text", body.text}}, screening));
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(found.id));
  Draft draft = LearningDraft(held.header.categories);
  draft.references = {found.id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), *usual, audience);
}

Result<Sent> LearningService::Withdraw(const RecordId& id, const LearningWithdrawalBody& body, const Audience& audience,
                                       Screening& screening) {
  SCHAKEL_ASSIGN(const LearningCase about, Show(id));
  LearningComment found{about.id, about.author, about.at, about.withdrawal, about.withdrawn_at, about.to};
  for (const LearningComment& one : about.comments) {
    if (IsOf(one, id)) found = one;
  }
  if (found.author != engine_.Self()) {
    return Fail(Code::kDenied, "learning.author", "case", "ask the organisation that wrote it");
  }
  if (found.withdrawn_at || about.withdrawn_at) {
    return Fail(Code::kConflict, "learning.withdrawn", "case", "there is nothing to do");
  }
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
      const bool is_it = one.id == id || (one.withdrawn_at && one.withdrawal == id) ||
                         std::ranges::any_of(one.comments, [&](const LearningComment& said) { return IsOf(said, id); });
      if (is_it) return std::move(one);
    }
    return Fail(Code::kNotFound, "id.unknown", "case", "check the id");
  });
}

Status LearningService::ForgetWithdrawn() {
  const OrgId self = engine_.Self();
  const std::vector<RecordId> gone = cases_.With([&](CaseFile& file) {
    std::vector<RecordId> due;
    const auto add = [&](const RecordId& id, const OrgId& author) {
      const CaseRecord* record = file.Record(id);
      if (author != self && record != nullptr && record->body.has_value()) due.push_back(id);
    };
    for (const LearningCase& one : LearningCasesIn(file, self)) {
      if (one.withdrawn_at) add(one.id, one.author);
      for (const LearningComment& said : one.comments) {
        if (one.withdrawn_at || said.withdrawn_at) add(said.id, said.author);
      }
    }
    return due;
  });
  for (const RecordId& id : gone) SCHAKEL_TRY(engine_.Forget(id));
  return {};
}

}  // namespace schakel
