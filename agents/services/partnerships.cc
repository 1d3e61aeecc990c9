// The organisation's own network: rows of the vault.
#include <fmt/format.h>

#include <algorithm>

#include "agents/network.h"
#include "agents/partial_day.h"
#include "blank.h"
#include "body_fields.h"
#include "kept_rows.h"
#include "network_fields.h"
#include "plain_text.h"
#include "protocol/codec.h"
#include "word_lists.h"

namespace schakel {
namespace {

constexpr const char* kPartnerships = "partnerships";
constexpr std::uint64_t kPartnershipVersion = 1;
constexpr Word<PartnershipKind> kPartnershipKinds[] = {{PartnershipKind::kAgreement, "agreement"},
                                                       {PartnershipKind::kCooperation, "cooperation"},
                                                       {PartnershipKind::kContact, "contact"}};

Status CheckPartnership(const Partnership& one) {
  const auto bad = [](const char* rule, const char* field, const char* next) {
    return Fail(Code::kInvalid, rule, field, next);
  };
  if (IsBlank(one.name)) return bad("body.required", "body.name", "fill it in");
  if (one.name.size() > kNameBytesMax) return bad("body.long", "body.name", "at most 120 bytes");
  if (one.contact.size() > kTitleBytesMax) return bad("body.long", "body.contact", "at most 200 bytes");
  if (!one.organisation.empty() && !ParseOrgId(one.organisation)) {
    return bad("body.organisation", "body.organisation", "name it by its short name");
  }
  if (one.strength < 1 || one.strength > kTieStrengthMax) {
    return bad("body.strength", "body.strength", "choose 1, 2 or 3");
  }
  if (one.quality == TieQuality::kNone) return bad("body.choice", "body.quality", "choose from the list");
  if (!one.since.empty() && !ParsePartialDay(one.since)) {
    return bad("body.day", "body.since", "give a year, a month or a day: 2009, 2009-03, 2009-03-14");
  }
  return {};
}

bool MaySee(const Partnership& one, StaffRole role) {
  return !one.discreet || role == StaffRole::kCoordinator || role == StaffRole::kAdministrator;
}

}  // namespace

std::string_view Slug(PartnershipKind value) { return SlugIn(kPartnershipKinds, value); }
Result<PartnershipKind> ParsePartnershipKind(std::string_view slug) {
  return ParseIn(kPartnershipKinds, slug, "vocabulary.partnership");
}

Bytes EncodePartnership(const Partnership& one) {
  Encoder to;
  to.Array(11).Uint(kPartnershipVersion).Binary(one.id).Text(one.name).Text(one.organisation).Enum(one.kind);
  to.Enum(one.quality).Uint(one.strength).Text(one.since).Array(one.domains.size());
  for (const LifeDomain domain : one.domains) to.Enum(domain);
  return to.Text(one.contact).Bool(one.discreet).Take();
}

Result<Partnership> DecodePartnership(ByteView bytes) {
  Decoder from(bytes);
  from.Array(11, "partnership");
  if (from.Uint("partnership.version") != kPartnershipVersion) {
    return Fail(Code::kVersion, "vault.row", "partnership");
  }
  Partnership one;
  one.id = from.Fixed<16>("id");
  one.name = from.Text("name", kNameBytesMax);
  one.organisation = from.Text("organisation", kNameBytesMax);
  one.kind = from.Enum("kind", PartnershipKind::kAgreement, PartnershipKind::kContact);
  one.quality = from.Enum("quality", TieQuality::kPositive, TieQuality::kNone);
  one.strength = static_cast<std::uint32_t>(from.Uint("strength", kTieStrengthMax));
  one.since = from.Text("since", kDayBytesMax);
  one.domains.resize(from.ArrayBetween(0, static_cast<std::size_t>(kLifeDomainLast), "domains"));
  for (LifeDomain& domain : one.domains) domain = from.Enum("domain", LifeDomain::kLiving, kLifeDomainLast);
  one.contact = from.Text("contact", kTitleBytesMax);
  one.discreet = from.Bool("discreet");
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "partnership");
  return one;
}

bool CanBridge(const Partnership& one, const FigureBody& figure) {
  if (one.quality == TieQuality::kBroken) return false;
  if (!one.organisation.empty() && one.organisation == figure.organisation) return true;
  if (FoldPlain(one.name).text == FoldPlain(figure.name).text) return true;
  return std::ranges::find(one.domains, figure.domain) != one.domains.end();
}

Result<std::vector<Partnership>> PartnershipService::List(StaffRole role) const {
  SCHAKEL_ASSIGN(auto all, ReadKept(engine_, kPartnerships, &DecodePartnership));
  std::erase_if(all, [&](const Partnership& one) { return !MaySee(one, role); });
  std::ranges::sort(all, {}, [](const Partnership& one) { return std::tuple(one.name, one.id); });
  return all;
}

Result<Partnership> PartnershipService::Find(const std::string& id, StaffRole role) const {
  SCHAKEL_ASSIGN(const std::vector<Partnership> all, List(role));
  return FindKept(all, id, "partnership.unknown", "partnership", "see which there are: schakel partnerships list");
}

Result<Partnership> PartnershipService::Add(Partnership one, StaffRole role) {
  std::ranges::sort(one.domains);
  one.id = random_.Draw<RecordId>().value();
  SCHAKEL_TRY(CheckPartnership(one));
  if (!MaySee(one, role)) {
    return Fail(Code::kDenied, "partnership.discreet", "discreet", "ask a coordinator to note it");
  }
  SCHAKEL_TRY(engine_.Keep({{kPartnerships, ToHex(one.id), EncodePartnership(one)}}));
  return one;
}

Result<Partnership> PartnershipService::Edit(const std::string& id, Partnership one, StaffRole role) {
  SCHAKEL_ASSIGN(const Partnership before, Find(id, role));
  std::ranges::sort(one.domains);
  one.id = before.id;
  SCHAKEL_TRY(CheckPartnership(one));
  if (!MaySee(one, role)) {
    return Fail(Code::kDenied, "partnership.discreet", "discreet", "ask a coordinator to note it");
  }
  SCHAKEL_TRY(engine_.Keep({{kPartnerships, ToHex(one.id), EncodePartnership(one)}}));
  return one;
}

Status PartnershipService::Drop(const std::string& id, StaffRole role) {
  SCHAKEL_ASSIGN(const Partnership before, Find(id, role));
  return engine_.Keep({{kPartnerships, ToHex(before.id), std::nullopt}});
}

}  // namespace schakel
