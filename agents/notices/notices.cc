#include "notices/notices.h"

#include <algorithm>
#include <limits>

#include "agents/body.h"
#include "agents/person_name.h"
#include "local_time.h"
#include "protocol/codec.h"
#include "protocol/crypto.h"
#include "services/on_duty.h"

namespace schakel {
namespace {

constexpr const char* kTakenUpTo = "taken";
constexpr const char* kLateUpTo = "late";
constexpr std::size_t kSecretBytes = 32;
constexpr std::uint64_t kRetriesCounted = 20;  // More make no difference.

// So that the rows of one webhook stand in their order.
std::string MessageKey(const WebhookId& id, std::uint64_t number) {
  std::string digits = std::to_string(number);
  return ToText(id) + "." + std::string(20 - digits.size(), '0') + digits;
}

Timestamp RetryAt(Timestamp now, std::uint64_t attempts) {
  std::chrono::milliseconds delay = Notices::kFirstRetry;
  for (std::uint64_t i = 1; i < std::min(attempts, kRetriesCounted); ++i) {
    delay = std::min<std::chrono::milliseconds>(delay * 4, Notices::kLastRetry);
  }
  return now + delay;
}

// A question that somebody has to answer today.
bool IsCrisis(const Engine& engine, const HeldRecord& held) {
  if (held.header.kind != Kind::kQuestion) return false;
  const auto body = engine.Open(held.header.id);
  if (!body) return false;
  const auto typed = DecodeBody(*body);
  const auto* question = typed ? std::get_if<QuestionBody>(&*typed) : nullptr;
  return question != nullptr && question->urgency == Urgency::kCrisis;
}

// As which kind of record it is told to programs: whether an offer is full is said under the kind of learning cases,
// and is of the offer.
Kind ToldAs(const Engine& engine, const HeldRecord& held) {
  const Kind kind = held.header.kind;
  if (kind != Kind::kLearningCase) return kind;
  const auto body = engine.Open(held.header.id);
  return body && body->type == PlaceStandingBody::kType ? Kind::kPlaceOffer : kind;
}

Bytes EncodeMoment(Timestamp at) {
  Encoder to;
  to.Time(at);
  return to.Take();
}

Bytes EncodePosition(FeedPosition position) {
  Encoder to;
  to.Uint(position.value());
  return to.Take();
}

}  // namespace

// Filled from the engine's thread, emptied by Take().
struct Notices::Pending {
  std::mutex mutex;
  std::set<RecordId> records;
  std::function<void()> news;
};

Notices::Notices(Engine& engine, FollowService& following, const Clock& clock, Random& random, NoticeOptions options,
                 std::function<bool(const std::string& person)> is_gone)
    : engine_(engine),
      following_(following),
      clock_(clock),
      random_(random),
      options_(std::move(options)),
      is_gone_(std::move(is_gone)),
      pending_(std::make_shared<Pending>()) {}

Notices::~Notices() { subscription_.reset(); }

Status Notices::Load() {
  if (!options_.mail && !options_.webhooks) {
    return engine_.Keep({{kStateSet, kTakenUpTo, std::nullopt}, {kStateSet, kLateUpTo, std::nullopt}});
  }
  subscription_ = engine_.OnChange([pending = pending_](const Engine::Change& change) {
    if (change.what != Engine::Change::What::kRecord || IsNone(change.record)) return;
    std::lock_guard lock(pending->mutex);
    pending->records.insert(change.record);
    if (pending->news) pending->news();
  });
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(const auto settings, engine_.Kept(kSettingsSet));
  for (const auto& [key, row] : settings) {
    SCHAKEL_ASSIGN(NoticeSettings one, DecodeNoticeSettings(row));
    settings_[PersonKey(one.person)] = std::move(one);
  }
  SCHAKEL_ASSIGN(const auto mails, engine_.Kept(kMailSet));
  for (const auto& [key, row] : mails) {
    SCHAKEL_ASSIGN(MailRow one, DecodeMailRow(row));
    mails_[PersonKey(one.person)] = std::move(one);
  }
  SCHAKEL_ASSIGN(const auto webhooks, engine_.Kept(kWebhookSet));
  for (const auto& [key, row] : webhooks) {
    SCHAKEL_ASSIGN(Webhook one, DecodeWebhook(row));
    webhooks_[one.id] = std::move(one);
  }
  SCHAKEL_ASSIGN(const auto messages, engine_.Kept(kHookSet));
  for (const auto& [key, row] : messages) {
    SCHAKEL_ASSIGN(const HookRow one, DecodeHookRow(row));
    messages_[{one.webhook, one.number}] = one;
  }
  SCHAKEL_ASSIGN(const auto state, engine_.Kept(kStateSet));
  if (const auto taken = state.find(kTakenUpTo); taken != state.end()) {
    Decoder from(taken->second);
    taken_ = FeedPosition(from.Uint("notice.taken"));
    if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "notice");
  } else {
    taken_ = engine_.Report().feed;
    SCHAKEL_TRY(engine_.Keep({{kStateSet, kTakenUpTo, EncodePosition(taken_)}}));
  }
  if (const auto late = state.find(kLateUpTo); late != state.end()) {
    Decoder from(late->second);
    late_ = from.Time("notice.late");
    if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "notice");
  } else {
    late_ = clock_.Now();
    SCHAKEL_TRY(engine_.Keep({{kStateSet, kLateUpTo, EncodeMoment(late_)}}));
  }
  // What came while nobody listened.
  std::set<RecordId> missed;
  engine_.Records([&](const HeldRecord& held) {
    if (held.state == RecordState::kReceived && held.position > taken_) missed.insert(held.header.id);
    return true;
  });
  std::lock_guard inner(pending_->mutex);
  pending_->records.merge(missed);
  return {};
}

void Notices::OnNews(std::function<void()> news) {
  std::lock_guard lock(pending_->mutex);
  pending_->news = std::move(news);
}

std::string Notices::KeyOf(const std::string& person) const { return PersonKey(names_.Now(person)); }

const NoticeSettings* Notices::ChosenBy(const std::string& person) const {
  const auto found = settings_.find(KeyOf(person));
  return found == settings_.end() ? nullptr : &found->second;
}

Status Notices::FollowNames() {
  SCHAKEL_ASSIGN(FormerNames names, FormerNames::Of(engine_));
  if (names == names_) return {};
  Rows rows;
  auto settings = settings_;
  auto mails = mails_;
  for (const auto& [key, before] : settings_) {
    NoticeSettings one = before;
    one.person = names.Now(before.person);
    if (one.person == before.person) continue;
    rows.push_back({kSettingsSet, PersonRow(before.person), std::nullopt});
    settings.erase(key);
    // What they chose under the name of now, they chose later.
    const auto [there, fresh] = settings.try_emplace(PersonKey(one.person), one);
    rows.push_back({kSettingsSet, PersonRow(one.person), Encode(there->second)});
  }
  for (const auto& [key, before] : mails_) {
    MailRow one = before;
    one.person = names.Now(before.person);
    if (one.person == before.person) continue;
    rows.push_back({kMailSet, PersonRow(before.person), std::nullopt});
    mails.erase(key);
    const auto [there, fresh] = mails.try_emplace(PersonKey(one.person), one);
    if (!fresh && one.since && (one.urgent || !there->second.since)) there->second = one;
    rows.push_back({kMailSet, PersonRow(one.person), Encode(there->second)});
  }
  if (!rows.empty()) SCHAKEL_TRY(engine_.Keep(rows));
  settings_ = std::move(settings);
  mails_ = std::move(mails);
  names_ = std::move(names);
  return {};
}

Result<NoticeSettings> Notices::SettingsOf(const std::string& person) {
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(FollowNames());
  if (const NoticeSettings* chosen = ChosenBy(person)) return *chosen;
  NoticeSettings none;
  none.person = names_.Now(person);
  return none;
}

Result<bool> Notices::HasSettings(const std::string& person) {
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(FollowNames());
  return ChosenBy(person) != nullptr;
}

Status Notices::Choose(const NoticeSettings& chosen) {
  NoticeSettings settings = chosen;
  if (settings.mode != MailMode::kNone) {
    if (!options_.mail) return Fail(Code::kConflict, "notices.no_mail", "mode", "ask the administrator to set up mail");
    SCHAKEL_TRY(CheckMailAddress(settings.address));
  }
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(FollowNames());
  settings.person = names_.Now(settings.person);
  Rows rows = {{kSettingsSet, PersonRow(settings.person), Encode(settings)}};
  const auto waits = mails_.find(PersonKey(settings.person));
  std::optional<MailRow> moved;
  if (waits != mails_.end() && waits->second.since) {
    moved = waits->second;
    moved->attempts = 0;
    moved->due_at = moved->urgent ? clock_.Now() : DueOf(settings, moved->sent_at, clock_.Now());
    if (settings.mode == MailMode::kNone) moved->since.reset();
    rows.push_back({kMailSet, PersonRow(settings.person), Encode(*moved)});
  }
  SCHAKEL_TRY(engine_.Keep(rows));
  settings_[PersonKey(settings.person)] = settings;
  if (moved) waits->second = *moved;
  return {};
}

Result<Webhook> Notices::AddWebhook(const std::string& url, const std::set<Kind>& kinds) {
  if (!options_.webhooks) {
    return Fail(Code::kConflict, "webhooks.off", "url", "put [webhooks] into the configuration of the agent");
  }
  SCHAKEL_TRY(CheckHookUrl(url, options_.webhooks->private_targets));
  std::lock_guard lock(mutex_);
  if (webhooks_.size() >= kWebhooksMax) return Fail(Code::kLimit, "webhooks.many", "url", "remove one first");
  Webhook webhook;
  webhook.id = random_.Draw<WebhookId>();
  webhook.url = url;
  webhook.secret.resize(kSecretBytes);
  random_.Fill(webhook.secret);
  webhook.kinds = kinds;
  webhook.created_at = clock_.Now();
  SCHAKEL_TRY(engine_.Keep({{kWebhookSet, ToText(webhook.id), Encode(webhook)}}));
  webhooks_[webhook.id] = webhook;
  return webhook;
}

Status Notices::RemoveWebhook(const WebhookId& id) {
  std::lock_guard lock(mutex_);
  if (!webhooks_.contains(id)) return Fail(Code::kNotFound, "webhooks.unknown", "webhook", "see which there are");
  Rows rows = {{kWebhookSet, ToText(id), std::nullopt}};
  const auto begin = messages_.lower_bound({id, 0});
  auto end = begin;
  for (; end != messages_.end() && end->first.first == id; ++end) {
    rows.push_back({kHookSet, MessageKey(id, end->first.second), std::nullopt});
  }
  SCHAKEL_TRY(engine_.Keep(rows));
  messages_.erase(begin, end);
  webhooks_.erase(id);
  return {};
}

std::vector<Notices::WebhookState> Notices::Webhooks() const {
  std::lock_guard lock(mutex_);
  std::map<WebhookId, std::size_t> waiting;
  for (const auto& [key, row] : messages_) ++waiting[key.first];
  std::vector<WebhookState> all;
  for (const auto& [id, webhook] : webhooks_) all.push_back({webhook, waiting[id]});
  std::ranges::sort(all, [](const WebhookState& a, const WebhookState& b) {
    return std::pair(a.webhook.created_at, a.webhook.id) < std::pair(b.webhook.created_at, b.webhook.id);
  });
  return all;
}

Timestamp Notices::DueOf(const NoticeSettings& settings, const std::optional<Timestamp>& sent_at, Timestamp now) const {
  Timestamp due = sent_at ? std::max(now, *sent_at + kBetweenMails) : now;
  if (settings.mode == MailMode::kDigest) due = NextLocal(now, settings.digest_at);
  return AfterQuiet(settings.quiet, due);
}

void Notices::NoteMail(const std::string& person, Timestamp at, Timestamp now, Noted& noted) const {
  const std::string key = KeyOf(person);
  const auto settings = settings_.find(key);
  if (settings == settings_.end() || settings->second.mode == MailMode::kNone || noted.mails.contains(key)) return;
  const auto before = mails_.find(key);
  MailRow row = before == mails_.end() ? MailRow{} : before->second;
  if (row.since) return;  // One waits already.
  row.person = settings->second.person;
  row.since = at;
  row.attempts = 0;
  row.due_at = DueOf(settings->second, row.sent_at, now);
  noted.mails[key] = std::move(row);
}

// One more than the last of those that wait, so that they leave in the order in which they were noted.
std::uint64_t Notices::NextNumber(const WebhookId& id, const Noted& noted) const {
  std::uint64_t last = 0;
  for (const auto* messages : {&messages_, &noted.messages}) {
    const auto after = messages->upper_bound({id, std::numeric_limits<std::uint64_t>::max()});
    if (after != messages->begin() && std::prev(after)->first.first == id) {
      last = std::max(last, std::prev(after)->first.second);
    }
  }
  return last + 1;
}

void Notices::NoteHooks(const HookRow& what, std::optional<Kind> kind, Noted& noted) const {
  if (!options_.webhooks) return;
  for (const auto& [id, webhook] : webhooks_) {
    const bool wants = !kind || webhook.kinds.empty() || webhook.kinds.contains(*kind);
    if (!wants || webhook.gone) continue;
    auto [waiting, fresh] = noted.waiting.try_emplace(id, 0);
    if (fresh) {
      const auto end = messages_.upper_bound({id, std::numeric_limits<std::uint64_t>::max()});
      waiting->second = static_cast<std::size_t>(std::distance(messages_.lower_bound({id, 0}), end));
    }
    if (waiting->second >= kMessagesMax) {
      noted.full = true;
      continue;
    }
    ++waiting->second;
    HookRow row = what;
    row.webhook = id;
    row.number = NextNumber(id, noted);
    random_.Fill(row.message);
    noted.messages[{id, row.number}] = row;
  }
}

void Notices::AddRows(const Noted& noted, Rows& rows) {
  for (const auto& [key, row] : noted.mails) rows.push_back({kMailSet, PersonRow(row.person), Encode(row)});
  for (const auto& [key, row] : noted.messages) {
    rows.push_back({kHookSet, MessageKey(key.first, key.second), Encode(row)});
  }
}

void Notices::Count(Noted noted) {
  for (auto& [key, row] : noted.mails) mails_[key] = std::move(row);
  messages_.merge(noted.messages);
}

Result<bool> Notices::ReachesByMail(const std::string& person) {
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(FollowNames());
  const NoticeSettings* chosen = ChosenBy(person);
  return options_.mail && chosen != nullptr && chosen->mode != MailMode::kNone;
}

// Also in the place of one that waits for an hour that is not quiet.
void Notices::NoteUrgentMail(const std::string& person, Timestamp now, Noted& noted) const {
  const std::string key = KeyOf(person);
  const auto settings = settings_.find(key);
  if (settings == settings_.end() || settings->second.mode == MailMode::kNone) return;
  const auto before = mails_.find(key);
  MailRow row = before == mails_.end() ? MailRow{} : before->second;
  row.person = settings->second.person;
  if (!row.since) row.since = now;
  row.attempts = 0;
  row.due_at = now;
  row.urgent = true;
  noted.mails[key] = std::move(row);
}

Status Notices::TakeUrgent() {
  if (urgent_ == nullptr) return {};
  bool full = false;
  SCHAKEL_TRY(urgent_->Tell([&](const std::vector<UrgentSource::Call>& calls, const Rows& told) -> Status {
    const Timestamp now = clock_.Now();
    Noted noted;
    std::lock_guard lock(mutex_);
    SCHAKEL_TRY(FollowNames());
    for (const UrgentSource::Call& call : calls) {
      for (const std::string& person : call.people) NoteUrgentMail(person, now, noted);
      NoteHooks(call.message, std::nullopt, noted);
    }
    Rows rows = told;
    AddRows(noted, rows);
    SCHAKEL_TRY(engine_.Keep(rows));
    full = noted.full;
    Count(std::move(noted));
    return {};
  }));
  return full ? GiveUp("webhooks.full", {}) : Status();
}

// No record comes when a day passes: looked at whenever there is something to do, and now and again.
Status Notices::TakeLate() {
  const Timestamp now = clock_.Now();
  const Timestamp since = [this] {
    std::lock_guard lock(mutex_);
    return late_;
  }();
  if (now <= since) return {};
  SCHAKEL_ASSIGN(const auto late, following_.LateBetween(since, now));
  Noted noted;
  {
    std::lock_guard lock(mutex_);
    SCHAKEL_TRY(FollowNames());
    for (const std::string& person : late.people) NoteMail(person, now, now, noted);
    for (const std::string& person : late.people) {
      const auto waits = mails_.find(KeyOf(person));
      // One that waits already leaves now for sure.
      if (waits != mails_.end() && waits->second.since) noted.mails.try_emplace(waits->first, waits->second);
    }
    for (auto& [key, row] : noted.mails) row.late = true;
    for (const auto& question : late.questions) {
      HookRow row;
      row.what = HookRow::What::kAnswerLate;
      if (question.trajectory) row.trajectory = *question.trajectory;
      row.record = question.id;
      row.at = question.due_by;
      NoteHooks(row, Kind::kQuestion, noted);
    }
    if (!noted.empty()) {
      Rows rows = {{kStateSet, kLateUpTo, EncodeMoment(now)}};
      AddRows(noted, rows);
      SCHAKEL_TRY(engine_.Keep(rows));
    }
    late_ = now;
    Count(noted);
  }
  return noted.full ? GiveUp("webhooks.full", {}) : Status();
}

Status Notices::Take() {
  SCHAKEL_TRY(TakeUrgent());
  SCHAKEL_TRY(TakeLate());
  std::set<RecordId> came;
  {
    std::lock_guard lock(pending_->mutex);
    came.swap(pending_->records);
  }
  auto taken = Take(came);
  if (taken) return taken;
  std::lock_guard lock(pending_->mutex);
  pending_->records.merge(came);
  return taken;
}

Status Notices::Take(const std::set<RecordId>& came) {
  struct Arrival {
    HeldRecord held;
    Kind told_as;
    std::vector<std::string> people;
    std::vector<std::string>
        at_once;  // Who is on duty, of a crisis: whatever they chose of when, and whom they follow.
  };
  std::vector<Arrival> arrivals;
  for (const RecordId& id : came) {
    auto held = engine_.Find(id);
    if (!held || held->state != RecordState::kReceived || !IsTold(held->header.kind)) continue;
    SCHAKEL_ASSIGN(auto people, following_.WhomToTell(held->header.trajectory, held->header.kind));
    std::vector<std::string> at_once;
    if (IsCrisis(engine_, *held)) {
      SCHAKEL_ASSIGN(at_once, OnDutyAt(engine_, clock_.Now()));
    }
    const Kind told_as = ToldAs(engine_, *held);
    arrivals.push_back({std::move(*held), told_as, std::move(people), std::move(at_once)});
  }
  std::ranges::sort(arrivals, {}, [](const Arrival& one) { return one.held.position; });
  const Timestamp now = clock_.Now();
  Noted noted;
  {
    std::lock_guard lock(mutex_);
    SCHAKEL_TRY(FollowNames());
    FeedPosition last = taken_;
    for (const Arrival& one : arrivals) {
      if (one.held.position <= last) continue;
      last = one.held.position;
      for (const std::string& person : one.people) NoteMail(person, one.held.at, now, noted);
      for (const std::string& person : one.at_once) {
        NoteMail(person, one.held.at, now, noted);
        const auto waits = mails_.find(KeyOf(person));
        if (waits != mails_.end() && waits->second.since) noted.mails.try_emplace(waits->first, waits->second);
        const auto mail = noted.mails.find(KeyOf(person));
        if (mail == noted.mails.end()) continue;  // They want none.
        mail->second.late = true;
        mail->second.due_at = now;
      }
      HookRow row;
      row.trajectory = one.held.header.trajectory;
      row.record = one.held.header.id;
      row.at = one.held.at;
      NoteHooks(row, one.told_as, noted);
    }
    if (last == taken_) return {};
    Rows rows = {{kStateSet, kTakenUpTo, EncodePosition(last)}};
    AddRows(noted, rows);
    SCHAKEL_TRY(engine_.Keep(rows));
    taken_ = last;
    Count(noted);
  }
  return noted.full ? GiveUp("webhooks.full", {}) : Status();
}

Result<std::vector<Notices::Job>> Notices::Due() {
  const Timestamp now = clock_.Now();
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(FollowNames());
  std::vector<Job> due;
  for (const auto& [person, row] : mails_) {
    if (options_.mail && row.since && row.due_at <= now) due.emplace_back(row);
  }
  for (const auto& [id, webhook] : webhooks_) {
    if (!options_.webhooks || webhook.next_at > now) continue;
    const auto first = messages_.lower_bound({id, 0});
    if (first != messages_.end() && first->first.first == id) due.emplace_back(first->second);
  }
  return due;
}

std::optional<Timestamp> Notices::NextDue() const {
  std::optional<Timestamp> next = urgent_ == nullptr ? std::nullopt : urgent_->NextAt();
  std::lock_guard lock(mutex_);
  const auto take = [&](Timestamp at) { next = next ? std::min(*next, at) : at; };
  for (const auto& [person, row] : mails_) {
    if (options_.mail && row.since) take(row.due_at);
  }
  for (const auto& [id, webhook] : webhooks_) {
    const auto first = messages_.lower_bound({id, 0});
    if (options_.webhooks && first != messages_.end() && first->first.first == id) take(webhook.next_at);
  }
  return next;
}

std::optional<std::variant<Mail, HookMessage>> Notices::LetterFor(const Job& job) const {
  if (const auto* row = std::get_if<MailRow>(&job)) {
    NoticeSettings settings;
    {
      std::lock_guard lock(mutex_);
      if (const NoticeSettings* chosen = ChosenBy(row->person)) settings = *chosen;
    }
    if (settings.mode == MailMode::kNone || is_gone_(settings.person)) return std::nullopt;
    if (row->urgent) return Mail{settings.address, settings.language, true};
    const auto news = following_.HasNews(settings.person);
    if (news && !*news && !row->late) return std::nullopt;
    return Mail{settings.address, settings.language};
  }
  const auto& row = std::get<HookRow>(job);
  std::lock_guard lock(mutex_);
  const auto webhook = webhooks_.find(row.webhook);
  if (webhook == webhooks_.end() || webhook->second.gone) return std::nullopt;
  // Erased since: not even its ids leave any more.
  if (!IsOfVisit(row.what) && !engine_.Find(row.record)) return std::nullopt;
  return HookMessage{webhook->second.url, webhook->second.secret, "msg_" + ToHex(row.message), HookBody(row)};
}

Status Notices::Done(const Job& job, Carried carried) {
  if (const auto* row = std::get_if<MailRow>(&job)) return Done(*row, carried);
  return Done(std::get<HookRow>(job), carried);
}

Status Notices::Done(MailRow row, Carried carried) {
  const Timestamp now = clock_.Now();
  const bool given_up = carried == Carried::kFailed && row.since && now - *row.since >= kGivenUpAfter;
  if (carried == Carried::kDelivered) row.sent_at = now;
  {
    std::lock_guard lock(mutex_);
    SCHAKEL_TRY(FollowNames());
    row.person = names_.Now(row.person);
    if (carried == Carried::kFailed && !given_up) {
      const NoticeSettings* chosen = ChosenBy(row.person);
      const std::optional<QuietHours> quiet = chosen == nullptr ? std::nullopt : chosen->quiet;
      row.due_at = RetryAt(now, ++row.attempts);
      if (!row.urgent) row.due_at = AfterQuiet(quiet, row.due_at);
    } else {
      row.since.reset();
      row.attempts = 0;
      row.late = false;
      row.urgent = false;
    }
    SCHAKEL_TRY(engine_.Keep({{kMailSet, PersonRow(row.person), Encode(row)}}));
    mails_[PersonKey(row.person)] = row;
  }
  return given_up ? GiveUp("notices.given_up", {}) : Status();
}

Status Notices::Done(const HookRow& row, Carried carried) {
  const Timestamp now = clock_.Now();
  bool given_up = false;
  {
    std::lock_guard lock(mutex_);
    const auto found = webhooks_.find(row.webhook);
    if (found == webhooks_.end()) return {};  // Removed meanwhile, with all that waited for it.
    Webhook webhook = found->second;
    if (carried == Carried::kFailed) {
      given_up = now - row.at >= kGivenUpAfter;
      webhook.next_at = RetryAt(now, ++webhook.failures);
    } else if (carried != Carried::kNotNeeded) {
      webhook.failures = 0;
      webhook.next_at = {};
      webhook.gone = carried == Carried::kGone;
    }
    Rows rows = {{kWebhookSet, ToText(webhook.id), Encode(webhook)}};
    const auto begin = messages_.lower_bound({webhook.id, 0});
    auto end = begin;
    for (; end != messages_.end() && end->first.first == webhook.id; ++end) {
      const bool this_one = end->second.number == row.number && carried != Carried::kFailed;
      const bool too_old = given_up && now - end->second.at >= kGivenUpAfter;
      if (!this_one && !too_old && !webhook.gone) break;
      rows.push_back({kHookSet, MessageKey(webhook.id, end->first.second), std::nullopt});
    }
    SCHAKEL_TRY(engine_.Keep(rows));
    messages_.erase(begin, end);
    found->second = webhook;
  }
  if (carried == Carried::kGone) return GiveUp("webhooks.gone", ToText(row.webhook));
  return given_up ? GiveUp("webhooks.given_up", ToText(row.webhook)) : Status();
}

Status Notices::GiveUp(const char* rule, const std::string& field) {
  return engine_.Alert({Code::kUnavailable, rule, field, "see which webhooks there are, and why they do not answer"});
}

}  // namespace schakel
