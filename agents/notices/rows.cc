#include "notices/rows.h"

#include <algorithm>

#include "optional_time.h"
#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::uint64_t kNoticeVersion = 1;
constexpr std::size_t kReceiverBytesMax = 200;
constexpr std::size_t kAddressBytesMax = 254;
constexpr std::size_t kSecretBytesMax = 64;
constexpr std::uint64_t kDayMinutes = 24 * 60;

void PutMinute(Encoder& to, std::chrono::minutes minute) { to.Uint(static_cast<std::uint64_t>(minute.count())); }
std::chrono::minutes TakeMinute(Decoder& from, const char* field) {
  return std::chrono::minutes(static_cast<std::int64_t>(from.Uint(field, kDayMinutes - 1)));
}

// Of a row of `fields` fields, its version included.
Status Begin(Decoder& from, std::size_t fields) {
  from.Array(fields, "notice");
  if (from.Uint("notice.version") != kNoticeVersion) return Fail(Code::kVersion, "vault.row", "notice");
  return {};
}
// Of one of `fields` fields, or of one more, which was added to it since. True: of one more.
Result<bool> BeginLonger(Decoder& from, std::size_t fields) {
  const bool longer = from.ArrayBetween(fields, fields + 1, "notice") == fields + 1;
  if (from.Uint("notice.version") != kNoticeVersion) return Fail(Code::kVersion, "vault.row", "notice");
  return longer;
}
template <typename T>
Result<T> Finished(Decoder& from, T row) {
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "notice");
  return row;
}

bool IsOfDomain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}
bool IsOfLocalPart(char c) {
  return IsOfDomain(c) || std::string_view("!#$%&'*+/=?^_`{|}~").find(c) != std::string_view::npos;
}

}  // namespace

std::string_view Slug(MailMode value) {
  switch (value) {
    case MailMode::kNone:
      return "none";
    case MailMode::kImmediate:
      return "immediate";
    case MailMode::kDigest:
      return "digest";
  }
  return "unknown";
}

Result<MailMode> ParseMailMode(std::string_view slug) {
  for (const MailMode mode : {MailMode::kNone, MailMode::kImmediate, MailMode::kDigest}) {
    if (Slug(mode) == slug) return mode;
  }
  return Fail(Code::kInvalid, "vocabulary.mail", {}, "choose one of: none, immediate, digest");
}

Status CheckMailAddress(std::string_view address) {
  const std::size_t at = address.find('@');
  const auto bad = [] { return Fail(Code::kInvalid, "notices.address", "address", "write it as name@example.org"); };
  if (at == std::string_view::npos || address.size() > kAddressBytesMax) return bad();
  const std::string_view local = address.substr(0, at);
  const std::string_view domain = address.substr(at + 1);
  if (local.empty() || local.size() > 64 || domain.empty()) return bad();
  if (!std::ranges::all_of(local, &IsOfLocalPart) || !std::ranges::all_of(domain, &IsOfDomain)) return bad();
  const auto dots_well = [](std::string_view part) {
    return !part.starts_with('.') && !part.ends_with('.') && part.find("..") == std::string_view::npos;
  };
  // A name that begins so would be an option, somewhere on its way.
  if (local.starts_with('-') || !dots_well(local) || !dots_well(domain)) return bad();
  return {};
}

Bytes Encode(const NoticeSettings& settings) {
  Encoder to;
  to.Array(9).Uint(kNoticeVersion).Text(settings.person).Enum(settings.mode).Text(settings.address);
  PutMinute(to, settings.digest_at);
  if (settings.quiet) {
    PutMinute(to, settings.quiet->from);
    PutMinute(to, settings.quiet->until);
  } else {
    to.Nil().Nil();
  }
  to.Bool(settings.language == Language::kEnglish).Enum(settings.language);
  return to.Take();
}

Result<NoticeSettings> DecodeNoticeSettings(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_ASSIGN(const bool names_language, BeginLonger(from, 8));
  NoticeSettings settings;
  settings.person = from.Text("notice.person", kReceiverBytesMax);
  settings.mode = from.Enum("notice.mode", MailMode::kNone, kMailModeLast);
  settings.address = from.Text("notice.address", kAddressBytesMax);
  settings.digest_at = TakeMinute(from, "notice.digest");
  if (from.Nil()) {
    if (!from.Nil()) return Fail(Code::kCorrupt, "vault.row", "notice");
  } else {
    settings.quiet.emplace();
    settings.quiet->from = TakeMinute(from, "notice.quiet");
    settings.quiet->until = TakeMinute(from, "notice.quiet");
  }
  settings.language = from.Bool("notice.language") ? Language::kEnglish : Language::kDutch;
  if (names_language) settings.language = from.Enum("notice.language", Language::kDutch, kLanguageLast);
  return Finished(from, std::move(settings));
}

Bytes Encode(const MailRow& row) {
  Encoder to;
  to.Array(row.urgent ? 8 : row.late ? 7 : 6).Uint(kNoticeVersion).Text(row.person);
  PutTime(to, row.since);
  to.Time(row.due_at).Uint(row.attempts);
  PutTime(to, row.sent_at);
  if (row.late || row.urgent) to.Bool(row.late);
  if (row.urgent) to.Bool(true);
  return to.Take();
}

Result<MailRow> DecodeMailRow(ByteView bytes) {
  Decoder from(bytes);
  const std::size_t fields = from.ArrayBetween(6, 8, "notice");
  if (from.Uint("notice.version") != kNoticeVersion) return Fail(Code::kVersion, "vault.row", "notice");
  MailRow row;
  row.person = from.Text("notice.person", kReceiverBytesMax);
  row.since = TakeTime(from, "notice.since");
  row.due_at = from.Time("notice.due");
  row.attempts = from.Uint("notice.attempts");
  row.sent_at = TakeTime(from, "notice.sent");
  if (fields > 6) row.late = from.Bool("notice.late");
  if (fields > 7) row.urgent = from.Bool("notice.urgent");
  return Finished(from, std::move(row));
}

Bytes Encode(const Webhook& webhook) {
  Encoder to;
  to.Array(9).Uint(kNoticeVersion).Id(webhook.id).Text(webhook.url).Binary(webhook.secret);
  to.Array(webhook.kinds.size());
  for (const Kind kind : webhook.kinds) to.Uint(static_cast<std::uint64_t>(kind));
  to.Time(webhook.created_at).Bool(webhook.gone).Uint(webhook.failures).Time(webhook.next_at);
  return to.Take();
}

Result<Webhook> DecodeWebhook(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_TRY(Begin(from, 9));
  Webhook webhook;
  webhook.id = from.ReadId<WebhookId>("notice.webhook");
  webhook.url = from.Text("notice.url", kUrlBytesMax);
  webhook.secret = ToBytes(from.Binary("notice.secret", kSecretBytesMax));
  const std::size_t kinds = from.ArrayBetween(0, kKindMax, "notice.kinds");
  for (std::size_t i = 0; i < kinds; ++i) webhook.kinds.insert(static_cast<Kind>(from.Uint("notice.kinds", kKindMax)));
  webhook.created_at = from.Time("notice.created");
  webhook.gone = from.Bool("notice.gone");
  webhook.failures = from.Uint("notice.failures");
  webhook.next_at = from.Time("notice.next");
  return Finished(from, std::move(webhook));
}

Bytes Encode(const HookRow& row) {
  const bool received = row.what == HookRow::What::kReceived;
  Encoder to;
  to.Array(received ? 7 : 8)
      .Uint(kNoticeVersion)
      .Id(row.webhook)
      .Uint(row.number)
      .Binary(row.message)
      .Id(row.trajectory)
      .Id(row.record);
  to.Time(row.at);
  if (!received) to.Enum(row.what);
  return to.Take();
}

Result<HookRow> DecodeHookRow(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_ASSIGN(const bool says_what, BeginLonger(from, 7));
  HookRow row;
  row.webhook = from.ReadId<WebhookId>("notice.webhook");
  row.number = from.Uint("notice.number");
  row.message = from.Fixed<16>("notice.message");
  row.trajectory = from.ReadId<TrajectoryId>("notice.trajectory");
  row.record = from.ReadId<RecordId>("notice.record");
  row.at = from.Time("notice.at");
  if (says_what) row.what = from.Enum("notice.what", HookRow::What::kReceived, HookRow::What::kVisitEscalated);
  return Finished(from, row);
}

}  // namespace schakel
