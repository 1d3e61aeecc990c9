// The network, family and life of a young person as people see it: the part of the case file that docs/network.md is
// about. What counts follows from the records and their order in the log alone.
//
// A figure is named by the record that began it; none is the young person.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "agents/body.h"
#include "agents/dossier_view.h"

namespace schakel {

// Of each, `body` is that of the current version; none: its words are sealed.
struct CaseFigure {
  CaseVersions text;
  std::optional<FigureBody> body;
  friend bool operator==(const CaseFigure&, const CaseFigure&) = default;
};

// Whose view of which tie it is.
struct TieKey {
  RecordId figure;
  RecordId other;
  Informant informant = Informant::kYoungPerson;
  std::string informant_name;
  friend auto operator<=>(const TieKey&, const TieKey&) = default;
};
struct CaseStatement {
  RecordId record;
  OrgId author;
  Timestamp at;
  TieBody body;
  friend bool operator==(const CaseStatement&, const CaseStatement&) = default;
};
struct CaseTie {
  struct Repair {
    RecordId record;
    RecordId action;
    std::string partner;
    friend bool operator==(const Repair&, const Repair&) = default;
  };
  TieKey key;
  std::vector<CaseStatement> statements;  // By day, then in the order of the log.
  std::vector<Repair> repairs;            // Ours.
  // What holds on a day ("2026-03-14"); null: nothing was said of it.
  const CaseStatement* On(std::string_view day) const;
  // When something was said of it last; none: never.
  std::optional<Timestamp> LastSaid() const;
  friend bool operator==(const CaseTie&, const CaseTie&) = default;
};

struct CaseKinship {
  enum class Ignored : std::uint8_t { kNo, kAncestor, kSelf, kParents, kTwice };
  CaseVersions text;
  std::optional<KinshipBody> body;
  Ignored ignored = Ignored::kNo;
  bool Counts() const { return body && !body->removed && ignored == Ignored::kNo; }
  friend bool operator==(const CaseKinship&, const CaseKinship&) = default;
};
std::string_view Slug(CaseKinship::Ignored value);  // Empty: it counts.

struct CaseLifeEvent {
  CaseVersions text;
  std::optional<LifeEventBody> body;
  friend bool operator==(const CaseLifeEvent&, const CaseLifeEvent&) = default;
};

struct CaseDomain {
  LifeDomain domain = LifeDomain::kLiving;
  std::optional<CaseVersions> text;  // None: nobody wrote of it.
  std::optional<LifeDomainBody> body;
  bool checked() const { return body && (!body->strengths.empty() || !body->needs.empty()); }
  friend bool operator==(const CaseDomain&, const CaseDomain&) = default;
};

struct CaseCircular {
  struct Answer {
    RecordId record;
    OrgId author;
    Timestamp at;
    friend bool operator==(const Answer&, const Answer&) = default;
  };
  RecordId id;
  OrgId author;
  Timestamp at;
  std::optional<CircularQuestionBody> body;
  std::vector<Answer> answers;  // In the order of the log.
  friend bool operator==(const CaseCircular&, const CaseCircular&) = default;
};

// Each list in the order in which they were begun, but for domains: in the order of the list.
struct CaseNetwork {
  std::vector<CaseFigure> figures;
  std::vector<CaseTie> ties;
  std::vector<CaseKinship> kinships;
  std::vector<CaseLifeEvent> events;
  std::vector<CaseDomain> domains;
  std::vector<CaseCircular> circular;
  friend bool operator==(const CaseNetwork&, const CaseNetwork&) = default;

  // By the first version or any later one. Null: none of ours.
  const CaseFigure* FindFigure(const RecordId& id) const;
  const CaseKinship* FindKinship(const RecordId& id) const;
  const CaseLifeEvent* FindEvent(const RecordId& id) const;
  const CaseCircular* FindCircular(const RecordId& id) const;  // By the question alone.
  const CaseTie* FindTie(const TieKey& key) const;
};

// ---- What follows from it. Pure. ----

// Why a kinship as `body` may not be added to those that count; `but`: the one that it is a version of.
CaseKinship::Ignored WhyIgnored(const CaseNetwork& network, const KinshipBody& body, const RecordId& but = {});

struct Siblings {
  RecordId a;
  RecordId b;
  bool half = false;  // Two parents of each are known, and they share one.
  friend bool operator==(const Siblings&, const Siblings&) = default;
};
std::vector<Siblings> SiblingsIn(const CaseNetwork& network);

// Of the young person 0, of parents -1, of children 1; a partner is of the same. Who is not related is not in it.
struct InGeneration {
  RecordId figure;
  int generation = 0;
  friend bool operator==(const InGeneration&, const InGeneration&) = default;
};
std::vector<InGeneration> GenerationsIn(const CaseNetwork& network);

// Flagged of stays and schools, where it is certain. `to` empty: up to `today`.
struct LifeGap {
  LifeLane lane = LifeLane::kStay;
  std::string from;  // The first day of it, and the last.
  std::string to;
  friend bool operator==(const LifeGap&, const LifeGap&) = default;
};
struct LifeOverlap {
  LifeLane lane = LifeLane::kStay;
  RecordId a;  // The earlier one.
  RecordId b;
  friend bool operator==(const LifeOverlap&, const LifeOverlap&) = default;
};
std::vector<LifeGap> GapsIn(const std::vector<CaseLifeEvent>& events, std::string_view today);
std::vector<LifeOverlap> OverlapsIn(const std::vector<CaseLifeEvent>& events);

}  // namespace schakel
