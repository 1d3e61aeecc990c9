#include "broker/hub.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "broker/reader.h"
#include "examiner.h"
#include "thread_name.h"
#include "worker_thread.h"

namespace schakel {
namespace {

using Level = HubObserver::Level;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr auto kTickPeriod = std::chrono::milliseconds(100);
constexpr auto kRecheckPeriod = std::chrono::milliseconds(200);
constexpr std::uint64_t kRecheckEntries = 4096;
constexpr std::size_t kReceiveAtOnce = 64;  // Messages a round.
constexpr std::size_t kInlineEntries = 16;  // A group as small as this is committed without a hand-off.
constexpr std::size_t kTasksMax = 256;      // Waiting for the reader.

// What comes back from a commit.
struct Written {
  Group group;
  Status status;
};
struct Answered {
  StagedReply reply;
  OrgId from;
};

class ThreadedHub : public Hub {
 public:
  ThreadedHub(HubOptions options, Log& log, Transport& transport, const SigningKey& log_key, const Clock& clock,
              HubObserver& observer, std::unique_ptr<HubCore> core)
      : options_(std::move(options)),
        log_(log),
        transport_(transport),
        clock_(clock),
        observer_(observer),
        core_(std::move(core)),
        reader_(log, options_.core.face.origin, log_key, core_->rechecked()),
        examiner_(options_.threads ? options_.helpers : 0, core_->wire(), [this] { transport_.Wake(); }) {
    if (!options_.threads) return;
    writer_ = std::make_unique<WorkerThread<Group, Written>>([this](Group group) { return Write(std::move(group)); },
                                                             [this] { transport_.Wake(); },
                                                             [] { NameThisThread("hub-writer"); });
    answers_ = std::make_unique<WorkerThread<ReadTask, Answered>>(
        [this](const ReadTask& task) { return Answered{reader_.Answer(task), task.from}; },
        [this] { transport_.Wake(); },
        [] {
          NameThisThread("hub-reader");
          setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 5);
        },
        [this] { RecheckSome(); }, kRecheckPeriod);
  }

  Status Run() override;
  void Stop() override {
    stop_.store(true);
    transport_.Wake();
  }
  Result<bool> Step() override;
  Status Close() override;
  HubReport Report() const override {
    std::scoped_lock lock(report_mutex_);
    return report_;
  }
  void OnCommit(std::function<void(const CommitReport&)> call) override { on_commit_ = std::move(call); }
  HubCore& core() override { return *core_; }

 private:
  Written Write(Group group);
  Status TakeWritten(bool wait);
  bool TakeAnswers();
  std::size_t Receive();
  bool TakeExamined();
  void StartTasks();
  Status Commit(bool quiet);
  Status ApplyQuarantine();
  void RecheckSome();
  void Tick();
  void Sleep(bool busy);
  bool MayReceive() const;
  void Publish();

  const HubOptions options_;
  Log& log_;
  Transport& transport_;
  const Clock& clock_;
  HubObserver& observer_;
  std::unique_ptr<HubCore> core_;
  Reader reader_;
  Examiner examiner_;
  std::function<void(const CommitReport&)> on_commit_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> recheck_failed_{false};
  bool writing_ = false;
  SteadyTime tick_at_{};
  std::deque<ReadTask> tasks_;
  mutable std::mutex report_mutex_;
  HubReport report_;
  // Last: their threads end before what they use goes.
  std::unique_ptr<WorkerThread<Group, Written>> writer_;
  std::unique_ptr<WorkerThread<ReadTask, Answered>> answers_;
};

// ---- committing ----

Written ThreadedHub::Write(Group group) {
  const auto begin = clock_.Steady();
  Written written;
  Status status;
  if (!group.entries.empty() || !group.rows.empty() || !group.list_rows.empty()) {
    const auto appended = log_.Append(group.TakeBatch(), group.before);
    status = appended ? log_.Sync() : Status(std::unexpected(appended.error()));
  }
  if (status && !group.erase.empty()) status = log_.Erase(group.erase);
  if (status && group.master_key) {
    if (Status changed = log_.ChangeMasterKey(group.master_key->source); !changed) {
      group.master_key->refused = changed.error();
    }
  }
  if (status && group.snapshot) status = log_.SaveSnapshot(group.last(), *group.snapshot);
  if (status && on_commit_) {
    on_commit_({group.entries.size(), group.records.size(), group.bytes, clock_.Steady() - begin});
  }
  return {std::move(group), std::move(status)};
}

Status ThreadedHub::TakeWritten(bool wait) {
  if (!writing_) return {};
  auto written = wait ? writer_->WaitTake() : writer_->Take();
  if (!written) return {};
  writing_ = false;
  SCHAKEL_TRY(written->status);
  core_->Committed(std::move(written->group));
  return {};
}

// `quiet`: nothing else is on its way.
Status ThreadedHub::Commit(bool quiet) {
  if (writing_ || !core_->HasGroup()) return {};
  core_->NoteRechecked(reader_.rechecked());
  Group group = core_->TakeGroup();
  if (writer_ && !(quiet && group.entries.size() <= kInlineEntries && !group.snapshot)) {
    writing_ = true;
    writer_->Put(std::move(group));
    return {};
  }
  Written written = Write(std::move(group));
  SCHAKEL_TRY(written.status);
  core_->Committed(std::move(written.group));
  return {};
}

Status ThreadedHub::ApplyQuarantine() {
  auto why = core_->TakeQuarantine();
  if (!why) return {};
  SCHAKEL_TRY(TakeWritten(true));
  log_.Quarantine(*why);
  return {};
}

// ---- receiving ----

bool ThreadedHub::MayReceive() const { return examiner_.HasRoom() && !(writing_ && core_->GroupFull()); }

std::size_t ThreadedHub::Receive() {
  std::size_t count = 0;
  Incoming incoming;
  while (count < kReceiveAtOnce && MayReceive() && transport_.Receive(incoming)) {
    ++count;
    if (incoming.turned_away) {
      core_->TurnedAway(*incoming.from);
    } else if (incoming.closed) {
      core_->Closed(incoming.connection);
    } else if (incoming.from->kind == Identity::Kind::kOperator) {
      core_->TakeFromOperator(incoming.connection, incoming.message.view());
    } else {
      examiner_.Add(std::move(incoming), core_->directory());
    }
  }
  return count;
}

bool ThreadedHub::TakeExamined() {
  bool any = false;
  while (!(writing_ && core_->GroupFull())) {
    const auto job = examiner_.Next();
    if (!job) break;
    any = true;
    core_->Take(job->incoming.connection, job->incoming.from, std::move(job->examined));
    if (core_->GroupFull() && !writing_) break;
  }
  return any;
}

// ---- answering ----

void ThreadedHub::StartTasks() {
  for (ReadTask& task : core_->TakeTasks()) tasks_.push_back(std::move(task));
  while (!tasks_.empty() && (!answers_ || answers_->open() < kTasksMax)) {
    ReadTask task = std::move(tasks_.front());
    tasks_.pop_front();
    if (answers_) {
      answers_->Put(std::move(task));
    } else {
      StagedReply reply = reader_.Answer(task);
      core_->Answered(task.from);
      transport_.Reply(reply.to, std::move(reply.message));
    }
  }
}

bool ThreadedHub::TakeAnswers() {
  if (!answers_) return false;
  bool any = false;
  while (auto answered = answers_->Take()) {
    core_->Answered(answered->from);
    transport_.Reply(answered->reply.to, std::move(answered->reply.message));
    any = true;
  }
  return any;
}

void ThreadedHub::RecheckSome() {
  const auto checked = reader_.RecheckSome(kRecheckEntries);
  if (!checked && !recheck_failed_.exchange(true)) {
    observer_.Report(Level::kAlarm, "log.recheck", OrgId(), checked.error().rule);
  }
}

// ---- the loop ----

void ThreadedHub::Publish() {
  HubReport report;
  report.counts = core_->counts();
  report.feeds = core_->feeds().counts();
  report.transport = transport_.Stats();
  report.log_size = log_.Last().value();
  report.rechecked = reader_.rechecked().value();
  report.sessions = core_->sessions();
  report.organisations = core_->directory()->organisations().size();
  report.trajectories = core_->policy().trajectories().size();
  report.read_only = core_->frozen();
  report.ready = !report.read_only && !recheck_failed_.load() && !stop_.load();
  std::scoped_lock lock(report_mutex_);
  report_ = std::move(report);
}

void ThreadedHub::Tick() {
  const SteadyTime now = clock_.Steady();
  if (now < tick_at_) return;
  tick_at_ = now + kTickPeriod;
  core_->Tick();
  Publish();
}

Result<bool> ThreadedHub::Step() {
  Tick();
  SCHAKEL_TRY(TakeWritten(false));
  const bool answered = TakeAnswers();
  const std::size_t received = Receive();
  const bool examined = TakeExamined();
  const bool more = core_->Pump();
  SCHAKEL_TRY(ApplyQuarantine());
  const bool committing = !writing_ && core_->HasGroup();
  SCHAKEL_TRY(Commit(received <= 1 && examiner_.empty()));
  StartTasks();
  return answered || received > 0 || examined || more || (committing && !writing_);
}

void ThreadedHub::Sleep(bool busy) {
  auto timeout = kTickPeriod;
  if (const auto retry = core_->NextRetry()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*retry - clock_.Steady());
    timeout = std::clamp(left, std::chrono::milliseconds(1), timeout);
  }
  if (busy) timeout = std::chrono::milliseconds(0);
  examiner_.OwnerSleeps(true);
  // A helper may have finished before it could see that.
  if (!examiner_.empty() && !writing_) timeout = std::min(timeout, std::chrono::milliseconds(1));
  transport_.Wait(timeout, MayReceive() ? Transport::Interest::kMessages : Transport::Interest::kWakeOnly);
  examiner_.OwnerSleeps(false);
}

Status ThreadedHub::Run() {
  constexpr unsigned kRoundsAwake = 16;
  for (unsigned rounds = 1; !stop_.load(); ++rounds) {
    SCHAKEL_ASSIGN(const bool busy, Step());
    // Even when there is always something to do: queues of replies and closed connections are looked after there.
    if (!busy || rounds % kRoundsAwake == 0) Sleep(busy);
  }
  return Close();
}

Status ThreadedHub::Close() {
  while (!examiner_.empty()) {
    TakeExamined();
    SCHAKEL_TRY(TakeWritten(core_->GroupFull()));
    SCHAKEL_TRY(Commit(false));
  }
  SCHAKEL_TRY(TakeWritten(true));
  SCHAKEL_TRY(ApplyQuarantine());
  core_->EndFeeds();
  if (!core_->frozen()) core_->WantSnapshot();
  SCHAKEL_TRY(Commit(false));
  return TakeWritten(true);
}

}  // namespace

Result<std::unique_ptr<Hub>> Hub::Open(HubOptions options, Log& log, Transport& transport, const SigningKey& log_key,
                                       const Clock& clock, Random& random, HubObserver& observer) {
  options.core.number_key = NumberKeyOf(log_key);
  SCHAKEL_ASSIGN(auto core, HubCore::Restore(options.core, log, transport, clock, random, observer));
  return std::make_unique<ThreadedHub>(std::move(options), log, transport, log_key, clock, observer, std::move(core));
}

}  // namespace schakel
