// The fields of the bodies of aftercare and of the plan for adulthood: see body_fields.h.
#pragma once

#include "services/body_fields.h"

namespace schakel {

template <typename A, Of<AftercareContactBody> B>
void Fields(A& a, B& b) {
  a.Flag("ended", b.ended);
  a.Organisation("organisation", b.organisation);
  a.Text("who", b.who, kNameBytesMax, Need::kRequired);
  a.Enum("how", b.how, ContactHow::kHomeVisit, kContactHowLast);
  a.OptionalTime("at", b.at);
  a.Number("every_weeks", b.every_weeks);
  a.OptionalTime("until", b.until);
  a.Text("text", b.text, kShortTextBytesMax, Need::kOptional);
}

// Of each domain; none is an archive's own.
template <typename A, Of<AdulthoodDomain> D>
void RowFields(A& a, D& one) {
  a.Text("key", one.key, kNameBytesMax, Need::kOptional);
  a.Text("title", one.title, kTitleBytesMax, Need::kRequired);
  a.Text("agreed", one.agreed, kShortTextBytesMax, Need::kOptional);
  a.Text("who", one.who, kTitleBytesMax, Need::kOptional);
  a.OptionalTime("by", one.by);
  a.Enum("state", one.state, DomainState::kOpen, kDomainStateLast);
}

template <typename A, Of<AdulthoodPlanBody> B>
void Fields(A& a, B& b) {
  a.OptionalTime("of_age_at", b.of_age_at);
  a.Text("receiver", b.receiver, kNameBytesMax, Need::kOptional);
  a.Rows("domains", b.domains, kAdulthoodDomainsMax);
  a.Text("text", b.text, kTextBytesMax, Need::kOptional);
}

}  // namespace schakel
