#include "access.h"

#include <algorithm>

#include "protocol/merkle.h"
#include "protocol/verdict.h"

namespace schakel {
namespace {

constexpr std::size_t kProvingMax = 32;

const Error& Offline() {
  static const Error kOffline{Code::kUnavailable, "hub.offline", {}, "try again when the hub can be reached"};
  return kOffline;
}

std::size_t BytesOf(const Evidence& evidence) {
  std::size_t bytes = 0;
  for (const ProvenEntry& entry : evidence.entries) {
    bytes += entry.entry.size() + 40 * entry.proof.size() + (entry.place ? 448 : 48);
  }
  return bytes;
}

}  // namespace

void AddStatements(const Knowledge& knowledge, std::string_view origin, Evidence& whole) {
  const std::vector<OrgId> named = PartiesNamed(whole, origin);
  for (SignedStatement& statement : knowledge.Statements()) {
    const auto decoded = DecodeStatement(statement.statement);
    const auto* about = decoded ? std::get_if<OrgStatement>(&*decoded) : nullptr;
    // Without these nobody could tell from the pinned registrars who signed the later ones.
    const bool registrars = decoded && std::holds_alternative<RegistrarsStatement>(*decoded);
    if (!registrars && (about == nullptr || !std::ranges::binary_search(named, about->organisation))) continue;
    whole.statements.push_back(std::move(statement));
  }
}

void AccessAsker::Ask(const AccessQuery& query, Done done) {
  auto job = std::make_shared<Job>(Job{query, std::move(done), {}, 0, {}, 0, false});
  job->query.limit = 256;
  jobs_.push_back(job);
  if (step_.distrusted()) return OnDistrusted();
  if (!ready_) return End(job, std::unexpected(Offline()));
  AskPage(job);
}

void AccessAsker::AskPage(const JobPtr& job) {
  requests_.Ask(job->query, clock_.Steady(), [this, job](MessagePayload& reply) { OnPage(job, reply); });
}

void AccessAsker::OnPage(const JobPtr& job, MessagePayload& reply) {
  if (auto* error = std::get_if<Error>(&reply)) return End(job, std::unexpected(std::move(*error)));
  auto* access = std::get_if<AccessReply>(&reply);
  auto checked = access ? CheckEvidencePage(access->evidence, heads_.verifier(), job->repeats)
                        : Result<CheckedEvidence>(Fail(Code::kInvalid, "wire.type"));
  if (!checked) return step_.Distrust({Code::kTampered, "hub.access", checked.error().rule, {}});
  Page page{checked->head, std::move(access->evidence), {}};
  Sequence last = job->query.after;
  // Within the page their order was checked.
  if (!checked->entries.empty() && checked->entries.front().sequence <= last) {
    return step_.Distrust({Code::kTampered, "hub.access", "order", {}});
  }
  for (const Entry& entry : checked->entries) {
    last = entry.sequence;
    page.sequences.push_back(last);
  }
  job->bytes += BytesOf(page.evidence);
  if (job->bytes > kEvidenceBytesMax) {
    return End(job, Fail(Code::kLimit, "access.size", {}, "ask about one record instead of the whole trajectory"));
  }
  const bool more = access->more && last > job->query.after;
  job->query.after = last;
  const std::string note = page.evidence.checkpoint;
  const TreeHead head = page.head;
  job->pages.push_back(std::move(page));
  heads_.Compare(head, note, [this, job, more] { more ? AskPage(job) : Complete(job); });
}

// Pages may stand under different heads, since the log grew meanwhile: all are proven anew under that of the last.
void AccessAsker::Complete(const JobPtr& job) {
  const TreeHead head = job->pages.back().head;
  for (std::size_t page = 0; page + 1 < job->pages.size(); ++page) {
    if (job->pages[page].head == head) continue;
    for (std::size_t entry = 0; entry < job->pages[page].sequences.size(); ++entry) {
      job->to_prove.emplace_back(page, entry);
    }
  }
  ProveSome(job);
}

void AccessAsker::ProveSome(const JobPtr& job) {
  while (!job->paused && !job->to_prove.empty() && job->proving < kProvingMax) {
    const auto [page, entry] = job->to_prove.front();
    job->to_prove.pop_front();
    ++job->proving;
    requests_.Ask(ProveInclusion{job->pages[page].sequences[entry], job->pages.back().head.size}, clock_.Steady(),
                  [this, job, page, entry](MessagePayload& reply) { OnProof(job, page, entry, reply); });
  }
  if (job->to_prove.empty() && job->proving == 0) Merge(job);
}

void AccessAsker::OnProof(const JobPtr& job, std::size_t page, std::size_t entry, MessagePayload& reply) {
  --job->proving;
  if (auto* error = std::get_if<Error>(&reply)) {
    if (error->code != Code::kLimit) return End(job, std::unexpected(std::move(*error)));
    job->to_prove.emplace_back(page, entry);
    job->paused = true;
    return;
  }
  auto* proof = std::get_if<ProofReply>(&reply);
  const TreeHead& head = job->pages.back().head;
  ProvenEntry& proven = job->pages[page].evidence.entries[entry];
  if (!proof || !VerifyInclusion(LeafOf(proven.entry, proven.salt, proven.place),
                                 job->pages[page].sequences[entry].value() - 1, head.size, proof->hashes, head.root)) {
    return step_.Distrust({Code::kTampered, "hub.access", "proof", {}});
  }
  proven.proof = std::move(proof->hashes);
  ProveSome(job);
}

void AccessAsker::OnTick() {
  for (const JobPtr& job : std::vector<JobPtr>(jobs_)) {
    if (std::exchange(job->paused, false)) ProveSome(job);
  }
}

void AccessAsker::Merge(const JobPtr& job) {
  Evidence whole;
  whole.checkpoint = job->pages.back().evidence.checkpoint;
  whole.subject = job->pages.back().evidence.subject;
  whole.witnesses = std::move(job->pages.back().evidence.witnesses);
  for (Page& page : job->pages) {
    std::ranges::move(page.evidence.entries, std::back_inserter(whole.entries));
  }
  const TreeHead head = job->pages.back().head;
  if (auto own = cosigner_.Cosigned(whole.checkpoint, head)) whole.witnesses.push_back({std::move(*own), {}});
  if (whole.witnesses.size() > kEvidenceWitnessesMax) whole.witnesses.erase(whole.witnesses.begin());
  AddStatements(knowledge_, heads_.verifier().name, whole);
  CheckWhole(whole, head);
  End(job, std::move(whole));
}

// The pages were checked one by one; that nothing is missing shows from the whole.
void AccessAsker::CheckWhole(const Evidence& whole, const TreeHead& head) {
  CheckedEvidence checked{head, {}};
  for (const ProvenEntry& proven : whole.entries) {
    auto entry = DecodeEntry(proven.entry);
    if (!entry) return;
    checked.entries.push_back(std::move(*entry));
  }
  const auto complete = CheckComplete(whole, checked);
  if (complete) return;
  step_.Raise(Alarm::Fault::kHub, {Code::kTampered, "hub.incomplete", complete.error().field,
                                   "keep the evidence, and report this to the hub's operator"});
}

void AccessAsker::End(const JobPtr& job, Result<Evidence> result) {
  // Answers to a job that ended come too late.
  if (std::erase(jobs_, job) > 0) job->done(std::move(result));
}

void AccessAsker::EndAll(const Error& why) {
  for (const JobPtr& job : std::exchange(jobs_, {})) job->done(std::unexpected(why));
}

void AccessAsker::OnDisconnected() {
  ready_ = false;
  EndAll(Offline());
}

void AccessAsker::OnDistrusted() {
  EndAll({Code::kTampered, "hub.distrusted", {}, "see the alarm, and call the operator of the hub"});
}

}  // namespace schakel
