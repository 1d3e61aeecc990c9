#include "guest_names.h"

#include <algorithm>

#include "agents/guests.h"
#include "agents/person_name.h"
#include "fold.h"

namespace schakel {
namespace {

bool ByLink(const CaseRecord& record) {
  if (const auto* vote = As<VoteBody>(record)) return vote->by_link;
  if (const auto* plan = As<FamilyPlanBody>(record)) return plan->by_link;
  if (const auto* message = As<SupporterMessageBody>(record)) return message->by_link;
  const auto* answer = As<AttendBody>(record);
  return answer != nullptr && answer->by_link;
}

AccessRow::What WhatOf(GuestEvent::What what) {
  switch (what) {
    case GuestEvent::What::kMade:
      return AccessRow::What::kLinkMade;
    case GuestEvent::What::kUsed:
      return AccessRow::What::kLinkOpened;
    case GuestEvent::What::kRefused:
      return AccessRow::What::kLinkRefused;
    case GuestEvent::What::kRevoked:
      return AccessRow::What::kLinkRevoked;
  }
  return AccessRow::What::kLinkRefused;
}

}  // namespace

GuestNames::GuestNames(const Engine& engine, Cases& cases, const TrajectoryId& id)
    : self_(engine.Self()), trajectory_(id), names_by_role_(engine.Rules().names_by_role) {
  cases.With([&](CaseFile& file) {
    const auto records = file.RecordsOf(id);
    for (const CaseRecord* record : records) {
      const Header& header = record->held.header;
      const auto* body = As<GuestBody>(*record);
      if (body == nullptr || header.author != self_) continue;
      Guest guest{header.id, body->who, GuestPersonName(body->name, header.id)};
      by_person_[PersonKey(guest.person)] = guests_.size();
      guests_.push_back(std::move(guest));
    }
    if (guests_.empty()) return;
    for (const CaseRecord* record : records) {
      if (record->held.header.author != self_ || !ByLink(*record)) continue;
      for (const RecordId& named : record->held.header.references) {
        if (const Guest* guest = Find(named)) {
          by_word_[record->held.header.id] = static_cast<std::size_t>(guest - guests_.data());
        }
      }
    }
  });
}

const GuestNames::Guest* GuestNames::Find(const RecordId& id) const {
  const auto found = std::ranges::find(guests_, id, &Guest::id);
  return found == guests_.end() ? nullptr : &*found;
}

const GuestNames::Guest* GuestNames::FindPerson(const std::string& person) const {
  const auto found = by_person_.find(PersonKey(person));
  return found == by_person_.end() ? nullptr : &guests_[found->second];
}

void GuestNames::Mark(AccessRow& row) const {
  if (row.organisation != self_ || guests_.empty()) return;
  if (names_by_role_ && row.about && FindPerson(*row.about) != nullptr) row.about = std::nullopt;
  const Guest* guest = row.person ? FindPerson(*row.person) : nullptr;
  if (row.what == AccessRow::What::kSent) {
    const auto said = by_word_.find(row.record);
    if (said != by_word_.end()) guest = &guests_[said->second];
  }
  if (guest == nullptr) return;
  row.guest = guest->who;
  row.role = std::nullopt;  // The hub's log knows no other than that of a worker.
  row.person = names_by_role_ ? std::nullopt : std::optional(guest->person);
}

std::vector<AccessRow> GuestNames::LinksIn(const std::map<RecordId, std::vector<GuestEvent>>& by_guest) const {
  std::vector<AccessRow> rows;
  for (const Guest& guest : guests_) {
    const auto events = by_guest.find(guest.id);
    if (events == by_guest.end()) continue;
    for (const GuestEvent& event : events->second) {
      AccessRow row;
      row.at = event.at;
      row.what = WhatOf(event.what);
      row.organisation = self_;
      row.trajectory = trajectory_;
      row.record = guest.id;
      row.person = event.by.empty() ? guest.person : event.by;
      Mark(row);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace schakel
