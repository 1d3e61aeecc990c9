// A teen parent and the child are subjects of their own: what ties them stands in the vault of who leads both, and
// nothing of the one opens the other.
#include "agents/subject_ties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/exporting.h"
#include "agents/search.h"
#include "agents/tasks.h"
#include "support/api_world.h"
#include "support/office.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiTest;
using schakel::test::Office;
using schakel::test::ServicesTest;
using std::chrono::days;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class SubjectTiesTest : public ServicesTest {
 protected:
  SubjectTies ties{wissel.engine, wissel.cases, leuven.region.clock, leuven.region.random};
  SubjectTies of_upc{upc.engine, upc.cases, leuven.region.clock, leuven.region.random};
  TaskService tasks{wissel.engine, leuven.region.clock};
  const TrajectoryId child =
      wissel.trajectories.Open({"Lou (2026)", Module::kMobile, ""}, Stage::kChild, {}).value().trajectory;

  std::string RuleOfTying(const TrajectoryId& from, const TrajectoryId& to) {
    const auto tied = ties.Tie(from, to, SubjectRelation::kChild, wissel.caller);
    return tied ? "ok" : tied.error().rule;
  }
  void JoinChild(Office& office) {
    ASSERT_TRUE(wissel.trajectories.Invite(child, office.id(), {"", "welkom"}, std::nullopt, {}));
    ASSERT_TRUE(office.trajectories.Join(child, {"we doen mee"}, {}));
  }
};

TEST_F(SubjectTiesTest, OnlyWhoHasATaskOnBothSeesIt) {
  EXPECT_EQ(RuleOfTying(trajectory, trajectory), "subjects.same");
  EXPECT_EQ(RuleOfTying(trajectory, child), "ok");
  EXPECT_EQ(RuleOfTying(child, trajectory), "subjects.twice");
  EXPECT_EQ(ties.Of(trajectory, wissel.caller).value().at(0).relation, SubjectRelation::kChild);
  EXPECT_EQ(ties.Of(child, wissel.caller).value().at(0).relation, SubjectRelation::kParent);
  const Person lead{"Karim", StaffRole::kCoordinator};
  ASSERT_TRUE(tasks.Assign(trajectory, "Nora Peeters", std::nullopt, lead));
  ASSERT_TRUE(tasks.Assign(child, "Lotte", std::nullopt, lead));
  const Caller lotte{{"Lotte", StaffRole::kWorker}, ViewReason::kTask};
  const Caller on_duty{{"Lotte", StaffRole::kWorker}, ViewReason::kOnDuty};
  for (const Caller& caller : {wissel.caller, lotte, on_duty}) {
    EXPECT_THAT(ties.Of(trajectory, caller).value(), IsEmpty()) << "a task on one of them, or another reason";
    EXPECT_THAT(ties.Of(child, caller).value(), IsEmpty());
  }
  const std::string id = ToHex(ties.All().value().at(0).id);
  EXPECT_EQ(ties.Untie(id, lotte).error().rule, "subjects.unknown");
  ASSERT_TRUE(tasks.Assign(child, "Nora Peeters", std::nullopt, lead));
  EXPECT_THAT(ties.Of(trajectory, wissel.caller).value(), SizeIs(1));
  EXPECT_TRUE(ties.Untie(id, wissel.caller));
  EXPECT_THAT(ties.All().value(), IsEmpty());
}

TEST_F(SubjectTiesTest, OnlyWhoLeadsBothTiesThemAndNobodyElseHears) {
  Join(upc);
  JoinChild(upc);
  const auto sent = upc.engine.Report().feed;
  ASSERT_EQ(RuleOfTying(trajectory, child), "ok");
  EXPECT_EQ(upc.engine.Report().feed, sent) << "no record says it";
  EXPECT_THAT(of_upc.Of(trajectory, upc.caller).value(), IsEmpty());
  EXPECT_EQ(of_upc.Tie(trajectory, child, SubjectRelation::kChild, upc.caller).error().rule, "subjects.lead");
}

TEST_F(SubjectTiesTest, ConsentsNeverCrossAlsoAtTheSamePartner) {
  Join(upc);
  ASSERT_EQ(RuleOfTying(trajectory, child), "ok");
  Grant(upc, {Purpose::kCareCoordination}, {Category::kGoals});
  const auto note = [&](const TrajectoryId& id, const char* title) {
    return wissel.content.Note(id, {title, ""}, Purpose::kCareCoordination, {Category::kGoals}, {}).value();
  };
  EXPECT_THAT(note(trajectory, "van de moeder").reaches, SizeIs(1));
  EXPECT_THAT(note(child, "van het kind").reaches, IsEmpty()) << "no member there";
  EXPECT_FALSE(upc.cases.Trajectory(child));
  JoinChild(upc);
  const auto of_child = note(child, "van het kind");
  EXPECT_THAT(of_child.reaches, IsEmpty()) << "a member, and the consent is the mother's file's";
  EXPECT_FALSE(upc.engine.Find(of_child.record));
  const RecordId of_mother = note(trajectory, "geheim van de moeder").record;

  // What is searched, and taken along, of the one never names the other.
  SearchService search(wissel.engine, wissel.cases, leuven.region.clock);
  SearchQuestion question;
  question.words = "geheim";
  question.trajectory = child;
  EXPECT_THAT(search.Find(question, wissel.caller).value().records, IsEmpty());
  question.trajectory = trajectory;
  EXPECT_THAT(search.Find(question, wissel.caller).value().records, SizeIs(1));
  ExportService exports(wissel.engine, wissel.cases, wissel.reading, leuven.region.clock);
  const auto paper = exports.MakePaper(child, wissel.caller);
  ASSERT_TRUE(paper) << ToText(paper.error());
  EXPECT_FALSE(paper->shown.contains(of_mother));
  GrantRequest request = Request(upc, {Purpose::kCareCoordination}, {Category::kGoals});
  request.trajectory = child;
  request.grantor = Grantor::kFirstParent;
  const RecordId of_the_child = wissel.grants.Give(request, wissel.caller, {}).value().record;
  EXPECT_THAT(note(child, "nu wel").reaches, SizeIs(1));
  ASSERT_TRUE(wissel.grants.Withdraw(of_the_child, {"stop"}, {}));
  EXPECT_THAT(note(child, "niet meer").reaches, IsEmpty());
  EXPECT_THAT(note(trajectory, "nog steeds").reaches, SizeIs(1)) << "the mother's own goes on";
}

TEST_F(SubjectTiesTest, ATieGoesWithEitherOfThem) {
  ASSERT_EQ(RuleOfTying(trajectory, child), "ok");
  const SubjectTie one = ties.All().value().at(0);
  EXPECT_EQ(DecodeSubjectTie(EncodeSubjectTie(one)).value(), one);
  ASSERT_TRUE(ties.Put(ties.New(child, TrajectoryId(Id128{9}), SubjectRelation::kSibling)));
  EXPECT_THAT(ties.All().value(), SizeIs(1)) << "to what is not here (any more)";
  EXPECT_THAT(wissel.engine.Kept("subject-ties").value(), SizeIs(1)) << "and the row is gone too";
}

// As the API shows it: report, export and search of the one, while both are led here and the partner is on both.
TEST_F(ApiTest, NothingOfTheOneSubjectMentionsTheOther) {
  const std::string mother = Shared();
  const std::string child =
      wissel.Post("/v1/trajectories", {{"label", "Lou Janssens"}, {"stage", "child"}}).body["trajectory"];
  const std::string path = "/v1/trajectories/" + child;
  ASSERT_EQ(wissel.Post(path + "/invitations", {{"organisation", "upc-leuven"}, {"label", "Traject 13"}}).status, 201);
  ASSERT_EQ(upc.Post(path + "/join", {{"message", "ja"}}).status, 201);
  const auto tied = wissel.Post("/v1/trajectories/" + mother + "/subjects", {{"other", child}, {"relation", "child"}});
  ASSERT_EQ(tied.status, 201) << tied.raw.body;
  EXPECT_EQ(tied.body["trajectory"]["label"], "Lou Janssens");
  const json listed = wissel.Get(path + "/subjects").body["subjects"];
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0]["relation"], "parent");
  EXPECT_THAT(upc.Get(path + "/subjects").body["subjects"], IsEmpty());
  EXPECT_EQ(wissel.Post(path + "/subjects", {{"other", mother}, {"relation", "aunt"}}).body["rule"],
            "vocabulary.subject_relation");
  for (const char* what : {"", "/dossier.html", "/fhir", "/report", "/grants", "/evidence", "/archive", "/accesses"}) {
    for (auto* desk : {&wissel, &upc}) {
      const auto answer = desk->Get("/v1/trajectories/" + mother + what);
      EXPECT_THAT(answer.raw.body, Not(HasSubstr(child))) << what;
      EXPECT_THAT(answer.raw.body, Not(HasSubstr("Lou Janssens"))) << what;
    }
  }
  EXPECT_EQ(wissel.Get("/v1/trajectories/" + mother + "/dossier.html").status, 200);
  EXPECT_EQ(wissel.Send("DELETE", "/v1/subjects/" + tied.body["id"].get<std::string>(), {}).status, 200);
  EXPECT_THAT(wissel.Get(path + "/subjects").body["subjects"], IsEmpty());
}

}  // namespace
}  // namespace schakel
