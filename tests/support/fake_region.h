// What organisations in one process share: a hub that admits, decides and logs by the real rules. See fake_engine.h.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "agents/engine.h"
#include "protocol/crypto.h"
#include "protocol/entry.h"
#include "protocol/merkle.h"
#include "support/fake_seams.h"

namespace schakel::test {

class FakeEngine;

// The hub, and what the organisations share: clock, directory, rules, log.
class FakeRegion {
 public:
  explicit FakeRegion(std::uint64_t seed = 1)
      : clock(ParseTimestamp("2026-11-23T08:00:00Z").value()),
        random(seed),
        registrar_(SigningKey::Generate()),
        hub_key_(SigningKey::Generate()),
        directory(Registrars{1, {registrar_.public_key}}) {
    verifier = {"schakel.test/leuven", hub_key_.public_key};
  }

  FakeEngine& Enrol(const std::string& organisation, const std::string& name, const std::string& sector);
  void SetCeilings(std::vector<CeilingStatement::Row> rows) {
    CeilingStatement statement;
    statement.serial = ++ceilings_;
    statement.rows = std::move(rows);
    statement.issued_at = clock.Now();
    Apply(statement);
  }
  std::string registrar_hex() const { return ToHex(registrar_.public_key.value()); }
  void Suspend(const OrgId& organisation) {
    OrgStatement statement = directory.Find(organisation)->statement;
    ++statement.serial;
    statement.status = OrgStatus::kSuspended;
    Apply(statement);
  }

  mutable std::recursive_mutex mutex;
  FakeClock clock;
  FakeRandom random;

 private:
  SigningKey registrar_;
  SigningKey hub_key_;
  std::uint64_t ceilings_ = 0;

 public:
  Directory directory;
  PolicyState policy;
  NoteVerifier verifier;
  std::map<OrgId, std::unique_ptr<FakeEngine>> engines;

  void Apply(const Statement& statement) {
    std::lock_guard lock(mutex);
    const Bytes bytes = EncodeStatement(statement);
    auto applied = directory.Apply({bytes, {SignStatement(bytes, registrar_)}});
    SCHAKEL_ASSERT(applied.has_value());
  }

  // ---- The log ----
  struct Logged {
    Bytes entry;
    Hash32 salt{};
  };
  // As its author sealed it: for whoever takes it along.
  struct SealedBody {
    ContentKey key;
    Bytes ciphertext;
  };
  const SealedBody& SealedOf(const RecordId& id) const { return sealed_.at(id); }
  Sequence Append(EntryBody body) {
    const Sequence sequence(log_.size() + 1);
    Logged logged{EncodeEntry({sequence, clock.Now(), std::move(body)}), {}};
    random.Fill(logged.salt);
    leaves_.push_back(LogLeafHash(logged.salt, logged.entry));
    log_.push_back(std::move(logged));
    return sequence;
  }
  TreeHead Head() const {
    std::lock_guard lock(mutex);
    return {leaves_.size(), leaves_.empty() ? EmptyRoot() : Subtree(0, leaves_.size())};
  }
  // Entries that `wanted` picks, proven under one checkpoint.
  Evidence Prove(const std::string& subject, const std::function<bool(const Entry&)>& wanted) const {
    Evidence evidence;
    evidence.checkpoint = SignCheckpoint(verifier.name, Head(), hub_key_);
    evidence.subject = subject;
    for (std::size_t i = 0; i < log_.size(); ++i) {
      if (!wanted(DecodeEntry(log_[i].entry).value())) continue;
      auto proof = InclusionProof(i, leaves_.size(), [&](unsigned level, std::uint64_t index) -> Result<Hash32> {
        const std::uint64_t width = std::uint64_t{1} << level;
        return Subtree(index * width, width);
      });
      evidence.entries.push_back({log_[i].entry, log_[i].salt, proof.value()});
    }
    return evidence;
  }

  // What a hub does with a submission.
  struct Verdict {
    Sequence sequence;
    std::vector<RoutingRefusal> refused;
    std::optional<Error> error;
  };
  Verdict Submit(const Header& header, const Body& body, const std::vector<OrgId>& recipients,
                 const std::set<OrgId>& without_words);

 private:
  Hash32 Subtree(std::uint64_t first, std::uint64_t count) const {
    if (count == 1) return leaves_[first];
    std::uint64_t left = 1;
    while (left * 2 < count) left *= 2;
    return NodeHash(Subtree(first, left), Subtree(first + left, count - left));
  }

  // Seals `body` and signs it, as an agent does.
  RecordEntry Seal(const Header& header, const Body& body, const std::vector<OrgId>& recipients) {
    std::vector<RecipientKey> keys;
    for (const OrgId& recipient : recipients) {
      keys.push_back({recipient, directory.Find(recipient)->statement.keys.hpke});
    }
    Sealed sealed = SealRecord(header, body, keys, verifier.name, seal_random_).value();
    RecordEntry entry;
    entry.header = sealed.record.header;
    entry.ciphertext_hash = Sha256(sealed.record.ciphertext);
    entry.recipients_root = RecipientsRoot(sealed.record.recipients);
    const std::vector<Hash32> leaves = {RecordLeaf(entry.header, entry.ciphertext_hash, entry.recipients_root)};
    entry.evidence = ProveLeaves(leaves, SignLeaves(record_keys_.at(header.author), leaves)).front();
    sealed_[header.id] = {sealed.key, std::move(sealed.record.ciphertext)};
    return entry;
  }

  FakeRandom seal_random_{99};  // Of its own: what is drawn elsewhere does not depend on what is sealed.
  std::map<OrgId, SigningKey> record_keys_;
  std::map<RecordId, SealedBody> sealed_;
  std::map<OrgId, Hash32> fed_;  // The running hash of each feed.
  std::vector<Logged> log_;
  std::vector<Hash32> leaves_;
};

}  // namespace schakel::test
