// Who comes to a place that was agreed: for its owner alone, and forgotten some time after the stay.
#include "agents/place_enrolment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/api_world.h"
#include "support/cli_world.h"
#include "support/office.h"
#include "support/small_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiAnswer;
using schakel::test::ApiDesk;
using schakel::test::ApiTest;
using schakel::test::CliTest;
using schakel::test::Office;
using schakel::test::ServicesTest;
using std::chrono::days;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class WhoComesTest : public ServicesTest {
 protected:
  PlaceService offers{wissel.engine, wissel.cases, leuven.region.clock};
  PlaceService of_upc{upc.engine, upc.cases, leuven.region.clock};
  PlaceService of_clb{clb.engine, clb.cases, leuven.region.clock};
  PlaceEnrolmentService at_owner{wissel.engine, wissel.cases, offers, leuven.region.clock, days(30)};
  PlaceEnrolmentService at_holder{upc.engine, upc.cases, of_upc, leuven.region.clock, days(30)};

  Timestamp Now() { return leuven.region.clock.Now(); }
  RecordId Held() {
    const auto offer = offers.Offer({PlaceKind::kSharedActivity, "Ervaringsleren", "", 0, 0, {}, "", ""},
                                    {1, 60, Now() + days(30)}, {});
    Screening screening;
    const auto hold =
        of_upc.Hold({offer.value().record, {0, 0, "rust", {}, Urgency::kNormal}, {}, Now() + days(14)}, {}, screening);
    EXPECT_TRUE(hold) << ToText(hold.error());
    return hold->record;
  }
  RecordId Agreed() {
    const RecordId hold = Held();
    EXPECT_TRUE(offers.Answer(hold, true, {}, {}));
    return hold;
  }
  Result<Sent> Enrol(const RecordId& hold, const std::string& name = "Sam") {
    return at_holder.Enrol(hold, {name, "geen noten"}, EnrolmentConsent::kYoungPerson, upc.caller.person, {});
  }
  static std::string Rule(const Result<Sent>& sent) { return sent ? "ok" : sent.error().rule; }
  static bool Reads(Office& office, const RecordId& record) { return office.engine.Open(record).has_value(); }
};

TEST_F(WhoComesTest, OnceItWasAgreedTheOwnerAloneReadsWhoComes) {
  const RecordId hold = Held();
  EXPECT_EQ(Rule(Enrol(hold)), "place.not_agreed") << "nobody's name goes along before";
  EXPECT_FALSE(at_holder.Show(hold)->may_enrol);
  ASSERT_TRUE(offers.Answer(hold, true, {}, {}));
  EXPECT_TRUE(at_holder.Show(hold)->may_enrol);
  const auto sent = Enrol(hold);
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(sent->reaches, ElementsAre(wissel.id()));
  EXPECT_EQ(at_owner.Show(hold)->record, sent->record);
  EXPECT_TRUE(Reads(wissel, sent->record));
  for (Office* one : {&clb, &police}) EXPECT_FALSE(one->engine.Find(sent->record)) << "nobody else was handed it";
  EXPECT_EQ(at_holder.Show(hold)->agreed_by, EnrolmentConsent::kYoungPerson);
  EXPECT_EQ(at_owner.Show(hold)->agreed_by, std::nullopt) << "that stays at home";
  EXPECT_EQ(Rule(at_owner.Enrol(hold, {"Sam", ""}, EnrolmentConsent::kParent, wissel.caller.person, {})),
            "place.enroller");
  const auto again = Enrol(hold, "Noor");
  ASSERT_TRUE(again);
  EXPECT_EQ(at_owner.Show(hold)->record, again->record) << "the last one counts";
}

TEST_F(WhoComesTest, AfterTheStayNothingIsSaidAnyMore) {
  const RecordId hold = Agreed();
  leuven.region.clock.Advance(days(14));
  EXPECT_EQ(Rule(Enrol(hold)), "place.over");
  const RecordId other = Agreed();
  Screening screening;
  ASSERT_TRUE(of_upc.Release(other, {}, {}, screening));
  EXPECT_EQ(Rule(Enrol(other)), "place.hold") << "it was given back";
}

TEST_F(WhoComesTest, IsForgottenSomeTimeAfterTheStay) {
  const RecordId hold = Agreed();
  const RecordId record = Enrol(hold).value().record;
  leuven.region.clock.Advance(days(14 + 30) - std::chrono::milliseconds(1));
  for (PlaceEnrolmentService* one : {&at_owner, &at_holder}) ASSERT_TRUE(one->ForgetOld());
  EXPECT_TRUE(Reads(wissel, record));
  EXPECT_THAT(upc.cases.With([](CaseFile& file) { return file.Names(); }), Contains("Sam"));
  leuven.region.clock.Advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(at_owner.Show(hold)->forgotten) << "also before it is gone";
  for (PlaceEnrolmentService* one : {&at_owner, &at_holder}) {
    ASSERT_TRUE(one->ForgetOld());
    ASSERT_TRUE(one->ForgetOld()) << "and again";
    EXPECT_TRUE(one->Show(hold)->forgotten);
  }
  EXPECT_FALSE(Reads(wissel, record));
  EXPECT_FALSE(Reads(upc, record));
  EXPECT_EQ(at_holder.Show(hold)->agreed_by, std::nullopt);
  EXPECT_THAT(upc.cases.With([](CaseFile& file) { return file.Names(); }), Not(Contains("Sam")));
}

TEST_F(WhoComesTest, WhoGivesThePlaceBackIsForgottenSooner) {
  const RecordId hold = Agreed();
  const RecordId record = Enrol(hold).value().record;
  leuven.region.clock.Advance(days(1));
  Screening screening;
  ASSERT_TRUE(of_upc.Release(hold, {}, {}, screening));
  leuven.region.clock.Advance(days(30));
  ASSERT_TRUE(at_owner.ForgetOld());
  EXPECT_FALSE(Reads(wissel, record));
}

TEST_F(ApiTest, WhoComesToAPlace) {
  const ApiAnswer offered =
      wissel.Post("/v1/places", {{"kind", "shared-activity"}, {"title", "Kano"}, {"ends_at", "2026-12-31T00:00:00Z"}});
  const std::string offer = offered.body["record"];
  const std::string hold =
      upc.Post("/v1/places/" + offer + "/holds", {{"needs", "rust"}, {"ends_at", "2026-12-07T08:00:00Z"}})
          .body["record"];
  const std::string path = "/v1/holds/" + hold + "/enrolment";
  const json who = {{"name", "Sam"}, {"needs", "geen noten"}, {"agreed_by", "parent"}};
  EXPECT_EQ(upc.Post(path, who).body["rule"], "place.not_agreed");
  ASSERT_EQ(wissel.Post("/v1/holds/" + hold + "/answer", {{"agreed", true}}).status, 201);
  EXPECT_EQ(upc.Post(path, {{"name", "Sam"}}).body["rule"], "request.required") << "who agreed?";
  EXPECT_EQ(upc.Get(path).body["may_enrol"], true);
  ASSERT_EQ(upc.Post(path, who).status, 201);
  const std::size_t views = leuven.youth_care.views().size();
  const json shown = wissel.Get(path).body;
  EXPECT_EQ(shown["record"]["body"]["name"], "Sam");
  EXPECT_EQ(leuven.youth_care.views().size(), views + 1);
  EXPECT_EQ(shown["agreed_by"], nullptr);
  EXPECT_EQ(upc.Get(path).body["agreed_by"], "parent");
  ApiDesk clb{leuven, leuven.school, "Jef"};
  EXPECT_EQ(clb.Get(path).status, 404);
  leuven.region.clock.Advance(days(60));
  EXPECT_EQ(wissel.Get(path).body["record"], nullptr);
  EXPECT_EQ(wissel.Get(path).body["forgotten"], true);
}

TEST_F(CliTest, WhoComesFromTheCommandLine) {
  const std::string offer =
      Json("de-wissel", {"places", "offer", "--kind", "shared-activity", "--title", "Kano", "--for", "30d"})["record"];
  const std::string hold = Json("upc-leuven", {"places", "ask", offer, "--needs", "rust", "--for", "14d"})["record"];
  EXPECT_THAT(As("upc-leuven", {"places", "enrol", hold, "--name", "Sam", "--agreed-by", "jongere"}).err,
              HasSubstr("nog niet afgesproken"));
  ASSERT_EQ(As("de-wissel", {"places", "agree", hold}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"places", "who", hold}).out, HasSubstr("nog niemand"));
  ASSERT_EQ(As("upc-leuven", {"places", "enrol", hold, "--name", "Sam", "--agreed-by", "jongere"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"places", "who", hold}).out, AllOf(HasSubstr("Sam"), HasSubstr("Wordt hier vergeten")));
  EXPECT_THAT(As("upc-leuven", {"places", "who", hold}).out, HasSubstr("Toestemming van: jongere"));
}

}  // namespace
}  // namespace schakel
