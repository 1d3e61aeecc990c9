// The fields of each message, to compare them one by one.
#pragma once

#include <tuple>

#include "protocol/wire.h"

namespace schakel::test {

inline auto Fields(const SealedRecord& m) { return std::tie(m.header, m.recipients, m.ciphertext); }
inline auto Fields(const RotateRequest& m) { return std::tie(m.keys, m.proof_record, m.proof_cosign, m.proof_current); }
inline auto Fields(const Announce& m) { return std::tie(m.statement); }
inline auto Fields(const Outcome& m) { return std::tie(m.sequence, m.at, m.refused, m.error); }
inline auto Fields(const FeedItem::Content& m) { return std::tie(m.entry, m.salt, m.stanza, m.ciphertext); }
inline auto Fields(const Hello& m) { return std::tie(m.software, m.seen, m.checkpoint); }
inline auto Fields(const Feed& m) { return std::tie(m.after, m.credit); }
inline auto Fields(const ProveInclusion& m) { return std::tie(m.sequence, m.size); }
inline auto Fields(const ProveConsistency& m) { return std::tie(m.first_size, m.second_size); }
inline auto Fields(const AccessQuery& m) { return std::tie(m.trajectory, m.record, m.after, m.limit); }
inline auto Fields(const DirectoryQuery& m) { return std::tie(m.after); }
inline auto Fields(const Heartbeat&) { return std::tie(); }
inline auto Fields(const EnrolRequest& m) { return std::tie(m.keys, m.proof_record, m.proof_cosign); }
inline auto Fields(const EnrolStatusQuery&) { return std::tie(); }
inline auto Fields(const Welcome& m) {
  return std::tie(m.origin, m.checkpoint, m.consistency, m.feed_last, m.statements, m.hub_time, m.limits, m.own_last);
}
inline auto Fields(const ProofReply& m) { return std::tie(m.checkpoint, m.hashes, m.entry, m.salt); }
inline auto Fields(const AccessReply& m) { return std::tie(m.evidence, m.more); }
inline auto Fields(const DirectoryReply& m) { return std::tie(m.statements, m.more); }
inline auto Fields(const HeartbeatReply& m) { return std::tie(m.hub_time, m.statements); }
inline auto Fields(const EnrolStatus& m) { return std::tie(m.state, m.organisation, m.fingerprint); }
inline auto Fields(const Cosign& m) { return std::tie(m.note); }
inline auto Fields(const OwnRecordsQuery& m) { return std::tie(m.after); }
inline auto Fields(const OwnRecordsReply& m) { return std::tie(m.checkpoint, m.entries, m.upto); }
inline auto Fields(const CosignAck& m) { return std::tie(m.other); }
inline auto Fields(const Error& m) { return std::tie(m.code, m.rule, m.field, m.next); }

template <typename M>
bool SameFields(const M& a, const M& b) {
  return Fields(a) == Fields(b);
}
inline bool SameFields(const FeedItem& a, const FeedItem& b) {
  return a.delivery == b.delivery && a.delivery_salt == b.delivery_salt && a.erased == b.erased && a.place == b.place &&
         a.content.has_value() == b.content.has_value() && (!a.content || SameFields(*a.content, *b.content));
}
template <typename M>
bool SameFields(const std::vector<M>& a, const std::vector<M>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const M& x, const M& y) { return SameFields(x, y); });
}
inline bool SameFields(const Submit& a, const Submit& b) {
  return SameFields(a.batch.records, b.batch.records) && a.batch.signature == b.batch.signature;
}
inline bool SameFields(const SubmitAck& a, const SubmitAck& b) { return SameFields(a.outcomes, b.outcomes); }
inline bool SameFields(const FeedItems& a, const FeedItems& b) {
  return SameFields(a.items, b.items) && a.last == b.last;
}

inline bool SameMessage(const Message& a, const Message& b) {
  return a.request == b.request && a.payload.index() == b.payload.index() &&
         std::visit([&]<typename M>(const M& payload) { return SameFields(payload, std::get<M>(b.payload)); },
                    a.payload);
}

}  // namespace schakel::test
