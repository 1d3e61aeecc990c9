#include <algorithm>

#include "agents/i18n.h"
#include "json.h"
#include "problem_field.h"

namespace schakel {
namespace {

std::string_view Slug(MemberStatus status) {
  switch (status) {
    case MemberStatus::kInvited:
      return "invited";
    case MemberStatus::kJoined:
      return "joined";
    case MemberStatus::kLeft:
      return "left";
  }
  return "unknown";
}
std::string_view Slug(RecordState state) {
  switch (state) {
    case RecordState::kWaiting:
      return "waiting";
    case RecordState::kAccepted:
      return "accepted";
    case RecordState::kRefused:
      return "refused";
    case RecordState::kReceived:
      return "received";
  }
  return "unknown";
}
std::string_view Slug(Consultation::State state) {
  switch (state) {
    case Consultation::State::kOpen:
      return "open";
    case Consultation::State::kAnswered:
      return "answered";
    case Consultation::State::kConcluded:
      return "concluded";
  }
  return "unknown";
}
std::string_view Slug(InboxItem::What what) {
  using enum InboxItem::What;
  switch (what) {
    case kInvitation:
      return "invitation";
    case kAnswer:
      return "answer";
    case kConclude:
      return "conclude";
    case kVote:
      return "vote";
    case kFix:
      return "fix";
    case kReport:
      return "report";
    case kGrantEnds:
      return "grant-ends";
    case kRefused:
      return "refused";
    case kNew:
      return "new";
    case kWithheld:
      return "withheld";
    case kOutstanding:
      return "outstanding";
    case kErase:
      return "erase";
    case kEraseOutstanding:
      return "erase-outstanding";
    case kLeadOffered:
      return "lead-offered";
    case kLeadUnanswered:
      return "lead-unanswered";
    case kReferral:
      return "referral";
    case kReferralLapsed:
      return "referral-lapsed";
    case kSign:
      return "sign";
    case kSignPersons:
      return "sign-persons";
    case kSignAnew:
      return "sign-anew";
    case kGoalReview:
      return "goal-review";
    case kAction:
      return "action";
    case kAnswerLate:
      return "answer-late";
    case kReceiver:
      return "receiver";
    case kRecolour:
      return "recolour";
    case kActionLate:
      return "action-late";
    case kFamily:
      return "family";
    case kQuorum:
      return "quorum";
    case kRequiredNo:
      return "required-no";
    case kVotesLate:
      return "votes-late";
    case kCounter:
      return "counter";
    case kEmergencyReview:
      return "emergency-review";
    case kStayEnds:
      return "stay-ends";
    case kAlertStands:
      return "alert-stands";
    case kAlertOpen:
      return "alert-open";
    case kPlaceAsked:
      return "place-asked";
    case kPlaceAgreed:
      return "place-agreed";
    case kPlaceRefused:
      return "place-refused";
    case kPlaceLapsed:
      return "place-lapsed";
    case kPlaceEnds:
      return "place-ends";
    case kReview3Months:
      return "review-3-months";
    case kReview6Months:
      return "review-6-months";
    case kReviewHearing:
      return "review-before-hearing";
    case kCrisis:
      return "crisis";
    case kCrisisLate:
      return "crisis-late";
    case kCrisisUnanswered:
      return "crisis-unanswered";
    case kSupporter:
      return "supporter";
    case kFamilyPlan:
      return "family-plan";
    case kAftercareDue:
      return "aftercare-due";
    case kAftercareLate:
      return "aftercare-late";
    case kAdulthoodPlan:
      return "adulthood-plan";
    case kAdulthoodReceiver:
      return "adulthood-receiver";
    case kAdulthoodStage:
      return "adulthood-stage";
  }
  return "unknown";
}
std::string_view StateOf(const CaseGrant& row, Timestamp now) {
  const Grant& grant = row.grant;
  if (grant.review == ReviewOutcome::kUnjustified) return "withdrawn";
  // Without a withdrawal, it ended because its recipient takes no part any more.
  if (grant.withdrawn) return IsNone(row.withdrawal) ? "ended" : "withdrawn";
  if (now < grant.terms.begins_at) return "coming";
  return now < grant.ends_at ? "in-force" : "ended";
}
std::string_view StateOf(const Meeting& meeting) {
  if (!IsNone(meeting.cancelled)) return "cancelled";
  if (!IsNone(meeting.report)) return "reported";
  if (!IsNone(meeting.fixed)) return "fixed";
  return WaitsForFamily(meeting) ? "family" : "voting";
}

}  // namespace

JsonViews::JsonViews(const Engine& engine, Language language) : engine_(engine), language_(language) {
  for (const Directory::Organisation& organisation : engine.Organisations()) {
    names_[organisation.statement.organisation] = organisation.statement.name;
    sectors_[organisation.statement.organisation] = organisation.statement.sector;
    if (organisation.statement.status == OrgStatus::kSuspended) suspended_.insert(organisation.statement.organisation);
  }
}

Json JsonViews::Organisation(const OrgId& id) const {
  if (id.value().empty()) return nullptr;
  auto found = names_.find(id);
  return {{"id", id.value()}, {"name", found == names_.end() ? id.value() : found->second}};
}

Json JsonViews::Organisations(const std::vector<OrgId>& ids) const {
  Json list = Json::array();
  for (const OrgId& id : ids) list.push_back(Organisation(id));
  return list;
}

Json JsonViews::DenialView(Denial denial) const {
  return {{"reason", Slug(denial)},
          {"label", Label(denial, language_)},
          {"next", Phrase(language_, "denial." + std::string(Slug(denial)))}};
}

Json JsonViews::UnreachedView(const std::vector<Unreached>& unreached, const TrajectoryId& on) const {
  Json list = Json::array();
  if (unreached.empty()) return list;
  const auto rules = engine_.FindTrajectory(on);
  for (const Unreached& one : unreached) {
    const bool leads = rules && rules->lead == one.organisation;
    Json row = one.reason ? DenialView(*one.reason)
                          : Json{{"reason", "not-told"},
                                 {"label", Phrase(language_, leads ? "unreached.lead" : "unreached.label")},
                                 {"next", Phrase(language_, leads ? "unreached.lead_next" : "unreached.next")}};
    row["organisation"] = Organisation(one.organisation);
    list.push_back(std::move(row));
  }
  return list;
}

Json JsonViews::SentView(const Sent& sent) const {
  Json view;
  view["record"] = IdView(sent.record);
  view["trajectory"] = IdView(sent.trajectory);
  view["state"] = sent.outcome == Sent::Outcome::kPreview ? "preview" : Slug(sent.state);
  view["reaches"] = Organisations(sent.reaches);
  view["unsure"] = Organisations(sent.unsure);
  view["told_only"] = Organisations(sent.told_only);
  view["unreached"] = UnreachedView(sent.unreached, sent.trajectory);
  view["missed"] = sent.missed;
  return view;
}

Json JsonViews::TrajectoryView(const CaseTrajectory* trajectory, const Glance& glance) const {
  if (trajectory == nullptr) return nullptr;
  return {{"id", ToText(trajectory->id)}, {"label", glance.LabelOf(*trajectory)}};
}

Json JsonViews::Overview(const CaseTrajectory& trajectory, const Glance& glance, const OrgId& self,
                         Timestamp now) const {
  const bool left = std::ranges::any_of(trajectory.participants, [&](const Participant& one) {
    return one.organisation == self && one.status == MemberStatus::kLeft;
  });
  const auto joined = std::ranges::count(trajectory.participants, MemberStatus::kJoined, &Participant::status);
  return {{"id", ToText(trajectory.id)},
          {"label", glance.LabelOf(trajectory)},
          {"module", Slug(glance.ModuleOf(trajectory, now))},
          {"lead", Organisation(trajectory.lead)},
          {"closed", trajectory.closed},
          {"left", left},
          {"members", joined},
          {"last_at", ToText(trajectory.last_at)}};
}

Json JsonViews::Whole(const CaseTrajectory& trajectory, const Glance& glance, const OrgId& self, Timestamp now) const {
  Json view = Overview(trajectory, glance, self, now);
  view["opening"] = IdView(trajectory.opening);
  // Of one that was erased nothing tells any more.
  const bool opened = trajectory.opened_at != Timestamp{};
  view["opened_at"] = opened ? Json(ToText(trajectory.opened_at)) : Json(nullptr);
  view["stage"] = schakel::Slug(trajectory.stage);
  view["receiver"] = Organisation(trajectory.receiver);
  view["receiver_accepted"] = trajectory.receiver_accepted;
  view["retain_until"] = TimeView(trajectory.retain_until);
  AddLead(trajectory, now, view);
  view["erasure"] = trajectory.erasure ? ErasureView(*trajectory.erasure, trajectory.lead) : Json(nullptr);
  view["frames"] = Json::array();
  for (const Frame& frame : trajectory.frames) {
    view["frames"].push_back({{"id", ToText(frame.id)},
                              {"ground", schakel::Slug(frame.terms.ground)},
                              {"chair", Organisation(frame.terms.chair)},
                              {"participants", Organisations(frame.terms.participants)},
                              {"purposes", Slugs(frame.terms.purposes, AllPurposes())},
                              {"begins_at", ToText(frame.terms.begins_at)},
                              {"ends_at", ToText(frame.terms.ends_at)}});
  }
  view["members"] = Json::array();
  for (const Participant& one : trajectory.participants) {
    const bool lapsed = one.status == MemberStatus::kInvited && now >= one.invite_expires_at;
    Json row = {{"organisation", Organisation(one.organisation)},
                {"lead", one.lead},
                {"self", one.organisation == self},
                {"status", lapsed ? "lapsed" : Slug(one.status)},
                {"suspended", suspended_.contains(one.organisation)},
                {"commitment", IdView(one.commitment)}};
    if (one.status == MemberStatus::kInvited) row["invite_expires_at"] = ToText(one.invite_expires_at);
    view["members"].push_back(std::move(row));
  }
  view["grants"] = Json::array();
  for (const CaseGrant& grant : trajectory.grants) view["grants"].push_back(GrantView(grant, trajectory.id, now));
  view["consultations"] = Json::array();
  for (const Consultation& one : trajectory.consultations) {
    view["consultations"].push_back(ConsultationView(one, &trajectory, glance));
  }
  view["tables"] = Json::array();
  for (const Meeting& one : trajectory.meetings) view["tables"].push_back(MeetingView(one, trajectory, glance));
  view["items"] = Json::array();
  for (const CaseItem& one : trajectory.items) view["items"].push_back(ItemView(one));
  view["withheld"] = Json::array();
  for (const WithheldMark& mark : trajectory.withheld) {
    Json row = DenialView(mark.reason);
    row["record"] = IdView(mark.record);
    row["at"] = ToText(mark.at);
    view["withheld"].push_back(std::move(row));
  }
  return view;
}

void JsonViews::AddLead(const CaseTrajectory& trajectory, Timestamp now, Json& view) const {
  view["lead_offer"] = nullptr;
  if (trajectory.lead_offer) {
    const CaseLeadOffer& offer = *trajectory.lead_offer;
    view["lead_offer"] = {{"record", IdView(offer.record)},
                          {"to", Organisation(offer.to)},
                          {"at", ToText(offer.at)},
                          {"expires_at", ToText(offer.expires_at)},
                          {"open", now < offer.expires_at}};
  }
  view["handovers"] = Json::array();
  for (const CaseHandover& one : trajectory.handovers) {
    view["handovers"].push_back({{"record", IdView(one.record)},
                                 {"from", Organisation(one.from)},
                                 {"to", Organisation(one.to)},
                                 {"at", TimeView(one.at)},
                                 {"told", one.told}});
  }
}

Json JsonViews::GrantView(const CaseGrant& row, const TrajectoryId& trajectory, Timestamp now) const {
  const Grant& grant = row.grant;
  Json view = {{"id", ToText(grant.id)},
               {"trajectory", ToText(trajectory)},
               {"author", Organisation(grant.author)},
               {"recipient", Organisation(grant.terms.recipient)},
               {"purposes", Slugs(grant.purposes, AllPurposes())},
               {"categories", Slugs(grant.categories, AllCategories())},
               {"begins_at", ToText(grant.terms.begins_at)},
               {"ends_at", ToText(grant.ends_at)},
               {"basis", schakel::Slug(grant.terms.basis)},
               {"grantor", schakel::Slug(grant.terms.grantor)},
               {"oral", grant.terms.oral},
               {"state", StateOf(row, now)},
               {"suspended", suspended_.contains(grant.terms.recipient)},
               {"given_at", ToText(row.given_at)},
               {"withdrawal", IdView(row.withdrawal)}};
  view["taken_back"] = Json::array();
  for (const CaseTakenBack& taken : row.taken_back)
    view["taken_back"].push_back(TakenBackView(taken, grant, trajectory));
  AddStanding(grant, trajectory, now, view);
  return view;
}

// Receipts go to who took it back and to the lead alone.
Json JsonViews::TakenBackView(const CaseTakenBack& taken, const Grant& grant, const TrajectoryId& trajectory) const {
  const OrgId self = engine_.Self();
  const auto rules = engine_.FindTrajectory(trajectory);
  const bool told = taken.author == self || grant.terms.recipient == self || (rules && rules->lead == self);
  Json outstanding = Json::array();
  if (told && !taken.sealed_at) outstanding.push_back(Organisation(grant.terms.recipient));
  return {{"record", IdView(taken.record)},         {"kind", schakel::Slug(taken.kind)},
          {"author", Organisation(taken.author)},   {"at", ToText(taken.at)},
          {"sealed_at", TimeView(taken.sealed_at)}, {"destroyed_at", TimeView(taken.destroyed_at)},
          {"outstanding", std::move(outstanding)},  {"answers_known", told}};
}

Json JsonViews::ErasureView(const CaseErasure& erasure, const OrgId& lead) const {
  Json answered = Json::array();
  Json outstanding = Json::array();
  Json kept = Json::array();
  for (const CaseErasure::Party& party : erasure.parties) {
    if (party.kept) {
      kept.push_back({{"organisation", Organisation(party.organisation)},
                      {"until", ToText(party.kept->until)},
                      {"reason", schakel::Slug(party.kept->reason)}});
    }
    if (party.answered_at) {
      answered.push_back({{"organisation", Organisation(party.organisation)}, {"at", ToText(*party.answered_at)}});
    } else {
      outstanding.push_back(Organisation(party.organisation));
    }
  }
  return {{"state", schakel::Slug(StandingOf(erasure, lead == engine_.Self()))},
          {"proposal", IdView(erasure.proposal)},
          {"reason", erasure.reason ? Json(schakel::Slug(*erasure.reason)) : Json(nullptr)},
          {"proposed_at", TimeView(erasure.proposed_at)},
          {"seconded", erasure.seconded},
          {"confirm", IdView(erasure.confirm)},
          {"confirmed_at", TimeView(erasure.confirmed_at)},
          {"answered", std::move(answered)},
          {"outstanding", std::move(outstanding)},
          {"kept", std::move(kept)},
          {"answers_known", lead == engine_.Self()}};
}

Json JsonViews::SealedView(const SealedItem& sealed) const {
  const auto change = engine_.Find(sealed.change);
  return {{"change_kind", change ? Json(schakel::Slug(change->header.kind)) : Json(nullptr)},
          {"record", IdView(sealed.record)},
          {"trajectory", IdView(sealed.trajectory)},
          {"grant", IdView(sealed.grant)},
          {"change", IdView(sealed.change)},
          {"sealed_at", ToText(sealed.sealed_at)},
          {"keep_until", ToText(sealed.keep_until)},
          {"reason", sealed.reason.In(language_)},
          {"destroyed_at", TimeView(sealed.destroyed_at)}};
}

void JsonViews::AddStanding(const Grant& grant, const TrajectoryId& trajectory, Timestamp now, Json& view) const {
  if (grant.terms.secrecy) view["sought"] = schakel::Slug(grant.terms.secrecy->sought);
  if (!IsNone(grant.terms.frame)) view["frame"] = ToText(grant.terms.frame);
  if (!IsNone(grant.piece)) view["piece"] = ToText(grant.piece);
  if (grant.terms.basis == Basis::kEmergency) {
    view["review"] = grant.review ? Json(schakel::Slug(*grant.review)) : Json(nullptr);
    const std::chrono::hours allowed(engine_.Rules().emergency_review_hours);
    view["review_by"] = ToText(grant.ends_at + allowed);
  }
  const auto rules = engine_.FindTrajectory(trajectory);
  if (!rules) return;
  view["stage"] = schakel::Slug(rules->stage());
  CourtWall wall = CourtWall::kNone;
  const auto sector = sectors_.find(grant.terms.recipient);
  const auto ceilings = engine_.Ceilings();
  if (ceilings && sector != sectors_.end()) {
    for (const CeilingStatement::Row& row : ceilings->rows) {
      if (row.sector == sector->second && row.court_wall) wall = CourtWall::kBefore;
    }
  }
  view["standing"] = schakel::Slug(StandingOf(*rules, engine_.Rules(), wall, grant, now));
}

Json JsonViews::ConsultationView(const Consultation& one, const CaseTrajectory* trajectory,
                                 const Glance& glance) const {
  const auto* question = glance.Find<QuestionBody>(one.id);
  const auto replies = [this](const std::vector<Consultation::Reply>& all) {
    Json list = Json::array();
    for (const Consultation::Reply& reply : all) {
      list.push_back(
          {{"record", ToText(reply.record)}, {"author", Organisation(reply.author)}, {"at", ToText(reply.at)}});
    }
    return list;
  };
  Json revealed = Json::array();
  for (const Consultation::Revealed& reveal : one.revealed) {
    revealed.push_back({{"record", ToText(reveal.record)},
                        {"trajectory", ToText(reveal.trajectory)},
                        {"to", Organisations({reveal.to.begin(), reveal.to.end()})},
                        {"at", ToText(reveal.at)}});
  }
  return {{"id", ToText(one.id)},
          {"trajectory", TrajectoryView(trajectory, glance)},
          {"asker", Organisation(one.asker)},
          {"asked_at", ToText(one.asked_at)},
          {"purpose", schakel::Slug(one.purpose)},
          {"categories", Slugs(one.categories, AllCategories())},
          {"urgency", question == nullptr ? Json(nullptr) : Json(schakel::Slug(question->urgency))},
          {"answer_by", question == nullptr ? Json(nullptr) : TimeView(question->answer_by)},
          {"state", Slug(one.state)},
          {"asked", Organisations({one.asked.begin(), one.asked.end()})},
          {"answers", replies(one.answers)},
          {"follow_ups", replies(one.follow_ups)},
          {"outstanding", Organisations(one.outstanding)},
          {"conclusion", IdView(one.conclusion)},
          {"revealed", std::move(revealed)}};
}

Json JsonViews::MeetingView(const Meeting& one, const CaseTrajectory& trajectory, const Glance& glance) const {
  const auto* fixed = glance.Find<FixedBody>(one.fixed);
  return {{"id", ToText(one.id)},
          {"trajectory", TrajectoryView(&trajectory, glance)},
          {"convener", Organisation(one.convener)},
          {"proposed_at", ToText(one.proposed_at)},
          {"state", StateOf(one)},
          {"invited", Organisations({one.invited.begin(), one.invited.end()})},
          {"votes", one.votes.size()},
          {"outstanding", Organisations(one.outstanding)},
          {"date", fixed == nullptr ? Json(nullptr) : SlotView(fixed->slot)},
          {"fixed", IdView(one.fixed)},
          {"revision", one.revision},
          {"cancelled", IdView(one.cancelled)},
          {"report", IdView(one.report)}};
}

std::string_view JsonViews::RecordStateOf(RecordState state, const RecordId& record) const {
  if (state != RecordState::kReceived) return Slug(state);
  if (!sealed_) {
    sealed_.emplace();
    for (const SealedItem& one : engine_.Sealed()) {
      sealed_->emplace(one.record, one.destroyed_at ? "destroyed" : "sealed");
    }
  }
  const auto found = sealed_->find(record);
  return found == sealed_->end() ? Slug(state) : found->second;
}

Json JsonViews::ItemView(const CaseItem& item) const {
  return {{"id", ToText(item.id)},
          {"kind", schakel::Slug(item.kind)},
          {"author", Organisation(item.author)},
          {"at", ToText(item.at)},
          {"purpose", schakel::Slug(item.purpose)},
          {"categories", Slugs(item.categories, AllCategories())},
          {"state", RecordStateOf(item.state, item.id)}};
}

Json JsonViews::InboxView(const InboxItem& item, const CaseTrajectory* trajectory, const Glance& glance) const {
  Json about = TrajectoryView(trajectory, glance);
  if (trajectory == nullptr && !IsNone(item.trajectory)) {
    // All of it was withheld from us.
    about = {{"id", ToText(item.trajectory)}, {"label", NeutralLabel(item.trajectory)}};
  }
  const bool may_show_due = IsNone(item.due_record) || glance.Has(item.due_record);
  Json view = {{"what", Slug(item.what)},
               {"record", IdView(item.record)},
               {"trajectory", std::move(about)},
               {"from", Organisation(item.from)},
               {"kind", schakel::Slug(item.kind)},
               {"at", ToText(item.at)},
               {"due", may_show_due ? TimeView(item.due) : Json(nullptr)}};
  if (item.reason) view["denial"] = DenialView(*item.reason);
  return view;
}

Json JsonViews::RecordView(const HeldRecord& held) const {
  const Header& header = held.header;
  Json view = {{"id", ToText(header.id)},
               {"kind", schakel::Slug(header.kind)},
               {"author", Organisation(header.author)},
               {"trajectory", IdView(header.trajectory)},
               {"thread", IdView(header.thread)},
               {"purpose", schakel::Slug(header.purpose)},
               {"categories", Slugs(header.categories, AllCategories())},
               {"basis", header.basis ? Json(schakel::Slug(*header.basis)) : Json(nullptr)},
               {"created_at", ToText(header.created_at)},
               {"at", ToText(held.at)},
               {"state", RecordStateOf(held.state, header.id)},
               {"sequence", held.sequence.value() == 0 ? Json(nullptr) : Json(held.sequence.value())}};
  if (held.state != RecordState::kReceived) {
    const std::vector<Unreached> unreached = UnreachedBy(engine_, held);
    view["recipients"] = Organisations(held.recipients);
    view["unreached"] = UnreachedView(unreached, held.header.trajectory);
  }
  if (held.error) view["error"] = ProblemView(*held.error);
  return view;
}

// Of statements whose own fields say as much as their words.
void JsonViews::AddStatement(const Header& header, Json& view) const {
  if (const auto* frame = std::get_if<CaseFrame>(&header.control)) {
    view["frame"] = {{"chair", Organisation(frame->chair)},
                     {"purposes", Slugs(frame->purposes, AllPurposes())},
                     {"begins_at", ToText(frame->begins_at)},
                     {"ends_at", ToText(frame->ends_at)}};
  } else if (const auto* review = std::get_if<EmergencyReview>(&header.control)) {
    view["review"] = {{"grant", IdView(review->grant)}, {"outcome", schakel::Slug(review->outcome)}};
  }
}

Json JsonViews::ShownView(const Reading::Shown& shown) const {
  Json view = RecordView(shown.held);
  AddStatement(shown.held.header, view);
  if (shown.body) view["body"] = BodyView(*shown.body);
  if (shown.exception != Exception::kNone) view["exception"] = schakel::Slug(shown.exception);
  if (shown.sealed) view["sealed"] = ProblemView(*shown.sealed);
  return view;
}

Json JsonViews::AccessView(const AccessRow& row) const {
  Json view = {{"sequence", row.sequence.value() == 0 ? Json(nullptr) : Json(row.sequence.value())},
               {"at", ToText(row.at)},
               {"what", schakel::Slug(row.what)},
               {"organisation", Organisation(row.organisation)},
               {"trajectory", IdView(row.trajectory)},
               {"record", IdView(row.record)}};
  if (row.kind) view["kind"] = schakel::Slug(*row.kind);
  if (!IsNone(row.repeats)) view["repeats"] = ToText(row.repeats);
  if (row.role) view["role"] = schakel::Slug(*row.role);
  if (row.person) view["person"] = *row.person;
  if (row.about) view["about"] = *row.about;
  if (row.guest) view["guest"] = schakel::Slug(*row.guest);
  if (row.task) view["task"] = schakel::Slug(*row.task);
  if (row.reason) view["reason"] = schakel::Slug(*row.reason);
  if (row.seen_at) view["seen_at"] = ToText(*row.seen_at);
  if (row.was_sealed) view["was_sealed"] = true;
  if (row.why) view["why"] = *row.why;
  if (row.grant) view["grant"] = ToText(*row.grant);
  if (row.denial) view["denial"] = DenialView(*row.denial);
  if (row.barred) view["barred"] = schakel::Slug(*row.barred);
  if (row.refusal) view["refusal"] = ProblemView(*row.refusal);
  return view;
}

namespace {

// "mental-health, justice", as people call them.
std::string CategoriesInWords(std::string_view slugs, Language language) {
  std::string words;
  while (!slugs.empty()) {
    const std::string_view slug = slugs.substr(0, slugs.find(", "));
    slugs.remove_prefix(std::min(slugs.size(), slug.size() + 2));
    const auto category = ParseCategory(slug);
    words += (words.empty() ? "" : ", ") + std::string(category ? Label(*category, language) : slug);
  }
  return words;
}

}  // namespace

Json JsonViews::ProblemView(const Error& error) const {
  ProblemField field = ProblemFieldOf(error);
  Error shown = error;
  if (field.value.empty() && !error.field.empty()) shown.field = field.name;
  if (error.rule == "grant.ceiling" || error.rule == "grant.piece_categories") {
    shown.field = CategoriesInWords(shown.field, language_);
  }
  const Explanation explanation = Explain(shown, language_);
  Json view = {{"title", explanation.what}, {"detail", explanation.next},     {"code", CodeName(error.code)},
               {"rule", error.rule},        {"field", std::move(field.name)}, {"next", explanation.next}};
  if (!field.value.empty()) view["value"] = std::move(field.value);
  return view;
}

}  // namespace schakel
