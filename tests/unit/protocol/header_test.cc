#include <gtest/gtest.h>

#include <set>

#include "protocol/codec.h"
#include "protocol/record.h"
#include "support/builders.h"
#include "support/canonical.h"

namespace schakel::test {
namespace {

GrantGive OralGrant() {
  GrantGive grant = GrantTo(kPsychiatry);
  grant.witnessed_by = Filled<16>(0x52);
  grant.oral = true;
  return grant;
}

Views SomeViews(std::size_t count) {
  Views views;
  for (std::size_t i = 0; i < count; ++i) {
    views.views.push_back(
        {RecordNo(0x200 + i), Filled<16>(0x77), StaffRole::kCoordinator, ViewReason::kRoundTable, kNow});
  }
  return views;
}

struct Named {
  const char* name;
  Header header;
};

std::vector<Named> OneOfEachStatement() {
  return {
      {"open", Says(kYouthCare, TrajectoryOpen{}, 1)},
      {"close", Says(kYouthCare, TrajectoryClose{}, 2)},
      {"invite", Says(kYouthCare, MemberInvite{kSchool, kNow + kDay}, 3)},
      {"join", Says(kSchool, MemberJoin{RecordNo(3)}, 4)},
      {"leave", Says(kSchool, MemberLeave{}, 5)},
      {"remove", Says(kYouthCare, MemberRemove{kSchool}, 6)},
      {"show", Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 7)},
      {"grant in writing", Says(kYouthCare, GrantTo(kSchool), 8)},
      {"oral grant", Says(kYouthCare, OralGrant(), 9)},
      {"narrow",
       Says(kYouthCare, GrantNarrow{RecordNo(8), {Purpose::kCareCoordination}, {Category::kGoals}, kNow}, 10)},
      {"withdraw", Says(kYouthCare, GrantWithdraw{RecordNo(8)}, 11)},
      {"one view", Says(kSchool, SomeViews(1), 12)},
      {"as many views as fit", Says(kSchool, SomeViews(kViewsMax), 13)},
      {"open with a child", Says(kYouthCare, TrajectoryOpen{Stage::kChild}, 14)},
      {"invite to a child's", Says(kYouthCare, MemberInvite{kSchool, kNow + kDay, Stage::kChild}, 15)},
      {"stage", Says(kYouthCare, SubjectStage{Stage::kAdult, std::nullopt}, 16)},
      {"receiver", Says(kYouthCare, SubjectStage{Stage::kAdult, kWelfare}, 17)},
      {"frame", Says(kYouthCare, FrameOf({kYouthCare, kSchool}), 18)},
      {"review", Says(kYouthCare, EmergencyReview{RecordNo(8), ReviewOutcome::kTooWide}, 19)},
      {"shared secrecy", Says(kYouthCare, SecrecyTo(kSchool), 20)},
      {"within a frame", Says(kYouthCare, FramedTo(kSchool, RecordNo(18)), 21)},
      {"emergency", Says(kSchool, EmergencyTo(kPsychiatry), 22)},
      {"close with an end of keeping", Says(kYouthCare, TrajectoryClose{kNow + kDay}, 23)},
      {"receipt", Says(kSchool, GrantReceipt{RecordNo(8), RecordNo(11), Kept::kDestroyed}, 24)},
      {"proposal to erase", Says(kYouthCare, ErasePropose{EraseReason::kMistake, Filled<16>(0x71)}, 25)},
      {"agreement to erase", Says(kSchool, EraseSecond{RecordNo(25)}, 26)},
      {"erasure", Says(kYouthCare, EraseConfirm{RecordNo(25), Filled<16>(0x72)}, 27)},
      {"receipt of erasure", Says(kSchool, EraseReceipt{RecordNo(27)}, 28)},
      {"receipt of erasure with what is kept",
       Says(kSchool, EraseReceipt{RecordNo(27), KeptByLaw{kNow + kDay, KeepReason::kRegion}}, 34)},
      {"offer of the lead", Says(kYouthCare, LeadOffer{kSchool, kNow + kDay}, 29)},
      {"lead taken over", Says(kSchool, LeadAccept{RecordNo(29)}, 30)},
      {"lead refused", Says(kSchool, LeadRefuse{RecordNo(29)}, 31)},
      {"offer withdrawn", Says(kYouthCare, LeadWithdraw{RecordNo(29)}, 32)},
      {"lead passed", Says(kYouthCare, LeadPassed{RecordNo(30), kSchool, false}, 33)},
      {"places offered", Says(kYouthCare, PlaceOffer{kPlacesMax, kHoldMinutesMax, kNow + kDay}, 35, TrajectoryId())},
      {"place asked for", Says(kSchool, PlaceHold{RecordNo(35), kNow + kHour, kNow + kDay}, 36, TrajectoryId())},
      {"place refused", Says(kYouthCare, PlaceAnswer{RecordNo(35), RecordNo(36), kSchool, false}, 37, TrajectoryId())},
      {"place given back", Says(kSchool, PlaceRelease{RecordNo(35), RecordNo(36)}, 38, TrajectoryId())},
      {"no more places", Says(kYouthCare, PlaceClose{RecordNo(35)}, 39, TrajectoryId())},
  };
}

std::vector<Named> ContentHeaders() {
  Header rich = NoteBy(kYouthCare);
  rich.kind = Kind::kAnswer;
  rich.thread = RecordNo(0x42);
  rich.purpose = Purpose::kRoundTable;
  rich.categories = {Category::kIdentity, Category::kJustice};
  rich.basis = Basis::kEmergency;
  for (std::uint64_t i = 0; i < kReferencesMax; ++i) rich.references.push_back(RecordNo(0x300 + i));
  rich.seen = {~std::uint64_t{0}, Filled<32>(0x9a)};

  Header anonymous = NoteBy(kYouthCare);
  anonymous.kind = Kind::kQuestion;
  anonymous.trajectory = TrajectoryId();

  Header piece = anonymous;
  piece.kind = Kind::kAttachmentChunk;

  Header newer_kind = NoteBy(kYouthCare);
  newer_kind.kind = static_cast<Kind>(kKindMax);

  Header newer_category = NoteBy(kYouthCare);
  newer_category.categories = CategorySet(std::uint64_t{1} << 63);
  return {{"note", NoteBy(kYouthCare)},
          {"everything set", rich},
          {"anonymous question", anonymous},
          {"piece of a file with it", piece},
          {"kind of a newer version", newer_kind},
          {"category of a newer version", newer_category}};
}

TEST(HeaderTest, EveryKindComesBackAsItWas) {
  for (const auto& list : {OneOfEachStatement(), ContentHeaders()}) {
    for (const Named& named : list) {
      SCOPED_TRACE(named.name);
      const auto header = DecodeHeader(EncodeHeader(named.header));
      ASSERT_TRUE(header.has_value()) << ToText(header.error());
      EXPECT_EQ(*header, named.header);
    }
  }
}

TEST(HeaderTest, HasOneEncoding) {
  for (const auto& list : {OneOfEachStatement(), ContentHeaders()}) {
    for (const Named& named : list) {
      SCOPED_TRACE(named.name);
      ExpectCanonical(EncodeHeader(named.header), ReencodeHeader);
    }
  }
}

TEST(HeaderTest, EachStatementHasAKindOfItsOwn) {
  std::set<Kind> kinds;
  for (const Named& named : OneOfEachStatement()) kinds.insert(*KindOf(named.header.control));
  EXPECT_EQ(kinds.size(), 29U);
  EXPECT_EQ(KindOf(Control()), std::nullopt);
}

TEST(HeaderTest, KeepsItsRules) {
  const auto note = [](auto&& change) {
    Header header = NoteBy(kYouthCare);
    change(header);
    return EncodeHeader(header);
  };
  const auto open = [](auto&& change) {
    Header header = Says(kYouthCare, TrajectoryOpen{}, 1);
    change(header);
    return EncodeHeader(header);
  };
  const auto last_byte = [](Control control, std::uint8_t byte) {
    Bytes bytes = EncodeHeader(Says(kYouthCare, std::move(control), 1));
    bytes.back() = byte;
    return bytes;
  };
  const auto grant = [](GrantGive terms, Basis basis) {
    terms.basis = basis;
    return EncodeHeader(Says(kYouthCare, terms, 1));
  };
  const auto frame = [](std::vector<OrgId> participants) {
    CaseFrame made = FrameOf({kYouthCare, kSchool});
    made.participants = std::move(participants);
    return EncodeHeader(Says(kYouthCare, made, 1));
  };
  const auto many = [](int count) {
    std::vector<OrgId> organisations;
    for (int i = 0; i < count; ++i) organisations.push_back(OrgId("organisation-" + std::to_string(100 + i)));
    return organisations;
  };
  struct Case {
    const char* name;
    Bytes bytes;
    const char* rule;  // Empty: accepted.
    const char* field;
  };
  const Case cases[] = {
      {"no id", note([](Header& h) { h.id = {}; }), "record.header", "header.id"},
      {"no thread", note([](Header& h) { h.thread = {}; }), "record.header", "header.thread"},
      {"a note about no trajectory", note([](Header& h) { h.trajectory = {}; }), "record.header", "header.trajectory"},
      {"a conclusion about no trajectory", note([](Header& h) {
         h.trajectory = {};
         h.kind = Kind::kConclusion;
       }),
       "", ""},
      {"a statement about no trajectory", open([](Header& h) { h.trajectory = {}; }), "record.header",
       "header.trajectory"},
      {"views about no trajectory", open([](Header& h) {
         h.trajectory = {};
         h.kind = Kind::kViews;
         h.control = SomeViews(1);
       }),
       "", ""},
      {"content without a category", note([](Header& h) { h.categories = {}; }), "record.header", "header.categories"},
      {"a statement with a category", open([](Header& h) { h.categories = {Category::kGoals}; }), "record.header",
       "header.categories"},
      {"content with a statement inside", note([](Header& h) { h.control = TrajectoryOpen{}; }), "record.header",
       "header.control"},
      {"a statement without its fields", open([](Header& h) { h.control = {}; }), "codec.type", "control.open"},
      {"the fields of another statement", open([](Header& h) { h.control = MemberRemove{kSchool}; }), "codec.type",
       "control.stage"},
      {"the usual stage, written out", last_byte(TrajectoryOpen{Stage::kChild}, 2), "codec.canonical", "control.stage"},
      {"a stage too high", last_byte(TrajectoryOpen{Stage::kChild}, 4), "codec.type", "control.stage"},
      {"an invitation that writes it out", last_byte(MemberInvite{kSchool, kNow, Stage::kAdult}, 2), "codec.canonical",
       "control.stage"},
      {"what shared secrecy carries, on another basis", grant(SecrecyTo(kSchool), Basis::kEmergency), "codec.type",
       "control.grant"},
      {"a frame on another basis", grant(FramedTo(kSchool, RecordNo(1)), Basis::kConsent), "codec.type",
       "control.grant"},
      {"shared secrecy of before", grant(GrantTo(kSchool), Basis::kSharedSecrecy), "", ""},
      {"a case consultation of before", grant(GrantTo(kSchool), Basis::kCaseConsultation), "", ""},
      {"a frame of one", frame({kSchool}), "codec.type", "control.participants"},
      {"a frame that names one twice", frame({kSchool, kSchool}), "codec.canonical", "control.participants"},
      {"a frame out of order", frame({kSchool, kPolice, kPsychiatry}), "codec.canonical", "control.participants"},
      {"a frame of 32", frame(many(32)), "", ""},
      {"a frame of 33", frame(many(33)), "codec.type", "control.participants"},
      {"a review that finds nothing", last_byte(EmergencyReview{RecordNo(1), ReviewOutcome::kJustified}, 0),
       "codec.type", "control.outcome"},
      {"a receipt of nothing known", last_byte(GrantReceipt{RecordNo(1), RecordNo(2), Kept::kSealed}, 3), "codec.type",
       "control.kept"},
      {"the last content kind", note([](Header& h) { h.kind = static_cast<Kind>(1023); }), "", ""},
      {"a kind too high", note([](Header& h) { h.kind = static_cast<Kind>(1024); }), "codec.type", "header.kind"},
      {"the first content kind", note([](Header& h) { h.kind = static_cast<Kind>(32); }), "", ""},
      {"a statement of a newer version", open([](Header& h) { h.kind = static_cast<Kind>(31); }), "record.kind",
       "header.kind"},
      {"kind nought", open([](Header& h) { h.kind = static_cast<Kind>(0); }), "record.kind", "header.kind"},
      {"an empty author", note([](Header& h) { h.author = {}; }), "id.organisation", "header.author"},
      {"an author in capitals", note([](Header& h) { h.author = OrgId("Stappen"); }), "id.organisation",
       "header.author"},
      {"the last purpose", note([](Header& h) { h.purpose = kPurposeLast; }), "", ""},
      {"a purpose too high", note([](Header& h) { h.purpose = static_cast<Purpose>(11); }), "codec.type",
       "header.purpose"},
      {"purpose nought", note([](Header& h) { h.purpose = static_cast<Purpose>(0); }), "codec.type", "header.purpose"},
      {"a basis too high", note([](Header& h) { h.basis = static_cast<Basis>(6); }), "codec.type", "header.basis"},
      {"a reference too many", note([](Header& h) { h.references.resize(kReferencesMax + 1, RecordNo(1)); }),
       "codec.type", "header.references"},
      {"the last millisecond", note([](Header& h) { h.created_at = FromMillis(253402300799999); }), "", ""},
      {"after the year 9999", note([](Header& h) { h.created_at = FromMillis(253402300800000); }), "codec.type",
       "header.created_at"},
      {"no views", open([](Header& h) {
         h.kind = Kind::kViews;
         h.control = SomeViews(0);
       }),
       "codec.type", "control.views"},
      {"a view too many", open([](Header& h) {
         h.kind = Kind::kViews;
         h.control = SomeViews(kViewsMax + 1);
       }),
       "codec.type", "control.views"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto header = DecodeHeader(c.bytes);
    if (*c.rule == '\0') {
      EXPECT_TRUE(header.has_value()) << ToText(header.error());
    } else {
      ASSERT_FALSE(header.has_value());
      EXPECT_EQ(header.error().rule, c.rule);
      EXPECT_EQ(header.error().field, c.field);
    }
  }
}

// [version, ..]: the version stands second.
Bytes WithVersion(Bytes bytes, std::uint8_t version) {
  bytes[1] = version;
  return bytes;
}

TEST(HeaderTest, OfANewerVersionSaysSo) {
  const auto header = DecodeHeader(WithVersion(EncodeHeader(NoteBy(kYouthCare)), 2));
  ASSERT_FALSE(header.has_value());
  EXPECT_EQ(header.error().code, Code::kVersion);
  EXPECT_EQ(header.error().rule, "record.version");
}

TEST(HeaderTest, OfANewerVersionMayHaveMoreFields) {
  Bytes bytes = WithVersion(EncodeHeader(NoteBy(kYouthCare)), 2);
  ASSERT_EQ(bytes[0], 0x9e);
  bytes[0] = 0x9f;
  bytes.push_back(0xc0);
  EXPECT_EQ(DecodeHeader(bytes).error().code, Code::kVersion);
  bytes[1] = 1;
  EXPECT_EQ(DecodeHeader(bytes).error().code, Code::kInvalid);
}

TEST(HeaderTest, OfVersionNoughtIsRefused) {
  const auto header = DecodeHeader(WithVersion(EncodeHeader(NoteBy(kYouthCare)), 0));
  ASSERT_FALSE(header.has_value());
  EXPECT_EQ(header.error().rule, "codec.type");
  EXPECT_EQ(header.error().field, "header.version");
}

TEST(HeaderTest, IsLimitedInSize) {
  const auto header = DecodeHeader(Bytes(kHeaderBytesMax + 1, 0x90));
  ASSERT_FALSE(header.has_value());
  EXPECT_EQ(header.error().code, Code::kLimit);
}

TEST(HeaderTest, HashDependsOnEveryByteAndIsOfItsOwnKind) {
  const Bytes header = EncodeHeader(NoteBy(kYouthCare));
  const Hash32 hash = HeaderHash(header);
  EXPECT_NE(hash, Sha256(header));
  for (std::size_t i = 0; i < header.size(); ++i) {
    Bytes other = header;
    other[i] ^= 1;
    ASSERT_NE(HeaderHash(other), hash) << "byte " << i;
  }
}

}  // namespace
}  // namespace schakel::test
