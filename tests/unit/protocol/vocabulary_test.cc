#include "protocol/vocabulary.h"

#include <gtest/gtest.h>

#include <set>

namespace schakel::test {
namespace {

template <typename E>
void ExpectWords(E first, E last, std::string_view unknown_slug) {
  std::set<std::string_view> slugs;
  const E newer = static_cast<E>(static_cast<unsigned>(last) + 1);
  for (auto i = static_cast<unsigned>(first); i <= static_cast<unsigned>(last); ++i) {
    const E value = static_cast<E>(i);
    EXPECT_TRUE(slugs.insert(Slug(value)).second) << Slug(value);
    EXPECT_NE(Slug(value), unknown_slug) << i;
    for (const Language language : kLanguages) {
      EXPECT_FALSE(Label(value, language).empty()) << i << Slug(language);
      EXPECT_NE(Label(value, language), Label(newer, language)) << i << Slug(language);
    }
  }
  EXPECT_EQ(Slug(newer), unknown_slug);
  EXPECT_EQ(Label(newer, Language::kEnglish), "unknown (newer version)");
  EXPECT_EQ(Label(newer, Language::kDutch), "onbekend (nieuwere versie)");
  EXPECT_EQ(Label(newer, Language::kFrench), "inconnu (version plus récente)");
}

TEST(VocabularyTest, EveryValueHasItsWords) {
  ExpectWords(Purpose::kCareCoordination, kPurposeLast, "purpose");
  ExpectWords(Category::kIdentity, kCategoryLast, "category");
  ExpectWords(Basis::kConsent, kBasisLast, "basis");
  ExpectWords(Grantor::kYoungPerson, kGrantorLast, "grantor");
  ExpectWords(StaffRole::kWorker, kStaffRoleLast, "role");
  ExpectWords(ViewReason::kTask, kViewReasonLast, "reason");
  ExpectWords(Denial::kNotEnrolled, kDenialLast, "denial");
  ExpectWords(Stage::kChild, kStageLast, "stage");
  ExpectWords(ParentsRule::kEither, kParentsRuleLast, "parents");
  ExpectWords(Sought::kAgreed, kSoughtLast, "sought");
  ExpectWords(FrameGround::kDecree, kFrameGroundLast, "ground");
  ExpectWords(ReviewOutcome::kJustified, kReviewOutcomeLast, "outcome");
  ExpectWords(Kind::kTrajectoryOpen, Kind::kPlaceClose, "kind");
  ExpectWords(Kept::kSealed, kKeptLast, "kept");
  ExpectWords(EraseReason::kRetentionOver, kEraseReasonLast, "reason");
  ExpectWords(KeepReason::kSector, kKeepReasonLast, "reason");
  ExpectWords(Kind::kNote, Kind::kExceptionMark, "kind");
  ExpectWords(Kind::kReferral, Kind::kClosingReason, "kind");
  ExpectWords(Kind::kMeetingFamily, Kind::kMeetingCancelled, "kind");
  ExpectWords(Kind::kAttachment, Kind::kAttachmentChunk, "kind");
  ExpectWords(Kind::kReveal, Kind::kReveal, "kind");
  ExpectWords(Kind::kNetworkFigure, Kind::kCircularAnswer, "kind");
  ExpectWords(Kind::kModuleSwitch, Kind::kSupporterMessage, "kind");
  ExpectWords(Kind::kRingAnswer, Kind::kAdulthoodPlan, "kind");
  ExpectWords(Kind::kSchoolReport, Kind::kSchoolStep, "kind");
  ExpectWords(Kind::kPlaceEnrolment, Kind::kPlaceEnrolment, "kind");
  ExpectWords(Kind::kLearningCase, Kind::kLearningCase, "kind");
  EXPECT_EQ(Slug(Kind::kViews), "views");
}

template <typename E>
void ExpectParses(E first, E last, Result<E> (*parse)(std::string_view), std::string_view rule) {
  std::string all;
  for (auto i = static_cast<unsigned>(first); i <= static_cast<unsigned>(last); ++i) {
    const E value = static_cast<E>(i);
    const auto parsed = parse(Slug(value));
    ASSERT_TRUE(parsed.has_value()) << Slug(value);
    EXPECT_EQ(*parsed, value);
    all.append(all.empty() ? "choose one of " : ", ").append(Slug(value));
  }
  const auto wrong = parse("Nothing-like-it");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, Code::kInvalid);
  EXPECT_EQ(wrong.error().rule, rule);
  EXPECT_EQ(wrong.error().next, all) << "says what is allowed";
}

TEST(VocabularyTest, SlugsParseBack) {
  ExpectParses(Purpose::kCareCoordination, kPurposeLast, &ParsePurpose, "vocabulary.purpose");
  ExpectParses(Category::kIdentity, kCategoryLast, &ParseCategory, "vocabulary.category");
  ExpectParses(Stage::kChild, kStageLast, &ParseStage, "vocabulary.stage");
  ExpectParses(ParentsRule::kEither, kParentsRuleLast, &ParseParentsRule, "vocabulary.parents");
  ExpectParses(Sought::kAgreed, kSoughtLast, &ParseSought, "vocabulary.sought");
  ExpectParses(FrameGround::kDecree, kFrameGroundLast, &ParseFrameGround, "vocabulary.ground");
  ExpectParses(ReviewOutcome::kJustified, kReviewOutcomeLast, &ParseReviewOutcome, "vocabulary.outcome");
  ExpectParses(KeepReason::kSector, kKeepReasonLast, &ParseKeepReason, "vocabulary.keep");
  ExpectParses(Basis::kConsent, kBasisLast, &ParseBasis, "vocabulary.basis");
  ExpectParses(Grantor::kYoungPerson, kGrantorLast, &ParseGrantor, "vocabulary.grantor");
  ExpectParses(StaffRole::kWorker, kStaffRoleLast, &ParseStaffRole, "vocabulary.role");
  ExpectParses(ViewReason::kTask, kViewReasonLast, &ParseViewReason, "vocabulary.reason");
}

TEST(VocabularyTest, ListsAreWhole) {
  EXPECT_EQ(AllPurposes().size(), static_cast<std::size_t>(kPurposeLast));
  EXPECT_EQ(AllCategories().size(), static_cast<std::size_t>(kCategoryLast));
  EXPECT_EQ(AllPurposes().front(), Purpose::kCareCoordination);
  EXPECT_EQ(AllCategories().back(), kCategoryLast);
}

TEST(VocabularyTest, ContentBeginsAt32) {
  EXPECT_FALSE(IsContent(Kind::kViews));
  EXPECT_FALSE(IsContent(static_cast<Kind>(31)));
  EXPECT_TRUE(IsContent(static_cast<Kind>(32)));
}

TEST(VocabularyTest, SetsAreBitMasks) {
  CategorySet set{Category::kIdentity, Category::kJustice};
  EXPECT_EQ(set.bits(), (1U << 1) | (1U << 14));
  EXPECT_TRUE(set.Has(Category::kIdentity));
  EXPECT_FALSE(set.Has(Category::kContact));
  EXPECT_TRUE(set.Covers({Category::kJustice}));
  EXPECT_TRUE(set.Covers(set));
  EXPECT_FALSE(set.Covers({Category::kJustice, Category::kContact}));
  EXPECT_FALSE(set.Covers(CategorySet(std::uint64_t{1} << 63)));
  EXPECT_TRUE(set.Covers({}));
  set.Add(Category::kContact);
  EXPECT_TRUE(set.Has(Category::kContact));
  EXPECT_FALSE(set.empty());
  EXPECT_TRUE(CategorySet().empty());
}

TEST(VocabularyTest, SectorsAreWrittenAsOrganisationsAre) {
  EXPECT_TRUE(ParseSector("youth-care").has_value());
  for (const char* wrong : {"", "x", "Youth", "-care", "care-", "youth care"}) {
    const auto sector = ParseSector(wrong);
    ASSERT_FALSE(sector.has_value()) << wrong;
    EXPECT_EQ(sector.error().rule, "id.sector");
  }
}

}  // namespace
}  // namespace schakel::test
