// What the bodies of modules, contacts and alerts must hold as a whole, and the slugs of their lists.
#include "modules_body.h"

#include <algorithm>

#include "blank.h"
#include "protocol/ids.h"
#include "word_lists.h"

namespace schakel {
namespace {

constexpr Word<ContactHow> kHows[] = {{ContactHow::kHomeVisit, "home-visit"},
                                      {ContactHow::kDoingTogether, "doing-together"},
                                      {ContactHow::kConversation, "conversation"},
                                      {ContactHow::kPhone, "phone"},
                                      {ContactHow::kVideo, "video"},
                                      {ContactHow::kMessage, "message"},
                                      {ContactHow::kOther, "other"}};
constexpr Word<HelpChoice> kHelpChoices[] = {
    {HelpChoice::kUnsaid, "unsaid"}, {HelpChoice::kChosen, "chosen"}, {HelpChoice::kDeclined, "declined"}};
constexpr Word<AlertEnd> kAlertEnds[] = {
    {AlertEnd::kReturned, "returned"}, {AlertEnd::kOver, "over"}, {AlertEnd::kMistaken, "mistaken"}};
constexpr Word<AlertField> kAlertFields[] = {{AlertField::kName, "name"},
                                             {AlertField::kAge, "age"},
                                             {AlertField::kDescription, "description"},
                                             {AlertField::kClothing, "clothing"},
                                             {AlertField::kLastSeenAt, "last-seen-at"},
                                             {AlertField::kLastSeenPlace, "last-seen-place"},
                                             {AlertField::kPlaces, "places"},
                                             {AlertField::kCompanions, "companions"},
                                             {AlertField::kIncident, "incident"},
                                             {AlertField::kRisk, "risk"},
                                             {AlertField::kContact, "contact"}};

Status Required(const char* field, const char* next) {
  return Fail(Code::kInvalid, "body.required", std::string("body.") + field, next);
}

}  // namespace

Status CheckWhole(const ModuleSwitchBody& body) {
  if (body.module == Module::kUnspecified) {
    return Fail(Code::kInvalid, "body.choice", "body.module", "choose from the list");
  }
  if (!body.begins_at) return Required("begins_at", "say from when");
  if (body.ends_at && *body.ends_at <= *body.begins_at) {
    return Fail(Code::kInvalid, "body.period", "body.ends_at", "let it end after it begins");
  }
  if (body.module != Module::kTimeOut) return {};
  // Not longer than needed: somebody has to look again.
  if (!body.ends_at) return Fail(Code::kInvalid, "module.end", "body.ends_at", "say until when at the latest");
  if (std::ranges::find(body.agreed, Speaker::kYoungPerson) == body.agreed.end()) {
    return Fail(Code::kInvalid, "module.agreed", "body.agreed", "agree on it with the young person first");
  }
  return {};
}

Status CheckWhole(const ContactMomentBody& body) {
  if (!body.at) return Required("at", "say when it was");
  if (body.minutes <= kContactMinutesMax) return {};
  return Fail(Code::kInvalid, "contact.minutes", "body.minutes", "give at most a day; write longer ones in parts");
}

Status CheckWhole(const AlertBody& body) {
  if (!FieldsIn(body).empty()) return {};
  return Fail(Code::kInvalid, "alert.empty", "body", "fill in at least one of the fields that were agreed");
}

Status CheckWhole(const AlertWithdrawnBody& body) { return body.at ? Status() : Required("at", "say since when"); }

// Which fields an alert may carry: known ones, each once and in their order, so that the same list is the same bytes.
Status CheckWhole(const AgreementBody& body) {
  if (body.partner.empty() != body.alert_fields.empty()) {
    return Fail(Code::kInvalid, "agreement.partner", "body.partner",
                "name the organisation that alerts go to, and what they may carry");
  }
  if (!body.partner.empty() && !ParseOrgId(body.partner)) {
    return Fail(Code::kInvalid, "body.organisation", "body.partner", "name organisations by their short names");
  }
  std::vector<AlertField> fields;
  for (const std::string& slug : body.alert_fields) {
    const auto field = ParseAlertField(slug);
    const bool in_order = field && (fields.empty() || fields.back() < *field);
    if (!in_order) {
      return Fail(Code::kInvalid, "agreement.fields", "body.alert_fields",
                  "name each field once, in the order of the list");
    }
    fields.push_back(*field);
  }
  return {};
}

bool IsUsuallyFaceToFace(ContactHow how) {
  return how == ContactHow::kHomeVisit || how == ContactHow::kDoingTogether || how == ContactHow::kConversation;
}

std::vector<AlertField> FieldsIn(const AlertBody& body) {
  const std::pair<AlertField, bool> said[] = {{AlertField::kName, !IsBlank(body.name)},
                                              {AlertField::kAge, !IsBlank(body.age)},
                                              {AlertField::kDescription, !IsBlank(body.description)},
                                              {AlertField::kClothing, !IsBlank(body.clothing)},
                                              {AlertField::kLastSeenAt, body.last_seen_at.has_value()},
                                              {AlertField::kLastSeenPlace, !IsBlank(body.last_seen_place)},
                                              {AlertField::kPlaces, !IsBlank(body.places)},
                                              {AlertField::kCompanions, !IsBlank(body.companions)},
                                              {AlertField::kIncident, !IsBlank(body.incident)},
                                              {AlertField::kRisk, !IsBlank(body.risk)},
                                              {AlertField::kContact, !IsBlank(body.contact)}};
  std::vector<AlertField> fields;
  for (const auto& [field, there] : said) {
    if (there) fields.push_back(field);
  }
  return fields;
}

std::string_view Slug(ContactHow value) { return SlugIn(kHows, value); }
std::string_view Slug(HelpChoice value) { return SlugIn(kHelpChoices, value); }
std::string_view Slug(AlertEnd value) { return SlugIn(kAlertEnds, value); }
std::string_view Slug(AlertField value) { return SlugIn(kAlertFields, value); }

Result<ContactHow> ParseContactHow(std::string_view slug) { return ParseIn(kHows, slug, "vocabulary.how"); }
Result<HelpChoice> ParseHelpChoice(std::string_view slug) {
  return ParseIn(kHelpChoices, slug, "vocabulary.help_choice");
}
Result<AlertEnd> ParseAlertEnd(std::string_view slug) { return ParseIn(kAlertEnds, slug, "vocabulary.alert_end"); }
Result<AlertField> ParseAlertField(std::string_view slug) {
  return ParseIn(kAlertFields, slug, "vocabulary.alert_field");
}

}  // namespace schakel
