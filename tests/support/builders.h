// Builders that the tests share: a small region of organisations with fixed keys, and headers, grants and trajectories
// between them. Everything here is the same on every run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/crypto.h"
#include "protocol/policy.h"
#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/seams.h"

namespace schakel::test {

inline constexpr Timestamp kNow{std::chrono::milliseconds(1'795'464'000'000)};  // 2026-11-23T20:00:00Z
inline constexpr std::chrono::milliseconds kTick{1};
inline constexpr std::chrono::hours kHour{1};
inline constexpr std::chrono::hours kDay{24};
inline constexpr std::string_view kHub = "schakel.example/gent";  // The log's origin.

// ---- Ids and bytes ----

// "000000000000000000000000000000ab" for 0xab: easy to recognise in a failure.
template <Id128Type Id>
Id IdOfNumber(std::uint64_t number) {
  Id128 value{};
  for (std::size_t i = 0; i < 8; ++i) value[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return Id(value);
}
inline RecordId RecordNo(std::uint64_t number) { return IdOfNumber<RecordId>(number); }
inline TrajectoryId TrajectoryNo(std::uint64_t number) { return IdOfNumber<TrajectoryId>(number); }

template <std::size_t size>
std::array<std::uint8_t, size> Filled(std::uint8_t byte) {
  std::array<std::uint8_t, size> out;
  out.fill(byte);
  return out;
}

// A generator that anyone can repeat: SHA-256(seed ‖ counter), block after block.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : seed_(seed) {}
  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) {
      if (used_ == block_.size()) NextBlock();
      byte = block_[used_++];
    }
  }

 private:
  void NextBlock() {
    std::array<std::uint8_t, 16> input;
    for (std::size_t i = 0; i < 8; ++i) {
      input[i] = static_cast<std::uint8_t>(seed_ >> (8 * i));
      input[8 + i] = static_cast<std::uint8_t>(counter_ >> (8 * i));
    }
    ++counter_;
    block_ = Sha256(input);
    used_ = 0;
  }
  std::uint64_t seed_;
  std::uint64_t counter_ = 0;
  Hash32 block_{};
  std::size_t used_ = sizeof(Hash32);
};

// ---- Organisations ----

// The lead of most tests, and its partners.
inline const OrgId kYouthCare("stappen-gent");
inline const OrgId kPsychiatry("karus-gent");
inline const OrgId kSchool("clb-gent");
inline const OrgId kPolice("politie-gent");
inline const OrgId kWelfare("caw-gent");
inline const OrgId kCourt("jeugdrechtbank-gent");  // Behind the court wall.
inline const OrgId kStranger("niemand-gent");      // Not enrolled.

// The secret keys of an organisation, derived from its name.
struct OrgSecrets {
  SigningKey record;
  SigningKey cosign;
  TransportKey transport;
  AgreementKey hpke;

  OrgKeys Public() const { return {record.public_key, cosign.public_key, transport.public_key, hpke.public_key}; }
};
inline Hash32 SeedOf(std::string_view use, std::string_view name) {
  return Sha256({AsBytes("schakel/test/"), AsBytes(use), AsBytes("/"), AsBytes(name)});
}
inline OrgSecrets SecretsOf(const OrgId& organisation) {
  const std::string& name = organisation.value();
  return {SigningKey::FromSeed(SeedOf("record", name)), SigningKey::FromSeed(SeedOf("cosign", name)),
          TransportKey::FromSecret(SeedOf("transport", name)), AgreementKey::FromSecret(SeedOf("hpke", name))};
}
inline RecipientKey RecipientKeyOf(const OrgId& organisation) {
  return {organisation, AgreementKey::FromSecret(SeedOf("hpke", organisation.value())).public_key};
}
inline SigningKey HubLogKey() { return SigningKey::FromSeed(SeedOf("hub-log", kHub)); }
inline NoteVerifier HubLogVerifier() { return {std::string(kHub), HubLogKey().public_key}; }
inline SigningKey RegistrarKey(unsigned number) {
  return SigningKey::FromSeed(SeedOf("registrar", std::to_string(number)));
}
// Registrars 1 to `count`, of whom `threshold` must sign.
inline Registrars RegistrarsOf(std::size_t threshold, unsigned count) {
  Registrars registrars{.threshold = threshold, .keys = {}};
  for (unsigned i = 1; i <= count; ++i) registrars.keys.push_back(RegistrarKey(i).public_key);
  return registrars;
}
inline SignedStatement SignedBy(const Statement& statement, std::initializer_list<unsigned> registrars) {
  SignedStatement out{.statement = EncodeStatement(statement), .signatures = {}};
  for (unsigned number : registrars) out.signatures.push_back(SignStatement(out.statement, RegistrarKey(number)));
  return out;
}
inline OrgStatement StatementOf(const OrgId& organisation, std::string_view sector, std::uint64_t serial = 1) {
  return {.organisation = organisation,
          .serial = serial,
          .name = "Organisatie " + organisation.value(),
          .sector = Sector(std::string(sector)),
          .status = OrgStatus::kActive,
          .keys = SecretsOf(organisation).Public(),
          .issued_at = kNow - 30 * kDay};
}
inline CategorySet AllCategorySet() {
  CategorySet all;
  for (Category category : AllCategories()) all.Add(category);
  return all;
}
// Police: identity, safety, agreements; never health.
inline CeilingStatement Ceilings() {
  return {.serial = 1,
          .rows = {{Sector("police"), {Category::kIdentity, Category::kSafety, Category::kAgreements}, false},
                   {Sector("psychiatry"), AllCategorySet(), false},
                   {Sector("school-support"),
                    {Category::kIdentity, Category::kSchool, Category::kAgreements, Category::kGoals},
                    false},
                   {Sector("welfare"), AllCategorySet(), false},
                   {Sector("youth-care"), AllCategorySet(), false},
                   {Sector("youth-court"), AllCategorySet(), true}},
          .issued_at = kNow - 30 * kDay};
}
// All six, and the ceilings; registrars 1 to 3 of whom two sign.
inline Directory DirectoryOfSix() {
  static const Directory directory = [] {
    Directory made(RegistrarsOf(2, 3));
    const std::pair<OrgId, std::string_view> organisations[] = {
        {kYouthCare, "youth-care"}, {kPsychiatry, "psychiatry"}, {kSchool, "school-support"},
        {kPolice, "police"},        {kWelfare, "welfare"},       {kCourt, "youth-court"}};
    for (const auto& [organisation, sector] : organisations) {
      SCHAKEL_ASSERT(made.Apply(SignedBy(StatementOf(organisation, sector), {1, 3})).has_value());
    }
    SCHAKEL_ASSERT(made.Apply(SignedBy(Ceilings(), {2, 3})).has_value());
    return made;
  }();
  return directory;
}
inline Directory WithSuspended(const Directory& directory, const OrgId& organisation) {
  Directory changed = directory;
  OrgStatement statement = changed.Find(organisation)->statement;
  ++statement.serial;
  statement.status = OrgStatus::kSuspended;
  SCHAKEL_ASSERT(changed.Apply(SignedBy(statement, {1, 2})).has_value());
  return changed;
}

// ---- Headers ----

inline const TrajectoryId kOurs = TrajectoryNo(0x0a);
inline const TrajectoryId kOther = TrajectoryNo(0x0b);

inline KeyId SignerOf(const OrgId& organisation) {
  static std::mutex mutex;
  static std::map<OrgId, KeyId> known;
  std::scoped_lock lock(mutex);
  auto [found, is_new] = known.try_emplace(organisation);
  if (is_new) {
    found->second = IdOf(SigningKey::FromSeed(SeedOf("record", organisation.value())).public_key);
  }
  return found->second;
}

// Content about the goals, for the coordination of care.
inline Header NoteBy(const OrgId& author, const TrajectoryId& trajectory = kOurs, std::uint64_t number = 0x100) {
  return {.kind = Kind::kNote,
          .id = RecordNo(number),
          .author = author,
          .signer = SignerOf(author),
          .trajectory = trajectory,
          .thread = RecordNo(number),
          .purpose = Purpose::kCareCoordination,
          .categories = {Category::kGoals},
          .basis = std::nullopt,
          .created_at = kNow,
          .references = {},
          .seen = {},
          .control = {}};
}
inline Header Says(const OrgId& author, Control control, std::uint64_t number, const TrajectoryId& trajectory = kOurs) {
  Header header = NoteBy(author, trajectory, number);
  header.kind = *KindOf(control);
  header.categories = {};
  header.control = std::move(control);
  return header;
}

// ---- Grants and trajectories ----

// Consent of the young person for goals and agreements, from a day ago until tomorrow.
inline GrantGive GrantTo(const OrgId& recipient) {
  return {.recipient = recipient,
          .purposes = {Purpose::kCareCoordination},
          .categories = {Category::kGoals, Category::kAgreements},
          .begins_at = kNow - kDay,
          .ends_at = kNow + kDay,
          .basis = Basis::kConsent,
          .grantor = Grantor::kYoungPerson,
          .evidence = Filled<32>(0xe1),
          .recorded_by = Filled<16>(0x51),
          .witnessed_by = std::nullopt,
          .oral = false};
}
// Under shared professional secrecy, all declared that must be.
inline GrantGive SecrecyTo(const OrgId& recipient) {
  GrantGive grant = GrantTo(recipient);
  grant.basis = Basis::kSharedSecrecy;
  grant.grantor = Grantor::kProfessional;
  grant.secrecy = SharedSecrecy{Sought::kRefused, true, true};
  return grant;
}
// For a day from now on.
inline GrantGive EmergencyTo(const OrgId& recipient) {
  GrantGive grant = GrantTo(recipient);
  grant.basis = Basis::kEmergency;
  grant.grantor = Grantor::kProfessional;
  grant.begins_at = kNow;
  return grant;
}
// Of the decree, chaired by `participants`' first, for the coordination of care; from a day ago, two days long.
inline CaseFrame FrameOf(std::initializer_list<OrgId> participants) {
  CaseFrame frame{.ground = FrameGround::kDecree,
                  .document = Filled<32>(0xd0),
                  .chair = *participants.begin(),
                  .participants = participants,
                  .purposes = {Purpose::kCareCoordination},
                  .begins_at = kNow - kDay,
                  .ends_at = kNow + kDay};
  std::sort(frame.participants.begin(), frame.participants.end());
  return frame;
}
inline GrantGive FramedTo(const OrgId& recipient, const RecordId& frame) {
  GrantGive grant = GrantTo(recipient);
  grant.basis = Basis::kCaseConsultation;
  grant.grantor = Grantor::kProfessional;
  grant.frame = frame;
  return grant;
}
// The region says `rules`.
inline Directory WithRules(const Directory& directory, const RegionRules& rules) {
  Directory changed = directory;
  const std::uint64_t serial = directory.rules_statement() ? directory.rules_statement()->serial + 1 : 1;
  SCHAKEL_ASSERT(changed.Apply(SignedBy(RulesStatement{serial, rules, kNow}, {1, 2})).has_value());
  return changed;
}
inline Directory WithParentsRule(const Directory& directory, ParentsRule parents) {
  RegionRules rules = directory.rules();
  rules.parents = parents;
  return WithRules(directory, rules);
}
inline PolicyState StateAfter(const std::vector<Header>& headers) {
  PolicyState state;
  for (const Header& header : headers) state.Apply(header);
  return state;
}
// The statements after which `members` take part in `trajectory`, led by kYouthCare; records 0x10, 0x11, ..
inline std::vector<Header> Membership(std::initializer_list<OrgId> members, const TrajectoryId& trajectory = kOurs,
                                      Stage stage = Stage::kCapable) {
  std::vector<Header> headers{Says(kYouthCare, TrajectoryOpen{stage}, 0x10, trajectory)};
  std::uint64_t number = 0x11;
  for (const OrgId& member : members) {
    headers.push_back(Says(kYouthCare, MemberInvite{member, kNow + kDay, stage}, number, trajectory));
    headers.push_back(Says(member, MemberJoin{RecordNo(number)}, number + 1, trajectory));
    number += 2;
  }
  return headers;
}

// "grant 00…50", "permit" or the slug of the denial: for comparing, and for reading when it fails.
inline std::string Said(const Decision& decision) {
  if (const auto* denial = std::get_if<Denial>(&decision)) return std::string(Slug(*denial));
  const auto& grant = std::get<Permit>(decision).grant;
  return grant ? "grant " + ToText(*grant) : "permit";
}
// "ok", or the rule.
inline std::string Said(const Status& status) { return status ? "ok" : status.error().rule; }

}  // namespace schakel::test
