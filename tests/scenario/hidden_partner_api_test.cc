// Two worlds of real agents at real hubs: in one a partner that the member may not know of takes part in its trajectory
// and is busy there; in the other that organisation does nothing at all. Whatever the member's own program answers, on
// any route that reads and to each attempt at the other, is the same to the byte: pages, counts and its places in its
// own feed included. Taken out is only what is drawn or measured anew in each world: ids, times, keys, and places in
// the log of the region, whose length is no secret.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "support/paths.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

constexpr int kRounds = 6;

// Who plays. Without a sector: of the same as the lead.
struct Cast {
  struct Part {
    std::string id;
    std::string sector;
  };
  std::vector<Part> watchers;  // Who take part, and may not know of who is hidden.
  Part hidden;
  std::string category;  // Of what is said: that all of them may receive.
};
const Cast& PlainCast() {
  static const Cast kCast{{{"member", ""}}, {"other", ""}, "living"};
  return kCast;
}
// Switch: a psychiatrist joins, and neither school nor police hears of it.
const Cast& SwitchCast() {
  static const Cast kCast{
      {{"school", "school-support"}, {"police", "police-liaison"}}, {"psychiatry", "psychiatry"}, "agreements"};
  return kCast;
}

void Require(bool held, const std::string& what) {
  if (!held) throw std::runtime_error(what);
}

// Answers without what is anew in each world.
class Plain {
 public:
  void Name(const std::string& id, const std::string& name) { names_[id] = name; }

  Json Of(const Json& json) const {
    if (json.is_string()) return Text(json.get<std::string>());
    if (json.is_array()) {
      Json plain = Json::array();
      for (const Json& one : json) plain.push_back(Of(one));
      return plain;
    }
    if (!json.is_object()) return json;
    Json plain = Json::object();
    for (const auto& [key, value] : json.items()) plain[key] = Of(key, value);
    return plain;
  }

 private:
  Json Of(const std::string& key, const Json& value) const {
    static const std::set<std::string> places = {"sequence", "size", "unproven"};
    static const std::set<std::string> drawn = {"fingerprint", "checkpoint", "root", "content", "evidence",
                                                "hub",         "next",       "hash", "sha256",  "data",
                                                "csrf",        "hub_key",    "key"};
    if (places.contains(key) && value.is_number()) return "a place";
    if (drawn.contains(key) && value.is_string()) return "drawn";
    if (key == "label" && value.is_string() && IsShortId(value.get<std::string>())) return "a short id";
    if (key == "rows" && value.is_array()) return LooksSorted(Of(value));
    return Of(value);
  }
  static bool IsShortId(const std::string& text) {
    return text.size() == 8 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  }
  // The looks of one report stand in the order of the records' ids, which are drawn. What stands in no log has the time
  // of the agent's own clock: whether that is before or after what the hub wrote at that moment is chance.
  static Json LooksSorted(Json rows) {
    const auto is_ours = [](const Json& row) { return row.contains("sequence") && row["sequence"].is_null(); };
    std::stable_partition(rows.begin(), rows.end(), is_ours);
    const auto is_look = [](const Json& row) { return row.value("what", "") == "saw"; };
    for (auto from = rows.begin(); from != rows.end();) {
      const auto to = std::find_if_not(from, rows.end(), is_look);
      std::sort(from, to, [](const Json& a, const Json& b) { return a.dump() < b.dump(); });
      from = std::find_if(to, rows.end(), is_look);
    }
    return rows;
  }
  std::string Text(const std::string& text) const {
    static const std::regex anew(
        "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z)?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|"
        "[0-9]{13}");
    std::string plain;
    auto from = text.begin();
    for (std::sregex_iterator at(text.begin(), text.end(), anew), end; at != end; ++at) {
      plain.append(from, text.begin() + at->position());
      const auto name = names_.find(at->str());
      plain += name == names_.end() ? "anew" : name->second;
      from = text.begin() + at->position() + at->length();
    }
    return plain.append(from, text.end());
  }
  std::map<std::string, std::string> names_;
};

class SpokenWorld {
 public:
  SpokenWorld(bool hidden, const Cast& cast) : hidden_(hidden), cast_(cast), region_(OfOneSector(cast)) {
    AddOtherSectors();
    ApiClient lead = At("lead");
    trajectory_ = lead.MustPost("/v1/trajectories", {{"label", "Milan"}}, 10)["trajectory"];
    plain_.Name(trajectory_, "trajectory");
    path_ = "/v1/trajectories/" + trajectory_;
    lead.MustPost(path_ + "/grants", Grant("lead"), 10);
    std::vector<std::string> watchers;
    for (const Cast::Part& one : cast_.watchers) {
      Join(one.id);
      // What it looked at as it joined is told before anything is sent to it, however long the rest takes.
      watcher_ = one.id;
      Settle();
      for (const std::string& other : watchers) {
        lead.MustPost(path_ + "/introductions", {{"member", one.id}, {"to", other}, {"both", true}}, 10);
      }
      watchers.push_back(one.id);
    }
    std::vector<std::string> all = watchers;
    if (hidden_) {
      Join(cast_.hidden.id);
      all.push_back(cast_.hidden.id);
    }
    for (int i = 0; i < kRounds; ++i) {
      if (hidden_) {
        Note(cast_.hidden.id, {"lead"});
        Note("lead", {cast_.hidden.id});
      }
      note_ = Note("lead", all);
      plain_.Name(note_, "note " + std::to_string(i));
    }
    for (const std::string& one : watchers) {
      watcher_ = one;
      plain_.Name(Note(one, {"lead"}), "own note");
      ApiClient watcher = At(one);
      Require(WaitUntil([&] { return watcher.Get("/v1/records/" + note_).ok(); }), "the last note is not there");
      Settle();
    }
  }

  // What each of those who watch is answered, a line each.
  std::vector<std::string> Look() {
    for (const Cast::Part& one : cast_.watchers) {
      watcher_ = one.id;
      seen_.push_back("at " + watcher_);
      LookAround();
    }
    return std::move(seen_);
  }

 private:
  static std::vector<std::string> OfOneSector(const Cast& cast) {
    std::vector<std::string> ids = {"lead"};
    for (const Cast::Part& one : cast.watchers) {
      if (one.sector.empty()) ids.push_back(one.id);
    }
    if (cast.hidden.sector.empty()) ids.push_back(cast.hidden.id);
    return ids;
  }
  // Under the ceilings that the profiles of the product say.
  void AddOtherSectors() {
    if (cast_.hidden.sector.empty()) return;
    const std::filesystem::path profiles = SourceDir() / "agents/profiles";
    const std::filesystem::path file = region_.folder() / "ceilings";
    MustRun(region_.hub().Command({"ceilings", "--profiles", profiles, "--output", file}));
    region_.hub().Apply(std::vector<Bytes>{ToBytes(AsBytes(ReadFile(file)))});
    for (const Cast::Part& one : cast_.watchers) region_.Add(one.id, one.sector, profiles);
    region_.Add(cast_.hidden.id, cast_.hidden.sector, profiles);
  }
  Json Grant(const std::string& organisation) const {
    Json grant = LivingGrant(organisation);
    grant["categories"] = Json::array({cast_.category});
    return grant;
  }
  Json NoteOf(const std::string& title, const std::string& text) const {
    Json note = LivingNote(title, text);
    note["categories"] = Json::array({cast_.category});
    return note;
  }

  void LookAround() {
    for (const std::string& route : RoutesThatRead()) Ask(route);
    for (const char* list : {"/notes", "/attachments", "/goals", "/changes", "/grants"}) PageThrough(path_ + list);
    const std::string& other = cast_.hidden.id;
    for (const std::string& question : {std::string("all"), std::string("denied"), "organisation&organisation=" + other,
                                        std::string("organisation&organisation=lead")}) {
      Ask("/v1/audit?trajectory=" + trajectory_ + "&question=" + question);
    }
    // Whoever guesses at the other is answered as if it were not there.
    Json note = NoteOf("Wonen", "x");
    note["to"] = Json::array({other});
    Try(path_ + "/notes", note);
    Try("/v1/records/" + note_ + "/shares", {{"to", Json::array({other})}});
    Try(path_ + "/introductions", {{"member", other}, {"to", watcher_}, {"both", true}});
    Try(path_ + "/invitations", {{"organisation", other}});
    Try(path_ + "/grants", Grant(other));
    Ask("/v1/records/" + std::string(32, 'a'));
    Ask("/v1/status");
  }

  RealAgent& Agent(const std::string& id) {
    for (RealAgent& agent : region_.agents()) {
      if (agent.id() == id) return agent;
    }
    throw std::runtime_error("no agent " + id);
  }
  ApiClient At(const std::string& id) { return Agent(id).Client(); }

  void Join(const std::string& partner) {
    ApiClient lead = At("lead");
    ApiClient there = At(partner);
    lead.MustPost(path_ + "/invitations", {{"organisation", partner}}, 10);
    Require(WaitUntil([&] { return there.Get(path_).ok(); }), partner + " has no invitation");
    there.MustPost(path_ + "/join", Json::object(), 10);
    const bool joined = WaitUntil([&] {
      const Json trajectory = lead.MustGet(path_);
      for (const Json& one : trajectory["members"]) {
        if (one["organisation"]["id"] == partner && one["status"] == "joined") return true;
      }
      return false;
    });
    Require(joined, partner + " did not join");
    lead.MustPost(path_ + "/grants", Grant(partner), 10);
  }
  std::string Note(const std::string& from, const std::vector<std::string>& to) {
    Json note = NoteOf("Wonen", "kamer 12");
    note["to"] = to;
    std::map<std::string, std::uint64_t> before;
    for (const std::string& one : to) before[one] = FeedOf(one);
    ApiClient client = At(from);
    std::string record;
    const bool sent = WaitUntil([&] {
      const Reply reply = client.Post(path_ + "/notes", note, 10);
      if (reply.ok() && reply.json["record"].is_string()) record = reply.json["record"];
      return !record.empty();
    });
    Require(sent, from + " could not send");
    // Without looking, which would be told.
    for (const std::string& one : to) {
      Require(WaitUntil([&] { return FeedOf(one) > before[one]; }), "it did not arrive");
    }
    return record;
  }

  std::uint64_t FeedOf(const std::string& id) { return Agent(id).Status()["feed"].get<std::uint64_t>(); }

  // So that looks go to the hub one answer at a time.
  void Settle() {
    const bool settled = WaitUntil([&] {
      const Json status = Agent(watcher_).Status();
      return status["connected"] == true && status["outbox"] == 0 && status["views_unreported"] == 0;
    });
    Require(settled, watcher_ + " has yet to tell something");
  }
  void Keep(const std::string& what, const Reply& reply) {
    seen_.push_back(plain_.Of(Json(what)).get<std::string>() + ": " + std::to_string(reply.status) + " " +
                    (reply.json.is_discarded() ? "no JSON" : plain_.Of(reply.json).dump()));
    Settle();
  }
  Reply Ask(const std::string& target) {
    Reply reply = At(watcher_).Get(target);
    Keep("GET " + target, reply);
    return reply;
  }
  void Try(const std::string& target, const Json& body) { Keep("POST " + target, At(watcher_).Post(target, body, 10)); }
  void PageThrough(const std::string& target) {
    std::string cursor;
    for (bool more = true; more;) {
      const std::string page = target + "?limit=2" + (cursor.empty() ? "" : "&cursor=" + PercentEncoded(cursor));
      const Reply reply = At(watcher_).Get(page);
      Keep("page of " + target, reply);
      more = reply.ok() && reply.json["next"].is_string();
      if (more) cursor = reply.json["next"];
    }
  }

  // As the API's own document has them; what is named in the path, as far as there is such a thing.
  std::vector<std::string> RoutesThatRead() const {
    std::ifstream file(SourceDir() / "agents/api/openapi.json");
    const Json document = Json::parse(file);
    std::vector<std::string> routes;
    for (const auto& [path, methods] : document["paths"].items()) {
      // A stream that does not end; and keys, drawn anew.
      if (!methods.contains("get") || path == "/v1/events" || path == "/v1/keys") continue;
      std::string route = path;
      const auto fill = [&](const std::string& name, const std::string& value) {
        const std::size_t at = route.find("{" + name + "}");
        if (at != std::string::npos) route.replace(at, name.size() + 2, value);
      };
      fill("trajectory", trajectory_);
      fill("id", trajectory_);
      fill("record", note_);
      if (const std::size_t at = route.find('{'); at != std::string::npos) {
        route.replace(at, route.find('}') - at + 1, std::string(32, 'a'));
      }
      routes.push_back(std::move(route));
    }
    return routes;
  }

  const bool hidden_;
  const Cast& cast_;
  RealRegion region_;
  std::string watcher_;
  Plain plain_;
  std::string trajectory_, path_, note_;
  std::vector<std::string> seen_;
};

// In both worlds the same; and there was something to tell apart: answers that are there, with what the lead wrote in
// them.
void ExpectTheSame(const Cast& cast, std::size_t lines) {
  const std::vector<std::string> with = SpokenWorld(true, cast).Look();
  const std::vector<std::string> without = SpokenWorld(false, cast).Look();
  ASSERT_EQ(with.size(), without.size());
  for (std::size_t i = 0; i < with.size(); ++i) EXPECT_EQ(with[i], without[i]);
  EXPECT_GT(with.size(), lines);
  const auto holds = [&](const std::string& text) {
    return std::ranges::count_if(with, [&](const std::string& line) { return line.contains(text); });
  };
  EXPECT_GT(holds(": 200 "), 30);
  EXPECT_GT(holds("note " + std::to_string(kRounds - 1)), 3);
  EXPECT_GT(holds("kamer 12"), 0);
}

TEST(HiddenPartnerApiTest, AMembersProgramAnswersTheSameWhetherOrNotSomebodyHiddenIsBusy) {
  ExpectTheSame(PlainCast(), 60);
}

// Deliveries, counts, places in the feed, who saw what, and every answer: at the school and at the police.
TEST(HiddenPartnerApiTest, SchoolAndPoliceHaveNoTraceOfAPsychiatristWhoJoins) { ExpectTheSame(SwitchCast(), 120); }

}  // namespace
}  // namespace schakel::testing
