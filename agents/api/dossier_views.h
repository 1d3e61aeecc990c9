// A shared dossier as JSON. What stands in bodies shows only as far as those were read, which is a view of each.
#pragma once

#include <map>
#include <vector>

#include "json.h"

namespace schakel {

// Records that were read, by id.
class ReadRecords {
 public:
  explicit ReadRecords(std::vector<Reading::Shown> shown);
  // Null: not read, or sealed.
  const TypedBody* Find(const RecordId& id) const;
  bool Has(const RecordId& id) const { return Find(id) != nullptr; }
  // With its words, or why they are sealed; null: not read.
  Json View(const RecordId& id, const JsonViews& views) const;
  // By which grant we were handed it; null: it is ours, or was not read.
  Json GrantView(const RecordId& id) const;
  // Of what an overview shows, for Glance::Take.
  void GiveTo(Glance& glance) const;

 private:
  std::map<RecordId, Reading::Shown> shown_;
};

// What every list of things with versions begins with.
Json VersionsView(const CaseVersions& text, const JsonViews& views, const ReadRecords& read);

// What somebody is to do, as it is written down.
ActionBody ReadAction(Input& input);

// The records whose words the views below show.
std::vector<RecordId> ReadFor(const CaseReferral& one);
std::vector<RecordId> ReadFor(const CaseCommitment& one);
std::vector<RecordId> ReadFor(const CaseGoal& one);
std::vector<RecordId> ReadFor(const CaseCriterion& one);
std::vector<RecordId> ReadFor(const CaseAction& one);

Json ViewOf(const CaseReferral& one, const JsonViews& views, const ReadRecords& read, Timestamp now);
Json ViewOf(const CaseCommitment& one, const JsonViews& views, const ReadRecords& read, Timestamp now);
Json ViewOf(const CaseGoal& one, const JsonViews& views, const ReadRecords& read, Timestamp now);
Json ViewOf(const CaseCriterion& one, const JsonViews& views, const ReadRecords& read, Timestamp now);
Json ViewOf(const CaseAction& one, const JsonViews& views, const ReadRecords& read, Timestamp now);

}  // namespace schakel
