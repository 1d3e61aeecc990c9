// Who comes to a place that was agreed: a name and needs, from the holder to the owner alone, for as long as the stay
// lasts (docs/places.md). The rules of the protocol hold to it; here, that the young person agreed, and that it is
// forgotten some time after the stay.
// Threads, durability, errors: as services.h. What the rules of the protocol refuse comes as "place.<rule>".
#pragma once

#include <optional>

#include "agents/places.h"

namespace schakel {

// Who agreed that the name goes along. Kept at home.
enum class EnrolmentConsent : std::uint8_t { kYoungPerson = 1, kParent, kGuardian };
inline constexpr EnrolmentConsent kEnrolmentConsentLast = EnrolmentConsent::kGuardian;
std::string_view Slug(EnrolmentConsent value);
Result<EnrolmentConsent> ParseEnrolmentConsent(std::string_view slug);  // kInvalid ("vocabulary.enrolment_consent").

struct Enrolment {
  RecordId hold;
  RecordId offer;
  OrgId holder;
  OrgId owner;
  Timestamp ends_at;       // Of the stay: as was asked for, or when it was given back.
  Timestamp forgotten_at;  // From then on the words are gone here.
  bool may_enrol = false;
  RecordId record;  // The last one; none: nobody was named yet.
  bool forgotten = false;
  std::optional<EnrolmentConsent> agreed_by;  // Of ours.
  friend bool operator==(const Enrolment&, const Enrolment&) = default;
};

class PlaceEnrolmentService {
 public:
  PlaceEnrolmentService(Engine& engine, Cases& cases, PlaceService& places, Clock& clock, std::chrono::days kept)
      : engine_(engine), cases_(cases), places_(places), clock_(clock), kept_(kept) {}

  // To the owner alone. kDenied ("place.holder"): it is not our hold. Said again, the last one counts.
  Result<Sent> Enrol(const RecordId& hold, const PlaceEnrolmentBody& body, EnrolmentConsent agreed_by, const Person& by,
                     const Audience& audience);
  Result<Enrolment> Show(const RecordId& hold);  // kNotFound ("id.unknown").

  // Destroys the words of stays that are that long over. Until it is called they show nowhere all the same.
  Status ForgetOld();

 private:
  Engine& engine_;
  Cases& cases_;
  PlaceService& places_;
  Clock& clock_;
  const std::chrono::days kept_;
};

}  // namespace schakel
