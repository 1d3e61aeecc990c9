#include "grant_words.h"

namespace schakel {

std::string GrantState(const Session& session, const Json& grant) {
  const std::string standing = grant.value("standing", std::string("counts"));
  const bool in_force = grant.at("state") == "in-force";
  std::string state = session.Word("grant", grant.at("state"));
  if (in_force && standing != "counts") state = session.Word("standing", standing);
  if (in_force && grant.value("suspended", false)) state = session.T("cli.grant.suspended");
  const Json review = grant.value("review", Json());
  const auto outcome = ParseReviewOutcome(review.is_string() ? review.get<std::string>() : "");
  if (!outcome) return state;
  return state + " (" + session.T("cli.col.review") + ": " + std::string(Label(*outcome, session.language())) + ")";
}

}  // namespace schakel
