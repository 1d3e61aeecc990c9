#include "api/exports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/fake_engine.h"
#include "support/fhir_check.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::CheckFhirBundle;
using schakel::test::Leuven;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using What = AccessRow::What;

constexpr What kWhats[] = {What::kSent,        What::kHandedOver, What::kWithheld,   What::kRefused,
                           What::kSaw,         What::kAsked,      What::kTurnedAway, What::kReported,
                           What::kExported,    What::kLinkMade,   What::kLinkOpened, What::kLinkRefused,
                           What::kLinkRevoked, What::kTookBack,   What::kWrote,      What::kAttempted};

class ExportsTest : public ::testing::Test {
 protected:
  Leuven leuven;
  const ExportNames names{leuven.youth_care, Language::kDutch};
  const Timestamp now = leuven.region.clock.Now();

  AccessRow Row(What what) const {
    AccessRow row;
    row.sequence = Sequence(7);
    row.at = now;
    row.what = what;
    row.organisation = leuven.psychiatry.Self();
    row.trajectory = TrajectoryId(Id128{1});
    row.record = RecordId(Id128{2});
    return row;
  }
  // Every row that there can be, bare and with all it may carry, with and without a trajectory.
  std::vector<AccessRow> Every() const {
    std::vector<AccessRow> rows;
    for (const What what : kWhats) {
      rows.push_back(Row(what));
      AccessRow full = Row(what);
      full.person = "Nora \"N\" Peeters";
      full.about = "Wim";
      full.role = StaffRole::kCoordinator;
      full.grant = RecordId(Id128{3});
      full.denial = Denial::kWithdrawn;
      full.seen_at = now - std::chrono::hours(1);
      full.task = TaskStanding::kNoTask;
      full.refusal = Error{Code::kDenied, "session.suspended", {}, {}};
      for (unsigned reason = 1; reason <= static_cast<unsigned>(kViewReasonLast); ++reason) {
        full.reason = static_cast<ViewReason>(reason);
        rows.push_back(full);
      }
      for (const Speaker who : {Speaker::kYoungPerson, Speaker::kMother, Speaker::kFather, Speaker::kOther}) {
        AccessRow by_guest = Row(what);
        by_guest.guest = who;
        rows.push_back(by_guest);
        by_guest.person = "Els (gast 3f9a21bc)";
        rows.push_back(by_guest);
      }
      AccessRow nameless = Row(what);
      nameless.organisation = OrgId();
      nameless.sequence = Sequence();
      rows.push_back(nameless);
    }
    for (const What what : {What::kSaw, What::kAsked, What::kExported}) {
      AccessRow of_none = Row(what);
      of_none.trajectory = {};
      of_none.record = {};
      rows.push_back(of_none);
    }
    return rows;
  }
  json Bundle(const std::vector<AccessRow>& rows) const {
    return json::parse(AuditEventBundle(rows, names, now).dump());
  }
};

TEST_F(ExportsTest, EveryRowIsAnAuditEventOfItsProfile) {
  const json bundle = Bundle(Every());
  EXPECT_THAT(CheckFhirBundle(bundle), IsEmpty()) << bundle.dump(1).substr(0, 4000);
  EXPECT_EQ(bundle["entry"].size(), Every().size());
}

TEST_F(ExportsTest, NoRowsAreABundleWithoutEntries) { EXPECT_THAT(CheckFhirBundle(Bundle({})), IsEmpty()); }

TEST_F(ExportsTest, EachThingThatHappenedHasItsPattern) {
  const auto profile = [&](What what) -> std::string {
    const std::string url = Bundle({Row(what)})["entry"][0]["resource"]["meta"]["profile"][0];
    return url.substr(url.rfind("BasicAudit.") + 11);
  };
  EXPECT_EQ(profile(What::kSent), "PatientCreate");
  EXPECT_EQ(profile(What::kHandedOver), "PrivacyDisclosure.Source");
  EXPECT_EQ(profile(What::kWithheld), "AuthZconsent");
  EXPECT_EQ(profile(What::kRefused), "AuthZconsent");
  EXPECT_EQ(profile(What::kTurnedAway), "AuthZconsent");
  EXPECT_EQ(profile(What::kSaw), "PatientRead");
  EXPECT_EQ(profile(What::kAsked), "PatientQuery");
  EXPECT_EQ(profile(What::kLinkOpened), "PatientQuery");
  EXPECT_EQ(profile(What::kLinkRefused), "AuthZconsent");
  EXPECT_EQ(profile(What::kAttempted), "AuthZconsent");
}

TEST_F(ExportsTest, AQuestionSaysWhatWasAskedAsFarAsThatIsKnown) {
  const auto query = [&](const AccessRow& row) {
    const json event = Bundle({row})["entry"][0]["resource"];
    const auto bytes = FromBase64(event["entity"].back()["query"].get<std::string>());
    return bytes ? std::string(AsText(*bytes)) : std::string();
  };
  AccessRow row = Row(What::kAsked);
  const std::string trajectory = "trajectory=" + ToText(row.trajectory);
  const std::string record = "record=" + ToText(row.record);
  EXPECT_EQ(query(row), "asked?" + trajectory + "&" + record) << "another's: no more is known";
  row.record = {};
  row.question = "question=organisation&organisation=upc-leuven";
  EXPECT_EQ(query(row), "asked?question=organisation&organisation=upc-leuven&" + trajectory);
  row.question = "question=person";
  row.about = "Nora & Zoë";
  EXPECT_EQ(query(row), "asked?question=person&" + trajectory + "&person=Nora%20%26%20Zo%C3%AB");
  row.trajectory = {};
  row.about = std::nullopt;
  row.question = std::nullopt;
  EXPECT_EQ(query(row), "asked");
}

TEST_F(ExportsTest, AGuestIsNoPractitionerAndStandsByRoleWhereThereIsNoName) {
  AccessRow row = Row(What::kSaw);
  row.guest = Speaker::kYoungPerson;
  const json event = Bundle({row})["entry"][0]["resource"];
  const json& user = event["agent"].back();
  EXPECT_EQ(user["who"]["type"], "Patient");
  EXPECT_EQ(user["name"], "de jongere");
  row.guest = Speaker::kMother;
  row.person = "Els (gast 3f9a21bc)";
  const json of_mother = Bundle({row});
  EXPECT_EQ(of_mother["entry"][0]["resource"]["agent"].back()["who"]["type"], "RelatedPerson");
  EXPECT_THAT(of_mother.dump(), HasSubstr("Els (gast 3f9a21bc)"));
  EXPECT_THAT(AccessCsv({row}, names), HasSubstr("\"mother\"\r\n"));
}

TEST_F(ExportsTest, AnotherPartnerHasNoNameInAnyFormat) {
  AccessRow row = Row(What::kHandedOver);
  row.organisation = OrgId();
  EXPECT_THAT(Bundle({row}).dump(), Not(HasSubstr("upc-leuven")));
  EXPECT_THAT(Bundle({row}).dump(), HasSubstr("een andere partner"));
  EXPECT_THAT(AccessCsv({row}, names), HasSubstr("\"\",\"een andere partner\""));
}

// What the checker finds is what the specification forbids: each slip, by its place.
TEST_F(ExportsTest, TheCheckerFindsEachSlip) {
  struct Case {
    const char* name;
    What what;
    const char* pointer;
    json value;  // Null: taken away.
    const char* found;
  };
  const Case cases[] = {
      {"no type", What::kSaw, "/type", nullptr, "type: missing"},
      {"no time", What::kSaw, "/recorded", nullptr, "recorded: missing"},
      {"a time without a zone", What::kSaw, "/recorded", "2026-11-23T08:00:00", "not a instant"},
      {"no agents", What::kSaw, "/agent", json::array(), "agent: no list"},
      {"no requestor", What::kSaw, "/agent/0/requestor", nullptr, "requestor: missing"},
      {"no observer", What::kSaw, "/source/observer", nullptr, "observer: missing"},
      {"an unknown element", What::kSaw, "/severity", "info", "severity: no such element"},
      {"an outcome that is none", What::kSaw, "/outcome", "5", "not of the value set"},
      {"a failed look", What::kSaw, "/outcome", "8", "outcome is not the profile's"},
      {"a code that is none", What::kSaw, "/type/code", "rust", "unknown code"},
      {"a list for one value", What::kSaw, "/action", json::array({"R"}), "a list or null"},
      {"no patient", What::kSaw, "/entity/0", nullptr, "no entity 1"},
      {"another observer", What::kHandedOver, "/source/observer/display", "x", "val-audit-source"},
      {"no network", What::kHandedOver, "/agent/1/network", nullptr, "no network of agent 110152"},
      {"a name and a query", What::kAsked, "/entity/1/name", "x", "sev-1"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    json bundle = Bundle({Row(c.what)});
    const json::json_pointer at(std::string("/entry/0/resource") + c.pointer);
    if (c.value.is_null()) {
      json& parent = bundle[at.parent_pointer()];
      if (parent.is_array()) {
        parent.erase(std::stoul(at.back()));
      } else {
        parent.erase(at.back());
      }
    } else {
      bundle[at] = c.value;
    }
    EXPECT_THAT(::testing::PrintToString(CheckFhirBundle(bundle)), HasSubstr(c.found));
  }
}

// ---- CSV ----

// RFC 4180 read back: lines of quoted cells.
std::vector<std::vector<std::string>> Parsed(const std::string& csv) {
  std::vector<std::vector<std::string>> lines(1);
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    if (quoted) {
      if (csv[i] == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
        cell += csv[++i];
      } else if (csv[i] == '"') {
        quoted = false;
      } else {
        cell += csv[i];
      }
    } else if (csv[i] == '"') {
      quoted = true;
    } else if (csv[i] == ',') {
      lines.back().push_back(std::exchange(cell, {}));
    } else if (csv[i] == '\r') {
      EXPECT_EQ(csv[i + 1], '\n');
      lines.back().push_back(std::exchange(cell, {}));
      lines.emplace_back();
      ++i;
    } else {
      ADD_FAILURE() << "a bare character at " << i;
    }
  }
  EXPECT_TRUE(lines.back().empty()) << "the last line ends as well";
  lines.pop_back();
  return lines;
}

TEST_F(ExportsTest, CsvReadsBackWithAsManyCellsOnEachLine) {
  const auto lines = Parsed(AccessCsv(Every(), names));
  ASSERT_EQ(lines.size(), Every().size() + 1);
  for (const auto& line : lines) EXPECT_EQ(line.size(), lines.front().size());
  const auto column = std::ranges::find(lines.front(), "person") - lines.front().begin();
  EXPECT_EQ(lines[2][column], "Nora \"N\" Peeters");
}

TEST_F(ExportsTest, NoCellIsAFormula) {
  for (const std::string person : {"=1+1", "+32 470", "-x", "@SUM(A1)", "\tx", "\rx", "  =1", "|calc", "%x",
                                   "=HYPERLINK(\"http://x\",\"y\")", "a\"b,c\r\nd", "gewoon"}) {
    AccessRow row = Row(What::kSaw);
    row.person = person;
    const auto lines = Parsed(AccessCsv({row}, names));
    const std::string cell = lines[1][5];
    const bool plain = person.starts_with("a") || person.starts_with("g");
    EXPECT_EQ(cell, plain ? person : "'" + person);
  }
}

// ---- Consent ----

class ConsentTest : public ExportsTest {
 protected:
  ExportedGrant Given(Basis basis, Grantor grantor) {
    ExportedGrant one;
    one.trajectory = TrajectoryId(Id128{1});
    one.custodian = leuven.youth_care.Self();
    one.grant.given_at = now;
    Grant& grant = one.grant.grant;
    grant.id = RecordId(Id128{5});
    grant.author = leuven.youth_care.Self();
    grant.terms.recipient = leuven.psychiatry.Self();
    grant.terms.basis = basis;
    grant.terms.grantor = grantor;
    grant.terms.begins_at = now;
    grant.ends_at = now + std::chrono::hours(24);
    grant.purposes = {Purpose::kConsultation, Purpose::kAftercare, Purpose::kCrisis};
    grant.categories = {Category::kSchool, Category::kHealth};
    return one;
  }
  json Consents(const std::vector<ExportedGrant>& grants, Timestamp at) {
    return json::parse(ConsentBundle(grants, names, at).dump());
  }
};

TEST_F(ConsentTest, EveryGrantIsAConsentAsTheSpecificationAsks) {
  std::vector<ExportedGrant> grants;
  for (unsigned basis = 1; basis <= static_cast<unsigned>(kBasisLast); ++basis) {
    for (unsigned grantor = 1; grantor <= static_cast<unsigned>(kGrantorLast); ++grantor) {
      grants.push_back(Given(static_cast<Basis>(basis), static_cast<Grantor>(grantor)));
      grants.push_back(grants.back());
      grants.back().grant.grant.withdrawn = true;
      grants.back().withdrawn_at = now;
    }
  }
  for (const Purpose purpose : AllPurposes()) {
    grants.push_back(Given(Basis::kConsent, Grantor::kYoungPerson));
    grants.back().grant.grant.purposes = {purpose};
  }
  EXPECT_THAT(CheckFhirBundle(Consents(grants, now)), IsEmpty());
}

TEST_F(ConsentTest, ItIsActiveUntilItEndsOrIsTakenBack) {
  const auto status = [&](ExportedGrant one, Timestamp at) {
    return Consents({one}, at)["entry"][0]["resource"]["status"].get<std::string>();
  };
  ExportedGrant one = Given(Basis::kConsent, Grantor::kYoungPerson);
  EXPECT_EQ(status(one, now), "active");
  EXPECT_EQ(status(one, one.grant.grant.ends_at - std::chrono::milliseconds(1)), "active");
  EXPECT_EQ(status(one, one.grant.grant.ends_at), "inactive");
  one.grant.grant.withdrawn = true;
  EXPECT_EQ(status(one, now), "inactive");
}

TEST_F(ConsentTest, AWithdrawalDeniesFromThenOn) {
  ExportedGrant one = Given(Basis::kConsent, Grantor::kYoungPerson);
  one.withdrawn_at = now + std::chrono::hours(2);
  const json provision = Consents({one}, now)["entry"][0]["resource"]["provision"];
  EXPECT_EQ(provision["type"], "permit");
  EXPECT_EQ(provision["provision"][0]["type"], "deny");
  EXPECT_EQ(provision["provision"][0]["period"]["start"], ToText(*one.withdrawn_at));
  EXPECT_THAT(provision["class"].dump(), HasSubstr("\"school\""));
}

TEST_F(ConsentTest, WhatEndedNobodyKnowsWhenIsDeniedAtAnyTime) {
  ExportedGrant one = Given(Basis::kEmergency, Grantor::kProfessional);
  EXPECT_FALSE(Consents({one}, now)["entry"][0]["resource"]["provision"].contains("provision"));
  one.grant.grant.withdrawn = true;
  const json bundle = Consents({one}, now);
  const json deny = bundle["entry"][0]["resource"]["provision"]["provision"][0];
  EXPECT_EQ(deny["type"], "deny");
  EXPECT_FALSE(deny.contains("period"));
  EXPECT_THAT(CheckFhirBundle(bundle), IsEmpty());
}

TEST_F(ConsentTest, NobodyIsSaidToHaveVerifiedIt) {
  const auto consent = [&](Basis basis, Grantor grantor) {
    return Consents({Given(basis, grantor)}, now)["entry"][0]["resource"];
  };
  EXPECT_FALSE(consent(Basis::kConsent, Grantor::kYoungPerson).contains("verification"));
  EXPECT_FALSE(consent(Basis::kConsent, Grantor::kFirstParent).contains("verification"));
  EXPECT_FALSE(consent(Basis::kSharedSecrecy, Grantor::kProfessional).contains("verification"));
  EXPECT_FALSE(consent(Basis::kCourtMandate, Grantor::kCourt).contains("verification"));
}

}  // namespace
}  // namespace schakel
