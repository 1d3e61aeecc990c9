#include "methods/family_fold.h"

#include <algorithm>

#include "services/fold.h"

namespace schakel {
namespace {

RecordId ReferenceAt(const Header& header, std::size_t at) {
  return header.references.size() > at ? header.references[at] : RecordId();
}
template <typename List>
auto FindBy(List& list, const RecordId& id) {
  return std::ranges::find_if(list, [&](const auto& one) { return one.id == id; });
}

class FamilyFold {
 public:
  explicit FamilyFold(const std::function<bool(const OrgId&, Timestamp)>& led) : led_(led) {}

  void Begin(const CaseRecord& record) {
    const Header& header = record.held.header;
    if (header.kind == Kind::kFamilyConference) {
      family_.conferences.push_back(
          {header.id, header.author, ReferenceAt(header, 0), {{header.id, FamilyPhase::kInformation, record.held.at}}});
    } else if (header.kind == Kind::kFamilyPlan) {
      const auto* body = As<FamilyPlanBody>(record);
      if (body != nullptr && body->said != FamilyPlanSaid::kPlan) return;
      family_.plans.push_back(
          {header.id, ReferenceAt(header, 0), ReferenceAt(header, 1), header.author, record.held.at, {}});
    }
  }

  void GoOn(const CaseRecord& record) {
    if (record.held.header.kind == Kind::kFamilyConference) Move(record);
    if (record.held.header.kind == Kind::kFamilyPlan) Answer(record);
  }

  // Who reads along in a conversation sees it as a whole, and who the supporter's organisation is.
  void Say(const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto* body = As<SupporterMessageBody>(record);
    const RecordId guest = ReferenceAt(header, 0);
    if (body == nullptr || IsNone(guest)) return;
    auto found = std::ranges::find_if(family_.supporters, [&](const CaseSupporter& one) {
      return one.guest == guest && one.author == header.author;
    });
    if (found == family_.supporters.end()) {
      family_.supporters.push_back({guest, header.author, {}});
      found = std::prev(family_.supporters.end());
    }
    found->messages.push_back({header.id, record.held.at, body->by_link});
  }

  CaseFamily Finish() {
    // What stands under the conference of another is no plan of that family.
    std::erase_if(family_.plans, [&](const CaseFamilyPlan& plan) {
      const auto of = FindBy(family_.conferences, plan.conference);
      return of != family_.conferences.end() && of->coordinator != plan.author;
    });
    return std::move(family_);
  }

 private:
  void Move(const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto* body = As<FamilyConferenceBody>(record);
    const auto found = FindBy(family_.conferences, header.thread);
    if (body == nullptr || found == family_.conferences.end() || found->coordinator != header.author) return;
    if (TellsOfALink(header)) return;
    const auto next = static_cast<std::uint8_t>(static_cast<unsigned>(found->phase()) + 1);
    if (static_cast<std::uint8_t>(body->phase) != next) return;
    found->moves.push_back({header.id, body->phase, record.held.at});
  }
  void Answer(const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto* body = As<FamilyPlanBody>(record);
    const auto found = FindBy(family_.plans, header.thread);
    if (body == nullptr || found == family_.plans.end() || body->said == FamilyPlanSaid::kPlan) return;
    if (led_(header.author, record.held.at)) found->answer = {header.id, body->said, record.held.at};
  }

  const std::function<bool(const OrgId&, Timestamp)>& led_;
  CaseFamily family_;
};

constexpr std::chrono::days kSupporterWaits{14};

}  // namespace

bool TellsOfALink(const Header& header) {
  return header.kind == Kind::kFamilyConference && header.thread != header.id && header.references.size() > 1;
}

bool IsOfFamily(Kind kind) {
  return kind == Kind::kFamilyConference || kind == Kind::kFamilyPlan || kind == Kind::kSupporterMessage;
}

CaseFamily FoldFamily(const std::vector<const CaseRecord*>& records,
                      const std::function<bool(const OrgId&, Timestamp)>& led) {
  const auto begins = [](const CaseRecord* record) { return record->held.header.thread == record->held.header.id; };
  FamilyFold fold(led);
  // Clocks differ: what waits may stand before what it is about.
  for (const CaseRecord* record : records) {
    if (begins(record)) fold.Begin(*record);
  }
  for (const CaseRecord* record : records) {
    if (!begins(record)) fold.GoOn(*record);
    if (record->held.header.kind == Kind::kSupporterMessage) fold.Say(*record);
  }
  return fold.Finish();
}

void AddFamilyTasks(const OrgId& self, const CaseTrajectory& view, Timestamp now, std::vector<InboxItem>& to) {
  const auto add = [&](InboxItem::What what, const RecordId& record, const OrgId& from, Kind kind, Timestamp at) {
    to.push_back({what, record, view.id, from, kind, at, {}, {}, {}});
  };
  for (const CaseSupporter& one : view.family.supporters) {
    const CaseSupporter::Message& last = one.messages.back();
    // Some last words need no answer.
    if (one.author != self || !one.waits() || now >= last.at + kSupporterWaits) continue;
    add(InboxItem::What::kSupporter, last.record, self, Kind::kSupporterMessage, last.at);
  }
  if (view.lead != self) return;
  for (const CaseConference& one : view.family.conferences) {
    const CaseFamilyPlan* plan = view.family.LastPlanOf(one.id);
    if (plan == nullptr || plan->answer) continue;
    add(InboxItem::What::kFamilyPlan, plan->id, plan->author, Kind::kFamilyPlan, plan->at);
  }
}

const CaseConference* CaseFamily::FindConference(const RecordId& id) const {
  const auto found = std::ranges::find_if(conferences, [&](const CaseConference& one) {
    return std::ranges::find(one.moves, id, &CaseConference::Move::record) != one.moves.end();
  });
  return found == conferences.end() ? nullptr : &*found;
}
const CaseConference* CaseFamily::ConferenceAt(const RecordId& table) const {
  const auto found = std::ranges::find(conferences, table, &CaseConference::table);
  return found == conferences.end() || IsNone(table) ? nullptr : &*found;
}
const CaseFamilyPlan* CaseFamily::FindPlan(const RecordId& id) const {
  const auto found = std::ranges::find(plans, id, &CaseFamilyPlan::id);
  return found == plans.end() ? nullptr : &*found;
}
const CaseFamilyPlan* CaseFamily::LastPlanOf(const RecordId& conference) const {
  const CaseFamilyPlan* last = nullptr;
  for (const CaseFamilyPlan& one : plans) {
    if (one.conference == conference) last = &one;
  }
  return last;
}
const CaseSupporter* CaseFamily::FindSupporter(const RecordId& guest) const {
  const auto found = std::ranges::find(supporters, guest, &CaseSupporter::guest);
  return found == supporters.end() ? nullptr : &*found;
}

}  // namespace schakel
