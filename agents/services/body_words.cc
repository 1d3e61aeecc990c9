// The slugs of the lists that only bodies use.
#include <fmt/format.h>

#include <span>
#include <utility>

#include "agents/body.h"

namespace schakel {
namespace {

template <typename E>
using Word = std::pair<E, std::string_view>;

constexpr Word<Module> kModules[] = {
    {Module::kUnspecified, "unspecified"}, {Module::kMobile, "mobile"},
    {Module::kAmbulant, "ambulant"},       {Module::kSemiResidential, "semi-residential"},
    {Module::kResidential, "residential"}, {Module::kIndependentLiving, "independent-living"},
    {Module::kTimeOut, "time-out"},
};
constexpr Word<Urgency> kUrgencies[] = {
    {Urgency::kNormal, "normal"}, {Urgency::kSoon, "soon"}, {Urgency::kToday, "today"}};
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

template <typename E, std::size_t count>
std::string_view Find(const Word<E> (&words)[count], E value) {
  for (const auto& [one, slug] : words) {
    if (one == value) return slug;
  }
  return "unknown";
}

template <typename E, std::size_t count>
Result<E> Parse(const Word<E> (&words)[count], std::string_view slug, const char* rule) {
  std::string allowed;
  for (const auto& [value, word] : words) {
    if (word == slug) return value;
    if (!allowed.empty()) allowed += ", ";
    allowed += word;
  }
  return Fail(Code::kInvalid, rule, {}, "choose one of: " + allowed);
}

}  // namespace

std::string_view Slug(Module value) { return Find(kModules, value); }
std::string_view Slug(Urgency value) { return Find(kUrgencies, value); }
std::string_view Slug(AdviceTaken value) { return Find(kTaken, value); }
std::string_view Slug(MeetingKind value) { return Find(kMeetingKinds, value); }
std::string_view Slug(VoteChoice value) { return Find(kChoices, value); }
std::string_view Slug(Attending value) { return Find(kAttendings, value); }
std::string_view Slug(AgreementTopic value) { return Find(kTopics, value); }
std::string_view Slug(Speaker value) { return Find(kSpeakers, value); }
std::string_view Slug(CopyTaken value) { return Find(kCopies, value); }
std::string_view Slug(Exception value) { return Find(kExceptions, value); }

Result<Module> ParseModule(std::string_view slug) { return Parse(kModules, slug, "vocabulary.module"); }
Result<Urgency> ParseUrgency(std::string_view slug) { return Parse(kUrgencies, slug, "vocabulary.urgency"); }
Result<AdviceTaken> ParseAdviceTaken(std::string_view slug) { return Parse(kTaken, slug, "vocabulary.taken"); }
Result<MeetingKind> ParseMeetingKind(std::string_view slug) { return Parse(kMeetingKinds, slug, "vocabulary.meeting"); }
Result<VoteChoice> ParseVoteChoice(std::string_view slug) { return Parse(kChoices, slug, "vocabulary.choice"); }
Result<Attending> ParseAttending(std::string_view slug) { return Parse(kAttendings, slug, "vocabulary.attending"); }
Result<AgreementTopic> ParseAgreementTopic(std::string_view slug) { return Parse(kTopics, slug, "vocabulary.topic"); }
Result<Speaker> ParseSpeaker(std::string_view slug) { return Parse(kSpeakers, slug, "vocabulary.speaker"); }
Result<CopyTaken> ParseCopyTaken(std::string_view slug) { return Parse(kCopies, slug, "vocabulary.copy"); }
Result<Exception> ParseException(std::string_view slug) { return Parse(kExceptions, slug, "vocabulary.exception"); }

}  // namespace schakel
