// Guests of a meeting: what the convener does for them, and what they see and say themselves.
#include <spdlog/spdlog.h>

#include "doorkeeper.h"
#include "router.h"

namespace schakel::guests_routes {
namespace {

constexpr std::chrono::milliseconds kReportPatience{10'000};  // The hub has the answer.

// ---- The convener ----

Result<Reply> Invite(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  Input input(call.body);
  GuestBody guest;
  guest.name = input.RequiredText("name");
  guest.who = input.RequiredWord("who", Speaker::kOther, &ParseSpeaker);
  guest.address = input.Text("address");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.Invite(id, guest, {.patience = call.patience}));
  return call.Sending(sent);
}

Result<Reply> TakeOff(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  SCHAKEL_ASSIGN(const RecordId guest, call.Record("guest"));
  Input input(call.body);
  const std::string why = input.Text("why");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.meetings.TakeOff(id, guest, why, {.patience = call.patience}));
  return call.Sending(sent);
}

// Their names are words of records, and are read.
Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  SCHAKEL_ASSIGN(const auto overview, call.desk.guests.Show(id));
  std::vector<RecordId> ids;
  ids.reserve(overview.guests.size());
  for (const auto& guest : overview.guests) ids.push_back(guest.guest);
  SCHAKEL_ASSIGN(const Thread thread, call.ReadThread(ids, nullptr));
  Json guests = Json::array();
  for (const auto& one : overview.guests) {
    const auto* body = thread.glance.Find<GuestBody>(one.guest);
    if (body == nullptr) continue;
    guests.push_back({{"id", ToText(one.guest)},
                      {"name", body->name},
                      {"who", Slug(body->who)},
                      {"link", Slug(one.state)},
                      {"made_at", TimeView(one.made_at)},
                      {"expires_at", TimeView(one.expires_at)},
                      {"used_at", TimeView(one.used_at)},
                      {"revoked_at", TimeView(one.revoked_at)}});
  }
  Json events = Json::array();
  for (const auto& event : overview.events) {
    events.push_back({{"at", ToText(event.at)},
                      {"what", event.what},
                      {"guest", ToText(event.guest)},
                      {"by", event.by.empty() ? Json(nullptr) : Json(event.by)}});
  }
  return Reply{.json = {{"guests", std::move(guests)}, {"events", std::move(events)}}};
}

// The secret stands behind the "#": what a browser never sends, and no server logs.
Result<Reply> MakeLink(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  SCHAKEL_ASSIGN(const RecordId guest, call.Record("guest"));
  Input input(call.body);
  const auto expires_at = input.Time("expires_at");
  const std::string why = input.Text("why");
  SCHAKEL_TRY(input.Finish());
  // Before there is one: what is said of it could fail.
  const std::string words = Phrase(call.language, "conference.new_link", {{"why", why}});
  SCHAKEL_ASSIGN(const bool said, call.desk.conferences.SayNewLink(id, guest, why, words, call.patience));
  SCHAKEL_ASSIGN(const auto made, call.desk.guests.Make(id, guest, expires_at, call.caller));
  spdlog::info(R"("event":"guest.link_made","guest":"{}")", ToText(guest));
  return Reply{.status = 201,
               .json = {{"link", call.desk.guest_origin + "/#/guest/" + made.secret},
                        {"expires_at", ToText(made.expires_at)},
                        {"said", said}}};
}

Result<Reply> RevokeLink(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  SCHAKEL_ASSIGN(const RecordId guest, call.Record("guest"));
  SCHAKEL_TRY(call.desk.guests.Revoke(id, guest, call.caller));
  spdlog::info(R"("event":"guest.link_revoked","guest":"{}")", ToText(guest));
  return Reply{.json = Json::object()};
}

// ---- The guest ----

std::string GuestCookie(const std::string& secret, std::chrono::seconds lasts) {
  return std::string(kGuestCookieName) + "=" + secret +
         "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(lasts.count());
}

// Whatever cookie comes along is not looked at: the session is always a new one.
Result<Reply> Enter(Call& call) {
  Input input(call.body);
  const std::string token = input.RequiredText("token");
  SCHAKEL_TRY(input.Finish());
  if (call.visitor.local) {
    return Fail(Code::kInvalid, "login.local", {}, "the local socket needs no login; use the address over the network");
  }
  SCHAKEL_ASSIGN(const auto entered, call.desk.guests.Enter(token, call.visitor.address));
  const auto lasts = std::chrono::duration_cast<std::chrono::seconds>(entered.expires_at - call.desk.clock.Now());
  return Reply{.status = 201,
               .json = {{"csrf", CsrfOf(entered.session)}, {"expires_at", ToText(entered.expires_at)}},
               .headers = {{"Set-Cookie", GuestCookie(entered.session, lasts)}}};
}

// Behind a session alone: the user of the socket is no guest.
Result<GuestService::Visit> Own(const Call& call) {
  if (call.visitor.guest) return *call.visitor.guest;
  return Fail(Code::kUnauthenticated, "guest.session", {}, "open your link again");
}

Result<Reply> Leave(Call& call) {
  SCHAKEL_TRY(Own(call));
  call.desk.guests.Leave(call.visitor.secret);
  return Reply{.json = Json::object(), .headers = {{"Set-Cookie", GuestCookie("", std::chrono::seconds(0))}}};
}

Json AnswerView(const AttendBody& answer) {
  return {{"attending", Slug(answer.attending)},
          {"comment", answer.comment},
          {"counter", answer.counter ? SlotView(*answer.counter) : Json(nullptr)}};
}

Result<Reply> Look(Call& call) {
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_ASSIGN(const auto view, call.desk.guests.Look(visit));
  Json dates = Json::array();
  for (std::size_t i = 0; i < view.proposal.slots.size(); ++i) {
    Json date = SlotView(view.proposal.slots[i]);
    date["choice"] = i < view.choices.size() ? Json(Slug(view.choices[i])) : Json(nullptr);
    dates.push_back(std::move(date));
  }
  Json occurrences = Json::array();
  for (const auto& one : view.occurrences) {
    Json row = SlotView(one.slot);
    row["occurrence"] = ToText(one.occurrence);
    row["answer"] = one.answer ? AnswerView(*one.answer) : Json(nullptr);
    occurrences.push_back(std::move(row));
  }
  const bool place_fixed = view.fixed && !view.fixed->place.empty();
  Json json = {{"title", view.proposal.title},
               {"kind", Slug(view.proposal.kind)},
               {"place", place_fixed ? view.fixed->place : view.proposal.place},
               {"agenda", view.proposal.agenda},
               {"invited_by", view.convener},
               {"guest", {{"name", view.guest.name}, {"who", Slug(view.guest.who)}}},
               {"dates", std::move(dates)},
               {"answer_by", TimeView(view.proposal.answer_by)},
               {"date", view.fixed ? SlotView(view.fixed->slot) : Json(nullptr)},
               {"occurrences", std::move(occurrences)},
               {"revision", view.revision},
               {"answer", view.answer ? AnswerView(*view.answer) : Json(nullptr)},
               {"csrf", CsrfOf(call.visitor.secret)}};
  return Reply{.json = std::move(json)};
}

Result<Reply> Calendar(Call& call) {
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_ASSIGN(std::string text, call.desk.guests.Calendar(visit, call.desk.calendar, call.language));
  return Reply{.type = "text/calendar; charset=utf-8", .raw = std::move(text)};
}

// Of the record, and whom it went to, a guest hears nothing.
Result<Reply> Noted(const Result<Sent>& sent) {
  if (!sent) return std::unexpected(sent.error());
  return Reply{.status = 201, .json = Json::object()};
}

Result<Reply> Vote(Call& call) {
  Input input(call.body);
  VoteBody vote;
  vote.choices = input.Words<VoteChoice>("choices", &ParseVoteChoice);
  vote.comment = input.Text("comment");
  if (vote.choices.empty()) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "choices");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  return Noted(call.desk.guests.Vote(visit, std::move(vote), call.patience));
}

Result<Reply> Answer(Call& call) {
  Input input(call.body);
  AttendBody answer;
  answer.attending = input.RequiredWord("attending", Attending::kAccepted, &ParseAttending);
  answer.comment = input.Text("comment");
  answer.counter = input.OptionalSlot("counter");
  answer.occurrence = input.Time("occurrence");
  const auto revision = input.Number("revision");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  std::optional<std::uint32_t> seen;
  if (revision) seen = static_cast<std::uint32_t>(std::min<std::uint64_t>(*revision, ~std::uint32_t{0}));
  return Noted(call.desk.guests.Answer(visit, std::move(answer), seen, call.patience));
}

// ---- The young person ----

Result<Reply> Report(Call& call) {
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  const auto patience = call.patience.count() > 0 ? call.patience : kReportPatience;
  SCHAKEL_ASSIGN(const auto files, call.desk.guests.Report(visit, call.desk.report, patience));
  Json list = Json::array();
  for (const ReportFile& file : files) {
    list.push_back({{"name", file.name}, {"type", file.type}, {"content", ToBase64(AsBytes(file.bytes))}});
  }
  return Reply{.json = {{"files", std::move(list)}}};
}

Result<Reply> Consents(Call& call) {
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_ASSIGN(const auto consents, call.desk.guests.Consents(visit));
  Json list = Json::array();
  for (const auto& one : consents) {
    list.push_back({{"id", ToText(one.grant.id)},
                    {"to", one.recipient},
                    {"purposes", Slugs(one.grant.purposes, AllPurposes())},
                    {"categories", Slugs(one.grant.categories, AllCategories())},
                    {"begins_at", ToText(one.grant.terms.begins_at)},
                    {"ends_at", ToText(one.grant.ends_at)},
                    {"recorded_by", one.author},
                    {"withdrawable", one.ours_to_withdraw}});
  }
  return Reply{.json = {{"consents", std::move(list)}}};
}

Result<Reply> TakeBack(Call& call) {
  Input input(call.body);
  const std::string reason = input.Text("reason");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  const std::string& grant = call.path.at("grant");
  return Noted(call.desk.guests.Withdraw(visit, grant, reason, call.desk.grants, call.patience));
}

const Route kRoutes[] = {
    {"GET", "/v1/tables/{table}/guests", &List},
    {"POST", "/v1/tables/{table}/guests", &Invite},
    {"POST", "/v1/tables/{table}/guests/{guest}/removal", &TakeOff},
    {"POST", "/v1/tables/{table}/guests/{guest}/link", &MakeLink},
    {"DELETE", "/v1/tables/{table}/guests/{guest}/link", &RevokeLink},
    {"POST", "/v1/guest/session", &Enter},
    {"DELETE", "/v1/guest/session", &Leave},
    {"GET", "/v1/guest/meeting", &Look},
    {"GET", "/v1/guest/meeting.ics", &Calendar},
    {"POST", "/v1/guest/votes", &Vote},
    {"POST", "/v1/guest/answer", &Answer},
    {"GET", "/v1/guest/report", &Report},
    {"GET", "/v1/guest/consents", &Consents},
    {"POST", "/v1/guest/consents/{grant}/withdrawal", &TakeBack},
};

}  // namespace
}  // namespace schakel::guests_routes

namespace schakel {

std::span<const Route> GuestRoutes() { return guests_routes::kRoutes; }

}  // namespace schakel
