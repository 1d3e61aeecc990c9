#include <algorithm>

#include "agents/partnership_agreements.h"
#include "local_time.h"
#include "plain_text.h"
#include "planted.h"
#include "sending.h"

namespace schakel {
namespace {

// A reply continues its question: the same trajectory, purpose and categories, so that the same grants cover it.
Draft ReplyTo(const Consultation& consultation, Kind kind, Body body) {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = consultation.trajectory;
  draft.thread = consultation.id;
  draft.purpose = consultation.purpose;
  draft.categories = consultation.categories;
  draft.references = {consultation.id};
  draft.body = std::move(body);
  return draft;
}

bool IsAtOnce(Urgency urgency) { return urgency == Urgency::kToday || urgency == Urgency::kCrisis; }

// A crisis is answered the same day, or else it goes up.
Result<QuestionBody> OnItsDay(QuestionBody question, Timestamp now) {
  if (question.urgency != Urgency::kCrisis) return question;
  const Timestamp end = EndOfDay(now);
  if (!question.answer_by) question.answer_by = end;
  if (*question.answer_by <= end) return question;
  return Fail(Code::kInvalid, "consultation.crisis_day", "answer_by", "choose a time today");
}

Status CheckDeadline(const QuestionBody& question, Timestamp now) {
  if (!question.answer_by || *question.answer_by > now) return {};
  return Fail(Code::kInvalid, "consultation.answer_by", "answer_by", "choose a time that is still to come");
}

// None: `text` names no sector.
std::optional<Sector> SectorOf(const std::string& text, const std::vector<Directory::Organisation>& organisations,
                               const std::map<Sector, Profile>& profiles) {
  for (const Directory::Organisation& one : organisations) {
    if (one.statement.sector.value() == text) return one.statement.sector;
  }
  const std::string folded = FoldPlain(text).text;
  for (const auto& [sector, profile] : profiles) {
    const bool called = std::ranges::any_of(
        kLanguages, [&](Language language) { return FoldPlain(profile.name.In(language)).text == folded; });
    if (called || sector.value() == text) return sector;
  }
  return std::nullopt;
}

Status CheckOpen(const Consultation& consultation) {
  if (consultation.state != Consultation::State::kConcluded) return {};
  return Fail(Code::kConflict, "consultation.concluded", "consultation", "ask a new question");
}

}  // namespace

Result<std::vector<OrgId>> ConsultationService::Addressees(const TrajectoryId& id, const std::vector<std::string>& to,
                                                           const std::map<Sector, Profile>& profiles) {
  const auto organisations = engine_.Organisations();
  std::set<OrgId> there;  // Whom a sector can stand for.
  if (IsNone(id)) {
    for (const Directory::Organisation& one : organisations) there.insert(one.statement.organisation);
  } else {
    SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
    for (const OrgId& one : OthersIn(trajectory, engine_.Self())) there.insert(one);
  }
  std::vector<OrgId> named;
  const auto add = [&](const OrgId& one) {
    if (std::ranges::find(named, one) == named.end()) named.push_back(one);
  };
  for (const std::string& text : to) {
    const auto is_it = [&](const Directory::Organisation& one) { return one.statement.organisation.value() == text; };
    const auto sector =
        std::ranges::any_of(organisations, is_it) ? std::optional<Sector>() : SectorOf(text, organisations, profiles);
    if (!sector) {
      const auto organisation = ParseOrgId(text);
      if (!organisation) return Fail(Code::kInvalid, organisation.error().rule, "to", organisation.error().next);
      add(*organisation);
      continue;
    }
    bool anybody = false;
    for (const Directory::Organisation& one : organisations) {
      const OrgStatement& statement = one.statement;
      const bool counts = statement.sector == *sector && statement.status == OrgStatus::kActive &&
                          statement.organisation != engine_.Self() && there.contains(statement.organisation);
      if (!counts) continue;
      add(statement.organisation);
      anybody = true;
    }
    if (!anybody) return Fail(Code::kNotFound, "consultation.sector", text, "name another sector, or an organisation");
  }
  return named;
}

Result<Sent> ConsultationService::Ask(const TrajectoryId& id, const QuestionBody& question, CategorySet categories,
                                      Purpose purpose, const Audience& audience) {
  SCHAKEL_ASSIGN(const QuestionBody dated, OnItsDay(question, clock_.Now()));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  SCHAKEL_TRY(CheckDeadline(dated, clock_.Now()));
  Draft draft;
  draft.kind = Kind::kQuestion;
  draft.trajectory = id;
  draft.purpose = purpose;
  draft.categories = categories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(dated));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

bool MayLeave(Cases& cases, Timestamp now, const std::vector<ScreenedText>& texts, Screening& screening) {
  std::vector<std::string> names;
  Planted planted;
  cases.With([&](CaseFile& file) {
    planted = PlantedIn(file);
    names = NamesThatTell(file, planted);
  });
  screening.read = true;
  std::size_t offset = 0;
  bool stays = false;
  for (const auto& [field, text] : texts) {
    std::vector<Finding> found = FindIdentifying(text, names, now);
    // Of what says more, nothing is said twice.
    for (const Finding& one : planted.FindIn(text)) {
      const auto touches = [&](const Finding& other) {
        return one.at < other.at + other.length && other.at < one.at + one.length;
      };
      if (std::ranges::none_of(found, touches)) found.push_back(one);
    }
    std::ranges::stable_sort(found, {}, &Finding::at);
    for (Finding& finding : found) {
      finding.at += offset;
      screening.findings.push_back(finding);
      if (stays || (screening.overruled && !IsCertain(finding.what))) continue;
      stays = true;
      screening.field = field;
    }
    offset += text.size();
  }
  return !stays;
}

Status ConsultationService::Screen(const std::vector<ScreenedText>& texts, Screening& screening) {
  if (MayLeave(cases_, clock_.Now(), texts, screening)) return {};
  return Fail(Code::kInvalid, "consultation.identifying", screening.field,
              "leave out what tells who it is about; what is no name or number of a person may be overruled");
}

// Who answers knows of nobody what they could give away.
Status ConsultationService::ScreenReply(const Consultation& consultation, std::string_view text, const char* field,
                                        Screening& screening) {
  if (!IsNone(consultation.trajectory) || consultation.asker != engine_.Self()) return {};
  return Screen({{field, text}}, screening);
}

Result<Sent> ConsultationService::AskAnonymously(const QuestionBody& question, CategorySet categories,
                                                 const Audience& audience, Screening& screening) {
  SCHAKEL_ASSIGN(const QuestionBody dated, OnItsDay(question, clock_.Now()));
  if (audience.named.empty()) {
    return Fail(Code::kInvalid, "consultation.to", "to", "name whom you ask: without a trajectory nobody is implied");
  }
  SCHAKEL_TRY(CheckDeadline(dated, clock_.Now()));
  SCHAKEL_TRY(CheckPartnersAsked(engine_, audience.named, IsAtOnce(question.urgency), clock_.Now()));
  // Subject and question are read as one text, the subject first.
  SCHAKEL_TRY(Screen({{"subject", question.subject}, {"question", question.question}}, screening));
  Draft draft;
  draft.kind = Kind::kQuestion;
  draft.purpose = Purpose::kConsultation;
  draft.categories = categories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(dated));
  return Send(engine_, std::move(draft), {}, audience);
}

Result<Consultation> ConsultationService::Find(const RecordId& id) {
  return cases_.With([&](CaseFile& file) -> Result<Consultation> {
    const Consultation* found = file.FindConsultation(id);
    if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "consultation", "check the id");
    return *found;
  });
}

Result<Sent> ConsultationService::Answer(const RecordId& id, const AnswerBody& answer, const Audience& audience,
                                         Screening& screening) {
  SCHAKEL_ASSIGN(const Consultation consultation, Find(id));
  SCHAKEL_TRY(CheckOpen(consultation));
  SCHAKEL_TRY(ScreenReply(consultation, answer.text, "text", screening));
  SCHAKEL_ASSIGN(Body body, EncodeBody(answer));
  // What who asked adds is a follow-up, for whom it asked.
  std::vector<OrgId> usual = {consultation.asker};
  if (consultation.asker == engine_.Self()) {
    usual.assign(consultation.asked.begin(), consultation.asked.end());
    if (IsNone(consultation.trajectory)) {
      const auto& to = audience.named.empty() ? usual : audience.named;
      SCHAKEL_TRY(CheckPartnersAsked(engine_, to, IsAtOnce(consultation.urgency), clock_.Now()));
    }
  }
  return Send(engine_, ReplyTo(consultation, Kind::kAnswer, std::move(body)), usual, audience);
}

Result<Sent> ConsultationService::Conclude(const RecordId& id, const ConclusionBody& conclusion,
                                           const Audience& audience, Screening& screening) {
  SCHAKEL_ASSIGN(const Consultation consultation, Find(id));
  if (consultation.asker != engine_.Self()) {
    return Fail(Code::kDenied, "consultation.asker", "consultation", "leave the conclusion to who asked");
  }
  SCHAKEL_TRY(CheckOpen(consultation));
  SCHAKEL_TRY(ScreenReply(consultation, conclusion.why, "why", screening));
  SCHAKEL_ASSIGN(Body body, EncodeBody(conclusion));
  const std::vector<OrgId> asked(consultation.asked.begin(), consultation.asked.end());
  return Send(engine_, ReplyTo(consultation, Kind::kConclusion, std::move(body)), asked, audience);
}

Result<Sent> ConsultationService::Reveal(const RecordId& id, const TrajectoryId& trajectory, const std::string& text,
                                         const Audience& audience) {
  SCHAKEL_ASSIGN(const Consultation consultation, Find(id));
  if (consultation.asker != engine_.Self()) {
    return Fail(Code::kDenied, "consultation.revealer", "consultation", "leave that to who asked");
  }
  if (!IsNone(consultation.trajectory)) {
    return Fail(Code::kConflict, "consultation.not_anonymous", "consultation", "answer it: its trajectory is known");
  }
  if (audience.named.empty()) {
    return Fail(Code::kInvalid, "consultation.reveal_to", "to", "name to whom, of those who were asked");
  }
  for (const OrgId& one : audience.named) {
    if (consultation.asked.contains(one)) continue;
    return Fail(Code::kDenied, "consultation.not_asked", one.value(), "name only those who were asked");
  }
  SCHAKEL_TRY(cases_.Trajectory(trajectory));
  const auto knows = [&](const OrgId& one) {
    return std::ranges::any_of(consultation.revealed, [&](const Consultation::Revealed& said) {
      return said.trajectory == trajectory && said.to.contains(one);
    });
  };
  if (std::ranges::all_of(audience.named, knows)) {
    return Fail(Code::kConflict, "consultation.revealed", audience.named.front().value(),
                "name somebody who does not know it yet, or answer in the trajectory");
  }
  Draft draft;
  draft.kind = Kind::kReveal;
  draft.trajectory = trajectory;
  draft.purpose = consultation.purpose;
  draft.categories = consultation.categories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(RevealBody{consultation.id.value(), text}));
  return Send(engine_, std::move(draft), {}, audience);
}

}  // namespace schakel
