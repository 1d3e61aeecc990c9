#include "protocol/vocabulary.h"

#include <array>

namespace schakel {
namespace {

template <typename E>
struct Word {
  E value;
  std::string_view slug;
  std::string_view dutch;
  std::string_view english;
};

constexpr Word<Purpose> kPurposes[] = {
    {Purpose::kCareCoordination, "care-coordination", "afstemming van de hulp", "coordination of care"},
    {Purpose::kConsultation, "consultation", "casusoverleg en advies", "case consultation and advice"},
    {Purpose::kSafety, "safety", "veiligheid", "safety"},
    {Purpose::kEducation, "education", "school en dagbesteding", "school and daytime activities"},
    {Purpose::kAdulthood, "adulthood", "overgang naar volwassenheid", "passage to adulthood"},
    {Purpose::kCourtReport, "court-report", "verslag aan de jeugdrechtbank", "report to the youth court"},
    {Purpose::kCrisis, "crisis", "crisis", "crisis"},
    {Purpose::kEvaluation, "evaluation", "evolutiebespreking", "evolution review"},
    {Purpose::kAftercare, "aftercare", "nazorg", "aftercare"},
    {Purpose::kRoundTable, "round-table", "ronde tafel", "round table"},
};
constexpr Word<Category> kCategories[] = {
    {Category::kIdentity, "identity", "identiteit", "identity"},
    {Category::kContact, "contact", "bereikbaarheid", "contact details"},
    {Category::kFamily, "family", "gezin en netwerk", "family and network"},
    {Category::kLiving, "living", "wonen en verblijf", "living and stay"},
    {Category::kHealth, "health", "lichamelijke gezondheid", "physical health"},
    {Category::kMentalHealth, "mental-health", "geestelijke gezondheid", "mental health"},
    {Category::kSchool, "school", "school en dagbesteding", "school and daytime activities"},
    {Category::kIncome, "income", "inkomen, werk en administratie", "income, work and administration"},
    {Category::kSafety, "safety", "veiligheid", "safety"},
    {Category::kAgreements, "agreements", "afspraken", "agreements"},
    {Category::kGoals, "goals", "doelen", "goals"},
    {Category::kOwnVoice, "own-voice", "in eigen woorden", "in their own words"},
    {Category::kMeeting, "meeting", "overleg en agenda", "meetings and agenda"},
    {Category::kJustice, "justice", "maatregelen van de jeugdrechtbank", "measures of the youth court"},
};
constexpr Word<Basis> kBases[] = {
    {Basis::kConsent, "consent", "toestemming", "consent"},
    {Basis::kSharedSecrecy, "shared-secrecy", "gedeeld beroepsgeheim", "shared professional secrecy"},
    {Basis::kCaseConsultation, "case-consultation", "casusoverleg (art. 458ter)", "case consultation (art. 458ter)"},
    {Basis::kCourtMandate, "court-mandate", "opdracht van de jeugdrechtbank", "mandate of the youth court"},
    {Basis::kEmergency, "emergency", "noodtoestand", "emergency"},
};
constexpr Word<Grantor> kGrantors[] = {
    {Grantor::kYoungPerson, "young-person", "de jongere", "the young person"},
    {Grantor::kFirstParent, "first-parent", "een ouder (eerste)", "a parent (first)"},
    {Grantor::kSecondParent, "second-parent", "een ouder (tweede)", "a parent (second)"},
    {Grantor::kGuardian, "guardian", "de voogd", "the guardian"},
    {Grantor::kProfessional, "professional", "een hulpverlener", "a professional"},
    {Grantor::kCourt, "court", "de jeugdrechtbank", "the youth court"},
};
constexpr Word<Stage> kStages[] = {
    {Stage::kChild, "child", "kind, nog niet bekwaam", "child, not yet capable"},
    {Stage::kCapable, "capable", "bekwame minderjarige", "capable minor"},
    {Stage::kAdult, "adult", "meerderjarig", "adult"},
};
constexpr Word<ParentsRule> kParentsRules[] = {
    {ParentsRule::kEither, "either", "één ouder volstaat", "one parent is enough"},
    {ParentsRule::kBoth, "both", "beide ouders zijn nodig", "both parents are needed"},
    {ParentsRule::kEitherUntilWithdrawn, "either-until-withdrawn", "één ouder volstaat, tot een ouder intrekt",
     "one parent is enough, until one withdraws"},
};
constexpr Word<Sought> kSoughts[] = {
    {Sought::kAgreed, "agreed", "gevraagd, en akkoord", "asked, and agreed"},
    {Sought::kRefused, "refused", "gevraagd, en niet akkoord", "asked, and refused"},
    {Sought::kNotAsked, "not-asked", "kon niet gevraagd worden", "could not be asked"},
};
constexpr Word<FrameGround> kFrameGrounds[] = {
    {FrameGround::kDecree, "decree", "een wet of decreet", "a law or decree"},
    {FrameGround::kPermission, "permission", "toelating van de procureur", "permission of the prosecutor"},
};
constexpr Word<ReviewOutcome> kReviewOutcomes[] = {
    {ReviewOutcome::kJustified, "justified", "verantwoord", "justified"},
    {ReviewOutcome::kTooWide, "too-wide", "te ruim of te lang", "too wide or too long"},
    {ReviewOutcome::kUnjustified, "unjustified", "niet verantwoord", "not justified"},
};
constexpr Word<Kept> kKepts[] = {
    {Kept::kSealed, "sealed", "verzegeld", "sealed"},
    {Kept::kDestroyed, "destroyed", "vernietigd", "destroyed"},
};
constexpr Word<EraseReason> kEraseReasons[] = {
    {EraseReason::kRetentionOver, "retention-over", "de bewaartermijn is voorbij", "the end of keeping was reached"},
    {EraseReason::kSubjectRequest, "subject-request", "op vraag van de jongere of ouder", "at the client's request"},
    {EraseReason::kCourtOrder, "court-order", "op bevel van de rechter", "by order of the court"},
    {EraseReason::kMistake, "mistake", "een vergissing", "a mistake"},
};
constexpr Word<StaffRole> kRoles[] = {
    {StaffRole::kWorker, "worker", "medewerker", "worker"},
    {StaffRole::kCoordinator, "coordinator", "coördinator", "coordinator"},
    {StaffRole::kAuditor, "auditor", "auditor", "auditor"},
    {StaffRole::kAdministrator, "administrator", "beheerder", "administrator"},
};
constexpr Word<ViewReason> kReasons[] = {
    {ViewReason::kTask, "task", "taak in dit traject", "task on this trajectory"},
    {ViewReason::kOnDuty, "on-duty", "permanentie", "on duty"},
    {ViewReason::kRoundTable, "round-table", "ronde tafel", "round table"},
    {ViewReason::kAudit, "audit", "nazicht", "audit"},
    {ViewReason::kSubjectRequest, "subject-request", "op vraag van de jongere of ouder", "at the client's request"},
    {ViewReason::kOther, "other", "andere", "other"},
};
constexpr Word<Kind> kKinds[] = {
    {Kind::kTrajectoryOpen, "trajectory-open", "traject geopend", "trajectory opened"},
    {Kind::kTrajectoryClose, "trajectory-close", "traject gesloten", "trajectory closed"},
    {Kind::kMemberInvite, "member-invite", "uitnodiging", "invitation"},
    {Kind::kMemberJoin, "member-join", "aansluiting", "joined"},
    {Kind::kMemberLeave, "member-leave", "vertrek", "left"},
    {Kind::kMemberRemove, "member-remove", "deelname beëindigd", "membership ended"},
    {Kind::kMemberShow, "member-show", "voorgesteld", "introduction"},
    {Kind::kGrantGive, "grant-give", "toestemming of andere grond", "grant"},
    {Kind::kGrantNarrow, "grant-narrow", "beperking van een grond", "grant narrowed"},
    {Kind::kGrantWithdraw, "grant-withdraw", "intrekking", "grant withdrawn"},
    {Kind::kSubjectStage, "subject-stage", "fase van de jongere", "stage of the young person"},
    {Kind::kCaseFrame, "case-frame", "kader van een casusoverleg", "frame of a case consultation"},
    {Kind::kViews, "views", "inzage", "views"},
    {Kind::kEmergencyReview, "emergency-review", "nazicht van een noodtoestand", "review of an emergency"},
    {Kind::kGrantReceipt, "grant-receipt", "bewijs van verzegeling", "receipt of sealing"},
    {Kind::kErasePropose, "erase-propose", "voorstel om te wissen", "proposal to erase"},
    {Kind::kEraseSecond, "erase-second", "instemming met wissen", "agreement to erase"},
    {Kind::kEraseConfirm, "erase-confirm", "wissen bevestigd", "erasure confirmed"},
    {Kind::kEraseReceipt, "erase-receipt", "bewijs van wissen", "receipt of erasure"},
    {Kind::kLeadOffer, "lead-offer", "aanbod van de regie", "offer of the lead"},
    {Kind::kLeadAccept, "lead-accept", "regie overgenomen", "lead taken over"},
    {Kind::kLeadRefuse, "lead-refuse", "regie niet overgenomen", "lead refused"},
    {Kind::kLeadWithdraw, "lead-withdraw", "aanbod van de regie ingetrokken", "offer of the lead withdrawn"},
    {Kind::kLeadPassed, "lead-passed", "overzicht bij de overdracht", "overview on handover"},
    {Kind::kNote, "note", "dossiernotitie", "dossier note"},
    {Kind::kQuestion, "question", "vraag (casusoverleg)", "consultation question"},
    {Kind::kAnswer, "answer", "antwoord (casusoverleg)", "consultation answer"},
    {Kind::kConclusion, "conclusion", "besluit (casusoverleg)", "consultation conclusion"},
    {Kind::kMeetingProposal, "meeting-proposal", "voorstel ronde tafel", "round-table proposal"},
    {Kind::kMeetingVote, "meeting-vote", "antwoord op data", "round-table vote"},
    {Kind::kMeetingFixed, "meeting-fixed", "ronde tafel vastgelegd", "round table fixed"},
    {Kind::kMeetingReport, "meeting-report", "verslag ronde tafel", "round-table report"},
    {Kind::kAgreement, "agreement", "afspraak", "agreement"},
    {Kind::kRequestForHelp, "request-for-help", "hulpvraag", "request for help"},
    {Kind::kShareAgain, "share-again", "opnieuw gedeeld", "shared again"},
    {Kind::kExceptionMark, "exception-mark", "uitzondering op inzage", "exception to access"},
    {Kind::kReferral, "referral", "aanmelding", "referral"},
    {Kind::kReferralAnswer, "referral-answer", "antwoord op een aanmelding", "answer to a referral"},
    {Kind::kReferralWithdrawal, "referral-withdrawal", "aanmelding ingetrokken", "referral withdrawn"},
    {Kind::kCommitment, "commitment", "engagementsverklaring", "commitment"},
    {Kind::kCommitmentSignature, "commitment-signature", "ondertekening", "signature"},
    {Kind::kGoal, "goal", "doel", "goal"},
    {Kind::kGoalProgress, "goal-progress", "vordering", "progress"},
    {Kind::kGoalReview, "goal-review", "evaluatie van een doel", "review of a goal"},
    {Kind::kCriterion, "criterion", "criterium (goed genoeg)", "criterion (good enough)"},
    {Kind::kCriterionJudgement, "criterion-judgement", "oordeel over een criterium", "judgement of a criterion"},
    {Kind::kAction, "action", "actie", "action"},
    {Kind::kActionDone, "action-done", "stand van een actie", "state of an action"},
    {Kind::kClosingReason, "closing-reason", "gesloten met een reden", "closed with a reason"},
    {Kind::kMeetingFamily, "meeting-family", "keuze van het gezin", "the family's choice"},
    {Kind::kMeetingTerms, "meeting-terms", "wie er moet zijn", "who has to be there"},
    {Kind::kMeetingGuest, "meeting-guest", "gast aan tafel", "guest at the table"},
    {Kind::kMeetingAnswer, "meeting-answer", "aanwezigheid gemeld", "attendance said"},
    {Kind::kMeetingCancelled, "meeting-cancelled", "ronde tafel afgelast", "round table cancelled"},
    {Kind::kAttachment, "attachment", "bijlage", "attachment"},
    {Kind::kAttachmentChunk, "attachment-chunk", "deel van een bijlage", "piece of an attachment"},
    {Kind::kReveal, "reveal", "over wie een anonieme vraag gaat", "whom an anonymous question is about"},
};
constexpr Word<Denial> kDenials[] = {
    {Denial::kNotEnrolled, "not-enrolled", "deze organisatie is niet aangesloten", "this organisation is not enrolled"},
    {Denial::kSuspended, "suspended", "deze organisatie is geschorst", "this organisation is suspended"},
    {Denial::kNotMember, "not-member", "geen deelnemer aan dit traject", "not a member of this trajectory"},
    {Denial::kSectorCeiling, "sector-ceiling", "deze sector mag deze categorie nooit ontvangen",
     "this sector may never receive this category"},
    {Denial::kCourtWall, "court-wall", "naar de jeugdrechtbank gaat alleen wat de jongere en de ouders overeenkwamen",
     "only what the minor and the parents agreed to goes to the youth court"},
    {Denial::kNoGrant, "no-grant", "er is geen toestemming of andere grond voor deze organisatie",
     "there is no grant for this organisation"},
    {Denial::kPurpose, "purpose", "de toestemming geldt niet voor dit doel", "the grant is not for this purpose"},
    {Denial::kCategory, "category", "de toestemming geldt niet voor deze categorie",
     "the grant does not cover this category"},
    {Denial::kPeriod, "period", "buiten de periode van de toestemming", "outside the period of the grant"},
    {Denial::kWithdrawn, "withdrawn", "de toestemming is ingetrokken", "the grant was withdrawn"},
    {Denial::kClosed, "closed", "het traject is gesloten", "the trajectory is closed"},
    {Denial::kNotAddressed, "not-addressed", "dit bericht is niet voor deze organisatie bestemd",
     "this statement is not meant for this organisation"},
    {Denial::kGrantor, "grantor", "nog niet iedereen die moet toestemmen, heeft toegestemd",
     "not everybody whose consent is needed has agreed"},
    {Denial::kErased, "erased", "het traject is gewist", "the trajectory was erased"},
};

template <typename E, std::size_t size>
const Word<E>* FindWord(const Word<E> (&words)[size], E value) {
  for (const Word<E>& word : words) {
    if (word.value == value) return &word;
  }
  return nullptr;
}

template <typename E, std::size_t size>
std::string_view SlugIn(const Word<E> (&words)[size], E value, std::string_view unknown) {
  const Word<E>* word = FindWord(words, value);
  return word ? word->slug : unknown;
}

template <typename E, std::size_t size>
std::string_view LabelIn(const Word<E> (&words)[size], E value, Language language) {
  const Word<E>* word = FindWord(words, value);
  if (!word) return language == Language::kDutch ? "onbekend (nieuwere versie)" : "unknown (newer version)";
  return language == Language::kDutch ? word->dutch : word->english;
}

template <typename E, std::size_t size>
Result<E> ParseIn(const Word<E> (&words)[size], std::string_view slug, const char* list) {
  std::string allowed;
  for (const Word<E>& word : words) {
    if (word.slug == slug) return word.value;
    allowed.append(allowed.empty() ? "choose one of " : ", ").append(word.slug);
  }
  return Fail(Code::kInvalid, std::string("vocabulary.") + list, list, allowed);
}

template <typename E, std::size_t size>
constexpr std::array<E, size> Values(const Word<E> (&words)[size]) {
  std::array<E, size> values{};
  for (std::size_t i = 0; i < size; ++i) values[i] = words[i].value;
  return values;
}
constexpr auto kAllPurposes = Values(kPurposes);
constexpr auto kAllCategories = Values(kCategories);

}  // namespace

Result<Sector> ParseSector(std::string_view text) {
  auto parsed = ParseOrgId(text);
  if (!parsed) {
    return Fail(Code::kInvalid, "id.sector", "sector",
                "use 2 to 40 lower-case letters, digits and inner hyphens, such as youth-care");
  }
  return Sector(parsed->value());
}

std::string_view Slug(Purpose value) { return SlugIn(kPurposes, value, "purpose"); }
std::string_view Slug(Category value) { return SlugIn(kCategories, value, "category"); }
std::string_view Slug(Basis value) { return SlugIn(kBases, value, "basis"); }
std::string_view Slug(Grantor value) { return SlugIn(kGrantors, value, "grantor"); }
std::string_view Slug(Stage value) { return SlugIn(kStages, value, "stage"); }
std::string_view Slug(ParentsRule value) { return SlugIn(kParentsRules, value, "parents"); }
std::string_view Slug(Sought value) { return SlugIn(kSoughts, value, "sought"); }
std::string_view Slug(FrameGround value) { return SlugIn(kFrameGrounds, value, "ground"); }
std::string_view Slug(ReviewOutcome value) { return SlugIn(kReviewOutcomes, value, "outcome"); }
std::string_view Slug(Kept value) { return SlugIn(kKepts, value, "kept"); }
std::string_view Slug(EraseReason value) { return SlugIn(kEraseReasons, value, "reason"); }
std::string_view Slug(StaffRole value) { return SlugIn(kRoles, value, "role"); }
std::string_view Slug(ViewReason value) { return SlugIn(kReasons, value, "reason"); }
std::string_view Slug(Kind value) { return SlugIn(kKinds, value, "kind"); }
std::string_view Slug(Denial value) { return SlugIn(kDenials, value, "denial"); }

std::string_view Label(Purpose value, Language language) { return LabelIn(kPurposes, value, language); }
std::string_view Label(Category value, Language language) { return LabelIn(kCategories, value, language); }
std::string_view Label(Basis value, Language language) { return LabelIn(kBases, value, language); }
std::string_view Label(Grantor value, Language language) { return LabelIn(kGrantors, value, language); }
std::string_view Label(Stage value, Language language) { return LabelIn(kStages, value, language); }
std::string_view Label(ParentsRule value, Language language) { return LabelIn(kParentsRules, value, language); }
std::string_view Label(Sought value, Language language) { return LabelIn(kSoughts, value, language); }
std::string_view Label(FrameGround value, Language language) { return LabelIn(kFrameGrounds, value, language); }
std::string_view Label(ReviewOutcome value, Language language) { return LabelIn(kReviewOutcomes, value, language); }
std::string_view Label(Kept value, Language language) { return LabelIn(kKepts, value, language); }
std::string_view Label(EraseReason value, Language language) { return LabelIn(kEraseReasons, value, language); }
std::string_view Label(StaffRole value, Language language) { return LabelIn(kRoles, value, language); }
std::string_view Label(ViewReason value, Language language) { return LabelIn(kReasons, value, language); }
std::string_view Label(Kind value, Language language) { return LabelIn(kKinds, value, language); }
std::string_view Label(Denial value, Language language) { return LabelIn(kDenials, value, language); }

Result<Purpose> ParsePurpose(std::string_view slug) { return ParseIn(kPurposes, slug, "purpose"); }
Result<Category> ParseCategory(std::string_view slug) { return ParseIn(kCategories, slug, "category"); }
Result<Basis> ParseBasis(std::string_view slug) { return ParseIn(kBases, slug, "basis"); }
Result<Grantor> ParseGrantor(std::string_view slug) { return ParseIn(kGrantors, slug, "grantor"); }
Result<StaffRole> ParseStaffRole(std::string_view slug) { return ParseIn(kRoles, slug, "role"); }
Result<ViewReason> ParseViewReason(std::string_view slug) { return ParseIn(kReasons, slug, "reason"); }
Result<Stage> ParseStage(std::string_view slug) { return ParseIn(kStages, slug, "stage"); }
Result<ParentsRule> ParseParentsRule(std::string_view slug) { return ParseIn(kParentsRules, slug, "parents"); }
Result<Sought> ParseSought(std::string_view slug) { return ParseIn(kSoughts, slug, "sought"); }
Result<FrameGround> ParseFrameGround(std::string_view slug) { return ParseIn(kFrameGrounds, slug, "ground"); }
Result<ReviewOutcome> ParseReviewOutcome(std::string_view slug) { return ParseIn(kReviewOutcomes, slug, "outcome"); }
Result<EraseReason> ParseEraseReason(std::string_view slug) { return ParseIn(kEraseReasons, slug, "erase"); }

std::span<const Purpose> AllPurposes() { return kAllPurposes; }
std::span<const Category> AllCategories() { return kAllCategories; }

}  // namespace schakel
