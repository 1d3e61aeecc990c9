// The functions that every record passes, one by one.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include "protocol/codec.h"
#include "protocol/crypto.h"
#include "protocol/entry.h"
#include "protocol/policy.h"
#include "protocol/record.h"
#include "protocol/wire.h"

namespace schakel {
namespace {

struct Fixture {
  SigningKey author = SigningKey::Generate();
  AgreementKey reader = AgreementKey::Generate();
  SigningKey registrar = SigningKey::Generate();
  Directory directory{Registrars{1, {registrar.public_key}}};
  PolicyState policy;
  TrajectoryId trajectory = SystemRandom().Draw<TrajectoryId>();
  Header header;
  SealedRecord record;

  Fixture() {
    InitCrypto();
    Enrol("writer", "youth-care", author.public_key);
    Enrol("reader", "school-support", SigningKey::Generate().public_key);
    CeilingStatement ceilings;
    ceilings.rows = {{Sector("school-support"), {Category::kSchool}, false}};
    Take(ceilings);
    Found();
    header = NewHeader(Kind::kNote);
    Body body{1, 1, Bytes(512, 7)};
    const RecipientKey recipient{OrgId("reader"), reader.public_key};
    record = SealRecord(header, body, {&recipient, 1}, "bench", SystemRandom())->record;
  }

  Header NewHeader(Kind kind) {
    Header made;
    made.kind = kind;
    made.id = SystemRandom().Draw<RecordId>();
    made.author = OrgId("writer");
    made.signer = IdOf(author.public_key);
    made.trajectory = trajectory;
    made.thread = made.id;
    made.created_at = SystemClock().Now();
    if (IsContent(kind)) made.categories = {Category::kSchool};
    return made;
  }

 private:
  void Take(const Statement& statement) {
    const Bytes bytes = EncodeStatement(statement);
    SCHAKEL_ASSERT(directory.Apply({bytes, {SignStatement(bytes, registrar)}}).has_value());
  }
  void Enrol(const char* id, const char* sector, const SigningPublicKey& key) {
    OrgStatement statement;
    statement.organisation = OrgId(id);
    statement.name = id;
    statement.sector = Sector(sector);
    statement.keys.record = key;
    statement.keys.transport = TransportKey::Generate().public_key;
    Take(statement);
  }
  void Found() {
    const Timestamp later = SystemClock().Now() + std::chrono::hours(24);
    Header open = NewHeader(Kind::kTrajectoryOpen);
    open.control = TrajectoryOpen();
    Header invite = NewHeader(Kind::kMemberInvite);
    invite.control = MemberInvite{OrgId("reader"), later};
    Header join = NewHeader(Kind::kMemberJoin);
    join.author = OrgId("reader");
    join.control = MemberJoin{invite.id};
    Header grant = NewHeader(Kind::kGrantGive);
    GrantGive terms;
    terms.recipient = OrgId("reader");
    terms.purposes = {Purpose::kCareCoordination};
    terms.categories = {Category::kSchool};
    terms.begins_at = FromMillis(0);
    terms.ends_at = later;
    grant.control = terms;
    for (const Header& statement : {open, invite, join, grant}) policy.Apply(statement);
  }
};

Fixture& F() {
  static Fixture fixture;
  return fixture;
}

void BM_Sha256(benchmark::State& state) {
  const Bytes data(static_cast<std::size_t>(state.range(0)), 1);
  for (auto _ : state) benchmark::DoNotOptimize(Sha256(data));
}
BENCHMARK(BM_Sha256)->Arg(65)->Arg(100)->Arg(840);

void BM_DecodeHeader(benchmark::State& state) {
  const Bytes bytes = EncodeHeader(F().header);
  for (auto _ : state) benchmark::DoNotOptimize(DecodeHeader(bytes));
}
BENCHMARK(BM_DecodeHeader);

void BM_EncodeHeader(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(EncodeHeader(F().header));
}
BENCHMARK(BM_EncodeHeader);

void BM_RecipientsRoot(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(RecipientsRoot(F().record.recipients));
}
BENCHMARK(BM_RecipientsRoot);

void BM_ProveStanza(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(ProveStanza(F().record.recipients, 0));
}
BENCHMARK(BM_ProveStanza);

void BM_SealRecord(benchmark::State& state) {
  const Body body{1, 1, Bytes(512, 7)};
  const RecipientKey recipient{OrgId("reader"), F().reader.public_key};
  for (auto _ : state) {
    benchmark::DoNotOptimize(SealRecord(F().header, body, {&recipient, 1}, "bench", SystemRandom()));
  }
}
BENCHMARK(BM_SealRecord);

void BM_OpenRecord(benchmark::State& state) {
  const SealedRecord& record = F().record;
  const Hash32 root = RecipientsRoot(record.recipients);
  for (auto _ : state) {
    auto key = UnwrapKey(record.recipients.stanzas[0].stanza, F().reader, record.header, "bench");
    benchmark::DoNotOptimize(OpenBody(record.ciphertext, *key, record.header, OrgId("writer"), root));
  }
}
BENCHMARK(BM_OpenRecord);

// A message of so many records under one signature, per record.
void BM_DecodeSubmit(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const Bytes bytes = EncodeMessage({1, Submit{SignBatch(std::vector<SealedRecord>(count, F().record), F().author)}});
  for (auto _ : state) benchmark::DoNotOptimize(DecodeMessage(bytes));
  state.SetItemsProcessed(static_cast<std::int64_t>(count) * state.iterations());
}
BENCHMARK(BM_DecodeSubmit)->Arg(1)->Arg(16)->Arg(64);

void BM_VerifyBatch(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const SignedBatch batch = SignBatch(std::vector<SealedRecord>(count, F().record), F().author);
  for (auto _ : state) {
    std::vector<Hash32> leaves;
    for (const SealedRecord& record : batch.records) {
      leaves.push_back(RecordLeaf(record.header, Sha256(record.ciphertext), RecipientsRoot(record.recipients)));
    }
    SCHAKEL_ASSERT(VerifyLeaves(F().author.public_key, leaves, batch.signature));
    benchmark::DoNotOptimize(ProveLeaves(leaves, batch.signature));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(count) * state.iterations());
}
BENCHMARK(BM_VerifyBatch)->Arg(1)->Arg(16)->Arg(64);

void BM_AdmitAndDecide(benchmark::State& state) {
  const Timestamp now = SystemClock().Now();
  for (auto _ : state) {
    SCHAKEL_ASSERT(Admit(F().policy, F().directory, F().header, now).has_value());
    const Decision decision = Decide(F().policy, F().directory, F().header, OrgId("reader"), now);
    SCHAKEL_ASSERT(std::holds_alternative<Permit>(decision));
  }
}
BENCHMARK(BM_AdmitAndDecide);

// A region as large as a province: whom a record may reach is asked for records of all trajectories in no order, so
// that little of it is in the caches.
struct Region {
  static constexpr std::size_t kOrganisations = 1'000;
  static constexpr std::size_t kTrajectories = 100'000;
  static constexpr std::size_t kGrants = 10;
  static constexpr std::size_t kQuestions = 1U << 16;

  Directory directory{Registrars{1, {F().registrar.public_key}}};
  PolicyState policy;
  std::vector<std::pair<Header, OrgId>> questions;
  double bytes_per_trajectory = 0;
  Timestamp now = SystemClock().Now();

  Region() {
    CeilingStatement ceilings;
    ceilings.rows = {{Sector("school-support"), {Category::kSchool}, false}};
    Take(ceilings);
    for (std::size_t i = 0; i < kOrganisations; ++i) Enrol(Organisation(i));
    const std::size_t before = mallinfo2().uordblks;
    for (std::size_t i = 0; i < kTrajectories; ++i) Found(i);
    bytes_per_trajectory = static_cast<double>(mallinfo2().uordblks - before) / static_cast<double>(kTrajectories);
    for (std::size_t i = 0; i < kQuestions; ++i) Ask();
  }

 private:
  static OrgId Organisation(std::size_t number) {
    return OrgId("organisation-" + std::to_string(number % kOrganisations));
  }
  static TrajectoryId Trajectory(std::size_t number) {
    Id128 id{};
    for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<std::uint8_t>(number * 0x9e3779b97f4a7c15U >> (8 * i));
    return TrajectoryId(id);
  }
  void Take(const Statement& statement) {
    const Bytes bytes = EncodeStatement(statement);
    SCHAKEL_ASSERT(directory.Apply({bytes, {SignStatement(bytes, F().registrar)}}).has_value());
  }
  void Enrol(const OrgId& id) {
    OrgStatement statement;
    statement.organisation = id;
    statement.name = id.value();
    statement.sector = Sector("school-support");
    statement.keys.transport = TransportKey::Generate().public_key;
    Take(statement);
  }
  void Say(std::size_t trajectory, const OrgId& author, Kind kind, Control control) {
    Header header;
    header.kind = kind;
    header.id = SystemRandom().Draw<RecordId>();
    header.author = author;
    header.trajectory = Trajectory(trajectory);
    header.control = std::move(control);
    policy.Apply(header);
  }
  void Found(std::size_t number) {
    const OrgId lead = Organisation(number);
    const Timestamp later = now + std::chrono::hours(24);
    Say(number, lead, Kind::kTrajectoryOpen, TrajectoryOpen());
    for (std::size_t i = 1; i <= kGrants; ++i) {
      const OrgId partner = Organisation(number + 7 * i);
      Say(number, lead, Kind::kMemberInvite, MemberInvite{partner, later});
      Say(number, partner, Kind::kMemberJoin, MemberJoin{});
      GrantGive terms;
      terms.recipient = partner;
      terms.purposes = {Purpose::kCareCoordination};
      terms.categories = {Category::kSchool};
      terms.begins_at = FromMillis(0);
      terms.ends_at = later;
      Say(number, lead, Kind::kGrantGive, terms);
    }
  }
  void Ask() {
    const std::uint64_t drawn = SystemRandom().Draw<RecordId>().value()[0] | questions.size() << 8;
    const std::size_t number = drawn * 0x9e3779b97f4a7c15U % kTrajectories;
    Header header;
    header.author = Organisation(number);
    header.trajectory = Trajectory(number);
    header.categories = {Category::kSchool};
    questions.emplace_back(header, Organisation(number + 7 * (1 + drawn % kGrants)));
  }
};

void BM_DecideInARegion(benchmark::State& state) {
  static const Region region;
  std::size_t next = 0;
  for (auto _ : state) {
    const auto& [header, recipient] = region.questions[next++ % Region::kQuestions];
    const Decision decision = Decide(region.policy, region.directory, header, recipient, region.now);
    SCHAKEL_ASSERT(std::holds_alternative<Permit>(decision));
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes_per_trajectory"] = region.bytes_per_trajectory;
}
BENCHMARK(BM_DecideInARegion);

void BM_EncodeRecordEntry(benchmark::State& state) {
  RecordEntry record;
  record.header = F().record.header;
  record.evidence.path.resize(4);
  const Entry entry{Sequence(1), SystemClock().Now(), record};
  for (auto _ : state) benchmark::DoNotOptimize(EncodeEntry(entry));
}
BENCHMARK(BM_EncodeRecordEntry);

// The routing of a record for so many: its root, and what each is shown of it.
void BM_RouteInSlots(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  Slots slots;
  for (std::size_t i = 0; i < count; ++i) {
    slots.used.push_back({static_cast<std::uint8_t>(i * kRecipientsMax / count), Bytes(160, 7)});
  }
  for (auto _ : state) {
    const SlotTree tree(slots);
    benchmark::DoNotOptimize(tree.Root());
    for (const auto& [slot, entry] : slots.used) benchmark::DoNotOptimize(tree.Path(slot));
  }
}
BENCHMARK(BM_RouteInSlots)->Arg(1)->Arg(4)->Arg(32);

}  // namespace
}  // namespace schakel

BENCHMARK_MAIN();
