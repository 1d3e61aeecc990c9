// What holds of Admit and Decide whatever is said, by whom and in what order.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "protocol/policy.h"
#include "support/builders.h"
#include "support/canonical.h"
#include "support/policy_script.h"
#include "support/reference_policy.h"

namespace rc {
template <>
struct Arbitrary<schakel::test::Step> {
  static Gen<schakel::test::Step> arbitrary() {
    using schakel::test::Step;
    // Small numbers throughout, so that a failure shrinks to a story that can be read.
    const auto number = [](int max) { return gen::cast<std::uint8_t>(gen::inRange<int>(0, max)); };
    return gen::build<Step>(gen::set(&Step::what, number(16)), gen::set(&Step::author, number(24)),
                            gen::set(&Step::subject, number(6)), gen::set(&Step::other, number(30)),
                            gen::set(&Step::pick, number(16)), gen::set(&Step::bits, number(256)),
                            gen::set(&Step::hours, number(12)));
  }
};
}  // namespace rc

namespace schakel::test {
namespace {

using Steps = std::vector<Step>;

// Long stories: rapidcheck's own sizes stay too small for much to happen.
Steps Story() { return *rc::gen::resize(100, rc::gen::arbitrary<Steps>()); }

const Directory& Region() {
  static const Directory directory = DirectoryOfSix();
  return directory;
}

// Content of every player about a few things.
std::vector<Header> Samples() {
  std::vector<Header> samples;
  for (std::uint8_t author = 0; author < Players().size(); ++author) {
    for (const std::uint8_t bits : std::initializer_list<std::uint8_t>{1, 2, 3, 4, 8}) {
      for (std::uint8_t purpose = 0; purpose < 3; ++purpose) {
        for (std::uint8_t trajectory = 0; trajectory < 2; ++trajectory) {
          PolicyScript script(Region());
          samples.push_back(
              script.DraftContent({.what = purpose, .author = author, .other = trajectory, .pick = 1, .bits = bits}));
        }
      }
    }
  }
  return samples;
}
const std::vector<Header>& SampleContent() {
  static const std::vector<Header> samples = Samples();
  return samples;
}

bool Permits(const PolicyState& state, const Header& header, const OrgId& recipient, Timestamp now) {
  return std::holds_alternative<Permit>(Decide(state, Region(), header, recipient, now));
}

// ---- Against the reference ----

bool IsLight() { return std::getenv("SCHAKEL_LIGHT") != nullptr; }

TEST(PolicyProperty, DecidesAsTheReferenceDoes) {
  const std::uint64_t seed = 20261123;
  std::mt19937_64 generator(seed);
  const auto draw_step = [&] {
    const std::uint64_t bits = generator();
    const auto byte = [&](unsigned i) { return static_cast<std::uint8_t>(bits >> (8 * i)); };
    return Step{byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), static_cast<std::uint8_t>(byte(6) % 12)};
  };
  const Directory with_suspended = WithSuspended(Region(), kPsychiatry);
  const Directory both = WithParentsRule(Region(), ParentsRule::kBoth);
  const Directory either = WithParentsRule(Region(), ParentsRule::kEither);
  std::map<std::string, std::size_t> said;
  std::size_t cases = 0;
  std::size_t admitted = 0;
  const int stories = IsLight() ? 100 : 1000;
  for (int story = 0; story < stories; ++story) {
    PolicyScript script(story % 10 == 9 ? with_suspended : story % 3 == 1 ? both : story % 3 == 2 ? either : Region());
    for (int i = 0; i < 90; ++i) {
      admitted += script.Play(draw_step()) ? 1 : 0;
      const ReferencePolicy reference(script.history());
      const auto compare = [&](const Header& header, const OrgId& recipient, Timestamp now) {
        const Decision got = Decide(script.state(), script.directory(), header, recipient, now);
        const Decision want = reference.Decide(script.directory(), header, recipient, now);
        ASSERT_EQ(Said(got), Said(want)) << "seed " << seed << ", story " << story << ", step " << i;
        ++said[std::holds_alternative<Permit>(got) ? (std::get<Permit>(got).grant ? "grant" : "permit") : Said(got)];
        ++cases;
      };
      const Step asked = draw_step();
      const OrgId& recipient = asked.hours == 0 ? kStranger : script.Player(asked.subject);
      ASSERT_NO_FATAL_FAILURE(compare(script.DraftContent(asked), recipient, script.now()));
      // Most random questions are far from any grant: ask one that is near, too, now and a while later.
      const auto [granted, its_recipient] = script.DraftGranted(asked);
      ASSERT_NO_FATAL_FAILURE(compare(granted, its_recipient, script.now()));
      ASSERT_NO_FATAL_FAILURE(compare(granted, its_recipient, script.now() + asked.hours * kHour));
      ASSERT_NO_FATAL_FAILURE(compare(script.Draft(asked), recipient, script.now()));
    }
  }
  if (!IsLight()) {
    EXPECT_GE(cases, 100'000U);
  }
  // Random stories that reach nothing would prove nothing. kClosed is not among them: Decide never gives it.
  for (const Denial denial :
       {Denial::kNotEnrolled, Denial::kSuspended, Denial::kNotMember, Denial::kSectorCeiling, Denial::kCourtWall,
        Denial::kNoGrant, Denial::kPurpose, Denial::kCategory, Denial::kPeriod, Denial::kWithdrawn,
        Denial::kNotAddressed, Denial::kGrantor, Denial::kErased}) {
    EXPECT_GT(said[std::string(Slug(denial))], cases / 2000) << Slug(denial);
  }
  EXPECT_GT(said["grant"], cases / 200);
  EXPECT_GT(said["permit"], cases / 200);
  EXPECT_EQ(said["closed"], 0U);
  EXPECT_GT(admitted, static_cast<std::size_t>(stories) * 14);
}

// ---- Properties ----

TEST(PolicyProperty, ExactlyOneLead) {
  std::size_t passed = 0;
  EXPECT_TRUE(rc::check("whoever opened it leads it, until a member accepts what the lead offered it", [&] {
    PolicyScript script(Region());
    std::map<TrajectoryId, OrgId> leads{{kOurs, kYouthCare}};
    std::map<RecordId, Header> offers;
    for (const Step& step : Story()) {
      const Header header = script.Draft(step);
      const Timestamp now = script.now();
      if (script.Play(step)) {
        if (header.kind == Kind::kTrajectoryOpen) RC_ASSERT(leads.emplace(header.trajectory, header.author).second);
        if (header.kind == Kind::kLeadOffer) {
          RC_ASSERT(header.author == leads.at(header.trajectory));
          offers.emplace(header.id, header);
        }
        if (const auto* accept = std::get_if<LeadAccept>(&header.control)) {
          const Header& offer = offers.at(accept->offer);
          const auto& terms = std::get<LeadOffer>(offer.control);
          RC_ASSERT(offer.trajectory == header.trajectory);
          RC_ASSERT(offer.author == leads.at(header.trajectory));
          RC_ASSERT(terms.to == header.author);
          RC_ASSERT(now < terms.expires_at);
          leads.at(header.trajectory) = header.author;
          ++passed;
        }
      }
      RC_ASSERT(script.state().trajectories().size() == leads.size());
      for (const auto& [id, trajectory] : script.state().trajectories()) {
        RC_ASSERT(trajectory.lead == leads.at(id));
        RC_ASSERT(trajectory.IsMember(trajectory.lead));
        RC_ASSERT(!trajectory.members.contains(trajectory.lead));
        if (trajectory.offer) RC_ASSERT(trajectory.IsMember(trajectory.offer->to));
      }
    }
  }));
  EXPECT_GT(passed, 3U) << "too few stories passed the lead";
}

TEST(PolicyProperty, EmptyAudienceIsNobody) {
  EXPECT_TRUE(rc::check("without grants, content reaches its author alone", [] {
    PolicyScript script(Region());
    for (const Step& step : Story()) script.Play(step);
    std::vector<Header> without_grants;
    for (const Header& header : script.history()) {
      if (header.kind != Kind::kGrantGive) without_grants.push_back(header);
    }
    const PolicyState state = StateAfter(without_grants);
    for (const Header& content : SampleContent()) {
      for (const OrgId& recipient : Players()) {
        RC_ASSERT(Permits(state, content, recipient, script.now()) == (recipient == content.author));
      }
    }
  }));
}

TEST(PolicyProperty, NothingButJoiningShowingAndGrantingWidens) {
  EXPECT_TRUE(rc::check("whoever receives after it received before it", [] {
    PolicyScript script(Region());
    for (const Step& step : Story()) {
      const Kind kind = script.Draft(step).kind;
      const PolicyState before = script.state();
      const Timestamp now = script.now();
      // At eighteen the young person decides alone, also before the court.
      const bool may_widen = kind == Kind::kMemberJoin || kind == Kind::kMemberShow || kind == Kind::kGrantGive ||
                             kind == Kind::kSubjectStage || kind == Kind::kLeadAccept;
      if (!script.Play(step) || may_widen) continue;
      for (const Header& content : SampleContent()) {
        for (const OrgId& recipient : Players()) {
          RC_ASSERT(!Permits(script.state(), content, recipient, now) || Permits(before, content, recipient, now));
        }
      }
    }
  }));
}

TEST(PolicyProperty, WithdrawalIsFinal) {
  EXPECT_TRUE(rc::check("a grant that was withdrawn, or went with its recipient, never permits again", [] {
    PolicyScript script(Region());
    std::set<RecordId> gone;
    for (const Step& step : Story()) {
      const Header header = script.Draft(step);
      const PolicyState before = script.state();
      if (script.Play(step)) {
        if (const auto* withdraw = std::get_if<GrantWithdraw>(&header.control)) gone.insert(withdraw->grant);
        const auto* remove = std::get_if<MemberRemove>(&header.control);
        if (remove || header.kind == Kind::kMemberLeave) {
          const OrgId& who = remove ? remove->organisation : header.author;
          for (const Grant& grant : before.Find(header.trajectory)->grants) {
            if (grant.terms.recipient == who) gone.insert(grant.id);
          }
        }
      }
      for (const Header& content : SampleContent()) {
        for (const OrgId& recipient : Players()) {
          const Decision decision = Decide(script.state(), Region(), content, recipient, script.now());
          const auto* permit = std::get_if<Permit>(&decision);
          const bool by_one_gone = permit && permit->grant && gone.contains(*permit->grant);
          RC_ASSERT(!by_one_gone);
        }
      }
    }
    RC_TAG(gone.empty() ? "none withdrawn" : "some withdrawn");
  }));
}

TEST(PolicyProperty, CeilingsOutvoteGrants) {
  EXPECT_TRUE(rc::check("no sector receives what it may not, whatever is granted", [] {
    PolicyScript script(Region());
    for (const Step& step : Story()) {
      script.Play(step);
      // Grants that Admit would refuse, as another hub might have let them in.
      PolicyState state = script.state();
      GrantGive wide = GrantTo(kPolice);
      wide.categories = AllCategorySet();
      wide.begins_at = script.now();
      wide.ends_at = script.now() + kDay;
      state.Apply(Says(kYouthCare, wide, 0x5000));
      for (const Header& content : SampleContent()) {
        for (const OrgId& recipient : Players()) {
          if (recipient == content.author || !Permits(state, content, recipient, script.now())) continue;
          const auto* row = Region().FindCeiling(Region().Find(recipient)->statement.sector);
          RC_ASSERT(row != nullptr);
          RC_ASSERT(row->categories.Covers(content.categories));
        }
      }
    }
  }));
}

bool Involves(const Header& header, const OrgId& organisation, const std::set<RecordId>& its_grants) {
  if (header.author == organisation) return true;
  const auto names = [&]<typename C>(const C& control) {
    if constexpr (std::is_same_v<C, MemberInvite> || std::is_same_v<C, MemberRemove>) {
      return control.organisation == organisation;
    } else if constexpr (std::is_same_v<C, MemberShow>) {
      return control.member == organisation || control.to == organisation;
    } else if constexpr (std::is_same_v<C, GrantGive>) {
      return control.recipient == organisation;
    } else if constexpr (std::is_same_v<C, GrantNarrow> || std::is_same_v<C, GrantWithdraw> ||
                         std::is_same_v<C, EmergencyReview> || std::is_same_v<C, GrantReceipt>) {
      return its_grants.contains(control.grant);
    } else if constexpr (std::is_same_v<C, LeadOffer>) {
      return control.to == organisation;
    } else if constexpr (std::is_same_v<C, SubjectStage>) {
      return control.receiver == organisation;
    } else if constexpr (std::is_same_v<C, CaseFrame>) {
      return std::find(control.participants.begin(), control.participants.end(), organisation) !=
             control.participants.end();
    } else {
      return false;
    }
  };
  return std::visit(names, header.control);
}

// The same story in which `absent` never took part.
PolicyState StoryWithout(const std::vector<Header>& history, const TrajectoryId& trajectory, const OrgId& absent) {
  std::set<RecordId> its_grants;
  PolicyState state;
  for (const Header& header : history) {
    const auto* give = std::get_if<GrantGive>(&header.control);
    if (give && give->recipient == absent && header.trajectory == trajectory) its_grants.insert(header.id);
    if (header.trajectory != trajectory || !Involves(header, absent, its_grants)) state.Apply(header);
  }
  return state;
}

// It sat at one table with it, or called it in, before it left and came back: it was shown to it then.
bool Met(const Trajectory& trajectory, const OrgId& member, const OrgId& other) {
  const auto lists = [&](const Frame& frame, const OrgId& who) {
    return std::ranges::binary_search(frame.terms.participants, who);
  };
  for (const Frame& frame : trajectory.frames) {
    if (lists(frame, member) && lists(frame, other)) return true;
  }
  for (const Grant& grant : trajectory.grants) {
    if (grant.author == member && grant.terms.recipient == other) return true;
    if (grant.author == other && grant.terms.recipient == member) return true;
  }
  return false;
}

// Without whoever once led, there is no story to compare with.
bool EverLed(const std::vector<Header>& history, const TrajectoryId& trajectory, const OrgId& organisation) {
  return std::ranges::any_of(history, [&](const Header& header) {
    const bool leads = header.kind == Kind::kTrajectoryOpen || header.kind == Kind::kLeadAccept;
    return leads && header.trajectory == trajectory && header.author == organisation;
  });
}

TEST(PolicyProperty, OneThatIsNotShownLooksExactlyLikeOneAbsent) {
  std::size_t pairs = 0;
  EXPECT_TRUE(rc::check("nothing that a member can ask tells them apart", [&] {
    PolicyScript script(Region());
    for (const Step& step : Story()) script.Play(step);
    const Trajectory* trajectory = script.state().Find(kOurs);
    if (!trajectory) return;
    const Steps attempts = Story();
    for (const OrgId& member : Players()) {
      if (member == trajectory->lead) continue;
      for (const auto& [hidden, _] : trajectory->members) {
        if (EverLed(script.history(), kOurs, hidden)) continue;
        if (trajectory->MayKnow(member, hidden) || Met(*trajectory, member, hidden)) continue;
        ++pairs;
        const PolicyState absent = StoryWithout(script.history(), kOurs, hidden);
        for (const Step& step : attempts) {
          Header header = script.Draft(step);
          header.author = member;
          const Status with = Admit(script.state(), Region(), header, script.now());
          const Status without = Admit(absent, Region(), header, script.now());
          RC_ASSERT(with.has_value() == without.has_value());
          if (!with) RC_ASSERT(with.error() == without.error());
        }
        for (Header content : SampleContent()) {
          if (content.author != member || content.trajectory != kOurs) continue;
          for (const OrgId& recipient : Players()) {
            RC_ASSERT(Decide(script.state(), Region(), content, recipient, script.now()) ==
                      Decide(absent, Region(), content, recipient, script.now()));
          }
        }
      }
    }
  }));
  EXPECT_GT(pairs, 100U) << "too few stories had anybody to hide";
}

// ---- Snapshots ----

TEST(PolicyProperty, SnapshotIsTheState) {
  EXPECT_TRUE(rc::check("it comes back equal, and equal states encode equally", [] {
    PolicyScript script(Region());
    for (const Step& step : Story()) script.Play(step);
    const Bytes bytes = script.state().Encode();
    const auto decoded = PolicyState::Decode(bytes);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == script.state());
    RC_ASSERT(decoded->Encode() == bytes);

    // Another order of the two trajectories, the same state.
    std::vector<Header> reordered;
    for (const TrajectoryId& first : {kOther, kOurs}) {
      for (const Header& header : script.history()) {
        if (header.trajectory == first) reordered.push_back(header);
      }
    }
    RC_ASSERT(StateAfter(reordered).Encode() == bytes);
  }));
}

PolicyState RichState() {
  std::vector<Header> headers = Membership({kPsychiatry, kSchool, kPolice});
  headers.push_back(Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 0x30));
  headers.push_back(Says(kYouthCare, MemberShow{kPolice, kPsychiatry}, 0x31));
  GrantGive oral = GrantTo(kSchool);
  oral.oral = true;
  oral.witnessed_by = Filled<16>(0x52);
  headers.push_back(Says(kYouthCare, GrantTo(kPsychiatry), 0x50));
  headers.push_back(Says(kYouthCare, oral, 0x51));
  headers.push_back(Says(kYouthCare, GrantWithdraw{RecordNo(0x50)}, 0x52));
  for (const Header& header : Membership({kSchool}, kOther)) headers.push_back(header);
  headers.push_back(Says(kYouthCare, TrajectoryClose{}, 0x60, kOther));
  headers.push_back(Says(kYouthCare, FrameOf({kYouthCare, kSchool}), 0x70));
  headers.push_back(Says(kYouthCare, FramedTo(kSchool, RecordNo(0x70)), 0x71));
  headers.push_back(Says(kYouthCare, SecrecyTo(kPsychiatry), 0x72));
  headers.push_back(Says(kPsychiatry, EmergencyTo(kSchool), 0x73));
  headers.push_back(Says(kYouthCare, EmergencyReview{RecordNo(0x73), ReviewOutcome::kTooWide}, 0x74));
  headers.push_back(Says(kYouthCare, SubjectStage{Stage::kAdult, {}}, 0x75));
  headers.push_back(Says(kYouthCare, SubjectStage{Stage::kAdult, kSchool}, 0x76));
  headers.push_back(Says(kYouthCare, GrantNarrow{RecordNo(0x7e), {}, {Category::kGoals}, kNow}, 0x77));
  headers.push_back(Says(kYouthCare, GrantWithdraw{RecordNo(0x7f)}, 0x78));
  headers.push_back(Says(kYouthCare, ErasePropose{EraseReason::kMistake, Filled<16>(0x71)}, 0x79));
  headers.push_back(Says(kSchool, EraseSecond{RecordNo(0x79)}, 0x7a));
  const TrajectoryId kept = TrajectoryNo(0x0c);
  const TrajectoryId gone = TrajectoryNo(0x0d);
  for (const Header& header : Membership({kSchool}, kept)) headers.push_back(header);
  headers.push_back(Says(kYouthCare, TrajectoryClose{kNow + kDay}, 0x80, kept));
  for (const Header& header : Membership({kSchool}, gone)) headers.push_back(header);
  headers.push_back(Says(kYouthCare, EraseConfirm{RecordNo(0x81), Filled<16>(0x72)}, 0x82, gone));
  const TrajectoryId passed = TrajectoryNo(0x0e);
  for (const Header& header : Membership({kSchool}, passed)) headers.push_back(header);
  headers.push_back(Says(kYouthCare, LeadOffer{kSchool, kNow + kDay}, 0x83, passed));
  headers.push_back(Says(kSchool, LeadAccept{RecordNo(0x83)}, 0x84, passed));
  headers.push_back(Says(kSchool, LeadOffer{kYouthCare, kNow + kDay}, 0x85, passed));
  return StateAfter(headers);
}

TEST(PolicySnapshotTest, HasOneEncoding) {
  ExpectCanonical(PolicyState().Encode(), ReencodePolicy);
  ExpectCanonical(RichState().Encode(), ReencodePolicy);
}

TEST(PolicySnapshotTest, OfANewerVersionSaysSo) {
  Bytes bytes = RichState().Encode();
  bytes[1] = 7;
  EXPECT_EQ(PolicyState::Decode(bytes).error().code, Code::kVersion);
  bytes[1] = 2;
  EXPECT_EQ(PolicyState::Decode(bytes).error().rule, "policy.version") << "an older one is made anew";
}

TEST(PolicySnapshotTest, OneOfBeforeTheLeadCouldPassIsReadAndWrittenAsItWas) {
  const PolicyState before = StateAfter(Membership({kPsychiatry, kSchool}));
  const Bytes bytes = before.Encode();
  EXPECT_EQ(bytes[1], 3) << "the lowest version that can say it";
  EXPECT_EQ(PolicyState::Decode(bytes).value(), before);
  Bytes raised = bytes;
  raised[1] = 4;
  EXPECT_EQ(PolicyState::Decode(raised).error().rule, "codec.canonical");
}

}  // namespace
}  // namespace schakel::test
