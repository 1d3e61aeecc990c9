#include "protocol/vocabulary.h"

#include <array>

namespace schakel {
namespace {

template <typename E>
struct Word {
  E value;
  std::string_view slug;
  InLanguages<std::string_view> label;

  constexpr Word(E value_in, std::string_view slug_in, std::string_view dutch, std::string_view english,
                 std::string_view french)
      : value(value_in), slug(slug_in), label(dutch, english, french) {}
};

constexpr Word<Purpose> kPurposes[] = {
    {Purpose::kCareCoordination, "care-coordination", "afstemming van de hulp", "coordination of care",
     "coordination de l’aide"},
    {Purpose::kConsultation, "consultation", "casusoverleg en advies", "case consultation and advice",
     "concertation de cas et avis"},
    {Purpose::kSafety, "safety", "veiligheid", "safety", "sécurité"},
    {Purpose::kEducation, "education", "school en dagbesteding", "school and daytime activities",
     "école et activités de jour"},
    {Purpose::kAdulthood, "adulthood", "overgang naar volwassenheid", "passage to adulthood", "passage à l’âge adulte"},
    {Purpose::kCourtReport, "court-report", "verslag aan de jeugdrechtbank", "report to the youth court",
     "rapport au tribunal de la jeunesse"},
    {Purpose::kCrisis, "crisis", "crisis", "crisis", "crise"},
    {Purpose::kEvaluation, "evaluation", "evolutiebespreking", "evolution review", "entretien d’évolution"},
    {Purpose::kAftercare, "aftercare", "nazorg", "aftercare", "suivi après l’aide"},
    {Purpose::kRoundTable, "round-table", "ronde tafel", "round table", "table ronde"},
};
constexpr Word<Category> kCategories[] = {
    {Category::kIdentity, "identity", "identiteit", "identity", "identité"},
    {Category::kContact, "contact", "bereikbaarheid", "contact details", "coordonnées"},
    {Category::kFamily, "family", "gezin en netwerk", "family and network", "famille et réseau"},
    {Category::kLiving, "living", "wonen en verblijf", "living and stay", "logement et séjour"},
    {Category::kHealth, "health", "lichamelijke gezondheid", "physical health", "santé physique"},
    {Category::kMentalHealth, "mental-health", "geestelijke gezondheid", "mental health", "santé mentale"},
    {Category::kSchool, "school", "school en dagbesteding", "school and daytime activities",
     "école et activités de jour"},
    {Category::kIncome, "income", "inkomen, werk en administratie", "income, work and administration",
     "revenus, travail et administration"},
    {Category::kSafety, "safety", "veiligheid", "safety", "sécurité"},
    {Category::kAgreements, "agreements", "afspraken", "agreements", "accords"},
    {Category::kGoals, "goals", "doelen", "goals", "objectifs"},
    {Category::kOwnVoice, "own-voice", "in eigen woorden", "in their own words", "dans leurs propres mots"},
    {Category::kMeeting, "meeting", "overleg en agenda", "meetings and agenda", "réunions et agenda"},
    {Category::kJustice, "justice", "maatregelen van de jeugdrechtbank", "measures of the youth court",
     "mesures du tribunal de la jeunesse"},
};
constexpr Word<Basis> kBases[] = {
    {Basis::kConsent, "consent", "toestemming", "consent", "consentement"},
    {Basis::kSharedSecrecy, "shared-secrecy", "gedeeld beroepsgeheim", "shared professional secrecy",
     "secret professionnel partagé"},
    {Basis::kCaseConsultation, "case-consultation", "casusoverleg (art. 458ter)", "case consultation (art. 458ter)",
     "concertation de cas (art. 458ter)"},
    {Basis::kCourtMandate, "court-mandate", "opdracht van de jeugdrechtbank", "mandate of the youth court",
     "mandat du tribunal de la jeunesse"},
    {Basis::kEmergency, "emergency", "noodtoestand", "emergency", "état de nécessité"},
};
constexpr Word<Grantor> kGrantors[] = {
    {Grantor::kYoungPerson, "young-person", "de jongere", "the young person", "le jeune"},
    {Grantor::kFirstParent, "first-parent", "een ouder (eerste)", "a parent (first)", "un parent (premier)"},
    {Grantor::kSecondParent, "second-parent", "een ouder (tweede)", "a parent (second)", "un parent (second)"},
    {Grantor::kGuardian, "guardian", "de voogd", "the guardian", "le tuteur"},
    {Grantor::kProfessional, "professional", "een hulpverlener", "a professional", "un professionnel"},
    {Grantor::kCourt, "court", "de jeugdrechtbank", "the youth court", "le tribunal de la jeunesse"},
};
constexpr Word<Stage> kStages[] = {
    {Stage::kChild, "child", "kind, nog niet bekwaam", "child, not yet capable", "enfant, pas encore capable"},
    {Stage::kCapable, "capable", "bekwame minderjarige", "capable minor", "mineur capable"},
    {Stage::kAdult, "adult", "meerderjarig", "adult", "majeur"},
};
constexpr Word<ParentsRule> kParentsRules[] = {
    {ParentsRule::kEither, "either", "één ouder volstaat", "one parent is enough", "un parent suffit"},
    {ParentsRule::kBoth, "both", "beide ouders zijn nodig", "both parents are needed",
     "les deux parents sont nécessaires"},
    {ParentsRule::kEitherUntilWithdrawn, "either-until-withdrawn", "één ouder volstaat, tot een ouder intrekt",
     "one parent is enough, until one withdraws", "un parent suffit, jusqu’à ce qu’un parent retire son accord"},
};
constexpr Word<Sought> kSoughts[] = {
    {Sought::kAgreed, "agreed", "gevraagd, en akkoord", "asked, and agreed", "demandé, et accepté"},
    {Sought::kRefused, "refused", "gevraagd, en niet akkoord", "asked, and refused", "demandé, et refusé"},
    {Sought::kNotAsked, "not-asked", "kon niet gevraagd worden", "could not be asked", "n’a pas pu être demandé"},
};
constexpr Word<FrameGround> kFrameGrounds[] = {
    {FrameGround::kDecree, "decree", "een wet of decreet", "a law or decree", "une loi ou un décret"},
    {FrameGround::kPermission, "permission", "toelating van de procureur", "permission of the prosecutor",
     "autorisation du procureur"},
};
constexpr Word<ReviewOutcome> kReviewOutcomes[] = {
    {ReviewOutcome::kJustified, "justified", "verantwoord", "justified", "justifié"},
    {ReviewOutcome::kTooWide, "too-wide", "te ruim of te lang", "too wide or too long", "trop large ou trop long"},
    {ReviewOutcome::kUnjustified, "unjustified", "niet verantwoord", "not justified", "non justifié"},
};
constexpr Word<Kept> kKepts[] = {
    {Kept::kSealed, "sealed", "verzegeld", "sealed", "scellé"},
    {Kept::kDestroyed, "destroyed", "vernietigd", "destroyed", "détruit"},
};
constexpr Word<EraseReason> kEraseReasons[] = {
    {EraseReason::kRetentionOver, "retention-over", "de bewaartermijn is voorbij", "the end of keeping was reached",
     "le délai de conservation est écoulé"},
    {EraseReason::kSubjectRequest, "subject-request", "op vraag van de jongere of ouder", "at the client's request",
     "à la demande du jeune ou du parent"},
    {EraseReason::kCourtOrder, "court-order", "op bevel van de rechter", "by order of the court", "sur ordre du juge"},
    {EraseReason::kMistake, "mistake", "een vergissing", "a mistake", "une erreur"},
};
constexpr Word<KeepReason> kKeepReasons[] = {
    {KeepReason::kSector, "sector-law", "bewaarplicht van de sector", "the sector's duty to keep",
     "obligation de conservation du secteur"},
    {KeepReason::kRegion, "region-rule", "bewaarplicht van de regio", "the region's rule of keeping",
     "obligation de conservation de la région"},
};
constexpr Word<StaffRole> kRoles[] = {
    {StaffRole::kWorker, "worker", "medewerker", "worker", "intervenant"},
    {StaffRole::kCoordinator, "coordinator", "coördinator", "coordinator", "coordinateur"},
    {StaffRole::kAuditor, "auditor", "auditor", "auditor", "auditeur"},
    {StaffRole::kAdministrator, "administrator", "beheerder", "administrator", "administrateur"},
};
constexpr Word<ViewReason> kReasons[] = {
    {ViewReason::kTask, "task", "taak in dit traject", "task on this trajectory", "tâche dans ce trajet"},
    {ViewReason::kOnDuty, "on-duty", "permanentie", "on duty", "permanence"},
    {ViewReason::kRoundTable, "round-table", "ronde tafel", "round table", "table ronde"},
    {ViewReason::kAudit, "audit", "nazicht", "audit", "contrôle"},
    {ViewReason::kSubjectRequest, "subject-request", "op vraag van de jongere of ouder", "at the client's request",
     "à la demande du jeune ou du parent"},
    {ViewReason::kOther, "other", "andere", "other", "autre"},
};
constexpr Word<Kind> kKinds[] = {
    {Kind::kTrajectoryOpen, "trajectory-open", "traject geopend", "trajectory opened", "trajet ouvert"},
    {Kind::kTrajectoryClose, "trajectory-close", "traject gesloten", "trajectory closed", "trajet clôturé"},
    {Kind::kMemberInvite, "member-invite", "uitnodiging", "invitation", "invitation"},
    {Kind::kMemberJoin, "member-join", "aansluiting", "joined", "adhésion"},
    {Kind::kMemberLeave, "member-leave", "vertrek", "left", "départ"},
    {Kind::kMemberRemove, "member-remove", "deelname beëindigd", "membership ended", "participation terminée"},
    {Kind::kMemberShow, "member-show", "voorgesteld", "introduction", "présentation"},
    {Kind::kGrantGive, "grant-give", "toestemming of andere grond", "grant", "consentement ou autre fondement"},
    {Kind::kGrantNarrow, "grant-narrow", "beperking van een grond", "grant narrowed", "fondement restreint"},
    {Kind::kGrantWithdraw, "grant-withdraw", "intrekking", "grant withdrawn", "retrait"},
    {Kind::kSubjectStage, "subject-stage", "fase van de jongere", "stage of the young person", "phase du jeune"},
    {Kind::kCaseFrame, "case-frame", "kader van een casusoverleg", "frame of a case consultation",
     "cadre d’une concertation de cas"},
    {Kind::kViews, "views", "inzage", "views", "consultations"},
    {Kind::kEmergencyReview, "emergency-review", "nazicht van een noodtoestand", "review of an emergency",
     "examen d’un état de nécessité"},
    {Kind::kGrantReceipt, "grant-receipt", "bewijs van verzegeling", "receipt of sealing",
     "preuve de mise sous scellés"},
    {Kind::kErasePropose, "erase-propose", "voorstel om te wissen", "proposal to erase", "proposition d’effacement"},
    {Kind::kEraseSecond, "erase-second", "instemming met wissen", "agreement to erase", "accord sur l’effacement"},
    {Kind::kEraseConfirm, "erase-confirm", "wissen bevestigd", "erasure confirmed", "effacement confirmé"},
    {Kind::kEraseReceipt, "erase-receipt", "bewijs van wissen", "receipt of erasure", "preuve d’effacement"},
    {Kind::kLeadOffer, "lead-offer", "aanbod van de regie", "offer of the lead", "offre de direction"},
    {Kind::kLeadAccept, "lead-accept", "regie overgenomen", "lead taken over", "direction reprise"},
    {Kind::kLeadRefuse, "lead-refuse", "regie niet overgenomen", "lead refused", "direction refusée"},
    {Kind::kLeadWithdraw, "lead-withdraw", "aanbod van de regie ingetrokken", "offer of the lead withdrawn",
     "offre de direction retirée"},
    {Kind::kLeadPassed, "lead-passed", "overzicht bij de overdracht", "overview on handover",
     "aperçu lors de la transmission"},
    {Kind::kPlaceOffer, "place-offer", "aanbod van plaatsen", "offer of places", "offre de places"},
    {Kind::kPlaceHold, "place-hold", "plaats gevraagd", "place asked for", "place demandée"},
    {Kind::kPlaceAnswer, "place-answer", "antwoord op een vraag naar een plaats", "answer about a place",
     "réponse sur une place"},
    {Kind::kPlaceRelease, "place-release", "plaats vrijgegeven", "place given back", "place libérée"},
    {Kind::kPlaceClose, "place-close", "aanbod van plaatsen gesloten", "offer of places closed",
     "offre de places clôturée"},
    {Kind::kNote, "note", "dossiernotitie", "dossier note", "note de dossier"},
    {Kind::kQuestion, "question", "vraag (casusoverleg)", "consultation question", "question (concertation de cas)"},
    {Kind::kAnswer, "answer", "antwoord (casusoverleg)", "consultation answer", "réponse (concertation de cas)"},
    {Kind::kConclusion, "conclusion", "besluit (casusoverleg)", "consultation conclusion",
     "conclusion (concertation de cas)"},
    {Kind::kMeetingProposal, "meeting-proposal", "voorstel ronde tafel", "round-table proposal",
     "proposition de table ronde"},
    {Kind::kMeetingVote, "meeting-vote", "antwoord op data", "round-table vote", "réponse aux dates"},
    {Kind::kMeetingFixed, "meeting-fixed", "ronde tafel vastgelegd", "round table fixed", "table ronde fixée"},
    {Kind::kMeetingReport, "meeting-report", "verslag ronde tafel", "round-table report", "rapport de table ronde"},
    {Kind::kAgreement, "agreement", "afspraak", "agreement", "accord"},
    {Kind::kRequestForHelp, "request-for-help", "hulpvraag", "request for help", "demande d’aide"},
    {Kind::kShareAgain, "share-again", "opnieuw gedeeld", "shared again", "partagé à nouveau"},
    {Kind::kExceptionMark, "exception-mark", "uitzondering op inzage", "exception to access", "exception à l’accès"},
    {Kind::kReferral, "referral", "aanmelding", "referral", "orientation"},
    {Kind::kReferralAnswer, "referral-answer", "antwoord op een aanmelding", "answer to a referral",
     "réponse à une orientation"},
    {Kind::kReferralWithdrawal, "referral-withdrawal", "aanmelding ingetrokken", "referral withdrawn",
     "orientation retirée"},
    {Kind::kCommitment, "commitment", "engagementsverklaring", "commitment", "déclaration d’engagement"},
    {Kind::kCommitmentSignature, "commitment-signature", "ondertekening", "signature", "signature"},
    {Kind::kGoal, "goal", "doel", "goal", "objectif"},
    {Kind::kGoalProgress, "goal-progress", "vordering", "progress", "progression"},
    {Kind::kGoalReview, "goal-review", "evaluatie van een doel", "review of a goal", "évaluation d’un objectif"},
    {Kind::kCriterion, "criterion", "criterium (goed genoeg)", "criterion (good enough)", "critère (assez bien)"},
    {Kind::kCriterionJudgement, "criterion-judgement", "oordeel over een criterium", "judgement of a criterion",
     "avis sur un critère"},
    {Kind::kAction, "action", "actie", "action", "action"},
    {Kind::kActionDone, "action-done", "stand van een actie", "state of an action", "état d’une action"},
    {Kind::kClosingReason, "closing-reason", "gesloten met een reden", "closed with a reason", "clôturé avec un motif"},
    {Kind::kMeetingFamily, "meeting-family", "keuze van het gezin", "the family's choice", "choix de la famille"},
    {Kind::kMeetingTerms, "meeting-terms", "wie er moet zijn", "who has to be there", "qui doit être présent"},
    {Kind::kMeetingGuest, "meeting-guest", "gast aan tafel", "guest at the table", "invité à la table"},
    {Kind::kMeetingAnswer, "meeting-answer", "aanwezigheid gemeld", "attendance said", "présence annoncée"},
    {Kind::kMeetingCancelled, "meeting-cancelled", "ronde tafel afgelast", "round table cancelled",
     "table ronde annulée"},
    {Kind::kAttachment, "attachment", "bijlage", "attachment", "pièce jointe"},
    {Kind::kAttachmentChunk, "attachment-chunk", "deel van een bijlage", "piece of an attachment",
     "partie d’une pièce jointe"},
    {Kind::kReveal, "reveal", "over wie een anonieme vraag gaat", "whom an anonymous question is about",
     "sur qui porte une question anonyme"},
    {Kind::kNetworkFigure, "network-figure", "figuur in het netwerk", "figure in the network",
     "personne ou lieu du réseau"},
    {Kind::kNetworkTie, "network-tie", "band met een figuur", "tie with a figure", "lien avec une figure"},
    {Kind::kKinship, "kinship", "verwantschap", "kinship", "parenté"},
    {Kind::kLifeEvent, "life-event", "gebeurtenis op de levenslijn", "event on the lifeline",
     "événement de la ligne de vie"},
    {Kind::kLifeDomain, "life-domain", "sterktes en noden in een levensdomein", "strengths and needs in a life domain",
     "forces et besoins dans un domaine de vie"},
    {Kind::kCircularQuestion, "circular-question", "circulaire vraag", "circular question", "question circulaire"},
    {Kind::kCircularAnswer, "circular-answer", "antwoord op een circulaire vraag", "answer to a circular question",
     "réponse à une question circulaire"},
    {Kind::kModuleSwitch, "module-switch", "overgang naar een andere module", "switch to another module",
     "passage à un autre module"},
    {Kind::kContactMoment, "contact-moment", "contact", "contact", "contact"},
    {Kind::kAlert, "alert", "melding volgens een afspraak", "alert under an agreement", "alerte selon un accord"},
    {Kind::kAlertWithdrawn, "alert-withdrawn", "melding ingetrokken", "alert withdrawn", "alerte retirée"},
    {Kind::kHearing, "hearing", "zitting", "court hearing", "audience"},
    {Kind::kFamilyConference, "family-conference", "Eigen Kracht-conferentie", "family group conference",
     "conférence familiale"},
    {Kind::kFamilyPlan, "family-plan", "plan van het gezin", "plan of the family", "plan de la famille"},
    {Kind::kAftercareContact, "aftercare-contact", "contact in de nazorg", "aftercare contact",
     "contact de suivi après l’aide"},
    {Kind::kSupporterMessage, "supporter-message", "bericht met een steunfiguur", "message with a supporter",
     "message avec une personne de soutien"},
    {Kind::kRingAnswer, "ring-answer", "bevraging van een kring", "answers of a ring", "réponses d’un cercle"},
    {Kind::kCourtPlan, "court-plan", "plan voor de jeugdrechtbank", "plan for the youth court",
     "plan pour le tribunal de la jeunesse"},
    {Kind::kAdulthoodPlan, "adulthood-plan", "plan naar volwassenheid", "plan towards adulthood",
     "plan vers l’âge adulte"},
    {Kind::kSchoolReport, "school-report", "schoolmelding", "school report", "signalement scolaire"},
    {Kind::kSchoolStep, "school-step", "stap na een schoolmelding", "step after a school report",
     "étape après un signalement scolaire"},
    {Kind::kPlaceEnrolment, "place-enrolment", "inschrijving voor een plaats", "enrolment for a place",
     "inscription pour une place"},
    {Kind::kLearningCase, "learning-case", "leercasus", "learning case", "cas d’apprentissage"},
};
constexpr Word<Denial> kDenials[] = {
    {Denial::kNotEnrolled, "not-enrolled", "deze organisatie is niet aangesloten", "this organisation is not enrolled",
     "cette organisation n’est pas affiliée"},
    {Denial::kSuspended, "suspended", "deze organisatie is geschorst", "this organisation is suspended",
     "cette organisation est suspendue"},
    {Denial::kNotMember, "not-member", "geen deelnemer aan dit traject", "not a member of this trajectory",
     "ne participe pas à ce trajet"},
    {Denial::kSectorCeiling, "sector-ceiling", "deze sector mag deze categorie nooit ontvangen",
     "this sector may never receive this category", "ce secteur ne peut jamais recevoir cette catégorie"},
    {Denial::kCourtWall, "court-wall", "naar de jeugdrechtbank gaat alleen wat de jongere en de ouders overeenkwamen",
     "only what the minor and the parents agreed to goes to the youth court",
     "seul ce dont le jeune et les parents ont convenu va au tribunal de la jeunesse"},
    {Denial::kNoGrant, "no-grant", "er is geen toestemming of andere grond voor deze organisatie",
     "there is no grant for this organisation", "il n’y a ni consentement ni autre fondement pour cette organisation"},
    {Denial::kPurpose, "purpose", "de toestemming geldt niet voor dit doel", "the grant is not for this purpose",
     "le consentement ne vaut pas pour cette finalité"},
    {Denial::kCategory, "category", "de toestemming geldt niet voor deze categorie",
     "the grant does not cover this category", "le consentement ne couvre pas cette catégorie"},
    {Denial::kPeriod, "period", "buiten de periode van de toestemming", "outside the period of the grant",
     "hors de la période du consentement"},
    {Denial::kWithdrawn, "withdrawn", "de toestemming is ingetrokken", "the grant was withdrawn",
     "le consentement a été retiré"},
    {Denial::kClosed, "closed", "het traject is gesloten", "the trajectory is closed", "le trajet est clôturé"},
    {Denial::kNotAddressed, "not-addressed", "dit bericht is niet voor deze organisatie bestemd",
     "this statement is not meant for this organisation", "ce message n’est pas destiné à cette organisation"},
    {Denial::kGrantor, "grantor", "nog niet iedereen die moet toestemmen, heeft toegestemd",
     "not everybody whose consent is needed has agreed",
     "tous ceux dont le consentement est nécessaire ne l’ont pas encore donné"},
    {Denial::kErased, "erased", "het traject is gewist", "the trajectory was erased", "le trajet a été effacé"},
};

constexpr InLanguages<std::string_view> kUnknown = {"onbekend (nieuwere versie)", "unknown (newer version)",
                                                    "inconnu (version plus récente)"};

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
  return (word ? word->label : kUnknown).In(language);
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
std::string_view Slug(KeepReason value) { return SlugIn(kKeepReasons, value, "reason"); }
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
std::string_view Label(KeepReason value, Language language) { return LabelIn(kKeepReasons, value, language); }
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
Result<KeepReason> ParseKeepReason(std::string_view slug) { return ParseIn(kKeepReasons, slug, "keep"); }

std::span<const Purpose> AllPurposes() { return kAllPurposes; }
std::span<const Category> AllCategories() { return kAllCategories; }

}  // namespace schakel
