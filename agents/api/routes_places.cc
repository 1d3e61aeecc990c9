// Places that partners may ask for: those that are open, ours, and who asked for them.
#include <algorithm>

#include "dossier_views.h"
#include "router.h"
#include "screened.h"

namespace schakel::places_routes {
namespace {

Json HoldView(const CaseHold& one, const JsonViews& views, Timestamp now) {
  return {{"id", ToText(one.id)},
          {"holder", views.Organisation(one.holder)},
          {"state", Slug(one.StateAt(now))},
          {"at", ToText(one.at)},
          {"expires_at", ToText(one.expires_at)},
          {"ends_at", ToText(one.ends_at)},
          {"answered_at", TimeView(one.answered_at)},
          {"released_at", TimeView(one.released_at)}};
}

Json PlacesView(const Call& call, const CasePlaces& one, const ReadRecords& read) {
  const JsonViews views = call.Views();
  const Timestamp now = call.desk.clock.Now();
  Json holds = Json::array();
  for (const CaseHold& hold : one.holds) holds.push_back(HoldView(hold, views, now));
  const bool ours = one.owner == call.desk.engine.Self();
  return {{"id", ToText(one.id)},
          {"owner", views.Organisation(one.owner)},
          {"ours", ours},
          {"at", ToText(one.at)},
          {"places", one.terms.places},
          {"hold_minutes", one.terms.hold_minutes},
          {"ends_at", ToText(one.terms.ends_at)},
          {"open", one.IsOpenAt(now)},
          // Who does not offer them sees its own holds alone.
          {"free", ours ? Json(one.FreeAt(now)) : Json(nullptr)},
          {"full", ours ? one.FreeAt(now) == 0 : one.told_full},
          {"agreement_ended", !ours && !call.desk.places.CheckAgreed(one)},
          {"taken_at", TimeView(one.taken_at)},
          {"to", ours ? views.Organisations({one.to.begin(), one.to.end()}) : Json::array()},
          {"holds", std::move(holds)},
          {"record", read.View(one.id, views)}};
}

Result<PlaceSearch> ReadSearch(const Call& call) {
  PlaceSearch search;
  if (const std::string kind = call.Asked("kind"); !kind.empty()) {
    SCHAKEL_ASSIGN(search.kind, InField(ParsePlaceKind(kind), "kind"));
  }
  if (const std::string age = call.Asked("age"); !age.empty()) {
    const auto number = WholeNumber(age);
    if (!number || *number > kPlaceAgeMax) {
      return Fail(Code::kInvalid, "place.age", "age", "give an age in years, up to 30");
    }
    search.age = static_cast<std::uint32_t>(*number);
  }
  search.words = call.Asked("words");
  SCHAKEL_ASSIGN(search.then, call.AskedTime("free_at"));
  search.all = call.Asks("all", "true");
  return search;
}

Result<ReadRecords> ReadAll(const Call& call, const std::vector<RecordId>& ids) {
  SCHAKEL_ASSIGN(auto shown, call.desk.reading.Show(ids, call.caller));
  return ReadRecords(std::move(shown));
}

// What a place is stands in the words of its owner: showing it is a view of those. What whoever asks wrote is for who
// looks at the place itself.
Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const PlaceSearch search, ReadSearch(call));
  SCHAKEL_ASSIGN(const auto page,
                 call.PageOf(call.desk.places.Find(search), [](const CasePlaces& one) { return ToText(one.id); }));
  std::vector<RecordId> ids;
  for (const CasePlaces& one : page.items) ids.push_back(one.id);
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  Json list = Json::array();
  for (const CasePlaces& one : page.items) list.push_back(PlacesView(call, one, read));
  return Reply{.json = {{"places", std::move(list)}, {"next", page.next}}};
}

Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("place"));
  SCHAKEL_ASSIGN(const CasePlaces places, call.desk.places.Show(id));
  std::vector<RecordId> ids = {places.id};
  for (const CaseHold& one : places.holds) {
    for (const RecordId& record : {one.id, one.answer, one.release}) {
      if (!IsNone(record)) ids.push_back(record);
    }
  }
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const JsonViews views = call.Views();
  Json json = PlacesView(call, places, read);
  Json& holds = json["holds"];
  for (std::size_t i = 0; i < places.holds.size(); ++i) {
    const CaseHold& one = places.holds[i];
    holds[i]["record"] = read.View(one.id, views);
    holds[i]["answer"] = read.View(one.answer, views);
    holds[i]["release"] = read.View(one.release, views);
  }
  return Reply{.json = std::move(json)};
}

// Too large a number is refused as any other, whatever is left of it in 32 bits.
std::uint32_t ReadNumber(Input& input, const char* field, std::uint32_t otherwise) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(input.Number(field).value_or(otherwise), ~std::uint32_t{0}));
}

// Whom it goes to, nobody chooses.
Audience HowOf(const Call& call, Input& input) {
  Audience audience;
  audience.preview = input.Flag("preview", false);
  audience.patience = call.patience;
  return audience;
}

Result<Reply> Offer(Call& call) {
  Input input(call.body);
  PlaceOfferBody body;
  body.kind = input.RequiredWord("kind", PlaceKind::kTimeOut, &ParsePlaceKind);
  body.title = input.RequiredText("title");
  body.text = input.Text("text");
  body.age_from = ReadNumber(input, "age_from", 0);
  body.age_to = ReadNumber(input, "age_to", 0);
  body.words = input.Texts("words");
  body.place = input.Text("place");
  body.contact = input.Text("contact");
  PlaceOffer terms;
  terms.places = ReadNumber(input, "places", 1);
  constexpr std::uint32_t kUsualWait = 4 * 60;  // An answer the same day.
  terms.hold_minutes = ReadNumber(input, "hold_minutes", kUsualWait);
  input.RequiredText("ends_at");
  terms.ends_at = input.Time("ends_at").value_or(Timestamp{});
  const std::vector<std::string> to = input.Texts("to");  // Sectors, too.
  input.MustNameSomebody("to");
  Audience audience = call.ReadHow(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(audience.named, call.desk.consultations.Addressees({}, to, call.desk.profiles));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.places.Offer(body, terms, audience));
  return call.Sending(sent);
}

Result<Reply> Hold(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("place"));
  Input input(call.body);
  PlaceService::Ask ask{.offer = id, .body = {}, .wait_until = {}, .ends_at = {}};
  ask.body.needs = input.RequiredText("needs");
  ask.body.age_from = ReadNumber(input, "age_from", 0);
  ask.body.age_to = ReadNumber(input, "age_to", 0);
  ask.body.begins_at = input.Time("begins_at");
  ask.body.urgency = input.Word("urgency", Urgency::kNormal, &ParseUrgency);
  ask.wait_until = input.Time("wait_until");
  input.RequiredText("ends_at");
  ask.ends_at = input.Time("ends_at").value_or(Timestamp{});
  Screening screening;
  screening.overruled = input.Flag("accept_findings", false);
  const Audience audience = HowOf(call, input);
  SCHAKEL_TRY(input.Finish());
  return Screened(call, call.desk.places.Hold(ask, audience, screening), screening);
}

Result<Reply> Answer(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("hold"));
  Input input(call.body);
  const bool agreed = input.Flag("agreed", false);
  if (!call.body.contains("agreed")) {
    input.Refuse({Code::kInvalid, "body.required", "agreed", "say whether you agree"}, "agreed");
  }
  const MessageBody body{input.Text("text")};
  const Audience audience = HowOf(call, input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.places.Answer(id, agreed, body, audience));
  return call.Sending(sent);
}

Result<Reply> Release(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("hold"));
  Input input(call.body);
  const MessageBody body{input.Text("text")};
  Screening screening;
  screening.overruled = input.Flag("accept_findings", false);
  const Audience audience = HowOf(call, input);
  SCHAKEL_TRY(input.Finish());
  return Screened(call, call.desk.places.Release(id, body, audience, screening), screening);
}

Result<Reply> Close(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("place"));
  Input input(call.body);
  const MessageBody body{input.Text("text")};
  const Audience audience = HowOf(call, input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.places.Close(id, body, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/places", &List, {"kind", "age", "words", "free_at", "all", "limit", "cursor"}},
    {"POST", "/v1/places", &Offer},
    {"GET", "/v1/places/{place}", &Show},
    {"POST", "/v1/places/{place}/holds", &Hold},
    {"POST", "/v1/places/{place}/closing", &Close},
    {"POST", "/v1/holds/{hold}/answer", &Answer},
    {"POST", "/v1/holds/{hold}/release", &Release},
};

}  // namespace
}  // namespace schakel::places_routes

namespace schakel {

std::span<const Route> PlaceRoutes() { return places_routes::kRoutes; }

}  // namespace schakel
