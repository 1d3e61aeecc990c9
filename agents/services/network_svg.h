// Pictures of a network, a family and a life as SVG. Pure: the same network is the same bytes. Words of people are
// escaped; there are no scripts, no links and nothing from elsewhere. Each has a title and a description that says the
// same in words, for who cannot see it.
#pragma once

#include <string>
#include <string_view>

#include "agents/network_view.h"
#include "protocol/language.h"

namespace schakel {

struct EcogramView {
  std::string_view label;  // Of the young person.
  std::string_view day;
  std::optional<Informant> informant;  // None: of all.
  std::string_view informant_name;
};
std::string EcogramSvg(const CaseNetwork& network, const EcogramView& view, Language language);
std::string GenogramSvg(const CaseNetwork& network, std::string_view label, Language language);
std::string LifelineSvg(const CaseNetwork& network, std::string_view label, std::string_view today, Language language);

}  // namespace schakel
