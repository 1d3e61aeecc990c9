// What counts when several organisations write on the network of one young person (docs/network.md).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

#include "agents/case_file.h"
#include "agents/partial_day.h"
#include "services/network_fold.h"

namespace schakel {
namespace {

const OrgId kNetWissel("de-wissel");
const OrgId kNetSchool("clb-leuven");
const TrajectoryId kNetTrajectory(Id128{9});
const Timestamp kNetStart = ParseTimestamp("2026-08-31T09:00:00Z").value();

// Records in the log's order, an hour apart.
class NetworkLog {
 public:
  RecordId Add(Kind kind, const OrgId& author, TypedBody body, const RecordId& thread = {},
               const RecordId& about = {}) {
    CaseRecord record;
    Header& header = record.held.header;
    const std::size_t count = records_.size() + 1;
    header.kind = kind;
    header.id = RecordId(Id128{1, static_cast<std::uint8_t>(count >> 8), static_cast<std::uint8_t>(count)});
    header.author = author;
    header.trajectory = kNetTrajectory;
    header.thread = IsNone(thread) ? header.id : thread;
    if (!IsNone(about)) header.references = {about};
    header.created_at = kNetStart - std::chrono::hours(count);  // Clocks lie; the log's order counts.
    record.held.sequence = Sequence(count);
    record.held.at = kNetStart + std::chrono::hours(count);
    record.held.state = RecordState::kReceived;
    record.body = std::move(body);
    records_.push_back(std::move(record));
    return records_.back().held.header.id;
  }
  RecordId Person(const std::string& name) { return Add(Kind::kNetworkFigure, kNetWissel, Named(name)); }
  RecordId Parent(const RecordId& a, const RecordId& b) {
    return Add(Kind::kKinship, kNetWissel,
               KinshipBody{Relation::kParent, a.value(), b.value(), KinshipHow::kBiological, "", "", false});
  }
  static FigureBody Named(const std::string& name) {
    FigureBody body;
    body.name = name;
    return body;
  }
  // As it arrived in the order of `seed`; 0: that of the log.
  CaseNetwork Network(std::uint64_t seed = 0) const {
    std::vector<CaseRecord> held = records_;
    if (seed != 0) std::ranges::shuffle(held, std::mt19937_64(seed));
    CaseFile file(kNetWissel);
    for (CaseRecord& record : held) file.Put(std::move(record));
    return file.Find(kNetTrajectory)->network;
  }

 private:
  std::vector<CaseRecord> records_;
};

TieBody Seen(const RecordId& figure, TieQuality quality, const char* since) {
  TieBody body;
  body.figure = figure.value();
  body.quality = quality;
  body.since = since;
  return body;
}

TEST(NetworkFold, ATieIsDrawnAsItHeldOnThatDay) {
  NetworkLog log;
  const RecordId oma = log.Person("oma");
  log.Add(Kind::kNetworkTie, kNetWissel, Seen(oma, TieQuality::kBroken, "2026-05-01"));
  log.Add(Kind::kNetworkTie, kNetSchool, Seen(oma, TieQuality::kPositive, "2026-01-01"));
  log.Add(Kind::kNetworkTie, kNetSchool, Seen(oma, TieQuality::kAmbivalent, "2026-01-01"));
  const CaseNetwork network = log.Network();
  ASSERT_EQ(network.ties.size(), 1U) << "one informant, one tie";
  const CaseTie& tie = network.ties.at(0);
  EXPECT_EQ(tie.On("2025-12-31"), nullptr);
  EXPECT_EQ(tie.On("2026-01-01")->body.quality, TieQuality::kAmbivalent) << "said again for the same day";
  EXPECT_EQ(tie.On("2026-04-30")->body.quality, TieQuality::kAmbivalent);
  EXPECT_EQ(tie.On("2026-05-01")->body.quality, TieQuality::kBroken) << "whatever was noted later";
}

TEST(NetworkFold, InformantsDoNotOverwriteOneAnother) {
  NetworkLog log;
  const RecordId oma = log.Person("oma");
  log.Add(Kind::kNetworkTie, kNetWissel, Seen(oma, TieQuality::kPositive, "2026-01-01"));
  TieBody mother = Seen(oma, TieQuality::kBroken, "2026-01-01");
  mother.informant = Informant::kMother;
  log.Add(Kind::kNetworkTie, kNetWissel, mother);
  EXPECT_EQ(log.Network().ties.size(), 2U);
}

TEST(NetworkFold, ATieFollowsAFigureByAnyOfItsVersions) {
  NetworkLog log;
  const RecordId oma = log.Person("oma");
  const RecordId edited = log.Add(Kind::kNetworkFigure, kNetSchool, NetworkLog::Named("oma Rita"), oma, oma);
  const RecordId crossed = log.Add(Kind::kNetworkFigure, kNetWissel, NetworkLog::Named("grootmoeder"), oma, oma);
  log.Add(Kind::kNetworkTie, kNetWissel, Seen(edited, TieQuality::kPositive, "2026-01-01"));
  const CaseNetwork network = log.Network();
  ASSERT_EQ(network.figures.size(), 1U);
  EXPECT_EQ(network.figures[0].text.current().record, crossed);
  EXPECT_TRUE(network.figures[0].text.current().concurrent);
  EXPECT_EQ(network.ties.at(0).key.figure, oma);
}

TEST(NetworkFold, NobodyIsTheirOwnAncestor) {
  NetworkLog log;
  const RecordId a = log.Person("a");
  const RecordId b = log.Person("b");
  const RecordId c = log.Person("c");
  log.Parent(a, b);
  log.Parent(b, c);
  log.Parent(c, a);
  log.Parent(a, a);
  log.Parent(a, b);
  const CaseNetwork network = log.Network();
  using enum CaseKinship::Ignored;
  EXPECT_EQ(network.kinships.at(1).ignored, kNo);
  EXPECT_EQ(network.kinships.at(2).ignored, kAncestor) << "of those that cross the first counts";
  EXPECT_EQ(network.kinships.at(3).ignored, kSelf);
  EXPECT_EQ(network.kinships.at(4).ignored, kTwice);
}

TEST(NetworkFold, SiblingsAndGenerationsFollow) {
  NetworkLog log;
  const RecordId mother = log.Person("mama");
  const RecordId father = log.Person("papa");
  const RecordId other = log.Person("Jos");
  const RecordId oma = log.Person("oma");
  const RecordId sister = log.Person("zus");
  log.Parent(mother, {});
  log.Parent(father, {});
  log.Parent(mother, sister);
  log.Parent(other, sister);
  log.Parent(oma, mother);
  log.Parent(log.Person("nog een"), {});
  const CaseNetwork network = log.Network();
  EXPECT_EQ(network.kinships.back().ignored, CaseKinship::Ignored::kParents) << "a third parent by birth";
  EXPECT_EQ(SiblingsIn(network), (std::vector<Siblings>{{RecordId(), sister, true}}));
  const auto generations = GenerationsIn(network);
  EXPECT_EQ(generations.front(), (InGeneration{oma, -2}));
  EXPECT_TRUE(std::ranges::find(generations, InGeneration{sister, 0}) != generations.end());
}

TEST(NetworkFold, GapsAndOverlapsAreFlaggedOnlyWhenCertain) {
  NetworkLog log;
  const auto stay = [&](const char* begins, const char* ends) {
    LifeEventBody body;
    body.title = "verblijf";
    body.begins = begins;
    body.ends = ends;
    return log.Add(Kind::kLifeEvent, kNetWissel, body);
  };
  const RecordId first = stay("2019-01-01", "2019-06-30");
  stay("2019-06-30", "2019-12-31");  // The day of a move belongs to both.
  const RecordId third = stay("2020-03-01", "2021");
  const RecordId fourth = stay("2020-05-01", "2020-06-01");
  stay("2021", "2022-01-31");  // Perhaps at the same time, perhaps not.
  const CaseNetwork network = log.Network();
  const auto gaps = GapsIn(network.events, "2022-03-01");
  EXPECT_EQ(gaps,
            (std::vector<LifeGap>{{LifeLane::kStay, "2020-01-01", "2020-02-29"}, {LifeLane::kStay, "2022-02-01", ""}}));
  EXPECT_EQ(OverlapsIn(network.events), (std::vector<LifeOverlap>{{LifeLane::kStay, third, fourth}}));
  EXPECT_NE(first, third);
}

TEST(NetworkFold, ADomainIsCheckedByAStrengthOrANeed) {
  NetworkLog log;
  LifeDomainBody body;
  body.domain = LifeDomain::kMoney;
  body.remark = "later";
  const RecordId first = log.Add(Kind::kLifeDomain, kNetWissel, body);
  EXPECT_FALSE(log.Network().domains.at(6).checked());
  body.needs = {"bankkaart"};
  log.Add(Kind::kLifeDomain, kNetSchool, body, first, first);
  EXPECT_TRUE(log.Network().domains.at(6).checked());
  EXPECT_EQ(log.Network().domains.size(), 9U);
}

TEST(NetworkFold, PartialDaysAreReadStrictly) {
  for (const char* day : {"2009", "2009-03", "2008-02-29"}) EXPECT_EQ(ToText(ParsePartialDay(day).value()), day);
  for (const char* day : {"", "09", "2009-13", "2009-02-29", "2009/03/01", "1799", "20o9", "2009-3-1"}) {
    EXPECT_FALSE(ParsePartialDay(day)) << day;
  }
}

RC_GTEST_PROP(NetworkFold, AnyOrderOfArrivalGivesTheSameNetwork, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  NetworkLog log;
  std::vector<RecordId> people = {log.Person("a"), log.Person("b"), RecordId()};
  for (int i = 0; i < 40; ++i) {
    const RecordId one = people[below(people.size())];
    const RecordId other = people[below(people.size())];
    switch (below(4)) {
      case 0:
        people.push_back(log.Person("p"));
        break;
      case 1:
        if (!IsNone(one)) log.Add(Kind::kNetworkFigure, kNetSchool, NetworkLog::Named("q"), one, other);
        break;
      case 2:
        log.Parent(one, other);
        break;
      default:
        if (one != other) {
          TieBody tie = Seen(one, static_cast<TieQuality>(1 + below(5)), below(2) == 0 ? "2026-01-01" : "2026-02-01");
          tie.other = other.value();
          log.Add(Kind::kNetworkTie, kNetSchool, tie);
        }
    }
  }
  RC_ASSERT(log.Network() == log.Network(random() | 1));
}

}  // namespace
}  // namespace schakel
