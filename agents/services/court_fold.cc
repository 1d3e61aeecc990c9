#include "court_fold.h"

#include <algorithm>

#include "fold.h"

namespace schakel {
namespace {

// At its end: none of them has that version.
template <typename List>
auto FindVersion(List& list, const RecordId& id) {
  return std::ranges::find_if(list, [&](const auto& one) {
    return std::ranges::find(one.text.all, id, &CaseVersion::record) != one.text.all.end();
  });
}
template <typename T>
const T* PointerTo(const std::vector<T>& list, const RecordId& id) {
  const auto found = FindVersion(list, id);
  return found == list.end() ? nullptr : &*found;
}

class CourtFold {
 public:
  explicit CourtFold(const OrgId& self) : self_(self) {}

  void Begin(const CaseRecord& record) {
    const Header& header = record.held.header;
    const CaseVersions first{{{header.id, {}, header.author, record.held.at, false}}};
    switch (header.kind) {
      case Kind::kHearing:
        court_.hearings.push_back({first, {}, false});
        return Take(court_.hearings.back(), record);
      case Kind::kCourtPlan:
        court_.plans.push_back({first, {}, {}, {}, false});
        return Take(court_.plans.back(), record, 0);
      case Kind::kRingAnswer:
        if (const auto* body = As<RingAnswerBody>(record)) {
          court_.answers.push_back({header.id, header.author, record.held.at, body->ring, body->key, body->who});
        }
        return;
      default:
        return;
    }
  }

  void GoOn(const CaseRecord& record) {
    const Header& header = record.held.header;
    const RecordId base = header.references.empty() ? RecordId() : header.references.front();
    if (header.kind == Kind::kHearing) {
      const auto found = FindVersion(court_.hearings, header.thread);
      if (found == court_.hearings.end()) return;
      Add(found->text, record, base);
      Take(*found, record);
    } else if (header.kind == Kind::kCourtPlan) {
      const auto found = FindVersion(court_.plans, header.thread);
      if (found == court_.plans.end() || found->text.author() != header.author) return;
      Add(found->text, record, base);
      Take(*found, record, 1);
    }
  }

  // Behind all plans: what was handed over, by us or to us.
  void Share(const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto* shared = As<SharedAgainBody>(record);
    if (shared == nullptr || shared->type != CourtPlanBody::kType || header.references.empty()) return;
    const RecordId& version = header.references.front();
    if (const auto found = FindVersion(court_.plans, version); found != court_.plans.end()) {
      for (const OrgId& to : Reached(self_, record.held)) {
        found->handed.push_back({header.id, version, to, record.held.at});
      }
      return;
    }
    CaseCourtPlan plan;
    plan.text.all.push_back({header.id, {}, header.author, record.held.at, false});
    plan.was_handed = true;
    const auto inner = DecodeBody({shared->type, shared->version, shared->content});
    if (const auto* body = inner ? std::get_if<CourtPlanBody>(&*inner) : nullptr) TakeRings(plan, *body);
    court_.plans.push_back(std::move(plan));
  }

  CaseCourt Finish() { return std::move(court_); }

 private:
  static void Add(CaseVersions& text, const CaseRecord& record, const RecordId& base) {
    const Header& header = record.held.header;
    text.all.push_back({header.id, base, header.author, record.held.at, base != text.current().record});
  }
  static void Take(CaseHearing& one, const CaseRecord& record) {
    const auto* body = As<HearingBody>(record);
    one.cancelled = body != nullptr && body->cancelled;
    one.at = body == nullptr || body->cancelled ? std::nullopt : body->at;
  }
  static void Take(CaseCourtPlan& one, const CaseRecord& record, std::size_t behind) {
    const std::vector<RecordId>& references = record.held.header.references;
    one.rests_on.clear();
    for (std::size_t i = behind; i < references.size(); ++i) one.rests_on.push_back(references[i]);
    one.unanswered.clear();
    if (const auto* body = As<CourtPlanBody>(record)) TakeRings(one, *body);
  }
  static void TakeRings(CaseCourtPlan& one, const CourtPlanBody& body) {
    for (const std::string& slug : body.unanswered) {
      if (const auto ring = ParseAskingRing(slug)) one.unanswered.push_back(*ring);
    }
  }

  const OrgId& self_;
  CaseCourt court_;
};

}  // namespace

bool IsOfCourt(Kind kind) {
  return kind == Kind::kHearing || kind == Kind::kRingAnswer || kind == Kind::kCourtPlan || kind == Kind::kShareAgain;
}

CaseCourt FoldCourt(const OrgId& self, const std::vector<const CaseRecord*>& records) {
  const auto begins = [](const CaseRecord* record) { return record->held.header.thread == record->held.header.id; };
  CourtFold fold(self);
  // Clocks differ: what waits may stand before what it is about.
  for (const CaseRecord* record : records) {
    if (begins(record)) fold.Begin(*record);
  }
  for (const CaseRecord* record : records) {
    if (!begins(record)) fold.GoOn(*record);
  }
  for (const CaseRecord* record : records) {
    if (record->held.header.kind == Kind::kShareAgain) fold.Share(*record);
  }
  return fold.Finish();
}

const CaseHearing* CaseCourt::FindHearing(const RecordId& id) const { return PointerTo(hearings, id); }
const CaseCourtPlan* CaseCourt::FindPlan(const RecordId& id) const { return PointerTo(plans, id); }
bool CaseCourt::HasAnswer(const RecordId& id) const {
  return std::ranges::find(answers, id, &CaseRingAnswer::record) != answers.end();
}

std::vector<AskingRing> UnansweredIn(const CaseCourt& court) {
  std::vector<AskingRing> unanswered;
  for (unsigned value = 1; value <= static_cast<unsigned>(kAskingRingLast); ++value) {
    const auto ring = static_cast<AskingRing>(value);
    if (std::ranges::find(court.answers, ring, &CaseRingAnswer::ring) == court.answers.end())
      unanswered.push_back(ring);
  }
  return unanswered;
}

}  // namespace schakel
