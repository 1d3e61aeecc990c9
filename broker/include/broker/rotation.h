// Organisations that change their keys: what they asked for, and the old transport keys that still let them in until
// the new ones are used. A small history of its own, kept as rows beside the log.
//
// Threads: one, the core's.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "broker/group.h"
#include "protocol/registry.h"
#include "store/log.h"

namespace schakel {

class Rotations {
 public:
  // Until the new transport key was welcomed, and no longer than this.
  static constexpr std::chrono::hours kOverlapMax{1};

  struct Asked {
    OrgKeys keys;
    Timestamp at;
  };
  struct Overlap {
    TransportPublicKey old_key;
    Timestamp until;
  };

  // Replaces what it asked for before.
  void Ask(const OrgId& organisation, const OrgKeys& keys, Timestamp now, Staging& staging);
  // It asks for nothing any more.
  void Drop(const OrgId& organisation, Staging& staging);
  // What it asked for is in force: its old transport key still lets it in.
  void Begin(const OrgId& organisation, const TransportPublicKey& old_key, Timestamp now, Staging& staging);
  void End(const OrgId& organisation, Staging& staging);

  const Asked* FindAsked(const OrgId& organisation) const;
  const Overlap* FindOverlap(const OrgId& organisation) const;
  const std::map<OrgId, Asked>& asked() const { return asked_; }
  const std::map<OrgId, Overlap>& overlaps() const { return overlaps_; }
  std::vector<OrgId> Expired(Timestamp now) const;  // Overlaps whose time is over.

  // Reads the rows; before anything else.
  Status Load(const Log& log);

 private:
  enum class Event : std::uint8_t { kAsked = 1, kDropped, kBegun, kEnded };
  void Put(Event event, const OrgId& organisation, Timestamp at, Staging& staging);
  Status Replay(ByteView row);

  std::map<OrgId, Asked> asked_;
  std::map<OrgId, Overlap> overlaps_;
  std::uint64_t rows_ = 0;
};

}  // namespace schakel
