// [mail] and [webhooks]: how people and programs are told that something waits.
#include <sys/stat.h>

#include <fstream>

#include "config_table.h"
#include "notices/rows.h"
#include "notices/webhook.h"

namespace schakel {
namespace {

bool IsServer(std::string_view url, bool plain) {
  const bool start_tls = url.starts_with("smtp://");
  if (!start_tls && (plain || !url.starts_with("smtps://"))) return false;
  // The same rules of host and port as for the address of a webhook; nothing behind them.
  const auto target = ParseHookUrl("https://" + std::string(url.substr(start_tls ? 7 : 8)));
  if (!target || url.find('/', 8) != std::string_view::npos || url.find_first_of("?#") != std::string_view::npos) {
    return false;
  }
  return !plain || target->host == "127.0.0.1" || target->host == "localhost" || target->host == "::1";
}

}  // namespace

Result<MailOptions> ReadMail(const toml::table& table, const std::filesystem::path& folder) {
  ConfigTable from(table, "mail.");
  for (const char* key : {"server", "from", "user", "password_file", "ca_file", "plain"}) from.Know(key);
  SCHAKEL_TRY(from.NoOthers());
  MailOptions mail;
  SCHAKEL_ASSIGN(mail.server, from.RequiredText("server"));
  SCHAKEL_ASSIGN(mail.from, from.RequiredText("from"));
  SCHAKEL_ASSIGN(mail.user, from.Text("user"));
  SCHAKEL_ASSIGN(const std::string password, from.Text("password_file"));
  SCHAKEL_ASSIGN(const std::string ca, from.Text("ca_file"));
  SCHAKEL_ASSIGN(mail.plain, from.Flag("plain", false));
  if (!password.empty()) mail.password_file = (folder / password).lexically_normal();
  if (!ca.empty()) mail.ca_file = (folder / ca).lexically_normal();
  if (!IsServer(mail.server, mail.plain)) {
    return Bad("config.range", "mail.server",
               mail.plain ? "without TLS to this machine alone: smtp://127.0.0.1:25"
                          : "give smtp://HOST:PORT (with STARTTLS) or smtps://HOST:PORT");
  }
  if (!CheckMailAddress(mail.from)) return Bad("config.range", "mail.from", "write it as name@example.org");
  if (mail.user.empty() != mail.password_file.empty()) {
    return Bad("config.missing", mail.user.empty() ? "mail.user" : "mail.password_file", "give both, or neither");
  }
  if (mail.plain && !mail.user.empty()) {
    return Bad("config.range", "mail.user", "leave it out: without TLS no password is sent");
  }
  return mail;
}

Result<WebhookOptions> ReadWebhooks(const toml::table& table) {
  ConfigTable from(table, "webhooks.");
  from.Know("private_targets");
  SCHAKEL_TRY(from.NoOthers());
  WebhookOptions webhooks;
  SCHAKEL_ASSIGN(const std::vector<std::string> targets, from.Texts("private_targets"));
  for (const std::string& text : targets) {
    const auto target = ParseHookUrl("https://" + text);
    // As it is compared later: with its port, and in lower case.
    if (!target || TargetText(*target) != text) {
      return Bad("config.range", "webhooks.private_targets", "write each as HOST:PORT, in lower case");
    }
    webhooks.private_targets.push_back(text);
  }
  return webhooks;
}

Result<std::string> MailPassword(const MailOptions& mail) {
  if (mail.user.empty()) return std::string();
  const auto bad = [&](const char* next) {
    return Fail(Code::kUnavailable, "mail.password", mail.password_file.string(), next);
  };
  struct stat status{};
  if (stat(mail.password_file.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
    return bad("let nobody else read it: chmod 600");
  }
  std::ifstream stream(mail.password_file);
  std::string line;
  if (!std::getline(stream, line) || line.empty()) return bad("put the password on its first line");
  return line;
}

}  // namespace schakel
