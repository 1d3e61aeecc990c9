// Messages with supporters: the team writes and reads, and each supporter sees their own conversation alone.
#include <algorithm>
#include <iterator>
#include <set>

#include "api/read_all.h"
#include "api/router.h"

namespace schakel::supporters_routes {
namespace {

// ---- The team ----

Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  SCHAKEL_ASSIGN(auto all, call.desk.supporters.List(id));
  // Conversations of others that we were let into.
  const OrgId self = call.desk.engine.Self();
  for (const CaseSupporter& one : trajectory.family.supporters) {
    if (one.author != self) all.push_back({one.guest, {}, GuestService::State::kNone, one.messages});
  }
  std::set<RecordId> ids;
  for (const auto& one : all) {
    if (!IsNone(one.table)) ids.insert(one.guest);
    for (const auto& message : one.messages) ids.insert(message.record);
  }
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const auto& one : all) {
    Json messages = Json::array();
    std::string name;
    const TypedBody* guest = read.Find(one.guest);
    if (const auto* body = guest == nullptr ? nullptr : std::get_if<GuestBody>(guest)) name = body->name;
    for (const auto& message : one.messages) {
      const TypedBody* words = read.Find(message.record);
      if (const auto* body = words == nullptr ? nullptr : std::get_if<SupporterMessageBody>(words)) {
        name = body->supporter;
      }
      messages.push_back({{"at", ToText(message.at)},
                          {"by_supporter", message.by_supporter},
                          {"record", read.View(message.record, views)}});
    }
    list.push_back({{"guest", ToText(one.guest)},
                    {"table", IdView(one.table)},
                    {"name", name},
                    {"link", Slug(one.link)},
                    {"waits", !one.messages.empty() && one.messages.back().by_supporter},
                    {"messages", std::move(messages)}});
  }
  return Reply{.json = {{"supporters", std::move(list)}}};
}

Result<Reply> Write(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const std::vector<std::string> named = input.Texts("supporters");
  const std::string text = input.RequiredText("text");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  std::vector<RecordId> supporters;
  for (const std::string& one : named) {
    SCHAKEL_ASSIGN(const RecordId guest, InField(call.desk.cases.FindRecord(one), "supporters"));
    supporters.push_back(guest);
  }
  SCHAKEL_ASSIGN(const auto sent, call.desk.supporters.Write(id, supporters, text, audience, call.caller));
  Reply reply = call.Sending(sent.front());
  reply.json["records"] = Json::array();
  for (const Sent& one : sent) {
    if (!IsNone(one.record)) reply.json["records"].push_back(ToText(one.record));
  }
  return reply;
}

// ---- The supporter ----

Result<GuestService::Visit> Own(const Call& call) {
  if (call.visitor.guest) return *call.visitor.guest;
  return Fail(Code::kUnauthenticated, "guest.session", {}, "open your link again");
}

Result<Reply> Read(Call& call) {
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_ASSIGN(const auto said, call.desk.supporters.Read(visit));
  Json list = Json::array();
  for (const auto& one : said) {
    list.push_back({{"at", ToText(one.at)},
                    {"own", one.body.by_link},
                    {"by", one.body.by_link ? one.body.supporter : one.body.by},
                    {"text", one.body.text}});
  }
  return Reply{.json = {{"messages", std::move(list)}}};
}

Result<Reply> Answer(Call& call) {
  Input input(call.body);
  const std::string text = input.RequiredText("text");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_TRY(call.desk.supporters.Answer(visit, text, call.patience));
  return Reply{.status = 201, .json = Json::object()};
}

// What there is to do in the region, for any guest: nothing of a trajectory, and nobody asks for a place here.
Result<Reply> Offers(Call& call) {
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_TRY(call.desk.guests.Live(visit));
  std::vector<CasePlaces> all;
  for (const PlaceKind kind : {PlaceKind::kLeisure, PlaceKind::kSharedActivity}) {
    PlaceSearch search;
    search.kind = kind;
    search.ours = true;
    std::ranges::copy(call.desk.places.Find(search), std::back_inserter(all));
  }
  std::vector<RecordId> ids;
  for (const CasePlaces& one : all) ids.push_back(one.id);
  if (ids.empty()) return Reply{.json = {{"offers", Json::array()}}};
  SCHAKEL_ASSIGN(const Glance glance, call.desk.guests.Read(visit, ids));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const CasePlaces& one : all) {
    const auto* body = glance.Find<PlaceOfferBody>(one.id);
    if (body == nullptr) continue;
    list.push_back({{"kind", Slug(body->kind)},
                    {"title", body->title},
                    {"text", body->text},
                    {"age_from", body->age_from},
                    {"age_to", body->age_to},
                    {"place", body->place},
                    {"contact", body->contact},
                    {"organisation", views.Organisation(one.owner)},
                    {"until", ToText(one.terms.ends_at)}});
  }
  return Reply{.json = {{"offers", std::move(list)}}};
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/supporters", &List},
    {"POST", "/v1/trajectories/{trajectory}/supporters/messages", &Write},
    {"GET", "/v1/guest/messages", &Read},
    {"POST", "/v1/guest/messages", &Answer},
    {"GET", "/v1/guest/offers", &Offers},
};

}  // namespace
}  // namespace schakel::supporters_routes

namespace schakel {

std::span<const Route> SupporterRoutes() { return supporters_routes::kRoutes; }

}  // namespace schakel
