// Who saw what, asked at real agents of a real hub: what the lead, an author, an auditor and a worker are told; that a
// hidden partner is neither named nor counted; and the young person's paper with its evidence and exports.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "protocol/evidence.h"
#include "support/fhir_check.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

void Require(bool held, const std::string& what) {
  if (!held) throw std::runtime_error(what);
}

constexpr const char* kNames[] = {"lead", "author", "reader", "hidden"};

class AuditTest : public ::testing::Test {
 protected:
  AuditTest() : region_({kNames[0], kNames[1], kNames[2], kNames[3]}) {
    ApiClient lead = At("lead");
    trajectory_ = lead.MustPost("/v1/trajectories", {{"label", "Milan"}}, 10)["trajectory"];
    path_ = "/v1/trajectories/" + trajectory_;
    lead.MustPost(path_ + "/grants", LivingGrant("lead"), 10);
    for (const char* partner : {"author", "reader", "hidden"}) {
      lead.MustPost(path_ + "/invitations", {{"organisation", partner}}, 10);
      ApiClient there = At(partner);
      Require(WaitUntil([&] { return there.Get(path_).ok(); }), std::string(partner) + " has no invitation");
      there.MustPost(path_ + "/join", Json::object(), 10);
      const bool joined = WaitUntil([&] {
        const Json members = lead.MustGet(path_)["members"];
        return std::ranges::any_of(members, [&](const Json& member) {
          return member["organisation"]["id"] == partner && member["status"] == "joined";
        });
      });
      Require(joined, std::string(partner) + " did not join");
      lead.MustPost(path_ + "/grants", LivingGrant(partner), 10);
    }
    lead.MustPost(path_ + "/introductions", {{"member", "author"}, {"to", "reader"}, {"both", true}}, 10);
  }

  RealAgent& Agent(const std::string& id) {
    return *std::ranges::find(region_.agents(), id, [](const RealAgent& agent) { return agent.id(); });
  }
  ApiClient At(const std::string& id, const std::string& person = "Lotte Vermeulen", const std::string& role = {}) {
    return Agent(id).Client(person, role);
  }
  // Once it may go to all of `to`.
  std::string Note(const std::string& from, const Json& to, const Json& more = Json::object()) {
    Json note = LivingNote("Wonen", "WOORDEN-DIE-NERGENS-STAAN");
    note["to"] = to;
    note.update(more);
    ApiClient client = At(from);
    std::string record;
    const bool sent = WaitUntil([&] {
      const Reply reply = client.Post(path_ + "/notes", note, 10);
      if (reply.ok()) record = reply.json["record"];
      return reply.ok();
    });
    Require(sent, from + " could not send");
    for (const Json& one : to) {
      ApiClient there = At(one);
      Require(WaitUntil([&] { return there.Get("/v1/records/" + record).ok(); }), "it did not arrive");
    }
    return record;
  }
  // Until what `done` wants is in the answer; looks reach the hub with the next record.
  template <typename Done>
  Json Asked(ApiClient client, const std::string& parameters, Done done) {
    Json answer;
    const bool there = WaitUntil([&] {
      answer = client.MustGet("/v1/audit?trajectory=" + trajectory_ + parameters);
      return done(answer["rows"]);
    });
    EXPECT_TRUE(there) << answer.dump(1);
    return answer;
  }
  static bool Has(const Json& rows, const std::string& what, const std::string& organisation) {
    return std::ranges::any_of(rows, [&](const Json& row) {
      return row["what"] == what && row["organisation"].is_object() && row["organisation"]["id"] == organisation &&
             (what != "saw" || !row["sequence"].is_null());
    });
  }

  RealRegion region_;
  std::string trajectory_;
  std::string path_;
};

TEST_F(AuditTest, EachIsToldWhatIsTheirsAndAHiddenPartnerIsNeitherNamedNorCounted) {
  const std::string of_author = Note("author", Json::array({"lead", "reader"}));
  // Looks are told to the hub several in one record, which is shown whole or not at all: so this one by itself.
  Asked(At("author"), "", [](const Json& rows) { return Has(rows, "saw", "reader"); });
  const std::string of_lead = Note("lead", Json::array({"reader", "hidden"}));

  // The lead sees all, each partner by name.
  const Json lead = Asked(At("lead"), "", [](const Json& rows) {
    return Has(rows, "saw", "reader") && Has(rows, "saw", "hidden") && Has(rows, "handed-over", "hidden");
  });
  // The author: who got and saw its record, and not a trace of whom it does not know.
  const Json author = Asked(At("author"), "", [](const Json& rows) { return Has(rows, "saw", "reader"); });
  EXPECT_FALSE(author.dump().contains("hidden")) << author.dump(1);
  EXPECT_FALSE(author.dump().contains(of_lead));
  EXPECT_EQ(author["total"], author["rows"].size());
  for (const Json& row : author["rows"]) EXPECT_TRUE(row["organisation"].is_object());
  // A partner that wrote nothing: what it got and saw itself.
  const Json reader = Asked(At("reader"), "", [](const Json& rows) { return Has(rows, "saw", "reader"); });
  EXPECT_FALSE(reader.dump().contains("hidden"));
  for (const Json& row : reader["rows"]) {
    // And to whom went what it said itself: that it joined, to the lead.
    const char* who = row["what"] == "handed-over" && row["organisation"]["id"] != "reader" ? "lead" : "reader";
    EXPECT_EQ(row["organisation"]["id"], who) << row.dump();
  }

  // Within one organisation: a worker with no task is refused, an auditor is answered over all trajectories.
  At("author", "Karim", "coordinator").MustPost(path_ + "/tasks", {{"person", "Lotte Vermeulen"}});
  EXPECT_EQ(At("author", "Wim").Get("/v1/audit?trajectory=" + trajectory_).json["rule"], "audit.task");
  EXPECT_EQ(At("author", "Wim").Get("/v1/records/" + of_author).json["rule"], "view.no_task");
  EXPECT_EQ(At("author", "Wim").Get("/v1/audit").json["rule"], "audit.everywhere");
  const Json denied = At("author", "Zoë", "auditor").MustGet("/v1/audit?question=denied");
  EXPECT_TRUE(std::ranges::any_of(denied["rows"], [&](const Json& row) {
    return row["what"] == "turned-away" && row.value("person", "") == "Wim" && row["record"] == of_author;
  })) << denied.dump(1);
  // What a person saw stands in the log.
  const Json person = Asked(At("reader", "Zoë", "auditor"), "&question=person&person=Lotte%20Vermeulen",
                            [](const Json& rows) { return Has(rows, "saw", "reader"); });
  for (const Json& row : person["rows"]) EXPECT_EQ(row["person"], "Lotte Vermeulen");

  // After a restart the vault still knows who was turned away, and who asked.
  EXPECT_EQ(Agent("author").process().Terminate(), 0);
  Agent("author").Start();
  const Json again = At("author", "Zoë", "auditor").MustGet("/v1/audit?question=denied");
  EXPECT_TRUE(again.dump().contains("turned-away"));
}

TEST_F(AuditTest, AnAuthorSeesWhoGotItsRecordWhenTheLeadSharedItAgainButNotAHiddenPartner) {
  const std::string of_author = Note("author", Json::array({"lead"}));
  // The hidden partner may know of the author, and the author not of it.
  At("lead").MustPost(path_ + "/introductions", {{"member", "author"}, {"to", "hidden"}, {"both", false}}, 10);
  const auto shared_with = [&](const char* partner) {
    ApiClient lead = At("lead");
    std::string record;
    const bool sent = WaitUntil([&] {
      const Reply reply = lead.Post("/v1/records/" + of_author + "/shares", {{"to", Json::array({partner})}}, 10);
      if (reply.ok() && reply.json["record"].is_string()) record = reply.json["record"];
      return !record.empty();
    });
    Require(sent, std::string("it was not shared with ") + partner);
    return record;
  };
  const std::string with_reader = shared_with("reader");
  // The reader looks at it, and at what is the lead's alone beside it.
  const std::string of_lead = Note("lead", Json::array({"reader"}));
  ApiClient reader = At("reader");
  Require(WaitUntil([&] { return reader.Get("/v1/records/" + with_reader).ok(); }), "it did not arrive");
  Require(reader.Get("/v1/records/" + of_lead).ok(), "it did not arrive");
  const std::string with_hidden = shared_with("hidden");
  Require(WaitUntil([&] { return At("hidden").Get("/v1/records/" + with_hidden).ok(); }), "it did not arrive");
  Asked(At("lead"), "", [](const Json& rows) { return Has(rows, "saw", "hidden"); });
  const Json whole = Asked(At("author"), "&question=record&record=" + of_author, [](const Json& rows) {
    return Has(rows, "handed-over", "reader") && Has(rows, "saw", "reader");
  });
  const auto is_reader_given = [&](const Json& row) {
    return row["what"] == "handed-over" && row["organisation"].is_object() && row["organisation"]["id"] == "reader" &&
           row["record"] == with_reader && row.value("repeats", "") == of_author;
  };
  EXPECT_TRUE(std::ranges::any_of(whole["rows"], is_reader_given)) << whole.dump(1);
  EXPECT_FALSE(whole.dump().contains("hidden")) << whole.dump(1);
  EXPECT_FALSE(whole.dump().contains(of_lead)) << whole.dump(1);
  EXPECT_FALSE(whole.dump().contains(with_hidden)) << "that it was shared would tell of somebody";
}

TEST_F(AuditTest, ThePaperHoldsBackWhatTheLawSaysAndItsFileProvesTheRest) {
  Note("lead", Json::array({"reader"}));
  std::map<std::string, std::string> marked;
  for (const char* exception : {"confidential", "third-party", "court", "agogic"}) {
    marked[exception] = Note("lead", Json::array({"reader"}),
                             {{"categories", {"goals"}}, {"exception", exception}, {"exception_why", "team"}});
  }
  const std::string later = Note("author", Json::array({"lead", "reader"}), {{"categories", {"goals"}}});
  At("author").MustPost("/v1/records/" + later + "/exception", {{"exception", "agogic"}, {"why", "team"}}, 10);
  // The mark reached the lead.
  ApiClient lead = At("lead");
  Require(WaitUntil([&] { return lead.MustGet("/v1/inbox").dump().contains("exception-mark"); }), "no mark");

  const auto made = [&](const char* edition) {
    std::map<std::string, std::string> files;
    const Json report = lead.MustGet(path_ + "/report?for=" + edition);
    for (const Json& file : report["files"]) {
      files[file["name"].get<std::string>()] = AsText(FromBase64(file["content"].get<std::string>()).value());
    }
    return files;
  };
  const auto days = [](const std::string& html) {
    const std::size_t first = html.find("Day by day");
    return html.substr(first, html.find("<h2>The agreements") - first);
  };
  const auto young = made("young-person");
  const auto confidant = made("confidant");
  const std::string young_days = days(young.at("who-saw-me.html"));
  const std::string confidant_days = days(confidant.at("who-saw-me.html"));
  EXPECT_TRUE(young_days.contains("a note (about living and stay")) << young_days;
  EXPECT_FALSE(young_days.contains("goals"));
  EXPECT_TRUE(confidant_days.contains("a note (about goals"));
  for (const char* why : {"told this in confidence", "only about somebody else", "made for the youth court"}) {
    EXPECT_TRUE(young_days.contains(why)) << why;
    EXPECT_TRUE(confidant_days.contains(why)) << why;
  }
  EXPECT_TRUE(young_days.contains("would hurt you now"));
  EXPECT_FALSE(confidant_days.contains("would hurt you now"));
  for (const auto& [name, bytes] : young) EXPECT_FALSE(bytes.contains("WOORDEN-DIE-NERGENS-STAAN")) << name;

  // Offline, with the hub's public key alone; and nothing of what is held back is in it.
  const auto evidence = DecodeEvidence(AsBytes(young.at("wie-zag-mij.evidence"))).value();
  const auto checked = CheckEvidence(evidence, region_.hub().verifier());
  ASSERT_TRUE(checked) << ToText(checked.error());
  std::size_t handed_over = 0;
  for (const Entry& entry : checked->entries) {
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
      handed_over += ToText(delivery->record) == marked["court"] ? 1 : 0;
    }
    const auto* record = std::get_if<RecordEntry>(&entry.body);
    if (record == nullptr) continue;
    const std::string id = ToText(DecodeHeader(record->header).value().id);
    for (const auto& [exception, held] : marked) EXPECT_NE(id, held) << exception;
    EXPECT_NE(id, later);
  }
  EXPECT_EQ(handed_over, 1U);

  // That it was made is logged as a look, and both exports are what their specification says.
  const Json rows = lead.MustGet("/v1/audit?trajectory=" + trajectory_)["rows"];
  EXPECT_TRUE(std::ranges::any_of(rows, [](const Json& row) { return row["what"] == "reported"; }));
  EXPECT_TRUE(std::ranges::any_of(
      rows, [](const Json& row) { return row["what"] == "saw" && row.value("reason", "") == "subject-request"; }));
  const Reply events = lead.Get("/v1/audit?format=fhir&trajectory=" + trajectory_);
  EXPECT_EQ(test::CheckFhirBundle(events.json), std::vector<std::string>{});
  EXPECT_GT(events.json["entry"].size(), 20U);
  EXPECT_EQ(test::CheckFhirBundle(lead.Get("/v1/consents/" + trajectory_).json), std::vector<std::string>{});
}

}  // namespace
}  // namespace schakel::testing
