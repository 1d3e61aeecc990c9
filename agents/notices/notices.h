// Whom to tell that something waits, how, and when: the people who follow a trajectory by mail, programs of the
// organisation by webhooks. What is to be told is a row in the vault before it is told, and goes when it was.
//
// A mail says that something waits, and nothing else; one waits for a person at a time, and it goes unsent if they have
// looked by then. A webhook says the ids. Told is what came from other organisations, and that an answer is late.
// What somebody chose and what waits for them is their account's, whatever it is called since (former_names.h).
// Threads:    any; one at a time takes what Due() yields.
// Durability: what came is noted in the same commit as how far the feed was read, so that a crash loses none of it;
// after
//             one a message may go twice, under the same id.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "agents/following.h"
#include "agents/former_names.h"
#include "agents/notice_options.h"
#include "notices/courier.h"
#include "notices/rows.h"

namespace schakel {

struct NoticeOptions {
  std::optional<MailOptions> mail = {};
  std::optional<WebhookOptions> webhooks = {};
  std::string public_url = {};
};

// What has to be told at once, whatever hours people keep quiet: somebody's safety.
class UrgentSource {
 public:
  struct Call {
    std::vector<std::string> people;  // By mail, those who chose to be told so.
    HookRow message;                  // To every webhook, whatever kinds of records it wants.
  };
  using Keep = std::function<Status(const std::vector<Call>& calls, const std::vector<Engine::KeptRow>& rows)>;
  virtual ~UrgentSource() = default;
  // Shows `keep` what is to be told now, if anything, with rows that say that it was told: both are kept together.
  virtual Status Tell(const Keep& keep) = 0;
  virtual std::optional<Timestamp> NextAt() const = 0;  // When there will be something next; none: nothing is known of.
};

class Notices {
 public:
  static constexpr const char* kSettingsSet = "notices.settings";
  static constexpr const char* kMailSet = "notices.mail";
  static constexpr const char* kWebhookSet = "notices.webhooks";
  static constexpr const char* kHookSet = "notices.messages";
  static constexpr const char* kStateSet = "notices.state";
  static constexpr std::chrono::minutes kBetweenMails{15};
  static constexpr std::chrono::seconds kFirstRetry{30};
  static constexpr std::chrono::hours kLastRetry{6};
  static constexpr std::chrono::days kGivenUpAfter{3};
  static constexpr std::size_t kWebhooksMax = 20;
  static constexpr std::size_t kMessagesMax = 10'000;  // That wait for one webhook.

  // `is_gone`: whether that person is one of ours no longer. All that is referred to outlives it.
  Notices(Engine& engine, FollowService& following, const Clock& clock, Random& random, NoticeOptions options,
          std::function<bool(const std::string& person)> is_gone);
  ~Notices();
  Notices(const Notices&) = delete;
  Notices& operator=(const Notices&) = delete;
  // Once, before all else. Of what came before there was any way to tell, nothing is told.
  Status Load();

  const NoticeOptions& options() const { return options_; }

  // ---- What people choose ----
  Result<NoticeSettings> SettingsOf(const std::string& person);
  Result<bool> HasSettings(const std::string& person);
  // kInvalid ("notices.address"); kConflict ("notices.no_mail"): no mail server is configured.
  Status Choose(const NoticeSettings& settings);

  // ---- What administrators set up ----
  // With its secret. kInvalid ("webhooks.url", "webhooks.private"); kConflict ("webhooks.off"): not configured; kLimit
  // ("webhooks.many").
  Result<Webhook> AddWebhook(const std::string& url, const std::set<Kind>& kinds);
  Status RemoveWebhook(const WebhookId& id);  // kNotFound ("webhooks.unknown"). What waits for it goes with it.
  struct WebhookState {
    Webhook webhook;
    std::size_t waiting = 0;
  };
  std::vector<WebhookState> Webhooks() const;  // The oldest first.

  // ---- The work ----
  Status Take();  // Notes what came since.
  using Job = std::variant<MailRow, HookRow>;
  // What may leave now: of a webhook its oldest message alone.
  Result<std::vector<Job>> Due();
  std::optional<Timestamp> NextDue() const;  // None: nothing waits.
  // Nothing: it is no longer to be told.
  std::optional<std::variant<Mail, HookMessage>> LetterFor(const Job& job) const;
  Status Done(const Job& job, Carried carried);
  // Before the work begins. It outlives this.
  void AlsoTellOf(UrgentSource* source) { urgent_ = source; }
  // Whether a mail would reach that person at once.
  Result<bool> ReachesByMail(const std::string& person);
  // Called after something came that may be to be told, from the engine's thread: return quickly.
  void OnNews(std::function<void()> news);

 private:
  using HookKey = std::pair<WebhookId, std::uint64_t>;
  using Rows = std::vector<Engine::KeptRow>;

  Timestamp DueOf(const NoticeSettings& settings, const std::optional<Timestamp>& sent_at, Timestamp now) const;
  struct Noted {  // What is to be kept, and counts once it is.
    std::map<std::string, MailRow> mails;
    std::map<HookKey, HookRow> messages;
    std::map<WebhookId, std::size_t> waiting;  // Before and after.
    bool empty() const { return mails.empty() && messages.empty(); }
    bool full = false;
  };
  // With the lock held: what is of somebody who is called otherwise since goes under that name.
  Status FollowNames();
  std::string KeyOf(const std::string& person) const;  // Likewise, as of the last FollowNames.
  const NoticeSettings* ChosenBy(const std::string& person) const;
  Status TakeLate();
  Status TakeUrgent();
  void NoteUrgentMail(const std::string& person, Timestamp now, Noted& noted) const;
  void NoteMail(const std::string& person, Timestamp at, Timestamp now, Noted& noted) const;
  // For each webhook that wants `kind`: `row`, which says what of.
  void NoteHooks(const HookRow& row, std::optional<Kind> kind, Noted& noted) const;  // None: whatever it wants.
  std::uint64_t NextNumber(const WebhookId& id, const Noted& noted) const;
  static void AddRows(const Noted& noted, Rows& rows);
  void Count(Noted noted);  // It was kept.
  Status Take(const std::set<RecordId>& came);
  Status Done(MailRow row, Carried carried);
  Status Done(const HookRow& row, Carried carried);
  Status GiveUp(const char* rule, const std::string& field);

  Engine& engine_;
  FollowService& following_;
  const Clock& clock_;
  Random& random_;
  const NoticeOptions options_;
  const std::function<bool(const std::string&)> is_gone_;
  UrgentSource* urgent_ = nullptr;
  struct Pending;
  const std::shared_ptr<Pending> pending_;
  Engine::Subscription subscription_;
  mutable std::mutex mutex_;  // Over what follows; rows are written while it is held, in the order of what they say.
  Timestamp late_;            // Up to when it was noted whose answers are late.
  FeedPosition taken_;        // Up to where what came was noted.
  FormerNames names_;         // As of the last FollowNames.
  std::map<std::string, NoticeSettings> settings_;
  std::map<std::string, MailRow> mails_;
  std::map<WebhookId, Webhook> webhooks_;
  std::map<HookKey, HookRow> messages_;
};

}  // namespace schakel
