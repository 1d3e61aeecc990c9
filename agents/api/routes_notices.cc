// How people are told that something waits, and programs by webhooks.
#include <algorithm>

#include "agents/i18n.h"
#include "local_time.h"
#include "router.h"

namespace schakel::notices_routes {
namespace {

Json SettingsView(const NoticeSettings& settings, const NoticeOptions& options) {
  return {{"mail", Slug(settings.mode)},
          {"address", settings.address},
          {"digest_at", LocalMinuteText(settings.digest_at)},
          {"language", Slug(settings.language)},
          {"quiet", settings.quiet ? Json(ToText(*settings.quiet)) : Json(nullptr)},
          {"possible", options.mail.has_value()}};
}

Result<Reply> ShowSettings(Call& call) {
  Notices& notices = call.desk.notices;
  SCHAKEL_ASSIGN(const NoticeSettings settings, notices.SettingsOf(call.caller.person.name));
  return Reply{.json = SettingsView(settings, notices.options())};
}

Result<Reply> Choose(Call& call) {
  Input input(call.body);
  SCHAKEL_ASSIGN(NoticeSettings settings, call.desk.notices.SettingsOf(call.caller.person.name));
  settings.address = input.Text("address");
  const std::string digest_at = input.Text("digest_at");
  const std::string quiet = input.Text("quiet");
  // What a table said of somebody who never chose stands; later it is the language in which they choose.
  SCHAKEL_ASSIGN(const bool chose, call.desk.notices.HasSettings(settings.person));
  const bool stands = chose && settings.mode == MailMode::kNone;
  const MailMode chosen = input.RequiredWord("mail", MailMode::kNone, &ParseMailMode);
  settings.language = input.Word("language", stands ? settings.language : call.language, &ParseLanguage);
  settings.mode = chosen;
  if (!digest_at.empty()) {
    const auto minute = ParseLocalMinute(digest_at);
    if (minute) settings.digest_at = *minute;
    if (!minute) input.Refuse(minute.error(), "digest_at");
  }
  settings.quiet.reset();
  if (!quiet.empty()) {
    const auto hours = ParseQuietHours(quiet);
    if (hours) settings.quiet = *hours;
    if (!hours) input.Refuse(hours.error(), "quiet");
  }
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(call.desk.notices.Choose(settings));
  return Reply{.json = SettingsView(settings, call.desk.notices.options())};
}

std::string_view StateOf(const Webhook& webhook) {
  return webhook.gone ? "gone" : webhook.failures > 0 ? "failing" : "well";
}

Json WebhookView(const Webhook& webhook, std::size_t waiting) {
  Json kinds = Json::array();
  for (const Kind kind : webhook.kinds) kinds.push_back(Slug(kind));
  return {{"id", ToText(webhook.id)},  {"url", webhook.url},
          {"kinds", std::move(kinds)}, {"created_at", ToText(webhook.created_at)},
          {"state", StateOf(webhook)}, {"waiting", waiting}};
}

Result<Reply> ListWebhooks(Call& call) {
  SCHAKEL_ASSIGN(const auto page, call.PageOf(call.desk.notices.Webhooks(),
                                              [](const Notices::WebhookState& one) { return ToText(one.webhook.id); }));
  Json list = Json::array();
  for (const Notices::WebhookState& one : page.items) list.push_back(WebhookView(one.webhook, one.waiting));
  return Reply{.json = {{"webhooks", std::move(list)}, {"next", page.next}}};
}

// The secret is shown here, and never again.
Result<Reply> AddWebhook(Call& call) {
  Input input(call.body);
  const std::string url = input.RequiredText("url");
  std::set<Kind> kinds;
  for (const Kind kind : input.Words<Kind>("kinds", &ParseKind)) kinds.insert(kind);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Webhook webhook, call.desk.notices.AddWebhook(url, kinds));
  return Reply{.status = 201, .json = {{"webhook", WebhookView(webhook, 0)}, {"secret", SecretText(webhook.secret)}}};
}

Result<WebhookId> WebhookOf(const Call& call) {
  const std::string& text = call.path.at("webhook");
  std::vector<WebhookId> like;
  for (const Notices::WebhookState& one : call.desk.notices.Webhooks()) {
    if (ToText(one.webhook.id).starts_with(text)) like.push_back(one.webhook.id);
  }
  if (text.size() < Cases::kAbbreviationMin) {
    return Fail(Code::kInvalid, "id.short", "webhook", "give the id, or its first 4 hex digits or more");
  }
  if (like.size() > 1) return Fail(Code::kConflict, "id.ambiguous", "webhook", "give more digits of the id");
  if (like.empty()) return Fail(Code::kNotFound, "webhooks.unknown", "webhook", "see which there are");
  return like.front();
}

Result<Reply> RemoveWebhook(Call& call) {
  Input input(call.body);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const WebhookId id, WebhookOf(call));
  SCHAKEL_TRY(call.desk.notices.RemoveWebhook(id));
  return Reply{.json = Json::object()};
}

const Route kRoutes[] = {
    {"GET", "/v1/notices", &ShowSettings},
    {"POST", "/v1/notices", &Choose},
    {"GET", "/v1/webhooks", &ListWebhooks, {"limit", "cursor"}},
    {"POST", "/v1/webhooks", &AddWebhook},
    {"POST", "/v1/webhooks/{webhook}/removal", &RemoveWebhook},
};

}  // namespace
}  // namespace schakel::notices_routes

namespace schakel {

std::span<const Route> NoticeRoutes() { return notices_routes::kRoutes; }

}  // namespace schakel
