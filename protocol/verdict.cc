#include "protocol/verdict.h"

#include <algorithm>
#include <map>
#include <set>

namespace schakel {
namespace {

// ---- Nothing is missing ----

struct Handed {
  std::uint64_t count = 0;
  bool numbered = false;  // Once they are, all are.
};

std::unexpected<Error> Missing(const char* rule, const OrgId& recipient, std::uint64_t number) {
  return Fail(Code::kTampered, rule, recipient.value() + ": " + std::to_string(number),
              "ask for the evidence again, and report this");
}

// Counts one delivery; `counted` are those whose number the asker may know.
Status CountDelivery(const DeliveryEntry& delivery, const std::optional<NumberOpening>& opening, bool counted,
                     std::map<OrgId, Handed>& handed) {
  Handed& so_far = handed[delivery.recipient];
  const std::uint64_t number = ++so_far.count;
  if (!counted) return {};
  if (!delivery.number) {
    return so_far.numbered ? Missing("evidence.number", delivery.recipient, number) : Status();
  }
  so_far.numbered = true;
  if (!opening) return Missing("evidence.number", delivery.recipient, number);
  return opening->number == number ? Status() : Missing("evidence.incomplete", delivery.recipient, number);
}

}  // namespace

Result<std::vector<Completeness>> CheckComplete(const Evidence& evidence, const CheckedEvidence& checked) {
  std::map<OrgId, Completeness> complete;
  if (!IsAboutTrajectory(evidence)) return std::vector<Completeness>();
  std::set<OrgId> counted;
  for (const Entry& entry : checked.entries) {
    const auto* answer = std::get_if<AnswerEntry>(&entry.body);
    if (answer == nullptr) continue;
    for (const AnswerEntry::Count& count : answer->counts) counted.insert(count.recipient);
  }
  std::map<OrgId, Handed> handed;
  for (std::size_t i = 0; i < checked.entries.size(); ++i) {
    const Entry& entry = checked.entries[i];
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
      SCHAKEL_TRY(CountDelivery(*delivery, evidence.entries[i].opening, counted.contains(delivery->recipient), handed));
    } else if (const auto* answer = std::get_if<AnswerEntry>(&entry.body)) {
      for (const AnswerEntry::Count& count : answer->counts) {
        const std::uint64_t present = handed[count.recipient].count;
        if (present != count.deliveries) {
          return Missing("evidence.incomplete", count.recipient, std::min(present, count.deliveries) + 1);
        }
        complete[count.recipient] = {count.recipient, count.deliveries, entry.sequence};
      }
    }
  }
  std::vector<Completeness> all;
  all.reserve(complete.size());
  for (auto& [recipient, one] : complete) all.push_back(one);
  return all;
}

// ---- Who ----

namespace {

struct KnownKeys {
  Directory directory;
  std::map<OrgId, std::vector<SigningPublicKey>> cosign;  // Of all statements: old cosignatures still hold.
};

Result<KnownKeys> ReadDirectory(const std::vector<SignedStatement>& statements, const Registrars& registrars) {
  KnownKeys known{Directory(registrars), {}};
  for (std::size_t i = 0; i < statements.size(); ++i) {
    auto applied = known.directory.Apply(statements[i]);
    if (!applied) {
      Error error = applied.error();
      error.field = "statement " + std::to_string(i + 1);
      error.next = "check that these are the registrars of that region";
      return std::unexpected(std::move(error));
    }
    if (const auto* about = std::get_if<OrgStatement>(&*applied)) {
      known.cosign[about->organisation].push_back(about->keys.cosign);
    }
  }
  return known;
}

std::optional<Header> HeaderIn(const Entry& entry) {
  const auto* record = std::get_if<RecordEntry>(&entry.body);
  if (record == nullptr) return std::nullopt;
  auto header = DecodeHeader(record->header);
  return header ? std::optional(std::move(*header)) : std::nullopt;
}

Status CheckAuthor(const RecordEntry& record, const Header& header, const Directory& directory,
                   const std::string& field) {
  const SigningPublicKey* key = directory.FindRecordKey(header.author, header.signer);
  const Hash32 leaf = RecordLeaf(record.header, record.ciphertext_hash, record.recipients_root);
  if (key != nullptr && VerifyEvidence(*key, leaf, record.evidence)) return {};
  return Fail(Code::kUnauthenticated, "evidence.author", field + ": " + header.author.value(),
              "this organisation did not sign that record: do not rely on it");
}

Result<Witness> CheckWitness(const WitnessedHead& witnessed, const TreeHead& head, std::string_view origin,
                             const OrgId& organisation, const std::vector<SigningPublicKey>& keys) {
  for (const SigningPublicKey& key : keys) {
    const auto at = VerifyCosignature(witnessed.note, origin, organisation, key);
    if (at) return Witness{organisation, head, *at};
  }
  return Fail(Code::kUnauthenticated, "cosignature.signature", organisation.value(),
              "this organisation did not sign that head: do not rely on it");
}

// Signatures under the witnessed heads that are not the log's own.
std::size_t CosignaturesIn(const Evidence& evidence, std::string_view origin) {
  std::size_t count = 0;
  for (const WitnessedHead& witnessed : evidence.witnesses) {
    const auto note = ParseSignedNote(witnessed.note);
    if (!note) continue;
    for (const NoteSignature& signature : note->signatures) count += signature.name == origin ? 0 : 1;
  }
  return count;
}

}  // namespace

Result<Parties> CheckParties(const Evidence& evidence, const CheckedEvidence& checked, std::string_view origin,
                             const Registrars& registrars) {
  SCHAKEL_ASSIGN(const KnownKeys known, ReadDirectory(evidence.statements, registrars));
  std::set<OrgId> authors;
  std::set<OrgId> unknown;
  for (std::size_t i = 0; i < checked.entries.size(); ++i) {
    const auto header = HeaderIn(checked.entries[i]);
    if (!header) continue;
    const bool listed = known.directory.Find(header->author) != nullptr;
    (listed ? authors : unknown).insert(header->author);
    if (!listed) continue;
    SCHAKEL_TRY(CheckAuthor(std::get<RecordEntry>(checked.entries[i].body), *header, known.directory,
                            "entry " + std::to_string(i + 1)));
  }
  // Of each its furthest head.
  std::map<OrgId, Witness> witnesses;
  std::size_t held = 0;
  for (std::size_t i = 0; i < evidence.witnesses.size(); ++i) {
    for (const OrgId& organisation : WitnessesNamed(evidence.witnesses[i].note, origin)) {
      const auto keys = known.cosign.find(organisation);
      if (keys == known.cosign.end()) {
        unknown.insert(organisation);
        continue;
      }
      SCHAKEL_ASSIGN(const Witness witness,
                     CheckWitness(evidence.witnesses[i], checked.witnessed[i], origin, organisation, keys->second));
      ++held;
      auto [found, first] = witnesses.try_emplace(organisation, witness);
      if (!first && found->second.head.size < witness.head.size) found->second = witness;
    }
  }
  Parties parties{{authors.begin(), authors.end()}, {unknown.begin(), unknown.end()}, {}};
  parties.unchecked = CosignaturesIn(evidence, origin) - held;
  for (auto& [organisation, witness] : witnesses) parties.witnesses.push_back(witness);
  return parties;
}

std::vector<OrgId> PartiesNamed(const Evidence& evidence, std::string_view origin) {
  std::set<OrgId> named;
  for (const ProvenEntry& proven : evidence.entries) {
    const auto entry = DecodeEntry(proven.entry);
    const auto header = entry ? HeaderIn(*entry) : std::nullopt;
    if (header) named.insert(header->author);
  }
  for (const WitnessedHead& witnessed : evidence.witnesses) {
    for (OrgId& organisation : WitnessesNamed(witnessed.note, origin)) named.insert(std::move(organisation));
  }
  return {named.begin(), named.end()};
}

}  // namespace schakel
