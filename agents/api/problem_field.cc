#include "problem_field.h"

#include <algorithm>
#include <string_view>

namespace schakel {
namespace {

struct Named {
  std::string_view rule;
  std::string_view field;
};
// Of these the error holds a value; in order.
constexpr Named kHoldValues[] = {
    {"admit.review_overdue", "grant"},
    {"aftercare.consent_end", "at"},
    {"alert.untold", "alert"},
    {"attachment.missing", "attachment"},
    {"closing.commitments", "unmet_why"},
    {"closing.criteria", "unmet_why"},
    {"closing.school_reports", "unmet_why"},
    {"commitment.cites_unread", "goals"},
    {"consultation.not_asked", "to"},
    {"consultation.revealed", "to"},
    {"consultation.sector", "to"},
    {"csv.cells", "csv"},
    {"csv.quote", "csv"},
    {"csv.rows", "csv"},
    {"directory.organisation", "to"},
    {"dossier.introduced", "organisations"},
    {"dossier.left_out", "organisations"},
    {"dossier.newcomer", "organisations"},
    {"draft.recipients", "to"},
    {"erase.kept", "trajectory"},
    {"gedcom.line", "gedcom"},
    {"gedcom.people", "gedcom"},
    {"gedcom.reference", "gedcom"},
    {"grant.ceiling", "categories"},
    {"grant.giver", "grant"},
    {"grant.piece_categories", "categories"},
    {"leaving.commitments", "trajectory"},
    {"login.wait", "login"},
    {"meeting.family_open", "slot"},
    {"meeting.quorum", "slot"},
    {"meeting.required", "required"},
    {"meeting.required_open", "slot"},
    {"meeting.required_unreached", "required"},
    {"record.erased", "record"},
    {"removal.commitments", "message"},
    {"removal.school_reports", "message"},
    {"school.open_reports", "trajectory"},
    {"school.twice", "another"},
    {"share.hidden", "to"},
    {"trajectory.erased", "trajectory"},
    {"trajectory.erased_kept", "trajectory"},
    {"upload.incomplete", "offset"},
    {"upload.offset", "offset"},
};
static_assert(std::ranges::is_sorted(kHoldValues, {}, &Named::rule));

// What nobody sent has no field of its own: what was to say who asks, or which site a page is of.
constexpr Named kSaidElsewhere[] = {{"edge.cross_site", "Origin"},
                                    {"guest.session", "Cookie"},
                                    {"login.refused", "login"},
                                    {"session.none", "Authorization"}};

const Named* Find(const auto& list, std::string_view rule) {
  const auto found = std::ranges::find(list, rule, &Named::rule);
  return found == std::end(list) ? nullptr : &*found;
}

}  // namespace

ProblemField ProblemFieldOf(const Error& error) {
  if (const Named* named = Find(kHoldValues, error.rule)) {
    // Whoever knew the name of the field has put it there.
    if (error.field.starts_with("body.")) return {error.field.substr(5), {}};
    if (error.field.empty() || error.field == named->field || error.field == "organisation") {
      return {error.field.empty() ? std::string(named->field) : error.field, {}};
    }
    return {std::string(named->field), error.field};
  }
  if (error.field.empty()) {
    const Named* named = Find(kSaidElsewhere, error.rule);
    return {named == nullptr ? std::string() : std::string(named->field), {}};
  }
  // Of a record or a grant a part is called as in the request that makes one.
  for (const std::string_view whole : {"body.", "grant."}) {
    if (error.field.starts_with(whole)) return {error.field.substr(whole.size()), {}};
  }
  return {error.field, {}};
}

}  // namespace schakel
