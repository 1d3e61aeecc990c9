#include "agents/place_enrolment.h"

#include <algorithm>

#include "services/body_fields.h"
#include "services/fold.h"
#include "services/kept_rows.h"
#include "services/sending.h"
#include "services/word_lists.h"

namespace schakel {
namespace {

constexpr const char* kEnrolmentSet = "place-enrolments";
constexpr const char* kEnrolmentRow = "place enrolment";
constexpr Word<EnrolmentConsent> kEnrolmentConsents[] = {{EnrolmentConsent::kYoungPerson, "young-person"},
                                                         {EnrolmentConsent::kParent, "parent"},
                                                         {EnrolmentConsent::kGuardian, "guardian"}};

// That somebody agreed, and which of our people says so.
struct AgreedRow {
  Id128 id{};  // The enrolment.
  EnrolmentConsent by = EnrolmentConsent::kYoungPerson;
  std::string person;
};
Bytes EncodeAgreed(const AgreedRow& one) { return BeginKept(3).Binary(one.id).Enum(one.by).Text(one.person).Take(); }
Result<AgreedRow> DecodeAgreed(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_TRY(EnterKept(from, 3, kEnrolmentRow));
  AgreedRow one;
  one.id = from.Fixed<16>("id");
  one.by = from.Enum("by", EnrolmentConsent::kYoungPerson, kEnrolmentConsentLast);
  one.person = from.Text("person", TaskService::kPersonBytesMax);
  return LeaveKept(from, std::move(one), kEnrolmentRow);
}

Timestamp EndOf(const CaseHold& hold) {
  return hold.released_at ? std::min(*hold.released_at, hold.ends_at) : hold.ends_at;
}

// Of that hold, by its holder: in the log's order.
std::vector<const CaseRecord*> EnrolmentsOf(CaseFile& file, const CaseHold& hold) {
  std::vector<const CaseRecord*> found;
  for (const CaseRecord* record : file.RecordsOf(TrajectoryId{})) {
    const HeldRecord& held = record->held;
    const bool is_one = held.header.kind == Kind::kPlaceEnrolment && held.state != RecordState::kRefused &&
                        held.header.author == hold.holder && !held.header.references.empty() &&
                        held.header.references.front() == hold.id;
    if (is_one) found.push_back(record);
  }
  return found;
}

}  // namespace

std::string_view Slug(EnrolmentConsent value) { return SlugIn(kEnrolmentConsents, value); }
Result<EnrolmentConsent> ParseEnrolmentConsent(std::string_view slug) {
  return ParseIn(kEnrolmentConsents, slug, "vocabulary.enrolment_consent");
}

Result<Sent> PlaceEnrolmentService::Enrol(const RecordId& id, const PlaceEnrolmentBody& body,
                                          EnrolmentConsent agreed_by, const Person& by, const Audience& audience) {
  SCHAKEL_ASSIGN(const Enrolment enrolment, Show(id));
  if (enrolment.holder != engine_.Self()) {
    return Fail(Code::kDenied, "place.enroller", "hold", "leave that to who holds the place");
  }
  Draft draft;
  draft.kind = Kind::kPlaceEnrolment;
  draft.thread = enrolment.offer;
  draft.references = {enrolment.hold};
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = {Category::kIdentity, Category::kAgreements};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  // First whether it may be said: whom it would not reach is no reason of the hold.
  SCHAKEL_TRY(engine_.MaySay(draft));
  Audience whom = audience;
  whom.named = {enrolment.owner};
  SCHAKEL_ASSIGN(const Sent sent, Send(engine_, std::move(draft), {}, whom));
  if (sent.outcome == Sent::Outcome::kSent) {
    const AgreedRow row{sent.record.value(), agreed_by, by.name};
    SCHAKEL_TRY(engine_.Keep({{kEnrolmentSet, ToText(sent.record), EncodeAgreed(row)}}));
  }
  return sent;
}

Result<Enrolment> PlaceEnrolmentService::Show(const RecordId& id) {
  SCHAKEL_ASSIGN(const CasePlaces places, places_.Show(id));
  const CaseHold* hold = places.FindHold(id);
  if (hold == nullptr) return Fail(Code::kNotFound, "id.unknown", "hold", "check the id");
  const Timestamp now = clock_.Now();
  Enrolment one;
  one.hold = hold->id;
  one.offer = places.id;
  one.holder = hold->holder;
  one.owner = places.owner;
  one.ends_at = EndOf(*hold);
  one.forgotten_at = one.ends_at + kept_;
  one.may_enrol = hold->holder == engine_.Self() && hold->StateAt(now) == CaseHold::State::kAgreed;
  const bool readable = cases_.With([&](CaseFile& file) {
    const auto all = EnrolmentsOf(file, *hold);
    if (all.empty()) return true;
    one.record = all.back()->held.header.id;
    return all.back()->body.has_value();
  });
  one.forgotten = !IsNone(one.record) && (!readable || now >= one.forgotten_at);
  SCHAKEL_ASSIGN(const auto agreed, ReadKept(engine_, kEnrolmentSet, &DecodeAgreed));
  for (const AgreedRow& row : agreed) {
    if (row.id == one.record.value()) one.agreed_by = row.by;
  }
  return one;
}

Status PlaceEnrolmentService::ForgetOld() {
  const Timestamp now = clock_.Now();
  const std::vector<RecordId> old = cases_.With([&](CaseFile& file) {
    std::vector<RecordId> due;
    for (const CasePlaces& places : file.Places()) {
      for (const CaseHold& hold : places.holds) {
        if (now < EndOf(hold) + kept_) continue;
        for (const CaseRecord* record : EnrolmentsOf(file, hold)) {
          if (record->body && record->held.state != RecordState::kWaiting) due.push_back(record->held.header.id);
        }
      }
    }
    return due;
  });
  for (const RecordId& id : old) {
    SCHAKEL_TRY(engine_.Forget(id));
    SCHAKEL_TRY(engine_.Keep({{kEnrolmentSet, ToText(id), std::nullopt}}));
  }
  return {};
}

}  // namespace schakel
