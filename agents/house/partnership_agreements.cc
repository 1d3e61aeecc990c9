// Agreements with partners: rows of the vault, and what they bind.
#include "agents/partnership_agreements.h"

#include <algorithm>
#include <set>

#include "agents/partial_day.h"
#include "optional_time.h"
#include "services/blank.h"
#include "services/body_fields.h"
#include "services/kept_rows.h"
#include "services/network_fields.h"
#include "services/word_lists.h"

namespace schakel {
namespace {

constexpr const char* kPartnershipSet = "partnerships";
constexpr const char* kAgreementSet = "partnership-agreements";
constexpr const char* kAgreementRow = "partnership agreement";
constexpr std::uint64_t kTurnMax = 99;
constexpr std::size_t kWhyBytesMax = 1000;
constexpr Word<AgreementUse> kUses[] = {{AgreementUse::kConsultation, "consultation"},
                                        {AgreementUse::kCrisis, "crisis"},
                                        {AgreementUse::kPlaces, "places"},
                                        {AgreementUse::kActivities, "activities"},
                                        {AgreementUse::kSchool, "school"}};
constexpr Word<AgreementStanding> kStandings[] = {{AgreementStanding::kToCome, "to-come"},
                                                  {AgreementStanding::kStands, "stands"},
                                                  {AgreementStanding::kEnded, "ended"}};

bool Manages(StaffRole role) { return role == StaffRole::kCoordinator || role == StaffRole::kAdministrator; }
Status CheckManages(StaffRole role) {
  if (Manages(role)) return {};
  return Fail(Code::kDenied, "partnership.role", "partnership", "ask a coordinator");
}

bool IsWholeDay(const std::string& text) {
  const auto day = ParsePartialDay(text);
  return day && day->IsWhole();
}

Status CheckAgreement(const PartnershipAgreement& one) {
  const auto bad = [](const char* rule, const char* field, const char* next) {
    return Fail(Code::kInvalid, rule, field, next);
  };
  if (one.uses.empty()) return bad("body.few", "body.uses", "name at least one");
  if (!IsWholeDay(one.from)) return bad("body.whole_day", "body.from", "give a whole day: 2026-03-14");
  if (!one.until.empty() && !IsWholeDay(one.until)) {
    return bad("body.whole_day", "body.until", "give a whole day: 2026-03-14");
  }
  if (!one.until.empty() && one.until < one.from) return bad("body.period", "body.until", "let it end after it begins");
  if (one.contact.size() > kTitleBytesMax) return bad("body.long", "body.contact", "at most 200 bytes");
  if (one.turn > kTurnMax) return bad("body.long", "body.turn", "at most 99");
  return {};
}

bool OrderOf(const PartnershipAgreement& a, const PartnershipAgreement& b) {
  const auto turn = [](const PartnershipAgreement& one) { return one.turn == 0 ? kTurnMax + 1 : one.turn; };
  return std::tuple(turn(a), a.from, a.id) < std::tuple(turn(b), b.from, b.id);
}

// What is registered with an organisation for a use.
enum class Registered : std::uint8_t { kNothing, kEnded, kHolds };

struct Register {
  std::vector<PartnershipAgreement> agreements;
  std::map<Id128, std::string> organisations;  // By partnership, as it says now.
  std::set<Id128> discreet;

  bool IsWith(const PartnershipAgreement& one, const OrgId& partner) const {
    const auto now_is = organisations.find(one.partnership);
    return one.organisation == partner.value() || (now_is != organisations.end() && now_is->second == partner.value());
  }
  // Where nothing is registered for `first`, that for `otherwise` counts.
  Registered With(const OrgId& partner, AgreementUse first, AgreementUse otherwise, Timestamp now) const {
    const Registered found = With(partner, first, now);
    return found == Registered::kNothing ? With(partner, otherwise, now) : found;
  }
  Registered With(const OrgId& partner, AgreementUse use, Timestamp now) const {
    Registered found = Registered::kNothing;
    for (const PartnershipAgreement& one : agreements) {
      if (!IsWith(one, partner) || !one.IsFor(use)) continue;
      const AgreementStanding standing = StandingOf(one, now);
      if (standing == AgreementStanding::kStands) return Registered::kHolds;
      if (standing == AgreementStanding::kEnded) found = Registered::kEnded;
    }
    return found;
  }
};
Result<Register> ReadRegister(const Engine& engine) {
  Register all;
  SCHAKEL_ASSIGN(all.agreements, ReadKept(engine, kAgreementSet, &DecodePartnershipAgreement));
  if (all.agreements.empty()) return all;
  SCHAKEL_ASSIGN(const auto partnerships, ReadKept(engine, kPartnershipSet, &DecodePartnership));
  for (const Partnership& one : partnerships) {
    if (!one.organisation.empty()) all.organisations[one.id] = one.organisation;
    if (one.discreet) all.discreet.insert(one.id);
  }
  return all;
}

std::unexpected<Error> Ended(const OrgId& partner) {
  return Fail(Code::kDenied, "partnership.ended", partner.value(),
              "leave it out, or have a coordinator note the new agreement: schakel partnerships agree");
}

}  // namespace

std::string_view Slug(AgreementUse value) { return SlugIn(kUses, value); }
Result<AgreementUse> ParseAgreementUse(std::string_view slug) {
  return ParseIn(kUses, slug, "vocabulary.agreement_use");
}
std::string_view Slug(AgreementStanding value) { return SlugIn(kStandings, value); }

bool PartnershipAgreement::IsFor(AgreementUse use) const { return std::ranges::find(uses, use) != uses.end(); }

Bytes EncodePartnershipAgreement(const PartnershipAgreement& one) {
  Encoder to = BeginKept(11);
  to.Binary(one.id).Binary(one.partnership).Text(one.organisation).Array(one.uses.size());
  for (const AgreementUse use : one.uses) to.Enum(use);
  to.Text(one.from).Text(one.until).Text(one.contact).Uint(one.turn);
  PutTime(to, one.ended_at);
  return to.Text(one.ended_by).Text(one.why).Take();
}

Result<PartnershipAgreement> DecodePartnershipAgreement(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_TRY(EnterKept(from, 11, kAgreementRow));
  PartnershipAgreement one;
  one.id = from.Fixed<16>("id");
  one.partnership = from.Fixed<16>("partnership");
  one.organisation = from.Text("organisation", kNameBytesMax);
  one.uses.resize(from.ArrayBetween(1, static_cast<std::size_t>(kAgreementUseLast), "uses"));
  for (AgreementUse& use : one.uses) use = from.Enum("use", AgreementUse::kConsultation, kAgreementUseLast);
  one.from = from.Text("from", kDayBytesMax);
  one.until = from.Text("until", kDayBytesMax);
  one.contact = from.Text("contact", kTitleBytesMax);
  one.turn = static_cast<std::uint32_t>(from.Uint("turn", kTurnMax));
  one.ended_at = TakeTime(from, "ended_at");
  one.ended_by = from.Text("ended_by", kTitleBytesMax);
  one.why = from.Text("why", kWhyBytesMax);
  return LeaveKept(from, std::move(one), kAgreementRow);
}

AgreementStanding StandingOf(const PartnershipAgreement& one, Timestamp now) {
  const std::string today = BelgianDay(now);
  if ((one.ended_at && *one.ended_at <= now) || (!one.until.empty() && one.until < today)) {
    return AgreementStanding::kEnded;
  }
  return one.from <= today ? AgreementStanding::kStands : AgreementStanding::kToCome;
}

Status CheckPartners(const Engine& engine, std::span<const OrgId> partners, AgreementUse use, Timestamp now) {
  return CheckPartnersFor(engine, partners, use, use, now);
}

Status CheckPartnersFor(const Engine& engine, std::span<const OrgId> partners, AgreementUse first,
                        AgreementUse otherwise, Timestamp now) {
  SCHAKEL_ASSIGN(const Register all, ReadRegister(engine));
  for (const OrgId& partner : partners) {
    if (all.With(partner, first, otherwise, now) == Registered::kEnded) return Ended(partner);
  }
  return {};
}

Status CheckPartnersAsked(const Engine& engine, std::span<const OrgId> partners, bool today, Timestamp now) {
  const AgreementUse first = today ? AgreementUse::kCrisis : AgreementUse::kConsultation;
  return CheckPartnersFor(engine, partners, first, AgreementUse::kConsultation, now);
}

Result<CrisisOrder> InCrisisOrder(const Engine& engine, const std::vector<OrgId>& candidates, Timestamp now) {
  SCHAKEL_ASSIGN(Register all, ReadRegister(engine));
  CrisisOrder order;
  for (const OrgId& one : candidates) {
    const Registered with = all.With(one, AgreementUse::kCrisis, AgreementUse::kConsultation, now);
    if (with != Registered::kEnded) order.others.push_back(one);
  }
  std::ranges::sort(all.agreements, &OrderOf);
  for (const PartnershipAgreement& agreement : all.agreements) {
    const bool stands = agreement.IsFor(AgreementUse::kCrisis) && !all.discreet.contains(agreement.partnership) &&
                        StandingOf(agreement, now) == AgreementStanding::kStands;
    if (!stands) continue;
    const auto found = std::ranges::find_if(order.others, [&](const OrgId& one) { return all.IsWith(agreement, one); });
    if (found == order.others.end()) continue;
    order.agreed.push_back(*found);
    order.others.erase(found);
  }
  return order;
}

Result<std::vector<PartnershipAgreement>> AgreementRegister::List(StaffRole role) const {
  SCHAKEL_ASSIGN(auto all, ReadKept(engine_, kAgreementSet, &DecodePartnershipAgreement));
  SCHAKEL_ASSIGN(const auto seen, partnerships_.List(role));
  std::erase_if(all, [&](const PartnershipAgreement& one) {
    return std::ranges::find(seen, one.partnership, &Partnership::id) == seen.end();
  });
  const Timestamp now = clock_.Now();
  std::ranges::sort(all, &OrderOf);
  std::ranges::stable_partition(
      all, [&](const PartnershipAgreement& one) { return StandingOf(one, now) != AgreementStanding::kEnded; });
  return all;
}

Result<std::vector<PartnershipAgreement>> AgreementRegister::Standing(AgreementUse use, StaffRole role) const {
  SCHAKEL_ASSIGN(auto all, List(role));
  const Timestamp now = clock_.Now();
  std::erase_if(all, [&](const PartnershipAgreement& one) {
    return !one.IsFor(use) || StandingOf(one, now) != AgreementStanding::kStands;
  });
  return all;
}

Result<PartnershipAgreement> AgreementRegister::Note(const std::string& partnership, PartnershipAgreement one,
                                                     const Person& by) {
  SCHAKEL_TRY(CheckManages(by.role));
  SCHAKEL_ASSIGN(const Partnership with, partnerships_.Find(partnership, by.role));
  std::ranges::sort(one.uses);
  const auto twice = std::ranges::unique(one.uses);
  one.uses.erase(twice.begin(), twice.end());
  SCHAKEL_TRY(CheckAgreement(one));
  one.id = random_.Draw<RecordId>().value();
  one.partnership = with.id;
  one.organisation = with.organisation;
  SCHAKEL_TRY(engine_.Keep({{kAgreementSet, ToHex(one.id), EncodePartnershipAgreement(one)}}));
  return one;
}

Result<std::vector<PartnershipAgreement>> AgreementRegister::End(const std::string& partnership,
                                                                 const std::string& agreement, const std::string& why,
                                                                 const Person& by) {
  SCHAKEL_TRY(CheckManages(by.role));
  if (why.size() > kWhyBytesMax) return Fail(Code::kInvalid, "body.long", "body.why", "at most 1000 bytes");
  SCHAKEL_ASSIGN(const Partnership with, partnerships_.Find(partnership, by.role));
  SCHAKEL_ASSIGN(auto all, List(by.role));
  const Timestamp now = clock_.Now();
  std::erase_if(all, [&](const PartnershipAgreement& one) {
    return one.partnership != with.id || StandingOf(one, now) == AgreementStanding::kEnded;
  });
  if (!agreement.empty()) {
    SCHAKEL_ASSIGN(const PartnershipAgreement one, FindKept(all, agreement, "partnership.none_stands", "agreement",
                                                            "see which stand: schakel partnerships list"));
    all = {one};
  }
  if (all.empty()) {
    return Fail(Code::kConflict, "partnership.none_stands", "partnership",
                "see which stand: schakel partnerships list");
  }
  std::vector<Engine::KeptRow> rows;
  for (PartnershipAgreement& one : all) {
    one.ended_at = now;
    one.ended_by = by.name;
    one.why = why;
    rows.push_back({kAgreementSet, ToHex(one.id), EncodePartnershipAgreement(one)});
  }
  SCHAKEL_TRY(engine_.Keep(rows));
  return all;
}

Status AgreementRegister::Drop(const std::string& partnership, StaffRole role) {
  SCHAKEL_ASSIGN(const Partnership gone, partnerships_.Find(partnership, role));
  SCHAKEL_ASSIGN(const auto all, List(role));
  std::vector<Engine::KeptRow> rows;
  for (const PartnershipAgreement& one : all) {
    if (one.partnership != gone.id) continue;
    SCHAKEL_TRY(CheckManages(role));
    if (StandingOf(one, clock_.Now()) != AgreementStanding::kEnded) {
      return Fail(Code::kConflict, "partnership.in_force", "partnership", "end it first: schakel partnerships end");
    }
    rows.push_back({kAgreementSet, ToHex(one.id), std::nullopt});
  }
  if (!rows.empty()) SCHAKEL_TRY(engine_.Keep(rows));
  return partnerships_.Drop(ToHex(gone.id), role);
}

}  // namespace schakel
