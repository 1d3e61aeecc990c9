// The slugs of the lists that only bodies use.
#include "agents/body.h"
#include "word_lists.h"

namespace schakel {
namespace {

constexpr Word<Module> kModules[] = {
    {Module::kUnspecified, "unspecified"}, {Module::kMobile, "mobile"},
    {Module::kAmbulant, "ambulant"},       {Module::kSemiResidential, "semi-residential"},
    {Module::kResidential, "residential"}, {Module::kIndependentLiving, "independent-living"},
    {Module::kTimeOut, "time-out"},
};
constexpr Word<Urgency> kUrgencies[] = {
    {Urgency::kNormal, "normal"}, {Urgency::kSoon, "soon"}, {Urgency::kToday, "today"}, {Urgency::kCrisis, "crisis"}};
constexpr Word<AdviceTaken> kTaken[] = {
    {AdviceTaken::kYes, "yes"}, {AdviceTaken::kPartly, "partly"}, {AdviceTaken::kNo, "no"}};
constexpr Word<MeetingKind> kMeetingKinds[] = {{MeetingKind::kRoundTable, "round-table"},
                                               {MeetingKind::kEvolutionReview, "evolution-review"},
                                               {MeetingKind::kIntake, "intake"},
                                               {MeetingKind::kReview3Months, "review-3-months"},
                                               {MeetingKind::kReview6Months, "review-6-months"},
                                               {MeetingKind::kReviewBeforeHearing, "review-before-hearing"}};
constexpr Word<VoteChoice> kChoices[] = {
    {VoteChoice::kYes, "yes"}, {VoteChoice::kMaybe, "maybe"}, {VoteChoice::kNo, "no"}};
constexpr Word<Attending> kAttendings[] = {
    {Attending::kAccepted, "accepted"}, {Attending::kTentative, "tentative"}, {Attending::kDeclined, "declined"}};
constexpr Word<AgreementTopic> kTopics[] = {{AgreementTopic::kAggression, "aggression"},
                                            {AgreementTopic::kDrugs, "drugs"},
                                            {AgreementTopic::kRunningAway, "running-away"},
                                            {AgreementTopic::kMissingPerson, "missing-person"},
                                            {AgreementTopic::kOther, "other"}};
constexpr Word<Speaker> kSpeakers[] = {{Speaker::kYoungPerson, "young-person"},
                                       {Speaker::kMother, "mother"},
                                       {Speaker::kFather, "father"},
                                       {Speaker::kOther, "other"}};

constexpr Word<CopyTaken> kCopies[] = {
    {CopyTaken::kTaken, "taken"}, {CopyTaken::kDeclined, "declined"}, {CopyTaken::kNotReached, "not-reached"}};
constexpr Word<Exception> kExceptions[] = {{Exception::kNone, "none"},
                                           {Exception::kConfidential, "confidential"},
                                           {Exception::kThirdParty, "third-party"},
                                           {Exception::kCourt, "court"},
                                           {Exception::kAgogic, "agogic"}};

}  // namespace

std::string_view Slug(Module value) { return SlugIn(kModules, value); }
std::string_view Slug(Urgency value) { return SlugIn(kUrgencies, value); }
std::string_view Slug(AdviceTaken value) { return SlugIn(kTaken, value); }
std::string_view Slug(MeetingKind value) { return SlugIn(kMeetingKinds, value); }
std::string_view Slug(VoteChoice value) { return SlugIn(kChoices, value); }
std::string_view Slug(Attending value) { return SlugIn(kAttendings, value); }
std::string_view Slug(AgreementTopic value) { return SlugIn(kTopics, value); }
std::string_view Slug(Speaker value) { return SlugIn(kSpeakers, value); }
std::string_view Slug(CopyTaken value) { return SlugIn(kCopies, value); }
std::string_view Slug(Exception value) { return SlugIn(kExceptions, value); }

Result<Module> ParseModule(std::string_view slug) { return ParseIn(kModules, slug, "vocabulary.module"); }
Result<Urgency> ParseUrgency(std::string_view slug) { return ParseIn(kUrgencies, slug, "vocabulary.urgency"); }
Result<AdviceTaken> ParseAdviceTaken(std::string_view slug) { return ParseIn(kTaken, slug, "vocabulary.taken"); }
Result<MeetingKind> ParseMeetingKind(std::string_view slug) {
  return ParseIn(kMeetingKinds, slug, "vocabulary.meeting");
}
Result<VoteChoice> ParseVoteChoice(std::string_view slug) { return ParseIn(kChoices, slug, "vocabulary.choice"); }
Result<Attending> ParseAttending(std::string_view slug) { return ParseIn(kAttendings, slug, "vocabulary.attending"); }
Result<AgreementTopic> ParseAgreementTopic(std::string_view slug) { return ParseIn(kTopics, slug, "vocabulary.topic"); }
Result<Speaker> ParseSpeaker(std::string_view slug) { return ParseIn(kSpeakers, slug, "vocabulary.speaker"); }
Result<CopyTaken> ParseCopyTaken(std::string_view slug) { return ParseIn(kCopies, slug, "vocabulary.copy"); }
Result<Exception> ParseException(std::string_view slug) { return ParseIn(kExceptions, slug, "vocabulary.exception"); }

}  // namespace schakel
