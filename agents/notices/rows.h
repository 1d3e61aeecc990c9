// What notices keep in the vault: who wants to be told how, and what is still to be told. Sealed, one row each.
//
// Threads: pure. Errors of decoding: kCorrupt or kVersion ("vault.row").
#pragma once

#include <optional>
#include <set>
#include <string>

#include "notices/quiet.h"
#include "protocol/ids.h"
#include "protocol/vocabulary.h"

namespace schakel {

inline constexpr std::size_t kUrlBytesMax = 2000;  // Of a webhook.

enum class MailMode : std::uint8_t { kNone = 1, kImmediate, kDigest };
inline constexpr MailMode kMailModeLast = MailMode::kDigest;
std::string_view Slug(MailMode value);
Result<MailMode> ParseMailMode(std::string_view slug);  // kInvalid ("vocabulary.mail").

struct NoticeSettings {
  std::string person;  // As in Person::name.
  MailMode mode = MailMode::kNone;
  std::string address;
  std::chrono::minutes digest_at{8 * 60};
  std::optional<QuietHours> quiet;
  Language language = Language::kDutch;
  friend bool operator==(const NoticeSettings&, const NoticeSettings&) = default;
};
// kInvalid ("notices.address").
Status CheckMailAddress(std::string_view address);

// The one mail that waits for a person, if any, and when the last one left.
struct MailRow {
  std::string person;
  std::optional<Timestamp> since;  // Of the oldest change that it would tell of; none: nothing waits.
  Timestamp due_at;
  std::uint64_t attempts = 0;
  std::optional<Timestamp> sent_at;
  bool late = false;    // An answer is late: it leaves, also if that person has looked.
  bool urgent = false;  // Somebody's safety: likewise, and whatever hours that person keeps quiet.
  friend bool operator==(const MailRow&, const MailRow&) = default;
};

using WebhookId = StrongId<struct WebhookIdTag, Id128>;
struct Webhook {
  WebhookId id;
  std::string url;
  Bytes secret;
  std::set<Kind> kinds;  // None: all of them.
  Timestamp created_at;
  bool gone = false;           // Its receiver said that it wants no more.
  std::uint64_t failures = 0;  // Since the last success.
  Timestamp next_at;           // Not before this.
  friend bool operator==(const Webhook&, const Webhook&) = default;
};

// One message for one webhook.
struct HookRow {
  enum class What : std::uint8_t {
    kReceived = 1,    // A record came in.
    kAnswerLate,      // The day passed by which a question of ours was to be answered: `record`, and `at` that day.
    kVisitOverdue,    // Who visits a home did not check out: `record` is the id of the visit, and `at` by when.
    kVisitEscalated,  // Likewise, and nobody has said since that they are safe.
  };
  What what = What::kReceived;
  WebhookId webhook;
  std::uint64_t number = 0;  // Among those of that webhook.
  Id128 message{};           // The same at each attempt, so that the receiver knows it again.
  TrajectoryId trajectory;   // None: of an anonymous question.
  RecordId record;
  Timestamp at;
  friend bool operator==(const HookRow&, const HookRow&) = default;
};

inline bool IsOfVisit(HookRow::What what) {
  return what == HookRow::What::kVisitOverdue || what == HookRow::What::kVisitEscalated;
}

Bytes Encode(const NoticeSettings& settings);
Bytes Encode(const MailRow& row);
Bytes Encode(const Webhook& webhook);
Bytes Encode(const HookRow& row);
Result<NoticeSettings> DecodeNoticeSettings(ByteView bytes);
Result<MailRow> DecodeMailRow(ByteView bytes);
Result<Webhook> DecodeWebhook(ByteView bytes);
Result<HookRow> DecodeHookRow(ByteView bytes);

}  // namespace schakel
