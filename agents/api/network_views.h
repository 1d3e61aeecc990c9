// The network, family and life of a young person as JSON. Of what stands in bodies, that alone shows which was read,
// which is a view of each.
#pragma once

#include <string>
#include <vector>

#include "agents/network.h"
#include "dossier_views.h"

namespace schakel {

// Which parts of a network a picture shows.
struct NetworkParts {
  bool figures = false;
  bool ties = false;
  bool kinships = false;
  bool events = false;
  bool domains = false;
  bool circular = false;
};
std::vector<RecordId> RecordsIn(const CaseNetwork& network, const NetworkParts& parts);
// Without the words that were not read.
CaseNetwork ReadOf(CaseNetwork network, const ReadRecords& read);

class NetworkViews {
 public:
  NetworkViews(const JsonViews& views, const ReadRecords& read) : views_(views), read_(read) {}

  Json View(const CaseFigure& one) const;
  Json View(const CaseTie& one, std::string_view day) const;
  Json View(const CaseKinship& one) const;
  Json View(const CaseLifeEvent& one) const;
  Json View(const CaseDomain& one) const;
  Json View(const CaseCircular& one) const;
  Json View(const Partnership& one) const;

  // Fields of whole pictures.
  void AddEcogram(const CaseNetwork& network, std::string_view day, Json& to) const;
  void AddGenogram(const CaseNetwork& network, Json& to) const;
  void AddLifeline(const CaseNetwork& network, std::string_view today, Json& to) const;
  void AddDomains(const CaseNetwork& network, Json& to) const;
  Json Circular(const CaseNetwork& network) const;

 private:
  Json View(const CaseStatement& one) const;
  Json Begun(const CaseVersions& text) const;

  const JsonViews& views_;
  const ReadRecords& read_;
};

}  // namespace schakel
