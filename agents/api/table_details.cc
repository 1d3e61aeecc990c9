#include "table_details.h"

#include <algorithm>

namespace schakel {
namespace {

class Details {
 public:
  Details(const Meeting& meeting, const JsonViews& views, const Glance& glance)
      : meeting_(meeting), views_(views), glance_(glance) {}

  Json All() const {
    return {{"poll", Poll()},       {"terms", Terms()},   {"required", Required()},      {"guests", Guests()},
            {"answers", Answers()}, {"series", Series()}, {"occurrences", Occurrences()}};
  }

 private:
  Json Poll() const {
    Json list = Json::array();
    const auto* proposal = glance_.Find<ProposalBody>(meeting_.id);
    if (proposal == nullptr) return list;
    const auto found = FoundDates(meeting_);
    for (std::size_t i = 0; i < meeting_.tallies.size() && i < proposal->slots.size(); ++i) {
      const Meeting::Tally& tally = meeting_.tallies[i];
      list.push_back({{"slot", SlotView(proposal->slots[i])},
                      {"open", IsOpen(meeting_, i)},
                      {"found", std::ranges::find(found, i) != found.end()},
                      {"yes", tally.yes},
                      {"maybe", tally.maybe},
                      {"no", tally.no}});
    }
    return list;
  }
  Json Terms() const {
    const auto* terms = glance_.Find<TermsBody>(meeting_.terms_record);
    if (terms == nullptr) return nullptr;
    Json clients = Json::array();
    for (Speaker one : terms->required_clients) clients.push_back(Slug(one));
    return {{"quorum", terms->quorum},
            {"required", views_.Organisations(terms->required)},
            {"required_clients", std::move(clients)}};
  }
  Json Required() const {
    Json list = Json::array();
    if (!glance_.Has(meeting_.terms_record)) return list;
    for (const RequiredVoice& one : RequiredVoices(meeting_)) {
      const bool client = one.organisation.value().empty();
      list.push_back({{"organisation", views_.Organisation(one.organisation)},
                      {"client", client ? Json(Slug(one.client)) : Json(nullptr)},
                      {"heard", !IsNone(one.record)},
                      {"refuses", one.refuses}});
    }
    return list;
  }
  Json Guests() const {
    Json list = Json::array();
    for (const Meeting::Guest& one : meeting_.guests) {
      const auto* body = glance_.Find<GuestBody>(one.id);
      if (body == nullptr) continue;
      list.push_back({{"id", ToText(one.id)},
                      {"name", body->name},
                      {"who", Slug(body->who)},
                      {"voted", one.vote.has_value()},
                      {"vote", one.vote ? Json(ToText(one.vote->record)) : Json(nullptr)},
                      {"outstanding",
                       std::ranges::find(meeting_.outstanding_guests, one.id) != meeting_.outstanding_guests.end()}});
    }
    return list;
  }
  Json Answers() const {
    Json list = Json::array();
    for (const Meeting::Answer& one : meeting_.answers) {
      const auto* body = glance_.Find<AttendBody>(one.record);
      if (body == nullptr) continue;
      list.push_back({{"record", ToText(one.record)},
                      {"organisation", views_.Organisation(one.organisation)},
                      {"guest", IdView(one.guest)},
                      {"attending", Slug(body->attending)},
                      {"counter", body->counter ? SlotView(*body->counter) : Json(nullptr)},
                      {"occurrence", TimeView(body->occurrence)},
                      {"stale", IsStale(meeting_, one)},
                      {"at", ToText(one.at)}});
    }
    return list;
  }
  Json Series() const {
    if (!glance_.Has(meeting_.fixed) || meeting_.times < 2) return nullptr;
    return {{"every_weeks", meeting_.every_weeks}, {"times", meeting_.times}};
  }
  Json Occurrences() const {
    Json list = Json::array();
    if (!glance_.Has(meeting_.fixed)) return list;
    for (const MeetingSlot& one : OccurrencesOf(meeting_)) {
      const auto change = meeting_.changes.find(one.begins_at);
      Json row = {{"occurrence", ToText(one.begins_at)}, {"slot", SlotView(one)}, {"changed", false}};
      if (change != meeting_.changes.end() && glance_.Has(change->second.record)) {
        row["slot"] = change->second.slot ? SlotView(*change->second.slot) : Json(nullptr);
        row["changed"] = true;
      }
      list.push_back(std::move(row));
    }
    return list;
  }
  const Meeting& meeting_;
  const JsonViews& views_;
  const Glance& glance_;
};

}  // namespace

std::vector<RecordId> RecordsOf(const Meeting& meeting) {
  std::vector<RecordId> ids = {meeting.id};
  const auto add = [&](const RecordId& id) {
    if (!IsNone(id)) ids.push_back(id);
  };
  add(meeting.terms_record);
  for (const Meeting::Guest& guest : meeting.guests) {
    add(guest.id);
    if (guest.vote) add(guest.vote->record);
  }
  add(meeting.family);
  for (const auto& [organisation, vote] : meeting.votes) add(vote.record);
  add(meeting.fixed);
  for (const auto& [begins_at, change] : meeting.changes) add(change.record);
  for (const Meeting::Answer& answer : meeting.answers) add(answer.record);
  add(meeting.cancelled);
  add(meeting.report);
  return ids;
}

Json TableDetails(const Meeting& meeting, const JsonViews& views, const Glance& glance) {
  return Details(meeting, views, glance).All();
}

}  // namespace schakel
