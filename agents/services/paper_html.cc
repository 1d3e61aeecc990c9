// The dossier as a page: everything in the words of who wrote it, no script, nothing from elsewhere, one column on A4.
#include <algorithm>

#include "agents/exporting.h"
#include "agents/i18n.h"
#include "html_text.h"
#include "local_time.h"
#include "methods/paper_lines.h"
#include "methods/paper_network.h"

namespace schakel {
namespace {

constexpr std::string_view kPaperStyle = R"(
@page { size: A4; margin: 16mm 15mm 18mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.45 "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: #1c2430; margin: 0 auto;
  max-width: 180mm; padding: 8mm 4mm; }
header { border-bottom: 3px solid #1f5f8b; margin-bottom: 4mm; padding-bottom: 2mm; }
h1 { font-size: 20pt; margin: 0; color: #1f5f8b; }
h2 { font-size: 13pt; color: #1f5f8b; margin: 7mm 0 1mm; break-after: avoid; }
h3 { font-size: 11pt; margin: 3mm 0 0; break-after: avoid; }
p { margin: 0 0 1.5mm; }
ul { margin: 0 0 2mm; padding-left: 6mm; }
table { border-collapse: collapse; width: 100%; margin-bottom: 2mm; }
th, td { text-align: left; vertical-align: top; padding: .6mm 2mm .6mm 0; border-bottom: 1px solid #d5dce4;
  overflow-wrap: anywhere; }
.words { white-space: pre-wrap; overflow-wrap: anywhere; }
.small { font-size: 9pt; color: #4a5563; }
.sealed { font-style: italic; color: #8c2f1b; }
.code { font: 8.5pt/1.4 "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
article { break-inside: avoid-page; border-left: 2px solid #d5dce4; padding-left: 3mm; margin-bottom: 3mm; }
footer { border-top: 1px solid #d5dce4; margin-top: 8mm; padding-top: 2mm; }
@media print { body { padding: 0; max-width: none; } }
)";

// Kinds of content whose records stand under a heading of their own, if there are any: each word of them, each version.
struct OfMethod {
  const char* heading;
  Kind kind;
};
constexpr OfMethod kOfMethods[] = {{"paper.modules", Kind::kModuleSwitch},
                                   {"paper.contacts", Kind::kContactMoment},
                                   {"paper.alerts", Kind::kAlert},
                                   {"paper.hearings", Kind::kHearing},
                                   {"paper.rings", Kind::kRingAnswer},
                                   {"paper.court_plans", Kind::kCourtPlan},
                                   {"paper.adulthood", Kind::kAdulthoodPlan},
                                   {"paper.aftercare", Kind::kAftercareContact}};
bool IsOfMethod(Kind kind) { return std::ranges::find(kOfMethods, kind, &OfMethod::kind) != std::end(kOfMethods); }

class PaperPage {
 public:
  PaperPage(const Paper& paper, Language language)
      : paper_(paper), file_(paper.trajectory), dossier_(file_.dossier), language_(language) {}

  std::string Render() {
    html_ = "<!DOCTYPE html>\n<html lang=\"";
    html_ += Slug(language_);
    html_ += "\">\n<head>\n<meta charset=\"utf-8\">\n";
    html_ +=
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
    html_ += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    Add("title", T("paper.title", {{"label", Label()}}));
    html_ += "<style>";
    html_ += kPaperStyle;
    html_ += "</style>\n</head>\n<body>\n";
    Head();
    Members();
    Items("paper.requests", Kind::kRequestForHelp);
    html_ += NetworkOnPaper(paper_, language_);
    Commitments();
    Goals();
    Criteria();
    Items("paper.agreements", Kind::kAgreement);
    Actions();
    Meetings();
    Consultations();
    Referrals();
    for (const OfMethod& one : kOfMethods) {
      if (std::ranges::find(file_.items, one.kind, &CaseItem::kind) != file_.items.end()) Items(one.heading, one.kind);
    }
    Items("paper.notes", Kind::kNote);
    Others();
    NotShown();
    Foot();
    html_ += "</body>\n</html>\n";
    return std::move(html_);
  }

 private:
  // ---- Words ----
  std::string T(std::string_view key, Values values = {}) const { return Phrase(language_, key, values); }
  std::string Word(const char* list, std::string_view slug) const {
    return T("word." + std::string(list) + "." + std::string(slug));
  }
  std::string Name(const OrgId& organisation) const {
    auto found = paper_.names.find(organisation);
    return found == paper_.names.end() ? organisation.value() : found->second;
  }
  template <typename List>
  std::string Names(const List& organisations) const {
    std::string all;
    for (const OrgId& one : organisations) all += (all.empty() ? "" : ", ") + Name(one);
    return all;
  }
  std::string Day(const std::optional<Timestamp>& at) const {
    return at ? LocalDate(*at, language_) : T("paper.no_day");
  }
  std::string Label() const {
    if (const auto* opening = Body<OpeningBody>(file_.label_record)) return opening->label;
    const auto* invitation = Body<InvitationBody>(file_.label_record);
    return invitation != nullptr && !invitation->label.empty() ? invitation->label : NeutralLabel(file_.id);
  }
  std::string Categories(CategorySet categories) const {
    std::string all;
    for (const Category one : AllCategories()) {
      if (categories.Has(one)) all += (all.empty() ? "" : ", ") + std::string(schakel::Label(one, language_));
    }
    return all;
  }
  // Null: not read, sealed, or something else.
  template <typename B>
  const B* Body(const RecordId& id) const {
    auto found = paper_.shown.find(id);
    return found == paper_.shown.end() || !found->second.body ? nullptr : std::get_if<B>(&*found->second.body);
  }

  // ---- Markup ----
  void Add(std::string_view tag, const std::string& text, std::string_view attributes = {}) {
    html_.append("<").append(tag).append(attributes).append(">").append(HtmlEscaped(text));
    html_.append("</").append(tag).append(">\n");
  }
  void Line(const char* key, Values values) { Add("p", T(key, values)); }
  void Words(const std::string& text) {
    if (!text.empty()) Add("p", text, " class=\"words\"");
  }
  void Small(const std::string& text) { Add("p", text, " class=\"small\""); }
  void Begin(const std::string& title) {
    html_ += "<article>\n";
    if (!title.empty()) Add("h3", title);
  }
  void End() { html_ += "</article>\n"; }
  void Section(const char* key, bool empty) {
    Add("h2", T(key));
    if (empty) Small(T("paper.none"));
  }
  // By whom, when, and about what.
  void By(const OrgId& author, Timestamp at, const std::string& about = {}) {
    const std::string day = LocalDate(at, language_);
    Small(about.empty() ? T("paper.by", {{"author", Name(author)}, {"at", day}})
                        : T("paper.by_about", {{"author", Name(author)}, {"at", day}, {"about", about}}));
  }
  void Versions(const CaseVersions& text) {
    By(text.current().author, text.current().at);
    if (text.all.size() > 1) Small(T("paper.versions", {{"count", std::to_string(text.all.size())}}));
    if (text.current().concurrent) Small(T("paper.concurrent"));
  }
  // That there is something, and why it is not here: no word of it.
  void Withheld(const RecordId& id) {
    auto found = paper_.shown.find(id);
    const std::string why = found == paper_.shown.end() || !found->second.sealed
                                ? T("paper.sealed_unread")
                                : Explain(*found->second.sealed, language_).what;
    Add("p", T("paper.sealed", {{"why", why}}), " class=\"sealed\"");
  }
  template <typename B, typename Write>
  void WithBody(const RecordId& id, Write write) {
    const B* body = Body<B>(id);
    body == nullptr ? Withheld(id) : write(*body);
  }
  void Exceptional(const RecordId& id) {
    auto found = paper_.shown.find(id);
    if (found == paper_.shown.end() || found->second.exception == Exception::kNone) return;
    Small(T("paper.exception", {{"exception", Word("exception", Slug(found->second.exception))}}));
  }

  // ---- Parts ----
  void Head() {
    html_ += "<header>\n";
    Add("h1", Label());
    Small(T("paper.number", {{"number", ToText(file_.id)}}));
    if (const auto* opening = Body<OpeningBody>(file_.label_record)) {
      Line("paper.module", {{"module", Word("module", Slug(opening->module))}});
      Words(opening->reason);
    }
    Line("paper.lead", {{"lead", Name(file_.lead)}, {"at", LocalDate(file_.opened_at, language_)}});
    Line("paper.stage", {{"stage", schakel::Label(file_.stage, language_)}});
    if (file_.closed) Line("paper.closed", {{"until", Day(file_.retain_until)}});
    html_ += "</header>\n";
  }
  void Members() {
    Section("paper.members", file_.participants.empty());
    for (const Participant& one : file_.participants) {
      const char* state = one.lead                               ? "paper.leads"
                          : one.status == MemberStatus::kInvited ? "word.member.invited"
                          : one.status == MemberStatus::kLeft    ? "word.member.left"
                                                                 : "word.member.joined";
      Begin(Name(one.organisation) + " (" + Phrase(language_, state) + ")");
      if (const auto* commitment = Body<MessageBody>(one.commitment)) Words(commitment->text);
      End();
    }
  }
  void Items(const char* key, Kind kind) {
    const auto is_it = [&](const CaseItem& item) { return item.kind == kind; };
    Section(key, std::ranges::none_of(file_.items, is_it));
    for (const CaseItem& item : file_.items) {
      if (is_it(item)) Item(item);
    }
  }
  // Shared again, or of a kind that has no place of its own.
  void Others() {
    const auto is_other = [](const CaseItem& item) {
      return item.kind != Kind::kNote && item.kind != Kind::kAgreement && item.kind != Kind::kRequestForHelp &&
             !IsOfMethod(item.kind);
    };
    if (std::ranges::none_of(file_.items, is_other)) return;
    Section("paper.others", false);
    for (const CaseItem& item : file_.items) {
      if (is_other(item)) Item(item);
    }
  }
  void Item(const CaseItem& item) {
    auto found = paper_.shown.find(item.id);
    const TypedBody* body = found == paper_.shown.end() || !found->second.body ? nullptr : &*found->second.body;
    TypedBody inside;
    if (const auto* again = body == nullptr ? nullptr : std::get_if<SharedAgainBody>(body)) {
      if (auto decoded = DecodeBody({again->type, again->version, again->content})) {
        inside = Unmarked(std::move(*decoded));
        body = &inside;
      }
    }
    const auto* note = body == nullptr ? nullptr : std::get_if<NoteBody>(body);
    const auto* agreement = body == nullptr ? nullptr : std::get_if<AgreementBody>(body);
    const auto* request = body == nullptr ? nullptr : std::get_if<RequestBody>(body);
    const auto* reveal = body == nullptr ? nullptr : std::get_if<RevealBody>(body);
    if (note != nullptr) {
      Begin(note->title);
      Words(note->text);
    } else if (agreement != nullptr) {
      Begin(Word("about", Slug(agreement->about)));
      Words(agreement->text);
      if (!agreement->contact.empty()) Line("paper.contact", {{"contact", agreement->contact}});
    } else if (request != nullptr) {
      const std::string who = Word("who", Slug(request->who));
      Begin(request->name.empty() ? who : who + ": " + request->name);
      Words(request->words);
    } else if (reveal != nullptr) {
      Begin(T("word.record.reveal"));
      Words(reveal->text);
    } else {
      const std::string key = "word.record." + std::string(Slug(item.kind));
      Begin(HasText(language_, key) ? T(key) : T("report.kind.other"));
      body == nullptr ? Withheld(item.id) : Lines(*body);
    }
    By(item.author, item.at, Categories(item.categories));
    Exceptional(item.id);
    End();
  }
  void Lines(const TypedBody& body) {
    const auto lines = LinesOf(body, language_);
    if (lines.empty()) Small(T("paper.unreadable"));
    for (const PaperLine& one : lines) Add("p", one.label + ": " + one.words, " class=\"words\"");
  }
  std::string WhoMustSign(const CaseCommitment& one) const {
    std::string names = Names(one.outstanding);
    for (const Speaker who : one.PersonsOutstanding()) {
      if (!names.empty()) names += ", ";
      names += Word("who", Slug(who));
    }
    return names;
  }
  void Cited(const CaseCommitment& one) {
    for (const CaseCited& goal : one.goals) {
      WithBody<GoalBody>(goal.version, [&](const GoalBody& body) { Line("paper.cited_goal", {{"text", body.text}}); });
      for (const auto& [who, said] : goal.persons) {
        WithBody<ProgressBody>(said.record, [&](const ProgressBody& body) {
          Line("paper.progress", {{"who", Word("who", Slug(body.who))},
                                  {"at", LocalDate(said.at, language_)},
                                  {"progress", Word("progress", Slug(body.progress))}});
          Words(body.text);
        });
      }
    }
    for (const CaseCited& criterion : one.criteria) {
      WithBody<CriterionBody>(criterion.version, [&](const CriterionBody& body) {
        Line("paper.cited_criterion", {{"whose", Word("whose", Slug(body.whose))}, {"text", body.text}});
      });
    }
    if (!one.StandsAsSigned()) Line("engagement.changed", {});
  }
  void Commitments() {
    Section("paper.commitments", dossier_.commitments.empty());
    for (const CaseCommitment& one : dossier_.commitments) {
      Begin({});
      WithBody<CommitmentBody>(one.text.current().record, [&](const CommitmentBody& body) {
        Words(body.text);
        Line("paper.parties", {{"names", Names(one.parties)}});
        Cited(one);
        if (one.signed_since) {
          Line("paper.signed", {{"at", Day(one.signed_since)}});
        } else {
          Line("paper.unsigned", {{"names", WhoMustSign(one)}});
        }
      });
      Versions(one.text);
      End();
    }
  }
  void Goals() {
    Section("paper.goals", dossier_.goals.empty());
    for (const CaseGoal& one : dossier_.goals) {
      Begin({});
      WithBody<GoalBody>(one.text.current().record, [&](const GoalBody& body) {
        Words(body.text);
        Line("paper.goal", {{"owners", Names(one.owners)}, {"from", Day(one.begins_at)}, {"until", Day(one.ends_at)}});
        if (!body.with.empty()) Line("paper.with", {{"with", body.with}});
      });
      for (const auto& [organisation, progress] : one.progress) {
        WithBody<ProgressBody>(progress.record, [&](const ProgressBody& body) {
          Line("paper.progress", {{"who", Name(organisation)},
                                  {"at", LocalDate(progress.at, language_)},
                                  {"progress", Word("progress", Slug(body.progress))}});
          Words(body.text);
        });
      }
      for (const CaseGoal::Review& review : one.reviews) {
        WithBody<GoalReviewBody>(review.record, [&](const GoalReviewBody& body) {
          Line("paper.review", {{"who", Name(review.author)},
                                {"at", LocalDate(review.at, language_)},
                                {"found", Word("found", Slug(body.found))}});
          Words(body.text);
        });
      }
      Versions(one.text);
      End();
    }
  }
  void Criteria() {
    Section("paper.criteria", dossier_.criteria.empty());
    for (const CaseCriterion& one : dossier_.criteria) {
      Begin({});
      WithBody<CriterionBody>(one.text.current().record, [&](const CriterionBody& body) {
        Words(body.text);
        Line("paper.whose", {{"whose", Word("whose", Slug(body.whose))}});
      });
      if (one.judgement) {
        WithBody<JudgementBody>(one.judgement->record, [&](const JudgementBody& body) {
          Line(body.met ? "paper.met" : "paper.unmet", {{"at", LocalDate(one.judgement->at, language_)}});
          Words(body.why);
        });
      }
      Versions(one.text);
      End();
    }
  }
  void Actions() {
    Section("paper.actions", dossier_.actions.empty());
    for (const CaseAction& one : dossier_.actions) {
      Begin({});
      WithBody<ActionBody>(one.text.current().record, [&](const ActionBody& body) {
        Words(body.text);
        Line("paper.action", {{"owner", Name(one.owner)}, {"due", Day(one.due_at)}});
        if (!body.with.empty()) Line("paper.with", {{"with", body.with}});
      });
      if (!IsNone(one.said)) {
        WithBody<ActionDoneBody>(one.said, [&](const ActionDoneBody& body) {
          if (body.done) Line("paper.done", {{"at", Day(one.done_at)}});
          Words(body.remark);
        });
      }
      Versions(one.text);
      End();
    }
  }
  void Meetings() {
    Section("paper.meetings", file_.meetings.empty());
    for (const Meeting& one : file_.meetings) {
      const auto* proposal = Body<ProposalBody>(one.id);
      Begin(proposal == nullptr ? std::string() : proposal->title);
      WithBody<ProposalBody>(one.id, [&](const ProposalBody& body) {
        Line("paper.meeting", {{"kind", Word("kind", Slug(body.kind))},
                               {"at", one.slot ? LocalText(one.slot->begins_at, language_) : T("paper.no_date")}});
        Words(body.agenda);
      });
      if (!IsNone(one.cancelled)) {
        WithBody<CancelBody>(one.cancelled,
                             [&](const CancelBody& body) { Line("paper.cancelled", {{"why", body.why}}); });
      }
      if (!IsNone(one.report)) {
        WithBody<ReportBody>(one.report, [&](const ReportBody& body) {
          Words(body.text);
          for (const char* key : {"paper.present", "paper.absent"}) {
            std::string names;
            for (const Attendance& each : body.attendance) {
              if (each.present == (std::string_view(key) == "paper.present")) {
                names += (names.empty() ? "" : ", ") + each.name;
              }
            }
            if (!names.empty()) Line(key, {{"names", names}});
          }
          if (body.decisions.empty()) return;
          Add("p", T("paper.decisions"));
          html_ += "<ul>\n";
          for (const std::string& decision : body.decisions) Add("li", decision);
          html_ += "</ul>\n";
        });
      }
      By(one.convener, one.proposed_at);
      End();
    }
  }
  void Consultations() {
    Section("paper.consultations", file_.consultations.empty());
    for (const Consultation& one : file_.consultations) {
      const auto* question = Body<QuestionBody>(one.id);
      Begin(question == nullptr ? std::string() : question->subject);
      WithBody<QuestionBody>(one.id, [&](const QuestionBody& body) { Words(body.question); });
      By(one.asker, one.asked_at, Categories(one.categories));
      for (const Consultation::Reply& reply : one.Replies()) {
        const char* heading = reply.author == one.asker ? "paper.follow_up" : "paper.answer";
        Add("p", T(heading, {{"who", Name(reply.author)}, {"at", LocalDate(reply.at, language_)}}));
        WithBody<AnswerBody>(reply.record, [&](const AnswerBody& body) { Words(body.text); });
      }
      if (!IsNone(one.conclusion)) {
        WithBody<ConclusionBody>(one.conclusion, [&](const ConclusionBody& body) {
          Line("paper.conclusion", {{"taken", Word("taken", Slug(body.taken))}});
          Words(body.why);
        });
      }
      End();
    }
  }
  void Referrals() {
    Section("paper.referrals", dossier_.referrals.empty());
    for (const CaseReferral& one : dossier_.referrals) {
      Begin({});
      WithBody<ReferralBody>(one.id, [&](const ReferralBody& body) {
        Words(body.question);
        Line("paper.referral", {{"to", Name(one.to)},
                                {"module", Word("module", Slug(body.module))},
                                {"state", Word("referral", Slug(one.StateAt(paper_.printed_at)))}});
      });
      if (const auto* answer = Body<ReferralAnswerBody>(one.answer)) Words(answer->why);
      By(one.author, one.at);
      End();
    }
  }
  void NotShown() {
    Section("paper.not_shown", false);
    html_ += "<ul>\n";
    for (const auto& [id, one] : paper_.shown) {
      if (!one.sealed) continue;
      const std::string key = "word.record." + std::string(Slug(one.held.header.kind));
      Add("li", T("paper.sealed_record", {{"kind", HasText(language_, key) ? T(key) : T("report.kind.other")},
                                          {"author", Name(one.held.header.author)},
                                          {"at", LocalDate(one.held.at, language_)},
                                          {"why", Explain(*one.sealed, language_).what}}));
    }
    for (const WithheldMark& mark : file_.withheld) {
      Add("li", T("paper.withheld_record",
                  {{"at", LocalDate(mark.at, language_)}, {"why", schakel::Label(mark.reason, language_)}}));
    }
    for (const char* key : {"paper.limit.held", "paper.limit.versions", "paper.limit.copy"}) Add("li", T(key));
    html_ += "</ul>\n";
  }
  void Foot() {
    html_ += "<footer>\n";
    Small(T("paper.printed", {{"person", paper_.printed_by.name},
                              {"role", schakel::Label(paper_.printed_by.role, language_)},
                              {"organisation", Name(paper_.maker)},
                              {"at", LocalExactText(paper_.printed_at, language_)}}));
    Small(T("paper.checkpoint", {{"log", paper_.log}, {"size", std::to_string(paper_.head.size)}}));
    Add("p", ToHex(paper_.head.root), " class=\"code\"");
    html_ += "</footer>\n";
  }

  const Paper& paper_;
  const CaseTrajectory& file_;
  const CaseDossier& dossier_;
  const Language language_;
  std::string html_;
};

}  // namespace

std::string RenderPaper(const Paper& paper, Language language) { return PaperPage(paper, language).Render(); }

}  // namespace schakel
